//! Warehouses, tables and views through the provider: what is seen, refused, found again and taken over.

use crate::support::{Object, Platform};
use mesh_provider::{LocateRequest, Located};
use mesh_value::{Type, Value};

const TOKEN: &str = "00000000000000000000000000000001";
const OTHER_TOKEN: &str = "00000000000000000000000000000002";

async fn platform() -> (tempfile::TempDir, Platform) {
    let directory = tempfile::tempdir().unwrap();
    let platform = Platform::at(directory.path()).await;
    (directory, platform)
}

fn columns() -> Value {
    let column = |name, ty| {
        Value::object([
            ("name", Value::string(name)),
            ("type", Value::string(ty)),
            ("nullable", Value::null(Type::Bool)),
            ("default", Value::null(Type::String)),
            ("description", Value::null(Type::String)),
        ])
    };
    Value::tuple([column("id", "integer"), column("total", "number")])
}

fn table(name: &str) -> Vec<(&str, Value)> {
    vec![("warehouse", Value::string("data/w.db")), ("name", Value::string(name)), ("columns", columns())]
}

fn view(sql: &str) -> Vec<(&str, Value)> {
    vec![("warehouse", Value::string("data/w.db")), ("name", Value::string("v")), ("sql", Value::string(sql))]
}

async fn warehouse(platform: &Platform) -> Object {
    platform.create("local_warehouse", &[("path", Value::string("data/w.db"))], TOKEN).await
}

fn database(directory: &tempfile::TempDir) -> rusqlite::Connection {
    rusqlite::Connection::open(directory.path().join("data/w.db")).unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn tables_of_one_file_are_made_side_by_side() {
    let (_directory, platform) = platform().await;
    warehouse(&platform).await;
    let names: Vec<_> = (0..32).map(|number| format!("t{number}")).collect();
    let creations = names.iter().map(|name| async { platform.create("local_table", &table(name), TOKEN).await });
    let tables = futures_util::future::join_all(creations).await;
    let read = platform.read("local_table", &tables).await;
    for (table, read) in tables.iter().zip(read) {
        assert_eq!((read.new.as_ref(), read.diagnostics.len()), (Some(&table.value), 0));
    }
}

#[tokio::test]
async fn ids_and_locations_are_planned() {
    let (directory, platform) = platform().await;
    let base = directory.path().canonicalize().unwrap();
    let config = platform.config("local_table", &table("orders"));
    let plan = platform.plan("local_table", None, &config).await;
    let location = plan.planned.get("location").and_then(Value::as_str);
    assert_eq!(location, Some(format!("sqlite://{}/data/w.db#orders", base.display()).as_str()));
}

#[tokio::test]
async fn rows_are_deleted_only_where_that_is_allowed() {
    let (directory, platform) = platform().await;
    let warehouse = warehouse(&platform).await;
    let orders = platform.create("local_table", &table("orders"), TOKEN).await;
    database(&directory).execute_batch("INSERT INTO orders VALUES (1, 2.5)").unwrap();

    for (ty, object, way_out) in
        [("local_table", &orders, "allow_data_loss = true"), ("local_warehouse", &warehouse, "force_destroy = true")]
    {
        let refused = platform.apply(ty, Some(object), None, Vec::new(), "").await;
        assert_eq!(refused.new.as_ref(), Some(&object.value));
        assert!(refused.diagnostics[0].detail.contains(way_out), "{:?}", refused.diagnostics);
    }

    database(&directory).execute_batch("DELETE FROM orders").unwrap();
    for (ty, object) in [("local_table", &orders), ("local_warehouse", &warehouse)] {
        let deleted = platform.apply(ty, Some(object), None, Vec::new(), "").await;
        assert_eq!((deleted.new, deleted.diagnostics), (None, Vec::new()));
        assert!(platform.read(ty, std::slice::from_ref(object)).await[0].new.is_none());
    }
    assert_eq!(std::fs::read_dir(directory.path()).unwrap().count(), 0, "no file or directory stays behind");
}

#[tokio::test]
async fn moving_a_filled_warehouse_names_the_tables_that_go() {
    let (directory, platform) = platform().await;
    let warehouse = warehouse(&platform).await;
    platform.create("local_table", &table("orders"), TOKEN).await;
    database(&directory).execute_batch("INSERT INTO orders VALUES (1, 2.5)").unwrap();
    let config = platform.config("local_warehouse", &[("path", Value::string("other.db"))]);
    let plan = platform.plan("local_warehouse", Some(&warehouse), &config).await;
    assert_eq!(plan.requires_replace, [mesh_value::AttributePath::attr("path")]);
    assert_eq!(plan.losses[0].what, "Table `orders` is deleted with its rows.");
}

#[tokio::test]
async fn changes_outside_show_as_drift() {
    let (directory, platform) = platform().await;
    let warehouse = warehouse(&platform).await;
    platform.create("local_table", &table("orders"), TOKEN).await;
    let view = platform.create("local_view", &view("SELECT id\nFROM orders;"), TOKEN).await;
    let seen = |ty: &'static str, object: Object| {
        let platform = &platform;
        async move { platform.read(ty, &[object]).await.remove(0).new.unwrap() }
    };
    assert_eq!(seen("local_view", view.clone()).await, view.value);

    database(&directory)
        .execute_batch("DROP VIEW v; CREATE VIEW v AS SELECT id FROM orders WHERE id > 5; PRAGMA journal_mode = delete")
        .unwrap();
    let drifted = seen("local_view", view).await;
    assert_eq!(drifted.get("sql").and_then(Value::as_str), Some("SELECT id FROM orders WHERE id > 5"));
    let drifted = seen("local_warehouse", warehouse).await;
    assert_eq!(drifted.get("journal_mode").and_then(Value::as_str), Some("delete"));
}

#[tokio::test]
async fn interrupted_creations_are_found_by_their_token_only() {
    let (_directory, platform) = platform().await;
    let objects = [
        ("local_warehouse", warehouse(&platform).await),
        ("local_table", platform.create("local_table", &table("orders"), TOKEN).await),
        ("local_view", platform.create("local_view", &view("SELECT id FROM orders"), TOKEN).await),
    ];
    for (ty, object) in objects {
        for (token, ours) in [(TOKEN, true), (OTHER_TOKEN, false)] {
            let request = LocateRequest { ty: ty.into(), planned: object.value.clone(), token: token.to_owned() };
            match platform.configured().locate(request).await.unwrap() {
                Located::Complete(value, _) => assert!(ours && value == object.value, "{ty}"),
                Located::Absent => assert!(!ours, "{ty}"),
                Located::Partial(..) => panic!("{ty} is made in one step"),
            }
        }
        // A second creation under another token finds the name taken, under the same one finds its own.
        let again = platform.apply(ty, None, Some(&object.value), Vec::new(), OTHER_TOKEN).await;
        assert!(again.diagnostics[0].summary.ends_with("already exists"), "{ty}: {:?}", again.diagnostics);
        let again = platform.apply(ty, None, Some(&object.value), Vec::new(), TOKEN).await;
        assert_eq!((again.new, again.diagnostics), (Some(object.value), Vec::new()), "{ty}");
    }
}

#[tokio::test]
async fn databases_of_others_are_taken_over() {
    let (directory, platform) = platform().await;
    std::fs::create_dir(directory.path().join("data")).unwrap();
    database(&directory)
        .execute_batch("CREATE TABLE t (id INTEGER PRIMARY KEY, note VARCHAR(10)); CREATE VIEW v AS SELECT id FROM t")
        .unwrap();
    let import = async |ty: &str, id: &str| platform.configured().import(ty, id).await;

    let warehouse = import("local_warehouse", "data/w.db").await.unwrap().remove(0);
    assert_eq!(warehouse.value.get("path").and_then(Value::as_str), Some("data/w.db"));
    let table = import("local_table", "data/w.db#t").await.unwrap().remove(0);
    let types: Vec<_> = table.value.get("columns").unwrap().as_slice().unwrap().iter().map(|c| c.get("type")).collect();
    assert_eq!(types, [Some(&Value::string("integer")), Some(&Value::string("VARCHAR(10)"))]);
    let view = import("local_view", "data/w.db#v").await.unwrap().remove(0);
    assert_eq!(view.value.get("sql").and_then(Value::as_str), Some("SELECT id FROM t"));

    for (ty, id) in [
        ("local_warehouse", "missing.db"),
        ("local_table", "data/w.db#v"),
        ("local_view", "data/w.db#t"),
        ("local_table", "data/w.db"),
        ("local_warehouse", ""),
    ] {
        assert!(import(ty, id).await.is_err(), "{ty} {id}");
    }
}
