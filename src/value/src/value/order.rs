//! The canonical order of values, and their hash.

use std::cmp::Ordering;
use std::hash::{Hash, Hasher};

use super::{Kind, Value};
use crate::{Refinements, Type};

impl Value {
    /// A total order of all values that ignores marks.
    ///
    /// `false` before `true`; numbers by size; strings by their bytes; lists, sets and tuples element by element, a
    /// prefix before what it begins; maps and objects entry by entry, key before value. Of different kinds: bool,
    /// number, string, list, set, map, tuple, object, null, not yet known.
    #[must_use]
    pub fn canonical_cmp(&self, other: &Self) -> Ordering {
        match (&self.kind, &other.kind) {
            (Kind::Bool(left), Kind::Bool(right)) => left.cmp(right),
            (Kind::Number(left), Kind::Number(right)) => left.cmp(right),
            (Kind::String(left), Kind::String(right)) => left.cmp(right),
            (Kind::List(left), Kind::List(right)) | (Kind::Set(left), Kind::Set(right)) => {
                sequence(&left.1, &right.1, Self::canonical_cmp).then_with(|| type_cmp(&left.0, &right.0))
            }
            (Kind::Tuple(left), Kind::Tuple(right)) => sequence(left, right, Self::canonical_cmp),
            (Kind::Map(left), Kind::Map(right)) => {
                sequence(&left.1, &right.1, entry_cmp).then_with(|| type_cmp(&left.0, &right.0))
            }
            (Kind::Object(left), Kind::Object(right)) => sequence(left, right, entry_cmp),
            (Kind::Null(left), Kind::Null(right)) => type_cmp(left, right),
            (Kind::Unknown(left), Kind::Unknown(right)) => {
                type_cmp(&left.0, &right.0).then_with(|| refinements_cmp(&left.1, &right.1))
            }
            _ => rank(&self.kind).cmp(&rank(&other.kind)),
        }
    }

    /// Whether both are the same, marks aside. What is not yet known is the same as what is not yet known with the
    /// same type and refinements; compare with [`Value::equals`] to ask whether they will be equal.
    #[must_use]
    pub fn same(&self, other: &Self) -> bool {
        self.canonical_cmp(other).is_eq()
    }
}

/// Agrees with `==`: marks are hashed too.
impl Hash for Value {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.marks.hash(state);
        rank(&self.kind).hash(state);
        match &self.kind {
            Kind::Null(ty) => ty.hash(state),
            Kind::Unknown(unknown) => unknown.0.hash(state),
            Kind::Bool(value) => value.hash(state),
            Kind::Number(value) => value.hash(state),
            Kind::String(value) => value.hash(state),
            Kind::List(values) | Kind::Set(values) => values.1.hash(state),
            Kind::Map(entries) => entries.1.hash(state),
            Kind::Tuple(values) => values.hash(state),
            Kind::Object(attributes) => attributes.hash(state),
        }
    }
}

const fn rank(kind: &Kind) -> u8 {
    match kind {
        Kind::Bool(_) => 0,
        Kind::Number(_) => 1,
        Kind::String(_) => 2,
        Kind::List(_) => 3,
        Kind::Set(_) => 4,
        Kind::Map(_) => 5,
        Kind::Tuple(_) => 6,
        Kind::Object(_) => 7,
        Kind::Null(_) => 8,
        Kind::Unknown(_) => 9,
    }
}

fn sequence<T>(left: &[T], right: &[T], compare: impl Fn(&T, &T) -> Ordering) -> Ordering {
    let different = left.iter().zip(right).map(|(left, right)| compare(left, right)).find(|order| order.is_ne());
    different.unwrap_or_else(|| left.len().cmp(&right.len()))
}

fn entry_cmp<K: Ord>(left: &(K, Value), right: &(K, Value)) -> Ordering {
    left.0.cmp(&right.0).then_with(|| left.1.canonical_cmp(&right.1))
}

fn type_cmp(left: &Type, right: &Type) -> Ordering {
    if left == right { Ordering::Equal } else { left.to_string().cmp(&right.to_string()) }
}

fn refinements_cmp(left: &Refinements, right: &Refinements) -> Ordering {
    let key = |of: &Refinements| {
        let Refinements { not_null, number_min, number_max, string_prefix, length_min, length_max } = of.clone();
        (not_null, number_min, number_max, string_prefix, length_min, length_max)
    };
    if left == right { Ordering::Equal } else { key(left).cmp(&key(right)) }
}
