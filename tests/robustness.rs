//! No configuration makes `mesh` panic: thousands of damaged variants of the examples and fixtures are loaded, checked,
//! planned and printed. `MESH_FUZZ_SECONDS=60` goes on with further ones for that long.

#![expect(clippy::unwrap_used, reason = "a suite that can't be read fails")]

use std::collections::BTreeMap;
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use mesh_config::{EmbeddedFiles, InputValues, LocalDirectories, Origin};
use mesh_diagnostics::render::{self, Style};
use mesh_diagnostics::{Diagnostics, SourceMap};
use mesh_engine::{Inputs, PlanOptions, Prior, Providers, Silent, Surroundings};
use mesh_lang::eval::Environment;
use mesh_provider::Provider;
use mesh_value::{Mode, Value};

/// How many variants a run of the tests looks at.
const VARIANTS: usize = 4_000;

/// What is put where something else stood. Counts stay small, so that a variant is a wrong plan and not a large one.
const FRAGMENTS: [&str; 40] = [
    "null",
    "true",
    "0",
    "-1",
    "2.5",
    "3",
    "99999999999999999999",
    "\"\"",
    "\"x\"",
    "[]",
    "{}",
    "[null]",
    "{ a = 1 }",
    "\"${",
    "}\"",
    "(",
    ")",
    "[",
    "]",
    "{",
    "}",
    "=",
    "?",
    ":",
    "...",
    ".",
    ",",
    "\n",
    "each.key",
    "count.index",
    "self",
    "var.region",
    "local.region",
    "toset([\"a\"])",
    "count = 2",
    "for_each = { a = null }",
    "[for x in var.region : x]",
    "sensitive(\"s\")",
    "timestamp()",
    "module.x[*].y",
];

/// One configuration: its files by their paths from the root module.
type Files = BTreeMap<PathBuf, String>;

#[test]
fn damaged_configurations_are_refused_without_harm() {
    let seeds = seeds();
    let words = words(&seeds);
    let threads: Vec<_> = (0..2)
        .map(|part| {
            let (seeds, words) = (seeds.clone(), words.clone());
            let run = move || {
                let mut random = Random(0x6d65_7368_0000 + part);
                for _ in 0..VARIANTS / 2 {
                    check(variant(&mut random, &seeds, &words));
                }
            };
            // As much as the main thread of the program has.
            std::thread::Builder::new().stack_size(8 << 20).spawn(run).unwrap()
        })
        .collect();
    threads.into_iter().for_each(|thread| thread.join().unwrap());
}

#[test]
fn damaged_configurations_are_refused_without_harm_for_a_time() {
    let Some(seconds) = std::env::var_os("MESH_FUZZ_SECONDS") else { return };
    let seconds: u64 = seconds.to_str().unwrap().parse().unwrap();
    let run = move || {
        let (seeds, started) = (seeds(), Instant::now());
        let words = words(&seeds);
        let mut random = Random(u64::from(std::process::id()) ^ u64::from(started.elapsed().subsec_nanos()));
        while started.elapsed() < Duration::from_secs(seconds) {
            check(variant(&mut random, &seeds, &words));
        }
    };
    std::thread::Builder::new().stack_size(8 << 20).spawn(run).unwrap().join().unwrap();
}

#[test]
fn the_example_is_planned() {
    let seeds = seeds();
    let example = seeds.iter().find(|files| files.contains_key(Path::new("product.mesh.hcl"))).unwrap();
    assert!(run(example.clone()), "the seeds are not planned, so that their variants show nothing");
}

/// Runs a variant, and says which it was where it panics.
fn check(files: Files) {
    let kept = files.clone();
    if catch_unwind(AssertUnwindSafe(|| run(files))).is_err() {
        let text: Vec<String> = kept.iter().map(|(path, text)| format!("--- {}\n{text}", path.display())).collect();
        std::panic::resume_unwind(Box::new(format!("this configuration makes mesh panic:\n{}", text.join("\n"))));
    }
}

/// Loads, checks, plans and prints; whether there was a plan.
fn run(files: Files) -> bool {
    let (mut sources, mut diagnostics) = (SourceMap::default(), Diagnostics::default());
    let files: EmbeddedFiles = files.into_iter().collect();
    let loaded = mesh_config::load(&files, &mut LocalDirectories, &mut sources, &mut diagnostics);
    let all: [Arc<dyn Provider>; 2] =
        [Arc::new(mesh_provider_builtin::provider()), Arc::new(mesh_provider_local::provider())];
    let providers = Providers::new(all);
    mesh_config::check(&loaded.tree, &providers, &mut diagnostics);
    let mut values = InputValues::default();
    let required = loaded.tree.module.variables.values().filter(|variable| variable.default.is_none());
    for variable in required {
        values.value(&variable.name, Value::string("north"), Origin::CommandLine("test".to_owned()));
    }
    let variables = values.resolve(&loaded.tree.module, &mut sources, &mut diagnostics);
    // A data source is read while planning, and reading one may run a program that nobody wrote.
    let reads =
        loaded.tree.walk().any(|tree| tree.module.resources.values().any(|resource| resource.mode == Mode::Data));
    let failed = diagnostics.has_errors();
    let mut planned = None;
    if !failed && !reads {
        let inputs = Inputs {
            tree: &loaded.tree,
            providers: &providers,
            variables,
            given_ephemeral: std::collections::BTreeSet::new(),
            surroundings: Surroundings { environment: Arc::new(Still), workspace: "default".into() },
            base_dir: example(),
            parallelism: 4,
        };
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let options = PlanOptions::default();
        match runtime.block_on(mesh_engine::plan(&inputs, Prior::default(), &[], &options, &Silent)) {
            Ok((plan, warnings)) => {
                diagnostics.extend(warnings);
                planned = Some(plan.plan);
            }
            Err(found) => diagnostics.extend(found),
        }
    }
    let style = Style { color: true, width: 80 };
    let _ = render::text(&diagnostics, &sources, style);
    let _ = render::json(&diagnostics, &sources);
    if let Some(plan) = &planned {
        let spending = mesh_cost::Spending::new(&plan.cost, mesh_cost::standard(), jiff::civil::date(2026, 11, 1));
        let _ = mesh_report::terminal::plan(plan, &spending, style);
        let _ = mesh_report::markdown::plan(plan, &spending, 65_000);
    }
    planned.is_some()
}

/// Where the example stands. Planning reads there and writes nothing.
fn example() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().join("examples/orders")
}

/// A world in which time stands still, and with the same text in every file.
struct Still;

impl Environment for Still {
    fn read(&self, _: &Path) -> io::Result<Vec<u8>> {
        Ok(b"a,b\n1,2\n".to_vec())
    }

    fn is_file(&self, _: &Path) -> bool {
        true
    }

    fn files_below(&self, _: &Path) -> io::Result<Vec<PathBuf>> {
        Err(io::ErrorKind::NotFound.into())
    }

    fn base_dir(&self) -> &Path {
        Path::new("/nonexistent")
    }

    fn home_dir(&self) -> Option<PathBuf> {
        None
    }

    fn timestamp(&self) -> Option<(i64, u32)> {
        None
    }

    fn plan_timestamp(&self) -> Option<(i64, u32)> {
        Some((0, 0))
    }

    fn random(&self) -> Option<[u8; 16]> {
        None
    }
}

/// The example with the modules that it calls, every fixture of a diagnostic, and every scripted case.
fn seeds() -> Vec<Files> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let mut example = Files::new();
    collect(&self::example(), Path::new(""), &mut example);
    collect(&root.join("modules"), Path::new("../../modules"), &mut example);
    let mut seeds = vec![example];
    for dir in ["tests/diagnostics", "tests/cases"] {
        let mut cases: Vec<PathBuf> =
            std::fs::read_dir(root.join(dir)).unwrap().map(|entry| entry.unwrap().path()).collect();
        cases.sort();
        for case in cases.iter().filter(|case| case.is_dir()) {
            let mut files = Files::new();
            collect(case, Path::new(""), &mut files);
            if !files.is_empty() {
                seeds.push(files);
            }
        }
    }
    seeds
}

fn collect(dir: &Path, shown: &Path, files: &mut Files) {
    for entry in std::fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        let shown = shown.join(path.file_name().unwrap());
        let name = shown.to_string_lossy();
        if path.is_dir() {
            collect(&path, &shown, files);
        } else if (name.ends_with(".mesh.hcl") || name.ends_with(".tf"))
            && let Ok(text) = std::fs::read_to_string(&path)
        {
            files.insert(shown, text);
        }
    }
}

/// Every word of the seeds, to be put where another stood.
fn words(seeds: &[Files]) -> Vec<String> {
    let texts = seeds.iter().flat_map(BTreeMap::values);
    let words = texts.flat_map(|text| text.split(|c: char| !c.is_alphanumeric() && c != '_'));
    let words: std::collections::BTreeSet<&str> = words.filter(|word| !word.is_empty()).collect();
    words.into_iter().map(ToOwned::to_owned).collect()
}

/// A seed with up to four damages in one of its files.
fn variant(random: &mut Random, seeds: &[Files], words: &[String]) -> Files {
    // The example is the largest, and as likely as all the others together.
    let seed = if random.below(2) == 0 { 0 } else { random.below(seeds.len()) };
    let mut files = seeds[seed].clone();
    let path = files.keys().nth(random.below(files.len())).cloned().unwrap();
    let text = files.get_mut(&path).unwrap();
    for _ in 0..=random.below(4) {
        damage(random, text, words);
    }
    files
}

fn damage(random: &mut Random, text: &mut String, words: &[String]) {
    let tokens = tokens(text);
    let (Some(&(start, end)), Some(&(from, to))) =
        (tokens.get(random.below(tokens.len().max(1))), tokens.get(random.below(tokens.len().max(1))))
    else {
        return text.push_str(FRAGMENTS[random.below(FRAGMENTS.len())]);
    };
    let other = text[from..to].to_owned();
    match random.below(7) {
        0 => text.replace_range(start..end, ""),
        1 => text.replace_range(start..end, &other),
        2 => text.replace_range(start..end, &words[random.below(words.len())]),
        3 => text.replace_range(start..end, FRAGMENTS[random.below(FRAGMENTS.len())]),
        4 => text.insert_str(start, FRAGMENTS[random.below(FRAGMENTS.len())]),
        5 => {
            let lines: Vec<&str> = text.lines().collect();
            let (line, place) = (lines[random.below(lines.len())].to_owned(), random.below(lines.len()));
            let mut lines: Vec<String> = lines.into_iter().map(ToOwned::to_owned).collect();
            lines.insert(place, line);
            *text = lines.join("\n");
        }
        _ => {
            let mut lines: Vec<String> = text.lines().map(ToOwned::to_owned).collect();
            lines.remove(random.below(lines.len()));
            *text = lines.join("\n");
        }
    }
}

/// Words, runs of digits and single signs, with their places.
fn tokens(text: &str) -> Vec<(usize, usize)> {
    let mut tokens: Vec<(usize, usize)> = Vec::new();
    let mut in_word = false;
    for (place, character) in text.char_indices() {
        let end = place + character.len_utf8();
        let is_word = character.is_alphanumeric() || character == '_';
        match tokens.last_mut() {
            Some(last) if is_word && in_word && last.1 == place => last.1 = end,
            _ if character.is_whitespace() => {}
            _ => tokens.push((place, end)),
        }
        in_word = is_word;
    }
    tokens
}

/// A small generator, so that a seed gives the same variants everywhere.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((mixed ^ (mixed >> 31)) % u64::try_from(limit.max(1)).unwrap_or(1)).unwrap_or_default()
    }
}
