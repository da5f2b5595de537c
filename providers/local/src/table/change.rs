//! Decides whether a table can take a new shape with every stored row and value, and says what stands in the way.

use mesh_provider::Failure;
use rusqlite::Connection;

use super::column::{Column, Shape};
use super::column_type::ColumnType;
use super::inspect::{count, row_count};
use crate::warehouse::connection::identifier;

/// A difference that the stored rows don't survive, so that the table must be made anew.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Obstacle {
    /// The attribute that differs: `columns` or `primary_key`.
    pub attribute: &'static str,
    /// What is in the way, without a full stop: "Column `note` is not declared".
    pub what: String,
}

/// What a change of shape means for what is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// How many rows are stored now.
    pub rows: u64,
    /// Empty where the table can take the new shape in place.
    pub obstacles: Vec<Obstacle>,
}

/// Compares a table with the shape that it shall have. A change is possible in place exactly where each row keeps each
/// of its values and all of them are valid under the new types, nullability and key.
///
/// # Errors
/// Where SQLite fails.
pub fn judge(connection: &Connection, table: &str, from: &Shape, to: &Shape) -> Result<Verdict, Failure> {
    let rows = row_count(connection, table)?;
    let mut obstacles = Vec::new();
    let mut object = |attribute, what| obstacles.push(Obstacle { attribute, what });

    for column in from.columns.iter().filter(|column| to.column(&column.name).is_none()) {
        object("columns", format!("Column `{}` is not declared", column.name));
    }
    for column in &to.columns {
        let what = match from.column(&column.name) {
            None => missing_value(column, rows),
            Some(before) => unfit_values(connection, table, before, column)?,
        };
        if let Some(what) = what {
            object("columns", what);
        }
    }
    if !to.primary_key.is_empty() && !from.has_key_of(to) {
        let stored = to.primary_key.iter().all(|name| from.column(name).is_some());
        if let Some(what) = if stored { repeated_keys(connection, table, to)? } else { None } {
            object("primary_key", what);
        }
    }
    Ok(Verdict { rows, obstacles })
}

fn missing_value(column: &Column, rows: u64) -> Option<String> {
    let fits = rows == 0 || column.nullable || column.default.is_some();
    (!fits).then(|| format!("New column `{}` is not nullable and has no default for the rows that exist", column.name))
}

fn unfit_values(
    connection: &Connection,
    table: &str,
    before: &Column,
    after: &Column,
) -> Result<Option<String>, Failure> {
    let name = identifier(&before.name);
    let from_where = |condition: &str| format!("SELECT count(*) FROM {} WHERE {condition}", identifier(table));
    if before.nullable && !after.nullable {
        let nulls = count(connection, &from_where(&format!("{name} IS NULL")), table)?;
        if nulls > 0 {
            return Ok(Some(format!(
                "Column `{}` becomes not nullable but is NULL in {}",
                after.name,
                counted(nulls, "row")
            )));
        }
    }
    if before.ty == after.ty {
        return Ok(None);
    }
    let Some(check) = after.ty.check(&converted(&after.ty, &name)) else { return Ok(None) };
    let unfit = count(connection, &from_where(&format!("NOT coalesce({check}, 1)")), table)?;
    Ok((unfit > 0).then(|| {
        format!(
            "Column `{}` changes from {} to {}, which {} not fit",
            after.name,
            before.ty,
            after.ty,
            if unfit == 1 { "1 stored value does".to_owned() } else { format!("{unfit} stored values do") },
        )
    }))
}

/// The stored value as its new column will store it. Only one type converts: integers that a float holds exactly.
fn converted(ty: &ColumnType, name: &str) -> String {
    if *ty == ColumnType::Number {
        format!("iif(typeof({name}) = 'integer' AND abs({name}) <= 9007199254740992, CAST({name} AS REAL), {name})")
    } else {
        name.to_owned()
    }
}

fn repeated_keys(connection: &Connection, table: &str, to: &Shape) -> Result<Option<String>, Failure> {
    let key: Vec<_> = to.primary_key.iter().map(|name| identifier(name)).collect();
    let key = key.join(", ");
    let select =
        format!("SELECT count(*) FROM (SELECT 1 FROM {} GROUP BY {key} HAVING count(*) > 1)", identifier(table));
    let repeated = count(connection, &select, table)?;
    Ok((repeated > 0).then(|| {
        format!(
            "The new primary key ({}) does not tell rows apart, as {} more than once",
            to.primary_key.join(", "),
            if repeated == 1 { "1 key occurs".to_owned() } else { format!("{repeated} keys occur") },
        )
    }))
}

/// "1 row", "3 rows"
pub fn counted(number: u64, noun: &str) -> String {
    if number == 1 { format!("1 {noun}") } else { format!("{number} {noun}s") }
}
