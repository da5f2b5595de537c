//! A table as the configuration has it, and how it and what the catalog has become one another.

use aws_sdk_glue::types as glue;
use mesh_provider::{Block, Computed, Failure};

use super::super::number;
use super::super::shown::{self, Parameters};
use super::storage::{Column, StorageDescriptor};
use crate::failure::incomplete;

/// Where an Iceberg table stands, which every commit moves.
const ICEBERG_PLACE: &[&str] = &["metadata_location", "previous_metadata_location"];

/// A table of the catalog.
///
/// What engines keep among its parameters is not shown and stays, unless it is written: that it is an Iceberg table, and
/// when it was last changed. Where an Iceberg table stands stays too, even where it is written.
#[derive(Block, Clone, Debug, PartialEq, Eq)]
pub(crate) struct Table {
    /// Its name, in lower case: 1 to 255 characters.
    #[mesh(replace)]
    pub name: String,
    /// The database that it is in.
    #[mesh(replace)]
    pub database_name: String,
    /// The catalog that the database is in: the account's id where it is left out.
    #[mesh(optional, replace)]
    pub catalog_id: Computed<String>,
    /// What it holds.
    pub description: Option<String>,
    /// Whose it is.
    pub owner: Option<String>,
    /// How long its data is kept.
    pub retention: Option<i64>,
    /// Its kind, such as `EXTERNAL_TABLE` or `VIRTUAL_VIEW`.
    #[mesh(optional)]
    pub table_type: Computed<String>,
    /// Properties, as engines expect them, such as `classification`.
    pub parameters: Option<Parameters>,
    /// The columns that it is partitioned by.
    #[mesh(block)]
    pub partition_keys: Vec<Column>,
    /// Indexes of its partitions, at most 3.
    #[mesh(block, max = 3)]
    pub partition_index: Vec<PartitionIndex>,
    /// Where the data is, in which format, and with which columns.
    #[mesh(block)]
    pub storage_descriptor: Option<StorageDescriptor>,
    /// Of a view: what it was written as.
    pub view_original_text: Option<String>,
    /// Of a view: its whole text.
    pub view_expanded_text: Option<String>,
    /// The table that this one is a link to.
    #[mesh(block)]
    pub target_table: Option<TargetTable>,
    /// The open format that the table is made in. It only counts when the table is made.
    #[mesh(block)]
    pub open_table_format_input: Option<OpenTableFormat>,
    /// The catalog's id, the database's and the table's name, joined by `:`.
    pub id: Computed<String>,
    /// Its ARN.
    pub arn: Computed<String>,
}

/// An index of a table's partitions.
#[derive(Block, Clone, Debug, PartialEq, Eq)]
pub(crate) struct PartitionIndex {
    /// Its name.
    #[mesh(replace)]
    pub index_name: String,
    /// The partition keys that it is about.
    #[mesh(replace)]
    pub keys: Vec<String>,
    /// Whether it is `ACTIVE`.
    pub index_status: Computed<String>,
}

/// The table that a link leads to.
#[derive(Block, Clone, Debug, PartialEq, Eq)]
pub(crate) struct TargetTable {
    /// Its catalog's id.
    #[mesh(replace)]
    pub catalog_id: String,
    /// Its database's name.
    #[mesh(replace)]
    pub database_name: String,
    /// Its name.
    #[mesh(replace)]
    pub name: String,
    /// Its region, where it is another one.
    #[mesh(replace)]
    pub region: Option<String>,
}

/// The open format that a table is made in.
#[derive(Block, Clone, Debug, PartialEq, Eq)]
pub(crate) struct OpenTableFormat {
    /// Apache Iceberg.
    #[mesh(block)]
    pub iceberg_input: IcebergInput,
}

/// How an Iceberg table is made.
#[derive(Block, Clone, Debug, PartialEq, Eq)]
pub(crate) struct IcebergInput {
    /// What is done with the table's metadata: `CREATE`.
    #[mesh(replace)]
    pub metadata_operation: String,
    /// The version of the format.
    #[mesh(default = "2", replace)]
    pub version: String,
}

impl Table {
    /// One of which only the name is known.
    pub(super) fn blank(name: &str, database: &str, catalog: Option<&str>) -> Self {
        Self {
            name: name.to_owned(),
            database_name: database.to_owned(),
            catalog_id: catalog.map(str::to_owned).into(),
            description: None,
            owner: None,
            retention: None,
            table_type: Computed::Unknown,
            parameters: None,
            partition_keys: Vec::new(),
            partition_index: Vec::new(),
            storage_descriptor: None,
            view_original_text: None,
            view_expanded_text: None,
            target_table: None,
            open_table_format_input: None,
            id: Computed::Unknown,
            arn: Computed::Unknown,
        }
    }

    /// The table as the catalog has it. Indexes and the format that it was made in don't come with it.
    pub(super) fn seen(mut self, there: &glue::Table, arn: String) -> Self {
        self.description = shown::text(self.description.as_ref(), there.description());
        self.owner = shown::text(self.owner.as_ref(), there.owner());
        self.retention = shown::number(self.retention, there.retention());
        self.table_type = there.table_type().filter(|ty| !ty.is_empty()).map(str::to_owned).into();
        self.parameters = self.seen_parameters(there);
        self.partition_keys = Column::seen(&self.partition_keys, there.partition_keys());
        self.storage_descriptor = match (&self.storage_descriptor, there.storage_descriptor()) {
            // Of an Iceberg table whose columns are not written, the metadata says what they are.
            (None, Some(_)) if self.open_table_format_input.is_some() => None,
            (own, Some(storage)) => StorageDescriptor::seen(own.as_ref(), storage),
            (_, None) => None,
        };
        self.view_original_text = shown::text(self.view_original_text.as_ref(), there.view_original_text());
        self.view_expanded_text = shown::text(self.view_expanded_text.as_ref(), there.view_expanded_text());
        self.target_table = there.target_table().map(|target| TargetTable {
            catalog_id: target.catalog_id().unwrap_or_default().to_owned(),
            database_name: target.database_name().unwrap_or_default().to_owned(),
            name: target.name().unwrap_or_default().to_owned(),
            region: target.region().map(str::to_owned),
        });
        if let Some(catalog) = there.catalog_id() {
            self.catalog_id = Computed::Known(catalog.to_owned());
        }
        let catalog = self.catalog_id.known().map_or("", String::as_str);
        self.id = Computed::Known(format!("{catalog}:{}:{}", self.database_name, self.name));
        self.arn = Computed::Known(arn);
        self
    }

    /// The parameters without those that engines keep there.
    fn seen_parameters(&self, there: &glue::Table) -> Option<Parameters> {
        let own = |key: &String| self.parameters.as_ref().and_then(|own| own.get(key));
        let shown = there.parameters().into_iter().flatten().filter_map(|(key, value)| {
            let value = match own(key) {
                None if is_kept_by_engines(key, value) => return None,
                Some(own) if ICEBERG_PLACE.contains(&key.as_str()) => own,
                _ => value,
            };
            Some((key.clone(), value.clone()))
        });
        shown::map(self.parameters.as_ref(), Some(&shown.collect()))
    }

    /// Whether the table in the catalog is what this one is planned to be, as far as that is known.
    pub(super) fn is(&self, there: &glue::Table) -> bool {
        let seen = self.clone().seen(there, self.arn.known().cloned().unwrap_or_default());
        let known = |mine: &Computed<String>, theirs: &Computed<String>| match mine {
            Computed::Unknown => theirs.clone(),
            mine => mine.clone(),
        };
        let mine = Self {
            catalog_id: known(&self.catalog_id, &seen.catalog_id),
            table_type: known(&self.table_type, &seen.table_type),
            id: known(&self.id, &seen.id),
            arn: known(&self.arn, &seen.arn),
            ..self.clone()
        };
        mine == seen
    }

    /// The table as a request holds it. `before` is what it replaces, and what the catalog has at present.
    pub(super) fn input(&self, before: Option<(&Self, &glue::Table)>) -> Result<glue::TableInput, Failure> {
        let (prior, there) = before.unzip();
        let keys = there.map_or(&[][..], glue::Table::partition_keys);
        // A link to a table has no keys, not even an empty list of them.
        let keys = Some(Column::sent(&self.partition_keys, keys)?).filter(|sent| prior.is_some() || !sent.is_empty());
        let storage = there.and_then(glue::Table::storage_descriptor);
        let described = match &self.storage_descriptor {
            Some(described) => Some(described.sent(storage)?),
            None => storage.filter(|_| self.open_table_format_input.is_some()).cloned(),
        };
        let text = |text: fn(&Self) -> Option<&String>| shown::cleared(prior.and_then(text), text(self));
        let target = self.target_table.as_ref().map(|target| {
            glue::TableIdentifier::builder()
                .catalog_id(&target.catalog_id)
                .database_name(&target.database_name)
                .name(&target.name)
                .set_region(target.region.clone())
                .build()
        });
        glue::TableInput::builder()
            .name(&self.name)
            .set_description(text(|table| table.description.as_ref()))
            .set_owner(self.owner.clone())
            .set_retention(self.retention.map(number))
            .set_table_type(self.table_type.known().cloned())
            .set_parameters(self.sent_parameters(prior, there).or_else(|| prior.map(|_| Default::default())))
            .set_partition_keys(keys)
            .set_storage_descriptor(described)
            .set_view_original_text(text(|table| table.view_original_text.as_ref()))
            .set_view_expanded_text(text(|table| table.view_expanded_text.as_ref()))
            .set_target_table(target)
            .set_last_access_time(there.and_then(|there| there.last_access_time))
            .set_last_analyzed_time(there.and_then(|there| there.last_analyzed_time))
            .build()
            .map_err(incomplete)
    }

    /// The written parameters, with those that engines keep there.
    fn sent_parameters(
        &self,
        prior: Option<&Self>,
        there: Option<&glue::Table>,
    ) -> Option<std::collections::HashMap<String, String>> {
        let mut parameters = shown::sent(self.parameters.as_ref());
        let written = |table: &Self, key: &String| table.parameters.as_ref().and_then(|own| own.get(key)).cloned();
        for (key, value) in there.and_then(glue::Table::parameters).into_iter().flatten() {
            let (before, after) = (prior.and_then(|prior| written(prior, key)), written(self, key));
            let stands = ICEBERG_PLACE.contains(&key.as_str()) && before == after;
            if stands || before.is_none() && after.is_none() && is_kept_by_engines(key, value) {
                parameters.get_or_insert_default().insert(key.clone(), value.clone());
            }
        }
        parameters
    }

    /// The indexes as a create holds them.
    pub(super) fn indexes(&self) -> Result<Option<Vec<glue::PartitionIndex>>, Failure> {
        let index = |index: &PartitionIndex| {
            let built =
                glue::PartitionIndex::builder().index_name(&index.index_name).set_keys(Some(index.keys.clone()));
            built.build().map_err(incomplete)
        };
        let indexes = self.partition_index.iter().map(index).collect::<Result<Vec<_>, _>>()?;
        Ok(Some(indexes).filter(|indexes| !indexes.is_empty()))
    }

    /// The format as a create holds it.
    pub(super) fn format(&self) -> Result<Option<glue::OpenTableFormatInput>, Failure> {
        let Some(OpenTableFormat { iceberg_input: iceberg }) = &self.open_table_format_input else { return Ok(None) };
        let input = glue::IcebergInput::builder()
            .metadata_operation(glue::MetadataOperation::from(iceberg.metadata_operation.as_str()))
            .version(&iceberg.version)
            .build()
            .map_err(incomplete)?;
        Ok(Some(glue::OpenTableFormatInput::builder().iceberg_input(input).build()))
    }
}

/// Whether the catalog's table is one of Iceberg's.
pub(super) fn is_iceberg(there: &glue::Table) -> bool {
    let ty = there.parameters().and_then(|parameters| parameters.get("table_type"));
    ty.is_some_and(|ty| ty.eq_ignore_ascii_case("iceberg"))
}

/// Whether engines and Glue itself put this among a table's parameters.
fn is_kept_by_engines(key: &str, value: &str) -> bool {
    ICEBERG_PLACE.contains(&key)
        || key == "transient_lastDdlTime"
        || key == "table_type" && value.eq_ignore_ascii_case("iceberg")
}
