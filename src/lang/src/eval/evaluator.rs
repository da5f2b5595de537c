//! The evaluator: goes through an expression, and is the only place that looks anything up and records it.

use std::collections::HashSet;
use std::sync::Arc;

use mesh_diagnostics::{Diagnostic, Diagnostics, Span};
use mesh_value::{AttributePath, Marks, Type, Value};

use super::held::held;
use super::operators;
use super::scope::{Environment, LookupError, Read, Scope, Target};
use crate::syntax::{Expr, ExprKind, ObjectItem, ObjectKey};

/// What evaluating an expression answers.
#[derive(Clone, Debug, PartialEq)]
pub struct Evaluation {
    /// The value; one of any type that is not known where an error was reported.
    pub value: Value,
    /// Everything that was read for it, sorted and without repetition.
    pub reads: Vec<Read>,
}

/// The error that a step of evaluation ends with; where it has no subject, the expression is it.
pub(crate) type Fault = Box<Diagnostic>;

/// What a step of evaluation gives.
pub(crate) type Outcome = Result<Value, Fault>;

/// Evaluates an expression. What is wrong is reported, its place in the value is taken by one that is not known, and
/// evaluation goes on and finds more.
pub fn evaluate(expr: &Expr, scope: &dyn Scope, diagnostics: &mut Diagnostics) -> Evaluation {
    evaluate_with(expr, scope, &[], diagnostics)
}

/// As [`evaluate`], with names that shadow the scope's: iterators of `dynamic` blocks, variables of a template.
pub fn evaluate_with(
    expr: &Expr,
    scope: &dyn Scope,
    names: &[(Arc<str>, Value)],
    diagnostics: &mut Diagnostics,
) -> Evaluation {
    let mut evaluator = Evaluator::new(scope, names.to_vec());
    let value = evaluator.eval(expr);
    diagnostics.extend(std::mem::take(&mut evaluator.diagnostics));
    Evaluation { value, reads: evaluator.into_reads() }
}

/// One evaluation under way.
pub(crate) struct Evaluator<'a> {
    pub(super) scope: &'a dyn Scope,
    /// Names bound by `for` expressions and by the caller, innermost last.
    pub(super) names: Vec<(Arc<str>, Value)>,
    pub(super) diagnostics: Diagnostics,
    reads: Vec<Read>,
    /// How many reads there may be before repetitions are dropped.
    reads_limit: usize,
    /// What was reported: an error in a `for` body is told once, not for each element.
    reported: HashSet<(&'static str, Option<Span>)>,
    /// Whether names are all that can be referred to, as in a template.
    names_only: bool,
    /// How many templates call each other around this one.
    template_depth: usize,
    /// Whether nobody sees the diagnostics, so that describing values for them would be wasted.
    is_quiet: bool,
}

impl<'a> Evaluator<'a> {
    pub(crate) fn new(scope: &'a dyn Scope, names: Vec<(Arc<str>, Value)>) -> Self {
        let (diagnostics, reads, reported) = (Diagnostics::default(), Vec::new(), HashSet::new());
        Self {
            scope,
            names,
            diagnostics,
            reads,
            reads_limit: 256,
            reported,
            names_only: false,
            template_depth: 0,
            is_quiet: false,
        }
    }

    /// An evaluation that can refer to nothing but names.
    pub(crate) fn of_template(scope: &'a dyn Scope, names: Vec<(Arc<str>, Value)>, template_depth: usize) -> Self {
        Self { names_only: true, template_depth, ..Self::new(scope, names) }
    }

    /// How many templates call each other around this evaluation; 0 outside of them.
    pub(crate) const fn template_depth(&self) -> usize {
        self.template_depth
    }

    /// The outer world for functions.
    pub(crate) fn environment(&self) -> &'a dyn Environment {
        self.scope.environment()
    }

    /// What was read, sorted and without repetition.
    pub(crate) fn into_reads(mut self) -> Vec<Read> {
        self.drop_repeated_reads();
        self.reads
    }

    /// What is wrong.
    pub(crate) fn into_diagnostics(self) -> Diagnostics {
        self.diagnostics
    }

    /// The value of an expression, not known where an error is reported.
    pub(crate) fn eval(&mut self, expr: &Expr) -> Value {
        match self.compute(expr) {
            Ok(value) => value,
            Err(fault) => {
                self.report(expr, *fault);
                unknown()
            }
        }
    }

    fn compute(&mut self, expr: &Expr) -> Outcome {
        match &expr.kind {
            ExprKind::Literal(value) => Ok(value.clone()),
            ExprKind::Template(parts) => self.template(parts),
            ExprKind::Variable(name) => self.traversal(name, expr.span, &[]),
            ExprKind::Traversal { root, steps } => match &root.kind {
                ExprKind::Variable(name) => self.traversal(name, root.span, steps),
                _ => {
                    let value = self.eval(root);
                    self.steps(value, steps, &mut super::traversal::Trail::none())
                }
            },
            ExprKind::Call(call) => self.call(call, expr.span),
            ExprKind::Unary(op, operand) => operators::unary(*op, &self.eval(operand), operand.span),
            ExprKind::Binary(..) => self.chain(expr),
            ExprKind::Conditional { condition, then, otherwise } => self.conditional(condition, then, otherwise),
            ExprKind::Tuple(elements) => Ok(Value::tuple(elements.iter().map(|element| self.eval(element)))),
            ExprKind::Object(items) => self.object(items),
            ExprKind::For(each) => self.for_expr(each),
            ExprKind::Paren(inner) => Ok(self.eval(inner)),
            // The parser reported it.
            ExprKind::Invalid => Ok(unknown()),
        }
    }

    /// Operators of one precedence nest to the left without limit, so their spine is followed in a loop.
    fn chain(&mut self, expr: &Expr) -> Outcome {
        let mut spine = Vec::new();
        let mut leftmost = expr;
        while let ExprKind::Binary(op, left, right) = &leftmost.kind {
            spine.push((leftmost, *op, left, right));
            leftmost = left;
        }
        let mut value = self.eval(leftmost);
        while let Some((whole, op, left, right)) = spine.pop() {
            let operand = self.eval(right);
            match operators::binary(op, (&value, left.span), (&operand, right.span)) {
                Ok(result) => value = result,
                Err(fault) if spine.is_empty() => return Err(fault),
                Err(fault) => {
                    self.report(whole, *fault);
                    value = unknown();
                }
            }
        }
        Ok(value)
    }

    fn object(&mut self, items: &[ObjectItem]) -> Outcome {
        let mut attributes = Vec::with_capacity(items.len());
        let mut marks = Marks::NONE;
        let mut all_keys_known = true;
        for item in items {
            let name = match &item.key {
                ObjectKey::Name(name) => Some(name.text.clone()),
                ObjectKey::Expr(expr) => {
                    let key = self.eval(expr);
                    marks |= key.marks();
                    match object_key(&key) {
                        Ok(name) => name,
                        Err(fault) => {
                            self.report(expr, *fault);
                            None
                        }
                    }
                }
            };
            let value = self.eval(&item.value);
            match name {
                Some(name) => attributes.push((name, value)),
                None => {
                    all_keys_known = false;
                    marks |= value.deep_marks();
                }
            }
        }
        let value = if all_keys_known { Value::object(attributes) } else { unknown() };
        Ok(value.with_marks(marks))
    }

    /// The value of a name bound by a `for` expression or by the caller.
    pub(super) fn name(&self, name: &str) -> Option<&Value> {
        self.names.iter().rev().find(|(bound, _)| bound.as_ref() == name).map(|(_, value)| value)
    }

    /// What is wrong with a name that is not bound where only names can be referred to.
    pub(super) fn unbound(&self, name: &str, span: Span) -> Option<Fault> {
        let names = || self.names.iter().map(|(name, _)| name.as_ref());
        let detail = format!("The template uses {name:?}, which is not among the variables that it is given.");
        let error = Diagnostic::error("unknown-variable", "Unknown template variable", detail).at(span);
        self.names_only.then(|| Box::new(error.suggest(name, names())))
    }

    /// Looks a target up; every read of the engine goes through here.
    pub(super) fn lookup(&self, target: &Target) -> Result<Value, LookupError> {
        self.scope.lookup(target)
    }

    /// Records that something was read.
    pub(super) fn record(&mut self, target: Target, path: AttributePath) {
        self.reads.push(Read { target, path });
        if self.reads.len() > self.reads_limit {
            self.drop_repeated_reads();
            self.reads_limit = (self.reads.len() * 2).max(256);
        }
    }

    fn drop_repeated_reads(&mut self) {
        self.reads.sort_unstable();
        self.reads.dedup();
    }

    /// Evaluates for the type alone: nothing is recorded or reported.
    pub(super) fn unrecorded<T>(&self, run: impl FnOnce(&mut Self) -> T) -> T {
        let quiet = Self::new(self.scope, self.names.clone());
        run(&mut Self { is_quiet: true, names_only: self.names_only, template_depth: self.template_depth, ..quiet })
    }

    /// Evaluates for what is read alone: what would be reported may yet turn out otherwise.
    pub(super) fn for_reads(&mut self, run: impl FnOnce(&mut Self)) {
        let outer = (std::mem::take(&mut self.diagnostics), std::mem::take(&mut self.reported), self.is_quiet);
        self.is_quiet = true;
        run(self);
        (self.diagnostics, self.reported, self.is_quiet) = outer;
    }

    /// Evaluates with the diagnostics apart, which the caller judges; reads are recorded as ever.
    pub(crate) fn attempt(&mut self, expr: &Expr) -> (Value, Diagnostics) {
        let outer = (std::mem::take(&mut self.diagnostics), std::mem::take(&mut self.reported));
        let value = self.eval(expr);
        let diagnostics = std::mem::replace(&mut self.diagnostics, outer.0);
        self.reported = outer.1;
        (value, diagnostics)
    }

    /// Evaluates with more names bound.
    pub(super) fn with_names<T>(
        &mut self,
        names: impl IntoIterator<Item = (Arc<str>, Value)>,
        run: impl FnOnce(&mut Self) -> T,
    ) -> T {
        let before = self.names.len();
        self.names.extend(names);
        let result = run(self);
        self.names.truncate(before);
        result
    }

    /// Reports what is wrong with an expression, once for each place, with what its references held.
    pub(crate) fn report(&mut self, expr: &Expr, mut diagnostic: Diagnostic) {
        let subject = *diagnostic.subject.get_or_insert(expr.span);
        if !self.reported.insert((diagnostic.code, Some(subject))) {
            return;
        }
        if subject != expr.span && diagnostic.context.is_none() {
            diagnostic.context = Some(expr.span);
        }
        if diagnostic.values.is_empty() && !self.is_quiet {
            diagnostic.values = held(self, expr);
        }
        self.diagnostics.push(diagnostic);
    }
}

/// What takes the place of a value that an error prevented.
pub(crate) fn unknown() -> Value {
    Value::unknown(Type::Any)
}

/// An error without its place, which whoever knows it adds.
pub(crate) fn fault(code: &'static str, summary: &'static str, detail: impl Into<String>) -> Fault {
    Box::new(Diagnostic::error(code, summary, detail))
}

/// The key of an object: text; `None` where it is not known yet.
pub(super) fn object_key(key: &Value) -> Result<Option<Arc<str>>, Fault> {
    if key.is_null() {
        return Err(fault("invalid-key", "Invalid key", "A key of an object can't be null."));
    }
    match mesh_value::convert(key, &Type::String) {
        Ok(text) => Ok(text.as_str().map(Into::into)),
        Err(error) => {
            Err(fault("invalid-key", "Invalid key", format!("A key of an object must be a string: {error}.")))
        }
    }
}

/// What an expression's references hold, for a diagnostic about its value: `("var.zones", "is list of 2 strings")`.
#[must_use]
pub fn read_by(expr: &Expr, scope: &dyn Scope) -> Vec<(String, String)> {
    evaluated(expr, scope, &[])
}

/// As [`read_by`], with names that are bound around the expression.
pub(crate) fn evaluated(expr: &Expr, scope: &dyn Scope, names: &[(Arc<str>, Value)]) -> Vec<(String, String)> {
    held(&Evaluator::new(scope, names.to_vec()), expr)
}
