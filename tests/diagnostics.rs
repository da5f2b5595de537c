//! Every diagnostic that a user can provoke has a fixture with its whole text, so that a worse one is noticed.

#![expect(clippy::unwrap_used, reason = "a suite that can't be read fails")]

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use libtest_mimic::{Arguments, Failed, Trial};
use regex::Regex;

/// Where diagnostics are made. The parser's own are held against fixtures of its crate.
const SOURCES: [&str; 8] = [
    "src/lang/src",
    "src/sources/src",
    "src/config/src",
    "src/engine/src",
    "src/plan/src",
    "src/cli/src",
    "src/product/src",
    "src/cost/src",
];
const SYNTAX: &str = "src/lang/src/syntax";

/// Codes that no fixture can provoke, and why.
const WITHOUT_FIXTURE: [(&str, &str); 17] = [
    (
        "budget-exceeded",
        "needs objects that cost something, and the local platform's don't; held by the engine's tests",
    ),
    ("cache-changed", "needs someone who changes a file while it is copied"),
    ("deprecated-argument", "no provider of this build has one; held by the tests of mesh-lang"),
    ("deprecated-block", "no provider of this build has one; held by the tests of mesh-lang"),
    (
        "invalid-usage",
        "needs a type whose cost depends on use, and the local platform has none; held by the engine's tests",
    ),
    ("interrupted", "needs a signal between plan and question; held by the tests of interruption"),
    ("no-completion", "needs a bug in the completion generator"),
    ("no-record", "needs a bug in mesh"),
    ("not-approved", "needs someone who answers on a terminal"),
    ("not-known-in-time", "needs a bug in a provider"),
    ("provider-inconsistent", "needs a bug in a provider"),
    ("provider-warning", "depends on the file system and on what was interrupted; held by the provider's tests"),
    ("state-write-failed", "needs a medium that fails while applying; held by the tests of mesh-state"),
    ("terminal-failed", "needs a terminal that breaks"),
    ("unexplained-failure", "needs a bug in mesh"),
    ("unknown-variable", "is told inside of the error of the function that reads the template"),
    ("unsettled-operation", "needs an interrupted run of a build with other providers; held by the engine's tests"),
];

/// Fixtures of what only the default build tells.
const OF_DEFAULT_BUILD: [&str; 1] = ["provider-left-out"];

fn main() -> ExitCode {
    let fixtures = fixtures();
    let mut trials: Vec<Trial> = fixtures
        .iter()
        .filter(|(name, _)| !(cfg!(feature = "aws") && OF_DEFAULT_BUILD.contains(&name.as_str())))
        .cloned()
        .map(|(name, path)| {
            Trial::test(name, move || {
                mesh_tests::check_fixture(env!("CARGO_BIN_EXE_mesh"), &path).map_err(Failed::from)
            })
        })
        .collect();
    trials.push(Trial::test("every_code_has_a_fixture", move || every_code_has_a_fixture(&fixtures)));
    libtest_mimic::run(&Arguments::from_args(), trials).exit_code()
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn fixtures() -> Vec<(String, PathBuf)> {
    let entries = std::fs::read_dir(root().join("tests/diagnostics")).unwrap().map(|entry| entry.unwrap().path());
    let mut fixtures: Vec<(String, PathBuf)> = entries
        .filter(|path| path.is_dir())
        .map(|path| (path.file_name().unwrap().to_string_lossy().into_owned(), path))
        .collect();
    fixtures.sort();
    fixtures
}

fn every_code_has_a_fixture(fixtures: &[(String, PathBuf)]) -> Result<(), Failed> {
    let shown = Regex::new(r"(?m)^(?:error|warning)\[([a-z-]+)\]").unwrap();
    let mut covered = BTreeSet::new();
    for (_, path) in fixtures {
        let text = std::fs::read_to_string(path.join("expected.txt")).unwrap_or_default();
        covered.extend(shown.captures_iter(&text).map(|found| found[1].to_owned()));
    }
    let codes = codes();
    let excepted: BTreeMap<&str, &str> = WITHOUT_FIXTURE.into_iter().collect();
    let mut problems = Vec::new();
    for (code, file) in &codes {
        match (covered.contains(code), excepted.contains_key(code.as_str())) {
            (false, false) => problems.push(format!("`{code}` of {} has no fixture", file.display())),
            (true, true) => problems.push(format!("`{code}` has a fixture and needs no exception")),
            _ => {}
        }
    }
    let unused = excepted.keys().filter(|code| !codes.contains_key(**code));
    problems.extend(unused.map(|code| format!("there is no code `{code}` to except")));
    if problems.is_empty() { Ok(()) } else { Err(problems.join("\n").into()) }
}

/// Every code in the sources, with a file that it stands in: what a diagnostic is made with, what a summary follows, what
/// is named `code`.
fn codes() -> BTreeMap<String, PathBuf> {
    let patterns = [
        r#"(?:Diagnostic::(?:error|warning)|Failure::of)\(\s*"([a-z-]+)""#,
        r#""([a-z]+(?:-[a-z]+)+)",\s*"[A-Z`]"#,
        r#"code(?:: | = )"([a-z-]+)""#,
    ]
    .map(|pattern| Regex::new(pattern).unwrap());
    let mut codes = BTreeMap::new();
    let mut open: Vec<PathBuf> = SOURCES.iter().map(|dir| root().join(dir)).collect();
    while let Some(path) = open.pop() {
        if path.ends_with(SYNTAX) {
            continue;
        }
        if path.is_dir() {
            open.extend(std::fs::read_dir(&path).unwrap().map(|entry| entry.unwrap().path()));
            continue;
        }
        let text = std::fs::read_to_string(&path).unwrap();
        let text = text.split("#[cfg(test)]").next().unwrap_or_default();
        let found = patterns.iter().flat_map(|pattern| pattern.captures_iter(text));
        codes.extend(found.map(|found| (found[1].to_owned(), path.clone())));
    }
    codes
}
