//! EMR Serverless: applications that run Spark or Hive without a cluster to look after.

mod application;
mod cost;
mod model;
mod parts;
mod savings;
#[cfg(test)]
mod tests;

use mesh_provider::NativeProviderBuilder;

use crate::platform::Aws;

/// Adds this service's types.
pub(crate) fn register(provider: NativeProviderBuilder<Aws>) -> NativeProviderBuilder<Aws> {
    provider.resource::<application::ApplicationType>()
}
