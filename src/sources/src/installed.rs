//! The packages of a project as `mesh init` left them: which directory a call means, and whether it still holds what was
//! locked.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use mesh_config::{Module, ModuleCall, ModuleDirectories, normalized};
use mesh_diagnostics::{Diagnostic, Diagnostics, SourceMap};
use sha2::{Digest, Sha256};

use crate::lock::{LOCK_FILE, Lock, Locked};
use crate::manifest::Manifest;
use crate::redact::redact;
use crate::wanted::{Key, PACKAGES, Target, package_of, place, target};

/// Where the manifests of installed packages lie, below the root module's directory.
pub const MANIFESTS: &str = ".mesh/modules/.manifests";

/// The packages of a project.
#[derive(Clone, Debug, Default)]
pub struct Installed {
    /// The text of the lock file, where there is one.
    pub text: Option<String>,
    /// What it says.
    pub lock: Lock,
    directories: BTreeMap<Key, PathBuf>,
    /// Where packages are looked for; nowhere for a configuration that is held in memory.
    root: Option<PathBuf>,
    manifests: BTreeMap<PathBuf, Option<Manifest>>,
}

impl Installed {
    /// Those of the project in a directory. A lock file that can't be understood goes to `diagnostics`.
    pub fn read(root: &Path, sources: &mut SourceMap, diagnostics: &mut Diagnostics) -> Self {
        let text = match std::fs::read_to_string(root.join(LOCK_FILE)) {
            Ok(text) => Some(text),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => None,
            Err(error) => {
                let detail = format!("Reading {LOCK_FILE} failed: {error}.");
                diagnostics.push(Diagnostic::error("lock-file-unusable", "Lock file can't be understood", detail));
                None
            }
        };
        Self { root: Some(root.to_owned()), ..Self::from_text(text, sources, diagnostics) }
    }

    /// Those that a lock file speaks of, with no look at the disk.
    pub fn from_text(text: Option<String>, sources: &mut SourceMap, diagnostics: &mut Diagnostics) -> Self {
        let lock = text.as_ref().map(|text| Lock::parse(text, sources, diagnostics)).unwrap_or_default();
        let directories = directories(&lock);
        Self { text, lock, directories, root: None, manifests: BTreeMap::new() }
    }

    /// Holds every configuration file that was read from a package against the package's manifest. Files that are read by
    /// functions are not compared: `mesh init` compares all.
    pub fn verify(&self, files: &[(PathBuf, String)], diagnostics: &mut Diagnostics) {
        let Some(root) = &self.root else { return };
        let mut read = BTreeSet::new();
        for (path, text) in files {
            let Some((package, inner)) = inside(path) else { continue };
            let Some(Some(manifest)) = self.manifests.get(&package) else { continue };
            let locked = manifest.real(&inner).and_then(|real| manifest.digest(real.to_str()?).map(ToOwned::to_owned));
            if locked != Some(hex::encode(Sha256::digest(text))) {
                diagnostics.push(tampered(path));
            }
            read.extend(inner.parent().and_then(|dir| manifest.real(dir)).map(|dir| (package, dir)));
        }
        for (package, dir) in &read {
            let Some(Some(manifest)) = self.manifests.get(package) else { continue };
            let expected = manifest.paths().map(Path::new).filter(|path| path.parent() == Some(dir));
            for path in expected.map(|path| package.join(path)) {
                if root.join(&path).symlink_metadata().is_err() {
                    diagnostics.push(tampered(&path));
                }
            }
        }
    }

    fn package(&mut self, key: &Key, call: &ModuleCall) -> Result<(PathBuf, &Locked), Box<Diagnostic>> {
        let not_installed = |why: &str| {
            let detail = format!("{:?} {why}.", redact(&call.source));
            let diagnostic = Diagnostic::error("module-not-installed", "Module is not installed", detail);
            Box::new(diagnostic.at(place(call)).hint("Run `mesh init`."))
        };
        let (Some(locked), Some(dir)) = (self.lock.packages.get(key), self.directories.get(key)) else {
            let why = if self.text.is_some() { "is not in the lock file" } else { "was not fetched yet" };
            return Err(not_installed(why));
        };
        let Some(root) = &self.root else { return Ok((dir.clone(), locked)) };
        let manifest = self.manifests.entry(dir.clone()).or_insert_with(|| {
            let text = std::fs::read_to_string(root.join(manifest_of(dir))).ok()?;
            let manifest = Manifest::from_text(&text);
            (root.join(dir).is_dir() && manifest.hash() == locked.hash).then_some(manifest)
        });
        if manifest.is_some() {
            return Ok((dir.clone(), locked));
        }
        let is_there = root.join(dir).is_dir();
        Err(not_installed(if is_there {
            "is installed with other files than the locked ones"
        } else {
            "is locked, but was not fetched here"
        }))
    }
}

impl ModuleDirectories for Installed {
    fn directory(&mut self, caller: &Module, call: &ModuleCall, diagnostics: &mut Diagnostics) -> Option<PathBuf> {
        let found = target(caller, call).and_then(|target| match target {
            Target::Directory(dir) => Ok(dir),
            Target::Package(wanted, subdirectory) => {
                let (dir, locked) = self.package(&wanted.key(), call)?;
                Ok(normalized(&dir.join(locked.directory.clone().unwrap_or_default()).join(subdirectory)))
            }
        });
        match found {
            Ok(dir) => Some(dir),
            Err(problem) => {
                diagnostics.push(*problem);
                None
            }
        }
    }
}

/// Where each package lies: under its name, with something of its key where others have the same name. Only the keys decide, so
/// a directory, which configurations see as `path.module`, stays the same when a package is upgraded.
#[must_use]
pub fn directories(lock: &Lock) -> BTreeMap<Key, PathBuf> {
    let name = |key: &Key, locked: &Locked| key.name(locked.version.is_some());
    let mut uses: BTreeMap<String, usize> = BTreeMap::new();
    for (key, locked) in &lock.packages {
        *uses.entry(name(key, locked)).or_default() += 1;
    }
    let place = |(key, locked): (&Key, &Locked)| {
        let mut name = name(key, locked);
        if uses.get(&name).is_some_and(|uses| *uses > 1) {
            name = format!("{name}-{}", &hex::encode(Sha256::digest(key.to_string()))[..8]);
        }
        (key.clone(), Path::new(PACKAGES).join(name))
    };
    lock.packages.iter().map(place).collect()
}

/// The manifest of a package's directory. No package has a name that begins with a dot.
#[must_use]
pub fn manifest_of(dir: &Path) -> PathBuf {
    Path::new(MANIFESTS).join(dir.file_name().unwrap_or_default())
}

/// The package that a file lies in, and its path there.
fn inside(path: &Path) -> Option<(PathBuf, PathBuf)> {
    let package = package_of(path)?;
    let inner = path.strip_prefix(&package).ok()?.to_owned();
    Some((package, inner))
}

fn tampered(path: &Path) -> Diagnostic {
    let detail = format!("{} is not as it was when `mesh init` put it there.", path.display());
    Diagnostic::error("module-changed", "Installed module was changed", detail).hint(
        "Run `mesh init` to put the locked files back. A change belongs into the module's source, or into a copy of it in the project.",
    )
}
