//! Types as JSON: `"string"`, `["list", "string"]`, `["object", {"a": "number"}, ["a"]]`, the last part naming the
//! optional attributes. `any` is `"dynamic"`, as other programs call it.

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::{Map, Value as Tree, json};

use super::JsonError;
use super::tree::Json;
use crate::{ObjectAttribute, Type};

/// The JSON of a type.
pub(crate) fn write(ty: &Type) -> Tree {
    match ty {
        Type::Any => "dynamic".into(),
        Type::Bool => "bool".into(),
        Type::Number => "number".into(),
        Type::String => "string".into(),
        Type::List(element) => Tree::Array(vec!["list".into(), write(element)]),
        Type::Set(element) => Tree::Array(vec!["set".into(), write(element)]),
        Type::Map(element) => Tree::Array(vec!["map".into(), write(element)]),
        Type::Tuple(elements) => Tree::Array(vec!["tuple".into(), elements.iter().map(write).collect()]),
        Type::Object(attributes) => {
            let types: Map<_, _> =
                attributes.iter().map(|attribute| (attribute.name.as_ref().to_owned(), write(&attribute.ty))).collect();
            let optional: Vec<_> =
                attributes.iter().filter(|attribute| attribute.optional).map(|attribute| &*attribute.name).collect();
            if optional.is_empty() { json!(["object", types]) } else { json!(["object", types, optional]) }
        }
    }
}

/// The type that JSON describes.
pub(crate) fn read(json: &Json<'_>) -> Result<Type, JsonError> {
    match json {
        Json::String(name) => match name.as_ref() {
            "dynamic" => Ok(Type::Any),
            "bool" => Ok(Type::Bool),
            "number" => Ok(Type::Number),
            "string" => Ok(Type::String),
            other => no_type(format!("{other:?} is no name of one")),
        },
        Json::Array(parts) => match parts.as_slice() {
            [Json::String(kind), inner] if kind == "list" => read(inner).map(Type::list),
            [Json::String(kind), inner] if kind == "set" => read(inner).map(Type::set),
            [Json::String(kind), inner] if kind == "map" => read(inner).map(Type::map),
            [Json::String(kind), Json::Array(elements)] if kind == "tuple" => {
                Ok(Type::tuple(elements.iter().map(read).collect::<Result<Vec<_>, _>>()?))
            }
            [Json::String(kind), attributes @ Json::Object(_)] if kind == "object" => read_object(attributes, &[]),
            [Json::String(kind), attributes @ Json::Object(_), Json::Array(optional)] if kind == "object" => {
                read_object(attributes, optional)
            }
            _ => no_type("an array of its kind and its inner types is required".to_owned()),
        },
        other => no_type(format!("a name or an array is required, this is {}", other.noun())),
    }
}

fn read_object(attributes: &Json<'_>, optional: &[Json<'_>]) -> Result<Type, JsonError> {
    let Json::Object(attributes) = attributes else { return no_type("an object has attributes".to_owned()) };
    let mut names = std::collections::BTreeSet::new();
    for name in optional {
        match name {
            Json::String(name) if attributes.contains_key(name) => names.insert(name.as_ref()),
            _ => return no_type("what is optional must be named as an attribute is".to_owned()),
        };
    }
    let attributes = attributes.iter().map(|(name, ty)| {
        Ok(ObjectAttribute { name: name.as_ref().into(), ty: read(ty)?, optional: names.contains(name.as_ref()) })
    });
    Ok(Type::object_with(attributes.collect::<Result<Vec<_>, JsonError>>()?))
}

fn no_type<T>(problem: String) -> Result<T, JsonError> {
    Err(JsonError::NoType(problem))
}

impl Serialize for Type {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        write(self).serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Type {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let tree = Tree::deserialize(deserializer)?;
        Json::borrowed(&tree, 0).and_then(|json| read(&json)).map_err(serde::de::Error::custom)
    }
}
