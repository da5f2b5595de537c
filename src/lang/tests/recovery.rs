//! One missing or doubled sign is one error, at the place where a person looks: tried with every sign of the
//! repository's own configurations.
#![expect(clippy::unwrap_used, reason = "a test that can't go on should fail")]

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use mesh_diagnostics::{Diagnostics, SourceMap, Span};
use mesh_lang::syntax::{Token, TokenKind, parse, tokens};

/// What of a thousand changes that make a file invalid must give one error, and that one at the right place.
const ONE_ERROR: usize = 970;
const RIGHT_PLACE: usize = 970;

/// How a sign is changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Change {
    Delete,
    Double,
}

/// What came of the changes of one kind.
#[derive(Default)]
struct Tally {
    invalid: usize,
    single: usize,
    placed: usize,
}

#[test]
fn one_wrong_sign_is_one_error_at_its_place() {
    let mut tallies: BTreeMap<(Change, String), Tally> = BTreeMap::new();
    let mut rest = String::new();
    for path in configurations() {
        let source = fs::read_to_string(&path).unwrap();
        let mut sources = SourceMap::default();
        let file = sources.add("test.hcl", source.as_str());
        if !parse(&source, file).1.is_empty() {
            continue;
        }
        let tokens = tokens(&source, file);
        for (index, token) in tokens.iter().enumerate().filter(|(_, token)| is_sign(token.kind)) {
            for change in [Change::Delete, Change::Double] {
                let changed = changed(&source, *token, change);
                let mut sources = SourceMap::default();
                let file = sources.add("test.hcl", changed.as_str());
                let (_, mut diagnostics) = parse(&changed, file);
                diagnostics.sort();
                if diagnostics.is_empty() {
                    continue;
                }
                let tally = tallies.entry((change, format!("{:?}", token.kind))).or_default();
                let places = [token.span.start, opening(&tokens, index).start];
                let lines = places.map(|at| source[..at as usize].matches('\n').count() + 1);
                let is_placed = diagnostics.iter().next().and_then(|first| first.subject).is_some_and(|subject| {
                    let line = changed[..subject.start as usize].matches('\n').count() + 1;
                    lines.iter().any(|wanted| line.abs_diff(*wanted) <= 1)
                });
                tally.invalid += 1;
                tally.single += usize::from(diagnostics.len() == 1);
                tally.placed += usize::from(is_placed);
                if diagnostics.len() > 1 || !is_placed {
                    describe(&mut rest, &path, &changed, lines[0], change, token.kind, &diagnostics);
                }
            }
        }
    }
    if let Some(report) = std::env::var_os("MESH_RECOVERY_REPORT") {
        fs::write(report, &rest).unwrap();
    }
    let mut table = String::new();
    let (mut invalid, mut single, mut placed) = (0, 0, 0);
    for ((change, kind), tally) in &tallies {
        writeln!(table, "{change:?} {kind}: {} of {} one error, {} placed", tally.single, tally.invalid, tally.placed)
            .unwrap();
        invalid += tally.invalid;
        single += tally.single;
        placed += tally.placed;
    }
    writeln!(table, "all: {single} of {invalid} one error, {placed} placed").unwrap();
    eprintln!("{table}");
    assert!(invalid > 1000, "{table}");
    assert!(single * 1000 >= invalid * ONE_ERROR, "{table}MESH_RECOVERY_REPORT=FILE lists the others");
    assert!(placed * 1000 >= invalid * RIGHT_PLACE, "{table}MESH_RECOVERY_REPORT=FILE lists the others");
}

fn is_sign(kind: TokenKind) -> bool {
    use TokenKind as T;
    matches!(
        kind,
        T::OpenBrace
            | T::CloseBrace
            | T::OpenBracket
            | T::CloseBracket
            | T::OpenParen
            | T::CloseParen
            | T::OpenQuote
            | T::CloseQuote
            | T::InterpolationOpen
            | T::DirectiveOpen
            | T::TemplateClose
            | T::HeredocOpen
            | T::HeredocClose
            | T::Equal
            | T::Comma
            | T::Colon
            | T::Question
            | T::FatArrow
            | T::Dot
    )
}

fn changed(source: &str, token: Token, change: Change) -> String {
    let (start, end) = (token.span.start as usize, token.span.end as usize);
    match change {
        Change::Delete => format!("{}{}", &source[..start], &source[end..]),
        Change::Double => format!("{}{}", &source[..end], &source[start..]),
    }
}

/// What opens what a token closes; the token itself where it closes nothing.
fn opening(tokens: &[Token], index: usize) -> Span {
    use TokenKind as T;
    let closes = |kind| {
        matches!(
            kind,
            T::CloseBrace | T::CloseBracket | T::CloseParen | T::CloseQuote | T::TemplateClose | T::HeredocClose
        )
    };
    let opens = |kind| {
        matches!(
            kind,
            T::OpenBrace
                | T::OpenBracket
                | T::OpenParen
                | T::OpenQuote
                | T::InterpolationOpen
                | T::DirectiveOpen
                | T::HeredocOpen
        )
    };
    let mut depth = 0;
    if closes(tokens[index].kind) {
        for token in tokens[..index].iter().rev() {
            if closes(token.kind) {
                depth += 1;
            } else if opens(token.kind) {
                if depth == 0 {
                    return token.span;
                }
                depth -= 1;
            }
        }
    }
    tokens[index].span
}

fn describe(
    out: &mut String,
    path: &Path,
    changed: &str,
    line: usize,
    change: Change,
    kind: TokenKind,
    diagnostics: &Diagnostics,
) {
    writeln!(out, "== {change:?} {kind:?} {}:{line}", path.display()).unwrap();
    for (number, text) in changed.lines().enumerate().skip(line.saturating_sub(3)).take(6) {
        writeln!(out, "  {:>4} {text}", number + 1).unwrap();
    }
    for diagnostic in diagnostics.iter() {
        let at = diagnostic.subject.map(|subject| changed[..subject.start as usize].matches('\n').count() + 1);
        writeln!(out, "  -> {} {}: {}", at.unwrap_or_default(), diagnostic.code, diagnostic.detail).unwrap();
    }
}

/// The valid configurations of the repository.
fn configurations() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let mut open: Vec<PathBuf> =
        ["examples", "modules", "tests/cases", "src/lang/tests/syntax/ok"].iter().map(|dir| root.join(dir)).collect();
    let mut found = Vec::new();
    while let Some(dir) = open.pop() {
        for entry in fs::read_dir(dir).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            if path.is_dir() {
                open.push(path);
            } else if name.ends_with(".hcl") || name.ends_with(".tf") {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}
