//! Checksums of the closed database, so that a damaged one is refused before sled touches it.
//!
//! sled finds damage by its own checksums, but only as it reads, and by then it has begun to repair: it reuses free
//! segments as soon as it opens a file, and cuts off what it takes for the torn end of an interrupted write. So a store that
//! is closed in order leaves `sums.json` in its directory, and opening it holds every file against that first. After a
//! process was killed there are no sums: then the end may well be torn, and sled's repair is what is wanted.

use std::collections::BTreeMap;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use rustix::fs::{FlockOperation, flock};

use crate::store::StoreError;
use crate::store::exclusive::{sync_directory, write_atomically};

const SUMS: &str = "sums.json";
const DATABASE: &str = "db";

/// By path inside the directory: the BLAKE3 hash in hexadecimal.
type Sums = BTreeMap<String, String>;

/// Files as they were when their sums were taken: one that still looks the same needs no second reading.
pub(super) type Stamps = BTreeMap<String, Stamp>;

/// What a file looks like from outside, and its sum.
pub(super) struct Stamp {
    length: u64,
    modified: SystemTime,
    sum: String,
}

/// A file that was written more recently than this could be written again without a new time of change.
const SETTLED: Duration = Duration::from_secs(2);

/// Leaves the sums when it is dropped. Drop it after the database.
pub(super) struct SumsOnClose {
    pub(super) database: PathBuf,
    /// The files when the database was opened.
    pub(super) opened: Stamps,
}

impl Drop for SumsOnClose {
    fn drop(&mut self) {
        // Without sums the next one to open it just can't be as sure.
        drop(leave(&self.database, &self.opened));
    }
}

/// Holds the files against the sums that the last one to close them left, if any, and removes the sums: from here on the
/// files change. Answers how the files look now.
pub(super) fn verify(directory: &Path, database: &Path) -> Result<Stamps, StoreError> {
    let path = database.join(SUMS);
    if !path.exists() {
        return Ok(Stamps::new());
    }
    let file = database.join(DATABASE);
    if file.exists() && closed(&file, 1).is_none() {
        return Err(StoreError::InUse { directory: directory.into(), holder: None });
    }
    let corrupt = |reason: String| StoreError::Corrupt { directory: directory.into(), reason };
    let text = std::fs::read(&path).map_err(|error| StoreError::io("can't read", &path, &error))?;
    let expected: Sums =
        serde_json::from_slice(&text).map_err(|error| corrupt(format!("{SUMS} in it is damaged: {error}")))?;
    let found = stamps(database, &Stamps::new(), false)?;
    let sum_of = |name: &str| found.get(name).map(|stamp| &stamp.sum);
    let differs = expected.iter().find(|(name, sum)| sum_of(name) != Some(sum)).map(|(name, _)| name);
    if let Some(name) = differs.or_else(|| found.keys().find(|name| !expected.contains_key(*name))) {
        let what = match (expected.contains_key(name), found.contains_key(name)) {
            (true, true) => "is not as it was left",
            (true, false) => "is missing",
            (false, _) => "was not there when it was closed",
        };
        return Err(corrupt(format!("`state/{name}` {what}. Nothing was changed")));
    }
    std::fs::remove_file(&path).map_err(|error| StoreError::io("can't remove", &path, &error))?;
    // Before the files change: sums that come back with a power cut would condemn a sound database.
    sync_directory(database)?;
    Ok(found)
}

fn leave(database: &Path, opened: &Stamps) -> Result<(), StoreError> {
    // sled's last work may still be under way in its threads; they hold its lock on the file for as long.
    let Some(_lock) = closed(&database.join(DATABASE), 1000) else { return Ok(()) };
    let sums: Sums = stamps(database, opened, true)?.into_iter().map(|(name, stamp)| (name, stamp.sum)).collect();
    let text = serde_json::to_vec_pretty(&sums).map_err(|error| StoreError::Backend(error.to_string()))?;
    write_atomically(&database.join(SUMS), &text)
}

/// The database file, locked, once nobody else has it. Tries so many times, a millisecond apart.
fn closed(path: &Path, tries: u32) -> Option<File> {
    let file = File::open(path).ok()?;
    for last in (0..tries).rev() {
        if flock(&file, FlockOperation::NonBlockingLockExclusive).is_ok() {
            return Some(file);
        }
        if last > 0 {
            std::thread::sleep(Duration::from_millis(1));
        }
    }
    None
}

/// The files of a database with their sums. Those that look as they did before are not read again; with
/// `bring_to_medium`, the others are synced.
fn stamps(database: &Path, before: &Stamps, bring_to_medium: bool) -> Result<Stamps, StoreError> {
    let mut stamps = Stamps::new();
    let mut directories = vec![database.to_path_buf()];
    while let Some(directory) = directories.pop() {
        let failed = |error: &std::io::Error| StoreError::io("can't read", &directory, error);
        for entry in std::fs::read_dir(&directory).map_err(|error| failed(&error))? {
            let path = entry.map_err(|error| failed(&error))?.path();
            let name = path.strip_prefix(database).unwrap_or(&path).to_string_lossy().into_owned();
            if path.is_dir() {
                directories.push(path);
            } else if name != SUMS {
                let stamp = stamp(&path, before.get(&name), bring_to_medium);
                stamps.insert(name, stamp.map_err(|error| StoreError::io("can't read", &path, &error))?);
            }
        }
        if bring_to_medium {
            sync_directory(&directory)?;
        }
    }
    Ok(stamps)
}

fn stamp(path: &Path, before: Option<&Stamp>, bring_to_medium: bool) -> std::io::Result<Stamp> {
    let metadata = std::fs::metadata(path)?;
    let (length, modified) = (metadata.len(), metadata.modified()?);
    let is_settled = modified.elapsed().is_ok_and(|age| age > SETTLED);
    if let Some(same) = before.filter(|stamp| is_settled && stamp.length == length && stamp.modified == modified) {
        return Ok(Stamp { length, modified, sum: same.sum.clone() });
    }
    let mut file = File::open(path)?;
    let mut hasher = blake3::Hasher::new();
    hasher.update_reader(&mut file)?;
    if bring_to_medium {
        file.sync_all()?;
    }
    Ok(Stamp { length, modified, sum: hasher.finalize().to_hex().to_string() })
}
