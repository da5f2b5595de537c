//! The table of resource types and checks.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::Arc;

use mesh_provider::contract::{Check, Report};
use mesh_tests::emulator::{EMULATORS, Kind, Scenario};

/// How often a check held and how often not.
#[derive(Clone, Copy, Default)]
struct Count {
    held: usize,
    broken: usize,
}

impl Count {
    fn shown(self) -> String {
        match self {
            Self { held: 0, broken: 0 } => "-".to_owned(),
            Self { held, broken: 0 } => held.to_string(),
            Self { held, broken } => format!("{held}!{broken}"),
        }
    }
}

/// Types down, checks across; each cell has a figure for each emulator.
pub fn of(reports: &[(Kind, Report)], scenarios: &[Arc<Scenario>]) -> String {
    let mut types: BTreeMap<&str, BTreeMap<(Check, Kind), Count>> = BTreeMap::new();
    for (kind, report) in reports {
        let counts = types.entry(report.ty()).or_default();
        for (check, holds) in report.checks() {
            let count = counts.entry((check, *kind)).or_default();
            *(if holds { &mut count.held } else { &mut count.broken }) += 1;
        }
    }
    let mut rows = vec![vec!["resource".to_owned()]];
    rows[0].extend(Check::OF_AN_OBJECT.map(|check| check.heading().to_owned()));
    for (ty, counts) in &types {
        let mut row = vec![(*ty).to_owned()];
        row.extend(
            Check::OF_AN_OBJECT.map(|check| {
                EMULATORS.map(|on| counts.get(&(check, on)).copied().unwrap_or_default().shown()).join("/")
            }),
        );
        rows.push(row);
    }
    let mut text =
        "Checks of the provider contract: how many held on moto/ministack. `-`: none was made there; `1!2`: 1 \
                    held, 2 did not.\n\n"
            .to_owned();
    text.push_str(&aligned(&rows));
    let ran = |scenario: &&Arc<Scenario>| types.contains_key(scenario.ty);
    for scenario in scenarios.iter().filter(ran) {
        for lack in scenario.lacks() {
            let _ = write!(text, "\n{} lacks {}: {}", scenario.name(lack.on), lack.operation, lack.why);
        }
    }
    text
}

fn aligned(rows: &[Vec<String>]) -> String {
    let columns = rows.first().map_or(0, Vec::len);
    let width = |column: usize| rows.iter().map(|row| row[column].len()).max().unwrap_or_default();
    let widths: Vec<_> = (0..columns).map(width).collect();
    let mut text = String::new();
    for row in rows {
        let cells = row.iter().zip(&widths).map(|(cell, &width)| format!("{cell:width$}"));
        let line = cells.collect::<Vec<_>>().join("  ");
        let _ = writeln!(text, "{}", line.trim_end());
    }
    text
}
