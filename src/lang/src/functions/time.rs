//! Functions on points in time, in RFC 3339.

use std::cmp::Ordering;

use mesh_value::{Refinements, Type, Value};

use super::calendar::Moment;
use super::function::{Answer, Function, Parameter, Refusal, Shape, whole};
use super::text::text;

const TIMESTAMP: Parameter = whole("timestamp", Shape::String);

/// A time, or a text that is decided during apply.
fn time_or_later(time: Option<(i64, u32)>) -> Answer {
    time.map_or_else(
        || Ok(Value::unknown_with(Type::String, Refinements::not_null())),
        |(seconds, nanoseconds)| instant(seconds, nanoseconds),
    )
}

pub(super) const FUNCTIONS: &[Function] = &[
    Function::world("timestamp", "The time of the run, decided during apply.", &[], Shape::String, |environment, _| {
        time_or_later(environment.timestamp())
    })
    .example("timestamp()", r#""2025-01-31T13:00:00Z""#)
    .not_repeatable(),
    Function::world("plantimestamp", "The time at which the plan was made.", &[], Shape::String, |environment, _| {
        time_or_later(environment.plan_timestamp())
    })
    .example("plantimestamp()", r#""2023-11-14T22:13:20Z""#),
    Function::pure(
        "timeadd",
        "A time moved by a duration such as \"10m\" or \"-1h30m\".",
        &[TIMESTAMP, whole("duration", Shape::String)],
        Shape::String,
        timeadd,
    )
    .example(r#"timeadd("2025-01-31T13:00:00Z", "36h")"#, r#""2025-02-02T01:00:00Z""#),
    Function::pure(
        "timecmp",
        "-1, 0 or 1: whether the first time is before, at or after the second.",
        &[whole("timestamp_a", Shape::String), whole("timestamp_b", Shape::String)],
        Shape::Number,
        |arguments| {
            let order = parsed(arguments, 0)?.since_epoch().cmp(&parsed(arguments, 1)?.since_epoch());
            Ok(Value::number(match order {
                Ordering::Less => -1,
                Ordering::Equal => 0,
                Ordering::Greater => 1,
            }))
        },
    )
    .example(r#"timecmp("2025-01-31T13:00:00Z", "2025-01-31T14:00:00+01:00")"#, "0"),
    Function::pure(
        "formatdate",
        "A time in a format of YYYY, YY, MMMM, MMM, MM, M, DD, D, EEEE, EEE, hh, h, HH, H, AA, aa, mm, m, ss, s, \
         ZZZZZ, ZZZZ, ZZZ, Z; other letters stand in single quotes.",
        &[whole("format", Shape::String), whole("time", Shape::String)],
        Shape::String,
        formatdate,
    )
    .example(r#"formatdate("DD MMM YYYY", "2025-01-31T13:00:00Z")"#, r#""31 Jan 2025""#),
];

fn instant(seconds: i64, nanoseconds: u32) -> Answer {
    Ok(Value::string(Moment::of_unix(seconds, nanoseconds).to_string()))
}

fn parsed(arguments: &[Value], index: usize) -> Result<Moment, Refusal> {
    let text = text(arguments, index)?;
    Moment::parse(text).ok_or_else(|| {
        let refusal = Refusal::of(index, format!("{text:?} is no time in RFC 3339"));
        refusal.hint("Write it as \"2025-01-31T13:00:00Z\", or with +01:00 in place of Z.")
    })
}

fn timeadd(arguments: &[Value]) -> Answer {
    let time = parsed(arguments, 0)?;
    let written = text(arguments, 1)?;
    let duration = duration(written).ok_or_else(|| {
        let refusal = Refusal::of(1, format!("{written:?} is no duration"));
        refusal.hint("Write it as \"1h30m\", of h, m, s, ms, us and ns.")
    })?;
    Ok(Value::string(time.moved(duration).to_string()))
}

/// `-1h30m`, `1.5s` in nanoseconds.
fn duration(text: &str) -> Option<i64> {
    let (sign, mut rest) = match text.strip_prefix('-') {
        Some(rest) => (-1, rest),
        None => (1, text.strip_prefix('+').unwrap_or(text)),
    };
    if rest == "0" {
        return Some(0);
    }
    if rest.is_empty() {
        return None;
    }
    let mut nanoseconds: i128 = 0;
    while !rest.is_empty() {
        let end = rest.find(|letter: char| !letter.is_ascii_digit() && letter != '.')?;
        let (number, after) = rest.split_at(end);
        let unit_end = after.find(|letter: char| letter.is_ascii_digit() || letter == '.').unwrap_or(after.len());
        let (unit, after) = after.split_at(unit_end);
        let scale: i128 = match unit {
            "h" => 3_600_000_000_000,
            "m" => 60_000_000_000,
            "s" => 1_000_000_000,
            "ms" => 1_000_000,
            "us" | "µs" | "μs" => 1_000,
            "ns" => 1,
            _ => return None,
        };
        let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
        if whole.is_empty() && fraction.is_empty() {
            return None;
        }
        let digits = |text: &str| if text.is_empty() { Some(0) } else { text.parse::<i128>().ok() };
        let fraction = fraction.get(..fraction.len().min(18))?;
        nanoseconds += digits(whole)?.checked_mul(scale)?;
        nanoseconds += digits(fraction)? * scale / 10_i128.pow(u32::try_from(fraction.len()).ok()?);
        rest = after;
    }
    i64::try_from(sign * nanoseconds).ok()
}

fn formatdate(arguments: &[Value]) -> Answer {
    let format = text(arguments, 0)?;
    let time = parsed(arguments, 1)?;
    let mut out = String::new();
    let mut rest = format;
    while let Some(first) = rest.chars().next() {
        if first == '\'' {
            let (literal, after) = quoted(rest).ok_or_else(|| Refusal::of(0, "the quote ' is never closed"))?;
            out.push_str(&literal);
            rest = after;
            continue;
        }
        let length = rest.len() - rest.trim_start_matches(first).len();
        let (sequence, after) = rest.split_at(length);
        rest = after;
        if first.is_ascii_alphabetic() {
            let field = field(sequence, &time).ok_or_else(|| {
                let refusal = Refusal::of(0, format!("{sequence:?} means nothing in a format of a time"));
                refusal.hint("Put text in single quotes: 'text'.")
            })?;
            out.push_str(&field);
        } else {
            out.push_str(sequence);
        }
    }
    Ok(Value::string(out))
}

/// The text in single quotes that a format starts with; two quotes mean one, inside of quotes and alone.
fn quoted(format: &str) -> Option<(String, &str)> {
    let mut literal = String::new();
    let mut rest = format.strip_prefix('\'')?;
    if let Some(after) = rest.strip_prefix('\'') {
        return Some(("'".to_owned(), after));
    }
    loop {
        let (text, after) = rest.split_once('\'')?;
        literal.push_str(text);
        match after.strip_prefix('\'') {
            Some(after) => {
                literal.push('\'');
                rest = after;
            }
            None => return Some((literal, after)),
        }
    }
}

/// What a sequence of letters stands for.
fn field(sequence: &str, time: &Moment) -> Option<String> {
    let twelve = if time.hour() % 12 == 0 { 12 } else { time.hour() % 12 };
    let half = if time.hour() < 12 { "AM" } else { "PM" };
    Some(match sequence {
        "YYYY" => format!("{:04}", time.year()),
        "YY" => format!("{:02}", time.year().rem_euclid(100)),
        "MMMM" => time.month_name().to_owned(),
        "MMM" => time.month_name().chars().take(3).collect(),
        "MM" => format!("{:02}", time.month()),
        "M" => time.month().to_string(),
        "DD" => format!("{:02}", time.day()),
        "D" => time.day().to_string(),
        "EEEE" => time.weekday_name().to_owned(),
        "EEE" => time.weekday_name().chars().take(3).collect(),
        "hh" => format!("{:02}", time.hour()),
        "h" => time.hour().to_string(),
        "HH" => format!("{twelve:02}"),
        "H" => twelve.to_string(),
        "AA" => half.to_owned(),
        "aa" => half.to_lowercase(),
        "mm" => format!("{:02}", time.minute()),
        "m" => time.minute().to_string(),
        "ss" => format!("{:02}", time.second()),
        "s" => time.second().to_string(),
        "ZZZZZ" => time.offset_text(":"),
        "ZZZZ" => time.offset_text(""),
        "ZZZ" if time.is_utc() => "UTC".to_owned(),
        "ZZZ" => time.offset_text(""),
        "Z" if time.is_utc() => "Z".to_owned(),
        "Z" => time.offset_text(":"),
        _ => return None,
    })
}
