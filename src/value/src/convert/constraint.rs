//! A type with defaults for its optional attributes, as `variable` blocks and module inputs declare it.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::{ConversionError, convert};
use crate::{Kind, Type, Value};

/// What an input accepts: a type, and defaults that fill values in before they are converted to it.
#[derive(Clone, Debug, PartialEq)]
pub struct TypeConstraint {
    /// The type, with the optional attributes of its objects.
    pub ty: Type,
    /// The defaults of those attributes.
    pub defaults: Defaults,
}

/// Defaults of optional attributes, in the shape of the type they belong to.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Defaults {
    /// None here or inside.
    #[default]
    None,
    /// Of an object.
    Object {
        /// The value that takes the place of a missing or null attribute, by name.
        values: BTreeMap<Arc<str>, Value>,
        /// The defaults inside attributes, by name.
        nested: BTreeMap<Arc<str>, Defaults>,
    },
    /// Of each element of a list, set or map.
    Elements(Box<Defaults>),
    /// Of the elements of a tuple, in order.
    Tuple(Vec<Defaults>),
}

impl TypeConstraint {
    /// Anything.
    #[must_use]
    pub const fn any() -> Self {
        Self { ty: Type::Any, defaults: Defaults::None }
    }

    /// The value with defaults filled in and in the type.
    ///
    /// # Errors
    /// The first place that does not fit.
    pub fn convert(&self, value: &Value) -> Result<Value, ConversionError> {
        // A value that is handed down through modules of the same type is shared, not copied in each.
        if !self.ty.has_any() && self.ty.fits(value) && self.defaults.leave(value) {
            return Ok(value.clone());
        }
        convert(&self.defaults.apply(value), &self.ty)
    }
}

impl From<Type> for TypeConstraint {
    fn from(ty: Type) -> Self {
        Self { ty, defaults: Defaults::None }
    }
}

impl Defaults {
    /// The value with defaults in place of missing and null attributes, also inside defaults. A value of another
    /// shape than these is left for conversion to refuse. Collections that were filled in come back as tuples and
    /// objects: their elements agree on a type only after conversion.
    #[must_use]
    pub fn apply(&self, value: &Value) -> Value {
        let filled = match (self, value.kind()) {
            (_, Kind::Null(_) | Kind::Unknown(_)) | (Self::None, _) => return value.clone(),
            (Self::Object { values, nested }, Kind::Map(_) | Kind::Object(_)) => fill_object(value, values, nested),
            (Self::Elements(inner), Kind::List(_) | Kind::Set(_) | Kind::Tuple(_)) => {
                Value::tuple(value.as_slice().unwrap_or_default().iter().map(|element| inner.apply(element)))
            }
            (Self::Elements(inner), Kind::Map(_) | Kind::Object(_)) => {
                let entries = value.as_entries().unwrap_or_default();
                Value::object(entries.iter().map(|(key, element)| (key.clone(), inner.apply(element))))
            }
            (Self::Tuple(inner), Kind::List(_) | Kind::Tuple(_)) => {
                let elements = value.as_slice().unwrap_or_default().iter().enumerate();
                Value::tuple(elements.map(|(index, element)| inner.get(index).unwrap_or(&Self::None).apply(element)))
            }
            _ => return value.clone(),
        };
        filled.with_marks(value.marks())
    }

    /// Whether a value has all that these would fill in.
    fn leave(&self, value: &Value) -> bool {
        let parts = || value.parts().map(|(_, part)| part);
        match (self, value.kind()) {
            (Self::None, _) | (_, Kind::Null(_) | Kind::Unknown(_)) => true,
            (Self::Object { values, nested }, _) => {
                values.keys().all(|name| value.get(name).is_some_and(|part| !part.is_null()))
                    && nested.iter().all(|(name, inner)| value.get(name).is_none_or(|part| inner.leave(part)))
            }
            (Self::Elements(inner), _) => parts().all(|part| inner.leave(part)),
            (Self::Tuple(inner), _) => parts().zip(inner).all(|(part, inner)| inner.leave(part)),
        }
    }
}

fn fill_object(value: &Value, values: &BTreeMap<Arc<str>, Value>, nested: &BTreeMap<Arc<str>, Defaults>) -> Value {
    let mut attributes: BTreeMap<Arc<str>, Value> = value.as_entries().unwrap_or_default().iter().cloned().collect();
    for (name, default) in values {
        let slot = attributes.entry(name.clone()).or_insert_with(|| Value::null(Type::Any));
        if slot.is_null() {
            *slot = default.clone().with_marks(slot.marks());
        }
    }
    for (name, defaults) in nested {
        if let Some(slot) = attributes.get_mut(name) {
            *slot = defaults.apply(slot);
        }
    }
    Value::object(attributes)
}
