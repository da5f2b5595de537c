//! Prices as text and as JSON.

use jiff::civil::Date;
use mesh_cost::offers::{Listed, Merged, Offer};
use mesh_cost::{Price, Tier};
use serde_json::{Value as Json, json};

use crate::text::grouped;

/// Each tier as `0.022 from 51,200`; the first without where it starts.
pub(crate) fn tiers(price: &Price) -> Vec<String> {
    let tier = |tier: &Tier| {
        let usd = tier.usd.normalize();
        if tier.from.is_zero() {
            return usd.to_string();
        }
        let from = tier.from.normalize().to_string();
        format!("{usd} from {}", from.parse().map_or(from, grouped))
    };
    price.tiers.iter().map(tier).collect()
}

/// How well a price is founded: `2 sources`, `1 source, old`.
pub(crate) fn marks(price: &Price, today: Date) -> String {
    let sources = price.sources.len();
    let old = if price.is_old(today) { ", old" } else { "" };
    format!("{sources} source{}{old}", if sources == 1 { "" } else { "s" })
}

/// Prices as JSON: every number a string of its decimals.
#[must_use]
pub fn price_list(prices: &[Listed], today: Date) -> Json {
    prices.iter().map(|listed| price(listed, today)).collect()
}

/// What an offer's prices changed in a book, as JSON.
#[must_use]
pub fn price_update(offer: &Offer, merged: &Merged, today: Date) -> Json {
    let changed = merged.changed.iter().map(|change| {
        let before = Listed { price: change.before.clone(), ..change.after.clone() };
        json!({ "before": price(&before, today), "after": price(&change.after, today) })
    });
    json!({
        "offer": { "code": offer.code, "version": offer.version, "date": offer.date.to_string() },
        "products": offer.products,
        "matched": offer.matched,
        "added": price_list(&merged.added, today),
        "changed": changed.collect::<Json>(),
        "confirmed": merged.confirmed,
        "left": merged.left,
        "newer": merged.newer,
        "doubts": offer.doubts.iter().map(ToString::to_string).collect::<Json>(),
        "missing": offer.missing,
    })
}

fn price(listed: &Listed, today: Date) -> Json {
    let Listed { key, region, price } = listed;
    let tier =
        |tier: &Tier| json!({ "from": tier.from.normalize().to_string(), "usd": tier.usd.normalize().to_string() });
    json!({
        "key": key,
        "region": region,
        "unit": price.unit,
        "tiers": price.tiers.iter().map(tier).collect::<Json>(),
        "date": price.date.to_string(),
        "sources": price.sources,
        "is_old": price.is_old(today),
    })
}
