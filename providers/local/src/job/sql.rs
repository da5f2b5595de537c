//! Runs a SQL script on a warehouse, with the files it loads, in one transaction.

use std::fs::File;
use std::io::Write;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use rusqlite::fallible_iterator::FallibleIterator as _;
use rusqlite::hooks::{AuthAction, AuthContext, Authorization};
use rusqlite::types::ValueRef;
use rusqlite::{Batch, Connection, Error};

use super::load::Load;
use super::outcome::{Broken, Limit, Output};
use crate::warehouse::connection::{begin, message};

/// How many steps of SQLite's machine pass between two looks at the time: some tens of microseconds.
const STEPS: i32 = 10_000;

/// What to run.
#[derive(Clone, Debug)]
pub struct SqlRun {
    /// The files to load first.
    pub loads: Vec<Load>,
    /// The statements.
    pub script: Option<String>,
    /// The query whose first row is handed on.
    pub result: Option<String>,
}

impl SqlRun {
    /// Runs it, and writes to `log` what was done.
    ///
    /// # Errors
    /// Where a file or a statement fails, or it takes too long. Nothing of it is kept then.
    pub fn run(&self, connection: &mut Connection, log: &mut File, limit: &Limit) -> Result<Output, Broken> {
        let scripted = Arc::new(AtomicBool::new(false));
        guard(connection, limit.clone(), Arc::clone(&scripted))
            .map_err(|error| Broken::because(format!("{}.", message(&error))))?;
        let done = self.in_transaction(connection, log, limit, &scripted);
        if let Err(broken) = &done {
            // A log that can't be written does not hide what went wrong.
            let _ = writeln!(log, "{}\nnothing was changed", broken.why);
        }
        done
    }

    fn in_transaction(
        &self,
        connection: &mut Connection,
        log: &mut File,
        limit: &Limit,
        scripted: &AtomicBool,
    ) -> Result<Output, Broken> {
        let transaction = begin(connection).map_err(|failure| Broken::because(failure.to_string()))?;
        for load in &self.loads {
            let rows = load.run(&transaction, limit).map_err(|why| ended(limit, why))?;
            note(log, &format!("loaded {rows} rows into {} from {}", load.table, load.source.display()))?;
        }
        scripted.store(true, Ordering::Relaxed);
        let script = self.script.as_deref().unwrap_or_default();
        execute(&transaction, script, log).map_err(|why| ended(limit, why))?;
        let output = match &self.result {
            Some(query) => first_row(&transaction, query)
                .map_err(|error| ended(limit, format!("`result_sql` failed: {}.", message(&error))))?,
            None => Output::new(),
        };
        scripted.store(false, Ordering::Relaxed);
        transaction.commit().map_err(|error| ended(limit, format!("Committing failed: {}.", message(&error))))?;
        note(log, "committed")?;
        Ok(output)
    }
}

/// Lets SQLite break off in time, and refuses what would end the transaction half way or reach other files.
fn guard(connection: &mut Connection, limit: Limit, scripted: Arc<AtomicBool>) -> rusqlite::Result<()> {
    connection.progress_handler(STEPS, Some(move || limit.reached().is_some()))?;
    connection.authorizer(Some(move |context: AuthContext<'_>| match context.action {
        AuthAction::Transaction { .. } | AuthAction::Attach { .. } | AuthAction::Detach { .. }
            if scripted.load(Ordering::Relaxed) =>
        {
            Authorization::Deny
        }
        _ => Authorization::Allow,
    }))
}

/// Executes statement by statement, so that a failure can name its own.
fn execute(connection: &Connection, script: &str, log: &mut File) -> Result<(), String> {
    let mut batch = Batch::new(connection, script);
    let mut number = 0;
    loop {
        number += 1;
        let mut statement = match batch.next() {
            Ok(Some(statement)) => statement,
            Ok(None) => return Ok(()),
            Err(error) => return Err(refused(number, script, &error)),
        };
        let text = statement.expanded_sql().unwrap_or_default();
        let before = connection.total_changes();
        let mut rows = statement.raw_query();
        loop {
            match rows.next() {
                Ok(Some(_)) => {}
                Ok(None) => break,
                Err(error) => return Err(format!("Statement {number} of `sql` failed: {}.\n{text}", message(&error))),
            }
        }
        let changed = connection.total_changes() - before;
        let first = text.lines().next().unwrap_or_default();
        note(log, &format!("statement {number}: {changed} rows changed: {first}")).map_err(|broken| broken.why)?;
    }
}

/// A statement that SQLite does not accept, with the line of the script where it stumbles.
fn refused(number: usize, script: &str, error: &Error) -> String {
    let words = message(error);
    if words.contains("not authorized") {
        return format!(
            "Statement {number} of `sql` is not allowed: a job runs in one transaction of one file, so its script \
             can't begin or end a transaction, attach or detach. Remove the statement."
        );
    }
    let line = match error {
        Error::SqlInputError { sql, offset, .. } => usize::try_from(*offset)
            .ok()
            .and_then(|offset| script.get(..script.len().checked_sub(sql.len())?.checked_add(offset)?))
            .map(|before| format!(" (line {})", before.matches('\n').count() + 1)),
        _ => None,
    };
    format!("Statement {number} of `sql`{} is not valid: {words}.", line.unwrap_or_default())
}

/// The first row by column name, as text: numbers as SQLite writes them, bytes in hexadecimal digits. Without a row,
/// nothing.
fn first_row(connection: &Connection, query: &str) -> rusqlite::Result<Output> {
    let mut statement = connection.prepare(query)?;
    let names: Vec<String> = statement.column_names().map(str::to_owned).collect();
    let mut rows = statement.raw_query();
    let Some(row) = rows.next()? else { return Ok(Output::new()) };
    names
        .into_iter()
        .enumerate()
        .map(|(index, name)| {
            let text = match row.get_ref(index)? {
                ValueRef::Null => None,
                ValueRef::Integer(number) => Some(number.to_string()),
                ValueRef::Real(number) => Some(number.to_string()),
                ValueRef::Text(text) => Some(String::from_utf8_lossy(text).into_owned()),
                ValueRef::Blob(bytes) => Some(hex::encode(bytes)),
            };
            Ok((name, text))
        })
        .collect()
}

/// The time limit explains an interruption better than SQLite does.
fn ended(limit: &Limit, why: String) -> Broken {
    match limit.reached() {
        Some(reached) => Broken { why: reached, exit_status: 124 },
        None => Broken::because(why),
    }
}

fn note(log: &mut File, line: &str) -> Result<(), Broken> {
    writeln!(log, "{line}").map_err(|error| Broken::because(format!("The log can't be written: {error}.")))
}
