//! From a path in a value back to the place in the source that gave it.

use mesh_diagnostics::Span;
use mesh_value::{AttributePath, PathStep};

use crate::syntax::{Body, Expr, ExprKind, ObjectItem, ObjectKey};

/// The place of what a path leads to: the expression inside an argument as far as it is written out, or the block.
/// `None` where the first step leads to nothing that is written.
#[must_use]
pub fn span_of(body: &Body, path: &AttributePath) -> Option<Span> {
    in_body(body, path.steps())
}

fn in_body(body: &Body, steps: &[PathStep]) -> Option<Span> {
    let (first, rest) = steps.split_first()?;
    let (PathStep::Attr(name) | PathStep::Key(name)) = first else { return None };
    if let Some(attribute) = body.attributes.iter().find(|attribute| attribute.name.text == *name) {
        return Some(inside(&attribute.expr, rest));
    }
    let mut written = body.blocks.iter().filter(|block| block.kind.text == *name);
    let (block, rest) = match rest.split_first() {
        Some((PathStep::Index(index), after)) => match written.clone().nth(*index) {
            Some(block) => (Some(block), after),
            None => (None, after),
        },
        Some((PathStep::Key(key), after)) => {
            (written.find(|block| block.labels.first().is_some_and(|label| label.text == *key)), after)
        }
        _ => (written.next(), rest),
    };
    match block {
        Some(block) => Some(in_body(&block.body, rest).unwrap_or(block.header)),
        None => {
            let mut dynamic = body.blocks.iter().filter(|block| block.kind.text.as_ref() == "dynamic");
            let dynamic = dynamic.find(|block| block.labels.first().is_some_and(|label| label.text == *name))?;
            let content = dynamic.body.blocks.iter().find(|block| block.kind.text.as_ref() == "content");
            Some(content.and_then(|content| in_body(&content.body, rest)).unwrap_or(dynamic.header))
        }
    }
}

/// The place in an expression that gave what a path into its value leads to, as far as it is written out.
pub(super) fn inside(expr: &Expr, steps: &[PathStep]) -> Span {
    let Some((first, rest)) = steps.split_first() else { return expr.span };
    let inner = match (&expr.kind, first) {
        (ExprKind::Paren(inner), _) => return inside(inner, steps),
        (ExprKind::Tuple(elements), PathStep::Index(index)) => elements.get(*index),
        (ExprKind::Object(items), PathStep::Attr(name) | PathStep::Key(name)) => {
            items.iter().rev().find(|item| is_named(item, name)).map(|item| &item.value)
        }
        _ => None,
    };
    inner.map_or(expr.span, |inner| inside(inner, rest))
}

fn is_named(item: &ObjectItem, name: &str) -> bool {
    match &item.key {
        ObjectKey::Name(ident) => ident.text.as_ref() == name,
        ObjectKey::Expr(Expr { kind: ExprKind::Literal(value), .. }) => value.as_str() == Some(name),
        ObjectKey::Expr(_) => false,
    }
}
