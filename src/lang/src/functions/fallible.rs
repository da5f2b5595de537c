//! Functions on expressions that may fail, and on what evaluation knows of values.

use mesh_diagnostics::Span;
use mesh_value::{Marks, Refinements, Type, Value};

use super::function::{Answer, Function, Shape, raw};
use crate::eval::{Evaluator, Outcome, fault, unknown};
use crate::syntax::Call;

pub(super) const FUNCTIONS: &[Function] = &[
    Function::expressions(
        "try",
        "The value of the first argument that evaluates without an error.",
        &[raw("expressions", Shape::Any)],
        Shape::Any,
        try_each,
    )
    .variadic(raw("expressions", Shape::Any)),
    Function::expressions(
        "can",
        "Whether an expression evaluates without an error.",
        &[raw("expression", Shape::Any)],
        Shape::Bool,
        can,
    ),
    Function::pure(
        "sensitive",
        "The value, marked as sensitive: it is never printed.",
        &[raw("value", Shape::Any).or_null()],
        Shape::Any,
        |arguments| Ok(only(arguments).with_marks(Marks::SENSITIVE)),
    ),
    Function::pure(
        "nonsensitive",
        "The value without the sensitive mark, where the author knows that it discloses nothing.",
        &[raw("value", Shape::Any).or_null()],
        Shape::Any,
        nonsensitive,
    ),
    Function::pure(
        "ephemeralasnull",
        "The value with null in place of everything that is ephemeral.",
        &[raw("value", Shape::Any).or_null()],
        Shape::Any,
        ephemeralasnull,
    ),
    Function::pure(
        "issensitive",
        "Whether a value is marked as sensitive.",
        &[raw("value", Shape::Any).or_null()],
        Shape::Bool,
        |arguments| Ok(Value::bool(only(arguments).marks().is_sensitive())),
    ),
];

fn only(arguments: &[Value]) -> Value {
    arguments.first().cloned().unwrap_or_else(unknown)
}

fn nonsensitive(arguments: &[Value]) -> Answer {
    let value = only(arguments);
    let kept = value.marks().without(Marks::SENSITIVE);
    Ok(value.unmark().0.with_marks(kept))
}

fn ephemeralasnull(arguments: &[Value]) -> Answer {
    only(arguments).transform(&mut |_, value| {
        let kept = value.marks().without(Marks::EPHEMERAL);
        Ok(if kept == value.marks() { value } else { Value::null(value.ty()).with_marks(kept) })
    })
}

fn try_each(evaluator: &mut Evaluator<'_>, call: &Call, span: Span) -> Outcome {
    if call.expand_last {
        return Err(no_expansion("try", span));
    }
    let mut first_failure = None;
    for arg in &call.args {
        let (value, diagnostics) = evaluator.attempt(arg);
        if diagnostics.has_errors() {
            first_failure = first_failure.or_else(|| diagnostics.into_iter().next());
            continue;
        }
        // What is not known yet may still turn out to be an error.
        return Ok(if evaluator.may_still_fail(arg) { unknown() } else { value });
    }
    let why = first_failure.map(|failure| failure.detail).unwrap_or_default();
    let detail = format!("None of the arguments of try evaluates without an error. The first fails so: {why}");
    let error = fault("function-failed", "Function call failed", detail);
    Err(Box::new(error.hint("Add a last argument that can't fail, such as try(…, null).")))
}

fn can(evaluator: &mut Evaluator<'_>, call: &Call, span: Span) -> Outcome {
    let (Some(arg), false) = (call.args.first(), call.expand_last) else { return Err(no_expansion("can", span)) };
    let (_, diagnostics) = evaluator.attempt(arg);
    if diagnostics.has_errors() {
        return Ok(Value::bool(false));
    }
    if evaluator.may_still_fail(arg) {
        return Ok(Value::unknown_with(Type::Bool, Refinements::not_null()));
    }
    Ok(Value::bool(true))
}

fn no_expansion(name: &str, span: Span) -> crate::eval::Fault {
    let detail = format!("{name} takes expressions one by one, so that ... can't stand for some of them.");
    Box::new(fault("invalid-expansion", "Invalid expanded argument", detail).at(span))
}
