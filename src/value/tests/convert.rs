//! Holds conversion and unification to Terraform's rules.

#![expect(clippy::unwrap_used, reason = "helpers of tests, outside test functions")]

use std::collections::BTreeMap;

use mesh_value::{Defaults, Marks, Number, ObjectAttribute, Refinements, Type, TypeConstraint, Value, convert, unify};

fn n(text: &str) -> Value {
    Value::number(text.parse::<Number>().unwrap())
}

fn s(text: &str) -> Value {
    Value::string(text)
}

fn optional(name: &str, ty: Type) -> ObjectAttribute {
    ObjectAttribute { name: name.into(), ty, optional: true }
}

fn required(name: &str, ty: Type) -> ObjectAttribute {
    ObjectAttribute { name: name.into(), ty, optional: false }
}

#[test]
fn converts() {
    let object = |entries: &[(&str, Value)]| Value::object(entries.iter().map(|(k, v)| (*k, v.clone())));
    let map =
        |ty: Type, entries: &[(&str, Value)]| Value::map(ty, entries.iter().map(|(k, v)| ((*k).into(), v.clone())));
    let cases = [
        (n("1.50"), Type::String, s("1.5")),
        (Value::bool(true), Type::String, s("true")),
        (s("1e3"), Type::Number, n("1000")),
        (s("1"), Type::Bool, Value::bool(true)),
        (s("false"), Type::Bool, Value::bool(false)),
        (Value::null(Type::Any), Type::list(Type::String), Value::null(Type::list(Type::String))),
        (
            Value::tuple([n("1"), s("a"), Value::bool(true)]),
            Type::list(Type::Any),
            Value::list(Type::String, vec![s("1"), s("a"), s("true")]),
        ),
        (
            Value::tuple([Value::null(Type::Any), n("1")]),
            Type::list(Type::Any),
            Value::list(Type::Number, vec![Value::null(Type::Number), n("1")]),
        ),
        (
            Value::tuple([s("b"), s("a"), n("1"), n("1")]),
            Type::set(Type::String),
            Value::set(Type::String, vec![s("1"), s("a"), s("b")]),
        ),
        (Value::tuple([]), Type::list(Type::Any), Value::list(Type::Any, vec![])),
        (Value::list(Type::String, vec![]), Type::set(Type::Any), Value::set(Type::String, vec![])),
        (
            object(&[("a", n("1")), ("b", s("x"))]),
            Type::map(Type::Any),
            map(Type::String, &[("a", s("1")), ("b", s("x"))]),
        ),
        (
            object(&[("a", n("1")), ("extra", s("x"))]),
            Type::object_with([required("a", Type::String), optional("b", Type::Number)]),
            object(&[("a", s("1")), ("b", Value::null(Type::Number))]),
        ),
        (
            map(Type::String, &[("a", s("1")), ("extra", s("x"))]),
            Type::object([("a", Type::Number)]),
            object(&[("a", n("1"))]),
        ),
        (
            Value::tuple([object(&[("a", n("1"))]), object(&[("b", n("2"))])]),
            Type::list(Type::Any),
            Value::list(
                Type::map(Type::Number),
                vec![map(Type::Number, &[("a", n("1"))]), map(Type::Number, &[("b", n("2"))])],
            ),
        ),
        (
            Value::tuple([s("a").with_marks(Marks::SENSITIVE)]),
            Type::list(Type::String),
            Value::list(Type::String, vec![s("a").with_marks(Marks::SENSITIVE)]),
        ),
        (
            Value::unknown_with(Type::list(Type::Number), Refinements::length(2, Some(4))),
            Type::set(Type::String),
            Value::unknown_with(Type::set(Type::String), Refinements::length(1, Some(4))),
        ),
        (
            Value::unknown_with(Type::String, Refinements::prefix("12")),
            Type::Number,
            Value::unknown_with(Type::Number, Refinements::not_null()),
        ),
    ];
    for (from, ty, expected) in cases {
        assert_eq!(convert(&from, &ty), Ok(expected), "{from:?} to {ty}");
    }
}

#[test]
fn says_why_not() {
    let port = Type::object([("port", Type::Number), ("host", Type::String)]);
    let cases = [
        (
            Value::object([("host", s("h")), ("port", s("abc"))]),
            port.clone(),
            "attribute \"port\": a number is required, this is string \"abc\"",
        ),
        (Value::object([("port", n("1"))]), port.clone(), "required attribute \"host\" is missing"),
        (Value::tuple([]), port.clone(), "an object is required, this is tuple with no elements"),
        (
            Value::object([("host", s("h")), ("port", s("hunter2").with_marks(Marks::SENSITIVE))]),
            port.clone(),
            "attribute \"port\": a number is required, this is sensitive string",
        ),
        (
            Value::map(Type::String, [("hunter2".into(), s("hunter2"))]).with_marks(Marks::SENSITIVE),
            Type::map(Type::Number),
            "a number is required, this is sensitive string",
        ),
        (
            Value::tuple([Value::object([("host", s("h")), ("port", Value::bool(true))])]),
            Type::list(port),
            "at [0].port: a number is required, this is true",
        ),
        (s("True"), Type::Bool, "a bool is required, this is string \"True\"; write true in lower case"),
        (
            s("a"),
            Type::list(Type::String),
            "a list of strings is required, this is string \"a\"; write it in [ ] to make it the one element",
        ),
        (
            Value::tuple([n("1"), Value::tuple([n("1")])]),
            Type::list(Type::Any),
            "all elements must have the same type, and these have no common one",
        ),
        (Value::unknown(Type::Bool), Type::Number, "a number is required, this is bool, known after apply"),
    ];
    for (value, ty, expected) in cases {
        assert_eq!(convert(&value, &ty).map_err(|error| error.to_string()), Err(expected.to_owned()));
    }
}

#[test]
fn unifies() {
    let obj = |names: &[(&'static str, Type)]| Type::object(names.iter().cloned());
    let (string, number, bool) = (Type::String, Type::Number, Type::Bool);
    let cases = [
        (vec![number.clone(), string.clone()], Some(string.clone())),
        (vec![bool.clone(), string.clone(), number.clone()], Some(string.clone())),
        (vec![number.clone(), bool.clone()], None),
        (
            vec![Type::tuple([number.clone()]), Type::tuple([string.clone(), string.clone()])],
            Some(Type::list(string.clone())),
        ),
        (vec![Type::tuple([number.clone()]), Type::tuple([string.clone()])], Some(Type::tuple([string.clone()]))),
        (vec![Type::tuple([]), Type::tuple([string.clone()])], Some(Type::list(string.clone()))),
        (vec![obj(&[("a", number.clone())]), obj(&[("b", string.clone())])], Some(Type::map(string.clone()))),
        (vec![obj(&[("a", number.clone())]), obj(&[("a", string.clone())])], Some(obj(&[("a", string.clone())]))),
        (vec![obj(&[("a", number.clone())]), obj(&[("a", bool.clone())])], None),
        (vec![obj(&[]), obj(&[("a", number.clone())])], Some(Type::map(number.clone()))),
        (vec![Type::set(string.clone()), Type::tuple([string.clone()])], Some(Type::set(string.clone()))),
        (vec![Type::set(number.clone()), Type::list(string.clone())], Some(Type::list(string.clone()))),
        (vec![Type::set(string.clone()), Type::list(number.clone())], None),
        (vec![Type::map(string.clone()), obj(&[("b", number.clone())])], Some(Type::map(string.clone()))),
        (vec![Type::map(string.clone()), obj(&[("b", Type::tuple([number.clone()]))])], None),
        (vec![string.clone(), Type::list(string.clone())], None),
        (vec![Type::Any, string.clone()], Some(string.clone())),
        (vec![Type::Any, Type::list(string.clone())], Some(Type::Any)),
        (vec![Type::Any, number.clone(), bool.clone()], Some(Type::Any)),
        (vec![Type::Any, Type::tuple([]), obj(&[])], None),
        (vec![], Some(Type::Any)),
    ];
    for (types, expected) in cases {
        assert_eq!(unify(&types), expected, "{types:?}");
    }
}

/// `list(object({ a = optional(string, "A"), n = optional(object({ k = optional(number, 5) }), {}) }))`
#[test]
fn fills_in_defaults() {
    let inner = Type::object_with([optional("k", Type::Number)]);
    let ty = Type::list(Type::object_with([optional("a", Type::String), optional("n", inner)]));
    let nested = Defaults::Object { values: BTreeMap::from([("k".into(), n("5"))]), nested: BTreeMap::new() };
    let defaults = Defaults::Elements(Box::new(Defaults::Object {
        values: BTreeMap::from([("a".into(), s("A")), ("n".into(), Value::object::<&str>([]))]),
        nested: BTreeMap::from([("n".into(), nested)]),
    }));
    let constraint = TypeConstraint { ty, defaults };
    let full = Value::object([("a", s("A")), ("n", Value::object([("k", n("5"))]))]);
    let given = Value::tuple([
        Value::object::<&str>([]),
        Value::object([("a", Value::null(Type::Any)), ("n", Value::null(Type::Any))]),
        Value::object([("n", Value::object([("k", s("7"))]))]),
    ]);
    let seven = Value::object([("a", s("A")), ("n", Value::object([("k", n("7"))]))]);
    let expected = Value::list(full.ty(), vec![full.clone(), full, seven]);
    assert_eq!(constraint.convert(&given), Ok(expected));
}

#[test]
fn what_fits_stays_and_what_lacks_a_default_does_not() {
    let ty = Type::map(Type::object_with([required("a", Type::String), optional("b", Type::Number)]));
    let defaults = Defaults::Elements(Box::new(Defaults::Object {
        values: BTreeMap::from([("b".into(), n("5"))]),
        nested: BTreeMap::new(),
    }));
    let constraint = TypeConstraint { ty, defaults };
    let given = Value::object([("x", Value::object([("a", s("1"))]))]);
    let once = constraint.convert(&given).unwrap();
    assert_eq!(constraint.convert(&once).unwrap(), once);
    let missing = Value::object([("a", s("1")), ("b", Value::null(Type::Number))]);
    let element = Type::object_with([required("a", Type::String), required("b", Type::Number)]);
    assert_eq!(constraint.convert(&Value::map(element, [("x".into(), missing)])).unwrap(), once);
}
