//! No input makes the front end panic, lose a byte or point outside of the source: 200,000 random inputs, always the
//! same; with `MESH_FUZZ_SECONDS=60` further ones for that long.
#![expect(clippy::unwrap_used, reason = "a test that can't go on should fail")]

#[path = "syntax/random.rs"]
mod random;
#[path = "syntax/spans.rs"]
mod spans;

use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use mesh_diagnostics::{FileId, Span};
use mesh_lang::syntax::{parse, parse_expression, parse_template, tokens};
use random::Random;

const INPUTS: usize = 200_000;

/// What sources are made of, and what they are spoiled with.
const FRAGMENTS: &[&str] = &[
    "\n",
    "\n",
    "\n",
    "\r\n",
    "\r",
    " ",
    "  ",
    "\t",
    "a",
    "b-c",
    "_d",
    "é",
    "for",
    "in",
    "if",
    "else",
    "endif",
    "endfor",
    "true",
    "null",
    "and",
    "0",
    "1",
    "1.5",
    "1e3",
    ".5",
    "1.2.3",
    "\"",
    "\"",
    "\"x\"",
    "'",
    "'x'",
    "“",
    "”",
    "`",
    "\\",
    "\\n",
    "\\u00e9",
    "\\U0001F600",
    "\\ud800",
    "${",
    "${~",
    "%{",
    "%{~",
    "}",
    "~}",
    "$${",
    "%%{",
    "$",
    "%",
    "%{ if a }",
    "%{ else }",
    "%{ endif }",
    "%{ for a in b ~}",
    "%{ endfor }",
    "<<EOT\n",
    "<<-EOT\n",
    "EOT",
    "\nEOT\n",
    "\n  EOT\n",
    "<<",
    "<<-",
    "{",
    "{",
    "}",
    "}",
    "[",
    "]",
    "(",
    ")",
    "[*]",
    ".*",
    ".0",
    ".0.1",
    ".",
    "..",
    "...",
    ",",
    ";",
    ":",
    "::",
    "=",
    "==",
    "===",
    "!=",
    "!",
    "<",
    "<=",
    ">",
    ">=",
    "=>",
    "->",
    "+",
    "-",
    "*",
    "/",
    "&&",
    "||",
    "&",
    "|",
    "?",
    "#",
    "//",
    "/*",
    "*/",
    "\u{feff}",
    "\u{a0}",
    "\u{200b}",
    "e\u{301}",
    "😀",
    "\0",
    "@",
    "~",
    "a = ",
    "a {\n",
    "\n}\n",
    "resource \"a\" \"b\" {\n",
    "a = [\n",
    "{ a = 1 }",
    "f(a, b...)",
    "[for a in b : a]",
    "{for a, b in c : a => b...}",
    "a ? b : c",
    "a = \"",
];

#[test]
fn random_inputs_are_read_without_harm() {
    let seeds = sources();
    let threads: Vec<_> = (0..4)
        .map(|part| {
            let seeds = seeds.clone();
            std::thread::spawn(move || {
                let mut random = Random(0x6d65_7368 + part);
                for _ in 0..INPUTS / 4 {
                    check(&input(&mut random, &seeds));
                }
            })
        })
        .collect();
    threads.into_iter().for_each(|thread| thread.join().unwrap());
}

#[test]
fn random_inputs_are_read_without_harm_for_a_time() {
    let Some(seconds) = std::env::var_os("MESH_FUZZ_SECONDS") else { return };
    let seconds: u64 = seconds.to_str().unwrap().parse().unwrap();
    let started = Instant::now();
    let mut random = Random(started.elapsed().as_nanos() as u64 ^ u64::from(std::process::id()));
    let seeds = sources();
    while started.elapsed() < Duration::from_secs(seconds) {
        for _ in 0..1000 {
            check(&input(&mut random, &seeds));
        }
    }
}

/// A soup of fragments, or a fixture with some of its bytes replaced, removed or repeated.
fn input(random: &mut Random, seeds: &[String]) -> String {
    let mut text = String::new();
    if random.chance(2) {
        for _ in 0..random.below(24) {
            text.push_str(random.pick(FRAGMENTS));
        }
        return text;
    }
    let seed = &seeds[random.below(seeds.len())];
    let from = boundary(seed, random.below(seed.len()));
    text.push_str(&seed[from..boundary(seed, (from + 300).min(seed.len()))]);
    for _ in 0..=random.below(4) {
        let start = boundary(&text, random.below(text.len().max(1)));
        let end = boundary(&text, (start + random.below(8)).min(text.len())).max(start);
        let repeated = text[start..end].to_owned();
        match random.below(4) {
            0 => text.replace_range(start..end, ""),
            1 => text.insert_str(start, &repeated),
            2 => text.insert_str(start, random.pick(FRAGMENTS)),
            _ => text.replace_range(start..end, random.pick(FRAGMENTS)),
        }
    }
    text
}

fn boundary(text: &str, mut offset: usize) -> usize {
    while !text.is_char_boundary(offset) {
        offset -= 1;
    }
    offset
}

fn check(source: &str) {
    let checked = std::panic::catch_unwind(|| {
        let place = |span: Span| {
            let text = source.get(span.start as usize..span.end as usize);
            assert!(text.is_some(), "{span:?} is no part of the source");
        };
        let mut end = 0;
        for token in tokens(source, FileId(0)) {
            assert_eq!(token.span.start, end, "a token is missing");
            end = token.span.end;
            place(token.span);
        }
        assert_eq!(end as usize, source.len(), "tokens are missing");
        let (body, mut diagnostics) = parse(source, FileId(0));
        spans::in_body(&body, &mut { place }, &mut |_| {});
        for (expr, more) in [parse_expression(source, FileId(0)), parse_template(source, FileId(0))] {
            spans::in_expr(&expr, &mut { place }, &mut |_| {});
            diagnostics.extend(more);
        }
        for diagnostic in diagnostics.iter() {
            diagnostic.subject.into_iter().chain(diagnostic.context).for_each(place);
            diagnostic.related.iter().for_each(|(_, span)| place(*span));
            assert!(diagnostic.subject.is_some());
        }
    });
    assert!(checked.is_ok(), "this input does harm: {source:?}");
}

fn sources() -> Vec<String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/syntax");
    let mut paths: Vec<_> = ["ok", "errors", "templates"]
        .into_iter()
        .flat_map(|folder| fs::read_dir(root.join(folder)).unwrap())
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension != "expected"))
        .collect();
    paths.sort();
    paths.into_iter().map(|path| fs::read_to_string(path).unwrap()).filter(|source| !source.is_empty()).collect()
}
