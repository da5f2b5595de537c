//! `yamlencode` and `yamldecode`.

use mesh_value::{Type, Value};

use super::function::{Function, Refusal, Shape, whole};
use super::text::text;
use super::{yaml_decode, yaml_encode};

pub(super) const FUNCTIONS: &[Function] = &[
    Function::pure(
        "yamlencode",
        "A value as YAML.",
        &[whole("value", Shape::Any).or_null()],
        Shape::String,
        |arguments| {
            let value = arguments.first().cloned().unwrap_or_else(|| Value::null(Type::Any));
            Ok(Value::string(yaml_encode::document(&value)))
        },
    )
    .example(r#"yamlencode({ a = [1, "x"] })"#, r#""\"a\":\n- 1\n- \"x\"\n""#),
    Function::pure(
        "yamldecode",
        "The value that a YAML text means.",
        &[whole("src", Shape::String)],
        Shape::Any,
        |arguments| yaml_decode::value(text(arguments, 0)?).map_err(|problem| Refusal::of(0, problem)),
    )
    .example(r#"yamldecode("a: [1, x]\nb: yes")"#, r#"{ a = [1, "x"], b = true }"#),
];
