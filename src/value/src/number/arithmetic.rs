//! Arithmetic on numbers: exact where 512 bits suffice, else rounded half to even, as Terraform's.

use std::ops::{Add, Neg, Sub};
use std::sync::Arc;

use dashu_base::{BitTest, UnsignedAbs};
use dashu_int::{IBig, UBig};

use super::{Big, Number, NumberError, PRECISION, Repr, rounded};

// Each operation computes its exact result in integers, or one that rounds as the exact result does, and rounds once.
// dashu-float's own addition is not used: in version 0.6.2 some differences are off by a unit in the last place.

impl Number {
    /// The sum.
    ///
    /// # Errors
    /// If it is out of range, or the sum of both infinities.
    pub fn checked_add(&self, other: &Self) -> Result<Self, NumberError> {
        match (self.is_infinite(), other.is_infinite()) {
            (true, true) if self != other => return Err(NumberError::Undefined),
            (true, _) => return Ok(self.clone()),
            (_, true) => return Ok(other.clone()),
            _ => {}
        }
        if let (Repr::Small(left), Repr::Small(right)) = (&self.0, &other.0)
            && let Some(sum) = left.checked_add(*right)
        {
            return Ok(Self::from(sum));
        }
        Self::in_range(sum(&self.big(), &other.big()))
    }

    /// The difference.
    ///
    /// # Errors
    /// If it is out of range, or an infinity less itself.
    pub fn checked_sub(&self, other: &Self) -> Result<Self, NumberError> {
        self.checked_add(&-other)
    }

    /// The product.
    ///
    /// # Errors
    /// If it is out of range, or zero times infinity.
    pub fn checked_mul(&self, other: &Self) -> Result<Self, NumberError> {
        if self.is_infinite() || other.is_infinite() {
            let is_undefined = self.is_zero() || other.is_zero();
            let product = Self::infinite(self.sign() * other.sign());
            return if is_undefined { Err(NumberError::Undefined) } else { Ok(product) };
        }
        if let (Repr::Small(left), Repr::Small(right)) = (&self.0, &other.0)
            && let Some(product) = left.checked_mul(*right)
        {
            return Ok(Self::from(product));
        }
        let (left, right) = (self.big(), other.big());
        let exponent = left.exponent().saturating_add(right.exponent());
        Self::in_range(rounded(left.significand() * right.significand(), exponent))
    }

    /// The quotient. By zero it is infinite, as in Terraform.
    ///
    /// # Errors
    /// If it is out of range, zero by zero, or infinity by infinity.
    pub fn checked_div(&self, other: &Self) -> Result<Self, NumberError> {
        match (self.is_infinite(), other.is_infinite()) {
            (true, true) => return Err(NumberError::Undefined),
            (false, true) => return Ok(Self::ZERO),
            (false, false) if other.is_zero() && self.is_zero() => return Err(NumberError::Undefined),
            (true, false) => return Ok(Self::infinite(self.sign() * other.sign())),
            _ if other.is_zero() => return Ok(Self::infinite(self.sign())),
            _ => {}
        }
        if let (Repr::Small(left), Repr::Small(right)) = (&self.0, &other.0)
            && left.checked_rem(*right) == Some(0)
            && let Some(quotient) = left.checked_div(*right)
        {
            return Ok(Self::from(quotient));
        }
        let (left, right) = (self.big(), other.big());
        let sign = left.sign() * right.sign();
        let divisor = right.significand().unsigned_abs();
        let (magnitude, exponent) = quotient(left.significand().unsigned_abs(), &divisor);
        let exponent = exponent.saturating_add(left.exponent()).saturating_sub(right.exponent());
        Self::in_range(rounded(IBig::from_parts(sign, magnitude), exponent))
    }

    /// What remains after a division towards zero; its sign is the dividend's: -7 % 3 is -1.
    ///
    /// As in Terraform the quotient is rounded before its fraction is cut off, so `3 % 0.1` is 0, although the
    /// binary number nearest to 0.1 does not divide 3. By zero everything remains, as there.
    ///
    /// # Errors
    /// If a result is out of range, or one of both is infinite.
    pub fn checked_rem(&self, other: &Self) -> Result<Self, NumberError> {
        if self.is_infinite() || other.is_infinite() {
            return Err(NumberError::Undefined);
        }
        if other.is_zero() {
            return Ok(self.clone());
        }
        if let (Repr::Small(left), Repr::Small(right)) = (&self.0, &other.0) {
            // The one overflow, i64::MIN % -1, leaves nothing.
            return Ok(Self::from(left.checked_rem(*right).unwrap_or(0)));
        }
        let times = self.checked_div(other)?.truncated();
        self.checked_sub(&times.checked_mul(other)?)
    }

    /// The greatest integer that is not greater.
    #[must_use]
    pub fn floor(&self) -> Self {
        let whole = self.truncated();
        if self.is_negative() && whole != *self { &whole - &Self::ONE } else { whole }
    }

    /// The least integer that is not less.
    #[must_use]
    pub fn ceil(&self) -> Self {
        let whole = self.truncated();
        if self.is_negative() || whole == *self { whole } else { &whole + &Self::ONE }
    }

    /// Without the fraction.
    #[must_use]
    pub fn truncated(&self) -> Self {
        if self.is_integer() || self.is_infinite() {
            self.clone()
        } else {
            Self::canonical(Big::from(self.to_integer()))
        }
    }

    /// The magnitude.
    #[must_use]
    pub fn abs(&self) -> Self {
        if self.is_negative() { -self } else { self.clone() }
    }

    /// To a power. An integer exponent multiplies exactly as far as 512 bits go.
    ///
    /// # Errors
    /// If the result is out of range; or not defined.
    pub fn powi(&self, exponent: i64) -> Result<Self, NumberError> {
        let (mut result, mut square, mut left) = (Self::ONE, self.clone(), exponent.unsigned_abs());
        while left > 0 {
            if left & 1 == 1 {
                result = result.checked_mul(&square)?;
            }
            left >>= 1;
            if left > 0 {
                square = square.checked_mul(&square)?;
            }
        }
        if exponent < 0 { Self::ONE.checked_div(&result) } else { Ok(result) }
    }
}

/// The sum of finite numbers, rounded once. The exponents' range bounds how far apart the operands can lie.
fn sum(left: &Big, right: &Big) -> Big {
    let exponent = left.exponent().min(right.exponent());
    let aligned = |big: &Big| big.significand() << big.exponent().abs_diff(exponent);
    rounded(aligned(left) + aligned(right), exponent)
}

/// A quotient with more bits than the precision, as significand and binary exponent. A last bit stands for whatever
/// remains, so that rounding it gives what rounding the exact quotient gives.
pub(super) fn quotient(dividend: UBig, divisor: &UBig) -> (UBig, isize) {
    let shift = (PRECISION + 2 + divisor.bit_len()).saturating_sub(dividend.bit_len());
    let shifted = dividend << shift;
    let whole = &shifted / divisor;
    let sticky = u8::from(&whole * divisor != shifted);
    ((whole << 1usize) + UBig::from(sticky), -isize::try_from(shift + 1).unwrap_or(isize::MAX))
}

/// The sum without a check of its range: a sum grows its operands' range by a bit at most. An infinite operand is the
/// sum, the left one if both are.
impl Add for &Number {
    type Output = Number;

    fn add(self, other: Self) -> Number {
        if self.is_infinite() || other.is_infinite() {
            return if self.is_infinite() { self.clone() } else { other.clone() };
        }
        if let (Repr::Small(left), Repr::Small(right)) = (&self.0, &other.0)
            && let Some(sum) = left.checked_add(*right)
        {
            return Number::from(sum);
        }
        Number::canonical(sum(&self.big(), &other.big()))
    }
}

/// The difference without a check of its range.
impl Sub for &Number {
    type Output = Number;

    fn sub(self, other: Self) -> Number {
        self + &-other
    }
}

impl Neg for &Number {
    type Output = Number;

    fn neg(self) -> Number {
        match &self.0 {
            Repr::Small(value) => value.checked_neg().map_or_else(|| Number::canonical(-self.big()), Number::from),
            Repr::Big(big) => Number::canonical(-big.as_ref().clone()),
            Repr::Float(big) => Number(Repr::Float(Arc::new(-big.as_ref().clone()))),
            Repr::Infinite(sign) => Number::infinite(-*sign),
        }
    }
}
