//! What was really spent: reads a cloud's bill, adds it up by product, and holds it against estimates and limits.
//!
//! Three forms are read, told apart by their header: AWS's Cost and Usage Report, its second version (CUR 2.0), and FOCUS
//! 1.0 to 1.2, which other clouds write too. A bill may have millions of lines, so it is read as a stream and only sums
//! are kept.

mod charge;
mod columns;
mod compare;
mod error;
mod month;
mod read;
mod tags;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

pub use charge::{ChargeKind, Sum};
pub use columns::BillForm;
pub use compare::{ActualProduct, Comparison, Expectation, Judged, Standing, compare, expectations};
pub use error::{BillError, BillProblem};
pub use month::{InvalidMonth, Month};
pub use read::read;

/// A bill, added up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bill {
    /// Which form it has.
    pub form: BillForm,
    /// Whether it says what use cost with prepaid capacity spread over it. Without, that is what was charged for it.
    pub has_effective: bool,
    /// The ISO 4217 code of all amounts.
    pub currency: Arc<str>,
    /// How many lines were added up.
    pub lines: u64,
    /// What each month has.
    pub months: BTreeMap<Month, MonthlyBill>,
    /// Keys of tags that lines have: all of them where the asked one is missing, to say what there is.
    pub tags: BTreeSet<String>,
    /// Whether any line has the tag that was asked for.
    pub has_tag: bool,
}

/// What a bill says of a month.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MonthlyBill {
    /// By the value of the tag and the service; `None` is what has no tag.
    pub sums: BTreeMap<(Option<Arc<str>>, Arc<str>), Sum>,
    /// How many lines of what is compared have no tag. Tax and credits have none of their own.
    pub untagged_lines: u64,
    /// How many days of the month have use in the bill, counted from its first.
    pub days: i8,
}

impl MonthlyBill {
    /// What has a value of the tag, or none, in all services.
    #[must_use]
    pub fn of(&self, product: Option<&str>) -> Sum {
        let of = self.sums.iter().filter(|((of, _), _)| of.as_deref() == product);
        of.fold(Sum::default(), |sum, (_, part)| sum.plus(part))
    }

    /// Everything.
    #[must_use]
    pub fn total(&self) -> Sum {
        self.sums.values().fold(Sum::default(), |sum, part| sum.plus(part))
    }
}
