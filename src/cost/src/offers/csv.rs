//! The CSV form of an offer file: five lines of head, then a line for each price of a product.

use std::collections::BTreeMap;
use std::io::BufRead;

use ::csv::{Position, ReaderBuilder, StringRecord};

use super::Offer;
use super::collect::{Collector, Dimension, Head};
use super::error::OfferError;
use super::json::number;
use super::map::{Attributes, OfferMap, plain_name};

/// Columns that say a price; all others are attributes of its product.
const COLUMNS: [&str; 7] = ["sku", "termtype", "startingrange", "unit", "priceperunit", "currency", "productfamily"];

/// Reads it.
///
/// # Errors
/// Where it isn't an offer file, is cut off, or lists a service that no price key is of.
pub(super) fn read(text: impl BufRead, map: &OfferMap) -> Result<Offer, OfferError> {
    let mut lines = ReaderBuilder::new().has_headers(false).flexible(true).from_reader(text);
    let mut head = Head::default();
    let mut line = StringRecord::new();
    let header = loop {
        if !lines.read_record(&mut line)? {
            return Err(OfferError::NotAnOffer { missing: "line that names its columns, `SKU` first" });
        }
        let value = || line.get(1).map(ToOwned::to_owned);
        match plain_name(line.get(0).unwrap_or_default()).as_str() {
            "formatversion" => head.format = value(),
            "offercode" => head.code = value(),
            "version" => head.version = value(),
            "publicationdate" => head.published = value(),
            "disclaimer" => {}
            "sku" => break line.iter().map(plain_name).collect::<Vec<_>>(),
            _ => return Err(OfferError::NotAnOffer { missing: "head of five lines, `FormatVersion` first" }),
        }
    };
    let at: BTreeMap<&str, usize> = header.iter().enumerate().map(|(at, name)| (name.as_str(), at)).collect();
    if let Some(missing) = COLUMNS.iter().find(|name| !at.contains_key(*name)) {
        return Err(malformed(lines.position(), format!("the header has no column `{missing}`"), 1));
    }
    let mut collector = Collector::of(&head, map)?;
    let mut last = String::new();
    while lines.read_record(&mut line)? {
        let position = line.position().cloned().unwrap_or_else(Position::new);
        if line.len() != header.len() {
            let why = format!("the line has {} fields where the header names {}", line.len(), header.len());
            return Err(malformed(&position, why, line.len()));
        }
        let field = |name: &str| line.get(at[name]).unwrap_or_default();
        let sku = field("sku");
        if sku != last {
            let attributes: Attributes = header.iter().cloned().zip(line.iter().map(ToOwned::to_owned)).collect();
            collector.product(sku, field("productfamily"), &attributes);
            sku.clone_into(&mut last);
        }
        if field("termtype") != "OnDemand" || !collector.wants(sku) {
            continue;
        }
        let decimal = |name: &str| {
            let text = field(name);
            number(if text.is_empty() { "0" } else { text })
                .ok_or_else(|| malformed(&position, format!("`{text}` is no number from 0"), at[name] + 1))
        };
        let usd = if field("currency") == "USD" { Some(decimal("priceperunit")?) } else { None };
        let from = decimal("startingrange")?;
        collector.price(sku, Dimension { unit: field("unit").to_owned(), from, usd });
    }
    collector.finish(head)
}

fn malformed(position: &Position, why: String, column: usize) -> OfferError {
    OfferError::Malformed { why, line: usize::try_from(position.line()).unwrap_or_default(), column }
}
