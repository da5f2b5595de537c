//! Moves a tree and its diagnostics from the text of a string to the place where the string stands.

use mesh_diagnostics::{Diagnostic, Span};

use super::super::ast::{Expr, ExprKind, Ident, ObjectKey, Step, TemplatePart};

/// Replaces every span of an expression.
pub(super) fn relocate(expr: &mut Expr, place: &dyn Fn(Span) -> Span) {
    expr.span = place(expr.span);
    match &mut expr.kind {
        ExprKind::Literal(_) | ExprKind::Variable(_) | ExprKind::Invalid => {}
        ExprKind::Template(parts) => template(parts, place),
        ExprKind::Traversal { root, steps: inner } => {
            relocate(root, place);
            steps(inner, place);
        }
        ExprKind::Call(call) => {
            name(&mut call.name, place);
            call.args.iter_mut().for_each(|arg| relocate(arg, place));
        }
        ExprKind::Unary(_, operand) | ExprKind::Paren(operand) => relocate(operand, place),
        ExprKind::Binary(_, left, right) => {
            relocate(left, place);
            relocate(right, place);
        }
        ExprKind::Conditional { condition, then, otherwise } => {
            [condition, then, otherwise].into_iter().for_each(|part| relocate(part, place));
        }
        ExprKind::Tuple(elements) => elements.iter_mut().for_each(|element| relocate(element, place)),
        ExprKind::Object(items) => {
            for item in items {
                match &mut item.key {
                    ObjectKey::Name(ident) => name(ident, place),
                    ObjectKey::Expr(key) => relocate(key, place),
                }
                relocate(&mut item.value, place);
            }
        }
        ExprKind::For(each) => {
            each.key_var.iter_mut().chain([&mut each.value_var]).for_each(|ident| name(ident, place));
            let parts = [&mut each.collection, &mut each.value].into_iter();
            parts.chain(&mut each.key).chain(&mut each.condition).for_each(|part| relocate(part, place));
        }
    }
}

/// Replaces every span of a diagnostic.
pub(super) fn relocate_diagnostic(diagnostic: Diagnostic, place: &dyn Fn(Span) -> Span) -> Diagnostic {
    Diagnostic {
        subject: diagnostic.subject.map(place),
        context: diagnostic.context.map(place),
        related: diagnostic.related.into_iter().map(|(label, span)| (label, place(span))).collect(),
        ..diagnostic
    }
}

fn name(ident: &mut Ident, place: &dyn Fn(Span) -> Span) {
    ident.span = place(ident.span);
}

fn steps(steps_of: &mut [Step], place: &dyn Fn(Span) -> Span) {
    for step in steps_of {
        match step {
            Step::Attr(ident) => name(ident, place),
            Step::Index(key, span) => {
                relocate(key, place);
                *span = place(*span);
            }
            Step::Splat { steps: inner, span, .. } => {
                steps(inner, place);
                *span = place(*span);
            }
        }
    }
}

fn template(parts: &mut [TemplatePart], place: &dyn Fn(Span) -> Span) {
    for part in parts {
        match part {
            TemplatePart::Literal(_, span) => *span = place(*span),
            TemplatePart::Interpolation(expr) => relocate(expr, place),
            TemplatePart::If { condition, then, otherwise, span } => {
                relocate(condition, place);
                template(then, place);
                template(otherwise, place);
                *span = place(*span);
            }
            TemplatePart::For { key_var, value_var, collection, body, span } => {
                key_var.iter_mut().chain([value_var]).for_each(|ident| name(ident, place));
                relocate(collection, place);
                template(body, place);
                *span = place(*span);
            }
        }
    }
}
