//! `shared_cost` blocks: how what many products use is split among them.

use std::collections::BTreeMap;
use std::sync::Arc;

use mesh_diagnostics::Diagnostic;
use mesh_provider::cost::Decimal;
use mesh_value::{AttributePath, AttributeSchema, BlockSchema, Type, Value};

use super::reader::Reader;
use super::{Problem, block};
use crate::basis::SharedCost;

/// What a `shared_cost` block takes.
#[must_use]
pub fn schema() -> BlockSchema {
    block(
        "What some objects cost, split among products.",
        vec![
            AttributeSchema::required(
                "resources",
                Type::list(Type::String),
                "Addresses of objects, blocks or modules.",
            ),
            AttributeSchema::required(
                "shares",
                Type::map(Type::Number),
                "How much each product bears, in percent, under its `domain.name`. What is left of 100 stays with the \
                 product that the object is of.",
            ),
        ],
    )
}

/// Reads the decoded body of the block labelled `name`.
///
/// # Errors
/// All problems, each with the attribute at fault.
pub fn read(name: &Arc<str>, value: &Value) -> Result<SharedCost, Vec<Problem>> {
    let mut reader = Reader::new(value, "A shared cost");
    let mut resources: Vec<Arc<str>> = Vec::new();
    for (path, element) in reader.elements("resources") {
        match element.as_str() {
            Some(address) => resources.push(address.into()),
            None => {
                let detail = "A shared cost names objects by their addresses, and this one is null.";
                reader.report(path, Diagnostic::error("missing-argument", "Missing argument", detail));
            }
        }
    }
    let given = value.get("resources").filter(|resources| !resources.is_null());
    reader.needed("resources", given);
    let mut shares: BTreeMap<Arc<str>, Decimal> = BTreeMap::new();
    for (path, product, element) in reader.entries("shares") {
        let Some(percent) = reader.decimal(&path, element) else { continue };
        if percent < Decimal::ZERO {
            reader.invalid(path.clone(), format!("A share is not negative, and that of `{product}` is {percent}."));
        }
        if product.split_once('.').is_none_or(|(domain, name)| domain.is_empty() || name.is_empty()) {
            let detail = format!("{product:?} is no data product's id. An id is `domain.name`.");
            let diagnostic = Diagnostic::error("invalid-shares", "Invalid shares", detail);
            reader.report(path, diagnostic.hint("Write it like `\"sales.orders\" = 60`."));
        }
        shares.insert(product.clone(), percent);
    }
    let given = value.get("shares").filter(|shares| !shares.is_null());
    reader.needed("shares", given);
    let sum: Decimal = shares.values().copied().fold(Decimal::ZERO, Decimal::saturating_add);
    if sum > Decimal::ONE_HUNDRED {
        let detail = format!("The shares of `{name}` are {sum} percent together, more than there is.");
        let diagnostic = Diagnostic::error("invalid-shares", "Invalid shares", detail);
        reader.report(AttributePath::attr("shares"), diagnostic.hint("Let them be 100 together, or less."));
    }
    reader.finish(Some(SharedCost { name: name.clone(), resources, shares }))
}
