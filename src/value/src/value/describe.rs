//! How messages name a value: short, and never with what must stay secret.

use std::fmt::{self, Write as _};

use super::{Kind, Value};
use crate::Type;

/// For developers: whole, but for what is sensitive, which no log may hold.
impl fmt::Debug for Value {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.marks.is_hidden() {
            return write!(out, "({})", self.describe());
        }
        self.kind.fmt(out)
    }
}

/// Longer texts are cut in messages.
const LONGEST_TEXT: usize = 40;

impl Value {
    /// The value in a few words, such as `string "abc"`, `list of 2 strings`, `object with 3 attributes`,
    /// `sensitive string`, `ephemeral string`, `string, known after apply`.
    #[must_use]
    pub fn describe(&self) -> String {
        if self.marks.is_hidden() {
            let mark = if self.marks.is_sensitive() { "sensitive" } else { "ephemeral" };
            return format!("{mark} {}", self.ty().describe());
        }
        match &self.kind {
            Kind::Null(Type::Any) => "null".to_owned(),
            Kind::Null(ty) => format!("null {}", ty.describe()),
            Kind::Unknown(unknown) => format!("{}, known after apply", unknown.0.describe()),
            Kind::Bool(value) => value.to_string(),
            Kind::Number(number) => shortened(&number.to_string()),
            Kind::String(text) => format!("string {:?}", shortened(text)),
            Kind::List(list) => counted("list", list.1.len(), &list.0),
            Kind::Set(set) => counted("set", set.1.len(), &set.0),
            Kind::Map(map) => counted("map", map.1.len(), &map.0),
            Kind::Tuple(values) => format!("tuple with {}", number_of(values.len(), "element")),
            Kind::Object(attributes) => format!("object with {}", number_of(attributes.len(), "attribute")),
        }
    }
}

impl Type {
    /// The type in a few words, such as `string`, `list of numbers`, `object`.
    #[must_use]
    pub fn describe(&self) -> String {
        match self {
            Self::Any => "value of any type".to_owned(),
            Self::Bool => "bool".to_owned(),
            Self::Number => "number".to_owned(),
            Self::String => "string".to_owned(),
            Self::List(element) => format!("list{}", element.of_plural()),
            Self::Set(element) => format!("set{}", element.of_plural()),
            Self::Map(element) => format!("map{}", element.of_plural()),
            Self::Object(_) => "object".to_owned(),
            Self::Tuple(_) => "tuple".to_owned(),
        }
    }

    /// The type with its article, such as `a number`, `an object`, `a list of strings`.
    #[must_use]
    pub fn describe_one(&self) -> String {
        match self {
            Self::Object(_) => "an object".to_owned(),
            Self::Tuple(elements) => format!("a tuple with {}", number_of(elements.len(), "element")),
            _ => format!("a {}", self.describe()),
        }
    }

    /// ` of strings`; nothing for `any`.
    fn of_plural(&self) -> String {
        let mut text = String::new();
        let mut ty = self;
        loop {
            let noun = match ty {
                Self::Any => return text,
                Self::Bool => "bools",
                Self::Number => "numbers",
                Self::String => "strings",
                Self::List(_) => "lists",
                Self::Set(_) => "sets",
                Self::Map(_) => "maps",
                Self::Object(_) => "objects",
                Self::Tuple(_) => "tuples",
            };
            // Writing to a String can't fail.
            let _ = write!(text, " of {noun}");
            let Some(element) = ty.element() else { return text };
            ty = element;
        }
    }
}

fn counted(noun: &str, count: usize, element: &Type) -> String {
    let elements = element.of_plural();
    let elements = elements.trim_start_matches(" of ");
    match (count, elements) {
        (0, _) => format!("empty {noun}"),
        (_, "") => format!("{noun} of {}", number_of(count, "element")),
        (1, _) => {
            let (first, rest) = elements.split_once(' ').unwrap_or((elements, ""));
            let singular = first.trim_end_matches('s');
            format!("{noun} of 1 {singular} {rest}").trim_end().to_owned()
        }
        _ => format!("{noun} of {count} {elements}"),
    }
}

fn number_of(count: usize, noun: &str) -> String {
    match count {
        0 => format!("no {noun}s"),
        1 => format!("1 {noun}"),
        _ => format!("{count} {noun}s"),
    }
}

fn shortened(text: &str) -> String {
    match text.char_indices().nth(LONGEST_TEXT) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or(text)),
        None => text.to_owned(),
    }
}
