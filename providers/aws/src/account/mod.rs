//! The account itself: who one is, in which region and partition.
//!
//! There is no data source for availability zones: only EC2 knows them, and nothing else here needs its client, which is
//! by far the largest of the SDK.

mod identity;
mod partition;
mod region;
#[cfg(test)]
mod tests;

use mesh_provider::NativeProviderBuilder;

use crate::platform::Aws;

/// Adds this service's types.
pub(crate) fn register(provider: NativeProviderBuilder<Aws>) -> NativeProviderBuilder<Aws> {
    provider
        .data_source::<identity::CallerIdentityType>()
        .data_source::<partition::PartitionType>()
        .data_source::<region::RegionType>()
}
