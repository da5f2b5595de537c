//! Configuration from JSON and the proposed state, made as the engine makes them.

use std::sync::Arc;

use mesh_value::{BlockSchema, NestedBlockSchema, Nesting, Type, Value, convert, from_plain_json, to_plain_json};
use serde_json::Value as Json;

/// A configuration as a value of the block's type: null where nothing is written.
pub(super) fn configuration(block: &BlockSchema, json: &Json) -> Result<Value, String> {
    let written = json.as_object().ok_or("a configuration is a JSON object")?;
    if let Some(name) = written.keys().find(|name| block.attribute(name).is_none() && block.nested(name).is_none()) {
        return Err(format!("there is no argument `{name}`"));
    }
    let mut entries: Vec<(Arc<str>, Value)> = Vec::new();
    for attribute in &block.attributes {
        let null = Value::null(attribute.ty.without_optional());
        let value = match written.get(attribute.name.as_ref()) {
            Some(json) if !json.is_null() => {
                let plain = from_plain_json(json).map_err(|error| error.to_string())?;
                convert(&plain, &attribute.ty).map_err(|error| error.to_string())?
            }
            _ => null,
        };
        entries.push((attribute.name.clone(), value));
    }
    for nested in &block.blocks {
        let json = written.get(nested.name.as_ref()).unwrap_or(&Json::Null);
        let ty = nested.block.implied_type();
        let listed = json.as_array().map_or(&[][..], Vec::as_slice);
        let elements = || listed.iter().map(|json| configuration(&nested.block, json)).collect::<Result<Vec<_>, _>>();
        let value = match nested.nesting {
            Nesting::Single | Nesting::Group if json.is_null() => Value::null(ty),
            Nesting::Single | Nesting::Group => configuration(&nested.block, json)?,
            Nesting::List => Value::list(ty, elements()?),
            Nesting::Set => Value::set(ty, elements()?),
            Nesting::Map => {
                let entries = json.as_object().into_iter().flatten();
                let entries = entries
                    .map(|(key, json)| Ok((Arc::from(key.as_str()), configuration(&nested.block, json)?)))
                    .collect::<Result<Vec<_>, String>>()?;
                Value::map(ty, entries)
            }
        };
        entries.push((nested.name.clone(), value));
    }
    Ok(Value::object(entries))
}

/// The configuration with defaults, and with prior computed values or, without an object, ones known after apply.
pub(super) fn proposed(block: &BlockSchema, config: &Value, prior: Option<&Value>) -> Value {
    let Some(entries) = config.as_entries() else { return config.clone() };
    Value::object(entries.iter().map(|(name, written)| {
        let before = prior.and_then(|prior| prior.get(name));
        let value = match (block.attribute(name), block.nested(name)) {
            (Some(attribute), _) if written.is_null() => {
                let ty = attribute.ty.without_optional();
                match (&attribute.default, before) {
                    (Some(default), _) => default.clone(),
                    (None, Some(before)) if attribute.mode.is_computed() => before.clone(),
                    (None, None) if attribute.mode.is_computed() => Value::unknown(ty),
                    (None, _) => Value::null(ty),
                }
            }
            (None, Some(nested)) if written.is_known() && !written.is_null() => {
                proposed_blocks(nested, written, before)
            }
            _ => written.clone(),
        };
        (name.clone(), value)
    }))
}

/// The same for nested blocks: those of a list are told apart by their place, those of a map by their label, those of a
/// set not at all.
fn proposed_blocks(nested: &NestedBlockSchema, written: &Value, prior: Option<&Value>) -> Value {
    let element = nested.block.implied_type();
    let values = || written.as_slice().unwrap_or_default().iter();
    match nested.nesting {
        Nesting::Single | Nesting::Group => proposed(&nested.block, written, prior.filter(|prior| !prior.is_null())),
        Nesting::List => {
            let before = prior.and_then(Value::as_slice).unwrap_or_default();
            let each = values().enumerate().map(|(index, value)| proposed(&nested.block, value, before.get(index)));
            Value::list(element, each.collect())
        }
        Nesting::Set => Value::set(element, values().map(|value| proposed(&nested.block, value, None)).collect()),
        Nesting::Map => {
            let entries = written.as_entries().unwrap_or_default().iter();
            let each = entries.map(|(key, value)| {
                let before = prior.and_then(|prior| prior.get(key));
                (key.clone(), proposed(&nested.block, value, before))
            });
            Value::map(element, each)
        }
    }
}

/// Changes some arguments; null takes one away.
pub(super) fn merge(config: &mut Json, set: &Json) {
    if let (Some(config), Some(set)) = (config.as_object_mut(), set.as_object()) {
        for (name, value) in set {
            config.insert(name.clone(), value.clone());
        }
    }
}

/// The attributes whose known values are not the same, as `name: before -> after`. Unknown ones agree with anything.
pub(super) fn differences(expected: &Value, actual: &Value) -> Vec<String> {
    let (Some(expected), Some(_)) = (expected.as_entries(), actual.as_entries()) else {
        return vec!["not both are objects".to_owned()];
    };
    let differing = expected.iter().filter(|(name, expected)| {
        let null = Value::null(Type::Any);
        let actual = actual.get(name).unwrap_or(&null);
        let both_null = expected.is_null() && actual.is_null();
        expected.is_wholly_known() && !both_null && !expected.same(actual)
    });
    let shown = |name: &str, expected| {
        format!("{name}: {} -> {}", shown(expected), actual.get(name).map_or_else(String::new, shown))
    };
    differing.map(|(name, expected)| shown(name, expected)).collect()
}

/// The value as JSON or, where it is not wholly known, in words.
pub(super) fn shown(value: &Value) -> String {
    to_plain_json(value).map_or_else(|_| value.describe(), |json| json.to_string())
}
