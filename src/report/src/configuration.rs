//! Configuration written for an object that exists: the block that plans no change of it.

use mesh_value::{
    AttributeSchema, BlockSchema, InstanceAddress, Kind, NestedBlockSchema, Nesting, Quoted, Schema, Value,
};

/// The block of a resource as its provider has read it: what is set and may be configured, nothing that only the
/// provider decides, and nothing that is left to it anyway. Sensitive values are named and not written. `provider` is the
/// configuration where it is not the default one, `id` what the object was read by.
#[must_use]
pub fn resource(
    address: &InstanceAddress,
    provider: Option<&str>,
    id: Option<&str>,
    value: &Value,
    schema: &Schema,
) -> String {
    let mut lines = Vec::new();
    if let Some(provider) = provider {
        lines.push(format!("provider = {provider}"));
    }
    body(&schema.block, value, &mut lines);
    let from = id.map(|id| format!(" from {}", Quoted(id))).unwrap_or_default();
    let block = &address.block;
    let lines: String = lines.iter().map(|line| format!("{line}\n")).collect();
    format!("# Written by mesh{from}\nresource \"{}\" \"{}\" {{\n{lines}}}\n", block.ty, block.name)
}

fn body(schema: &BlockSchema, value: &Value, lines: &mut Vec<String>) {
    for attribute in schema.attributes.iter().filter(|attribute| attribute.mode.is_configurable()) {
        let name = &attribute.name;
        if attribute.write_only {
            lines.push(format!("# {name} is never stored, so its value is not known here."));
            continue;
        }
        let Some(set) = value.get(name).filter(|set| !set.is_null() && !is_left_out(attribute, set)) else { continue };
        if attribute.sensitive || set.deep_marks().is_sensitive() {
            lines.push(format!("# {name} is sensitive: write it here, best from a variable that is sensitive too."));
        } else {
            lines.push(format!("{name} = {}", expression(set)));
        }
    }
    for nested in &schema.blocks {
        if let Some(value) = value.get(&nested.name) {
            blocks(nested, value, lines);
        }
    }
}

/// Whether leaving an attribute out gives the same.
fn is_left_out(attribute: &AttributeSchema, set: &Value) -> bool {
    attribute.mode.is_computed() || attribute.default.as_ref().is_some_and(|default| default.same(set))
}

fn blocks(nested: &NestedBlockSchema, value: &Value, lines: &mut Vec<String>) {
    let mut block = |label: String, value: &Value| {
        lines.push(format!("{}{label} {{", nested.name));
        body(&nested.block, value, lines);
        lines.push("}".to_owned());
    };
    if value.is_null() {
        return;
    }
    match nested.nesting {
        Nesting::Single | Nesting::Group => block(String::new(), value),
        Nesting::List | Nesting::Set => {
            value.as_slice().unwrap_or_default().iter().for_each(|element| block(String::new(), element));
        }
        Nesting::Map => {
            let entries = value.as_entries().unwrap_or_default();
            entries.iter().for_each(|(key, element)| block(format!(" {}", Quoted(key)), element));
        }
    }
}

fn expression(value: &Value) -> String {
    match value.kind() {
        Kind::String(text) => string(text),
        Kind::Number(number) => number.to_string(),
        Kind::Bool(truth) => truth.to_string(),
        Kind::List(_) | Kind::Set(_) | Kind::Tuple(_) => {
            let elements = value.as_slice().unwrap_or_default();
            let short = elements.iter().all(|element| element.as_entries().is_none() && element.as_slice().is_none());
            let elements: Vec<String> = elements.iter().map(expression).collect();
            let line = elements.join(", ");
            if short && line.len() <= 80 && !line.contains('\n') {
                return format!("[{line}]");
            }
            format!("[\n{},\n]", elements.join(",\n"))
        }
        Kind::Map(_) | Kind::Object(_) => {
            let entries = value.as_entries().unwrap_or_default();
            if entries.is_empty() {
                return "{}".to_owned();
            }
            let entry = |(key, value): &(std::sync::Arc<str>, Value)| format!("{} = {}", name(key), expression(value));
            format!("{{\n{}\n}}", entries.iter().map(entry).collect::<Vec<_>>().join("\n"))
        }
        _ => "null".to_owned(),
    }
}

fn name(key: &str) -> String {
    let mut characters = key.chars();
    let starts = characters.next().is_some_and(|first| first.is_alphabetic() || first == '_');
    let is_word = starts && characters.all(|next| next.is_alphanumeric() || next == '_' || next == '-');
    let is_keyword = ["null", "true", "false", "for", "if"].contains(&key);
    if is_word && !is_keyword { key.to_owned() } else { Quoted(key).to_string() }
}

/// A text: JSON as the value that it means, several lines as they are, anything else between quotes.
fn string(text: &str) -> String {
    if text.starts_with(['{', '['])
        && let Ok(meant) = mesh_value::decode_json(text)
        && mesh_value::encode_json(&meant).is_ok_and(|again| again == text)
    {
        return format!("jsonencode({})", expression(&meant));
    }
    let is_plain =
        |text: &str| text.chars().all(|character| !character.is_control() || character == '\n' || character == '\t');
    let lines = text.strip_suffix('\n').filter(|lines| !lines.is_empty() && is_plain(lines));
    match lines {
        Some(lines) if lines.contains('\n') && !lines.lines().any(|line| line.trim() == "EOT") => {
            format!("<<EOT\n{}\nEOT", lines.replace("${", "$${").replace("%{", "%%{"))
        }
        _ => Quoted(text).to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_written_so_that_they_are_read_back() {
        let cases = [
            ("plain", "\"plain\""),
            ("a ${b} \"c\"", "\"a $${b} \\\"c\\\"\""),
            ("one\ntwo\n", "<<EOT\none\ntwo\nEOT"),
            ("one\ntwo", "\"one\\ntwo\""),
            ("{\"a\":[1,true]}", "jsonencode({\na = [1, true]\n})"),
            ("{\"a\": 1}", "\"{\\\"a\\\": 1}\""),
        ];
        for (text, written) in cases {
            assert_eq!(string(text), written);
        }
    }
}
