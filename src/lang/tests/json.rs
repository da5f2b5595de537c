//! Fixtures of JSON syntax: each source beside the tree, or beside what a person reads about its errors. `BLESS=1`
//! rewrites what is expected.
#![expect(clippy::unwrap_used, reason = "a test that can't go on should fail")]

#[path = "syntax/tree.rs"]
mod tree;

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use mesh_diagnostics::SourceMap;
use mesh_diagnostics::render::{Style, text};
use mesh_lang::syntax::{BlockShape, Rest, Shape, Strings, parse_json};

/// A language like the one that `mesh-config` describes, small enough to read here.
static FILE: Shape = Shape {
    blocks: &[
        BlockShape { kind: "locals", labels: 0, body: &ARGUMENTS },
        BlockShape { kind: "variable", labels: 1, body: &VARIABLE },
        BlockShape { kind: "output", labels: 1, body: &ARGUMENTS },
        BlockShape { kind: "provider", labels: 1, body: &OPEN },
        BlockShape { kind: "resource", labels: 2, body: &OPEN },
        BlockShape { kind: "module", labels: 1, body: &ARGUMENTS },
        BlockShape { kind: "moved", labels: 0, body: &REFERENCES },
        BlockShape { kind: "data_product", labels: 1, body: &OPEN },
    ],
    arguments: &[],
    rest: Rest::Block,
};

static ARGUMENTS: Shape = Shape { blocks: &[], arguments: &[], rest: Rest::Argument(Strings::Template) };

static REFERENCES: Shape = Shape { blocks: &[], arguments: &[], rest: Rest::Argument(Strings::Expression) };

static VARIABLE: Shape =
    Shape { blocks: &[], arguments: &[("type", Strings::Expression)], rest: Rest::Argument(Strings::Literal) };

static OPEN: Shape = Shape {
    blocks: &[BlockShape { kind: "lifecycle", labels: 0, body: &REFERENCES }],
    arguments: &[("depends_on", Strings::Expression)],
    rest: Rest::BySchema,
};

#[test]
fn valid_files_give_their_trees() {
    compare("ok", |sources, name, source| {
        let file = sources.add(name, source);
        let (body, diagnostics) = parse_json(source, file, &FILE);
        assert!(diagnostics.is_empty(), "{diagnostics:?}");
        tree::body(&body)
    });
}

#[test]
fn invalid_files_tell_what_is_wrong() {
    compare("errors", |sources, name, source| {
        let file = sources.add(name, source);
        let (_, diagnostics) = parse_json(source, file, &FILE);
        assert!(diagnostics.has_errors());
        for diagnostic in diagnostics.iter() {
            assert!(diagnostic.detail.ends_with('.') && diagnostic.subject.is_some(), "{diagnostic:?}");
            assert!(!diagnostic.hints.is_empty() || diagnostic.detail.contains("missing"), "{diagnostic:?}");
        }
        text(&diagnostics, sources, Style { color: false, width: 100 })
    });
}

/// Holds what `render` makes of each source against the file `NAME.expected` beside it.
fn compare(folder: &str, render: impl Fn(&mut SourceMap, &str, &str) -> String) {
    let mut wrong = String::new();
    for path in sources_in(folder) {
        let name = path.file_name().unwrap().to_string_lossy();
        let found = render(&mut SourceMap::default(), &name, &fs::read_to_string(&path).unwrap());
        let expected_path = path.with_extension("expected");
        if std::env::var_os("BLESS").is_some() {
            fs::write(&expected_path, &found).unwrap();
        }
        let expected = fs::read_to_string(&expected_path).unwrap_or_default();
        if found != expected {
            write!(wrong, "\n{}\n--- expected\n{expected}--- found\n{found}", path.display()).unwrap();
        }
    }
    assert!(wrong.is_empty(), "{wrong}\nBLESS=1 rewrites the expected files");
}

fn sources_in(folder: &str) -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/json").join(folder);
    let mut paths: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "json"));
    paths.sort();
    assert!(!paths.is_empty());
    paths
}
