//! Warehouses, tables and views keep the contract that every resource type keeps.

use std::fs;
use std::path::Path;

use mesh_provider::contract::{Case, Expect, run};
use mesh_provider_local::provider;
use rusqlite::Connection;
use serde_json::{Value as Json, json};

fn execute(database: &Path, sql: &str) -> impl Fn() + Send + Sync + use<> {
    let (database, sql) = (database.to_path_buf(), sql.to_owned());
    move || Connection::open(&database).unwrap().execute_batch(&sql).unwrap()
}

fn column(name: &str, ty: &str, nullable: bool) -> Json {
    json!({ "name": name, "type": ty, "nullable": nullable, "description": null, "default": null })
}

#[tokio::test]
async fn warehouses() {
    let base = tempfile::tempdir().unwrap();
    let path = base.path().join("elsewhere/w.db");
    let removed = path.clone();
    let case = Case::new("local_warehouse", json!({ "path": "data/w.db", "quota_bytes": 1_000_000 }))
        .import("data/w.db", &[])
        .update(json!({ "quota_bytes": null, "force_destroy": true }), Expect::InPlace)
        .update(json!({ "journal_mode": "delete" }), Expect::InPlace)
        .update(json!({ "path": "elsewhere/w.db" }), Expect::Replace)
        .drift("other journal", execute(&path, "PRAGMA journal_mode = wal"))
        .drift("removed", move || fs::remove_file(&removed).unwrap());
    let report = run(&provider(), base.path(), json!({}), case).await;
    assert!(report.holds(), "{report}");
    assert_eq!(fs::read_dir(base.path()).unwrap().count(), 0, "something was left behind");
}

#[tokio::test]
async fn tables() {
    let base = tempfile::tempdir().unwrap();
    let path = base.path().join("w.db");
    execute(&path, "VACUUM")();
    let (id, total) = (column("id", "integer", false), column("total", "number", true));
    let config = json!({ "warehouse": "w.db", "name": "t", "columns": [id, total], "primary_key": ["id"] });
    let case = Case::new("local_table", config)
        .import("w.db#t", &[])
        .update(json!({ "columns": [id, total, column("paid", "boolean", true)] }), Expect::InPlace)
        .update(json!({ "name": "orders", "primary_key": null }), Expect::InPlace)
        .update(json!({ "columns": [id, total] }), Expect::Replace)
        .update(json!({ "allow_data_loss": true }), Expect::InPlace)
        .drift("column added", execute(&path, "ALTER TABLE orders ADD COLUMN note TEXT"))
        .drift("column dropped", execute(&path, "ALTER TABLE orders DROP COLUMN total"))
        .drift("removed", execute(&path, "DROP TABLE orders"))
        .import("w.db#orders", &["allow_data_loss"]);
    let report = run(&provider(), base.path(), json!({}), case).await;
    assert!(report.holds(), "{report}");
}

#[tokio::test]
async fn views() {
    let base = tempfile::tempdir().unwrap();
    let path = base.path().join("w.db");
    execute(&path, "CREATE TABLE t (id INTEGER, total REAL)")();
    let case = Case::new("local_view", json!({ "warehouse": "w.db", "name": "v", "sql": "SELECT id FROM t" }))
        .update(json!({ "sql": "SELECT id,\n  total\nFROM t;" }), Expect::InPlace)
        .drift("other query", execute(&path, "DROP VIEW v; CREATE VIEW v AS SELECT total FROM t"))
        .drift("removed", execute(&path, "DROP VIEW v"))
        .update(json!({ "name": "totals", "sql": "SELECT total FROM t" }), Expect::InPlace)
        .import("w.db#totals", &[]);
    let report = run(&provider(), base.path(), json!({}), case).await;
    assert!(report.holds(), "{report}");
}
