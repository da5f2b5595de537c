//! What reports show of cost: the estimate, and what the budgets say to it.

use jiff::civil::Date;

use crate::basis::Basis;
use crate::book::Book;
use crate::estimate::Estimate;
use crate::limits::{Verdict, verdicts};
use crate::pricing::Pricing;

/// An estimate with the verdicts of all budgets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spending {
    /// What everything costs.
    pub estimate: Estimate,
    /// What each budget says to it, in the order of the rules.
    pub verdicts: Vec<Verdict>,
}

impl Spending {
    /// Prices a basis from a book, and holds the estimate against all budgets. The age of prices is counted to `today`.
    #[must_use]
    pub fn new(basis: &Basis, book: &Book, today: Date) -> Self {
        let pricing = Pricing::new(book, &basis.rules, today);
        let estimate = Estimate::new(basis, &pricing);
        let verdicts = verdicts(&estimate, &basis.rules.limits, &pricing);
        Self { estimate, verdicts }
    }
}
