//! No expression makes evaluation panic, hang or overflow the stack: 20,000 random ones, always the same; with
//! `MESH_FUZZ_SECONDS=60` further ones for that long. They are made of the expressions of the other tests, spliced,
//! repeated and spoiled.

#![expect(clippy::unwrap_used, reason = "a test that can't go on should fail")]

#[path = "syntax/random.rs"]
mod random;
#[path = "eval/world.rs"]
mod world;

use std::fs;
use std::panic::AssertUnwindSafe;
use std::path::Path;
use std::time::{Duration, Instant};

use mesh_diagnostics::{Diagnostics, FileId, SourceMap, render};
use mesh_lang::eval::evaluate;
use mesh_lang::syntax::parse_expression;
use random::Random;
use world::World;

const INPUTS: usize = 20_000;
/// Longer inputs are cut: what is slow here is length, which other tests measure.
const LONGEST: usize = 400;
/// No expression of that length may take longer, also on a busy machine.
const SLOWEST: Duration = Duration::from_secs(20);

/// What expressions are spoiled with: extreme values, and forms that fit nearly anywhere.
const FRAGMENTS: &[&str] = &[
    "0",
    "1",
    "-1",
    "1e308",
    "1e-308",
    "1e300000",
    "9223372036854775807",
    "18446744073709551616",
    "0.1",
    "(1/0)",
    "null",
    "true",
    "false",
    "\"\"",
    "\"a\"",
    "\"é\u{301}\"",
    "\"${1}\"",
    "\"%{ for x in [1] }${x}%{ endfor }\"",
    "[]",
    "{}",
    "[1, \"a\", null]",
    "tolist([])",
    "toset([1, 2])",
    "tomap({ a = 1 })",
    "{ a = { b = [1] } }",
    "[*]",
    ".*",
    ".a",
    ".0",
    "[0]",
    "[\"a\"]",
    " + ",
    " - ",
    " * ",
    " / ",
    " % ",
    " == ",
    " != ",
    " < ",
    " && ",
    " || ",
    "!",
    "-",
    " ? 1 : 2",
    "(",
    ")",
    "[",
    "]",
    "{",
    "}",
    ", ",
    "...",
    " => ",
    " = ",
    "for x in ",
    "[for x in [1, 2] : x]",
    "{ for k, v in { a = 1 } : k => v }",
    "var.secret",
    "var.secrets",
    "var.later",
    "var.later_number",
    "var.later_list",
    "var.later_any",
    "var.later_map",
    "var.nope",
    "bucket.counted[0].id",
    "bucket.keyed",
    "module.shop",
    "each.key",
    "sensitive(1)",
    "try(",
    "can(",
    "length(",
    "join(\",\", ",
    "jsonencode(",
    "format(\"%s\", ",
    "range(1000)",
    "flatten(",
    "merge(",
    "concat(",
    "toset(",
    "tostring(",
];

#[test]
fn no_expression_does_harm() {
    let (seeds, world) = (expressions(), World::new());
    let mut random = Random(7);
    for _ in 0..INPUTS {
        check(&input(&mut random, &seeds), &world);
    }
    let seconds = std::env::var("MESH_FUZZ_SECONDS").ok().and_then(|seconds| seconds.parse().ok());
    if let Some(seconds) = seconds {
        let end = Instant::now() + Duration::from_secs(seconds);
        let start = u64::from(std::process::id()) << 32;
        let (mut random, mut count) = (Random(start), 0_u64);
        while Instant::now() < end {
            check(&input(&mut random, &seeds), &world);
            count += 1;
        }
        assert!(count > 0, "no time for a single expression");
    }
}

/// Every expression that a fixture of this crate or the differential test has.
fn expressions() -> Vec<String> {
    let tests = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests");
    let folders = [tests.join("eval"), tests.join("functions"), tests.join("../../../tests/differential")];
    let mut paths: Vec<_> = folders
        .iter()
        .flat_map(|folder| fs::read_dir(folder).unwrap())
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "txt"))
        .collect();
    paths.sort();
    let is_expression = |line: &&str| !line.is_empty() && !line.starts_with([' ', '#', '|', '=', '!']);
    let read = |path: &std::path::PathBuf| fs::read_to_string(path).unwrap();
    paths
        .iter()
        .map(read)
        .flat_map(|text| text.lines().filter(is_expression).map(str::to_owned).collect::<Vec<_>>())
        .collect()
}

fn input(random: &mut Random, seeds: &[String]) -> String {
    let mut text = seeds[random.below(seeds.len())].clone();
    for _ in 0..=random.below(5) {
        let start = boundary(&text, random.below(text.len().max(1)));
        let end = boundary(&text, (start + random.below(12)).min(text.len())).max(start);
        let (part, other) = (text[start..end].to_owned(), &seeds[random.below(seeds.len())]);
        match random.below(6) {
            0 => text.replace_range(start..end, ""),
            1 => text.insert_str(start, &part),
            2 => text.replace_range(start..end, other),
            3 => text = format!("({text}) {} ({other})", random.pick(&["+", "==", "&&", "? 1 :", "%", "<"])),
            4 => text.insert_str(start, random.pick(FRAGMENTS)),
            _ => text.replace_range(start..end, random.pick(FRAGMENTS)),
        }
    }
    if random.chance(40) {
        text = text.repeat(1 + random.below(4));
    }
    text.truncate(boundary(&text, text.len().min(LONGEST)));
    text
}

fn boundary(text: &str, mut offset: usize) -> usize {
    while !text.is_char_boundary(offset) {
        offset -= 1;
    }
    offset
}

/// Evaluates, compares the value with itself, and renders what is wrong.
fn check(source: &str, world: &World) {
    let begun = Instant::now();
    let checked = std::panic::catch_unwind(AssertUnwindSafe(|| {
        let mut sources = SourceMap::default();
        sources.add("random", source);
        let (expr, mut diagnostics) = parse_expression(source, FileId(0));
        let value = evaluate(&expr, world, &mut diagnostics).value;
        assert!(value.same(&value));
        drop((value.describe(), value.equals(&value), value.unmark_deep()));
        let found: Diagnostics = diagnostics.iter().cloned().collect();
        drop(render::text(&found, &sources, render::Style { color: false, width: 80 }));
    }));
    assert!(checked.is_ok(), "this expression does harm: {source:?}");
    assert!(begun.elapsed() < SLOWEST, "this expression takes too long: {source:?}");
}
