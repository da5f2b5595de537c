//! Where modules' files come from: the disk, or the copy inside a saved plan.

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};

/// Gives the configuration files of a module directory.
pub trait ModuleFiles {
    /// Path and text of each configuration file directly in `dir`, sorted by path.
    ///
    /// # Errors
    /// What the file system answers; `InvalidData` for a file that is not UTF-8.
    fn module_files(&self, dir: &Path) -> io::Result<Vec<(PathBuf, String)>>;
}

/// The endings of configuration files.
pub const ENDINGS: [&str; 4] = [".mesh.hcl", ".tf", ".mesh.json", ".tf.json"];

/// Whether a file name is one that a module's configuration stands in, rather than an editor's copy of one.
fn is_configuration(name: &str) -> bool {
    let is_copy = name.starts_with('.') || name.ends_with('~') || name.starts_with('#') && name.ends_with('#');
    !is_copy && ENDINGS.iter().any(|ending| name.ends_with(ending))
}

/// Files on disk, under paths relative to a root directory.
#[derive(Clone, Debug)]
pub struct DiskFiles {
    root: PathBuf,
}

impl DiskFiles {
    /// Paths asked for are taken relative to `root`.
    #[must_use]
    pub fn new(root: impl Into<PathBuf>) -> Self {
        Self { root: root.into() }
    }
}

#[expect(clippy::disallowed_methods, reason = "the one place where configuration is read from the disk")]
impl ModuleFiles for DiskFiles {
    fn module_files(&self, dir: &Path) -> io::Result<Vec<(PathBuf, String)>> {
        let mut paths: Vec<PathBuf> = std::fs::read_dir(self.root.join(dir))?
            .filter_map(|entry| match entry {
                Ok(entry) => {
                    let name = entry.file_name();
                    name.to_str().is_some_and(is_configuration).then(|| Ok(dir.join(name)))
                }
                Err(error) => Some(Err(error)),
            })
            .collect::<io::Result<_>>()?;
        paths.sort();
        paths
            .into_iter()
            .map(|path| {
                let bytes = std::fs::read(self.root.join(&path))?;
                if bytes.len() > u32::MAX as usize {
                    return Err(io::Error::new(
                        io::ErrorKind::FileTooLarge,
                        format!("{} is larger than 4 GiB", path.display()),
                    ));
                }
                let text = String::from_utf8(bytes).map_err(|error| {
                    let offset = error.utf8_error().valid_up_to();
                    let line = error.as_bytes()[..offset].iter().filter(|byte| **byte == b'\n').count() + 1;
                    io::Error::new(
                        io::ErrorKind::InvalidData,
                        format!("{} is not UTF-8 text (line {line})", path.display()),
                    )
                })?;
                Ok((path, text))
            })
            .collect()
    }
}

/// Files held in memory: the configuration as it was when a plan was saved.
#[derive(Clone, Debug, Default)]
pub struct EmbeddedFiles {
    files: BTreeMap<PathBuf, String>,
}

impl FromIterator<(PathBuf, String)> for EmbeddedFiles {
    fn from_iter<T: IntoIterator<Item = (PathBuf, String)>>(files: T) -> Self {
        Self { files: files.into_iter().collect() }
    }
}

impl ModuleFiles for EmbeddedFiles {
    fn module_files(&self, dir: &Path) -> io::Result<Vec<(PathBuf, String)>> {
        let found = self.files.iter().filter(|(path, _)| path.parent() == Some(dir));
        Ok(found.map(|(path, text)| (path.clone(), text.clone())).collect())
    }
}
