//! Functions on sets.

use std::collections::HashSet;

use mesh_value::{Kind, Type, Value, convert, unify};

use super::collection::elements;
use super::function::{Answer, Function, Parameter, Refusal, Shape, outer, whole};
use super::sequence::in_common_type;

const SET_OF_ANY: Shape = Shape::Set(&Shape::Any);
const SET: Parameter = whole("first_set", SET_OF_ANY);
const SETS: Parameter = whole("other_sets", SET_OF_ANY);

pub(super) const FUNCTIONS: &[Function] = &[
    Function::pure("setunion", "What is in any of the sets.", &[SET], SET_OF_ANY, |arguments| {
        combine(arguments, |left, right| left.extend(right))
    })
    .example(r#"setunion(["a", "b"], ["b", "c"])"#, r#"["a", "b", "c"]"#)
    .variadic(SETS)
    .typed(common_set),
    Function::pure("setintersection", "What is in all of the sets.", &[SET], SET_OF_ANY, |arguments| {
        combine(arguments, |left, right| {
            let right: HashSet<_> = right.into_iter().collect();
            left.retain(|value| right.contains(value));
        })
    })
    .example(r#"setintersection(["a", "b"], ["b", "c"])"#, r#"["b"]"#)
    .variadic(SETS)
    .typed(common_set),
    Function::pure(
        "setsubtract",
        "What is in the first set and not in the second.",
        &[whole("a", SET_OF_ANY), whole("b", SET_OF_ANY)],
        SET_OF_ANY,
        |arguments| {
            combine(arguments, |left, right| {
                let right: HashSet<_> = right.into_iter().collect();
                left.retain(|value| !right.contains(value));
            })
        },
    )
    .example(r#"setsubtract(["a", "b"], ["b"])"#, r#"["a"]"#)
    .typed(common_set),
    Function::pure(
        "setproduct",
        "All combinations of one element from each of the collections.",
        &[outer("sets", Shape::Any)],
        Shape::Any,
        setproduct,
    )
    .example(r#"setproduct(["eu", "us"], ["a", "b"])"#, r#"[["eu", "a"], ["eu", "b"], ["us", "a"], ["us", "b"]]"#)
    .variadic(outer("sets", Shape::Any)),
];

fn common_set(arguments: &[Value]) -> Type {
    let types: Vec<_> = arguments.iter().map(Value::ty).collect();
    match unify(&types) {
        Some(set @ Type::Set(_)) => set,
        _ => Type::Any,
    }
}

fn combine(arguments: &[Value], join: fn(&mut Vec<Value>, Vec<Value>)) -> Answer {
    // An empty set of no certain element type takes part in any.
    let is_decided = |value: &&Value| value.ty().element() != Some(&Type::Any);
    let types: Vec<_> = arguments.iter().filter(is_decided).map(Value::ty).collect();
    let ty = unify(&types).ok_or("the sets must have elements of one type, and these have no common one")?;
    let element = ty.element().cloned().unwrap_or(Type::Any);
    let ty = Type::set(element.clone());
    let mut result: Option<Vec<Value>> = None;
    for (index, set) in arguments.iter().enumerate() {
        let set = convert(set, &ty).map_err(|error| Refusal::of(index, error.to_string()))?;
        let values = set.as_slice().unwrap_or_default().to_vec();
        match &mut result {
            Some(left) => join(left, values),
            None => result = Some(values),
        }
    }
    Ok(Value::set(element, result.unwrap_or_default()))
}

fn setproduct(arguments: &[Value]) -> Answer {
    const MOST: usize = 1_000_000;
    if arguments.len() < 2 {
        return Err("at least two collections are required".into());
    }
    let mut columns = Vec::with_capacity(arguments.len());
    for index in 0..arguments.len() {
        columns.push(elements(arguments, index)?);
    }
    let count = columns.iter().try_fold(1_usize, |count, column| count.checked_mul(column.len()));
    if count.is_none_or(|count| count > MOST) {
        return Err(format!("more than {MOST} combinations are not supported").into());
    }
    let mut rows: Vec<Vec<Value>> = vec![Vec::new()];
    for column in columns {
        rows = rows
            .iter()
            .flat_map(|row| column.iter().map(|value| row.iter().cloned().chain([value.clone()]).collect()))
            .collect();
    }
    let rows: Vec<_> = rows.into_iter().map(Value::tuple).collect();
    let is_set = |value: &Value| matches!(value.kind(), Kind::Set(_));
    // Where one of them has no order, neither has the result.
    let is_set = arguments.iter().any(is_set);
    if rows.is_empty() {
        let column = |value: &Value| match value.ty() {
            Type::Tuple(types) => unify(&types).unwrap_or(Type::Any),
            ty => ty.element().cloned().unwrap_or(Type::Any),
        };
        let row = Type::tuple(arguments.iter().map(column));
        return Ok(if is_set { Value::set(row, rows) } else { Value::list(row, rows) });
    }
    let (row, rows) = in_common_type(&rows)?;
    Ok(if is_set { Value::set(row, rows) } else { Value::list(row, rows) })
}
