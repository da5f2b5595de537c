//! `mesh init`: fetches modules from elsewhere, checks that everything a plan needs is there, and says what there is.

use std::path::{Path, PathBuf};

use clap::Args;
use mesh_diagnostics::{Diagnostic, Diagnostics, SourceMap};
use mesh_provider::ProviderSchema;
use mesh_sources::{Cache, Fetcher, Installed, Limits, Lock, Mode, Resolved};
use mesh_state::Keyring;
use serde_json::json;

use crate::arguments::Global;
use crate::failure::{Exit, Failure};
use crate::project::{Project, directory, own_version};
use crate::state_access;
use crate::terminal::Terminal;

/// Arguments of `mesh init`.
#[derive(Debug, Args)]
pub struct InitArgs {
    /// Choose every module from elsewhere anew: newer commits and versions than the locked ones.
    #[arg(long)]
    upgrade: bool,
    /// Fetch only what `.mesh.lock.hcl` names, and fail where it does not fit the configuration.
    #[arg(long, conflicts_with = "upgrade")]
    locked: bool,
}

/// Fetches modules, loads the configuration, makes the state's directory and key, and keeps them out of version control.
///
/// # Errors
/// Everything that stands in the way.
pub async fn run(args: &InitArgs, global: &Global, terminal: &Terminal) -> Result<Exit, Failure> {
    let dir = directory(global)?;
    let old = read_lock(&dir)?;
    let resolved = resolve(&dir, &old, args, terminal)?;
    if args.locked && resolved.lock != old {
        return Err(outdated(&old, &resolved.lock));
    }
    let directory = state_access::location(&dir);
    if !resolved.lock.packages.is_empty() {
        state_access::prepare(&directory)?;
    }
    mesh_sources::install(&dir, &resolved).map_err(|problem| Failure::from(*problem))?;
    let has_written = mesh_sources::write_lock(&dir, &resolved.lock).map_err(|problem| Failure::from(*problem))?;
    let project = Project::load(global)?;
    terminal.diagnostics(&resolved.warnings, &project.sources);
    terminal.diagnostics(&project.warnings, &project.sources);
    state_access::prepare(&directory)?;
    let key = directory.join("key");
    if state_access::keyring()?.is_none() && !key.exists() && !directory.join("state").exists() {
        match Keyring::create_file(&key) {
            // Another run was faster.
            Err(_) if key.exists() => {}
            made => drop(made.map_err(|error| state_access::not_prepared(&directory, &error))?),
        }
    }
    report(&project, &old, &resolved.lock, has_written, &directory, terminal);
    Ok(Exit::Done)
}

fn read_lock(dir: &Path) -> Result<Lock, Failure> {
    let (mut sources, mut diagnostics) = (SourceMap::default(), Diagnostics::default());
    let installed = Installed::read(dir, &mut sources, &mut diagnostics);
    match diagnostics.into_result() {
        Ok(_) => Ok(installed.lock),
        Err(diagnostics) => Err(Failure::new(diagnostics, sources)),
    }
}

fn resolve(dir: &Path, old: &Lock, args: &InitArgs, terminal: &Terminal) -> Result<Resolved, Failure> {
    let cache = Cache::new(cache_directory(dir));
    let own = own_version();
    let fetcher = Fetcher::new(dir, &cache, Limits::default(), &own);
    let mode = match (args.upgrade, args.locked) {
        (true, _) => Mode::Upgrade,
        (false, true) => Mode::Locked,
        (false, false) => Mode::Keep,
    };
    let note = |key: &mesh_sources::Key| {
        if terminal.verbose > 0 || terminal.is_live {
            terminal.note(&format!("Looking for {key}"));
        }
    };
    mesh_sources::resolve(&fetcher, old, mode, &mut { note })
        .map_err(|(diagnostics, sources)| Failure::new(diagnostics, sources))
}

/// Where packages are kept for all projects: `MESH_CACHE_DIR`, else the user's own place for such things, else the project.
fn cache_directory(dir: &Path) -> PathBuf {
    let set = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    let users = set("XDG_CACHE_HOME").or_else(|| std::env::home_dir().map(|home| home.join(".cache")));
    set("MESH_CACHE_DIR")
        .or_else(|| users.filter(|place| place.is_absolute()).map(|place| place.join("mesh")))
        .unwrap_or_else(|| state_access::location(dir).join("cache"))
}

/// What became of a package since the lock file was written.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Became {
    New,
    Changed,
    Kept,
    Dropped,
}

impl Became {
    const fn sign(self) -> char {
        match self {
            Self::New => '+',
            Self::Changed => '~',
            Self::Kept => '=',
            Self::Dropped => '-',
        }
    }

    const fn verb(self) -> &'static str {
        match self {
            Self::New => "add",
            Self::Changed => "change",
            Self::Kept => "keep",
            Self::Dropped => "drop",
        }
    }
}

/// The lock file says something else than the configuration needs.
fn outdated(old: &Lock, new: &Lock) -> Failure {
    let changes = changes(old, new).into_iter().filter(|(became, _)| *became != Became::Kept);
    let changes: Vec<String> = changes.map(|(became, what)| format!("{} {what}", became.verb())).collect();
    let detail = format!("`mesh init` would change .mesh.lock.hcl: {}.", changes.join("; "));
    Diagnostic::error("lock-file-outdated", "Lock file is not up to date", detail)
        .hint("Run `mesh init` without `--locked` and commit what it writes.")
        .into()
}

/// Every package of both, and what became of it.
fn changes(old: &Lock, new: &Lock) -> Vec<(Became, String)> {
    let mut changes = Vec::new();
    for (key, locked) in &new.packages {
        let chosen = locked.chosen();
        changes.push(match old.packages.get(key) {
            Some(before) if before == locked => (Became::Kept, format!("{key}, {chosen}")),
            Some(before) if before.chosen() != chosen => {
                (Became::Changed, format!("{key}, {} -> {chosen}", before.chosen()))
            }
            Some(_) => (Became::Changed, format!("{key}, {chosen} with other files")),
            None => (Became::New, format!("{key}, {chosen}")),
        });
    }
    let dropped = old.packages.keys().filter(|key| !new.packages.contains_key(key));
    changes.extend(dropped.map(|key| (Became::Dropped, key.to_string())));
    changes
}

fn report(project: &Project, old: &Lock, lock: &Lock, has_written: bool, directory: &Path, terminal: &Terminal) {
    let modules = project.tree.walk().count() - 1;
    let resources: usize = project.tree.walk().map(|tree| tree.module.resources.len()).sum();
    let names = used_providers(project);
    if terminal.json {
        let packages = lock.packages.iter().map(|(key, locked)| {
            json!({
                "source": key.address,
                "constraint": key.constraint,
                "commit": locked.commit,
                "version": locked.version.as_ref().map(ToString::to_string),
                "hash": locked.hash.to_string(),
            })
        });
        terminal.print_json(&json!({
            "directory": project.dir, "modules": modules, "resources": resources, "providers": names,
            "packages": packages.collect::<Vec<_>>(),
        }));
        return;
    }
    let changes = changes(old, lock);
    if !changes.is_empty() {
        let written = if has_written { "\n.mesh.lock.hcl was written; keep it under version control.\n" } else { "" };
        let lines: Vec<String> = changes.iter().map(|(became, what)| format!("  {} {what}\n", became.sign())).collect();
        terminal.print(&format!("Modules from elsewhere:\n{}{written}\n", lines.concat()));
    }
    terminal.print(&format!(
        "Ready: {}, {}; {}.\nThe state is in {}.\n\nNext: mesh plan",
        counted(resources, "resource block"),
        counted(modules, "module call"),
        match names.as_slice() {
            [] => "no providers".to_owned(),
            [only] => format!("provider {only}"),
            some => format!("providers {}", some.join(", ")),
        },
        directory.display()
    ));
}

/// The providers whose types the configuration has blocks of.
fn used_providers(project: &Project) -> Vec<&str> {
    let blocks = || project.tree.walk().flat_map(|tree| tree.module.resources.values());
    let offers = |schema: &ProviderSchema| {
        blocks().any(|block| match block.mode {
            mesh_value::Mode::Managed => schema.resources.contains_key(&block.ty),
            mesh_value::Mode::Data => schema.data_sources.contains_key(&block.ty),
        })
    };
    project.providers.iter().filter(|(_, schema)| offers(schema)).map(|(name, _)| name).collect()
}

fn counted(count: usize, noun: &str) -> String {
    format!("{count} {noun}{}", if count == 1 { "" } else { "s" })
}
