use rusqlite::Connection;

use super::column::{Column, Shape};
use super::column_type::ColumnType;
use super::{alter, inspect};

const TOKEN: &str = "00000000000000000000000000000001";

fn column(name: &str, ty: &str) -> Column {
    Column { name: name.to_owned(), ty: ColumnType::from_name(ty).unwrap(), nullable: true, default: None }
}

/// Each type with values, as SQL, that it takes and that it refuses.
const VALUES: [(&str, &[&str], &[&str]); 14] = [
    ("string", &["''", "'5'", "5", "NULL"], &["X'00'"]),
    ("integer", &["5", "-1", "'5'", "5.0", "NULL"], &["5.5", "'five'", "''", "X'00'"]),
    ("number", &["5", "5.5", "'1e3'", "NULL"], &["'five'", "''", "X'00'"]),
    ("boolean", &["0", "1", "true", "NULL"], &["2", "'true'", "0.5", "''"]),
    (
        "date",
        &["'2026-03-01'", "'2024-02-29'", "NULL"],
        &["'2026-02-29'", "'2026-3-1'", "'today'", "20260301", "'now'"],
    ),
    (
        "timestamp",
        &["'2026-03-01T12:30:00Z'", "'2026-03-01 12:30'", "'2026-03-01T12:30:00.125+02:00'", "NULL"],
        &["'2026-03-01'", "'2026-02-30T00:00:00Z'", "'2026-03-01T25:00'", "'2026-03-01T12:30 or so'", "0"],
    ),
    ("json", &["'[]'", "'{\"a\": 1}'", "'1'", "NULL"], &["'{'", "''", "X'00'"]),
    ("binary", &["X''", "X'00ff'", "NULL"], &["'text'", "5"]),
    ("decimal", &["5", "5.25", "'5.25'", "NULL"], &["'five'", "X'00'"]),
    ("decimal(5,2)", &["999.99", "-1.1", "'0.10'", "5", "NULL"], &["1000", "1.125", "'five'", "X'00'"]),
    ("time", &["'12:30'", "'23:59:59.5'", "NULL"], &["'24:00'", "'noon'", "'2026-03-01'", "5"]),
    (
        "uuid",
        &["'6f1f2b0c-7d4e-4c8a-9b1e-0a2d3c4e5f60'", "'6F1F2B0C-7D4E-4C8A-9B1E-0A2D3C4E5F60'", "NULL"],
        &["'6f1f2b0c7d4e4c8a9b1e0a2d3c4e5f60'", "'6f1f2b0c-7d4e-4c8a-9b1e-0a2d3c4e5f6g'", "''", "5"],
    ),
    ("array(string)", &["'[]'", "'[\"a\"]'", "NULL"], &["'{}'", "'1'", "'['", "5"]),
    ("array(array(integer))", &["'[[1]]'", "NULL"], &["''", "'null'"]),
];

#[test]
fn columns_hold_their_types() {
    for (ty, accepted, refused) in VALUES {
        let connection = Connection::open_in_memory().unwrap();
        let shape = Shape { columns: vec![column("it's \"a\" value", ty)], primary_key: Vec::new() };
        connection.execute_batch(&shape.create_sql("odd \"name\"")).unwrap();
        let insert =
            |value: &str| connection.execute(&format!("INSERT INTO \"odd \"\"name\"\"\" VALUES ({value})"), []);
        for value in accepted {
            insert(value).unwrap_or_else(|error| panic!("{ty} must take {value}: {error}"));
        }
        for value in refused {
            assert!(insert(value).is_err(), "{ty} must refuse {value}");
        }
    }
}

#[test]
fn shapes_are_read_back_as_declared() {
    let defaults = [
        ("string", "it's"),
        ("integer", "-5"),
        ("number", "1.5"),
        ("boolean", "true"),
        ("date", "2026-03-01"),
        ("timestamp", "2026-03-01T12:30:00Z"),
        ("json", "[\"a\"]"),
        ("binary", "00ff"),
        ("decimal(5,2)", "1.25"),
        ("array(integer)", "[1]"),
    ];
    let mut columns = vec![Column { nullable: false, ..column("id", "integer") }];
    for (ty, default) in defaults {
        let mut with_default = column(ty, ty);
        with_default.default = Some(with_default.ty.default_sql(default).unwrap());
        assert_eq!(with_default.ty.default_text(with_default.default.as_ref().unwrap()), default);
        columns.push(with_default);
        columns.push(Column { nullable: false, ..column(&format!("{ty}_plain"), ty) });
    }
    let shape = Shape { columns, primary_key: vec!["string_plain".to_owned(), "id".to_owned()] };
    let mut connection = Connection::open_in_memory().unwrap();
    alter::create(&mut connection, "t", &shape, TOKEN).unwrap();
    assert_eq!(inspect::shape(&connection, "T").unwrap(), Some(shape));
}

#[test]
fn defaults_that_are_no_value_of_the_type_are_refused() {
    let wrong = [
        ("integer", "1.5"),
        ("number", "inf"),
        ("boolean", "1"),
        ("date", "2026-02-30"),
        ("date", "now"),
        ("timestamp", "2026-03-01"),
        ("json", "{"),
        ("binary", "0"),
        ("decimal(5,2)", "1000"),
        ("decimal(5,2)", "1e2"),
        ("decimal(5,2)", "0.125"),
        ("time", "noon"),
        ("array(string)", "{}"),
    ];
    for (ty, text) in wrong {
        let refused = ColumnType::from_name(ty).unwrap().default_sql(text);
        assert!(refused.as_ref().is_err_and(|sentence| sentence.contains(ty)), "{ty} {text}: {refused:?}");
    }
}

#[test]
fn rebuilding_keeps_rows_indexes_triggers_views_and_references() {
    let mut connection = Connection::open_in_memory().unwrap();
    let before = Shape {
        columns: vec![Column { nullable: false, ..column("id", "integer") }, column("note", "string")],
        primary_key: vec!["id".to_owned()],
    };
    alter::create(&mut connection, "orders", &before, TOKEN).unwrap();
    connection
        .execute_batch(
            "CREATE INDEX by_note ON orders (note);
             CREATE TABLE log (id INTEGER REFERENCES orders (id) ON DELETE CASCADE);
             CREATE TRIGGER noted AFTER INSERT ON orders BEGIN INSERT INTO log VALUES (new.id); END;
             CREATE VIEW notes AS SELECT note FROM orders;
             INSERT INTO orders VALUES (1, 'a'), (2, 'b')",
        )
        .unwrap();
    let after = Shape {
        columns: vec![
            Column { nullable: false, ..column("note", "string") },
            Column { nullable: false, default: Some("0".to_owned()), ..column("paid", "boolean") },
            Column { nullable: false, ..column("id", "integer") },
        ],
        primary_key: vec!["id".to_owned()],
    };
    alter::change(&mut connection, "orders", "orders", &after).unwrap();
    assert_eq!(inspect::shape(&connection, "orders").unwrap().as_ref(), Some(&after));

    connection.execute_batch("INSERT INTO orders (id, note) VALUES (3, 'c')").unwrap();
    let count = |select: &str| connection.query_row(select, [], |row| row.get::<_, i64>(0)).unwrap();
    assert_eq!(count("SELECT count(*) FROM notes"), 3);
    assert_eq!(count("SELECT count(*) FROM log"), 3);
    assert_eq!(count("SELECT count(*) FROM sqlite_master WHERE name = 'by_note'"), 1);
    assert_eq!(count("SELECT sum(paid) + count(*) FROM orders WHERE id < 3"), 2);

    let other_key = Shape { primary_key: vec!["note".to_owned()], ..after.clone() };
    let refused = alter::change(&mut connection, "orders", "orders", &other_key).unwrap_err();
    assert!(refused.0[0].detail.contains("foreign key mismatch"), "{refused}");
    assert_eq!(inspect::shape(&connection, "orders").unwrap(), Some(after));
}

#[test]
fn renaming_takes_views_and_references_along() {
    let mut connection = Connection::open_in_memory().unwrap();
    let shape = Shape {
        columns: vec![Column { nullable: false, ..column("id", "integer") }],
        primary_key: vec!["id".to_owned()],
    };
    alter::create(&mut connection, "orders", &shape, TOKEN).unwrap();
    connection
        .execute_batch(
            "CREATE VIEW ids AS SELECT id FROM orders;
             CREATE TABLE log (id INTEGER REFERENCES orders (id));
             INSERT INTO orders VALUES (1); INSERT INTO log VALUES (1)",
        )
        .unwrap();
    let wider = Shape { columns: vec![shape.columns[0].clone(), column("note", "string")], ..shape };
    alter::change(&mut connection, "orders", "sales", &wider).unwrap();
    assert_eq!(inspect::shape(&connection, "orders").unwrap(), None);
    assert_eq!(inspect::shape(&connection, "sales").unwrap(), Some(wider));
    connection.execute_batch("INSERT INTO sales (id) VALUES (2); INSERT INTO log VALUES (2)").unwrap();
    assert_eq!(connection.query_row("SELECT count(*) FROM ids", [], |row| row.get(0)), Ok(2));
}

#[test]
fn rows_that_came_after_the_plan_are_not_lost() {
    let mut connection = Connection::open_in_memory().unwrap();
    let before = Shape { columns: vec![column("a", "string")], primary_key: Vec::new() };
    alter::create(&mut connection, "t", &before, TOKEN).unwrap();
    connection.execute_batch("INSERT INTO t VALUES (NULL)").unwrap();
    let after = Shape { columns: vec![Column { nullable: false, ..column("a", "string") }], primary_key: Vec::new() };
    let refused = alter::change(&mut connection, "t", "t", &after).unwrap_err();
    assert_eq!(
        refused.0[0].detail,
        "Column `a` becomes not nullable but is NULL in 1 row, so `t` was left as it is. Plan again."
    );
    assert_eq!(inspect::shape(&connection, "t").unwrap(), Some(before));
}
