//! `aws_iam_policy`: a policy of its own, which can be attached to many.

use std::collections::BTreeSet;

use aws_sdk_iam::types::Policy as Seen;
use mesh_provider::cost::Costs;
use mesh_provider::{
    Block, ChangeError, Computed, Draft, Failure, Found, Operation, Permissions, ProviderDiagnostic, ResourceType,
};
use mesh_value::Value;

use super::role::described;
use super::tagging::{self, Tagged};
use super::{ABSENT, TAKEN, is_in_use, listing, planned_arn, rules, text, versions};
use crate::document::{keep, kept, same_policy};
use crate::failure::{Outcome as _, Sent};
use crate::many::each;
use crate::platform::Aws;
use crate::tags::{self, Tags};
use crate::{names, waiting};

/// A policy of its own, which can be attached to many roles.
#[derive(Block, Clone, Debug, PartialEq, Eq)]
pub(crate) struct Policy {
    /// Its name, which no other policy of the account may have. One that nobody else has is made where it is left out.
    #[mesh(optional, replace)]
    pub name: Computed<String>,
    /// What a name that is made begins with.
    #[mesh(replace)]
    pub name_prefix: Option<String>,
    /// Where it stands among the account's policies, such as `/data/orders/`.
    #[mesh(default = "/", replace)]
    pub path: String,
    /// What it is for.
    #[mesh(replace)]
    pub description: Option<String>,
    /// What it allows and denies: a policy document. The order of its statements, actions and resources makes no
    /// difference. A change becomes the policy's next version; of more than five, the oldest goes.
    pub policy: String,
    /// Its tags.
    pub tags: Option<Tags>,
    /// All its tags, with those that the provider block gives to every resource.
    pub tags_all: Computed<Tags>,
    /// Its ARN.
    pub id: Computed<String>,
    /// Its ARN.
    pub arn: Computed<String>,
    /// The id that no policy had before it and none will have after it.
    pub policy_id: Computed<String>,
}

/// The resource type `aws_iam_policy`.
pub(crate) struct PolicyType;

impl Policy {
    fn name(&self, token: &str) -> String {
        names::chosen(&self.name, self.name_prefix.as_deref(), token)
    }

    /// What only IAM can say of it.
    fn identified(mut self, policy: &Seen) -> Self {
        self.name = policy.policy_name.clone().into();
        self.id = policy.arn.clone().into();
        self.arn = policy.arn.clone().into();
        self.policy_id = policy.policy_id.clone().into();
        self
    }

    /// The policy as IAM has it.
    fn seen(mut self, aws: &Aws, policy: &Seen, document: String) -> Self {
        self.path = policy.path().unwrap_or("/").to_owned();
        self.description = described(self.description.as_deref(), policy.description());
        self.policy = kept(Some(&self.policy), document, same_policy);
        (self.tags, self.tags_all) = tags::seen(aws, self.tags.as_ref(), tagging::seen(policy.tags()));
        self.identified(policy)
    }

    /// The ARN that it has or would have.
    async fn arn(&self, aws: &Aws, token: &str) -> Result<String, Failure> {
        match self.arn.known() {
            Some(arn) => Ok(arn.clone()),
            None => Ok(super::arn(aws, &aws.account().await?.id, "policy", &self.path, &self.name(token))),
        }
    }
}

impl ResourceType for PolicyType {
    const NAME: &'static str = "aws_iam_policy";
    const PERMISSIONS: Permissions = Permissions {
        read: &["iam:GetAccountAuthorizationDetails", "iam:GetPolicy", "iam:GetPolicyVersion"],
        create: &["iam:CreatePolicy", "iam:TagPolicy"],
        update: &[
            "iam:CreatePolicyVersion",
            "iam:DeletePolicyVersion",
            "iam:ListPolicyVersions",
            "iam:TagPolicy",
            "iam:UntagPolicy",
        ],
        delete: &["iam:DeletePolicy", "iam:DeletePolicyVersion", "iam:ListEntitiesForPolicy", "iam:ListPolicyVersions"],
    };
    const COSTS: Costs = Costs::Free;
    type Model = Policy;
    type Platform = Aws;

    fn validate(config: &Value) -> Vec<ProviderDiagnostic> {
        let mut problems = rules::names(config, 128);
        problems.extend(rules::document(config, "policy", 6144));
        problems
    }

    async fn plan(aws: &Aws, draft: &mut Draft<'_>) {
        tags::plan(aws, draft);
        keep(draft, "policy", same_policy);
        if let Some(arn) = planned_arn(aws, draft, "policy").await {
            draft.set("id", &arn);
            draft.set("arn", &arn);
        }
    }

    async fn create(aws: &Aws, planned: Policy, operation: &Operation) -> Result<Policy, ChangeError<Policy>> {
        let name = planned.name(&operation.token);
        let call = aws
            .iam()
            .create_policy()
            .policy_name(&name)
            .path(&planned.path)
            .policy_document(&planned.policy)
            .set_description(planned.description.clone())
            .set_tags(Some(tagging::list(&tags::creating(&planned.tags_all, operation))?));
        let made = match call.send().await.sent("iam:CreatePolicy", TAKEN) {
            Sent::Done(answer) => answer.policy,
            Sent::Taken(_) => {
                let arn = planned.arn(aws, &operation.token).await?;
                find(aws, &arn).await?.filter(|there| is_from(there, &operation.token))
            }
            Sent::Refused(failure) => return Err(failure.into()),
            Sent::Unsure(failure) => return Err(ChangeError::unsure(failure)),
        };
        let made = made.ok_or_else(|| names::taken("policy", &name, "its ARN"))?;
        Ok(planned.identified(&made))
    }

    async fn read(aws: &Aws, current: Vec<Policy>) -> Vec<Result<Option<Policy>, Failure>> {
        // The listing has no tags, so each is asked for; it saves asking for each one's document too.
        let arns: BTreeSet<_> = current.iter().filter_map(|policy| policy.arn.known().cloned()).collect();
        let documents = listing::documents(aws, &arns).await;
        each(current, |policy| async {
            let Some(arn) = policy.arn.known().cloned() else { return Ok(None) };
            let Some(found) = find(aws, &arn).await? else { return Ok(None) };
            let version = found.default_version_id().unwrap_or_default().to_owned();
            let document = match documents.get(&(arn, version)) {
                Some(document) => Some(document.clone()),
                None => document(aws, &found).await?,
            };
            Ok(document.map(|document| policy.seen(aws, &found, document)))
        })
        .await
    }

    async fn update(
        aws: &Aws,
        prior: Policy,
        planned: Policy,
        operation: &Operation,
    ) -> Result<Policy, ChangeError<Policy>> {
        let mut policy = prior;
        let arn = policy.arn(aws, &operation.token).await?;
        if policy.policy != planned.policy {
            versions::add(aws, &arn, &planned.policy, operation).await?;
            policy.policy.clone_from(&planned.policy);
        }
        match Tagged::Policy(&arn).retag(aws, &policy.tags_all, &planned.tags_all).await {
            Ok(()) => Ok(planned),
            Err(failure) => Err(ChangeError::leaving(failure, policy)),
        }
    }

    async fn delete(aws: &Aws, prior: Policy, operation: &Operation) -> Result<(), Failure> {
        const ACTION: &str = "iam:DeletePolicy";
        let arn = prior.arn(aws, &operation.token).await?;
        versions::delete_others(aws, &arn).await?;
        let call = aws.iam().delete_policy().policy_arn(&arn);
        let answer = call.clone().send().await;
        if !answer.as_ref().is_err_and(is_in_use) {
            return answer.gone(ACTION, ABSENT);
        }
        let holders = holders(aws, &arn).await?;
        if holders.is_empty() {
            // IAM may take a moment to see that it is detached everywhere.
            return waiting::propagated(operation, ACTION, is_in_use, || call.clone().send())
                .await
                .gone(ACTION, ABSENT);
        }
        let detail = format!("The policy `{arn}` is attached to: {}. Detach it there first.", holders.join(", "));
        Err(Failure::new("Policy is in use", detail))
    }

    async fn locate(aws: &Aws, planned: Policy, token: &str) -> Result<Found<Policy>, Failure> {
        let arn = planned.arn(aws, token).await?;
        let Some(found) = find(aws, &arn).await?.filter(|there| is_from(there, token)) else {
            return Ok(Found::Absent);
        };
        let document = document(aws, &found).await?;
        Ok(document.map_or(Found::Absent, |document| Found::Complete(planned.seen(aws, &found, document))))
    }

    async fn import(aws: &Aws, id: &str) -> Result<Policy, Failure> {
        let absent = || names::nothing_to_import("policy", id, "its ARN");
        if !id.starts_with("arn:") {
            return Err(absent());
        }
        let found = find(aws, id).await?.ok_or_else(absent)?;
        let document = document(aws, &found).await?.ok_or_else(absent)?;
        let nothing = Policy {
            name: Computed::Unknown,
            name_prefix: None,
            path: String::new(),
            description: None,
            policy: String::new(),
            tags: None,
            tags_all: Computed::Unknown,
            id: Computed::Unknown,
            arn: Computed::Unknown,
            policy_id: Computed::Unknown,
        };
        Ok(nothing.seen(aws, &found, document))
    }
}

async fn find(aws: &Aws, arn: &str) -> Result<Option<Seen>, Failure> {
    let answer = aws.iam().get_policy().policy_arn(arn).send().await.found("iam:GetPolicy", ABSENT)?;
    Ok(answer.and_then(|answer| answer.policy))
}

fn is_from(policy: &Seen, token: &str) -> bool {
    tags::is_from(&tagging::seen(policy.tags()), token)
}

/// The document of the version that counts.
async fn document(aws: &Aws, policy: &Seen) -> Result<Option<String>, Failure> {
    let call = aws.iam().get_policy_version().set_policy_arn(policy.arn.clone());
    let answer = call.set_version_id(policy.default_version_id.clone()).send().await;
    let version = answer.found("iam:GetPolicyVersion", ABSENT)?.and_then(|answer| answer.policy_version);
    Ok(version.map(|version| text::decoded(version.document().unwrap_or_default())))
}

/// What a policy is attached to, in words.
async fn holders(aws: &Aws, arn: &str) -> Result<Vec<String>, Failure> {
    let mut holders = Vec::new();
    let mut pages = aws.iam().list_entities_for_policy().policy_arn(arn).into_paginator().send();
    while let Some(page) = pages.next().await {
        let Some(page) = page.found("iam:ListEntitiesForPolicy", ABSENT)? else { break };
        let roles = page.policy_roles().iter().filter_map(|role| role.role_name());
        let users = page.policy_users().iter().filter_map(|user| user.user_name());
        let groups = page.policy_groups().iter().filter_map(|group| group.group_name());
        holders.extend(roles.map(|name| format!("role `{name}`")));
        holders.extend(users.map(|name| format!("user `{name}`")));
        holders.extend(groups.map(|name| format!("group `{name}`")));
    }
    Ok(holders)
}
