//! A month of a year, as bills are made by.

use std::fmt;
use std::str::FromStr;

use jiff::civil::Date;

/// A month of a year, such as `2026-10`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Month(Date);

/// A text is no month.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a month is written as year and number, such as 2026-10")]
pub struct InvalidMonth;

impl Month {
    /// The month that a day is in.
    #[must_use]
    pub fn of(day: Date) -> Self {
        Self(day.first_of_month())
    }

    /// How many days it has.
    #[must_use]
    pub fn days(self) -> i8 {
        self.0.days_in_month()
    }
}

impl fmt::Display for Month {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{:04}-{:02}", self.0.year(), self.0.month())
    }
}

impl FromStr for Month {
    type Err = InvalidMonth;

    fn from_str(text: &str) -> Result<Self, InvalidMonth> {
        let is_short = text.len() == 7;
        let day: Date = format!("{text}-01").parse().map_err(|_| InvalidMonth)?;
        if is_short { Ok(Self(day)) } else { Err(InvalidMonth) }
    }
}
