//! What a job's schema can't say: which arguments go together.

use mesh_provider::ProviderDiagnostic;
use mesh_value::{AttributePath, Value};

use super::program::{column_type, delimiter};
use crate::table::column_type::ColumnType;
use mesh_provider::duration;

/// Finds what is wrong in a configuration. What is only known after apply counts as written.
pub fn check(config: &Value) -> Vec<ProviderDiagnostic> {
    let mut found = Vec::new();
    let mut wrong = |name: &str, summary: &str, detail: &str| {
        found.push(ProviderDiagnostic::error(summary, detail).at(AttributePath::attr(name)));
    };
    let written = |name: &str| config.get(name).is_some_and(|value| !value.is_null());
    let loads = config.get("load").and_then(Value::as_slice);
    let loads_written =
        config.get("load").is_some_and(|load| !load.is_known()) || loads.is_some_and(|all| !all.is_empty());

    match (written("command"), written("warehouse")) {
        (true, true) => wrong(
            "command",
            "Two programs",
            "A job runs either a `command` or SQL on a `warehouse`. Make two jobs, and let the triggers of the second \
             refer to the first.",
        ),
        (true, false) => {
            for name in ["sql", "result_sql", "load"] {
                if if name == "load" { loads_written } else { written(name) } {
                    wrong(name, "Warehouse missing", &format!("`{name}` needs a `warehouse`, and no `command`."));
                }
            }
        }
        (false, true) => {
            if !written("sql") && !written("result_sql") && !loads_written {
                wrong("warehouse", "Nothing to run", "A `warehouse` needs `sql`, `result_sql` or a `load` block.");
            }
            for name in ["env", "working_dir"] {
                if written(name) {
                    wrong(name, "Command missing", &format!("`{name}` belongs to a `command`; this job runs SQL."));
                }
            }
        }
        (false, false) => wrong(
            "command",
            "Nothing to run",
            "A job needs a `command`, or a `warehouse` with `sql` or `load` blocks. Give one of the two.",
        ),
    }
    if config.get("command").and_then(Value::as_slice).is_some_and(<[Value]>::is_empty) {
        wrong("command", "Command missing", "`command` needs at least the program to run.");
    }
    if let Some(Err(why)) = config.get("timeout").and_then(Value::as_str).map(duration::parse) {
        wrong("timeout", "Invalid duration", &why);
    }
    for load in loads.unwrap_or_default() {
        for why in check_load(load) {
            wrong("load", "Invalid load", &why);
        }
    }
    found
}

fn check_load(load: &Value) -> Vec<String> {
    let text = |name: &str| load.get(name).and_then(Value::as_str);
    let mut found = Vec::new();
    if let Some(format) = text("format").filter(|format| *format != "csv") {
        found.push(format!("There is no format `{format}`. There is: csv."));
    }
    if let Some(mode) = text("mode").filter(|mode| !["replace", "append"].contains(mode)) {
        found.push(format!("`mode` is `replace` or `append`; it is {mode:?}."));
    }
    found.extend(text("delimiter").and_then(|text| delimiter(text).err()));
    let columns = load.get("columns").and_then(Value::as_slice).unwrap_or_default();
    let types = columns.iter().filter_map(|column| column.get("type").and_then(Value::as_str));
    found.extend(types.filter(|name| ColumnType::from_name(name).is_none()).map(column_type));
    found
}
