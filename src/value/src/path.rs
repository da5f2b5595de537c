//! A path to an attribute or element inside a value.

use std::fmt;
use std::sync::Arc;

use crate::parse::{Quoted, is_identifier};

/// One step into a value.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PathStep {
    /// `.name` of an object.
    Attr(Arc<str>),
    /// `["key"]` of a map.
    Key(Arc<str>),
    /// `[3]` of a list, tuple, or of a set in its canonical order.
    Index(usize),
}

impl PathStep {
    /// Whether both lead to the same place: an attribute and a key of one name do.
    #[must_use]
    pub fn leads_like(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Attr(left) | Self::Key(left), Self::Attr(right) | Self::Key(right)) => left == right,
            (Self::Index(left), Self::Index(right)) => left == right,
            _ => false,
        }
    }
}

/// Steps from a value's root; empty for the whole value.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AttributePath(Vec<PathStep>);

impl AttributePath {
    /// The path of one attribute.
    #[must_use]
    pub fn attr(name: impl Into<Arc<str>>) -> Self {
        Self(vec![PathStep::Attr(name.into())])
    }

    /// This path and one step more.
    #[must_use]
    pub fn join(&self, step: PathStep) -> Self {
        let mut steps = self.0.clone();
        steps.push(step);
        Self(steps)
    }

    /// Adds a step at the end.
    pub fn push(&mut self, step: PathStep) {
        self.0.push(step);
    }

    /// Takes the last step off.
    pub fn pop(&mut self) -> Option<PathStep> {
        self.0.pop()
    }

    /// The steps.
    #[must_use]
    pub fn steps(&self) -> &[PathStep] {
        &self.0
    }

    /// Whether it means the whole value.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether this path leads to `other` or to something that holds it.
    #[must_use]
    pub fn is_prefix_of(&self, other: &Self) -> bool {
        other.0.starts_with(&self.0)
    }
}

impl From<Vec<PathStep>> for AttributePath {
    fn from(steps: Vec<PathStep>) -> Self {
        Self(steps)
    }
}

/// As one writes it after an address: `.tags["owner"]`, `.columns[0].name`; nothing for the whole value. The name of
/// an attribute that can't stand after a dot is quoted as a key is.
impl fmt::Display for AttributePath {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        for step in &self.0 {
            match step {
                PathStep::Attr(name) if is_identifier(name) => write!(out, ".{name}")?,
                PathStep::Attr(key) | PathStep::Key(key) => write!(out, "[{}]", Quoted(key))?,
                PathStep::Index(index) => write!(out, "[{index}]")?,
            }
        }
        Ok(())
    }
}
