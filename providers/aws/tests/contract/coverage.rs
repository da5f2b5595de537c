//! Keeps `docs/aws-coverage.md`: which API calls of each type ran where.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use mesh_tests::emulator::{EMULATORS, Kind, Scenario};

use crate::calls;

/// The calls that the provider's unit tests hold by request and reply: a type and an operation a line.
const REPLAYED: &str = include_str!("replayed.txt");

const HEAD: &str = "\
# AWS: which calls ran where

**None of this ran on real AWS.** The provider's tests run against two emulators, which are not AWS: both miss checks, both
answer some calls otherwise, and both lack some. What neither has is held by request and reply, on shapes from the
service's model.

A call stands under an emulator when it succeeded there at least once in the [contract tests](providers.md#the-contract-tests)
of the resource; under *replay only* when a recorded request and reply is all that holds it. The suite writes this page
(`BLESS=1 cargo test -p mesh-provider-aws --test contract`), and fails where it is out of date.

| resource | moto 5.2.5 | ministack 1.5.33 | replay only |
|---|---|---|---|
";

const LACKS: &str = "
## What the emulators lack

Found by the suite. Nothing of it counts as passed; steps that need it are left out on that emulator.

| resource | emulator | call | what it does |
|---|---|---|---|
";

/// Compares the rows of the types that ran wholly, or writes them with `BLESS=1`.
///
/// # Errors
/// What differs.
pub fn keep(whole: &BTreeSet<&'static str>, scenarios: &[Arc<Scenario>]) -> Result<(), String> {
    let page = page();
    let before = std::fs::read_to_string(&page).unwrap_or_default();
    let types: BTreeSet<_> = scenarios.iter().map(|scenario| scenario.ty).collect();
    let mut rows: BTreeMap<&str, String> = BTreeMap::new();
    let calls = before.split(LACKS.lines().nth(1).unwrap_or_default()).next().unwrap_or_default();
    for line in calls.lines().filter(|line| line.starts_with("| `")) {
        if let Some(ty) = line.split('`').nth(1).filter(|ty| types.contains(ty)) {
            rows.insert(ty, line.to_owned());
        }
    }
    let ours = scenarios.iter().map(|scenario| (scenario.ty, scenario));
    for ty in whole {
        let lacks = ours.clone().filter(|(of, _)| of == ty).flat_map(|(_, scenario)| scenario.lacks());
        let lacks: BTreeSet<_> = lacks.map(|lack| (lack.on, lack.operation)).collect();
        rows.insert(ty, row(ty, &lacks));
    }
    let rows: Vec<_> = rows.into_values().collect();
    let after = format!("{HEAD}{}{LACKS}{}", lines(&rows), lines(&lacks(scenarios)));
    if after == before {
        return Ok(());
    }
    if std::env::var_os("BLESS").is_some() {
        return std::fs::write(&page, after).map_err(|error| format!("{}: {error}", page.display()));
    }
    let new = after.lines().filter(|line| !before.lines().any(|old| old == *line));
    let new: Vec<_> = new.collect();
    Err(format!("{} is out of date (BLESS=1 writes it anew). Now:\n{}", page.display(), new.join("\n")))
}

fn lines(rows: &[String]) -> String {
    rows.iter().map(|row| format!("{row}\n")).collect()
}

fn page() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/aws-coverage.md")
}

fn row(ty: &str, lacks: &BTreeSet<(Kind, &str)>) -> String {
    let ran = EMULATORS.map(|on| {
        let mut ran = calls::succeeded(on, ty);
        ran.retain(|operation| !lacks.contains(&(on, operation)));
        ran
    });
    let replayed = REPLAYED.lines().filter_map(|line| line.split_once(' ')).filter(|(of, _)| *of == ty);
    let replayed = replayed.map(|(_, operation)| operation.to_owned());
    let only: BTreeSet<_> = replayed.filter(|operation| !ran.iter().any(|ran| ran.contains(operation))).collect();
    let [moto, ministack] = ran.map(|ran| cell(&ran));
    format!("| `{ty}` | {moto} | {ministack} | {} |", cell(&only))
}

fn cell(operations: &BTreeSet<String>) -> String {
    if operations.is_empty() {
        return "-".to_owned();
    }
    operations.iter().map(String::as_str).collect::<Vec<_>>().join(", ")
}

fn lacks(scenarios: &[Arc<Scenario>]) -> Vec<String> {
    let lacks = scenarios.iter().flat_map(|scenario| scenario.lacks().iter().map(|lack| (scenario.ty, lack)));
    let lines: BTreeSet<_> =
        lacks.map(|(ty, lack)| format!("| `{ty}` | {} | {} | {} |", lack.on, lack.operation, lack.why)).collect();
    lines.into_iter().collect()
}
