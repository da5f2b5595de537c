//! Values kept whole, with type, refinements and marks, as plan files hold them.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use rmp::encode::{write_array_len, write_bin, write_str, write_uint};
use serde::de::{Error, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::decode::Reader;
use super::encode::{write_value, written};
use super::{MsgpackError, encode};
use crate::{AttributePath, Marks, Value, json};

/// The value with its type and marks: an array of the type in JSON, the value in the plugin protocol's form, and
/// path and marks in turn.
///
/// # Errors
/// If the value is too large or nests too deep, or its elements are not of the type that its collection says.
pub fn encode_whole(value: &Value) -> Result<Vec<u8>, MsgpackError> {
    let ty = value.ty();
    let (_, marks) = value.unmark_deep();
    let mut out = Vec::new();
    written(write_array_len(&mut out, 3))?;
    written(write_bin(&mut out, json::write_type(&ty).to_string().as_bytes()))?;
    write_value(&mut out, value, &ty, &mut AttributePath::default())?;
    written(write_array_len(&mut out, encode::length(marks.len().saturating_mul(2))?))?;
    for (path, marks) in marks {
        written(write_str(&mut out, &path.to_string()))?;
        written(write_uint(&mut out, marks.bits().into()))?;
    }
    Ok(out)
}

/// The value that [`encode_whole`] wrote.
///
/// # Errors
/// For bytes that it never wrote.
pub fn decode_whole(bytes: &[u8]) -> Result<Value, MsgpackError> {
    let mut reader = Reader::new(bytes);
    if reader.array_length()? != 3 {
        return reader.damaged("type, value and marks are required");
    }
    let ty = reader.ty()?;
    let value = reader.value(&ty)?;
    let mut marks = Vec::new();
    for _ in 0..reader.array_length()? / 2 {
        let path = reader.text()?.parse::<AttributePath>();
        let bits = reader.byte()?;
        match (path, Marks::from_bits(bits)) {
            (Ok(path), Some(marked)) => marks.push((path, marked)),
            (Err(error), _) => return reader.damaged(&error.to_string()),
            (_, None) => return reader.damaged("these marks are none that this version of mesh knows"),
        }
    }
    reader.end()?;
    Ok(value.with_marks_at(&marks))
}

/// As [`encode_whole`] writes it: bytes, in formats for people base64 text.
impl Serialize for Value {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let bytes = encode_whole(self).map_err(serde::ser::Error::custom)?;
        if serializer.is_human_readable() {
            serializer.serialize_str(&STANDARD.encode(bytes))
        } else {
            serializer.serialize_bytes(&bytes)
        }
    }
}

impl<'de> Deserialize<'de> for Value {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        if deserializer.is_human_readable() {
            deserializer.deserialize_str(Stored)
        } else {
            deserializer.deserialize_bytes(Stored)
        }
    }
}

struct Stored;

impl Visitor<'_> for Stored {
    type Value = Value;

    fn expecting(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str("an encoded value")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Value, E> {
        let bytes = STANDARD.decode(text).map_err(E::custom)?;
        self.visit_bytes(&bytes)
    }

    fn visit_bytes<E: Error>(self, bytes: &[u8]) -> Result<Value, E> {
        decode_whole(bytes).map_err(E::custom)
    }
}
