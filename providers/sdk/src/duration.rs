//! Lengths of time as configuration writes them: `500ms`, `30s`, `5m`, `1h30m`.

use std::time::Duration;

/// Reads a length of time; the error says what is wrong and what would be right.
///
/// # Errors
/// Where it is not a sequence of whole numbers with the units `ms`, `s`, `m` and `h`.
pub fn parse(text: &str) -> Result<Duration, String> {
    let wrong = || format!("`{text}` is no length of time. Write one like `500ms`, `30s`, `5m` or `1h30m`.");
    let mut rest = text.trim();
    let mut total = Duration::ZERO;
    if rest.is_empty() {
        return Err(wrong());
    }
    while !rest.is_empty() {
        let digits = rest.len() - rest.trim_start_matches(|c: char| c.is_ascii_digit()).len();
        let (number, after) = rest.split_at(digits);
        let unit = after.len() - after.trim_start_matches(|c: char| c.is_ascii_alphabetic()).len();
        let (unit, after) = after.split_at(unit);
        let number: u64 = number.parse().map_err(|_| wrong())?;
        let milliseconds = match unit {
            "ms" => 1,
            "s" => 1_000,
            "m" => 60_000,
            "h" => 3_600_000,
            _ => return Err(wrong()),
        };
        let part = number.checked_mul(milliseconds).map(Duration::from_millis).ok_or_else(wrong)?;
        total = total.checked_add(part).ok_or_else(wrong)?;
        rest = after;
    }
    Ok(total)
}

/// Writes a length of time as it is read, in whole hours, minutes and seconds; what is shorter, in milliseconds.
#[must_use]
pub fn written(length: Duration) -> String {
    let seconds = length.as_secs();
    if seconds == 0 {
        return format!("{}ms", length.as_millis());
    }
    let parts = [(seconds / 3600, "h"), (seconds / 60 % 60, "m"), (seconds % 60, "s")];
    parts.iter().filter(|(number, _)| *number > 0).map(|(number, unit)| format!("{number}{unit}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn writes_what_it_reads() {
        for text in ["500ms", "30s", "5m", "1h30m", "2h5s"] {
            assert_eq!(parse(text).map(written), Ok(text.to_owned()));
        }
    }

    #[test]
    fn reads_what_people_write() {
        let cases = [("500ms", 500), ("30s", 30_000), ("5m", 300_000), ("1h30m", 5_400_000), ("0s", 0)];
        for (text, milliseconds) in cases {
            assert_eq!(parse(text), Ok(Duration::from_millis(milliseconds)), "{text}");
        }
    }

    #[test]
    fn refuses_the_rest_and_says_what_is_right() {
        for text in ["", "5", "s", "-1s", "1.5s", "5 m", "5x", "99999999999999999999s", "9999999999999999999h"] {
            assert!(parse(text).unwrap_err().contains("`1h30m`"), "{text}");
        }
    }
}
