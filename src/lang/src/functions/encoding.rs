//! Functions that write values in encodings and read them back.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use mesh_value::{Type, Value, decode_json, encode_json};

use super::csv;
use super::function::{Answer, Function, Parameter, Refusal, Shape, whole};
use super::text::text;

const STRING: Parameter = whole("string", Shape::String);

pub(super) const FUNCTIONS: &[Function] = &[
    Function::pure("base64encode", "A text's bytes in Base64.", &[STRING], Shape::String, |arguments| {
        Ok(Value::string(STANDARD.encode(text(arguments, 0)?)))
    }),
    Function::pure(
        "base64decode",
        "The text whose bytes are written in Base64.",
        &[STRING],
        Shape::String,
        base64decode,
    ),
    Function::pure(
        "jsonencode",
        "A value as JSON.",
        &[whole("value", Shape::Any).or_null()],
        Shape::String,
        |arguments| {
            let value = arguments.first().cloned().unwrap_or_else(|| Value::null(Type::Any));
            encode_json(&value).map(Value::string).map_err(|error| Refusal::of(0, error.to_string()))
        },
    ),
    Function::pure("jsondecode", "The value that a JSON text means.", &[STRING], Shape::Any, |arguments| {
        decode_json(text(arguments, 0)?).map_err(|error| Refusal::of(0, error.to_string()))
    }),
    Function::pure(
        "csvdecode",
        "The rows of a CSV text as objects, named by its first row.",
        &[STRING],
        Shape::Any,
        csv::decode,
    ),
    Function::pure("urlencode", "A text as part of a URL.", &[STRING], Shape::String, urlencode),
];

fn base64decode(arguments: &[Value]) -> Answer {
    // What stands there may be a secret, so the message doesn't quote it.
    let bytes = STANDARD.decode(text(arguments, 0)?).map_err(|_| Refusal::of(0, "it is not written in Base64"))?;
    let decoded = String::from_utf8(bytes).map_err(|_| Refusal::of(0, "the decoded bytes are no text in UTF-8"))?;
    Ok(Value::string(decoded))
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
