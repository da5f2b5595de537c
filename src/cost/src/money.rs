//! Amounts as people read them. Rounded to cents.

use mesh_provider::cost::{Decimal, Interval, RoundingStrategy};

/// Less than this is more than nothing, and no cent.
const CENT: Decimal = Decimal::from_parts(1, 0, 0, false, 2);

/// An amount in cents: `1,234.50`; `< 0.01` where there is something, but less than a cent.
#[must_use]
pub fn amount(amount: Decimal) -> String {
    if !amount.is_zero() && amount.abs() < CENT {
        return if amount.is_sign_negative() { "> -0.01" } else { "< 0.01" }.to_owned();
    }
    with_commas(&format!("{:.2}", amount.round_dp_with_strategy(2, RoundingStrategy::MidpointAwayFromZero)))
}

/// An amount that is not one number yet: `0.00 .. 12.50 .. open`, or the number where all three read the same.
#[must_use]
pub fn interval(interval: &Interval) -> String {
    let (low, expected, high) = (amount(interval.low), amount(interval.expected), bound(interval.high));
    if low == expected && expected == high { low } else { format!("{low} .. {expected} .. {high}") }
}

/// A high end: `open` where there is none.
#[must_use]
pub fn bound(high: Option<Decimal>) -> String {
    high.map_or_else(|| "open".to_owned(), amount)
}

/// Digits with commas between thousands before the point.
fn with_commas(number: &str) -> String {
    let (sign, digits) = number.strip_prefix('-').map_or(("", number), |digits| ("-", digits));
    let (whole, rest) = digits.find('.').map_or((digits, ""), |point| digits.split_at(point));
    let mut out = String::from(sign);
    for (index, digit) in whole.chars().enumerate() {
        if index > 0 && (whole.len() - index).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    fn number(text: &str) -> Decimal {
        text.parse().unwrap()
    }

    #[test]
    fn amounts_are_in_cents() {
        let shown = ["0", "0.004", "0.01", "0.125", "0.135", "12.3", "1234.5", "1234567", "-3", "-0.001"];
        let shown = shown.map(|text| amount(number(text)));
        let expected =
            ["0.00", "< 0.01", "0.01", "0.13", "0.14", "12.30", "1,234.50", "1,234,567.00", "-3.00", "> -0.01"];
        assert_eq!(shown, expected);
    }

    #[test]
    fn what_reads_the_same_is_one_number() {
        let wide = Interval::new(number("1.001"), number("1.002"), Some(number("1.003")));
        assert_eq!(interval(&wide), "1.00");
        let open = Interval::new(number("0"), number("12.5"), None);
        assert_eq!(interval(&open), "0.00 .. 12.50 .. open");
    }
}
