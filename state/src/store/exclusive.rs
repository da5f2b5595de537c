//! One process at a time has the embedded store, and whoever must wait can read who that is.

use std::fs::{File, OpenOptions};
use std::io::Write;
use std::path::{Path, PathBuf};

use rustix::fs::{FlockOperation, flock};
use rustix::io::Errno;

use crate::LockInfo;
use crate::store::StoreError;

/// Held while the store is open. The mutual exclusion is `flock` on `state.lock`, which the kernel gives back however
/// the process ends; `state.lock.json` beside it only tells others who holds it. A note that its writer did not
/// live to remove is harmless: it is read only by those who were refused the `flock`.
pub(super) struct Exclusive {
    note: PathBuf,
    _lock: File,
}

impl Exclusive {
    /// Takes the directory for this process.
    ///
    /// # Errors
    /// [`StoreError::InUse`] where another process has it.
    pub(super) fn take(directory: &Path, holder: &LockInfo) -> Result<Self, StoreError> {
        let path = directory.join("state.lock");
        let note = directory.join("state.lock.json");
        let lock = OpenOptions::new()
            .create(true)
            .truncate(false)
            .write(true)
            .open(&path)
            .map_err(|error| StoreError::io("can't open", &path, &error))?;
        match flock(&lock, FlockOperation::NonBlockingLockExclusive) {
            Ok(()) => {}
            Err(Errno::WOULDBLOCK) => {
                return Err(StoreError::InUse { directory: directory.into(), holder: read_note(&note) });
            }
            Err(errno) => return Err(StoreError::io("can't lock", &path, &errno.into())),
        }
        let text = serde_json::to_vec_pretty(holder).map_err(|error| StoreError::Backend(error.to_string()))?;
        write_atomically(&note, &text)?;
        Ok(Self { note, _lock: lock })
    }
}

impl Drop for Exclusive {
    fn drop(&mut self) {
        // Runs before the lock is given back. A note that can't be removed is harmless, see above.
        drop(std::fs::remove_file(&self.note));
    }
}

fn read_note(path: &Path) -> Option<Box<LockInfo>> {
    serde_json::from_slice(&std::fs::read(path).ok()?).ok()
}

/// Writes a file so that others, and this process after a power cut, find either the old or the new content.
pub(crate) fn write_atomically(path: &Path, content: &[u8]) -> Result<(), StoreError> {
    let failed = |error: &std::io::Error| StoreError::io("can't write", path, error);
    let directory = match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    };
    let mut file = tempfile::NamedTempFile::new_in(directory).map_err(|error| failed(&error))?;
    file.write_all(content).map_err(|error| failed(&error))?;
    file.as_file().sync_data().map_err(|error| failed(&error))?;
    file.persist(path).map_err(|error| failed(&error.error))?;
    sync_directory(directory)
}

/// Makes new and renamed entries of a directory survive a power cut.
pub(super) fn sync_directory(directory: &Path) -> Result<(), StoreError> {
    File::open(directory)
        .and_then(|opened| opened.sync_all())
        .map_err(|error| StoreError::io("can't bring to the medium", directory, &error))
}
