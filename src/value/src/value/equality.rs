//! Whether two values are equal, as far as that is known before apply.

use std::sync::Arc;

use super::{Kind, Value};
use crate::{Refinements, Type};

impl Value {
    /// Whether both are equal: `true`, `false`, or a bool that is not known yet where what is known of the values
    /// leaves both possible. Carries the marks of both and of all inside. Values of different types are not equal
    /// (`1 == "1"` is false); null equals null of any type.
    #[must_use]
    pub fn equals(&self, other: &Self) -> Self {
        let answer = match compare_whole(self, other) {
            Some(answer) => Self::bool(answer),
            None => Self::unknown_with(Type::Bool, Refinements::not_null()),
        };
        answer.with_marks(self.deep_marks | other.deep_marks)
    }
}

/// Null is null, whatever its type; only inside of something the types of nulls are part of it.
fn compare_whole(left: &Value, right: &Value) -> Option<bool> {
    if left.is_null() && right.is_null() { Some(true) } else { compare(left, right) }
}

fn compare(left: &Value, right: &Value) -> Option<bool> {
    let are_known = left.is_wholly_known() && right.is_wholly_known();
    let alike = |left: &Type, right: &Type| if are_known { left == right } else { may_be_same_type(left, right) };
    match (&left.kind, &right.kind) {
        (Kind::Null(left), Kind::Null(right)) => Some(left == right),
        (Kind::Unknown(unknown), Kind::Null(_)) | (Kind::Null(_), Kind::Unknown(unknown)) => {
            if unknown.1.not_null {
                Some(false)
            } else {
                None
            }
        }
        (Kind::Null(_), _) | (_, Kind::Null(_)) => Some(false),
        (Kind::Unknown(left), Kind::Unknown(right)) => {
            let never_null = left.1.not_null || right.1.not_null;
            let apart = !may_be_same_type(&left.0, &right.0) || disjoint(&left.1, &right.1);
            if never_null && apart { Some(false) } else { None }
        }
        (Kind::Unknown(unknown), _) => against_known(unknown, right),
        (_, Kind::Unknown(unknown)) => against_known(unknown, left),
        (Kind::Bool(left), Kind::Bool(right)) => Some(left == right),
        (Kind::Number(left), Kind::Number(right)) => Some(left == right),
        (Kind::String(left), Kind::String(right)) => Some(left == right),
        (Kind::List(left), Kind::List(right)) => {
            if !alike(&left.0, &right.0) || left.1.len() != right.1.len() {
                return Some(false);
            }
            all(left.1.iter().zip(&right.1).map(|(left, right)| compare(left, right)))
        }
        (Kind::Tuple(left), Kind::Tuple(right)) => {
            if left.len() != right.len() {
                return Some(false);
            }
            all(left.iter().zip(right.iter()).map(|(left, right)| compare(left, right)))
        }
        (Kind::Set(left_set), Kind::Set(right_set)) => {
            if alike(&left_set.0, &right_set.0) {
                compare_sets(left, right)
            } else {
                Some(false)
            }
        }
        (Kind::Map(left), Kind::Map(right)) => {
            if alike(&left.0, &right.0) {
                compare_entries(&left.1, &right.1)
            } else {
                Some(false)
            }
        }
        (Kind::Object(left), Kind::Object(right)) => compare_entries(left, right),
        _ => Some(false),
    }
}

/// `false` as soon as one is, else not known if one isn't.
fn all(answers: impl Iterator<Item = Option<bool>>) -> Option<bool> {
    let mut result = Some(true);
    for answer in answers {
        match answer {
            Some(false) => return Some(false),
            Some(true) => {}
            None => result = None,
        }
    }
    result
}

fn compare_entries(left: &[(Arc<str>, Value)], right: &[(Arc<str>, Value)]) -> Option<bool> {
    if left.len() != right.len() || left.iter().zip(right).any(|(left, right)| left.0 != right.0) {
        return Some(false);
    }
    all(left.iter().zip(right).map(|(left, right)| compare(&left.1, &right.1)))
}

/// Sets with elements that are not yet known differ for certain only where their lengths can't meet, or where a known
/// element of one can't be equal to any of the other.
fn compare_sets(left: &Value, right: &Value) -> Option<bool> {
    let (left_elements, right_elements) = (left.as_slice()?, right.as_slice()?);
    if left.is_wholly_known() && right.is_wholly_known() {
        let pairs = left_elements.iter().zip(right_elements);
        return Some(
            left_elements.len() == right_elements.len() && all(pairs.map(|(l, r)| compare(l, r))) == Some(true),
        );
    }
    let ((left_min, left_max), (right_min, right_max)) = (left.length_bounds()?, right.length_bounds()?);
    let missing = |from: &[Value], to: &[Value]| {
        from.iter().any(|element| to.iter().all(|candidate| compare(element, candidate) == Some(false)))
    };
    let apart = left_max < right_min
        || right_max < left_min
        || missing(left_elements, right_elements)
        || missing(right_elements, left_elements);
    if apart { Some(false) } else { None }
}

fn against_known(unknown: &(Type, Refinements), known: &Value) -> Option<bool> {
    let (ty, refinements) = unknown;
    if may_be_same_type(ty, &known.ty()) && refinements.allow(known) { None } else { Some(false) }
}

fn disjoint(left: &Refinements, right: &Refinements) -> bool {
    fn apart<T: Ord>(max: Option<&T>, min: Option<&T>) -> bool {
        matches!((max, min), (Some(max), Some(min)) if max < min)
    }
    let numbers = apart(left.number_max.as_ref(), right.number_min.as_ref())
        || apart(right.number_max.as_ref(), left.number_min.as_ref());
    let lengths = apart(left.length_max.as_ref(), right.length_min.as_ref())
        || apart(right.length_max.as_ref(), left.length_min.as_ref());
    let prefixes = match (&left.string_prefix, &right.string_prefix) {
        (Some(left), Some(right)) => !left.starts_with(right.as_ref()) && !right.starts_with(left.as_ref()),
        _ => false,
    };
    numbers || lengths || prefixes
}

/// Whether values of both types could turn out to be of one type, `any` being open.
fn may_be_same_type(left: &Type, right: &Type) -> bool {
    match (left, right) {
        (Type::Any, _) | (_, Type::Any) => true,
        (Type::List(left), Type::List(right))
        | (Type::Set(left), Type::Set(right))
        | (Type::Map(left), Type::Map(right)) => may_be_same_type(left, right),
        (Type::Tuple(left), Type::Tuple(right)) => {
            left.len() == right.len()
                && left.iter().zip(right.iter()).all(|(left, right)| may_be_same_type(left, right))
        }
        (Type::Object(left), Type::Object(right)) => {
            left.len() == right.len()
                && left
                    .iter()
                    .zip(right.iter())
                    .all(|(left, right)| left.name == right.name && may_be_same_type(&left.ty, &right.ty))
        }
        _ => left == right,
    }
}
