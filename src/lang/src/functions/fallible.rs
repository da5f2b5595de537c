//! Functions on expressions that may fail, and on what evaluation knows of values.

use mesh_diagnostics::Span;
use mesh_value::{Marks, Refinements, Type, Value};

use super::function::{Answer, Function, Shape, raw};
use crate::eval::{Evaluator, Fault, Outcome, expanded, fault, unknown};
use crate::syntax::{Call, Expr};

pub(super) const FUNCTIONS: &[Function] = &[
    Function::expressions(
        "try",
        "The value of the first argument that evaluates without an error.",
        &[raw("expressions", Shape::Any)],
        Shape::Any,
        try_each,
    )
    .example(r#"try({ a = 1 }.b, "none")"#, r#""none""#)
    .variadic(raw("expressions", Shape::Any)),
    Function::expressions(
        "can",
        "Whether an expression evaluates without an error.",
        &[raw("expression", Shape::Any)],
        Shape::Bool,
        can,
    )
    .example(r#"can(tonumber("x"))"#, "false"),
    Function::pure(
        "sensitive",
        "The value, marked as sensitive: it is never printed.",
        &[raw("value", Shape::Any).or_null()],
        Shape::Any,
        |arguments| Ok(only(arguments).with_marks(Marks::SENSITIVE)),
    )
    .example(r#"sensitive("hush")"#, r#"sensitive("hush")"#),
    Function::pure(
        "nonsensitive",
        "The value without the sensitive mark, where the author knows that it discloses nothing.",
        &[raw("value", Shape::Any).or_null()],
        Shape::Any,
        nonsensitive,
    )
    .example(r#"nonsensitive(md5(sensitive("hush")))"#, r#""588d39bce7c5fcae6a8529c3997387ea""#),
    Function::pure(
        "ephemeralasnull",
        "The value with null in place of everything that is ephemeral.",
        &[raw("value", Shape::Any).or_null()],
        Shape::Any,
        ephemeralasnull,
    )
    .example(r#"ephemeralasnull("kept")"#, r#""kept""#),
    Function::pure(
        "issensitive",
        "Whether a value is marked as sensitive.",
        &[raw("value", Shape::Any).or_null()],
        Shape::Bool,
        |arguments| Ok(Value::bool(only(arguments).marks().is_sensitive())),
    )
    .example(r#"issensitive(sensitive("hush"))"#, "true"),
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
    let mut first_failure = None;
    for (index, arg) in call.args.iter().enumerate() {
        if call.expand_last && index + 1 == call.args.len() {
            // What stands for several values was evaluated to tell them apart: the first has no error.
            if let Some(values) = expanded_last(evaluator, arg)? {
                match values.into_iter().next() {
                    Some(value) => return Ok(value),
                    None if index > 0 => continue,
                    None => return Err(no_argument("try", span)),
                }
            }
            return Ok(unknown());
        }
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
    let Some(arg) = call.args.first() else { return Err(no_argument("can", span)) };
    if call.expand_last {
        return match expanded_last(evaluator, arg)?.map(|values| values.len()) {
            Some(1) => Ok(Value::bool(true)),
            Some(_) => Err(no_argument("can", span)),
            None => Ok(Value::unknown_with(Type::Bool, Refinements::not_null())),
        };
    }
    let (_, diagnostics) = evaluator.attempt(arg);
    if diagnostics.has_errors() {
        return Ok(Value::bool(false));
    }
    if evaluator.may_still_fail(arg) {
        return Ok(Value::unknown_with(Type::Bool, Refinements::not_null()));
    }
    Ok(Value::bool(true))
}

/// The values that `values...` stands for; `None` where they are not known yet.
fn expanded_last(evaluator: &mut Evaluator<'_>, arg: &Expr) -> Result<Option<Vec<Value>>, Fault> {
    let value = evaluator.eval(arg);
    expanded(&value, arg)
}

fn no_argument(name: &str, span: Span) -> Fault {
    let detail = format!("{name} takes expressions, at least one, and can takes no more.");
    Box::new(fault("wrong-argument-count", "Wrong number of arguments", detail).at(span))
}
