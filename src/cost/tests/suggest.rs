//! Ways to get under a budget, found among changes of many objects.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use mesh_cost::{
    Basis, Book, Budget, BudgetBasis, Estimate, Item, Limit, OnExceed, Period, Prices, Rules, Scope, Way, verdicts,
    ways,
};
use mesh_provider::cost::{Charges, Costs, Decimal, PriceKey, Quantity, Saving};
use mesh_value::Value;

/// One machine costs 1.
fn costs(machines: i64) -> Costs {
    let mut charges = Charges::default();
    charges.add("machines", PriceKey::new("v/s/machine", "r"), "machine", Quantity::exactly(machines));
    charges.into()
}

fn saving(machines: i64, now: i64) -> (Saving, Costs) {
    let change = format!("machines = {machines} (now {now})");
    (Saving { change, caveat: None, value: Value::number(machines) }, costs(machines))
}

fn named(name: &str) -> String {
    format!("v_cluster.{name}")
}

/// Half as many machines; or an end to the object by night, which costs an eighth.
fn alternatives(planned: &[(&str, i64)], address: &str, value: Option<&Value>) -> Vec<(Saving, Costs)> {
    let planned = planned.iter().find(|(name, _)| named(name) == address).unwrap().1;
    let now = value.and_then(|value| value.as_number()?.to_u64()).map_or(planned, |now| i64::try_from(now).unwrap());
    let by_night =
        Saving { change: "stop by night".into(), caveat: Some("Jobs wait.".into()), value: Value::number(now / 8) };
    let mut alternatives = Vec::new();
    if now > 1 {
        alternatives.push(saving(now / 2, now));
    }
    if value.is_none() && address.starts_with("v_cluster.night") {
        alternatives.push((by_night, costs(now / 8)));
    }
    alternatives
}

fn found(planned: &[(&str, i64)], amount: u32) -> Vec<Way> {
    let text = "key,region,unit,from,usd,date,sources\nv/s/machine,r,machine,0,1,2026-10-01,x\n";
    let (book, rules) = (Book::read("t.csv", text.as_bytes()).unwrap(), Rules::default());
    let pricing = Prices { book: &book, today: jiff::civil::date(2026, 11, 1) }.under(&rules);
    let items = planned.iter().map(|(name, machines)| Item {
        address: named(name).into(),
        ty: "v_cluster".into(),
        product: None,
        tags: Default::default(),
        before: None,
        after: Some(costs(*machines)),
        count: None,
    });
    let estimate = Estimate::new(&Basis { items: items.collect(), ..Basis::default() }, &pricing);
    let budget = Budget {
        amount: amount.into(),
        currency: "USD".into(),
        period: Period::Monthly,
        basis: BudgetBasis::Expected,
        on_exceed: OnExceed::Deny,
        thresholds: Vec::new(),
    };
    let verdict = &verdicts(&estimate, &[Limit { scope: Scope::Mesh, budget }], &pricing)[0];
    ways(&estimate, verdict, &pricing, &mut |address, value| alternatives(planned, address, value))
}

/// Each way as `change; change -> total`.
fn told(ways: &[Way]) -> Vec<String> {
    let change = |change: &mesh_cost::Cheaper| {
        format!("{}: {} saves {}", change.address.trim_start_matches("v_cluster."), change.change, change.saved)
    };
    let way = |way: &Way| {
        let changes: Vec<String> = way.changes.iter().map(change).collect();
        format!("{} -> {}{}", changes.join("; "), way.total, if way.is_enough { "" } else { ", not enough" })
    };
    ways.iter().map(way).collect()
}

#[test]
fn one_change_that_is_enough_comes_before_two() {
    // 100 + 40 = 140; halving the first is the only single change that is enough.
    assert_eq!(told(&found(&[("a", 100), ("b", 40)], 90)), ["a: machines = 50 (now 100) saves 50 -> 90"]);
}

#[test]
fn the_least_painful_change_comes_first() {
    // Half of the night's 80 is enough, and so is its eighth, which comes later in its list.
    let expected = ["night: machines = 40 (now 80) saves 40 -> 60", "night: stop by night saves 70 -> 30"];
    assert_eq!(told(&found(&[("night", 80), ("b", 20)], 60)), expected);
}

#[test]
fn changes_of_one_object_build_on_each_other_and_are_told_as_one() {
    assert_eq!(told(&found(&[("a", 80)], 15)), ["a: machines = 10 (now 80) saves 70 -> 10"]);
}

#[test]
fn changes_of_several_objects_are_combined() {
    // 64 + 64 = 128; both halves make 64, and one after the other of a single object leaves 64 + 16 = 80.
    let found = found(&[("a", 64), ("b", 64)], 64);
    assert_eq!(found.len(), 1);
    let mut changes: Vec<String> = found[0].changes.iter().map(|change| change.address.to_string()).collect();
    changes.sort();
    assert_eq!((changes.join(" "), found[0].total), ("v_cluster.a v_cluster.b".to_owned(), Decimal::from(64)));
}

#[test]
fn where_nothing_is_enough_the_best_is_told() {
    let found = found(&[("a", 64), ("b", 3)], 0);
    assert_eq!(found.len(), 1);
    assert!(!found[0].is_enough);
    // 64 can be halved six times, 3 once.
    assert_eq!(found[0].total, Decimal::from(1 + 1));
}

#[test]
fn where_nothing_can_be_saved_there_is_no_way() {
    assert_eq!(told(&found(&[("a", 1)], 0)), [""; 0]);
}

#[test]
fn a_hundred_objects_are_searched_in_few_questions() {
    let names: Vec<String> = (0..100).map(|number| format!("night{number:03}")).collect();
    let planned: Vec<(&str, i64)> = names.iter().map(|name| (name.as_str(), 64)).collect();
    // 6400; six ends by night save 6 x 56 = 336
    let found = found(&planned, 6064);
    assert!(found[0].is_enough);
    assert_eq!(found[0].total, Decimal::from(6064));
}

#[test]
fn the_same_changes_in_another_order_are_one_way() {
    // By night 10, halved 5: in whatever order, that is one way.
    let found = found(&[("night", 80), ("b", 2)], 7);
    let told = told(&found);
    assert_eq!(told.len(), 1, "{told:#?}");
}

#[test]
fn the_objects_of_a_block_change_together() {
    // 40 + 40 + 40 + 10 = 130; what is written once halves the three.
    let told = told(&found(&[("a[0]", 40), ("a[1]", 40), ("a[2]", 40), ("b", 10)], 70));
    assert_eq!(told, ["a: machines = 20 (now 40) saves 60 -> 70"]);
}
