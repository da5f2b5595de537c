//! How cases write what objects cost.

use std::collections::BTreeMap;
use std::sync::Arc;

use mesh_cost::{Basis, Item, Rules};
use mesh_provider::cost::{Charges, Component, Costs, Decimal, Interval, PriceKey, Quantity};
use serde::Deserialize;

/// All objects, and what the configuration says of money.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CostsCase {
    #[serde(default)]
    items: Vec<ItemCase>,
    #[serde(default)]
    rules: Rules,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ItemCase {
    address: Arc<str>,
    product: Option<Arc<str>>,
    #[serde(default)]
    tags: BTreeMap<Arc<str>, Arc<str>>,
    before: Option<CostCase>,
    after: Option<CostCase>,
    count: Option<QuantityCase>,
}

/// `"free"`, `"not-modelled"`, `{"runs": …, "parts": […]}` or the parts alone.
#[derive(Deserialize)]
#[serde(untagged)]
enum CostCase {
    Word(String),
    Parts(Vec<PartCase>),
    InRuns { runs: QuantityCase, parts: Vec<PartCase> },
}

/// Name, price key, unit, quantity. The region is `here`.
#[derive(Deserialize)]
struct PartCase(Arc<str>, Arc<str>, Arc<str>, QuantityCase);

/// A number, or its bounds with what makes them wide.
#[derive(Deserialize)]
#[serde(untagged)]
enum QuantityCase {
    Number(Decimal),
    Wide(WideCase),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WideCase {
    low: Decimal,
    expected: Decimal,
    high: Option<Decimal>,
    because: Vec<Arc<str>>,
    #[serde(default)]
    late: bool,
}

impl CostsCase {
    pub fn build(self) -> Basis {
        Basis { items: self.items.into_iter().map(ItemCase::build).collect(), rules: self.rules }
    }
}

impl ItemCase {
    fn build(self) -> Item {
        let ty = self.address.split('.').rev().nth(1).unwrap().into();
        Item {
            ty,
            address: self.address,
            product: self.product,
            tags: self.tags,
            before: self.before.map(CostCase::build),
            after: self.after.map(CostCase::build),
            count: self.count.map(QuantityCase::build),
        }
    }
}

impl CostCase {
    fn build(self) -> Costs {
        let (runs, parts) = match self {
            Self::Word(word) if word == "free" => return Costs::Free,
            Self::Word(word) => {
                assert_eq!(word, "not-modelled");
                return Costs::NotModelled;
            }
            Self::Parts(parts) => (None, parts),
            Self::InRuns { runs, parts } => (Some(runs.build()), parts),
        };
        let components = parts.into_iter().map(|PartCase(name, key, unit, quantity)| Component {
            name,
            price: PriceKey::new(key, "here"),
            unit,
            quantity: quantity.build(),
            instead: Vec::new(),
        });
        Costs::Charged(Charges { components: components.collect(), runs })
    }
}

impl QuantityCase {
    fn build(self) -> Quantity {
        match self {
            Self::Number(number) => Quantity::exactly(number),
            Self::Wide(WideCase { low, expected, high, because, late }) => {
                Quantity { interval: Interval::new(low, expected, high), because, late }
            }
        }
    }
}
