//! `aws_athena_workgroup`: a group of people's queries, with their limits and the place of their results.

use std::collections::BTreeSet;

use aws_sdk_athena::types::{Tag, WorkGroup, WorkGroupConfigurationUpdates, WorkGroupState};
use mesh_provider::cost::{CostRequest, Costs, Saving, UsageParameter};
use mesh_provider::{
    Block, ChangeError, Computed, Draft, Failure, Found, Operation, Permissions, ProviderDiagnostic, ResourceType,
};
use mesh_value::{AttributePath, Value};

use super::cost;
use super::settings::{Configuration, problems};
use super::{INVALID, is_absent};
use crate::check;
use crate::failure::{Outcome as _, Sent, incomplete};
use crate::many::{WORTH_LISTING, each};
use crate::names;
use crate::platform::Aws;
use crate::tags::{self, Retagging, Tags};

const ENABLED: &str = "ENABLED";

/// A group of queries, with their limits and the place of their results.
#[derive(Block, Clone, Debug, PartialEq, Eq)]
pub(crate) struct Workgroup {
    /// Its name: up to 128 letters, digits, dots, hyphens and underscores.
    #[mesh(replace)]
    pub name: String,
    /// What it is for.
    pub description: Option<String>,
    /// `ENABLED`, or `DISABLED`: then it runs no queries.
    #[mesh(default = "ENABLED")]
    pub state: String,
    /// Whether deleting it deletes the queries that are saved in it too. Without it, a workgroup that is not empty stays.
    #[mesh(default = false)]
    pub force_destroy: bool,
    /// What holds for its queries.
    #[mesh(block)]
    pub configuration: Option<Configuration>,
    /// Its tags.
    pub tags: Option<Tags>,
    /// All its tags, with those that the provider block gives to every resource.
    pub tags_all: Computed<Tags>,
    /// Its name.
    pub id: Computed<String>,
    /// Its ARN.
    pub arn: Computed<String>,
}

/// The resource type `aws_athena_workgroup`.
pub(crate) struct WorkgroupType;

impl Workgroup {
    /// The workgroup as Athena has it, with its tags.
    fn seen(mut self, aws: &Aws, arn: String, there: &WorkGroup, platform: Tags) -> Self {
        (self.tags, self.tags_all) = tags::seen(aws, self.tags.as_ref(), platform);
        self.description = there.description().filter(|text| !text.is_empty()).map(str::to_owned);
        self.state = there.state().map_or(ENABLED, WorkGroupState::as_str).to_owned();
        if let Some(settings) = there.configuration() {
            let settings = Configuration::seen(self.configuration.as_ref(), settings);
            // What nobody wrote and is as Athena makes it is not shown.
            let shown = self.configuration.is_some() || settings != Configuration::default();
            self.configuration = shown.then_some(settings);
        }
        self.id = Computed::Known(self.name.clone());
        self.arn = Computed::Known(arn);
        self
    }

    /// What is planned stays as it is planned: on which version queries run from now on is seen by the next reading.
    fn answering(mut self, planned: &Self) -> Self {
        let now = self.configuration.as_mut().and_then(|settings| settings.engine_version.as_mut());
        let planned = planned.configuration.as_ref().and_then(|settings| settings.engine_version.as_ref());
        if let Some((now, planned)) = now.zip(planned)
            && planned.effective_engine_version != Computed::Unknown
        {
            now.effective_engine_version = planned.effective_engine_version.clone();
        }
        self
    }

    async fn read(self, aws: &Aws) -> Result<Option<Self>, Failure> {
        let Some(there) = get(aws, &self.name).await? else { return Ok(None) };
        let arn = arn_of(aws, &self.name).await?;
        Ok(group_tags(aws, &arn).await?.map(|tags| self.seen(aws, arn, &there, tags)))
    }
}

impl ResourceType for WorkgroupType {
    const NAME: &'static str = "aws_athena_workgroup";
    const PERMISSIONS: Permissions = Permissions {
        read: &["athena:GetWorkGroup", "athena:ListTagsForResource", "athena:ListWorkGroups"],
        create: &["athena:CreateWorkGroup", "athena:TagResource", "athena:UpdateWorkGroup", "iam:PassRole"],
        update: &["athena:TagResource", "athena:UntagResource", "athena:UpdateWorkGroup", "iam:PassRole"],
        delete: &["athena:DeleteWorkGroup"],
    };
    const USAGE: &'static [UsageParameter] = cost::USAGE;
    type Model = Workgroup;
    type Platform = Aws;

    fn validate(config: &Value) -> Vec<ProviderDiagnostic> {
        let mut found = check::one_of(config, "state", &[ENABLED, "DISABLED"]);
        let allowed = |c: char| c.is_ascii_alphanumeric() || "._-".contains(c);
        let name = config.get("name").and_then(Value::as_str);
        if let Some(name) = name.filter(|name| !(1..=128).contains(&name.len()) || !name.chars().all(allowed)) {
            let detail = format!(
                "\"{name}\" can't be a workgroup's name: 1 to 128 letters, digits, dots, hyphens and underscores."
            );
            found.push(ProviderDiagnostic::error("Invalid name", detail).at(AttributePath::attr("name")));
        }
        found.extend(check::inside(config, "configuration", problems));
        found
    }

    async fn plan(aws: &Aws, draft: &mut Draft<'_>) {
        tags::plan(aws, draft);
        if let Some(name) = draft.planned_as::<String>("name").filter(|_| draft.changes("name")) {
            draft.set("id", &name);
            if let Ok(arn) = arn_of(aws, &name).await {
                draft.set("arn", &arn);
            }
        }
    }

    fn cost(aws: &Aws, request: CostRequest<'_>) -> Costs {
        cost::cost(aws.region(), request)
    }

    fn savings(_: &Aws, request: CostRequest<'_>) -> Vec<Saving> {
        cost::savings(request)
    }

    async fn create(aws: &Aws, planned: Workgroup, operation: &Operation) -> Result<Workgroup, ChangeError<Workgroup>> {
        let arn = arn_of(aws, &planned.name).await?;
        let tags = tags::creating(&planned.tags_all, operation);
        let settings = planned.configuration.clone().unwrap_or_default();
        let call = aws
            .athena()
            .create_work_group()
            .name(&planned.name)
            .set_description(planned.description.clone())
            .configuration(settings.whole()?)
            .set_tags(Some(tags.iter().map(|(key, value)| Tag::builder().key(key).value(value).build()).collect()));
        match call.send().await.sent("athena:CreateWorkGroup", &[INVALID]) {
            Sent::Done(_) => {}
            Sent::Taken(failure) => {
                // Its one code says little: it may be that the name is taken, by whomever.
                if get(aws, &planned.name).await?.is_none() {
                    return Err(failure.into());
                }
                if !group_tags(aws, &arn).await?.is_some_and(|there| tags::is_from(&there, &operation.token)) {
                    return Err(names::taken("workgroup", &planned.name, "its name").into());
                }
            }
            Sent::Refused(failure) => return Err(failure.into()),
            Sent::Unsure(failure) => return Err(ChangeError::unsure(failure)),
        }
        let settled = async {
            // A new workgroup is enabled.
            if planned.state != ENABLED {
                update(aws, &planned, None, false, true).await?;
            }
            get(aws, &planned.name).await?.ok_or_else(|| names::vanished("workgroup", &planned.name))
        };
        match settled.await {
            Ok(there) => Ok(planned.seen(aws, arn, &there, tags)),
            Err(failure) => {
                let made = WorkGroup::builder().name(&planned.name).build().map_err(incomplete)?;
                Err(ChangeError::leaving(failure, planned.seen(aws, arn, &made, tags)))
            }
        }
    }

    async fn read(aws: &Aws, current: Vec<Workgroup>) -> Vec<Result<Option<Workgroup>, Failure>> {
        let listed = if current.len() >= WORTH_LISTING { list(aws).await.ok() } else { None };
        each(current, |group| async {
            if listed.as_ref().is_some_and(|listed| !listed.contains(&group.name)) {
                return Ok(None);
            }
            group.read(aws).await
        })
        .await
    }

    async fn update(
        aws: &Aws,
        prior: Workgroup,
        planned: Workgroup,
        _: &Operation,
    ) -> Result<Workgroup, ChangeError<Workgroup>> {
        let before = prior.configuration.clone().unwrap_or_default();
        let updates = planned.configuration.clone().unwrap_or_default().updates(&before)?;
        let (told, state) = (planned.description != prior.description, planned.state != prior.state);
        if updates.is_some() || told || state {
            update(aws, &planned, updates, told, state).await?;
        }
        let arn = arn_of(aws, &planned.name).await?;
        let retagged = retag(aws, &arn, &prior, &planned).await;
        match (retagged, planned.clone().read(aws).await) {
            (Ok(()), Ok(Some(now))) => Ok(now.answering(&planned)),
            (Ok(()), Ok(None)) => Err(names::vanished("workgroup", &planned.name).into()),
            (Ok(()), Err(failure)) => Err(ChangeError::leaving(failure, planned)),
            (Err(failure), Ok(Some(now))) => Err(ChangeError::leaving(failure, now)),
            (Err(failure), _) => Err(ChangeError::leaving(failure, Workgroup { tags_all: prior.tags_all, ..planned })),
        }
    }

    async fn delete(aws: &Aws, prior: Workgroup, _: &Operation) -> Result<(), Failure> {
        let call = aws.athena().delete_work_group().work_group(&prior.name);
        let answer = call.recursive_delete_option(prior.force_destroy).send().await;
        if answer.as_ref().is_err_and(is_absent) {
            return Ok(());
        }
        if !prior.force_destroy && answer.as_ref().is_err_and(|error| crate::failure::says(error, "not empty")) {
            let detail = format!(
                "The workgroup `{}` has saved queries or notebooks. Delete them, or set `force_destroy = true` and apply \
                 that first.",
                prior.name
            );
            return Err(Failure::new("Workgroup is not empty", detail));
        }
        answer.calling("athena:DeleteWorkGroup").map(|_| ())
    }

    async fn locate(aws: &Aws, planned: Workgroup, token: &str) -> Result<Found<Workgroup>, Failure> {
        let Some(there) = get(aws, &planned.name).await? else { return Ok(Found::Absent) };
        let arn = arn_of(aws, &planned.name).await?;
        let tags = group_tags(aws, &arn).await?;
        let Some(tags) = tags.filter(|tags| tags::is_from(tags, token)) else { return Ok(Found::Absent) };
        let wanted = planned.state.clone();
        let found = planned.seen(aws, arn, &there, tags);
        // The state is set by a call of its own.
        Ok(if found.state == wanted { Found::Complete(found) } else { Found::Partial(found) })
    }

    async fn import(aws: &Aws, id: &str) -> Result<Workgroup, Failure> {
        let nothing = Workgroup {
            name: id.to_owned(),
            description: None,
            state: ENABLED.to_owned(),
            force_destroy: false,
            configuration: None,
            tags: None,
            tags_all: Computed::Unknown,
            id: Computed::Unknown,
            arn: Computed::Unknown,
        };
        nothing.read(aws).await?.ok_or_else(|| names::nothing_to_import("workgroup", id, "its name"))
    }
}

async fn arn_of(aws: &Aws, name: &str) -> Result<String, Failure> {
    let account = &aws.account().await?.id;
    Ok(format!("arn:{}:athena:{}:{account}:workgroup/{name}", aws.partition(), aws.region()))
}

async fn get(aws: &Aws, name: &str) -> Result<Option<WorkGroup>, Failure> {
    let answer = aws.athena().get_work_group().work_group(name).send().await;
    if answer.as_ref().is_err_and(is_absent) {
        return Ok(None);
    }
    Ok(answer.calling("athena:GetWorkGroup")?.work_group)
}

async fn list(aws: &Aws) -> Result<BTreeSet<String>, Failure> {
    let mut names = BTreeSet::new();
    let mut pages = aws.athena().list_work_groups().into_paginator().send();
    while let Some(page) = pages.next().await {
        let groups = page.calling("athena:ListWorkGroups")?.work_groups.unwrap_or_default();
        names.extend(groups.into_iter().filter_map(|group| group.name));
    }
    Ok(names)
}

async fn update(
    aws: &Aws,
    planned: &Workgroup,
    updates: Option<WorkGroupConfigurationUpdates>,
    told: bool,
    state: bool,
) -> Result<(), Failure> {
    let call = aws
        .athena()
        .update_work_group()
        .work_group(&planned.name)
        .set_configuration_updates(updates)
        // A description is taken away by an empty one.
        .set_description(told.then(|| planned.description.clone().unwrap_or_default()))
        .set_state(state.then(|| WorkGroupState::from(planned.state.as_str())));
    call.send().await.calling("athena:UpdateWorkGroup").map(|_| ())
}

async fn group_tags(aws: &Aws, arn: &str) -> Result<Option<Tags>, Failure> {
    let mut tags = Tags::new();
    let mut pages = aws.athena().list_tags_for_resource().resource_arn(arn).into_paginator().send();
    while let Some(page) = pages.next().await {
        let Some(page) = page.found("athena:ListTagsForResource", &["ResourceNotFoundException"])? else {
            return Ok(None);
        };
        tags.extend(page.tags.unwrap_or_default().into_iter().filter_map(|tag| Some((tag.key?, tag.value?))));
    }
    Ok(Some(tags))
}

async fn retag(aws: &Aws, arn: &str, prior: &Workgroup, planned: &Workgroup) -> Result<(), Failure> {
    let Retagging { remove, set } = Retagging::between(&prior.tags_all, &planned.tags_all);
    if !remove.is_empty() {
        let call = aws.athena().untag_resource().resource_arn(arn).set_tag_keys(Some(remove));
        call.send().await.calling("athena:UntagResource")?;
    }
    if !set.is_empty() {
        let tags = set.iter().map(|(key, value)| Tag::builder().key(key).value(value).build()).collect();
        let call = aws.athena().tag_resource().resource_arn(arn).set_tags(Some(tags));
        call.send().await.calling("athena:TagResource")?;
    }
    Ok(())
}
