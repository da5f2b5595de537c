//! What is known of a value that is not known yet.

use std::sync::Arc;

use crate::{Kind, Number, Type, Value};

/// What is known of a value before it is known. All bounds are inclusive.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Refinements {
    /// It will certainly not be null.
    pub not_null: bool,
    /// A number of at least this.
    pub number_min: Option<Number>,
    /// A number of at most this.
    pub number_max: Option<Number>,
    /// A string that starts so.
    pub string_prefix: Option<Arc<str>>,
    /// A collection of at least so many elements.
    pub length_min: Option<u64>,
    /// A collection of at most so many elements.
    pub length_max: Option<u64>,
}

impl Refinements {
    /// Nothing but that it will not be null.
    #[must_use]
    pub fn not_null() -> Self {
        Self { not_null: true, ..Self::default() }
    }

    /// A number, not null, of at least and at most so much.
    #[must_use]
    pub fn number(min: Option<Number>, max: Option<Number>) -> Self {
        Self { number_min: min, number_max: max, ..Self::not_null() }
    }

    /// A string, not null, that starts so.
    #[must_use]
    pub fn prefix(prefix: impl Into<Arc<str>>) -> Self {
        Self { string_prefix: Some(prefix.into()), ..Self::not_null() }
    }

    /// A collection, not null, of at least and at most so many elements.
    #[must_use]
    pub fn length(min: u64, max: Option<u64>) -> Self {
        Self { length_min: (min > 0).then_some(min), length_max: max, ..Self::not_null() }
    }

    /// Whether a value that is known may be what these describe. What inside it is not yet known may turn out
    /// either way.
    #[must_use]
    pub fn allow(&self, value: &Value) -> bool {
        match value.kind() {
            Kind::Null(_) => !self.not_null,
            Kind::Number(number) => {
                self.number_min.as_ref().is_none_or(|min| min <= number)
                    && self.number_max.as_ref().is_none_or(|max| number <= max)
            }
            Kind::String(text) => self.string_prefix.as_ref().is_none_or(|prefix| text.starts_with(prefix.as_ref())),
            Kind::List(_) | Kind::Set(_) | Kind::Map(_) => value.length_bounds().is_none_or(|(fewest, most)| {
                self.length_min.is_none_or(|min| min <= most) && self.length_max.is_none_or(|max| fewest <= max)
            }),
            Kind::Unknown(_) | Kind::Bool(_) | Kind::Tuple(_) | Kind::Object(_) => true,
        }
    }

    /// What is true of a value if it is one of two: a conditional's result before its condition is known.
    #[must_use]
    pub fn either(&self, other: &Self) -> Self {
        fn both<T>(left: Option<&T>, right: Option<&T>, choose: fn(T, T) -> T) -> Option<T>
        where
            T: Clone,
        {
            Some(choose(left?.clone(), right?.clone()))
        }
        let common = |left: &Arc<str>, right: &Arc<str>| -> Option<Arc<str>> {
            let length: usize =
                left.chars().zip(right.chars()).take_while(|(l, r)| l == r).map(|(l, _)| l.len_utf8()).sum();
            left.get(..length).filter(|prefix| !prefix.is_empty()).map(Into::into)
        };
        Self {
            not_null: self.not_null && other.not_null,
            number_min: both(self.number_min.as_ref(), other.number_min.as_ref(), Ord::min),
            number_max: both(self.number_max.as_ref(), other.number_max.as_ref(), Ord::max),
            string_prefix: self
                .string_prefix
                .as_ref()
                .zip(other.string_prefix.as_ref())
                .and_then(|(l, r)| common(l, r)),
            length_min: both(self.length_min.as_ref(), other.length_min.as_ref(), Ord::min),
            length_max: both(self.length_max.as_ref(), other.length_max.as_ref(), Ord::max),
        }
    }

    /// Only what means something for values of a type.
    #[must_use]
    pub fn suited_to(&self, ty: &Type) -> Self {
        let mut kept = Self { not_null: self.not_null, ..Self::default() };
        match ty {
            Type::Number => {
                kept.number_min.clone_from(&self.number_min);
                kept.number_max.clone_from(&self.number_max);
            }
            Type::String => kept.string_prefix.clone_from(&self.string_prefix),
            Type::List(_) | Type::Set(_) | Type::Map(_) => {
                (kept.length_min, kept.length_max) = (self.length_min, self.length_max);
            }
            Type::Any => kept.clone_from(self),
            Type::Bool | Type::Object(_) | Type::Tuple(_) => {}
        }
        kept
    }
}

impl Value {
    /// What will be true of the value: its refinements if it is not yet known, else what can be read off it.
    #[must_use]
    pub fn range(&self) -> Refinements {
        match self.kind() {
            Kind::Null(_) => Refinements::default(),
            Kind::Unknown(unknown) => unknown.1.clone(),
            Kind::Number(number) => Refinements::number(Some(number.clone()), Some(number.clone())),
            Kind::String(text) => Refinements::prefix(text.clone()),
            Kind::List(_) | Kind::Set(_) | Kind::Map(_) => {
                let (fewest, most) = self.length_bounds().unwrap_or_default();
                Refinements::length(fewest, Some(most))
            }
            Kind::Bool(_) | Kind::Tuple(_) | Kind::Object(_) => Refinements::not_null(),
        }
    }
}
