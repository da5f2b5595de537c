//! Functions that make lists, tuples and maps out of others.

use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

use mesh_value::{Kind, Marks, Number, Refinements, Type, Value, unify, unify_values};

use super::collection::{elements, entries};
use super::function::{Answer, Function, Parameter, Refusal, Shape, outer, raw, whole};
use super::numeric::{integer, number};
use super::text::strings;

/// A list of any one type.
pub(super) const LIST_OF_ANY: Shape = Shape::List(&Shape::Any);
const STRINGS: Shape = Shape::List(&Shape::String);
const LIST: Parameter = outer("list", LIST_OF_ANY);

pub(super) const FUNCTIONS: &[Function] = &[
    Function::pure(
        "chunklist",
        "A list cut into lists of at most so many elements.",
        &[LIST, outer("size", Shape::Number)],
        Shape::List(&LIST_OF_ANY),
        chunklist,
    )
    .example(r#"chunklist(["a", "b", "c"], 2)"#, r#"[["a", "b"], ["c"]]"#)
    .typed(|arguments| Type::list(type_of(arguments, 0))),
    Function::pure(
        "compact",
        "A list without null and empty texts.",
        &[whole("list", STRINGS)],
        STRINGS,
        |arguments| {
            let kept = elements(arguments, 0)?.iter().filter_map(Value::as_str).filter(|text| !text.is_empty());
            Ok(strings(kept))
        },
    )
    .example(r#"compact(["a", "", null, "b"])"#, r#"["a", "b"]"#),
    Function::pure("concat", "The elements of several lists in one.", &[raw("seqs", Shape::Any)], Shape::Any, concat)
        .example(r#"concat(["a"], ["b", "c"])"#, r#"["a", "b", "c"]"#)
        .variadic(raw("seqs", Shape::Any)),
    Function::pure("distinct", "A list without repetitions.", &[whole("list", LIST_OF_ANY)], LIST_OF_ANY, distinct)
        .example(r#"distinct(["a", "b", "a"])"#, r#"["a", "b"]"#)
        .typed(|arguments| type_of(arguments, 0)),
    Function::pure(
        "flatten",
        "A list with the elements of the lists inside in their place.",
        &[raw("list", Shape::Any)],
        Shape::Any,
        flatten,
    )
    .example(r#"flatten([["a", ["b"]], "c"])"#, r#"["a", "b", "c"]"#),
    Function::pure(
        "matchkeys",
        "The values whose key, at the same index, is in a list.",
        &[whole("values", LIST_OF_ANY), whole("keys", LIST_OF_ANY), whole("searchset", LIST_OF_ANY)],
        LIST_OF_ANY,
        matchkeys,
    )
    .example(r#"matchkeys(["i-1", "i-2"], ["eu", "us"], ["us"])"#, r#"["i-2"]"#)
    .typed(|arguments| type_of(arguments, 0)),
    Function::pure("merge", "The elements of several maps or objects in one; later ones win.", &[], Shape::Any, merge)
        .example("merge({ a = 1, b = 2 }, { b = 3 })", "{ a = 1, b = 3 }")
        .variadic(raw("maps", Shape::Any).or_null()),
    Function::pure(
        "range",
        "Numbers up to a limit, from a start and by a step if they are given.",
        &[whole("start", Shape::Number), whole("limit", Shape::Number), whole("step", Shape::Number)],
        Shape::List(&Shape::Number),
        range,
    )
    .example("range(1, 8, 3)", "[1, 4, 7]")
    .optional(2),
    Function::pure("reverse", "A list backwards.", &[outer("list", Shape::Any)], Shape::Any, reverse)
        .example(r#"reverse(["a", "b"])"#, r#"["b", "a"]"#)
        .typed(|arguments| type_of(arguments, 0)),
    Function::pure(
        "slice",
        "The elements from one index up to, not including, another.",
        &[outer("list", Shape::Any), outer("start_index", Shape::Number), outer("end_index", Shape::Number)],
        Shape::Any,
        slice,
    )
    .example(r#"slice(["a", "b", "c"], 1, 3)"#, r#"["b", "c"]"#)
    .typed(|arguments| match type_of(arguments, 0) {
        list @ Type::List(_) => list,
        _ => Type::Any,
    }),
    Function::pure(
        "sort",
        "A list of strings in the order of their characters.",
        &[whole("list", STRINGS)],
        STRINGS,
        sort,
    )
    .example(r#"sort(["b", "a"])"#, r#"["a", "b"]"#)
    .refined(|arguments| {
        arguments.first().map(Value::range).map(|range| Refinements { not_null: true, ..range }).unwrap_or_default()
    }),
    Function::pure(
        "transpose",
        "A map of lists of strings turned around: each string with the keys that had it.",
        &[whole("values", Shape::Map(&STRINGS))],
        Shape::Map(&STRINGS),
        transpose,
    )
    .example(r#"transpose({ a = ["x"], b = ["x", "y"] })"#, r#"{ x = ["a", "b"], y = ["b"] }"#),
    Function::pure(
        "zipmap",
        "A map made of a list of keys and a list of values.",
        &[whole("keys", STRINGS), outer("values", Shape::Any)],
        Shape::Any,
        zipmap,
    )
    .example(r#"zipmap(["a", "b"], [1, 2])"#, "{ a = 1, b = 2 }")
    .typed(|arguments| match arguments.get(1).map(Value::ty) {
        Some(Type::List(element)) => Type::Map(element),
        _ => Type::Any,
    }),
];

fn type_of(arguments: &[Value], index: usize) -> Type {
    arguments.get(index).map_or(Type::Any, Value::ty)
}

fn element_type(arguments: &[Value], index: usize) -> Type {
    type_of(arguments, index).element().cloned().unwrap_or(Type::Any)
}

fn chunklist(arguments: &[Value]) -> Answer {
    let size = usize::try_from(integer(arguments, 1)?).map_err(|_| Refusal::of(1, "the size can't be negative"))?;
    let all = elements(arguments, 0)?;
    let element = element_type(arguments, 0);
    let size = if size == 0 { all.len().max(1) } else { size };
    let chunks = all.chunks(size).map(|chunk| Value::list(element.clone(), chunk.to_vec()));
    Ok(Value::list(Type::list(element.clone()), chunks.collect()))
}

fn concat(arguments: &[Value]) -> Answer {
    let mut all = Vec::new();
    let mut marks = Marks::NONE;
    let mut are_lists = true;
    let mut is_open = false;
    for (index, value) in arguments.iter().enumerate() {
        marks |= value.marks();
        match value.ty() {
            Type::List(_) => {}
            Type::Tuple(_) | Type::Any => are_lists = false,
            _ => return Err(Refusal::of(index, format!("a list or tuple is required, this is {}", value.describe()))),
        }
        match value.as_slice() {
            Some(inner) => all.extend(inner.iter().cloned()),
            None => is_open = true,
        }
    }
    let types: Vec<_> = arguments.iter().map(Value::ty).collect();
    let common = if are_lists { unify(&types) } else { None };
    let result = match common {
        Some(list @ Type::List(_)) if is_open => {
            let bounds: Vec<_> = arguments.iter().filter_map(Value::length_bounds).collect();
            let fewest = bounds.iter().map(|bound| bound.0).fold(0, u64::saturating_add);
            let most = bounds.iter().map(|bound| bound.1).fold(0, u64::saturating_add);
            Value::unknown_with(list, Refinements::length(fewest, (most != u64::MAX).then_some(most)))
        }
        Some(list @ Type::List(_)) => {
            mesh_value::convert(&Value::tuple(all), &list).map_err(|error| Refusal::from(error.to_string()))?
        }
        _ if is_open => Value::unknown(Type::Any),
        _ => Value::tuple(all),
    };
    Ok(result.with_marks(marks))
}

fn distinct(arguments: &[Value]) -> Answer {
    let element = element_type(arguments, 0);
    let mut seen = HashSet::new();
    let kept = elements(arguments, 0)?.iter().filter(|value| seen.insert((*value).clone())).cloned();
    Ok(Value::list(element, kept.collect()))
}

fn flatten(arguments: &[Value]) -> Answer {
    let Some(list) = arguments.first() else { return Err("a list is required".into()) };
    if !matches!(list.ty(), Type::List(_) | Type::Set(_) | Type::Tuple(_) | Type::Any) {
        return Err(Refusal::of(0, format!("a list, set or tuple is required, this is {}", list.describe())));
    }
    let mut flat = Vec::new();
    let mut marks = Marks::NONE;
    let is_known = flatten_into(list, &mut flat, &mut marks);
    Ok(if is_known { Value::tuple(flat) } else { Value::unknown(Type::Any) }.with_marks(marks))
}

/// Adds all elements, those of lists inside in their place; `false` where a list is not known yet.
fn flatten_into(list: &Value, flat: &mut Vec<Value>, marks: &mut Marks) -> bool {
    *marks |= list.marks();
    let Some(elements) = list.as_slice() else { return false };
    let mut is_known = true;
    for element in elements {
        let is_list = matches!(element.ty(), Type::List(_) | Type::Set(_) | Type::Tuple(_));
        // What is of no known type yet may turn out to be a list.
        let may_be_list = !element.is_known() && element.ty() == Type::Any;
        if (is_list && !element.is_null()) || may_be_list {
            is_known &= flatten_into(element, flat, marks);
        } else {
            flat.push(element.clone());
        }
    }
    is_known
}

fn matchkeys(arguments: &[Value]) -> Answer {
    let (values, keys, wanted) = (elements(arguments, 0)?, elements(arguments, 1)?, elements(arguments, 2)?);
    if values.len() != keys.len() {
        return Err(
            format!("there are {} values and {} keys, but they belong together", values.len(), keys.len()).into()
        );
    }
    let common = [element_type(arguments, 1), element_type(arguments, 2)].into_iter().filter(|ty| *ty != Type::Any);
    let common = unify(&common.collect::<Vec<_>>()).ok_or("keys and searchset have no common type")?;
    let in_common = |values: &[Value]| -> Result<Vec<Value>, Refusal> {
        let converted = values.iter().map(|value| mesh_value::convert(value, &common));
        converted.collect::<Result<_, _>>().map_err(|error| Refusal::from(error.to_string()))
    };
    let (keys, wanted) = (in_common(keys)?, in_common(wanted)?);
    let wanted: HashSet<_> = wanted.iter().collect();
    let found = values.iter().zip(&keys).filter(|(_, key)| wanted.contains(key)).map(|(value, _)| value.clone());
    Ok(Value::list(element_type(arguments, 0), found.collect()))
}

fn merge(arguments: &[Value]) -> Answer {
    let mut all: BTreeMap<Arc<str>, Value> = BTreeMap::new();
    let mut marks = Marks::NONE;
    let mut is_open = false;
    let mut types = Vec::new();
    for (index, value) in arguments.iter().enumerate() {
        marks |= value.marks();
        match (value.kind(), value.ty()) {
            // A null of no type makes an object of all, as in Terraform.
            (Kind::Null(_), ty @ (Type::Any | Type::Map(_) | Type::Object(_))) => types.push(ty),
            (Kind::Unknown(_), ty @ (Type::Any | Type::Map(_) | Type::Object(_))) => {
                types.push(ty);
                is_open = true;
            }
            (_, ty @ (Type::Map(_) | Type::Object(_))) => {
                types.push(ty);
                all.extend(entries(arguments, index)?.iter().cloned());
            }
            _ => return Err(Refusal::of(index, format!("a map or object is required, this is {}", value.describe()))),
        }
    }
    let result = match types.split_first() {
        Some((first @ Type::Map(element), rest)) if rest.iter().all(|ty| ty == first) => {
            if is_open {
                Value::unknown(first.clone())
            } else {
                Value::map(element.as_ref().clone(), all)
            }
        }
        _ if is_open => Value::unknown(Type::Any),
        _ => Value::object(all),
    };
    Ok(result.with_marks(marks))
}

fn range(arguments: &[Value]) -> Answer {
    const MOST: usize = 1024;
    let (start, limit) = match arguments.len() {
        1 => (Number::ZERO, number(arguments, 0)?.clone()),
        _ => (number(arguments, 0)?.clone(), number(arguments, 1)?.clone()),
    };
    let downwards = limit < start;
    let step = match arguments.get(2) {
        Some(_) => number(arguments, 2)?.clone(),
        None => Number::from(if downwards { -1 } else { 1 }),
    };
    if step.is_zero() && start != limit {
        return Err(Refusal::of(2, "a step of 0 leads nowhere"));
    }
    if start != limit && step.is_negative() != downwards {
        let direction = if downwards { "less" } else { "greater" };
        return Err(Refusal::of(
            2,
            format!("the limit is {direction} than the start, but a step of {step} leads away from it"),
        ));
    }
    let mut numbers = Vec::new();
    let mut at = start;
    while if downwards { at > limit } else { at < limit } {
        if numbers.len() == MOST {
            return Err(format!("more than {MOST} numbers are not supported").into());
        }
        numbers.push(Value::number(at.clone()));
        at = at.checked_add(&step).map_err(|error| Refusal::from(error.to_string()))?;
    }
    Ok(Value::list(Type::Number, numbers))
}

fn reverse(arguments: &[Value]) -> Answer {
    let backwards = elements(arguments, 0)?.iter().rev().cloned();
    Ok(match arguments.first().map(Value::kind) {
        Some(Kind::List(_) | Kind::Set(_)) => Value::list(element_type(arguments, 0), backwards.collect()),
        _ => Value::tuple(backwards),
    })
}

fn slice(arguments: &[Value]) -> Answer {
    let all = elements(arguments, 0)?;
    if matches!(arguments.first().map(Value::kind), Some(Kind::Set(_))) {
        return Err(Refusal::of(0, "the elements of a set have no order").hint("Make it a list with tolist(…)."));
    }
    let (start, end) = (integer(arguments, 1)?, integer(arguments, 2)?);
    let index = |at: i64, argument: usize| {
        usize::try_from(at).ok().filter(|at| *at <= all.len()).ok_or_else(|| {
            Refusal::of(argument, format!("{at} is outside of the list, which has {} elements", all.len()))
        })
    };
    let (from, to) = (index(start, 1)?, index(end, 2)?);
    let Some(part) = all.get(from..to) else {
        return Err(Refusal::of(1, format!("the start {start} is greater than the end {end}")));
    };
    Ok(match arguments.first().map(Value::kind) {
        Some(Kind::List(list)) => Value::list(list.0.clone(), part.to_vec()),
        _ => Value::tuple(part.to_vec()),
    })
}

fn sort(arguments: &[Value]) -> Answer {
    let all = elements(arguments, 0)?;
    let mut texts = Vec::with_capacity(all.len());
    for (at, element) in all.iter().enumerate() {
        texts.push(
            element.as_str().ok_or_else(|| Refusal::of(0, format!("element {at} is null, a string is required")))?,
        );
    }
    texts.sort_unstable();
    Ok(strings(texts))
}

fn transpose(arguments: &[Value]) -> Answer {
    let mut turned: BTreeMap<Arc<str>, Vec<Value>> = BTreeMap::new();
    for (key, list) in entries(arguments, 0)? {
        let list =
            list.as_slice().ok_or_else(|| Refusal::of(0, format!("element {key:?} is null, a list is required")))?;
        for text in list {
            let text = text.as_str().ok_or_else(|| Refusal::of(0, format!("element {key:?} holds null")))?;
            turned.entry(text.into()).or_default().push(Value::string(key.clone()));
        }
    }
    let lists = turned.into_iter().map(|(key, keys)| (key, Value::list(Type::String, keys)));
    Ok(Value::map(Type::list(Type::String), lists))
}

fn zipmap(arguments: &[Value]) -> Answer {
    let (keys, values) = (elements(arguments, 0)?, elements(arguments, 1)?);
    if keys.len() != values.len() {
        return Err(
            format!("there are {} keys and {} values, but they belong together", keys.len(), values.len()).into()
        );
    }
    let mut pairs = Vec::with_capacity(keys.len());
    for (at, (key, value)) in keys.iter().zip(values).enumerate() {
        let key = key.as_str().ok_or_else(|| Refusal::of(0, format!("key {at} is null, a string is required")))?;
        pairs.push((Arc::<str>::from(key), value.clone()));
    }
    match arguments.get(1).map(Value::kind) {
        Some(Kind::List(list)) => Ok(Value::map(list.0.clone(), pairs)),
        Some(Kind::Tuple(_)) => Ok(Value::object(pairs)),
        _ => Err(Refusal::of(1, "a list or tuple is required")),
    }
}

/// The values in the one type that they have in common.
pub(super) fn in_common_type(values: &[Value]) -> Result<(Type, Vec<Value>), Refusal> {
    let common = unify_values(values).ok_or("the elements have no common type")?;
    let converted: Result<Vec<_>, _> = values.iter().map(|value| mesh_value::convert(value, &common)).collect();
    Ok((common, converted.map_err(|error| Refusal::from(error.to_string()))?))
}
