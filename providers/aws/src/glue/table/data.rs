//! The data source `aws_glue_catalog_table`: a table that is there already.

use aws_smithy_types::DateTime;
use aws_smithy_types::date_time::Format;
use mesh_provider::{Block, Computed, DataSourceType, Failure, Permissions, ProviderDiagnostic};
use mesh_value::{AttributePath, Value};

use super::super::ABSENT;
use super::super::shown::Parameters;
use super::index;
use super::model::{PartitionIndex, Table, TargetTable};
use super::storage::{Column, StorageDescriptor};
use crate::failure::Outcome as _;
use crate::platform::Aws;

/// A table of the catalog that is there already.
#[derive(Block, Clone, Debug, PartialEq, Eq)]
pub(crate) struct TableData {
    /// Its name.
    pub name: String,
    /// The database that it is in.
    pub database_name: String,
    /// The catalog that the database is in: the account's id where it is left out.
    #[mesh(optional)]
    pub catalog_id: Computed<String>,
    /// As it was at this time, such as `2026-01-31T12:00:00Z`. Not together with `transaction_id`.
    pub query_as_of_time: Option<String>,
    /// As a transaction sees it.
    pub transaction_id: Option<i64>,
    /// What it holds.
    pub description: Computed<String>,
    /// Whose it is.
    pub owner: Computed<String>,
    /// How long its data is kept.
    pub retention: Computed<i64>,
    /// Its kind, such as `EXTERNAL_TABLE`.
    pub table_type: Computed<String>,
    /// All its properties, with those that engines keep there.
    pub parameters: Computed<Parameters>,
    /// The columns that it is partitioned by.
    pub partition_keys: Computed<Vec<Column>>,
    /// The indexes of its partitions.
    pub partition_index: Computed<Vec<PartitionIndex>>,
    /// Where the data is, in which format, and with which columns.
    pub storage_descriptor: Computed<StorageDescriptor>,
    /// Of a view: what it was written as.
    pub view_original_text: Computed<String>,
    /// Of a view: its whole text.
    pub view_expanded_text: Computed<String>,
    /// The table that this one is a link to.
    pub target_table: Computed<TargetTable>,
    /// The catalog's id, the database's and the table's name, joined by `:`.
    pub id: Computed<String>,
    /// Its ARN.
    pub arn: Computed<String>,
}

/// The data source `aws_glue_catalog_table`.
pub(crate) struct TableSource;

impl DataSourceType for TableSource {
    const NAME: &'static str = "aws_glue_catalog_table";
    const PERMISSIONS: Permissions =
        Permissions { read: &["glue:GetPartitionIndexes", "glue:GetTable"], ..Permissions::NONE };
    type Model = TableData;
    type Platform = Aws;

    fn validate(config: &Value) -> Vec<ProviderDiagnostic> {
        let mut problems = crate::check::exclusive(config, "query_as_of_time", "transaction_id");
        let time = config.get("query_as_of_time").and_then(Value::as_str);
        if let Some(problem) = time.and_then(|time| moment(time).err()) {
            problems.extend(problem.0);
        }
        problems
    }

    async fn read(aws: &Aws, config: TableData) -> Result<TableData, Failure> {
        let blank = Table::blank(&config.name, &config.database_name, config.catalog_id.known().map(String::as_str));
        let time = config.query_as_of_time.as_deref().map(moment).transpose()?;
        let call = aws
            .glue()
            .get_table()
            .set_catalog_id(config.catalog_id.known().cloned())
            .database_name(&config.database_name)
            .name(&config.name)
            .set_query_as_of_time(time)
            .set_transaction_id(config.transaction_id.map(|id| id.to_string()));
        let there = call.send().await.found("glue:GetTable", ABSENT)?.and_then(|answer| answer.table);
        let there = there.ok_or_else(|| {
            let detail =
                format!("There is no table `{}` in the catalog database `{}`.", config.name, config.database_name);
            Failure::new("Table not found", detail).at(&AttributePath::attr("name"))
        })?;
        let indexes = blank.read_indexes(aws).await?;
        let arn = blank.arn(aws).await?;
        let table = blank.seen(&there, arn);
        let parameters = there.parameters.map(|parameters| parameters.into_iter().collect());
        Ok(TableData {
            catalog_id: table.catalog_id,
            description: table.description.into(),
            owner: table.owner.into(),
            retention: Computed::Known(table.retention.unwrap_or_default()),
            table_type: table.table_type,
            parameters: Computed::Known(parameters.unwrap_or_default()),
            partition_keys: Computed::Known(table.partition_keys),
            partition_index: Computed::Known(indexes.iter().map(index).collect()),
            storage_descriptor: table.storage_descriptor.into(),
            view_original_text: table.view_original_text.into(),
            view_expanded_text: table.view_expanded_text.into(),
            target_table: table.target_table.into(),
            id: table.id,
            arn: table.arn,
            ..config
        })
    }
}

fn moment(text: &str) -> Result<DateTime, Failure> {
    DateTime::from_str(text, Format::DateTimeWithOffset).map_err(|error| {
        let detail = format!(
            "`query_as_of_time` is \"{text}\", which is no time ({error}). Write it as \"2026-01-31T12:00:00Z\"."
        );
        Failure::new("Invalid time", detail).at(&AttributePath::attr("query_as_of_time"))
    })
}
