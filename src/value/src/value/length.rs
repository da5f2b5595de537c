//! How many elements a value has, also before that is known.

use super::{Kind, Value};
use crate::{Refinements, Type};

impl Value {
    /// The number of elements of a list, set, map, tuple or object whose number is known. A set with elements that
    /// are not yet known has no known length: some of them may turn out to be equal.
    #[must_use]
    pub fn length(&self) -> Option<usize> {
        let (fewest, most) = self.held_bounds()?;
        (fewest == most).then_some(most)
    }

    /// The fewest and the most elements a collection, tuple or object can turn out to have. `None` for null and for
    /// what has no elements.
    #[must_use]
    pub fn length_bounds(&self) -> Option<(u64, u64)> {
        if let Kind::Unknown(unknown) = &self.kind {
            let (ty, refinements) = unknown.as_ref();
            return match ty {
                Type::Tuple(elements) => Some((elements.len() as u64, elements.len() as u64)),
                Type::Object(attributes) => Some((attributes.len() as u64, attributes.len() as u64)),
                Type::List(_) | Type::Set(_) | Type::Map(_) | Type::Any => {
                    Some((refinements.length_min.unwrap_or(0), refinements.length_max.unwrap_or(u64::MAX)))
                }
                Type::Bool | Type::Number | Type::String => None,
            };
        }
        self.held_bounds().map(|(fewest, most)| (fewest as u64, most as u64))
    }

    /// The length as a value: a number, or one that is not yet known with its bounds. It carries the marks on the
    /// whole. `None` for null and for what has no elements.
    #[must_use]
    pub fn length_value(&self) -> Option<Self> {
        let (fewest, most) = self.length_bounds()?;
        let length = if fewest == most {
            Self::number(fewest)
        } else {
            let max = (most != u64::MAX).then(|| most.into());
            Self::unknown_with(Type::Number, Refinements::number(Some(fewest.into()), max))
        };
        Some(length.with_marks(self.marks))
    }

    fn held_bounds(&self) -> Option<(usize, usize)> {
        match &self.kind {
            Kind::Set(set) if self.has_unknown => {
                let known = set.1.iter().filter(|element| element.is_wholly_known()).count();
                Some((known.max(1), set.1.len()))
            }
            _ => {
                let length = self.as_slice().map(<[Self]>::len).or_else(|| self.as_entries().map(<[_]>::len))?;
                Some((length, length))
            }
        }
    }
}
