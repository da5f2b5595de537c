//! What a backend must do: hold bytes under keys and commit batches atomically and durably.

mod committer;
mod embedded;
mod error;
mod exclusive;
mod memory;
mod sums;

use std::collections::BTreeMap;

use async_trait::async_trait;

pub use committer::{Durability, Fdatasync};
pub use embedded::EmbeddedStore;
pub use error::StoreError;
pub(crate) use exclusive::write_atomically;
pub use memory::MemoryStore;

/// Where records live. Deliberately small: everything else (locks, journal, history, encryption) is built on these
/// three operations once, so that a backend has nothing to get wrong but storage.
///
/// # What is promised
/// - [`commit`](Self::commit) is atomic: after a crash either all of a batch is there or nothing.
/// - It is durable when it returns `Ok`: neither a killed process nor a power cut loses it.
/// - Its conditions are checked against everything that was committed before, and nothing comes in between.
/// - Whoever calls `get` or `scan` after a `commit` returned sees it.
///
/// # What is not promised
/// - A `scan` is no snapshot: commits that run beside it may show in part.
/// - After `Err` other than [`StoreError::Conflict`] the batch may or may not be there. Read to find out.
/// - Nothing here keeps two writers apart. The lock ([`crate::State::lock`]) is a record like any other, and a
///   lease on it can expire while its holder is slow. What keeps such a late holder from writing is that its commits
///   carry the condition that the lock is still its own, not the lock itself. A holder whose lease ran out may still
///   be talking to a cloud.
#[async_trait]
pub trait StateStore: Send + Sync {
    /// The bytes under a key.
    ///
    /// # Errors
    /// Where the backend can't be read.
    async fn get(&self, key: &str) -> Result<Option<Vec<u8>>, StoreError>;

    /// All records whose key starts with `prefix`, sorted by the keys' bytes.
    ///
    /// # Errors
    /// Where the backend can't be read.
    async fn scan(&self, prefix: &str) -> Result<Vec<(String, Vec<u8>)>, StoreError>;

    /// Checks the batch's conditions and performs its writes as one. Many concurrent commits should share one flush.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] where a condition does not hold: nothing was written. Any other error: see above.
    async fn commit(&self, batch: Batch) -> Result<(), StoreError>;
}

/// Writes that happen together or not at all, and what must hold for them to happen.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Batch {
    writes: BTreeMap<String, Option<Vec<u8>>>,
    conditions: Vec<(String, Condition)>,
}

/// What must hold of a key for a batch to be committed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Condition {
    /// There is no record.
    Absent,
    /// There is a record.
    Present,
    /// The record has exactly these bytes.
    Equals(Vec<u8>),
}

impl Batch {
    /// A batch that does nothing.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets a record. The last write to a key wins.
    #[must_use]
    pub fn put(mut self, key: impl Into<String>, bytes: impl Into<Vec<u8>>) -> Self {
        self.writes.insert(key.into(), Some(bytes.into()));
        self
    }

    /// Removes a record, if there is one. The last write to a key wins.
    #[must_use]
    pub fn delete(mut self, key: impl Into<String>) -> Self {
        self.writes.insert(key.into(), None);
        self
    }

    /// Adds a condition.
    #[must_use]
    pub fn require(mut self, key: impl Into<String>, condition: Condition) -> Self {
        self.conditions.push((key.into(), condition));
        self
    }

    /// Adds all of another batch; its writes win.
    #[must_use]
    pub fn and(mut self, other: Self) -> Self {
        self.writes.extend(other.writes);
        self.conditions.extend(other.conditions);
        self
    }

    /// The writes by key: bytes to set, `None` to remove.
    #[must_use]
    pub const fn writes(&self) -> &BTreeMap<String, Option<Vec<u8>>> {
        &self.writes
    }

    /// Takes the writes out.
    #[must_use]
    pub fn into_writes(self) -> BTreeMap<String, Option<Vec<u8>>> {
        self.writes
    }

    /// Holds the conditions against what `read` says a key has now. Backends call it inside their critical section.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] with the first condition that does not hold, and whatever `read` fails with.
    pub fn check<B: AsRef<[u8]>>(
        &self,
        mut read: impl FnMut(&str) -> Result<Option<B>, StoreError>,
    ) -> Result<(), StoreError> {
        for (key, condition) in &self.conditions {
            let found = read(key)?;
            let holds = match condition {
                Condition::Absent => found.is_none(),
                Condition::Present => found.is_some(),
                Condition::Equals(bytes) => found.is_some_and(|found| found.as_ref() == bytes),
            };
            if !holds {
                return Err(StoreError::Conflict { key: key.clone() });
            }
        }
        Ok(())
    }
}
