//! `aws_s3_bucket_public_access_block`: that nobody opens a bucket to everybody.

use aws_sdk_s3::types::PublicAccessBlockConfiguration;
use mesh_provider::{Block, Computed, Failure, Operation, Permissions};

use super::setting::{Setting, settle};
use crate::failure::{Outcome as _, Sent};
use crate::platform::Aws;

/// Keeps a bucket from being opened to everybody, whatever its policy and its access lists say.
#[derive(Block, Clone, Debug, PartialEq, Eq)]
pub(crate) struct PublicAccessBlock {
    /// The bucket's name.
    #[mesh(replace)]
    pub bucket: String,
    /// Whether access lists that open the bucket or an object to everybody are refused.
    #[mesh(default = false)]
    pub block_public_acls: bool,
    /// Whether bucket policies that open it to everybody are refused.
    #[mesh(default = false)]
    pub block_public_policy: bool,
    /// Whether access lists that open it to everybody have no effect.
    #[mesh(default = false)]
    pub ignore_public_acls: bool,
    /// Whether a policy that opens it to everybody lets in only AWS services and the bucket's own account.
    #[mesh(default = false)]
    pub restrict_public_buckets: bool,
    /// The bucket's name.
    pub id: Computed<String>,
}

const NONE: &[&str] = &["NoSuchPublicAccessBlockConfiguration", "NoSuchBucket"];

impl Setting for PublicAccessBlock {
    const NAME: &'static str = "aws_s3_bucket_public_access_block";
    const WHAT: &'static str = "a block of public access";
    const PERMISSIONS: Permissions = Permissions {
        read: &["s3:GetBucketPublicAccessBlock"],
        create: &["s3:PutBucketPublicAccessBlock"],
        update: &["s3:PutBucketPublicAccessBlock"],
        delete: &["s3:PutBucketPublicAccessBlock"],
    };

    fn of(bucket: &str, _: Option<String>) -> Self {
        Self {
            bucket: bucket.to_owned(),
            block_public_acls: false,
            block_public_policy: false,
            ignore_public_acls: false,
            restrict_public_buckets: false,
            id: Computed::Unknown,
        }
    }

    fn bucket(&self) -> &str {
        &self.bucket
    }

    fn identify(&mut self, id: String) {
        self.id = Computed::Known(id);
    }

    async fn get(mut self, aws: &Aws) -> Result<Option<Self>, Failure> {
        let answer = aws.s3().get_public_access_block().bucket(&self.bucket).send().await;
        let answer = answer.found("s3:GetBucketPublicAccessBlock", NONE)?;
        let block = answer.and_then(|answer| answer.public_access_block_configuration);
        let Some(block) = block else { return Ok(None) };
        self.block_public_acls = block.block_public_acls().unwrap_or_default();
        self.block_public_policy = block.block_public_policy().unwrap_or_default();
        self.ignore_public_acls = block.ignore_public_acls().unwrap_or_default();
        self.restrict_public_buckets = block.restrict_public_buckets().unwrap_or_default();
        Ok(Some(self))
    }

    fn is_default(&self) -> bool {
        // New buckets are closed in every way since April 2023.
        self.block_public_acls && self.block_public_policy && self.ignore_public_acls && self.restrict_public_buckets
    }

    async fn put(&self, aws: &Aws, operation: &Operation) -> Result<Sent<()>, Failure> {
        let block = PublicAccessBlockConfiguration::builder()
            .block_public_acls(self.block_public_acls)
            .block_public_policy(self.block_public_policy)
            .ignore_public_acls(self.ignore_public_acls)
            .restrict_public_buckets(self.restrict_public_buckets)
            .build();
        let action = "s3:PutBucketPublicAccessBlock";
        let send = || {
            let call = aws.s3().put_public_access_block().bucket(&self.bucket);
            call.public_access_block_configuration(block.clone()).send()
        };
        Ok(settle(operation, action, send).await.map(drop).sent(action, &[]))
    }

    async fn remove(&self, aws: &Aws, operation: &Operation) -> Result<(), Failure> {
        let action = "s3:PutBucketPublicAccessBlock";
        let send = || aws.s3().delete_public_access_block().bucket(&self.bucket).send();
        settle(operation, action, send).await.gone(action, NONE)
    }
}
