//! A crawler as the configuration has it, and how it and what Glue has become one another.

use aws_sdk_glue::types as glue;
use mesh_provider::{Block, Computed};

use super::super::{role, shown};
use super::targets::{CatalogTarget, DeltaTarget, DynamoDbTarget, JdbcTarget, MongoDbTarget, OpenTarget, S3Target};
use crate::document::{kept, same_json};
use crate::platform::Aws;
use crate::tags::{self, Tags};

/// What looks through data and writes the tables that it finds into the catalog.
#[derive(Block, Clone, Debug, PartialEq, Eq)]
pub(crate) struct Crawler {
    /// Its name.
    #[mesh(replace)]
    pub name: String,
    /// The role that it runs as: its ARN, or its name with its path.
    pub role: String,
    /// The database that tables are written to.
    pub database_name: String,
    /// What it is for.
    pub description: Option<String>,
    /// When it runs, such as `cron(15 12 * * ? *)`; only when somebody starts it where it is left out.
    pub schedule: Option<String>,
    /// What the names of its tables begin with.
    pub table_prefix: Option<String>,
    /// Classifiers of one's own, which are tried before Glue's.
    pub classifiers: Option<Vec<String>>,
    /// How tables and partitions are made, in JSON. Layout and the order of keys make no difference.
    pub configuration: Option<String>,
    /// The security configuration: how what it writes is encrypted.
    pub security_configuration: Option<String>,
    /// Objects in S3 that it crawls.
    #[mesh(block)]
    pub s3_target: Vec<S3Target>,
    /// Databases that it crawls through JDBC.
    #[mesh(block)]
    pub jdbc_target: Vec<JdbcTarget>,
    /// DynamoDB tables that it crawls.
    #[mesh(block)]
    pub dynamodb_target: Vec<DynamoDbTarget>,
    /// Collections in MongoDB or DocumentDB that it crawls.
    #[mesh(block)]
    pub mongodb_target: Vec<MongoDbTarget>,
    /// Tables of the catalog whose data it crawls.
    #[mesh(block)]
    pub catalog_target: Vec<CatalogTarget>,
    /// Delta tables that it crawls.
    #[mesh(block)]
    pub delta_target: Vec<DeltaTarget>,
    /// Paths below which it looks for Iceberg tables.
    #[mesh(block)]
    pub iceberg_target: Vec<OpenTarget>,
    /// Paths below which it looks for Hudi tables.
    #[mesh(block)]
    pub hudi_target: Vec<OpenTarget>,
    /// What it does about changes and deletions.
    #[mesh(block)]
    pub schema_change_policy: Option<SchemaChangePolicy>,
    /// What it crawls again.
    #[mesh(block)]
    pub recrawl_policy: Option<RecrawlPolicy>,
    /// Whether it tells where data comes from.
    #[mesh(block)]
    pub lineage_configuration: Option<LineageConfiguration>,
    /// Whether it reads data with what Lake Formation grants.
    #[mesh(block)]
    pub lake_formation_configuration: Option<LakeFormation>,
    /// Its tags.
    pub tags: Option<Tags>,
    /// All its tags, with those that the provider block gives to every resource.
    pub tags_all: Computed<Tags>,
    /// Its name.
    pub id: Computed<String>,
    /// Its ARN.
    pub arn: Computed<String>,
}

/// What a crawler does about changes and deletions.
#[derive(Block, Clone, Debug, PartialEq, Eq)]
pub(crate) struct SchemaChangePolicy {
    /// About changes: `UPDATE_IN_DATABASE`, or `LOG` to only tell of them.
    #[mesh(default = "UPDATE_IN_DATABASE")]
    pub update_behavior: String,
    /// About deletions: `DEPRECATE_IN_DATABASE`, `DELETE_FROM_DATABASE`, or `LOG` to only tell of them.
    #[mesh(default = "DEPRECATE_IN_DATABASE")]
    pub delete_behavior: String,
}

/// What a crawler crawls again.
#[derive(Block, Clone, Debug, PartialEq, Eq)]
pub(crate) struct RecrawlPolicy {
    /// `CRAWL_EVERYTHING`, `CRAWL_NEW_FOLDERS_ONLY`, or `CRAWL_EVENT_MODE`: what a queue tells of.
    #[mesh(default = "CRAWL_EVERYTHING")]
    pub recrawl_behavior: String,
}

/// Whether a crawler tells where data comes from.
#[derive(Block, Clone, Debug, PartialEq, Eq)]
pub(crate) struct LineageConfiguration {
    /// `ENABLE` or `DISABLE`.
    #[mesh(default = "DISABLE")]
    pub crawler_lineage_settings: String,
}

/// Whether a crawler reads data with what Lake Formation grants.
#[derive(Block, Clone, Debug, PartialEq, Eq)]
pub(crate) struct LakeFormation {
    /// Whether it does, rather than with what its role may.
    pub use_lake_formation_credentials: Option<bool>,
    /// The account that the data belongs to, where it is another one.
    #[mesh(optional)]
    pub account_id: Computed<String>,
}

impl Crawler {
    /// One of which only the name is known.
    pub(super) fn blank(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            role: String::new(),
            database_name: String::new(),
            description: None,
            schedule: None,
            table_prefix: None,
            classifiers: None,
            configuration: None,
            security_configuration: None,
            s3_target: Vec::new(),
            jdbc_target: Vec::new(),
            dynamodb_target: Vec::new(),
            mongodb_target: Vec::new(),
            catalog_target: Vec::new(),
            delta_target: Vec::new(),
            iceberg_target: Vec::new(),
            hudi_target: Vec::new(),
            schema_change_policy: None,
            recrawl_policy: None,
            lineage_configuration: None,
            lake_formation_configuration: None,
            tags: None,
            tags_all: Computed::Unknown,
            id: Computed::Unknown,
            arn: Computed::Unknown,
        }
    }

    /// The crawler as Glue has it, with its tags.
    pub(super) fn seen(mut self, aws: &Aws, there: &glue::Crawler, arn: String, platform: Tags) -> Self {
        (self.tags, self.tags_all) = tags::seen(aws, self.tags.as_ref(), platform);
        self.role = role::kept(&self.role, there.role().unwrap_or_default());
        there.database_name().unwrap_or_default().clone_into(&mut self.database_name);
        self.description = shown::text(self.description.as_ref(), there.description());
        let schedule = there.schedule().and_then(|schedule| schedule.schedule_expression());
        self.schedule = shown::text(self.schedule.as_ref(), schedule);
        self.table_prefix = shown::text(self.table_prefix.as_ref(), there.table_prefix());
        self.classifiers = shown::list(self.classifiers.as_ref(), there.classifiers());
        self.configuration = match there.configuration().filter(|json| !json.is_empty()) {
            // Glue gives a crawler of catalog tables a configuration of its own.
            Some(_) if self.configuration.is_none() && !self.catalog_target.is_empty() => None,
            Some(json) => Some(kept(self.configuration.as_deref(), json.to_owned(), same_json)),
            None => self.configuration.filter(String::is_empty),
        };
        let security = there.crawler_security_configuration();
        self.security_configuration = shown::text(self.security_configuration.as_ref(), security);
        if let Some(targets) = there.targets() {
            self.see_targets(targets);
        }
        self.see_policies(there);
        self.id = Computed::Known(self.name.clone());
        self.arn = Computed::Known(arn);
        self
    }

    /// Takes over policies, but for Glue's defaults where none are written.
    fn see_policies(&mut self, there: &glue::Crawler) {
        let text = |text: Option<&str>, default: &str| text.unwrap_or(default).to_owned();
        let change = there.schema_change_policy();
        let change = SchemaChangePolicy {
            update_behavior: text(
                change.and_then(|there| there.update_behavior()).map(|behavior| behavior.as_str()),
                "UPDATE_IN_DATABASE",
            ),
            delete_behavior: text(
                change.and_then(|there| there.delete_behavior()).map(|behavior| behavior.as_str()),
                "DEPRECATE_IN_DATABASE",
            ),
        };
        let usual = change.update_behavior == "UPDATE_IN_DATABASE" && change.delete_behavior == "DEPRECATE_IN_DATABASE";
        let written = self.schema_change_policy.is_some();
        self.schema_change_policy = Some(change).filter(|_| written || !usual);

        let recrawl =
            there.recrawl_policy().and_then(|there| there.recrawl_behavior()).map(|behavior| behavior.as_str());
        let recrawl = RecrawlPolicy { recrawl_behavior: text(recrawl, "CRAWL_EVERYTHING") };
        let written = self.recrawl_policy.is_some();
        self.recrawl_policy = Some(recrawl).filter(|own| written || own.recrawl_behavior != "CRAWL_EVERYTHING");

        let lineage = there.lineage_configuration().and_then(|there| there.crawler_lineage_settings());
        let lineage = text(lineage.map(|settings| settings.as_str()), "DISABLE");
        let lineage = LineageConfiguration { crawler_lineage_settings: lineage };
        let written = self.lineage_configuration.is_some();
        self.lineage_configuration = Some(lineage).filter(|own| written || own.crawler_lineage_settings != "DISABLE");

        let own = self.lake_formation_configuration.take();
        let lake = there.lake_formation_configuration();
        let used = lake.and_then(|there| there.use_lake_formation_credentials()).unwrap_or_default();
        let account = lake.and_then(|there| there.account_id()).filter(|account| !account.is_empty());
        if own.is_some() || used || account.is_some() {
            let written = own.is_none_or(|own| own.use_lake_formation_credentials.is_some());
            self.lake_formation_configuration = Some(LakeFormation {
                use_lake_formation_credentials: Some(used).filter(|used| *used || written),
                account_id: account.map(str::to_owned).into(),
            });
        }
    }

    pub(super) fn sent_change(&self) -> Option<glue::SchemaChangePolicy> {
        let policy = self.schema_change_policy.as_ref()?;
        let built = glue::SchemaChangePolicy::builder()
            .update_behavior(policy.update_behavior.as_str().into())
            .delete_behavior(policy.delete_behavior.as_str().into());
        Some(built.build())
    }

    pub(super) fn sent_recrawl(&self) -> Option<glue::RecrawlPolicy> {
        let policy = self.recrawl_policy.as_ref()?;
        Some(glue::RecrawlPolicy::builder().recrawl_behavior(policy.recrawl_behavior.as_str().into()).build())
    }

    pub(super) fn sent_lineage(&self) -> Option<glue::LineageConfiguration> {
        let settings = self.lineage_configuration.as_ref()?.crawler_lineage_settings.as_str();
        Some(glue::LineageConfiguration::builder().crawler_lineage_settings(settings.into()).build())
    }

    pub(super) fn sent_lake(&self) -> Option<glue::LakeFormationConfiguration> {
        let lake = self.lake_formation_configuration.as_ref()?;
        let built = glue::LakeFormationConfiguration::builder()
            .set_use_lake_formation_credentials(lake.use_lake_formation_credentials)
            .set_account_id(lake.account_id.known().cloned());
        Some(built.build())
    }
}
