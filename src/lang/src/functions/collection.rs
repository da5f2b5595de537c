//! Functions that choose from collections and go through them.

use std::sync::Arc;

use mesh_value::{Kind, Marks, Number, Refinements, Type, Value, convert, unify};
use unicode_segmentation::UnicodeSegmentation;

use super::function::{Answer, Function, Parameter, Refusal, Shape, outer, raw, whole};
use super::numeric::{integer, number};
use super::text::text;

const LIST: Parameter = outer("list", Shape::Any);

pub(super) const FUNCTIONS: &[Function] = &[
    Function::pure(
        "length",
        "The number of elements of a collection, of attributes of an object, or of characters of a text.",
        &[raw("value", Shape::Any)],
        Shape::Number,
        length,
    )
    .example(r#"length(["a", "b"])"#, "2"),
    Function::pure(
        "element",
        "The element at an index, which starts over at the end of the list.",
        &[LIST, outer("index", Shape::Number)],
        Shape::Any,
        element,
    )
    .example(r#"element(["a", "b", "c"], 4)"#, r#""b""#)
    .typed(|arguments| element_type(arguments.first())),
    Function::pure(
        "lookup",
        "The element of a map under a key, or the default where there is none.",
        &[outer("inputMap", Shape::Any), outer("key", Shape::String), raw("default", Shape::Any).or_null()],
        Shape::Any,
        lookup,
    )
    .example(r#"lookup({ a = 1 }, "b", 0)"#, "0")
    .optional(1)
    .typed(|arguments| element_type(arguments.first())),
    Function::pure("one", "The only element of a collection, null where it is empty.", &[LIST], Shape::Any, one)
        .example(r#"one(["a"])"#, r#""a""#)
        .typed(|arguments| element_type(arguments.first())),
    Function::pure(
        "index",
        "The index of the first element that equals a value.",
        &[whole("list", Shape::Any), whole("value", Shape::Any)],
        Shape::Number,
        index,
    )
    .example(r#"index(["a", "b"], "b")"#, "1"),
    Function::pure(
        "contains",
        "Whether a list, set or tuple has an element that equals a value.",
        &[LIST, raw("value", Shape::Any)],
        Shape::Bool,
        contains,
    )
    .example(r#"contains(["a", "b"], "b")"#, "true"),
    Function::pure(
        "keys",
        "The keys of a map or the names of an object's attributes, sorted.",
        &[outer("inputMap", Shape::Any)],
        Shape::Any,
        keys,
    )
    .example("keys({ b = 1, a = 2 })", r#"["a", "b"]"#)
    .typed(|arguments| match arguments.first().map(Value::ty) {
        Some(Type::Map(_)) => Type::list(Type::String),
        _ => Type::Any,
    }),
    Function::pure(
        "values",
        "The elements of a map or object, in the order of their keys.",
        &[outer("mapping", Shape::Any)],
        Shape::Any,
        values,
    )
    .example("values({ b = 1, a = 2 })", "[2, 1]")
    .typed(|arguments| match arguments.first().map(Value::ty) {
        Some(Type::Map(element)) => Type::List(element),
        _ => Type::Any,
    }),
    Function::pure(
        "alltrue",
        "Whether all elements of a list are true.",
        &[outer("list", Shape::List(&Shape::Bool))],
        Shape::Bool,
        |arguments| Ok(quantified(arguments, false)),
    )
    .example("alltrue([true, false])", "false"),
    Function::pure(
        "anytrue",
        "Whether any element of a list is true.",
        &[outer("list", Shape::List(&Shape::Bool))],
        Shape::Bool,
        |arguments| Ok(quantified(arguments, true)),
    )
    .example("anytrue([true, false])", "true"),
    Function::pure(
        "coalesce",
        "The first argument that is neither null nor an empty text.",
        &[raw("vals", Shape::Any).or_null()],
        Shape::Any,
        coalesce,
    )
    .example(r#"coalesce(null, "", "orders")"#, r#""orders""#)
    .variadic(raw("vals", Shape::Any).or_null()),
    Function::pure(
        "coalescelist",
        "The first list that is not empty.",
        &[raw("vals", Shape::Any).or_null()],
        Shape::Any,
        coalescelist,
    )
    .example(r#"coalescelist([], ["a"])"#, r#"["a"]"#)
    .variadic(raw("vals", Shape::Any).or_null()),
    Function::pure(
        "sum",
        "The sum of the numbers in a list, set or tuple.",
        &[outer("list", Shape::Any)],
        Shape::Number,
        sum,
    )
    .example("sum([1, 2.5])", "3.5"),
];

/// The elements of the argument at an index: a list, set or tuple.
pub(super) fn elements(arguments: &[Value], index: usize) -> Result<&[Value], Refusal> {
    let given = arguments.get(index);
    given.and_then(Value::as_slice).ok_or_else(|| {
        let described = given.map(Value::describe).unwrap_or_default();
        Refusal::of(index, format!("a list, set or tuple is required, this is {described}"))
    })
}

/// The entries of the argument at an index: a map or object.
pub(super) fn entries(arguments: &[Value], index: usize) -> Result<&[(Arc<str>, Value)], Refusal> {
    let given = arguments.get(index);
    given.and_then(Value::as_entries).ok_or_else(|| {
        let described = given.map(Value::describe).unwrap_or_default();
        Refusal::of(index, format!("a map or object is required, this is {described}"))
    })
}

fn element_type(collection: Option<&Value>) -> Type {
    collection.and_then(|collection| collection.ty().element().cloned()).unwrap_or(Type::Any)
}

fn length(arguments: &[Value]) -> Answer {
    let Some(value) = arguments.first() else { return Err("a value is required".into()) };
    if let Some(length) = value.length_value() {
        return Ok(length);
    }
    match (value.kind(), value.ty()) {
        (Kind::String(text), _) => Ok(Value::number(text.graphemes(true).count()).with_marks(value.marks())),
        (Kind::Unknown(_), Type::String | Type::Any) => {
            let known = Refinements::number(Some(Number::ZERO), None);
            Ok(Value::unknown_with(Type::Number, known).with_marks(value.marks()))
        }
        _ => Err(Refusal::of(0, format!("a collection or a string is required, this is {}", value.describe()))),
    }
}

fn element(arguments: &[Value]) -> Answer {
    let all = elements(arguments, 0)?;
    if matches!(arguments.first().map(Value::kind), Some(Kind::Set(_))) {
        let refusal = Refusal::of(0, "the elements of a set have no order");
        return Err(refusal.hint("Make it a list with tolist(…)."));
    }
    let index = integer(arguments, 1)?;
    let count = i64::try_from(all.len()).unwrap_or(i64::MAX);
    if count == 0 {
        return Err(Refusal::of(0, "it is empty, so it has no element"));
    }
    if index < 0 {
        let refusal = Refusal::of(1, format!("{index} is negative"));
        return Err(refusal.hint("The last element is element(list, length(list) - 1)."));
    }
    let at = usize::try_from(index % count).unwrap_or_default();
    all.get(at).cloned().ok_or_else(|| Refusal::of(1, "there is no such element"))
}

fn lookup(arguments: &[Value]) -> Answer {
    let (map, key) = (arguments.first(), text(arguments, 1)?);
    entries(arguments, 0)?;
    let default = arguments.get(2);
    match map.and_then(|map| map.get(key)) {
        Some(found) => Ok(found.clone()),
        None => match (default, map.map(Value::ty)) {
            (Some(default), Some(Type::Map(element))) => convert(default, &element).map_err(|error| {
                Refusal::of(2, format!("the default must have the type of the map's elements: {error}"))
            }),
            (Some(default), _) => Ok(default.clone()),
            (None, _) => Err(Refusal::of(1, format!("the map has no element {key:?}, and no default is given"))),
        },
    }
}

fn one(arguments: &[Value]) -> Answer {
    match elements(arguments, 0)? {
        [] => Ok(Value::null(element_type(arguments.first()))),
        [only] => Ok(only.clone()),
        several => Err(Refusal::of(0, format!("at most one element is possible, here are {}", several.len()))),
    }
}

fn index(arguments: &[Value]) -> Answer {
    let wanted = arguments.get(1).cloned().unwrap_or_else(|| Value::null(Type::Any));
    if !matches!(arguments.first().map(Value::kind), Some(Kind::List(_) | Kind::Tuple(_))) {
        return Err(Refusal::of(0, "a list or tuple is required"));
    }
    let all = elements(arguments, 0)?;
    let found = all.iter().position(|element| element.equals(&wanted).as_bool() == Some(true));
    found.map(Value::number).ok_or_else(|| Refusal::of(1, format!("no element equals {}", wanted.describe())))
}

fn contains(arguments: &[Value]) -> Answer {
    let all = elements(arguments, 0)?;
    let Some(wanted) = arguments.get(1) else { return Err("a value is required".into()) };
    let mut marks = wanted.deep_marks();
    let mut is_open = false;
    for element in all {
        let equal = element.equals(wanted);
        marks |= equal.marks();
        match equal.as_bool() {
            Some(true) => return Ok(Value::bool(true).with_marks(marks)),
            Some(false) => {}
            None => is_open = true,
        }
    }
    Ok(if is_open { not_yet(Type::Bool) } else { Value::bool(false) }.with_marks(marks))
}

fn keys(arguments: &[Value]) -> Answer {
    let names = entries(arguments, 0)?.iter().map(|(key, _)| Value::string(key.clone()));
    Ok(match arguments.first().map(Value::kind) {
        Some(Kind::Map(_)) => Value::list(Type::String, names.collect()),
        _ => Value::tuple(names),
    })
}

fn values(arguments: &[Value]) -> Answer {
    let values = entries(arguments, 0)?.iter().map(|(_, value)| value.clone());
    Ok(match arguments.first().map(Value::kind) {
        Some(Kind::Map(map)) => Value::list(map.0.clone(), values.collect()),
        _ => Value::tuple(values),
    })
}

/// Whether one element is `decisive`; null counts as false.
fn quantified(arguments: &[Value], decisive: bool) -> Value {
    let all = arguments.first().and_then(Value::as_slice).unwrap_or_default();
    let mut marks = Marks::NONE;
    let mut is_open = false;
    let mut is_decided = false;
    for element in all {
        marks |= element.marks();
        match element.kind() {
            Kind::Unknown(_) => is_open = true,
            _ => is_decided |= element.as_bool().unwrap_or(false) == decisive,
        }
    }
    let answer = match (is_decided, is_open) {
        (true, _) => Value::bool(decisive),
        (false, true) => not_yet(Type::Bool),
        (false, false) => Value::bool(!decisive),
    };
    answer.with_marks(marks)
}

fn coalesce(arguments: &[Value]) -> Answer {
    let marks = arguments.iter().fold(Marks::NONE, |marks, value| marks | value.deep_marks());
    let ty = common_type(arguments).ok_or("all arguments must have one type, and these have no common one")?;
    for (index, value) in arguments.iter().enumerate() {
        let value = convert(value, &ty).map_err(|error| Refusal::of(index, error.to_string()))?;
        match value.kind() {
            Kind::Null(_) => {}
            Kind::String(text) if text.is_empty() => {}
            // It may turn out to be null, and then the next one counts.
            Kind::Unknown(known) if !known.1.not_null || known.0 == Type::String => {
                return Ok(not_yet(ty).with_marks(marks));
            }
            // Which one it is tells about those before it, and as with most functions about all.
            _ => return Ok(value.with_marks(marks)),
        }
    }
    let refusal = Refusal::from("all arguments are null or an empty text");
    Err(refusal.hint("Add a last argument that never is."))
}

/// The type that values have in common. An empty list of no certain type is one of whatever the others hold.
fn common_type(values: &[Value]) -> Option<Type> {
    let is_open = |value: &&Value| value.length() == Some(0) && value.ty().element() == Some(&Type::Any);
    let decided = values.iter().filter(|value| !is_open(value)).flat_map(|value| match value.ty() {
        Type::Tuple(elements) => elements.to_vec(),
        Type::Object(attributes) => attributes.iter().map(|attribute| attribute.ty.clone()).collect(),
        ty => ty.element().cloned().into_iter().collect(),
    });
    let element = unify(&decided.collect::<Vec<_>>()).unwrap_or(Type::Any);
    let typed =
        values.iter().filter(|value| !matches!(value.kind(), Kind::Null(Type::Any))).map(|value| match value.ty() {
            Type::List(_) if is_open(&value) => Type::list(element.clone()),
            Type::Set(_) if is_open(&value) => Type::set(element.clone()),
            Type::Map(_) if is_open(&value) => Type::map(element.clone()),
            ty => ty,
        });
    unify(&typed.collect::<Vec<_>>())
}

fn coalescelist(arguments: &[Value]) -> Answer {
    if let Some(index) = arguments.iter().position(|value| value.is_null() && value.ty() == Type::Any) {
        return Err(Refusal::of(index, "a null of no type is not accepted here"));
    }
    let marks = arguments.iter().fold(Marks::NONE, |marks, value| marks | value.deep_marks());
    for (index, value) in arguments.iter().enumerate() {
        match (value.kind(), value.ty()) {
            (Kind::Unknown(_), _) => return Ok(Value::unknown(Type::Any).with_marks(marks)),
            (Kind::Null(_), _) => {}
            (_, Type::List(_) | Type::Tuple(_)) if elements(arguments, index)?.is_empty() => {}
            (_, Type::List(_) | Type::Tuple(_)) => return Ok(value.clone().with_marks(marks)),
            _ => return Err(Refusal::of(index, format!("a list or tuple is required, this is {}", value.describe()))),
        }
    }
    Err("all of the lists are empty".into())
}

fn sum(arguments: &[Value]) -> Answer {
    let mut marks = Marks::NONE;
    let mut total = Value::number(0);
    let all = elements(arguments, 0)?;
    if all.is_empty() {
        return Err(Refusal::of(0, "it is empty, and the sum of nothing is not defined"));
    }
    for (at, element) in all.iter().enumerate() {
        if element.is_null() {
            return Err(Refusal::of(0, format!("element {at} is null, a number is required")));
        }
        let element =
            convert(element, &Type::Number).map_err(|error| Refusal::of(0, format!("element {at}: {error}")))?;
        marks |= element.marks();
        total = added(&total, &element)?;
    }
    Ok(total.with_marks(marks))
}

fn added(left: &Value, right: &Value) -> Answer {
    let add = |left: &Number, right: &Number| left.checked_add(right).map_err(|error| Refusal::from(error.to_string()));
    if let (Ok(left), Ok(right)) = (number(std::slice::from_ref(left), 0), number(std::slice::from_ref(right), 0)) {
        return add(left, right).map(Value::number);
    }
    let (left, right) = (left.range(), right.range());
    let both = |left: Option<&Number>, right: Option<&Number>| add(left?, right?).ok();
    let least = both(left.number_min.as_ref(), right.number_min.as_ref());
    let most = both(left.number_max.as_ref(), right.number_max.as_ref());
    Ok(Value::unknown_with(Type::Number, Refinements::number(least, most)))
}

fn not_yet(ty: Type) -> Value {
    Value::unknown_with(ty, Refinements::not_null())
}
