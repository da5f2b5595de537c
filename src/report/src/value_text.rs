//! Values as `mesh output` and `mesh console` print them, in the field's form.
//!
//! The form is that of `terraform output` and `terraform console`, with one departure: control and other characters
//! that deceive a terminal are escaped inside heredocs too.

use std::fmt::Write as _;

use mesh_value::{Kind, Marks, Type, Value};

use crate::text::{heredoc_end, heredoc_line};

/// The value over as many lines as it takes, without a line break at the end: strings quoted or as heredocs, `tolist`,
/// `toset` and `tomap` around collections, `(sensitive value)` and `(known after apply)` where nothing can be shown.
#[must_use]
pub fn value_text(value: &Value) -> String {
    let mut out = String::new();
    write_value(value, 0, &mut out);
    out
}

fn write_value(value: &Value, indent: usize, out: &mut String) {
    // Of what is not known yet, no more is said, sensitive or not.
    if !value.is_known() {
        return out.push_str("(known after apply)");
    }
    if value.marks().is_sensitive() {
        return out.push_str("(sensitive value)");
    }
    if value.marks().contains(Marks::EPHEMERAL) {
        return out.push_str("(ephemeral value)");
    }
    match value.kind() {
        Kind::Unknown(_) => out.push_str("(known after apply)"),
        Kind::Null(ty) => out.push_str(&null(ty)),
        Kind::Bool(value) => out.push_str(if *value { "true" } else { "false" }),
        // Writing to a String can't fail.
        Kind::Number(number) => drop(write!(out, "{number}")),
        Kind::String(text) => write_string(text, indent, out),
        Kind::List(list) => write_elements("tolist(", &list.1, ")", indent, out),
        Kind::Set(set) => write_elements("toset(", &set.1, ")", indent, out),
        Kind::Tuple(values) => write_elements("", values, "", indent, out),
        Kind::Map(map) => write_entries("tomap(", &map.1, ")", indent, out),
        Kind::Object(attributes) => write_entries("", attributes, "", indent, out),
    }
}

/// `null`, with its type where there is one: `tostring(null)`, `tolist(null) /* of string */`.
fn null(ty: &Type) -> String {
    match ty {
        Type::Any => "null".to_owned(),
        Type::Bool => "tobool(null)".to_owned(),
        Type::Number => "tonumber(null)".to_owned(),
        Type::String => "tostring(null)".to_owned(),
        Type::List(of) => format!("tolist(null) /* of {} */", named(of)),
        Type::Set(of) => format!("toset(null) /* of {} */", named(of)),
        Type::Map(of) => format!("tomap(null) /* of {} */", named(of)),
        Type::Object(_) | Type::Tuple(_) => format!("null /* {} */", named(ty)),
    }
}

/// A type in words, as it is said of a null: `list of map of string`.
fn named(ty: &Type) -> String {
    match ty {
        Type::Any => "dynamic".to_owned(),
        Type::Bool | Type::Number | Type::String => ty.to_string(),
        Type::List(element) => format!("list of {}", named(element)),
        Type::Set(element) => format!("set of {}", named(element)),
        Type::Map(element) => format!("map of {}", named(element)),
        Type::Object(_) => "object".to_owned(),
        Type::Tuple(_) => "tuple".to_owned(),
    }
}

/// A text of several lines becomes a heredoc: at the margin where it stands alone, indented inside something.
fn write_string(text: &str, indent: usize, out: &mut String) {
    if !text.contains('\n') {
        return out.push_str(&quoted(text));
    }
    let end = heredoc_end(text.split('\n'));
    let (opening, margin) = if indent == 0 { ("<<", 0) } else { ("<<-", indent) };
    out.push_str(opening);
    out.push_str(&end);
    for line in text.split('\n') {
        new_line(margin, out);
        // A carriage return right before the line break is part of it.
        let (line, end) = line.strip_suffix('\r').map_or((line, ""), |line| (line, "\r"));
        out.push_str(&heredoc_line(line));
        out.push_str(end);
    }
    new_line(margin, out);
    out.push_str(&end);
}

/// A text in quotes with the escapes of the field's consoles: those of C, `\x00` for other ASCII, `\u0000` for what
/// can't be seen.
fn quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for character in text.chars() {
        match character {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\u{7}' => out.push_str("\\a"),
            '\u{8}' => out.push_str("\\b"),
            '\u{b}' => out.push_str("\\v"),
            '\u{c}' => out.push_str("\\f"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            _ if is_visible(character) => out.push(character),
            // Writing to a String can't fail.
            '\0'..='\u{7f}' => drop(write!(out, "\\x{:02x}", u32::from(character))),
            '\u{80}'..='\u{ffff}' => drop(write!(out, "\\u{:04x}", u32::from(character))),
            _ => drop(write!(out, "\\U{:08x}", u32::from(character))),
        }
    }
    out.push('"');
    out
}

/// Whether a character is a letter, mark, number, sign or the space. The standard library escapes all others, and
/// marks only at the start.
fn is_visible(character: char) -> bool {
    character.is_ascii_graphic() || character == ' ' || {
        let text: String = ['a', character].iter().collect();
        text.escape_debug().nth(1) != Some('\\')
    }
}

fn write_elements(before: &str, elements: &[Value], after: &str, indent: usize, out: &mut String) {
    out.push_str(before);
    out.push('[');
    for element in elements {
        new_line(indent + 2, out);
        write_value(element, indent + 2, out);
        out.push(',');
    }
    if !elements.is_empty() {
        new_line(indent, out);
    }
    out.push(']');
    out.push_str(after);
}

fn write_entries(before: &str, entries: &[mesh_value::Entry], after: &str, indent: usize, out: &mut String) {
    out.push_str(before);
    out.push('{');
    for (name, value) in entries {
        new_line(indent + 2, out);
        write_string(name, indent + 2, out);
        out.push_str(" = ");
        write_value(value, indent + 2, out);
    }
    if !entries.is_empty() {
        new_line(indent, out);
    }
    out.push('}');
    out.push_str(after);
}

fn new_line(indent: usize, out: &mut String) {
    out.push('\n');
    out.extend(std::iter::repeat_n(' ', indent));
}
