//! What formatting makes of a source: the layout recorded from Terraform, once and for all, and the same meaning.
//!
//! `tests/format/layouts` holds sources and the layouts that they get. `BLESS=1` records them anew, from Terraform where
//! it is on PATH. With `MESH_FUZZ_SECONDS=60` further sources at random are tried for that long.
#![expect(clippy::unwrap_used, reason = "a test that can't go on should fail")]

#[path = "syntax/generate.rs"]
mod generate;
#[path = "format/layout.rs"]
mod layout;
#[path = "format/meaning.rs"]
mod meaning;
#[path = "syntax/random.rs"]
mod random;
#[path = "format/terraform.rs"]
mod terraform;
#[path = "syntax/tree.rs"]
mod tree;

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use generate::Generator;
use meaning::meaning;
use mesh_diagnostics::FileId;
use mesh_lang::format::format;
use random::Random;

/// Sources at random in each run.
const SOURCES: usize = 5_000;

#[test]
fn each_source_gets_the_recorded_layout() {
    let paths = fixtures("layouts");
    assert!(paths.len() >= 100, "only {} sources", paths.len());
    let sources: Vec<String> = paths.iter().map(|path| fs::read_to_string(path).unwrap()).collect();
    if std::env::var_os("BLESS").is_some() && terraform::is_there() {
        for (path, layout) in paths.iter().zip(terraform::formatted("bless", &sources, 1)) {
            let layout = layout.unwrap_or_else(|why| panic!("{}: {why}", path.display()));
            fs::write(path.with_extension("expected"), layout).unwrap();
        }
    }
    compare(&paths);
}

#[test]
fn where_terraform_spoils_a_file_we_do_not() {
    let paths = fixtures("departures");
    if std::env::var_os("BLESS").is_some() {
        for path in &paths {
            let layout = format(&fs::read_to_string(path).unwrap(), FileId(0)).unwrap();
            fs::write(path.with_extension("expected"), layout).unwrap();
        }
    }
    compare(&paths);
}

#[test]
fn a_layout_has_the_same_meaning_and_is_its_own_layout() {
    let mut random = Random(0x666d_7400);
    let fixtures = sources();
    for _ in 0..SOURCES {
        check(&random_source(&mut random, &fixtures));
    }
}

#[test]
fn a_layout_has_the_same_meaning_and_is_its_own_layout_for_a_time() {
    let Some(seconds) = std::env::var_os("MESH_FUZZ_SECONDS") else { return };
    let seconds: u64 = seconds.to_str().unwrap().parse().unwrap();
    let started = Instant::now();
    let mut random = Random(started.elapsed().as_nanos() as u64 ^ u64::from(std::process::id()));
    let fixtures = sources();
    while started.elapsed() < Duration::from_secs(seconds) {
        for _ in 0..100 {
            check(&random_source(&mut random, &fixtures));
        }
    }
}

#[test]
fn our_own_modules_are_formatted() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let mut open = ["examples", "modules", "benches"].map(|name| root.join(name)).to_vec();
    let mut wrong = Vec::new();
    while let Some(path) = open.pop() {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if path.is_dir() && !name.starts_with('.') {
            open.extend(fs::read_dir(&path).unwrap().map(|entry| entry.unwrap().path()));
        } else if [".mesh.hcl", ".tf", ".vars", ".tfvars"].iter().any(|ending| name.ends_with(ending)) {
            let source = fs::read_to_string(&path).unwrap();
            if format(&source, FileId(0)).is_ok_and(|layout| layout != source) {
                wrong.push(path);
            }
        }
    }
    assert!(wrong.is_empty(), "`mesh fmt` changes {wrong:#?}");
}

#[test]
fn time_is_linear_in_the_source() {
    // A pass that looked back over all lines or brackets would not end.
    let flat: String =
        (0..100_000).map(|n| format!("attribute_{n} = [{{ a = 1 }}, f(\"${{b}}\")] # comment\n")).collect();
    let wide = format!("a = [\n{}]\n", "{ b = [1], # c\n},\n".repeat(100_000));
    for source in [flat, wide] {
        assert!(format(&source, FileId(0)).is_ok_and(|layout| layout.len() >= source.len()));
    }
}

/// Holds the layout of each source against the file `NAME.expected` beside it.
fn compare(paths: &[PathBuf]) {
    let mut wrong = String::new();
    for path in paths {
        let source = fs::read_to_string(path).unwrap();
        let expected = fs::read_to_string(path.with_extension("expected")).unwrap_or_default();
        let found = format(&source, FileId(0)).unwrap();
        if found != expected {
            write!(wrong, "\n{}\n--- expected\n{expected}--- found\n{found}", path.display()).unwrap();
        }
        check(&source);
    }
    assert!(wrong.is_empty(), "{wrong}");
}

/// A generated source or a fixture, in a layout at random; of some a line or a few characters are missing or repeated.
fn random_source(random: &mut Random, fixtures: &[String]) -> String {
    let mut source = if random.chance(2) {
        Generator::new(random.bits()).body(3)
    } else {
        fixtures[random.below(fixtures.len())].clone()
    };
    match random.below(6) {
        0 => spoil(random, &mut source, "\n"),
        1 => spoil(random, &mut source, ""),
        _ => {}
    }
    layout::relayout(random, &source)
}

/// Removes or repeats one of the parts that `end` ends: a line, or with nothing for an end a character.
fn spoil(random: &mut Random, source: &mut String, end: &str) {
    let mut parts: Vec<&str> = match end {
        "" => source.char_indices().map(|(at, character)| &source[at..at + character.len_utf8()]).collect(),
        end => source.split_inclusive(end).collect(),
    };
    if parts.is_empty() {
        return;
    }
    let at = random.below(parts.len());
    if random.chance(2) {
        parts.remove(at);
    } else {
        parts.insert(at, parts[random.below(parts.len())]);
    }
    *source = parts.concat();
}

/// A source that parses keeps its meaning, and its layout is its own layout.
fn check(source: &str) {
    let checked = std::panic::catch_unwind(|| {
        let Ok(once) = format(source, FileId(0)) else { return };
        assert_eq!(meaning(source), meaning(&once), "another meaning");
        assert_eq!(format(&once, FileId(0)).unwrap(), once, "another layout the second time");
    });
    assert!(checked.is_ok(), "this source is not formatted well:\n{source}");
}

/// The sources in a folder, sorted.
fn fixtures(folder: &str) -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/format").join(folder);
    let mut paths: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "hcl"));
    paths.sort();
    paths
}

fn sources() -> Vec<String> {
    ["layouts", "departures", "../syntax/ok", "../syntax/errors"]
        .into_iter()
        .flat_map(fixtures)
        .map(|path| fs::read_to_string(path).unwrap())
        .filter(|source| !source.is_empty())
        .collect()
}
