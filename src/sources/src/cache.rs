//! Packages that were fetched before, shared by all projects of a user.
//!
//! A package lies under the hash over its files, and what it was fetched from leads to that hash. Both appear whole, by being
//! renamed into place, so runs at the same time need no lock: at worst they fetch the same thing twice.

use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use sha2::{Digest, Sha256};
use tempfile::TempDir;

use crate::manifest::{Manifest, PackageHash};
use crate::problem::{Problem, hinted, unusable};

/// How old a package that is being fetched must be to be left behind by a run that was killed.
const ABANDONED: Duration = Duration::from_secs(24 * 60 * 60);

/// A directory with packages.
#[derive(Clone, Debug)]
pub struct Cache {
    root: PathBuf,
}

/// What the cache has under a hash.
#[derive(Debug)]
pub enum Cached {
    /// Nothing.
    Nothing,
    /// The package.
    Package(PathBuf),
    /// Something else than the hash says. It was thrown away.
    Damaged,
}

impl Cache {
    /// A cache in a directory, which is made when the first package is stored.
    #[must_use]
    pub fn new(root: impl Into<PathBuf>) -> Self {
        Self { root: root.into() }
    }

    /// A directory for a package that is being fetched. It goes with the value, unless it is stored.
    ///
    /// # Errors
    /// Where the file system refuses.
    pub fn staging(&self) -> Result<TempDir, Problem> {
        let dir = self.root.join("staging");
        sweep(&dir);
        let made =
            std::fs::create_dir_all(&dir).and_then(|()| tempfile::Builder::new().prefix("package-").tempdir_in(&dir));
        made.map_err(|error| self.unusable(&dir, &error))
    }

    /// Stores a staged package, under its hash and under what it was fetched from.
    ///
    /// # Errors
    /// Where the file system refuses.
    pub fn store(&self, staged: &Path, origin: Option<&str>) -> Result<(PackageHash, PathBuf), Problem> {
        let failed = |error: io::Error| self.unusable(&self.root, &error);
        let hash = Manifest::of(staged).map_err(failed)?.hash();
        let target = self.package(&hash);
        std::fs::create_dir_all(self.root.join("packages")).map_err(failed)?;
        match std::fs::rename(staged, &target) {
            Ok(()) => {}
            // Another run was faster with the same package.
            Err(_) if target.is_dir() => {}
            Err(error) => return Err(failed(error)),
        }
        if let Some(origin) = origin {
            self.note(origin, &hash).map_err(failed)?;
        }
        Ok((hash, target))
    }

    /// The package with a hash, every file of it compared.
    ///
    /// # Errors
    /// Where the file system refuses.
    pub fn find(&self, hash: &PackageHash) -> Result<Cached, Problem> {
        let package = self.package(hash);
        if !package.is_dir() {
            return Ok(Cached::Nothing);
        }
        if Manifest::of(&package).is_ok_and(|manifest| manifest.hash() == *hash) {
            return Ok(Cached::Package(package));
        }
        let aside = self.staging()?;
        let moved = std::fs::rename(&package, aside.path().join("damaged"));
        moved.map_err(|error| self.unusable(&package, &error))?;
        Ok(Cached::Damaged)
    }

    /// The hash of what was fetched from somewhere that never changes: a commit, an archive with a checksum.
    #[must_use]
    pub fn hash_of(&self, origin: &str) -> Option<PackageHash> {
        let text = std::fs::read_to_string(self.origin(origin)).ok()?;
        PackageHash::parse(text.trim())
    }

    fn note(&self, origin: &str, hash: &PackageHash) -> io::Result<()> {
        use std::io::Write;
        let path = self.origin(origin);
        let dir = self.root.join("origins");
        std::fs::create_dir_all(&dir)?;
        let mut file = tempfile::NamedTempFile::new_in(&dir)?;
        writeln!(file, "{hash}")?;
        file.persist(&path)?;
        Ok(())
    }

    fn unusable(&self, path: &Path, error: &io::Error) -> Problem {
        hinted(unusable(path, error), "Set MESH_CACHE_DIR to a directory that can be written.")
    }

    fn package(&self, hash: &PackageHash) -> PathBuf {
        self.root.join("packages").join(hash.hex())
    }

    fn origin(&self, origin: &str) -> PathBuf {
        self.root.join("origins").join(hex::encode(Sha256::digest(origin)))
    }
}

/// Takes away what runs that were killed left behind. What can't be taken away harms nobody.
fn sweep(staging: &Path) {
    for entry in std::fs::read_dir(staging).into_iter().flatten().flatten() {
        let age = entry.metadata().and_then(|metadata| metadata.modified()).map(|modified| modified.elapsed());
        if matches!(age, Ok(Ok(age)) if age > ABANDONED) {
            let _ = std::fs::remove_dir_all(entry.path());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn staged(cache: &Cache, text: &str) -> (TempDir, PathBuf) {
        let staging = cache.staging().unwrap();
        let tree = staging.path().join("tree");
        std::fs::create_dir(&tree).unwrap();
        std::fs::write(tree.join("main.tf"), text).unwrap();
        (staging, tree)
    }

    #[test]
    fn a_package_is_found_by_hash_and_origin_until_it_is_changed() {
        let dir = tempfile::tempdir().unwrap();
        let cache = Cache::new(dir.path().join("cache"));
        let (_staging, tree) = staged(&cache, "a");
        let (hash, stored) = cache.store(&tree, Some("commit 1")).unwrap();
        assert_eq!(cache.hash_of("commit 1"), Some(hash));
        assert_eq!(cache.hash_of("commit 2"), None);
        assert!(matches!(cache.find(&hash).unwrap(), Cached::Package(path) if path == stored));

        let (_staging, again) = staged(&cache, "a");
        assert_eq!(cache.store(&again, None).unwrap(), (hash, stored.clone()), "the same package twice");

        std::fs::write(stored.join("more.tf"), "b").unwrap();
        assert!(matches!(cache.find(&hash).unwrap(), Cached::Damaged));
        assert!(matches!(cache.find(&hash).unwrap(), Cached::Nothing));
    }
}
