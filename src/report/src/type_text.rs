//! Types as `type(...)` in `mesh console` prints them, in the form of `terraform console`.

use std::fmt::Write as _;

use mesh_value::Type;

/// The type over as many lines as it takes: `number`, `list(string)`, `object({` with an attribute a line.
#[must_use]
pub fn type_text(ty: &Type) -> String {
    let mut out = String::new();
    write_type(ty, 0, &mut out);
    out
}

fn write_type(ty: &Type, indent: usize, out: &mut String) {
    match ty {
        Type::Any => out.push_str("dynamic"),
        Type::Bool | Type::Number | Type::String => drop(write!(out, "{ty}")),
        Type::List(element) => write_collection("list", element, indent, out),
        Type::Set(element) => write_collection("set", element, indent, out),
        Type::Map(element) => write_collection("map", element, indent, out),
        Type::Object(attributes) => {
            let items = attributes.iter().map(|attribute| (Some(attribute.name.as_ref()), &attribute.ty));
            write_items("object({", items, "})", indent, out);
        }
        Type::Tuple(types) => write_items("tuple([", types.iter().map(|ty| (None, ty)), "])", indent, out),
    }
}

/// An object or tuple inside has lines of its own, anything else follows on the line.
fn write_collection(kind: &str, element: &Type, indent: usize, out: &mut String) {
    if matches!(element, Type::Object(_) | Type::Tuple(_)) {
        write_items(&format!("{kind}("), std::iter::once((None, element)), ")", indent, out);
    } else {
        out.push_str(kind);
        out.push('(');
        write_type(element, indent, out);
        out.push(')');
    }
}

fn write_items<'t>(
    before: &str,
    items: impl Iterator<Item = (Option<&'t str>, &'t Type)>,
    after: &str,
    indent: usize,
    out: &mut String,
) {
    out.push_str(before);
    let mut is_empty = true;
    for (name, ty) in items {
        is_empty = false;
        new_line(indent + 4, out);
        if let Some(name) = name {
            out.push_str(name);
            out.push_str(": ");
        }
        write_type(ty, indent + 4, out);
        out.push(',');
    }
    if !is_empty {
        new_line(indent, out);
    }
    out.push_str(after);
}

fn new_line(indent: usize, out: &mut String) {
    out.push('\n');
    out.extend(std::iter::repeat_n(' ', indent));
}
