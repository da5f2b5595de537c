//! Functions that write values in encodings and read them back.

use std::borrow::Cow;

use base64::Engine as _;
use base64::alphabet;
use base64::engine::general_purpose::{GeneralPurpose, GeneralPurposeConfig, STANDARD};
use mesh_value::{Type, Value, decode_json, encode_json};

use super::csv;
use super::function::{Answer, Function, Parameter, Refusal, Shape, whole};
use super::text::text;

const STRING: Parameter = whole("str", Shape::String);

pub(super) const FUNCTIONS: &[Function] = &[
    Function::pure("base64encode", "A text's bytes in Base64.", &[STRING], Shape::String, |arguments| {
        Ok(Value::string(STANDARD.encode(text(arguments, 0)?)))
    })
    .example(r#"base64encode("hello")"#, r#""aGVsbG8=""#),
    Function::pure(
        "base64decode",
        "The text whose bytes are written in Base64.",
        &[STRING],
        Shape::String,
        base64decode,
    )
    .example(r#"base64decode("aGVsbG8=")"#, r#""hello""#),
    Function::pure(
        "jsonencode",
        "A value as JSON.",
        &[whole("val", Shape::Any).or_null()],
        Shape::String,
        |arguments| {
            let value = arguments.first().cloned().unwrap_or_else(|| Value::null(Type::Any));
            encode_json(&value).map(Value::string).map_err(|error| Refusal::of(0, error.to_string()))
        },
    )
    .example("jsonencode({ a = [1, true] })", r#""{\"a\":[1,true]}""#),
    Function::pure("jsondecode", "The value that a JSON text means.", &[STRING], Shape::Any, |arguments| {
        decode_json(&paired(text(arguments, 0)?)).map_err(|error| Refusal::of(0, error.to_string()))
    })
    .example(r#"jsondecode("{\"a\":[1,true]}")"#, "{ a = [1, true] }"),
    Function::pure(
        "csvdecode",
        "The rows of a CSV text as objects, named by its first row.",
        &[STRING],
        Shape::Any,
        csv::decode,
    )
    .example(r#"csvdecode("name,rows\norders,3")"#, r#"[{ name = "orders", rows = "3" }]"#),
    Function::pure("urlencode", "A text as part of a URL.", &[STRING], Shape::String, urlencode)
        .example(r#"urlencode("a b&c")"#, r#""a+b%26c""#),
    Function::pure("urldecode", "A text that stands as a part of a URL.", &[STRING], Shape::String, urldecode)
        .example(r#"urldecode("a+b%26c")"#, r#""a b&c""#),
];

/// As Go's decoder: line breaks may stand anywhere, and bits beyond the last byte may be set.
const LENIENT: GeneralPurpose =
    GeneralPurpose::new(&alphabet::STANDARD, GeneralPurposeConfig::new().with_decode_allow_trailing_bits(true));

/// The bytes that the first argument holds in Base64.
pub(super) fn base64_bytes(arguments: &[Value]) -> Result<Vec<u8>, Refusal> {
    let written = text(arguments, 0)?.replace(['\r', '\n'], "");
    LENIENT.decode(written).map_err(|_| Refusal::of(0, "it is not written in Base64"))
}

fn base64decode(arguments: &[Value]) -> Answer {
    // What stands there may be a secret, so the message doesn't quote it.
    let bytes = base64_bytes(arguments)?;
    let decoded = String::from_utf8(bytes).map_err(|_| Refusal::of(0, "the decoded bytes are no text in UTF-8"))?;
    Ok(Value::string(decoded))
}

/// JSON with halves of surrogate pairs that stand alone replaced, as Go replaces them.
fn paired(json: &str) -> Cow<'_, str> {
    if !json.contains("\\ud") && !json.contains("\\uD") {
        return Cow::Borrowed(json);
    }
    let half = |at: usize, range: std::ops::RangeInclusive<u16>| {
        let digits = json.get(at..at + 6).and_then(|escape| escape.strip_prefix("\\u"));
        digits.and_then(|digits| u16::from_str_radix(digits, 16).ok()).is_some_and(|code| range.contains(&code))
    };
    let mut out = String::with_capacity(json.len());
    let mut at = 0;
    while let Some(letter) = json.get(at..).and_then(|rest| rest.chars().next()) {
        let is_pair = half(at, 0xd800..=0xdbff) && half(at + 6, 0xdc00..=0xdfff);
        let length = match letter {
            '\\' if is_pair => 12,
            '\\' if half(at, 0xd800..=0xdfff) => {
                out.push('\u{fffd}');
                at += 6;
                continue;
            }
            '\\' => 1 + json.get(at + 1..).and_then(|rest| rest.chars().next()).map_or(0, char::len_utf8),
            _ => letter.len_utf8(),
        };
        out.push_str(json.get(at..at + length).unwrap_or_default());
        at += length;
    }
    Cow::Owned(out)
}

fn urlencode(arguments: &[Value]) -> Answer {
    let mut out = String::new();
    for byte in text(arguments, 0)?.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => out.push(char::from(byte)),
            b' ' => out.push('+'),
            _ => out.push_str(&format!("%{byte:02X}")),
        }
    }
    Ok(Value::string(out))
}

fn urldecode(arguments: &[Value]) -> Answer {
    let mut bytes = Vec::new();
    let mut rest = text(arguments, 0)?.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        rest = after;
        match first {
            b'%' => {
                let digits = rest.get(..2).filter(|digits| digits.iter().all(u8::is_ascii_hexdigit));
                let digits = digits.and_then(|digits| std::str::from_utf8(digits).ok());
                let byte = digits.and_then(|digits| u8::from_str_radix(digits, 16).ok());
                bytes.push(byte.ok_or_else(|| Refusal::of(0, "after % two hexadecimal digits must follow"))?);
                rest = rest.get(2..).unwrap_or_default();
            }
            b'+' => bytes.push(b' '),
            _ => bytes.push(*first),
        }
    }
    String::from_utf8(bytes).map(Value::string).map_err(|_| Refusal::of(0, "the decoded bytes are no text in UTF-8"))
}
