//! `aws_s3_bucket_versioning`: whether a bucket keeps what its objects were before.

use aws_sdk_s3::types::{BucketVersioningStatus, MfaDelete, VersioningConfiguration};
use mesh_provider::{Block, Computed, Draft, Failure, Operation, Permissions, ProviderDiagnostic};
use mesh_value::{AttributePath, PathStep, Value};

use super::NO_BUCKET;
use super::setting::{Setting, settle};
use crate::check;
use crate::failure::{Outcome as _, Sent};
use crate::platform::Aws;

/// Whether a bucket keeps what its objects were before they were changed or deleted.
///
/// Versions can't be turned off again once there were any: deleting this suspends them, and those that exist stay.
#[derive(Block, Clone, Debug, PartialEq, Eq)]
pub(crate) struct Versioning {
    /// The bucket's name.
    #[mesh(replace)]
    pub bucket: String,
    /// The account that the bucket must belong to.
    #[mesh(replace)]
    pub expected_bucket_owner: Option<String>,
    /// The serial number of the multi-factor device, a space, and what it shows at present. Needed where `mfa_delete` is
    /// or becomes `Enabled`.
    #[mesh(write_only, sensitive)]
    pub mfa: Option<String>,
    /// What is kept.
    #[mesh(block)]
    pub versioning_configuration: Versions,
    /// The bucket's name, and the expected owner after a comma where there is one.
    pub id: Computed<String>,
}

/// What is kept of objects that change.
#[derive(Block, Clone, Debug, PartialEq, Eq)]
pub(crate) struct Versions {
    /// `Enabled`, `Suspended` (nothing new is kept) or, for a bucket that never had versions, `Disabled`.
    pub status: String,
    /// Whether deleting a version takes a multi-factor device: `Enabled` or `Disabled`.
    #[mesh(optional)]
    pub mfa_delete: Computed<String>,
}

const DISABLED: &str = "Disabled";

impl Setting for Versioning {
    const NAME: &'static str = "aws_s3_bucket_versioning";
    const WHAT: &'static str = "versions";
    const PERMISSIONS: Permissions = Permissions {
        read: &["s3:GetBucketVersioning"],
        create: &["s3:PutBucketVersioning"],
        update: &["s3:PutBucketVersioning"],
        delete: &["s3:PutBucketVersioning"],
    };

    fn validate(config: &Value) -> Vec<ProviderDiagnostic> {
        check::inside(config, "versioning_configuration", |versions| {
            let mut problems = check::one_of(versions, "status", &["Enabled", "Suspended", DISABLED]);
            problems.extend(check::one_of(versions, "mfa_delete", &["Enabled", DISABLED]));
            problems
        })
    }

    fn plan(draft: &mut Draft<'_>) {
        let status = |value: &Value| value.get("status").and_then(Value::as_str).map(str::to_owned);
        let before = draft.prior("versioning_configuration").and_then(status);
        let after = status(draft.planned("versioning_configuration"));
        if before.is_some_and(|before| before != DISABLED) && after.as_deref() == Some(DISABLED) {
            let detail = "A bucket that has had versions can't be without them again. Write `Suspended`: nothing new is \
                          kept then.";
            let at = AttributePath::attr("versioning_configuration").join(PathStep::Attr("status".into()));
            draft.report(ProviderDiagnostic::error("Versioning can't be turned off", detail).at(at));
        }
    }

    fn of(bucket: &str, owner: Option<String>) -> Self {
        let versions = Versions { status: String::new(), mfa_delete: Computed::Unknown };
        Self {
            bucket: bucket.to_owned(),
            expected_bucket_owner: owner,
            mfa: None,
            versioning_configuration: versions,
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
        let call = aws.s3().get_bucket_versioning().bucket(&self.bucket).set_expected_bucket_owner(self.owner());
        let Some(answer) = call.send().await.found("s3:GetBucketVersioning", NO_BUCKET)? else { return Ok(None) };
        let versions = &mut self.versioning_configuration;
        versions.mfa_delete = answer.mfa_delete().map(|status| status.as_str().to_owned()).into();
        match answer.status() {
            Some(status) => status.as_str().clone_into(&mut versions.status),
            // A bucket that never had versions has no status.
            None if versions.status == DISABLED => {}
            None => return Ok(None),
        }
        Ok(Some(self))
    }

    fn is_default(&self) -> bool {
        // What a deletion of this resource leaves behind.
        self.versioning_configuration.status != "Enabled"
    }

    async fn put(&self, aws: &Aws, operation: &Operation) -> Result<Sent<()>, Failure> {
        let Versions { status, mfa_delete } = &self.versioning_configuration;
        if status == DISABLED {
            return Ok(Sent::Done(()));
        }
        let configuration = VersioningConfiguration::builder()
            .status(BucketVersioningStatus::from(status.as_str()))
            .set_mfa_delete(mfa_delete.known().map(|status| MfaDelete::from(status.as_str())))
            .build();
        let action = "s3:PutBucketVersioning";
        let send = || {
            let call = aws.s3().put_bucket_versioning().bucket(&self.bucket);
            let call = call.set_expected_bucket_owner(self.owner()).set_mfa(self.mfa.clone());
            call.versioning_configuration(configuration.clone()).send()
        };
        Ok(settle(operation, action, send).await.map(drop).sent(action, &[]))
    }

    async fn remove(&self, aws: &Aws, operation: &Operation) -> Result<(), Failure> {
        if self.versioning_configuration.status == DISABLED {
            return Ok(());
        }
        let suspended = VersioningConfiguration::builder().status(BucketVersioningStatus::Suspended).build();
        let action = "s3:PutBucketVersioning";
        let send = || {
            let call = aws.s3().put_bucket_versioning().bucket(&self.bucket);
            call.set_expected_bucket_owner(self.owner()).versioning_configuration(suspended.clone()).send()
        };
        settle(operation, action, send).await.gone(action, NO_BUCKET)
    }
}
