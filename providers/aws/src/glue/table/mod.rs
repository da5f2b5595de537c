//! `aws_glue_catalog_table`: a table of the catalog.

pub(super) mod data;
mod model;
mod storage;

use std::collections::BTreeMap;

use aws_sdk_glue::types::{PartitionIndexDescriptor, PartitionIndexStatus, Table as Listed};
use mesh_provider::cost::{CostRequest, Costs};
use mesh_provider::{
    ChangeError, Computed, Draft, Failure, Found, Operation, Permissions, ProviderDiagnostic, ResourceType,
};
use mesh_value::{AttributePath, PathStep, Value};

use super::{ABSENT, TAKEN, arn, catalog_name, half_made, made};
use crate::check;
use crate::failure::{Outcome as _, has_code};
use crate::many::{WORTH_LISTING, each};
use crate::names;
use crate::platform::Aws;
use crate::waiting;
use model::{IcebergInput, OpenTableFormat, PartitionIndex, Table, is_iceberg};

/// The form of a table's import id.
const ID: &str = "`CATALOG_ID:DATABASE:NAME`";

/// The resource type `aws_glue_catalog_table`.
///
/// A table has no tags and its create no token. So what an interrupted create left is told from another table by being
/// equal to all that was planned.
pub(crate) struct TableType;

/// The catalog and the database that a table is in.
type Place = (Option<String>, String);

impl Table {
    fn place(&self) -> Place {
        (self.catalog_id.known().cloned(), self.database_name.clone())
    }

    async fn arn(&self, aws: &Aws) -> Result<String, Failure> {
        arn(aws, &format!("table/{}/{}", self.database_name, self.name)).await
    }

    async fn find(&self, aws: &Aws) -> Result<Option<Listed>, Failure> {
        let (catalog, database) = self.place();
        let call = aws.glue().get_table().set_catalog_id(catalog).database_name(database).name(&self.name);
        Ok(call.send().await.found("glue:GetTable", ABSENT)?.and_then(|answer| answer.table))
    }

    /// The table as the catalog has it, with its indexes where the configuration has some.
    async fn read(self, aws: &Aws, there: &Listed) -> Result<Self, Failure> {
        let arn = self.arn(aws).await?;
        let mut table = self.seen(there, arn);
        if !table.partition_index.is_empty() {
            table.partition_index = table.read_indexes(aws).await?.iter().map(index).collect();
        }
        Ok(table)
    }

    async fn read_indexes(&self, aws: &Aws) -> Result<Vec<PartitionIndexDescriptor>, Failure> {
        let (catalog, database) = self.place();
        let call = aws.glue().get_partition_indexes().database_name(database).table_name(&self.name);
        let mut pages = call.set_catalog_id(catalog).into_paginator().send();
        let mut indexes = Vec::new();
        while let Some(page) = pages.next().await {
            let Some(page) = page.found("glue:GetPartitionIndexes", ABSENT)? else { break };
            indexes.extend(page.partition_index_descriptor_list.unwrap_or_default());
        }
        Ok(indexes)
    }

    /// Waits until the indexes are built.
    async fn indexed(&self, aws: &Aws, operation: &Operation) -> Result<(), Failure> {
        if self.partition_index.is_empty() {
            return Ok(());
        }
        waiting::until(operation, "the indexes of a table's partitions were built", async || {
            let indexes = self.read_indexes(aws).await?;
            if let Some(failed) = indexes.iter().find(|index| index.index_status == PartitionIndexStatus::Failed) {
                let detail = format!(
                    "Glue could not build the index `{}` of the table `{}`. Its keys must be partition keys, in their \
                     order.",
                    failed.index_name, self.name
                );
                return Err(Failure::new("Partition index failed", detail));
            }
            let building = indexes.iter().any(|index| index.index_status == PartitionIndexStatus::Creating);
            Ok((!building).then_some(()))
        })
        .await
    }

    fn gone(&self) -> Failure {
        let detail = format!("The table `{}` is not in `{}` any more. Plan again.", self.name, self.database_name);
        Failure::new("Gone", detail)
    }

    /// Changes the table from `prior`, unless somebody else has changed it since it was read. What engines keep in it may
    /// have changed; it is taken over.
    async fn replace(&self, aws: &Aws, prior: &Self) -> Result<Option<()>, Failure> {
        let there = prior.find(aws).await?.ok_or_else(|| prior.gone())?;
        if self.is(&there) {
            return Ok(Some(()));
        }
        if !prior.is(&there) {
            let detail = format!(
                "The table `{}` in `{}` is not as it was when this was planned: somebody has changed it since. Nothing \
                 was done. Plan again to see the change.",
                prior.name, prior.database_name
            );
            return Err(Failure::new("Changed since it was planned", detail));
        }
        let (catalog, database) = prior.place();
        let call = aws
            .glue()
            .update_table()
            .set_catalog_id(catalog)
            .database_name(database)
            .table_input(self.input(Some((prior, &there)))?)
            .set_version_id(there.version_id.clone());
        let answer = call.send().await;
        if answer.as_ref().is_err_and(|error| has_code(error, &["ConcurrentModificationException"])) {
            return Ok(None);
        }
        answer.calling("glue:UpdateTable").map(|_| Some(()))
    }
}

impl ResourceType for TableType {
    const NAME: &'static str = "aws_glue_catalog_table";
    const PERMISSIONS: Permissions = Permissions {
        read: &["glue:GetPartitionIndexes", "glue:GetTable", "glue:GetTables"],
        create: &["glue:CreateTable"],
        update: &["glue:UpdateTable"],
        delete: &["glue:DeleteTable"],
    };
    type Model = Table;
    type Platform = Aws;

    fn validate(config: &Value) -> Vec<ProviderDiagnostic> {
        let mut problems = catalog_name(config, "name");
        problems.extend(catalog_name(config, "database_name"));
        problems.extend(check::within(config, "retention", 0, i64::from(i32::MAX)));
        problems.extend(wrong_storage(config));
        problems.extend(wrong_indexes(config));
        let iceberg = config.get("open_table_format_input").and_then(|format| format.get("iceberg_input"));
        let operation = iceberg.and_then(|iceberg| iceberg.get("metadata_operation")).and_then(Value::as_str);
        if let Some(operation) = operation.filter(|operation| *operation != "CREATE") {
            let detail = format!("`metadata_operation` is \"{operation}\"; the only one that there is, is \"CREATE\".");
            let at = AttributePath::attr("open_table_format_input").join(PathStep::Attr("iceberg_input".into()));
            let at = at.join(PathStep::Attr("metadata_operation".into()));
            problems.push(ProviderDiagnostic::error("Invalid value", detail).at(at));
        }
        problems
    }

    async fn plan(aws: &Aws, draft: &mut Draft<'_>) {
        // How the table was made, and indexes that are there, stay where nothing is written about them.
        if draft.planned("open_table_format_input").is_null() {
            draft.keep("open_table_format_input");
        }
        if draft.planned("partition_index").as_slice().is_some_and(<[Value]>::is_empty) {
            draft.keep("partition_index");
        }
        if !draft.is_create() {
            return;
        }
        let Ok(account) = aws.account().await else { return };
        if draft.config("catalog_id").is_null() {
            draft.set("catalog_id", &account.id);
        }
        let text = |name: &str| draft.planned_as::<String>(name);
        let (Some(name), Some(database), catalog) = (text("name"), text("database_name"), text("catalog_id")) else {
            return;
        };
        if let Ok(arn) = arn(aws, &format!("table/{database}/{name}")).await {
            draft.set("arn", &arn);
        }
        if let Some(catalog) = catalog {
            draft.set("id", &format!("{catalog}:{database}:{name}"));
        }
    }

    /// It is one of the catalog's objects, which count at their database.
    fn cost(_: &Aws, _: CostRequest<'_>) -> Costs {
        Costs::Free
    }

    async fn create(aws: &Aws, planned: Table, operation: &Operation) -> Result<Table, ChangeError<Table>> {
        let (catalog, database) = planned.place();
        let call = aws
            .glue()
            .create_table()
            .set_catalog_id(catalog)
            .database_name(database)
            .table_input(planned.input(None)?)
            .set_partition_indexes(planned.indexes()?)
            .set_open_table_format_input(planned.format()?);
        let new = made(call.send().await.sent("glue:CreateTable", TAKEN))?;
        let there = planned.find(aws).await.map_err(|failure| half_made(failure, planned.clone()))?;
        let there = there.ok_or_else(|| names::vanished("table", &planned.name))?;
        if !new && !planned.is(&there) {
            return Err(names::taken("table", &planned.name, ID).into());
        }
        let settled = async {
            planned.indexed(aws, operation).await?;
            planned.clone().read(aws, &there).await
        };
        settled.await.map_err(|failure| half_made(failure, planned))
    }

    async fn read(aws: &Aws, current: Vec<Table>) -> Vec<Result<Option<Table>, Failure>> {
        let listed = list(aws, &current).await;
        each(current, |table| async {
            let there = match listed.get(&table.place()) {
                Some(listed) => listed.get(&table.name).cloned(),
                None => table.find(aws).await?,
            };
            match there {
                Some(there) => table.read(aws, &there).await.map(Some),
                None => Ok(None),
            }
        })
        .await
    }

    async fn update(
        aws: &Aws,
        prior: Table,
        planned: Table,
        operation: &Operation,
    ) -> Result<Table, ChangeError<Table>> {
        waiting::until(operation, "changing a table that others change too", || planned.replace(aws, &prior)).await?;
        let there = planned.find(aws).await?.ok_or_else(|| prior.gone())?;
        Ok(planned.read(aws, &there).await?)
    }

    async fn delete(aws: &Aws, prior: Table, _operation: &Operation) -> Result<(), Failure> {
        let (catalog, database) = prior.place();
        let call = aws.glue().delete_table().set_catalog_id(catalog).database_name(database).name(&prior.name);
        call.send().await.gone("glue:DeleteTable", ABSENT)
    }

    async fn locate(aws: &Aws, planned: Table, _token: &str) -> Result<Found<Table>, Failure> {
        Ok(match planned.find(aws).await?.filter(|there| planned.is(there)) {
            Some(there) => Found::Complete(planned.read(aws, &there).await?),
            None => Found::Absent,
        })
    }

    async fn import(aws: &Aws, id: &str) -> Result<Table, Failure> {
        let absent = || names::nothing_to_import("table", id, ID);
        // A catalog's id may hold colons too.
        let mut parts = id.rsplitn(3, ':');
        let (Some(name), Some(database)) = (parts.next(), parts.next()) else { return Err(absent()) };
        let blank = Table::blank(name, database, parts.next());
        let there = blank.find(aws).await?.ok_or_else(absent)?;
        let mut table = blank.read(aws, &there).await?;
        table.partition_index = table.read_indexes(aws).await?.iter().map(index).collect();
        if is_iceberg(&there) {
            let iceberg_input = IcebergInput { metadata_operation: "CREATE".to_owned(), version: "2".to_owned() };
            table.open_table_format_input = Some(OpenTableFormat { iceberg_input });
        }
        Ok(table)
    }
}

fn index(there: &PartitionIndexDescriptor) -> PartitionIndex {
    PartitionIndex {
        index_name: there.index_name.clone(),
        keys: there.keys.iter().map(|key| key.name.clone()).collect(),
        index_status: Computed::Known(there.index_status.as_str().to_owned()),
    }
}

/// The tables of each database of which there are enough here, by their names; one that can't be listed is left out.
async fn list(aws: &Aws, current: &[Table]) -> BTreeMap<Place, BTreeMap<String, Listed>> {
    let mut places: BTreeMap<Place, usize> = BTreeMap::new();
    for table in current {
        *places.entry(table.place()).or_default() += 1;
    }
    places.retain(|_, tables| *tables >= WORTH_LISTING);
    let listed = each(places.into_keys().collect(), async |(catalog, database): Place| {
        let call = aws.glue().get_tables().set_catalog_id(catalog.clone()).database_name(&database);
        let mut pages = call.into_paginator().send();
        let mut tables = BTreeMap::new();
        while let Some(page) = pages.next().await {
            let Some(page) = page.found("glue:GetTables", ABSENT).ok()? else { break };
            let page = page.table_list.unwrap_or_default();
            tables.extend(page.into_iter().map(|table| (table.name.clone(), table)));
        }
        Some(((catalog, database), tables))
    });
    listed.await.into_iter().flatten().collect()
}

/// What the catalog would refuse about where the data is.
fn wrong_storage(config: &Value) -> Vec<ProviderDiagnostic> {
    let Some(storage) = config.get("storage_descriptor").filter(|storage| !storage.is_null()) else {
        return Vec::new();
    };
    let at = AttributePath::attr("storage_descriptor");
    let step = |name: &str| PathStep::Attr(name.into());
    let mut problems = Vec::new();
    let sorted = storage.get("sort_columns").and_then(Value::as_slice).unwrap_or_default();
    for (index, column) in sorted.iter().enumerate() {
        let order = column.get("sort_order").and_then(check::whole).filter(|order| !(0..=1).contains(order));
        if let Some(order) = order {
            let detail = format!("`sort_order` is {order}; it can be 1, for ascending, or 0, for descending.");
            let at = at.join(step("sort_columns")).join(PathStep::Index(index)).join(step("sort_order"));
            problems.push(ProviderDiagnostic::error("Invalid value", detail).at(at));
        }
    }
    if let Some(reference) = storage.get("schema_reference").filter(|reference| !reference.is_null()) {
        let missing = |name: &str| reference.get(name).is_none_or(Value::is_null);
        if missing("schema_id") == missing("schema_version_id") {
            let detail =
                "A schema is named either by a `schema_id` block or by `schema_version_id`: write one of them.";
            let at = at.join(step("schema_reference"));
            problems.push(ProviderDiagnostic::error("Schema is not clear", detail).at(at));
        }
    }
    problems
}

/// Indexes of what is no partition key.
fn wrong_indexes(config: &Value) -> Vec<ProviderDiagnostic> {
    let keys = config.get("partition_keys").and_then(Value::as_slice).unwrap_or_default();
    let names: Option<Vec<_>> = keys.iter().map(|key| key.get("name").and_then(Value::as_str)).collect();
    let Some(names) = names else { return Vec::new() };
    let indexes = config.get("partition_index").and_then(Value::as_slice).unwrap_or_default();
    let mut problems = Vec::new();
    for (place, index) in indexes.iter().enumerate() {
        let keys = index.get("keys").and_then(Value::as_slice).unwrap_or_default();
        for key in keys.iter().filter_map(Value::as_str).filter(|key| !names.contains(key)) {
            let detail = format!("`{key}` is none of the table's `partition_keys`: only those can be indexed.");
            let at = AttributePath::attr("partition_index").join(PathStep::Index(place));
            problems.push(ProviderDiagnostic::error("Unknown partition key", detail).at(at));
        }
    }
    problems
}
