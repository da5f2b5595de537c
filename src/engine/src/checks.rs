//! Validations, preconditions and postconditions: a condition that holds, fails, or can't be decided yet.

use mesh_config::CheckRule;
use mesh_diagnostics::Diagnostic;
use mesh_lang::eval::{Read, evaluate};
use mesh_plan::Vertex;
use mesh_value::{ModulePath, Type, Value};

use crate::run::{Run, Standing};
use crate::scope::Repeated;

/// A rule, and how its failure is called.
pub struct Condition<'a> {
    /// The diagnostic's code.
    pub code: &'static str,
    /// The diagnostic's summary.
    pub summary: &'static str,
    /// Condition and message.
    pub rule: &'a CheckRule,
}

/// What came of a condition.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It holds.
    Holds,
    /// It fails, and is reported.
    Fails,
    /// It reads something that is known after apply.
    Undecided,
}

impl Run<'_> {
    /// Evaluates a condition in a module instance; a failure is reported with the rule's own message.
    pub fn hold(
        &self,
        condition: &Condition<'_>,
        vertex: &Vertex,
        module: &ModulePath,
        repeated: Repeated,
        itself: Option<Value>,
    ) -> Verdict {
        let rule = condition.rule;
        let evaluated = self.in_scope(vertex, module, repeated, itself, |scope, diagnostics| {
            let verdict = evaluate(&rule.condition, scope, diagnostics);
            let message = evaluate(&rule.error_message, scope, diagnostics);
            let mut reads: Vec<Read> = verdict.reads;
            reads.extend(message.reads);
            // A rule about a vertex may read it; that is no dependency on itself.
            ((verdict.value, message.value), reads.into_iter().filter(|read| !is_own(vertex, read)).collect())
        });
        let Some(((holds, message), standing)) = evaluated else { return Verdict::Undecided };
        match standing {
            Standing::Failed => return Verdict::Fails,
            Standing::Deferred => return Verdict::Undecided,
            Standing::Fine => {}
        }
        if !holds.is_known() {
            return Verdict::Undecided;
        }
        match mesh_value::convert(&holds, &Type::Bool).ok().as_ref().and_then(Value::as_bool) {
            Some(true) => Verdict::Holds,
            Some(false) => {
                let diagnostic = Diagnostic::error(condition.code, condition.summary, said(&message))
                    .at(rule.condition.span)
                    .about(vertex);
                self.report(diagnostic);
                Verdict::Fails
            }
            None => {
                let detail = format!("A condition is true or false; this is {}.", holds.describe());
                self.report(
                    Diagnostic::error("invalid-condition", "Invalid condition", detail).at(rule.condition.span),
                );
                Verdict::Fails
            }
        }
    }
}

fn is_own(vertex: &Vertex, read: &Read) -> bool {
    match (vertex, &read.target) {
        (Vertex::Variable(_, own), mesh_lang::eval::Target::Variable(name)) => own == name,
        _ => false,
    }
}

/// The rule's message; a sensitive one is not shown.
fn said(message: &Value) -> String {
    match message.as_str() {
        Some(_) if message.deep_marks().is_sensitive() => {
            "The condition does not hold. Its message comes from a sensitive value and is not shown.".to_owned()
        }
        Some(text) => text.to_owned(),
        None => "The condition does not hold.".to_owned(),
    }
}
