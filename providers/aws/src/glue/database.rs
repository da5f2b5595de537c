//! `aws_glue_catalog_database`: a group of tables in the catalog.

use std::collections::{BTreeMap, BTreeSet};

use aws_sdk_glue::types::{
    DataLakePrincipal, Database as Listed, DatabaseIdentifier, DatabaseInput, Permission, PrincipalPermissions,
};
use mesh_provider::cost::{CostRequest, Costs, UsageParameter};
use mesh_provider::{
    Block, ChangeError, Computed, Draft, Failure, Found, Operation, Permissions, ProviderDiagnostic, ResourceType,
};
use mesh_value::Value;

use super::shown::{self, Parameters};
use super::{ABSENT, TAKEN, arn, catalog_name, cost, half_made, made, read_tags, retag, settle_tags};
use crate::failure::{Outcome as _, incomplete};
use crate::many::{WORTH_LISTING, each};
use crate::names;
use crate::platform::Aws;
use crate::tags::{self, Tags};

/// A group of tables in the catalog.
#[derive(Block, Clone, Debug, PartialEq, Eq)]
pub(crate) struct Database {
    /// Its name, in lower case: 1 to 255 characters.
    #[mesh(replace)]
    pub name: String,
    /// The catalog that it is in: the account's id where it is left out.
    #[mesh(optional, replace)]
    pub catalog_id: Computed<String>,
    /// What it is for.
    pub description: Option<String>,
    /// Where its tables' data is, such as `s3://landing/orders`.
    #[mesh(optional)]
    pub location_uri: Computed<String>,
    /// Properties, as those who read the catalog expect them.
    pub parameters: Option<Parameters>,
    /// What principals may do with each table that is made in it. Where there is no such block, the data lake's settings
    /// say so. One empty block: nobody gets anything.
    #[mesh(block)]
    pub create_table_default_permission: Vec<DefaultPermission>,
    /// The database that this one is a link to.
    #[mesh(block)]
    pub target_database: Option<TargetDatabase>,
    /// Its tags.
    pub tags: Option<Tags>,
    /// All its tags, with those that the provider block gives to every resource.
    pub tags_all: Computed<Tags>,
    /// The catalog's id and the database's name, joined by `:`.
    pub id: Computed<String>,
    /// Its ARN.
    pub arn: Computed<String>,
}

/// What a principal may do with each new table.
#[derive(Block, Clone, Debug, PartialEq, Eq)]
pub(crate) struct DefaultPermission {
    /// What: `ALL`, `SELECT`, `ALTER`, `DROP`, `DELETE`, `INSERT`, `CREATE_TABLE`.
    pub permissions: Option<BTreeSet<String>>,
    /// Who.
    #[mesh(block)]
    pub principal: Option<Principal>,
}

/// Somebody that Lake Formation knows.
#[derive(Block, Clone, Debug, PartialEq, Eq)]
pub(crate) struct Principal {
    /// Their ARN, or `IAM_ALLOWED_PRINCIPALS`.
    pub data_lake_principal_identifier: Option<String>,
}

/// The database that a link leads to.
#[derive(Block, Clone, Debug, PartialEq, Eq)]
pub(crate) struct TargetDatabase {
    /// Its catalog's id.
    #[mesh(replace)]
    pub catalog_id: String,
    /// Its name.
    #[mesh(replace)]
    pub database_name: String,
    /// Its region, where it is another one.
    #[mesh(replace)]
    pub region: Option<String>,
}

/// The resource type `aws_glue_catalog_database`.
pub(crate) struct DatabaseType;

impl Database {
    fn blank(name: &str, catalog_id: Option<&str>) -> Self {
        Self {
            name: name.to_owned(),
            catalog_id: catalog_id.map(str::to_owned).into(),
            description: None,
            location_uri: Computed::Unknown,
            parameters: None,
            create_table_default_permission: Vec::new(),
            target_database: None,
            tags: None,
            tags_all: Computed::Unknown,
            id: Computed::Unknown,
            arn: Computed::Unknown,
        }
    }

    /// The database as the catalog has it, with its tags.
    fn seen(mut self, aws: &Aws, there: &Listed, arn: String, platform: Tags) -> Self {
        (self.tags, self.tags_all) = tags::seen(aws, self.tags.as_ref(), platform);
        self.description = shown::text(self.description.as_ref(), there.description());
        self.location_uri = there.location_uri().filter(|uri| !uri.is_empty()).map(str::to_owned).into();
        self.parameters = shown::map(self.parameters.as_ref(), there.parameters());
        // Where nothing is written, what the data lake gives by default is left alone.
        if !self.create_table_default_permission.is_empty() {
            let granted = granted(there);
            if granted != self.grants() {
                self.create_table_default_permission = granted;
            }
        }
        self.target_database = there.target_database().map(|target| TargetDatabase {
            catalog_id: target.catalog_id().unwrap_or_default().to_owned(),
            database_name: target.database_name().unwrap_or_default().to_owned(),
            region: target.region().map(str::to_owned),
        });
        if let Some(catalog) = there.catalog_id() {
            self.catalog_id = Computed::Known(catalog.to_owned());
        }
        self.id = Computed::Known(format!("{}:{}", self.catalog_id.known().map_or("", String::as_str), self.name));
        self.arn = Computed::Known(arn);
        self
    }

    /// The default permissions that say something.
    fn grants(&self) -> Vec<DefaultPermission> {
        let says = |grant: &&DefaultPermission| grant.principal.is_some() || grant.permissions.is_some();
        self.create_table_default_permission.iter().filter(says).cloned().collect()
    }

    async fn read(self, aws: &Aws, there: &Listed) -> Result<Self, Failure> {
        let arn = arn(aws, &format!("database/{}", self.name)).await?;
        let tags = read_tags(aws, &arn).await?;
        Ok(self.seen(aws, there, arn, tags))
    }

    async fn find(&self, aws: &Aws) -> Result<Option<Listed>, Failure> {
        let call = aws.glue().get_database().name(&self.name).set_catalog_id(self.catalog_id.known().cloned());
        Ok(call.send().await.found("glue:GetDatabase", ABSENT)?.and_then(|answer| answer.database))
    }

    /// The database as a request holds it. `before` is what it replaces, and what the catalog has at present.
    fn input(&self, before: Option<(&Self, &Listed)>) -> Result<DatabaseInput, Failure> {
        let (prior, there) = before.unzip();
        let permissions = if self.create_table_default_permission.is_empty() {
            there.and_then(|there| there.create_table_default_permissions.clone())
        } else {
            Some(self.grants().iter().map(permission).collect())
        };
        let target = self.target_database.as_ref().map(|target| {
            DatabaseIdentifier::builder()
                .catalog_id(&target.catalog_id)
                .database_name(&target.database_name)
                .set_region(target.region.clone())
                .build()
        });
        DatabaseInput::builder()
            .name(&self.name)
            .set_description(shown::cleared(
                prior.and_then(|prior| prior.description.as_ref()),
                self.description.as_ref(),
            ))
            .set_location_uri(self.location_uri.known().cloned())
            .set_parameters(shown::cleared_map(
                prior.and_then(|prior| prior.parameters.as_ref()),
                self.parameters.as_ref(),
            ))
            .set_create_table_default_permissions(permissions)
            .set_target_database(target)
            .set_federated_database(there.and_then(|there| there.federated_database.clone()))
            .build()
            .map_err(incomplete)
    }
}

impl ResourceType for DatabaseType {
    const NAME: &'static str = "aws_glue_catalog_database";
    const PERMISSIONS: Permissions = Permissions {
        read: &["glue:GetDatabase", "glue:GetDatabases", "glue:GetTags"],
        create: &["glue:CreateDatabase", "glue:TagResource", "glue:UntagResource"],
        update: &["glue:TagResource", "glue:UntagResource", "glue:UpdateDatabase"],
        delete: &["glue:DeleteDatabase"],
    };
    const USAGE: &'static [UsageParameter] = cost::USAGE;
    type Model = Database;
    type Platform = Aws;

    fn validate(config: &Value) -> Vec<ProviderDiagnostic> {
        catalog_name(config, "name")
    }

    async fn plan(aws: &Aws, draft: &mut Draft<'_>) {
        tags::plan(aws, draft);
        if draft.planned("create_table_default_permission").as_slice().is_some_and(<[Value]>::is_empty) {
            draft.keep("create_table_default_permission");
        }
        if !draft.is_create() {
            return;
        }
        let Ok(account) = aws.account().await else { return };
        if draft.config("catalog_id").is_null() {
            draft.set("catalog_id", &account.id);
        }
        let Some(name) = draft.planned_as::<String>("name") else { return };
        if let Ok(arn) = arn(aws, &format!("database/{name}")).await {
            draft.set("arn", &arn);
        }
        if let Some(catalog) = draft.planned_as::<String>("catalog_id") {
            draft.set("id", &format!("{catalog}:{name}"));
        }
    }

    fn cost(aws: &Aws, request: CostRequest<'_>) -> Costs {
        cost::database(aws.region(), request)
    }

    async fn create(aws: &Aws, planned: Database, operation: &Operation) -> Result<Database, ChangeError<Database>> {
        let tags = tags::creating(&planned.tags_all, operation);
        let arn = arn(aws, &format!("database/{}", planned.name)).await?;
        let call = aws
            .glue()
            .create_database()
            .set_catalog_id(planned.catalog_id.known().cloned())
            .database_input(planned.input(None)?)
            .set_tags(Some(tags.clone().into_iter().collect()));
        let new = made(call.send().await.sent("glue:CreateDatabase", TAKEN))?;
        if !new && !tags::is_from(&read_tags(aws, &arn).await?, &operation.token) {
            return Err(names::taken("catalog database", &planned.name, "`CATALOG_ID:NAME`").into());
        }
        let settled = async {
            settle_tags(aws, &arn, &tags).await?;
            planned.find(aws).await?.ok_or_else(|| names::vanished("catalog database", &planned.name))
        };
        match settled.await {
            Ok(there) => Ok(planned.seen(aws, &there, arn, tags)),
            Err(failure) => Err(half_made(failure, planned)),
        }
    }

    async fn read(aws: &Aws, current: Vec<Database>) -> Vec<Result<Option<Database>, Failure>> {
        let listed = if current.len() >= WORTH_LISTING { list(aws, &current).await } else { BTreeMap::new() };
        each(current, |database| async {
            let there = match listed.get(&database.catalog_id.known().cloned()) {
                Some(listed) => listed.get(&database.name).cloned(),
                None => database.find(aws).await?,
            };
            match there {
                Some(there) => database.read(aws, &there).await.map(Some),
                None => Ok(None),
            }
        })
        .await
    }

    async fn update(
        aws: &Aws,
        prior: Database,
        planned: Database,
        _operation: &Operation,
    ) -> Result<Database, ChangeError<Database>> {
        let absent = || {
            let detail = format!("The catalog database `{}` is not there any more. Plan again.", prior.name);
            Failure::new("Gone", detail)
        };
        let there = prior.find(aws).await?.ok_or_else(absent)?;
        let wanted = planned.input(Some((&prior, &there)))?;
        if wanted != prior.input(Some((&prior, &there)))? {
            let call = aws.glue().update_database().name(&prior.name).database_input(wanted);
            let call = call.set_catalog_id(prior.catalog_id.known().cloned());
            call.send().await.calling("glue:UpdateDatabase")?;
        }
        let arn = arn(aws, &format!("database/{}", prior.name)).await?;
        retag(aws, &arn, &prior.tags_all, &planned.tags_all).await?;
        let there = planned.find(aws).await?.ok_or_else(absent)?;
        Ok(planned.read(aws, &there).await?)
    }

    async fn delete(aws: &Aws, prior: Database, _operation: &Operation) -> Result<(), Failure> {
        let call = aws.glue().delete_database().name(&prior.name).set_catalog_id(prior.catalog_id.known().cloned());
        call.send().await.gone("glue:DeleteDatabase", ABSENT)
    }

    async fn locate(aws: &Aws, planned: Database, token: &str) -> Result<Found<Database>, Failure> {
        let Some(there) = planned.find(aws).await? else { return Ok(Found::Absent) };
        let arn = arn(aws, &format!("database/{}", planned.name)).await?;
        let tags = read_tags(aws, &arn).await?;
        Ok(if tags::is_from(&tags, token) {
            Found::Complete(planned.seen(aws, &there, arn, tags))
        } else {
            Found::Absent
        })
    }

    async fn import(aws: &Aws, id: &str) -> Result<Database, Failure> {
        let (catalog, name) = match id.rsplit_once(':') {
            Some((catalog, name)) => (Some(catalog), name),
            None => (None, id),
        };
        let blank = Database::blank(name, catalog);
        let absent = || names::nothing_to_import("catalog database", id, "`CATALOG_ID:NAME`");
        let there = blank.find(aws).await?.ok_or_else(absent)?;
        let mut database = blank.read(aws, &there).await?;
        database.create_table_default_permission = granted(&there);
        if is_default(&database.create_table_default_permission) {
            database.create_table_default_permission.clear();
        }
        Ok(database)
    }
}

/// The databases of each catalog that these are in, by their names; a catalog that can't be listed is left out.
async fn list(aws: &Aws, current: &[Database]) -> BTreeMap<Option<String>, BTreeMap<String, Listed>> {
    let catalogs: BTreeSet<_> = current.iter().map(|database| database.catalog_id.known().cloned()).collect();
    let listed = each(catalogs.into_iter().collect(), async |catalog: Option<String>| {
        let mut pages = aws.glue().get_databases().set_catalog_id(catalog.clone()).into_paginator().send();
        let mut databases = BTreeMap::new();
        while let Some(page) = pages.next().await {
            for database in page.calling("glue:GetDatabases").ok()?.database_list {
                databases.insert(database.name.clone(), database);
            }
        }
        Some((catalog, databases))
    });
    listed.await.into_iter().flatten().collect()
}

fn permission(grant: &DefaultPermission) -> PrincipalPermissions {
    let principal = grant.principal.as_ref().map(|principal| {
        let identifier = principal.data_lake_principal_identifier.clone();
        DataLakePrincipal::builder().set_data_lake_principal_identifier(identifier).build()
    });
    let permissions = grant.permissions.iter().flatten().map(|permission| Permission::from(permission.as_str()));
    PrincipalPermissions::builder().set_principal(principal).set_permissions(Some(permissions.collect())).build()
}

fn granted(there: &Listed) -> Vec<DefaultPermission> {
    let grants = there.create_table_default_permissions().iter().map(|grant| DefaultPermission {
        permissions: Some(grant.permissions().iter().map(|permission| permission.as_str().to_owned()).collect()),
        principal: grant.principal().map(|principal| Principal {
            data_lake_principal_identifier: principal.data_lake_principal_identifier().map(str::to_owned),
        }),
    });
    grants.collect()
}

/// What a data lake gives where nobody has set it up: all to whom IAM lets in.
fn is_default(granted: &[DefaultPermission]) -> bool {
    let [only] = granted else { return granted.is_empty() };
    let principal = only.principal.as_ref().and_then(|principal| principal.data_lake_principal_identifier.as_deref());
    principal == Some("IAM_ALLOWED_PRINCIPALS")
        && only.permissions.as_ref().is_some_and(|permissions| permissions.iter().eq(["ALL"]))
}
