//! Calling a function of the table: conversion of arguments, null, what is not known yet, and marks, for all alike.

use mesh_diagnostics::Span;
use mesh_value::{Marks, Refinements, Type, Value, convert};

use super::function::{Argument, Function, Refusal, Run, Takes};
use crate::eval::{Evaluator, Fault, Outcome, fault};
use crate::syntax::Ident;

/// The result of a function for evaluated arguments, as many as it takes.
pub(crate) fn invoke(
    function: &'static Function,
    arguments: Vec<Argument>,
    evaluator: &mut Evaluator<'_>,
    name: &Ident,
) -> Outcome {
    let mut values = Vec::with_capacity(arguments.len());
    let mut spans = Vec::with_capacity(arguments.len());
    let mut marks = Marks::NONE;
    let mut is_known = true;
    for (index, argument) in arguments.into_iter().enumerate() {
        let Some(parameter) = function.parameter(index) else { break };
        let refuse = |detail: String| placed(invalid_argument(function, index, &detail), argument.span);
        if argument.value.is_null() && !parameter.nullable {
            return Err(refuse("null is not accepted here".to_owned()));
        }
        // A template is not made of a number: what is not a text was not meant as one.
        if function.needs_reference && index == 0 && !matches!(argument.value.ty(), Type::String | Type::Any) {
            return Err(refuse(format!("a string is required, this is {}", argument.value.describe())));
        }
        let value = convert(&argument.value, &parameter.shape.ty()).map_err(|error| refuse(error.to_string()))?;
        let value = match parameter.takes {
            Takes::Whole => {
                marks |= value.deep_marks();
                is_known &= value.is_wholly_known();
                value.without_marks_deep()
            }
            Takes::Outer => {
                let (value, outer) = value.unmark();
                marks |= outer;
                is_known &= value.is_known();
                value
            }
            Takes::Raw => value,
        };
        values.push(value);
        spans.push(argument.span);
    }
    if !is_known {
        return Ok(not_known(function, &values).with_marks(marks));
    }
    let answer = match function.run {
        Run::Pure(run) => run(&values),
        Run::World(run) => run(evaluator.environment(), &values),
        Run::Template(run) => run(evaluator, &values),
        // Called before arguments are evaluated.
        Run::Expressions(_) => Err(Refusal::from("it is not called with values. This is a bug in mesh")),
    };
    match answer {
        Ok(value) => Ok(value.with_marks(marks)),
        Err(Refusal { argument, detail, hint }) => {
            let hidden = marks.is_hidden();
            let detail = match (marks.is_sensitive(), hidden) {
                (true, _) => "the reason is left out because an argument is sensitive",
                (false, true) => "the reason is left out because an argument is ephemeral",
                (false, false) => &detail,
            };
            let mut error = match argument.and_then(|index| Some((index, *spans.get(index)?))) {
                Some((index, span)) => placed(invalid_argument(function, index, detail), span),
                None => {
                    let detail = format!("{}: {detail}.", function.name);
                    placed(fault("function-failed", "Function call failed", detail), name.span)
                }
            };
            error.hints.extend(hint.filter(|_| !hidden));
            Err(error)
        }
    }
}

/// The result of arguments that are not known yet.
fn not_known(function: &Function, values: &[Value]) -> Value {
    let ty = function.typed.map_or_else(|| function.returns.ty(), |typed| typed(values));
    let known = match function.refined {
        Some(refined) => refined(values),
        // A result of a type of its own is never null; one that depends on the arguments may be part of them.
        None if function.returns.ty() != Type::Any => Refinements::not_null(),
        None => Refinements::default(),
    };
    Value::unknown_with(ty, known)
}

fn invalid_argument(function: &Function, index: usize, detail: &str) -> Fault {
    let parameter = function.parameter(index).map(|parameter| parameter.name).unwrap_or_default();
    let detail = format!("The argument {parameter:?} of {function} is not valid: {detail}.");
    fault("invalid-argument", "Invalid function argument", detail)
}

fn placed(mut fault: Fault, span: Span) -> Fault {
    fault.subject = Some(span);
    fault
}
