//! Holds a month of a bill against estimates and limits, product by product.

use std::collections::BTreeMap;
use std::sync::Arc;

use mesh_provider::cost::{Decimal, Interval};

use super::{Bill, ChargeKind, Month, MonthlyBill, Sum};
use crate::budget::Scope;
use crate::rollup::{By, roll_up};
use crate::spending::Spending;

/// What a product was expected to cost in a month.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Expectation {
    /// The estimate; `None` where there is none.
    pub estimated: Option<Interval>,
    /// What its budget allows.
    pub limit: Option<Decimal>,
}

impl Expectation {
    /// The same in a currency of which one is so much of this one.
    #[must_use]
    pub fn in_units_of(&self, rate: Decimal) -> Self {
        let converted = |amount: Decimal| amount.checked_div(rate).unwrap_or(amount);
        Self { estimated: self.estimated.map(|estimated| estimated.map(converted)), limit: self.limit.map(converted) }
    }
}

/// A month of a bill beside what was expected. All amounts are in the bill's currency.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Comparison {
    /// The month.
    pub month: Month,
    /// The currency of all amounts.
    pub currency: Arc<str>,
    /// How many of its days the bill covers.
    pub days: i8,
    /// Every product that was expected, or that the bill has.
    pub products: Vec<ActualProduct>,
    /// What has the tag with a value that is no known product.
    pub unknown: Vec<ActualProduct>,
    /// What has no tag.
    pub untagged: ActualProduct,
    /// How many lines that is.
    pub untagged_lines: u64,
    /// Everything.
    pub total: Sum,
}

/// What a product really cost.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ActualProduct {
    /// Its `domain.name`, as the tag has it; empty for what has no tag.
    pub id: Arc<str>,
    /// What was expected.
    pub expected: Expectation,
    /// What the bill has of it, without tax and credits.
    pub actual: Judged,
    /// What that becomes by the end of a month that the bill covers in part.
    pub projected: Option<Judged>,
    /// By kind of charge, with tax and credits.
    pub kinds: BTreeMap<ChargeKind, Decimal>,
    /// By service, the most expensive first.
    pub services: Vec<(Arc<str>, Decimal)>,
}

/// An amount beside what was expected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Judged {
    /// The amount.
    pub amount: Decimal,
    /// How it stands to the estimate.
    pub standing: Standing,
    /// By how much it is above the limit.
    pub over_limit: Option<Decimal>,
}

/// How an amount stands to an estimate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// There is no estimate.
    NotEstimated,
    /// It is inside of the interval.
    Within,
    /// It is so much above the high end.
    Over(Decimal),
    /// It is so much below the low end.
    Under(Decimal),
}

/// What products are expected to cost, and what their own budgets allow. Those of the estimate are expected to cost what it
/// says, and other declared ones nothing.
#[must_use]
pub fn expectations(
    spending: &Spending,
    declared: impl IntoIterator<Item = Arc<str>>,
) -> BTreeMap<Arc<str>, Expectation> {
    let nothing = Expectation { estimated: Some(Interval::ZERO), limit: None };
    let mut expected: BTreeMap<Arc<str>, Expectation> =
        declared.into_iter().map(|product| (product, nothing.clone())).collect();
    for (product, group) in roll_up(&spending.estimate, &By::Product) {
        if let Some(product) = product {
            expected.entry(product).or_default().estimated = Some(group.after.interval);
        }
    }
    for verdict in &spending.verdicts {
        if let Scope::Product(id) = &verdict.limit.scope {
            expected.entry(id.clone()).or_default().limit = Some(verdict.allowed);
        }
    }
    expected
}

/// Compares a month of a bill with what its products were expected to cost, in the bill's currency. `None` where the bill
/// has nothing of the month.
#[must_use]
pub fn compare(bill: &Bill, month: Month, expected: &BTreeMap<Arc<str>, Expectation>) -> Option<Comparison> {
    let of_month = bill.months.get(&month)?;
    let products = expected.iter().map(|(id, expected)| product(of_month, month, Some(id), expected)).collect();
    let mut unknown: Vec<&Arc<str>> = of_month.sums.keys().filter_map(|(product, _)| product.as_ref()).collect();
    unknown.retain(|id| !expected.contains_key(*id));
    unknown.dedup();
    let none = Expectation::default();
    Some(Comparison {
        month,
        currency: bill.currency.clone(),
        days: of_month.days,
        products,
        unknown: unknown.into_iter().map(|id| product(of_month, month, Some(id), &none)).collect(),
        untagged: product(of_month, month, None, &none),
        untagged_lines: of_month.untagged_lines,
        total: of_month.total(),
    })
}

fn product(of_month: &MonthlyBill, month: Month, id: Option<&Arc<str>>, expected: &Expectation) -> ActualProduct {
    let sum = of_month.of(id.map(|id| &**id));
    let is_partial = of_month.is_partial(month);
    let mut actual = judged(sum.compared(), expected);
    if is_partial && matches!(actual.standing, Standing::Under(_)) {
        // The month goes on.
        actual.standing = Standing::Within;
    }
    let projected = is_partial.then(|| judged(sum.projected(of_month.days, month.days()), expected));
    let of_services = of_month.sums.iter().filter(|((product, _), _)| product.as_ref() == id);
    let mut services: Vec<(Arc<str>, Decimal)> =
        of_services.map(|((_, service), sum)| (service.clone(), sum.compared())).collect();
    services.sort_by(|(left, less), (right, more)| more.cmp(less).then_with(|| left.cmp(right)));
    let id = id.cloned().unwrap_or_else(|| "".into());
    ActualProduct { id, expected: expected.clone(), actual, projected, kinds: sum.effective, services }
}

fn judged(amount: Decimal, expected: &Expectation) -> Judged {
    let above = |bound: Decimal| (amount > bound).then(|| amount.saturating_sub(bound));
    let standing = match expected.estimated {
        None => Standing::NotEstimated,
        Some(Interval { low, high, .. }) => match high.and_then(above) {
            Some(over) => Standing::Over(over),
            None if amount < low => Standing::Under(low.saturating_sub(amount)),
            None => Standing::Within,
        },
    };
    Judged { amount, standing, over_limit: expected.limit.and_then(above) }
}

impl MonthlyBill {
    /// Whether the month goes on after the last day that the bill has.
    #[must_use]
    pub fn is_partial(&self, month: Month) -> bool {
        self.days > 0 && self.days < month.days()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn number(text: &str) -> Decimal {
        text.parse().unwrap()
    }

    #[test]
    fn amounts_stand_inside_above_or_below() {
        let expected = |low: &str, high: Option<&str>, limit: Option<&str>| Expectation {
            estimated: Some(Interval::between(number(low), high.map(number))),
            limit: limit.map(number),
        };
        let told = |amount: &str, expected: &Expectation| {
            let judged = judged(number(amount), expected);
            (judged.standing, judged.over_limit)
        };
        assert_eq!(told("5", &expected("5", Some("10"), None)), (Standing::Within, None));
        assert_eq!(told("12", &expected("5", Some("10"), Some("11"))), (Standing::Over(2.into()), Some(1.into())));
        assert_eq!(told("4.5", &expected("5", None, Some("11"))), (Standing::Under(number("0.5")), None));
        // What has no bound is never above it, but may be above the limit.
        assert_eq!(told("500", &expected("5", None, Some("100"))), (Standing::Within, Some(400.into())));
        assert_eq!(told("1", &Expectation::default()), (Standing::NotEstimated, None));
    }
}
