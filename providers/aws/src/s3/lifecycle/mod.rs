//! `aws_s3_bucket_lifecycle_configuration`: what becomes of objects as they get older.

mod check;
mod meaning;
mod model;
mod request;
#[cfg(test)]
mod tests;

use aws_sdk_s3::types::{BucketLifecycleConfiguration, TransitionDefaultMinimumObjectSize};
use mesh_provider::{Block, Computed, Draft, Failure, Operation, Permissions, ProviderDiagnostic};
use mesh_value::Value;

pub(super) use self::model::{And, Filter, Rule};
use super::setting::{Setting, settle};
use crate::failure::{Outcome as _, Sent, incomplete};
use crate::platform::Aws;

/// What becomes of the objects of a bucket as they get older: all its rules, so one resource a bucket.
#[derive(Block, Clone, Debug, PartialEq, Eq)]
pub(crate) struct Lifecycle {
    /// The bucket's name.
    #[mesh(replace)]
    pub bucket: String,
    /// The account that the bucket must belong to.
    #[mesh(replace)]
    pub expected_bucket_owner: Option<String>,
    /// From which size on objects move: `all_storage_classes_128K` (from 128 KiB on, AWS's default) or
    /// `varies_by_storage_class` (smaller ones move to Glacier too).
    #[mesh(optional)]
    pub transition_default_minimum_object_size: Computed<String>,
    /// The rules. Their order makes no difference.
    #[mesh(block, min = 1)]
    pub rule: Vec<Rule>,
    /// The bucket's name, and the expected owner after a comma where there is one.
    pub id: Computed<String>,
}

const NONE: &[&str] = &["NoSuchLifecycleConfiguration", "NoSuchBucket"];

impl Setting for Lifecycle {
    const NAME: &'static str = "aws_s3_bucket_lifecycle_configuration";
    const WHAT: &'static str = "lifecycle rules";
    const PERMISSIONS: Permissions = Permissions {
        read: &["s3:GetLifecycleConfiguration"],
        create: &["s3:PutLifecycleConfiguration"],
        update: &["s3:PutLifecycleConfiguration"],
        delete: &["s3:PutLifecycleConfiguration"],
    };

    fn validate(config: &Value) -> Vec<ProviderDiagnostic> {
        check::problems(config)
    }

    fn plan(draft: &mut Draft<'_>) {
        let (was, will) = (draft.prior_as::<Vec<Rule>>("rule"), draft.planned_as::<Vec<Rule>>("rule"));
        if was.zip(will).is_some_and(|(was, will)| meaning::same(&was, &will)) {
            draft.keep("rule");
        }
    }

    fn of(bucket: &str, owner: Option<String>) -> Self {
        Self {
            bucket: bucket.to_owned(),
            expected_bucket_owner: owner,
            transition_default_minimum_object_size: Computed::Unknown,
            rule: Vec::new(),
            id: Computed::Unknown,
        }
    }

    fn bucket(&self) -> &str {
        &self.bucket
    }

    fn owner(&self) -> Option<String> {
        self.expected_bucket_owner.clone()
    }

    fn identify(&mut self, id: String) {
        self.id = Computed::Known(id);
    }

    async fn get(mut self, aws: &Aws) -> Result<Option<Self>, Failure> {
        let call = aws.s3().get_bucket_lifecycle_configuration().bucket(&self.bucket);
        let answer = call.set_expected_bucket_owner(self.owner()).send().await;
        let Some(answer) = answer.found("s3:GetLifecycleConfiguration", NONE)? else { return Ok(None) };
        if answer.rules().is_empty() {
            return Ok(None);
        }
        let size = answer.transition_default_minimum_object_size().map(|size| size.as_str().to_owned());
        // Stores that only speak S3's protocol may not know it.
        let size = size.or_else(|| self.transition_default_minimum_object_size.into_known());
        self.transition_default_minimum_object_size = size.into();
        let there = answer.rules().iter().map(Rule::seen).collect();
        self.rule = meaning::kept(&self.rule, there);
        Ok(Some(self))
    }

    async fn put(&self, aws: &Aws, operation: &Operation) -> Result<Sent<()>, Failure> {
        let rules = self.rule.iter().map(Rule::request).collect::<Result<Vec<_>, _>>()?;
        let rules = BucketLifecycleConfiguration::builder().set_rules(Some(rules)).build().map_err(incomplete)?;
        let size = self.transition_default_minimum_object_size.known();
        let size = size.map(|size| TransitionDefaultMinimumObjectSize::from(size.as_str()));
        let action = "s3:PutLifecycleConfiguration";
        let send = || {
            let call = aws.s3().put_bucket_lifecycle_configuration().bucket(&self.bucket);
            let call = call.set_expected_bucket_owner(self.owner());
            let call = call.set_transition_default_minimum_object_size(size.clone());
            call.lifecycle_configuration(rules.clone()).send()
        };
        Ok(settle(operation, action, send).await.map(drop).sent(action, &[]))
    }

    async fn remove(&self, aws: &Aws, operation: &Operation) -> Result<(), Failure> {
        let action = "s3:PutLifecycleConfiguration";
        let send =
            || aws.s3().delete_bucket_lifecycle().bucket(&self.bucket).set_expected_bucket_owner(self.owner()).send();
        settle(operation, action, send).await.gone(action, NONE)
    }
}
