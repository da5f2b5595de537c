//! Exact numbers: 512-bit binary floating point as Terraform's, with a fast path for small integers, and with the two
//! infinities that a division by zero gives there.

mod arithmetic;
mod decimal;

use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::sync::Arc;

use dashu_base::{BitTest, Sign, UnsignedAbs};
use dashu_float::round::mode::HalfEven;
use dashu_float::{Context, FBig};
use dashu_int::{IBig, UBig};

type Big = dashu_float::Repr<2>;

/// Binary digits of a significand; results with more are rounded half to even.
const PRECISION: usize = 512;

/// Numbers of 2^MAX_EXPONENT (about 10^315,652) and more, or of its inverse and less, are refused: beyond it a
/// short expression could take all memory.
const MAX_EXPONENT: i64 = 1 << 20;

/// A number. An integer that fits in `i64` is always `Small`, but for what a function computed as a 64-bit float.
#[derive(Clone)]
pub struct Number(Repr);

#[derive(Clone)]
enum Repr {
    Small(i64),
    /// Finite, not zero, its significand odd and of at most [`PRECISION`] bits.
    Big(Arc<Big>),
    /// The same, computed as a 64-bit float: text shows the digits that such a float has. Arithmetic is exact again.
    Float(Arc<Big>),
    /// Greater than every number, or less.
    Infinite(Sign),
}

/// Why there is no number.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NumberError {
    /// The text is no decimal number.
    #[error("{text:?} is not a decimal number")]
    Syntax {
        /// The text.
        text: String,
    },
    /// A magnitude beyond what is supported.
    #[error("the number is out of range: magnitudes up to about 1e315652 and down to 1e-315652 are supported")]
    OutOfRange,
    /// Such as zero divided by zero, or infinity less infinity.
    #[error("the result is not defined")]
    Undefined,
    /// Infinity or not-a-number, which only other programs' data may hold.
    #[error("the number is not finite")]
    NotFinite,
}

impl Number {
    /// Zero.
    pub const ZERO: Self = Self(Repr::Small(0));
    /// One.
    pub const ONE: Self = Self(Repr::Small(1));

    /// The number that a 64-bit float is, exactly.
    ///
    /// # Errors
    /// For infinities and not-a-number.
    pub fn from_f64(value: f64) -> Result<Self, NumberError> {
        let big = Big::try_from(value).map_err(|_| NumberError::NotFinite)?;
        if big.is_infinite() {
            return Err(NumberError::NotFinite);
        }
        Ok(Self::canonical(big))
    }

    /// The number that a function computed as a 64-bit float: exactly that, but written with no more digits than it
    /// takes to tell it from other such floats, as Terraform does: `pow(2, 64)` is 18446744073709550000.
    ///
    /// # Errors
    /// For infinities and not-a-number.
    pub fn computed(value: f64) -> Result<Self, NumberError> {
        const EXACT: f64 = 9_007_199_254_740_992.0;
        let exact = Self::from_f64(value)?;
        if exact.is_integer() && value.abs() <= EXACT {
            return Ok(exact);
        }
        Ok(Self(Repr::Float(Arc::new(exact.big()))))
    }

    /// Whether it has no fraction.
    #[must_use]
    pub fn is_integer(&self) -> bool {
        match &self.0 {
            Repr::Small(_) => true,
            Repr::Big(big) | Repr::Float(big) => big.is_int(),
            Repr::Infinite(_) => false,
        }
    }

    /// Whether it is less or greater than every number.
    #[must_use]
    pub const fn is_infinite(&self) -> bool {
        matches!(self.0, Repr::Infinite(_))
    }

    /// Whether it is zero.
    #[must_use]
    pub const fn is_zero(&self) -> bool {
        matches!(self.0, Repr::Small(0))
    }

    /// Whether it is less than zero.
    #[must_use]
    pub fn is_negative(&self) -> bool {
        match &self.0 {
            Repr::Small(value) => *value < 0,
            Repr::Big(big) | Repr::Float(big) => big.sign() == Sign::Negative,
            Repr::Infinite(sign) => *sign == Sign::Negative,
        }
    }

    /// The integer that it is, if it is one and fits.
    #[must_use]
    pub fn to_i64(&self) -> Option<i64> {
        match &self.0 {
            Repr::Small(value) => Some(*value),
            Repr::Big(_) | Repr::Infinite(_) => None,
            Repr::Float(big) => Self::canonical(big.as_ref().clone()).to_i64(),
        }
    }

    /// The integer that it is, if it is one and fits.
    #[must_use]
    pub fn to_u64(&self) -> Option<u64> {
        match &self.0 {
            Repr::Small(value) => u64::try_from(*value).ok(),
            Repr::Big(_) | Repr::Float(_) if !self.is_integer() || self.is_negative() => None,
            Repr::Big(big) | Repr::Float(big) if top(big) > 64 => None,
            Repr::Big(_) | Repr::Float(_) => u64::try_from(self.to_integer()).ok(),
            Repr::Infinite(_) => None,
        }
    }

    /// The integer that it is, if it is one and fits.
    #[must_use]
    pub fn to_usize(&self) -> Option<usize> {
        self.to_u64().and_then(|value| usize::try_from(value).ok())
    }

    /// The nearest 64-bit float, infinite for magnitudes beyond its range.
    #[must_use]
    pub fn to_f64(&self) -> f64 {
        match self.0 {
            Repr::Infinite(Sign::Positive) => f64::INFINITY,
            Repr::Infinite(Sign::Negative) => f64::NEG_INFINITY,
            _ => self.float().to_f64().value(),
        }
    }

    /// Towards zero to an integer, if it is finite.
    fn to_integer(&self) -> IBig {
        match &self.0 {
            Repr::Small(value) => IBig::from(*value),
            Repr::Big(big) | Repr::Float(big) => {
                let (magnitude, exponent) = (big.significand().clone().unsigned_abs(), big.exponent());
                let magnitude: UBig = if exponent >= 0 {
                    magnitude << exponent.unsigned_abs()
                } else {
                    magnitude >> exponent.unsigned_abs()
                };
                IBig::from_parts(big.sign(), magnitude)
            }
            Repr::Infinite(_) => IBig::ZERO,
        }
    }

    fn big(&self) -> Big {
        match &self.0 {
            Repr::Small(value) => Big::from(IBig::from(*value)),
            Repr::Big(big) | Repr::Float(big) => big.as_ref().clone(),
            Repr::Infinite(Sign::Positive) => Big::infinity(),
            Repr::Infinite(Sign::Negative) => Big::neg_infinity(),
        }
    }

    fn float(&self) -> FBig<HalfEven, 2> {
        FBig::from_repr(self.big(), Context::new(PRECISION))
    }

    /// The one form of a finite number of at most [`PRECISION`] bits.
    fn canonical(big: Big) -> Self {
        if big.significand().is_zero() {
            return Self::ZERO;
        }
        if big.is_int() && top(&big) <= 64 {
            let integer = big.significand() << big.exponent().unsigned_abs();
            if let Ok(small) = i64::try_from(integer) {
                return Self(Repr::Small(small));
            }
        }
        Self(Repr::Big(Arc::new(big)))
    }

    const fn infinite(sign: Sign) -> Self {
        Self(Repr::Infinite(sign))
    }

    /// Its sign; zero's is positive.
    fn sign(&self) -> Sign {
        if self.is_negative() { Sign::Negative } else { Sign::Positive }
    }

    fn in_range(big: Big) -> Result<Self, NumberError> {
        if big.is_infinite() || (!big.significand().is_zero() && top(&big).abs() > MAX_EXPONENT) {
            return Err(NumberError::OutOfRange);
        }
        Ok(Self::canonical(big))
    }
}

/// The nearest number of [`PRECISION`] bits to an integer of any size times a power of two; of two as near the even.
fn rounded(significand: IBig, exponent: isize) -> Big {
    FBig::<HalfEven, 2>::from_parts(significand, exponent).with_precision(PRECISION).value().into_repr()
}

/// The binary exponent of the first digit: the magnitude is less than 2^top and at least half of it.
fn top(big: &Big) -> i64 {
    let bits = i64::try_from(big.significand().bit_len()).unwrap_or(i64::MAX);
    i64::try_from(big.exponent()).unwrap_or(i64::MAX).saturating_add(bits)
}

impl From<i64> for Number {
    fn from(value: i64) -> Self {
        Self(Repr::Small(value))
    }
}

impl From<i32> for Number {
    fn from(value: i32) -> Self {
        Self::from(i64::from(value))
    }
}

impl From<u32> for Number {
    fn from(value: u32) -> Self {
        Self::from(i64::from(value))
    }
}

impl From<u64> for Number {
    fn from(value: u64) -> Self {
        i64::try_from(value).map_or_else(|_| Self::canonical(Big::from(IBig::from(value))), Self::from)
    }
}

impl From<usize> for Number {
    fn from(value: usize) -> Self {
        Self::from(value as u64)
    }
}

impl PartialEq for Number {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Number {}

impl PartialOrd for Number {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Number {
    fn cmp(&self, other: &Self) -> Ordering {
        match (&self.0, &other.0) {
            (Repr::Small(left), Repr::Small(right)) => left.cmp(right),
            (Repr::Big(left), Repr::Big(right)) => left.cmp(right),
            (Repr::Infinite(left), Repr::Infinite(right)) => (*left == Sign::Positive).cmp(&(*right == Sign::Positive)),
            (Repr::Infinite(sign), _) => {
                if *sign == Sign::Positive {
                    Ordering::Greater
                } else {
                    Ordering::Less
                }
            }
            (_, Repr::Infinite(_)) => other.cmp(self).reverse(),
            _ => self.big().cmp(&other.big()),
        }
    }
}

impl Hash for Number {
    fn hash<H: Hasher>(&self, state: &mut H) {
        match &self.0 {
            Repr::Small(value) => value.hash(state),
            // Equal numbers have equal hashes, however they were computed.
            Repr::Float(big) => Self::canonical(big.as_ref().clone()).hash(state),
            Repr::Big(big) => {
                big.significand().hash(state);
                big.exponent().hash(state);
            }
            Repr::Infinite(sign) => (*sign == Sign::Negative).hash(state),
        }
    }
}

impl fmt::Debug for Number {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, out)
    }
}
