//! `aws_s3_bucket_logging`: where S3 writes down who asked a bucket for what.

use std::collections::BTreeSet;

use aws_sdk_s3::types::{
    BucketLoggingStatus, BucketLogsPermission, Grantee as S3Grantee, LoggingEnabled, PartitionDateSource,
    PartitionedPrefix as S3PartitionedPrefix, SimplePrefix as S3SimplePrefix, TargetGrant as S3TargetGrant,
    TargetObjectKeyFormat, Type,
};
use mesh_provider::{Block, Computed, Failure, Operation, Permissions, ProviderDiagnostic};
use mesh_value::{AttributePath, Value};

use super::NO_BUCKET;
use super::setting::{Setting, settle};
use crate::check;
use crate::failure::{Outcome as _, Sent, incomplete};
use crate::platform::Aws;

/// Where S3 writes down who asked a bucket for what.
#[derive(Block, Clone, Debug, PartialEq, Eq)]
pub(crate) struct Logging {
    /// The name of the bucket whose requests are written down.
    #[mesh(replace)]
    pub bucket: String,
    /// The account that the bucket must belong to.
    #[mesh(replace)]
    pub expected_bucket_owner: Option<String>,
    /// The name of the bucket that the logs go to, in the same region.
    pub target_bucket: String,
    /// What the logs' keys begin with, such as `logs/`.
    pub target_prefix: String,
    /// Who else gets access to the logs, where the target bucket still has access lists.
    #[mesh(block)]
    pub target_grant: BTreeSet<TargetGrant>,
    /// How the logs' keys go on.
    #[mesh(block)]
    pub target_object_key_format: Option<KeyFormat>,
    /// The bucket's name, and the expected owner after a comma where there is one.
    pub id: Computed<String>,
}

/// Access of somebody to the logs.
#[derive(Block, Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct TargetGrant {
    /// `FULL_CONTROL`, `READ` or `WRITE`.
    pub permission: String,
    /// Who gets it.
    #[mesh(block)]
    pub grantee: Grantee,
}

/// Who gets access.
#[derive(Block, Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Grantee {
    /// `CanonicalUser` (by `id`), `AmazonCustomerByEmail` (by `email_address`) or `Group` (by `uri`).
    pub r#type: String,
    /// The canonical id of an account.
    pub id: Option<String>,
    /// The mail address of an account.
    pub email_address: Option<String>,
    /// The address of a group.
    pub uri: Option<String>,
}

/// How the keys of logs are made. One of the two.
#[derive(Block, Clone, Debug, PartialEq, Eq)]
pub(crate) struct KeyFormat {
    /// With the account, the region, the bucket and the date as folders.
    #[mesh(block)]
    pub partitioned_prefix: Option<PartitionedPrefix>,
    /// With the time in the name, without folders.
    #[mesh(block)]
    pub simple_prefix: Option<SimplePrefix>,
}

/// Keys with folders.
#[derive(Block, Clone, Debug, PartialEq, Eq)]
pub(crate) struct PartitionedPrefix {
    /// Which date the folders have: `EventTime` (of the request) or `DeliveryTime` (of the log).
    pub partition_date_source: String,
}

/// Keys without folders.
#[derive(Block, Clone, Debug, PartialEq, Eq)]
pub(crate) struct SimplePrefix {}

impl Setting for Logging {
    const NAME: &'static str = "aws_s3_bucket_logging";
    const WHAT: &'static str = "a log of requests";
    const PERMISSIONS: Permissions = Permissions {
        read: &["s3:GetBucketLogging"],
        create: &["s3:PutBucketLogging"],
        update: &["s3:PutBucketLogging"],
        delete: &["s3:PutBucketLogging"],
    };

    fn validate(config: &Value) -> Vec<ProviderDiagnostic> {
        let mut problems = check::inside(config, "target_grant", |grant| {
            let mut found = check::one_of(grant, "permission", BucketLogsPermission::values());
            found.extend(check::inside(grant, "grantee", |grantee| check::one_of(grantee, "type", Type::values())));
            found
        });
        // An element of a set has no place that could be named.
        problems.iter_mut().for_each(|problem| problem.path = AttributePath::attr("target_grant"));
        problems.extend(check::inside(config, "target_object_key_format", |format| {
            let mut found = check::exclusive(format, "partitioned_prefix", "simple_prefix");
            found.extend(check::inside(format, "partitioned_prefix", |partitioned| {
                check::one_of(partitioned, "partition_date_source", PartitionDateSource::values())
            }));
            found
        }));
        problems
    }

    fn of(bucket: &str, owner: Option<String>) -> Self {
        Self {
            bucket: bucket.to_owned(),
            expected_bucket_owner: owner,
            target_bucket: String::new(),
            target_prefix: String::new(),
            target_grant: BTreeSet::new(),
            target_object_key_format: None,
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
        let call = aws.s3().get_bucket_logging().bucket(&self.bucket).set_expected_bucket_owner(self.owner());
        let answer = call.send().await.found("s3:GetBucketLogging", NO_BUCKET)?;
        let Some(there) = answer.and_then(|answer| answer.logging_enabled) else { return Ok(None) };
        there.target_bucket().clone_into(&mut self.target_bucket);
        there.target_prefix().clone_into(&mut self.target_prefix);
        self.target_grant = there.target_grants().iter().filter_map(TargetGrant::seen).collect();
        let written = self.target_object_key_format.is_some();
        // Without a format, S3 may name the simple one.
        self.target_object_key_format = there
            .target_object_key_format()
            .map(KeyFormat::seen)
            .filter(|format| written || format.partitioned_prefix.is_some());
        Ok(Some(self))
    }

    async fn put(&self, aws: &Aws, operation: &Operation) -> Result<Sent<()>, Failure> {
        let grants = self.target_grant.iter().map(TargetGrant::request).collect::<Result<Vec<_>, _>>()?;
        let logging = LoggingEnabled::builder()
            .target_bucket(&self.target_bucket)
            .target_prefix(&self.target_prefix)
            .set_target_grants(Some(grants).filter(|grants| !grants.is_empty()))
            .set_target_object_key_format(self.target_object_key_format.as_ref().map(KeyFormat::request));
        let status = BucketLoggingStatus::builder().logging_enabled(logging.build().map_err(incomplete)?).build();
        let action = "s3:PutBucketLogging";
        let send = || {
            let call = aws.s3().put_bucket_logging().bucket(&self.bucket).set_expected_bucket_owner(self.owner());
            call.bucket_logging_status(status.clone()).send()
        };
        Ok(settle(operation, action, send).await.map(drop).sent(action, &[]))
    }

    async fn remove(&self, aws: &Aws, operation: &Operation) -> Result<(), Failure> {
        let action = "s3:PutBucketLogging";
        let none = BucketLoggingStatus::builder().build();
        let send = || {
            let call = aws.s3().put_bucket_logging().bucket(&self.bucket).set_expected_bucket_owner(self.owner());
            call.bucket_logging_status(none.clone()).send()
        };
        settle(operation, action, send).await.gone(action, NO_BUCKET)
    }
}

impl TargetGrant {
    fn seen(grant: &S3TargetGrant) -> Option<Self> {
        let grantee = grant.grantee()?;
        let text = |text: Option<&str>| text.filter(|text| !text.is_empty()).map(str::to_owned);
        Some(Self {
            permission: grant.permission()?.as_str().to_owned(),
            grantee: Grantee {
                r#type: grantee.r#type().as_str().to_owned(),
                id: text(grantee.id()),
                email_address: text(grantee.email_address()),
                uri: text(grantee.uri()),
            },
        })
    }

    fn request(&self) -> Result<S3TargetGrant, Failure> {
        let Grantee { r#type, id, email_address, uri } = &self.grantee;
        let grantee = S3Grantee::builder()
            .r#type(Type::from(r#type.as_str()))
            .set_id(id.clone())
            .set_email_address(email_address.clone())
            .set_uri(uri.clone())
            .build()
            .map_err(incomplete)?;
        let permission = BucketLogsPermission::from(self.permission.as_str());
        Ok(S3TargetGrant::builder().grantee(grantee).permission(permission).build())
    }
}

impl KeyFormat {
    fn seen(format: &TargetObjectKeyFormat) -> Self {
        let dates = |prefix: &S3PartitionedPrefix| PartitionedPrefix {
            partition_date_source: prefix.partition_date_source().map_or("EventTime", |date| date.as_str()).to_owned(),
        };
        Self {
            partitioned_prefix: format.partitioned_prefix().map(dates),
            simple_prefix: format.simple_prefix().map(|_| SimplePrefix {}),
        }
    }

    fn request(&self) -> TargetObjectKeyFormat {
        let partitioned = self.partitioned_prefix.as_ref().map(|prefix| {
            let date = PartitionDateSource::from(prefix.partition_date_source.as_str());
            S3PartitionedPrefix::builder().partition_date_source(date).build()
        });
        let simple = self.simple_prefix.as_ref().map(|SimplePrefix {}| S3SimplePrefix::builder().build());
        TargetObjectKeyFormat::builder().set_partitioned_prefix(partitioned).set_simple_prefix(simple).build()
    }
}
