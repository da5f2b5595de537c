//! Finds every package that a configuration needs, round by round: what was fetched may call for more.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use mesh_config::{DiskFiles, Module, ModuleCall, ModuleDirectories, ModuleFiles, normalized};
use mesh_diagnostics::{Diagnostic, Diagnostics, SourceMap, Span};

use crate::fetch::{Fetched, Fetcher};
use crate::lock::{LOCK_FILE, Lock, Locked};
use crate::problem::{Problem, hinted, problem};
use crate::wanted::{Key, Origin, PACKAGES, Target, Wanted, place, target};

/// How many packages are fetched at a time.
const AT_A_TIME: usize = 8;
/// How many packages one configuration may need.
const MOST: usize = 1_000;

/// How packages are chosen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// What the lock file names, and something new for what it does not name.
    Keep,
    /// Everything anew.
    Upgrade,
    /// What the lock file names and nothing else.
    Locked,
}

/// Every package that a configuration needs, all in the cache.
#[derive(Debug, Default)]
pub struct Resolved {
    /// What each was resolved to.
    pub lock: Lock,
    /// Where the files of each lie in the cache.
    pub trees: BTreeMap<Key, PathBuf>,
    /// What the user should know of the packages.
    pub warnings: Diagnostics,
}

/// Fetches what the configuration in `fetcher`'s directory needs, and what that needs in turn. `note` is told which packages are
/// being looked for.
///
/// # Errors
/// Everything that is wrong, with the files that it is about.
pub fn resolve(
    fetcher: &Fetcher<'_>,
    lock: &Lock,
    mode: Mode,
    note: &mut dyn FnMut(&Key),
) -> Result<Resolved, (Diagnostics, SourceMap)> {
    let mut done: BTreeMap<Key, Result<Fetched, Problem>> = BTreeMap::new();
    loop {
        let mut walk = Walk { disk: DiskFiles::new(fetcher.root), done: &done, names: BTreeMap::new() };
        walk.name_packages();
        let mut calls = Calls { walk: &walk, missing: BTreeMap::new(), used: BTreeSet::new(), blamed: BTreeMap::new() };
        let (mut sources, mut diagnostics) = (SourceMap::default(), Diagnostics::default());
        mesh_config::load(&walk, &mut calls, &mut sources, &mut diagnostics);
        let Calls { missing, used, .. } = calls;
        if let Some((_, (_, span))) = missing.first_key_value().filter(|_| done.len() + missing.len() > MOST) {
            let detail = format!("The configuration needs more than {MOST} packages.");
            diagnostics.push(Diagnostic::error("too-many-packages", "Too many packages", detail).at(*span));
            return Err((diagnostics, sources));
        }
        if missing.is_empty() {
            return if diagnostics.has_errors() { Err((diagnostics, sources)) } else { Ok(finished(done, &used)) };
        }
        let open: VecDeque<(Key, Wanted)> = missing.into_iter().map(|(key, (wanted, _))| (key, wanted)).collect();
        open.iter().for_each(|(key, _)| note(key));
        done.extend(fetch_all(fetcher, lock, mode, open));
    }
}

fn finished(done: BTreeMap<Key, Result<Fetched, Problem>>, used: &BTreeSet<Key>) -> Resolved {
    let mut resolved = Resolved::default();
    for (key, fetched) in done {
        if let Ok(fetched) = fetched
            && used.contains(&key)
        {
            resolved.warnings.extend(fetched.warnings);
            resolved.trees.insert(key.clone(), fetched.tree);
            resolved.lock.packages.insert(key, fetched.locked);
        }
    }
    resolved
}

/// Fetches several packages, some at a time.
fn fetch_all(
    fetcher: &Fetcher<'_>,
    lock: &Lock,
    mode: Mode,
    open: VecDeque<(Key, Wanted)>,
) -> Vec<(Key, Result<Fetched, Problem>)> {
    let threads = open.len().min(AT_A_TIME);
    let (open, done) = (Mutex::new(open), Mutex::new(Vec::new()));
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                loop {
                    let next = open.lock().unwrap_or_else(PoisonError::into_inner).pop_front();
                    let Some((key, wanted)) = next else { return };
                    let fetched = fetch(fetcher, lock, mode, &key, &wanted);
                    done.lock().unwrap_or_else(PoisonError::into_inner).push((key, fetched));
                }
            });
        }
    });
    done.into_inner().unwrap_or_else(PoisonError::into_inner)
}

fn fetch(fetcher: &Fetcher<'_>, lock: &Lock, mode: Mode, key: &Key, wanted: &Wanted) -> Result<Fetched, Problem> {
    match (mode, locked(lock, key, wanted)) {
        (Mode::Upgrade, _) => fetcher.fetch(wanted, None),
        (Mode::Locked, None) => Err(hinted(
            problem("lock-file-outdated", "Lock file is not up to date", format!("{key} is not in {LOCK_FILE}.")),
            "Run `mesh init` without `--locked` and commit what it writes.",
        )),
        (_, locked) => fetcher.fetch(wanted, locked),
    }
}

/// What the lock file says of a package. A module of a library whose constraint was edited keeps its version where that still
/// fits.
fn locked<'a>(lock: &'a Lock, key: &Key, wanted: &Wanted) -> Option<&'a Locked> {
    lock.packages.get(key).or_else(|| match (&wanted.origin, &wanted.constraint) {
        (Origin::Library { .. }, Some(constraint)) => {
            lock.version(&key.address, |version| constraint.matches(version)).map(|(_, locked)| locked)
        }
        _ => None,
    })
}

/// The files of the project, and those of packages in the cache as if they were installed.
struct Walk<'a> {
    disk: DiskFiles,
    done: &'a BTreeMap<Key, Result<Fetched, Problem>>,
    names: BTreeMap<Key, PathBuf>,
}

impl Walk<'_> {
    fn name_packages(&mut self) {
        let fetched =
            self.done.iter().filter_map(|(key, fetched)| Some((key.clone(), fetched.as_ref().ok()?.locked.clone())));
        self.names = crate::installed::directories(&Lock { packages: fetched.collect() });
    }
}

impl ModuleFiles for Walk<'_> {
    fn module_files(&self, dir: &Path) -> io::Result<Vec<(PathBuf, String)>> {
        if !dir.starts_with(PACKAGES) {
            return self.disk.module_files(dir);
        }
        let found = self.names.iter().find_map(|(key, place)| {
            let inner = dir.strip_prefix(place).ok()?;
            Some((place, inner, &self.done.get(key)?.as_ref().ok()?.tree))
        });
        let (place, inner, tree) = found.ok_or(io::ErrorKind::NotFound)?;
        let files = DiskFiles::new(tree).module_files(inner)?;
        Ok(files.into_iter().map(|(path, text)| (place.join(path), text)).collect())
    }
}

/// The calls of one round.
struct Calls<'a> {
    walk: &'a Walk<'a>,
    missing: BTreeMap<Key, (Wanted, Span)>,
    used: BTreeSet<Key>,
    /// The call that each failure is told at.
    blamed: BTreeMap<Key, Span>,
}

impl ModuleDirectories for Calls<'_> {
    fn directory(&mut self, caller: &Module, call: &ModuleCall, diagnostics: &mut Diagnostics) -> Option<PathBuf> {
        let (wanted, subdirectory) = match target(caller, call) {
            Ok(Target::Directory(dir)) => return Some(dir),
            Ok(Target::Package(wanted, subdirectory)) => (wanted, subdirectory),
            Err(problem) => {
                diagnostics.push(*problem);
                return None;
            }
        };
        let key = wanted.key();
        match self.walk.done.get(&key) {
            None => {
                self.missing.entry(key).or_insert((wanted, place(call)));
                None
            }
            Some(Err(problem)) => {
                // Said once: at the first call that is met, which is the same in every run.
                let blamed = *self.blamed.entry(key).or_insert(place(call));
                let version =
                    if problem.code.contains("version") { call.version.as_ref().map(|(_, span)| *span) } else { None };
                if blamed == place(call) {
                    diagnostics.push(problem.clone().at(version.unwrap_or(blamed)));
                }
                None
            }
            Some(Ok(fetched)) => {
                let inner = normalized(&fetched.locked.directory.clone().unwrap_or_default().join(subdirectory));
                if !fetched.tree.join(&inner).is_dir() {
                    diagnostics.push(no_directory(&key, &fetched.tree, &inner).at(place(call)));
                    return None;
                }
                let dir = normalized(&self.walk.names.get(&key)?.join(inner));
                self.used.insert(key);
                Some(dir)
            }
        }
    }
}

/// A directory that a package does not have, with those that it has instead.
fn no_directory(key: &Key, tree: &Path, inner: &Path) -> Diagnostic {
    let detail = format!("{} has no directory `{}`.", key.address, inner.display());
    let diagnostic = Diagnostic::error("package-directory-missing", "No such directory in the package", detail);
    let parent = inner.ancestors().skip(1).find(|parent| tree.join(parent).is_dir()).unwrap_or(Path::new(""));
    let mut there: Vec<String> = std::fs::read_dir(tree.join(parent))
        .into_iter()
        .flatten()
        .flatten()
        .filter(|entry| entry.path().is_dir())
        .map(|entry| parent.join(entry.file_name()).display().to_string())
        .collect();
    there.sort();
    let nearest = mesh_diagnostics::nearest(&inner.display().to_string(), there.iter().map(String::as_str));
    match nearest {
        Some(nearest) => diagnostic.hint(format!("Did you mean `//{nearest}`?")),
        None if there.is_empty() => diagnostic.hint("It has no directories: leave out `//` and what follows."),
        None => {
            there.truncate(8);
            diagnostic.hint(format!("It has {}.", there.join(", ")))
        }
    }
}
