//! The parts of an application: as EMR Serverless takes them, and as it answers them.

use std::collections::{BTreeSet, HashMap};

use aws_sdk_emrserverless::types as sdk;
use mesh_provider::cost::Decimal;
use mesh_provider::{Computed, Failure};

use super::model::{
    Application, AutoStart, AutoStop, CloudWatchLogs, Image, InitialCapacity, InitialCapacityConfig, Interactive,
    LogTypes, ManagedLogs, MaximumCapacity, Monitoring, Network, Prometheus, Runtime, S3Logs, Scheduler, Worker,
};
use crate::failure::incomplete;

/// What an application is asked to be: the same for making and changing it.
pub(super) struct Request {
    pub(super) initial_capacity: HashMap<String, sdk::InitialCapacityConfig>,
    pub(super) maximum_capacity: Option<sdk::MaximumAllowedResources>,
    pub(super) auto_start: sdk::AutoStartConfig,
    pub(super) auto_stop: sdk::AutoStopConfig,
    pub(super) network: Option<sdk::NetworkConfiguration>,
    pub(super) image: Option<sdk::ImageConfigurationInput>,
    pub(super) interactive: Option<sdk::InteractiveConfiguration>,
    pub(super) scheduler: Option<sdk::SchedulerConfiguration>,
    pub(super) monitoring: Option<sdk::MonitoringConfiguration>,
    pub(super) runtime: Vec<sdk::Configuration>,
}

impl Request {
    pub(super) fn of(application: &Application) -> Result<Self, Failure> {
        let initial = application.initial_capacity.iter().filter_map(|capacity| {
            let config = capacity.initial_capacity_config.as_ref()?;
            Some(workers(config).map(|workers| (capacity.initial_capacity_type.clone(), workers)))
        });
        let maximum = application.maximum_capacity.as_ref().map(|most| {
            let limit = sdk::MaximumAllowedResources::builder().cpu(&most.cpu).memory(&most.memory);
            limit.set_disk(most.disk.known().cloned()).build().map_err(incomplete)
        });
        let start = application.auto_start_configuration.as_ref().is_none_or(|start| start.enabled);
        let stop = application.auto_stop_configuration.clone().unwrap_or_default();
        let network = application.network_configuration.as_ref().map(|network| {
            let list = |ids: &Option<BTreeSet<String>>| ids.as_ref().map(|ids| ids.iter().cloned().collect());
            sdk::NetworkConfiguration::builder()
                .set_subnet_ids(list(&network.subnet_ids))
                .set_security_group_ids(list(&network.security_group_ids))
                .build()
        });
        let image = application.image_configuration.as_ref();
        let image = image.map(|image| sdk::ImageConfigurationInput::builder().image_uri(&image.image_uri).build());
        let interactive = application.interactive_configuration.as_ref().map(|interactive| {
            sdk::InteractiveConfiguration::builder()
                .livy_endpoint_enabled(interactive.livy_endpoint_enabled)
                .studio_enabled(interactive.studio_enabled)
                .build()
        });
        let scheduler = application.scheduler_configuration.as_ref().map(|scheduler| {
            sdk::SchedulerConfiguration::builder()
                .set_max_concurrent_runs(scheduler.max_concurrent_runs)
                .set_queue_timeout_minutes(scheduler.queue_timeout_minutes)
                .build()
        });
        Ok(Self {
            initial_capacity: initial.collect::<Result<_, _>>()?,
            maximum_capacity: maximum.transpose()?,
            auto_start: sdk::AutoStartConfig::builder().enabled(start).build(),
            auto_stop: sdk::AutoStopConfig::builder()
                .enabled(stop.enabled)
                .idle_timeout_minutes(stop.idle_timeout_minutes)
                .build(),
            network,
            image,
            interactive,
            scheduler,
            monitoring: application.monitoring_configuration.as_ref().map(monitoring).transpose()?,
            runtime: application.runtime_configuration.iter().map(runtime).collect::<Result<_, _>>()?,
        })
    }

    /// For an application that exists: what is not written any more is sent empty, so that it goes.
    pub(super) fn emptying(mut self, prior: &Application) -> Self {
        if self.network.is_none() && prior.network_configuration.is_some() {
            self.network = Some(sdk::NetworkConfiguration::builder().build());
        }
        if self.image.is_none() && prior.image_configuration.is_some() {
            self.image = Some(sdk::ImageConfigurationInput::builder().build());
        }
        if self.interactive.is_none() && prior.interactive_configuration.is_some() {
            self.interactive = Some(
                sdk::InteractiveConfiguration::builder().livy_endpoint_enabled(false).studio_enabled(false).build(),
            );
        }
        if self.scheduler.is_none() && prior.scheduler_configuration.is_some() {
            self.scheduler = Some(sdk::SchedulerConfiguration::builder().build());
        }
        if self.monitoring.is_none() && prior.monitoring_configuration.is_some() {
            self.monitoring = Some(sdk::MonitoringConfiguration::builder().build());
        }
        self
    }
}

impl Default for AutoStop {
    fn default() -> Self {
        Self { enabled: true, idle_timeout_minutes: 15 }
    }
}

fn workers(config: &InitialCapacityConfig) -> Result<sdk::InitialCapacityConfig, Failure> {
    let worker = config.worker_configuration.as_ref().map(|worker| {
        let each = sdk::WorkerResourceConfig::builder().cpu(&worker.cpu).memory(&worker.memory);
        each.set_disk(worker.disk.clone()).build().map_err(incomplete)
    });
    sdk::InitialCapacityConfig::builder()
        .worker_count(config.worker_count)
        .set_worker_configuration(worker.transpose()?)
        .build()
        .map_err(incomplete)
}

fn monitoring(monitoring: &Monitoring) -> Result<sdk::MonitoringConfiguration, Failure> {
    let s3 = monitoring.s3_monitoring_configuration.as_ref().map(|s3| {
        let logs = sdk::S3MonitoringConfiguration::builder().set_log_uri(s3.log_uri.clone());
        logs.set_encryption_key_arn(s3.encryption_key_arn.clone()).build()
    });
    let cloudwatch = monitoring.cloudwatch_logging_configuration.as_ref().map(|logs| {
        let types = logs.log_types.iter().map(|types| (types.name.clone(), types.values.clone())).collect();
        sdk::CloudWatchLoggingConfiguration::builder()
            .enabled(logs.enabled)
            .set_log_group_name(logs.log_group_name.clone())
            .set_log_stream_name_prefix(logs.log_stream_name_prefix.clone())
            .set_encryption_key_arn(logs.encryption_key_arn.clone())
            .set_log_types((!logs.log_types.is_empty()).then_some(types))
            .build()
            .map_err(incomplete)
    });
    let managed = monitoring.managed_persistence_monitoring_configuration.as_ref().map(|managed| {
        let logs = sdk::ManagedPersistenceMonitoringConfiguration::builder().enabled(managed.enabled);
        logs.set_encryption_key_arn(managed.encryption_key_arn.clone()).build()
    });
    let prometheus = monitoring.prometheus_monitoring_configuration.as_ref().map(|prometheus| {
        let metrics = sdk::PrometheusMonitoringConfiguration::builder();
        metrics.set_remote_write_url(prometheus.remote_write_url.clone()).build()
    });
    Ok(sdk::MonitoringConfiguration::builder()
        .set_s3_monitoring_configuration(s3)
        .set_cloud_watch_logging_configuration(cloudwatch.transpose()?)
        .set_managed_persistence_monitoring_configuration(managed)
        .set_prometheus_monitoring_configuration(prometheus)
        .build())
}

fn runtime(own: &Runtime) -> Result<sdk::Configuration, Failure> {
    let properties = own.properties.clone().unwrap_or_default().into_iter().collect();
    let settings = sdk::Configuration::builder().classification(&own.classification);
    settings.set_properties(Some(properties)).build().map_err(incomplete)
}

/// Whether two amounts are the same, such as `4 vCPU` and `4vCPU`; one without a unit has the usual one.
/// The number of an amount such as `16 GB`, in the unit that is usual for it.
pub(super) fn amount(text: &str) -> Option<Decimal> {
    let text = text.trim();
    let end = text.find(|letter: char| !letter.is_ascii_digit() && letter != '.').unwrap_or(text.len());
    text.get(..end)?.parse().ok()
}

pub(super) fn same_amount(left: &str, right: &str) -> bool {
    let parts = |text: &str| {
        let text: String = text.chars().filter(|letter| !letter.is_whitespace()).collect();
        let end = text.find(|letter: char| !letter.is_ascii_digit() && letter != '.').unwrap_or(text.len());
        let (number, unit) = text.split_at(end);
        (number.parse::<f64>().ok(), unit.to_lowercase())
    };
    let ((left_number, left_unit), (right_number, right_unit)) = (parts(left), parts(right));
    left == right
        || left_number.is_some()
            && left_number == right_number
            && (left_unit == right_unit || left_unit.is_empty() || right_unit.is_empty())
}

/// The amount as it is written, where the platform's is the same.
fn kept(own: Option<&String>, platform: &str) -> String {
    own.filter(|own| same_amount(own, platform)).cloned().unwrap_or_else(|| platform.to_owned())
}

pub(super) fn initial_capacity(
    own: &BTreeSet<InitialCapacity>,
    there: Option<&HashMap<String, sdk::InitialCapacityConfig>>,
) -> BTreeSet<InitialCapacity> {
    let seen = |(kind, there): (&String, &sdk::InitialCapacityConfig)| {
        let own = own.iter().find(|own| own.initial_capacity_type == *kind);
        let own = own.and_then(|own| own.initial_capacity_config.as_ref());
        let worker = own.and_then(|own| own.worker_configuration.as_ref());
        // A disk that nobody wrote is the usual one.
        let is_disk_ours = worker.is_none_or(|worker| worker.disk.is_some());
        let seen = there.worker_configuration().map(|there| Worker {
            cpu: kept(worker.map(|own| &own.cpu), there.cpu()),
            memory: kept(worker.map(|own| &own.memory), there.memory()),
            disk: there
                .disk()
                .filter(|_| is_disk_ours)
                .map(|there| kept(worker.and_then(|own| own.disk.as_ref()), there)),
        });
        let config = InitialCapacityConfig { worker_count: there.worker_count(), worker_configuration: seen };
        InitialCapacity { initial_capacity_type: kind.clone(), initial_capacity_config: Some(config) }
    };
    there.into_iter().flatten().map(seen).collect()
}

pub(super) fn maximum_capacity(own: Option<&MaximumCapacity>, there: &sdk::MaximumAllowedResources) -> MaximumCapacity {
    let disk = own.and_then(|own| own.disk.known());
    MaximumCapacity {
        cpu: kept(own.map(|own| &own.cpu), there.cpu()),
        memory: kept(own.map(|own| &own.memory), there.memory()),
        disk: there.disk().map(|there| kept(disk, there)).into(),
    }
}

pub(super) fn auto_start(own: Option<&AutoStart>, there: Option<&sdk::AutoStartConfig>) -> Option<AutoStart> {
    let seen = AutoStart { enabled: there.and_then(|there| there.enabled()).unwrap_or(true) };
    (own.is_some() || !seen.enabled).then_some(seen)
}

pub(super) fn auto_stop(own: Option<&AutoStop>, there: Option<&sdk::AutoStopConfig>) -> Option<AutoStop> {
    let usual = AutoStop::default();
    let seen = AutoStop {
        enabled: there.and_then(|there| there.enabled()).unwrap_or(usual.enabled),
        idle_timeout_minutes: there
            .and_then(|there| there.idle_timeout_minutes())
            .unwrap_or(usual.idle_timeout_minutes),
    };
    (own.is_some() || seen != usual).then_some(seen)
}

pub(super) fn network(own: Option<&Network>, there: Option<&sdk::NetworkConfiguration>) -> Option<Network> {
    let set = |ids: &[String]| Some(ids.iter().cloned().collect::<BTreeSet<_>>()).filter(|ids| !ids.is_empty());
    let seen = there.map(|there| Network {
        subnet_ids: set(there.subnet_ids()),
        security_group_ids: set(there.security_group_ids()),
    });
    let empty = Network { subnet_ids: None, security_group_ids: None };
    seen.filter(|seen| own.is_some() || *seen != empty)
}

pub(super) fn image(there: Option<&sdk::ImageConfiguration>) -> Option<Image> {
    let uri = there.map(sdk::ImageConfiguration::image_uri).filter(|uri| !uri.is_empty());
    uri.map(|uri| Image { image_uri: uri.to_owned() })
}

pub(super) fn interactive(
    own: Option<&Interactive>,
    there: Option<&sdk::InteractiveConfiguration>,
) -> Option<Interactive> {
    let seen = Interactive {
        livy_endpoint_enabled: there.and_then(|there| there.livy_endpoint_enabled()).unwrap_or_default(),
        studio_enabled: there.and_then(|there| there.studio_enabled()).unwrap_or_default(),
    };
    (own.is_some() || seen != Interactive::default()).then_some(seen)
}

pub(super) fn scheduler(own: Option<&Scheduler>, there: Option<&sdk::SchedulerConfiguration>) -> Option<Scheduler> {
    // What is not written is EMR's choice.
    let (own, there) = (own?, there?);
    Some(Scheduler {
        max_concurrent_runs: own.max_concurrent_runs.and(there.max_concurrent_runs()),
        queue_timeout_minutes: own.queue_timeout_minutes.and(there.queue_timeout_minutes()),
    })
}

pub(super) fn monitoring_seen(
    own: Option<&Monitoring>,
    there: Option<&sdk::MonitoringConfiguration>,
) -> Option<Monitoring> {
    let Some(there) = there else { return own.filter(|own| **own == Monitoring::default()).cloned() };
    let text = |text: Option<&str>| text.map(str::to_owned);
    let cloudwatch = there.cloud_watch_logging_configuration().map(|there| CloudWatchLogs {
        enabled: there.enabled(),
        log_group_name: text(there.log_group_name()),
        log_stream_name_prefix: text(there.log_stream_name_prefix()),
        encryption_key_arn: text(there.encryption_key_arn()),
        log_types: log_types(there),
    });
    let managed = there.managed_persistence_monitoring_configuration().map(|there| ManagedLogs {
        enabled: there.enabled().unwrap_or(true),
        encryption_key_arn: text(there.encryption_key_arn()),
    });
    let is_usual = |managed: &ManagedLogs| managed.enabled && managed.encryption_key_arn.is_none();
    let is_managed_ours = own.is_some_and(|own| own.managed_persistence_monitoring_configuration.is_some());
    let seen = Monitoring {
        s3_monitoring_configuration: there.s3_monitoring_configuration().map(|there| S3Logs {
            log_uri: text(there.log_uri()),
            encryption_key_arn: text(there.encryption_key_arn()),
        }),
        cloudwatch_logging_configuration: cloudwatch,
        managed_persistence_monitoring_configuration: managed.filter(|managed| is_managed_ours || !is_usual(managed)),
        prometheus_monitoring_configuration: there
            .prometheus_monitoring_configuration()
            .map(|there| Prometheus { remote_write_url: text(there.remote_write_url()) }),
    };
    (own.is_some() || seen != Monitoring::default()).then_some(seen)
}

fn log_types(there: &sdk::CloudWatchLoggingConfiguration) -> BTreeSet<LogTypes> {
    let types = there.log_types().into_iter().flatten();
    types.map(|(name, values)| LogTypes { name: name.clone(), values: values.clone() }).collect()
}

pub(super) fn runtime_seen(own: &BTreeSet<Runtime>, there: &[sdk::Configuration]) -> BTreeSet<Runtime> {
    let seen = there.iter().map(|there| {
        let classification = there.classification().to_owned();
        let properties = there.properties().filter(|properties| !properties.is_empty());
        let properties = properties.map(|properties| properties.clone().into_iter().collect());
        let is_empty = |own: &&Runtime| own.properties.as_ref().is_some_and(|own| own.is_empty());
        let empty = own.iter().find(|own| own.classification == classification).filter(is_empty);
        Runtime { properties: properties.or_else(|| empty.and_then(|own| own.properties.clone())), classification }
    });
    seen.collect()
}

/// What is not known of the most that workers may be, where EMR Serverless can't be asked.
pub(super) fn settled(most: &mut MaximumCapacity) {
    if most.disk == Computed::Unknown {
        most.disk = Computed::Null;
    }
}

#[cfg(test)]
mod tests {
    use super::same_amount;

    #[test]
    fn amounts_are_compared_by_number_and_unit() {
        for (left, right, same) in [
            ("4 vCPU", "4vCPU", true),
            ("4", "4 vCPU", true),
            ("16 GB", "16.0gb", true),
            ("16 GB", "16 TB", false),
            ("4 vCPU", "8 vCPU", false),
        ] {
            assert_eq!(same_amount(left, right), same, "{left} {right}");
        }
    }
}
