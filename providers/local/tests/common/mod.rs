//! The local provider in a directory of its own, which messages call `BASE`.

use std::path::PathBuf;

use mesh_provider::contract::Session;
use mesh_provider::{Located, NativeProvider};
use mesh_provider_local::provider;
use mesh_value::Value;
use serde_json::{Value as Json, json};

pub use mesh_provider::contract::attribute as value;

/// The provider and its base directory, which goes away with it.
pub struct Local {
    base: tempfile::TempDir,
    provider: NativeProvider<mesh_provider_local::Local>,
}

type Outcome<T> = Result<T, String>;

impl Local {
    /// In a new empty directory.
    pub fn new() -> std::io::Result<Self> {
        Ok(Self { base: tempfile::tempdir()?, provider: provider() })
    }

    /// A path in the base directory.
    pub fn path(&self, relative: &str) -> PathBuf {
        self.base.path().join(relative)
    }

    /// Configures with a `base_dir`.
    pub async fn configure(&self, base_dir: Option<&str>) -> Outcome<Session<'_>> {
        let session = Session::new(&self.provider, self.base.path(), &json!({ "base_dir": base_dir })).await;
        session.map_err(|error| self.readable(&error))
    }

    /// Plans a new object.
    pub async fn plan(&self, ty: &str, config: Json) -> Outcome<Value> {
        self.configure(None).await?.plan(ty, &config).await.map_err(|error| self.readable(&error))
    }

    /// Creates what was planned.
    pub async fn apply(&self, ty: &str, planned: Value, token: &str) -> Outcome<Value> {
        self.configure(None).await?.apply(ty, planned, token).await.map_err(|error| self.readable(&error))
    }

    /// Plans and creates a new object.
    pub async fn create(&self, ty: &str, config: Json, token: &str) -> Outcome<Value> {
        let planned = self.plan(ty, config).await?;
        self.apply(ty, planned, token).await
    }

    /// Deletes an object.
    pub async fn delete(&self, ty: &str, object: &Value) -> Outcome<()> {
        self.configure(None).await?.delete(ty, object.clone()).await.map_err(|error| self.readable(&error))
    }

    /// Looks for what an interrupted creation left.
    pub async fn locate(&self, ty: &str, config: Json, token: &str) -> Outcome<Located> {
        self.configure(None).await?.locate(ty, &config, token).await.map_err(|error| self.readable(&error))
    }

    /// Reads a data source.
    pub async fn read_data(&self, ty: &str, config: Json) -> Outcome<Value> {
        self.configure(None).await?.read_data(ty, &config).await.map_err(|error| self.readable(&error))
    }

    fn readable(&self, error: &str) -> String {
        error.replace(&*self.base.path().to_string_lossy(), "BASE")
    }
}
