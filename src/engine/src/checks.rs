//! Validations, preconditions, postconditions and assertions: a condition that holds, fails, or can't be decided yet.

use mesh_config::CheckRule;
use mesh_diagnostics::{Diagnostic, Diagnostics, Severity};
use mesh_lang::eval::{Read, evaluate, read_by};
use mesh_plan::Vertex;
use mesh_value::{ModulePath, Type, Value};

use crate::run::{Run, Standing};
use crate::scope::Repeated;

/// A rule, and how its failure is called.
#[derive(Clone, Copy)]
pub struct Condition<'a> {
    code: &'static str,
    summary: &'static str,
    severity: Severity,
    rule: &'a CheckRule,
}

impl<'a> Condition<'a> {
    /// `validation` of a variable.
    pub const fn validation(rule: &'a CheckRule) -> Self {
        let (code, summary) = ("invalid-variable", "Invalid value for a variable");
        Self { code, summary, severity: Severity::Error, rule }
    }

    /// `precondition` of an object or output.
    pub const fn precondition(rule: &'a CheckRule) -> Self {
        let (code, summary) = ("precondition-failed", "Precondition does not hold");
        Self { code, summary, severity: Severity::Error, rule }
    }

    /// `postcondition` of an object.
    pub const fn postcondition(rule: &'a CheckRule) -> Self {
        let (code, summary) = ("postcondition-failed", "Postcondition does not hold");
        Self { code, summary, severity: Severity::Error, rule }
    }

    /// `assert` of a `check` block: its failure stops nothing.
    pub const fn assertion(rule: &'a CheckRule) -> Self {
        let (code, summary) = ("check-failed", "Check does not hold");
        Self { code, summary, severity: Severity::Warning, rule }
    }
}

/// What came of a condition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It holds.
    Holds,
    /// It fails, with this message, and is reported.
    Fails(String),
    /// It reads something that is known after apply.
    Undecided,
}

impl Verdict {
    /// Whether it fails.
    pub const fn fails(&self) -> bool {
        matches!(self, Self::Fails(_))
    }
}

impl Run<'_> {
    /// Evaluates a condition in a module instance; a failure is reported with the rule's own message, and with what the
    /// condition read.
    pub fn hold(
        &self,
        condition: Condition<'_>,
        vertex: &Vertex,
        module: &ModulePath,
        repeated: Repeated,
        itself: Option<Value>,
    ) -> Verdict {
        let rule = condition.rule;
        let evaluated = self.in_scope(vertex, module, repeated, itself, |scope, diagnostics| {
            let verdict = evaluate(&rule.condition, scope, diagnostics);
            let message = evaluate(&rule.error_message, scope, diagnostics);
            let is_false = decided(&verdict.value) == Some(false);
            let values = if is_false { read_by(&rule.condition, scope) } else { Vec::new() };
            let mut reads: Vec<Read> = verdict.reads;
            reads.extend(message.reads);
            // A rule about a vertex may read it; that is no dependency on itself.
            let reads = reads.into_iter().filter(|read| !is_own(vertex, read)).collect();
            ((verdict.value, message.value, values), reads)
        });
        let Some(((holds, message, values), standing)) = evaluated else { return Verdict::Undecided };
        match standing {
            Standing::Failed => return Verdict::Fails("Its condition could not be evaluated.".to_owned()),
            Standing::Deferred => return Verdict::Undecided,
            Standing::Fine | Standing::LeftOut => {}
        }
        if !holds.is_known() {
            return Verdict::Undecided;
        }
        match decided(&holds) {
            Some(true) => Verdict::Holds,
            Some(false) => {
                let said = said(&message);
                let diagnostic = Diagnostic::error(condition.code, condition.summary, said.clone())
                    .at(rule.condition.span)
                    .about(vertex);
                self.report(Diagnostic { severity: condition.severity, values, ..diagnostic });
                Verdict::Fails(said)
            }
            None => {
                let detail = format!("A condition is true or false; this is {}.", holds.describe());
                let diagnostic = Diagnostic::error("invalid-condition", "Invalid condition", detail.clone());
                self.report(Diagnostic { severity: condition.severity, ..diagnostic.at(rule.condition.span) });
                Verdict::Fails(detail)
            }
        }
    }

    /// Does something whose failure stops nothing: what it finds wrong are warnings.
    pub fn softly<T>(&self, body: impl FnOnce() -> T) -> T {
        let before = std::mem::take(&mut self.progress.borrow_mut().diagnostics);
        let result = body();
        let mut progress = self.progress.borrow_mut();
        let found: Diagnostics = std::mem::replace(&mut progress.diagnostics, before);
        let warnings = found.into_iter().map(|problem| Diagnostic { severity: Severity::Warning, ..problem });
        progress.diagnostics.extend(warnings);
        result
    }
}

fn decided(holds: &Value) -> Option<bool> {
    mesh_value::convert(holds, &Type::Bool).ok().as_ref().and_then(Value::as_bool)
}

fn is_own(vertex: &Vertex, read: &Read) -> bool {
    match (vertex, &read.target) {
        (Vertex::Variable(_, own), mesh_lang::eval::Target::Variable(name)) => own == name,
        _ => false,
    }
}

/// The rule's message; a sensitive or ephemeral one is not shown.
fn said(message: &Value) -> String {
    match message.as_str() {
        Some(_) if message.deep_marks().is_sensitive() => {
            "The condition does not hold. Its message comes from a sensitive value and is not shown.".to_owned()
        }
        Some(_) if message.deep_marks().is_ephemeral() => {
            "The condition does not hold. Its message comes from an ephemeral value and is not shown.".to_owned()
        }
        Some(text) => text.to_owned(),
        None => "The condition does not hold.".to_owned(),
    }
}
