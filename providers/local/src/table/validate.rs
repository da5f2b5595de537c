//! Finds what is wrong with a table's configuration as far as its values are known.

use mesh_provider::ProviderDiagnostic;
use mesh_value::{AttributePath, PathStep, Value};

use super::column_type::ColumnType;
use crate::warehouse::object::reserved_name;

/// The problems, in the order in which the configuration has them.
pub(super) fn problems(config: &Value) -> Vec<ProviderDiagnostic> {
    let mut found = Vec::new();
    found.extend(reserved_name("table", config));
    let columns = config.get("columns").and_then(Value::as_slice);
    let key = config.get("primary_key").and_then(Value::as_slice).unwrap_or_default();
    if let Some(columns) = columns {
        if columns.is_empty() {
            let detail = "A table has at least one column.".to_owned();
            found.push(ProviderDiagnostic::error("No columns", detail).at(AttributePath::attr("columns")));
        }
        for (index, column) in columns.iter().enumerate() {
            column_problems(columns, index, column, key, &mut found);
        }
        key_problems(columns, key, &mut found);
    }
    found
}

fn column_problems(
    columns: &[Value],
    index: usize,
    column: &Value,
    key: &[Value],
    found: &mut Vec<ProviderDiagnostic>,
) {
    let at = |attribute: &str| {
        AttributePath::attr("columns").join(PathStep::Index(index)).join(PathStep::Attr(attribute.into()))
    };
    let name = column.get("name").and_then(Value::as_str);
    let label = name.map_or_else(|| format!("number {}", index + 1), |name| format!("`{name}`"));
    if name.is_some_and(str::is_empty) {
        let detail = format!("Column number {} has an empty name.", index + 1);
        found.push(ProviderDiagnostic::error("Invalid column name", detail).at(at("name")));
    }
    let earlier = columns.iter().take(index).position(|other| name.is_some() && same_name(other.get("name"), name));
    if let Some(earlier) = earlier {
        let detail = format!(
            "Columns number {} and {} are both named {label}; SQLite doesn't tell upper from lower case.",
            earlier + 1,
            index + 1
        );
        found.push(ProviderDiagnostic::error("Repeated column", detail).at(at("name")));
    }
    if let Some(ty) = column.get("type").and_then(Value::as_str) {
        match ColumnType::from_name(ty) {
            None => {
                let detail = format!("Column {label} has the type `{ty}`. The types are: {}.", ColumnType::names());
                found.push(ProviderDiagnostic::error("Invalid column type", detail).at(at("type")));
            }
            Some(ty) => {
                let default = column.get("default").and_then(Value::as_str);
                if let Some(Err(why)) = default.map(|text| ty.default_sql(text)) {
                    let detail = format!("Column {label}: {why}");
                    found.push(ProviderDiagnostic::error("Invalid default", detail).at(at("default")));
                }
            }
        }
    }
    let in_key = key.iter().any(|part| name.is_some() && same_name(Some(part), name));
    if in_key && column.get("nullable").and_then(Value::as_bool) == Some(true) {
        let detail = format!("Column {label} is in the primary key, so it can't be nullable. Leave `nullable` out.");
        found.push(ProviderDiagnostic::error("Nullable key", detail).at(at("nullable")));
    }
}

fn key_problems(columns: &[Value], key: &[Value], found: &mut Vec<ProviderDiagnostic>) {
    let names: Vec<_> = columns.iter().map(|column| column.get("name").and_then(Value::as_str)).collect();
    for (index, part) in key.iter().enumerate() {
        let Some(wanted) = part.as_str() else { continue };
        let at = AttributePath::attr("primary_key").join(PathStep::Index(index));
        if key.iter().take(index).any(|other| same_name(Some(other), Some(wanted))) {
            let detail = format!("The primary key names `{wanted}` twice.");
            found.push(ProviderDiagnostic::error("Invalid primary key", detail).at(at));
        } else if names.iter().all(|name| name.is_some_and(|name| !name.eq_ignore_ascii_case(wanted))) {
            let detail = format!("The primary key names `{wanted}`, but the table has no such column.");
            found.push(ProviderDiagnostic::error("Invalid primary key", detail).at(at));
        }
    }
}

fn same_name(value: Option<&Value>, name: Option<&str>) -> bool {
    let value = value.and_then(Value::as_str);
    value.zip(name).is_some_and(|(left, right)| left.eq_ignore_ascii_case(right))
}
