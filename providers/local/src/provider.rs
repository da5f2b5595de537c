//! The provider block of `local`, and where its paths start.

use std::fs;
use std::path::{Path, PathBuf};

use mesh_provider::{Block, Failure, Platform, blocking};
use mesh_value::AttributePath;

use crate::paths;

/// The local platform: this machine's file system, databases and processes.
#[derive(Block, Clone, Debug, PartialEq, Eq)]
pub struct LocalConfig {
    /// The directory at which relative paths start, itself relative to the root module's directory. The root module's
    /// directory where it is left out. It must exist.
    pub base_dir: Option<String>,
}

/// The local platform, configured.
#[derive(Clone, Debug)]
pub struct Local {
    base_dir: PathBuf,
}

impl Local {
    /// The directory at which relative paths start: absolute, without `.` and `..`.
    #[must_use]
    pub fn base_dir(&self) -> &Path {
        &self.base_dir
    }

    /// Where a configured path leads. A relative one starts at the base directory and may not climb out of it with
    /// `..`; an absolute one is taken as it is, since to write one is to mean a place elsewhere. Symbolic links are not
    /// followed here: where they lead is the business of whoever made them.
    ///
    /// # Errors
    /// An empty path, or a relative one that leaves the base directory; the failure is about the argument `name`.
    pub fn resolve(&self, name: &str, path: &str) -> Result<PathBuf, Failure> {
        paths::resolve(&self.base_dir, path)
            .map_err(|why| Failure::new("Invalid path", why).at(&AttributePath::attr(name)))
    }
}

impl Platform for Local {
    type Config = LocalConfig;

    async fn configure(config: LocalConfig, base_dir: &Path) -> Result<Self, Failure> {
        let root = base_dir.to_path_buf();
        blocking(move || {
            let wanted = root.join(config.base_dir.as_deref().unwrap_or_default());
            let fail =
                |why: String| Failure::new("Base directory can't be used", why).at(&AttributePath::attr("base_dir"));
            let base_dir = fs::canonicalize(&wanted).map_err(|error| {
                fail(format!("The directory {} must exist and be readable: {error}.", wanted.display()))
            })?;
            if !base_dir.is_dir() {
                return Err(fail(format!("{} is not a directory.", wanted.display())));
            }
            Ok(Self { base_dir })
        })
        .await
    }
}
