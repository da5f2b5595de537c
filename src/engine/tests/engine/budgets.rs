//! Budgets while a plan is applied: nothing is begun that would pass one, and what was done is known.

use mesh_cost::{Book, Budget, BudgetBasis, Limit, OnExceed, Period, Scope, Spending, Status};
use mesh_engine::{Applied, Planned};
use mesh_provider::cost::Interval;
use mesh_state::ChangeResult;

use crate::bench::{Bench, Config, Run, changes, normal};
use crate::provider::Quirk;

/// One of `size` costs 1 USD a month.
fn bench() -> Bench {
    let text = "key,region,unit,from,usd,date,sources\ntest/things/thing,here,unit,0,1,2026-01-01,a\n";
    Bench { book: Book::read("t.csv", text.as_bytes()).unwrap(), parallelism: 1, ..Bench::new() }
}

fn limit(amount: u32) -> Limit {
    let budget = Budget {
        amount: amount.into(),
        currency: "USD".into(),
        period: Period::Monthly,
        basis: BudgetBasis::Expected,
        on_exceed: OnExceed::Deny,
        thresholds: Vec::new(),
    };
    Limit { scope: Scope::Mesh, budget }
}

/// A plan under a budget of the mesh.
async fn plan(bench: &Bench, config: &Config, amount: u32) -> Planned {
    let mut planned = bench.plan(config, &normal()).await.unwrap();
    planned.plan.cost.rules.limits = vec![limit(amount)];
    planned
}

fn spending(bench: &Bench, planned: &Planned) -> Spending {
    Spending::new(&planned.plan.cost, &bench.book, jiff::civil::date(2026, 11, 1))
}

fn status(bench: &Bench, planned: &Planned) -> Status {
    spending(bench, planned).verdicts[0].status
}

async fn apply(bench: &Bench, config: &Config, planned: Planned) -> Box<Applied> {
    match bench.carry_out(config, planned).await {
        Run::Ended(applied) => applied,
        other => panic!("{other:#?}"),
    }
}

/// What came of each change, and why.
fn results(applied: &Applied) -> Vec<String> {
    let line = |outcome: &mesh_engine::ChangeOutcome| {
        let why = outcome.why.as_ref().map(|why| format!(": {why}")).unwrap_or_default();
        format!("{} {:?}{why}", outcome.address, outcome.result)
    };
    applied.results.iter().map(line).collect()
}

/// `b` is small or large, which is known when `a` is there; `c` comes after it.
fn late(small: u32, large: u32) -> String {
    format!(
        "resource \"test_thing\" \"a\" {{\n name = \"a\"\n size = 10\n}}\n\
         resource \"test_thing\" \"b\" {{\n name = \"b\"\n size = test_thing.a.id == \"\" ? {small} : {large}\n}}\n\
         resource \"test_thing\" \"c\" {{\n name = \"c\"\n value = test_thing.b.id\n}}"
    )
}

#[tokio::test]
async fn what_is_known_to_exceed_is_known_while_planning() {
    let bench = bench();
    let config = bench.config("resource \"test_thing\" \"a\" {\n name = \"a\"\n size = 500\n}");
    let planned = plan(&bench, &config, 100).await;
    let verdict = &spending(&bench, &planned).verdicts[0];
    assert!(verdict.refuses());
    assert_eq!(verdict.excess(), 400.into());
    assert!(!spending(&bench, &plan(&bench, &config, 500).await).verdicts[0].refuses());
}

#[tokio::test]
async fn what_is_decided_during_apply_stops_before_it_passes_the_budget() {
    let bench = bench();
    let config = bench.config(&late(20, 300));
    let planned = plan(&bench, &config, 100).await;
    let spending = spending(&bench, &planned);
    assert_eq!(spending.verdicts[0].status, Status::Undecided);
    assert_eq!(spending.verdicts[0].after.interval, Interval::new(30.into(), 170.into(), Some(310.into())));

    let applied = apply(&bench, &config, planned).await;
    assert!(applied.over_budget && !applied.stopped && !applied.is_complete());
    let expected = [
        "test_thing.a Done",
        "test_thing.b Skipped: it would pass the budget of the mesh",
        "test_thing.c Skipped: stopped: the budget of the mesh would be passed",
    ];
    assert_eq!(results(&applied), expected);
    let told: Vec<_> = applied.diagnostics.iter().collect();
    assert_eq!((told.len(), told[0].code, told[0].address.as_deref()), (1, "budget-exceeded", Some("test_thing.b")));
    assert!(told[0].subject.is_some());
    assert!(told[0].detail.contains("310.00 USD: 210.00 USD more than the 100.00 USD"), "{}", told[0].detail);
    assert!(bench.platform.named("b").is_none(), "`b` was made");
    assert!(bench.stored().await.1.is_empty(), "an operation is open");

    // The next plan goes on from there: now it is known.
    let planned = plan(&bench, &config, 100).await;
    assert_eq!(changes(&planned), ["create test_thing.b", "create test_thing.c"]);
    assert_eq!(status(&bench, &planned), Status::Exceeded);
    let applied = apply(&bench, &config, plan(&bench, &config, 310).await).await;
    assert!(applied.is_complete(), "{applied:#?}");
}

#[tokio::test]
async fn what_turns_out_to_fit_is_made() {
    let bench = bench();
    let config = bench.config(&late(300, 20));
    let planned = plan(&bench, &config, 100).await;
    assert_eq!(status(&bench, &planned), Status::Undecided);
    let applied = apply(&bench, &config, planned).await;
    assert!(applied.is_complete() && !applied.over_budget, "{applied:#?}");
}

#[tokio::test]
async fn each_is_counted_on_top_of_what_was_admitted_before() {
    let bench = bench();
    let each = |name: &str| {
        format!(
            "resource \"test_thing\" \"{name}\" {{\n name = \"{name}\"\n size = test_thing.a.id == \"\" ? 0 : 40\n}}\n"
        )
    };
    let text = format!("resource \"test_thing\" \"a\" {{\n name = \"a\"\n}}\n{}{}{}", each("b"), each("c"), each("d"));
    let config = bench.config(&text);
    let applied = apply(&bench, &config, plan(&bench, &config, 100).await).await;
    assert!(applied.over_budget);
    let made = applied.results.iter().filter(|outcome| outcome.result == ChangeResult::Done).count();
    assert_eq!(made, 3, "`a` and two of 40 fit into 100: {:?}", results(&applied));
}

#[tokio::test]
async fn what_is_above_its_budget_can_become_cheaper() {
    let bench = bench();
    let text = |size: &str| format!("resource \"test_thing\" \"a\" {{\n name = \"a\"\n size = {size}\n}}");
    bench.done(&bench.config(&text("500"))).await;
    let config = bench.config(&text("400"));
    let planned = plan(&bench, &config, 100).await;
    let verdict = &spending(&bench, &planned).verdicts[0];
    assert_eq!((verdict.status, verdict.refuses()), (Status::Exceeded, false));
    assert!(apply(&bench, &config, planned).await.is_complete());
}

#[tokio::test]
async fn a_replacement_that_is_refused_says_that_the_old_object_is_gone() {
    let bench = bench();
    let text = |base: &str, size: &str| {
        format!(
            "resource \"test_thing\" \"a\" {{\n name = \"a\"\n value = \"{base}\"\n}}\n\
             resource \"test_thing\" \"b\" {{\n name = \"b\"\n base = \"{base}\"\n size = {size}\n}}"
        )
    };
    bench.done(&bench.config(&text("one", "5"))).await;
    let config = bench.config(&text("two", "test_thing.a.rev == \"\" ? 5 : 500"));
    let applied = apply(&bench, &config, plan(&bench, &config, 100).await).await;
    assert!(applied.over_budget);
    assert_eq!(results(&applied), ["test_thing.a Done", "test_thing.b Failed"]);
    let told = &applied.diagnostics.iter().next().unwrap().detail;
    assert!(told.contains("Its old object is deleted, and it was not made anew."), "{told}");
}

/// So many of `b` as turns out when `a` is there, each of 60.
const COUNTED: &str = "resource \"test_thing\" \"a\" {\n name = \"a\"\n size = 10\n}\n\
                       resource \"test_thing\" \"b\" {\n count = test_thing.a.id == \"\" ? 1 : 3\n name = \"b${count.index}\"\n size = 60\n}";

/// The lines of an estimate after the change, such as `test_thing.a: 10`.
fn after(bench: &Bench, planned: &Planned) -> Vec<String> {
    let estimate = spending(bench, planned).estimate;
    let line = |line: &mesh_cost::Line| {
        let after = line.after.as_ref()?;
        let undecided = if after.amount.is_undecided { " undecided" } else { "" };
        Some(format!("{}: {}{undecided}", line.address, after.amount.interval))
    };
    estimate.lines.iter().filter_map(line).collect()
}

#[tokio::test]
async fn so_many_as_are_decided_during_apply_cost_so_many_times_one() {
    let bench = bench();
    let config = bench.config(COUNTED);
    let planned = plan(&bench, &config, 100).await;
    assert_eq!(after(&bench, &planned), ["test_thing.a: 10", "test_thing.b: 60 .. 120 .. 180"]);
    let verdict = &spending(&bench, &planned).verdicts[0];
    assert_eq!((verdict.status, verdict.least, verdict.most), (Status::Undecided, 70.into(), Some(190.into())));
    let line = &spending(&bench, &planned).estimate.lines[1];
    assert_eq!(&*line.count.as_ref().unwrap().because[0], "`count` of test_thing.b is known after apply");

    // The first round makes what decides it, the next one knows.
    assert!(apply(&bench, &config, planned).await.is_complete());
    let planned = plan(&bench, &config, 100).await;
    let verdict = &spending(&bench, &planned).verdicts[0];
    assert!(verdict.refuses());
    assert_eq!(verdict.least, 190.into());
    // It can't be carried out either where nobody looks at the verdict.
    let applied = apply(&bench, &config, planned).await;
    assert!(applied.over_budget);
    assert!(bench.platform.named("b0").is_none(), "{:?}", results(&applied));
}

#[tokio::test]
async fn what_surely_exceeds_however_many_there_will_be_is_refused_while_planning() {
    let bench = bench();
    let config = bench.config(COUNTED);
    assert!(spending(&bench, &plan(&bench, &config, 69).await).verdicts[0].refuses());
    assert_eq!(status(&bench, &plan(&bench, &config, 190).await), Status::Within);
}

#[tokio::test]
async fn what_there_is_of_a_block_that_is_decided_later_costs_as_before_until_then() {
    let bench = bench();
    let text = "resource \"test_thing\" \"b\" {\n count = 2\n name = \"b${count.index}\"\n size = 60\n}";
    bench.done(&bench.config(text)).await;
    let config = bench.config(COUNTED);
    let planned = plan(&bench, &config, 100).await;
    let verdict = &spending(&bench, &planned).verdicts[0];
    assert_eq!((verdict.before.interval.expected, verdict.status), (120.into(), Status::Undecided));
    assert_eq!(after(&bench, &planned), ["test_thing.a: 10", "test_thing.b: 60 .. 120 .. 180"]);
}

#[tokio::test]
async fn modules_of_which_nobody_knows_how_many_there_will_be_are_counted() {
    let bench = bench();
    let root = "resource \"test_thing\" \"a\" { name = \"a\" }\n\
                module \"m\" {\n source = \"./m\"\n for_each = toset(test_thing.a.id == \"\" ? [\"x\"] : [\"x\", \"y\"])\n\
                name = each.key\n}";
    let inner = "variable \"name\" { type = string }\nlocals { size = 5 }\n\
                 resource \"test_thing\" \"b\" {\n count = 4\n name = \"${var.name}${count.index}\"\n size = local.size\n}\n\
                 resource \"test_thing\" \"c\" {\n name = \"${var.name}-c\"\n size = length(test_thing.b)\n}";
    let config = bench.module([("main.mesh.hcl", root), ("m/main.mesh.hcl", inner)]);
    let planned = plan(&bench, &config, 100).await;
    let after = after(&bench, &planned);
    let expected = [
        "test_thing.a: 0",
        "module.m.test_thing.b[0]: 5 .. 7.5 .. 10",
        "module.m.test_thing.b[1]: 5 .. 7.5 .. 10",
        "module.m.test_thing.b[2]: 5 .. 7.5 .. 10",
        "module.m.test_thing.b[3]: 5 .. 7.5 .. 10",
        "module.m.test_thing.c: 4 .. 6 .. 8",
    ];
    assert_eq!(after, expected);
    assert!(apply(&bench, &config, planned).await.is_complete());
    let planned = plan(&bench, &config, 100).await;
    assert_eq!(spending(&bench, &planned).estimate.total().after.interval, Interval::exactly(48));
}

#[tokio::test]
async fn what_reads_something_decided_later_is_planned_with_what_is_known() {
    let bench = bench();
    let text = format!(
        "{COUNTED}\nresource \"test_thing\" \"d\" {{\n name = \"d\"\n size = length(test_thing.b) > 2 ? 7 : 9\n}}"
    );
    let config = bench.config(&text);
    let planned = plan(&bench, &config, 500).await;
    assert_eq!(after(&bench, &planned)[2], "test_thing.d: 7 .. 8 .. 9");
}

#[tokio::test]
async fn what_came_since_a_plan_was_saved_counts() {
    let bench = bench();
    let text = |name: &str| format!("resource \"test_thing\" \"{name}\" {{\n name = \"{name}\"\n size = 60\n}}\n");
    let config = bench.config(&text("a"));
    let mut planned = plan(&bench, &config, 100).await;
    planned.plan.cost.rules.limits = vec![limit(100)];
    let saved = mesh_engine::save(&planned, &config.inputs(1), &normal(), &config.files, None, (0, 0));
    // Someone else makes something under the same budget in between.
    bench.done(&bench.config(&text("b"))).await;
    let (prior, intents) = bench.stored().await;
    let reopened = mesh_engine::reopen(&saved, &config.inputs(1), prior, &intents, None, &mesh_engine::Silent).await;
    let mut reopened = reopened.unwrap();
    assert_eq!(changes(&reopened), ["create test_thing.a"]);
    reopened.plan.cost.rules.limits = vec![limit(100)];
    assert!(spending(&bench, &reopened).verdicts[0].refuses());
    let applied = apply(&bench, &config, reopened).await;
    assert_eq!(results(&applied), ["test_thing.a Skipped: it would pass the budget of the mesh"]);
}

#[tokio::test]
async fn ways_to_get_under_are_asked_of_the_type() {
    let bench = bench();
    let config = bench.config("resource \"test_thing\" \"a\" {\n name = \"a\"\n size = 500\n}");
    let planned = plan(&bench, &config, 100).await;
    let spending = spending(&bench, &planned);
    let prices = mesh_cost::Prices { book: &bench.book, today: jiff::civil::date(2026, 11, 1) };
    let pricing = prices.under(&planned.plan.cost.rules);
    let mut alternatives = |address: &str, value: Option<&mesh_value::Value>| planned.alternatives(address, value);
    let ways = mesh_cost::ways(&spending.estimate, &spending.verdicts[0], &pricing, &mut alternatives);
    let told: Vec<_> = ways.iter().map(|way| (way.changes[0].change.as_str(), way.total.to_string())).collect();
    assert_eq!(told, [("`size = 25`", "25".to_owned())]);
}

#[tokio::test]
async fn what_makes_another_object_cost_more_is_held_too() {
    let bench = Bench { quirk: Quirk::Doubles, ..bench() };
    let large = "resource \"test_thing\" \"large\" {\n name = \"large\"\n size = 60\n}\n";
    bench.done(&bench.config(large)).await;
    let text = format!(
        "{large}resource \"test_thing\" \"a\" {{ name = \"a\" }}\n\
         resource \"test_thing\" \"doubling\" {{\n name = \"doubling\"\n uses = [test_thing.large.id]\n\
         value = test_thing.a.id == \"\" ? \"single\" : \"doubles\"\n}}"
    );
    let config = bench.config(&text);
    let planned = plan(&bench, &config, 100).await;
    assert_eq!(status(&bench, &planned), Status::Undecided);
    let applied = apply(&bench, &config, planned).await;
    let refused = "test_thing.doubling Skipped: it would pass the budget of the mesh";
    assert_eq!(results(&applied).last().map(String::as_str), Some(refused), "{:?}", results(&applied));
    let planned = plan(&bench, &config, 120).await;
    assert_eq!(status(&bench, &planned), Status::Within);
    assert!(apply(&bench, &config, planned).await.is_complete());
}
