//! Reads from the database what a table really is.

use mesh_provider::Failure;
use rusqlite::{Connection, OptionalExtension};

use super::column::{Column, Shape};
use super::column_type::ColumnType;
use crate::warehouse::connection::{failure, identifier};

/// The shape of a table; `None` where there is no table of that name.
///
/// # Errors
/// Where SQLite fails.
pub fn shape(connection: &Connection, table: &str) -> Result<Option<Shape>, Failure> {
    let read = || -> rusqlite::Result<Option<Shape>> {
        if kind(connection, table)?.as_deref() != Some("table") {
            return Ok(None);
        }
        let mut statement = connection
            .prepare("SELECT name, type, \"notnull\", dflt_value, pk FROM pragma_table_xinfo(?1) ORDER BY cid")?;
        let mut key: Vec<(i64, String)> = Vec::new();
        let mut columns = Vec::new();
        let mut rows = statement.query([table])?;
        while let Some(row) = rows.next()? {
            let column = Column {
                name: row.get(0)?,
                ty: ColumnType::from_declared(&row.get::<_, String>(1)?),
                nullable: !row.get::<_, bool>(2)?,
                default: row.get(3)?,
            };
            match row.get(4)? {
                0 => {}
                place => key.push((place, column.name.clone())),
            }
            columns.push(column);
        }
        key.sort();
        Ok(Some(Shape { columns, primary_key: key.into_iter().map(|(_, name)| name).collect() }))
    };
    read().map_err(|error| failure(&error, &format!("Reading table `{table}`")))
}

/// What stands in the database under a name: `table`, `view`, `index` or `trigger`.
///
/// # Errors
/// Where SQLite fails.
pub fn kind(connection: &Connection, name: &str) -> rusqlite::Result<Option<String>> {
    let select = "SELECT type FROM sqlite_master WHERE name = ?1 COLLATE NOCASE";
    connection.query_row(select, [name], |row| row.get(0)).optional()
}

/// How many rows a table has.
///
/// # Errors
/// Where SQLite fails.
pub fn row_count(connection: &Connection, table: &str) -> Result<u64, Failure> {
    count(connection, &format!("SELECT count(*) FROM {}", identifier(table)), table)
}

/// The number that a query for a table yields.
///
/// # Errors
/// Where SQLite fails.
pub fn count(connection: &Connection, select: &str, table: &str) -> Result<u64, Failure> {
    connection
        .query_row(select, [], |row| row.get(0))
        .map(i64::unsigned_abs)
        .map_err(|error| failure(&error, &format!("Counting rows of table `{table}`")))
}
