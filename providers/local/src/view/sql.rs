//! A view in the database: made, read back and compared as text that layout doesn't change.

use mesh_provider::Failure;
use mesh_value::AttributePath;
use rusqlite::fallible_iterator::FallibleIterator;
use rusqlite::{Batch, Connection, OptionalExtension, Transaction};

use crate::table::inspect::kind;
use crate::warehouse::catalog::{self, Kind};
use crate::warehouse::connection::{begin, failure, identifier, message};

/// A view as the database has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ViewText {
    /// Its query; the whole CREATE statement where it says more than name and query.
    pub sql: String,
    /// The names of its columns; empty where its query doesn't work at present.
    pub columns: Vec<String>,
}

/// Creates a view. Does nothing where the creation with this token has already succeeded.
///
/// # Errors
/// Where something else has the name, or SQLite refuses the query: that one is about attribute `sql`.
pub fn create(connection: &mut Connection, name: &str, sql: &str, token: &str) -> Result<(), Failure> {
    let transaction = begin(connection)?;
    if let Some(kind) = standing(&transaction, name)? {
        let noted = catalog::note(&transaction, Kind::View, name).map_err(|error| reading(&error, name))?;
        if kind == "view" && noted.as_deref() == Some(token) {
            return Ok(());
        }
        return Err(Failure::new(
            "View already exists",
            format!(
                "The warehouse has a {kind} `{name}` that this resource did not make, so it is left alone. Choose another \
                 `name`, remove it, or take it over with `mesh import ADDRESS WAREHOUSE#{name}`."
            ),
        ));
    }
    define(&transaction, name, sql)?;
    catalog::set_note(&transaction, Kind::View, name, token)
        .and_then(|()| transaction.commit())
        .map_err(|error| failure(&error, &format!("Creating view `{name}`")))
}

/// Puts a view with a new name or query in the place of one, in one transaction: nobody sees the time between.
///
/// # Errors
/// As [`create`]; the view is then as it was.
pub fn change(connection: &mut Connection, from_name: &str, to_name: &str, sql: &str) -> Result<(), Failure> {
    let transaction = begin(connection)?;
    let doing = format!("Changing view `{from_name}`");
    transaction
        .execute_batch(&format!("DROP VIEW IF EXISTS {}", identifier(from_name)))
        .and_then(|()| catalog::rename(&transaction, Kind::View, from_name, to_name))
        .map_err(|error| failure(&error, &doing))?;
    define(&transaction, to_name, sql)?;
    transaction.commit().map_err(|error| failure(&error, &doing))
}

/// Removes a view. Does nothing where it is already gone.
///
/// # Errors
/// Where SQLite fails.
pub fn remove(connection: &mut Connection, name: &str) -> Result<(), Failure> {
    let transaction = begin(connection)?;
    transaction
        .execute_batch(&format!("DROP VIEW IF EXISTS {}", identifier(name)))
        .and_then(|()| catalog::forget(&transaction, Kind::View, name))
        .and_then(|()| transaction.commit())
        .map_err(|error| failure(&error, &format!("Deleting view `{name}`")))
}

/// The view of a name; `None` where there is none.
///
/// # Errors
/// Where SQLite fails.
pub fn read(connection: &Connection, name: &str) -> Result<Option<ViewText>, Failure> {
    let select = "SELECT sql FROM sqlite_master WHERE type = 'view' AND name = ?1 COLLATE NOCASE";
    let statement: Option<String> =
        connection.query_row(select, [name], |row| row.get(0)).optional().map_err(|error| reading(&error, name))?;
    Ok(statement.map(|statement| ViewText {
        sql: query_of(&statement, name),
        // A view whose tables were changed under it is still there; it only can't be read.
        columns: columns(connection, name).unwrap_or_default(),
    }))
}

/// The query in a form that layout doesn't change: white space outside quotes folded, no semicolon at the end.
#[must_use]
pub fn normalised(sql: &str) -> String {
    let mut folded = String::with_capacity(sql.len());
    let mut quote = None;
    for character in sql.trim().trim_end_matches(|end: char| end == ';' || end.is_whitespace()).chars() {
        match quote {
            Some(end) if character == end => quote = None,
            Some(_) => {}
            None => match character {
                '\'' | '"' | '`' => quote = Some(character),
                '[' => quote = Some(']'),
                _ if character.is_whitespace() => {
                    if !folded.ends_with(' ') {
                        folded.push(' ');
                    }
                    continue;
                }
                _ => {}
            },
        }
        folded.push(character);
    }
    folded
}

fn define(transaction: &Transaction<'_>, name: &str, sql: &str) -> Result<(), Failure> {
    if let Some(kind) = standing(transaction, name)? {
        return Err(Failure::new("View already exists", format!("The warehouse has a {kind} `{name}` already.")));
    }
    let refused = |error: &rusqlite::Error| match error.sqlite_error_code() {
        Some(rusqlite::ErrorCode::Unknown) | None => Failure::new(
            "Invalid SQL in a view",
            format!("SQLite refuses the query of view `{name}`: {}.", message(error)),
        )
        .at(&AttributePath::attr("sql")),
        Some(_) => failure(error, &format!("Creating view `{name}`")),
    };
    let query = sql.trim().trim_end_matches(|end: char| end == ';' || end.is_whitespace());
    let mut statements = Batch::new(transaction, query);
    let first = statements.next().map_err(|error| refused(&error))?;
    if first.is_none_or(|first| !first.readonly()) || !matches!(statements.next(), Ok(None)) {
        return Err(Failure::new(
            "Invalid SQL in a view",
            format!("The query of view `{name}` must be one SELECT statement."),
        )
        .at(&AttributePath::attr("sql")));
    }
    transaction
        .execute_batch(&format!("CREATE VIEW {} AS {query}", identifier(name)))
        .and_then(|()| columns(transaction, name))
        .map(|_| ())
        .map_err(|error| refused(&error))
}

/// Preparing a SELECT resolves every name in the view's query, which creating it doesn't.
fn columns(connection: &Connection, name: &str) -> rusqlite::Result<Vec<String>> {
    let statement = connection.prepare(&format!("SELECT * FROM {}", identifier(name)))?;
    Ok(statement.column_names().map(str::to_owned).collect())
}

fn standing(connection: &Connection, name: &str) -> Result<Option<String>, Failure> {
    kind(connection, name).map_err(|error| reading(&error, name))
}

fn reading(error: &rusqlite::Error, name: &str) -> Failure {
    failure(error, &format!("Reading view `{name}`"))
}

/// The query inside a CREATE VIEW statement that names nothing but the view.
fn query_of(statement: &str, name: &str) -> String {
    let words = |text: &str, word: &str| {
        let rest = text.trim_start();
        let head = rest.get(..word.len())?;
        head.eq_ignore_ascii_case(word).then(|| rest.get(word.len()..).unwrap_or_default().to_owned())
    };
    let after_create = words(statement, "CREATE").and_then(|rest| words(&rest, "VIEW"));
    let after_name = after_create.and_then(|rest| words(&rest, &identifier(name)).or_else(|| words(&rest, name)));
    let query = after_name.filter(|rest| rest.starts_with(char::is_whitespace)).and_then(|rest| words(&rest, "AS"));
    query.map_or_else(|| statement.to_owned(), |query| query.trim().to_owned())
}
