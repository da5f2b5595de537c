//! Opens warehouse files, one connection a file at a time, so that parallel applies never meet a lock of their own.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, LazyLock, Mutex, PoisonError};
use std::time::Duration;

use mesh_provider::{Failure, blocking};
use rusqlite::{Connection, ErrorCode, OpenFlags, OptionalExtension, Transaction, TransactionBehavior};

use super::catalog;

/// How long a statement waits for a lock that another program holds.
pub const BUSY_TIMEOUT: Duration = Duration::from_secs(30);

/// What a connection is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// Nothing is written: SQLite refuses statements that would.
    Read,
    /// Changes are made.
    Write,
}

/// Runs `work` on a connection to the warehouse at `path`, away from the async threads and after everyone else in this
/// program who works on the same file.
///
/// # Errors
/// Where there is no warehouse at `path`, it can't be opened, or `work` fails.
pub async fn with_warehouse<T: Send + 'static>(
    path: PathBuf,
    access: Access,
    work: impl FnOnce(&mut Connection) -> Result<T, Failure> + Send + 'static,
) -> Result<T, Failure> {
    match with_existing(path.clone(), access, work).await? {
        Some(result) => Ok(result),
        None => Err(Failure::new(
            "Warehouse not found",
            format!(
                "There is no file {}. Create it with a `local_warehouse` resource and refer to its `id`.",
                path.display()
            ),
        )),
    }
}

/// As [`with_warehouse`], but `None` where there is no file at `path`.
///
/// # Errors
/// Where the file can't be opened or `work` fails.
pub async fn with_existing<T: Send + 'static>(
    path: PathBuf,
    access: Access,
    work: impl FnOnce(&mut Connection) -> Result<T, Failure> + Send + 'static,
) -> Result<Option<T>, Failure> {
    in_turn(path, move |path| {
        if !path.exists() {
            return Ok(None);
        }
        let mut connection = open(path, access)?;
        work(&mut connection).map(Some)
    })
    .await
}

/// Runs `work` on a blocking thread while nobody else in this program works on the file at `path`.
///
/// # Errors
/// Where `work` fails.
pub async fn in_turn<T: Send + 'static>(
    path: PathBuf,
    work: impl FnOnce(&Path) -> Result<T, Failure> + Send + 'static,
) -> Result<T, Failure> {
    blocking(move || {
        let turn = turn_of(&path);
        let _held = turn.lock().unwrap_or_else(PoisonError::into_inner);
        work(&path)
    })
    .await
}

/// Opens an existing database file with the settings that everything in mesh works under: waiting for locks, foreign
/// keys held, and the warehouse's quota. Call it through [`with_warehouse`] unless the file's turn is already taken.
///
/// # Errors
/// Where the file is missing, may not be opened, or is not a SQLite database.
pub fn open(path: &Path, access: Access) -> Result<Connection, Failure> {
    let ready = || -> rusqlite::Result<Connection> {
        // Read-write also for reading: a read-only connection could not remove the write-ahead log that it leaves.
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = Connection::open_with_flags(path, flags)?;
        connection.busy_timeout(BUSY_TIMEOUT)?;
        connection.pragma_update(None, "foreign_keys", true)?;
        connection.pragma_update(None, "synchronous", "FULL")?;
        if let Some(quota) = catalog::quota(&connection)? {
            limit(&connection, quota)?;
        }
        if access == Access::Read {
            connection.pragma_update(None, "query_only", true)?;
        }
        Ok(connection)
    };
    ready().map_err(|error| failure(&error, &format!("Opening {}", path.display())))
}

/// Starts a transaction that holds the write lock from the beginning, so that waiting for it is done once and here.
///
/// # Errors
/// Where the lock can't be had in time.
pub fn begin(connection: &mut Connection) -> Result<Transaction<'_>, Failure> {
    connection
        .transaction_with_behavior(TransactionBehavior::Immediate)
        .map_err(|error| failure(&error, "Starting a transaction"))
}

/// Holds this connection to `quota` bytes of database file.
///
/// # Errors
/// Where SQLite refuses.
pub fn limit(connection: &Connection, quota: u64) -> rusqlite::Result<()> {
    let page_size: i64 = connection.pragma_query_value(None, "page_size", |row| row.get(0))?;
    let pages = (i64::try_from(quota).unwrap_or(i64::MAX) / page_size.max(1)).clamp(1, 4_294_967_294);
    connection
        .query_row(&format!("PRAGMA max_page_count = {pages}"), [], |row| row.get::<_, i64>(0))
        .optional()
        .map(|_| ())
}

/// What a user is told of an error that SQLite reports; `doing` starts the sentence: "Creating table `orders`".
#[must_use]
pub fn failure(error: &rusqlite::Error, doing: &str) -> Failure {
    let (summary, advice) = match error.sqlite_error_code() {
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => (
            "Warehouse in use",
            format!(
                "Another program held its lock for more than {} seconds: wait until that is done, then try again.",
                BUSY_TIMEOUT.as_secs()
            ),
        ),
        Some(ErrorCode::NotADatabase) => {
            ("Not a warehouse", "The file is not a SQLite database: check the path, or move the file away.".to_owned())
        }
        Some(ErrorCode::DatabaseCorrupt) => {
            ("Warehouse damaged", "Restore the file from a copy; nothing was changed.".to_owned())
        }
        Some(ErrorCode::DiskFull) => {
            ("Warehouse full", "Its `quota_bytes` is reached, or the disk is full. Nothing was changed.".to_owned())
        }
        Some(ErrorCode::CannotOpen | ErrorCode::PermissionDenied | ErrorCode::ReadOnly) => {
            ("Warehouse not accessible", "Check the permissions of the file and of its directory.".to_owned())
        }
        _ => ("Warehouse operation failed", String::new()),
    };
    Failure::new(summary, format!("{doing}: {}. {advice}", message(error)).trim_end())
}

/// SQLite's own words for an error, without the code and the statement.
#[must_use]
pub fn message(error: &rusqlite::Error) -> String {
    match error {
        rusqlite::Error::SqliteFailure(_, Some(text)) => text.clone(),
        rusqlite::Error::SqlInputError { msg, .. } => msg.clone(),
        other => other.to_string(),
    }
}

/// A name as SQLite takes it literally, whatever is in it.
#[must_use]
pub fn identifier(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// A text as a SQL literal.
#[must_use]
pub fn literal(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

fn turn_of(path: &Path) -> Arc<Mutex<()>> {
    static TURNS: LazyLock<Mutex<HashMap<PathBuf, Arc<Mutex<()>>>>> = LazyLock::new(Mutex::default);
    let mut turns = TURNS.lock().unwrap_or_else(PoisonError::into_inner);
    Arc::clone(turns.entry(path.to_path_buf()).or_default())
}
