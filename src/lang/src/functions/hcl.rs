//! The functions of Terraform's built-in provider: values written as configuration, and variable files read.

use mesh_diagnostics::{FileId, Span};
use mesh_value::{Kind, Value};
use unicode_ident::{is_xid_continue, is_xid_start};

use super::collection::entries;
use super::function::{Answer, Function, Refusal, Shape, whole};
use super::text::text;
use crate::constant::evaluate_constant;
use crate::eval::{Visit, walk};
use crate::format::format;
use crate::syntax::{Call, Step, parse};

pub(super) const FUNCTIONS: &[Function] = &[
    Function::pure(
        "provider::terraform::encode_expr",
        "A value as an expression of the language.",
        &[whole("value", Shape::Any)],
        Shape::String,
        |arguments| {
            let mut expression = String::from("x = ");
            arguments.iter().try_for_each(|value| write(value, &mut expression)).map_err(|why| Refusal::of(0, why))?;
            let tidy = tidy(&expression)?;
            Ok(Value::string(tidy.strip_prefix("x = ").unwrap_or(&tidy).trim_end_matches('\n')))
        },
    )
    .example(r#"provider::terraform::encode_expr([1, "x"])"#, r#""[1, \"x\"]""#),
    Function::pure(
        "provider::terraform::encode_tfvars",
        "An object or map as the text of a variable file.",
        &[whole("value", Shape::Any)],
        Shape::String,
        encode_tfvars,
    )
    .example(r#"provider::terraform::encode_tfvars({ a = 1 })"#, r#""a = 1\n""#),
    Function::pure(
        "provider::terraform::decode_tfvars",
        "The values in the text of a variable file, as an object.",
        &[whole("src", Shape::String)],
        Shape::Any,
        decode_tfvars,
    )
    .example(r#"provider::terraform::decode_tfvars("a = 1")"#, "{ a = 1 }"),
];

/// In the layout of `mesh fmt`.
fn tidy(source: &str) -> Result<String, Refusal> {
    format(source, FileId(0)).map_err(|_| Refusal::from("its text is no configuration. This is a bug in mesh"))
}

fn encode_tfvars(arguments: &[Value]) -> Answer {
    let mut file = String::new();
    for (name, value) in entries(arguments, 0)? {
        if !is_name(name) {
            return Err(Refusal::of(0, format!("{name:?} can't be the name of a variable")));
        }
        file.push_str(&format!("{name} = "));
        write(value, &mut file).map_err(|why| Refusal::of(0, why))?;
        file.push('\n');
    }
    Ok(Value::string(tidy(&file)?))
}

fn decode_tfvars(arguments: &[Value]) -> Answer {
    let (body, mut diagnostics) = parse(text(arguments, 0)?, FileId(0));
    if let Some(block) = body.blocks.first() {
        return Err(Refusal::of(0, format!("a block {:?} can't stand in a variable file", block.kind.text)));
    }
    let mut values = Vec::new();
    for attribute in &body.attributes {
        let mut calls = Calls::default();
        walk(&attribute.expr, &mut Vec::new(), &mut calls);
        if calls.0 {
            return Err(Refusal::of(0, format!("the value of {:?} calls a function", attribute.name.text)));
        }
        values.push((attribute.name.text.clone(), evaluate_constant(&attribute.expr, &mut diagnostics)));
    }
    match diagnostics.into_iter().next() {
        None => Ok(Value::object(values)),
        Some(error) => Err(Refusal::of(0, error.detail.trim_end_matches('.').to_owned())),
    }
}

/// Whether a function is called anywhere.
#[derive(Default)]
struct Calls(bool);

impl Visit for Calls {
    fn reference(&mut self, _: &std::sync::Arc<str>, _: Span, _: &[Step], _: Span) {}

    fn call(&mut self, _: &Call, _: Span) {
        self.0 = true;
    }
}

fn is_name(name: &str) -> bool {
    name.starts_with(is_xid_start) && name.chars().all(|letter| letter == '-' || is_xid_continue(letter))
}

/// Writes a value that is known with all inside; types of collections are not written.
fn write(value: &Value, out: &mut String) -> Result<(), &'static str> {
    match value.kind() {
        Kind::Null(_) => out.push_str("null"),
        Kind::Bool(value) => out.push_str(if *value { "true" } else { "false" }),
        Kind::Number(number) => out.push_str(&number.to_string()),
        Kind::String(text) => write_text(text, out),
        _ => match (value.as_slice(), value.as_entries()) {
            (_, Some([])) => out.push_str("{}"),
            (Some(elements), _) => {
                out.push('[');
                for (index, element) in elements.iter().enumerate() {
                    out.push_str(if index > 0 { ", " } else { "" });
                    write(element, out)?;
                }
                out.push(']');
            }
            (_, Some(entries)) => {
                out.push_str("{\n");
                for (key, value) in entries {
                    if is_name(key) {
                        out.push_str(key)
                    } else {
                        write_text(key, out)
                    }
                    out.push_str(" = ");
                    write(value, out)?;
                    out.push('\n');
                }
                out.push('}');
            }
            (None, None) => return Err("it is not known yet"),
        },
    }
    Ok(())
}

/// In quotes, with what would begin an interpolation escaped.
fn write_text(text: &str, out: &mut String) {
    out.push('"');
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        match letter {
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '$' | '%' if letters.peek() == Some(&'{') => out.extend([letter, letter]),
            _ if letter.is_control() || matches!(letter, '\u{2028}' | '\u{2029}' | '\u{feff}') => {
                out.push_str(&format!("\\u{:04x}", u32::from(letter)));
            }
            _ => out.push(letter),
        }
    }
    out.push('"');
}
