//! Values on one line, with everything that is known of them.

use mesh_value::{Kind, Marks, Refinements, Type, Value};

pub fn show(value: &Value) -> String {
    let text = unmarked(value);
    let mut marked = text;
    if value.marks().contains(Marks::SENSITIVE) {
        marked = format!("sensitive({marked})");
    }
    if value.marks().contains(Marks::EPHEMERAL) {
        marked = format!("ephemeral({marked})");
    }
    marked
}

fn unmarked(value: &Value) -> String {
    match value.kind() {
        Kind::Null(Type::Any) => "null".into(),
        Kind::Null(ty) => format!("null {ty}"),
        Kind::Unknown(unknown) => format!("?{}{}", unknown.0, known(&unknown.1)),
        Kind::Bool(value) => value.to_string(),
        Kind::Number(number) => number.to_string(),
        Kind::String(text) => format!("{text:?}"),
        Kind::List(list) if list.1.is_empty() => format!("list({})[]", list.0),
        Kind::Set(set) if set.1.is_empty() => format!("set({})[]", set.0),
        Kind::List(list) => format!("list[{}]", joined(&list.1)),
        Kind::Set(set) => format!("set[{}]", joined(&set.1)),
        Kind::Tuple(values) => format!("[{}]", joined(values)),
        Kind::Map(map) if map.1.is_empty() => format!("map({}){{}}", map.0),
        Kind::Map(map) => format!("map{{{}}}", entries(&map.1)),
        Kind::Object(attributes) => format!("{{{}}}", entries(attributes)),
    }
}

fn joined(values: &[Value]) -> String {
    values.iter().map(show).collect::<Vec<_>>().join(", ")
}

fn entries(entries: &[mesh_value::Entry]) -> String {
    entries.iter().map(|(key, value)| format!("{key} = {}", show(value))).collect::<Vec<_>>().join(", ")
}

fn known(refinements: &Refinements) -> String {
    let mut known = Vec::new();
    if refinements.not_null {
        known.push("not null".to_owned());
    }
    known.extend(refinements.number_min.as_ref().map(|min| format!(">= {min}")));
    known.extend(refinements.number_max.as_ref().map(|max| format!("<= {max}")));
    known.extend(refinements.string_prefix.as_ref().map(|prefix| format!("starts with {prefix:?}")));
    known.extend(refinements.length_min.as_ref().map(|min| format!("length >= {min}")));
    known.extend(refinements.length_max.as_ref().map(|max| format!("length <= {max}")));
    if known.is_empty() { String::new() } else { format!(" ({})", known.join(", ")) }
}
