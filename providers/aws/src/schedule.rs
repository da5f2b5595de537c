//! How often a schedule of AWS starts something in a month, from its expression: `rate(1 hour)`, `cron(0 6 * * ? *)`.

use std::ops::RangeInclusive;

use mesh_provider::cost::{Decimal, HOURS_A_MONTH};

/// The days of each month of a year of 365 days, twelve months of 730 hours.
const MONTHS: [u32; 12] = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/// In so many years of 365 days every day of the year is every day of the week once.
const YEARS: u32 = 7;

const MONTH_NAMES: &[&str] = &["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"];
const DAY_NAMES: &[&str] = &["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"];

/// How often a schedule starts something in a month of 730 hours, on average; an `at(...)` does once. `None` where the
/// expression can't be read. The years of a `cron(...)` don't count: it is as in a year in which it runs.
pub(crate) fn runs_a_month(expression: &str) -> Option<Decimal> {
    let (kind, rest) = expression.trim().split_once('(')?;
    let inside = rest.strip_suffix(')')?;
    match kind {
        "at" => Some(Decimal::ONE),
        "rate" => rate(inside),
        "cron" => cron(inside),
        _ => None,
    }
}

/// `5 minutes`: a count and a unit.
fn rate(inside: &str) -> Option<Decimal> {
    let (count, unit) = inside.trim().split_once(' ')?;
    let count: u32 = count.parse().ok().filter(|count| *count > 0)?;
    let minutes = match unit.trim() {
        "minute" | "minutes" => 1,
        "hour" | "hours" => 60,
        "day" | "days" => 60 * 24,
        _ => return None,
    };
    Some(HOURS_A_MONTH * Decimal::from(60) / Decimal::from(u64::from(count) * minutes))
}

/// `minutes hours day-of-month month day-of-week year`.
fn cron(inside: &str) -> Option<Decimal> {
    let fields: Vec<&str> = inside.split_whitespace().collect();
    let &[minutes, hours, day, month, weekday, _] = fields.as_slice() else { return None };
    let times = set(minutes, 0..=59, &[])?.len() * set(hours, 0..=23, &[])?.len();
    let months = set(month, 1..=12, MONTH_NAMES)?;
    let mut starts = 0_usize;
    let mut since = 0;
    for _ in 0..YEARS {
        for (month, length) in (1..).zip(MONTHS) {
            // 1 is Sunday.
            let first = since % 7 + 1;
            since += length;
            if months.contains(&month) {
                starts += days(day, weekday, Month { length, first })?.len();
            }
        }
    }
    let starts = Decimal::from(starts) * Decimal::from(times);
    Some(starts / Decimal::from(YEARS * 12))
}

/// A month: how many days it has, and which day of the week its first is, 1 for Sunday.
#[derive(Clone, Copy)]
struct Month {
    length: u32,
    first: u32,
}

impl Month {
    fn weekday(self, day: u32) -> u32 {
        (self.first + day - 2) % 7 + 1
    }

    /// The working day that is nearest to a day of the month, in the same month.
    fn nearest_working_day(self, day: u32) -> u32 {
        match self.weekday(day) {
            7 if day > 1 => day - 1,
            7 => day + 2,
            1 if day < self.length => day + 1,
            1 => day - 2,
            _ => day,
        }
    }
}

/// The days of a month that a day of the month and a day of the week single out; the other one is `?` or `*`.
fn days(day: &str, weekday: &str, month: Month) -> Option<Vec<u32>> {
    if matches!(weekday, "?" | "*") {
        return days_of_month(day, month);
    }
    if !matches!(day, "?" | "*") {
        return None;
    }
    let mut all = 1..=month.length;
    if let Some((name, nth)) = weekday.split_once('#') {
        let (name, nth) = (number(name, 1..=7, DAY_NAMES)?, nth.parse::<usize>().ok()?);
        return Some(all.filter(|day| month.weekday(*day) == name).nth(nth.checked_sub(1)?).into_iter().collect());
    }
    if let Some(name) = weekday.strip_suffix('L').filter(|name| !name.is_empty()) {
        let name = number(name, 1..=7, DAY_NAMES)?;
        return Some(all.rfind(|day| month.weekday(*day) == name).into_iter().collect());
    }
    let weekday = if weekday == "L" { "7" } else { weekday };
    let wanted = set(weekday, 1..=7, DAY_NAMES)?;
    Some(all.filter(|day| wanted.contains(&month.weekday(*day))).collect())
}

fn days_of_month(day: &str, month: Month) -> Option<Vec<u32>> {
    let all = 1..=month.length;
    if day == "LW" {
        return Some(vec![month.nearest_working_day(month.length)]);
    }
    if let Some(day) = day.strip_suffix('W') {
        let day = number(day, 1..=31, &[])?;
        return Some(all.contains(&day).then(|| month.nearest_working_day(day)).into_iter().collect());
    }
    if let Some(before) = day.strip_prefix('L') {
        let before: u32 = if before.is_empty() { 0 } else { before.strip_prefix('-')?.parse().ok()? };
        return Some(month.length.checked_sub(before).filter(|day| *day > 0).into_iter().collect());
    }
    let day = if day == "?" { "*" } else { day };
    let wanted = set(day, 1..=31, &[])?;
    Some(all.filter(|day| wanted.contains(day)).collect())
}

/// The numbers of a field: `*`, `5`, `1-5`, `*/15`, `MON-FRI`, and several of these with commas between.
fn set(field: &str, all: RangeInclusive<u32>, names: &[&str]) -> Option<Vec<u32>> {
    let mut found = Vec::new();
    for part in field.split(',') {
        let (range, step) = match part.split_once('/') {
            Some((range, step)) => (range, Some(step.parse::<u32>().ok().filter(|step| *step > 0)?)),
            None => (part, None),
        };
        let (from, to) = match range.split_once('-') {
            _ if range == "*" => (*all.start(), *all.end()),
            Some((from, to)) => (number(from, all.clone(), names)?, number(to, all.clone(), names)?),
            None => {
                let one = number(range, all.clone(), names)?;
                (one, if step.is_some() { *all.end() } else { one })
            }
        };
        // `FRI-MON` goes over the end.
        let numbers: Vec<u32> =
            if from > to { (from..=*all.end()).chain(*all.start()..=to).collect() } else { (from..=to).collect() };
        found.extend(numbers.into_iter().step_by(usize::try_from(step.unwrap_or(1)).ok()?));
    }
    found.sort_unstable();
    found.dedup();
    Some(found)
}

/// A number of a field, or its name.
fn number(text: &str, all: RangeInclusive<u32>, names: &[&str]) -> Option<u32> {
    let named = names.iter().position(|name| name.eq_ignore_ascii_case(text));
    let number = named.and_then(|place| u32::try_from(place + 1).ok()).or_else(|| text.parse().ok());
    number.filter(|number| all.contains(number))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn runs(expression: &str) -> String {
        runs_a_month(expression).map_or_else(|| "none".to_owned(), |runs| runs.round_dp(4).normalize().to_string())
    }

    #[test]
    fn rates_count_minutes_of_730_hours() {
        assert_eq!(runs("rate(1 hour)"), "730");
        // 730 x 60 / 5
        assert_eq!(runs("rate(5 minutes)"), "8760");
        // 365 / 12
        assert_eq!(runs("rate(1 day)"), "30.4167");
        assert_eq!(runs("at(2027-01-31T06:00:00)"), "1");
    }

    #[test]
    fn crons_count_days_of_the_year() {
        // Each day, 365 / 12.
        assert_eq!(runs("cron(0 6 * * ? *)"), "30.4167");
        // 4 times an hour, 730 hours.
        assert_eq!(runs("cron(0/15 * * * ? *)"), "2920");
        // 5 of 7 days, twice each: 365 / 12 x 5 / 7 x 2.
        assert_eq!(runs("cron(0 6,18 ? * MON-FRI *)"), "43.4524");
        assert_eq!(runs("cron(0 6 ? * 2-6 *)"), "21.7262");
        // Over the end of the week: four days. 365 / 12 x 4 / 7
        assert_eq!(runs("cron(0 6 ? * FRI-MON *)"), "17.381");
        // Once a month; 7 of 12 months have a 31st; twice a year.
        assert_eq!(runs("cron(0 6 1 * ? *)"), "1");
        assert_eq!(runs("cron(0 6 31 * ? 2027)"), "0.5833");
        assert_eq!(runs("cron(0 6 1 JAN,JUL ? *)"), "0.1667");
        for once in ["L", "LW", "15W", "L-3"] {
            assert_eq!(runs(&format!("cron(0 6 {once} * ? *)")), "1", "{once}");
        }
        for once in ["6L", "FRI#3", "2#1"] {
            assert_eq!(runs(&format!("cron(0 6 ? * {once} *)")), "1", "{once}");
        }
    }

    #[test]
    fn what_can_not_be_read_has_no_number() {
        for wrong in [
            "",
            "rate()",
            "rate(0 hours)",
            "rate(5 fortnights)",
            "cron(0 6 * * ?)",
            "cron(60 6 * * ? *)",
            "cron(0 6 1 * MON *)",
            "cron(0/0 6 * * ? *)",
            "every day",
            "cron(0 6 ? * MON#x *)",
        ] {
            assert_eq!(runs(wrong), "none", "{wrong}");
        }
    }
}
