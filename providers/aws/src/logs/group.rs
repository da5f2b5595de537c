//! `aws_cloudwatch_log_group`: where logs are kept, and for how long.

use std::collections::BTreeMap;

use aws_sdk_cloudwatchlogs::types::{LogGroup as Listed, LogGroupClass};
use mesh_provider::cost::{CostRequest, Costs, Saving, UsageParameter};
use mesh_provider::{
    Block, ChangeError, Computed, Draft, Failure, Found, Operation, Permissions, ProviderDiagnostic, ResourceType,
};
use mesh_value::{AttributePath, Value};

use super::cost;
use crate::check;
use crate::failure::{Outcome as _, Sent};
use crate::many::{WORTH_LISTING, each};
use crate::names;
use crate::platform::Aws;
use crate::tags::{self, Retagging, Tags};

const ABSENT: &[&str] = &["ResourceNotFoundException"];

/// The days that logs can be kept; 0 is for ever.
const RETENTION: &[i64] =
    &[0, 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653];

const CLASSES: &[&str] = &["STANDARD", "INFREQUENT_ACCESS", "DELIVERY"];

/// Where logs are kept, and for how long.
#[derive(Block, Clone, Debug, PartialEq, Eq)]
pub(crate) struct LogGroup {
    /// Its name, such as `/mesh/orders`. A name that nobody else has is made where it is left out.
    #[mesh(optional, replace)]
    pub name: Computed<String>,
    /// What a name that is made begins with.
    #[mesh(replace)]
    pub name_prefix: Option<String>,
    /// How many days logs are kept: 0, for ever, or one of the lengths that CloudWatch knows, such as 1, 7, 30, 90, 365.
    #[mesh(default = 0)]
    pub retention_in_days: i64,
    /// The ARN of the key that encrypts the logs; CloudWatch's own where it is left out.
    pub kms_key_id: Option<String>,
    /// `STANDARD`, or `INFREQUENT_ACCESS` for logs that are rarely read and cost less to take in.
    #[mesh(optional, replace)]
    pub log_group_class: Computed<String>,
    /// Whether the group and its logs stay when it is no longer configured.
    #[mesh(default = false)]
    pub skip_destroy: bool,
    /// Its tags.
    pub tags: Option<Tags>,
    /// All its tags, with those that the provider block gives to every resource.
    pub tags_all: Computed<Tags>,
    /// Its name.
    pub id: Computed<String>,
    /// Its ARN.
    pub arn: Computed<String>,
}

/// The resource type `aws_cloudwatch_log_group`.
pub(crate) struct LogGroupType;

impl LogGroup {
    fn name(&self, token: &str) -> String {
        names::chosen(&self.name, self.name_prefix.as_deref(), token)
    }

    /// The group as CloudWatch lists it, with its tags.
    fn seen(mut self, aws: &Aws, listed: &Listed, platform: Tags) -> Self {
        let name = listed.log_group_name().unwrap_or_default().to_owned();
        (self.tags, self.tags_all) = tags::seen(aws, self.tags.as_ref(), platform);
        self.retention_in_days = listed.retention_in_days().map_or(0, i64::from);
        self.kms_key_id = listed.kms_key_id().map(str::to_owned);
        self.log_group_class =
            Computed::Known(listed.log_group_class().map_or("STANDARD", LogGroupClass::as_str).to_owned());
        self.arn = Computed::Known(arn_of(listed));
        self.id = Computed::Known(name.clone());
        self.name = Computed::Known(name);
        self
    }

    async fn read(self, aws: &Aws, listed: &Listed) -> Result<Option<Self>, Failure> {
        Ok(group_tags(aws, &arn_of(listed)).await?.map(|tags| self.seen(aws, listed, tags)))
    }

    /// Sets how long logs are kept.
    async fn retain(&self, aws: &Aws, name: &str) -> Result<(), Failure> {
        let Ok(days @ 1..) = i32::try_from(self.retention_in_days) else {
            let answer = aws.logs().delete_retention_policy().log_group_name(name).send().await;
            return answer.gone("logs:DeleteRetentionPolicy", ABSENT);
        };
        let call = aws.logs().put_retention_policy().log_group_name(name).retention_in_days(days);
        call.send().await.calling("logs:PutRetentionPolicy").map(|_| ())
    }

    /// Sets by which key logs are encrypted from now on.
    async fn encrypt(&self, aws: &Aws, name: &str) -> Result<(), Failure> {
        match &self.kms_key_id {
            Some(key) => {
                let call = aws.logs().associate_kms_key().log_group_name(name).kms_key_id(key);
                call.send().await.calling("logs:AssociateKmsKey").map(|_| ())
            }
            None => {
                let call = aws.logs().disassociate_kms_key().log_group_name(name);
                call.send().await.calling("logs:DisassociateKmsKey").map(|_| ())
            }
        }
    }
}

impl ResourceType for LogGroupType {
    const NAME: &'static str = "aws_cloudwatch_log_group";
    const PERMISSIONS: Permissions = Permissions {
        read: &["logs:DescribeLogGroups", "logs:ListTagsForResource"],
        create: &["logs:CreateLogGroup", "logs:TagResource", "logs:PutRetentionPolicy"],
        update: &[
            "logs:AssociateKmsKey",
            "logs:DeleteRetentionPolicy",
            "logs:DisassociateKmsKey",
            "logs:PutRetentionPolicy",
            "logs:TagResource",
            "logs:UntagResource",
        ],
        delete: &["logs:DeleteLogGroup"],
    };
    const USAGE: &'static [UsageParameter] = cost::USAGE;
    type Model = LogGroup;
    type Platform = Aws;

    fn validate(config: &Value) -> Vec<ProviderDiagnostic> {
        let mut problems = check::one_of(config, "log_group_class", CLASSES);
        problems.extend(check::exclusive(config, "name", "name_prefix"));
        let days = config.get("retention_in_days").and_then(check::whole);
        if let Some(days) = days.filter(|days| !RETENTION.contains(days)) {
            let known: Vec<_> = RETENTION.iter().map(ToString::to_string).collect();
            let detail =
                format!("Logs can't be kept for {days} days. CloudWatch knows {}; 0 is for ever.", known.join(", "));
            let problem = ProviderDiagnostic::error("Invalid retention", detail);
            problems.push(problem.at(AttributePath::attr("retention_in_days")));
        }
        problems
    }

    async fn plan(aws: &Aws, draft: &mut Draft<'_>) {
        tags::plan(aws, draft);
        if let Some(name) = draft.planned_as::<String>("name").filter(|_| draft.changes("name")) {
            draft.set("id", &name);
        }
        if draft.is_create() && draft.config("log_group_class").is_null() {
            draft.set("log_group_class", &"STANDARD".to_owned());
        }
    }

    fn cost(aws: &Aws, request: CostRequest<'_>) -> Costs {
        cost::cost(aws.region(), request)
    }

    fn savings(_: &Aws, request: CostRequest<'_>) -> Vec<Saving> {
        cost::savings(request)
    }

    async fn create(aws: &Aws, planned: LogGroup, operation: &Operation) -> Result<LogGroup, ChangeError<LogGroup>> {
        let name = planned.name(&operation.token);
        let call = aws
            .logs()
            .create_log_group()
            .log_group_name(&name)
            .set_kms_key_id(planned.kms_key_id.clone())
            .set_log_group_class(planned.log_group_class.known().map(|class| LogGroupClass::from(class.as_str())))
            .set_tags(Some(tags::creating(&planned.tags_all, operation).into_iter().collect()));
        match call.send().await.sent("logs:CreateLogGroup", &["ResourceAlreadyExistsException"]) {
            Sent::Done(_) => {}
            Sent::Taken(_) if is_ours(aws, &name, &operation.token).await? => {}
            Sent::Taken(_) => return Err(names::taken("log group", &name, "its name").into()),
            Sent::Refused(failure) => return Err(failure.into()),
            Sent::Unsure(failure) => return Err(ChangeError::unsure(failure)),
        }
        let settled = async {
            if planned.retention_in_days != 0 {
                planned.retain(aws, &name).await?;
            }
            let listed = find(aws, &name).await?.ok_or_else(|| names::vanished("log group", &name))?;
            planned.clone().read(aws, &listed).await?.ok_or_else(|| names::vanished("log group", &name))
        };
        settled.await.map_err(|failure| {
            let made = Listed::builder().log_group_name(&name).build();
            ChangeError::leaving(failure, planned.seen(aws, &made, Tags::new()))
        })
    }

    async fn read(aws: &Aws, current: Vec<LogGroup>) -> Vec<Result<Option<LogGroup>, Failure>> {
        let listed = if current.len() >= WORTH_LISTING { list(aws, None).await.ok() } else { None };
        each(current, |group| async {
            let Some(name) = group.name.known().cloned() else { return Ok(None) };
            let found = match &listed {
                Some(listed) => listed.get(&name).cloned(),
                None => find(aws, &name).await?,
            };
            match found {
                Some(found) => group.read(aws, &found).await,
                None => Ok(None),
            }
        })
        .await
    }

    async fn update(
        aws: &Aws,
        prior: LogGroup,
        planned: LogGroup,
        operation: &Operation,
    ) -> Result<LogGroup, ChangeError<LogGroup>> {
        let name = prior.name(&operation.token);
        if prior.retention_in_days != planned.retention_in_days {
            planned.retain(aws, &name).await?;
        }
        if prior.kms_key_id != planned.kms_key_id {
            planned.encrypt(aws, &name).await?;
        }
        let Retagging { remove, set } = Retagging::between(&prior.tags_all, &planned.tags_all);
        let arn = prior.arn.known().cloned().unwrap_or_default();
        if !remove.is_empty() {
            let call = aws.logs().untag_resource().resource_arn(&arn).set_tag_keys(Some(remove));
            call.send().await.calling("logs:UntagResource")?;
        }
        if !set.is_empty() {
            let call = aws.logs().tag_resource().resource_arn(&arn).set_tags(Some(set.into_iter().collect()));
            call.send().await.calling("logs:TagResource")?;
        }
        Ok(planned)
    }

    async fn delete(aws: &Aws, prior: LogGroup, operation: &Operation) -> Result<(), Failure> {
        let name = prior.name(&operation.token);
        if prior.skip_destroy {
            let detail =
                format!("The log group `{name}` and its logs stay, because of `skip_destroy`. mesh forgets it.");
            operation.warn("Log group stays", detail);
            return Ok(());
        }
        aws.logs().delete_log_group().log_group_name(&name).send().await.gone("logs:DeleteLogGroup", ABSENT)
    }

    async fn locate(aws: &Aws, planned: LogGroup, token: &str) -> Result<Found<LogGroup>, Failure> {
        let Some(listed) = find(aws, &planned.name(token)).await? else { return Ok(Found::Absent) };
        let tags = group_tags(aws, &arn_of(&listed)).await?;
        let Some(tags) = tags.filter(|tags| tags::is_from(tags, token)) else { return Ok(Found::Absent) };
        let wanted = planned.retention_in_days;
        let found = planned.seen(aws, &listed, tags);
        // The retention is set by a call of its own.
        Ok(if found.retention_in_days == wanted { Found::Complete(found) } else { Found::Partial(found) })
    }

    async fn import(aws: &Aws, id: &str) -> Result<LogGroup, Failure> {
        let nothing = LogGroup {
            name: Computed::Unknown,
            name_prefix: None,
            retention_in_days: 0,
            kms_key_id: None,
            log_group_class: Computed::Unknown,
            skip_destroy: false,
            tags: None,
            tags_all: Computed::Unknown,
            id: Computed::Unknown,
            arn: Computed::Unknown,
        };
        let absent = || names::nothing_to_import("log group", id, "its name");
        let listed = find(aws, id).await?.ok_or_else(absent)?;
        nothing.read(aws, &listed).await?.ok_or_else(absent)
    }
}

/// The ARN without the `:*` that stands for the streams in it.
fn arn_of(listed: &Listed) -> String {
    let arn = listed.log_group_arn().or(listed.arn()).unwrap_or_default();
    arn.strip_suffix(":*").unwrap_or(arn).to_owned()
}

async fn is_ours(aws: &Aws, name: &str, token: &str) -> Result<bool, Failure> {
    let Some(listed) = find(aws, name).await? else { return Ok(false) };
    Ok(group_tags(aws, &arn_of(&listed)).await?.is_some_and(|tags| tags::is_from(&tags, token)))
}

async fn find(aws: &Aws, name: &str) -> Result<Option<Listed>, Failure> {
    Ok(list(aws, Some(name)).await?.remove(name))
}

/// The groups whose names begin so, or all.
async fn list(aws: &Aws, prefix: Option<&str>) -> Result<BTreeMap<String, Listed>, Failure> {
    let call = aws.logs().describe_log_groups().set_log_group_name_prefix(prefix.map(str::to_owned));
    let mut pages = call.into_paginator().send();
    let mut groups = BTreeMap::new();
    while let Some(page) = pages.next().await {
        for group in page.calling("logs:DescribeLogGroups")?.log_groups() {
            groups.insert(group.log_group_name().unwrap_or_default().to_owned(), group.clone());
        }
    }
    Ok(groups)
}

async fn group_tags(aws: &Aws, arn: &str) -> Result<Option<Tags>, Failure> {
    let answer = aws.logs().list_tags_for_resource().resource_arn(arn).send().await;
    let answer = answer.found("logs:ListTagsForResource", ABSENT)?;
    Ok(answer.map(|answer| answer.tags().cloned().unwrap_or_default().into_iter().collect()))
}

#[cfg(test)]
mod tests {
    use mesh_provider::ResourceType as _;
    use serde_json::json;

    use super::LogGroupType;
    use crate::replay::{Exchange, replayed};

    #[tokio::test]
    async fn is_encrypted_by_another_key_and_then_by_none() {
        let arn = "arn:aws:logs:us-east-1:123456789012:log-group:/mesh/orders";
        let listed = json!({ "logGroups": [{
            "logGroupName": "/mesh/orders", "logGroupArn": arn, "retentionInDays": 7, "logGroupClass": "STANDARD",
        }] });
        let key = "arn:aws:kms:us-east-1:123456789012:key/1";
        let exchanges = vec![
            Exchange::new("DescribeLogGroups", json!({ "logGroupNamePrefix": "/mesh/orders" }), listed),
            Exchange::new("ListTagsForResource", json!({ "resourceArn": arn }), json!({ "tags": {} })),
            Exchange::new("AssociateKmsKey", json!({ "logGroupName": "/mesh/orders", "kmsKeyId": key }), json!({})),
            Exchange::new("DisassociateKmsKey", json!({ "logGroupName": "/mesh/orders" }), json!({})),
        ];
        let ty = LogGroupType::NAME;
        replayed(ty, exchanges, async |session| {
            let group = session.import(ty, "/mesh/orders").await.unwrap();
            let encrypted = json!({ "name": "/mesh/orders", "retention_in_days": 7, "kms_key_id": key });
            let group = session.update(ty, group, &encrypted).await.unwrap();
            let plain = json!({ "name": "/mesh/orders", "retention_in_days": 7 });
            session.update(ty, group, &plain).await.unwrap();
        })
        .await;
    }
}
