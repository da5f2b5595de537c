//! Asks types in tests what an object of JSON costs, and prices that with a price book.

use std::collections::BTreeMap;

use mesh_cost::Book;
use mesh_provider::cost::{CostRequest, Costs, Decimal, Interval, PriceKey, Quantity, Related, Usage};
use mesh_value::{Value, from_plain_json};
use serde_json::{Map, Value as Json};

/// An object with what is declared of its use and what stands beside it.
pub(crate) struct Costed {
    ty: &'static str,
    value: Value,
    usage: Usage,
    related: Vec<Related>,
}

impl Costed {
    pub(crate) fn new(ty: &'static str, object: Json) -> Self {
        Self { ty, value: from_plain_json(&object).unwrap(), usage: Usage::default(), related: Vec::new() }
    }

    /// With numbers of a `usage` block.
    pub(crate) fn used(mut self, numbers: Json) -> Self {
        let numbers: Map<String, Json> = serde_json::from_value(numbers).unwrap();
        let read = |number: &Json| Quantity::exactly(number.to_string().parse::<Decimal>().unwrap());
        let numbers = numbers.iter().map(|(name, number)| (name.as_str().into(), read(number)));
        self.usage = Usage(numbers.collect::<BTreeMap<_, _>>());
        self
    }

    /// With an object that has a say in what it costs.
    pub(crate) fn beside(mut self, ty: &str, object: Json) -> Self {
        self.related.push(Related { ty: ty.into(), value: from_plain_json(&object).unwrap() });
        self
    }

    /// With another value.
    pub(crate) fn with_value(mut self, value: Value) -> Self {
        self.value = value;
        self
    }

    pub(crate) fn request(&self) -> CostRequest<'_> {
        CostRequest { ty: self.ty, value: &self.value, usage: &self.usage, related: &self.related }
    }
}

/// A book of US dollars a unit, all for one region.
pub(crate) fn book(region: &str, prices: &[(&str, &str, &str)]) -> Book {
    let rows = prices.iter().map(|(key, unit, usd)| format!("{key},{region},{unit},0,{usd},2026-11-01,a\n"));
    let text = "key,region,unit,from,usd,date,sources\n".to_owned() + &rows.collect::<String>();
    Book::read("test.csv", text.as_bytes()).unwrap()
}

/// What a month costs, in cents of US dollars, as `12.3`, or `0 .. 12.3 .. open`.
pub(crate) fn month(costs: &Costs, book: &Book) -> String {
    priced(costs, book).map(|amount| amount.round_dp(2)).to_string()
}

/// What a month is expected to cost.
pub(crate) fn month_expected(costs: &Costs, book: &Book) -> Decimal {
    priced(costs, book).expected
}

/// What a month costs; every part must have a price of its unit.
fn priced(costs: &Costs, book: &Book) -> Interval {
    let parts = costs.components().iter().map(|part| {
        let of = |key: &PriceKey, quantity: &Quantity| {
            let price = book.price(key).unwrap_or_else(|| panic!("no price of {key:?}"));
            assert_eq!(price.unit, part.unit, "{}", part.name);
            quantity.interval.map(|quantity| price.of(quantity))
        };
        let others = part.instead.iter().map(|other| of(&other.price, &other.quantity));
        Interval::one_of(&std::iter::once(of(&part.price, &part.quantity)).chain(others).collect::<Vec<_>>())
    });
    parts.fold(Interval::ZERO, |sum, part| sum.plus(&part))
}

/// The parts with their quantities, as `name: quantity unit of key`.
pub(crate) fn parts(costs: &Costs) -> Vec<String> {
    let line = |part: &mesh_provider::cost::Component| {
        let quantity = part.quantity.interval.map(|number| number.round_dp(4));
        format!("{}: {quantity} {} of {}", part.name, part.unit, part.price.key)
    };
    costs.components().iter().map(line).collect()
}

/// Why parts are wide, each reason once.
pub(crate) fn reasons(costs: &Costs) -> Vec<String> {
    let mut reasons: Vec<String> = Vec::new();
    for reason in costs.components().iter().flat_map(|part| &part.quantity.because) {
        if !reasons.iter().any(|known| **known == **reason) {
            reasons.push(reason.to_string());
        }
    }
    reasons
}
