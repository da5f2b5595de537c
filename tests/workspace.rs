//! Holds the rules of the workspace that no compiler does: who may use whom, what is pure, what is used and documented.

#![expect(clippy::unwrap_used, reason = "a workspace that can't be read fails")]

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use cargo_metadata::{DependencyKind, Metadata, MetadataCommand, Package};
use regex::Regex;

/// The layers of the workspace, the lowest first. A crate uses crates of layers below its own.
///
/// The engine stands above products, because it plans what a module declares as one like a resource.
const LAYERS: [&[&str]; 9] = [
    &["mesh-diagnostics", "mesh-provider-derive"],
    &["mesh-value"],
    &["mesh-lang", "mesh-graph"],
    &["mesh-provider"],
    &["mesh-config", "mesh-cost", "mesh-state", "mesh-provider-aws", "mesh-provider-builtin", "mesh-provider-local"],
    &["mesh-plan", "mesh-product", "mesh-sources"],
    &["mesh-engine"],
    &["mesh-report"],
    &["mesh"],
];

/// Crates that are built for tests and measurements only; nothing that users run needs them.
const TOOLS: [&str; 2] = ["mesh-tests", "mesh-benches"];

/// All that a provider may use of the workspace.
const FOR_PROVIDERS: [&str; 3] = ["mesh-provider", "mesh-value", "mesh-diagnostics"];

/// Crates that touch no file, environment, clock, network or process.
const PURE: [&str; 10] =
    ["diagnostics", "value", "lang", "config", "cost", "graph", "plan", "engine", "product", "report"];

/// Past this many lines a file usually holds two ideas.
const LONGEST: usize = 400;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}

/// The workspace as cargo sees it, without what it depends on.
fn metadata() -> Metadata {
    MetadataCommand::new().manifest_path(root().join("Cargo.toml")).no_deps().exec().unwrap()
}

fn layer(name: &str) -> Option<usize> {
    LAYERS.iter().position(|layer| layer.contains(&name))
}

/// The crates of the workspace that a package uses outside of its tests.
fn uses(package: &Package) -> impl Iterator<Item = &str> {
    let dependencies = package.dependencies.iter();
    let shipped = dependencies.filter(|dependency| dependency.kind != DependencyKind::Development);
    shipped.filter(|dependency| dependency.path.is_some()).map(|dependency| dependency.name.as_str())
}

#[test]
fn arrows_point_down() {
    let mut wrong = Vec::new();
    for package in &metadata().packages {
        let name = package.name.as_str();
        if TOOLS.contains(&name) {
            continue;
        }
        let Some(own) = layer(name) else {
            wrong.push(format!("{name} has no place in the layers"));
            continue;
        };
        for used in uses(package) {
            if layer(used).is_none_or(|layer| layer >= own) {
                wrong.push(format!("{name} uses {used}, which is not below it"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn providers_know_nothing_but_their_kit() {
    let metadata = metadata();
    let providers = metadata.packages.iter().filter(|package| package.name.starts_with("mesh-provider-"));
    for package in providers.filter(|package| package.name.as_str() != "mesh-provider-derive") {
        for used in uses(package) {
            assert!(FOR_PROVIDERS.contains(&used), "{} uses {used}", package.name);
        }
    }
}

#[test]
fn only_the_command_line_knows_concrete_providers() {
    for package in &metadata().packages {
        for used in uses(package) {
            let is_concrete = used.starts_with("mesh-provider-") && used != "mesh-provider-derive";
            assert!(!is_concrete || package.name.as_str() == "mesh", "{} uses {used}", package.name);
        }
    }
}

#[test]
fn every_crate_takes_the_lints_of_the_workspace() {
    for package in &metadata().packages {
        let manifest = std::fs::read_to_string(&package.manifest_path).unwrap();
        assert!(manifest.contains("[lints]\nworkspace = true"), "{} has lints of its own", package.manifest_path);
    }
}

#[test]
fn pure_crates_refuse_the_outer_world() {
    for name in PURE {
        let lib = std::fs::read_to_string(root().join("src").join(name).join("src/lib.rs")).unwrap();
        let denied = "#![deny(clippy::disallowed_methods, clippy::disallowed_types)]";
        assert!(lib.contains(denied), "src/{name}/src/lib.rs needs {denied}");
    }
}

#[test]
fn files_hold_one_idea() {
    let mut long = Vec::new();
    for file in ["src", "state", "providers"].iter().flat_map(|dir| rust_files(&root().join(dir))) {
        let is_test =
            file.components().any(|part| ["tests", "tests.rs", "benches"].iter().any(|name| part.as_os_str() == *name));
        let lines = std::fs::read_to_string(&file).unwrap().lines().count();
        if !is_test && lines > LONGEST {
            long.push(format!("{}: {lines} lines", file.display()));
        }
    }
    assert!(long.is_empty(), "{}", long.join("\n"));
}

#[test]
fn every_dependency_is_used() {
    let metadata = metadata();
    let mut unused = Vec::new();
    let mut used = BTreeSet::new();
    for package in &metadata.packages {
        let sources = sources(package, &metadata);
        for dependency in &package.dependencies {
            let ident = match dependency.name.as_str() {
                "md-5" => "md5".to_owned(),
                name => name.replace('-', "_"),
            };
            used.insert(dependency.name.clone());
            if !Regex::new(&format!(r"\b{ident}\b")).unwrap().is_match(&sources) {
                unused.push(format!("{} does not use {}", package.name, dependency.name));
            }
        }
    }
    let table = table().into_iter().filter(|name| !used.contains(name));
    unused.extend(table.map(|name| format!("no crate uses {name} of the workspace's table")));
    assert!(unused.is_empty(), "{}", unused.join("\n"));
}

/// The names in the workspace's table of dependencies.
fn table() -> Vec<String> {
    let manifest = std::fs::read_to_string(root().join("Cargo.toml")).unwrap();
    let lines = manifest.lines().skip_while(|line| *line != "[workspace.dependencies]").skip(1);
    let lines = lines.take_while(|line| !line.starts_with('['));
    lines.filter_map(|line| line.split_once(" = ")).map(|(name, _)| name.to_owned()).collect()
}

/// All source of a package in one text: what is below its directory and in no package further down, and its targets
/// elsewhere.
fn sources(package: &Package, metadata: &Metadata) -> String {
    let own = package.manifest_path.parent().unwrap().as_std_path();
    let others: Vec<&Path> =
        metadata.packages.iter().filter_map(|other| Some(other.manifest_path.parent()?.as_std_path())).collect();
    let mut files: BTreeSet<PathBuf> = rust_files(own).into_iter().collect();
    files.retain(|file| !others.iter().any(|other| other.starts_with(own) && *other != own && file.starts_with(other)));
    files.extend(package.targets.iter().map(|target| target.src_path.clone().into_std_path_buf()));
    files.iter().map(|file| std::fs::read_to_string(file).unwrap()).collect()
}

fn rust_files(dir: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut open = vec![dir.to_owned()];
    while let Some(dir) = open.pop() {
        for entry in std::fs::read_dir(&dir).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                open.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                found.push(path);
            }
        }
    }
    found
}
