//! `aws_s3_bucket_server_side_encryption_configuration`: how S3 encrypts what is written into a bucket.

use std::collections::BTreeSet;

use aws_sdk_s3::types::{
    BlockedEncryptionTypes, EncryptionType, ServerSideEncryption, ServerSideEncryptionByDefault,
    ServerSideEncryptionConfiguration, ServerSideEncryptionRule,
};
use mesh_provider::{Block, Computed, Failure, Operation, Permissions, ProviderDiagnostic};
use mesh_value::{AttributePath, Value};

use super::setting::{Setting, settle};
use crate::check;
use crate::failure::{Outcome as _, Sent, incomplete};
use crate::platform::Aws;

/// How S3 encrypts what is written into a bucket without saying how.
#[derive(Block, Clone, Debug, PartialEq, Eq)]
pub(crate) struct Encryption {
    /// The bucket's name.
    #[mesh(replace)]
    pub bucket: String,
    /// The account that the bucket must belong to.
    #[mesh(replace)]
    pub expected_bucket_owner: Option<String>,
    /// How it is encrypted.
    #[mesh(block)]
    pub rule: Rule,
    /// The bucket's name, and the expected owner after a comma where there is one.
    pub id: Computed<String>,
}

/// How objects are encrypted.
#[derive(Block, Clone, Debug, PartialEq, Eq)]
pub(crate) struct Rule {
    /// The algorithm and key.
    #[mesh(block)]
    pub apply_server_side_encryption_by_default: Option<ByDefault>,
    /// Whether objects share a key of the bucket, so that the key service is asked less often and costs less.
    #[mesh(default = false)]
    pub bucket_key_enabled: bool,
    /// Kinds of encryption that writers may not choose: `SSE-C` (with keys of their own) or `NONE` (any may be chosen).
    #[mesh(optional)]
    pub blocked_encryption_types: Computed<BTreeSet<String>>,
}

/// The algorithm and key.
#[derive(Block, Clone, Debug, PartialEq, Eq)]
pub(crate) struct ByDefault {
    /// `AES256` (keys of S3), `aws:kms` or `aws:kms:dsse` (keys of the Key Management Service).
    pub sse_algorithm: String,
    /// The key's ARN or id. AWS's own key for S3 where it is left out. Only with `aws:kms` and `aws:kms:dsse`.
    pub kms_master_key_id: Option<String>,
}

const NONE: &[&str] = &["ServerSideEncryptionConfigurationNotFoundError", "NoSuchBucket"];

impl Setting for Encryption {
    const NAME: &'static str = "aws_s3_bucket_server_side_encryption_configuration";
    const WHAT: &'static str = "an encryption";
    const PERMISSIONS: Permissions = Permissions {
        read: &["s3:GetEncryptionConfiguration"],
        create: &["s3:PutEncryptionConfiguration"],
        update: &["s3:PutEncryptionConfiguration"],
        delete: &["s3:PutEncryptionConfiguration"],
    };

    fn validate(config: &Value) -> Vec<ProviderDiagnostic> {
        check::inside(config, "rule", |rule| {
            let mut problems = check::inside(rule, "apply_server_side_encryption_by_default", by_default_problems);
            for word in rule.get("blocked_encryption_types").and_then(Value::as_slice).unwrap_or_default() {
                let word = Value::object([("blocked_encryption_types", word.clone())]);
                problems.extend(check::one_of(&word, "blocked_encryption_types", EncryptionType::values()));
            }
            problems
        })
    }

    fn of(bucket: &str, owner: Option<String>) -> Self {
        let rule = Rule {
            apply_server_side_encryption_by_default: None,
            bucket_key_enabled: false,
            blocked_encryption_types: Computed::Unknown,
        };
        Self { bucket: bucket.to_owned(), expected_bucket_owner: owner, rule, id: Computed::Unknown }
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
        let call = aws.s3().get_bucket_encryption().bucket(&self.bucket).set_expected_bucket_owner(self.owner());
        let answer = call.send().await.found("s3:GetEncryptionConfiguration", NONE)?;
        let configuration = answer.and_then(|answer| answer.server_side_encryption_configuration);
        let rule = configuration.as_ref().and_then(|configuration| configuration.rules().first());
        let Some(rule) = rule else { return Ok(None) };
        self.rule.seen(rule);
        Ok(Some(self))
    }

    fn is_default(&self) -> bool {
        // What every bucket has since January 2023.
        let by_default = self.rule.apply_server_side_encryption_by_default.as_ref();
        by_default.is_none_or(ByDefault::is_s3s) && !self.rule.bucket_key_enabled
    }

    async fn put(&self, aws: &Aws, operation: &Operation) -> Result<Sent<()>, Failure> {
        let rule = self.rule.request()?;
        let configuration = ServerSideEncryptionConfiguration::builder().rules(rule).build().map_err(incomplete)?;
        let action = "s3:PutEncryptionConfiguration";
        let send = || {
            let call = aws.s3().put_bucket_encryption().bucket(&self.bucket).set_expected_bucket_owner(self.owner());
            call.server_side_encryption_configuration(configuration.clone()).send()
        };
        Ok(settle(operation, action, send).await.map(drop).sent(action, &[]))
    }

    async fn remove(&self, aws: &Aws, operation: &Operation) -> Result<(), Failure> {
        let action = "s3:PutEncryptionConfiguration";
        let send =
            || aws.s3().delete_bucket_encryption().bucket(&self.bucket).set_expected_bucket_owner(self.owner()).send();
        settle(operation, action, send).await.gone(action, NONE)
    }
}

fn by_default_problems(by_default: &Value) -> Vec<ProviderDiagnostic> {
    let mut problems = check::one_of(by_default, "sse_algorithm", &["AES256", "aws:kms", "aws:kms:dsse"]);
    let algorithm = by_default.get("sse_algorithm").and_then(Value::as_str);
    if algorithm == Some("AES256") && by_default.get("kms_master_key_id").is_some_and(|key| !key.is_null()) {
        let detail = "`AES256` uses keys of S3. For a key of your own write `sse_algorithm = \"aws:kms\"`.";
        let at = AttributePath::attr("kms_master_key_id");
        problems.push(ProviderDiagnostic::error("Key has no use", detail).at(at));
    }
    problems
}

impl ByDefault {
    /// Whether it is the encryption with S3's own keys, which everything gets.
    fn is_s3s(&self) -> bool {
        self.sse_algorithm == "AES256" && self.kms_master_key_id.is_none()
    }
}

impl Rule {
    /// Becomes what S3 has.
    fn seen(&mut self, platform: &ServerSideEncryptionRule) {
        let there = platform.apply_server_side_encryption_by_default().map(|by_default| ByDefault {
            sse_algorithm: by_default.sse_algorithm().as_str().to_owned(),
            kms_master_key_id: by_default.kms_master_key_id().filter(|key| !key.is_empty()).map(str::to_owned),
        });
        let written = self.apply_server_side_encryption_by_default.is_some();
        self.apply_server_side_encryption_by_default = there.filter(|there| written || !there.is_s3s());
        self.bucket_key_enabled = platform.bucket_key_enabled().unwrap_or_default();
        let blocked = platform.blocked_encryption_types().map(BlockedEncryptionTypes::encryption_type);
        let blocked = blocked.map(|blocked| blocked.iter().map(|kind| kind.as_str().to_owned()).collect());
        self.blocked_encryption_types = blocked.into();
    }

    fn request(&self) -> Result<ServerSideEncryptionRule, Failure> {
        let mut rule = ServerSideEncryptionRule::builder().bucket_key_enabled(self.bucket_key_enabled);
        if let Some(by_default) = &self.apply_server_side_encryption_by_default {
            let by_default = ServerSideEncryptionByDefault::builder()
                .sse_algorithm(ServerSideEncryption::from(by_default.sse_algorithm.as_str()))
                .set_kms_master_key_id(by_default.kms_master_key_id.clone());
            rule = rule.apply_server_side_encryption_by_default(by_default.build().map_err(incomplete)?);
        }
        if let Some(blocked) = self.blocked_encryption_types.known() {
            let blocked = blocked.iter().map(|kind| EncryptionType::from(kind.as_str())).collect();
            let blocked = BlockedEncryptionTypes::builder().set_encryption_type(Some(blocked));
            rule = rule.blocked_encryption_types(blocked.build());
        }
        Ok(rule.build())
    }
}
