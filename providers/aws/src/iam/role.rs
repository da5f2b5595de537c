//! `aws_iam_role`: rights that somebody can take on for a while.

use std::collections::BTreeSet;

use aws_sdk_iam::types::Role as Seen;
use mesh_provider::cost::Costs;
use mesh_provider::{
    Block, ChangeError, Computed, Draft, Failure, Found, Operation, Permissions, ProviderDiagnostic, ResourceType,
};
use mesh_value::Value;

use super::holding::Holding;
use super::tagging::{self, Tagged};
use super::{ABSENT, TAKEN, is_early, is_in_use, listing, planned_arn, rules, text, timestamp};
use crate::document::{keep, kept, same_policy};
use crate::failure::{Outcome as _, SdkError, Sent};
use crate::many::each;
use crate::platform::Aws;
use crate::tags::{self, Tags};
use crate::{check, names, waiting};

/// Rights that somebody can take on for a while: a service, a person, a pipeline.
///
/// What the role may do is in `aws_iam_role_policy` and `aws_iam_role_policy_attachment`.
#[derive(Block, Clone, Debug, PartialEq, Eq)]
pub(crate) struct Role {
    /// Its name, which no other role of the account may have. One that nobody else has is made where it is left out.
    #[mesh(optional, replace)]
    pub name: Computed<String>,
    /// What a name that is made begins with.
    #[mesh(replace)]
    pub name_prefix: Option<String>,
    /// Where it stands among the account's roles, such as `/data/orders/`.
    #[mesh(default = "/", replace)]
    pub path: String,
    /// What it is for.
    pub description: Option<String>,
    /// Who may take it on: a policy document. The order of its statements, actions and principals makes no difference.
    pub assume_role_policy: String,
    /// How many seconds somebody can have it at most: from 3600 to 43200.
    #[mesh(default = 3600)]
    pub max_session_duration: i64,
    /// The ARN of the policy that says what the role can be allowed at most.
    pub permissions_boundary: Option<String>,
    /// Whether deleting the role takes away what hangs on it: its inline policies, its attachments, its place in
    /// instance profiles. Without it, a role that something hangs on stays.
    #[mesh(default = false)]
    pub force_detach_policies: bool,
    /// Its tags.
    pub tags: Option<Tags>,
    /// All its tags, with those that the provider block gives to every resource.
    pub tags_all: Computed<Tags>,
    /// Its name.
    pub id: Computed<String>,
    /// Its ARN.
    pub arn: Computed<String>,
    /// The id that no role had before it and none will have after it.
    pub unique_id: Computed<String>,
    /// When it was made, as RFC 3339 writes it.
    pub create_date: Computed<String>,
}

/// The resource type `aws_iam_role`.
pub(crate) struct RoleType;

impl Role {
    fn name(&self, token: &str) -> String {
        names::chosen(&self.name, self.name_prefix.as_deref(), token)
    }

    /// What only IAM can say of it.
    fn identified(mut self, role: &Seen) -> Self {
        self.name = Computed::Known(role.role_name.clone());
        self.id = Computed::Known(role.role_name.clone());
        self.arn = Computed::Known(role.arn.clone());
        self.unique_id = Computed::Known(role.role_id.clone());
        self.create_date = Computed::Known(timestamp(&role.create_date));
        self
    }

    /// The role as IAM has it.
    fn seen(mut self, aws: &Aws, role: &Seen) -> Self {
        self.path.clone_from(&role.path);
        self.description = described(self.description.as_deref(), role.description());
        let trust = text::decoded(role.assume_role_policy_document().unwrap_or_default());
        self.assume_role_policy = kept(Some(&self.assume_role_policy), trust, same_policy);
        self.max_session_duration = role.max_session_duration().map_or(3600, i64::from);
        let boundary = role.permissions_boundary().and_then(|boundary| boundary.permissions_boundary_arn());
        self.permissions_boundary = boundary.map(str::to_owned);
        (self.tags, self.tags_all) = tags::seen(aws, self.tags.as_ref(), tagging::seen(role.tags()));
        self.identified(role)
    }

    fn seconds(&self) -> Option<i32> {
        i32::try_from(self.max_session_duration).ok()
    }

    /// Makes this role the planned one. What was done stays done where a step fails.
    async fn change(&mut self, aws: &Aws, planned: &Self, operation: &Operation) -> Result<(), Failure> {
        let name = self.name(&operation.token);
        if self.description != planned.description || self.max_session_duration != planned.max_session_duration {
            let description = planned.description.clone().unwrap_or_default();
            let call = aws.iam().update_role().role_name(&name).description(description);
            let call = call.set_max_session_duration(planned.seconds());
            let send = || call.clone().send();
            waiting::propagated(operation, "iam:UpdateRole", is_early, send).await.calling("iam:UpdateRole")?;
            self.description.clone_from(&planned.description);
            self.max_session_duration = planned.max_session_duration;
        }
        if self.assume_role_policy != planned.assume_role_policy {
            let action = "iam:UpdateAssumeRolePolicy";
            let call = aws.iam().update_assume_role_policy().role_name(&name);
            let call = call.policy_document(&planned.assume_role_policy);
            waiting::propagated(operation, action, is_early, || call.clone().send()).await.calling(action)?;
            self.assume_role_policy.clone_from(&planned.assume_role_policy);
        }
        if self.permissions_boundary != planned.permissions_boundary {
            planned.bound(aws, &name).await?;
            self.permissions_boundary.clone_from(&planned.permissions_boundary);
        }
        Tagged::Role(&name).retag(aws, &self.tags_all, &planned.tags_all).await
    }

    /// Sets what the role can be allowed at most.
    async fn bound(&self, aws: &Aws, name: &str) -> Result<(), Failure> {
        match &self.permissions_boundary {
            Some(arn) => {
                let call = aws.iam().put_role_permissions_boundary().role_name(name).permissions_boundary(arn);
                call.send().await.calling("iam:PutRolePermissionsBoundary").map(|_| ())
            }
            None => {
                let call = aws.iam().delete_role_permissions_boundary().role_name(name);
                call.send().await.gone("iam:DeleteRolePermissionsBoundary", ABSENT)
            }
        }
    }
}

impl ResourceType for RoleType {
    const NAME: &'static str = "aws_iam_role";
    const PERMISSIONS: Permissions = Permissions {
        read: &["iam:GetAccountAuthorizationDetails", "iam:GetRole", "iam:ListRoles"],
        create: &["iam:CreateRole", "iam:PutRolePermissionsBoundary", "iam:TagRole"],
        update: &[
            "iam:DeleteRolePermissionsBoundary",
            "iam:PutRolePermissionsBoundary",
            "iam:TagRole",
            "iam:UntagRole",
            "iam:UpdateAssumeRolePolicy",
            "iam:UpdateRole",
        ],
        delete: &[
            "iam:DeleteRole",
            "iam:DeleteRolePolicy",
            "iam:DetachRolePolicy",
            "iam:ListAttachedRolePolicies",
            "iam:ListInstanceProfilesForRole",
            "iam:ListRolePolicies",
            "iam:RemoveRoleFromInstanceProfile",
        ],
    };
    const COSTS: Costs = Costs::Free;
    type Model = Role;
    type Platform = Aws;

    fn validate(config: &Value) -> Vec<ProviderDiagnostic> {
        let mut problems = rules::names(config, 64);
        problems.extend(rules::document(config, "assume_role_policy", 4096));
        problems.extend(check::within(config, "max_session_duration", 3600, 43200));
        problems
    }

    async fn plan(aws: &Aws, draft: &mut Draft<'_>) {
        tags::plan(aws, draft);
        keep(draft, "assume_role_policy", same_policy);
        if let Some(name) = draft.planned_as::<String>("name").filter(|_| draft.changes("name")) {
            draft.set("id", &name);
        }
        if let Some(arn) = planned_arn(aws, draft, "role").await {
            draft.set("arn", &arn);
        }
    }

    async fn create(aws: &Aws, planned: Role, operation: &Operation) -> Result<Role, ChangeError<Role>> {
        let name = planned.name(&operation.token);
        let call = aws
            .iam()
            .create_role()
            .role_name(&name)
            .path(&planned.path)
            .assume_role_policy_document(&planned.assume_role_policy)
            .set_description(planned.description.clone())
            .set_max_session_duration(planned.seconds())
            .set_permissions_boundary(planned.permissions_boundary.clone())
            .set_tags(Some(tagging::list(&tags::creating(&planned.tags_all, operation))?));
        let answer = waiting::propagated(operation, "iam:CreateRole", is_early, || call.clone().send()).await;
        let made = match answer.sent("iam:CreateRole", TAKEN) {
            Sent::Done(answer) => answer.role,
            Sent::Taken(_) => made_before(aws, &name, &operation.token).await.map_err(ChangeError::unsure)?,
            Sent::Refused(failure) => return Err(failure.into()),
            Sent::Unsure(failure) => return Err(ChangeError::unsure(failure)),
        };
        let made = made.ok_or_else(|| names::taken("role", &name, "its name"))?;
        Ok(planned.identified(&made))
    }

    async fn read(aws: &Aws, current: Vec<Role>) -> Vec<Result<Option<Role>, Failure>> {
        let names: BTreeSet<_> = current.iter().filter_map(|role| role.name.known().cloned()).collect();
        let listed = listing::roles(aws, &names).await;
        each(current, |role| async {
            let Some(name) = role.name.known() else { return Ok(None) };
            Ok(match listed.get(name) {
                Some(found) => Some(role.seen(aws, found)),
                None => find(aws, name).await?.map(|found| role.seen(aws, &found)),
            })
        })
        .await
    }

    async fn update(aws: &Aws, prior: Role, planned: Role, operation: &Operation) -> Result<Role, ChangeError<Role>> {
        let mut role = prior;
        match role.change(aws, &planned, operation).await {
            Ok(()) => Ok(planned),
            Err(failure) => Err(ChangeError::leaving(failure, role)),
        }
    }

    async fn delete(aws: &Aws, prior: Role, operation: &Operation) -> Result<(), Failure> {
        const ACTION: &str = "iam:DeleteRole";
        let name = prior.name(&operation.token);
        let call = aws.iam().delete_role().role_name(&name);
        let answer = waiting::propagated(operation, ACTION, is_early, || call.clone().send()).await;
        if !answer.as_ref().is_err_and(is_in_use) {
            return answer.gone(ACTION, ABSENT);
        }
        let holding = Holding::of(aws, &name).await?;
        if !holding.is_empty() && !prior.force_detach_policies {
            let detail = format!(
                "The role `{name}` still has: {holding}. Take them away, or set `force_detach_policies = true` and apply \
                 that first."
            );
            return Err(Failure::new("Role is in use", detail));
        }
        holding.release(aws, &name).await?;
        // IAM may take a moment to see that nothing hangs on it any more.
        let settling = |error: &SdkError<_>| is_early(error) || is_in_use(error);
        waiting::propagated(operation, ACTION, settling, || call.clone().send()).await.gone(ACTION, ABSENT)
    }

    async fn locate(aws: &Aws, planned: Role, token: &str) -> Result<Found<Role>, Failure> {
        let found = made_before(aws, &planned.name(token), token).await?;
        Ok(found.map_or(Found::Absent, |found| Found::Complete(planned.seen(aws, &found))))
    }

    async fn import(aws: &Aws, id: &str) -> Result<Role, Failure> {
        let found = find(aws, id).await?.ok_or_else(|| names::nothing_to_import("role", id, "its name"))?;
        let nothing = Role {
            name: Computed::Unknown,
            name_prefix: None,
            path: String::new(),
            description: None,
            assume_role_policy: String::new(),
            max_session_duration: 3600,
            permissions_boundary: None,
            force_detach_policies: false,
            tags: None,
            tags_all: Computed::Unknown,
            id: Computed::Unknown,
            arn: Computed::Unknown,
            unique_id: Computed::Unknown,
            create_date: Computed::Unknown,
        };
        Ok(nothing.seen(aws, &found))
    }
}

/// The role as IAM has it.
pub(super) async fn find(aws: &Aws, name: &str) -> Result<Option<Seen>, Failure> {
    let answer = aws.iam().get_role().role_name(name).send().await.found("iam:GetRole", ABSENT)?;
    Ok(answer.and_then(|answer| answer.role))
}

/// The role, if the create with this token made it.
async fn made_before(aws: &Aws, name: &str, token: &str) -> Result<Option<Seen>, Failure> {
    Ok(find(aws, name).await?.filter(|role| tags::is_from(&tagging::seen(role.tags()), token)))
}

/// A description as the state has it: an empty one is none, unless it was written so.
pub(super) fn described(current: Option<&str>, platform: Option<&str>) -> Option<String> {
    match platform {
        None | Some("") => current.filter(|current| current.is_empty()).map(str::to_owned),
        Some(text) => Some(text.to_owned()),
    }
}
