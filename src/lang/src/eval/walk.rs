//! The walk through expressions that keeps track of which names are bound inside them.

use std::sync::Arc;

use mesh_diagnostics::Span;

use super::walk_properties::walk_properties;
use crate::syntax::{Block, Body, Call, Expr, ExprKind, ForExpr, Ident, ObjectKey, Step, TemplatePart};

/// What the walk tells.
pub(crate) trait Visit {
    /// A reference to something outside of the expression. Its index expressions are visited apart.
    fn reference(&mut self, root: &Arc<str>, root_span: Span, steps: &[Step], span: Span);

    /// A reference to a name that the expression itself binds.
    fn local(&mut self, _name: &Arc<str>, _steps: &[Step]) {}

    /// A function call. Its arguments are visited apart.
    fn call(&mut self, _call: &Call, _span: Span) {}
}

/// Visits an expression from left to right; `bound` are the names that its surroundings bind.
pub(crate) fn walk(expr: &Expr, bound: &mut Vec<Arc<str>>, visit: &mut dyn Visit) {
    match &expr.kind {
        ExprKind::Literal(_) | ExprKind::Invalid => {}
        ExprKind::Template(parts) => walk_parts(parts, bound, visit),
        ExprKind::Variable(name) => reference(name, expr.span, &[], expr.span, bound, visit),
        ExprKind::Traversal { root, steps } => {
            match &root.kind {
                ExprKind::Variable(name) => reference(name, root.span, steps, expr.span, bound, visit),
                _ => walk(root, bound, visit),
            }
            walk_steps(steps, bound, visit);
        }
        ExprKind::Call(call) => {
            visit.call(call, expr.span);
            call.args.iter().for_each(|arg| walk(arg, bound, visit));
        }
        ExprKind::Unary(_, operand) => walk(operand, bound, visit),
        ExprKind::Binary(..) => walk_chain(expr, bound, visit),
        ExprKind::Conditional { condition, then, otherwise } => {
            [condition, then, otherwise].into_iter().for_each(|part| walk(part, bound, visit));
        }
        ExprKind::Tuple(elements) => elements.iter().for_each(|element| walk(element, bound, visit)),
        ExprKind::Object(items) => {
            for item in items {
                if let ObjectKey::Expr(key) = &item.key {
                    walk(key, bound, visit);
                }
                walk(&item.value, bound, visit);
            }
        }
        ExprKind::For(each) => walk_for(each, bound, visit),
        ExprKind::Paren(inner) => walk(inner, bound, visit),
    }
}

/// Visits all expressions of a body and of the blocks inside; a `dynamic` block binds its iterator in its content.
pub(crate) fn walk_body(body: &Body, bound: &mut Vec<Arc<str>>, visit: &mut dyn Visit) {
    for attribute in &body.attributes {
        if attribute.maybe_blocks {
            walk_properties(&attribute.expr, bound, visit);
        } else {
            walk(&attribute.expr, bound, visit);
        }
    }
    for block in &body.blocks {
        let Some(iterator) = dynamic_iterator(block) else {
            walk_body(&block.body, bound, visit);
            continue;
        };
        for attribute in &block.body.attributes {
            match attribute.name.text.as_ref() {
                "iterator" => {}
                "labels" => within(bound, [&iterator], |bound| walk(&attribute.expr, bound, visit)),
                _ => walk(&attribute.expr, bound, visit),
            }
        }
        within(bound, [&iterator], |bound| {
            block.body.blocks.iter().for_each(|content| walk_body(&content.body, bound, visit));
        });
    }
}

/// The name that a `dynamic` block binds in its content: its `iterator`, or its label. `None` for other blocks.
pub(crate) fn dynamic_iterator(block: &Block) -> Option<Arc<str>> {
    if block.kind.text.as_ref() != "dynamic" {
        return None;
    }
    let named = block.body.attributes.iter().find(|attribute| attribute.name.text.as_ref() == "iterator");
    match named.map(|attribute| &attribute.expr.kind) {
        Some(ExprKind::Variable(name)) => Some(name.clone()),
        _ => block.labels.first().map(|label| label.text.clone()),
    }
}

/// Operators of one precedence nest to the left without limit, so their spine is followed in a loop.
fn walk_chain(expr: &Expr, bound: &mut Vec<Arc<str>>, visit: &mut dyn Visit) {
    let mut operands = Vec::new();
    let mut leftmost = expr;
    while let ExprKind::Binary(_, left, right) = &leftmost.kind {
        operands.push(right.as_ref());
        leftmost = left;
    }
    walk(leftmost, bound, visit);
    operands.into_iter().rev().for_each(|operand| walk(operand, bound, visit));
}

fn walk_for(each: &ForExpr, bound: &mut Vec<Arc<str>>, visit: &mut dyn Visit) {
    walk(&each.collection, bound, visit);
    let names = each.key_var.iter().chain([&each.value_var]).map(|name| &name.text);
    within(bound, names, |bound| {
        each.key.iter().for_each(|key| walk(key, bound, visit));
        walk(&each.value, bound, visit);
        each.condition.iter().for_each(|condition| walk(condition, bound, visit));
    });
}

fn walk_steps(steps: &[Step], bound: &mut Vec<Arc<str>>, visit: &mut dyn Visit) {
    for step in steps {
        match step {
            Step::Attr(_) => {}
            Step::Index(key, _) => walk(key, bound, visit),
            Step::Splat { steps, .. } => walk_steps(steps, bound, visit),
        }
    }
}

fn walk_parts(parts: &[TemplatePart], bound: &mut Vec<Arc<str>>, visit: &mut dyn Visit) {
    for part in parts {
        match part {
            TemplatePart::Literal(..) => {}
            TemplatePart::Interpolation(expr) => walk(expr, bound, visit),
            TemplatePart::If { condition, then, otherwise, .. } => {
                walk(condition, bound, visit);
                walk_parts(then, bound, visit);
                walk_parts(otherwise, bound, visit);
            }
            TemplatePart::For { key_var, value_var, collection, body, .. } => {
                walk(collection, bound, visit);
                let names = key_var.iter().chain([value_var]).map(|name: &Ident| &name.text);
                within(bound, names, |bound| walk_parts(body, bound, visit));
            }
        }
    }
}

fn reference(name: &Arc<str>, root_span: Span, steps: &[Step], span: Span, bound: &[Arc<str>], visit: &mut dyn Visit) {
    if bound.contains(name) {
        visit.local(name, steps);
    } else {
        visit.reference(name, root_span, steps, span);
    }
}

pub(super) fn within<'n>(
    bound: &mut Vec<Arc<str>>,
    names: impl IntoIterator<Item = &'n Arc<str>>,
    inside: impl FnOnce(&mut Vec<Arc<str>>),
) {
    let before = bound.len();
    bound.extend(names.into_iter().cloned());
    inside(bound);
    bound.truncate(before);
}
