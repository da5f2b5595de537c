//! What expressions refer to, found without evaluating them: this makes the graph of blocks.

use std::sync::Arc;

use mesh_diagnostics::{Diagnostics, Span};
use mesh_value::{AttributePath, Kind, PathStep};

use super::referent::{self, Referent, is_legacy_index};
use super::walk::{Visit, walk, walk_body};
use crate::syntax::{Body, Call, Expr, ExprKind, Step};

/// A reference as it stands in the source.
#[derive(Clone, Debug, PartialEq)]
pub struct StaticReference {
    /// What it refers to.
    pub referent: Referent,
    /// The attributes and literal indexes that follow, without an instance key, up to the first that only
    /// evaluation can tell.
    pub path: AttributePath,
    /// The whole reference.
    pub span: Span,
}

/// The references in an expression, in source order, without those to variables of its own `for` expressions.
/// References whose root is wrong are left out; [`check`] reports them.
#[must_use]
pub fn references(expr: &Expr) -> Vec<StaticReference> {
    let mut found = Found::default();
    walk(expr, &mut Vec::new(), &mut found);
    found.0
}

/// The references in all expressions of a body and of the blocks inside, without those to the iterators of
/// `dynamic` blocks.
#[must_use]
pub fn body_references(body: &Body) -> Vec<StaticReference> {
    let mut found = Found::default();
    walk_body(body, &mut Vec::new(), &mut found);
    found.0
}

/// Reports what is wrong with an expression whatever its values: roots that can't be, functions that don't exist or
/// get the wrong number of arguments.
pub fn check(expr: &Expr, diagnostics: &mut Diagnostics) {
    walk(expr, &mut Vec::new(), &mut Check(diagnostics));
}

/// As [`check`], for all expressions of a body and of the blocks inside.
pub fn check_body(body: &Body, diagnostics: &mut Diagnostics) {
    walk_body(body, &mut Vec::new(), &mut Check(diagnostics));
}

#[derive(Default)]
struct Found(Vec<StaticReference>);

impl Visit for Found {
    fn reference(&mut self, root: &Arc<str>, root_span: Span, steps: &[Step], span: Span) {
        let Ok((referent, rest)) = referent::resolve(root, root_span, steps) else { return };
        let path = static_path(after_key(&referent, rest));
        self.0.push(StaticReference { referent, path, span });
    }
}

struct Check<'a>(&'a mut Diagnostics);

impl Visit for Check<'_> {
    fn reference(&mut self, root: &Arc<str>, root_span: Span, steps: &[Step], _: Span) {
        if let Err(error) = referent::resolve(root, root_span, steps) {
            self.0.push(*error);
        }
    }

    fn call(&mut self, call: &Call, _: Span) {
        if let Err(error) = crate::functions::check_call(call) {
            self.0.push(*error);
        }
    }
}

fn after_key<'a>(referent: &Referent, rest: &'a [Step]) -> &'a [Step] {
    let has_key = match rest.first() {
        Some(Step::Index(..) | Step::Splat { .. }) => true,
        Some(Step::Attr(name)) => is_legacy_index(&name.text),
        None => false,
    };
    match referent {
        Referent::Module { output, .. } => {
            rest.get(usize::from(has_key) + usize::from(output.is_some())..).unwrap_or_default()
        }
        Referent::Resource { .. } => match rest.split_first() {
            Some((Step::Splat { steps, .. }, [])) => steps,
            Some((_, after)) if has_key => after,
            _ => rest,
        },
        _ => rest,
    }
}

fn static_path(steps: &[Step]) -> AttributePath {
    let mut path = AttributePath::default();
    for step in steps {
        let step = match step {
            Step::Attr(name) if is_legacy_index(&name.text) => name.text.parse().ok().map(PathStep::Index),
            Step::Attr(name) => Some(PathStep::Attr(name.text.clone())),
            Step::Index(Expr { kind: ExprKind::Literal(value), .. }, _) => match value.kind() {
                Kind::String(key) => Some(PathStep::Key(key.clone())),
                Kind::Number(index) => index.to_usize().map(PathStep::Index),
                _ => None,
            },
            Step::Index(..) | Step::Splat { .. } => None,
        };
        let Some(step) = step else { break };
        path.push(step);
    }
    path
}
