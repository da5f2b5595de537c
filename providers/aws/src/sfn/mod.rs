//! Step Functions: state machines.

mod cost;
mod settings;
mod state_machine;

use mesh_provider::NativeProviderBuilder;

use crate::platform::Aws;

/// Adds this service's types.
pub(crate) fn register(provider: NativeProviderBuilder<Aws>) -> NativeProviderBuilder<Aws> {
    provider.resource::<state_machine::StateMachineType>()
}
