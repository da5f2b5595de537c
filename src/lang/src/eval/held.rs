//! What an expression's references held, for its diagnostics.

use std::sync::Arc;

use mesh_diagnostics::Span;
use mesh_value::Kind;

use super::evaluator::Evaluator;
use super::walk::{Visit, walk};
use crate::syntax::{Expr, ExprKind, Step};

/// References shown with one diagnostic at most.
const MOST: usize = 6;

/// Each reference of an expression, as it is written, and what it holds: `("var.zones", "is list of 2 strings")`. Of a
/// reference that has no value, as much of its start as has one.
pub(super) fn held(evaluator: &Evaluator<'_>, expr: &Expr) -> Vec<(String, String)> {
    let mut found = Found::default();
    walk(expr, &mut Vec::new(), &mut found);
    let mut shown: Vec<(String, String)> = Vec::new();
    for (root, span, steps) in found.0 {
        let longest = (0..=steps.len()).rev().find_map(|count| {
            let steps = steps.get(..count)?;
            let description = evaluator.unrecorded(|quiet| {
                let value = quiet.traversal(&root, span, steps).ok()?;
                quiet.diagnostics.is_empty().then(|| format!("is {}", value.describe()))
            })?;
            Some((written(&root, steps), description))
        });
        if let Some(entry) = longest
            && !shown.contains(&entry)
        {
            shown.push(entry);
            if shown.len() == MOST {
                break;
            }
        }
    }
    shown
}

#[derive(Default)]
struct Found(Vec<(Arc<str>, Span, Vec<Step>)>);

impl Visit for Found {
    fn reference(&mut self, root: &Arc<str>, root_span: Span, steps: &[Step], _: Span) {
        self.0.push((root.clone(), root_span, steps.to_vec()));
    }
}

/// A reference as one writes it; indexes that are no literals or references are left out.
fn written(root: &str, steps: &[Step]) -> String {
    let mut text = root.to_owned();
    for step in steps {
        match step {
            Step::Attr(name) => {
                text.push('.');
                text.push_str(&name.text);
            }
            Step::Index(key, _) => {
                text.push('[');
                text.push_str(&written_key(key));
                text.push(']');
            }
            Step::Splat { steps, .. } => {
                text.push_str("[*]");
                text.push_str(&written("", steps));
            }
        }
    }
    text
}

fn written_key(key: &Expr) -> String {
    match &key.kind {
        ExprKind::Literal(value) => match value.kind() {
            Kind::String(text) => format!("{text:?}"),
            Kind::Number(number) => number.to_string(),
            _ => "…".to_owned(),
        },
        ExprKind::Variable(name) => name.to_string(),
        ExprKind::Traversal { root, steps } => match &root.kind {
            ExprKind::Variable(name) => written(name, steps),
            _ => "…".to_owned(),
        },
        _ => "…".to_owned(),
    }
}
