//! Arbitrary types, and well-typed values of them, for property tests.

use std::sync::Arc;

use mesh_value::{Marks, Number, Refinements, Type, Value};
use proptest::prelude::*;

/// Numbers of every form: small, large, fractions, far out.
pub fn number() -> impl Strategy<Value = Number> {
    prop_oneof![
        any::<i64>().prop_map(Number::from),
        any::<u64>().prop_map(Number::from),
        (-1000i64..1000).prop_map(Number::from),
        "-?[0-9]{1,40}(\\.[0-9]{1,40})?(e-?[0-9]{1,3})?".prop_map(|text| text.parse().unwrap_or(Number::ONE)),
        any::<f64>().prop_map(|float| Number::from_f64(float).unwrap_or(Number::ZERO)),
    ]
}

/// Types without `any`.
pub fn ty() -> impl Strategy<Value = Type> {
    let leaf = prop_oneof![Just(Type::Bool), Just(Type::Number), Just(Type::String)];
    leaf.prop_recursive(3, 12, 3, |inner| {
        prop_oneof![
            inner.clone().prop_map(Type::list),
            inner.clone().prop_map(Type::set),
            inner.clone().prop_map(Type::map),
            prop::collection::vec(inner.clone(), 0..3).prop_map(Type::tuple),
            prop::collection::vec(("[a-c]|x y", inner), 0..3).prop_map(Type::object),
        ]
    })
}

/// What a generated value may hold beside known parts.
#[derive(Clone, Copy)]
pub enum Parts {
    /// Nothing.
    Known,
    /// What is not yet known, and marks.
    All,
}

/// A value of a type, its nulls typed.
pub fn value(ty: &Type, parts: Parts) -> BoxedStrategy<Value> {
    let known: BoxedStrategy<Value> = match ty {
        Type::Any => Just(Value::null(Type::Any)).boxed(),
        Type::Bool => any::<bool>().prop_map(Value::bool).boxed(),
        Type::Number => number().prop_map(Value::number).boxed(),
        Type::String => {
            prop_oneof!["[a-e]{0,3}", any::<String>(), "-?[0-9]{1,3}", "true|false"].prop_map(Value::string).boxed()
        }
        Type::List(element) => {
            let element = element.as_ref().clone();
            let elements = prop::collection::vec(value(&element, parts), 0..4);
            elements.prop_map(move |values| Value::list(element.clone(), values)).boxed()
        }
        Type::Set(element) => {
            let element = element.as_ref().clone();
            let elements = prop::collection::vec(value(&element, parts), 0..4);
            elements.prop_map(move |values| Value::set(element.clone(), values)).boxed()
        }
        Type::Map(element) => {
            let element = element.as_ref().clone();
            let entries = prop::collection::btree_map("[a-c$\\{\"]{0,3}", value(&element, parts), 0..4);
            entries
                .prop_map(move |entries| {
                    Value::map(element.clone(), entries.into_iter().map(|(key, value)| (key.into(), value)))
                })
                .boxed()
        }
        Type::Tuple(types) => {
            types.iter().map(|ty| value(ty, parts)).collect::<Vec<_>>().prop_map(Value::tuple).boxed()
        }
        Type::Object(attributes) => {
            let names: Vec<Arc<str>> = attributes.iter().map(|attribute| attribute.name.clone()).collect();
            let values: Vec<_> = attributes.iter().map(|attribute| value(&attribute.ty, parts)).collect();
            values.prop_map(move |values| Value::object(names.iter().cloned().zip(values))).boxed()
        }
    };
    let null = Just(Value::null(ty.clone()));
    match parts {
        Parts::Known => prop_oneof![9 => known, 1 => null].boxed(),
        Parts::All => {
            let unknown = unknown(ty);
            let any_part = prop_oneof![8 => known, 1 => null, 1 => unknown];
            let marks = prop_oneof![
                6 => Just(Marks::NONE),
                1 => Just(Marks::SENSITIVE),
                1 => Just(Marks::SENSITIVE | Marks::EPHEMERAL),
            ];
            (any_part, marks).prop_map(|(value, marks)| value.with_marks(marks)).boxed()
        }
    }
}

fn unknown(ty: &Type) -> impl Strategy<Value = Value> + use<> {
    let ty = ty.clone();
    let bound = || proptest::option::of(number());
    let length = || proptest::option::of(any::<u64>());
    (any::<bool>(), bound(), bound(), proptest::option::of("[a-c]{1,300}"), length(), length()).prop_map(
        move |(not_null, number_min, number_max, prefix, length_min, length_max)| {
            let string_prefix = prefix.map(Into::into);
            let all = Refinements { not_null, number_min, number_max, string_prefix, length_min, length_max };
            Value::unknown_with(ty.clone(), all.suited_to(&ty))
        },
    )
}

/// A type and a value of it.
pub fn typed(parts: Parts) -> impl Strategy<Value = (Type, Value)> {
    ty().prop_flat_map(move |ty| value(&ty, parts).prop_map(move |value| (ty.clone(), value)))
}
