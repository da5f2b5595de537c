//! How often a month a schedule of AWS comes round: `cron(0 6 ? * MON-FRI *)`, `rate(5 minutes)`.

use mesh_provider::cost::{Decimal, HOURS_A_MONTH};

const DAYS_OF_MONTHS: [u32; 12] = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
const MONTHS: [&str; 12] = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"];
const WEEKDAYS: [&str; 7] = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"];

/// How often a month it comes round, on the average of a year of 365 days. `None` where it is no such schedule, or comes
/// only in some years.
pub(crate) fn times_a_month(schedule: &str) -> Option<Decimal> {
    let schedule = schedule.trim();
    if let Some(rate) = inside(schedule, "rate") {
        return every(rate);
    }
    let fields: Vec<&str> = inside(schedule, "cron")?.split_whitespace().collect();
    let [minute, hour, day, month, weekday, "*"] = fields[..] else { return None };
    let a_day = values(minute, 0, 59, &[])?.len() * values(hour, 0, 23, &[])?.len();
    let days = days_a_year(day, &values(month, 1, 12, &MONTHS)?, weekday)?;
    Some(Decimal::from(a_day) * days / Decimal::from(12))
}

/// What stands in the brackets after a name.
fn inside<'t>(schedule: &'t str, name: &str) -> Option<&'t str> {
    schedule.strip_prefix(name)?.strip_prefix('(')?.strip_suffix(')')
}

/// `5 minutes`
fn every(rate: &str) -> Option<Decimal> {
    let (count, unit) = rate.trim().split_once(' ')?;
    let count = count.parse::<u32>().ok().filter(|count| *count > 0)?;
    let a_month = match unit.trim().trim_end_matches('s') {
        "minute" => HOURS_A_MONTH * Decimal::from(60),
        "hour" => HOURS_A_MONTH,
        "day" => HOURS_A_MONTH / Decimal::from(24),
        _ => return None,
    };
    Some(a_month / Decimal::from(count))
}

/// On how many days of a year: by the day of the month, or by the day of the week. AWS refuses both at once.
fn days_a_year(day: &str, months: &[u32], weekday: &str) -> Option<Decimal> {
    let any = |field: &str| field == "?" || field == "*";
    let lengths = || months.iter().filter_map(|month| DAYS_OF_MONTHS.get(*month as usize - 1));
    if any(weekday) {
        // The last day of a month, and the working day next to one: once a month.
        if day == "L" || day.ends_with('W') {
            return Some(Decimal::from(months.len()));
        }
        let days = if any(day) { (1..=31).collect() } else { values(day, 1, 31, &[])? };
        let matching = lengths().map(|length| days.iter().filter(|day| *day <= length).count());
        return Some(Decimal::from(matching.sum::<usize>()));
    }
    any(day).then_some(())?;
    // The last, or the second, of a weekday of a month: once a month.
    if weekday.ends_with('L') || weekday.contains('#') {
        return Some(Decimal::from(months.len()));
    }
    let weekdays = values(weekday, 1, 7, &WEEKDAYS)?.len();
    Some(Decimal::from(lengths().sum::<u32>()) * Decimal::from(weekdays) / Decimal::from(7))
}

/// The numbers that a field means, such as `0,30`, `8-18`, `*/15` or `MON-FRI`.
fn values(field: &str, first: u32, last: u32, names: &[&str]) -> Option<Vec<u32>> {
    let number = |text: &str| {
        let named = names.iter().position(|name| name.eq_ignore_ascii_case(text));
        let number = match named {
            Some(place) => first + u32::try_from(place).ok()?,
            None => text.parse().ok()?,
        };
        (first..=last).contains(&number).then_some(number)
    };
    let mut found = Vec::new();
    for item in field.split(',') {
        let (range, step) = match item.split_once('/') {
            Some((range, step)) => (range, Some(step.parse::<usize>().ok().filter(|step| *step > 0)?)),
            None => (item, None),
        };
        let (from, to) = match range.split_once('-') {
            Some((from, to)) => (number(from)?, number(to)?),
            None if range == "*" => (first, last),
            // With a step, one number is where it starts.
            None if step.is_some() => (number(range)?, last),
            None => (number(range)?, number(range)?),
        };
        found.extend((from..=to).step_by(step.unwrap_or(1)));
    }
    found.sort_unstable();
    found.dedup();
    (!found.is_empty()).then_some(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn schedules_are_counted() {
        for (schedule, a_year) in [
            ("cron(15 12 * * ? *)", 365),
            ("cron(0 * * * ? *)", 365 * 24),
            ("cron(0/15 8-17 ? * * *)", 365 * 10 * 4),
            ("cron(0,30 6 1 * ? *)", 2 * 12),
            ("cron(0 6 31 * ? *)", 7),
            ("cron(0 6 L * ? *)", 12),
            ("cron(0 6 ? * 2#1 *)", 12),
            ("cron(0 6 1 JAN,JUL ? *)", 2),
            ("cron(0 6 */10 1 ? *)", 4),
            ("rate(5 minutes)", 365 * 24 * 12),
            ("rate(1 hour)", 365 * 24),
            ("rate(1 day)", 365),
        ] {
            let a_month = Decimal::from(a_year) / Decimal::from(12);
            assert_eq!(times_a_month(schedule), Some(a_month), "{schedule}");
        }
        // Five days of seven: 365 x 5 / 7 / 12
        let workdays = times_a_month("cron(0 6 ? * MON-FRI *)").unwrap();
        assert_eq!(workdays.round_dp(4).to_string(), "21.7262");
    }

    #[test]
    fn what_is_no_schedule_is_not_counted() {
        for schedule in [
            "",
            "at(2026-11-20T12:00:00)",
            "rate(0 minutes)",
            "rate(5 weeks)",
            "cron(0 6 * * ? 2027)",
            "cron(0 25 * * ? *)",
            "cron(0 6 1 * MON *)",
            "cron(0 6 * *)",
            "cron(0 6-2 * * ? *)",
        ] {
            assert_eq!(times_a_month(schedule), None, "{schedule}");
        }
    }
}
