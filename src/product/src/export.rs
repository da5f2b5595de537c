//! What expressions read as `data_product.NAME`.

use std::sync::Arc;

use mesh_value::{Kind, Marks, Refinements, Type, Value};

/// The type of a port in `data_product.NAME.ports`. All have the same, so that an input may choose between two.
#[must_use]
pub fn port_type() -> Type {
    Type::object([
        ("address", Type::String),
        ("columns", Type::list(column_type())),
        ("description", Type::String),
        ("kind", Type::String),
        ("location", Type::String),
        ("name", Type::String),
        ("primary_key", Type::list(Type::String)),
    ])
}

fn column_type() -> Type {
    Type::object([
        ("classification", Type::String),
        ("description", Type::String),
        ("name", Type::String),
        ("nullable", Type::Bool),
        ("required", Type::Bool),
        ("type", Type::String),
    ])
}

/// The type of `data_product.NAME` before its ports are known: what static checks go by. Ports and inputs are of any
/// type here, since their names are attributes.
#[must_use]
pub fn exported_type() -> Type {
    Type::object([
        ("budget", mesh_cost::declare::budget::schema().implied_type()),
        ("description", Type::String),
        ("domain", Type::String),
        ("id", Type::String),
        ("inputs", Type::Any),
        ("name", Type::String),
        ("owner", Type::String),
        ("ports", Type::Any),
        ("tags", Type::map(Type::String)),
        ("version", Type::String),
    ])
}

/// The value of `data_product.NAME`, from the decoded body of the block labelled `name`: `id`, `name`, `domain`,
/// `version`, `owner`, `description`, `tags`, `budget`, `ports` by name and `inputs` by name.
///
/// A port has `name`, `kind`, `location`, `address` (`domain.name/port@version`), `description`, `primary_key` and
/// `columns`, each with `name`, `type`, `required`, `nullable`, `classification` and `description`. What is known after
/// apply stays so, and marks stay.
#[must_use]
pub fn exported_value(name: &str, value: &Value) -> Value {
    let (domain, version) = (text(value, "domain"), text(value, "version"));
    let id = joined(&[&domain, &Value::string(format!(".{name}"))]);
    let port = |port: &Value| exported_port(port, &id, &version);
    let budget = value.get("budget").cloned().unwrap_or_else(|| Value::null(Type::Any));
    let exported = Value::object([
        ("budget", mesh_cost::declare::budget::exported(&budget)),
        ("description", text(value, "description")),
        ("domain", domain.clone()),
        ("id", id.clone()),
        ("inputs", by_name(value.get("input"), exported_input)),
        ("name", Value::string(name)),
        ("owner", text(value, "owner")),
        ("ports", by_name(value.get("output"), port)),
        ("tags", value.get("tags").cloned().unwrap_or_else(|| Value::null(Type::map(Type::String)))),
        ("version", version.clone()),
    ]);
    exported.with_marks(value.marks())
}

fn exported_port(port: &Value, id: &Value, version: &Value) -> Value {
    let name = text(port, "name");
    let address = joined(&[id, &Value::string("/"), &name, &Value::string("@"), version]);
    let schema = port.get("schema").filter(|schema| !schema.is_null());
    let primary_key = schema.and_then(|schema| schema.get("primary_key")).filter(|key| !key.is_null());
    let exported = Value::object([
        ("address", address),
        ("columns", schema.map_or_else(|| Value::list(column_type(), Vec::new()), exported_columns)),
        ("description", text(port, "description")),
        ("kind", text(port, "kind")),
        ("location", text(port, "location")),
        ("name", name),
        ("primary_key", primary_key.cloned().unwrap_or_else(|| Value::list(Type::String, Vec::new()))),
    ]);
    exported.with_marks(port.marks())
}

fn exported_columns(schema: &Value) -> Value {
    let ty = column_type();
    match schema.get("column").and_then(Value::as_slice) {
        Some(columns) => Value::list(ty, columns.iter().map(exported_column).collect()),
        None => Value::unknown(Type::list(ty)),
    }
    .with_marks(schema.marks())
}

fn exported_column(column: &Value) -> Value {
    let required = match column.get("required") {
        Some(required) if !required.is_null() => required.clone(),
        _ => Value::bool(false),
    };
    let nullable = match required.as_bool() {
        Some(required) => Value::bool(!required),
        None => Value::unknown_with(Type::Bool, Refinements::not_null()),
    };
    let exported = Value::object([
        ("classification", text(column, "classification")),
        ("description", text(column, "description")),
        ("name", text(column, "name")),
        ("nullable", nullable.with_marks(required.marks())),
        ("required", required),
        ("type", text(column, "type")),
    ]);
    exported.with_marks(column.marks())
}

fn exported_input(input: &Value) -> Value {
    let port = input.get("port").cloned().unwrap_or_else(|| Value::null(Type::String));
    let address = match port.kind() {
        Kind::Object(_) => text(&port, "address").with_marks(port.marks()),
        Kind::Unknown(_) => Value::unknown(Type::String).with_marks(port.marks()),
        _ => port,
    };
    Value::object([("address", address), ("description", text(input, "description")), ("name", text(input, "name"))])
        .with_marks(input.marks())
}

/// Blocks as an object under their names; not known where a name is not.
fn by_name(blocks: Option<&Value>, export: impl Fn(&Value) -> Value) -> Value {
    let Some(blocks) = blocks.filter(|blocks| !blocks.is_null()) else {
        return Value::object::<Arc<str>>([]);
    };
    let marks = blocks.marks();
    let Some(elements) = blocks.as_slice() else { return Value::unknown(Type::Any).with_marks(marks) };
    let named: Option<Vec<(Arc<str>, Value)>> =
        elements.iter().map(|block| Some((Arc::from(block.get("name")?.as_str()?), export(block)))).collect();
    match named {
        Some(named) => Value::object(named).with_marks(marks),
        None => Value::unknown(Type::Any).with_marks(marks | blocks.deep_marks()),
    }
}

fn text(value: &Value, name: &str) -> Value {
    value
        .get(name)
        .cloned()
        .unwrap_or_else(|| if value.is_known() { Value::null(Type::String) } else { Value::unknown(Type::String) })
}

/// Texts one after the other; with what is known at the start as prefix where a part is known after apply.
fn joined(parts: &[&Value]) -> Value {
    let marks = parts.iter().fold(Marks::NONE, |marks, part| marks | part.marks());
    let mut known = String::new();
    for part in parts {
        match part.as_str() {
            Some(text) => known.push_str(text),
            None if part.is_null() => return Value::null(Type::String).with_marks(marks),
            None => {
                let refinements = if known.is_empty() { Refinements::not_null() } else { Refinements::prefix(known) };
                return Value::unknown_with(Type::String, refinements).with_marks(marks);
            }
        }
    }
    Value::string(known).with_marks(marks)
}

#[cfg(test)]
mod tests {
    use mesh_value::{Refinements, Type, Value};

    use super::{exported_value, port_type};

    #[test]
    fn ports_have_one_type_and_addresses() {
        let null = || Value::null(Type::String);
        let port = |name: &str, location: Value| {
            Value::object([
                ("name", Value::string(name)),
                ("kind", Value::string("files")),
                ("location", location),
                ("description", null()),
                ("schema", Value::null(Type::Any)),
            ])
        };
        let reads = Value::object([
            ("name", Value::string("raw")),
            ("port", Value::object([("address", Value::string("crm.people/all@2.0.0"))])),
            ("description", null()),
        ]);
        let body = Value::object([
            ("domain", Value::string("sales")),
            ("version", Value::string("1.2.0")),
            ("owner", Value::string("team")),
            ("description", null()),
            ("tags", Value::null(Type::map(Type::String))),
            ("input", Value::tuple([reads])),
            ("output", Value::tuple([port("a", Value::unknown(Type::String)), port("b", Value::string("/b"))])),
        ]);
        let exported = exported_value("orders", &body);
        assert_eq!(exported.get("id"), Some(&Value::string("sales.orders")));
        let ports = exported.get("ports").unwrap();
        for name in ["a", "b"] {
            assert_eq!(ports.get(name).unwrap().ty(), port_type(), "{name}");
        }
        let address = ports.get("b").and_then(|port| port.get("address"));
        assert_eq!(address, Some(&Value::string("sales.orders/b@1.2.0")));
        let input = exported.get("inputs").and_then(|inputs| inputs.get("raw")).unwrap();
        assert_eq!(input.get("address"), Some(&Value::string("crm.people/all@2.0.0")));

        let later = Value::object([
            ("domain", Value::string("sales")),
            ("version", Value::unknown(Type::String)),
            ("output", Value::tuple([port("a", null())])),
        ]);
        let address =
            exported_value("orders", &later).get("ports").and_then(|ports| ports.get("a")?.get("address").cloned());
        assert_eq!(address, Some(Value::unknown_with(Type::String, Refinements::prefix("sales.orders/a@"))));
    }
}
