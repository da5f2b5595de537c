//! The default store: sled in a directory beside the configuration, for one process at a time.

use std::fs::File;
use std::panic::AssertUnwindSafe;
use std::path::{Path, PathBuf};
use std::time::Duration;

use async_trait::async_trait;

use crate::LockInfo;
use crate::store::committer::{Committer, Durability, Fdatasync};
use crate::store::exclusive::{Exclusive, sync_directory};
use crate::store::sums::{SumsOnClose, verify};
use crate::store::{Batch, StateStore, StoreError};
use crate::wait::retry_until;

/// Records in a sled database at `DIRECTORY/state`, with `state.lock` and `state.lock.json` beside it.
///
/// Each commit is flushed, and then brought to the medium with `fdatasync`; commits that wait at the same time share
/// both. sled reuses a segment of its file once the segment's records were rewritten elsewhere and flushed, and does not
/// wait for `fdatasync` in between. On a device that reorders writes across its cache, a power cut in just that moment
/// could damage the file, and damage near the end of a file that was not closed looks to sled like an interrupted write,
/// which it drops. Against both, the JSON copy that every apply leaves beside the store is the way back; the trait is
/// what a successor takes over.
pub struct EmbeddedStore {
    // Fields drop in this order: answer what waits, close the database, leave its sums, let others in.
    committer: Committer,
    db: sled::Db,
    directory: PathBuf,
    _sums: SumsOnClose,
    _exclusive: Exclusive,
}

impl EmbeddedStore {
    /// Opens or creates the store in `directory`, which others see as held by `holder` until it is dropped. Waits up to
    /// `timeout` for another process to leave it.
    ///
    /// # Errors
    /// [`StoreError::InUse`] naming the holder, [`StoreError::Corrupt`], or what the file system refused.
    pub async fn open(directory: &Path, holder: &LockInfo, timeout: Duration) -> Result<Self, StoreError> {
        Self::open_with(directory, holder, timeout, Fdatasync).await
    }

    /// Opens it with another way to reach the medium.
    ///
    /// # Errors
    /// As [`open`](Self::open).
    pub async fn open_with(
        directory: &Path,
        holder: &LockInfo,
        timeout: Duration,
        durability: impl Durability,
    ) -> Result<Self, StoreError> {
        std::fs::create_dir_all(directory).map_err(|error| StoreError::io("can't create", directory, &error))?;
        let path = directory.join("state");
        let attempt = async || {
            let exclusive = Exclusive::take(directory, holder)?;
            let opened = verify(directory, &path)?;
            Ok((open_database(directory, &path)?, opened, exclusive))
        };
        let (db, opened, exclusive) =
            retry_until(timeout, attempt, |error| matches!(error, StoreError::InUse { .. })).await?;
        let file = path.join("db");
        let database =
            File::options().write(true).open(&file).map_err(|error| StoreError::io("can't open", &file, &error))?;
        sync_directory(&path)?;
        sync_directory(directory)?;
        let committer = Committer::start(db.clone(), database, durability)?;
        let sums = SumsOnClose { database: path, opened };
        Ok(Self { committer, db, directory: directory.into(), _sums: sums, _exclusive: exclusive })
    }
}

fn open_database(directory: &Path, path: &Path) -> Result<sled::Db, StoreError> {
    let config = sled::Config::new()
        .path(path)
        // Flushing is the committer's. A timer beside it would only add writes.
        .flush_every_ms(None)
        .cache_capacity(64 << 20);
    guarded(directory, || match config.open() {
        Ok(db) => Ok(db),
        Err(sled::Error::Io(error)) if error.to_string().contains("could not acquire lock") => {
            Err(StoreError::InUse { directory: directory.into(), holder: None })
        }
        Err(sled::Error::Io(error)) => Err(StoreError::io("can't open", path, &error)),
        Err(error) => Err(failed(directory, error)),
    })
}

#[async_trait]
impl StateStore for EmbeddedStore {
    async fn get(&self, key: &str) -> Result<Option<Vec<u8>>, StoreError> {
        guarded(&self.directory, || {
            let found = self.db.get(key).map_err(|error| failed(&self.directory, error))?;
            Ok(found.map(|bytes| bytes.to_vec()))
        })
    }

    async fn scan(&self, prefix: &str) -> Result<Vec<(String, Vec<u8>)>, StoreError> {
        guarded(&self.directory, || {
            let mut records = Vec::new();
            for record in self.db.scan_prefix(prefix) {
                let (key, bytes) = record.map_err(|error| failed(&self.directory, error))?;
                let key = std::str::from_utf8(&key)
                    .map_err(|_| StoreError::Backend(format!("a key that is not text: {:?}", key.as_ref())))?;
                records.push((key.to_owned(), bytes.to_vec()));
            }
            Ok(records)
        })
    }

    async fn commit(&self, batch: Batch) -> Result<(), StoreError> {
        self.committer.commit(batch).await
    }
}

/// sled checks its file with assertions in places: a damaged one must end in an error all the same.
fn guarded<T>(directory: &Path, read: impl FnOnce() -> Result<T, StoreError>) -> Result<T, StoreError> {
    std::panic::catch_unwind(AssertUnwindSafe(read)).unwrap_or_else(|_| {
        Err(StoreError::Corrupt { directory: directory.into(), reason: "its file does not hold together".into() })
    })
}

/// sled checks what it reads: damage is found when it is opened, or when the damaged record is first read.
fn failed(directory: &Path, error: sled::Error) -> StoreError {
    match error {
        sled::Error::Corruption { at, .. } => StoreError::Corrupt {
            directory: directory.into(),
            reason: at.map_or_else(
                || "a checksum in its file is wrong".into(),
                |at| format!("a checksum in its file is wrong, at byte {}", at.lid()),
            ),
        },
        error => StoreError::Backend(error.to_string()),
    }
}
