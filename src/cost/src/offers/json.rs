//! The JSON form of an offer file, read as a stream: products first, then the terms that price them.

use std::fmt;
use std::io::BufRead;

use mesh_provider::cost::Decimal;
use serde::Deserialize;
use serde::de::{DeserializeSeed, Deserializer, Error as _, IgnoredAny, MapAccess, Visitor};

use super::Offer;
use super::collect::{Collector, Dimension, Head};
use super::error::OfferError;
use super::map::{Attributes, OfferMap, plain_name};

/// Reads it.
///
/// # Errors
/// Where it isn't an offer file, is cut off, or lists a service that no price key is of.
pub(super) fn read(text: impl BufRead, map: &OfferMap) -> Result<Offer, OfferError> {
    let mut reading = Reading { map, head: Head::default(), collector: None, found: None };
    let mut json = serde_json::Deserializer::from_reader(text);
    let read = Document(&mut reading).deserialize(&mut json).and_then(|()| json.end());
    if let Some(error) = reading.found {
        return Err(error);
    }
    read?;
    match reading.collector {
        Some(collector) => collector.finish(reading.head),
        None => Err(OfferError::NotAnOffer { missing: "`products`" }),
    }
}

struct Reading<'m> {
    map: &'m OfferMap,
    head: Head,
    collector: Option<Collector<'m>>,
    /// What is wrong beyond JSON: reading ends with it.
    found: Option<OfferError>,
}

/// Ends the reading with an error of ours.
fn stop<E: serde::de::Error>(found: &mut Option<OfferError>, error: OfferError) -> E {
    *found = Some(error);
    E::custom("stopped")
}

/// The whole file.
struct Document<'r, 'm>(&'r mut Reading<'m>);

impl<'de> DeserializeSeed<'de> for Document<'_, '_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, json: D) -> Result<(), D::Error> {
        json.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Document<'_, '_> {
    type Value = ();

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("an offer file")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let Reading { map: table, head, collector, found } = self.0;
        while let Some(name) = map.next_key::<String>()? {
            match name.as_str() {
                "formatVersion" => head.format = Some(map.next_value()?),
                "offerCode" => head.code = Some(map.next_value()?),
                "version" => head.version = Some(map.next_value()?),
                "publicationDate" => head.published = Some(map.next_value()?),
                "offers" | "regions" | "versions" => return Err(stop(found, OfferError::Index)),
                "products" => {
                    let begun = Collector::of(head, table).map_err(|error| stop(found, error))?;
                    map.next_value_seed(Products(collector.insert(begun)))?;
                }
                "terms" => match collector {
                    Some(collector) => map.next_value_seed(Terms(collector))?,
                    None => {
                        return Err(stop(found, OfferError::NotAnOffer { missing: "`products` before its terms" }));
                    }
                },
                _ => {
                    map.next_value::<IgnoredAny>()?;
                }
            }
        }
        Ok(())
    }
}

/// Implements a seed that reads an object with its visitor.
macro_rules! object {
    ($name:ident, $expected:literal, |$self:ident, $map:ident| $body:block) => {
        impl<'de> DeserializeSeed<'de> for $name<'_, '_> {
            type Value = ();

            fn deserialize<D: Deserializer<'de>>(self, json: D) -> Result<(), D::Error> {
                json.deserialize_map(self)
            }
        }

        impl<'de> Visitor<'de> for $name<'_, '_> {
            type Value = ();

            fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                out.write_str($expected)
            }

            fn visit_map<A: MapAccess<'de>>($self, mut $map: A) -> Result<(), A::Error> $body
        }
    };
}

/// `products`: by SKU.
struct Products<'r, 'm>(&'r mut Collector<'m>);

#[derive(Deserialize)]
struct Product {
    #[serde(rename = "productFamily", default)]
    family: String,
    #[serde(default)]
    attributes: std::collections::HashMap<String, String>,
}

object!(Products, "products by their SKU", |self, map| {
    while let Some((sku, product)) = map.next_entry::<String, Product>()? {
        let attributes: Attributes =
            product.attributes.into_iter().map(|(name, value)| (plain_name(&name), value)).collect();
        self.0.product(&sku, &product.family, &attributes);
    }
    Ok(())
});

/// `terms`: on demand, reserved; only the first is read.
struct Terms<'r, 'm>(&'r mut Collector<'m>);

object!(Terms, "terms by their kind", |self, map| {
    while let Some(kind) = map.next_key::<String>()? {
        if kind == "OnDemand" {
            map.next_value_seed(OnDemand(self.0))?;
        } else {
            map.next_value::<IgnoredAny>()?;
        }
    }
    Ok(())
});

/// `terms.OnDemand`: by SKU, then by term.
struct OnDemand<'r, 'm>(&'r mut Collector<'m>);

#[derive(Deserialize)]
struct Term {
    #[serde(rename = "effectiveDate", default)]
    effective: String,
    #[serde(rename = "priceDimensions")]
    dimensions: std::collections::BTreeMap<String, PriceDimension>,
}

#[derive(Deserialize)]
struct PriceDimension {
    unit: String,
    #[serde(rename = "beginRange", default)]
    begin: Option<String>,
    #[serde(rename = "pricePerUnit")]
    price: std::collections::BTreeMap<String, String>,
}

object!(OnDemand, "terms by the SKU of their product", |self, map| {
    while let Some(sku) = map.next_key::<String>()? {
        if !self.0.wants(&sku) {
            map.next_value::<IgnoredAny>()?;
            continue;
        }
        let terms: std::collections::BTreeMap<String, Term> = map.next_value()?;
        // A product has one term on demand; where it has more, the newest holds.
        let Some(term) = terms.into_values().max_by(|left, right| left.effective.cmp(&right.effective)) else {
            continue;
        };
        for dimension in term.dimensions.into_values() {
            let number = |what: &str, text: &str| {
                number(text)
                    .ok_or_else(|| A::Error::custom(format!("the {what} of {sku}, `{text}`, is no number from 0")))
            };
            let from = dimension.begin.as_deref().map_or(Ok(Decimal::ZERO), |text| number("begin of a range", text))?;
            let usd = dimension.price.get("USD").map(|text| number("price", text)).transpose()?;
            self.0.price(&sku, Dimension { unit: dimension.unit, from, usd });
        }
    }
    Ok(())
});

/// A decimal from 0, as AWS writes it.
pub(super) fn number(text: &str) -> Option<Decimal> {
    let text = text.trim();
    let number = Decimal::from_str_exact(text).or_else(|_| Decimal::from_scientific(text)).ok()?;
    (!number.is_sign_negative()).then_some(number)
}
