//! CloudWatch Logs: groups of logs.

mod cost;
mod group;

use mesh_provider::NativeProviderBuilder;

use crate::platform::Aws;

/// Adds this service's types.
pub(crate) fn register(provider: NativeProviderBuilder<Aws>) -> NativeProviderBuilder<Aws> {
    provider.resource::<group::LogGroupType>()
}
