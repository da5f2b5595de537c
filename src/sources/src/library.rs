//! Libraries of modules: a static file that says which versions of which modules there are.

use std::collections::BTreeMap;
use std::path::PathBuf;

use mesh_config::VersionConstraint;
use mesh_diagnostics::Diagnostic;
use semver::Version;
use serde::Deserialize;

use crate::problem::{Problem, hinted, problem};

/// The format that this build reads.
const FORMAT: u64 = 1;
/// How many versions a message names.
const NAMED: usize = 8;

/// The index of a library.
#[derive(Debug, Deserialize)]
pub struct Index {
    modules: BTreeMap<String, Module>,
}

#[derive(Debug, Deserialize)]
struct Module {
    versions: BTreeMap<Version, Release>,
}

/// One version of a module.
#[derive(Clone, Debug, Deserialize)]
pub struct Release {
    /// Where its archive lies: an address, or a path relative to the index.
    pub archive: String,
    /// The archive's SHA-256, in hexadecimal.
    pub sha256: String,
    /// The module's directory in the archive.
    #[serde(default)]
    pub directory: PathBuf,
    /// Which versions of `mesh` it works with.
    #[serde(default)]
    mesh: Option<String>,
    /// Why it should not be chosen any more.
    #[serde(default)]
    yanked: Option<String>,
}

/// What every format has.
#[derive(Deserialize)]
struct Head {
    format: u64,
}

/// Which version to choose.
#[derive(Clone, Copy, Debug)]
pub struct Wish<'a> {
    /// Which ones will do.
    pub constraint: Option<&'a VersionConstraint>,
    /// The one of the lock file, which is kept.
    pub locked: Option<&'a Version>,
}

impl Index {
    /// Reads an index; `place` says in messages where it lies.
    ///
    /// # Errors
    /// What is no index, or a newer one than this build knows.
    pub fn parse(text: &str, place: &str) -> Result<Self, Problem> {
        let unusable = |why: String| {
            let detail = format!("{place} is not the index of a library: {why}.");
            problem("library-unusable", "Library can't be read", detail)
        };
        let head: Head = serde_json::from_str(text).map_err(|error| unusable(error.to_string()))?;
        if head.format > FORMAT {
            let detail = format!("{place} has format {}, and this mesh knows formats up to {FORMAT}.", head.format);
            let problem = problem("library-newer", "Library is newer than this mesh", detail);
            return Err(hinted(problem, "Use a newer mesh."));
        }
        let index: Self = serde_json::from_str(text).map_err(|error| unusable(error.to_string()))?;
        for (name, module) in &index.modules {
            for (version, release) in &module.versions {
                let is_digest =
                    release.sha256.len() == 64 && release.sha256.bytes().all(|byte| byte.is_ascii_hexdigit());
                let leaves =
                    release.directory.components().any(|part| !matches!(part, std::path::Component::Normal(_)));
                if !is_digest || leaves {
                    let what = if leaves {
                        "`directory` leads out of the archive"
                    } else {
                        "`sha256` is not 64 hexadecimal digits"
                    };
                    return Err(unusable(format!("of {name} {version}, {what}")));
                }
            }
        }
        Ok(index)
    }

    /// The version of a module to use: the locked one where it will do, else the newest that will and is not yanked. A
    /// locked one that was yanked comes with a warning.
    ///
    /// # Errors
    /// An unknown module, and where no version will do.
    pub fn choose(
        &self,
        name: &str,
        wish: Wish<'_>,
        own: &Version,
        place: &str,
    ) -> Result<(Version, Release, Option<Diagnostic>), Problem> {
        let Some(module) = self.modules.get(name) else {
            let detail = format!("{place} has no module `{name}`.");
            let problem = problem("unknown-library-module", "Unknown module of a library", detail);
            return Err(Box::new(problem.suggest(name, self.modules.keys().map(String::as_str))));
        };
        if let Some((version, release)) = wish.locked.and_then(|locked| module.versions.get_key_value(locked)) {
            let warning = release.yanked.as_ref().map(|why| yanked_warning(name, version, why));
            return Ok((version.clone(), release.clone(), warning));
        }
        let fits = |version: &Version| {
            wish.constraint.map_or(version.pre.is_empty(), |constraint| constraint.matches(version))
        };
        let mut fitting = module.versions.iter().rev().filter(|(version, _)| fits(version)).peekable();
        if fitting.peek().is_none() {
            return Err(none_fits(name, wish.constraint, &module.versions));
        }
        let mut reasons = Vec::new();
        for (version, release) in fitting {
            match (&release.yanked, release.refuses(own)) {
                (None, None) => return Ok((version.clone(), release.clone(), None)),
                (Some(why), _) => reasons.push(format!("{version} was yanked ({})", why.trim_end_matches('.'))),
                (None, Some(asked)) => reasons.push(format!("{version} asks for mesh {asked}, and this is {own}")),
            }
        }
        reasons.truncate(NAMED);
        let detail = format!("No version of `{name}` that fits can be used: {}.", reasons.join("; "));
        let problem = problem("no-usable-version", "No usable version", detail);
        Err(hinted(problem, "Ask for another version. A lock file that names a yanked version keeps it."))
    }
}

impl Release {
    /// What it asks of `mesh`, where this build is not it. A constraint that can't be read asks for a newer one.
    fn refuses(&self, own: &Version) -> Option<&str> {
        let asked = self.mesh.as_deref()?;
        let fits = VersionConstraint::parse(asked).is_ok_and(|constraint| constraint.matches(own));
        (!fits).then_some(asked)
    }
}

fn yanked_warning(name: &str, version: &Version, why: &str) -> Diagnostic {
    let detail = format!("`{name}` {version}, which the lock file names, was yanked: {}.", why.trim_end_matches('.'));
    Diagnostic::warning("yanked-version", "Yanked version in use", detail)
        .hint("`mesh init --upgrade` chooses another one, where the constraint allows it.")
}

fn none_fits(name: &str, constraint: Option<&VersionConstraint>, versions: &BTreeMap<Version, Release>) -> Problem {
    let asked = constraint
        .map_or_else(|| "a version that is no pre-release".to_owned(), |constraint| format!("`{constraint}`"));
    let newest: Vec<String> = versions.keys().rev().take(NAMED).map(ToString::to_string).collect();
    let there_are = match (newest.is_empty(), versions.len().saturating_sub(NAMED)) {
        (true, _) => "There is none at all".to_owned(),
        (false, 0) => format!("There are {}", newest.join(", ")),
        (false, more) => format!("There are {} and {more} older ones", newest.join(", ")),
    };
    let detail = format!("No version of `{name}` is {asked}. {there_are}.");
    let problem = problem("no-matching-version", "No version that fits", detail);
    let is_pre_release = versions.keys().any(|version| !version.pre.is_empty());
    if is_pre_release {
        return hinted(problem, "A pre-release is chosen only by its exact version.");
    }
    problem
}

#[cfg(test)]
#[path = "../tests/unit/library.rs"]
mod tests;
