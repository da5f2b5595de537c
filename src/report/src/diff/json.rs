//! JSON documents in strings: laid out over lines, so that what changes in one can be shown line by line.

use std::collections::HashSet;
use std::fmt;

use mesh_value::decode_json;
use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

/// What ends a document that is written as a heredoc. No line of one is this word.
pub(super) const END: &str = "JSON";

/// A JSON object or array, with keys in the order of its text, and scalars as they are written there.
#[derive(Debug)]
pub(super) enum Document {
    Scalar(String),
    Array(Vec<Self>),
    Object(Vec<(String, Self)>),
}

impl Document {
    /// The object or array that a text is; `None` for any other text, and for empty ones, which read well as they are.
    pub(super) fn parse(text: &str) -> Option<Self> {
        if !looks_like_document(text) {
            return None;
        }
        // Bounds the nesting, among other things.
        decode_json(text).ok().filter(|document| document.length().is_some_and(|length| length > 0))?;
        Self::part(text.trim())
    }

    fn part(text: &str) -> Option<Self> {
        Some(match text.as_bytes().first()? {
            b'[' => {
                let elements: Vec<&RawValue> = serde_json::from_str(text).ok()?;
                Self::Array(elements.iter().map(|element| Self::part(element.get())).collect::<Option<_>>()?)
            }
            b'{' => {
                let Members(members) = serde_json::from_str(text).ok()?;
                let member = |(key, value): (String, &RawValue)| Some((key, Self::part(value.get())?));
                Self::Object(members.into_iter().map(member).collect::<Option<_>>()?)
            }
            _ => Self::Scalar(text.to_owned()),
        })
    }

    /// The document over lines: two spaces a level, empty objects and arrays on one.
    pub(super) fn text(&self) -> String {
        let mut out = String::new();
        self.write(0, &mut out);
        out
    }

    fn write(&self, level: usize, out: &mut String) {
        let new_line = |level: usize, out: &mut String| {
            out.push('\n');
            out.extend(std::iter::repeat_n("  ", level));
        };
        match self {
            Self::Scalar(text) => out.push_str(text),
            Self::Array(elements) if elements.is_empty() => out.push_str("[]"),
            Self::Object(members) if members.is_empty() => out.push_str("{}"),
            Self::Array(elements) => {
                out.push('[');
                for (index, element) in elements.iter().enumerate() {
                    out.push_str(if index > 0 { "," } else { "" });
                    new_line(level + 1, out);
                    element.write(level + 1, out);
                }
                new_line(level, out);
                out.push(']');
            }
            Self::Object(members) => {
                out.push('{');
                for (index, (key, value)) in members.iter().enumerate() {
                    out.push_str(if index > 0 { "," } else { "" });
                    new_line(level + 1, out);
                    // A string is always written.
                    out.push_str(&serde_json::to_string(key).unwrap_or_default());
                    out.push_str(": ");
                    value.write(level + 1, out);
                }
                new_line(level, out);
                out.push('}');
            }
        }
    }

    /// Gives all objects the order of their keys' names.
    fn sort(&mut self) {
        match self {
            Self::Scalar(_) => {}
            Self::Array(elements) => elements.iter_mut().for_each(Self::sort),
            Self::Object(members) => {
                members.sort_by(|(left, _), (right, _)| left.cmp(right));
                members.iter_mut().for_each(|(_, value)| value.sort());
            }
        }
    }

    /// All keys, each once, as a reader first meets them.
    fn keys<'a>(&'a self, seen: &mut HashSet<&'a str>, keys: &mut Vec<&'a str>) {
        match self {
            Self::Scalar(_) => {}
            Self::Array(elements) => elements.iter().for_each(|element| element.keys(seen, keys)),
            Self::Object(members) => {
                for (key, value) in members {
                    if seen.insert(key) {
                        keys.push(key);
                    }
                    value.keys(seen, keys);
                }
            }
        }
    }
}

/// Both documents as texts to be compared. Where they have the keys that they share in one order, it stays; else both
/// are sorted, for the order of keys means nothing.
pub(super) fn aligned(mut old: Document, mut new: Document) -> (String, String) {
    let has_one_order = {
        let (mut of_old, mut in_old, mut of_new, mut in_new) = (Vec::new(), HashSet::new(), Vec::new(), HashSet::new());
        old.keys(&mut in_old, &mut of_old);
        new.keys(&mut in_new, &mut of_new);
        let left = of_old.iter().filter(|key| in_new.contains(*key));
        left.eq(of_new.iter().filter(|key| in_old.contains(*key)))
    };
    if !has_one_order {
        old.sort();
        new.sort();
    }
    (old.text(), new.text())
}

/// Whether two documents differ in nothing but layout and the order of keys.
pub(super) fn means_the_same(old: &str, new: &str) -> bool {
    matches!((decode_json(old), decode_json(new)), (Ok(old), Ok(new)) if old.same(&new))
}

fn looks_like_document(text: &str) -> bool {
    let text = text.trim();
    (text.starts_with('{') && text.ends_with('}')) || (text.starts_with('[') && text.ends_with(']'))
}

/// The members of an object in the order of its text.
struct Members<'a>(Vec<(String, &'a RawValue)>);

impl<'de> Deserialize<'de> for Members<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(MembersVisitor).map(Self)
    }
}

struct MembersVisitor;

impl<'de> Visitor<'de> for MembersVisitor {
    type Value = Vec<(String, &'de RawValue)>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut members = Vec::new();
        while let Some(member) = map.next_entry()? {
            members.push(member);
        }
        Ok(members)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(json: &str) -> Option<String> {
        Some(Document::parse(json)?.text())
    }

    #[test]
    fn a_document_keeps_its_order_and_its_numbers() {
        let shown = text(r#" {"b":[1.0,1e400,{}],"a":{"k\n":"x,"},"c":[]} "#).unwrap();
        let expected =
            "{\n  \"b\": [\n    1.0,\n    1e400,\n    {}\n  ],\n  \"a\": {\n    \"k\\n\": \"x,\"\n  },\n  \"c\": []\n}";
        assert_eq!(shown, expected);
        assert_eq!(text(&expected.replace('\n', "\r\n")).as_deref(), Some(expected));
    }

    #[test]
    fn other_texts_are_no_documents() {
        for other in ["", "{}", "[ ]", "1", "\"{}\"", "{a}", "{\"a\":1", "[1,]", "{\"a\":1} x", "[1] [2]"] {
            assert!(Document::parse(other).is_none(), "{other}");
        }
        assert!(Document::parse(&format!("{}1{}", "[".repeat(100_000), "]".repeat(100_000))).is_none());
    }

    #[test]
    fn keys_are_sorted_only_where_their_order_differs() {
        let pair = |old, new| aligned(Document::parse(old).unwrap(), Document::parse(new).unwrap());
        let (_, kept) = pair(r#"{"b":1,"a":2}"#, r#"{"b":1,"new":3,"a":2}"#);
        assert_eq!(kept, "{\n  \"b\": 1,\n  \"new\": 3,\n  \"a\": 2\n}");
        let (old, new) = pair(r#"{"b":1,"a":2}"#, r#"{"a":2,"b":1}"#);
        assert_eq!(old, new);
        assert!(means_the_same(r#"{"b":1,"a":2}"#, r#"{"a":2.0,  "b":1}"#));
    }
}
