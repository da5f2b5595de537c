//! What things cost: a price book, estimates as intervals, roll-ups, and budgets that hold. It knows no cloud, no
//! configuration and no plan: it is given quantities with price keys, and answers amounts and verdicts.

#![deny(clippy::disallowed_methods, clippy::disallowed_types)]

pub mod actual;
mod basis;
mod between;
mod book;
mod budget;
pub mod declare;
mod estimate;
mod input;
mod ledger;
mod limits;
pub mod money;
pub mod offers;
mod parts;
mod pricing;
mod rollup;
mod spending;
mod suggest;

pub use basis::{Basis, Item, Rules, SharedCost};
pub use book::{Book, BookError, Price, Tier, standard};
pub use budget::{Budget, BudgetBasis, Limit, OnExceed, Period, Scope};
pub use estimate::{Amount, Cost, Estimate, Line, PricedComponent, covers};
pub use ledger::{Ledger, Refusal};
pub use limits::{Status, Verdict, verdicts};
pub use parts::{ExpensivePart, most_expensive};
pub use pricing::{ExchangeRate, PriceChange, PriceOverride, PriceUsed, Prices, Pricing};
pub use rollup::{By, Group, roll_up};
pub use spending::Spending;
pub use suggest::{Alternatives, Cheaper, Way, ways};
