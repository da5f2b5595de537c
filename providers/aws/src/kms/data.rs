//! The data source `aws_kms_key`: what the service tells about a key that exists.

use aws_smithy_types::date_time::Format;
use mesh_provider::{Block, Computed, DataSourceType, Failure, Permissions};
use mesh_value::AttributePath;

use super::ABSENT;
use crate::failure::Outcome as _;
use crate::platform::Aws;

/// A key of the Key Management Service that exists.
#[derive(Block, Clone, Debug, PartialEq, Eq)]
pub(crate) struct KeyData {
    /// The key's id or ARN, or the name or ARN of an alias.
    pub key_id: String,
    /// Tokens of grants that let this be asked.
    pub grant_tokens: Option<Vec<String>>,
    /// The key's id.
    pub id: Computed<String>,
    /// Its ARN.
    pub arn: Computed<String>,
    /// The account that it belongs to.
    pub aws_account_id: Computed<String>,
    /// When it was made.
    pub creation_date: Computed<String>,
    /// When it will be deleted, where that is so.
    pub deletion_date: Computed<String>,
    /// What it is for.
    pub description: Computed<String>,
    /// Whether it can be used.
    pub enabled: Computed<bool>,
    /// Who manages it: `CUSTOMER` or `AWS`.
    pub key_manager: Computed<String>,
    /// Its state, such as `Enabled`.
    pub key_state: Computed<String>,
    /// What it does, such as `ENCRYPT_DECRYPT`.
    pub key_usage: Computed<String>,
    /// The kind of the key, such as `SYMMETRIC_DEFAULT`.
    pub key_spec: Computed<String>,
    /// The same under its older name.
    pub customer_master_key_spec: Computed<String>,
    /// Whether copies of it can be made in other regions.
    pub multi_region: Computed<bool>,
    /// Where its material comes from, such as `AWS_KMS`.
    pub origin: Computed<String>,
}

/// The data source `aws_kms_key`.
pub(crate) struct KeyDataType;

impl DataSourceType for KeyDataType {
    const NAME: &'static str = "aws_kms_key";
    const PERMISSIONS: Permissions = Permissions { read: &["kms:DescribeKey"], ..Permissions::NONE };
    type Model = KeyData;
    type Platform = Aws;

    async fn read(aws: &Aws, config: KeyData) -> Result<KeyData, Failure> {
        let call = aws.kms().describe_key().key_id(&config.key_id).set_grant_tokens(config.grant_tokens.clone());
        let answer = call.send().await.found("kms:DescribeKey", ABSENT)?;
        let Some(there) = answer.and_then(|answer| answer.key_metadata) else {
            let detail = format!(
                "There is no key \"{}\" in this account and region. `key_id` is a key's id or ARN, or an alias with \
                 `alias/`.",
                config.key_id
            );
            return Err(Failure::new("No such key", detail).at(&AttributePath::attr("key_id")));
        };
        let date = |date: Option<&aws_sdk_kms::primitives::DateTime>| {
            date.and_then(|date| date.fmt(Format::DateTime).ok()).into()
        };
        let spec = there.key_spec().map(|spec| spec.as_str().to_owned());
        Ok(KeyData {
            id: Computed::Known(there.key_id().to_owned()),
            arn: there.arn().map(str::to_owned).into(),
            aws_account_id: there.aws_account_id().map(str::to_owned).into(),
            creation_date: date(there.creation_date()),
            deletion_date: date(there.deletion_date()),
            description: there.description().map(str::to_owned).into(),
            enabled: Computed::Known(there.enabled()),
            key_manager: there.key_manager().map(|manager| manager.as_str().to_owned()).into(),
            key_state: there.key_state().map(|state| state.as_str().to_owned()).into(),
            key_usage: there.key_usage().map(|usage| usage.as_str().to_owned()).into(),
            key_spec: spec.clone().into(),
            customer_master_key_spec: spec.into(),
            multi_region: Computed::Known(there.multi_region().unwrap_or_default()),
            origin: there.origin().map(|origin| origin.as_str().to_owned()).into(),
            ..config
        })
    }
}
