//! CloudWatch: alarms on metrics.

mod alarm;
mod cost;
mod query;

use mesh_provider::NativeProviderBuilder;

use crate::platform::Aws;

/// Adds this service's types.
pub(crate) fn register(provider: NativeProviderBuilder<Aws>) -> NativeProviderBuilder<Aws> {
    provider.resource::<alarm::AlarmType>()
}
