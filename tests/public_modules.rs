//! Public Terraform modules of many authors: what mesh says of each, and whether it lays them out as Terraform does.
//!
//! Runs with `MESH_PUBLIC_MODULES=1` alone, since it downloads the modules; they go into the target directory and are no
//! part of the project. `BLESS=1` writes `docs/public-modules.md` anew.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test that can't be set up has failed")]

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::Value;

/// What a valid module may be refused for, and what the page calls it: mesh or its default build has no such provider, it
/// runs no provisioner, and fetches no module without `mesh init`.
const LIMITS: [(&str, &str); 5] = [
    ("unknown-provider", "providers"),
    ("provider-left-out", "providers"),
    ("provisioner-unsupported", "provisioners"),
    ("module-not-installed", "modules to fetch"),
    ("module-source-unsupported", "modules to fetch"),
];

const PAGE: &str = "docs/public-modules.md";

/// A line of the list: directories that were published together.
struct Module {
    name: String,
    author: String,
    licence: String,
    package: String,
    dir: PathBuf,
}

/// What is wrong with a module, as published: Terraform refuses it too.
struct Fault {
    module: String,
    place: String,
    code: String,
    why: String,
}

/// What a run found.
#[derive(Default)]
struct Found {
    files: usize,
    directories: usize,
    limits: BTreeMap<&'static str, usize>,
    faults: BTreeSet<(String, String)>,
    unformatted: Vec<String>,
}

#[test]
fn public_modules_are_understood() {
    if std::env::var_os("MESH_PUBLIC_MODULES").is_none() {
        eprintln!("not run: it downloads public modules, which MESH_PUBLIC_MODULES=1 allows");
        return;
    }
    if cfg!(feature = "aws") {
        eprintln!("not run: the page is about the default build");
        return;
    }
    let (packages, versions) = (fetch(), versions());
    let (modules, faults) = (modules(&packages), faults());
    let found: Vec<Found> = modules.iter().map(check).collect();
    let mut wrong = Vec::new();
    for (module, found) in modules.iter().zip(&found) {
        let known = faults.iter().filter(|fault| fault.module == module.name);
        let known: BTreeSet<_> = known.map(|fault| (fault.place.clone(), fault.code.clone())).collect();
        wrong
            .extend(found.faults.difference(&known).map(|(place, code)| format!("{}: {code} at {place}", module.name)));
        wrong.extend(
            known.difference(&found.faults).map(|(place, code)| format!("{}: no {code} at {place}", module.name)),
        );
        wrong.extend(found.unformatted.iter().map(|file| format!("{}: {file} is laid out otherwise", module.name)));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    let page = page(&modules, &found, &faults, &versions);
    let path = root().join(PAGE);
    if std::env::var_os("BLESS").is_some() {
        std::fs::write(&path, &page).unwrap();
    }
    assert_eq!(std::fs::read_to_string(path).unwrap(), page, "{PAGE} is not of this run; BLESS=1 writes it anew");
}

fn root() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."))
}

fn list(name: &str) -> String {
    std::fs::read_to_string(root().join("tests/public_modules").join(name)).unwrap()
}

/// Downloads and unpacks what is not there yet; where the packages are. pip holds each against its checksum.
fn fetch() -> PathBuf {
    let target = Path::new(env!("CARGO_BIN_EXE_mesh")).ancestors().nth(2).unwrap();
    let (archives, packages) = (target.join("public-modules/archives"), target.join("public-modules/packages"));
    let requirements = root().join("tests/public_modules/requirements.txt");
    let mut pip = Command::new("python3");
    pip.args(["-m", "pip", "download", "--quiet", "--no-deps", "--require-hashes", "--ignore-requires-python"]);
    run(pip.arg("--dest").arg(&archives).arg("--requirement").arg(requirements));
    for archive in entries(&archives) {
        let name = archive.file_name().unwrap().to_string_lossy().into_owned();
        let package = name.rsplit_once('-').map_or(name.as_str(), |(package, _)| package);
        let package = if name.ends_with(".whl") { name.split('-').next().unwrap() } else { package };
        let to = packages.join(package.replace('_', "-"));
        if to.exists() {
            continue;
        }
        std::fs::create_dir_all(&to).unwrap();
        if name.ends_with(".whl") {
            run(Command::new("python3").args(["-m", "zipfile", "-e"]).arg(&archive).arg(&to));
        } else {
            run(Command::new("tar").arg("-xzf").arg(&archive).arg("-C").arg(&to).arg("--strip-components=1"));
        }
    }
    packages
}

fn run(command: &mut Command) {
    let status = command.status().unwrap();
    assert!(status.success(), "{command:?} ended with {status}");
}

/// Versions by package, as the list for pip names them.
fn versions() -> BTreeMap<String, String> {
    let list = list("requirements.txt");
    let pinned = list.lines().filter_map(|line| line.split(' ').next()?.split_once("=="));
    pinned.map(|(package, version)| (package.to_owned(), version.to_owned())).collect()
}

fn modules(packages: &Path) -> Vec<Module> {
    let rows: Vec<BTreeMap<String, String>> = serde_json::from_str(&list("modules.json")).unwrap();
    let module = |row: &BTreeMap<String, String>| Module {
        name: row["name"].clone(),
        author: row["author"].clone(),
        licence: row["licence"].clone(),
        package: row["package"].clone(),
        dir: packages.join(&row["package"]).join(&row["path"]),
    };
    rows.iter().map(module).collect()
}

fn faults() -> Vec<Fault> {
    let rows: Vec<BTreeMap<String, String>> = serde_json::from_str(&list("faults.json")).unwrap();
    let fault = |row: &BTreeMap<String, String>| Fault {
        module: row["module"].clone(),
        place: row["place"].clone(),
        code: row["code"].clone(),
        why: row["why"].clone(),
    };
    rows.iter().map(fault).collect()
}

fn entries(dir: &Path) -> Vec<PathBuf> {
    let mut found: Vec<PathBuf> = std::fs::read_dir(dir).unwrap().map(|entry| entry.unwrap().path()).collect();
    found.sort();
    found
}

/// All configuration files below a directory.
fn files(dir: &Path) -> Vec<PathBuf> {
    let (inside, files): (Vec<PathBuf>, Vec<PathBuf>) = entries(dir).into_iter().partition(|path| path.is_dir());
    let is_configuration = |path: &PathBuf| path.extension().is_some_and(|extension| extension == "tf");
    files.into_iter().filter(is_configuration).chain(inside.iter().flat_map(|dir| self::files(dir))).collect()
}

/// Validates every directory of a module as a root module, and compares the layout of every file.
fn check(module: &Module) -> Found {
    let files = files(&module.dir);
    assert!(!files.is_empty(), "{} has no configuration", module.dir.display());
    let directories: BTreeSet<&Path> = files.iter().map(|file| file.parent().unwrap()).collect();
    let mut found = Found { files: files.len(), directories: directories.len(), ..Found::default() };
    let mut limits: BTreeMap<&'static str, BTreeSet<String>> = BTreeMap::new();
    for dir in directories {
        for diagnostic in diagnostics(dir) {
            let code = diagnostic["code"].as_str().unwrap();
            let file = dir.join(diagnostic["range"]["filename"].as_str().unwrap_or_default());
            let file = normal(&file).strip_prefix(&module.dir).map_or(file, Path::to_owned);
            let place = format!("{}:{}", file.display(), diagnostic["range"]["start"]["line"]);
            match LIMITS.iter().find(|(limit, _)| *limit == code) {
                Some((_, "providers")) => {
                    let provider = diagnostic["detail"].as_str().unwrap().split('`').nth(5).unwrap();
                    limits.entry("providers").or_default().insert(provider.to_owned());
                }
                Some((_, limit)) => {
                    limits.entry(limit).or_default().insert(place);
                }
                None => {
                    found.faults.insert((place, code.to_owned()));
                }
            }
        }
    }
    found.limits = limits.into_iter().map(|(limit, places)| (limit, places.len())).collect();
    found.unformatted = files
        .iter()
        .filter(|file| {
            laid_out("terraform", file).is_some_and(|text| laid_out(env!("CARGO_BIN_EXE_mesh"), file) != Some(text))
        })
        .map(|file| file.strip_prefix(&module.dir).unwrap().display().to_string())
        .collect();
    found
}

/// The errors that `mesh validate` reports.
fn diagnostics(dir: &Path) -> Vec<Value> {
    let output =
        Command::new(env!("CARGO_BIN_EXE_mesh")).arg("-C").arg(dir).args(["validate", "--json"]).output().unwrap();
    let told: Value = serde_json::from_slice(&output.stdout)
        .unwrap_or_else(|error| panic!("{}: {error}\n{}", dir.display(), String::from_utf8_lossy(&output.stderr)));
    let all = told["diagnostics"].as_array().unwrap();
    all.iter().filter(|diagnostic| diagnostic["severity"] == "error").cloned().collect()
}

/// A path without `..`.
fn normal(path: &Path) -> PathBuf {
    let mut normal = PathBuf::new();
    for part in path.components() {
        if part.as_os_str() == ".." {
            normal.pop();
        } else {
            normal.push(part);
        }
    }
    normal
}

/// What `fmt -` of a program makes of a file; `None` where the program is missing or refuses the file.
fn laid_out(program: &str, file: &Path) -> Option<Vec<u8>> {
    let mut command = Command::new(program);
    command.args(["fmt", "-"]).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
    let mut child = command.spawn().ok()?;
    let text = std::fs::read(file).unwrap();
    // A program that refuses its arguments does not read on.
    let _ = child.stdin.take().unwrap().write_all(&text);
    let output = child.wait_with_output().unwrap();
    output.status.success().then_some(output.stdout)
}

/// The page of a run.
fn page(modules: &[Module], found: &[Found], faults: &[Fault], versions: &BTreeMap<String, String>) -> String {
    let authors: BTreeSet<&str> = modules.iter().flat_map(|module| module.author.split(", ")).collect();
    let total = |count: fn(&Found) -> usize| found.iter().map(count).sum::<usize>();
    let mut page = list("page.md")
        .replace("{modules}", &modules.len().to_string())
        .replace("{authors}", &authors.len().to_string())
        .replace("{files}", &total(|found| found.files).to_string())
        .replace("{directories}", &total(|found| found.directories).to_string());
    let count = |found: &Found, limit| match found.limits.get(limit) {
        Some(count) => count.to_string(),
        None => "–".to_owned(),
    };
    let mut table = String::from(
        "| module | author | package | version | licence | files | directories | missing providers | provisioners | modules to fetch | faults |\n\
         |---|---|---|---|---|--:|--:|--:|--:|--:|--:|\n",
    );
    for (module, found) in modules.iter().zip(found) {
        let limits = ["providers", "provisioners", "modules to fetch"].map(|limit| count(found, limit)).join(" | ");
        let faults = if found.faults.is_empty() { "–".to_owned() } else { found.faults.len().to_string() };
        let (version, package) = (&versions[&module.package], &module.package);
        let (name, author, licence) = (&module.name, &module.author, &module.licence);
        let (files, directories) = (found.files, found.directories);
        writeln!(
            table,
            "| {name} | {author} | `{package}` | {version} | {licence} | {files} | {directories} | {limits} | {faults} |"
        )
        .unwrap();
    }
    page = page.replace("{table}\n", &table);
    let mut list = String::from("| module | place | what is wrong |\n|---|---|---|\n");
    for Fault { module, place, why, .. } in faults {
        writeln!(list, "| {module} | `{place}` | {why} |").unwrap();
    }
    page.replace("{faults}\n", &list)
}
