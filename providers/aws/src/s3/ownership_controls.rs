//! `aws_s3_bucket_ownership_controls`: whom the objects belong to that others write into a bucket.

use aws_sdk_s3::types::{ObjectOwnership, OwnershipControls as Controls, OwnershipControlsRule};
use mesh_provider::{Block, Computed, Failure, Operation, Permissions, ProviderDiagnostic};
use mesh_value::Value;

use super::setting::{Setting, settle};
use crate::check;
use crate::failure::{Outcome as _, Sent, incomplete};
use crate::platform::Aws;

/// Whom the objects belong to that others write into a bucket, and whether access lists have any effect.
#[derive(Block, Clone, Debug, PartialEq, Eq)]
pub(crate) struct OwnershipControls {
    /// The bucket's name.
    #[mesh(replace)]
    pub bucket: String,
    /// Whom they belong to.
    #[mesh(block)]
    pub rule: Ownership,
    /// The bucket's name.
    pub id: Computed<String>,
}

/// Whom objects belong to.
#[derive(Block, Clone, Debug, PartialEq, Eq)]
pub(crate) struct Ownership {
    /// `BucketOwnerEnforced` (the bucket's owner; access lists have no effect), `BucketOwnerPreferred` (the bucket's
    /// owner, where the writer agrees) or `ObjectWriter`.
    pub object_ownership: String,
}

const NONE: &[&str] = &["OwnershipControlsNotFoundError", "NoSuchBucket"];

impl Setting for OwnershipControls {
    const NAME: &'static str = "aws_s3_bucket_ownership_controls";
    const WHAT: &'static str = "ownership controls";
    const PERMISSIONS: Permissions = Permissions {
        read: &["s3:GetBucketOwnershipControls"],
        create: &["s3:PutBucketOwnershipControls"],
        update: &["s3:PutBucketOwnershipControls"],
        delete: &["s3:PutBucketOwnershipControls"],
    };

    fn validate(config: &Value) -> Vec<ProviderDiagnostic> {
        check::inside(config, "rule", |rule| check::one_of(rule, "object_ownership", ObjectOwnership::values()))
    }

    fn of(bucket: &str, _: Option<String>) -> Self {
        let rule = Ownership { object_ownership: String::new() };
        Self { bucket: bucket.to_owned(), rule, id: Computed::Unknown }
    }

    fn bucket(&self) -> &str {
        &self.bucket
    }

    fn identify(&mut self, id: String) {
        self.id = Computed::Known(id);
    }

    async fn get(mut self, aws: &Aws) -> Result<Option<Self>, Failure> {
        let answer = aws.s3().get_bucket_ownership_controls().bucket(&self.bucket).send().await;
        let controls =
            answer.found("s3:GetBucketOwnershipControls", NONE)?.and_then(|answer| answer.ownership_controls);
        let rule = controls.as_ref().and_then(|controls| controls.rules().first());
        let Some(rule) = rule else { return Ok(None) };
        rule.object_ownership().as_str().clone_into(&mut self.rule.object_ownership);
        Ok(Some(self))
    }

    fn is_default(&self) -> bool {
        // What new buckets have since April 2023.
        self.rule.object_ownership == "BucketOwnerEnforced"
    }

    async fn put(&self, aws: &Aws, operation: &Operation) -> Result<Sent<()>, Failure> {
        let ownership = ObjectOwnership::from(self.rule.object_ownership.as_str());
        let rule = OwnershipControlsRule::builder().object_ownership(ownership).build().map_err(incomplete)?;
        let controls = Controls::builder().rules(rule).build().map_err(incomplete)?;
        let action = "s3:PutBucketOwnershipControls";
        let send = || {
            let call = aws.s3().put_bucket_ownership_controls().bucket(&self.bucket);
            call.ownership_controls(controls.clone()).send()
        };
        Ok(settle(operation, action, send).await.map(drop).sent(action, &[]))
    }

    async fn remove(&self, aws: &Aws, operation: &Operation) -> Result<(), Failure> {
        let action = "s3:PutBucketOwnershipControls";
        let send = || aws.s3().delete_bucket_ownership_controls().bucket(&self.bucket).send();
        settle(operation, action, send).await.gone(action, NONE)
    }
}
