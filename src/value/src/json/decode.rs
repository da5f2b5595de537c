//! From a JSON tree to a value.

use super::tree::Json;
use super::{JsonError, types};
use crate::{AttributePath, ConversionError, ObjectAttribute, PathStep, Type, Value, convert};

/// The value of the typed form.
pub(super) fn typed(json: &Json<'_>, ty: &Type) -> Result<Value, JsonError> {
    value(json, ty, &mut AttributePath::default())
}

/// The value of the plain form.
pub(super) fn plain(json: &Json<'_>) -> Value {
    match json {
        Json::Null => Value::null(Type::Any),
        Json::Bool(value) => Value::bool(*value),
        Json::Number(number) => Value::number(number.clone()),
        Json::String(text) => Value::string(text.as_ref()),
        Json::Array(elements) => Value::tuple(elements.iter().map(plain)),
        Json::Object(entries) => Value::object(entries.iter().map(|(name, json)| (name.as_ref(), plain(json)))),
    }
}

fn value(json: &Json<'_>, ty: &Type, path: &mut AttributePath) -> Result<Value, JsonError> {
    match (json, ty) {
        (Json::Null, _) => Ok(Value::null(ty.without_optional())),
        (_, Type::Any) => wrapped(json, path),
        (Json::Bool(_) | Json::Number(_) | Json::String(_), Type::Bool | Type::Number | Type::String) => {
            convert(&plain(json), ty).map_err(|error| error.inside(path).into())
        }
        (Json::Array(parts), Type::List(element)) => {
            Ok(Value::list(element.without_optional(), elements(parts, element, path)?))
        }
        (Json::Array(parts), Type::Set(element)) => {
            Ok(Value::set(element.without_optional(), elements(parts, element, path)?))
        }
        (Json::Array(parts), Type::Tuple(types)) if parts.len() == types.len() => {
            let mut values = Vec::with_capacity(parts.len());
            for (index, (part, ty)) in parts.iter().zip(types.iter()).enumerate() {
                values.push(inside(part, ty, PathStep::Index(index), path)?);
            }
            Ok(Value::tuple(values))
        }
        (Json::Object(entries), Type::Map(element)) => {
            let mut values = Vec::with_capacity(entries.len());
            for (key, part) in entries {
                let part = inside(part, element, PathStep::Key(key.as_ref().into()), path)?;
                values.push((key.as_ref().into(), part));
            }
            Ok(Value::map(element.without_optional(), values))
        }
        (Json::Object(_), Type::Object(attributes)) => object(json, attributes, path),
        _ => Err(mismatch(path, format!("{} is required, this is {}", ty.describe_one(), json.noun()))),
    }
}

fn elements(parts: &[Json<'_>], ty: &Type, path: &mut AttributePath) -> Result<Vec<Value>, JsonError> {
    parts.iter().enumerate().map(|(index, part)| inside(part, ty, PathStep::Index(index), path)).collect()
}

fn object(json: &Json<'_>, attributes: &[ObjectAttribute], path: &mut AttributePath) -> Result<Value, JsonError> {
    let Json::Object(entries) = json else { return Err(mismatch(path, "an object is required".to_owned())) };
    let unexpected = entries
        .keys()
        .find(|name| attributes.binary_search_by(|attribute| attribute.name.as_ref().cmp(name.as_ref())).is_err());
    if let Some(name) = unexpected {
        return Err(mismatch(path, format!("the type has no attribute {name:?}")));
    }
    let mut values = Vec::with_capacity(attributes.len());
    for ObjectAttribute { name, ty, optional } in attributes {
        let value = match entries.get(name.as_ref()) {
            Some(part) => inside(part, ty, PathStep::Attr(name.clone()), path)?,
            None if *optional => Value::null(ty.without_optional()),
            None => return Err(mismatch(path, format!("required attribute {name:?} is missing"))),
        };
        values.push((name.clone(), value));
    }
    Ok(Value::object(values))
}

/// `{"type": …, "value": …}`, in place of a value whose type `any` leaves open.
fn wrapped(json: &Json<'_>, path: &mut AttributePath) -> Result<Value, JsonError> {
    if let Json::Object(entries) = json
        && entries.len() == 2
        && let (Some(ty), Some(inner)) = (entries.get("type"), entries.get("value"))
    {
        let ty = types::read(ty)?;
        return value(inner, &ty, path);
    }
    Err(mismatch(path, format!("an object of \"type\" and \"value\" is required, this is {}", json.noun())))
}

fn inside(json: &Json<'_>, ty: &Type, step: PathStep, path: &mut AttributePath) -> Result<Value, JsonError> {
    path.push(step);
    let result = value(json, ty, path)?;
    path.pop();
    Ok(result)
}

fn mismatch(path: &AttributePath, message: String) -> JsonError {
    ConversionError { path: path.clone(), message }.into()
}
