//! The parts of an estimate that a budget spends most on.

use std::cmp::Reverse;

use mesh_provider::cost::{Decimal, Interval};

use crate::estimate::{Estimate, Line, PricedComponent};
use crate::limits::{Verdict, share, spent_on};

/// A part of what an object costs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExpensivePart {
    /// The object.
    pub address: String,
    /// The part, such as `core machines`.
    pub name: String,
    /// What of its cost the budget bears.
    pub amount: Interval,
}

/// The parts that most of a budget is spent on, the most expensive first.
#[must_use]
pub fn most_expensive(estimate: &Estimate, verdict: &Verdict, most: usize) -> Vec<ExpensivePart> {
    let limit = &verdict.limit;
    let mut parts: Vec<(Decimal, &Line, &PricedComponent)> = Vec::new();
    for line in &estimate.lines {
        let components = line.after.iter().flat_map(|cost| &cost.components);
        parts.extend(components.map(|part| (spent_on(line, part, limit).least, line, part)));
    }
    parts.retain(|(least, ..)| !least.is_zero());
    // Of parts that cost the same, the first by address comes first.
    parts.sort_by_key(|(least, ..)| Reverse(*least));
    let parts = parts.into_iter().take(most).map(|(_, line, part)| ExpensivePart {
        address: line.address.to_string(),
        name: part.component.name.to_string(),
        amount: part.amount().part(share(line, &limit.scope)).interval,
    });
    parts.collect()
}
