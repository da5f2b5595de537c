//! Renders each case under `tests/cases` in every form and compares with the texts beside it.
//!
//! `plan/NAME.json` describes a plan; `NAME.txt` is what a terminal shows at 80 columns, at 160 where that differs, and
//! in colour (escape codes shown as `\e`), with the explanations that the case asks for; `NAME.out.json` is the JSON,
//! `NAME.md` the Markdown. What plans cost is priced by `prices.csv`. The other folders hold states, ends of applies, products and values. `BLESS=1` writes the
//! texts anew; adding a case is adding a `.json` file.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a case that can't be read fails its test")]

mod support;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use mesh_cost::{Book, By, Estimate, Spending};
use mesh_diagnostics::render::Style;
use mesh_plan::Plan;
use mesh_product::Descriptor;
use mesh_report::apply::ApplyReport;
use mesh_report::json::About;
use mesh_report::state::{Object, Output, State};
use mesh_report::{json, markdown, terminal, value_text};
use serde::Deserialize;
use serde_json::Value as Json;
use support::{PlanCase, action, value};

const NARROW: Style = Style { color: false, width: 80 };
const WIDE: Style = Style { color: false, width: 160 };
const COLOURED: Style = Style { color: true, width: 80 };
const ABOUT: About<'static> = About { version: "0.1.0", timestamp: Some("2026-01-02T03:04:05Z") };

/// Compares what `render` makes of every case of a folder, by the golden file's ending.
fn check(folder: &str, render: impl Fn(&str) -> Vec<(&'static str, String)>) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases").join(folder);
    let mut cases: Vec<PathBuf> = fs::read_dir(&folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.to_string_lossy().ends_with(".json") && !path.to_string_lossy().ends_with(".out.json"))
        .collect();
    cases.sort();
    assert!(!cases.is_empty());
    let mut differing = Vec::new();
    for case in cases {
        for (ending, actual) in render(&fs::read_to_string(&case).unwrap()) {
            assert!(!actual.contains("hunter2"), "{}: a secret is shown\n{actual}", case.display());
            let golden = case.with_extension(ending);
            if std::env::var_os("BLESS").is_some() {
                fs::write(&golden, actual).unwrap();
            } else if fs::read_to_string(&golden).unwrap_or_default() != actual {
                differing.push(format!("{}\n{actual}", golden.display()));
            }
        }
    }
    assert!(differing.is_empty(), "differ from what is recorded (BLESS=1 rewrites):\n{}", differing.join("\n"));
}

/// The text in each style. Colour must add escape codes and nothing else.
fn styles(render: impl Fn(Style) -> String) -> String {
    let (narrow, wide, coloured) = (render(NARROW), render(WIDE), render(COLOURED));
    assert_eq!(without_colour(&coloured), narrow, "colour changes more than colour");
    assert!(narrow.ends_with('\n') && !narrow.contains("\n\n\n"), "{narrow}");
    assert!(narrow.lines().all(|line| line.trim_end_matches(' ') == line), "{narrow}");
    assert!(narrow.chars().all(|character| matches!(character, '\n' | '\t') || !character.is_control()), "{narrow:?}");
    let wide = if wide == narrow { String::new() } else { format!("\n======== 160 columns\n{wide}") };
    format!("{narrow}{wide}\n======== colour\n{}", coloured.replace('\u{1b}', "\\e"))
}

fn without_colour(text: &str) -> String {
    let mut pieces = text.split("\u{1b}[");
    let first = pieces.next().unwrap_or_default().to_owned();
    pieces.fold(first, |out, piece| out + piece.split_once('m').unwrap().1)
}

/// What a plan costs by the prices of the tests.
fn spending(plan: &Plan) -> Spending {
    let book = Book::read("prices.csv", include_str!("prices.csv").as_bytes()).unwrap();
    Spending::new(&plan.cost, &book, jiff::civil::date(2026, 10, 1))
}

fn pretty(json: &Json) -> String {
    serde_json::to_string_pretty(json).unwrap() + "\n"
}

#[test]
fn plans() {
    check("plan", |text| {
        let case: PlanCase = serde_json::from_str(text).unwrap_or_else(|error| panic!("{error}\n{text}"));
        let why = case.why.clone();
        let plan = case.build();
        let spending = spending(&plan);
        let mut shown = styles(|style| terminal::plan(&plan, &spending, style));
        for address in why {
            let text = styles(|style| terminal::why(&plan, &address, style).unwrap());
            shown.push_str(&format!("\n======== why {address}\n{}", text.split("\n========").next().unwrap()));
        }
        let mut texts = vec![
            ("txt", shown),
            ("out.json", pretty(&json::plan(&plan, &spending, ABOUT))),
            ("md", markdown::plan(&plan, &spending, markdown::COMMENT_LIMIT)),
        ];
        if plan.cost.says_something() {
            let mut shown = styles(|style| terminal::cost(&spending, &By::Product, style));
            for by in [By::Domain, By::Service, By::Tag("team".into())] {
                shown.push_str(&format!("\n======== by {by:?}\n{}", terminal::cost(&spending, &by, NARROW)));
            }
            texts.extend([
                ("cost.txt", shown),
                ("cost.out.json", pretty(&json::cost(&spending, &By::Service, ABOUT))),
                ("cost.md", markdown::cost(&spending, &By::Service, markdown::COMMENT_LIMIT)),
            ]);
        }
        texts
    });
}

/// Two plans.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct DifferenceCase {
    first: PlanCase,
    second: PlanCase,
}

#[test]
fn cost_differences() {
    check("cost_difference", |text| {
        let case: DifferenceCase = serde_json::from_str(text).unwrap_or_else(|error| panic!("{error}\n{text}"));
        let [first, second] = [case.first, case.second].map(|case| spending(&case.build()).estimate);
        let between = Estimate::between(&first, &second);
        let (names, by) = (["a.plan", "b.plan"], By::Product);
        vec![
            ("txt", styles(|style| terminal::cost_difference(&between, names, &by, style))),
            ("out.json", pretty(&json::cost_difference(&between, names, &by, ABOUT))),
            ("md", markdown::cost_difference(&between, names, &by, markdown::COMMENT_LIMIT)),
        ]
    });
}

#[test]
fn long_costs_stay_within_their_limit() {
    let text = include_str!("cases/plan/cost_budgets.json");
    let plan = serde_json::from_str::<PlanCase>(text).unwrap().build();
    let spending = spending(&plan);
    let whole = markdown::cost(&spending, &By::Product, usize::MAX);
    let least = markdown::cost(&spending, &By::Product, 0);
    assert!(least.len() < whole.len() && least.contains("and 6 more objects not shown"), "{least}");
    // What sums it up is never left out.
    assert!(least.starts_with("### Cost a month: 447.21 USD") && least.contains("all together"), "{least}");
}

#[test]
fn long_markdown_stays_within_its_limit() {
    let text = include_str!("cases/plan/actions.json");
    let plan = serde_json::from_str::<PlanCase>(text).unwrap().build();
    for limit in [0, 500, 1_000, 2_000, 3_000] {
        let markdown = markdown::plan(&plan, &spending(&plan), limit);
        // What sums the plan up is never left out.
        assert!(markdown.len() < limit + 1_000, "{limit}: {}\n{markdown}", markdown.len());
        assert!(markdown.starts_with("### Plan: 4 to add") && markdown.contains("Column `note`"), "{markdown}");
        assert!(markdown.contains("not shown") || markdown.contains("too long"), "{markdown}");
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct StateCase {
    #[serde(default)]
    objects: Vec<ObjectCase>,
    #[serde(default)]
    outputs: BTreeMap<Arc<str>, OutputCase>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ObjectCase {
    address: String,
    deposed: Option<Arc<str>>,
    value: Json,
    #[serde(default)]
    tainted: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct OutputCase {
    value: Json,
    #[serde(default)]
    sensitive: bool,
}

#[test]
fn states() {
    check("state", |text| {
        let case: StateCase = serde_json::from_str(text).unwrap();
        let objects = case.objects.into_iter().map(|object| Object {
            address: object.address.parse().unwrap(),
            deposed: object.deposed,
            provider: "local".into(),
            value: value(&object.value),
            tainted: object.tainted,
        });
        let outputs = case
            .outputs
            .into_iter()
            .map(|(name, output)| (name, Output { value: value(&output.value), sensitive: output.sensitive }));
        let state = State { objects: objects.collect(), outputs: outputs.collect() };
        let mut shown = styles(|style| terminal::state(&state, style));
        shown.push_str("\n======== outputs\n");
        shown.push_str(&terminal::outputs(&state.outputs, NARROW));
        let json = serde_json::json!({"state": json::state(&state, ABOUT), "outputs": json::outputs(&state)});
        vec![("txt", shown), ("out.json", pretty(&json))]
    });
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ApplyCase {
    #[serde(default)]
    done: Vec<(String, String, u64)>,
    #[serde(default)]
    failed: Vec<(String, String, String)>,
    #[serde(default)]
    unmet: Vec<(String, String, String)>,
    #[serde(default)]
    skipped: Vec<(String, String)>,
    #[serde(default)]
    stopped: bool,
    #[serde(default)]
    has_errors: bool,
}

#[test]
fn applies() {
    check("apply", |text| {
        let case: ApplyCase = serde_json::from_str(text).unwrap();
        let done = case.done.into_iter().map(|(at, symbol, took)| (at, action(&symbol), Duration::from_millis(took)));
        let failed = case.failed.into_iter().map(|(address, symbol, why)| (address, action(&symbol), why));
        let unmet = case.unmet.into_iter().map(|(address, symbol, why)| (address, action(&symbol), why));
        let report = ApplyReport {
            recorded: Vec::new(),
            imported: 0,
            done: done.collect(),
            failed: failed.collect(),
            unmet: unmet.collect(),
            skipped: case.skipped,
            stopped: case.stopped,
            has_errors: case.has_errors,
        };
        vec![("txt", styles(|style| terminal::apply_report(&report, style)))]
    });
}

/// The name of a product and its block's body.
#[derive(Deserialize)]
struct ProductCase(String, Json);

#[test]
fn products() {
    check("product", |text| {
        let cases: Vec<ProductCase> = serde_json::from_str(text).unwrap();
        let products: Vec<Descriptor> =
            cases.iter().map(|ProductCase(name, body)| Descriptor::from_value(name, &value(body)).unwrap()).collect();
        let mut shown = styles(|style| terminal::product_list(&products, style));
        for product in &products {
            let resources = ["local_bucket.landing".to_owned(), "module.load.local_job.load[0]".to_owned()];
            shown.push_str(&format!("\n======== {}\n", product.id()));
            shown.push_str(&styles(|style| terminal::product(product, &resources, style)));
        }
        vec![("txt", shown)]
    });
}

#[test]
fn values() {
    check("value", |text| {
        let values: Vec<Json> = serde_json::from_str(text).unwrap();
        let shown: Vec<_> = values.iter().map(|json| value_text::value_text(&value(json)) + "\n").collect();
        vec![("txt", shown.join("---\n"))]
    });
}
