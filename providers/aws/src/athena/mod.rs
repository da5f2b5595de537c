//! Athena: who runs queries with which limits, and queries that people share.

mod named_query;
mod settings;
#[cfg(test)]
mod tests;
mod workgroup;

use aws_smithy_types::error::metadata::ProvideErrorMetadata;
use mesh_provider::{Failure, NativeProviderBuilder};

use crate::failure::{SdkError, has_code, says};
use crate::platform::Aws;

/// Adds this service's types.
pub(crate) fn register(provider: NativeProviderBuilder<Aws>) -> NativeProviderBuilder<Aws> {
    provider.resource::<workgroup::WorkgroupType>().resource::<named_query::NamedQueryType>()
}

/// Athena has one code for whatever it refuses.
const INVALID: &str = "InvalidRequestException";

/// Whether it refused because there is no such thing: only its words tell.
fn is_absent<E: ProvideErrorMetadata>(error: &SdkError<E>) -> bool {
    let words = ["not found", "does not exist", "doesn't exist"];
    has_code(error, &[INVALID]) && words.iter().any(|words| says(error, words))
}

/// A request lacks what the SDK says that it needs.
#[expect(clippy::needless_pass_by_value, reason = "it stands in `map_err`")]
fn incomplete(error: aws_sdk_athena::error::BuildError) -> Failure {
    Failure::new("Request can't be made", format!("{error}. This is a bug in mesh."))
}
