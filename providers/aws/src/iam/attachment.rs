//! `aws_iam_role_policy_attachment`: a managed policy on a role.

use std::collections::{BTreeMap, BTreeSet};

use mesh_provider::cost::Costs;
use mesh_provider::{
    Block, ChangeError, Computed, Draft, Failure, Found, Operation, Permissions, ProviderDiagnostic, ResourceType,
};
use mesh_value::{AttributePath, Value};

use super::holding::attached;
use super::{ABSENT, is_early, listing, rules};
use crate::failure::{Outcome as _, Sent};
use crate::many::each;
use crate::platform::Aws;
use crate::{names, waiting};

/// A managed policy on a role.
#[derive(Block, Clone, Debug, PartialEq, Eq)]
pub(crate) struct Attachment {
    /// The name of the role.
    #[mesh(replace)]
    pub role: String,
    /// The ARN of the policy.
    #[mesh(replace)]
    pub policy_arn: String,
    /// The role's name and the policy's ARN, joined by `/`.
    pub id: Computed<String>,
}

/// The resource type `aws_iam_role_policy_attachment`.
pub(crate) struct AttachmentType;

impl Attachment {
    fn identified(mut self) -> Self {
        self.id = Computed::Known(format!("{}/{}", self.role, self.policy_arn));
        self
    }

    async fn is_there(&self, aws: &Aws) -> Result<bool, Failure> {
        Ok(attached(aws, &self.role).await?.contains(&self.policy_arn))
    }
}

impl ResourceType for AttachmentType {
    const NAME: &'static str = "aws_iam_role_policy_attachment";
    const PERMISSIONS: Permissions = Permissions {
        read: &["iam:GetAccountAuthorizationDetails", "iam:ListAttachedRolePolicies"],
        create: &["iam:AttachRolePolicy"],
        update: &[],
        delete: &["iam:DetachRolePolicy"],
    };
    const COSTS: Costs = Costs::Free;
    type Model = Attachment;
    type Platform = Aws;

    fn validate(config: &Value) -> Vec<ProviderDiagnostic> {
        let mut problems = rules::role(config);
        let arn = config.get("policy_arn").and_then(Value::as_str);
        if let Some(arn) = arn.filter(|arn| !(arn.starts_with("arn:") && arn.contains(":policy/"))) {
            let detail = format!(
                "`policy_arn` is \"{arn}\", which is no policy's ARN. Write the policy's `arn`, such as \
                 `arn:aws:iam::aws:policy/ReadOnlyAccess`."
            );
            problems.push(ProviderDiagnostic::error("Invalid ARN", detail).at(AttributePath::attr("policy_arn")));
        }
        problems
    }

    async fn plan(_: &Aws, draft: &mut Draft<'_>) {
        let (role, arn) = (draft.planned_as::<String>("role"), draft.planned_as::<String>("policy_arn"));
        if let Some((role, arn)) = role.zip(arn).filter(|_| draft.changes("role") || draft.changes("policy_arn")) {
            draft.set("id", &format!("{role}/{arn}"));
        }
    }

    // An attachment is all name and no content: one that is there is the one that is planned. So a policy that was
    // attached before comes under management without a word, as it would with Terraform.
    async fn create(
        aws: &Aws,
        planned: Attachment,
        operation: &Operation,
    ) -> Result<Attachment, ChangeError<Attachment>> {
        const ACTION: &str = "iam:AttachRolePolicy";
        let call = aws.iam().attach_role_policy().role_name(&planned.role).policy_arn(&planned.policy_arn);
        let answer = waiting::propagated(operation, ACTION, is_early, || call.clone().send()).await;
        match answer.sent(ACTION, &[]) {
            Sent::Done(_) => Ok(planned.identified()),
            Sent::Taken(failure) | Sent::Refused(failure) => Err(failure.into()),
            Sent::Unsure(failure) => Err(ChangeError::unsure(failure)),
        }
    }

    async fn read(aws: &Aws, current: Vec<Attachment>) -> Vec<Result<Option<Attachment>, Failure>> {
        let roles: BTreeSet<_> = current.iter().map(|attachment| attachment.role.clone()).collect();
        let details = listing::details(aws, &roles).await;
        let is_listed = |attachment: &Attachment| {
            details.get(&attachment.role).is_some_and(|role| {
                let mut policies = role.attached_managed_policies().iter();
                policies.any(|policy| policy.policy_arn() == Some(attachment.policy_arn.as_str()))
            })
        };
        // One call answers for all attachments of a role.
        let others: BTreeSet<_> =
            current.iter().filter(|attachment| !is_listed(attachment)).map(|attachment| &attachment.role).collect();
        let asked = each(others.into_iter().cloned().collect(), |role: String| async {
            let answer = attached(aws, &role).await;
            (role, answer)
        });
        let asked: BTreeMap<_, _> = asked.await.into_iter().collect();
        let result = |attachment: Attachment| {
            if is_listed(&attachment) {
                return Ok(Some(attachment.identified()));
            }
            match asked.get(&attachment.role) {
                Some(Ok(arns)) => Ok(arns.contains(&attachment.policy_arn).then(|| attachment.identified())),
                Some(Err(failure)) => Err(failure.clone()),
                None => Ok(None),
            }
        };
        current.into_iter().map(result).collect()
    }

    async fn delete(aws: &Aws, prior: Attachment, operation: &Operation) -> Result<(), Failure> {
        const ACTION: &str = "iam:DetachRolePolicy";
        let call = aws.iam().detach_role_policy().role_name(&prior.role).policy_arn(&prior.policy_arn);
        waiting::propagated(operation, ACTION, is_early, || call.clone().send()).await.gone(ACTION, ABSENT)
    }

    async fn locate(aws: &Aws, planned: Attachment, _token: &str) -> Result<Found<Attachment>, Failure> {
        let there = planned.is_there(aws).await?;
        Ok(if there { Found::Complete(planned.identified()) } else { Found::Absent })
    }

    async fn import(aws: &Aws, id: &str) -> Result<Attachment, Failure> {
        let form = "the role's name and the policy's ARN, joined by `/`";
        let absent = || names::nothing_to_import("attachment", id, form);
        let (role, arn) = id.split_once('/').ok_or_else(absent)?;
        let named = Attachment { role: role.to_owned(), policy_arn: arn.to_owned(), id: Computed::Unknown };
        if named.is_there(aws).await? { Ok(named.identified()) } else { Err(absent()) }
    }
}
