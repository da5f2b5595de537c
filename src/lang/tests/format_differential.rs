//! A second opinion on layout: Terraform's, on thousands of sources in layouts at random. Without Terraform on PATH
//! there is none.
//!
//! Where the two differ on purpose:
//! - a label with `$` or `%` among its characters: Terraform drops it; the sources have none;
//! - `true`, `false` or `null` as an index: Terraform drops it, and can't read its own result;
//! - an interpolation around a whole value that is no longer one expression without it: Terraform breaks the file, we
//!   leave it alone;
//! - an interpolation inside of another: Terraform takes them off one a run, we take all off at once; Terraform has
//!   several runs here.
//!
//! What Terraform can't read again is counted as refused by it.
#![expect(clippy::unwrap_used, reason = "a test that can't go on should fail")]
#![expect(clippy::print_stdout, reason = "how much was compared")]

#[path = "syntax/generate.rs"]
mod generate;
#[path = "format/layout.rs"]
mod layout;
#[path = "syntax/random.rs"]
mod random;
#[path = "format/terraform.rs"]
mod terraform;
#[path = "syntax/tree.rs"]
mod tree;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use generate::Generator;
use mesh_diagnostics::FileId;
use mesh_lang::format::format;
use random::Random;

/// Sources of each kind.
const SOURCES: u64 = 3_000;

/// How often Terraform formats its own result, to take off all interpolations around a value.
const ROUNDS: usize = 3;

#[test]
fn generated_sources_get_the_layout_that_terraform_gives_them() {
    let sources: Vec<String> = (0..SOURCES).map(|seed| Generator::new(seed).body(4)).collect();
    compare("generated", &sources, ROUNDS);
}

#[test]
fn layouts_at_random_end_in_the_one_that_terraform_gives_them() {
    let mut random = Random(0x6c61_796f);
    let fixtures = fixtures();
    let of_fixtures = (0..SOURCES as usize).map(|index| fixtures[index % fixtures.len()].clone());
    let generated = (0..SOURCES).map(|seed| Generator::new(seed).body(3));
    let sources: Vec<String> =
        of_fixtures.chain(generated).map(|source| layout::relayout(&mut random, &source)).collect();
    compare("layouts at random", &sources, ROUNDS);
}

/// Files of the world: with `MESH_CORPUS=DIR` all configuration below a directory, but for what is hidden.
#[test]
fn files_of_others_get_the_layout_that_terraform_gives_them() {
    let Some(corpus) = std::env::var_os("MESH_CORPUS") else { return };
    let mut found = Vec::new();
    find_configuration(Path::new(&corpus), &mut found);
    found.sort();
    let mut sources = Vec::new();
    let mut directories = BTreeSet::new();
    for path in found {
        // What is no UTF-8 text Terraform refuses too.
        let Ok(source) = fs::read_to_string(&path) else { continue };
        sources.push(source);
        directories.extend(path.parent().map(Path::to_owned));
    }
    println!("{} files of {} modules", sources.len(), directories.len());
    compare("as published", &sources, 1);
    let mut random = Random(0x636f_7270);
    let other: Vec<String> = sources.iter().map(|source| layout::relayout(&mut random, source)).collect();
    compare("in another layout", &other, ROUNDS);
}

fn find_configuration(dir: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default().to_owned();
        if path.is_symlink() || name.starts_with('.') {
            continue;
        } else if path.is_dir() {
            find_configuration(&path, found);
        } else if [".tf", ".tfvars", ".tftest.hcl"].iter().any(|ending| name.ends_with(ending)) {
            found.push(path);
        }
    }
}

/// The inputs of the formatter's own tests.
fn fixtures() -> Vec<String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/format/layouts");
    let mut paths: Vec<_> = fs::read_dir(root).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "hcl"));
    paths.sort();
    paths.into_iter().map(|path| fs::read_to_string(path).unwrap()).collect()
}

/// Formats sources with both, and lists where they differ.
fn compare(name: &str, sources: &[String], rounds: usize) {
    if !terraform::is_there() {
        return;
    }
    let mut differences = Vec::new();
    let (mut same, mut refused_by_both) = (0, 0);
    // How many Terraform alone refuses, by reason.
    let mut refused: BTreeMap<String, usize> = BTreeMap::new();
    for (source, theirs) in sources.iter().zip(terraform::formatted(name, sources, rounds)) {
        match (format(source, FileId(0)), theirs) {
            (Ok(ours), Ok(theirs)) if ours == theirs => same += 1,
            (Ok(ours), Ok(theirs)) => {
                differences.push(format!("--- source\n{source}\n--- terraform\n{theirs}\n--- mesh\n{ours}\n"));
            }
            (Ok(_), Err(why)) => *refused.entry(why).or_insert(0) += 1,
            (Err(_), Err(_)) => refused_by_both += 1,
            (Err(_), Ok(_)) => differences.push(format!("--- only mesh refuses\n{source}\n")),
        }
    }
    let different = differences.len();
    println!("{name}: {same} the same, {different} different, {refused_by_both} refused by both");
    println!("{name}: refused by Terraform alone: {refused:?}");
    differences.sort_by_key(String::len);
    let shown: String = differences.iter().take(10).map(String::as_str).collect();
    assert!(differences.is_empty(), "{different} of {} differ\n{shown}", sources.len());
    let refused: usize = refused.values().sum();
    assert!(refused * 10 < sources.len(), "Terraform refuses {refused} of {}", sources.len());
}
