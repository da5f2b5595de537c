//! A trigger as the configuration has it, and how it and what Glue has become one another.

use aws_sdk_glue::types as glue;
use mesh_provider::{Block, Computed, Failure};

use super::super::number;
use super::super::shown::{self, Parameters};
use crate::failure::incomplete;
use crate::platform::Aws;
use crate::tags::{self, Tags};

/// What starts jobs and crawlers: a schedule, what became of others, an event, or somebody.
#[derive(Block, Clone, Debug, PartialEq, Eq)]
pub(crate) struct Trigger {
    /// Its name.
    #[mesh(replace)]
    pub name: String,
    /// `SCHEDULED`, `CONDITIONAL`, `ON_DEMAND` or `EVENT`.
    #[mesh(replace)]
    pub r#type: String,
    /// What it starts.
    #[mesh(block, min = 1)]
    pub actions: Vec<Action>,
    /// Of a `CONDITIONAL` trigger: what it waits for.
    #[mesh(block)]
    pub predicate: Option<Predicate>,
    /// Of a `SCHEDULED` trigger: when, such as `cron(15 12 * * ? *)`.
    pub schedule: Option<String>,
    /// Of an `EVENT` trigger: how many events it waits for, and how long.
    #[mesh(block)]
    pub event_batching_condition: Option<EventBatching>,
    /// The workflow that it belongs to.
    #[mesh(replace)]
    pub workflow_name: Option<String>,
    /// What it is for.
    pub description: Option<String>,
    /// Whether a `SCHEDULED` or `CONDITIONAL` trigger is active. The others always are.
    #[mesh(default = true)]
    pub enabled: bool,
    /// Whether it is active as soon as it is made. `enabled` says so too and has the last word.
    pub start_on_creation: Option<bool>,
    /// Its tags.
    pub tags: Option<Tags>,
    /// All its tags, with those that the provider block gives to every resource.
    pub tags_all: Computed<Tags>,
    /// What state it is in, such as `ACTIVATED`.
    pub state: Computed<String>,
    /// Its name.
    pub id: Computed<String>,
    /// Its ARN.
    pub arn: Computed<String>,
}

/// Something that a trigger starts.
#[derive(Block, Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Action {
    /// The job. Either this or `crawler_name`.
    pub job_name: Option<String>,
    /// The crawler. Either this or `job_name`.
    pub crawler_name: Option<String>,
    /// Arguments of the job, over its own.
    pub arguments: Option<Parameters>,
    /// After how many minutes the job's run is ended.
    pub timeout: Option<i64>,
    /// The security configuration of the job's run.
    pub security_configuration: Option<String>,
    /// When to tell that a run takes long.
    #[mesh(block)]
    pub notification_property: Option<Notification>,
}

/// When to tell that a run takes long.
#[derive(Block, Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Notification {
    /// After how many minutes.
    pub notify_delay_after: Option<i64>,
}

/// What a trigger waits for.
#[derive(Block, Clone, Debug, PartialEq, Eq)]
pub(crate) struct Predicate {
    /// `AND`: all conditions. `ANY`: one of them.
    #[mesh(default = "AND")]
    pub logical: String,
    /// The conditions.
    #[mesh(block, min = 1)]
    pub conditions: Vec<Condition>,
}

/// What must have become of a job or crawler.
#[derive(Block, Clone, Debug, PartialEq, Eq)]
pub(crate) struct Condition {
    /// The job. Either this or `crawler_name`.
    pub job_name: Option<String>,
    /// What must have become of the job: `SUCCEEDED`, `STOPPED`, `TIMEOUT` or `FAILED`.
    pub state: Option<String>,
    /// The crawler. Either this or `job_name`.
    pub crawler_name: Option<String>,
    /// What must have become of the crawler: `RUNNING`, `CANCELLING`, `CANCELLED`, `SUCCEEDED`, `FAILED` or `ERROR`.
    pub crawl_state: Option<String>,
    /// `EQUALS`.
    #[mesh(default = "EQUALS")]
    pub logical_operator: String,
}

/// How many events a trigger waits for, and how long.
#[derive(Block, Clone, Debug, PartialEq, Eq)]
pub(crate) struct EventBatching {
    /// How many, from 1 to 100.
    pub batch_size: i64,
    /// How many seconds after the first of them, from 1 to 900.
    #[mesh(default = 900)]
    pub batch_window: i64,
}

impl Trigger {
    /// One of which only the name is known.
    pub(super) fn blank(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            r#type: String::new(),
            actions: Vec::new(),
            predicate: None,
            schedule: None,
            event_batching_condition: None,
            workflow_name: None,
            description: None,
            enabled: true,
            start_on_creation: None,
            tags: None,
            tags_all: Computed::Unknown,
            state: Computed::Unknown,
            id: Computed::Unknown,
            arn: Computed::Unknown,
        }
    }

    /// Whether it is one that is active or not. The others wait for somebody or for an event whatever their state.
    pub(super) fn is_switched(&self) -> bool {
        matches!(self.r#type.as_str(), "SCHEDULED" | "CONDITIONAL")
    }

    /// The trigger as Glue has it, with its tags.
    pub(super) fn seen(mut self, aws: &Aws, there: &glue::Trigger, arn: String, platform: Tags) -> Self {
        (self.tags, self.tags_all) = tags::seen(aws, self.tags.as_ref(), platform);
        if let Some(ty) = there.r#type() {
            ty.as_str().clone_into(&mut self.r#type);
        }
        let blank = Action::default();
        let own = |index: usize| self.actions.get(index).unwrap_or(&blank);
        let actions = there.actions().iter().enumerate().map(|(index, action)| Action::seen(own(index), action));
        self.actions = actions.collect();
        self.predicate = there.predicate().filter(|there| !there.conditions().is_empty()).map(Predicate::seen);
        self.schedule = shown::text(self.schedule.as_ref(), there.schedule());
        self.event_batching_condition = there.event_batching_condition().map(|there| EventBatching {
            batch_size: there.batch_size().into(),
            batch_window: there.batch_window().map_or(900, i64::from),
        });
        self.workflow_name = shown::text(self.workflow_name.as_ref(), there.workflow_name());
        self.description = shown::text(self.description.as_ref(), there.description());
        self.enabled = !self.is_switched() || is_active(there);
        self.state = there.state().map(|state| state.as_str().to_owned()).into();
        self.id = Computed::Known(self.name.clone());
        self.arn = Computed::Known(arn);
        self
    }

    /// What it starts, as a request holds it.
    pub(super) fn sent_actions(&self) -> Vec<glue::Action> {
        self.actions.iter().map(Action::sent).collect()
    }

    /// How many events it waits for, as a request holds it.
    pub(super) fn sent_batching(&self) -> Result<Option<glue::EventBatchingCondition>, Failure> {
        let Some(batching) = &self.event_batching_condition else { return Ok(None) };
        let built = glue::EventBatchingCondition::builder()
            .batch_size(number(batching.batch_size))
            .batch_window(number(batching.batch_window))
            .build();
        built.map(Some).map_err(incomplete)
    }

    /// What replaces `prior`, as a request holds it; `None` where that is the same.
    pub(super) fn change(&self, prior: &Self) -> Result<Option<glue::TriggerUpdate>, Failure> {
        let update = |to: &Self| -> Result<_, Failure> {
            let built = glue::TriggerUpdate::builder()
                .set_description(shown::cleared(prior.description.as_ref(), to.description.as_ref()))
                .set_schedule(to.schedule.clone())
                .set_actions(Some(to.sent_actions()))
                .set_predicate(to.predicate.as_ref().map(Predicate::sent))
                .set_event_batching_condition(to.sent_batching()?);
            Ok(built.build())
        };
        let (before, after) = (update(prior)?, update(self)?);
        Ok((before != after).then_some(after))
    }
}

/// Whether Glue says that a trigger is active.
pub(super) fn is_active(there: &glue::Trigger) -> bool {
    matches!(there.state(), Some(glue::TriggerState::Activated | glue::TriggerState::Activating))
}

/// Whether Glue is about to change a trigger.
pub(super) fn is_moving(there: &glue::Trigger) -> bool {
    use glue::TriggerState::{Activating, Creating, Deactivating, Deleting, Updating};
    matches!(there.state(), Some(Activating | Creating | Deactivating | Deleting | Updating))
}

impl Action {
    fn seen(own: &Self, there: &glue::Action) -> Self {
        let delay = there.notification_property().and_then(|there| there.notify_delay_after()).map(i64::from);
        let blank = own.notification_property.clone().filter(|own| own.notify_delay_after.is_none());
        Self {
            job_name: shown::text(own.job_name.as_ref(), there.job_name()),
            crawler_name: shown::text(own.crawler_name.as_ref(), there.crawler_name()),
            arguments: shown::map(own.arguments.as_ref(), there.arguments()),
            timeout: shown::number(own.timeout, there.timeout().unwrap_or_default()),
            security_configuration: shown::text(own.security_configuration.as_ref(), there.security_configuration()),
            notification_property: delay.map(|delay| Notification { notify_delay_after: Some(delay) }).or(blank),
        }
    }

    fn sent(&self) -> glue::Action {
        let notification = self.notification_property.as_ref().map(|notification| {
            let delay = notification.notify_delay_after.map(number);
            glue::NotificationProperty::builder().set_notify_delay_after(delay).build()
        });
        glue::Action::builder()
            .set_job_name(self.job_name.clone())
            .set_crawler_name(self.crawler_name.clone())
            .set_arguments(shown::sent(self.arguments.as_ref()))
            .set_timeout(self.timeout.map(number))
            .set_security_configuration(self.security_configuration.clone())
            .set_notification_property(notification)
            .build()
    }
}

impl Predicate {
    fn seen(there: &glue::Predicate) -> Self {
        let owned = |text: &str| text.to_owned();
        let conditions = there.conditions().iter().map(|condition| Condition {
            job_name: condition.job_name().map(owned),
            state: condition.state().map(|state| owned(state.as_str())),
            crawler_name: condition.crawler_name().map(owned),
            crawl_state: condition.crawl_state().map(|state| owned(state.as_str())),
            logical_operator: condition.logical_operator().map_or("EQUALS", |operator| operator.as_str()).to_owned(),
        });
        let logical = there.logical().map_or("AND", |logical| logical.as_str()).to_owned();
        Self { logical, conditions: conditions.collect() }
    }

    /// The predicate as a request holds it.
    pub(super) fn sent(&self) -> glue::Predicate {
        let conditions = self.conditions.iter().map(|condition| {
            glue::Condition::builder()
                .set_job_name(condition.job_name.clone())
                .set_state(condition.state.as_deref().map(glue::JobRunState::from))
                .set_crawler_name(condition.crawler_name.clone())
                .set_crawl_state(condition.crawl_state.as_deref().map(glue::CrawlState::from))
                .logical_operator(glue::LogicalOperator::from(condition.logical_operator.as_str()))
                .build()
        });
        glue::Predicate::builder()
            .logical(glue::Logical::from(self.logical.as_str()))
            .set_conditions(Some(conditions.collect()))
            .build()
    }
}
