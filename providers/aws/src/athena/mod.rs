//! Athena: who runs queries with which limits, and queries that people share.

mod cost;
mod named_query;
mod settings;
#[cfg(test)]
mod tests;
mod workgroup;

use aws_smithy_types::error::metadata::ProvideErrorMetadata;
use mesh_provider::NativeProviderBuilder;

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
