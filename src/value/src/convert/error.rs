//! Why a value does not fit a type, in words for whoever wrote it.

use std::fmt;

use crate::{AttributePath, Kind, Marks, PathStep, Type, Value};

/// A value does not fit a type.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub struct ConversionError {
    /// Where in the value; empty for the whole.
    pub path: AttributePath,
    /// What is wrong there. Never holds anything sensitive.
    pub message: String,
}

impl ConversionError {
    /// The same error seen from what holds the value at `outer`.
    #[must_use]
    pub fn inside(self, outer: &AttributePath) -> Self {
        let steps = outer.steps().iter().chain(self.path.steps()).cloned().collect::<Vec<_>>();
        Self { path: steps.into(), ..self }
    }
}

/// `attribute "port": a number is required, this is string "abc"`
impl fmt::Display for ConversionError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.path.steps() {
            [] => {}
            [PathStep::Attr(name)] => write!(out, "attribute {name:?}: ")?,
            [PathStep::Key(key)] => write!(out, "element {key:?}: ")?,
            [PathStep::Index(index)] => write!(out, "element {index}: ")?,
            _ => write!(out, "at {}: ", self.path.to_string().trim_start_matches('.'))?,
        }
        out.write_str(&self.message)
    }
}

/// A way out, where the value shows what was meant.
pub(super) fn hint(value: &Value, ty: &Type, around: Marks) -> &'static str {
    if (around | value.marks()).is_hidden() {
        return "";
    }
    match (value.kind(), ty) {
        (Kind::String(text), Type::Bool) if text.eq_ignore_ascii_case("true") => "; write true in lower case",
        (Kind::String(text), Type::Bool) if text.eq_ignore_ascii_case("false") => "; write false in lower case",
        (Kind::String(text), Type::Number) if text.trim().parse::<crate::Number>().is_ok() => {
            "; remove the white space around it"
        }
        (Kind::Bool(_) | Kind::Number(_) | Kind::String(_), Type::List(_) | Type::Set(_)) => {
            "; write it in [ ] to make it the one element"
        }
        _ => "",
    }
}
