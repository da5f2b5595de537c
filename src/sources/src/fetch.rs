//! Fetches one package: from the cache, a repository, an archive or a library.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use mesh_config::normalized;
use mesh_diagnostics::Diagnostic;
use semver::Version;
use sha2::{Digest, Sha256, Sha512};

use crate::address::{Address, Algorithm, Checksum, Format, Location};
use crate::cache::{Cache, Cached};
use crate::git;
use crate::http::Client;
use crate::library::{Index, Wish};
use crate::lock::Locked;
use crate::manifest::PackageHash;
use crate::problem::{Problem, hinted, problem, unusable};
use crate::unpack::{Limits, Unpack};
use crate::wanted::{Key, Origin, Wanted};

/// A package that is in the cache.
#[derive(Clone, Debug)]
pub struct Fetched {
    /// What it was resolved to.
    pub locked: Locked,
    /// Where its files lie.
    pub tree: PathBuf,
    /// What the user should know about it.
    pub warnings: Vec<Diagnostic>,
}

/// Fetches packages of one run. Each index of a library is read once.
pub struct Fetcher<'a> {
    /// The root module's directory: local archives and libraries are relative to it.
    pub root: &'a Path,
    /// Where packages are kept.
    pub cache: &'a Cache,
    /// How large things may be.
    pub limits: Limits,
    /// The version of this program.
    pub own: &'a Version,
    client: Client,
    indexes: Mutex<BTreeMap<Location, ReadOnce<Index>>>,
}

/// What is read by the first who asks for it.
type ReadOnce<T> = Arc<OnceLock<Result<T, Problem>>>;

/// An archive and what is known of it.
struct Archive<'a> {
    location: &'a Location,
    format: Format,
    checksum: Option<&'a Checksum>,
}

impl<'a> Fetcher<'a> {
    /// A fetcher for one run.
    pub fn new(root: &'a Path, cache: &'a Cache, limits: Limits, own: &'a Version) -> Self {
        Self { root, cache, limits, own, client: Client::default(), indexes: Mutex::default() }
    }

    /// Fetches a package: what the lock file names, or else what is there now.
    ///
    /// # Errors
    /// Whatever stands in the way. A package that is not the locked one is refused.
    pub fn fetch(&self, wanted: &Wanted, locked: Option<&Locked>) -> Result<Fetched, Problem> {
        let key = wanted.key();
        let mut warnings = Vec::new();
        if let Some(locked) = locked
            && let Some(tree) = self.cached(&key, &locked.hash, &mut warnings)?
        {
            return Ok(Fetched { locked: locked.clone(), tree, warnings });
        }
        let (found, tree) = match &wanted.origin {
            Origin::Address(Address::Git { url, reference }) => {
                self.repository(&key, url, reference.as_deref(), locked, &mut warnings)?
            }
            Origin::Address(Address::Archive { location, format, checksum }) => {
                let archive = Archive { location, format: *format, checksum: checksum.as_ref() };
                let (hash, tree) = self.archive(&key, &archive, &mut warnings)?;
                (Locked { commit: None, version: None, directory: None, hash }, tree)
            }
            Origin::Library { index, module } => self.module(&key, wanted, index, module, locked, &mut warnings)?,
        };
        match locked {
            Some(locked) if locked.hash != found.hash => Err(not_as_locked(&key, locked, &found)),
            _ => Ok(Fetched { locked: found, tree, warnings }),
        }
    }

    /// A package of the cache; a damaged one counts as none, with a warning.
    fn cached(
        &self,
        key: &Key,
        hash: &PackageHash,
        warnings: &mut Vec<Diagnostic>,
    ) -> Result<Option<PathBuf>, Problem> {
        match self.cache.find(hash)? {
            Cached::Package(tree) => Ok(Some(tree)),
            Cached::Nothing => Ok(None),
            Cached::Damaged => {
                let detail = format!(
                    "The copy of {} in the cache was changed. It is thrown away and fetched anew.",
                    key.address
                );
                warnings.push(Diagnostic::warning("cache-damaged", "Cached package was changed", detail));
                Ok(None)
            }
        }
    }

    fn repository(
        &self,
        key: &Key,
        url: &str,
        reference: Option<&str>,
        locked: Option<&Locked>,
        warnings: &mut Vec<Diagnostic>,
    ) -> Result<(Locked, PathBuf), Problem> {
        let found = match locked.and_then(|locked| locked.commit.as_deref()) {
            Some(commit) => Some(git::Found::commit(commit)),
            None => git::resolve(url, reference)?,
        };
        let origin = |commit: &str| format!("git {url} {commit}");
        let of = |commit: String, hash| Locked { commit: Some(commit), version: None, directory: None, hash };
        if let Some(found) = &found
            && let Some(hash) = self.cache.hash_of(&origin(&found.commit))
            && let Some(tree) = self.cached(key, &hash, warnings)?
        {
            return Ok((of(found.commit.clone(), hash), tree));
        }
        let staging = self.cache.staging()?;
        let repository = staging.path().join("repository");
        let commit = git::fetch(url, found.as_ref(), reference.unwrap_or("HEAD"), &repository)?;
        let tree = empty(staging.path())?;
        git::export(url, &repository, &commit, Unpack::new(&tree, self.limits, key.address.clone()))?;
        let (hash, tree) = self.cache.store(&tree, Some(&origin(&commit)))?;
        Ok((of(commit, hash), tree))
    }

    fn archive(
        &self,
        key: &Key,
        archive: &Archive<'_>,
        warnings: &mut Vec<Diagnostic>,
    ) -> Result<(PackageHash, PathBuf), Problem> {
        let origin = archive.checksum.map(|checksum| format!("archive {} {}", archive.format, checksum.digest));
        if let Some(hash) = origin.as_ref().and_then(|origin| self.cache.hash_of(origin))
            && let Some(tree) = self.cached(key, &hash, warnings)?
        {
            return Ok((hash, tree));
        }
        let staging = self.cache.staging()?;
        let file = match archive.location {
            Location::File(path) => self.root.join(path),
            Location::Url(url) => {
                let file = staging.path().join("archive");
                let mut written = File::create_new(&file).map_err(|error| unusable(&file, &error))?;
                self.client.get(url, self.limits.download, &mut written)?;
                file
            }
        };
        if let Some(checksum) = archive.checksum {
            let found = digest(&file, checksum.algorithm).map_err(|error| unreadable(archive.location, &error))?;
            if found != checksum.digest {
                return Err(wrong_checksum(archive.location, &checksum.digest, &found));
            }
        } else if !file.is_file() {
            return Err(unreadable(archive.location, &io::ErrorKind::NotFound.into()));
        }
        let tree = empty(staging.path())?;
        crate::archive::unpack(&file, archive.format, Unpack::new(&tree, self.limits, archive.location.to_string()))?;
        self.cache.store(&tree, origin.as_deref())
    }

    fn module(
        &self,
        key: &Key,
        wanted: &Wanted,
        index: &Location,
        module: &str,
        locked: Option<&Locked>,
        warnings: &mut Vec<Diagnostic>,
    ) -> Result<(Locked, PathBuf), Problem> {
        let cell =
            self.indexes.lock().unwrap_or_else(PoisonError::into_inner).entry(index.clone()).or_default().clone();
        let read = cell.get_or_init(|| self.index(index)).as_ref().map_err(Clone::clone)?;
        let place = index.to_string();
        let wish =
            Wish { constraint: wanted.constraint.as_ref(), locked: locked.and_then(|locked| locked.version.as_ref()) };
        let (version, release, warning) = read.choose(module, wish, self.own, &place)?;
        warnings.extend(warning);
        let location = beside(index, &release.archive);
        let format = Format::of_name(release.archive.split('?').next().unwrap_or_default()).ok_or_else(|| {
            let detail = format!("{place} is not the index of a library: of {module} {version}, `archive` is no `.zip`, `.tar`, `.tar.gz` or `.tgz`.");
            problem("library-unusable", "Library can't be read", detail)
        })?;
        let checksum = Checksum { algorithm: Algorithm::Sha256, digest: release.sha256.to_ascii_lowercase() };
        let archive = Archive { location: &location, format, checksum: Some(&checksum) };
        let (hash, tree) = self.archive(key, &archive, warnings)?;
        let directory = Some(release.directory).filter(|directory| !directory.as_os_str().is_empty());
        Ok((Locked { commit: None, version: Some(version), directory, hash }, tree))
    }

    fn index(&self, location: &Location) -> Result<Index, Problem> {
        let mut bytes = Vec::new();
        match location {
            Location::Url(url) => self.client.get(url, self.limits.download, &mut bytes)?,
            Location::File(path) => {
                let read = File::open(self.root.join(path)).and_then(|mut file| file.read_to_end(&mut bytes));
                read.map_err(|error| unreadable(location, &error))?;
            }
        }
        Index::parse(&String::from_utf8_lossy(&bytes), &location.to_string())
    }
}

/// An archive's place, where it is written relative to the index.
fn beside(index: &Location, archive: &str) -> Location {
    if archive.starts_with("https://") || archive.starts_with("http://") {
        return Location::Url(archive.to_owned());
    }
    match index {
        Location::File(path) => Location::File(normalized(&path.parent().unwrap_or(Path::new("")).join(archive))),
        Location::Url(url) => {
            let (address, query) =
                url.split_once('?').map_or((url.as_str(), String::new()), |(a, q)| (a, format!("?{q}")));
            let host_end = address.find("://").and_then(|at| Some(at + 3 + address[at + 3..].find('/')?));
            let host_end = host_end.unwrap_or(address.len());
            let (host, path) = address.split_at(host_end);
            let joined = normalized(&Path::new(path).parent().unwrap_or(Path::new("/")).join(archive));
            Location::Url(format!("{host}{}{query}", joined.display()))
        }
    }
}

fn empty(staging: &Path) -> Result<PathBuf, Problem> {
    let tree = staging.join("tree");
    std::fs::create_dir(&tree).map_err(|error| unusable(&tree, &error))?;
    Ok(tree)
}

fn digest(path: &Path, algorithm: Algorithm) -> io::Result<String> {
    let mut file = File::open(path)?;
    let hashed = |hasher: &mut dyn Write, file: &mut File| io::copy(file, hasher);
    match algorithm {
        Algorithm::Sha256 => {
            let mut hasher = Hasher(Sha256::new());
            hashed(&mut hasher, &mut file)?;
            Ok(hex::encode(hasher.0.finalize()))
        }
        Algorithm::Sha512 => {
            let mut hasher = Hasher(Sha512::new());
            hashed(&mut hasher, &mut file)?;
            Ok(hex::encode(hasher.0.finalize()))
        }
    }
}

/// A hash function to write to.
struct Hasher<D>(D);

impl<D: Digest> Write for Hasher<D> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.update(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn unreadable(location: &Location, error: &io::Error) -> Problem {
    let why =
        if error.kind() == io::ErrorKind::NotFound { "there is no such file".to_owned() } else { error.to_string() };
    problem("module-not-fetched", "Module could not be fetched", format!("Reading {location} failed: {why}."))
}

fn wrong_checksum(location: &Location, expected: &str, found: &str) -> Problem {
    let detail = format!("{location} has the checksum {found}, and {expected} is asked for.");
    hinted(
        problem("checksum-mismatch", "Archive is not the one that was asked for", detail),
        "It was changed after its checksum was written down, or damaged on the way. Don't take the new checksum over before you know why.",
    )
}

fn not_as_locked(key: &Key, locked: &Locked, found: &Locked) -> Problem {
    let detail =
        format!("{} now holds other files ({}) than when it was locked ({}).", key.address, found.hash, locked.hash);
    hinted(
        problem("module-not-as-locked", "Module is not the locked one", detail),
        "Someone replaced it at its source. Where you know why and trust it, `mesh init --upgrade` takes it.",
    )
}
