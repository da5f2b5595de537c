//! `aws_glue_trigger`: what starts jobs and crawlers.

mod check;
mod model;

use std::collections::BTreeMap;

use aws_sdk_glue::types::{Trigger as Listed, TriggerType as Kind};
use mesh_provider::cost::{CostRequest, Costs};
use mesh_provider::{ChangeError, Draft, Failure, Found, Operation, Permissions, ProviderDiagnostic, ResourceType};
use mesh_value::Value;

use super::{ABSENT, TAKEN, arn, half_made, made, plan_name, read_tags, retag, settle_tags};
use crate::failure::Outcome as _;
use crate::many::{WORTH_LISTING, each};
use crate::names;
use crate::platform::Aws;
use crate::tags;
use crate::waiting;
use model::{Predicate, Trigger, is_active, is_moving};

/// The resource type `aws_glue_trigger`.
pub(crate) struct TriggerType;

impl Trigger {
    async fn read(self, aws: &Aws, there: &Listed) -> Result<Self, Failure> {
        let arn = arn(aws, &format!("trigger/{}", self.name)).await?;
        let tags = read_tags(aws, &arn).await?;
        Ok(self.seen(aws, there, arn, tags))
    }

    /// Waits until Glue has made or changed it, and switches it on or off where that has to be said.
    async fn settled(&self, aws: &Aws, operation: &Operation) -> Result<Listed, Failure> {
        let there = still(aws, &self.name, operation).await?;
        if !self.is_switched() || is_active(&there) == self.enabled {
            return Ok(there);
        }
        if self.enabled {
            aws.glue().start_trigger().name(&self.name).send().await.calling("glue:StartTrigger")?;
        } else {
            aws.glue().stop_trigger().name(&self.name).send().await.calling("glue:StopTrigger")?;
        }
        still(aws, &self.name, operation).await
    }
}

impl ResourceType for TriggerType {
    const NAME: &'static str = "aws_glue_trigger";
    const PERMISSIONS: Permissions = Permissions {
        read: &["glue:GetTags", "glue:GetTrigger", "glue:GetTriggers"],
        create: &["glue:CreateTrigger", "glue:StartTrigger", "glue:TagResource", "glue:UntagResource"],
        update: &[
            "glue:StartTrigger",
            "glue:StopTrigger",
            "glue:TagResource",
            "glue:UntagResource",
            "glue:UpdateTrigger",
        ],
        delete: &["glue:DeleteTrigger"],
    };
    type Model = Trigger;
    type Platform = Aws;

    fn validate(config: &Value) -> Vec<ProviderDiagnostic> {
        check::problems(config)
    }

    async fn plan(aws: &Aws, draft: &mut Draft<'_>) {
        tags::plan(aws, draft);
        plan_name(aws, draft, "trigger").await;
        if draft.changes("enabled") {
            draft.set_unknown("state");
        }
    }

    /// What it starts costs.
    fn cost(_: &Aws, _: CostRequest<'_>) -> Costs {
        Costs::Free
    }

    async fn create(aws: &Aws, planned: Trigger, operation: &Operation) -> Result<Trigger, ChangeError<Trigger>> {
        let tags = tags::creating(&planned.tags_all, operation);
        let arn = arn(aws, &format!("trigger/{}", planned.name)).await?;
        let call = aws
            .glue()
            .create_trigger()
            .name(&planned.name)
            .r#type(Kind::from(planned.r#type.as_str()))
            .set_workflow_name(planned.workflow_name.clone())
            .set_schedule(planned.schedule.clone())
            .set_predicate(planned.predicate.as_ref().map(Predicate::sent))
            .set_actions(Some(planned.sent_actions()))
            .set_description(planned.description.clone())
            .set_start_on_creation((planned.is_switched() && planned.enabled).then_some(true))
            .set_event_batching_condition(planned.sent_batching()?)
            .set_tags(Some(tags.clone().into_iter().collect()));
        let new = made(call.send().await.sent("glue:CreateTrigger", TAKEN))?;
        if !new && !tags::is_from(&read_tags(aws, &arn).await?, &operation.token) {
            return Err(names::taken("trigger", &planned.name, "its name").into());
        }
        let settled = async {
            settle_tags(aws, &arn, &tags).await?;
            planned.settled(aws, operation).await
        };
        match settled.await {
            Ok(there) => Ok(planned.seen(aws, &there, arn, tags)),
            Err(failure) => Err(half_made(failure, planned)),
        }
    }

    async fn read(aws: &Aws, current: Vec<Trigger>) -> Vec<Result<Option<Trigger>, Failure>> {
        let listed = if current.len() >= WORTH_LISTING { list(aws).await.ok() } else { None };
        each(current, |trigger| async {
            let there = match &listed {
                Some(listed) => listed.get(&trigger.name).cloned(),
                None => find(aws, &trigger.name).await?,
            };
            match there {
                Some(there) => trigger.read(aws, &there).await.map(Some),
                None => Ok(None),
            }
        })
        .await
    }

    async fn update(
        aws: &Aws,
        prior: Trigger,
        planned: Trigger,
        operation: &Operation,
    ) -> Result<Trigger, ChangeError<Trigger>> {
        if let Some(change) = planned.change(&prior)? {
            let call = aws.glue().update_trigger().name(&prior.name).trigger_update(change);
            call.send().await.calling("glue:UpdateTrigger")?;
        }
        let arn = arn(aws, &format!("trigger/{}", prior.name)).await?;
        retag(aws, &arn, &prior.tags_all, &planned.tags_all).await?;
        let there = planned.settled(aws, operation).await?;
        Ok(planned.read(aws, &there).await?)
    }

    async fn delete(aws: &Aws, prior: Trigger, operation: &Operation) -> Result<(), Failure> {
        let call = aws.glue().delete_trigger().name(&prior.name);
        call.send().await.gone("glue:DeleteTrigger", ABSENT)?;
        waiting::until(operation, "a trigger was deleted", async || {
            Ok(find(aws, &prior.name).await?.is_none().then_some(()))
        })
        .await
    }

    async fn locate(aws: &Aws, planned: Trigger, token: &str) -> Result<Found<Trigger>, Failure> {
        let Some(there) = find(aws, &planned.name).await? else { return Ok(Found::Absent) };
        let arn = arn(aws, &format!("trigger/{}", planned.name)).await?;
        let tags = read_tags(aws, &arn).await?;
        if !tags::is_from(&tags, token) {
            return Ok(Found::Absent);
        }
        let enabled = planned.enabled;
        let found = planned.seen(aws, &there, arn, tags);
        let complete = found.enabled == enabled && !is_moving(&there);
        Ok(if complete { Found::Complete(found) } else { Found::Partial(found) })
    }

    async fn import(aws: &Aws, id: &str) -> Result<Trigger, Failure> {
        let there = find(aws, id).await?.ok_or_else(|| names::nothing_to_import("trigger", id, "its name"))?;
        Trigger::blank(id).read(aws, &there).await
    }
}

/// The trigger once Glue is done with it.
async fn still(aws: &Aws, name: &str, operation: &Operation) -> Result<Listed, Failure> {
    waiting::until(operation, "a trigger was made or changed", async || {
        let there = find(aws, name).await?.ok_or_else(|| names::vanished("trigger", name))?;
        Ok((!is_moving(&there)).then_some(there))
    })
    .await
}

async fn find(aws: &Aws, name: &str) -> Result<Option<Listed>, Failure> {
    let answer = aws.glue().get_trigger().name(name).send().await.found("glue:GetTrigger", ABSENT)?;
    Ok(answer.and_then(|answer| answer.trigger))
}

/// All triggers of the account, by their names.
async fn list(aws: &Aws) -> Result<BTreeMap<String, Listed>, Failure> {
    let mut pages = aws.glue().get_triggers().into_paginator().send();
    let mut triggers = BTreeMap::new();
    while let Some(page) = pages.next().await {
        for trigger in page.calling("glue:GetTriggers")?.triggers.unwrap_or_default() {
            triggers.insert(trigger.name().unwrap_or_default().to_owned(), trigger);
        }
    }
    Ok(triggers)
}
