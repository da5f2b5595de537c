//! Points in time by the proleptic Gregorian calendar, of any year: RFC 3339 read and written as Go does.

use std::fmt;

const NANOSECONDS: i128 = 1_000_000_000;
const SECONDS_A_DAY: i64 = 86_400;

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

const WEEKDAYS: [&str; 7] = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];

/// A point in time, seen at an offset from UTC.
#[derive(Clone, Copy)]
pub(super) struct Moment {
    /// Seconds since 1970-01-01T00:00:00 on the clock at the offset.
    local: i64,
    nanoseconds: u32,
    /// Seconds that the clock is ahead of UTC.
    offset: i64,
}

impl Moment {
    /// From seconds since 1970 in UTC.
    pub(super) const fn of_unix(seconds: i64, nanoseconds: u32) -> Self {
        Self { local: seconds, nanoseconds, offset: 0 }
    }

    /// Reads RFC 3339: `2025-01-31T13:00:00.5+01:00`.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let (date, rest) = text.split_at_checked(10)?;
        let (time, rest) = rest.strip_prefix('T')?.split_at_checked(8)?;
        let [year, month, day] = fields(date, '-', [4, 2, 2])?;
        let [hour, minute, second] = fields(time, ':', [2, 2, 2])?;
        let is_date = (1..=12).contains(&month) && day >= 1 && day <= days_in_month(year, month);
        if !is_date || hour > 23 || minute > 59 || second > 59 {
            return None;
        }
        let (nanoseconds, rest) = match rest.strip_prefix('.') {
            Some(rest) => {
                let (digits, rest) = rest.split_at(rest.find(|letter: char| !letter.is_ascii_digit())?);
                // Digits beyond the ninth are less than a nanosecond.
                let nanoseconds = format!("{digits:0<9}").get(..9)?.parse().ok()?;
                (Some(nanoseconds).filter(|_| !digits.is_empty())?, rest)
            }
            None => (0, rest),
        };
        let offset = if rest == "Z" { 0 } else { offset(rest)? };
        let local = days(year, month, day) * SECONDS_A_DAY + hour * 3600 + minute * 60 + second;
        Some(Self { local, nanoseconds, offset })
    }

    /// Nanoseconds since 1970 in UTC.
    pub(super) fn since_epoch(self) -> i128 {
        i128::from(self.local - self.offset) * NANOSECONDS + i128::from(self.nanoseconds)
    }

    /// So many nanoseconds later.
    pub(super) fn moved(self, nanoseconds: i64) -> Self {
        let sum = i128::from(self.nanoseconds) + i128::from(nanoseconds);
        let seconds = i64::try_from(sum.div_euclid(NANOSECONDS)).unwrap_or_default();
        let nanoseconds = u32::try_from(sum.rem_euclid(NANOSECONDS)).unwrap_or_default();
        Self { local: self.local + seconds, nanoseconds, ..self }
    }

    /// Year, month from 1, and day from 1.
    fn date(self) -> (i64, i64, i64) {
        // Howard Hinnant's civil_from_days, in the public domain: years begin in March, so that the leap day is last.
        let shifted = self.local.div_euclid(SECONDS_A_DAY) + 719_468;
        let era = shifted.div_euclid(146_097);
        let day_of_era = shifted.rem_euclid(146_097);
        let year = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
        let day_of_year = day_of_era - (365 * year + year / 4 - year / 100);
        let month = (5 * day_of_year + 2) / 153;
        let day = day_of_year - (153 * month + 2) / 5 + 1;
        let month = if month < 10 { month + 3 } else { month - 9 };
        (year + era * 400 + i64::from(month <= 2), month, day)
    }

    pub(super) fn year(self) -> i64 {
        self.date().0
    }

    pub(super) fn month(self) -> i64 {
        self.date().1
    }

    pub(super) fn day(self) -> i64 {
        self.date().2
    }

    pub(super) const fn hour(self) -> i64 {
        self.local.rem_euclid(SECONDS_A_DAY) / 3600
    }

    pub(super) const fn minute(self) -> i64 {
        self.local.rem_euclid(3600) / 60
    }

    pub(super) const fn second(self) -> i64 {
        self.local.rem_euclid(60)
    }

    pub(super) fn month_name(self) -> &'static str {
        usize::try_from(self.month() - 1).ok().and_then(|month| MONTHS.get(month)).copied().unwrap_or_default()
    }

    pub(super) fn weekday_name(self) -> &'static str {
        // 1970-01-01 was a Thursday.
        let day = (self.local.div_euclid(SECONDS_A_DAY) + 4).rem_euclid(7);
        usize::try_from(day).ok().and_then(|day| WEEKDAYS.get(day)).copied().unwrap_or_default()
    }

    pub(super) const fn is_utc(self) -> bool {
        self.offset == 0
    }

    /// The offset, with a separator between hours and minutes: `+01:00`.
    pub(super) fn offset_text(self, separator: &str) -> String {
        let sign = if self.offset < 0 { '-' } else { '+' };
        let minutes = self.offset.abs() / 60;
        format!("{sign}{:02}{separator}{:02}", minutes / 60, minutes % 60)
    }
}

/// In RFC 3339, to the second.
impl fmt::Display for Moment {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, month, day) = self.date();
        let sign = if year < 0 { "-" } else { "" };
        write!(out, "{sign}{:04}-{month:02}-{day:02}T", year.abs())?;
        write!(out, "{:02}:{:02}:{:02}", self.hour(), self.minute(), self.second())?;
        if self.is_utc() { out.write_str("Z") } else { out.write_str(&self.offset_text(":")) }
    }
}

/// Three numbers of so many digits with a separator between them.
fn fields(text: &str, separator: char, widths: [usize; 3]) -> Option<[i64; 3]> {
    let mut numbers = [0; 3];
    let mut parts = text.split(separator);
    for (number, width) in numbers.iter_mut().zip(widths) {
        let part = parts.next().filter(|part| part.len() == width && part.bytes().all(|byte| byte.is_ascii_digit()))?;
        *number = part.parse().ok()?;
    }
    parts.next().is_none().then_some(numbers)
}

/// `+01:00` in seconds.
fn offset(text: &str) -> Option<i64> {
    let (sign, rest) = match text.split_at_checked(1)? {
        ("+", rest) => (1, rest),
        ("-", rest) => (-1, rest),
        _ => return None,
    };
    let [hours, minutes, _] = fields(&format!("{rest}:00"), ':', [2, 2, 2])?;
    (hours <= 23 && minutes <= 59).then_some(sign * (hours * 3600 + minutes * 60))
}

fn days_in_month(year: i64, month: i64) -> i64 {
    match month {
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// Days since 1970-01-01.
const fn days(year: i64, month: i64, day: i64) -> i64 {
    // The inverse of `date`, by the same author.
    let year = if month <= 2 { year - 1 } else { year };
    let month = if month > 2 { month - 3 } else { month + 9 };
    let year_of_era = year.rem_euclid(400);
    let day_of_year = (153 * month + 2) / 5 + day - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    year.div_euclid(400) * 146_097 + day_of_era - 719_468
}
