//! The estimate: every object with what it costs before and after, part by part.

use std::collections::BTreeMap;
use std::sync::Arc;

use mesh_provider::cost::{Charges, Component, Costs, Decimal, Interval, Quantity};

use crate::basis::{Basis, Item, Rules};
use crate::pricing::{PriceUsed, Pricing};

/// What everything costs in a month.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Estimate {
    /// The ISO 4217 code of all amounts.
    pub currency: Arc<str>,
    /// Every object, in the basis' order.
    pub lines: Vec<Line>,
}

/// An object with what it costs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// Its address.
    pub address: Arc<str>,
    /// Its type.
    pub ty: Arc<str>,
    /// The product that it belongs to, as `domain.name`.
    pub product: Option<Arc<str>>,
    /// Who bears how much of its cost, as fractions that add up to 1.
    pub bearers: Vec<(Option<Arc<str>>, Decimal)>,
    /// Its tags.
    pub tags: BTreeMap<Arc<str>, Arc<str>>,
    /// What it costs now; `None` where there is no such object.
    pub before: Option<Cost>,
    /// What it will cost; `None` where there will be no such object.
    pub after: Option<Cost>,
    /// How many there will be, where that is decided during apply.
    pub count: Option<Quantity>,
}

/// What an object costs.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cost {
    /// Its priced parts together.
    pub amount: Amount,
    /// Each part.
    pub components: Vec<PricedComponent>,
    /// Whether its type says nothing of its cost.
    pub is_not_modelled: bool,
    /// What one run costs, where it does its work in runs.
    pub per_run: Option<Interval>,
}

/// A sum of a month, with what is missing from it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Amount {
    /// What can be said.
    pub interval: Interval,
    /// The part of it that is known after apply, and so decided during apply: included above.
    pub late: Interval,
    /// How many parts have no price: they are not in it.
    pub unpriced: usize,
    /// Whether something in it is decided during apply of which nothing is known.
    pub is_undecided: bool,
}

/// A component with its price.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PricedComponent {
    /// The quantity and what it is priced as.
    pub component: Component,
    /// What it costs in a month, and the price that was taken; `None` where it has no price.
    pub priced: Option<(Interval, PriceUsed)>,
}

impl Estimate {
    /// Prices all items of a basis.
    #[must_use]
    pub fn new(basis: &Basis, pricing: &Pricing<'_>) -> Self {
        let lines = basis.items.iter().map(|item| line(item, &basis.rules, pricing)).collect();
        Self { currency: pricing.currency().into(), lines }
    }
}

fn line(item: &Item, rules: &Rules, pricing: &Pricing<'_>) -> Line {
    let product = item.product.as_deref();
    let price = |costs: &Costs, count: Option<&Quantity>| cost(costs, count, product, pricing);
    Line {
        address: item.address.clone(),
        ty: item.ty.clone(),
        product: item.product.clone(),
        bearers: bearers(item, rules),
        tags: item.tags.clone(),
        before: item.before.as_ref().map(|costs| price(costs, None)),
        after: item.after.as_ref().map(|costs| price(costs, item.count.as_ref())),
        count: item.count.clone(),
    }
}

/// Prices what an object costs, as used by a product; so many of it where a count is given.
#[must_use]
pub(crate) fn cost(costs: &Costs, count: Option<&Quantity>, product: Option<&str>, pricing: &Pricing<'_>) -> Cost {
    let charges = match costs {
        Costs::Free => return Cost::default(),
        Costs::NotModelled => {
            let amount = Amount { unpriced: 1, is_undecided: count.is_some(), ..Amount::default() };
            return Cost { amount, is_not_modelled: true, ..Cost::default() };
        }
        Costs::Charged(charges) => charges,
    };
    let Charges { components, runs } = charges;
    let mut cost = Cost::default();
    for component in components {
        let mut part = PricedComponent { priced: pricing.price(component, product), component: component.clone() };
        if let Some(count) = count {
            // So many objects of that quantity: tiers count for each of them, as they do where each has a line.
            part.component.quantity = component.quantity.times(count);
            part.priced = part.priced.map(|(amount, used)| (amount.times(&count.interval), used));
        }
        cost.amount = cost.amount.plus(&part.amount());
        cost.components.push(part);
    }
    cost.per_run = runs.as_ref().and_then(|runs| per_run(&cost.amount.interval, &runs.interval));
    cost
}

/// What a run costs where all runs of a month cost so much. `None` where there may be none.
fn per_run(month: &Interval, runs: &Interval) -> Option<Interval> {
    let expected = month.expected.checked_div(runs.expected)?;
    // More runs cost more, so the ends belong together.
    let low = month.low.checked_div(runs.low).unwrap_or(expected);
    let high = match (month.high, runs.high) {
        (Some(month), Some(runs)) => Some(month.checked_div(runs).unwrap_or(expected)),
        _ => None,
    };
    let least = low.min(expected).min(high.unwrap_or(expected));
    Some(Interval::new(least, expected, high.map(|high| high.max(low).max(expected))))
}

/// Who bears what of an item.
fn bearers(item: &Item, rules: &Rules) -> Vec<(Option<Arc<str>>, Decimal)> {
    let covers = |address: &Arc<str>| covers(address, &item.address);
    let Some(shared) = rules.shared.iter().find(|shared| shared.resources.iter().any(covers)) else {
        return vec![(item.product.clone(), Decimal::ONE)];
    };
    let mut left = Decimal::ONE;
    let mut bearers = Vec::with_capacity(shared.shares.len() + 1);
    for (product, percent) in &shared.shares {
        let fraction = (percent / Decimal::ONE_HUNDRED).min(left);
        left -= fraction;
        bearers.push((Some(product.clone()), fraction));
    }
    if !left.is_zero() {
        bearers.push((item.product.clone(), left));
    }
    bearers
}

/// Whether an address of an object, block or module is that of an object or of something around it.
#[must_use]
pub fn covers(around: &str, address: &str) -> bool {
    address.strip_prefix(around).is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
}

impl Cost {
    /// Whether the object costs nothing by itself.
    #[must_use]
    pub fn is_free(&self) -> bool {
        self.components.is_empty() && !self.is_not_modelled
    }
}

impl PricedComponent {
    /// What it costs, or that it has no price.
    #[must_use]
    pub fn amount(&self) -> Amount {
        match &self.priced {
            Some((interval, _)) => {
                let late = if self.component.quantity.late { *interval } else { Interval::ZERO };
                Amount { interval: *interval, late, ..Amount::default() }
            }
            None => Amount { unpriced: 1, ..Amount::default() },
        }
    }
}

impl Default for Amount {
    fn default() -> Self {
        Self { interval: Interval::ZERO, late: Interval::ZERO, unpriced: 0, is_undecided: false }
    }
}

impl Amount {
    /// Both together.
    #[must_use]
    pub fn plus(&self, other: &Self) -> Self {
        Self {
            interval: self.interval.plus(&other.interval),
            late: self.late.plus(&other.late),
            unpriced: self.unpriced + other.unpriced,
            is_undecided: self.is_undecided || other.is_undecided,
        }
    }

    /// The part of it that someone bears. What is missing from it is missing from every part, but for no part at all.
    #[must_use]
    pub fn part(&self, fraction: Decimal) -> Self {
        if fraction.is_zero() {
            return Self::default();
        } else if fraction == Decimal::ONE {
            return self.clone();
        }
        let fraction = Interval::exactly(fraction);
        Self { interval: self.interval.times(&fraction), late: self.late.times(&fraction), ..self.clone() }
    }
}
