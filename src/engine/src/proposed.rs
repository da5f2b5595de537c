//! The proposed state of an object: what is configured, completed by defaults and by what exists.

use mesh_value::{AttributeSchema, BlockSchema, NestedBlockSchema, Nesting, Refinements, Value};

/// Completes a configured block: an attribute that is left out gets its default, else what exists where the provider
/// may set it; in a creation such an attribute is known after apply.
pub fn proposed(block: &BlockSchema, prior: Option<&Value>, config: &Value) -> Value {
    if !config.is_known() || config.is_null() {
        return config.clone();
    }
    let attributes = block.attributes.iter().map(|attribute| {
        let configured = config.get(&attribute.name);
        let existing = prior.and_then(|prior| prior.get(&attribute.name));
        (attribute.name.clone(), attribute_value(attribute, existing, configured))
    });
    let blocks = block.blocks.iter().map(|nested| {
        let existing = prior.and_then(|prior| prior.get(&nested.name));
        let value = match config.get(&nested.name) {
            Some(configured) => nested_value(nested, existing, configured),
            None => Value::null(nested.block.implied_type()),
        };
        (nested.name.clone(), value)
    });
    Value::object(attributes.chain(blocks))
}

fn attribute_value(attribute: &AttributeSchema, existing: Option<&Value>, configured: Option<&Value>) -> Value {
    if let Some(value) = configured
        && !value.is_null()
    {
        return value.clone();
    }
    if let Some(default) = &attribute.default {
        return default.clone();
    }
    if !attribute.mode.is_computed() {
        return Value::null(attribute.ty.without_optional());
    }
    match existing {
        Some(value) => value.clone(),
        None => Value::unknown_with(attribute.ty.without_optional(), Refinements::default()),
    }
}

fn nested_value(nested: &NestedBlockSchema, existing: Option<&Value>, configured: &Value) -> Value {
    if !configured.is_known() || configured.is_null() {
        return configured.clone();
    }
    let inner = |existing: Option<&Value>, configured: &Value| proposed(&nested.block, existing, configured);
    let ty = nested.block.implied_type();
    match nested.nesting {
        Nesting::Single | Nesting::Group => inner(existing, configured),
        Nesting::List => {
            let old = existing.and_then(Value::as_slice).unwrap_or_default();
            let new = configured.as_slice().unwrap_or_default().iter().enumerate();
            Value::list(ty, new.map(|(index, element)| inner(old.get(index), element)).collect())
        }
        Nesting::Set => {
            let new = configured.as_slice().unwrap_or_default();
            Value::set(ty, new.iter().map(|element| inner(None, element)).collect())
        }
        Nesting::Map => {
            let new = configured.as_entries().unwrap_or_default().iter();
            Value::map(
                ty,
                new.map(|(key, element)| (key.clone(), inner(existing.and_then(|old| old.get(key)), element))),
            )
        }
    }
}

#[cfg(test)]
mod tests {
    use mesh_value::{AttributeMode, Type};

    use super::*;

    fn attribute(name: &str, mode: AttributeMode, default: Option<Value>) -> AttributeSchema {
        AttributeSchema {
            name: name.into(),
            ty: Type::String,
            mode,
            sensitive: false,
            write_only: false,
            requires_replace: false,
            default,
            description: String::new(),
            deprecated: None,
        }
    }

    #[test]
    fn what_is_left_out_comes_from_defaults_and_from_what_exists() {
        let block = BlockSchema {
            attributes: vec![
                attribute("computed", AttributeMode::Computed, None),
                attribute("default", AttributeMode::Optional, Some(Value::string("d"))),
                attribute("optional", AttributeMode::Optional, None),
            ],
            ..BlockSchema::default()
        };
        let null = || Value::null(Type::String);
        let config = Value::object([("computed", null()), ("default", null()), ("optional", null())]);
        let created = proposed(&block, None, &config);
        assert!(!created.get("computed").unwrap().is_known());
        assert_eq!(created.get("default"), Some(&Value::string("d")));
        let prior = Value::object([
            ("computed", Value::string("c")),
            ("default", Value::string("old")),
            ("optional", Value::string("old")),
        ]);
        let changed = proposed(&block, Some(&prior), &config);
        assert_eq!(changed.get("computed"), Some(&Value::string("c")));
        assert_eq!(changed.get("default"), Some(&Value::string("d")));
        assert!(changed.get("optional").unwrap().is_null());
    }
}
