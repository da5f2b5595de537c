//! Values and types as JSON: how state stores them, and what `jsonencode` and `jsondecode` speak.
//!
//! Two forms exist. The *typed* form ([`to_json`], [`from_json`]) is read back with the type it was written with;
//! where that type says `any` it holds `{"type": …, "value": …}`. The *plain* form ([`to_plain_json`],
//! [`encode_json`], [`decode_json`]) is what other programs write: its types are implied by what is there.
//!
//! Numbers stay exact. In JSON text they are written in full. A [`serde_json::Value`] holds 64-bit floats and
//! integers only; a number that would change in one becomes a string there, which [`from_json`] reads back.
//! (serde_json's `arbitrary_precision` would lift that limit for every crate of the program, and with it break each
//! internally tagged or flattened structure that holds a float.)

mod decode;
mod encode;
mod tree;
mod types;

use tree::Json;

pub use encode::{encode_json, to_json, to_plain_json};
pub(crate) use types::write as write_type;

use crate::{AttributePath, ConversionError, Type, Value};

/// The deepest nesting of values and types that is stored, and twice that of JSON text, since a type takes two levels
/// of JSON for each of its own. Small enough for any thread's stack.
pub(crate) const MAX_DEPTH: usize = 128;

/// Why JSON can't be read or written.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum JsonError {
    /// The text is no JSON.
    #[error("this is not valid JSON: {0}")]
    Syntax(String),
    /// A value or JSON text nests deeper than is supported.
    #[error("this nests too deep: values may nest {MAX_DEPTH} levels, JSON text twice as many")]
    TooDeep,
    /// A type is written in no form that is known.
    #[error("this is no type: {0}")]
    NoType(String),
    /// What is there does not fit the type.
    #[error(transparent)]
    Mismatch(#[from] ConversionError),
    /// A value known only after apply has no JSON.
    #[error("{}known only after apply, and can't be written as JSON before", place(.0))]
    NotKnown(AttributePath),
    /// A number has no end, which JSON can't write.
    #[error("infinity can't be written as JSON")]
    Infinite(AttributePath),
}

fn place(path: &AttributePath) -> String {
    if path.is_empty() { "the value is ".to_owned() } else { format!("{path} is ") }
}

/// Reads a value in the typed form.
///
/// # Errors
/// Where it does not fit the type, and for nesting beyond what is supported.
pub fn from_json(json: &serde_json::Value, ty: &Type) -> Result<Value, JsonError> {
    decode::typed(&Json::borrowed(json, 0)?, ty)
}

/// Reads a value in the typed form from text, every number exactly.
///
/// # Errors
/// For text that is no JSON, does not fit the type or nests too deep.
pub fn decode_json_as(text: &str, ty: &Type) -> Result<Value, JsonError> {
    decode::typed(&Json::read(text)?, ty)
}

/// Reads plain JSON text, every number exactly: objects, tuples and primitives.
///
/// # Errors
/// For text that is no JSON or nests too deep.
pub fn decode_json(text: &str) -> Result<Value, JsonError> {
    Ok(decode::plain(&Json::read(text)?))
}

/// Reads plain JSON: objects, tuples and primitives.
///
/// # Errors
/// For nesting beyond what is supported.
pub fn from_plain_json(json: &serde_json::Value) -> Result<Value, JsonError> {
    Ok(decode::plain(&Json::borrowed(json, 0)?))
}

/// The type that plain JSON has: objects, tuples and primitives; null is of any type.
#[must_use]
pub fn implied_type(json: &serde_json::Value) -> Type {
    match json {
        serde_json::Value::Null => Type::Any,
        serde_json::Value::Bool(_) => Type::Bool,
        serde_json::Value::Number(_) => Type::Number,
        serde_json::Value::String(_) => Type::String,
        serde_json::Value::Array(elements) => Type::tuple(elements.iter().map(implied_type)),
        serde_json::Value::Object(attributes) => {
            Type::object(attributes.iter().map(|(name, json)| (name.as_str(), implied_type(json))))
        }
    }
}

/// The type that JSON text describes.
pub(crate) fn read_type(text: &str) -> Result<Type, JsonError> {
    types::read(&Json::read(text)?)
}
