//! JSON as it stands in a file: a place for everything, names as often as they were written.

use std::sync::Arc;

use mesh_diagnostics::Span;
use mesh_value::Number;

/// A JSON value and where it stands.
#[derive(Debug)]
pub(super) struct Node {
    pub(super) kind: NodeKind,
    pub(super) span: Span,
}

/// What a JSON value is.
#[derive(Debug)]
pub(super) enum NodeKind {
    Null,
    Bool(bool),
    Number(Number),
    Text(Text),
    Array(Vec<Node>),
    Object(Vec<Member>),
    /// Stands where an error was reported.
    Invalid,
}

/// `"name": value`
#[derive(Debug)]
pub(super) struct Member {
    pub(super) name: Text,
    pub(super) value: Node,
}

/// The meaning of a string, and where each part of it stands.
#[derive(Debug)]
pub(super) struct Text {
    pub(super) value: Arc<str>,
    /// With the quotes.
    pub(super) span: Span,
    /// Offsets in `value` and in the file from which on both go in step.
    pub(super) steps: Vec<(u32, u32)>,
}

impl Text {
    /// The place in the file of a range of `value`.
    pub(super) fn place(&self, inside: Span) -> Span {
        let offset = |at: u32| {
            let before = self.steps.partition_point(|(value, _)| *value <= at);
            let (value, file) = self.steps.get(before.wrapping_sub(1)).copied().unwrap_or((0, self.span.start));
            (file + (at - value)).min(self.span.end)
        };
        Span { start: offset(inside.start), end: offset(inside.end), ..self.span }
    }
}

impl Node {
    /// What a message calls it.
    pub(super) const fn describe(&self) -> &'static str {
        match self.kind {
            NodeKind::Null => "null",
            NodeKind::Bool(_) => "a bool",
            NodeKind::Number(_) => "a number",
            NodeKind::Text(_) => "a string",
            NodeKind::Array(_) => "a list",
            NodeKind::Object(_) => "an object",
            NodeKind::Invalid => "something invalid",
        }
    }
}
