//! From a value to JSON. Marks are left out: what is sensitive must be taken out or encrypted before.

use std::fmt::Write as _;

use serde_json::{Map, Value as Json};

use super::{JsonError, MAX_DEPTH, types};
use crate::{AttributePath, ConversionError, Kind, Number, Type, Value};

/// The typed form of a value, read back with [`from_json`](super::from_json) and the same type.
///
/// # Errors
/// If something in it is known only after apply, it is not of the type, or nests too deep.
pub fn to_json(value: &Value, ty: &Type) -> Result<Json, JsonError> {
    Encoding { path: AttributePath::default() }.typed(value, ty)
}

/// The plain form of a value: lists, sets and tuples become arrays, maps and objects become objects.
///
/// # Errors
/// If something in it is known only after apply, or it nests too deep.
pub fn to_plain_json(value: &Value) -> Result<Json, JsonError> {
    Encoding { path: AttributePath::default() }.plain(value)
}

/// The plain form as compact text, as `jsonencode` answers it: every number in full; `<`, `>` and `&` escaped, so
/// that it can stand inside HTML.
///
/// # Errors
/// If something in it is known only after apply, or it nests too deep.
pub fn encode_json(value: &Value) -> Result<String, JsonError> {
    let mut text = String::new();
    write_text(value, &mut AttributePath::default(), &mut text)?;
    Ok(text)
}

struct Encoding {
    path: AttributePath,
}

impl Encoding {
    fn typed(&mut self, value: &Value, ty: &Type) -> Result<Json, JsonError> {
        if self.path.steps().len() > MAX_DEPTH {
            return Err(JsonError::TooDeep);
        }
        match (value.kind(), ty) {
            (Kind::Unknown(_), _) => Err(JsonError::NotKnown(self.path.clone())),
            (Kind::Null(Type::Any), _) => Ok(Json::Null),
            (_, Type::Any) => {
                let ty = value.ty();
                let inner = if ty == Type::Any { Json::Null } else { self.typed(value, &ty)? };
                Ok(Json::Object(Map::from_iter([("type".into(), types::write(&ty)), ("value".into(), inner)])))
            }
            (Kind::Null(_), _) => Ok(Json::Null),
            (Kind::Bool(value), Type::Bool) => Ok(Json::Bool(*value)),
            (Kind::Number(number), Type::Number) => Ok(number_json(number)),
            (Kind::String(text), Type::String) => Ok(Json::String(text.as_ref().to_owned())),
            (Kind::List(_), Type::List(element)) | (Kind::Set(_), Type::Set(element)) => {
                self.array(value, |_| Some(element))
            }
            (Kind::Tuple(values), Type::Tuple(types)) if values.len() == types.len() => {
                self.array(value, |index| types.get(index))
            }
            (Kind::Map(_), Type::Map(element)) => self.keyed(value, |_| Some(element)),
            (Kind::Object(attributes), Type::Object(types)) if attributes.len() == types.len() => {
                self.keyed(value, |name| ty.attribute(name).map(|attribute| &attribute.ty))
            }
            _ => Err(self.mismatch(value, ty)),
        }
    }

    fn array<'t>(&mut self, value: &Value, ty: impl Fn(usize) -> Option<&'t Type>) -> Result<Json, JsonError> {
        let mut array = Vec::new();
        for (index, (step, inner)) in value.parts().enumerate() {
            let Some(ty) = ty(index) else { return Err(self.mismatch(inner, &Type::Any)) };
            self.path.push(step);
            array.push(self.typed(inner, ty)?);
            self.path.pop();
        }
        Ok(Json::Array(array))
    }

    fn keyed<'t>(&mut self, value: &Value, ty: impl Fn(&str) -> Option<&'t Type>) -> Result<Json, JsonError> {
        let mut object = Map::new();
        for ((step, inner), (name, _)) in value.parts().zip(value.as_entries().unwrap_or_default()) {
            self.path.push(step);
            let Some(ty) = ty(name) else { return Err(self.mismatch(inner, &Type::Any)) };
            object.insert(name.as_ref().to_owned(), self.typed(inner, ty)?);
            self.path.pop();
        }
        Ok(Json::Object(object))
    }

    fn plain(&mut self, value: &Value) -> Result<Json, JsonError> {
        if self.path.steps().len() > MAX_DEPTH {
            return Err(JsonError::TooDeep);
        }
        Ok(match value.kind() {
            Kind::Unknown(_) => return Err(JsonError::NotKnown(self.path.clone())),
            Kind::Null(_) => Json::Null,
            Kind::Bool(value) => Json::Bool(*value),
            Kind::Number(number) => number_json(number),
            Kind::String(text) => Json::String(text.as_ref().to_owned()),
            Kind::List(_) | Kind::Set(_) | Kind::Tuple(_) => {
                let mut array = Vec::new();
                for (step, inner) in value.parts() {
                    self.path.push(step);
                    array.push(self.plain(inner)?);
                    self.path.pop();
                }
                Json::Array(array)
            }
            Kind::Map(entries) => self.plain_object(value, &entries.1)?,
            Kind::Object(attributes) => self.plain_object(value, attributes)?,
        })
    }

    fn plain_object(&mut self, value: &Value, entries: &[crate::Entry]) -> Result<Json, JsonError> {
        let mut object = Map::new();
        for ((step, inner), (name, _)) in value.parts().zip(entries) {
            self.path.push(step);
            object.insert(name.as_ref().to_owned(), self.plain(inner)?);
            self.path.pop();
        }
        Ok(Json::Object(object))
    }

    fn mismatch(&self, value: &Value, ty: &Type) -> JsonError {
        let message = format!("{} is required, this is {}", ty.describe_one(), value.describe());
        ConversionError { path: self.path.clone(), message }.into()
    }
}

/// A JSON number where one of serde_json's holds the number exactly, else its digits as a string.
fn number_json(number: &Number) -> Json {
    if let Some(integer) = number.to_i64() {
        return integer.into();
    }
    if let Some(integer) = number.to_u64() {
        return integer.into();
    }
    match serde_json::Number::from_f64(number.to_f64()) {
        Some(float) if float.to_string().parse::<Number>().as_ref() == Ok(number) => Json::Number(float),
        _ => Json::String(number.to_string()),
    }
}

fn write_text(value: &Value, path: &mut AttributePath, out: &mut String) -> Result<(), JsonError> {
    if path.steps().len() > 2 * MAX_DEPTH {
        return Err(JsonError::TooDeep);
    }
    match value.kind() {
        Kind::Unknown(_) => return Err(JsonError::NotKnown(path.clone())),
        Kind::Null(_) => out.push_str("null"),
        Kind::Bool(value) => out.push_str(if *value { "true" } else { "false" }),
        Kind::Number(number) if number.is_infinite() => return Err(JsonError::Infinite(path.clone())),
        // Writing to a String can't fail.
        Kind::Number(number) => drop(write!(out, "{number}")),
        Kind::String(text) => write_string(text, out),
        Kind::List(_) | Kind::Set(_) | Kind::Tuple(_) => {
            out.push('[');
            for (index, (step, inner)) in value.parts().enumerate() {
                if index > 0 {
                    out.push(',');
                }
                path.push(step);
                write_text(inner, path, out)?;
                path.pop();
            }
            out.push(']');
        }
        Kind::Map(_) | Kind::Object(_) => {
            out.push('{');
            let entries = value.as_entries().unwrap_or_default();
            for (index, ((step, inner), (name, _))) in value.parts().zip(entries).enumerate() {
                if index > 0 {
                    out.push(',');
                }
                write_string(name, out);
                out.push(':');
                path.push(step);
                write_text(inner, path, out)?;
                path.pop();
            }
            out.push('}');
        }
    }
    Ok(())
}

fn write_string(text: &str, out: &mut String) {
    for character in Json::String(text.to_owned()).to_string().chars() {
        match character {
            '<' | '>' | '&' | '\u{2028}' | '\u{2029}' => drop(write!(out, "\\u{:04x}", u32::from(character))),
            _ => out.push(character),
        }
    }
}
