//! What keeps a role from being deleted: policies, attachments, instance profiles.

use std::fmt;

use mesh_provider::Failure;

use super::ABSENT;
use crate::failure::Outcome as _;
use crate::platform::Aws;

/// What hangs on a role.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Holding {
    inline: Vec<String>,
    attached: Vec<String>,
    profiles: Vec<String>,
}

impl Holding {
    /// What hangs on this role now; nothing, where there is no such role.
    pub(super) async fn of(aws: &Aws, role: &str) -> Result<Self, Failure> {
        let mut holding = Self::default();
        let mut pages = aws.iam().list_role_policies().role_name(role).into_paginator().send();
        while let Some(page) = pages.next().await {
            let Some(page) = page.found("iam:ListRolePolicies", ABSENT)? else { return Ok(holding) };
            holding.inline.extend(page.policy_names);
        }
        holding.attached = attached(aws, role).await?;
        let mut pages = aws.iam().list_instance_profiles_for_role().role_name(role).into_paginator().send();
        while let Some(page) = pages.next().await {
            let Some(page) = page.found("iam:ListInstanceProfilesForRole", ABSENT)? else { return Ok(holding) };
            holding.profiles.extend(page.instance_profiles.into_iter().map(|profile| profile.instance_profile_name));
        }
        Ok(holding)
    }

    /// Whether nothing hangs on it.
    pub(super) const fn is_empty(&self) -> bool {
        self.inline.is_empty() && self.attached.is_empty() && self.profiles.is_empty()
    }

    /// Takes all of it away.
    pub(super) async fn release(&self, aws: &Aws, role: &str) -> Result<(), Failure> {
        for name in &self.inline {
            let call = aws.iam().delete_role_policy().role_name(role).policy_name(name);
            call.send().await.gone("iam:DeleteRolePolicy", ABSENT)?;
        }
        for arn in &self.attached {
            let call = aws.iam().detach_role_policy().role_name(role).policy_arn(arn);
            call.send().await.gone("iam:DetachRolePolicy", ABSENT)?;
        }
        for name in &self.profiles {
            let call = aws.iam().remove_role_from_instance_profile().role_name(role).instance_profile_name(name);
            call.send().await.gone("iam:RemoveRoleFromInstanceProfile", ABSENT)?;
        }
        Ok(())
    }
}

impl fmt::Display for Holding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kinds = [
            ("inline policy", &self.inline),
            ("attached policy", &self.attached),
            ("instance profile", &self.profiles),
        ];
        let named = kinds.iter().flat_map(|(kind, names)| names.iter().map(move |name| format!("{kind} `{name}`")));
        f.write_str(&named.collect::<Vec<_>>().join(", "))
    }
}

/// The ARNs of the managed policies that are attached to a role; none, where there is no such role.
pub(super) async fn attached(aws: &Aws, role: &str) -> Result<Vec<String>, Failure> {
    let mut arns = Vec::new();
    let mut pages = aws.iam().list_attached_role_policies().role_name(role).into_paginator().send();
    while let Some(page) = pages.next().await {
        let Some(page) = page.found("iam:ListAttachedRolePolicies", ABSENT)? else { break };
        arns.extend(page.attached_policies.unwrap_or_default().into_iter().filter_map(|policy| policy.policy_arn));
    }
    Ok(arns)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_everything() {
        let holding =
            Holding { inline: vec!["a".into(), "b".into()], attached: vec!["c".into()], profiles: vec!["d".into()] };
        let all = "inline policy `a`, inline policy `b`, attached policy `c`, instance profile `d`";
        assert_eq!(holding.to_string(), all);
    }
}
