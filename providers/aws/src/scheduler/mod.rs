//! EventBridge Scheduler: what is started when.

mod cost;
mod schedule;
mod target;

use mesh_provider::NativeProviderBuilder;

use crate::platform::Aws;

/// Adds this service's types.
pub(crate) fn register(provider: NativeProviderBuilder<Aws>) -> NativeProviderBuilder<Aws> {
    provider.resource::<schedule::ScheduleType>()
}
