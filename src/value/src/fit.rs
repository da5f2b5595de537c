//! Whether a value has a type already: answered without building the value's own type, which takes memory.

use crate::{BlockSchema, Kind, Nesting, Type, Value};

impl Type {
    /// Whether a value needs no conversion to this type. `any` takes every value; `optional` is no matter of values.
    #[must_use]
    pub fn fits(&self, value: &Value) -> bool {
        match (self, value.kind()) {
            (Self::Any, _)
            | (Self::Bool, Kind::Bool(_))
            | (Self::Number, Kind::Number(_))
            | (Self::String, Kind::String(_)) => true,
            (_, Kind::Null(ty)) => self.is_like(ty),
            (_, Kind::Unknown(unknown)) => self.is_like(&unknown.0),
            (Self::List(element), Kind::List(values)) | (Self::Set(element), Kind::Set(values)) => {
                element.is_like(&values.0)
            }
            (Self::Map(element), Kind::Map(entries)) => element.is_like(&entries.0),
            (Self::Tuple(types), Kind::Tuple(values)) => {
                types.len() == values.len() && types.iter().zip(values.iter()).all(|(ty, value)| ty.fits(value))
            }
            (Self::Object(types), Kind::Object(values)) => {
                types.len() == values.len()
                    && types.iter().zip(values.iter()).all(|(ty, (name, value))| ty.name == *name && ty.ty.fits(value))
            }
            _ => false,
        }
    }

    /// Whether values of another type have this one: the same type, but for `any` here and for what is optional.
    fn is_like(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Any, _) => true,
            (Self::List(left), Self::List(right))
            | (Self::Set(left), Self::Set(right))
            | (Self::Map(left), Self::Map(right)) => left.is_like(right),
            (Self::Tuple(left), Self::Tuple(right)) => {
                left.len() == right.len() && left.iter().zip(right.iter()).all(|(left, right)| left.is_like(right))
            }
            (Self::Object(left), Self::Object(right)) => {
                let alike = left.iter().zip(right.iter()).all(|(l, r)| l.name == r.name && l.ty.is_like(&r.ty));
                left.len() == right.len() && alike
            }
            _ => self == other,
        }
    }
}

impl BlockSchema {
    /// Whether a value is one of this block as it stands.
    #[must_use]
    pub fn fits(&self, value: &Value) -> bool {
        let Kind::Object(entries) = value.kind() else { return false };
        entries.len() == self.attributes.len() + self.blocks.len()
            && self.attributes.iter().all(|a| value.get(&a.name).is_some_and(|part| a.ty.fits(part)))
            && self.blocks.iter().all(|nested| {
                let object = nested.block.implied_type();
                let ty = match nested.nesting {
                    Nesting::Single | Nesting::Group => object,
                    Nesting::List => Type::list(object),
                    Nesting::Set => Type::set(object),
                    Nesting::Map => Type::map(object),
                };
                value.get(&nested.name).is_some_and(|part| ty.fits(part))
            })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_fits_its_own_type_and_any() {
        let value = Value::object([
            ("a", Value::list(Type::String, vec![Value::string("x")])),
            ("b", Value::null(Type::Number)),
            ("c", Value::unknown(Type::Bool)),
        ]);
        let ty = value.ty();
        assert!(ty.fits(&value) && Type::Any.fits(&value));
        let with_any = Type::object([("a", Type::list(Type::Any)), ("b", Type::Any), ("c", Type::Bool)]);
        assert!(with_any.fits(&value));
        let others = [
            Type::object([("a", Type::list(Type::Number)), ("b", Type::Number), ("c", Type::Bool)]),
            Type::object([("a", Type::list(Type::String)), ("b", Type::String), ("c", Type::Bool)]),
            Type::object([("a", Type::list(Type::String)), ("b", Type::Number)]),
            Type::map(Type::Any),
        ];
        assert!(others.iter().all(|other| !other.fits(&value)));
    }
}
