//! Numbers to and from decimal text.

use std::fmt;
use std::str::FromStr;

use dashu_base::{BitTest, Sign, UnsignedAbs};
use dashu_int::{IBig, UBig};

use super::arithmetic::quotient;
use super::{Big, MAX_EXPONENT, Number, NumberError, PRECISION, Repr, rounded};

/// `[+-]digits[.digits][e[+-]digits]`, of which digits may lack before or after the point, not on both sides. The
/// nearest number is taken. `Inf` and `inf` with or without a sign are infinity.
impl FromStr for Number {
    type Err = NumberError;

    fn from_str(text: &str) -> Result<Self, NumberError> {
        if let Some(small) = small(text) {
            return Ok(Self::from(small));
        }
        match text {
            "Inf" | "inf" | "+Inf" | "+inf" => return Ok(Self::infinite(Sign::Positive)),
            "-Inf" | "-inf" => return Ok(Self::infinite(Sign::Negative)),
            _ => {}
        }
        let literal = Literal::read(text).ok_or_else(|| NumberError::Syntax { text: text.to_owned() })?;
        literal.value()
    }
}

/// Binary digits of a 64-bit float's significand.
const FLOAT_PRECISION: usize = 53;

/// The common case: an integer of at most 18 digits.
fn small(text: &str) -> Option<i64> {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let plain = !digits.is_empty() && digits.len() <= 18 && digits.bytes().all(|byte| byte.is_ascii_digit());
    if plain { text.parse().ok() } else { None }
}

/// The parts of a decimal literal: digits times ten to the exponent.
struct Literal {
    negative: bool,
    digits: String,
    /// Saturated: the sign alone matters far out.
    exponent: i64,
}

impl Literal {
    fn read(text: &str) -> Option<Self> {
        let (negative, rest) = match text.as_bytes().first()? {
            b'-' => (true, text.get(1..)?),
            b'+' => (false, text.get(1..)?),
            _ => (false, text),
        };
        let (mantissa, exponent) = match rest.find(['e', 'E']) {
            Some(at) => (rest.get(..at)?, read_exponent(rest.get(at + 1..)?)?),
            None => (rest, 0),
        };
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let digits = format!("{whole}{fraction}");
        if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        let exponent = exponent.saturating_sub(i64::try_from(fraction.len()).ok()?);
        Some(Self { negative, digits, exponent })
    }

    fn value(&self) -> Result<Number, NumberError> {
        let significant = self.digits.trim_start_matches('0');
        if significant.is_empty() {
            return Ok(Number::ZERO);
        }
        // A decimal digit is more than three bits: far out the powers of ten need not be built.
        let length = i64::try_from(significant.len()).map_err(|_| NumberError::OutOfRange)?;
        if length > MAX_EXPONENT || self.exponent.saturating_add(length).abs() > MAX_EXPONENT / 3 {
            return Err(NumberError::OutOfRange);
        }
        let magnitude = UBig::from_str(significant).map_err(|_| NumberError::OutOfRange)?;
        let power = usize::try_from(self.exponent.unsigned_abs()).map_err(|_| NumberError::OutOfRange)?;
        let (magnitude, exponent) = if self.exponent >= 0 {
            (magnitude * UBig::from(10u8).pow(power), 0)
        } else {
            quotient(magnitude, &UBig::from(10u8).pow(power))
        };
        let significand = IBig::from(magnitude);
        Number::in_range(rounded(if self.negative { -significand } else { significand }, exponent))
    }
}

fn read_exponent(text: &str) -> Option<i64> {
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let magnitude = digits.parse().unwrap_or(i64::MAX / 4).min(i64::MAX / 4);
    Some(if text.starts_with('-') { -magnitude } else { magnitude })
}

/// `+Inf` or `-Inf`; else without an exponent and with no more digits than it takes to tell the number from its neighbours.
impl fmt::Display for Number {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Repr::Small(value) => write!(out, "{value}"),
            Repr::Big(big) | Repr::Float(big) => {
                let sign = if self.is_negative() { "-" } else { "" };
                let is_float = matches!(self.0, Repr::Float(_));
                let (digits, scale) = shortest(big, if is_float { FLOAT_PRECISION } else { PRECISION });
                write!(out, "{sign}{}", point(&digits, scale))
            }
            Repr::Infinite(Sign::Positive) => out.write_str("+Inf"),
            Repr::Infinite(Sign::Negative) => out.write_str("-Inf"),
        }
    }
}

/// The shortest decimal, as an integer over ten to the scale, that lies nearer to the number than to any other of its
/// precision. Of two the nearer, of two as near the even one.
fn shortest(big: &Big, precision: usize) -> (UBig, usize) {
    let magnitude = big.significand().unsigned_abs();
    let exponent = big.exponent();
    if exponent >= 0 && magnitude.bit_len() + exponent.unsigned_abs() <= precision {
        return (magnitude << exponent.unsigned_abs(), 0);
    }
    // With the point moved so that half a unit in the last place is 1, all three ends are integers.
    let shift = precision + 1 - magnitude.bit_len();
    let exact = magnitude << shift;
    let exponent = exponent - isize::try_from(shift).unwrap_or(isize::MAX);
    let inclusive = !exact.bit(1);
    let one = UBig::ONE;
    let (factor, scale) = if exponent >= 0 {
        (one.clone() << exponent.unsigned_abs(), 0)
    } else {
        (UBig::from(5u8).pow(exponent.unsigned_abs()), exponent.unsigned_abs())
    };
    let (low, high) = ((&exact - &one) * &factor, (&exact + &one) * &factor);
    let exact = exact * factor;
    let within = |value: &UBig| (*value > low && *value < high) || (inclusive && (*value == low || *value == high));

    // Some multiple of a power of ten no greater than the interval is always inside.
    let mut zeros = (&high - &low).to_string().len();
    loop {
        let unit = UBig::from(10u8).pow(zeros);
        let down = &exact / &unit * &unit;
        let up = &down + &unit;
        let (below, above) = (&exact - &down, &up - &exact);
        let even = !(&down / &unit).bit(0);
        let down_is_nearer = below < above || (below == above && even);
        match (within(&down), within(&up)) {
            (true, true) => return (if down_is_nearer { down } else { up }, scale),
            (true, false) => return (down, scale),
            (false, true) => return (up, scale),
            (false, false) if zeros == 0 => return (exact, scale),
            (false, false) => zeros -= 1,
        }
    }
}

/// An integer's digits with the point `scale` digits from the right, without needless zeros.
fn point(digits: &UBig, scale: usize) -> String {
    let digits = digits.to_string();
    if scale == 0 {
        return digits;
    }
    // Formatting with a width ends at 65,535 characters.
    let padded = "0".repeat((scale + 1).saturating_sub(digits.len())) + &digits;
    let (whole, fraction) = padded.split_at(padded.len() - scale);
    let fraction = fraction.trim_end_matches('0');
    if fraction.is_empty() { whole.to_owned() } else { format!("{whole}.{fraction}") }
}
