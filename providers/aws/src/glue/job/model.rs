//! A job as the configuration has it, and how it and what Glue has become one another.

use aws_sdk_glue::types as glue;
use mesh_provider::{Block, Computed};
use mesh_value::Number;

use super::super::shown::{self, Parameters};
use super::super::{number, role};
use crate::platform::Aws;
use crate::tags::{self, Tags};

/// A program that Glue runs: in Spark, as a stream, in Ray or in a Python shell.
#[derive(Block, Clone, Debug, PartialEq, Eq)]
pub(crate) struct Job {
    /// Its name.
    #[mesh(replace)]
    pub name: String,
    /// The ARN of the role that it runs as.
    pub role_arn: String,
    /// What it runs.
    #[mesh(block)]
    pub command: Command,
    /// What it is for.
    pub description: Option<String>,
    /// The version of Glue, such as `5.0`, which says the versions of Spark and Python.
    #[mesh(optional)]
    pub glue_version: Computed<String>,
    /// The kind of its workers, such as `G.1X`.
    #[mesh(optional)]
    pub worker_type: Computed<String>,
    /// How many workers it gets.
    #[mesh(optional)]
    pub number_of_workers: Computed<i64>,
    /// How much it may use at once, in data processing units, instead of `worker_type` and `number_of_workers`: of a
    /// Python shell 0.0625 or 1.
    #[mesh(optional)]
    pub max_capacity: Computed<Number>,
    /// After how many minutes a run is ended.
    #[mesh(optional)]
    pub timeout: Computed<i64>,
    /// How often a run that failed is tried again, from 0 to 10.
    #[mesh(default = 0)]
    pub max_retries: i64,
    /// How many runs there may be at the same time.
    #[mesh(block)]
    pub execution_property: Option<ExecutionProperty>,
    /// Arguments, which a run can change. Not for secrets: whoever may read the job reads them.
    pub default_arguments: Option<Parameters>,
    /// Arguments that a run can't change.
    pub non_overridable_arguments: Option<Parameters>,
    /// The connections that it uses.
    pub connections: Option<Vec<String>>,
    /// When to tell that a run takes long.
    #[mesh(block)]
    pub notification_property: Option<Notification>,
    /// The security configuration of its runs: how what they write is encrypted.
    pub security_configuration: Option<String>,
    /// `STANDARD`, or `FLEX` for runs that can wait for spare capacity and cost less.
    pub execution_class: Option<String>,
    /// When streams may be started anew for updates, such as `Sun:10`.
    pub maintenance_window: Option<String>,
    /// Whether runs wait their turn instead of failing where there is no capacity for them.
    pub job_run_queuing_enabled: Option<bool>,
    /// What it is made with: `SCRIPT`, `VISUAL` or `NOTEBOOK`.
    #[mesh(optional)]
    pub job_mode: Computed<String>,
    /// Its tags.
    pub tags: Option<Tags>,
    /// All its tags, with those that the provider block gives to every resource.
    pub tags_all: Computed<Tags>,
    /// Its name.
    pub id: Computed<String>,
    /// Its ARN.
    pub arn: Computed<String>,
}

/// What a job runs.
#[derive(Block, Clone, Debug, PartialEq, Eq)]
pub(crate) struct Command {
    /// `glueetl` for Spark, `gluestreaming` for a stream, `pythonshell`, or `glueray`.
    #[mesh(default = "glueetl")]
    pub name: String,
    /// Where the script is, such as `s3://code/orders.py`.
    pub script_location: String,
    /// The version of Python: 2, 3 or 3.9.
    #[mesh(optional)]
    pub python_version: Computed<String>,
    /// Of Ray: the version of its libraries, such as `Ray2.4`.
    #[mesh(optional)]
    pub runtime: Computed<String>,
}

/// How many runs there may be at the same time.
#[derive(Block, Clone, Debug, PartialEq, Eq)]
pub(crate) struct ExecutionProperty {
    /// How many.
    #[mesh(default = 1)]
    pub max_concurrent_runs: i64,
}

/// When to tell that a run takes long.
#[derive(Block, Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Notification {
    /// After how many minutes.
    pub notify_delay_after: Option<i64>,
}

impl Job {
    /// One of which only the name is known.
    pub(super) fn blank(name: &str) -> Self {
        let command = Command {
            name: String::new(),
            script_location: String::new(),
            python_version: Computed::Unknown,
            runtime: Computed::Unknown,
        };
        Self {
            name: name.to_owned(),
            role_arn: String::new(),
            command,
            description: None,
            glue_version: Computed::Unknown,
            worker_type: Computed::Unknown,
            number_of_workers: Computed::Unknown,
            max_capacity: Computed::Unknown,
            timeout: Computed::Unknown,
            max_retries: 0,
            execution_property: None,
            default_arguments: None,
            non_overridable_arguments: None,
            connections: None,
            notification_property: None,
            security_configuration: None,
            execution_class: None,
            maintenance_window: None,
            job_run_queuing_enabled: None,
            job_mode: Computed::Unknown,
            tags: None,
            tags_all: Computed::Unknown,
            id: Computed::Unknown,
            arn: Computed::Unknown,
        }
    }

    /// Whether it is sized by `max_capacity` rather than by workers, as [`plan_size`](super::plan_size) plans it.
    pub(super) fn is_sized_by_capacity(&self) -> bool {
        self.max_capacity.known().is_some() && self.number_of_workers == Computed::Null
    }

    /// The job as Glue has it, with its tags.
    pub(super) fn seen(mut self, aws: &Aws, there: &glue::Job, arn: String, platform: Tags) -> Self {
        (self.tags, self.tags_all) = tags::seen(aws, self.tags.as_ref(), platform);
        let text = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
        self.role_arn = role::kept(&self.role_arn, there.role().unwrap_or_default());
        let command = there.command();
        let said = |text: fn(&glue::JobCommand) -> Option<&str>| command.and_then(text).map(str::to_owned);
        self.command = Command {
            name: said(|command| command.name()).unwrap_or(self.command.name),
            script_location: said(|command| command.script_location()).unwrap_or(self.command.script_location),
            python_version: command.and_then(|command| command.python_version()).and_then(text).into(),
            runtime: command.and_then(|command| command.runtime()).and_then(text).into(),
        };
        self.description = shown::text(self.description.as_ref(), there.description());
        self.glue_version = there.glue_version().and_then(text).into();
        self.see_size(there);
        let endless = Some(0).filter(|_| self.timeout.known() == Some(&0));
        self.timeout = there.timeout().filter(|timeout| *timeout != 0).map(i64::from).or(endless).into();
        self.max_retries = there.max_retries().into();
        let runs = there.execution_property().map_or(0, |there| there.max_concurrent_runs());
        // One at a time is what Glue says of a job about which nothing is written.
        self.execution_property = match runs {
            0 => None,
            1 if self.execution_property.is_none() => None,
            runs => Some(ExecutionProperty { max_concurrent_runs: runs.into() }),
        };
        self.default_arguments = shown::map(self.default_arguments.as_ref(), there.default_arguments());
        self.non_overridable_arguments =
            shown::map(self.non_overridable_arguments.as_ref(), there.non_overridable_arguments());
        let connections = there.connections().map_or(&[][..], |there| there.connections());
        self.connections = shown::list(self.connections.as_ref(), connections);
        let delay = there.notification_property().and_then(|there| there.notify_delay_after()).map(i64::from);
        let blank = self.notification_property.filter(|own| own.notify_delay_after.is_none());
        self.notification_property = delay.map(|delay| Notification { notify_delay_after: Some(delay) }).or(blank);
        self.security_configuration = shown::text(self.security_configuration.as_ref(), there.security_configuration());
        let class = there.execution_class().map(|class| class.as_str());
        let class = class.filter(|class| *class != "STANDARD" || self.execution_class.is_some());
        self.execution_class = class.map(str::to_owned);
        self.maintenance_window = shown::text(self.maintenance_window.as_ref(), there.maintenance_window());
        let queued = there.job_run_queuing_enabled().unwrap_or_default();
        self.job_run_queuing_enabled = Some(queued).filter(|queued| *queued || self.job_run_queuing_enabled.is_some());
        self.job_mode = there.job_mode().map(|mode| mode.as_str().to_owned()).into();
        self.id = Computed::Known(self.name.clone());
        self.arn = Computed::Known(arn);
        self
    }

    /// Of a job that is sized by its capacity, Glue may show workers too. They are not its size.
    fn see_size(&mut self, there: &glue::Job) {
        let capacity = there.max_capacity().filter(|capacity| *capacity > 0.0);
        let capacity: Computed<Number> = capacity.and_then(|capacity| Number::from_f64(capacity).ok()).into();
        if self.is_sized_by_capacity() && (self.max_capacity == capacity || there.number_of_workers().is_none()) {
            self.max_capacity = capacity;
            return;
        }
        self.max_capacity = capacity;
        self.worker_type = there.worker_type().map(|ty| ty.as_str().to_owned()).into();
        self.number_of_workers = there.number_of_workers().map(i64::from).into();
    }

    /// The kind and number of workers, and the capacity, as a request holds them: Glue takes one or the other.
    pub(super) fn size(&self) -> (Option<glue::WorkerType>, Option<i32>, Option<f64>) {
        if self.is_sized_by_capacity() {
            return (None, None, self.max_capacity.known().map(Number::to_f64));
        }
        let ty = self.worker_type.known().map(|ty| glue::WorkerType::from(ty.as_str()));
        let workers = self.number_of_workers.known().copied().map(number);
        let capacity = self.max_capacity.known().filter(|_| ty.is_none() && workers.is_none());
        (ty, workers, capacity.map(Number::to_f64))
    }

    /// What it runs, as a request holds it.
    pub(super) fn sent_command(&self) -> glue::JobCommand {
        let Command { name, script_location, python_version, runtime } = &self.command;
        glue::JobCommand::builder()
            .name(name)
            .script_location(script_location)
            .set_python_version(python_version.known().cloned())
            .set_runtime(runtime.known().cloned())
            .build()
    }

    pub(super) fn sent_connections(&self) -> Option<glue::ConnectionsList> {
        let names = self.connections.clone();
        names.map(|names| glue::ConnectionsList::builder().set_connections(Some(names)).build())
    }

    pub(super) fn sent_property(&self) -> Option<glue::ExecutionProperty> {
        let property = self.execution_property.as_ref();
        property
            .map(|own| glue::ExecutionProperty::builder().max_concurrent_runs(number(own.max_concurrent_runs)).build())
    }

    pub(super) fn sent_notification(&self) -> Option<glue::NotificationProperty> {
        let delay = self.notification_property.as_ref()?.notify_delay_after.map(number);
        Some(glue::NotificationProperty::builder().set_notify_delay_after(delay).build())
    }

    pub(super) fn sent_class(&self) -> Option<glue::ExecutionClass> {
        self.execution_class.as_deref().map(glue::ExecutionClass::from)
    }

    pub(super) fn sent_mode(&self) -> Option<glue::JobMode> {
        self.job_mode.known().map(|mode| glue::JobMode::from(mode.as_str()))
    }

    /// What replaces `prior`, as a request holds it. Glue overwrites the whole job: what only `there` says stays.
    pub(super) fn update(&self, prior: &Self, there: &glue::Job) -> glue::JobUpdate {
        let (worker_type, workers, capacity) = self.size();
        glue::JobUpdate::builder()
            .set_job_mode(self.sent_mode())
            .set_job_run_queuing_enabled(self.job_run_queuing_enabled)
            .set_description(shown::cleared(prior.description.as_ref(), self.description.as_ref()))
            .set_log_uri(there.log_uri.clone())
            .role(&self.role_arn)
            .set_execution_property(self.sent_property())
            .command(self.sent_command())
            .set_default_arguments(shown::cleared_map(
                prior.default_arguments.as_ref(),
                self.default_arguments.as_ref(),
            ))
            .set_non_overridable_arguments(shown::cleared_map(
                prior.non_overridable_arguments.as_ref(),
                self.non_overridable_arguments.as_ref(),
            ))
            .set_connections(
                self.sent_connections()
                    .or_else(|| prior.connections.as_ref().map(|_| glue::ConnectionsList::builder().build())),
            )
            .max_retries(number(self.max_retries))
            .set_timeout(self.timeout.known().copied().map(number))
            .set_max_capacity(capacity)
            .set_worker_type(worker_type)
            .set_number_of_workers(workers)
            .set_security_configuration(self.security_configuration.clone())
            .set_notification_property(self.sent_notification())
            .set_glue_version(self.glue_version.known().cloned())
            .set_code_gen_configuration_nodes(there.code_gen_configuration_nodes.clone())
            .set_execution_class(self.sent_class())
            .set_source_control_details(there.source_control_details.clone())
            .set_maintenance_window(self.maintenance_window.clone())
            .build()
    }
}
