//! Budgets held against every way in which what is unknown may turn out.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use jiff::civil::{Date, date};
use mesh_cost::{
    Basis, Book, Budget, BudgetBasis, Estimate, Item, Ledger, Limit, OnExceed, Period, Prices, Rules, Scope, Status,
    verdicts,
};
use mesh_provider::cost::{Charges, Costs, Decimal, Interval, PriceKey, Quantity};
use proptest::prelude::*;

const TODAY: Date = date(2026, 11, 1);

/// The first 10 cost 2 each, what is above 1 each.
fn book() -> Book {
    let text = "key,region,unit,from,usd,date,sources\n\
                v/s/a,r,unit,0,2,2026-10-01,x\n\
                v/s/a,r,unit,10,1,2026-10-01,x\n";
    Book::read("t.csv", text.as_bytes()).unwrap()
}

/// An object with what is known of it, and how it turns out.
#[derive(Clone, Debug)]
struct Object {
    before: Option<u32>,
    after: Quantity,
    /// Where between the bounds of `after` it will be, in percent.
    turns_out: u32,
    is_changed: bool,
}

impl Object {
    /// What it is by the time when it is made.
    fn known(&self) -> Quantity {
        if !self.after.late {
            return self.after.clone();
        }
        let Interval { low, high, .. } = self.after.interval;
        let high = high.unwrap_or(low + Decimal::from(50));
        Quantity::exactly((low + (high - low) * Decimal::from(self.turns_out) / Decimal::from(100)).floor())
    }

    fn item(&self, number: usize, after: &Quantity) -> Item {
        let before = self.before.map(|before| costs(&Quantity::exactly(before)));
        // What is not changed costs what it did.
        let after = if self.is_changed { Some(costs(after)) } else { before.clone() };
        Item {
            address: address(number),
            ty: "v_object".into(),
            product: None,
            tags: Default::default(),
            before,
            after,
            count: None,
        }
    }
}

fn address(number: usize) -> std::sync::Arc<str> {
    format!("v_object.o{number}").into()
}

fn costs(quantity: &Quantity) -> Costs {
    let mut charges = Charges::default();
    charges.add("part", PriceKey::new("v/s/a", "r"), "unit", quantity.clone());
    charges.into()
}

fn quantity() -> impl Strategy<Value = Quantity> {
    let wide = (0u32..30, 0u32..30, 0u32..30, any::<bool>(), any::<bool>());
    wide.prop_map(|(low, more, further, is_open, is_late)| {
        let high = (!is_open).then(|| Decimal::from(low + more + further));
        let interval = Interval::new(low.into(), (low + more).into(), high);
        if is_late { Quantity::late(interval, "late") } else { Quantity::wide(interval, "wide") }
    })
}

fn objects() -> impl Strategy<Value = Vec<Object>> {
    let object = (proptest::option::of(0u32..40), quantity(), 0u32..=100, any::<bool>());
    let object =
        object.prop_map(|(before, after, turns_out, is_changed)| Object { before, after, turns_out, is_changed });
    proptest::collection::vec(object, 1..8)
}

fn basis(objects: &[Object], quantity: impl Fn(&Object) -> Quantity) -> Basis {
    let items = objects.iter().enumerate().map(|(number, object)| object.item(number, &quantity(object)));
    Basis { items: items.collect(), ..Basis::default() }
}

fn limit(amount: u32, basis: BudgetBasis) -> Limit {
    let budget = Budget {
        amount: amount.into(),
        currency: "USD".into(),
        period: Period::Monthly,
        basis,
        on_exceed: OnExceed::Deny,
        thresholds: vec![50.into()],
    };
    Limit { scope: Scope::Mesh, budget }
}

fn held() -> impl Strategy<Value = BudgetBasis> {
    prop_oneof![Just(BudgetBasis::Expected), Just(BudgetBasis::High)]
}

/// The number that a budget is about, of what is not late any more; `None` where it is not bounded.
fn number(
    estimate: &Estimate,
    basis: BudgetBasis,
    of: fn(&mesh_cost::Line) -> Option<&mesh_cost::Cost>,
) -> Option<Decimal> {
    estimate.lines.iter().filter_map(of).try_fold(Decimal::ZERO, |sum, cost| {
        let Interval { expected, high, .. } = cost.amount.interval;
        Some(sum + if basis == BudgetBasis::Expected { expected } else { high? })
    })
}

/// The least of it: what has no bound counts with its low end.
fn least(estimate: &Estimate, basis: BudgetBasis, of: fn(&mesh_cost::Line) -> Option<&mesh_cost::Cost>) -> Decimal {
    estimate.lines.iter().filter_map(of).map(|cost| sure(&cost.amount.interval, basis)).sum()
}

/// The number that a budget is about, or the low end where there is none.
fn sure(interval: &Interval, basis: BudgetBasis) -> Decimal {
    let Interval { low, expected, high } = *interval;
    if basis == BudgetBasis::Expected { expected } else { high.unwrap_or(low) }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(2048) })]

    #[test]
    fn a_verdict_is_what_every_outcome_says(objects in objects(), amount in 0u32..400, basis_of in held()) {
        let (book, rules, limit) = (book(), Rules::default(), limit(amount, basis_of));
        let pricing = Prices { book: &book, today: TODAY }.under(&rules);
        let planned = Estimate::new(&basis(&objects, |object| object.after.clone()), &pricing);
        let verdict = &verdicts(&planned, std::slice::from_ref(&limit), &pricing)[0];
        let known = Estimate::new(&basis(&objects, Object::known), &pricing);
        let outcome = number(&known, basis_of, |line| line.after.as_ref());
        let amount = Decimal::from(amount);
        match verdict.status {
            Status::Within | Status::Reached(_) => prop_assert!(outcome.is_some_and(|outcome| outcome <= amount)),
            Status::Exceeded => prop_assert!(least(&known, basis_of, |line| line.after.as_ref()) > amount),
            Status::Undecided => {}
        }
    }

    #[test]
    fn a_ledger_never_admits_what_passes_its_budget(objects in objects(), amount in 0u32..400, basis_of in held()) {
        let (book, rules, limit) = (book(), Rules::default(), limit(amount, basis_of));
        let pricing = Prices { book: &book, today: TODAY }.under(&rules);
        let planned = Estimate::new(&basis(&objects, |object| object.after.clone()), &pricing);
        let refuses = verdicts(&planned, std::slice::from_ref(&limit), &pricing)[0].refuses();
        let mut ledger = Ledger::new(planned, std::slice::from_ref(&limit), pricing);
        // What came of each object: it was made as is known, or it is as it was.
        let mut is_done = vec![false; objects.len()];
        let mut all_rise = true;
        for (number, object) in objects.iter().enumerate().filter(|(_, object)| object.is_changed) {
            let costs = costs(&object.known());
            if ledger.admit(vec![(address(number), costs)]).is_err() {
                break;
            }
            is_done[number] = true;
            all_rise &= object.known().interval.low >= object.before.unwrap_or_default().into();
        }
        let now: Vec<Object> = objects.iter().zip(&is_done).map(|(object, is_done)| {
            // What was not made is not there, and what was not changed is as it was, but for what the plan surely makes
            // cheaper: that counts as done.
            let frees = !object.after.late && sure(&object.after.interval, basis_of) <= object.before.unwrap_or_default().into();
            Object { is_changed: object.is_changed && (*is_done || frees), ..object.clone() }
        }).collect();
        let now = Estimate::new(&basis(&now, Object::known), &pricing);
        let before = least(&now, basis_of, |line| line.before.as_ref());
        let after = least(&now, basis_of, |line| line.after.as_ref());
        // Where each only rises, the total is never above both the budget and what it was.
        if all_rise {
            prop_assert!(after <= Decimal::from(amount).max(before), "{after} of {amount}, before {before}");
        }
        // A plan that would be refused because it surely costs more is never carried out wholly where all is known.
        let all_known = objects.iter().all(|object| !object.after.late);
        let whole = Estimate::new(&basis(&objects, Object::known), &pricing);
        let surely_more =
            least(&whole, basis_of, |line| line.after.as_ref()) > least(&whole, basis_of, |line| line.before.as_ref());
        if refuses && all_known && all_rise && surely_more {
            prop_assert!(objects.iter().zip(&is_done).any(|(object, is_done)| object.is_changed && !is_done));
        }
    }
}

#[test]
fn one_part_without_a_bound_does_not_hide_what_the_others_surely_cost() {
    let (book, rules) = (book(), Rules::default());
    let pricing = Prices { book: &book, today: TODAY }.under(&rules);
    let object = |after: Quantity| Object { before: None, after, turns_out: 0, is_changed: true };
    let open = object(Quantity::wide(Interval::OPEN, "not declared"));
    // 10 x 2 + 20 x 1 = 40 at most
    let wide = object(Quantity::wide(Interval::new(0.into(), 5.into(), Some(30.into())), "a range"));
    let estimate = Estimate::new(&basis(&[open, wide], |object| object.after.clone()), &pricing);
    let verdict = &verdicts(&estimate, &[limit(39, BudgetBasis::High)], &pricing)[0];
    assert_eq!((verdict.status, verdict.least), (Status::Exceeded, 40.into()));
}

#[test]
fn each_of_many_objects_has_tiers_of_its_own() {
    let (book, rules) = (book(), Rules::default());
    let pricing = Prices { book: &book, today: TODAY }.under(&rules);
    let object = Object { before: None, after: Quantity::exactly(10), turns_out: 0, is_changed: true };
    let count = Quantity::late(Interval::between(2.into(), Some(4.into())), "the count is known after apply");
    let mut basis = basis(&[object], |object| object.after.clone());
    basis.items[0].count = Some(count);
    let estimate = Estimate::new(&basis, &pricing);
    let amount = &estimate.lines[0].after.as_ref().unwrap().amount;
    // 2, 3 and 4 times 10 x 2, as where each has a line
    assert_eq!(amount.interval, Interval::new(40.into(), 60.into(), Some(80.into())));
    assert_eq!(amount.late, amount.interval);
}
