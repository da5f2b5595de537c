//! The database file's life: made whole or not at all, changed, and removed only when nothing of value is in it.

use std::ffi::OsString;
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use mesh_provider::Failure;
use rusqlite::Connection;

use super::catalog::{self, Kind};
use super::connection::{self, Access, failure, identifier};
use crate::paths;

/// Marks database files that mesh made, in SQLite's header: "mesh" in ASCII.
const APPLICATION_ID: i32 = 0x6d65_7368;

/// How readers and writers of a warehouse get along.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Journal {
    /// Readers go on while a job writes. Needs a local file system and readers who may write beside the file.
    WriteAhead,
    /// Readers wait while a job commits. Works on network file systems and for readers with read permission only.
    Rollback,
}

impl Journal {
    /// The journal of a name in configuration: `wal` or `delete`.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        match name {
            "wal" => Some(Self::WriteAhead),
            "delete" => Some(Self::Rollback),
            _ => None,
        }
    }

    /// Its name in configuration, which is SQLite's.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::WriteAhead => "wal",
            Self::Rollback => "delete",
        }
    }
}

/// What can be set on a warehouse and changed in place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Settings {
    /// How readers and writers get along.
    pub journal: Journal,
    /// The most bytes that the file may take.
    pub quota: Option<u64>,
}

/// Makes the database file under a temporary name, syncs it, and gives it its own name only then: what stands at `path`
/// is always complete. Does nothing where the creation with this token has already succeeded.
///
/// # Errors
/// Where another file is at `path`, or the file can't be written.
pub fn create(path: &Path, settings: Settings, token: &str) -> Result<(), Failure> {
    if path.exists() {
        return if is_made_by(path, token)? { Ok(()) } else { Err(occupied(path)) };
    }
    let parent = parent_of(path);
    fs::create_dir_all(&parent).map_err(|error| paths::failure("create the directory", &parent, &error))?;
    abandon(path, token)?;
    let draft = draft_of(path, token);

    let fill = || -> rusqlite::Result<()> {
        let connection = Connection::open(&draft)?;
        connection.pragma_update(None, "application_id", APPLICATION_ID)?;
        catalog::set_note(&connection, Kind::Warehouse, "", token)?;
        note_settings(&connection, settings)?;
        connection.close().map_err(|(_, error)| error)
    };
    fill().map_err(|error| failure(&error, &format!("Creating {}", path.display())))?;

    let publish = || -> io::Result<()> {
        File::open(&draft)?.sync_all()?;
        paths::move_without_replacing(&draft, path)?;
        paths::sync_directory(&parent)
    };
    publish().map_err(|error| match error.kind() {
        io::ErrorKind::AlreadyExists => occupied(path),
        _ => paths::failure("create the warehouse", path, &error),
    })
}

/// Removes what an interrupted creation with this token left half made.
///
/// # Errors
/// Where it can't be removed.
pub fn abandon(path: &Path, token: &str) -> Result<(), Failure> {
    let draft = draft_of(path, token);
    remove_all(&draft).map_err(|error| paths::failure("clear the unfinished warehouse", &draft, &error))
}

/// Whether the file at `path` came from the creation with this token.
///
/// # Errors
/// Where the file can't be opened as a database.
pub fn is_made_by(path: &Path, token: &str) -> Result<bool, Failure> {
    let connection = match connection::open(path, Access::Read) {
        Ok(connection) => connection,
        Err(_) if !path.is_file() || !starts_as_database(path) => return Ok(false),
        Err(error) => return Err(error),
    };
    let noted = catalog::note(&connection, Kind::Warehouse, "")
        .map_err(|error| failure(&error, &format!("Reading {}", path.display())))?;
    Ok(noted.as_deref() == Some(token))
}

/// The settings that a database file has.
///
/// # Errors
/// Where SQLite fails.
pub fn settings(connection: &Connection) -> Result<Settings, Failure> {
    let read = || -> rusqlite::Result<Settings> {
        let journal: String = connection.pragma_query_value(None, "journal_mode", |row| row.get(0))?;
        // SQLite's other rollback journals differ only in how they clean up.
        let journal = Journal::from_name(&journal).unwrap_or(Journal::Rollback);
        Ok(Settings { journal, quota: catalog::quota(connection)? })
    };
    read().map_err(|error| failure(&error, "Reading the warehouse's settings"))
}

/// Brings the settings of an existing database file to the wanted ones.
///
/// # Errors
/// Where another program uses the file, or it is already larger than the quota.
pub fn change_settings(connection: &Connection, settings: Settings) -> Result<(), Failure> {
    let size = connection
        .query_row("SELECT page_count * page_size FROM pragma_page_count, pragma_page_size", [], |row| row.get(0))
        .map(i64::unsigned_abs)
        .map_err(|error| failure(&error, "Reading the warehouse's size"))?;
    if let Some(quota) = settings.quota.filter(|quota| *quota < size) {
        return Err(Failure::new(
            "Quota too small",
            format!("The warehouse already takes {size} bytes, more than `quota_bytes` = {quota}."),
        ));
    }
    note_settings(connection, settings).map_err(|error| failure(&error, "Changing the warehouse's settings"))
}

/// The names of a warehouse's tables that hold at least one row, sorted.
///
/// # Errors
/// Where SQLite fails.
pub fn filled_tables(connection: &Connection) -> Result<Vec<String>, Failure> {
    let list = || -> rusqlite::Result<Vec<String>> {
        let mut statement = connection.prepare(
            "SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table'
             AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' AND name <> ?1 ORDER BY name",
        )?;
        let names = statement.query_map([catalog::TABLE], |row| row.get(0))?.collect::<Result<Vec<String>, _>>()?;
        let mut filled = Vec::new();
        for name in names {
            let select = format!("SELECT EXISTS (SELECT 1 FROM {})", identifier(&name));
            if connection.query_row(&select, [], |row| row.get(0))? {
                filled.push(name);
            }
        }
        Ok(filled)
    };
    list().map_err(|error| failure(&error, "Listing the warehouse's tables"))
}

/// Removes the database file and what SQLite keeps beside it. Does nothing where it is already gone.
///
/// # Errors
/// Where tables hold rows and `force` is not set, another program uses the file, or it can't be removed.
pub fn delete(path: &Path, force: bool) -> Result<(), Failure> {
    if path.exists() {
        match connection::open(path, Access::Write) {
            Ok(mut connection) => {
                // Waits for everyone who still works on it, and closing it afterwards folds the write-ahead log in.
                drop(connection::begin(&mut connection)?);
                let filled = filled_tables(&connection)?;
                if !force && !filled.is_empty() {
                    return Err(still_filled(path, &filled));
                }
            }
            Err(_) if force => {}
            Err(error) => return Err(error),
        }
    }
    remove_all(path).map_err(|error| paths::failure("delete the warehouse", path, &error))?;
    let parent = parent_of(path);
    if parent.exists() {
        paths::sync_directory(&parent).map_err(|error| paths::failure("sync the directory", &parent, &error))?;
    }
    Ok(())
}

fn note_settings(connection: &Connection, settings: Settings) -> rusqlite::Result<()> {
    match settings.quota {
        Some(quota) => {
            catalog::set_note(connection, Kind::Quota, "", &quota.to_string())?;
            connection::limit(connection, quota)?;
        }
        None => catalog::forget(connection, Kind::Quota, "")?,
    }
    connection.pragma_update_and_check(None, "journal_mode", settings.journal.name(), |_| Ok(()))
}

fn still_filled(path: &Path, filled: &[String]) -> Failure {
    let shown: Vec<_> = filled.iter().take(5).map(|name| format!("`{name}`")).collect();
    let more =
        if filled.len() > shown.len() { format!(" and {} more", filled.len() - shown.len()) } else { String::new() };
    Failure::new(
        "Warehouse not empty",
        format!(
            "{} still holds rows in {}{more}. To delete it with everything in it, set `force_destroy = true`, apply, and \
             try again.",
            path.display(),
            shown.join(", "),
        ),
    )
}

fn occupied(path: &Path) -> Failure {
    Failure::new(
        "File already exists",
        format!(
            "{0} exists and was not made by this resource, so it is left alone. Choose another `path`, move the file away, \
             or take the warehouse over with `mesh import ADDRESS {0}`.",
            path.display()
        ),
    )
}

fn starts_as_database(path: &Path) -> bool {
    let mut header = [0; 16];
    let read = File::open(path).and_then(|mut file| io::Read::read_exact(&mut file, &mut header));
    read.is_ok() && &header == b"SQLite format 3\0"
}

/// The file first: without it, what lies beside it means nothing.
fn remove_all(path: &Path) -> io::Result<()> {
    for suffix in ["", "-journal", "-wal", "-shm"] {
        match fs::remove_file(with_suffix(path, suffix)) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
    }
    Ok(())
}

fn draft_of(path: &Path, token: &str) -> PathBuf {
    with_suffix(path, &format!(".{token}.new"))
}

fn with_suffix(path: &Path, suffix: &str) -> PathBuf {
    let mut name = OsString::from(path);
    name.push(suffix);
    PathBuf::from(name)
}

fn parent_of(path: &Path) -> PathBuf {
    path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or_else(|| Path::new(".")).to_path_buf()
}
