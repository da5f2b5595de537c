//! `aws_glue_job`: a program that Glue runs.

mod cost;
mod model;
mod savings;
#[cfg(test)]
mod tests;
mod workers;

use std::collections::BTreeMap;

use aws_sdk_glue::types::Job as Listed;
use mesh_provider::cost::{CostRequest, Costs, Saving, UsageParameter};
use mesh_provider::{
    ChangeError, Computed, Draft, Failure, Found, Operation, Permissions, ProviderDiagnostic, ResourceType,
};
use mesh_value::{AttributePath, Value};

use super::{ABSENT, TAKEN, arn, half_made, made, plan_name, read_tags, retag, role, settle_tags, word};
use crate::check;
use crate::failure::Outcome as _;
use crate::many::{WORTH_LISTING, each};
use crate::names;
use crate::platform::Aws;
use crate::tags;
use crate::waiting;
use model::Job;

const COMMANDS: &[&str] = &["glueetl", "gluestreaming", "pythonshell", "glueray"];
const MODES: &[&str] = &["SCRIPT", "VISUAL", "NOTEBOOK"];

/// The resource type `aws_glue_job`.
pub(crate) struct JobType;

impl Job {
    async fn read(self, aws: &Aws, there: &Listed) -> Result<Self, Failure> {
        let arn = arn(aws, &format!("job/{}", self.name)).await?;
        let tags = read_tags(aws, &arn).await?;
        Ok(self.seen(aws, there, arn, tags))
    }
}

impl ResourceType for JobType {
    const NAME: &'static str = "aws_glue_job";
    const PERMISSIONS: Permissions = Permissions {
        read: &["glue:GetJob", "glue:GetJobs", "glue:GetTags"],
        create: &["glue:CreateJob", "glue:TagResource", "glue:UntagResource", "iam:PassRole"],
        update: &["glue:TagResource", "glue:UntagResource", "glue:UpdateJob", "iam:PassRole"],
        delete: &["glue:DeleteJob"],
    };
    const USAGE: &'static [UsageParameter] = cost::USAGE;
    const COST_RELATED: &'static [&'static str] = &["aws_glue_trigger"];
    type Model = Job;
    type Platform = Aws;

    fn validate(config: &Value) -> Vec<ProviderDiagnostic> {
        let mut problems = check::exclusive(config, "number_of_workers", "max_capacity");
        problems.extend(check::exclusive(config, "worker_type", "max_capacity"));
        problems.extend(check::within(config, "number_of_workers", 1, i64::from(i32::MAX)));
        problems.extend(check::within(config, "max_retries", 0, 10));
        problems.extend(check::within(config, "timeout", 0, 10_080));
        problems.extend(check::one_of(config, "execution_class", &["STANDARD", "FLEX"]));
        problems.extend(check::one_of(config, "job_mode", MODES));
        if let Some(command) = config.get("command") {
            problems.extend(word(command, &AttributePath::attr("command"), "name", COMMANDS));
        }
        if let Some(role) = config.get("role_arn").and_then(Value::as_str).filter(|role| !role.starts_with("arn:")) {
            let detail = format!("`role_arn` is \"{role}\". It must be a role's ARN, such as `aws_iam_role.etl.arn`.");
            problems.push(ProviderDiagnostic::error("Invalid role", detail).at(AttributePath::attr("role_arn")));
        }
        problems
    }

    async fn plan(aws: &Aws, draft: &mut Draft<'_>) {
        tags::plan(aws, draft);
        plan_name(aws, draft, "job").await;
        plan_size(draft);
    }

    fn cost(aws: &Aws, request: CostRequest<'_>) -> Costs {
        cost::cost(aws.region(), request)
    }

    fn savings(_: &Aws, request: CostRequest<'_>) -> Vec<Saving> {
        savings::savings(&request)
    }

    async fn create(aws: &Aws, planned: Job, operation: &Operation) -> Result<Job, ChangeError<Job>> {
        let tags = tags::creating(&planned.tags_all, operation);
        let arn = arn(aws, &format!("job/{}", planned.name)).await?;
        let (worker_type, workers, capacity) = planned.size();
        let call = aws
            .glue()
            .create_job()
            .name(&planned.name)
            .role(&planned.role_arn)
            .command(planned.sent_command())
            .set_description(planned.description.clone())
            .set_glue_version(planned.glue_version.known().cloned())
            .set_worker_type(worker_type)
            .set_number_of_workers(workers)
            .set_max_capacity(capacity)
            .set_timeout(planned.timeout.known().copied().map(super::number))
            .max_retries(super::number(planned.max_retries))
            .set_execution_property(planned.sent_property())
            .set_default_arguments(super::shown::sent(planned.default_arguments.as_ref()))
            .set_non_overridable_arguments(super::shown::sent(planned.non_overridable_arguments.as_ref()))
            .set_connections(planned.sent_connections())
            .set_notification_property(planned.sent_notification())
            .set_security_configuration(planned.security_configuration.clone())
            .set_execution_class(planned.sent_class())
            .set_maintenance_window(planned.maintenance_window.clone())
            .set_job_run_queuing_enabled(planned.job_run_queuing_enabled)
            .set_job_mode(planned.sent_mode())
            .set_tags(Some(tags.clone().into_iter().collect()));
        let action = "glue:CreateJob";
        let answer = waiting::propagated(operation, action, role::is_early, || call.clone().send()).await;
        let new = made(answer.sent(action, TAKEN))?;
        if !new && !tags::is_from(&read_tags(aws, &arn).await?, &operation.token) {
            return Err(names::taken("job", &planned.name, "its name").into());
        }
        let settled = async {
            settle_tags(aws, &arn, &tags).await?;
            find(aws, &planned.name).await?.ok_or_else(|| names::vanished("job", &planned.name))
        };
        match settled.await {
            Ok(there) => Ok(planned.seen(aws, &there, arn, tags)),
            Err(failure) => Err(half_made(failure, planned)),
        }
    }

    async fn read(aws: &Aws, current: Vec<Job>) -> Vec<Result<Option<Job>, Failure>> {
        let listed = if current.len() >= WORTH_LISTING { list(aws).await.ok() } else { None };
        each(current, |job| async {
            let there = match &listed {
                Some(listed) => listed.get(&job.name).cloned(),
                None => find(aws, &job.name).await?,
            };
            match there {
                Some(there) => job.read(aws, &there).await.map(Some),
                None => Ok(None),
            }
        })
        .await
    }

    async fn update(aws: &Aws, prior: Job, planned: Job, operation: &Operation) -> Result<Job, ChangeError<Job>> {
        let vanished = || {
            let detail = format!("The job `{}` is not there any more. Plan again.", prior.name);
            Failure::new("Gone", detail)
        };
        let there = find(aws, &prior.name).await?.ok_or_else(vanished)?;
        let change = planned.update(&prior, &there);
        if change != prior.update(&prior, &there) {
            let call = aws.glue().update_job().job_name(&prior.name).job_update(change);
            let action = "glue:UpdateJob";
            let answer = waiting::propagated(operation, action, role::is_early, || call.clone().send()).await;
            answer.calling(action)?;
        }
        let arn = arn(aws, &format!("job/{}", prior.name)).await?;
        retag(aws, &arn, &prior.tags_all, &planned.tags_all).await?;
        let there = find(aws, &prior.name).await?.ok_or_else(vanished)?;
        Ok(planned.read(aws, &there).await?)
    }

    async fn delete(aws: &Aws, prior: Job, _operation: &Operation) -> Result<(), Failure> {
        aws.glue().delete_job().job_name(&prior.name).send().await.gone("glue:DeleteJob", ABSENT)
    }

    async fn locate(aws: &Aws, planned: Job, token: &str) -> Result<Found<Job>, Failure> {
        let Some(there) = find(aws, &planned.name).await? else { return Ok(Found::Absent) };
        let arn = arn(aws, &format!("job/{}", planned.name)).await?;
        let tags = read_tags(aws, &arn).await?;
        Ok(if tags::is_from(&tags, token) {
            Found::Complete(planned.seen(aws, &there, arn, tags))
        } else {
            Found::Absent
        })
    }

    async fn import(aws: &Aws, id: &str) -> Result<Job, Failure> {
        let there = find(aws, id).await?.ok_or_else(|| names::nothing_to_import("job", id, "its name"))?;
        Job::blank(id).read(aws, &there).await
    }
}

/// Plans how large the job is: by workers or by capacity, whichever is written. What Glue makes of the one in terms of
/// the other is known after apply.
fn plan_size(draft: &mut Draft<'_>) {
    let written = |draft: &Draft<'_>, name: &str| !draft.config(name).is_null();
    if written(draft, "max_capacity") {
        if !written(draft, "worker_type") {
            draft.set::<Computed<String>>("worker_type", &Computed::Null);
        }
        if !written(draft, "number_of_workers") {
            draft.set::<Computed<i64>>("number_of_workers", &Computed::Null);
        }
    } else if draft.changes("worker_type") || draft.changes("number_of_workers") {
        draft.set_unknown("max_capacity");
    }
}

async fn find(aws: &Aws, name: &str) -> Result<Option<Listed>, Failure> {
    let answer = aws.glue().get_job().job_name(name).send().await.found("glue:GetJob", ABSENT)?;
    Ok(answer.and_then(|answer| answer.job))
}

/// All jobs of the account, by their names.
async fn list(aws: &Aws) -> Result<BTreeMap<String, Listed>, Failure> {
    let mut pages = aws.glue().get_jobs().into_paginator().send();
    let mut jobs = BTreeMap::new();
    while let Some(page) = pages.next().await {
        for job in page.calling("glue:GetJobs")?.jobs.unwrap_or_default() {
            jobs.insert(job.name().unwrap_or_default().to_owned(), job);
        }
    }
    Ok(jobs)
}
