//! Variables and outputs while planning: their values, and the conditions on them.

use std::sync::Arc;

use mesh_diagnostics::Diagnostic;
use mesh_plan::{CheckResult, Vertex};
use mesh_value::{Marks, ModulePath};

use super::Planner;
use crate::checks::{Condition, Verdict};
use crate::scope::Repeated;
use crate::world::Known;

impl Planner<'_> {
    /// Gives a variable its value and holds its validations.
    pub(super) fn variable(&self, module: &ModulePath, name: &Arc<str>) {
        let Some(tree) = self.run.inputs.tree.find(module) else { return };
        let Some(variable) = tree.module.variables.get(name) else { return };
        self.run.variable(module, variable);
        let vertex = Vertex::Variable(module.clone(), name.clone());
        for rule in &variable.validations {
            self.hold(Condition::validation(rule), &vertex, module, Repeated::No, None);
        }
    }

    /// Evaluates an output and holds its preconditions. A root output that shows a secret must say so.
    pub(super) fn output(&self, module: &ModulePath, name: &Arc<str>) {
        let Some(output) = self.run.inputs.tree.find(module).and_then(|tree| tree.module.outputs.get(name)) else {
            return;
        };
        let vertex = Vertex::Output(module.clone(), name.clone());
        for rule in &output.preconditions {
            self.hold(Condition::precondition(rule), &vertex, module, Repeated::No, None);
        }
        self.run.output(module, output);
        if !module.is_root() || output.sensitive {
            return;
        }
        let shows_secret = match self.run.progress.borrow().world.module(module).and_then(|m| m.outputs.get(name)) {
            Some(Known::Value(value)) => value.deep_marks().contains(Marks::SENSITIVE),
            _ => false,
        };
        if shows_secret {
            self.run.report(
                Diagnostic::error(
                    "sensitive-output",
                    "Output shows a sensitive value",
                    format!("Output `{name}` comes from a sensitive value, and outputs are printed."),
                )
                .at(output.expr.span)
                .hint("Add `sensitive = true` to the output, or take the secret out with `nonsensitive(...)`."),
            );
        }
    }

    /// Holds a condition and notes it where it can't be decided yet.
    pub(super) fn hold(
        &self,
        condition: Condition<'_>,
        vertex: &Vertex,
        module: &ModulePath,
        repeated: Repeated,
        itself: Option<mesh_value::Value>,
    ) -> Verdict {
        let verdict = self.run.hold(condition, vertex, module, repeated, itself);
        let status = match verdict {
            Verdict::Holds => mesh_plan::CheckStatus::Holds,
            Verdict::Undecided => mesh_plan::CheckStatus::Undecided,
            Verdict::Fails(_) => return verdict,
        };
        self.draft.borrow_mut().checks.push(CheckResult { of: vertex.clone(), status, problems: Vec::new() });
        verdict
    }

    /// Holds a `check` block, as far as it can be decided yet.
    pub(super) async fn check(&self, module: &ModulePath, name: &Arc<str>) {
        let Some(check) = self.run.inputs.tree.find(module).and_then(|tree| tree.module.checks.get(name)) else {
            return;
        };
        let result = self.run.check_block(module, check, |vertex| self.waits_for_change(vertex)).await;
        self.draft.borrow_mut().checks.push(result);
    }
}
