//! JSON values as expressions.

use std::collections::HashMap;
use std::sync::Arc;

use mesh_diagnostics::{Diagnostic, Diagnostics, FileId, Span};
use mesh_value::{Type, Value};

use super::super::ast::{Expr, ExprKind, Ident, ObjectItem, ObjectKey};
use super::super::parser::{Embedded, embedded};
use super::relocate::{relocate, relocate_diagnostic};
use super::shape::Strings;
use super::tree::{Member, Node, NodeKind, Text};

/// Turns the JSON of a file into the syntax tree that the rest of the program knows.
pub(super) struct Lowering<'s> {
    pub(super) source: &'s str,
    pub(super) file: FileId,
    pub(super) diagnostics: Diagnostics,
    /// How many objects and lists are around.
    pub(super) depth: usize,
    /// Starts of lines, once a message may need one.
    pub(super) line_starts: Vec<u32>,
}

impl Lowering<'_> {
    /// The expression that a value stands for.
    pub(super) fn expr(&mut self, node: Node, strings: Strings) -> Expr {
        let span = node.span;
        let kind = match node.kind {
            NodeKind::Null => ExprKind::Literal(Value::null(Type::Any)),
            NodeKind::Bool(value) => ExprKind::Literal(Value::bool(value)),
            NodeKind::Number(value) => ExprKind::Literal(Value::number(value)),
            NodeKind::Invalid => ExprKind::Invalid,
            NodeKind::Text(text) => return self.text(&text, strings),
            NodeKind::Array(elements) => {
                self.depth += 1;
                let elements = elements.into_iter().map(|element| self.expr(element, strings)).collect();
                self.depth -= 1;
                ExprKind::Tuple(elements)
            }
            NodeKind::Object(members) => {
                self.depth += 1;
                self.report_duplicates(&members, |_| true);
                let items = members.into_iter().map(|member| self.item(member, strings)).collect();
                self.depth -= 1;
                ExprKind::Object(items)
            }
        };
        Expr { kind, span }
    }

    fn item(&mut self, Member { name, value }: Member, strings: Strings) -> ObjectItem {
        let inner = match strings {
            Strings::ExpressionBelow(below) if below == name.value.as_ref() => Strings::Expression,
            other => other,
        };
        let names = if matches!(strings, Strings::ExpressionBelow(_)) { Strings::Literal } else { strings };
        let key = self.text(&name, names);
        let key = match key.kind {
            ExprKind::Literal(_) | ExprKind::Variable(_) => ObjectKey::Name(ident(&name)),
            _ => ObjectKey::Expr(key),
        };
        ObjectItem { key, value: self.expr(value, inner) }
    }

    /// What a string stands for.
    pub(super) fn text(&mut self, text: &Text, strings: Strings) -> Expr {
        let is_template = text.value.contains("${") || text.value.contains("%{");
        let as_expression = match strings {
            Strings::Expression => true,
            Strings::Template if is_template => false,
            Strings::Template | Strings::Literal | Strings::ExpressionBelow(_) => {
                return Expr { kind: ExprKind::Literal(Value::string(text.value.clone())), span: text.span };
            }
        };
        // What older versions of Terraform wrote around references.
        let unwrapped = as_expression && is_template;
        let line = self.line(text.span.start);
        let Embedded { mut expr, diagnostics } =
            embedded(&text.value, self.file, as_expression && !unwrapped, line, self.depth);
        let place = |span: Span| text.place(span);
        relocate(&mut expr, &place);
        if matches!(expr.kind, ExprKind::Literal(_) | ExprKind::Template(_)) {
            expr.span = text.span;
        }
        self.diagnostics.extend(diagnostics.into_iter().map(|diagnostic| relocate_diagnostic(diagnostic, &place)));
        match expr.kind {
            ExprKind::Template(ref mut parts) if unwrapped && parts.len() == 1 => match parts.pop() {
                Some(super::super::ast::TemplatePart::Interpolation(inner)) => inner,
                other => {
                    parts.extend(other);
                    expr
                }
            },
            _ => expr,
        }
    }

    /// Reports names that an object has twice, of those that `counts` lets count.
    pub(super) fn report_duplicates(&mut self, members: &[Member], counts: impl Fn(&Member) -> bool) {
        if members.len() < 2 {
            return;
        }
        let mut first: HashMap<&Arc<str>, Span> = HashMap::with_capacity(members.len());
        for member in members.iter().filter(|member| counts(member)) {
            let name = &member.name;
            if let Some(before) = first.get(&name.value).copied() {
                let detail = format!("`{}` is already set in this object; a name can be given once.", name.value);
                self.diagnostics.push(
                    Diagnostic::error("duplicate-argument", "Duplicate argument", detail)
                        .at(name.span)
                        .elsewhere("It is first set here", before)
                        .hint("Remove one of the two."),
                );
            } else {
                first.insert(&name.value, name.span);
            }
        }
    }

    /// The number of the line that holds an offset, from 1.
    fn line(&mut self, offset: u32) -> usize {
        if self.line_starts.is_empty() {
            let breaks = self.source.bytes().enumerate().filter(|(_, byte)| *byte == b'\n');
            self.line_starts = std::iter::once(0).chain(breaks.map(|(offset, _)| offset as u32 + 1)).collect();
        }
        self.line_starts.partition_point(|start| *start <= offset)
    }
}

/// A property's name.
pub(super) fn ident(name: &Text) -> Ident {
    Ident { text: name.value.clone(), span: name.span }
}
