//! Conversion between types by Terraform's rules: what an argument of a type accepts.

mod constraint;
mod error;
mod types;

use std::sync::Arc;

pub use constraint::{Defaults, TypeConstraint};
pub use error::ConversionError;
pub use types::{can_convert, converted_type, unify, unify_values};

use crate::{AttributePath, Kind, Marks, Number, ObjectAttribute, PathStep, Refinements, Type, Value};

/// The value in a type.
///
/// Strings become numbers and bools where they read as such, numbers and bools become strings; lists, sets and
/// tuples become lists and sets; maps and objects become one another, an object losing attributes that the type
/// lacks and gaining null for missing optional ones. `any` takes each value as it is, inside a collection the
/// elements' common type. Null stays null where its type converts; what is not yet known stays so, with the refinements that still hold;
/// marks stay.
///
/// # Errors
/// The first place, in the value's order, that does not fit.
pub fn convert(value: &Value, ty: &Type) -> Result<Value, ConversionError> {
    Conversion { path: AttributePath::default(), marks: Marks::NONE }.value(value, ty)
}

/// A conversion under way: where it is, and the marks of all around.
struct Conversion {
    path: AttributePath,
    marks: Marks,
}

impl Conversion {
    fn value(&mut self, value: &Value, ty: &Type) -> Result<Value, ConversionError> {
        if matches!(ty, Type::Any) {
            return Ok(value.clone());
        }
        let outer = self.marks;
        self.marks |= value.marks();
        let converted = self.unmarked(value, ty)?;
        self.marks = outer;
        Ok(converted.with_marks(value.marks()))
    }

    fn unmarked(&mut self, value: &Value, ty: &Type) -> Result<Value, ConversionError> {
        match (value.kind(), ty) {
            (Kind::Null(from), _) => match converted_type(from, ty) {
                Some(to) => Ok(Value::null(to)),
                None => Err(self.mismatch(value, ty)),
            },
            (Kind::Unknown(unknown), _) => match converted_type(&unknown.0, ty) {
                Some(to) => Ok(Value::unknown_with(to.clone(), refined(&unknown.0, &unknown.1, &to))),
                None => Err(self.mismatch(value, ty)),
            },
            (Kind::Bool(_), Type::Bool) | (Kind::Number(_), Type::Number) | (Kind::String(_), Type::String) => {
                Ok(value.clone())
            }
            (Kind::Bool(value), Type::String) => Ok(Value::string(if *value { "true" } else { "false" })),
            (Kind::Number(number), Type::String) => Ok(Value::string(number.to_string())),
            (Kind::String(text), Type::Number) => {
                text.parse::<Number>().map(Value::number).map_err(|_| self.mismatch(value, ty))
            }
            (Kind::String(text), Type::Bool) => match text.as_ref() {
                "true" | "1" => Ok(Value::bool(true)),
                "false" | "0" => Ok(Value::bool(false)),
                _ => Err(self.mismatch(value, ty)),
            },
            (Kind::List(from), Type::List(to)) | (Kind::Set(from), Type::Set(to)) if from.0 == **to => {
                Ok(value.clone())
            }
            (Kind::Map(from), Type::Map(to)) if from.0 == **to => Ok(value.clone()),
            (Kind::List(_) | Kind::Set(_) | Kind::Tuple(_), Type::List(to)) => {
                let (element, values) = self.elements(value, ty, to)?;
                if matches!(value.kind(), Kind::Set(_)) && !value.is_wholly_known() {
                    // Where an element stands, and whether it is another's twin, shows when it is known.
                    let (fewest, most) = value.length_bounds().unwrap_or((0, u64::MAX));
                    return Ok(Value::unknown_with(Type::list(element), Refinements::length(fewest, Some(most))));
                }
                Ok(Value::list(element, values))
            }
            (Kind::List(_) | Kind::Set(_) | Kind::Tuple(_), Type::Set(to)) => {
                let (element, values) = self.elements(value, ty, to)?;
                Ok(Value::set(element, values))
            }
            (Kind::Map(_) | Kind::Object(_), Type::Map(to)) => {
                let (element, values) = self.elements(value, ty, to)?;
                let keys = value.as_entries().unwrap_or_default().iter().map(|(key, _)| key.clone());
                Ok(Value::map(element, keys.zip(values)))
            }
            (Kind::Map(_) | Kind::Object(_), Type::Object(attributes)) => self.object(value, attributes),
            (Kind::Tuple(values), Type::Tuple(types)) if values.len() == types.len() => {
                let mut converted = Vec::with_capacity(values.len());
                for (index, (value, ty)) in values.iter().zip(types.iter()).enumerate() {
                    converted.push(self.inside(PathStep::Index(index), value, ty)?);
                }
                Ok(Value::tuple(converted))
            }
            _ => Err(self.mismatch(value, ty)),
        }
    }

    /// The elements in the element type, which `any` leaves to them.
    fn elements(&mut self, value: &Value, ty: &Type, to: &Type) -> Result<(Type, Vec<Value>), ConversionError> {
        let parts: Vec<_> = value.parts().collect();
        if parts.is_empty() {
            // Whether a collection fits must not depend on its being empty.
            return match value
                .element_type()
                .map_or_else(|| Some(to.without_optional()), |held| converted_type(held, to))
            {
                Some(element) => Ok((element, Vec::new())),
                None => Err(self.mismatch(value, ty)),
            };
        }
        let mut converted = Vec::with_capacity(parts.len());
        for (step, inner) in &parts {
            converted.push(self.inside(step.clone(), inner, to)?);
        }
        if !to.has_any() {
            return Ok((to.without_optional(), converted));
        }
        // Null of no type becomes what the others are where each has a key, not where a list or set is made.
        let common = match ty {
            Type::Map(_) => unify_values(&converted),
            _ => unify(&converted.iter().map(Value::ty).collect::<Vec<_>>()),
        };
        let Some(common) = common else {
            return Err(self.no_common_type());
        };
        let mut unified = Vec::with_capacity(converted.len());
        for ((step, _), inner) in parts.into_iter().zip(&converted) {
            unified.push(self.inside(step, inner, &common)?);
        }
        if common.has_any() && !matches!(ty, Type::Map(_)) {
            let types: Vec<Type> = unified.iter().filter(|value| value.is_known()).map(Value::ty).collect();
            if types.iter().any(|ty| types.first() != Some(ty)) {
                return Err(self.no_common_type());
            }
        }
        Ok((common, unified))
    }

    fn no_common_type(&self) -> ConversionError {
        self.error("all elements must have the same type, and these have no common one".to_owned())
    }

    fn object(&mut self, value: &Value, attributes: &[ObjectAttribute]) -> Result<Value, ConversionError> {
        let mut converted: Vec<(Arc<str>, Value)> = Vec::with_capacity(attributes.len());
        for attribute in attributes {
            let value = match value.get(&attribute.name) {
                Some(inner) => self.inside(PathStep::Attr(attribute.name.clone()), inner, &attribute.ty)?,
                None if attribute.optional => Value::null(attribute.ty.without_optional()),
                None => {
                    let missing: Vec<_> = attributes
                        .iter()
                        .filter(|attribute| !attribute.optional && value.get(&attribute.name).is_none())
                        .map(|attribute| format!("{:?}", attribute.name))
                        .collect();
                    let noun = if missing.len() == 1 { "attribute" } else { "attributes" };
                    let verb = if missing.len() == 1 { "is" } else { "are" };
                    return Err(self.error(format!("required {noun} {} {verb} missing", missing.join(", "))));
                }
            };
            converted.push((attribute.name.clone(), value));
        }
        Ok(Value::object(converted))
    }

    /// Converts a part. Where the whole is sensitive its keys are too, and the path stops before them.
    fn inside(&mut self, step: PathStep, value: &Value, ty: &Type) -> Result<Value, ConversionError> {
        if self.marks.is_hidden() && matches!(step, PathStep::Key(_)) {
            return self.value(value, ty);
        }
        self.path.push(step);
        let converted = self.value(value, ty)?;
        self.path.pop();
        Ok(converted)
    }

    fn mismatch(&self, value: &Value, ty: &Type) -> ConversionError {
        let given = value.clone().with_marks(self.marks).describe();
        let required = ty.describe_one();
        let hint = error::hint(value, ty, self.marks);
        self.error(format!("{required} is required, this is {given}{hint}"))
    }

    fn error(&self, message: String) -> ConversionError {
        ConversionError { path: self.path.clone(), message }
    }
}

/// What still holds after a conversion. A set made of a list may have fewer elements, though not none.
fn refined(from: &Type, refinements: &Refinements, to: &Type) -> Refinements {
    let mut kept = if from == to { refinements.clone() } else { refinements.suited_to(to) };
    let length = match from {
        Type::Tuple(elements) => Some(elements.len() as u64),
        Type::Object(attributes) if matches!(to, Type::Map(_)) => Some(attributes.len() as u64),
        _ => None,
    };
    if let Some(length) = length
        && to.element().is_some()
    {
        kept.length_min = Some(length);
        kept.length_max = Some(length);
    }
    if matches!(to, Type::Set(_)) && !matches!(from, Type::Set(_)) {
        kept.length_min = kept.length_min.map(|min| min.min(1));
    }
    kept
}
