//! Functions on strings.

use mesh_value::{Refinements, Value};
use unicode_segmentation::UnicodeSegmentation;

use super::function::{Answer, Function, Parameter, Refusal, Shape, whole};
use super::numeric::integer;

const STRING: Parameter = whole("str", Shape::String);
const SUFFIX: Parameter = whole("suffix", Shape::String);
const PREFIX: Parameter = whole("prefix", Shape::String);

pub(super) const FUNCTIONS: &[Function] = &[
    Function::pure("chomp", "A text without the line breaks at its end.", &[STRING], Shape::String, |arguments| {
        Ok(Value::string(text(arguments, 0)?.trim_end_matches(['\r', '\n'])))
    })
    .example(r#"chomp("hello\n")"#, r#""hello""#),
    Function::pure("endswith", "Whether a text ends so.", &[STRING, SUFFIX], Shape::Bool, |arguments| {
        Ok(Value::bool(text(arguments, 0)?.ends_with(text(arguments, 1)?)))
    })
    .example(r#"endswith("orders.csv", ".csv")"#, "true"),
    Function::pure(
        "indent",
        "A text whose lines but the first are moved right by so many spaces.",
        &[whole("spaces", Shape::Number), STRING],
        Shape::String,
        indent,
    )
    .example(r#"indent(2, "a:\nb")"#, r#""a:\n  b""#),
    Function::pure(
        "join",
        "The elements of lists of strings as one text, with a separator between them.",
        &[whole("separator", Shape::String), whole("lists", Shape::List(&Shape::String))],
        Shape::String,
        join,
    )
    .example(r#"join("-", ["sales", "orders"])"#, r#""sales-orders""#)
    .variadic(whole("lists", Shape::List(&Shape::String))),
    Function::pure("lower", "A text in lower case.", &[STRING], Shape::String, |arguments| {
        // Letter by letter, as Go does.
        let lower = |letter: char| letter.to_lowercase().next().unwrap_or(letter);
        Ok(Value::string(text(arguments, 0)?.chars().map(lower).collect::<String>()))
    })
    .example(r#"lower("ORDERS")"#, r#""orders""#),
    Function::pure(
        "split",
        "The parts of a text between separators.",
        &[whole("separator", Shape::String), STRING],
        Shape::List(&Shape::String),
        split,
    )
    .example(r#"split(",", "a,b,c")"#, r#"["a", "b", "c"]"#)
    .refined(|_| Refinements::length(1, None)),
    Function::pure("startswith", "Whether a text starts so.", &[STRING, PREFIX], Shape::Bool, |arguments| {
        Ok(Value::bool(text(arguments, 0)?.starts_with(text(arguments, 1)?)))
    })
    .example(r#"startswith("s3://landing", "s3://")"#, "true"),
    Function::pure(
        "strcontains",
        "Whether a text holds another.",
        &[STRING, whole("substr", Shape::String)],
        Shape::Bool,
        |arguments| Ok(Value::bool(text(arguments, 0)?.contains(text(arguments, 1)?))),
    )
    .example(r#"strcontains("sales-orders", "orders")"#, "true"),
    Function::pure("strrev", "A text backwards.", &[STRING], Shape::String, |arguments| {
        Ok(Value::string(text(arguments, 0)?.graphemes(true).rev().collect::<String>()))
    })
    .example(r#"strrev("hello")"#, r#""olleh""#),
    Function::pure(
        "substr",
        "A part of a text: from an offset, negative from the end, so many characters; -1 for all.",
        &[STRING, whole("offset", Shape::Number), whole("length", Shape::Number)],
        Shape::String,
        substr,
    )
    .example(r#"substr("hello world", 1, 4)"#, r#""ello""#),
    Function::pure("title", "A text with each word's first letter in upper case.", &[STRING], Shape::String, title)
        .example(r#"title("hello world")"#, r#""Hello World""#),
    Function::pure(
        "trim",
        "A text without any of some characters at both ends.",
        &[STRING, whole("cutset", Shape::String)],
        Shape::String,
        |arguments| {
            let set = text(arguments, 1)?;
            Ok(Value::string(text(arguments, 0)?.trim_matches(|letter| set.contains(letter))))
        },
    )
    .example(r#"trim("?!hello?!", "!?")"#, r#""hello""#),
    Function::pure("trimprefix", "A text without this start.", &[STRING, PREFIX], Shape::String, |arguments| {
        let (whole, prefix) = (text(arguments, 0)?, text(arguments, 1)?);
        Ok(Value::string(whole.strip_prefix(prefix).unwrap_or(whole)))
    })
    .example(r#"trimprefix("s3://landing", "s3://")"#, r#""landing""#),
    Function::pure("trimspace", "A text without white space at both ends.", &[STRING], Shape::String, |arguments| {
        Ok(Value::string(text(arguments, 0)?.trim()))
    })
    .example(r#"trimspace("  hello\n")"#, r#""hello""#),
    Function::pure("trimsuffix", "A text without this end.", &[STRING, SUFFIX], Shape::String, |arguments| {
        let (whole, suffix) = (text(arguments, 0)?, text(arguments, 1)?);
        Ok(Value::string(whole.strip_suffix(suffix).unwrap_or(whole)))
    })
    .example(r#"trimsuffix("orders.csv", ".csv")"#, r#""orders""#),
    Function::pure("upper", "A text in upper case.", &[STRING], Shape::String, |arguments| {
        Ok(Value::string(text(arguments, 0)?.chars().map(upper).collect::<String>()))
    })
    .example(r#"upper("orders")"#, r#""ORDERS""#),
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

/// The one letter that is the upper case of another; one whose upper case is several letters (ß) stays, as in Go.
fn upper(letter: char) -> char {
    let mut letters = letter.to_uppercase();
    match (letters.next(), letters.next()) {
        (Some(one), None) => one,
        // Greek letters with an iota below have a capital with one beside.
        _ => match u32::from(letter) {
            code @ 0x1f80..=0x1faf => char::from_u32(code | 8).unwrap_or(letter),
            code @ (0x1fb3 | 0x1fc3 | 0x1ff3) => char::from_u32(code + 9).unwrap_or(letter),
            _ => letter,
        },
    }
}

/// The letter that a word starts with: upper case, but for letters that are two in one (ǆ) and Georgian ones.
fn initial(letter: char) -> char {
    match letter {
        'Ǆ'..='ǆ' => 'ǅ',
        'Ǉ'..='ǉ' => 'ǈ',
        'Ǌ'..='ǌ' => 'ǋ',
        'Ǳ'..='ǳ' => 'ǲ',
        'ა'..='ჺ' | 'ჽ'..='ჿ' => letter,
        _ => upper(letter),
    }
}

fn title(arguments: &[Value]) -> Answer {
    let mut is_start = true;
    let mut titled = String::new();
    for letter in text(arguments, 0)?.chars() {
        titled.push(if is_start { initial(letter) } else { letter });
        // Beyond ASCII, only white space ends a word.
        is_start =
            if letter.is_ascii() { !(letter.is_ascii_alphanumeric() || letter == '_') } else { letter.is_whitespace() };
    }
    Ok(Value::string(titled))
}
