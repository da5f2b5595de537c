//! Versions of a managed policy: IAM keeps five, and what counts is the one that is set.

use aws_sdk_iam::types::PolicyVersion;
use mesh_provider::{Failure, Operation};

use super::{ABSENT, is_early};
use crate::failure::{Outcome as _, has_code};
use crate::platform::Aws;
use crate::waiting;

/// Makes a document the one that counts. Where there are five versions, the oldest goes that doesn't count.
pub(super) async fn add(aws: &Aws, arn: &str, document: &str, operation: &Operation) -> Result<(), Failure> {
    const ACTION: &str = "iam:CreatePolicyVersion";
    let call = aws.iam().create_policy_version().policy_arn(arn).policy_document(document).set_as_default(true);
    let add = || waiting::propagated(operation, ACTION, is_early, || call.clone().send());
    let answer = add().await;
    if !answer.as_ref().is_err_and(|error| has_code(error, &["LimitExceeded"])) {
        return answer.calling(ACTION).map(|_| ());
    }
    if let Some(oldest) = oldest(&list(aws, arn).await?) {
        delete(aws, arn, oldest).await?;
    }
    add().await.calling(ACTION).map(|_| ())
}

/// Deletes every version that doesn't count, so that the policy can go.
pub(super) async fn delete_others(aws: &Aws, arn: &str) -> Result<(), Failure> {
    for version in list(aws, arn).await?.iter().filter(|version| !version.is_default_version) {
        delete(aws, arn, version.version_id().unwrap_or_default()).await?;
    }
    Ok(())
}

async fn list(aws: &Aws, arn: &str) -> Result<Vec<PolicyVersion>, Failure> {
    let mut versions = Vec::new();
    let mut pages = aws.iam().list_policy_versions().policy_arn(arn).into_paginator().send();
    while let Some(page) = pages.next().await {
        let Some(page) = page.found("iam:ListPolicyVersions", ABSENT)? else { break };
        versions.extend(page.versions.unwrap_or_default());
    }
    Ok(versions)
}

async fn delete(aws: &Aws, arn: &str, version: &str) -> Result<(), Failure> {
    let call = aws.iam().delete_policy_version().policy_arn(arn).version_id(version);
    call.send().await.gone("iam:DeletePolicyVersion", ABSENT)
}

/// The lowest of the numbers that stand behind the `v`, of those that don't count.
fn oldest(versions: &[PolicyVersion]) -> Option<&str> {
    let ids = versions.iter().filter(|version| !version.is_default_version).filter_map(PolicyVersion::version_id);
    ids.min_by_key(|id| id.trim_start_matches('v').parse::<u64>().unwrap_or(u64::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_oldest_that_does_not_count_goes() {
        let version =
            |id: &str, counts: bool| PolicyVersion::builder().version_id(id).is_default_version(counts).build();
        let versions = [version("v12", false), version("v9", true), version("v10", false), version("v11", false)];
        assert_eq!(oldest(&versions), Some("v10"));
        assert_eq!(oldest(&[version("v1", true)]), None);
    }
}
