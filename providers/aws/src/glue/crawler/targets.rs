//! What a crawler crawls: each kind of target, and how it and what Glue has become one another.

use aws_sdk_glue::types as glue;
use mesh_provider::{Block, Failure};
use mesh_value::Number;

use super::super::{number, shown};
use super::Crawler;
use crate::failure::incomplete;

/// Objects in S3.
#[derive(Block, Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct S3Target {
    /// Where, such as `s3://landing/orders`.
    pub path: String,
    /// Patterns of what is left out.
    pub exclusions: Option<Vec<String>>,
    /// The connection through which S3 is reached.
    pub connection_name: Option<String>,
    /// How many files of each folder are looked at, from 1 to 249; all where it is left out.
    pub sample_size: Option<i64>,
    /// The ARN of the queue that tells of new objects.
    pub event_queue_arn: Option<String>,
    /// The ARN of the queue for events that could not be handled.
    pub dlq_event_queue_arn: Option<String>,
}

/// Tables of a database that is reached through JDBC.
#[derive(Block, Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct JdbcTarget {
    /// The connection.
    pub connection_name: String,
    /// Which tables, such as `shop/public/%`.
    pub path: String,
    /// Patterns of what is left out.
    pub exclusions: Option<Vec<String>>,
    /// What else to keep: `COMMENTS`, `RAWTYPES`.
    pub enable_additional_metadata: Option<Vec<String>>,
}

/// A DynamoDB table.
#[derive(Block, Clone, Debug, PartialEq, Eq)]
pub(crate) struct DynamoDbTarget {
    /// Its name.
    pub path: String,
    /// Whether to read all records rather than a sample.
    #[mesh(default = true)]
    pub scan_all: bool,
    /// How much of the table's read capacity it may use, from 0.1 to 1.5.
    pub scan_rate: Option<Number>,
}

/// A collection in MongoDB or DocumentDB.
#[derive(Block, Clone, Debug, PartialEq, Eq)]
pub(crate) struct MongoDbTarget {
    /// The connection.
    pub connection_name: String,
    /// Which, as `database/collection`.
    pub path: String,
    /// Whether to read all records rather than a sample.
    #[mesh(default = true)]
    pub scan_all: bool,
}

/// Tables that the catalog has already.
#[derive(Block, Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct CatalogTarget {
    /// Their database.
    pub database_name: String,
    /// Their names.
    pub tables: Vec<String>,
    /// The connection through which their data is reached.
    pub connection_name: Option<String>,
    /// The ARN of the queue that tells of new objects.
    pub event_queue_arn: Option<String>,
    /// The ARN of the queue for events that could not be handled.
    pub dlq_event_queue_arn: Option<String>,
}

/// Delta tables.
#[derive(Block, Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct DeltaTarget {
    /// Where they are.
    pub delta_tables: Vec<String>,
    /// The connection through which they are reached.
    pub connection_name: Option<String>,
    /// Whether to write manifest files for engines that don't know Delta.
    pub write_manifest: bool,
    /// Whether to make tables for engines that know Delta.
    pub create_native_delta_table: Option<bool>,
}

/// Tables below some paths, in an open format.
#[derive(Block, Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct OpenTarget {
    /// Where to look for them.
    pub paths: Vec<String>,
    /// How deep to look, from 1 to 20 levels.
    pub maximum_traversal_depth: i64,
    /// Patterns of what is left out.
    pub exclusions: Option<Vec<String>>,
    /// The connection through which they are reached.
    pub connection_name: Option<String>,
}

/// All that are there, each beside the one at its place in the state.
fn beside<'a, M, L>(own: &'a [M], there: &'a [L], seen: impl Fn(Option<&'a M>, &'a L) -> M) -> Vec<M> {
    there.iter().enumerate().map(|(index, there)| seen(own.get(index), there)).collect()
}

fn owned(text: Option<&str>) -> String {
    text.unwrap_or_default().to_owned()
}

impl Crawler {
    /// Takes over what Glue says that it crawls.
    pub(super) fn see_targets(&mut self, there: &glue::CrawlerTargets) {
        self.s3_target = beside(&self.s3_target, there.s3_targets(), S3Target::seen);
        self.jdbc_target = beside(&self.jdbc_target, there.jdbc_targets(), JdbcTarget::seen);
        self.dynamodb_target = beside(&self.dynamodb_target, there.dynamo_db_targets(), |_, there| DynamoDbTarget {
            path: owned(there.path()),
            scan_all: there.scan_all().unwrap_or(true),
            scan_rate: there.scan_rate().and_then(|rate| Number::from_f64(rate).ok()),
        });
        self.mongodb_target = beside(&self.mongodb_target, there.mongo_db_targets(), |_, there| MongoDbTarget {
            connection_name: owned(there.connection_name()),
            path: owned(there.path()),
            scan_all: there.scan_all().unwrap_or(true),
        });
        self.catalog_target = beside(&self.catalog_target, there.catalog_targets(), CatalogTarget::seen);
        self.delta_target = beside(&self.delta_target, there.delta_targets(), DeltaTarget::seen);
        self.iceberg_target = beside(&self.iceberg_target, there.iceberg_targets(), |own, there| {
            let depth = there.maximum_traversal_depth();
            OpenTarget::seen(own, there.paths(), depth, there.exclusions(), there.connection_name())
        });
        self.hudi_target = beside(&self.hudi_target, there.hudi_targets(), |own, there| {
            let depth = there.maximum_traversal_depth();
            OpenTarget::seen(own, there.paths(), depth, there.exclusions(), there.connection_name())
        });
    }

    /// What it crawls, as a request holds it.
    pub(super) fn sent_targets(&self) -> Result<glue::CrawlerTargets, Failure> {
        let catalogs = self.catalog_target.iter().map(CatalogTarget::sent).collect::<Result<_, _>>()?;
        let dynamodb = self.dynamodb_target.iter().map(|target| {
            glue::DynamoDbTarget::builder()
                .path(&target.path)
                .scan_all(target.scan_all)
                .set_scan_rate(target.scan_rate.as_ref().map(Number::to_f64))
                .build()
        });
        let mongodb = self.mongodb_target.iter().map(|target| {
            glue::MongoDbTarget::builder()
                .connection_name(&target.connection_name)
                .path(&target.path)
                .scan_all(target.scan_all)
                .build()
        });
        let iceberg = self.iceberg_target.iter().map(|target| {
            glue::IcebergTarget::builder()
                .set_paths(Some(target.paths.clone()))
                .maximum_traversal_depth(number(target.maximum_traversal_depth))
                .set_exclusions(target.exclusions.clone())
                .set_connection_name(target.connection_name.clone())
                .build()
        });
        let hudi = self.hudi_target.iter().map(|target| {
            glue::HudiTarget::builder()
                .set_paths(Some(target.paths.clone()))
                .maximum_traversal_depth(number(target.maximum_traversal_depth))
                .set_exclusions(target.exclusions.clone())
                .set_connection_name(target.connection_name.clone())
                .build()
        });
        let targets = glue::CrawlerTargets::builder()
            .set_s3_targets(some(self.s3_target.iter().map(S3Target::sent).collect()))
            .set_jdbc_targets(some(self.jdbc_target.iter().map(JdbcTarget::sent).collect()))
            .set_dynamo_db_targets(some(dynamodb.collect()))
            .set_mongo_db_targets(some(mongodb.collect()))
            .set_catalog_targets(some(catalogs))
            .set_delta_targets(some(self.delta_target.iter().map(DeltaTarget::sent).collect()))
            .set_iceberg_targets(some(iceberg.collect()))
            .set_hudi_targets(some(hudi.collect()));
        Ok(targets.build())
    }
}

/// Glue replaces all targets at once: kinds of which there are none are left out.
fn some<T>(targets: Vec<T>) -> Option<Vec<T>> {
    Some(targets).filter(|targets| !targets.is_empty())
}

impl S3Target {
    fn seen(own: Option<&Self>, there: &glue::S3Target) -> Self {
        let text = |text: fn(&Self) -> Option<&String>, there| shown::text(own.and_then(text), there);
        Self {
            path: owned(there.path()),
            exclusions: shown::list(own.and_then(|own| own.exclusions.as_ref()), there.exclusions()),
            connection_name: text(|own| own.connection_name.as_ref(), there.connection_name()),
            sample_size: there.sample_size().filter(|size| *size > 0).map(i64::from),
            event_queue_arn: text(|own| own.event_queue_arn.as_ref(), there.event_queue_arn()),
            dlq_event_queue_arn: text(|own| own.dlq_event_queue_arn.as_ref(), there.dlq_event_queue_arn()),
        }
    }

    fn sent(&self) -> glue::S3Target {
        glue::S3Target::builder()
            .path(&self.path)
            .set_exclusions(self.exclusions.clone())
            .set_connection_name(self.connection_name.clone())
            .set_sample_size(self.sample_size.map(number))
            .set_event_queue_arn(self.event_queue_arn.clone())
            .set_dlq_event_queue_arn(self.dlq_event_queue_arn.clone())
            .build()
    }
}

impl JdbcTarget {
    fn seen(own: Option<&Self>, there: &glue::JdbcTarget) -> Self {
        let metadata: Vec<_> =
            there.enable_additional_metadata().iter().map(|entry| entry.as_str().to_owned()).collect();
        Self {
            connection_name: owned(there.connection_name()),
            path: owned(there.path()),
            exclusions: shown::list(own.and_then(|own| own.exclusions.as_ref()), there.exclusions()),
            enable_additional_metadata: shown::list(
                own.and_then(|own| own.enable_additional_metadata.as_ref()),
                &metadata,
            ),
        }
    }

    fn sent(&self) -> glue::JdbcTarget {
        let metadata = self.enable_additional_metadata.as_ref();
        let metadata = metadata.map(|list| list.iter().map(|entry| entry.as_str().into()).collect());
        glue::JdbcTarget::builder()
            .connection_name(&self.connection_name)
            .path(&self.path)
            .set_exclusions(self.exclusions.clone())
            .set_enable_additional_metadata(metadata)
            .build()
    }
}

impl CatalogTarget {
    fn seen(own: Option<&Self>, there: &glue::CatalogTarget) -> Self {
        let text = |text: fn(&Self) -> Option<&String>, there| shown::text(own.and_then(text), there);
        Self {
            database_name: there.database_name.clone(),
            tables: there.tables.clone(),
            connection_name: text(|own| own.connection_name.as_ref(), there.connection_name()),
            event_queue_arn: text(|own| own.event_queue_arn.as_ref(), there.event_queue_arn()),
            dlq_event_queue_arn: text(|own| own.dlq_event_queue_arn.as_ref(), there.dlq_event_queue_arn()),
        }
    }

    fn sent(&self) -> Result<glue::CatalogTarget, Failure> {
        glue::CatalogTarget::builder()
            .database_name(&self.database_name)
            .set_tables(Some(self.tables.clone()))
            .set_connection_name(self.connection_name.clone())
            .set_event_queue_arn(self.event_queue_arn.clone())
            .set_dlq_event_queue_arn(self.dlq_event_queue_arn.clone())
            .build()
            .map_err(incomplete)
    }
}

impl DeltaTarget {
    fn seen(own: Option<&Self>, there: &glue::DeltaTarget) -> Self {
        let native = there.create_native_delta_table().unwrap_or_default();
        let written = own.is_some_and(|own| own.create_native_delta_table.is_some());
        Self {
            delta_tables: there.delta_tables().to_vec(),
            connection_name: shown::text(own.and_then(|own| own.connection_name.as_ref()), there.connection_name()),
            write_manifest: there.write_manifest().unwrap_or_default(),
            create_native_delta_table: Some(native).filter(|native| *native || written),
        }
    }

    fn sent(&self) -> glue::DeltaTarget {
        glue::DeltaTarget::builder()
            .set_delta_tables(Some(self.delta_tables.clone()))
            .set_connection_name(self.connection_name.clone())
            .write_manifest(self.write_manifest)
            .set_create_native_delta_table(self.create_native_delta_table)
            .build()
    }
}

impl OpenTarget {
    fn seen(
        own: Option<&Self>,
        paths: &[String],
        depth: Option<i32>,
        exclusions: &[String],
        connection: Option<&str>,
    ) -> Self {
        Self {
            paths: paths.to_vec(),
            maximum_traversal_depth: depth.unwrap_or_default().into(),
            exclusions: shown::list(own.and_then(|own| own.exclusions.as_ref()), exclusions),
            connection_name: shown::text(own.and_then(|own| own.connection_name.as_ref()), connection),
        }
    }
}
