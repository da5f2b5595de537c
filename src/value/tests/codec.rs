//! Holds the JSON and MessagePack forms to what other programs read and write.

use mesh_value::{
    JsonError, Kind, Marks, MsgpackError, Number, Refinements, Type, Value, decode_json, decode_json_as,
    decode_msgpack, decode_whole, encode_json, encode_msgpack, encode_whole, from_json, from_plain_json, implied_type,
    to_json, to_plain_json,
};
use serde_json::json;

fn s(text: &str) -> Value {
    Value::string(text)
}

fn n(text: &str) -> Value {
    Value::number(text.parse::<Number>().unwrap_or(Number::ZERO))
}

#[test]
fn writes_typed_json() {
    let ty = Type::object([("a", Type::Any), ("n", Type::Number), ("s", Type::set(Type::String))]);
    let value = Value::object([
        ("a", Value::tuple([n("0.1"), Value::null(Type::Any)])),
        ("n", n("1e400")),
        ("s", Value::set(Type::String, vec![s("b"), s("a")])),
    ]);
    let json = to_json(&value, &ty).unwrap();
    let big = format!("1{}", "0".repeat(400));
    let pair = json!({"type": ["tuple", ["number", "dynamic"]], "value": [0.1, null]});
    assert_eq!(json, json!({"a": pair, "n": big, "s": ["a", "b"]}));
    assert_eq!(from_json(&json, &ty), Ok(value));
}

#[test]
fn speaks_plain_json_exactly() {
    let cases = [
        ("12345678901234567890123456789", "12345678901234567890123456789"),
        ("[0.1, 1e-7, -0.0]", "[0.1,0.0000001,0]"),
        (r#"{"b": 1, "a": null, "a": [true, "<&>\u2028"]}"#, r#"{"a":[true,"\u003c\u0026\u003e\u2028"],"b":1}"#),
        (r#""\ud83d\ude00""#, "\"😀\""),
    ];
    for (text, written) in cases {
        assert_eq!(decode_json(text).and_then(|value| encode_json(&value)), Ok(written.to_owned()));
    }
    let value = decode_json(r#"{"a": [1, null, "x"]}"#).unwrap();
    let ty = Type::object([("a", Type::tuple([Type::Number, Type::Any, Type::String]))]);
    assert_eq!(value.ty(), ty);
    let json = to_plain_json(&value).unwrap();
    assert_eq!(implied_type(&json), ty);
    assert_eq!(from_plain_json(&json), Ok(value));
}

#[test]
fn refuses_json_that_does_not_fit() {
    let ty = Type::object([("a", Type::list(Type::Number))]);
    let cases = [
        (r#"{"a": [1, "x"]}"#, "at a[1]: a number is required, this is string \"x\""),
        (r#"{"a": 1}"#, "attribute \"a\": a list of numbers is required, this is a number"),
        (r#"{"a": [], "b": 1}"#, "the type has no attribute \"b\""),
        ("{}", "required attribute \"a\" is missing"),
        (r#"{"a": [1,]}"#, "this is not valid JSON: expected value at line 1 column 10"),
        ("1 2", "this is not valid JSON: trailing characters at line 1 column 3"),
        ("", "this is not valid JSON: EOF while parsing a value at line 1 column 0"),
    ];
    for (text, message) in cases {
        assert_eq!(decode_json_as(text, &ty).map_err(|error| error.to_string()), Err(message.to_owned()));
    }
    assert_eq!(from_json(&json!({"a": ["1", 2.0]}), &ty).map(|value| value.ty()), Ok(ty));
    let open = from_json(&json!(1), &Type::Any).map_err(|error| error.to_string());
    assert_eq!(open, Err("an object of \"type\" and \"value\" is required, this is a number".to_owned()));
    let late = Value::object([("a", Value::unknown(Type::String))]);
    let message = to_plain_json(&late).unwrap_err().to_string();
    assert_eq!(message, ".a is known only after apply, and can't be written as JSON before");
    assert!(encode_json(&late).is_err());
    for text in ["\"strin\"", "[\"list\"]", "[\"object\",{},[\"a\"]]", "1"] {
        assert!(serde_json::from_str::<Type>(text).is_err(), "{text}");
    }
}

/// The bytes are those of the plugin protocol's documentation.
#[test]
fn speaks_the_plugin_protocol() {
    let refined = Refinements { length_min: Some(1), ..Refinements::not_null() };
    let cases: Vec<(Value, Type, &[u8])> = vec![
        (Value::null(Type::String), Type::String, &[0xc0]),
        (s("a"), Type::String, &[0xa1, b'a']),
        (n("-1"), Type::Number, &[0xff]),
        (n("0.5"), Type::Number, &[0xcb, 0x3f, 0xe0, 0, 0, 0, 0, 0, 0]),
        (n("0.1"), Type::Number, &[0xa3, b'0', b'.', b'1']),
        (Value::unknown(Type::String), Type::String, &[0xd4, 0, 0]),
        (
            Value::unknown_with(Type::list(Type::Bool), refined),
            Type::list(Type::Bool),
            &[0xc7, 5, 12, 0x82, 1, 0xc2, 5, 1],
        ),
        (Value::bool(true), Type::Any, &[0x92, 0xc4, 6, b'"', b'b', b'o', b'o', b'l', b'"', 0xc3]),
        (Value::object([("a", Value::bool(true))]), Type::object([("a", Type::Bool)]), &[0x81, 0xa1, b'a', 0xc3]),
    ];
    for (value, ty, bytes) in cases {
        assert_eq!(encode_msgpack(&value, &ty).as_deref(), Ok(bytes), "{value:?}");
        // The refined case has its extension's length in one byte, where other writers may use a fixed one.
        assert_eq!(decode_msgpack(bytes, &ty), Ok(value));
    }
    let later: &[u8] = &[0xc7, 5, 12, 0x82, 1, 0xc2, 99, 0xc3];
    assert_eq!(decode_msgpack(later, &Type::Bool), Ok(Value::unknown_with(Type::Bool, Refinements::not_null())));
    let other: &[u8] = &[0xd4, 77, 0];
    assert_eq!(decode_msgpack(other, &Type::Bool), Ok(Value::unknown(Type::Bool)));
}

#[test]
fn refuses_damaged_bytes() {
    let list = Type::list(Type::Number);
    assert_eq!(decode_msgpack(&[0x92, 1], &list), Err(MsgpackError::CutOff));
    assert_eq!(decode_msgpack(&[0xdd, 0xff, 0xff, 0xff, 0xff], &list), Err(MsgpackError::CutOff));
    assert_eq!(decode_msgpack(&[0x90, 0x90], &list), Err(MsgpackError::Trailing(1)));
    assert_eq!(
        decode_msgpack(&[0x92, 1, 0xa1, b'x'], &list).map_err(|error| error.to_string()),
        Err("the encoded value is damaged at [1]: \"x\" is not a decimal number".to_owned())
    );
    let infinite = [&[0x91, 0xcb][..], &f64::INFINITY.to_be_bytes()].concat();
    assert!(matches!(decode_msgpack(&infinite, &list), Err(MsgpackError::Damaged { .. })));
    let marks = [0x93, 0xc4, 6, b'"', b'b', b'o', b'o', b'l', b'"', 0xc3, 0x92, 0xa0, 0x40];
    assert!(decode_whole(&marks).unwrap_err().to_string().ends_with("this version of mesh knows"));
}

fn nested(levels: usize) -> Value {
    (0..levels).fold(s("x").with_marks(Marks::SENSITIVE), |inner, _| Value::tuple([inner]))
}

#[test]
fn nesting_has_a_limit_and_no_overflow() {
    let deep = nested(128);
    assert_eq!(decode_whole(&encode_whole(&deep).unwrap()).as_ref(), Ok(&deep));
    assert_eq!(decode_json(&encode_json(&deep).unwrap()), Ok(deep.without_marks_deep()));
    assert_eq!(encode_whole(&nested(129)), Err(MsgpackError::TooDeep));
    assert_eq!(to_plain_json(&nested(129)), Err(JsonError::TooDeep));
    assert_eq!(encode_json(&nested(300)), Err(JsonError::TooDeep));
    let text = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
    assert_eq!(decode_json(&text), Err(JsonError::TooDeep));
    // Pairs of type and value inside each other take no step of a path.
    let pairs = [0x92, 0xc4, 9, b'"', b'd', b'y', b'n', b'a', b'm', b'i', b'c', b'"'].repeat(100_000);
    assert_eq!(decode_msgpack(&pairs, &Type::Any), Err(MsgpackError::TooDeep));
}

#[test]
fn deep_values_can_be_used() {
    let deep = nested(10_000);
    let copy = nested(10_000);
    assert!(deep.deep_marks().is_sensitive());
    assert!(matches!(deep.kind(), Kind::Tuple(_)));
    drop((deep, copy));
}
