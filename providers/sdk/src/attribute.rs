//! What Rust types may stand for an attribute, and how each becomes a value and comes from one.

use std::collections::{BTreeMap, BTreeSet};

use mesh_value::{AttributeMode, AttributePath, Number, PathStep, Type, Value};

/// A Rust type that stands for one attribute.
pub trait Attribute: Sized {
    /// Who sets an attribute of this type, where its options don't say otherwise.
    const MODE: AttributeMode = AttributeMode::Required;

    /// Whether a value stays as the configuration writes it. A struct with defaults or computed fields does not: it can
    /// be a nested block, whose schema says so, but not an attribute.
    const AS_WRITTEN: bool = true;

    /// The type of its values.
    fn ty() -> Type;

    /// The type that configuration is converted to: as [`Self::ty`], but objects may leave out what is optional.
    fn declared() -> Type {
        Self::ty()
    }

    /// Reads it from a value of its type.
    ///
    /// # Errors
    /// A value out of the Rust type's range; null where one is needed; a value that is not known where one is needed.
    fn decode(value: &Value) -> Result<Self, DecodeError>;

    /// Makes a value of its type.
    fn encode(&self) -> Value;
}

/// Why a value can't be read as a Rust type. Holds no value, so no secret either.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{path}` {what}")]
pub struct DecodeError {
    /// Where, inside the value that was to be decoded.
    pub path: AttributePath,
    /// What it must be, as the rest of a sentence: "must be a whole number from 0 to 65535".
    pub what: String,
}

impl DecodeError {
    /// About the value itself.
    #[must_use]
    pub fn new(what: impl Into<String>) -> Self {
        Self { path: AttributePath::default(), what: what.into() }
    }

    /// The same problem, seen from one level further out.
    #[must_use]
    pub fn inside(mut self, step: PathStep) -> Self {
        let mut steps = vec![step];
        steps.extend_from_slice(self.path.steps());
        self.path = AttributePath::from(steps);
        self
    }

    fn expected(what: &str, value: &Value) -> Self {
        if !value.is_known() {
            Self::new(format!("must be {what}, but is only known after apply"))
        } else if value.is_null() {
            Self::new(format!("must be {what}, but is null"))
        } else {
            Self::new(format!("must be {what}"))
        }
    }
}

/// An attribute that the provider sets.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Computed<T> {
    /// Its value.
    Known(T),
    /// It has none.
    Null,
    /// It is known after apply.
    #[default]
    Unknown,
}

impl<T> Computed<T> {
    /// The value, if there is one and it is known.
    #[must_use]
    pub const fn known(&self) -> Option<&T> {
        if let Self::Known(value) = self { Some(value) } else { None }
    }

    /// The value, if there is one and it is known.
    #[must_use]
    pub fn into_known(self) -> Option<T> {
        if let Self::Known(value) = self { Some(value) } else { None }
    }
}

impl<T> From<T> for Computed<T> {
    fn from(value: T) -> Self {
        Self::Known(value)
    }
}

impl<T> From<Option<T>> for Computed<T> {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Self::Known)
    }
}

impl<T: Attribute> Attribute for Computed<T> {
    const MODE: AttributeMode = AttributeMode::Computed;

    fn ty() -> Type {
        T::ty()
    }

    fn declared() -> Type {
        T::declared()
    }

    fn decode(value: &Value) -> Result<Self, DecodeError> {
        if value.is_null() {
            Ok(Self::Null)
        } else if value.is_wholly_known() {
            T::decode(value).map(Self::Known)
        } else {
            Ok(Self::Unknown)
        }
    }

    fn encode(&self) -> Value {
        match self {
            Self::Known(value) => value.encode(),
            Self::Null => Value::null(T::ty()),
            Self::Unknown => Value::unknown(T::ty()),
        }
    }
}

impl<T: Attribute> Attribute for Option<T> {
    const MODE: AttributeMode = AttributeMode::Optional;
    const AS_WRITTEN: bool = T::AS_WRITTEN;

    fn ty() -> Type {
        T::ty()
    }

    fn declared() -> Type {
        T::declared()
    }

    fn decode(value: &Value) -> Result<Self, DecodeError> {
        if value.is_null() { Ok(None) } else { T::decode(value).map(Some) }
    }

    fn encode(&self) -> Value {
        self.as_ref().map_or_else(|| Value::null(T::ty()), T::encode)
    }
}

/// `any`
impl Attribute for Value {
    fn ty() -> Type {
        Type::Any
    }

    fn decode(value: &Value) -> Result<Self, DecodeError> {
        Ok(value.clone())
    }

    fn encode(&self) -> Value {
        self.clone()
    }
}

impl Attribute for String {
    fn ty() -> Type {
        Type::String
    }

    fn decode(value: &Value) -> Result<Self, DecodeError> {
        value.as_str().map(Self::from).ok_or_else(|| DecodeError::expected("a string", value))
    }

    fn encode(&self) -> Value {
        Value::string(self.as_str())
    }
}

impl Attribute for bool {
    fn ty() -> Type {
        Type::Bool
    }

    fn decode(value: &Value) -> Result<Self, DecodeError> {
        value.as_bool().ok_or_else(|| DecodeError::expected("true or false", value))
    }

    fn encode(&self) -> Value {
        Value::bool(*self)
    }
}

impl Attribute for Number {
    fn ty() -> Type {
        Type::Number
    }

    fn decode(value: &Value) -> Result<Self, DecodeError> {
        value.as_number().cloned().ok_or_else(|| DecodeError::expected("a number", value))
    }

    fn encode(&self) -> Value {
        Value::number(self.clone())
    }
}

/// Of a number that the platform keeps as a float: written decimals come back as they were written.
impl Attribute for f64 {
    fn ty() -> Type {
        Type::Number
    }

    fn decode(value: &Value) -> Result<Self, DecodeError> {
        value.as_number().map(Number::to_f64).ok_or_else(|| DecodeError::expected("a number", value))
    }

    fn encode(&self) -> Value {
        // The shortest decimal of the float, so that 0.1 is 0.1.
        self.to_string().parse::<Number>().map_or_else(|_| Value::null(Type::Number), Value::number)
    }
}

macro_rules! whole_number {
    ($($ty:ty),*) => {$(
        impl Attribute for $ty {
            fn ty() -> Type {
                Type::Number
            }

            fn decode(value: &Value) -> Result<Self, DecodeError> {
                value.as_number().and_then(Number::to_i64).and_then(|number| Self::try_from(number).ok()).ok_or_else(
                    || {
                        let (min, max) = (Self::MIN, i64::try_from(Self::MAX).unwrap_or(i64::MAX));
                        DecodeError::expected(&format!("a whole number from {min} to {max}"), value)
                    },
                )
            }

            fn encode(&self) -> Value {
                i64::try_from(*self).map_or_else(|_| Value::null(Type::Number), Value::number)
            }
        }
    )*};
}

whole_number!(i32, i64, u16, u32, u64, usize);

impl<T: Attribute> Attribute for Vec<T> {
    const AS_WRITTEN: bool = T::AS_WRITTEN;

    fn ty() -> Type {
        Type::list(T::ty())
    }

    fn declared() -> Type {
        Type::list(T::declared())
    }

    fn decode(value: &Value) -> Result<Self, DecodeError> {
        elements(value, "a list")
    }

    fn encode(&self) -> Value {
        Value::list(T::ty(), self.iter().map(T::encode).collect())
    }
}

impl<T: Attribute + Ord> Attribute for BTreeSet<T> {
    const AS_WRITTEN: bool = T::AS_WRITTEN;

    fn ty() -> Type {
        Type::set(T::ty())
    }

    fn declared() -> Type {
        Type::set(T::declared())
    }

    fn decode(value: &Value) -> Result<Self, DecodeError> {
        elements(value, "a set")
    }

    fn encode(&self) -> Value {
        Value::set(T::ty(), self.iter().map(T::encode).collect())
    }
}

impl<T: Attribute> Attribute for BTreeMap<String, T> {
    const AS_WRITTEN: bool = T::AS_WRITTEN;

    fn ty() -> Type {
        Type::map(T::ty())
    }

    fn declared() -> Type {
        Type::map(T::declared())
    }

    fn decode(value: &Value) -> Result<Self, DecodeError> {
        let entries = value.as_entries().ok_or_else(|| DecodeError::expected("a map", value))?;
        let decode = |(key, value): &(std::sync::Arc<str>, Value)| {
            let element = T::decode(value).map_err(|error| error.inside(PathStep::Key(key.clone())))?;
            Ok((key.as_ref().to_owned(), element))
        };
        entries.iter().map(decode).collect()
    }

    fn encode(&self) -> Value {
        Value::map(T::ty(), self.iter().map(|(key, value)| (key.as_str().into(), value.encode())))
    }
}

fn elements<T: Attribute, C: FromIterator<T>>(value: &Value, what: &str) -> Result<C, DecodeError> {
    let elements = value.as_slice().ok_or_else(|| DecodeError::expected(what, value))?;
    let decode =
        |(index, element): (usize, &Value)| T::decode(element).map_err(|error| error.inside(PathStep::Index(index)));
    elements.iter().enumerate().map(decode).collect()
}

/// Fails unless the value is a known object. The derived decoding starts with it.
///
/// # Errors
/// Any other value.
pub fn expect_object(value: &Value) -> Result<(), DecodeError> {
    match value.as_entries() {
        Some(_) => Ok(()),
        None => Err(DecodeError::expected("an object", value)),
    }
}
