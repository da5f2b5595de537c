//! One step into a value, `.name` or `[key]`, with errors that tell what is there instead.

use mesh_diagnostics::Span;
use mesh_value::{Kind, Number, PathStep, Type, Value, convert, unify};

use super::evaluator::{Fault, Outcome, fault, unknown};
use crate::syntax::Ident;
use mesh_diagnostics::nearest;

/// The attribute of an object or the element of a map.
pub(super) fn attribute(value: &Value, name: &Ident) -> Outcome {
    by_name(value, &name.text).map(|found| found.with_marks(value.marks())).map_err(|mut fault| {
        fault.subject = Some(name.span);
        fault
    })
}

/// The element under a key or at an index.
pub(super) fn index(value: &Value, key: &Value, span: Span) -> Outcome {
    let marks = value.marks() | key.deep_marks();
    by_key(value, key).map(|found| found.with_marks(marks)).map_err(|fault| {
        let mut fault = if key.deep_marks().is_hidden() { sensitive_key() } else { fault };
        fault.subject = Some(span);
        fault
    })
}

/// The step of a path that an index is; `None` where its key is not known yet.
pub(super) fn path_step(value: &Value, key: &Value) -> Option<PathStep> {
    let is_keyed = match value.kind() {
        Kind::Map(_) | Kind::Object(_) => true,
        Kind::Unknown(unknown) => matches!(unknown.0, Type::Map(_) | Type::Object(_)),
        _ => false,
    };
    match key.kind() {
        Kind::Null(_) | Kind::Unknown(_) => None,
        Kind::Number(index) if !is_keyed => index.to_usize().map(PathStep::Index),
        _ => {
            let text = convert(key, &Type::String).ok()?;
            let text = text.as_str()?;
            match value.kind() {
                Kind::Object(_) => Some(PathStep::Attr(text.into())),
                Kind::Unknown(known) if matches!(known.0, Type::Object(_)) => Some(PathStep::Attr(text.into())),
                Kind::List(_) | Kind::Tuple(_) => text.parse().ok().map(PathStep::Index),
                _ => Some(PathStep::Key(text.into())),
            }
        }
    }
}

fn by_name(value: &Value, name: &str) -> Outcome {
    if let Some(found) = value.get(name) {
        return Ok(found.clone());
    }
    match value.kind() {
        Kind::Null(_) => Err(null_step(&format!("the attribute {name:?}"))),
        Kind::Unknown(known) => match &known.0 {
            Type::Any => Ok(unknown()),
            Type::Map(element) => Ok(Value::unknown(element.as_ref().clone())),
            ty @ Type::Object(attributes) => match ty.attribute(name) {
                Some(attribute) => Ok(Value::unknown(attribute.ty.clone())),
                None => Err(no_attribute(name, attributes.iter().map(|attribute| attribute.name.as_ref()))),
            },
            _ => Err(no_attributes(value, name)),
        },
        Kind::Object(attributes) => {
            let names = attributes.iter().map(|(name, _)| name.as_ref());
            let within = attributes.iter().find(|(_, inner)| inner.get(name).is_some());
            Err(match within {
                Some((key, _)) if nearest(name, names.clone()).is_none() => {
                    let detail = format!("There is no attribute {name:?} here.");
                    let error = fault("unsupported-attribute", "Unsupported attribute", detail);
                    Box::new(
                        error.hint(format!(
                            "Its elements have that attribute: for one of them, write [{key:?}].{name}."
                        )),
                    )
                }
                _ => no_attribute(name, names),
            })
        }
        Kind::Map(_) if value.deep_marks().is_hidden() => Err(sensitive_key()),
        Kind::Map(entries) => Err(no_key(name, entries.1.iter().map(|(key, _)| key.as_ref()))),
        _ => Err(no_attributes(value, name)),
    }
}

fn by_key(value: &Value, key: &Value) -> Outcome {
    if key.is_null() {
        return Err(fault("invalid-index", "Invalid index", "An index can't be null."));
    }
    let known = match value.kind() {
        Kind::Null(_) => return Err(null_step("an element")),
        Kind::List(_) | Kind::Tuple(_) => return element(value, key),
        Kind::Map(_) | Kind::Object(_) => return entry(value, key),
        Kind::Unknown(known) => known,
        Kind::Set(_) => return Err(set_index()),
        Kind::Bool(_) | Kind::Number(_) | Kind::String(_) => return Err(not_indexed(value)),
    };
    match &known.0 {
        Type::Any => Ok(unknown()),
        Type::List(inner) => as_number(key).map(|_| Value::unknown(inner.as_ref().clone())),
        Type::Map(inner) => as_text(key).map(|_| Value::unknown(inner.as_ref().clone())),
        Type::Tuple(types) => match as_number(key)? {
            Some(index) => match index.to_usize().and_then(|index| types.get(index)) {
                Some(ty) => Ok(Value::unknown(ty.clone())),
                None => Err(out_of_range(value, &index, types.len())),
            },
            None => Ok(unknown_element(types.iter().cloned())),
        },
        Type::Object(attributes) => match as_text(key)? {
            Some(name) => by_name(value, &name),
            None => Ok(unknown_element(attributes.iter().map(|attribute| attribute.ty.clone()))),
        },
        Type::Set(_) => Err(set_index()),
        Type::Bool | Type::Number | Type::String => Err(not_indexed(value)),
    }
}

fn element(value: &Value, key: &Value) -> Outcome {
    let elements = value.as_slice().unwrap_or_default();
    let Some(index) = as_number(key)? else {
        return Ok(match value.kind() {
            Kind::List(list) => Value::unknown(list.0.clone()),
            _ => unknown_element(elements.iter().map(Value::ty)),
        });
    };
    let found = index.to_usize().and_then(|index| elements.get(index));
    found.cloned().ok_or_else(|| out_of_range(value, &index, elements.len()))
}

fn entry(value: &Value, key: &Value) -> Outcome {
    let entries = value.as_entries().unwrap_or_default();
    match as_text(key)? {
        Some(name) => match value.get(&name) {
            Some(found) => Ok(found.clone()),
            None if matches!(value.kind(), Kind::Object(_)) => by_name(value, &name),
            None if key.deep_marks().is_hidden() || value.marks().is_hidden() => Err(sensitive_key()),
            None => Err(no_key(&name, entries.iter().map(|(key, _)| key.as_ref()))),
        },
        None => Ok(match value.kind() {
            Kind::Map(map) => Value::unknown(map.0.clone()),
            _ => unknown_element(entries.iter().map(|(_, value)| value.ty())),
        }),
    }
}

/// An element of which only the types of all are known.
fn unknown_element(types: impl Iterator<Item = Type>) -> Value {
    let types: Vec<_> = types.collect();
    match types.split_first() {
        Some((first, rest)) if rest.iter().all(|ty| ty == first) => unify(&types).map_or_else(unknown, Value::unknown),
        _ => unknown(),
    }
}

fn as_number(key: &Value) -> Result<Option<Number>, Fault> {
    match convert(key, &Type::Number) {
        Ok(index) => Ok(index.as_number().cloned()),
        Err(error) => {
            Err(fault("invalid-index", "Invalid index", format!("Elements here are found by number: {error}.")))
        }
    }
}

fn as_text(key: &Value) -> Result<Option<String>, Fault> {
    match convert(key, &Type::String) {
        Ok(text) => Ok(text.as_str().map(str::to_owned)),
        Err(error) => {
            Err(fault("invalid-index", "Invalid index", format!("Elements here are found by their key: {error}.")))
        }
    }
}

fn out_of_range(value: &Value, index: &Number, length: usize) -> Fault {
    let noun = if matches!(value.kind(), Kind::List(_)) { "list" } else { "tuple" };
    if value.marks().is_sensitive() {
        let detail = format!("The {noun} has no such element; how many it has is sensitive.");
        return fault("invalid-index", "Invalid index", detail);
    }
    let detail = if !index.is_integer() {
        format!("An index must be a whole number, this is {index}.")
    } else {
        match length {
            0 => format!("There is no element {index}: the {noun} is empty."),
            1 => format!("There is no element {index}: the {noun} has 1 element, so the only valid index is 0."),
            _ => format!(
                "There is no element {index}: the {noun} has {length} elements, so valid indexes are 0 to {}.",
                length - 1
            ),
        }
    };
    let error = fault("invalid-index", "Invalid index", detail);
    if index.is_negative() && length > 0 {
        return Box::new(error.hint(format!("To count from the end, use element(…, {index}).")));
    }
    error
}

fn no_attribute<'a>(name: &str, names: impl Iterator<Item = &'a str> + Clone) -> Fault {
    let error =
        fault("unsupported-attribute", "Unsupported attribute", format!("There is no attribute {name:?} here."));
    Box::new(with_names(*error, name, "attributes", names))
}

fn no_key<'a>(key: &str, keys: impl Iterator<Item = &'a str> + Clone) -> Fault {
    let error = fault("invalid-index", "Invalid index", format!("The map has no element {key:?}."));
    Box::new(with_names(*error, key, "keys", keys))
}

/// Suggests the nearest name, or lists the few that there are.
fn with_names<'a>(
    error: mesh_diagnostics::Diagnostic,
    name: &str,
    noun: &str,
    names: impl Iterator<Item = &'a str> + Clone,
) -> mesh_diagnostics::Diagnostic {
    if let Some(meant) = nearest(name, names.clone()) {
        return error.hint(format!("Did you mean `{meant}`?"));
    }
    let few: Vec<_> = names.take(9).collect();
    match few.len() {
        0 => error.hint(format!("It has no {noun} at all.")),
        1 => error.hint(format!("It only has {:?}.", few.concat())),
        2..=8 => error.hint(format!("It has the {noun} {}.", few.join(", "))),
        _ => error,
    }
}

fn no_attributes(value: &Value, name: &str) -> Fault {
    let described = value.describe();
    let detail = format!("This is {described}, which has no attributes.");
    let error = fault("unsupported-attribute", "Unsupported attribute", detail);
    let elements = value.as_slice().unwrap_or_default();
    let has_it = match value.ty() {
        Type::List(inner) | Type::Set(inner) => inner.attribute(name).is_some() || inner.has_any(),
        Type::Tuple(types) => types.iter().any(|ty| ty.attribute(name).is_some()),
        _ => false,
    };
    if !has_it && !elements.iter().any(|element| element.get(name).is_some()) {
        return error;
    }
    let is_set = matches!(value.ty(), Type::Set(_));
    Box::new(if is_set {
        error.hint(format!("For {name:?} of each element, write [*].{name}."))
    } else {
        error.hint(format!("For {name:?} of each element, write [*].{name}; for that of the first, [0].{name}."))
    })
}

fn null_step(what: &str) -> Fault {
    let detail = format!("This is null, so {what} can't be taken from it.");
    let error = fault("null-value", "Value is null", detail);
    Box::new(error.hint("Where null is possible, say what to use instead: try(…, null), or a conditional."))
}

fn set_index() -> Fault {
    let detail = "The elements of a set have no order and no keys, so there is no index to find one by.";
    let error = fault("invalid-index", "Invalid index", detail);
    Box::new(
        error.hint("Make it a list with tolist(…), whose elements are sorted, or use one(…) for the only element."),
    )
}

fn not_indexed(value: &Value) -> Fault {
    let detail = format!("This is {}, which has no elements.", value.describe());
    fault("invalid-index", "Invalid index", detail)
}

fn sensitive_key() -> Fault {
    fault("invalid-index", "Invalid index", "The map has no element under this key; which ones it has is sensitive.")
}
