//! Budgets: how much may be spent in a period, by whom, and what happens past it.

use std::fmt;
use std::sync::Arc;

use mesh_provider::cost::Decimal;
use serde::{Deserialize, Serialize};

/// What may be spent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Budget {
    /// So much of `currency` in a `period`.
    pub amount: Decimal,
    /// An ISO 4217 code.
    pub currency: Arc<str>,
    /// The time in which it may be spent.
    pub period: Period,
    /// Which number of an estimate is held against it.
    pub basis: BudgetBasis,
    /// What happens where it is exceeded.
    pub on_exceed: OnExceed,
    /// Percentages of it that are warned at, rising.
    pub thresholds: Vec<Decimal>,
}

/// A time in which an amount may be spent. Estimates are of a month.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Period {
    /// A month.
    #[default]
    Monthly,
    /// Three months.
    Quarterly,
    /// Twelve months.
    Yearly,
}

/// Which number of an estimate is held against a budget.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum BudgetBasis {
    /// The best single number.
    #[default]
    Expected,
    /// The most that it can be.
    High,
}

/// What happens where a budget is exceeded.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum OnExceed {
    /// The change is refused.
    #[default]
    Deny,
    /// It is said.
    Warn,
}

/// As in a sentence: `100 USD a month`, then what is not as it is by default.
impl fmt::Display for Budget {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let period = match self.period {
            Period::Monthly => "month",
            Period::Quarterly => "quarter",
            Period::Yearly => "year",
        };
        write!(out, "{} {} a {period}", self.amount.normalize(), self.currency)?;
        if self.basis == BudgetBasis::High {
            out.write_str(", of the high end")?;
        }
        if self.on_exceed == OnExceed::Warn {
            out.write_str(", warns only")?;
        }
        for (index, threshold) in self.thresholds.iter().enumerate() {
            write!(out, "{}{}%", if index == 0 { ", thresholds " } else { " " }, threshold.normalize())?;
        }
        Ok(())
    }
}

impl Period {
    /// How many months it has.
    #[must_use]
    pub fn months(self) -> Decimal {
        match self {
            Self::Monthly => Decimal::ONE,
            Self::Quarterly => 3.into(),
            Self::Yearly => 12.into(),
        }
    }
}

/// A budget and whose it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Limit {
    /// What it covers.
    pub scope: Scope,
    /// How much.
    pub budget: Budget,
}

/// What a budget covers.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Scope {
    /// Everything in the state.
    Mesh,
    /// All products of a domain.
    Domain(Arc<str>),
    /// One product, by its `domain.name`.
    Product(Arc<str>),
}

impl Scope {
    /// Whether what a product costs counts here; `None` is what belongs to no product.
    #[must_use]
    pub fn covers(&self, product: Option<&str>) -> bool {
        match (self, product) {
            (Self::Mesh, _) => true,
            (Self::Domain(domain), Some(product)) => domain_of(product) == Some(domain),
            (Self::Product(id), Some(product)) => **id == *product,
            (Self::Domain(_) | Self::Product(_), None) => false,
        }
    }
}

/// The domain of a product's id, `sales` of `sales.orders`.
#[must_use]
pub fn domain_of(product: &str) -> Option<&str> {
    product.split_once('.').map(|(domain, _)| domain)
}

/// As in a sentence: `the mesh`, `domain sales`, `product sales.orders`.
impl fmt::Display for Scope {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Mesh => out.write_str("the mesh"),
            Self::Domain(name) => write!(out, "domain {name}"),
            Self::Product(id) => write!(out, "product {id}"),
        }
    }
}
