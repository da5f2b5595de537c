//! The provider `terraform`, which needs no platform: the same configuration runs in Terraform and here.

mod terraform_data;

use std::path::Path;

use mesh_provider::{Block, Failure, NativeProvider, Platform};

pub use terraform_data::TerraformData;

/// What its types share: nothing.
#[derive(Clone, Copy, Debug)]
pub struct Builtin;

/// The provider block takes no arguments.
#[derive(Block, Clone, Copy, Debug)]
pub struct BuiltinConfig {}

impl Platform for Builtin {
    type Config = BuiltinConfig;

    async fn configure(_config: BuiltinConfig, _base_dir: &Path) -> Result<Self, Failure> {
        Ok(Self)
    }
}

/// The provider `terraform`.
#[must_use]
pub fn provider() -> NativeProvider<Builtin> {
    NativeProvider::builder("terraform").resource::<terraform_data::TerraformDataType>().free().build()
}
