//! What comes month by month and stays: for how many months it is counted.

use mesh_provider::cost::{Decimal, Interval};

/// The months after which growth is looked at where nothing ends it: the first, half a year, a year.
pub(crate) fn growth() -> Interval {
    Interval::new(Decimal::ONE, Decimal::from(6), Some(Decimal::from(12)))
}

/// So many days in months of 365/12 days, which are 730 hours.
pub(crate) fn months(days: impl Into<Decimal>) -> Decimal {
    days.into() * Decimal::from(12) / Decimal::from(365)
}
