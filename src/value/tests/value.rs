//! Holds values to their promises: canonical sets, three-valued equality, marks that are never lost.

use mesh_value::{AttributePath, Kind, Marks, PathStep, Refinements, Type, Value};

fn s(text: &str) -> Value {
    Value::string(text)
}

fn n(value: i64) -> Value {
    Value::number(value)
}

#[test]
fn strings_are_normalised() {
    assert_eq!(s("e\u{301}"), s("é"));
    assert_eq!(s("e\u{301}").as_str(), Some("é"));
}

#[test]
fn sets_are_canonical() {
    let set = Value::set(Type::String, vec![s("z"), s("é"), s("a"), s("Z"), s("a")]);
    let texts: Vec<_> = set.as_slice().unwrap().iter().filter_map(Value::as_str).collect();
    assert_eq!(texts, ["Z", "a", "z", "é"]);
    let unknown = Value::unknown(Type::Number);
    let set =
        Value::set(Type::Number, vec![unknown.clone(), n(10), n(9), unknown.clone(), n(9), Value::null(Type::Number)]);
    assert_eq!(set.as_slice().unwrap(), [n(9), n(10), Value::null(Type::Number), unknown.clone(), unknown]);
    assert_eq!(set.length(), None);
    assert_eq!(set.length_bounds(), Some((3, 5)));
    let secret = Value::set(Type::String, vec![s("a").with_marks(Marks::SENSITIVE), s("a")]);
    assert_eq!((secret.marks(), secret.length()), (Marks::SENSITIVE, Some(1)));
}

#[test]
fn equality_is_three_valued() {
    let unknown = |ty: Type, refinements| Value::unknown_with(ty, refinements);
    let any = Refinements::default();
    let numbers = |min: Option<i64>, max: Option<i64>| {
        unknown(Type::Number, Refinements::number(min.map(Into::into), max.map(Into::into)))
    };
    let list = |values: Vec<Value>| Value::list(Type::Number, values);
    let set = |values: Vec<Value>| Value::set(Type::Number, values);
    let open = || unknown(Type::Number, any.clone());
    let cases = [
        (n(1), n(1), Some(true)),
        (n(1), s("1"), Some(false)),
        (Value::null(Type::Any), Value::null(Type::String), Some(true)),
        (Value::null(Type::Any), s(""), Some(false)),
        (Value::null(Type::Any), open(), None),
        (Value::null(Type::Any), numbers(None, None), Some(false)),
        (open(), n(1), None),
        (open(), s("1"), Some(false)),
        (unknown(Type::Any, any.clone()), s("1"), None),
        (numbers(Some(2), None), n(1), Some(false)),
        (numbers(Some(2), Some(4)), n(4), None),
        (numbers(Some(2), None), numbers(None, Some(1)), Some(false)),
        (unknown(Type::String, Refinements::prefix("arn:")), s("x"), Some(false)),
        (unknown(Type::String, Refinements::prefix("arn:")), s("arn:x"), None),
        (unknown(Type::list(Type::Number), Refinements::length(2, None)), list(vec![n(1)]), Some(false)),
        (list(vec![n(1), open()]), list(vec![n(2), n(3)]), Some(false)),
        (list(vec![n(1), open()]), list(vec![n(1), n(3)]), None),
        (Value::tuple([]), list(vec![]), Some(false)),
        (set(vec![n(1), n(2)]), set(vec![n(2), n(1)]), Some(true)),
        (set(vec![n(1), open()]), set(vec![n(1), n(2)]), None),
        (set(vec![n(1), open()]), set(vec![n(2), n(3)]), Some(false)),
        (set(vec![open(), open()]), set(vec![n(1)]), None),
        (set(vec![open(), open()]), set(vec![n(1), n(2), n(3)]), Some(false)),
        (Value::object([("a", n(1))]), Value::object([("b", n(1))]), Some(false)),
        (Value::object([("a", open())]), Value::object([("a", n(1))]), None),
    ];
    for (left, right, expected) in cases {
        assert_eq!(left.equals(&right).as_bool(), expected, "{left:?} {right:?}");
        assert_eq!(right.equals(&left).as_bool(), expected, "{right:?} {left:?}");
    }
    let secret = Value::object([("a", n(1).with_marks(Marks::SENSITIVE))]);
    assert!(secret.equals(&n(1)).marks().is_sensitive());
}

#[test]
fn marks_come_off_and_go_back() {
    let inner = Value::list(Type::String, vec![s("a"), s("b").with_marks(Marks::EPHEMERAL)]);
    let value = Value::object([("l", inner.with_marks(Marks::SENSITIVE)), ("n", n(1))]);
    let (plain, marks) = value.unmark_deep();
    assert!(plain.deep_marks().is_empty());
    let list = AttributePath::attr("l");
    assert_eq!(marks, [(list.clone(), Marks::SENSITIVE), (list.join(PathStep::Index(1)), Marks::EPHEMERAL)]);
    assert_eq!(plain.with_marks_at(&marks), value);
    let lost = [(AttributePath::attr("n").join(PathStep::Index(3)), Marks::SENSITIVE)];
    assert!(plain.with_marks_at(&lost).get("n").unwrap().marks().is_sensitive());
    let (unmarked, outer) = value.get("l").unwrap().unmark();
    assert_eq!((outer, unmarked.deep_marks()), (Marks::SENSITIVE, Marks::EPHEMERAL));
    let reached = value.get_path(&list.join(PathStep::Index(0))).unwrap();
    assert_eq!(reached, s("a").with_marks(Marks::SENSITIVE));
}

#[test]
fn transform_goes_from_inner_to_outer() {
    let value = Value::object([("a", Value::set(Type::Number, vec![n(1), n(2)])), ("b", n(3))]);
    let mut seen = Vec::new();
    let changed = value
        .transform(&mut |path, part| {
            seen.push(path.to_string());
            Ok::<_, ()>(if let Kind::Number(_) = part.kind() { n(7).with_marks(part.marks()) } else { part })
        })
        .unwrap();
    assert_eq!(seen, [".a[0]", ".a[1]", ".a", ".b", ""]);
    assert_eq!(changed, Value::object([("a", Value::set(Type::Number, vec![n(7)])), ("b", n(7))]));
    assert_eq!(
        value.transform(&mut |path, part| if path.is_empty() { Ok(part) } else { Err(path.to_string()) }),
        Err(".a[0]".to_owned())
    );
}

#[test]
fn describes_without_secrets() {
    let strings = |count: usize| Value::list(Type::String, vec![s("x"); count]);
    let cases = [
        (s("abc"), "string \"abc\""),
        (s(&"é".repeat(50)), &*format!("string \"{}…\"", "é".repeat(40))),
        (n(7), "7"),
        (Value::bool(true), "true"),
        (strings(0), "empty list"),
        (strings(1), "list of 1 string"),
        (strings(2), "list of 2 strings"),
        (Value::list(Type::list(Type::Number), vec![Value::list(Type::Number, vec![])]), "list of 1 list of numbers"),
        (Value::map(Type::Any, []), "empty map"),
        (Value::object([("a", n(1)), ("b", n(1)), ("c", n(1))]), "object with 3 attributes"),
        (Value::tuple([n(1)]), "tuple with 1 element"),
        (Value::null(Type::Any), "null"),
        (Value::null(Type::String), "null string"),
        (Value::unknown(Type::String), "string, known after apply"),
        (Value::unknown(Type::Any), "value of any type, known after apply"),
        (s("abc").with_marks(Marks::SENSITIVE), "sensitive string"),
        (strings(2).with_marks(Marks::SENSITIVE), "sensitive list of strings"),
    ];
    for (value, expected) in cases {
        assert_eq!(value.describe(), expected);
    }
    let inside = Value::tuple([s("hunter2").with_marks(Marks::SENSITIVE)]);
    assert_eq!(format!("{inside:?}"), "Tuple([(sensitive string)])");
}
