//! What a state machine logs, whether its runs are traced, and how it is encrypted.

use aws_sdk_sfn::types::{
    CloudWatchLogsLogGroup, EncryptionConfiguration, EncryptionType, LogDestination, LogLevel, LoggingConfiguration,
    TracingConfiguration,
};
use mesh_provider::{Block, Failure};

use crate::failure::incomplete;

/// What is written to a log.
#[derive(Block, Clone, Debug, PartialEq, Eq)]
pub(crate) struct Logging {
    /// `OFF`, `ERROR`, `FATAL` or `ALL`.
    #[mesh(default = "OFF".to_owned())]
    pub level: String,
    /// Whether the data of runs is written too.
    #[mesh(default = false)]
    pub include_execution_data: bool,
    /// The log group's ARN, with `:*` at its end.
    pub log_destination: Option<String>,
}

/// Whether runs are traced.
#[derive(Block, Clone, Debug, PartialEq, Eq)]
pub(crate) struct Tracing {
    /// Whether they are, by X-Ray.
    #[mesh(default = false)]
    pub enabled: bool,
}

/// How definitions and runs are encrypted.
#[derive(Block, Clone, Debug, PartialEq, Eq)]
pub(crate) struct Encryption {
    /// `AWS_OWNED_KEY` or `CUSTOMER_MANAGED_KMS_KEY`.
    #[mesh(default = "AWS_OWNED_KEY".to_owned())]
    pub r#type: String,
    /// The key's id or ARN.
    pub kms_key_id: Option<String>,
    /// For how many seconds a data key is used again: 60 to 900.
    pub kms_data_key_reuse_period_seconds: Option<i32>,
}

impl Logging {
    /// None.
    pub(super) fn off() -> Self {
        Self { level: LogLevel::Off.as_str().to_owned(), include_execution_data: false, log_destination: None }
    }

    /// As AWS takes it.
    pub(super) fn to_api(&self) -> LoggingConfiguration {
        let destinations = self.log_destination.iter().map(|arn| {
            let group = CloudWatchLogsLogGroup::builder().log_group_arn(arn).build();
            LogDestination::builder().cloud_watch_logs_log_group(group).build()
        });
        LoggingConfiguration::builder()
            .level(LogLevel::from(self.level.as_str()))
            .include_execution_data(self.include_execution_data)
            .set_destinations(Some(destinations.collect()))
            .build()
    }

    /// What AWS has. None stays unwritten where nothing is written.
    pub(super) fn seen(written: Option<Self>, found: Option<&LoggingConfiguration>) -> Option<Self> {
        let group = |logging: &LoggingConfiguration| {
            let group = logging.destinations().first().and_then(LogDestination::cloud_watch_logs_log_group);
            group.and_then(CloudWatchLogsLogGroup::log_group_arn).map(str::to_owned)
        };
        let found = found.map_or_else(Self::off, |logging| Self {
            level: logging.level().map_or("OFF", LogLevel::as_str).to_owned(),
            include_execution_data: logging.include_execution_data(),
            log_destination: group(logging),
        });
        if written.is_none() && found == Self::off() { None } else { Some(found) }
    }
}

impl Tracing {
    /// None.
    pub(super) const fn off() -> Self {
        Self { enabled: false }
    }

    /// As AWS takes it.
    pub(super) fn to_api(&self) -> TracingConfiguration {
        TracingConfiguration::builder().enabled(self.enabled).build()
    }

    /// What AWS has. None stays unwritten where nothing is written.
    pub(super) fn seen(written: Option<&Self>, found: Option<&TracingConfiguration>) -> Option<Self> {
        let enabled = found.is_some_and(TracingConfiguration::enabled);
        (enabled || written.is_some()).then_some(Self { enabled })
    }
}

impl Encryption {
    /// By AWS's own key.
    pub(super) fn own() -> Self {
        let r#type = EncryptionType::AwsOwnedKey.as_str().to_owned();
        Self { r#type, kms_key_id: None, kms_data_key_reuse_period_seconds: None }
    }

    /// As AWS takes it.
    pub(super) fn to_api(&self) -> Result<EncryptionConfiguration, Failure> {
        EncryptionConfiguration::builder()
            .r#type(EncryptionType::from(self.r#type.as_str()))
            .set_kms_key_id(self.kms_key_id.clone())
            .set_kms_data_key_reuse_period_seconds(self.kms_data_key_reuse_period_seconds)
            .build()
            .map_err(incomplete)
    }

    /// What AWS has. Its own key stays unwritten where nothing is written.
    pub(super) fn seen(written: Option<Self>, found: Option<&EncryptionConfiguration>) -> Option<Self> {
        let found = found.map(|encryption| Self {
            r#type: encryption.r#type().as_str().to_owned(),
            kms_key_id: encryption.kms_key_id().map(str::to_owned),
            kms_data_key_reuse_period_seconds: encryption.kms_data_key_reuse_period_seconds(),
        });
        match written {
            Some(written) => Some(found.unwrap_or(written)),
            None => found.filter(|encryption| encryption.r#type != EncryptionType::AwsOwnedKey.as_str()),
        }
    }
}
