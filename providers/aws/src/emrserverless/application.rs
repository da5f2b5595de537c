//! `aws_emrserverless_application`: what runs jobs of Spark or Hive without a cluster to look after.

use std::collections::BTreeSet;
use std::time::Duration;

use aws_sdk_emrserverless::types::{Application as Described, ApplicationState as State, Architecture};
use mesh_provider::cost::{CostRequest, Costs, Saving, UsageParameter};
use mesh_provider::{
    ChangeError, Computed, Draft, Failure, Found, Operation, Permissions, ProviderDiagnostic, ResourceType,
};
use mesh_value::{AttributePath, Value};

use super::model::Application;
use super::parts::{self, Request};
use super::{cost, savings};
use crate::check;
use crate::document;
use crate::failure::{Outcome as _, Sent};
use crate::many::each;
use crate::names;
use crate::platform::Aws;
use crate::tags::{self, Retagging, Tags};
use crate::waiting;

const ABSENT: &[&str] = &["ResourceNotFoundException"];

/// The resource type `aws_emrserverless_application`.
pub(crate) struct ApplicationType;

/// An application that is there; `None` where it is gone.
async fn described(aws: &Aws, id: &str) -> Result<Option<Described>, Failure> {
    let answer = aws.emrserverless().get_application().application_id(id).send().await;
    let answer = answer.found("emr-serverless:GetApplication", ABSENT)?;
    Ok(answer.and_then(|answer| answer.application).filter(|there| *there.state() != State::Terminated))
}

fn tags_of(there: &Described) -> Tags {
    there.tags().into_iter().flatten().map(|(key, value)| (key.clone(), value.clone())).collect()
}

/// Waits until an application is in one of these states.
async fn until(aws: &Aws, id: &str, states: &[State], operation: &Operation) -> Result<Described, Failure> {
    let doing = format!("waiting for application `{id}`");
    waiting::until(operation, &doing, || async {
        let Some(there) = described(aws, id).await? else {
            let detail = format!("The application `{id}` is not there any more.");
            return Err(Failure::new("Application is gone", detail));
        };
        operation.report(there.state().as_str());
        Ok(states.contains(there.state()).then_some(there))
    })
    .await
}

impl Application {
    fn seen(mut self, aws: &Aws, there: &Described) -> Self {
        there.release_label().clone_into(&mut self.release_label);
        there.architecture().map_or("X86_64", Architecture::as_str).clone_into(&mut self.architecture);
        self.initial_capacity = parts::initial_capacity(&self.initial_capacity, there.initial_capacity());
        self.maximum_capacity =
            there.maximum_capacity().map(|most| parts::maximum_capacity(self.maximum_capacity.as_ref(), most));
        self.auto_start_configuration =
            parts::auto_start(self.auto_start_configuration.as_ref(), there.auto_start_configuration());
        self.auto_stop_configuration =
            parts::auto_stop(self.auto_stop_configuration.as_ref(), there.auto_stop_configuration());
        self.network_configuration = parts::network(self.network_configuration.as_ref(), there.network_configuration());
        self.image_configuration = parts::image(there.image_configuration());
        self.interactive_configuration =
            parts::interactive(self.interactive_configuration.as_ref(), there.interactive_configuration());
        self.scheduler_configuration =
            parts::scheduler(self.scheduler_configuration.as_ref(), there.scheduler_configuration());
        self.monitoring_configuration =
            parts::monitoring_seen(self.monitoring_configuration.as_ref(), there.monitoring_configuration());
        self.runtime_configuration = parts::runtime_seen(&self.runtime_configuration, there.runtime_configuration());
        (self.tags, self.tags_all) = tags::seen(aws, self.tags.as_ref(), tags_of(there));
        self.id = Computed::Known(there.application_id().to_owned());
        self.arn = Computed::Known(there.arn().to_owned());
        self
    }

    /// What stays in the state of an application that can't be asked about: it exists, under this id.
    fn begun(mut self, id: &str, arn: &str) -> Self {
        if let Some(most) = &mut self.maximum_capacity {
            parts::settled(most);
        }
        self.id = Computed::Known(id.to_owned());
        self.arn = Computed::Known(arn.to_owned());
        self
    }

    async fn read(self, aws: &Aws) -> Result<Option<Self>, Failure> {
        let Some(id) = self.id.known().cloned() else { return Ok(None) };
        Ok(described(aws, &id).await?.map(|there| self.seen(aws, &there)))
    }

    /// Whether anything but tags differs.
    fn differs(&self, other: &Self) -> bool {
        let bare = |own: &Self| Self { tags: None, tags_all: Computed::Null, ..own.clone() };
        bare(self) != bare(other)
    }

    /// Makes the settings of an application these; it has to be stopped for that, and is never stopped under a job:
    /// EMR Serverless refuses that itself.
    async fn change(&self, aws: &Aws, id: &str, prior: &Self, operation: &Operation) -> Result<(), Failure> {
        let was_started = stopped(aws, id, operation).await?;
        let request = Request::of(self)?.emptying(prior);
        let call = aws
            .emrserverless()
            .update_application()
            .application_id(id)
            .release_label(&self.release_label)
            .architecture(Architecture::from(self.architecture.as_str()))
            .set_initial_capacity(Some(request.initial_capacity))
            .set_maximum_capacity(request.maximum_capacity)
            .auto_start_configuration(request.auto_start)
            .auto_stop_configuration(request.auto_stop)
            .set_network_configuration(request.network)
            .set_image_configuration(request.image)
            .set_interactive_configuration(request.interactive)
            .set_scheduler_configuration(request.scheduler)
            .set_monitoring_configuration(request.monitoring);
        let had_settings = !request.runtime.is_empty() || !prior.runtime_configuration.is_empty();
        let call = call.set_runtime_configuration(had_settings.then_some(request.runtime));
        call.send().await.calling("emr-serverless:UpdateApplication")?;
        if was_started && self.auto_start_configuration.as_ref().is_some_and(|start| !start.enabled) {
            let call = aws.emrserverless().start_application().application_id(id);
            call.send().await.calling("emr-serverless:StartApplication")?;
        }
        Ok(())
    }
}

/// Stops an application, where it is not; answers whether it was started.
async fn stopped(aws: &Aws, id: &str, operation: &Operation) -> Result<bool, Failure> {
    let settled = [State::Created, State::Stopped, State::Started];
    let there = until(aws, id, &settled, operation).await?;
    if *there.state() != State::Started {
        return Ok(false);
    }
    let call = aws.emrserverless().stop_application().application_id(id);
    call.send().await.calling("emr-serverless:StopApplication")?;
    until(aws, id, &[State::Created, State::Stopped], operation).await?;
    Ok(true)
}

async fn retag(aws: &Aws, arn: &str, change: Retagging) -> Result<(), Failure> {
    if !change.remove.is_empty() {
        let call = aws.emrserverless().untag_resource().resource_arn(arn).set_tag_keys(Some(change.remove));
        call.send().await.calling("emr-serverless:UntagResource")?;
    }
    if !change.set.is_empty() {
        let tags = change.set.into_iter().collect();
        let call = aws.emrserverless().tag_resource().resource_arn(arn).set_tags(Some(tags));
        call.send().await.calling("emr-serverless:TagResource")?;
    }
    Ok(())
}

fn same_kind(left: &str, right: &str) -> bool {
    left.eq_ignore_ascii_case(right)
}

impl ResourceType for ApplicationType {
    const NAME: &'static str = "aws_emrserverless_application";
    const TIME_LIMIT: Duration = Duration::from_secs(75 * 60);
    const PERMISSIONS: Permissions = Permissions {
        read: &["emr-serverless:GetApplication"],
        create: &["emr-serverless:CreateApplication", "emr-serverless:ListApplications", "emr-serverless:TagResource"],
        update: &[
            "emr-serverless:StartApplication",
            "emr-serverless:StopApplication",
            "emr-serverless:TagResource",
            "emr-serverless:UntagResource",
            "emr-serverless:UpdateApplication",
        ],
        delete: &["emr-serverless:DeleteApplication", "emr-serverless:StopApplication"],
    };
    const USAGE: &'static [UsageParameter] = cost::USAGE;
    type Model = Application;
    type Platform = Aws;

    fn validate(config: &Value) -> Vec<ProviderDiagnostic> {
        let mut problems = check::one_of(config, "architecture", &["ARM64", "X86_64"]);
        let kind = config.get("type").and_then(Value::as_str);
        if let Some(kind) = kind.filter(|kind| !["hive", "spark"].iter().any(|known| same_kind(known, kind))) {
            let detail = format!("`type` is \"{kind}\"; it can be \"spark\", \"hive\".");
            problems.push(ProviderDiagnostic::error("Invalid value", detail).at(AttributePath::attr("type")));
        }
        problems.extend(check::inside(config, "auto_stop_configuration", |block| {
            check::within(block, "idle_timeout_minutes", 1, 10_080)
        }));
        problems.extend(check::inside(config, "scheduler_configuration", |block| {
            let mut problems = check::within(block, "max_concurrent_runs", 1, 1000);
            problems.extend(check::within(block, "queue_timeout_minutes", 15, 720));
            problems
        }));
        problems.extend(check::inside(config, "initial_capacity", |block| {
            check::inside(block, "initial_capacity_config", |block| check::within(block, "worker_count", 1, 1_000_000))
        }));
        problems
    }

    async fn plan(aws: &Aws, draft: &mut Draft<'_>) {
        tags::plan(aws, draft);
        document::keep(draft, "type", same_kind);
        let had_limit = draft.prior("maximum_capacity").is_some_and(|prior| !prior.is_null());
        if had_limit && draft.planned("maximum_capacity").is_null() {
            draft.replace(AttributePath::attr("maximum_capacity"));
        }
    }

    fn cost(aws: &Aws, request: CostRequest<'_>) -> Costs {
        cost::cost(aws.region(), request)
    }

    fn savings(_: &Aws, request: CostRequest<'_>) -> Vec<Saving> {
        savings::savings(&request)
    }

    async fn create(
        aws: &Aws,
        planned: Application,
        operation: &Operation,
    ) -> Result<Application, ChangeError<Application>> {
        let request = Request::of(&planned)?;
        let tags = tags::creating(&planned.tags_all, operation);
        let call = aws
            .emrserverless()
            .create_application()
            .name(&planned.name)
            // The service answers a request that it has seen with what it made then.
            .client_token(&operation.token)
            .release_label(&planned.release_label)
            .r#type(planned.kind.to_uppercase())
            .architecture(Architecture::from(planned.architecture.as_str()))
            .set_initial_capacity((!request.initial_capacity.is_empty()).then_some(request.initial_capacity))
            .set_maximum_capacity(request.maximum_capacity)
            .auto_start_configuration(request.auto_start)
            .auto_stop_configuration(request.auto_stop)
            .set_network_configuration(request.network)
            .set_image_configuration(request.image)
            .set_interactive_configuration(request.interactive)
            .set_scheduler_configuration(request.scheduler)
            .set_monitoring_configuration(request.monitoring)
            .set_runtime_configuration((!request.runtime.is_empty()).then_some(request.runtime))
            .set_tags(Some(tags.into_iter().collect()));
        let made = match call.send().await.sent("emr-serverless:CreateApplication", &[]) {
            Sent::Done(made) => made,
            Sent::Unsure(failure) => return Err(ChangeError::unsure(failure)),
            Sent::Taken(failure) | Sent::Refused(failure) => return Err(failure.into()),
        };
        let ready = [State::Created, State::Started, State::Starting, State::Stopped];
        let begun = planned.begun(made.application_id(), made.arn());
        match until(aws, made.application_id(), &ready, operation).await {
            Ok(there) => Ok(begun.seen(aws, &there)),
            Err(failure) => Err(ChangeError::leaving(failure, begun)),
        }
    }

    async fn read(aws: &Aws, current: Vec<Application>) -> Vec<Result<Option<Application>, Failure>> {
        each(current, |application| application.read(aws)).await
    }

    async fn update(
        aws: &Aws,
        prior: Application,
        planned: Application,
        operation: &Operation,
    ) -> Result<Application, ChangeError<Application>> {
        let (Some(id), Some(arn)) = (prior.id.known().cloned(), prior.arn.known()) else {
            return Err(names::vanished("application", &prior.name).into());
        };
        let changed = async {
            retag(aws, arn, Retagging::between(&prior.tags_all, &planned.tags_all)).await?;
            if planned.differs(&prior) {
                planned.change(aws, &id, &prior, operation).await?;
            }
            let there = described(aws, &id).await?.ok_or_else(|| names::vanished("application", &id))?;
            Ok(planned.clone().seen(aws, &there))
        };
        match changed.await {
            Ok(changed) => Ok(changed),
            // Some of it may be done: the state says what is.
            Err(failure) => match prior.clone().read(aws).await {
                Ok(Some(now)) => Err(ChangeError::leaving(failure, now)),
                _ => Err(failure.into()),
            },
        }
    }

    async fn delete(aws: &Aws, prior: Application, operation: &Operation) -> Result<(), Failure> {
        let Some(id) = prior.id.known() else { return Ok(()) };
        if described(aws, id).await?.is_none() {
            return Ok(());
        }
        stopped(aws, id, operation).await?;
        let call = aws.emrserverless().delete_application().application_id(id);
        call.send().await.gone("emr-serverless:DeleteApplication", ABSENT)
    }

    async fn locate(aws: &Aws, planned: Application, token: &str) -> Result<Found<Application>, Failure> {
        let mut pages = aws.emrserverless().list_applications().into_paginator().send();
        while let Some(page) = pages.next().await {
            let page = page.calling("emr-serverless:ListApplications")?;
            let named = page.applications().iter().filter(|there| there.name() == Some(planned.name.as_str()));
            for there in named.filter(|there| *there.state() != State::Terminated) {
                let there = described(aws, there.id()).await?;
                if let Some(there) = there.filter(|there| tags::is_from(&tags_of(there), token)) {
                    return Ok(Found::Complete(planned.seen(aws, &there)));
                }
            }
        }
        Ok(Found::Absent)
    }

    async fn import(aws: &Aws, id: &str) -> Result<Application, Failure> {
        let absent = || names::nothing_to_import("application", id, "its id");
        let there = described(aws, id).await?.ok_or_else(absent)?;
        let model = Application {
            name: there.name().unwrap_or_default().to_owned(),
            release_label: String::new(),
            kind: there.r#type().to_lowercase(),
            architecture: String::new(),
            initial_capacity: BTreeSet::new(),
            maximum_capacity: None,
            auto_start_configuration: None,
            auto_stop_configuration: None,
            network_configuration: None,
            image_configuration: None,
            interactive_configuration: None,
            scheduler_configuration: None,
            monitoring_configuration: None,
            runtime_configuration: BTreeSet::new(),
            tags: None,
            tags_all: Computed::Unknown,
            id: Computed::Unknown,
            arn: Computed::Unknown,
        };
        Ok(model.seen(aws, &there))
    }
}
