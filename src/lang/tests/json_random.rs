//! No input makes the reading of JSON panic or point outside of the source: spoiled copies of the fixtures, always the
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
use mesh_lang::syntax::{BlockShape, Rest, Shape, Strings, parse_json};
use random::Random;

const INPUTS: usize = 5_000;

/// What sources are spoiled with.
const FRAGMENTS: &[&str] = &[
    "{", "}", "[", "]", "\"", "'", ":", ",", "=", "\\", "\\u00e9", "\\ud800", "\\n", "\n", "\r", "\t", " ", "\0", "é",
    "😀", "${", "}", "%{ if ", "$${", "var.x", "//", "/*", "#", "null", "true", "-", "0", "1e9", "\"a\"", "\u{feff}",
];

static SHAPE: Shape = Shape {
    blocks: &[
        BlockShape { kind: "locals", labels: 0, body: &BODY },
        BlockShape { kind: "resource", labels: 2, body: &BODY },
        BlockShape { kind: "data_product", labels: 1, body: &BODY },
    ],
    arguments: &[],
    rest: Rest::Block,
};

static BODY: Shape = Shape { blocks: &[], arguments: &[("depends_on", Strings::Expression)], rest: Rest::BySchema };

#[test]
fn random_json_is_read_without_harm() {
    let sources = sources();
    let mut random = Random(7);
    for _ in 0..INPUTS {
        exercise(&spoiled(&sources, &mut random));
    }
}

#[test]
fn random_json_is_read_without_harm_for_a_time() {
    let seconds = std::env::var("MESH_FUZZ_SECONDS").ok().and_then(|text| text.parse().ok()).unwrap_or(0);
    let (sources, start) = (sources(), Instant::now());
    let mut random = Random(start.elapsed().as_nanos() as u64 ^ 0x5eed);
    while start.elapsed() < Duration::from_secs(seconds) {
        exercise(&spoiled(&sources, &mut random));
    }
}

fn exercise(source: &str) {
    let (body, diagnostics) = parse_json(source, FileId(0), &SHAPE);
    let mut check = |span: Span| {
        let range = span.start as usize..span.end as usize;
        assert!(range.start <= range.end && source.get(range).is_some(), "{span:?} in {source:?}");
    };
    spans::in_body(&body, &mut check, &mut |_| {});
    for diagnostic in diagnostics.iter() {
        diagnostic.subject.into_iter().chain(diagnostic.context).for_each(&mut check);
        diagnostic.related.iter().for_each(|(_, span)| check(*span));
    }
}

/// A source with some places replaced, taken out or repeated.
fn spoiled(sources: &[String], random: &mut Random) -> String {
    let mut text = sources[random.below(sources.len())].clone();
    for _ in 0..=random.below(6) {
        let at = text.floor_char_boundary(random.below(text.len() + 1));
        let end = text.ceil_char_boundary((at + random.below(8)).min(text.len()));
        let with = if random.chance(4) { text[at..end].repeat(2) } else { random.pick(FRAGMENTS).to_owned() };
        text.replace_range(at..end, &with);
    }
    text
}

fn sources() -> Vec<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/json");
    let folders = ["ok", "errors"].map(|name| folder.join(name));
    let entries = folders.iter().flat_map(|folder| fs::read_dir(folder).unwrap());
    let mut paths: Vec<_> = entries.map(|entry| entry.unwrap().path()).collect();
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "json"));
    paths.sort();
    paths.iter().map(|path| fs::read_to_string(path).unwrap()).collect()
}
