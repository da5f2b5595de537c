use rusqlite::Connection;

use super::sql::{change, create, normalised, read, remove};

const TOKEN: &str = "00000000000000000000000000000001";

fn warehouse() -> Connection {
    let connection = Connection::open_in_memory().unwrap();
    connection.execute_batch("CREATE TABLE orders (id INTEGER, total REAL)").unwrap();
    connection
}

#[test]
fn views_are_created_changed_and_removed() {
    let mut connection = warehouse();
    create(&mut connection, "totals", "SELECT id, total FROM orders;\n", TOKEN).unwrap();
    create(&mut connection, "totals", "SELECT id, total FROM orders;\n", TOKEN).unwrap();
    let view = read(&connection, "totals").unwrap().unwrap();
    assert_eq!((view.sql.as_str(), view.columns), ("SELECT id, total FROM orders", vec!["id".into(), "total".into()]));

    change(&mut connection, "totals", "sums", "SELECT sum(total) AS total FROM orders").unwrap();
    assert_eq!(read(&connection, "totals").unwrap(), None);
    assert_eq!(read(&connection, "sums").unwrap().unwrap().columns, ["total"]);
    remove(&mut connection, "sums").unwrap();
    remove(&mut connection, "sums").unwrap();
    assert_eq!(read(&connection, "sums").unwrap(), None);
}

#[test]
fn queries_that_do_not_work_are_refused_at_sql_and_change_nothing() {
    let refused = [
        ("SELEC 1", "SQLite refuses the query of view `v`: near \"SELEC\": syntax error."),
        ("SELECT absent FROM orders", "SQLite refuses the query of view `v`: no such column: absent."),
        ("SELECT * FROM missing", "SQLite refuses the query of view `v`: no such table: missing."),
        ("SELECT 1; DROP TABLE orders", "The query of view `v` must be one SELECT statement."),
        ("DELETE FROM orders", "The query of view `v` must be one SELECT statement."),
        ("", "The query of view `v` must be one SELECT statement."),
    ];
    for (sql, detail) in refused {
        let mut connection = warehouse();
        create(&mut connection, "kept", "SELECT 1 AS one", TOKEN).unwrap();
        for failure in [
            create(&mut connection, "v", sql, TOKEN).unwrap_err(),
            change(&mut connection, "kept", "v", sql).unwrap_err(),
        ] {
            assert_eq!(failure.0[0].detail, detail);
            assert_eq!(failure.0[0].path, mesh_value::AttributePath::attr("sql"));
        }
        assert_eq!(read(&connection, "v").unwrap(), None);
        assert_eq!(read(&connection, "kept").unwrap().unwrap().sql, "SELECT 1 AS one");
    }
}

#[test]
fn layout_is_no_change_but_text_in_quotes_is() {
    assert_eq!(normalised("  SELECT  a,\n\tb FROM t ; \n"), "SELECT a, b FROM t");
    assert_eq!(normalised("SELECT 'a  b', \"c\n d\", [e  f]"), "SELECT 'a  b', \"c\n d\", [e  f]");
}

#[test]
fn views_made_by_others_are_read_as_they_are() {
    let connection = warehouse();
    connection
        .execute_batch(
            "CREATE VIEW plain AS\n  SELECT id FROM orders;
             CREATE TEMP VIEW passing AS SELECT 1;
             CREATE VIEW \"renamed\" (number) AS SELECT id FROM orders",
        )
        .unwrap();
    assert_eq!(read(&connection, "plain").unwrap().unwrap().sql, "SELECT id FROM orders");
    assert_eq!(read(&connection, "passing").unwrap(), None);
    let renamed = read(&connection, "renamed").unwrap().unwrap();
    assert_eq!(renamed.sql, "CREATE VIEW \"renamed\" (number) AS SELECT id FROM orders");
    assert_eq!(renamed.columns, ["number"]);
}
