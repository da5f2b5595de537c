//! The lock file: what each source from elsewhere was resolved to.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::{Path, PathBuf};

use mesh_diagnostics::{Diagnostic, Diagnostics, SourceMap, Span};
use mesh_lang::constant::evaluate_constant;
use mesh_lang::syntax::{self, Block};
use semver::Version;

use crate::manifest::PackageHash;
use crate::problem::Problem;
use crate::wanted::Key;

/// The name of the lock file, in the root module's directory.
pub const LOCK_FILE: &str = ".mesh.lock.hcl";
/// The format that this build writes.
const FORMAT: u64 = 1;
/// What the file begins with.
const PREAMBLE: &str = "\
# The modules from elsewhere that this configuration uses, and what each of them was resolved to.
# Written by `mesh init`; keep it under version control. `mesh init --upgrade` chooses anew.
";

/// What every source from elsewhere was resolved to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Lock {
    /// The packages, by what they are called.
    pub packages: BTreeMap<Key, Locked>,
}

/// What one source was resolved to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Locked {
    /// Of a git repository: the commit.
    pub commit: Option<String>,
    /// Of a module of a library: the version.
    pub version: Option<Version>,
    /// Of a module of a library: the directory in its package, where it is not the package itself.
    pub directory: Option<PathBuf>,
    /// The hash over the package's files.
    pub hash: PackageHash,
}

impl Locked {
    /// What was chosen, in a word or two; nothing for an archive.
    #[must_use]
    pub fn chosen(&self) -> String {
        match (&self.commit, &self.version) {
            (Some(commit), _) => format!("commit {}", commit.get(..12).unwrap_or(commit)),
            (None, Some(version)) => format!("version {version}"),
            (None, None) => self.hash.to_string().chars().take(12).collect(),
        }
    }
}

impl Lock {
    /// The newest locked version of a module that `fits`.
    pub fn version(&self, address: &str, fits: impl Fn(&Version) -> bool) -> Option<(&Version, &Locked)> {
        let same = self.packages.iter().filter(|(key, _)| key.address == address);
        same.filter_map(|(_, locked)| Some((locked.version.as_ref()?, locked)))
            .filter(|(version, _)| fits(version))
            .max_by(|(left, _), (right, _)| left.cmp(right))
    }

    /// The file's text.
    #[must_use]
    pub fn text(&self) -> String {
        let mut text = format!("{PREAMBLE}\nformat = {FORMAT}\n");
        for (key, locked) in &self.packages {
            let constraint = key.constraint.as_ref().map(|constraint| ("constraint", quoted(constraint)));
            let commit = locked.commit.as_ref().map(|commit| ("commit", quoted(commit)));
            let version = locked.version.as_ref().map(|version| ("version", quoted(&version.to_string())));
            let directory = locked.directory.as_ref().map(|dir| ("directory", quoted(&dir.display().to_string())));
            let hash = Some(("hash", quoted(&locked.hash.to_string())));
            let arguments: Vec<_> = [constraint, commit, version, directory, hash].into_iter().flatten().collect();
            let width = arguments.iter().map(|(name, _)| name.len()).max().unwrap_or_default();
            let _ = writeln!(text, "\npackage {} {{", quoted(&key.address));
            for (name, value) in arguments {
                let _ = writeln!(text, "  {name:width$} = {value}");
            }
            text.push_str("}\n");
        }
        text
    }

    /// Reads the file's text; what is wrong goes to `diagnostics`.
    pub fn parse(text: &str, sources: &mut SourceMap, diagnostics: &mut Diagnostics) -> Self {
        let file = sources.add(Path::new(LOCK_FILE), text);
        let (body, problems) = syntax::parse(text, file);
        diagnostics.extend(problems);
        let mut lock = Self::default();
        let format = body.attributes.iter().find(|attribute| attribute.name.text.as_ref() == "format");
        let written = format.map(|format| evaluate_constant(&format.expr, diagnostics));
        match written
            .as_ref()
            .and_then(|value| value.as_number())
            .and_then(|number| number.to_string().parse::<u64>().ok())
        {
            Some(FORMAT) => {}
            Some(newer) if newer > FORMAT => {
                let detail = format!("It has format {newer}, and this mesh knows formats up to {FORMAT}.");
                let diagnostic = Diagnostic::error("lock-file-newer", "Lock file is newer than this mesh", detail);
                let diagnostic = diagnostic.hint("Use the mesh that wrote it, or a newer one.");
                diagnostics.push(match format {
                    Some(format) => diagnostic.at(format.expr.span),
                    None => diagnostic,
                });
                return lock;
            }
            _ => diagnostics.push(*unusable(body.span.at_start(), "it does not begin with `format = 1`")),
        }
        for block in &body.blocks {
            match package(block, diagnostics) {
                Ok((key, locked)) => {
                    lock.packages.insert(key, locked);
                }
                Err(problem) => diagnostics.push(*problem),
            }
        }
        lock
    }
}

fn package(block: &Block, diagnostics: &mut Diagnostics) -> Result<(Key, Locked), Problem> {
    let [address] = block.labels.as_slice() else {
        return Err(unusable(block.header, "a block here is `package \"ADDRESS\" { }`"));
    };
    let mut texts = BTreeMap::new();
    for attribute in &block.body.attributes {
        let value = evaluate_constant(&attribute.expr, diagnostics);
        let text = value.as_str().ok_or_else(|| unusable(attribute.expr.span, "this is not a text"))?;
        texts.insert(attribute.name.text.as_ref(), (text.to_owned(), attribute.expr.span));
    }
    let mut take = |name: &str| texts.remove(name);
    let constraint = take("constraint").map(|(text, _)| text);
    let commit = take("commit").map(|(text, span)| {
        let is_commit = text.len() >= 40 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
        if is_commit { Ok(text) } else { Err(unusable(span, "this is no commit")) }
    });
    let version =
        take("version").map(|(text, span)| text.parse::<Version>().map_err(|_| unusable(span, "this is no version")));
    let directory = take("directory").map(|(text, span)| {
        let is_inside = Path::new(&text).components().all(|part| matches!(part, std::path::Component::Normal(_)));
        if is_inside { Ok(PathBuf::from(text)) } else { Err(unusable(span, "this leads out of the package")) }
    });
    let (hash, span) = take("hash").ok_or_else(|| unusable(block.header, "this block has no `hash`"))?;
    let hash = PackageHash::parse(&hash).ok_or_else(|| unusable(span, "this is no hash `h1:...`"))?;
    let locked =
        Locked { commit: commit.transpose()?, version: version.transpose()?, directory: directory.transpose()?, hash };
    Ok((Key { address: address.text.to_string(), constraint }, locked))
}

fn unusable(span: Span, why: &str) -> Problem {
    let detail = format!("The lock file can't be understood: {why}.");
    let diagnostic = Diagnostic::error("lock-file-unusable", "Lock file can't be understood", detail).at(span);
    Box::new(diagnostic.hint("Take it back from version control, or delete it and run `mesh init`."))
}

/// A text as a literal of the language.
fn quoted(text: &str) -> String {
    let mut quoted = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => quoted.extend(['\\', c]),
            '\n' => quoted.push_str("\\n"),
            c if c.is_control() => {
                let _ = write!(quoted, "\\u{:04x}", u32::from(c));
            }
            c => quoted.push(c),
        }
    }
    quoted.push('"');
    quoted.replace("${", "$${").replace("%{", "%%{")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read() {
        let hash = crate::manifest::Manifest::default().hash();
        let git = Locked { commit: Some("a".repeat(40)), version: None, directory: None, hash };
        let library =
            Locked { commit: None, version: Some(Version::new(1, 2, 0)), directory: Some("a/b".into()), hash };
        let key = |address: &str, constraint: Option<&str>| Key {
            address: address.to_owned(),
            constraint: constraint.map(ToOwned::to_owned),
        };
        let packages = BTreeMap::from([
            (key("git::https://h/${x}\"\\.git", None), git),
            (key("./index.json//m", Some("~> 1.2")), library),
        ]);
        let lock = Lock { packages };
        let (mut sources, mut diagnostics) = (SourceMap::default(), Diagnostics::default());
        let read = Lock::parse(&lock.text(), &mut sources, &mut diagnostics);
        assert!(diagnostics.is_empty(), "{diagnostics:?}");
        assert_eq!(read, lock);
    }
}
