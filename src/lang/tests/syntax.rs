//! Fixtures of the syntax: each source beside the tree or the diagnostics that it must give. `BLESS=1` rewrites them.
#![expect(clippy::unwrap_used, reason = "a test that can't go on should fail")]

#[path = "syntax/tree.rs"]
mod tree;

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use mesh_diagnostics::{Diagnostics, SourceFile, SourceMap, Span};
use mesh_lang::syntax::{parse, parse_template, tokens};

#[test]
fn valid_sources_give_their_trees() {
    compare("ok", |source| {
        let mut sources = SourceMap::default();
        let file = sources.add("test.hcl", source);
        let (body, diagnostics) = parse(source, file);
        format!("{}{}", tree::body(&body), listed(&diagnostics, sources.get(file).unwrap()))
    });
}

#[test]
fn invalid_sources_give_their_diagnostics() {
    compare("errors", |source| {
        let mut sources = SourceMap::default();
        let file = sources.add("test.hcl", source);
        let (_, mut diagnostics) = parse(source, file);
        assert!(diagnostics.has_errors());
        diagnostics.sort();
        listed(&diagnostics, sources.get(file).unwrap())
    });
}

#[test]
fn templates_give_their_trees() {
    compare("templates", |source| {
        let mut sources = SourceMap::default();
        let file = sources.add("test.hcl", source);
        let (expr, diagnostics) = parse_template(source, file);
        format!("{}\n{}", tree::expr(&expr), listed(&diagnostics, sources.get(file).unwrap()))
    });
}

#[test]
fn every_error_has_a_way_out_or_says_what_is_missing() {
    for path in sources_in("errors") {
        let source = fs::read_to_string(&path).unwrap();
        let mut sources = SourceMap::default();
        let file = sources.add("test.hcl", source.as_str());
        for diagnostic in parse(&source, file).1.iter() {
            assert!(diagnostic.detail.ends_with('.'), "{}: {}", path.display(), diagnostic.detail);
            assert!(!diagnostic.hints.is_empty() || diagnostic.detail.contains("missing"), "{diagnostic:?}");
            assert!(diagnostic.subject.is_some());
        }
    }
}

#[test]
fn tokens_hold_the_whole_source() {
    for path in ["ok", "errors", "templates"].into_iter().flat_map(sources_in) {
        let source = fs::read_to_string(&path).unwrap();
        let mut sources = SourceMap::default();
        let file = sources.add("test.hcl", source.as_str());
        let joined: String = tokens(&source, file).iter().map(|token| sources.text(token.span)).collect();
        assert_eq!(joined, source, "{}", path.display());
    }
}

/// One line a diagnostic: `line:col-line:col code: summary — detail / hint / hint`.
fn listed(diagnostics: &Diagnostics, file: &SourceFile) -> String {
    let mut out = String::new();
    for diagnostic in diagnostics.iter() {
        let place = diagnostic.subject.map(|span| range(file, span)).unwrap_or_default();
        write!(out, "{place} {}: {} — {}", diagnostic.code, diagnostic.summary, diagnostic.detail).unwrap();
        for hint in &diagnostic.hints {
            write!(out, " / {hint}").unwrap();
        }
        out.push('\n');
    }
    out
}

fn range(file: &SourceFile, span: Span) -> String {
    let (start, end) = (file.position(span.start), file.position(span.end));
    format!("{}:{}-{}:{}", start.line, start.column, end.line, end.column)
}

fn sources_in(folder: &str) -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/syntax").join(folder);
    let mut paths: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.retain(|path| path.extension().is_some_and(|extension| extension != "expected"));
    paths.sort();
    assert!(!paths.is_empty());
    paths
}

/// Holds what `render` makes of each source against the file `NAME.expected` beside it.
fn compare(folder: &str, render: impl Fn(&str) -> String) {
    let mut wrong = String::new();
    for path in sources_in(folder) {
        let found = render(&fs::read_to_string(&path).unwrap());
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
