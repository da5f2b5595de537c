//! What the configuration says of money and use reaches the plan, at any depth, and what is wrong is found at its place.

use mesh_cost::{Budget, Scope};
use mesh_engine::{PlanOptions, Planned};
use mesh_plan::PlanMode;

use crate::bench::{Bench, Config, normal};

/// The quantities of an object's components after the plan, such as `requests 500`.
fn quantities(planned: &Planned, address: &str) -> Vec<String> {
    let item = planned.plan.cost.items.iter().find(|item| *item.address == *address).unwrap();
    let components = item.after.as_ref().unwrap().components().iter();
    let late = |late: bool| if late { ", late" } else { "" };
    components.map(|c| format!("{} {}{}", c.name, c.quantity.interval, late(c.quantity.late))).collect()
}

fn limits(planned: &Planned) -> Vec<String> {
    let limits = planned.plan.cost.rules.limits.iter();
    limits.map(|limit| format!("{}: {}", limit.scope, limit.budget)).collect()
}

/// The codes of what is wrong and where: the text at fault.
fn wrong(bench: &Bench, text: &str) -> Vec<String> {
    let (_, diagnostics) = bench.checked([("main.mesh.hcl", text)]);
    let at = |diagnostic: &mesh_diagnostics::Diagnostic| {
        let span = diagnostic.subject.unwrap();
        format!("{} {}", diagnostic.code, &text[span.start as usize..span.end as usize])
    };
    diagnostics.sorted().into_iter().map(at).collect()
}

async fn planned(bench: &Bench, config: &Config) -> Planned {
    bench.plan(config, &normal()).await.unwrap()
}

const BUDGETS: &str = r#"
locals {
  limit = 5000
}
mesh {
  currency = "EUR"
  budget {
    amount     = local.limit
    thresholds = [80, 50, 80]
  }
  exchange_rate "EUR" {
    usd  = 1.08
    date = "2026-11-01"
  }
}
mesh {
  price_override "half" {
    key     = "test/things/*"
    percent = -50
  }
  shared_cost "all" {
    resources = ["module.orders"]
    shares    = { "sales.orders" = 60 }
  }
}
domain "sales" {
  budget {
    amount   = 1000
    currency = "EUR"
    period   = "yearly"
  }
}
module "orders" {
  source = "./orders"
}
output "allowed" {
  value = module.orders.allowed
}
"#;

const ORDERS: &str = r#"
data_product "orders" {
  domain  = "sales"
  owner   = "sales-data@example.com"
  version = "1.0.0"
  budget {
    amount    = 100
    basis     = "high"
    on_exceed = "warn"
  }
}
resource "test_thing" "a" {
  name = "a"
  size = 1
}
output "allowed" {
  value = "${data_product.orders.budget.amount} ${data_product.orders.budget.currency}"
}
"#;

#[tokio::test]
async fn what_is_said_of_money_is_in_the_plan() {
    let bench = Bench::new();
    let config = bench.module([("main.mesh.hcl", BUDGETS), ("orders/main.mesh.hcl", ORDERS)]);
    let planned = planned(&bench, &config).await;
    let expected = [
        "the mesh: 5000 USD a month, thresholds 50% 80%",
        "domain sales: 1000 EUR a year",
        "product sales.orders: 100 USD a month, of the high end, warns only",
    ];
    assert_eq!(limits(&planned), expected);
    let rules = &planned.plan.cost.rules;
    assert_eq!(rules.currency.as_deref(), Some("EUR"));
    assert_eq!((rules.rates.len(), rules.overrides.len(), rules.shared.len()), (1, 1, 1));
    let allowed = planned.plan.outputs.first().and_then(|output| output.after.clone()).unwrap();
    assert_eq!(allowed.as_str(), Some("100 USD"));
}

#[tokio::test]
async fn limits_and_owners_hold_whatever_is_chosen() {
    let bench = Bench::new();
    let config = bench.module([("main.mesh.hcl", BUDGETS), ("orders/main.mesh.hcl", ORDERS)]);
    let all = limits(&planned(&bench, &config).await);
    let chosen = |options: PlanOptions| PlanOptions { refresh: true, ..options };
    let target = PlanOptions { targets: vec!["module.orders.test_thing.a".into()], ..PlanOptions::default() };
    let planned = bench.plan(&config, &chosen(target)).await.unwrap();
    assert_eq!(limits(&planned), all);
    assert_eq!(planned.plan.cost.items[0].product.as_deref(), Some("sales.orders"));
    assert!(planned.plan.products.is_empty(), "the product itself was not chosen");
    let exclude = PlanOptions { excludes: vec!["module.orders".into()], ..PlanOptions::default() };
    assert_eq!(limits(&bench.plan(&config, &chosen(exclude)).await.unwrap()), all);
    let destroy = PlanOptions { mode: PlanMode::Destroy, ..PlanOptions::default() };
    assert_eq!(limits(&bench.plan(&config, &chosen(destroy)).await.unwrap()).len(), 2);
}

/// A port whose location is another object's.
const PORT: &str = r#"
data_product "orders" {
  domain  = "sales"
  owner   = "sales-data@example.com"
  version = "1.0.0"
  budget {
    amount = 100
  }
  output "daily" {
    kind     = "table"
    location = LOCATION
  }
}
resource "test_thing" "place" {
  name  = "place"
  count = COUNT
}
resource "test_thing" "seed" {
  name = "seed"
}
"#;

#[tokio::test]
async fn a_product_that_cannot_be_told_yet_owns_its_objects_and_holds_its_budget() {
    let bench = Bench::new();
    let config =
        |location: &str, count: &str| bench.config(&PORT.replace("LOCATION", location).replace("COUNT", count));
    let whole = ["product sales.orders: 100 USD a month"];
    // What the port reads is not chosen.
    let target = PlanOptions { targets: vec!["test_thing.seed".into()], refresh: true, ..PlanOptions::default() };
    let chosen = bench.plan(&config("test_thing.place[0].id", "1"), &target).await.unwrap();
    assert_eq!(limits(&chosen), whole);
    assert!(chosen.plan.cost.items.iter().all(|item| item.product.as_deref() == Some("sales.orders")));
    assert!(chosen.plan.products.is_empty());
    // What the port reads is decided during apply; the product, which there is, stays meanwhile.
    bench.done(&config("test_thing.place[0].id", "1")).await;
    let late = bench.config(&format!(
        "{}\nresource \"test_thing\" \"late\" {{\n name = \"late\"\n}}",
        PORT.replace("LOCATION", "join(\",\", test_thing.place[*].id)").replace("COUNT", "length(test_thing.late.id)")
    ));
    let planned = planned(&bench, &late).await;
    assert_eq!(limits(&planned), whole);
    assert!(planned.plan.cost.items.iter().all(|item| item.product.as_deref() == Some("sales.orders")));
    let actions: Vec<_> = planned.plan.products.iter().map(|product| product.action).collect();
    assert_eq!(actions, [mesh_plan::Action::NoOp]);
}

#[tokio::test]
async fn a_budget_is_part_of_its_product() {
    let bench = Bench::new();
    let product = |budget: &str| {
        format!("data_product \"o\" {{\n domain = \"s\"\n owner = \"me\"\n version = \"1.0.0\"\n {budget}\n}}")
    };
    bench.done(&bench.config(&product(""))).await;
    let same = planned(&bench, &bench.config(&product(""))).await;
    assert!(!same.plan.has_changes());
    let budget = product("budget {\n amount = 5\n }");
    assert!(planned(&bench, &bench.config(&budget)).await.plan.has_changes());
    bench.done(&bench.config(&budget)).await;
    assert!(!planned(&bench, &bench.config(&budget)).await.plan.has_changes());
    let scopes: Vec<(Scope, Budget)> = planned(&bench, &bench.config(&budget))
        .await
        .plan
        .cost
        .rules
        .limits
        .into_iter()
        .map(|limit| (limit.scope, limit.budget))
        .collect();
    assert_eq!(scopes[0].0, Scope::Product("s.o".into()));
}

#[tokio::test]
async fn use_is_declared_of_types_and_addresses_at_any_depth() {
    let bench = Bench::new();
    let root = r#"
usage "test_thing" {
  requests = 100
}
usage "module.m.test_thing.named" {
  requests = { low = 1, expected = 5, high = 9 }
}
usage "test_thing.late" {
  requests = { low = 10, expected = length(test_thing.plain.id) }
}
module "m" {
  source = "./m"
}
resource "test_thing" "plain" {
  name = "plain"
}
resource "test_thing" "late" {
  name = "late"
}
"#;
    let inner = r#"
locals {
  many = 7
}
usage "test_thing" {
  requests = local.many
}
usage "test_thing.named" {
  requests = 1000
}
resource "test_thing" "plain" {
  name = "inner"
}
resource "test_thing" "named" {
  name = "named"
}
"#;
    let config = bench.module([("main.mesh.hcl", root), ("m/main.mesh.hcl", inner)]);
    let planned = planned(&bench, &config).await;
    assert_eq!(quantities(&planned, "test_thing.plain"), ["requests 100"]);
    assert_eq!(quantities(&planned, "module.m.test_thing.plain"), ["requests 7"]);
    assert_eq!(quantities(&planned, "module.m.test_thing.named"), ["requests 1 .. 5 .. 9"]);
    assert_eq!(quantities(&planned, "test_thing.late"), ["requests 10 .. 10 .. open, late"]);
}

#[tokio::test]
async fn what_may_be_declared_is_told_with_its_units() {
    let bench = Bench::new();
    let text = "resource \"test_thing\" \"a\" {\n name = \"a\"\n}\n\
                usage \"test_thing.a\" {\n request = 1\n storage_gb = -1\n}\n\
                usage \"test_thing.b\" {\n requests = 1\n}\n\
                usage \"test_thin\" {\n requests = 1\n}";
    let expected = [
        "unknown-usage request",
        "invalid-usage -1",
        "unknown-usage \"test_thing.b\"",
        "unknown-resource-type \"test_thin\"",
    ];
    assert_eq!(wrong(&bench, text), expected);
    let (_, diagnostics) = bench.checked([("main.mesh.hcl", text)]);
    let first = diagnostics.sorted()[0].clone();
    let detail = "`test_thing` has no `request` that use decides; it has `requests` (request) and `storage_gb` (GB).";
    assert_eq!((first.detail.as_str(), first.hints), (detail, vec!["Did you mean `requests`?".to_owned()]));
}

#[tokio::test]
async fn what_is_known_after_apply_is_no_budget_and_stops_no_deletion() {
    let bench = Bench::new();
    let text = "resource \"test_thing\" \"a\" {\n name = \"a\"\n}\n\
                mesh {\n budget {\n amount = length(test_thing.a.id)\n }\n}";
    let (config, diagnostics) = bench.checked([("main.mesh.hcl", text)]);
    assert!(!diagnostics.has_errors(), "validate can't tell: {diagnostics:#?}");
    let found = bench.plan(&config, &normal()).await.err().unwrap();
    let told: Vec<_> = found.iter().map(|diagnostic| (diagnostic.code, diagnostic.values.len())).collect();
    assert_eq!(told, [("cost-known-after-apply", 1)]);
    bench.plan(&config, &crate::bench::destroy()).await.unwrap();
}
