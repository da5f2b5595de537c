//! `exchange_rate` blocks: what a currency is worth.

use std::sync::Arc;

use jiff::civil::Date;
use mesh_diagnostics::Diagnostic;
use mesh_provider::cost::Decimal;
use mesh_value::{AttributePath, AttributeSchema, BlockSchema, Type, Value};

use super::reader::{Reader, no_currency};
use super::{Problem, block};
use crate::pricing::ExchangeRate;

/// What an `exchange_rate` block takes.
#[must_use]
pub fn schema() -> BlockSchema {
    block(
        "What one of a currency is worth, on a day.",
        vec![
            AttributeSchema::required("date", Type::String, "The day of the rate, as `YYYY-MM-DD`."),
            AttributeSchema::required("usd", Type::Number, "One of it is so many US dollars; more than 0."),
        ],
    )
}

/// Reads the decoded body of the block labelled `currency`. A problem with the label has an empty path.
///
/// # Errors
/// All problems, each with the attribute at fault.
pub fn read(currency: &Arc<str>, value: &Value) -> Result<ExchangeRate, Vec<Problem>> {
    let mut reader = Reader::new(value, "An exchange rate");
    if let Some(diagnostic) = no_currency(currency) {
        reader.report(AttributePath::default(), diagnostic);
    } else if &**currency == "USD" {
        let detail = "Prices are in US dollars, and one of it is one of it.";
        let diagnostic = Diagnostic::error("invalid-currency", "Invalid currency", detail);
        reader.report(AttributePath::default(), diagnostic.hint("Remove this block."));
    }
    let usd = reader.number("usd");
    let usd = reader.needed("usd", usd);
    if let Some(usd) = usd.filter(|usd| *usd <= Decimal::ZERO) {
        reader
            .invalid(AttributePath::attr("usd"), format!("One {currency} is worth something, and this rate is {usd}."));
    }
    let date = reader.text("date");
    let date = reader.needed("date", date).and_then(|text| match text.parse::<Date>() {
        Ok(date) => Some(date),
        Err(_) => {
            let detail = format!("{text:?} is no day: it is written as YYYY-MM-DD (ISO 8601).");
            let diagnostic = Diagnostic::error("invalid-date", "Invalid date", detail);
            reader.report(AttributePath::attr("date"), diagnostic.hint("Write it like \"2026-11-01\"."));
            None
        }
    });
    let rate = usd.zip(date).map(|(usd, date)| ExchangeRate { currency: currency.clone(), usd, date });
    reader.finish(rate)
}
