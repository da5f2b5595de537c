//! JSON as read, with its numbers exact.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde_json::value::RawValue;

use super::{JsonError, MAX_DEPTH};
use crate::Number;

/// A JSON value. Of a repeated key the last counts.
pub(crate) enum Json<'a> {
    Null,
    Bool(bool),
    Number(Number),
    String(Cow<'a, str>),
    Array(Vec<Json<'a>>),
    Object(BTreeMap<Cow<'a, str>, Json<'a>>),
}

impl<'a> Json<'a> {
    /// Reads a text. serde_json checks the syntax and finds the parts; a part's text keeps the digits that its own
    /// numbers lose.
    pub(crate) fn read(text: &'a str) -> Result<Self, JsonError> {
        Self::part(parsed::<&RawValue>(text)?.get(), 0)
    }

    fn part(text: &'a str, depth: usize) -> Result<Self, JsonError> {
        if depth > 2 * MAX_DEPTH {
            return Err(JsonError::TooDeep);
        }
        Ok(match text.as_bytes().first() {
            Some(b'n') => Self::Null,
            Some(b't') => Self::Bool(true),
            Some(b'f') => Self::Bool(false),
            Some(b'"') => Self::String(parsed::<String>(text)?.into()),
            // Loops rather than iterators: this recursion's frames must stay small.
            Some(b'[') => {
                let mut elements = Vec::new();
                for part in parsed::<Vec<&'a RawValue>>(text)? {
                    elements.push(Self::part(part.get(), depth + 1)?);
                }
                Self::Array(elements)
            }
            Some(b'{') => {
                let mut entries = BTreeMap::new();
                for (key, part) in parsed::<BTreeMap<String, &'a RawValue>>(text)? {
                    entries.insert(key.into(), Self::part(part.get(), depth + 1)?);
                }
                Self::Object(entries)
            }
            _ => Self::Number(number(text)?),
        })
    }

    pub(crate) fn borrowed(json: &'a serde_json::Value, depth: usize) -> Result<Self, JsonError> {
        if depth > 2 * MAX_DEPTH {
            return Err(JsonError::TooDeep);
        }
        Ok(match json {
            serde_json::Value::Null => Self::Null,
            serde_json::Value::Bool(value) => Self::Bool(*value),
            serde_json::Value::Number(value) => Self::Number(match value.as_i64() {
                Some(small) => small.into(),
                None => number(&value.to_string())?,
            }),
            serde_json::Value::String(text) => Self::String(text.into()),
            serde_json::Value::Array(elements) => {
                let elements = elements.iter().map(|element| Self::borrowed(element, depth + 1));
                Self::Array(elements.collect::<Result<_, _>>()?)
            }
            serde_json::Value::Object(entries) => {
                let entries = entries
                    .iter()
                    .map(|(key, value)| Ok((Cow::Borrowed(key.as_str()), Self::borrowed(value, depth + 1)?)));
                Self::Object(entries.collect::<Result<_, JsonError>>()?)
            }
        })
    }

    /// What it is, for messages.
    pub(crate) const fn noun(&self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Bool(_) => "a bool",
            Self::Number(_) => "a number",
            Self::String(_) => "a string",
            Self::Array(_) => "an array",
            Self::Object(_) => "an object",
        }
    }
}

fn parsed<'a, T: serde::Deserialize<'a>>(text: &'a str) -> Result<T, JsonError> {
    serde_json::from_str(text).map_err(|error| JsonError::Syntax(error.to_string()))
}

fn number(text: &str) -> Result<Number, JsonError> {
    text.parse().map_err(|error: crate::NumberError| JsonError::Syntax(error.to_string()))
}
