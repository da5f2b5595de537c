//! The order of sets' elements, which shows wherever a set is gone through: the field's, so that texts made of one
//! come out the same.
//!
//! Bools, numbers and strings have their natural order, with null last. All others are ordered by a text that is made of
//! them, byte by byte: so `["a", "b"]` stands before `["a"]`, and `[10]` before `[1]`.

use std::cmp::Ordering;
use std::fmt::Write as _;

use super::{Kind, Value};
use crate::Number;

/// Sorts the elements of a set.
pub(super) fn sort(values: &mut [Value]) {
    let is_plain = |value: &Value| {
        matches!(value.kind, Kind::Bool(_) | Kind::Number(_) | Kind::String(_) | Kind::Null(_) | Kind::Unknown(_))
    };
    if values.iter().all(is_plain) {
        return values.sort_by(Value::canonical_cmp);
    }
    let mut keyed: Vec<(String, Value)> = values
        .iter()
        .map(|value| {
            let mut text = String::new();
            write_value(value, &mut text);
            (text, value.clone())
        })
        .collect();
    keyed.sort_by(|(left_text, left), (right_text, right)| match left_text.cmp(right_text) {
        Ordering::Equal => left.canonical_cmp(right),
        order => order,
    });
    for (place, (_, value)) in values.iter_mut().zip(keyed) {
        *place = value;
    }
}

fn write_value(value: &Value, out: &mut String) {
    match &value.kind {
        Kind::Null(_) => out.push('~'),
        Kind::Unknown(_) => out.push('?'),
        Kind::Bool(value) => out.push(if *value { 'T' } else { 'F' }),
        Kind::Number(number) => out.push_str(&rounded(number)),
        Kind::String(text) => write_string(text, out),
        Kind::List(values) | Kind::Set(values) => write_all('[', &values.1, ']', out),
        Kind::Tuple(values) => write_all('<', values, '>', out),
        Kind::Map(entries) => {
            out.push('{');
            for (key, value) in &entries.1 {
                write_string(key, out);
                out.push(':');
                write_value(value, out);
                out.push(';');
            }
            out.push('}');
        }
        Kind::Object(attributes) => {
            out.push('<');
            for (_, value) in attributes.iter() {
                write_value(value, out);
                out.push(';');
            }
            out.push('>');
        }
    }
}

fn write_all(open: char, values: &[Value], close: char, out: &mut String) {
    out.push(open);
    for value in values {
        write_value(value, out);
        out.push(';');
    }
    out.push(close);
}

fn write_string(text: &str, out: &mut String) {
    out.push('"');
    for character in text.chars() {
        match character {
            '"' | '\\' => out.extend(['\\', character]),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            // Writing to a String can't fail.
            '\0'..='\u{1f}' | '\u{7f}' => drop(write!(out, "\\x{:02x}", u32::from(character))),
            _ => out.push(character),
        }
    }
    out.push('"');
}

/// A number with ten digits at most, and with an exponent where it is very large or small.
fn rounded(number: &Number) -> String {
    if let Some(small) = number.to_i64().filter(|small| small.unsigned_abs() < 10_000_000_000) {
        return small.to_string();
    }
    if number.is_infinite() {
        return number.to_string();
    }
    let text = format!("{:.9e}", number.to_f64());
    let Some((digits, exponent)) = text.split_once('e') else { return text };
    let exponent: i32 = exponent.parse().unwrap_or_default();
    let digits = if digits.contains('.') { digits.trim_end_matches('0').trim_end_matches('.') } else { digits };
    if !(-4..10).contains(&exponent) {
        let sign = if exponent < 0 { '-' } else { '+' };
        return format!("{digits}e{sign}{:02}", exponent.unsigned_abs());
    }
    let decimals = usize::try_from(9 - exponent).unwrap_or_default();
    let text = format!("{:.decimals$}", number.to_f64());
    if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.').to_owned() } else { text }
}
