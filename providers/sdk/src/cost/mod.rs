//! What objects cost, as a resource type says it: quantities of priced things. No money here: prices are the price book's.

mod change;
mod interval;
mod quantity;
mod request;

use std::sync::Arc;

use serde::{Deserialize, Serialize};

pub use change::with;
pub use interval::{Interval, decimal};
pub use quantity::Quantity;
pub use request::{CostRequest, Related, Saving, Usage, at, number};
pub use rust_decimal::{Decimal, RoundingStrategy, prelude::FromPrimitive, prelude::ToPrimitive};

/// The hours of a month, as vendors and their calculators count them: 365 days of 24 hours in 12 months.
pub const HOURS_A_MONTH: Decimal = Decimal::from_parts(730, 0, 0, false, 0);

/// What an object costs.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Costs {
    /// It costs nothing by itself.
    Free,
    /// Its type doesn't say: it is counted as unpriced.
    #[default]
    NotModelled,
    /// It costs what these cost together.
    Charged(Charges),
}

/// The parts of what an object costs in a month.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Charges {
    /// Each priced part.
    pub components: Vec<Component>,
    /// How often it runs in a month, where it does its work in runs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub runs: Option<Quantity>,
}

impl Charges {
    /// Adds a part.
    pub fn add(&mut self, name: impl Into<Arc<str>>, price: PriceKey, unit: &str, quantity: Quantity) {
        self.add_one_of(name, unit, vec![(price, quantity)], "");
    }

    /// Adds a part that will be one of several, and why that is open. Nothing where there is none to choose from.
    pub fn add_one_of(
        &mut self,
        name: impl Into<Arc<str>>,
        unit: &str,
        choices: Vec<(PriceKey, Quantity)>,
        because: &str,
    ) {
        let mut choices = choices.into_iter().map(|(price, quantity)| Choice { price, quantity });
        let Some(Choice { price, mut quantity }) = choices.next() else { return };
        let instead: Vec<Choice> = choices.collect();
        if !instead.is_empty() {
            quantity.because.push(because.into());
        }
        self.components.push(Component { name: name.into(), price, unit: unit.into(), quantity, instead });
    }
}

impl From<Charges> for Costs {
    fn from(charges: Charges) -> Self {
        Self::Charged(charges)
    }
}

impl Costs {
    /// The parts; none where it is free or not modelled.
    #[must_use]
    pub fn components(&self) -> &[Component] {
        match self {
            Self::Charged(charges) => &charges.components,
            Self::Free | Self::NotModelled => &[],
        }
    }
}

/// One priced part of what an object costs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Component {
    /// What it is, such as `core machines` or `storage, standard`.
    pub name: Arc<str>,
    /// What it is priced as.
    pub price: PriceKey,
    /// The unit of the quantity, such as `instance-hour`. It must be the price's.
    pub unit: Arc<str>,
    /// How much of it a month of 730 hours takes.
    pub quantity: Quantity,
    /// What it may be as well. It costs between the cheapest and the dearest of them all.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub instead: Vec<Choice>,
}

/// What a part of a cost may be as well.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Choice {
    /// What it is priced as then.
    pub price: PriceKey,
    /// How much of it, in the part's unit.
    pub quantity: Quantity,
}

/// Names a price in the price book.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct PriceKey {
    /// Vendor, service and thing, such as `aws/ec2/on-demand/m5.xlarge`.
    pub key: Arc<str>,
    /// Where it is used, such as `eu-central-1`.
    pub region: Arc<str>,
}

impl PriceKey {
    /// The price of a thing in a region.
    #[must_use]
    pub fn new(key: impl Into<Arc<str>>, region: impl Into<Arc<str>>) -> Self {
        Self { key: key.into(), region: region.into() }
    }

    /// The service that a key is of: its second part, `ec2` of `aws/ec2/on-demand/m5.xlarge`.
    #[must_use]
    pub fn service(&self) -> &str {
        self.key.split('/').nth(1).unwrap_or(&self.key)
    }
}

/// Something that only use decides, and that `usage` blocks declare for a type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UsageParameter {
    /// Its name, such as `storage_gb`.
    pub name: &'static str,
    /// The unit of its number, such as `GB`.
    pub unit: &'static str,
    /// What it says, in a sentence.
    pub description: &'static str,
}
