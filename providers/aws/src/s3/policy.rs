//! `aws_s3_bucket_policy`: who may do what with a bucket and what is in it.

use mesh_provider::{Block, Computed, Draft, Failure, Operation, Permissions, ProviderDiagnostic};
use mesh_value::Value;

use super::setting::Setting;
use crate::document::{self, same_policy};
use crate::failure::{Outcome as _, SdkError, Sent, has_code, says};
use crate::platform::Aws;
use crate::waiting::propagated;

/// The policy of a bucket: who may do what with it and with what is in it.
#[derive(Block, Clone, Debug, PartialEq, Eq)]
pub(crate) struct Policy {
    /// The bucket's name.
    #[mesh(replace)]
    pub bucket: String,
    /// The policy document, in JSON. Compared by what it allows and denies.
    pub policy: String,
    /// The bucket's name.
    pub id: Computed<String>,
}

const NONE: &[&str] = &["NoSuchBucketPolicy", "NoSuchBucket"];

impl Setting for Policy {
    const NAME: &'static str = "aws_s3_bucket_policy";
    const WHAT: &'static str = "a policy";
    const PERMISSIONS: Permissions = Permissions {
        read: &["s3:GetBucketPolicy"],
        create: &["s3:PutBucketPolicy"],
        update: &["s3:PutBucketPolicy"],
        delete: &["s3:DeleteBucketPolicy"],
    };

    fn validate(config: &Value) -> Vec<ProviderDiagnostic> {
        document::invalid(config, "policy").into_iter().collect()
    }

    fn plan(draft: &mut Draft<'_>) {
        document::keep(draft, "policy", same_policy);
    }

    fn of(bucket: &str, _: Option<String>) -> Self {
        Self { bucket: bucket.to_owned(), policy: String::new(), id: Computed::Unknown }
    }

    fn bucket(&self) -> &str {
        &self.bucket
    }

    fn identify(&mut self, id: String) {
        self.id = Computed::Known(id);
    }

    async fn get(mut self, aws: &Aws) -> Result<Option<Self>, Failure> {
        let answer = aws.s3().get_bucket_policy().bucket(&self.bucket).send().await;
        let policy = answer.found("s3:GetBucketPolicy", NONE)?.and_then(|answer| answer.policy);
        let Some(policy) = policy else { return Ok(None) };
        self.policy = document::kept(Some(&self.policy), policy, same_policy);
        Ok(Some(self))
    }

    async fn put(&self, aws: &Aws, operation: &Operation) -> Result<Sent<()>, Failure> {
        let action = "s3:PutBucketPolicy";
        let send = || aws.s3().put_bucket_policy().bucket(&self.bucket).policy(&self.policy).send();
        Ok(propagated(operation, action, is_early, send).await.map(drop).sent(action, &[]))
    }

    async fn remove(&self, aws: &Aws, operation: &Operation) -> Result<(), Failure> {
        let action = "s3:DeleteBucketPolicy";
        let send = || aws.s3().delete_bucket_policy().bucket(&self.bucket).send();
        propagated(operation, action, is_early, send).await.gone(action, NONE)
    }
}

/// Another setting is being changed, or the policy names a role that S3 does not know yet.
fn is_early<E: aws_smithy_types::error::metadata::ProvideErrorMetadata>(error: &SdkError<E>) -> bool {
    has_code(error, &["OperationAborted"]) || has_code(error, &["MalformedPolicy"]) && says(error, "invalid principal")
}
