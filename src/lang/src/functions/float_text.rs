//! Numbers as `%f`, `%e` and `%g` print them, from their exact digits.

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

/// The digits of the number times a power of ten, rounded half to even.
fn scaled(number: &Number, power: i64) -> Result<String, String> {
    let refuse = |error: mesh_value::NumberError| error.to_string();
    let scale = Number::from(10_i64).powi(power.abs()).map_err(refuse)?;
    let scaled = if power >= 0 { number.checked_mul(&scale) } else { number.checked_div(&scale) }.map_err(refuse)?;
    let floor = scaled.floor();
    let twice = scaled.checked_sub(&floor).and_then(|rest| rest.checked_add(&rest)).map_err(refuse)?;
    let is_odd = floor.checked_rem(&2.into()).is_ok_and(|rest| !rest.is_zero());
    let up = twice > Number::ONE || (twice == Number::ONE && is_odd);
    let rounded = if up { floor.checked_add(&Number::ONE).map_err(refuse)? } else { floor };
    Ok(rounded.to_string())
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
