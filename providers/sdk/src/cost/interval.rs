//! A quantity or an amount of which bounds are known.

use std::fmt;

use mesh_value::{Kind, Number, Value};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

/// From `low` to `high`, of which `expected` is the best single number. Nothing in it is negative, and
/// `low <= expected <= high`. Where `high` is `None`, no bound is known: the interval is open.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Interval {
    /// The least that it can be.
    pub low: Decimal,
    /// The best single number.
    pub expected: Decimal,
    /// The most that it can be, if there is such.
    pub high: Option<Decimal>,
}

/// Nothing.
impl Default for Interval {
    fn default() -> Self {
        Self::ZERO
    }
}

impl Interval {
    /// Nothing.
    pub const ZERO: Self = Self { low: Decimal::ZERO, expected: Decimal::ZERO, high: Some(Decimal::ZERO) };
    /// Anything: no bound is known.
    pub const OPEN: Self = Self { low: Decimal::ZERO, expected: Decimal::ZERO, high: None };

    /// One number; a negative one counts as nothing.
    #[must_use]
    pub fn exactly(number: impl Into<Decimal>) -> Self {
        let number = number.into().max(Decimal::ZERO);
        Self { low: number, expected: number, high: Some(number) }
    }

    /// An interval with its best number, which is brought inside of the bounds.
    #[must_use]
    pub fn new(low: Decimal, expected: Decimal, high: Option<Decimal>) -> Self {
        let low = low.max(Decimal::ZERO);
        let high = high.map(|high| high.max(low));
        let expected = expected.max(low);
        Self { low, expected: high.map_or(expected, |high| expected.min(high)), high }
    }

    /// An interval of which only bounds are known: its best number is the middle, or the low end where it is open.
    #[must_use]
    pub fn between(low: Decimal, high: Option<Decimal>) -> Self {
        let middle = high.map_or(low, |high| low.saturating_add(high) / Decimal::TWO);
        Self::new(low, middle, high)
    }

    /// What a number is known to be: itself, or its bounds where it is known after apply. `None` where it is no number.
    #[must_use]
    pub fn of(value: &Value) -> Option<Self> {
        match value.kind() {
            Kind::Number(number) => decimal(number).map(Self::exactly),
            Kind::Unknown(_) => {
                let range = value.range();
                let low = range.number_min.as_ref().and_then(decimal).unwrap_or_default();
                Some(Self::between(low, range.number_max.as_ref().and_then(decimal)))
            }
            _ => None,
        }
    }

    /// Whether it is one number.
    #[must_use]
    pub fn is_exact(&self) -> bool {
        self.high == Some(self.low)
    }

    /// Whether it is surely nothing.
    #[must_use]
    pub fn is_zero(&self) -> bool {
        self.high == Some(Decimal::ZERO)
    }

    /// Both together.
    #[must_use]
    pub fn plus(&self, other: &Self) -> Self {
        Self {
            low: self.low.saturating_add(other.low),
            expected: self.expected.saturating_add(other.expected),
            high: self.high.zip(other.high).map(|(left, right)| left.saturating_add(right)),
        }
    }

    /// So many times the other. Surely nothing of what is open is nothing.
    #[must_use]
    pub fn times(&self, other: &Self) -> Self {
        let high = match (self.high, other.high) {
            (Some(left), Some(right)) => Some(left.saturating_mul(right)),
            _ => (self.is_zero() || other.is_zero()).then_some(Decimal::ZERO),
        };
        Self { low: self.low.saturating_mul(other.low), expected: self.expected.saturating_mul(other.expected), high }
    }

    /// What a function that never falls makes of it: of each of its three numbers.
    #[must_use]
    pub fn map(&self, rising: impl Fn(Decimal) -> Decimal) -> Self {
        Self::new(rising(self.low), rising(self.expected), self.high.map(rising))
    }

    /// It, but no more than so much.
    #[must_use]
    pub fn at_most(&self, most: Decimal) -> Self {
        Self::new(self.low.min(most), self.expected.min(most), Some(self.high.map_or(most, |high| high.min(most))))
    }

    /// One of several: from the lowest of all to the highest, and best the middle between the best of each. Nothing where
    /// there is none.
    #[must_use]
    pub fn one_of(choices: &[Self]) -> Self {
        let Some((first, others)) = choices.split_first() else { return Self::ZERO };
        let (mut all, mut best) = (*first, (first.expected, first.expected));
        for other in others {
            let high = all.high.zip(other.high).map(|(left, right)| left.max(right));
            all = Self { low: all.low.min(other.low), high, ..all };
            best = (best.0.min(other.expected), best.1.max(other.expected));
        }
        Self::new(all.low, best.0.saturating_add(best.1) / Decimal::TWO, all.high)
    }

    /// The smallest interval that holds both; its best number is the other's, which is what is meant to happen.
    #[must_use]
    pub fn up_to(&self, other: &Self) -> Self {
        let high = self.high.zip(other.high).map(|(left, right)| left.max(right));
        Self::new(self.low.min(other.low), other.expected, high)
    }
}

/// As `12`, or `0 .. 12 .. open`.
impl fmt::Display for Interval {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_exact() {
            return self.low.normalize().fmt(out);
        }
        write!(out, "{} .. {} .. ", self.low.normalize(), self.expected.normalize())?;
        match self.high {
            Some(high) => high.normalize().fmt(out),
            None => out.write_str("open"),
        }
    }
}

/// A number of the language as a decimal of up to 28 digits; `None` where it is larger than that.
#[must_use]
pub fn decimal(number: &Number) -> Option<Decimal> {
    let text = number.to_string();
    Decimal::from_str_exact(&text).or_else(|_| text.parse()).ok()
}

#[cfg(test)]
mod tests {
    use mesh_value::{Refinements, Type};

    use super::*;

    fn interval(low: i64, expected: i64, high: Option<i64>) -> Interval {
        Interval::new(low.into(), expected.into(), high.map(Into::into))
    }

    #[test]
    fn bounds_of_what_is_known_after_apply_come_from_refinements() {
        let refined = |min: Option<i64>, max: Option<i64>| {
            let refinements = Refinements::number(min.map(Into::into), max.map(Into::into));
            Interval::of(&Value::unknown_with(Type::Number, refinements))
        };
        assert_eq!(refined(Some(2), Some(10)), Some(interval(2, 6, Some(10))));
        assert_eq!(refined(Some(2), None), Some(interval(2, 2, None)));
        assert_eq!(refined(None, None), Some(Interval::OPEN));
        assert_eq!(Interval::of(&Value::number(7_i64)), Some(interval(7, 7, Some(7))));
        assert_eq!(Interval::of(&Value::null(Type::Number)), None);
    }

    #[test]
    fn what_is_open_stays_open_unless_there_is_nothing_of_it() {
        assert_eq!(Interval::OPEN.times(&interval(3, 3, Some(3))), Interval::OPEN);
        assert_eq!(Interval::OPEN.times(&Interval::ZERO), Interval::ZERO);
        assert_eq!(interval(1, 2, None).plus(&interval(1, 1, Some(1))), interval(2, 3, None));
        assert_eq!(interval(1, 2, None).at_most(10.into()), interval(1, 2, Some(10)));
    }

    #[test]
    fn one_of_several_lies_between_the_least_and_the_most_of_all() {
        let choices = [interval(2, 3, Some(4)), interval(1, 7, Some(9)), interval(5, 5, Some(5))];
        assert_eq!(Interval::one_of(&choices), interval(1, 5, Some(9)));
        assert_eq!(Interval::one_of(&choices[2..]), choices[2]);
        assert_eq!(Interval::one_of(&[interval(1, 1, Some(1)), interval(1, 3, None)]), interval(1, 2, None));
        assert_eq!(Interval::one_of(&[]), Interval::ZERO);
    }

    #[test]
    fn the_best_number_lies_inside_of_the_bounds() {
        assert_eq!(interval(5, 1, Some(9)), interval(5, 5, Some(9)));
        assert_eq!(interval(-5, 20, Some(9)), interval(0, 9, Some(9)));
        assert_eq!(interval(0, 20, None).to_string(), "0 .. 20 .. open");
    }

    #[test]
    fn what_is_too_large_to_count_is_the_largest_number() {
        let huge = Interval::exactly(Decimal::MAX);
        assert_eq!(huge.plus(&huge), huge);
        assert_eq!(huge.times(&huge), huge);
    }
}
