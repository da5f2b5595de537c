//! `price_override` blocks: discounts and contract prices.

use std::sync::Arc;

use mesh_diagnostics::Diagnostic;
use mesh_provider::cost::Decimal;
use mesh_value::{AttributePath, AttributeSchema, BlockSchema, Type, Value};

use super::reader::Reader;
use super::{Problem, block};
use crate::pricing::{PriceChange, PriceOverride};

/// What a `price_override` block takes.
#[must_use]
pub fn schema() -> BlockSchema {
    block(
        "A price of one's own, over the list price. Of all that match, the most specific one holds.",
        vec![
            AttributeSchema::optional("domain", Type::String, "Only what products of this domain use."),
            AttributeSchema::optional(
                "key",
                Type::String,
                "Only this price key, or those that start so where it ends with `*`.",
            ),
            AttributeSchema::optional(
                "percent",
                Type::Number,
                "So many percent on top of the list price; a discount is negative.",
            ),
            AttributeSchema::optional("region", Type::String, "Only this region."),
            AttributeSchema::optional(
                "service",
                Type::String,
                "Only this service, such as `s3`: the second part of a price key.",
            ),
            AttributeSchema::optional("usd", Type::Number, "One unit costs so many US dollars, in all tiers."),
        ],
    )
}

/// Reads the decoded body of the block labelled `name`.
///
/// # Errors
/// All problems, each with the attribute at fault; an empty path is the whole block.
pub fn read(name: &Arc<str>, value: &Value) -> Result<PriceOverride, Vec<Problem>> {
    let mut reader = Reader::new(value, "A price override");
    let (domain, key) = (reader.text("domain"), reader.text("key"));
    let (region, service) = (reader.text("region"), reader.text("service"));
    if let Some(key) = &key
        && key.strip_suffix('*').unwrap_or(key).contains('*')
    {
        let detail = format!("`{key}` has a `*` inside. A `*` at the end means every key that starts so.");
        reader.report(AttributePath::attr("key"), invalid(detail));
    }
    let is_given = |name: &str| value.get(name).is_some_and(|value| !value.is_null());
    let change = match (is_given("percent"), is_given("usd")) {
        (true, false) => reader.number("percent").map(PriceChange::Percent),
        (false, true) => reader.number("usd").map(PriceChange::Usd),
        (true, true) => {
            let detail = format!("`{name}` gives both `percent` and `usd`: a price is changed or replaced.");
            reader.report(AttributePath::attr("usd"), invalid(detail).hint(ONE_OF));
            None
        }
        (false, false) => {
            let detail = format!("`{name}` gives neither `percent` nor `usd`, so it changes no price.");
            reader.report(AttributePath::default(), invalid(detail).hint(ONE_OF));
            None
        }
    };
    match change {
        Some(PriceChange::Percent(percent)) if percent < -Decimal::ONE_HUNDRED => {
            let detail = format!("A discount is at most all of the price, -100 percent; this is {percent}.");
            reader.invalid(AttributePath::attr("percent"), detail);
        }
        Some(PriceChange::Usd(usd)) if usd < Decimal::ZERO => {
            reader.invalid(AttributePath::attr("usd"), format!("A price is not negative, and this one is {usd}."));
        }
        Some(_) | None => {}
    }
    let own = change.map(|change| PriceOverride { name: name.clone(), domain, service, key, region, change });
    reader.finish(own)
}

const ONE_OF: &str = "Give one of `percent = -12` (of the list price) and `usd = 0.02` (a unit).";

fn invalid(detail: String) -> Diagnostic {
    Diagnostic::error("invalid-price-override", "Invalid price override", detail)
}
