//! EMR Serverless: applications that run Spark or Hive without a cluster to look after.

mod application;
mod model;
mod parts;
#[cfg(test)]
mod tests;

use mesh_provider::NativeProviderBuilder;

use crate::platform::Aws;

/// Adds this service's types.
pub(crate) fn register(provider: NativeProviderBuilder<Aws>) -> NativeProviderBuilder<Aws> {
    provider.resource::<application::ApplicationType>()
}
