//! All spans of a tree, and all its expressions, for tests that hold something for each.

use mesh_diagnostics::Span;
use mesh_lang::syntax::{Body, Expr, ExprKind, ObjectKey, Step, TemplatePart};

/// Calls `span` for each span in a body and `expr` for each expression.
pub fn in_body(body: &Body, span: &mut impl FnMut(Span), expr: &mut impl FnMut(&Expr)) {
    span(body.span);
    for attribute in &body.attributes {
        span(attribute.span);
        span(attribute.name.span);
        in_expr(&attribute.expr, span, expr);
    }
    for block in &body.blocks {
        span(block.span);
        span(block.header);
        span(block.kind.span);
        block.labels.iter().for_each(|label| span(label.span));
        in_body(&block.body, span, expr);
    }
}

/// Calls `span` for each span in an expression and `expr` for each expression, itself included.
pub fn in_expr(e: &Expr, span: &mut impl FnMut(Span), expr: &mut impl FnMut(&Expr)) {
    span(e.span);
    expr(e);
    match &e.kind {
        ExprKind::Literal(_) | ExprKind::Variable(_) | ExprKind::Invalid => {}
        ExprKind::Template(parts) => in_parts(parts, span, expr),
        ExprKind::Traversal { root, steps } => {
            in_expr(root, span, expr);
            in_steps(steps, span, expr);
        }
        ExprKind::Call(call) => {
            span(call.name.span);
            call.args.iter().for_each(|arg| in_expr(arg, span, expr));
        }
        ExprKind::Unary(_, inner) | ExprKind::Paren(inner) => in_expr(inner, span, expr),
        ExprKind::Binary(_, left, right) => {
            in_expr(left, span, expr);
            in_expr(right, span, expr);
        }
        ExprKind::Conditional { condition, then, otherwise } => {
            [condition, then, otherwise].into_iter().for_each(|inner| in_expr(inner, span, expr));
        }
        ExprKind::Tuple(list) => list.iter().for_each(|inner| in_expr(inner, span, expr)),
        ExprKind::Object(items) => {
            for item in items {
                match &item.key {
                    ObjectKey::Name(name) => span(name.span),
                    ObjectKey::Expr(key) => in_expr(key, span, expr),
                }
                in_expr(&item.value, span, expr);
            }
        }
        ExprKind::For(f) => {
            f.key_var.iter().for_each(|name| span(name.span));
            span(f.value_var.span);
            let inner = [Some(&f.collection), f.key.as_ref(), Some(&f.value), f.condition.as_ref()];
            inner.into_iter().flatten().for_each(|inner| in_expr(inner, span, expr));
        }
    }
}

fn in_steps(steps: &[Step], span: &mut impl FnMut(Span), expr: &mut impl FnMut(&Expr)) {
    for step in steps {
        match step {
            Step::Attr(name) => span(name.span),
            Step::Index(key, brackets) => {
                span(*brackets);
                in_expr(key, span, expr);
            }
            Step::Splat { steps, span: marker, .. } => {
                span(*marker);
                in_steps(steps, span, expr);
            }
        }
    }
}

fn in_parts(parts: &[TemplatePart], span: &mut impl FnMut(Span), expr: &mut impl FnMut(&Expr)) {
    for part in parts {
        match part {
            TemplatePart::Literal(_, place) => span(*place),
            TemplatePart::Interpolation(inner) => in_expr(inner, span, expr),
            TemplatePart::If { condition, then, otherwise, span: place } => {
                span(*place);
                in_expr(condition, span, expr);
                in_parts(then, span, expr);
                in_parts(otherwise, span, expr);
            }
            TemplatePart::For { key_var, value_var, collection, body, span: place } => {
                span(*place);
                key_var.iter().for_each(|name| span(name.span));
                span(value_var.span);
                in_expr(collection, span, expr);
                in_parts(body, span, expr);
            }
        }
    }
}
