//! A fingerprint of a value: plans store it to see whether what they read has moved.

use crate::{Kind, Refinements, Type, Value};

impl Value {
    /// A BLAKE3 hash of the value and its type, marks aside. It is stable: the same on every machine and in every
    /// release, for plan files outlive both. Values that are [`same`](Value::same) have the same hash.
    #[must_use]
    pub fn content_hash(&self) -> [u8; 32] {
        let mut hasher = blake3::Hasher::new();
        add_value(&mut hasher, self);
        hasher.finalize().into()
    }
}

// Every part begins with a letter for its kind, and all of varying length with their length, so that no two values
// feed the same bytes.

fn add_value(hasher: &mut blake3::Hasher, value: &Value) {
    match value.kind() {
        Kind::Null(ty) => {
            hasher.update(b"0");
            add_type(hasher, ty);
        }
        Kind::Unknown(unknown) => {
            hasher.update(b"?");
            add_type(hasher, &unknown.0);
            add_refinements(hasher, &unknown.1);
        }
        Kind::Bool(value) => {
            hasher.update(if *value { b"t" } else { b"f" });
        }
        Kind::Number(number) => {
            hasher.update(b"n");
            add_text(hasher, &number.to_string());
        }
        Kind::String(text) => {
            hasher.update(b"s");
            add_text(hasher, text);
        }
        Kind::List(list) => add_elements(hasher, *b"l", Some(&list.0), &list.1),
        Kind::Set(set) => add_elements(hasher, *b"e", Some(&set.0), &set.1),
        Kind::Tuple(values) => add_elements(hasher, *b"u", None, values),
        Kind::Map(map) => {
            hasher.update(b"m");
            add_type(hasher, &map.0);
            add_entries(hasher, value);
        }
        Kind::Object(_) => {
            hasher.update(b"o");
            add_entries(hasher, value);
        }
    }
}

fn add_elements(hasher: &mut blake3::Hasher, kind: [u8; 1], element: Option<&Type>, values: &[Value]) {
    hasher.update(&kind);
    if let Some(element) = element {
        add_type(hasher, element);
    }
    add_count(hasher, values.len());
    for value in values {
        add_value(hasher, value);
    }
}

fn add_entries(hasher: &mut blake3::Hasher, value: &Value) {
    let entries = value.as_entries().unwrap_or_default();
    add_count(hasher, entries.len());
    for (key, value) in entries {
        add_text(hasher, key);
        add_value(hasher, value);
    }
}

fn add_refinements(hasher: &mut blake3::Hasher, refinements: &Refinements) {
    let Refinements { not_null, number_min, number_max, string_prefix, length_min, length_max } = refinements;
    hasher.update(&[u8::from(*not_null)]);
    let texts = [
        number_min.as_ref().map(ToString::to_string),
        number_max.as_ref().map(ToString::to_string),
        string_prefix.as_ref().map(ToString::to_string),
        length_min.as_ref().map(ToString::to_string),
        length_max.as_ref().map(ToString::to_string),
    ];
    for text in texts {
        hasher.update(&[u8::from(text.is_some())]);
        add_text(hasher, text.as_deref().unwrap_or_default());
    }
}

fn add_type(hasher: &mut blake3::Hasher, ty: &Type) {
    match ty {
        Type::Any => hasher.update(b"A"),
        Type::Bool => hasher.update(b"B"),
        Type::Number => hasher.update(b"N"),
        Type::String => hasher.update(b"S"),
        Type::List(_) => hasher.update(b"L"),
        Type::Set(_) => hasher.update(b"E"),
        Type::Map(_) => hasher.update(b"M"),
        Type::Tuple(_) => hasher.update(b"U"),
        Type::Object(_) => hasher.update(b"O"),
    };
    if let Some(element) = ty.element() {
        add_type(hasher, element);
    }
    if let Type::Tuple(elements) = ty {
        add_count(hasher, elements.len());
        for element in elements.iter() {
            add_type(hasher, element);
        }
    }
    if let Type::Object(attributes) = ty {
        add_count(hasher, attributes.len());
        for attribute in attributes.iter() {
            add_text(hasher, &attribute.name);
            hasher.update(&[u8::from(attribute.optional)]);
            add_type(hasher, &attribute.ty);
        }
    }
}

fn add_text(hasher: &mut blake3::Hasher, text: &str) {
    add_count(hasher, text.len());
    hasher.update(text.as_bytes());
}

fn add_count(hasher: &mut blake3::Hasher, count: usize) {
    hasher.update(&(count as u64).to_le_bytes());
}
