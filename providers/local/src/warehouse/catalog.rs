//! The one table that mesh keeps in a warehouse: which object which creation made, and the quota.

use rusqlite::{Connection, OptionalExtension};

/// The catalog's table; not counted among the warehouse's own.
pub const TABLE: &str = "_mesh_catalog";

/// What an entry is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// The database file itself; its name is empty.
    Warehouse,
    /// A table.
    Table,
    /// A view.
    View,
    /// The most bytes that the file may take; its name is empty.
    Quota,
}

impl Kind {
    const fn key(self) -> &'static str {
        match self {
            Self::Warehouse => "warehouse",
            Self::Table => "table",
            Self::View => "view",
            Self::Quota => "quota",
        }
    }
}

/// What is noted for an object: the token of the creation that made it, or the quota's number.
///
/// # Errors
/// Where SQLite fails.
pub fn note(connection: &Connection, kind: Kind, name: &str) -> rusqlite::Result<Option<String>> {
    if !exists(connection)? {
        return Ok(None);
    }
    let select = format!("SELECT value FROM {TABLE} WHERE kind = ?1 AND name = ?2");
    connection.query_row(&select, [kind.key(), name], |row| row.get(0)).optional()
}

/// Notes something for an object, in place of what was noted before.
///
/// # Errors
/// Where SQLite fails.
pub fn set_note(connection: &Connection, kind: Kind, name: &str, value: &str) -> rusqlite::Result<()> {
    connection.execute_batch(&format!(
        "CREATE TABLE IF NOT EXISTS {TABLE} (
           kind TEXT NOT NULL, name TEXT NOT NULL COLLATE NOCASE, value TEXT NOT NULL, PRIMARY KEY (kind, name)
         ) WITHOUT ROWID"
    ))?;
    let insert = format!("INSERT OR REPLACE INTO {TABLE} (kind, name, value) VALUES (?1, ?2, ?3)");
    connection.execute(&insert, [kind.key(), name, value]).map(|_| ())
}

/// Removes what is noted for an object.
///
/// # Errors
/// Where SQLite fails.
pub fn forget(connection: &Connection, kind: Kind, name: &str) -> rusqlite::Result<()> {
    if !exists(connection)? {
        return Ok(());
    }
    let delete = format!("DELETE FROM {TABLE} WHERE kind = ?1 AND name = ?2");
    connection.execute(&delete, [kind.key(), name]).map(|_| ())
}

/// Moves what is noted for an object to its new name.
///
/// # Errors
/// Where SQLite fails.
pub fn rename(connection: &Connection, kind: Kind, from: &str, to: &str) -> rusqlite::Result<()> {
    if let Some(value) = note(connection, kind, from)? {
        forget(connection, kind, from)?;
        set_note(connection, kind, to, &value)?;
    }
    Ok(())
}

/// The most bytes that the file may take.
///
/// # Errors
/// Where SQLite fails.
pub fn quota(connection: &Connection) -> rusqlite::Result<Option<u64>> {
    Ok(note(connection, Kind::Quota, "")?.and_then(|text| text.parse().ok()))
}

fn exists(connection: &Connection) -> rusqlite::Result<bool> {
    connection
        .query_row("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?1", [TABLE], |_| Ok(()))
        .optional()
        .map(|found| found.is_some())
}
