//! Gives tables their shape: creation, and changes in place that keep every row.

use mesh_provider::Failure;
use rusqlite::{Connection, Transaction};

use super::change::{counted, judge};
use super::column::{Column, Shape};
use super::inspect;
use crate::warehouse::catalog::{self, Kind};
use crate::warehouse::connection::{begin, failure, identifier};

/// Creates a table. Does nothing where the creation with this token has already succeeded.
///
/// # Errors
/// Where something else has the name, or SQLite fails.
pub fn create(connection: &mut Connection, table: &str, shape: &Shape, token: &str) -> Result<(), Failure> {
    let doing = format!("Creating table `{table}`");
    let transaction = begin(connection)?;
    if let Some(kind) = inspect::kind(&transaction, table).map_err(|error| failure(&error, &doing))? {
        let noted = catalog::note(&transaction, Kind::Table, table).map_err(|error| failure(&error, &doing))?;
        if kind == "table" && noted.as_deref() == Some(token) {
            return Ok(());
        }
        return Err(Failure::new(
            "Table already exists",
            format!(
                "The warehouse has a {kind} `{table}` that this resource did not make, so it is left alone. Choose another \
                 `name`, remove it, or take it over with `mesh import ADDRESS WAREHOUSE#{table}`."
            ),
        ));
    }
    let work = || -> rusqlite::Result<()> {
        transaction.execute_batch(&shape.create_sql(table))?;
        catalog::set_note(&transaction, Kind::Table, table, token)?;
        transaction.commit()
    };
    work().map_err(|error| failure(&error, &doing))
}

/// Gives an existing table another name or shape, in one transaction.
///
/// # Errors
/// Where a stored row would not survive, the new name is taken, or SQLite fails; the table is then as it was.
pub fn change(connection: &mut Connection, from_name: &str, to_name: &str, to: &Shape) -> Result<(), Failure> {
    let set = |connection: &Connection, pragma: &str, value: bool| {
        connection
            .pragma_update(None, pragma, value)
            .map_err(|error| failure(&error, &format!("Changing table `{from_name}`")))
    };
    // Removing the old form of a rebuilt table must not delete the rows that refer to its rows.
    set(connection, "foreign_keys", false)?;
    let result = begin(connection).and_then(|transaction| {
        if from_name != to_name {
            rename(&transaction, from_name, to_name)?;
        }
        // Views and triggers keep the table's name while a rebuild has it vanish for a moment.
        set(&transaction, "legacy_alter_table", true)?;
        reshape(transaction, to_name, to)
    });
    set(connection, "legacy_alter_table", false)?;
    set(connection, "foreign_keys", true)?;
    result
}

/// Removes a table with its rows. Does nothing where it is already gone.
///
/// # Errors
/// Where it holds rows and `allow_data_loss` is not set, or SQLite fails.
pub fn remove(connection: &mut Connection, table: &str, allow_data_loss: bool) -> Result<(), Failure> {
    let transaction = begin(connection)?;
    if inspect::shape(&transaction, table)?.is_some() && !allow_data_loss {
        let rows = inspect::row_count(&transaction, table)?;
        if rows > 0 {
            return Err(Failure::new(
                "Table not empty",
                format!(
                    "Table `{table}` still holds {}. To delete it with them, set `allow_data_loss = true` on it, apply, \
                     and try again.",
                    counted(rows, "row")
                ),
            ));
        }
    }
    let work = || -> rusqlite::Result<()> {
        transaction.execute_batch(&format!("DROP TABLE IF EXISTS {}", identifier(table)))?;
        catalog::forget(&transaction, Kind::Table, table)?;
        transaction.commit()
    };
    work().map_err(|error| failure(&error, &format!("Deleting table `{table}`")))
}

fn rename(transaction: &Transaction<'_>, from: &str, to: &str) -> Result<(), Failure> {
    transaction
        .execute_batch(&format!("ALTER TABLE {} RENAME TO {}", identifier(from), identifier(to)))
        .and_then(|()| catalog::rename(transaction, Kind::Table, from, to))
        .map_err(|error| failure(&error, &format!("Renaming table `{from}` to `{to}`")))
}

fn reshape(transaction: Transaction<'_>, table: &str, to: &Shape) -> Result<(), Failure> {
    let doing = format!("Changing table `{table}`");
    let Some(from) = inspect::shape(&transaction, table)? else {
        return Err(Failure::new(
            "Table not found",
            format!("Table `{table}` was removed after it was planned. Plan again: it will be created."),
        ));
    };
    let verdict = judge(&transaction, table, &from, to)?;
    if let Some(obstacle) = verdict.obstacles.first() {
        return Err(Failure::new(
            "Table changed since it was planned",
            format!("{}, so `{table}` was left as it is. Plan again.", obstacle.what),
        ));
    }
    let work = || -> rusqlite::Result<()> {
        match appended(&from, to) {
            Some(columns) => {
                for column in columns {
                    let definition = column.definition();
                    transaction.execute_batch(&format!("ALTER TABLE {} ADD COLUMN {definition}", identifier(table)))?;
                }
            }
            None => rebuild(&transaction, table, &from, to)?,
        }
        transaction.commit()
    };
    work().map_err(|error| failure(&error, &doing))
}

/// The new columns, where they all follow unchanged ones; SQLite adds such columns without touching a row.
fn appended<'a>(from: &Shape, to: &'a Shape) -> Option<&'a [Column]> {
    let (kept, new) = to.columns.split_at_checked(from.columns.len())?;
    let addable = new.iter().all(|column| column.nullable || column.default.is_some());
    (kept == from.columns && from.has_key_of(to) && addable).then_some(new)
}

/// Makes the table anew beside the old one, copies the rows, and puts it in the old one's place with its indexes and
/// triggers: the procedure that SQLite's documentation gives for changes that ALTER TABLE can't make.
fn rebuild(transaction: &Transaction<'_>, table: &str, from: &Shape, to: &Shape) -> rusqlite::Result<()> {
    let mut statement = transaction.prepare(
        "SELECT sql FROM sqlite_master
         WHERE tbl_name = ?1 COLLATE NOCASE AND type IN ('index', 'trigger') AND sql IS NOT NULL ORDER BY type, name",
    )?;
    let dependents = statement.query_map([table], |row| row.get(0))?.collect::<Result<Vec<String>, _>>()?;
    let draft = format!("_mesh_rebuilt_{table}");
    let kept: Vec<_> = to
        .columns
        .iter()
        .filter(|column| from.column(&column.name).is_some())
        .map(|column| identifier(&column.name))
        .collect();
    let (old, new, kept) = (identifier(table), identifier(&draft), kept.join(", "));
    transaction.execute_batch(&to.create_sql(&draft))?;
    if !kept.is_empty() {
        transaction.execute_batch(&format!("INSERT INTO {new} ({kept}) SELECT {kept} FROM {old}"))?;
    }
    transaction.execute_batch(&format!("DROP TABLE {old}; ALTER TABLE {new} RENAME TO {old}"))?;
    for sql in dependents {
        transaction.execute_batch(&sql)?;
    }
    // Fails where a foreign key of another table no longer finds its key here. Rows that it yields were wrong before.
    transaction.prepare("PRAGMA foreign_key_check")?.query([])?.next().map(|_| ())
}
