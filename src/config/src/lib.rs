//! Configuration: modules loaded from their files, their blocks checked and turned into typed declarations.

#![deny(clippy::disallowed_methods, clippy::disallowed_types)]

mod block;
mod check;
mod check_providers;
mod check_refactoring;
mod cost;
mod decode;
mod directory;
mod ephemeral;
mod instead;
mod load;
mod missing_provider;
mod module;
mod overrides;
mod provider;
mod refactoring;
mod schemas;
mod shape;
mod source;
mod unknowns;
mod variables;
mod version;

pub use check::check;
pub use cost::{CostBlock, CostBlocks, CostKind};
pub use directory::{LocalDirectories, ModuleDirectories, normalized};
pub use ephemeral::{ephemeral_value, kept_ephemeral};
pub use load::{Loaded, load, load_module};
pub use module::{
    Argument, CheckBlock, CheckRule, DataProduct, Library, LifecycleRules, Local, Module, ModuleCall, ModuleTree,
    Output, PreventDestroy, Repetition, Resource, Settings, Variable,
};
pub use provider::{
    PassedProvider, ProviderAddress, ProviderBlock, ProviderRef, ProviderUse, RequiredProvider, WrittenProvider,
    provider_type, without_key,
};
pub use refactoring::{Endpoint, Import, ImportTarget, Moved, Removed};
pub use schemas::{NoSchema, Schemas};
pub use source::{DiskFiles, ENDINGS, EmbeddedFiles, ModuleFiles};
pub use unknowns::check_values;
pub use variables::{InputValue, InputValues, Origin};
pub use version::{VersionConstraint, VersionConstraintError};
