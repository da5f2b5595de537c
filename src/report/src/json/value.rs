//! Values in four views: what is there, what is sensitive, what is known after apply, and paths.

use mesh_value::{AttributePath, Kind, PathStep, Type, Value, to_plain_json};
use serde_json::{Map, Value as Json};

/// The value without what is sensitive (null) and without what is known after apply (left out of objects and maps).
///
/// Of a pair, what is sensitive on one side is taken out of the other too: it may well be the same.
pub(super) fn plain(value: &Value, other: Option<&Value>) -> Json {
    if is_sensitive(value, other) {
        return Json::Null;
    }
    match value.kind() {
        Kind::Unknown(_) | Kind::Null(_) => Json::Null,
        // Values that are wholly known always have a JSON form, unless they nest too deep to be shown.
        Kind::Bool(_) | Kind::Number(_) | Kind::String(_) => to_plain_json(value).unwrap_or_default(),
        Kind::List(_) | Kind::Set(_) | Kind::Tuple(_) => {
            let elements = value.as_slice().unwrap_or_default().iter().enumerate();
            elements.map(|(index, inner)| plain(inner, element(other, index))).collect()
        }
        Kind::Map(_) | Kind::Object(_) => {
            entries(value, |name, inner| inner.is_known().then(|| plain(inner, entry(other, name))))
        }
    }
}

/// `true` where something is sensitive; objects and lists around it keep their shape.
pub(super) fn sensitive(value: &Value, other: Option<&Value>) -> Json {
    view(value, other, &is_sensitive)
}

/// `true` where something is known after apply.
pub(super) fn unknown(value: &Value) -> Json {
    view(value, None, &|value, _| !value.is_known())
}

fn is_sensitive(value: &Value, other: Option<&Value>) -> bool {
    value.marks().is_sensitive() || other.is_some_and(|other| other.marks().is_sensitive())
}

fn element(value: Option<&Value>, index: usize) -> Option<&Value> {
    value?.as_slice()?.get(index)
}

fn entry<'a>(value: Option<&'a Value>, name: &str) -> Option<&'a Value> {
    value?.get(name)
}

fn view(value: &Value, other: Option<&Value>, holds: &impl Fn(&Value, Option<&Value>) -> bool) -> Json {
    if holds(value, other) {
        return Json::Bool(true);
    }
    match value.kind() {
        Kind::List(_) | Kind::Set(_) | Kind::Tuple(_) => {
            let elements = value.as_slice().unwrap_or_default().iter().enumerate();
            elements.map(|(index, inner)| view(inner, element(other, index), holds)).collect()
        }
        Kind::Map(_) | Kind::Object(_) => {
            entries(value, |name, inner| Some(view(inner, entry(other, name), holds)).filter(|view| *view != false))
        }
        Kind::Null(_) | Kind::Unknown(_) | Kind::Bool(_) | Kind::Number(_) | Kind::String(_) => Json::Bool(false),
    }
}

fn entries(value: &Value, show: impl Fn(&str, &Value) -> Option<Json>) -> Json {
    let entries = value.as_entries().unwrap_or_default().iter();
    let shown = entries.filter_map(|(name, inner)| Some((name.as_ref().to_owned(), show(name, inner)?)));
    Json::Object(shown.collect::<Map<_, _>>())
}

/// A path as a list of names and positions.
pub(super) fn path(path: &AttributePath) -> Json {
    let steps = path.steps().iter().map(|step| match step {
        PathStep::Attr(name) | PathStep::Key(name) => Json::from(name.as_ref()),
        PathStep::Index(index) => Json::from(*index),
    });
    steps.collect()
}

/// A type as `jsonencode(type)` has it in the field: `"string"`, `["list", "number"]`, `["object", {...}]`.
pub(super) fn type_json(ty: &Type) -> Json {
    let of = |name: &str, element: &Type| Json::Array(vec![name.into(), type_json(element)]);
    match ty {
        Type::Any => "dynamic".into(),
        Type::Bool => "bool".into(),
        Type::Number => "number".into(),
        Type::String => "string".into(),
        Type::List(element) => of("list", element),
        Type::Set(element) => of("set", element),
        Type::Map(element) => of("map", element),
        Type::Object(attributes) => {
            let attributes =
                attributes.iter().map(|attribute| (attribute.name.as_ref().to_owned(), type_json(&attribute.ty)));
            Json::Array(vec!["object".into(), Json::Object(attributes.collect())])
        }
        Type::Tuple(elements) => Json::Array(vec!["tuple".into(), elements.iter().map(type_json).collect()]),
    }
}
