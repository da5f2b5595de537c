//! The local platform: buckets, objects, databases, jobs and clusters on this machine, with no cloud account.

mod bucket;
mod cluster;
mod command;
mod durable;
mod file;
mod grant;
mod job;
mod launch;
mod log_tail;
mod object;
mod paths;
mod provider;
mod table;
#[cfg(test)]
mod testing;
mod view;
mod warehouse;

use mesh_provider::NativeProvider;

pub use provider::Local;

/// The provider `local`.
#[must_use]
pub fn provider() -> NativeProvider<Local> {
    NativeProvider::builder("local")
        .resource::<bucket::BucketType>()
        .resource::<cluster::ClusterType>()
        .resource::<grant::GrantType>()
        .resource::<job::JobType>()
        .resource::<object::ObjectType>()
        .resource::<table::TableType>()
        .resource::<view::ViewType>()
        .resource::<warehouse::WarehouseType>()
        .data_source::<command::CommandType>()
        .data_source::<file::FileType>()
        .free()
        .build()
}
