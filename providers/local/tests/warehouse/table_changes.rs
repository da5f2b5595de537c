//! Each file in `table_changes/` holds a table, statements that others run on it, the table that is wanted then, and
//! what mesh makes of it. `BLESS=1` writes that last part.

use std::fmt::Write as _;
use std::path::Path;

use crate::support::{Object, Platform};
use mesh_provider::PlanResponse;
use mesh_value::{Type, Value};
use rusqlite::types::ValueRef;

const FIRST: &str = "00000000000000000000000000000001";
const SECOND: &str = "00000000000000000000000000000002";
const OUTCOME: &str = "-- outcome\n";

#[tokio::test]
async fn table_changes() {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/warehouse/table_changes");
    let mut paths: Vec<_> = std::fs::read_dir(directory).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    let mut wrong = Vec::new();
    for path in &paths {
        let text = std::fs::read_to_string(path).unwrap();
        let (case, expected) = text.split_once(OUTCOME).unwrap_or((&text, ""));
        let outcome = outcome(case).await;
        if std::env::var_os("BLESS").is_some() {
            std::fs::write(path, format!("{case}{OUTCOME}{outcome}")).unwrap();
        } else if outcome != expected {
            wrong.push(format!("{}\nexpected:\n{expected}\nbut got:\n{outcome}", path.display()));
        }
    }
    assert!(!paths.is_empty());
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

async fn outcome(case: &str) -> String {
    let directory = tempfile::tempdir().unwrap();
    let platform = Platform::at(directory.path()).await;
    let warehouse = platform.create("local_warehouse", &[("path", Value::string("w.db"))], FIRST).await;
    let warehouse = warehouse.value.get("id").unwrap().clone();
    let (table, rest) = case.split_once("-- statements\n").unwrap();
    let (statements, wanted) = rest.split_once("-- wanted\n").unwrap();

    let table = platform.create("local_table", &arguments(table, &warehouse), FIRST).await;
    let database = rusqlite::Connection::open(directory.path().join("w.db")).unwrap();
    database.execute_batch(statements).unwrap();

    let mut out = String::new();
    let read = platform.read("local_table", &[table]).await.remove(0);
    let prior = read.new.map(|value| Object { value, private: read.private });
    let config = platform.config("local_table", &arguments(wanted, &warehouse));
    let invalid = platform.validate("local_table", &config);
    for diagnostic in &invalid {
        writeln!(out, "invalid at {}: {}: {}", diagnostic.path, diagnostic.summary, diagnostic.detail).unwrap();
    }
    if invalid.is_empty() {
        let plan = platform.plan("local_table", prior.as_ref(), &config).await;
        let changes = prior.as_ref().is_none_or(|prior| prior.value != plan.planned);
        describe(&mut out, &plan, prior.is_none(), changes);
        if plan.diagnostics.is_empty() && changes {
            apply(&mut out, &platform, prior, plan, &config).await;
        }
    }
    dump(&mut out, &database);
    // Where mesh runs must not show in what it says.
    out.replace(&directory.path().canonicalize().unwrap().display().to_string(), "BASE")
}

async fn apply(out: &mut String, platform: &Platform, prior: Option<Object>, plan: PlanResponse, config: &Value) {
    let (mut prior, mut plan) = (prior, plan);
    if !plan.requires_replace.is_empty() {
        let deleted = platform.apply("local_table", prior.as_ref(), None, plan.private.clone(), "").await;
        assert_eq!(deleted.diagnostics, []);
        prior = None;
        plan = platform.plan("local_table", None, config).await;
    }
    let applied = platform.apply("local_table", prior.as_ref(), Some(&plan.planned), plan.private, SECOND).await;
    for diagnostic in &applied.diagnostics {
        writeln!(out, "failed: {}: {}", diagnostic.summary, diagnostic.detail).unwrap();
    }
    let Some(value) = applied.new else { return };
    let after = Object { value, private: applied.private };
    if prior.is_some() {
        assert_eq!(after.value, plan.planned, "what was applied is what was planned");
    }
    let read = platform.read("local_table", std::slice::from_ref(&after)).await.remove(0);
    assert_eq!(read.new.as_ref(), Some(&after.value), "what was applied is read back");
    let again = platform.plan("local_table", Some(&after), config).await;
    assert_eq!(again.planned, after.value, "a second plan finds nothing to do");
}

fn describe(out: &mut String, plan: &PlanResponse, create: bool, changes: bool) {
    let paths: Vec<_> = plan.requires_replace.iter().map(ToString::to_string).collect();
    match (create, changes, paths.is_empty()) {
        (true, ..) => writeln!(out, "create"),
        (_, false, _) => writeln!(out, "no change"),
        (_, _, true) => writeln!(out, "change in place"),
        (_, _, false) => writeln!(out, "replace because of {}", paths.join(", ")),
    }
    .unwrap();
    for loss in &plan.losses {
        writeln!(out, "loses at {}: {}", loss.path, loss.what).unwrap();
    }
    for diagnostic in &plan.diagnostics {
        writeln!(out, "refused at {}: {}: {}", diagnostic.path, diagnostic.summary, diagnostic.detail).unwrap();
    }
}

/// The tables of the warehouse with their rows, as SQL.
fn dump(out: &mut String, database: &rusqlite::Connection) {
    let mut tables = database
        .prepare(
            "SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL AND tbl_name <> '_mesh_catalog' ORDER BY rowid",
        )
        .unwrap();
    let tables = tables.query_map([], |row| Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?))).unwrap();
    for (name, sql) in tables.map(Result::unwrap) {
        writeln!(out, "{sql}").unwrap();
        if sql.starts_with("CREATE TABLE") {
            let mut rows = database.prepare(&format!("SELECT * FROM \"{name}\" ORDER BY 1")).unwrap();
            let width = rows.column_count();
            let mut rows = rows.query([]).unwrap();
            while let Some(row) = rows.next().unwrap() {
                let values: Vec<_> = (0..width).map(|index| quoted(row.get_ref(index).unwrap())).collect();
                writeln!(out, "  {}", values.join(", ")).unwrap();
            }
        }
    }
}

fn quoted(value: ValueRef<'_>) -> String {
    match value {
        ValueRef::Null => "NULL".to_owned(),
        ValueRef::Integer(number) => number.to_string(),
        ValueRef::Real(number) => format!("{number:?}"),
        ValueRef::Text(text) => format!("'{}'", String::from_utf8_lossy(text)),
        ValueRef::Blob(bytes) => format!("{bytes:?}"),
    }
}

/// A table as lines: `name NAME`, `key NAME...`, `allow_data_loss`, else a column: its name and type, then perhaps
/// `null` or `required`, `default TEXT` and `# description`.
fn arguments(text: &str, warehouse: &Value) -> Vec<(&'static str, Value)> {
    let mut arguments = vec![("warehouse", warehouse.clone()), ("name", Value::string("t"))];
    let mut columns = Vec::new();
    for line in text.lines().filter(|line| !line.is_empty()) {
        let (line, description) = line.split_once(" # ").map_or((line, None), |(line, text)| (line, Some(text)));
        let words: Vec<_> = line.split_whitespace().collect();
        match words.as_slice() {
            ["name", name] => arguments.push(("name", Value::string(*name))),
            ["key", names @ ..] => {
                let names = names.iter().map(|name| Value::string(*name)).collect();
                arguments.push(("primary_key", Value::list(Type::String, names)));
            }
            ["allow_data_loss"] => arguments.push(("allow_data_loss", Value::bool(true))),
            [name, ty, options @ ..] => columns.push(column(name, ty, options, description)),
            _ => panic!("not a table's line: {line}"),
        }
    }
    arguments.push(("columns", Value::tuple(columns)));
    arguments.reverse();
    arguments
}

fn column(name: &str, ty: &str, options: &[&str], description: Option<&str>) -> Value {
    let optional = |text: Option<&str>| text.map_or_else(|| Value::null(Type::String), Value::string);
    let nullable = match (options.contains(&"null"), options.contains(&"required")) {
        (true, _) => Value::bool(true),
        (_, true) => Value::bool(false),
        _ => Value::null(Type::Bool),
    };
    let default = options.iter().position(|option| *option == "default").map(|index| options[index + 1]);
    Value::object([
        ("name", Value::string(name)),
        ("type", Value::string(ty)),
        ("nullable", nullable),
        ("default", optional(default)),
        ("description", optional(description)),
    ])
}
