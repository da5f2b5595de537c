//! Renders each comparison under `tests/cases/actual` in every form and compares with the texts beside it. A case names a
//! bill under `mesh-cost`'s tests, a month, and what products were expected to cost. `BLESS=1` writes the texts anew.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::sync::Arc;

use mesh_cost::actual::{Expectation, compare, read};
use mesh_diagnostics::render::Style;
use mesh_provider::cost::{Decimal, Interval};
use mesh_report::{json, terminal};
use serde::Deserialize;

#[derive(Deserialize)]
struct Case {
    bill: String,
    month: String,
    expected: BTreeMap<Arc<str>, Expected>,
}

#[derive(Deserialize)]
struct Expected {
    estimated: Option<Interval>,
    limit: Option<Decimal>,
}

#[test]
fn bills_stand_beside_what_was_expected() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut differing = Vec::new();
    for entry in fs::read_dir(root.join("tests/cases/actual")).unwrap() {
        let path = entry.unwrap().path();
        if !path.to_string_lossy().ends_with(".json") || path.to_string_lossy().ends_with(".out.json") {
            continue;
        }
        let case: Case = serde_json::from_str(&fs::read_to_string(&path).unwrap()).unwrap();
        let bill = fs::read(root.join("../cost/tests/bills").join(&case.bill)).unwrap();
        let bill = read(&bill[..], "product").unwrap();
        let expected = case.expected.into_iter();
        let expected: BTreeMap<_, _> =
            expected.map(|(id, Expected { estimated, limit })| (id, Expectation { estimated, limit })).collect();
        let comparison = compare(&bill, case.month.parse().unwrap(), &expected).unwrap();
        let style = Style { color: false, width: 80 };
        let document = json::actual(&comparison, bill.form, bill.has_effective);
        for (ending, shown) in [
            ("txt", terminal::actual(&comparison, bill.form, bill.has_effective, style)),
            ("out.json", serde_json::to_string_pretty(&document).unwrap() + "\n"),
        ] {
            let golden = path.with_extension(ending);
            if std::env::var_os("BLESS").is_some() {
                fs::write(&golden, shown).unwrap();
            } else if fs::read_to_string(&golden).unwrap_or_default() != shown {
                differing.push(format!("{}\n{shown}", golden.display()));
            }
        }
    }
    assert!(differing.is_empty(), "differ from what is recorded (BLESS=1 rewrites):\n{}", differing.join("\n"));
}
