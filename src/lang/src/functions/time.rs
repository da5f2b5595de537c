//! Functions on points in time, in RFC 3339.

use std::cmp::Ordering;

use jiff::tz::{Offset, TimeZone};
use jiff::{SignedDuration, Timestamp, Zoned};
use mesh_value::{Refinements, Type, Value};

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
    }),
    Function::world("plantimestamp", "The time at which the plan was made.", &[], Shape::String, |environment, _| {
        time_or_later(environment.plan_timestamp())
    }),
    Function::pure(
        "timeadd",
        "A time moved by a duration such as \"10m\" or \"-1h30m\".",
        &[TIMESTAMP, whole("duration", Shape::String)],
        Shape::String,
        timeadd,
    ),
    Function::pure(
        "timecmp",
        "-1, 0 or 1: whether the first time is before, at or after the second.",
        &[TIMESTAMP, whole("other", Shape::String)],
        Shape::Number,
        |arguments| {
            let order = parsed(arguments, 0)?.timestamp().cmp(&parsed(arguments, 1)?.timestamp());
            Ok(Value::number(match order {
                Ordering::Less => -1,
                Ordering::Equal => 0,
                Ordering::Greater => 1,
            }))
        },
    ),
    Function::pure(
        "formatdate",
        "A time in a format of YYYY, YY, MMMM, MMM, MM, M, DD, D, EEEE, EEE, hh, h, HH, H, AA, aa, mm, m, ss, s, ZZZZZ, ZZZZ, ZZZ, Z.",
        &[whole("format", Shape::String), TIMESTAMP],
        Shape::String,
        formatdate,
    ),
];

fn instant(seconds: i64, nanoseconds: u32) -> Answer {
    let nanoseconds = i32::try_from(nanoseconds).unwrap_or_default();
    let time = Timestamp::new(seconds, nanoseconds).map_err(|error| Refusal::from(error.to_string()))?;
    Ok(Value::string(time.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()))
}

fn parsed(arguments: &[Value], index: usize) -> Result<Zoned, Refusal> {
    let text = text(arguments, index)?;
    let refuse = || {
        let refusal = Refusal::of(index, format!("{text:?} is no time in RFC 3339"));
        refusal.hint("Write it as \"2025-01-31T13:00:00Z\", or with +01:00 in place of Z.")
    };
    let is_strict = text.len() >= 20 && text.as_bytes().get(10) == Some(&b'T') && !text.contains('[');
    if !is_strict {
        return Err(refuse());
    }
    let time: Timestamp = text.parse().map_err(|_| refuse())?;
    let offset = match text.strip_suffix('Z') {
        Some(_) => Offset::UTC,
        None => text.get(text.len() - 6..).and_then(offset).ok_or_else(refuse)?,
    };
    Ok(time.to_zoned(TimeZone::fixed(offset)))
}

/// `+01:00`
fn offset(text: &str) -> Option<Offset> {
    let (sign, rest) = match text.split_at_checked(1)? {
        ("+", rest) => (1, rest),
        ("-", rest) => (-1, rest),
        _ => return None,
    };
    let (hours, minutes) = rest.split_once(':')?;
    let seconds = hours.parse::<i32>().ok()? * 3600 + minutes.parse::<i32>().ok()? * 60;
    Offset::from_seconds(sign * seconds).ok()
}

fn rfc3339(time: &Zoned) -> String {
    if time.offset() == Offset::UTC {
        time.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
    } else {
        time.strftime("%Y-%m-%dT%H:%M:%S%:z").to_string()
    }
}

fn timeadd(arguments: &[Value]) -> Answer {
    let time = parsed(arguments, 0)?;
    let written = text(arguments, 1)?;
    let duration = duration(written).ok_or_else(|| {
        let refusal = Refusal::of(1, format!("{written:?} is no duration"));
        refusal.hint("Write it as \"1h30m\", of h, m, s, ms, us and ns.")
    })?;
    let moved = time.checked_add(duration).map_err(|error| Refusal::from(error.to_string()))?;
    Ok(Value::string(rfc3339(&moved)))
}

/// `-1h30m`, `1.5s`
fn duration(text: &str) -> Option<SignedDuration> {
    let (sign, mut rest) = match text.strip_prefix('-') {
        Some(rest) => (-1, rest),
        None => (1, text.strip_prefix('+').unwrap_or(text)),
    };
    if rest == "0" {
        return Some(SignedDuration::ZERO);
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
    i64::try_from(sign * nanoseconds).ok().map(SignedDuration::from_nanos)
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
            let pattern = pattern(sequence).ok_or_else(|| {
                let refusal = Refusal::of(0, format!("{sequence:?} means nothing in a format of a time"));
                refusal.hint("Put text in single quotes: 'text'.")
            })?;
            match pattern {
                "offset" if time.offset() == Offset::UTC => out.push('Z'),
                "offset" => out.push_str(&time.strftime("%:z").to_string()),
                "zone" if time.offset() == Offset::UTC => out.push_str("UTC"),
                "zone" => out.push_str(&time.strftime("%z").to_string()),
                _ => out.push_str(&time.strftime(pattern).to_string()),
            }
        } else {
            out.push_str(sequence);
        }
    }
    Ok(Value::string(out))
}

/// The text in single quotes that a format starts with; two quotes mean one.
fn quoted(format: &str) -> Option<(String, &str)> {
    let mut literal = String::new();
    let mut rest = format.strip_prefix('\'')?;
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

fn pattern(sequence: &str) -> Option<&'static str> {
    Some(match sequence {
        "YYYY" => "%Y",
        "YY" => "%y",
        "MMMM" => "%B",
        "MMM" => "%b",
        "MM" => "%m",
        "M" => "%-m",
        "DD" => "%d",
        "D" => "%-d",
        "EEEE" => "%A",
        "EEE" => "%a",
        "hh" => "%H",
        "h" => "%-H",
        "HH" => "%I",
        "H" => "%-I",
        "AA" => "%p",
        "aa" => "%P",
        "mm" => "%M",
        "m" => "%-M",
        "ss" => "%S",
        "s" => "%-S",
        "ZZZZZ" => "%:z",
        "ZZZZ" => "%z",
        "ZZZ" => "zone",
        "Z" => "offset",
        _ => return None,
    })
}
