//! Amounts, quantities and prices as people read them. Sums are rounded to cents, prices never.

use mesh_provider::cost::{Decimal, Interval, RoundingStrategy};

/// Less than this is more than nothing, and no cent.
pub const CENT: Decimal = Decimal::from_parts(1, 0, 0, false, 2);

/// No list price has more digits after the point.
const LONGEST: u32 = 12;

/// An amount in cents: `1,234.50`; `< 0.01` where there is something, but less than a cent.
#[must_use]
pub fn amount(amount: Decimal) -> String {
    if !amount.is_zero() && amount.abs() < CENT {
        return if amount.is_sign_negative() { "> -0.01" } else { "< 0.01" }.to_owned();
    }
    with_commas(&format!("{:.2}", amount.round_dp_with_strategy(2, RoundingStrategy::MidpointAwayFromZero)))
}

/// A difference of two amounts: `+175.20`, `-3.00`, `0.00`; `+ < 0.01` where it is less than a cent.
#[must_use]
pub fn difference(before: Decimal, after: Decimal) -> String {
    let difference = after.saturating_sub(before);
    if !difference.is_zero() && difference.abs() < CENT {
        return format!("{} < 0.01", if difference.is_sign_negative() { '-' } else { '+' });
    }
    let plus = if difference > Decimal::ZERO { "+" } else { "" };
    format!("{plus}{}", amount(difference))
}

/// An amount that is not one number yet: `0.00 .. 12.50 .. open`, or the number where all three read the same.
#[must_use]
pub fn interval(interval: &Interval) -> String {
    let (low, expected, high) = (amount(interval.low), amount(interval.expected), bound(interval.high));
    if low == expected && expected == high { low } else { format!("{low} .. {expected} .. {high}") }
}

/// The ends of an amount that is not one number yet: `0.00 .. open`; nothing where both read the same.
#[must_use]
pub fn range(interval: &Interval) -> String {
    let (low, high) = (amount(interval.low), bound(interval.high));
    if low == high { String::new() } else { format!("{low} .. {high}") }
}

/// A high end: `open` where there is none.
#[must_use]
pub fn bound(high: Option<Decimal>) -> String {
    high.map_or_else(|| "open".to_owned(), amount)
}

/// A number in all its digits: `1,460`, `0.000005`.
#[must_use]
pub fn exact(number: Decimal) -> String {
    with_commas(&number.normalize().to_string())
}

/// What one unit costs: all digits of a list price, six significant ones of what a rate of exchange made of it.
#[must_use]
pub fn price(price: Decimal) -> String {
    let significant = price.round_sf_with_strategy(6, RoundingStrategy::MidpointAwayFromZero);
    exact(significant.filter(|_| price.normalize().scale() > LONGEST).unwrap_or(price))
}

/// How much of something a month takes: to four digits after the point, which decide no cent.
#[must_use]
pub fn quantity(interval: &Interval) -> String {
    let number = |number: Decimal| {
        let rounded = number.round_dp(4);
        if rounded.is_zero() && !number.is_zero() {
            exact(number.round_sf(2).unwrap_or(number))
        } else {
            exact(rounded)
        }
    };
    if interval.is_exact() {
        return number(interval.low);
    }
    let high = interval.high.map_or_else(|| "open".to_owned(), number);
    format!("{} .. {} .. {high}", number(interval.low), number(interval.expected))
}

/// A share in whole percent; `None` of nothing.
#[must_use]
pub fn percent(part: Decimal, whole: Decimal) -> Option<String> {
    let percent = part.checked_mul(Decimal::ONE_HUNDRED)?.checked_div(whole)?;
    Some(format!("{}%", with_commas(&percent.round().normalize().to_string())))
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
        assert_eq!(difference(number("175.2"), number("350.4")), "+175.20");
        assert_eq!(difference(number("1"), number("1")), "0.00");
        assert_eq!(difference(number("1.001"), number("1")), "- < 0.01");
    }

    #[test]
    fn what_reads_the_same_is_one_number() {
        let wide = Interval::new(number("1.001"), number("1.002"), Some(number("1.003")));
        assert_eq!((interval(&wide), range(&wide)), ("1.00".to_owned(), String::new()));
        let open = Interval::new(number("0"), number("12.5"), None);
        assert_eq!((interval(&open), range(&open)), ("0.00 .. 12.50 .. open".to_owned(), "0.00 .. open".to_owned()));
    }

    #[test]
    fn prices_and_quantities_keep_their_digits() {
        assert_eq!(exact(number("0.000005")), "0.000005");
        assert_eq!(quantity(&Interval::exactly(number("1460.00"))), "1,460");
        assert_eq!(quantity(&Interval::exactly(number("0.00001234"))), "0.000012");
        assert_eq!(quantity(&Interval::new(number("0"), number("0.33333333"), None)), "0 .. 0.3333 .. open");
        assert_eq!(percent(number("34"), number("100")).as_deref(), Some("34%"));
        assert_eq!(percent(number("34"), number("0")), None);
    }
}
