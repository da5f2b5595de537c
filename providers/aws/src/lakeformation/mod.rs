//! Lake Formation: who may see and change which tables, columns and places of the data lake.

mod grant;
mod lf_tag;
mod location;
mod settings;
#[cfg(test)]
mod tests;

use aws_smithy_types::error::metadata::ProvideErrorMetadata;
use mesh_provider::{Failure, NativeProviderBuilder};

use crate::failure::{SdkError, has_code, says};
use crate::platform::Aws;

/// Adds this service's types.
pub(crate) fn register(provider: NativeProviderBuilder<Aws>) -> NativeProviderBuilder<Aws> {
    provider
        .resource::<grant::GrantType>()
        .resource::<lf_tag::LfTagType>()
        .resource::<location::LocationType>()
        .resource::<settings::SettingsType>()
}

/// What Lake Formation calls something that is not there.
const ABSENT: &[&str] = &["EntityNotFoundException"];

/// Whether it refused only because another change is under way. It makes one change of a catalog at a time.
fn is_busy<E: ProvideErrorMetadata>(error: &SdkError<E>) -> bool {
    has_code(error, &["ConcurrentModificationException"])
}

/// Whether it refused only because of what it does not know yet, such as a role or a place made a moment ago.
fn is_early<E: ProvideErrorMetadata>(error: &SdkError<E>) -> bool {
    let invalid = || {
        ["Invalid principal", "Grantee has no permissions", "register the S3 path"]
            .iter()
            .any(|words| says(error, words))
    };
    is_busy(error)
        || has_code(error, &["InvalidInputException"]) && invalid()
        || has_code(error, &["AccessDeniedException"]) && says(error, "not authorized to access requested permissions")
}

/// The catalog that is meant: the one written, or the account's own.
async fn catalog(aws: &Aws, written: Option<&String>) -> Result<String, Failure> {
    match written {
        Some(id) => Ok(id.clone()),
        None => Ok(aws.account().await?.id.clone()),
    }
}
