//! The value itself: immutable, cheap to clone, with what must be known of its inside computed once.

mod describe;
mod equality;
mod length;
mod marked;
mod order;
mod set_order;
mod walk;

use std::sync::Arc;

use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfc_quick};

use crate::{Marks, Number, Refinements, Type};

/// A value: a kind and its marks. 32 bytes; cloning is at most one reference count.
#[derive(Clone, PartialEq, Eq)]
pub struct Value {
    kind: Kind,
    /// On the value itself.
    marks: Marks,
    /// On the value or anything inside.
    deep_marks: Marks,
    /// Whether something inside, or it itself, is unknown.
    has_unknown: bool,
}

/// A key or attribute name and its value.
pub type Entry = (Arc<str>, Value);

/// What a value is. Collections hold their elements in canonical order: sets sorted and without repetition,
/// maps and objects sorted by key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kind {
    /// `null` of a type.
    Null(Type),
    /// Not known before apply: of a type, with what is known of it.
    Unknown(Arc<(Type, Refinements)>),
    /// `true`, `false`
    Bool(bool),
    /// An exact number.
    Number(Number),
    /// Text in Unicode NFC.
    String(Arc<str>),
    /// Elements of one type.
    List(Arc<(Type, Box<[Value]>)>),
    /// Distinct elements of one type, in canonical order.
    Set(Arc<(Type, Box<[Value]>)>),
    /// Elements of one type under keys, sorted by key.
    Map(Arc<(Type, Box<[Entry]>)>),
    /// Elements of any types.
    Tuple(Arc<[Value]>),
    /// Attributes sorted by name.
    Object(Arc<[Entry]>),
}

impl Value {
    fn scalar(kind: Kind) -> Self {
        Self { kind, marks: Marks::NONE, deep_marks: Marks::NONE, has_unknown: false }
    }

    fn composite<'a>(kind: Kind, inside: impl Iterator<Item = (Marks, bool)> + 'a) -> Self {
        let (deep_marks, has_unknown) =
            inside.fold((Marks::NONE, false), |(marks, unknown), (m, u)| (marks | m, unknown | u));
        Self { kind, marks: Marks::NONE, deep_marks, has_unknown }
    }

    fn summary(&self) -> (Marks, bool) {
        (self.deep_marks, self.has_unknown)
    }

    fn summaries(values: &[Self]) -> Vec<(Marks, bool)> {
        values.iter().map(Self::summary).collect()
    }

    /// `null` of a type.
    #[must_use]
    pub fn null(ty: Type) -> Self {
        Self::scalar(Kind::Null(ty))
    }

    /// A value of this type that is not known yet; `Type::Any` where not even the type is.
    #[must_use]
    pub fn unknown(ty: Type) -> Self {
        Self::unknown_with(ty, Refinements::default())
    }

    /// A value that is not known yet, with what is known of it. Where that leaves one value only, it is that: a number
    /// between two bounds that are one, a collection that has no room for elements.
    #[must_use]
    pub fn unknown_with(ty: Type, refinements: Refinements) -> Self {
        if refinements.not_null {
            match &ty {
                Type::Number if refinements.number_min == refinements.number_max => {
                    if let Some(number) = &refinements.number_min {
                        return Self::number(number.clone());
                    }
                }
                Type::List(element) if refinements.length_max == Some(0) => {
                    return Self::list(element.as_ref().clone(), Vec::new());
                }
                Type::Set(element) if refinements.length_max == Some(0) => {
                    return Self::set(element.as_ref().clone(), Vec::new());
                }
                Type::Map(element) if refinements.length_max == Some(0) => {
                    return Self::map(element.as_ref().clone(), []);
                }
                _ => {}
            }
        }
        Self { has_unknown: true, ..Self::scalar(Kind::Unknown(Arc::new((ty, refinements)))) }
    }

    /// `true` or `false`
    #[must_use]
    pub fn bool(value: bool) -> Self {
        Self::scalar(Kind::Bool(value))
    }

    /// A number.
    #[must_use]
    pub fn number(value: impl Into<Number>) -> Self {
        Self::scalar(Kind::Number(value.into()))
    }

    /// Text, brought to Unicode NFC, so that equal texts have equal bytes.
    #[must_use]
    pub fn string(text: impl Into<Arc<str>>) -> Self {
        let text = text.into();
        let is_normal = text.is_ascii() || is_nfc_quick(text.chars()) == IsNormalized::Yes;
        Self::scalar(Kind::String(if is_normal { text } else { text.nfc().collect::<String>().into() }))
    }

    /// A set whose elements already are of the element type, in any order and with repetitions. Elements that are
    /// not wholly known all stay: whether they repeat one shows when they are known. Marks on elements or inside
    /// them lie on the whole set from here on, since elements have no identity but their value.
    #[must_use]
    pub fn set(element: Type, mut values: Vec<Self>) -> Self {
        let marks = values.iter().fold(Marks::NONE, |marks, value| marks | value.deep_marks);
        if !marks.is_empty() {
            values = values.iter().map(Self::without_marks_deep).collect();
        }
        set_order::sort(&mut values);
        values.dedup_by(|left, right| left.is_wholly_known() && left.same(right));
        let inside = Self::summaries(&values);
        Self::composite(Kind::Set(Arc::new((element, values.into()))), inside.into_iter()).with_marks(marks)
    }

    /// A list whose elements already are of the element type.
    #[must_use]
    pub fn list(element: Type, values: Vec<Self>) -> Self {
        let inside = Self::summaries(&values);
        Self::composite(Kind::List(Arc::new((element, values.into()))), inside.into_iter())
    }

    /// A tuple.
    #[must_use]
    pub fn tuple(values: impl IntoIterator<Item = Self>) -> Self {
        let values: Arc<[Self]> = values.into_iter().collect();
        let inside = Self::summaries(&values);
        Self::composite(Kind::Tuple(values), inside.into_iter())
    }

    /// A map whose elements already are of the element type; the last of a repeated key wins.
    #[must_use]
    pub fn map(element: Type, entries: impl IntoIterator<Item = (Arc<str>, Self)>) -> Self {
        let entries = sorted(entries);
        let inside: Vec<_> = entries.iter().map(|(_, value)| value.summary()).collect();
        Self::composite(Kind::Map(Arc::new((element, entries.into()))), inside.into_iter())
    }

    /// An object; the last of a repeated name wins.
    #[must_use]
    pub fn object<N: Into<Arc<str>>>(attributes: impl IntoIterator<Item = (N, Self)>) -> Self {
        let attributes = sorted(attributes.into_iter().map(|(name, value)| (name.into(), value)));
        let inside: Vec<_> = attributes.iter().map(|(_, value)| value.summary()).collect();
        Self::composite(Kind::Object(attributes.into()), inside.into_iter())
    }

    /// What it is.
    #[must_use]
    pub const fn kind(&self) -> &Kind {
        &self.kind
    }

    /// Its type. Building the type of an object or tuple takes time linear in its attributes.
    #[must_use]
    pub fn ty(&self) -> Type {
        match &self.kind {
            Kind::Null(ty) => ty.clone(),
            Kind::Unknown(unknown) => unknown.0.clone(),
            Kind::Bool(_) => Type::Bool,
            Kind::Number(_) => Type::Number,
            Kind::String(_) => Type::String,
            Kind::List(list) => Type::list(list.0.clone()),
            Kind::Set(set) => Type::set(set.0.clone()),
            Kind::Map(map) => Type::map(map.0.clone()),
            Kind::Tuple(values) => Type::tuple(values.iter().map(Self::ty)),
            Kind::Object(attributes) => Type::object(attributes.iter().map(|(name, value)| (name.clone(), value.ty()))),
        }
    }

    /// What is known of it, if it is not known yet.
    #[must_use]
    pub fn refinements(&self) -> Option<&Refinements> {
        if let Kind::Unknown(unknown) = &self.kind { Some(&unknown.1) } else { None }
    }

    /// Whether it is null.
    #[must_use]
    pub const fn is_null(&self) -> bool {
        matches!(self.kind, Kind::Null(_))
    }

    /// Whether it itself is known; elements inside may not be.
    #[must_use]
    pub const fn is_known(&self) -> bool {
        !matches!(self.kind, Kind::Unknown(_))
    }

    /// Whether it and everything inside is known. Takes constant time.
    #[must_use]
    pub const fn is_wholly_known(&self) -> bool {
        !self.has_unknown
    }

    /// The marks on the value itself.
    #[must_use]
    pub const fn marks(&self) -> Marks {
        self.marks
    }

    /// The marks on the value and on everything inside. Takes constant time.
    #[must_use]
    pub const fn deep_marks(&self) -> Marks {
        self.deep_marks
    }

    /// The same value with more marks on it.
    #[must_use]
    pub fn with_marks(mut self, marks: Marks) -> Self {
        self.marks |= marks;
        self.deep_marks |= marks;
        self
    }

    /// The string it is, if it is a known string.
    #[must_use]
    pub fn as_str(&self) -> Option<&str> {
        if let Kind::String(text) = &self.kind { Some(text) } else { None }
    }

    /// The bool it is, if it is a known bool.
    #[must_use]
    pub const fn as_bool(&self) -> Option<bool> {
        if let Kind::Bool(value) = &self.kind { Some(*value) } else { None }
    }

    /// The number it is, if it is a known number.
    #[must_use]
    pub const fn as_number(&self) -> Option<&Number> {
        if let Kind::Number(number) = &self.kind { Some(number) } else { None }
    }

    /// The elements of a known list, set or tuple, without marks that lie on the whole.
    #[must_use]
    pub fn as_slice(&self) -> Option<&[Self]> {
        match &self.kind {
            Kind::List(values) | Kind::Set(values) => Some(&values.1),
            Kind::Tuple(values) => Some(values),
            _ => None,
        }
    }

    /// The element type that a known list, set or map has beside its elements.
    #[must_use]
    pub fn element_type(&self) -> Option<&Type> {
        match &self.kind {
            Kind::List(values) | Kind::Set(values) => Some(&values.0),
            Kind::Map(entries) => Some(&entries.0),
            _ => None,
        }
    }

    /// The sorted entries of a known map or object, without marks that lie on the whole.
    #[must_use]
    pub fn as_entries(&self) -> Option<&[(Arc<str>, Self)]> {
        match &self.kind {
            Kind::Map(entries) => Some(&entries.1),
            Kind::Object(attributes) => Some(attributes),
            _ => None,
        }
    }

    /// The element of a known map or object under a key, without marks that lie on the whole.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Self> {
        let entries = self.as_entries()?;
        let index = entries.binary_search_by(|(name, _)| name.as_ref().cmp(key)).ok()?;
        entries.get(index).map(|(_, value)| value)
    }
}

fn sorted(entries: impl IntoIterator<Item = (Arc<str>, Value)>) -> Vec<(Arc<str>, Value)> {
    let mut entries: Vec<_> = entries.into_iter().collect();
    if !entries.is_sorted_by(|(left, _), (right, _)| left < right) {
        entries.reverse();
        entries.sort_by(|(left, _), (right, _)| left.cmp(right));
        entries.dedup_by(|(left, _), (right, _)| left == right);
    }
    entries
}
