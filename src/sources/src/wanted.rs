//! What a module call asks for: a directory of its own package, or a package from elsewhere.

use std::fmt;
use std::path::{Component, Path, PathBuf};

use mesh_config::{Library, Module, ModuleCall, VersionConstraint, normalized};
use mesh_diagnostics::Span;

use crate::address::{Address, Format, Location, Source};
use crate::problem::{Problem, hinted, problem};
use crate::query::encoded;
use crate::redact::redact;

/// Where the packages of a project lie, below the root module's directory.
pub const PACKAGES: &str = ".mesh/modules";

/// What a call's `source` and `version` mean.
#[derive(Clone, Debug)]
pub enum Target {
    /// A directory, normalized and relative to the root module's.
    Directory(PathBuf),
    /// A directory in a package.
    Package(Wanted, PathBuf),
}

/// A package that a call asks for.
#[derive(Clone, Debug)]
pub struct Wanted {
    /// Where it is to be had.
    pub origin: Origin,
    /// Which versions will do.
    pub constraint: Option<VersionConstraint>,
}

/// Where a package is to be had. Paths are relative to the root module's directory.
#[derive(Clone, Debug)]
pub enum Origin {
    /// A repository or an archive.
    Address(Address),
    /// A module of a library.
    Library {
        /// The library's index.
        index: Location,
        /// The module's name there.
        module: String,
    },
}

/// What the lock file calls a package. It holds no secrets.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Key {
    /// Where the package is to be had.
    pub address: String,
    /// Which versions will do, as written.
    pub constraint: Option<String>,
}

/// `ADDRESS`, and `version CONSTRAINT` where there is one.
impl fmt::Display for Key {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.address)?;
        self.constraint.as_ref().map_or(Ok(()), |constraint| write!(out, " {constraint}"))
    }
}

impl Wanted {
    /// What the lock file calls it.
    #[must_use]
    pub fn key(&self) -> Key {
        let address = match &self.origin {
            Origin::Address(Address::Git { url, reference }) => {
                let reference = reference.as_ref().map(|reference| format!("?ref={}", encoded(reference)));
                format!("git::{}{}", redact(url), reference.unwrap_or_default())
            }
            Origin::Address(Address::Archive { location, format, .. }) => {
                let text = location.to_string();
                let is_plain = Format::of_name(text.split('?').next().unwrap_or_default()) == Some(*format);
                if is_plain { text } else { format!("{text} ({format})") }
            }
            Origin::Library { index, module } => format!("{index}//{module}"),
        };
        Key { address, constraint: self.constraint.as_ref().map(ToString::to_string) }
    }
}

impl Key {
    /// What a directory for the package is called, before it is told from others of the same name: the repository, the archive
    /// or, of a library, the module.
    #[must_use]
    pub fn name(&self, is_of_library: bool) -> String {
        let name = if is_of_library {
            self.address.rsplit("//").next().unwrap_or_default()
        } else {
            let address = self.address.split(['?', ' ']).next().unwrap_or_default().trim_end_matches('/');
            let name = address.rsplit(['/', ':']).next().unwrap_or_default();
            let endings = [".git", ".zip", ".tar", ".tar.gz", ".tgz"];
            endings.iter().find_map(|ending| name.strip_suffix(ending)).unwrap_or(name)
        };
        let safe = |c: char| if c.is_ascii_alphanumeric() || "-_.".contains(c) { c } else { '-' };
        let name: String = name.chars().map(safe).take(64).collect();
        let name = name.trim_start_matches('.');
        if name.is_empty() { "package".to_owned() } else { name.to_owned() }
    }
}

/// As it is shown and locked, without secrets.
impl fmt::Display for Location {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Url(url) => out.write_str(&redact(url)),
            Self::File(path) if path.is_absolute() || path.starts_with("..") => write!(out, "{}", path.display()),
            Self::File(path) => write!(out, "./{}", path.display()),
        }
    }
}

/// As `?archive=` writes it.
impl fmt::Display for Format {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(match self {
            Self::Zip => "zip",
            Self::Tar => "tar",
            Self::TarGz => "tar.gz",
        })
    }
}

/// What a call means.
///
/// # Errors
/// A source that can't be understood or is not allowed where it stands, and a `version` that means nothing there. All have
/// their place.
pub fn target(caller: &Module, call: &ModuleCall) -> Result<Target, Problem> {
    let at_source = |problem: Problem| Box::new(problem.at(place(call)));
    let source = Source::parse(&call.source).map_err(at_source)?;
    let is_library = matches!(source, Source::Library { .. });
    if let Some((_, span)) = call.version.as_ref().filter(|_| !is_library) {
        let problem = hinted(
            problem(
                "version-not-applicable",
                "Version of something without versions",
                format!("Only modules of a library have versions, and {:?} names none.", redact(&call.source)),
            ),
            "A commit of a git repository is chosen with `?ref=`, such as `?ref=v1.2.0`.",
        );
        return Err(Box::new(problem.at(*span)));
    }
    match source {
        Source::Directory(path) => Ok(Target::Directory(inside(caller, &path).map_err(at_source)?)),
        Source::Package(Address::Archive { location: Location::File(path), format, checksum }, subdirectory) => {
            let path = outside(caller, &path).map_err(at_source)?;
            let address = Address::Archive { location: Location::File(path), format, checksum };
            Ok(Target::Package(Wanted { origin: Origin::Address(address), constraint: None }, subdirectory))
        }
        Source::Package(address, subdirectory) => {
            Ok(Target::Package(Wanted { origin: Origin::Address(address), constraint: None }, subdirectory))
        }
        Source::Library { library, module } => {
            let Some(declared) = caller.settings.libraries.get(library.as_str()) else {
                return Err(at_source(unknown_library(caller, &library)));
            };
            let is_public = redact(&declared.source) == *declared.source;
            let place = if is_public { declared.source_span } else { declared.span };
            let index = index(caller, declared).map_err(|problem| Box::new(problem.at(place)))?;
            let constraint = call.version.as_ref().map(|(constraint, _)| constraint.clone());
            Ok(Target::Package(Wanted { origin: Origin::Library { index, module }, constraint }, PathBuf::new()))
        }
    }
}

/// Where to point at a call's source: at the call itself where the source holds credentials, which no excerpt may show.
#[must_use]
pub fn place(call: &ModuleCall) -> Span {
    if redact(&call.source) == *call.source { call.source_span } else { call.span }
}

/// The package that a directory lies in; `None` for what belongs to the project itself.
#[must_use]
pub fn package_of(dir: &Path) -> Option<PathBuf> {
    let mut rest = dir.strip_prefix(PACKAGES).ok()?.components();
    match rest.next() {
        Some(Component::Normal(name)) => Some(Path::new(PACKAGES).join(name)),
        _ => None,
    }
}

/// A directory beside the caller, which may not be outside of the caller's package.
fn inside(caller: &Module, path: &Path) -> Result<PathBuf, Problem> {
    let dir = normalized(&caller.dir.join(path));
    match package_of(&caller.dir) {
        Some(package) if !dir.starts_with(&package) => Err(hinted(
            problem(
                "module-leaves-package",
                "Module outside of its package",
                format!(
                    "{:?} leads out of the package that the calling module was fetched with. Nothing else of that place was fetched.",
                    path.display().to_string()
                ),
            ),
            "The package's author has to call a directory of the package, or an address.",
        )),
        _ => Ok(dir),
    }
}

/// A file beside the caller. Files in packages are not fetched from: where a package lies depends on what was fetched.
fn outside(caller: &Module, path: &Path) -> Result<PathBuf, Problem> {
    match package_of(&caller.dir) {
        Some(_) => Err(hinted(
            problem(
                "module-source-unsupported",
                "Module source not supported",
                format!(
                    "{:?} is a file in a package, and mesh fetches nothing from there.",
                    path.display().to_string()
                ),
            ),
            "The package's author has to call a directory of the package, or an address.",
        )),
        None => Ok(normalized(&caller.dir.join(path))),
    }
}

/// The index of a library: a file, or `index.json` in a directory.
fn index(caller: &Module, library: &Library) -> Result<Location, Problem> {
    let source = library.source.as_ref();
    if source.starts_with("https://") || source.starts_with("http://") {
        let (address, query) = source.split_once('?').map_or((source, String::new()), |(a, q)| (a, format!("?{q}")));
        let address = if address.ends_with(".json") {
            address.to_owned()
        } else {
            format!("{}/index.json", address.trim_end_matches('/'))
        };
        return Ok(Location::Url(format!("{address}{query}")));
    }
    if !source.starts_with("./") && !source.starts_with("../") && !source.starts_with('/') {
        return Err(hinted(
            problem(
                "invalid-library-source",
                "Invalid source of a library",
                format!("{:?} is neither an address that starts with `https://` nor a path.", redact(source)),
            ),
            "A path starts with `./` or `../`.",
        ));
    }
    let path = outside(caller, Path::new(source))?;
    let is_file = path.extension().is_some_and(|extension| extension == "json");
    Ok(Location::File(if is_file { path } else { path.join("index.json") }))
}

fn unknown_library(caller: &Module, library: &str) -> Problem {
    let problem =
        problem("unknown-library", "Unknown library", format!("This module declares no library `{library}`."));
    let known = caller.settings.libraries.keys().map(AsRef::as_ref);
    let problem = Box::new(problem.suggest(library, known));
    hinted(
        problem,
        format!("A library is declared with `mesh {{ library \"{library}\" {{ source = \"https://...\" }} }}`."),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lock::{Lock, Locked};

    fn key(source: &str) -> Key {
        let Ok(Source::Package(address, _)) = Source::parse(source) else { panic!("{source} is a package") };
        Wanted { origin: Origin::Address(address), constraint: None }.key()
    }

    #[test]
    fn keys_hold_no_secrets_and_names_are_those_of_packages() {
        let cases = [
            (
                "git::https://u:secret@h/o/modules.git//a?ref=v1",
                "git::https://REDACTED@h/o/modules.git?ref=v1",
                "modules",
            ),
            ("git@h:o/modules.git", "git::git@h:o/modules.git", "modules"),
            ("git::file:///srv/modules/", "git::file:///srv/modules/", "modules"),
            ("https://h/a-1.2.zip?token=secret", "https://h/a-1.2.zip?token=REDACTED", "a-1.2"),
            ("https://h/get?archive=zip&v=1", "https://h/get?v=1 (zip)", "get"),
            ("file:///srv/...tgz", "/srv/...tgz", "package"),
        ];
        for (source, address, name) in cases {
            let key = key(source);
            assert_eq!((key.address.as_str(), key.name(false).as_str()), (address, name));
        }
    }

    #[test]
    fn packages_of_one_name_are_told_apart() {
        let locked =
            Locked { commit: None, version: None, directory: None, hash: crate::manifest::Manifest::default().hash() };
        let keys = ["https://h/a.zip", "https://i/a.zip", "https://i/b.zip"].map(key);
        let lock = Lock { packages: keys.iter().map(|key| (key.clone(), locked.clone())).collect() };
        let places = crate::installed::directories(&lock);
        let names: Vec<String> = places.values().map(|place| place.display().to_string()).collect();
        assert_eq!(names, [".mesh/modules/a-acb73855", ".mesh/modules/a-8127fa4c", ".mesh/modules/b"]);
    }
}
