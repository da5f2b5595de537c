//! Functions that convert to a type.

use mesh_value::{Type, Value, convert};

use super::function::{Answer, Function, Parameter, Refusal, Shape, raw};
use crate::eval::unknown;

const VALUE: Parameter = raw("value", Shape::Any).or_null();

pub(super) const FUNCTIONS: &[Function] = &[
    Function::pure("tobool", "The value as a bool.", &[VALUE], Shape::Bool, |values| to(values, &Type::Bool)),
    Function::pure("tonumber", "The value as a number.", &[VALUE], Shape::Number, |values| to(values, &Type::Number)),
    Function::pure("tostring", "The value as a string.", &[VALUE], Shape::String, |values| to(values, &Type::String)),
    Function::pure("tolist", "The value as a list.", &[VALUE], Shape::Any, |values| to(values, &Type::list(Type::Any))),
    Function::pure("toset", "The value as a set.", &[VALUE], Shape::Any, |values| to(values, &Type::set(Type::Any))),
    Function::pure("tomap", "The value as a map.", &[VALUE], Shape::Any, |values| to(values, &Type::map(Type::Any))),
];

fn to(arguments: &[Value], ty: &Type) -> Answer {
    let value = arguments.first().cloned().unwrap_or_else(unknown);
    convert(&value, ty).map_err(|error| Refusal::of(0, error.to_string()))
}
