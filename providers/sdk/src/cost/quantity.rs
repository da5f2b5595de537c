//! An interval that says what makes it wide.

use std::sync::Arc;

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::Interval;

/// An interval, and the reasons why it is not one number.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Quantity {
    /// The numbers.
    #[serde(flatten)]
    pub interval: Interval,
    /// What makes it wide, each as part of a sentence: "`storage_gb` is not declared in a `usage` block". Empty where it
    /// is exact, and so is what it is priced as.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub because: Vec<Arc<str>>,
    /// Whether applying decides it: some of the reasons is that something is known after apply.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub late: bool,
}

impl Quantity {
    /// One number.
    #[must_use]
    pub fn exactly(number: impl Into<Decimal>) -> Self {
        Self { interval: Interval::exactly(number), ..Self::default() }
    }

    /// An interval, and why it is one. The reason is dropped where it is one number.
    #[must_use]
    pub fn wide(interval: Interval, because: impl Into<Arc<str>>) -> Self {
        let because = if interval.is_exact() { Vec::new() } else { vec![because.into()] };
        Self { interval, because, late: false }
    }

    /// An interval that applying decides, because something is known after apply.
    #[must_use]
    pub fn late(interval: Interval, because: impl Into<Arc<str>>) -> Self {
        Self { late: !interval.is_exact(), ..Self::wide(interval, because) }
    }

    /// Both together.
    #[must_use]
    pub fn plus(&self, other: &Self) -> Self {
        self.joined(other, self.interval.plus(&other.interval))
    }

    /// So many times the other.
    #[must_use]
    pub fn times(&self, other: &Self) -> Self {
        self.joined(other, self.interval.times(&other.interval))
    }

    /// So many times a number.
    #[must_use]
    pub fn scaled(&self, by: impl Into<Decimal>) -> Self {
        self.times(&Self::exactly(by))
    }

    /// What a function that never falls makes of it.
    #[must_use]
    pub fn map(&self, rising: impl Fn(Decimal) -> Decimal) -> Self {
        Self { interval: self.interval.map(rising), ..self.clone() }.tidy()
    }

    /// It, but no more than so much.
    #[must_use]
    pub fn at_most(&self, most: impl Into<Decimal>) -> Self {
        Self { interval: self.interval.at_most(most.into()), ..self.clone() }.tidy()
    }

    fn joined(&self, other: &Self, interval: Interval) -> Self {
        let mut because = self.because.clone();
        because.extend(other.because.iter().filter(|reason| !self.because.contains(reason)).cloned());
        Self { interval, because, late: self.late || other.late }.tidy()
    }

    /// What is one number needs no reason.
    fn tidy(mut self) -> Self {
        if self.interval.is_exact() {
            self.because.clear();
            self.late = false;
        }
        self
    }
}
