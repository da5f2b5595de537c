//! What an estimate does not know, or not for certain: parts without a price, and prices that may be wrong.

use std::collections::BTreeSet;
use std::sync::Arc;

use mesh_cost::{Estimate, PricedComponent};
use mesh_provider::cost::PriceKey;

use crate::text::{grouped, listed};

/// So many of a kind are named; the others are counted.
const MOST: usize = 4;

/// A sentence for each kind of gap in what will be.
pub(crate) fn gaps(estimate: &Estimate) -> Vec<String> {
    let after = || estimate.lines.iter().filter_map(|line| Some((line, line.after.as_ref()?)));
    let parts = || after().flat_map(|(line, cost)| cost.components.iter().map(move |part| (line, part)));
    let unpriced = parts().filter(|(_, part)| part.priced.is_none());
    let unpriced = unpriced.map(|(line, part)| format!("{} of {}", part.component.name, line.address)).collect();
    let not_modelled = after().filter(|(_, cost)| cost.is_not_modelled);
    let not_modelled = not_modelled.map(|(line, _)| line.address.to_string()).collect();
    let old = prices(parts().map(|(_, part)| part), |used| used.is_old);
    let single = prices(parts().map(|(_, part)| part), |used| used.sources == 1);
    [
        sentence(unpriced, "part has no price and is", "parts have no price and are", " not in these sums"),
        sentence(
            not_modelled,
            "object is of a type whose cost is not known and is",
            "objects are of types whose cost is not known and are",
            " not in these sums",
        ),
        sentence(old, "price is", "prices are", " older than 180 days"),
        sentence(single, "price has", "prices have", " only one source"),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn sentence(items: Vec<String>, one: &str, several: &str, rest: &str) -> Option<String> {
    let subject = match items.len() {
        0 => return None,
        1 => one,
        _ => several,
    };
    Some(format!("{} {subject}{rest}: {}.", grouped(items.len()), listed(&items, MOST)))
}

/// The prices of which something holds, each once, with the day of those that have one.
fn prices<'a>(
    parts: impl Iterator<Item = &'a PricedComponent>,
    holds: impl Fn(&mesh_cost::PriceUsed) -> bool,
) -> Vec<String> {
    let mut found: BTreeSet<(&PriceKey, Option<Arc<str>>)> = BTreeSet::new();
    for part in parts {
        if let Some((_, used)) = part.priced.as_ref().filter(|(_, used)| holds(used)) {
            found.insert((&part.component.price, used.date.map(|date| date.to_string().into())));
        }
    }
    let named = found.into_iter().map(|(price, date)| {
        let date = date.map(|date| format!(", {date}")).unwrap_or_default();
        format!("{} ({}{date})", price.key, price.region)
    });
    named.collect()
}
