//! What can be seen to be wrong with a grant before Lake Formation refuses it.

use mesh_provider::ProviderDiagnostic;
use mesh_value::{AttributePath, PathStep, Value};

use super::{ALL, NO_TARGET};
use crate::check;

const TARGETS: &[&str] = &["data_location", "database", "table", "table_with_columns", "lf_tag", "lf_tag_policy"];

const ON_DATABASES: &[&str] = &["ALL", "ALTER", "CREATE_TABLE", "DESCRIBE", "DROP"];
const ON_TABLES: &[&str] = &["ALL", "ALTER", "DELETE", "DESCRIBE", "DROP", "INSERT", "SELECT"];

/// All that is wrong.
pub(super) fn problems(config: &Value) -> Vec<ProviderDiagnostic> {
    let mut problems = check::account_id(config, "catalog_id");
    problems.extend(target(config));
    problems.extend(check::inside(config, "table", table));
    problems.extend(check::inside(config, "table_with_columns", columns));
    problems.extend(check::inside(config, "lf_tag_policy", |policy| {
        check::one_of(policy, "resource_type", &["DATABASE", "TABLE"])
    }));
    if let Some(allowed) = allowed(config) {
        for name in ["permissions", "permissions_with_grant_option"] {
            problems.extend(check::each_one_of(config, name, allowed));
        }
    }
    problems.extend(grantable(config));
    problems
}

fn is_written(config: &Value, name: &str) -> bool {
    config.get(name).is_some_and(|value| !value.is_null())
}

fn is_true(config: &Value, name: &str) -> bool {
    config.get(name).and_then(Value::as_bool) == Some(true)
}

/// There must be exactly one thing.
fn target(config: &Value) -> Option<ProviderDiagnostic> {
    let mut written: Vec<&str> = TARGETS.iter().copied().filter(|name| is_written(config, name)).collect();
    if is_true(config, "catalog_resource") {
        written.insert(0, "catalog_resource");
    }
    match written[..] {
        [_] => None,
        [] if config.get("catalog_resource").is_some_and(|catalog| !catalog.is_known()) => None,
        [] => Some(ProviderDiagnostic::error("Nothing to grant on", NO_TARGET)),
        [first, other, ..] => {
            let detail = format!("`{first}` and `{other}` are both written; a grant is on one thing. Make two of it.");
            Some(ProviderDiagnostic::error("Conflicting arguments", detail).at(AttributePath::attr(other)))
        }
    }
}

fn table(table: &Value) -> Vec<ProviderDiagnostic> {
    one_selection(table, "name", "Say which table: `name`, or `wildcard = true` for all tables of the database.")
}

fn columns(columns: &Value) -> Vec<ProviderDiagnostic> {
    let mut problems =
        one_selection(columns, "column_names", "Say which columns: `column_names`, or `wildcard = true` for all.");
    if is_written(columns, "excluded_column_names") && is_written(columns, "column_names") {
        let detail = "Columns are excluded from all: use `wildcard = true` and leave `column_names` out.";
        let problem = ProviderDiagnostic::error("Conflicting arguments", detail);
        problems.push(problem.at(AttributePath::attr("excluded_column_names")));
    }
    problems
}

/// Either a name or all.
fn one_selection(block: &Value, name: &str, detail: &str) -> Vec<ProviderDiagnostic> {
    let unsure = block.get("wildcard").is_some_and(|wildcard| !wildcard.is_known());
    match (is_written(block, name), is_true(block, "wildcard")) {
        (false, false) if !unsure => vec![ProviderDiagnostic::error("Nothing selected", detail)],
        (true, true) => {
            let problem = ProviderDiagnostic::error("Conflicting arguments", detail);
            vec![problem.at(AttributePath::from(vec![PathStep::Attr("wildcard".into())]))]
        }
        _ => Vec::new(),
    }
}

/// What can be granted on the thing that is written.
fn allowed(config: &Value) -> Option<&'static [&'static str]> {
    if is_true(config, "catalog_resource") {
        return Some(&[
            "ALL",
            "ALTER",
            "CREATE_CATALOG",
            "CREATE_DATABASE",
            "CREATE_LF_TAG",
            "CREATE_LF_TAG_EXPRESSION",
            "DESCRIBE",
            "DROP",
            "SUPER_USER",
        ]);
    }
    let name = TARGETS.iter().find(|name| is_written(config, name))?;
    Some(match *name {
        "data_location" => &["DATA_LOCATION_ACCESS"],
        "database" => ON_DATABASES,
        "table" => ON_TABLES,
        "table_with_columns" => &["SELECT"],
        "lf_tag" => &["ALTER", "ASSOCIATE", "DESCRIBE", "DROP", "GRANT_WITH_LF_TAG_EXPRESSION"],
        _ => match config.get("lf_tag_policy")?.get("resource_type")?.as_str()? {
            "DATABASE" => ON_DATABASES,
            "TABLE" => ON_TABLES,
            _ => return None,
        },
    })
}

/// Only what one has can be passed on.
fn grantable(config: &Value) -> Option<ProviderDiagnostic> {
    let words = |name: &str| {
        let set = config.get(name).filter(|set| set.is_wholly_known())?;
        Some(set.as_slice()?.iter().filter_map(Value::as_str).map(str::to_owned).collect::<Vec<_>>())
    };
    let (held, passed) = (words("permissions")?, words("permissions_with_grant_option")?);
    let lacking = passed.iter().find(|word| !held.contains(word) && !held.iter().any(|held| held == ALL))?;
    let detail = format!("\"{lacking}\" can be passed on only by who has it: add it to `permissions`.");
    let problem = ProviderDiagnostic::error("Permission is not held", detail);
    Some(problem.at(AttributePath::attr("permissions_with_grant_option")))
}
