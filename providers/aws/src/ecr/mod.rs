//! The container registry.

mod cost;
mod repository;

use mesh_provider::NativeProviderBuilder;

use crate::platform::Aws;

/// Adds this service's types.
pub(crate) fn register(provider: NativeProviderBuilder<Aws>) -> NativeProviderBuilder<Aws> {
    provider.resource::<repository::RepositoryType>()
}
