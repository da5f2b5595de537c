//! The walk through arguments that JSON wrote and that may be blocks: before a schema is known, their form has to tell
//! which names `dynamic` blocks bind in them.

use std::sync::Arc;

use super::walk::{Visit, walk, within};
use crate::syntax::{Expr, ExprKind, ObjectItem, ObjectKey};

/// Visits an argument that may be blocks.
pub(super) fn walk_properties(expr: &Expr, bound: &mut Vec<Arc<str>>, visit: &mut dyn Visit) {
    match &expr.kind {
        ExprKind::Tuple(elements) => elements.iter().for_each(|element| walk_properties(element, bound, visit)),
        ExprKind::Object(items) => {
            for item in items {
                if name(item) == Some("dynamic") && is_dynamic(&item.value) {
                    walk_dynamic(&item.value, bound, visit);
                    continue;
                }
                if let ObjectKey::Expr(key) = &item.key {
                    walk(key, bound, visit);
                }
                walk_properties(&item.value, bound, visit);
            }
        }
        _ => walk(expr, bound, visit),
    }
}

/// Whether a value has the form of what stands in `dynamic`: each property holds `for_each` and `content`.
fn is_dynamic(value: &Expr) -> bool {
    match &value.kind {
        ExprKind::Tuple(elements) => elements.iter().all(is_dynamic),
        ExprKind::Object(labelled) => labelled.iter().all(|item| {
            let mut bodies = bodies(&item.value).peekable();
            bodies.peek().is_some()
                && bodies.all(|body| ["for_each", "content"].iter().all(|wanted| property(body, wanted).is_some()))
        }),
        _ => false,
    }
}

fn walk_dynamic(value: &Expr, bound: &mut Vec<Arc<str>>, visit: &mut dyn Visit) {
    for label in bodies(value).flatten() {
        for body in bodies(&label.value) {
            let named = property(body, "iterator").and_then(|iterator| match &iterator.kind {
                ExprKind::Literal(value) => value.as_str(),
                _ => None,
            });
            let iterator: Arc<str> = named.or_else(|| name(label)).unwrap_or_default().into();
            for item in body {
                match name(item) {
                    Some("iterator") => {}
                    Some("content" | "labels") => {
                        within(bound, [&iterator], |bound| walk_properties(&item.value, bound, visit));
                    }
                    _ => walk(&item.value, bound, visit),
                }
            }
        }
    }
}

/// The properties of an object, or of each object in a list.
fn bodies(value: &Expr) -> impl Iterator<Item = &[ObjectItem]> {
    let several =
        if let ExprKind::Tuple(elements) = &value.kind { elements.as_slice() } else { std::slice::from_ref(value) };
    several.iter().filter_map(|one| if let ExprKind::Object(items) = &one.kind { Some(items.as_slice()) } else { None })
}

fn property<'e>(items: &'e [ObjectItem], wanted: &str) -> Option<&'e Expr> {
    items.iter().find(|item| name(item) == Some(wanted)).map(|item| &item.value)
}

fn name(item: &ObjectItem) -> Option<&str> {
    match &item.key {
        ObjectKey::Name(name) => Some(&name.text),
        ObjectKey::Expr(_) => None,
    }
}
