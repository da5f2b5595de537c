//! Whether an expression that evaluates now may still fail when all values are known: `try` and `can` must not decide
//! before that.

use std::sync::Arc;

use mesh_diagnostics::Span;
use mesh_value::{Kind, Type};

use super::evaluator::Evaluator;
use super::walk::{Visit, walk};
use crate::syntax::{Expr, ExprKind, Step};

impl Evaluator<'_> {
    /// Whether something that the expression refers to is not known yet in a way that could make it fail later.
    pub(crate) fn may_still_fail(&self, expr: &Expr) -> bool {
        if let ExprKind::Traversal { root, steps } = &expr.kind
            && let ExprKind::Variable(name) = &root.kind
        {
            return self.reference_may_fail(name, root.span, steps, false);
        }
        let mut found = References::default();
        walk(expr, &mut Vec::new(), &mut found);
        found.0.iter().any(|(root, span, steps)| self.reference_may_fail(root, *span, steps, true))
    }

    /// A reference alone can fail only where a step goes into what is not known; inside of another expression it
    /// also matters what the value turns out to be.
    fn reference_may_fail(&self, root: &str, span: Span, steps: &[Step], is_inner: bool) -> bool {
        let quiet = |count: usize| {
            self.unrecorded(|quiet| quiet.traversal(root, span, steps.get(..count).unwrap_or_default()).ok())
        };
        if is_inner {
            return quiet(steps.len()).is_some_and(|value| !value.is_wholly_known());
        }
        (0..=steps.len()).filter_map(quiet).enumerate().any(|(index, value)| match value.kind() {
            Kind::Unknown(known) => index + 1 < steps.len() || known.0 == Type::Any,
            _ => false,
        })
    }
}

#[derive(Default)]
struct References(Vec<(Arc<str>, Span, Vec<Step>)>);

impl Visit for References {
    fn reference(&mut self, root: &Arc<str>, root_span: Span, steps: &[Step], _: Span) {
        self.0.push((root.clone(), root_span, steps.to_vec()));
    }
}
