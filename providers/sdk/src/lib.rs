//! What a provider is: one trait that the engine drives, and the typed layer on which native providers are written.

// What the derive macro writes names the crate; blocks of the crate's own are derived too.
extern crate self as mesh_provider;

mod attribute;
mod block;
#[cfg(feature = "contract")]
pub mod contract;
pub mod cost;
mod deadline;
pub mod docs;
mod draft;
pub mod duration;
mod erased;
mod native;
mod operation;
mod permissions;
mod progress;
mod protocol;
mod provider;
mod resource;
mod search;
mod timeouts;

pub use attribute::{Attribute, Computed, DecodeError, expect_object};
pub use block::{
    Block, Nested, check_field, declared_object, decode_field, decode_field_or, decode_nested, described, mode,
};
pub use draft::Draft;
pub use mesh_provider_derive::Block;
pub use native::{NativeProvider, NativeProviderBuilder};
pub use operation::{Operation, blocking};
pub use permissions::Permissions;
pub use progress::{Progress, Reports};
pub use protocol::{
    ApplyRequest, ApplyResponse, ConfigureRequest, DataLoss, Deferred, Failure, Imported, LocateRequest, Located,
    MoveRequest, PlanRequest, PlanResponse, Private, ProviderDiagnostic, ReadDataRequest, ReadDataResponse, ReadItem,
    ReadRequest, ReadResult, Stop,
};
pub use provider::{ConfiguredProvider, Provider, ProviderSchema};
pub use resource::{ChangeError, ChangeKind, DataSourceType, Found, Platform, ResourceType, one_by_one};
pub use timeouts::{TimeLimit, Timeouts};
