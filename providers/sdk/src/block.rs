//! What the derive macro implements: a struct as a block, with its schema, its decoding and its encoding.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use mesh_value::{AttributeMode, BlockSchema, Nesting, ObjectAttribute, PathStep, Type, Value};

use crate::attribute::{Attribute, DecodeError};

/// A struct that is the content of a block. Derive it: `#[derive(Block)]`.
pub trait Block: Attribute {
    /// Its schema, with attributes and nested blocks sorted by name.
    fn schema() -> BlockSchema;

    /// Finds the known attributes of an object whose values don't fit the struct's types.
    fn check(value: &Value) -> Vec<DecodeError>;

    /// The computed attributes that are known after apply whenever anything else changes.
    fn computed_on_change() -> &'static [&'static str];
}

/// A Rust type that stands for nested blocks of one type name.
pub trait Nested: Attribute {
    /// What value the occurrences make.
    const NESTING: Nesting;
    /// Fewest occurrences.
    const MIN: usize = 0;
    /// Most occurrences.
    const MAX: Option<usize> = None;

    /// The content of each.
    fn block() -> BlockSchema;

    /// What it is where there is none.
    fn none() -> Option<Self>;
}

impl<T: Block> Nested for T {
    const NESTING: Nesting = Nesting::Single;
    const MIN: usize = 1;
    const MAX: Option<usize> = Some(1);

    fn block() -> BlockSchema {
        T::schema()
    }

    fn none() -> Option<Self> {
        None
    }
}

impl<T: Block> Nested for Option<T> {
    const NESTING: Nesting = Nesting::Single;
    const MAX: Option<usize> = Some(1);

    fn block() -> BlockSchema {
        T::schema()
    }

    fn none() -> Option<Self> {
        Some(None)
    }
}

impl<T: Block> Nested for Vec<T> {
    const NESTING: Nesting = Nesting::List;

    fn block() -> BlockSchema {
        T::schema()
    }

    fn none() -> Option<Self> {
        Some(Self::new())
    }
}

impl<T: Block + Ord> Nested for BTreeSet<T> {
    const NESTING: Nesting = Nesting::Set;

    fn block() -> BlockSchema {
        T::schema()
    }

    fn none() -> Option<Self> {
        Some(Self::new())
    }
}

impl<T: Block> Nested for BTreeMap<String, T> {
    const NESTING: Nesting = Nesting::Map;

    fn block() -> BlockSchema {
        T::schema()
    }

    fn none() -> Option<Self> {
        Some(Self::new())
    }
}

// What follows is called by derived code; it keeps that code short.

/// Who sets an attribute, from its type and from whether its options let the configuration leave it out.
#[must_use]
pub const fn mode<T: Attribute>(optional: bool) -> AttributeMode {
    match (T::MODE, optional) {
        (AttributeMode::Required, true) => AttributeMode::Optional,
        (AttributeMode::Computed, true) => AttributeMode::OptionalComputed,
        (mode, _) => mode,
    }
}

/// A nested block's schema with the words that stand at the field, where there are any, before those at the struct.
#[must_use]
pub fn described(mut block: BlockSchema, description: &str, deprecated: Option<String>) -> BlockSchema {
    if !description.is_empty() {
        block.description = description.to_owned();
    }
    block.deprecated = deprecated.or(block.deprecated);
    block
}

/// The object type that configuration is converted to: what need not be written is optional in it.
#[must_use]
pub fn declared_object(schema: &BlockSchema) -> Type {
    let implied = schema.implied_type();
    let Type::Object(attributes) = &implied else { return implied };
    Type::object_with(attributes.iter().map(|attribute| {
        let required = schema.attribute(&attribute.name).is_some_and(|own| own.mode == AttributeMode::Required);
        ObjectAttribute { optional: !required, ..attribute.clone() }
    }))
}

/// The attribute of an object, decoded.
///
/// # Errors
/// As [`Attribute::decode`]; one that is missing is null.
pub fn decode_field<T: Attribute>(object: &Value, name: &str) -> Result<T, DecodeError> {
    object.get(name).map_or_else(|| T::decode(&Value::null(T::ty())), T::decode).map_err(|error| inside(error, name))
}

/// The attribute of an object, decoded; `default` where it is null or missing.
///
/// # Errors
/// As [`Attribute::decode`].
pub fn decode_field_or<T: Attribute>(
    object: &Value,
    name: &str,
    default: impl FnOnce() -> T,
) -> Result<T, DecodeError> {
    match object.get(name).filter(|value| !value.is_null()) {
        Some(value) => T::decode(value).map_err(|error| inside(error, name)),
        None => Ok(default()),
    }
}

/// Nested blocks of an object, decoded.
///
/// # Errors
/// As [`Attribute::decode`].
pub fn decode_nested<T: Nested>(object: &Value, name: &str) -> Result<T, DecodeError> {
    let value = object.get(name).filter(|value| !value.is_null());
    match (value, T::none()) {
        (Some(value), _) => T::decode(value).map_err(|error| inside(error, name)),
        (None, Some(none)) => Ok(none),
        (None, None) => Err(inside(DecodeError::new("is missing: the block must be written once"), name)),
    }
}

/// The problem with an attribute of an object, if it is known, not null, and does not decode.
#[must_use]
pub fn check_field<T: Attribute>(object: &Value, name: &str) -> Option<DecodeError> {
    let value = object.get(name).filter(|value| !value.is_null() && value.is_wholly_known())?;
    T::decode(value).err().map(|error| inside(error, name))
}

fn inside(error: DecodeError, name: &str) -> DecodeError {
    error.inside(PathStep::Attr(Arc::from(name)))
}
