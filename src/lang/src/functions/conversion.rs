//! Functions that convert to a type.

use mesh_value::{Type, Value, convert};

use super::function::{Answer, Function, Parameter, Refusal, Shape, raw};
use crate::eval::unknown;

const VALUE: Parameter = raw("v", Shape::Any).or_null();

pub(super) const FUNCTIONS: &[Function] = &[
    Function::pure("tobool", "The value as a bool.", &[VALUE], Shape::Bool, |values| to(values, &Type::Bool))
        .example(r#"tobool("true")"#, "true"),
    Function::pure("tonumber", "The value as a number.", &[VALUE], Shape::Number, |values| to(values, &Type::Number))
        .example(r#"tonumber("1.5")"#, "1.5"),
    Function::pure("tostring", "The value as a string.", &[VALUE], Shape::String, |values| to(values, &Type::String))
        .example("tostring(1.5)", r#""1.5""#),
    Function::pure("tolist", "The value as a list.", &[VALUE], Shape::List(&Shape::Any), |values| {
        to(values, &Type::list(Type::Any))
    })
    .example(r#"tolist(["a", 1])"#, r#"["a", "1"]"#),
    Function::pure("toset", "The value as a set.", &[VALUE], Shape::Set(&Shape::Any), |values| {
        to(values, &Type::set(Type::Any))
    })
    .example(r#"toset(["b", "a", "b"])"#, r#"["a", "b"]"#),
    Function::pure("tomap", "The value as a map.", &[VALUE], Shape::Map(&Shape::Any), |values| {
        to(values, &Type::map(Type::Any))
    })
    .example(r#"tomap({ a = 1, b = "x" })"#, r#"{ a = "1", b = "x" }"#),
];

fn to(arguments: &[Value], ty: &Type) -> Answer {
    let value = arguments.first().cloned().unwrap_or_else(unknown);
    convert(&value, ty).map_err(|error| Refusal::of(0, error.to_string()))
}
