//! Numbers as `%f`, `%e` and `%g` print them, from their exact digits.

use dashu_int::UBig;
use mesh_value::Number;

/// How to print.
#[derive(Clone, Copy)]
pub(super) struct Float {
    /// `f`, `e`, `E`, `g` or `G`.
    pub(super) letter: char,
    /// Digits after the point; for `g` all significant ones.
    pub(super) precision: Option<usize>,
}

/// A number that is not negative.
pub(super) fn float_text(number: &Number, how: Float) -> Result<String, String> {
    match how.letter {
        'f' => fixed(number, how.precision.unwrap_or(6)),
        'e' | 'E' => scientific(number, how.precision.unwrap_or(6), how.letter),
        _ => general(number, how),
    }
}

fn fixed(number: &Number, precision: usize) -> Result<String, String> {
    let digits = scaled(number, precision as i64)?;
    let digits = format!("{digits:0>width$}", width = precision + 1);
    let (whole, fraction) = digits.split_at(digits.len() - precision);
    Ok(if precision == 0 { whole.to_owned() } else { format!("{whole}.{fraction}") })
}

fn scientific(number: &Number, precision: usize, letter: char) -> Result<String, String> {
    let (digits, exponent) = significant(number, precision + 1)?;
    Ok(with_exponent(&digits, exponent, letter))
}

/// `%g`: the shorter of both; without a precision all digits that the number has.
fn general(number: &Number, how: Float) -> Result<String, String> {
    let letter = if how.letter == 'G' { 'E' } else { 'e' };
    let (digits, exponent) = match how.precision {
        Some(precision) => significant(number, precision.max(1))?,
        None => shortest(number),
    };
    let digits = digits.trim_end_matches('0');
    let digits = if digits.is_empty() { "0" } else { digits };
    let most = how.precision.map_or(6, |precision| precision.max(1) as i64);
    if exponent < -4 || exponent >= most {
        return Ok(with_exponent(digits, exponent, letter));
    }
    let count = digits.len() as i64;
    Ok(if exponent < 0 {
        format!("0.{}{digits}", "0".repeat((-exponent - 1) as usize))
    } else if exponent + 1 >= count {
        format!("{digits}{}", "0".repeat((exponent + 1 - count) as usize))
    } else {
        let (whole, fraction) = digits.split_at((exponent + 1) as usize);
        format!("{whole}.{fraction}")
    })
}

fn with_exponent(digits: &str, exponent: i64, letter: char) -> String {
    let (first, rest) = digits.split_at(1);
    let point = if rest.is_empty() { "" } else { "." };
    let sign = if exponent < 0 { '-' } else { '+' };
    format!("{first}{point}{rest}{letter}{sign}{:02}", exponent.abs())
}

/// The digits of the number times a power of ten, rounded half to even. From all digits of the binary number: that
/// nearest to 0.35 is less, so it rounds down.
fn scaled(number: &Number, power: i64) -> Result<String, String> {
    let (digits, scale) = exact(number)?;
    let shift = power - scale;
    let ten = UBig::from(10_u8).pow(usize::try_from(shift.unsigned_abs()).unwrap_or(usize::MAX));
    if shift >= 0 {
        return Ok((digits * ten).to_string());
    }
    let (whole, rest) = (&digits / &ten, &digits % &ten);
    let twice = rest << 1;
    let is_odd = !(&whole & UBig::ONE).is_zero();
    let up = twice > ten || (twice == ten && is_odd);
    Ok(if up { whole + UBig::ONE } else { whole }.to_string())
}

/// The number exactly: an integer over ten to a power.
fn exact(number: &Number) -> Result<(UBig, i64), String> {
    let step = Number::from(1_i64 << 32);
    let mut whole = number.clone();
    let mut halvings = 0_usize;
    while !whole.is_integer() {
        whole = whole.checked_mul(&step).map_err(|error| error.to_string())?;
        halvings += 32;
    }
    let digits: UBig = whole.to_string().parse().map_err(|_| "has no digits".to_owned())?;
    Ok((digits * UBig::from(5_u8).pow(halvings), i64::try_from(halvings).unwrap_or(i64::MAX)))
}

/// So many significant digits, and the decimal exponent of the first.
fn significant(number: &Number, count: usize) -> Result<(String, i64), String> {
    let mut exponent = shortest(number).1;
    let mut digits = scaled(number, count as i64 - 1 - exponent)?;
    if digits.len() > count {
        // Rounding gave one digit more: 9.99 becomes 10.0.
        digits.pop();
        exponent += 1;
    }
    Ok((format!("{digits:0<count$}"), exponent))
}

/// All digits, and the decimal exponent of the first.
fn shortest(number: &Number) -> (String, i64) {
    let text = number.to_string();
    let (text, shift) = match text.split_once(['e', 'E']) {
        Some((digits, exponent)) => (digits.to_owned(), exponent.parse().unwrap_or(0)),
        None => (text, 0_i64),
    };
    let (whole, fraction) = text.split_once('.').unwrap_or((&text, ""));
    let all = format!("{whole}{fraction}");
    let leading = all.len() - all.trim_start_matches('0').len();
    if leading == all.len() {
        return ("0".to_owned(), 0);
    }
    let exponent = whole.len() as i64 - 1 - leading as i64 + shift;
    (all.trim_start_matches('0').to_owned(), exponent)
}
