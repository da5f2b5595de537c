//! Puts packages where a project uses them, and writes the lock file.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use crate::installed::{MANIFESTS, directories, manifest_of};
use crate::lock::{LOCK_FILE, Lock};
use crate::manifest::{Manifest, PackageHash};
use crate::problem::{Problem, hinted, problem, unusable};
use crate::resolve::Resolved;
use crate::wanted::PACKAGES;

/// Makes the project's packages those that were resolved: each is copied from the cache where it is not there already, every
/// file compared; what is not needed any more goes. Two runs in one project wait for each other.
///
/// # Errors
/// Where the file system refuses, and where the cache changed under way.
pub fn install(root: &Path, resolved: &Resolved) -> Result<(), Problem> {
    let packages = root.join(PACKAGES);
    if resolved.lock.packages.is_empty() && !packages.exists() {
        return Ok(());
    }
    let failed = |error: io::Error| unusable(&packages, &error);
    std::fs::create_dir_all(root.join(MANIFESTS)).map_err(failed)?;
    let guard = File::create(packages.join(".lock")).map_err(failed)?;
    guard.lock().map_err(failed)?;
    let mut kept = BTreeSet::new();
    for (dir, (hash, tree)) in places(resolved) {
        put(root, &dir, &hash, tree)?;
        kept.extend(dir.file_name().map(ToOwned::to_owned));
    }
    for dir in [PACKAGES, MANIFESTS] {
        for entry in std::fs::read_dir(root.join(dir)).map_err(failed)? {
            let entry = entry.map_err(failed)?;
            let name = entry.file_name();
            if !kept.contains(&name) && name != ".lock" && name != ".manifests" {
                let is_dir = entry.file_type().map_err(failed)?.is_dir();
                let removed =
                    if is_dir { std::fs::remove_dir_all(entry.path()) } else { std::fs::remove_file(entry.path()) };
                removed.map_err(failed)?;
            }
        }
    }
    Ok(())
}

/// The directories, each with the hash of what belongs there and where that lies.
fn places(resolved: &Resolved) -> BTreeMap<PathBuf, (PackageHash, &Path)> {
    let mut places = BTreeMap::new();
    for (key, dir) in directories(&resolved.lock) {
        if let (Some(locked), Some(tree)) = (resolved.lock.packages.get(&key), resolved.trees.get(&key)) {
            places.insert(dir, (locked.hash, tree.as_path()));
        }
    }
    places
}

/// Puts one package in its place. The manifest is written last: as long as it does not fit, nobody uses the directory.
fn put(root: &Path, dir: &Path, hash: &PackageHash, tree: &Path) -> Result<(), Problem> {
    let (place, manifest_place) = (root.join(dir), root.join(manifest_of(dir)));
    let failed = |error: io::Error| unusable(&place, &error);
    let noted = std::fs::read_to_string(&manifest_place).is_ok_and(|text| Manifest::from_text(&text).hash() == *hash);
    if noted && Manifest::of(&place).is_ok_and(|manifest| manifest.hash() == *hash) {
        return Ok(());
    }
    let staging = tempfile::Builder::new().prefix(".new-").tempdir_in(root.join(PACKAGES)).map_err(failed)?;
    let fresh = staging.path().join("package");
    let manifest = Manifest::copied(tree, &fresh).map_err(failed)?;
    if manifest.hash() != *hash {
        let detail = format!("{} was changed while it was copied.", tree.display());
        return Err(hinted(problem("cache-changed", "Cached package was changed", detail), "Run `mesh init` again."));
    }
    if place.symlink_metadata().is_ok() {
        std::fs::rename(&place, staging.path().join("old")).map_err(failed)?;
    }
    std::fs::rename(&fresh, &place).map_err(failed)?;
    replace(&manifest_place, &manifest.text()).map_err(failed)
}

/// Writes the lock file where its text would change. One that would be empty is not made.
///
/// # Errors
/// Where the file system refuses.
pub fn write_lock(root: &Path, lock: &Lock) -> Result<bool, Problem> {
    let path = root.join(LOCK_FILE);
    let old = std::fs::read_to_string(&path).ok();
    let text = lock.text();
    if old.as_ref() == Some(&text) || (old.is_none() && lock.packages.is_empty()) {
        return Ok(false);
    }
    replace(&path, &text).map_err(|error| unusable(&path, &error))?;
    Ok(true)
}

/// Writes a file so that nobody sees a part of it.
fn replace(path: &Path, text: &str) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    let dir = path.parent().unwrap_or(Path::new("."));
    let mut file = tempfile::NamedTempFile::new_in(dir)?;
    file.write_all(text.as_bytes())?;
    file.as_file().set_permissions(std::fs::Permissions::from_mode(0o644))?;
    file.as_file().sync_all()?;
    file.persist(path)?;
    Ok(())
}
