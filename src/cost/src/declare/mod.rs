//! The blocks in which a configuration speaks of money and use: what each takes, and what its value means. Decoding them
//! is the engine's; here is no expression and no file.

pub mod budget;
pub mod domain;
pub mod exchange_rate;
pub mod price_override;
mod reader;
pub mod shared_cost;
pub mod usage;

use std::sync::Arc;

use mesh_diagnostics::Diagnostic;
use mesh_value::{AttributePath, AttributeSchema, BlockSchema, Type, Value, convert};

use crate::pricing::ExchangeRate;

/// The code of what is wrong where something is known after apply only and must be known before.
pub const KNOWN_AFTER_APPLY: &str = "cost-known-after-apply";

/// A problem and the attribute that it is about, from the block's body: the caller knows its span.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Such as `.thresholds[1]`.
    pub path: AttributePath,
    /// Without a place.
    pub diagnostic: Diagnostic,
}

/// Reads the currency that amounts are shown in.
///
/// # Errors
/// What is wrong with it; the path is empty.
pub fn currency(value: &Value) -> Result<Option<Arc<str>>, Vec<Problem>> {
    let found = convert(value, &Type::String).map_err(|_| reader::no_text(value));
    let block = found.map(|text| Value::object([("currency", text)]));
    let read = block.and_then(|block| {
        let mut reader = reader::Reader::new(&block, "The currency of a mesh");
        let code = reader.given("currency").is_some().then(|| reader.currency("currency"));
        reader.finish(Some(code))
    });
    let whole = |problem: Problem| Problem { path: AttributePath::default(), ..problem };
    read.map_err(|problems| problems.into_iter().map(whole).collect())
}

/// What is wrong with a currency that amounts are in, where no rate is declared for it.
#[must_use]
pub fn currency_without_rate(currency: &str, rates: &[ExchangeRate]) -> Option<Diagnostic> {
    if currency == "USD" || rates.iter().any(|rate| *rate.currency == *currency) {
        return None;
    }
    let detail = format!("Prices are in US dollars, and nothing says what one {currency} is worth.");
    let diagnostic = Diagnostic::error("no-exchange-rate", "Currency without an exchange rate", detail)
        .suggest(currency, rates.iter().map(|rate| &*rate.currency).chain(["USD"]));
    Some(diagnostic.hint(format!(
        "Declare it in a `mesh` block: `exchange_rate \"{currency}\" {{ usd = ..., date = \"YYYY-MM-DD\" }}`."
    )))
}

fn block(description: &str, attributes: Vec<AttributeSchema>) -> BlockSchema {
    BlockSchema { description: description.to_owned(), deprecated: None, attributes, blocks: Vec::new() }
}

#[cfg(test)]
mod tests {
    use mesh_value::BlockSchema;

    /// Lookups in a schema are binary searches.
    fn assert_sorted(block: &BlockSchema) {
        assert!(block.attributes.is_sorted_by(|left, right| left.name < right.name));
        assert!(block.blocks.is_sorted_by(|left, right| left.name < right.name));
        block.blocks.iter().for_each(|nested| assert_sorted(&nested.block));
    }

    #[test]
    fn names_are_sorted() {
        let schemas = [super::budget::schema(), super::domain::schema(), super::exchange_rate::schema()];
        schemas.iter().for_each(assert_sorted);
        [super::price_override::schema(), super::shared_cost::schema()].iter().for_each(assert_sorted);
    }
}
