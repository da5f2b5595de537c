//! Functions on strings.

use mesh_value::{Refinements, Value};
use unicode_segmentation::UnicodeSegmentation;

use super::function::{Answer, Function, Parameter, Refusal, Shape, whole};
use super::numeric::integer;

const STRING: Parameter = whole("string", Shape::String);
const SUFFIX: Parameter = whole("suffix", Shape::String);
const PREFIX: Parameter = whole("prefix", Shape::String);

pub(super) const FUNCTIONS: &[Function] = &[
    Function::pure("chomp", "A text without the line breaks at its end.", &[STRING], Shape::String, |arguments| {
        Ok(Value::string(text(arguments, 0)?.trim_end_matches(['\r', '\n'])))
    }),
    Function::pure("endswith", "Whether a text ends so.", &[STRING, SUFFIX], Shape::Bool, |arguments| {
        Ok(Value::bool(text(arguments, 0)?.ends_with(text(arguments, 1)?)))
    }),
    Function::pure(
        "indent",
        "A text whose lines but the first are moved right by so many spaces.",
        &[whole("spaces", Shape::Number), STRING],
        Shape::String,
        indent,
    ),
    Function::pure(
        "join",
        "The elements of lists of strings as one text, with a separator between them.",
        &[whole("separator", Shape::String), whole("list", Shape::List(&Shape::String))],
        Shape::String,
        join,
    )
    .variadic(whole("lists", Shape::List(&Shape::String))),
    Function::pure("lower", "A text in lower case.", &[STRING], Shape::String, |arguments| {
        Ok(Value::string(text(arguments, 0)?.to_lowercase()))
    }),
    Function::pure(
        "split",
        "The parts of a text between separators.",
        &[whole("separator", Shape::String), STRING],
        Shape::List(&Shape::String),
        split,
    )
    .refined(|_| Refinements::length(1, None)),
    Function::pure("startswith", "Whether a text starts so.", &[STRING, PREFIX], Shape::Bool, |arguments| {
        Ok(Value::bool(text(arguments, 0)?.starts_with(text(arguments, 1)?)))
    }),
    Function::pure(
        "strcontains",
        "Whether a text holds another.",
        &[STRING, whole("substring", Shape::String)],
        Shape::Bool,
        |arguments| Ok(Value::bool(text(arguments, 0)?.contains(text(arguments, 1)?))),
    ),
    Function::pure("strrev", "A text backwards.", &[STRING], Shape::String, |arguments| {
        Ok(Value::string(text(arguments, 0)?.graphemes(true).rev().collect::<String>()))
    }),
    Function::pure(
        "substr",
        "A part of a text: from an offset, negative from the end, so many characters; -1 for all.",
        &[STRING, whole("offset", Shape::Number), whole("length", Shape::Number)],
        Shape::String,
        substr,
    ),
    Function::pure("title", "A text with each word's first letter in upper case.", &[STRING], Shape::String, title),
    Function::pure(
        "trim",
        "A text without any of some characters at both ends.",
        &[STRING, whole("characters", Shape::String)],
        Shape::String,
        |arguments| {
            let set = text(arguments, 1)?;
            Ok(Value::string(text(arguments, 0)?.trim_matches(|letter| set.contains(letter))))
        },
    ),
    Function::pure("trimprefix", "A text without this start.", &[STRING, PREFIX], Shape::String, |arguments| {
        let (whole, prefix) = (text(arguments, 0)?, text(arguments, 1)?);
        Ok(Value::string(whole.strip_prefix(prefix).unwrap_or(whole)))
    }),
    Function::pure("trimspace", "A text without white space at both ends.", &[STRING], Shape::String, |arguments| {
        Ok(Value::string(text(arguments, 0)?.trim()))
    }),
    Function::pure("trimsuffix", "A text without this end.", &[STRING, SUFFIX], Shape::String, |arguments| {
        let (whole, suffix) = (text(arguments, 0)?, text(arguments, 1)?);
        Ok(Value::string(whole.strip_suffix(suffix).unwrap_or(whole)))
    }),
    Function::pure("upper", "A text in upper case.", &[STRING], Shape::String, |arguments| {
        // Letter by letter, as Go does: a letter whose upper case is several (ß) stays.
        let upper = |letter: char| {
            let mut letters = letter.to_uppercase();
            match (letters.next(), letters.next()) {
                (Some(one), None) => one,
                _ => letter,
            }
        };
        Ok(Value::string(text(arguments, 0)?.chars().map(upper).collect::<String>()))
    }),
];

/// The argument at an index, a string.
pub(super) fn text(arguments: &[Value], index: usize) -> Result<&str, Refusal> {
    arguments.get(index).and_then(Value::as_str).ok_or_else(|| Refusal::of(index, "a string is required"))
}

/// A list of strings.
pub(super) fn strings(parts: impl IntoIterator<Item = impl Into<std::sync::Arc<str>>>) -> Value {
    Value::list(mesh_value::Type::String, parts.into_iter().map(Value::string).collect())
}

fn indent(arguments: &[Value]) -> Answer {
    let spaces = usize::try_from(integer(arguments, 0)?)
        .map_err(|_| Refusal::of(0, "the number of spaces can't be negative"))?;
    if spaces > 10_000 {
        return Err(Refusal::of(0, "at most 10000 spaces are possible"));
    }
    let pad = format!("\n{}", " ".repeat(spaces));
    Ok(Value::string(text(arguments, 1)?.replace('\n', &pad)))
}

fn join(arguments: &[Value]) -> Answer {
    let separator = text(arguments, 0)?;
    let mut parts = Vec::new();
    for (index, list) in arguments.iter().enumerate().skip(1) {
        for (at, element) in list.as_slice().unwrap_or_default().iter().enumerate() {
            let part = element.as_str();
            parts.push(part.ok_or_else(|| Refusal::of(index, format!("element {at} is null, a string is required")))?);
        }
    }
    Ok(Value::string(parts.join(separator)))
}

fn split(arguments: &[Value]) -> Answer {
    let (separator, whole) = (text(arguments, 0)?, text(arguments, 1)?);
    if separator.is_empty() {
        // Between all characters.
        return Ok(strings(whole.chars().map(String::from)));
    }
    Ok(strings(whole.split(separator)))
}

fn substr(arguments: &[Value]) -> Answer {
    let letters: Vec<&str> = text(arguments, 0)?.graphemes(true).collect();
    let (offset, length) = (integer(arguments, 1)?, integer(arguments, 2)?);
    let count = i64::try_from(letters.len()).unwrap_or(i64::MAX);
    let start = if offset < 0 { (count + offset).max(0) } else { offset.min(count) };
    let end = if length < 0 { count } else { start.saturating_add(length).min(count) };
    let range = usize::try_from(start).unwrap_or(0)..usize::try_from(end).unwrap_or(0);
    Ok(Value::string(letters.get(range).unwrap_or_default().concat()))
}

fn title(arguments: &[Value]) -> Answer {
    let mut is_start = true;
    let mut titled = String::new();
    for letter in text(arguments, 0)?.chars() {
        if is_start {
            titled.extend(letter.to_uppercase());
        } else {
            titled.push(letter);
        }
        is_start = !(letter.is_alphanumeric() || letter == '_');
    }
    Ok(Value::string(titled))
}
