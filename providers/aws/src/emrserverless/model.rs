//! What one writes for an application, and what is known of it afterwards.

use std::collections::{BTreeMap, BTreeSet};

use mesh_provider::{Block, Computed};

use crate::tags::Tags;

/// An application of EMR Serverless: it runs jobs of Spark or Hive, and costs money only while it has workers.
///
/// A change of its settings needs it stopped: it is stopped for that where no job runs, and started again with the next
/// job or, where `auto_start_configuration` says that jobs don't start it, at once.
#[derive(Block, Clone, Debug, PartialEq, Eq)]
pub(crate) struct Application {
    /// Its name. Applications may have the same.
    #[mesh(replace)]
    pub name: String,
    /// The release of EMR, such as `emr-7.9.0`.
    pub release_label: String,
    /// What it runs: `spark` or `hive`.
    #[mesh(name = "type", replace)]
    pub kind: String,
    /// The workers' processors: `X86_64` or `ARM64`.
    #[mesh(default = "X86_64")]
    pub architecture: String,
    /// Workers that are ready before a job needs them. They cost money as long as the application is started.
    #[mesh(block)]
    pub initial_capacity: BTreeSet<InitialCapacity>,
    /// The most that all workers together may be. To have no limit any more needs a new application.
    #[mesh(block)]
    pub maximum_capacity: Option<MaximumCapacity>,
    /// Whether a job starts it. It does where nothing is written.
    #[mesh(block)]
    pub auto_start_configuration: Option<AutoStart>,
    /// When it stops by itself: after 15 minutes without a job where nothing is written.
    #[mesh(block)]
    pub auto_stop_configuration: Option<AutoStop>,
    /// The network that workers reach data in.
    #[mesh(block)]
    pub network_configuration: Option<Network>,
    /// The image that workers run, where it is not EMR's own.
    #[mesh(block)]
    pub image_configuration: Option<Image>,
    /// What people may use interactively.
    #[mesh(block)]
    pub interactive_configuration: Option<Interactive>,
    /// How jobs wait for each other.
    #[mesh(block)]
    pub scheduler_configuration: Option<Scheduler>,
    /// Where logs go, where it is not EMR's own storage only.
    #[mesh(block)]
    pub monitoring_configuration: Option<Monitoring>,
    /// Settings of all jobs.
    #[mesh(block)]
    pub runtime_configuration: BTreeSet<Runtime>,
    /// Its tags.
    pub tags: Option<Tags>,
    /// All its tags, with those that the provider block gives to every resource.
    pub tags_all: Computed<Tags>,
    /// Its id.
    pub id: Computed<String>,
    /// Its ARN.
    pub arn: Computed<String>,
}

/// Workers of one kind that are ready.
#[derive(Block, Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct InitialCapacity {
    /// Which: `Driver` or `Executor` of Spark, `HiveDriver` or `TezTask` of Hive.
    pub initial_capacity_type: String,
    /// How many, and what each is.
    #[mesh(block)]
    pub initial_capacity_config: Option<InitialCapacityConfig>,
}

/// How many workers, and what each is.
#[derive(Block, Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct InitialCapacityConfig {
    /// How many.
    pub worker_count: i64,
    /// What each is.
    #[mesh(block)]
    pub worker_configuration: Option<Worker>,
}

/// What a worker is.
#[derive(Block, Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Worker {
    /// Its processors, such as `4 vCPU`.
    pub cpu: String,
    /// Its memory, such as `16 GB`.
    pub memory: String,
    /// Its disk, such as `20 GB`.
    pub disk: Option<String>,
}

/// The most that all workers together may be.
#[derive(Block, Clone, Debug, PartialEq, Eq)]
pub(crate) struct MaximumCapacity {
    /// Their processors, such as `400 vCPU`.
    pub cpu: String,
    /// Their memory, such as `3000 GB`.
    pub memory: String,
    /// Their disks, such as `20000 GB`.
    #[mesh(optional)]
    pub disk: Computed<String>,
}

/// Whether a job starts the application.
#[derive(Block, Clone, Debug, PartialEq, Eq)]
pub(crate) struct AutoStart {
    /// Whether it does.
    #[mesh(default = true)]
    pub enabled: bool,
}

/// When the application stops by itself.
#[derive(Block, Clone, Debug, PartialEq, Eq)]
pub(crate) struct AutoStop {
    /// Whether it does.
    #[mesh(default = true)]
    pub enabled: bool,
    /// After how many minutes without a job: 1 to 10080.
    #[mesh(default = 15)]
    pub idle_timeout_minutes: i32,
}

/// The network that workers reach data in.
#[derive(Block, Clone, Debug, PartialEq, Eq)]
pub(crate) struct Network {
    /// The subnets.
    pub subnet_ids: Option<BTreeSet<String>>,
    /// The security groups.
    pub security_group_ids: Option<BTreeSet<String>>,
}

/// The image that workers run.
#[derive(Block, Clone, Debug, PartialEq, Eq)]
pub(crate) struct Image {
    /// Its address in ECR.
    pub image_uri: String,
}

/// What people may use interactively.
#[derive(Block, Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Interactive {
    /// Whether programs may speak Livy with it.
    #[mesh(default = false)]
    pub livy_endpoint_enabled: bool,
    /// Whether notebooks of EMR Studio may use it.
    #[mesh(default = false)]
    pub studio_enabled: bool,
}

/// How jobs wait for each other.
#[derive(Block, Clone, Debug, PartialEq, Eq)]
pub(crate) struct Scheduler {
    /// How many jobs run at once: 1 to 1000.
    pub max_concurrent_runs: Option<i32>,
    /// How many minutes a job waits at most: 15 to 720.
    pub queue_timeout_minutes: Option<i32>,
}

/// Where logs go.
#[derive(Block, Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Monitoring {
    /// To S3.
    #[mesh(block)]
    pub s3_monitoring_configuration: Option<S3Logs>,
    /// To CloudWatch.
    #[mesh(block)]
    pub cloudwatch_logging_configuration: Option<CloudWatchLogs>,
    /// To EMR's own storage, from which its pages show them. They go there where nothing is written.
    #[mesh(block)]
    pub managed_persistence_monitoring_configuration: Option<ManagedLogs>,
    /// Metrics to Prometheus.
    #[mesh(block)]
    pub prometheus_monitoring_configuration: Option<Prometheus>,
}

/// Logs in S3.
#[derive(Block, Clone, Debug, PartialEq, Eq)]
pub(crate) struct S3Logs {
    /// Where, such as `s3://logs/spark/`.
    pub log_uri: Option<String>,
    /// The key that encrypts them: its ARN.
    pub encryption_key_arn: Option<String>,
}

/// Logs in CloudWatch.
#[derive(Block, Clone, Debug, PartialEq, Eq)]
pub(crate) struct CloudWatchLogs {
    /// Whether they go there.
    pub enabled: bool,
    /// The group.
    pub log_group_name: Option<String>,
    /// What the streams' names begin with.
    pub log_stream_name_prefix: Option<String>,
    /// The key that encrypts them: its ARN.
    pub encryption_key_arn: Option<String>,
    /// Which logs of which workers.
    #[mesh(block)]
    pub log_types: BTreeSet<LogTypes>,
}

/// Logs of one kind of worker.
#[derive(Block, Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct LogTypes {
    /// The kind of worker, such as `SPARK_DRIVER`.
    pub name: String,
    /// Which, such as `["STDOUT", "STDERR"]`.
    pub values: Vec<String>,
}

/// Logs in EMR's own storage.
#[derive(Block, Clone, Debug, PartialEq, Eq)]
pub(crate) struct ManagedLogs {
    /// Whether they go there.
    #[mesh(default = true)]
    pub enabled: bool,
    /// The key that encrypts them: its ARN.
    pub encryption_key_arn: Option<String>,
}

/// Metrics in Prometheus.
#[derive(Block, Clone, Debug, PartialEq, Eq)]
pub(crate) struct Prometheus {
    /// Where they are written to.
    pub remote_write_url: Option<String>,
}

/// Settings of all jobs for one file.
#[derive(Block, Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Runtime {
    /// Which file, such as `spark-defaults`.
    pub classification: String,
    /// Its settings.
    pub properties: Option<BTreeMap<String, String>>,
}
