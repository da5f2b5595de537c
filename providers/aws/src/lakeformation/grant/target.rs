//! What a grant is about: the blocks of the configuration, the API's resource, and whether the one is the other.

use std::collections::BTreeSet;

use aws_sdk_lakeformation::types::{
    CatalogResource, ColumnWildcard, DataLakeResourceType, DataLocationResource, DatabaseResource, LfTag as TagValues,
    LfTagKeyResource, LfTagPolicyResource, Resource, ResourceType, TableResource, TableWildcard,
    TableWithColumnsResource,
};
use mesh_provider::{Block, Failure};

use super::Grant;
use crate::failure::incomplete;

/// How Lake Formation may name all tables of a database.
const ALL_TABLES: &str = "ALL_TABLES";

/// A place in S3 that is registered with `aws_lakeformation_resource`.
#[derive(Block, Clone, Debug, PartialEq, Eq)]
pub(crate) struct DataLocation {
    /// The ARN of the place.
    #[mesh(replace)]
    pub arn: String,
    /// The account whose catalog it is registered in.
    #[mesh(replace)]
    pub catalog_id: Option<String>,
}

/// A database.
#[derive(Block, Clone, Debug, PartialEq, Eq)]
pub(crate) struct Database {
    /// Its name.
    #[mesh(replace)]
    pub name: String,
    /// The account whose catalog it is in.
    #[mesh(replace)]
    pub catalog_id: Option<String>,
}

/// A table, or all tables of a database.
#[derive(Block, Clone, Debug, PartialEq, Eq)]
pub(crate) struct Table {
    /// The name of its database.
    #[mesh(replace)]
    pub database_name: String,
    /// Its name. Give either this or `wildcard`.
    #[mesh(replace)]
    pub name: Option<String>,
    /// Whether all tables of the database are meant.
    #[mesh(default = false, replace)]
    pub wildcard: bool,
    /// The account whose catalog it is in.
    #[mesh(replace)]
    pub catalog_id: Option<String>,
}

/// Columns of a table.
#[derive(Block, Clone, Debug, PartialEq, Eq)]
pub(crate) struct TableWithColumns {
    /// The name of the table's database.
    #[mesh(replace)]
    pub database_name: String,
    /// The name of the table.
    #[mesh(replace)]
    pub name: String,
    /// The names of the columns. Give either this or `wildcard`.
    #[mesh(replace)]
    pub column_names: Option<BTreeSet<String>>,
    /// Whether all columns are meant, but for `excluded_column_names`.
    #[mesh(default = false, replace)]
    pub wildcard: bool,
    /// With `wildcard`: the names of columns that are not meant.
    #[mesh(replace)]
    pub excluded_column_names: Option<BTreeSet<String>>,
    /// The account whose catalog it is in.
    #[mesh(replace)]
    pub catalog_id: Option<String>,
}

/// A tag of Lake Formation itself: who may see it, change it, and put it on things.
#[derive(Block, Clone, Debug, PartialEq, Eq)]
pub(crate) struct TagKey {
    /// Its key.
    #[mesh(replace)]
    pub key: String,
    /// Those of its values that are meant.
    #[mesh(replace)]
    pub values: BTreeSet<String>,
    /// The account whose catalog it is in.
    #[mesh(replace)]
    pub catalog_id: Option<String>,
}

/// All databases, or all tables, that carry tags.
#[derive(Block, Clone, Debug, PartialEq, Eq)]
pub(crate) struct TagPolicy {
    /// `DATABASE` or `TABLE`.
    #[mesh(replace)]
    pub resource_type: String,
    /// What they carry: one of the values of each.
    #[mesh(block, min = 1)]
    pub expression: BTreeSet<TagExpression>,
    /// The account whose catalog they are in.
    #[mesh(replace)]
    pub catalog_id: Option<String>,
}

/// A tag that something carries.
#[derive(Block, Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct TagExpression {
    /// Its key.
    #[mesh(replace)]
    pub key: String,
    /// Its values, of which any will do.
    #[mesh(replace)]
    pub values: BTreeSet<String>,
}

/// What one grant is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Target {
    Catalog,
    DataLocation(DataLocation),
    Database(Database),
    Table(Table),
    Columns(TableWithColumns),
    Tag(TagKey),
    TagPolicy(TagPolicy),
}

impl Target {
    /// What is written, of which there is exactly one.
    pub(super) fn of(grant: &Grant) -> Result<Self, Failure> {
        let written = grant.catalog_resource.then_some(Self::Catalog);
        let written = written
            .or_else(|| grant.data_location.clone().map(Self::DataLocation))
            .or_else(|| grant.database.clone().map(Self::Database))
            .or_else(|| grant.table.clone().map(Self::Table))
            .or_else(|| grant.table_with_columns.clone().map(Self::Columns))
            .or_else(|| grant.lf_tag.clone().map(Self::Tag))
            .or_else(|| grant.lf_tag_policy.clone().map(Self::TagPolicy));
        written.ok_or_else(|| Failure::new("Nothing to grant on", super::NO_TARGET))
    }

    /// Writes it into a grant that has none.
    pub(super) fn write(self, grant: &mut Grant) {
        match self {
            Self::Catalog => grant.catalog_resource = true,
            Self::DataLocation(place) => grant.data_location = Some(place),
            Self::Database(database) => grant.database = Some(database),
            Self::Table(table) => grant.table = Some(table),
            Self::Columns(columns) => grant.table_with_columns = Some(columns),
            Self::Tag(tag) => grant.lf_tag = Some(tag),
            Self::TagPolicy(policy) => grant.lf_tag_policy = Some(policy),
        }
    }

    /// The kind by which grants on such things are listed.
    pub(super) const fn kind(&self) -> DataLakeResourceType {
        match self {
            Self::Catalog => DataLakeResourceType::Catalog,
            Self::DataLocation(_) => DataLakeResourceType::DataLocation,
            Self::Database(_) => DataLakeResourceType::Database,
            Self::Table(_) | Self::Columns(_) => DataLakeResourceType::Table,
            Self::Tag(_) => DataLakeResourceType::LfTag,
            Self::TagPolicy(_) => DataLakeResourceType::LfTagPolicy,
        }
    }

    /// The resource to grant on.
    pub(super) fn resource(&self) -> Result<Resource, Failure> {
        let resource = Resource::builder();
        let resource = match self {
            Self::Catalog => resource.catalog(CatalogResource::builder().build()),
            Self::DataLocation(DataLocation { arn, catalog_id }) => {
                let place = DataLocationResource::builder().resource_arn(arn).set_catalog_id(catalog_id.clone());
                resource.data_location(place.build().map_err(incomplete)?)
            }
            Self::Database(Database { name, catalog_id }) => {
                let database = DatabaseResource::builder().name(name).set_catalog_id(catalog_id.clone());
                resource.database(database.build().map_err(incomplete)?)
            }
            Self::Table(Table { database_name, name, wildcard, catalog_id }) => {
                let table = TableResource::builder().database_name(database_name).set_name(name.clone());
                let table = table.set_table_wildcard(wildcard.then(|| TableWildcard::builder().build()));
                resource.table(table.set_catalog_id(catalog_id.clone()).build().map_err(incomplete)?)
            }
            Self::Columns(columns) => {
                let names = columns.column_names.as_ref().map(|names| names.iter().cloned().collect());
                let excluded = columns.excluded_column_names.as_ref().map(|names| names.iter().cloned().collect());
                let wildcard = ColumnWildcard::builder().set_excluded_column_names(excluded).build();
                let table = TableWithColumnsResource::builder()
                    .database_name(&columns.database_name)
                    .name(&columns.name)
                    .set_column_names(names)
                    .set_column_wildcard(columns.wildcard.then_some(wildcard))
                    .set_catalog_id(columns.catalog_id.clone());
                resource.table_with_columns(table.build().map_err(incomplete)?)
            }
            Self::Tag(TagKey { key, values, catalog_id }) => {
                let values = Some(values.iter().cloned().collect());
                let tag = LfTagKeyResource::builder().tag_key(key).set_tag_values(values);
                resource.lf_tag(tag.set_catalog_id(catalog_id.clone()).build().map_err(incomplete)?)
            }
            Self::TagPolicy(TagPolicy { resource_type, expression, catalog_id }) => {
                let tag = |tag: &TagExpression| {
                    let values = Some(tag.values.iter().cloned().collect());
                    TagValues::builder().tag_key(&tag.key).set_tag_values(values).build().map_err(incomplete)
                };
                let policy = LfTagPolicyResource::builder()
                    .resource_type(ResourceType::from(resource_type.as_str()))
                    .set_expression(Some(expression.iter().map(tag).collect::<Result<_, _>>()?))
                    .set_catalog_id(catalog_id.clone());
                resource.lf_tag_policy(policy.build().map_err(incomplete)?)
            }
        };
        Ok(resource.build())
    }

    /// The resource to list grants of. Those on columns are listed by their table.
    pub(super) fn listed_by(&self) -> Result<Resource, Failure> {
        let Self::Columns(columns) = self else { return self.resource() };
        let table = Table {
            database_name: columns.database_name.clone(),
            name: Some(columns.name.clone()),
            wildcard: false,
            catalog_id: columns.catalog_id.clone(),
        };
        Self::Table(table).resource()
    }

    /// Whether a listed resource is this one. What was granted in one piece may be listed in several: of a table, `SELECT`
    /// comes back as being about all of its columns.
    pub(super) fn is(&self, listed: &Resource) -> bool {
        match self {
            Self::Catalog => listed.catalog().is_some(),
            Self::DataLocation(place) => listed.data_location().is_some_and(|listed| {
                listed.resource_arn() == place.arn && same_catalog(place.catalog_id.as_ref(), listed.catalog_id())
            }),
            Self::Database(database) => listed.database().is_some_and(|listed| {
                same(listed.name(), &database.name) && same_catalog(database.catalog_id.as_ref(), listed.catalog_id())
            }),
            Self::Table(table) => is_table(table, listed),
            Self::Columns(columns) => listed.table_with_columns().is_some_and(|listed| is_columns(columns, listed)),
            Self::Tag(tag) => listed.lf_tag().is_some_and(|listed| {
                same(listed.tag_key(), &tag.key)
                    && folded(listed.tag_values()) == folded(&tag.values)
                    && same_catalog(tag.catalog_id.as_ref(), listed.catalog_id())
            }),
            Self::TagPolicy(policy) => listed.lf_tag_policy().is_some_and(|listed| {
                let there =
                    listed.expression().iter().map(|tag| (tag.tag_key().to_lowercase(), folded(tag.tag_values())));
                let ours = policy.expression.iter().map(|tag| (tag.key.to_lowercase(), folded(&tag.values)));
                listed.resource_type().as_str() == policy.resource_type
                    && there.collect::<BTreeSet<_>>() == ours.collect()
                    && same_catalog(policy.catalog_id.as_ref(), listed.catalog_id())
            }),
        }
    }
}

fn is_table(table: &Table, listed: &Resource) -> bool {
    let wanted = table.name.as_deref().unwrap_or(ALL_TABLES);
    let database = |name: &str, catalog: Option<&str>| {
        same(name, &table.database_name) && same_catalog(table.catalog_id.as_ref(), catalog)
    };
    let whole = listed.table().is_some_and(|listed| {
        let all = listed.table_wildcard().is_some() || listed.name() == Some(ALL_TABLES);
        let named = all && table.wildcard || !all && listed.name().is_some_and(|name| same(name, wanted));
        named && database(listed.database_name(), listed.catalog_id())
    });
    let by_columns = listed.table_with_columns().is_some_and(|listed| {
        let all = listed.column_wildcard().is_some_and(|wildcard| wildcard.excluded_column_names().is_empty());
        all && same(listed.name(), wanted) && database(listed.database_name(), listed.catalog_id())
    });
    whole || by_columns
}

fn is_columns(columns: &TableWithColumns, listed: &TableWithColumnsResource) -> bool {
    let names = |names: &Option<BTreeSet<String>>| names.as_ref().map(folded).unwrap_or_default();
    let selected = match listed.column_wildcard() {
        Some(all) => columns.wildcard && folded(all.excluded_column_names()) == names(&columns.excluded_column_names),
        None => !columns.wildcard && folded(listed.column_names()) == names(&columns.column_names),
    };
    selected
        && same(listed.name(), &columns.name)
        && same(listed.database_name(), &columns.database_name)
        && same_catalog(columns.catalog_id.as_ref(), listed.catalog_id())
}

/// Whether two names of the catalog are one: it folds letters to lower case.
fn same(one: &str, other: &str) -> bool {
    one.to_lowercase() == other.to_lowercase()
}

fn folded<'a>(names: impl IntoIterator<Item = &'a String>) -> BTreeSet<String> {
    names.into_iter().map(|name| name.to_lowercase()).collect()
}

/// Without a catalog, the account's own is meant, which is also the one that is listed.
fn same_catalog(written: Option<&String>, listed: Option<&str>) -> bool {
    written.is_none() || listed.is_none() || written.map(String::as_str) == listed
}
