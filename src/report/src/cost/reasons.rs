//! What makes the sum of an estimate wide, the widest first.

use std::collections::BTreeMap;
use std::sync::Arc;

use mesh_cost::Estimate;
use mesh_provider::cost::{Decimal, Interval};

/// A reason why a sum is not one number.
pub(crate) struct Reason<'a> {
    /// It, as part of a sentence.
    pub(crate) text: &'a Arc<str>,
    /// By how much it makes the sum wide, with what else makes the same parts wide; `None` where there is no bound.
    pub(crate) width: Option<Decimal>,
    /// The objects whose cost is wide for it.
    pub(crate) objects: Vec<&'a str>,
}

/// All reasons why the cost of what will be is not one number: those that leave it open first, then by width.
pub(crate) fn widest(estimate: &Estimate) -> Vec<Reason<'_>> {
    let mut reasons: BTreeMap<&Arc<str>, Reason<'_>> = BTreeMap::new();
    for line in &estimate.lines {
        for part in line.after.iter().flat_map(|cost| &cost.components) {
            let Some((amount, _)) = &part.priced else { continue };
            if amount.is_exact() {
                continue;
            }
            for text in &part.component.quantity.because {
                let none = || Reason { text, width: Some(Decimal::ZERO), objects: Vec::new() };
                let reason = reasons.entry(text).or_insert_with(none);
                reason.width = reason.width.zip(width(amount)).map(|(sum, width)| sum.saturating_add(width));
                if reason.objects.last() != Some(&&*line.address) {
                    reason.objects.push(&line.address);
                }
            }
        }
    }
    let mut reasons: Vec<Reason<'_>> = reasons.into_values().collect();
    let rank = |reason: &Reason<'_>| (reason.width.is_none(), reason.width, reason.objects.len());
    reasons.sort_by_key(|reason| std::cmp::Reverse(rank(reason)));
    reasons
}

fn width(amount: &Interval) -> Option<Decimal> {
    amount.high.map(|high| high.saturating_sub(amount.low))
}
