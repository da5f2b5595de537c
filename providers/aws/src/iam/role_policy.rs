//! `aws_iam_role_policy`: a policy that is part of one role.

use std::collections::BTreeSet;

use mesh_provider::cost::Costs;
use mesh_provider::{
    Block, ChangeError, Computed, Draft, Failure, Found, Operation, Permissions, ProviderDiagnostic, ResourceType,
};
use mesh_value::Value;

use super::{ABSENT, is_early, listing, rules, text};
use crate::document::{keep, kept, same_policy};
use crate::failure::{Outcome as _, Sent};
use crate::many::each;
use crate::platform::Aws;
use crate::{names, waiting};

/// A policy that is part of one role, and goes with it.
#[derive(Block, Clone, Debug, PartialEq, Eq)]
pub(crate) struct RolePolicy {
    /// Its name, which no other inline policy of the role may have. One that none has is made where it is left out.
    #[mesh(optional, replace)]
    pub name: Computed<String>,
    /// What a name that is made begins with.
    #[mesh(replace)]
    pub name_prefix: Option<String>,
    /// The name of the role.
    #[mesh(replace)]
    pub role: String,
    /// What it allows and denies: a policy document. The order of its statements, actions and resources makes no
    /// difference.
    pub policy: String,
    /// The role's name and the policy's name, joined by `:`.
    pub id: Computed<String>,
}

/// The resource type `aws_iam_role_policy`.
pub(crate) struct RolePolicyType;

impl RolePolicy {
    fn name(&self, token: &str) -> String {
        names::chosen(&self.name, self.name_prefix.as_deref(), token)
    }

    /// The policy under this name, with the document that IAM has.
    fn seen(mut self, name: String, document: String) -> Self {
        self.policy = kept(Some(&self.policy), document, same_policy);
        self.id = Computed::Known(format!("{}:{name}", self.role));
        self.name = Computed::Known(name);
        self
    }

    async fn put(&self, aws: &Aws, name: &str, operation: &Operation) -> Sent<()> {
        const ACTION: &str = "iam:PutRolePolicy";
        let call = aws.iam().put_role_policy().role_name(&self.role).policy_name(name).policy_document(&self.policy);
        let answer = waiting::propagated(operation, ACTION, is_early, || call.clone().send()).await;
        answer.map(|_| ()).sent(ACTION, &[])
    }
}

impl ResourceType for RolePolicyType {
    const NAME: &'static str = "aws_iam_role_policy";
    const PERMISSIONS: Permissions = Permissions {
        read: &["iam:GetAccountAuthorizationDetails", "iam:GetRolePolicy"],
        create: &["iam:PutRolePolicy"],
        update: &["iam:PutRolePolicy"],
        delete: &["iam:DeleteRolePolicy"],
    };
    const COSTS: Costs = Costs::Free;
    type Model = RolePolicy;
    type Platform = Aws;

    fn validate(config: &Value) -> Vec<ProviderDiagnostic> {
        let mut problems = rules::names(config, 128);
        problems.extend(rules::role(config));
        problems.extend(rules::document(config, "policy", 10240));
        problems
    }

    async fn plan(_: &Aws, draft: &mut Draft<'_>) {
        keep(draft, "policy", same_policy);
        let (role, name) = (draft.planned_as::<String>("role"), draft.planned_as::<String>("name"));
        if let Some((role, name)) = role.zip(name).filter(|_| draft.changes("role") || draft.changes("name")) {
            draft.set("id", &format!("{role}:{name}"));
        }
    }

    // A put replaces what is there, and an inline policy has no tags. So what is there before is somebody else's, unless
    // it means exactly what is planned: then it may as well be what an interrupted create made.
    async fn create(
        aws: &Aws,
        planned: RolePolicy,
        operation: &Operation,
    ) -> Result<RolePolicy, ChangeError<RolePolicy>> {
        let name = planned.name(&operation.token);
        if let Some(there) = find(aws, &planned.role, &name).await? {
            if !same_policy(&there, &planned.policy) {
                let what = format!("{}:{name}", planned.role);
                let id = "the role's name and its own, joined by `:`";
                return Err(names::taken("inline policy", &what, id).into());
            }
            return Ok(planned.seen(name, there));
        }
        match planned.put(aws, &name, operation).await {
            Sent::Done(()) => {}
            Sent::Taken(failure) | Sent::Refused(failure) => return Err(failure.into()),
            Sent::Unsure(failure) => return Err(ChangeError::unsure(failure)),
        }
        let document = planned.policy.clone();
        Ok(planned.seen(name, document))
    }

    async fn read(aws: &Aws, current: Vec<RolePolicy>) -> Vec<Result<Option<RolePolicy>, Failure>> {
        let roles: BTreeSet<_> = current.iter().map(|policy| policy.role.clone()).collect();
        let details = listing::details(aws, &roles).await;
        each(current, |policy| async {
            let Some(name) = policy.name.known().cloned() else { return Ok(None) };
            let listed = details.get(&policy.role).and_then(|role| {
                let mut policies = role.role_policy_list().iter();
                policies.find(|listed| listed.policy_name() == Some(name.as_str()))?.policy_document()
            });
            let document = match listed {
                Some(document) => Some(text::decoded(document)),
                None => find(aws, &policy.role, &name).await?,
            };
            Ok(document.map(|document| policy.seen(name, document)))
        })
        .await
    }

    async fn update(
        aws: &Aws,
        prior: RolePolicy,
        planned: RolePolicy,
        operation: &Operation,
    ) -> Result<RolePolicy, ChangeError<RolePolicy>> {
        match planned.put(aws, &prior.name(&operation.token), operation).await {
            Sent::Done(()) => Ok(planned),
            Sent::Taken(failure) | Sent::Refused(failure) | Sent::Unsure(failure) => Err(ChangeError::unsure(failure)),
        }
    }

    async fn delete(aws: &Aws, prior: RolePolicy, operation: &Operation) -> Result<(), Failure> {
        const ACTION: &str = "iam:DeleteRolePolicy";
        let name = prior.name(&operation.token);
        let call = aws.iam().delete_role_policy().role_name(&prior.role).policy_name(name);
        waiting::propagated(operation, ACTION, is_early, || call.clone().send()).await.gone(ACTION, ABSENT)
    }

    async fn locate(aws: &Aws, planned: RolePolicy, token: &str) -> Result<Found<RolePolicy>, Failure> {
        let name = planned.name(token);
        let there = find(aws, &planned.role, &name).await?;
        Ok(match there.filter(|there| same_policy(there, &planned.policy)) {
            Some(document) => Found::Complete(planned.seen(name, document)),
            None => Found::Absent,
        })
    }

    async fn import(aws: &Aws, id: &str) -> Result<RolePolicy, Failure> {
        let form = "the role's name and its own, joined by `:`";
        let absent = || names::nothing_to_import("inline policy", id, form);
        let (role, name) = id.split_once(':').ok_or_else(absent)?;
        let document = find(aws, role, name).await?.ok_or_else(absent)?;
        let nothing = RolePolicy {
            name: Computed::Unknown,
            name_prefix: None,
            role: role.to_owned(),
            policy: String::new(),
            id: Computed::Unknown,
        };
        Ok(nothing.seen(name.to_owned(), document))
    }
}

async fn find(aws: &Aws, role: &str, name: &str) -> Result<Option<String>, Failure> {
    let answer = aws.iam().get_role_policy().role_name(role).policy_name(name).send().await;
    Ok(answer.found("iam:GetRolePolicy", ABSENT)?.map(|answer| text::decoded(&answer.policy_document)))
}
