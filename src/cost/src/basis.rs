//! What an estimate is made from: the costs of all objects as quantities, and what the configuration says of money. It is
//! data, kept in the plan.

use std::collections::BTreeMap;
use std::sync::Arc;

use mesh_provider::cost::{Costs, Decimal, Quantity};
use serde::{Deserialize, Serialize};

use crate::budget::{Limit, OnExceed};
use crate::pricing::{ExchangeRate, PriceOverride};

/// Everything that an estimate needs but prices.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Basis {
    /// The objects that there are and will be, by address.
    pub items: Vec<Item>,
    /// What the configuration says of money.
    pub rules: Rules,
}

/// What the configuration says of money.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Rules {
    /// The currency that amounts are shown in; US dollars where it is not said.
    pub currency: Option<Arc<str>>,
    /// What other currencies are worth.
    pub rates: Vec<ExchangeRate>,
    /// Own prices.
    pub overrides: Vec<PriceOverride>,
    /// What is split among products.
    pub shared: Vec<SharedCost>,
    /// All budgets.
    pub limits: Vec<Limit>,
}

/// What some objects cost, split among products.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SharedCost {
    /// Its name, from the block's label.
    pub name: Arc<str>,
    /// Addresses of objects, blocks or modules.
    pub resources: Vec<Arc<str>>,
    /// How much each product bears, in percent. What is left of 100 stays with the product that the object is of.
    pub shares: BTreeMap<Arc<str>, Decimal>,
}

/// An object, or a block whose objects are decided during apply.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Item {
    /// Its address.
    pub address: Arc<str>,
    /// Its type.
    pub ty: Arc<str>,
    /// The product that it belongs to, as `domain.name`.
    pub product: Option<Arc<str>>,
    /// Its tags, where its type has such; what is known of them.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub tags: BTreeMap<Arc<str>, Arc<str>>,
    /// What it costs now; `None` where there is no such object.
    pub before: Option<Costs>,
    /// What it will cost; `None` where there will be no such object.
    pub after: Option<Costs>,
    /// How many of it there will be, where that is decided during apply; `None` is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub count: Option<Quantity>,
}

impl Rules {
    /// Whether there is a budget that refuses what passes it.
    #[must_use]
    pub fn refuse(&self) -> bool {
        self.limits.iter().any(|limit| limit.budget.on_exceed == OnExceed::Deny)
    }
}

impl Basis {
    /// Whether there is anything to say of cost: an object that is priced, or a budget.
    #[must_use]
    pub fn says_something(&self) -> bool {
        let costs = |costs: &Option<Costs>| costs.as_ref().is_some_and(|costs| *costs != Costs::Free);
        !self.rules.limits.is_empty() || self.items.iter().any(|item| costs(&item.before) || costs(&item.after))
    }
}
