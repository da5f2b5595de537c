//! Identity and Access Management: roles, their policies, and who may take them on.

mod attachment;
mod holding;
mod instance_profile;
mod listing;
mod oidc_provider;
mod policy;
mod policy_document;
mod role;
mod role_data;
mod role_policy;
mod rules;
mod tagging;
#[cfg(test)]
mod tests;
mod text;
mod versions;

use std::error::Error;

use aws_smithy_types::DateTime;
use aws_smithy_types::date_time::Format;
use aws_smithy_types::error::metadata::ProvideErrorMetadata;
use mesh_provider::{Draft, NativeProviderBuilder};

use crate::failure::{SdkError, has_code, says};
use crate::platform::Aws;

/// Adds this service's types.
pub(crate) fn register(provider: NativeProviderBuilder<Aws>) -> NativeProviderBuilder<Aws> {
    provider
        .resource::<attachment::AttachmentType>()
        .resource::<instance_profile::InstanceProfileType>()
        .resource::<oidc_provider::OidcProviderType>()
        .resource::<policy::PolicyType>()
        .resource::<role::RoleType>()
        .resource::<role_policy::RolePolicyType>()
        .data_source::<policy_document::PolicyDocumentType>()
        .data_source::<role_data::RoleDataType>()
}

/// What IAM calls something that is not there.
const ABSENT: &[&str] = &["NoSuchEntity"];

/// What IAM calls something that is there already.
const TAKEN: &[&str] = &["EntityAlreadyExists"];

/// Whether IAM will take the same request in a moment: it is still busy with an earlier change, or a principal that was
/// made a moment ago is not known everywhere.
fn is_early<E: ProvideErrorMetadata + Error + 'static>(error: &SdkError<E>) -> bool {
    const BUSY: &[&str] =
        &["ConcurrentModification", "ConcurrentModificationException", "EntityTemporarilyUnmodifiable"];
    has_code(error, BUSY) || has_code(error, &["MalformedPolicyDocument"]) && says(error, "invalid principal")
}

/// Whether IAM does not delete something because something else holds it.
fn is_in_use<E: ProvideErrorMetadata>(error: &SdkError<E>) -> bool {
    has_code(error, &["DeleteConflict", "DeleteConflictException"])
}

/// The ARN of something in IAM: `kind` is as it stands in ARNs, `path` begins and ends with a slash.
fn arn(aws: &Aws, account: &str, kind: &str, path: &str, name: &str) -> String {
    format!("arn:{}:iam::{account}:{kind}{path}{name}", aws.partition())
}

/// The planned ARN, where the name is planned anew and known.
async fn planned_arn(aws: &Aws, draft: &Draft<'_>, kind: &str) -> Option<String> {
    if !draft.changes("name") && !draft.changes("path") {
        return None;
    }
    let (name, path) = (draft.planned_as::<String>("name")?, draft.planned_as::<String>("path")?);
    let account = aws.account().await.ok()?;
    Some(arn(aws, &account.id, kind, &path, &name))
}

/// A point in time as it stands in the state.
fn timestamp(time: &DateTime) -> String {
    time.fmt(Format::DateTime).unwrap_or_default()
}
