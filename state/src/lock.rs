//! The lock on a state: a lease held by someone with a name, a command and a time.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::store::{Batch, Condition, StateStore, StoreError};
use crate::wait::retry_until;
use crate::{State, StateError};

/// Who holds the lock. Constant while it is held: commits made under the lock require exactly these bytes.
const HOLDER: &str = "lock/holder";
/// Until when, as RFC 3339; apart from the holder so that a renewal leaves the holder's bytes alone.
const UNTIL: &str = "lock/until";

/// Who holds a lock, for what, since when.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LockInfo {
    /// Its own name: what breaking it takes.
    pub id: String,
    /// `user@host`
    pub who: String,
    /// What it is held for: `plan`, `apply`.
    pub operation: String,
    /// The command as it was typed.
    pub command: String,
    /// The holder's process id on its host.
    pub pid: u32,
    /// Since when.
    pub created: Timestamp,
    /// Until when, if it is not renewed.
    pub expires: Timestamp,
}

impl LockInfo {
    /// Since when, to the second: for messages.
    #[must_use]
    pub fn since(&self) -> String {
        to_the_second(self.created)
    }

    /// Until when, to the second: for messages.
    #[must_use]
    pub fn until(&self) -> String {
        to_the_second(self.expires)
    }
}

fn to_the_second(time: Timestamp) -> String {
    time.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

/// The condition that commits carry while this process holds the lock.
#[derive(Default)]
pub(crate) struct Fence(Mutex<Option<Vec<u8>>>);

impl Fence {
    pub(crate) fn guard(&self, batch: Batch) -> Batch {
        match &*self.0.lock().unwrap_or_else(PoisonError::into_inner) {
            Some(holder) => batch.require(HOLDER, Condition::Equals(holder.clone())),
            None => batch,
        }
    }

    /// Whether a conflict on `key` means that the lock is not ours any more.
    pub(crate) fn is_key(key: &str) -> bool {
        key == HOLDER
    }

    fn set(&self, holder: Option<Vec<u8>>) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = holder;
    }
}

/// A held lock. Renew it well before it expires, and release it at the end: a guard that is only dropped leaves the
/// lock to run out.
#[must_use]
pub struct LockGuard {
    store: Arc<dyn StateStore>,
    fence: Arc<Fence>,
    holder: Vec<u8>,
    info: LockInfo,
}

impl LockGuard {
    /// Who holds it.
    #[must_use]
    pub const fn info(&self) -> &LockInfo {
        &self.info
    }

    /// Holds it until `expires`.
    ///
    /// # Errors
    /// [`StateError::LockLost`] where someone broke it, or took it over after it had expired.
    pub async fn renew(&self, expires: Timestamp) -> Result<(), StateError> {
        let batch = Batch::new().put(UNTIL, expires.to_string());
        self.commit_as_holder(batch).await
    }

    /// Gives it back.
    ///
    /// # Errors
    /// [`StateError::LockLost`] where it was not this one's any more.
    pub async fn release(self) -> Result<(), StateError> {
        self.fence.set(None);
        self.commit_as_holder(Batch::new().delete(HOLDER).delete(UNTIL)).await
    }

    async fn commit_as_holder(&self, batch: Batch) -> Result<(), StateError> {
        let batch = batch.require(HOLDER, Condition::Equals(self.holder.clone()));
        match self.store.commit(batch).await {
            Err(StoreError::Conflict { .. }) => Err(StateError::LockLost),
            other => Ok(other?),
        }
    }
}

impl State {
    /// Takes the lock, waiting up to `timeout` for another holder to release it. An expired lease is taken over.
    /// From then on every write through this state requires that the lock is still held.
    ///
    /// # Errors
    /// [`StateError::Locked`] naming the holder.
    pub async fn lock(&self, info: LockInfo, timeout: Duration) -> Result<LockGuard, StateError> {
        let holder = serde_json::to_vec(&info).map_err(|error| StateError::encoding(HOLDER, &error))?;
        let attempt = async || self.try_lock(&info, &holder).await;
        retry_until(timeout, attempt, |error| matches!(error, StateError::Locked(_))).await?;
        self.fence.set(Some(holder.clone()));
        Ok(LockGuard { store: Arc::clone(&self.store), fence: Arc::clone(&self.fence), holder, info })
    }

    /// Who holds the lock, whether or not the lease has run out.
    ///
    /// # Errors
    /// Where the store can't be read.
    pub async fn lock_holder(&self) -> Result<Option<LockInfo>, StateError> {
        Ok(self.current_lock().await?.map(|(info, _)| info))
    }

    /// Takes the lock away from whoever holds it under `id`, and answers who that was. A holder that still runs can't
    /// write to the state from then on, but goes on with what it has begun on a platform: such changes are found again
    /// through the journal.
    ///
    /// # Errors
    /// [`StateError::NotLocked`] where nobody holds it under this id.
    pub async fn break_lock(&self, id: &str) -> Result<LockInfo, StateError> {
        let current = self.current_lock().await?;
        let Some((info, condition)) = current.filter(|(info, _)| info.id == id) else {
            return Err(StateError::NotLocked { id: id.into(), held: self.lock_holder().await?.map(Box::new) });
        };
        self.store.commit(condition.delete(HOLDER).delete(UNTIL)).await?;
        Ok(info)
    }

    /// One try; a conflict means that someone else was faster, and is tried again at once.
    async fn try_lock(&self, info: &LockInfo, holder: &[u8]) -> Result<(), StateError> {
        loop {
            let condition = match self.current_lock().await? {
                None => Batch::new().require(HOLDER, Condition::Absent),
                Some((found, condition)) if found.expires <= self.clock.now() => condition,
                Some((found, _)) => return Err(StateError::Locked(Box::new(found))),
            };
            let batch = condition.put(HOLDER, holder).put(UNTIL, info.expires.to_string());
            match self.store.commit(batch).await {
                Err(StoreError::Conflict { .. }) => {}
                other => return Ok(other?),
            }
        }
    }

    /// The holder with its current expiry, and an empty batch that requires both to be still so.
    async fn current_lock(&self) -> Result<Option<(LockInfo, Batch)>, StateError> {
        let Some(holder) = self.store.get(HOLDER).await? else { return Ok(None) };
        let mut info: LockInfo =
            serde_json::from_slice(&holder).map_err(|error| StateError::corrupt(HOLDER, error.to_string()))?;
        let mut batch = Batch::new().require(HOLDER, Condition::Equals(holder));
        if let Some(until) = self.store.get(UNTIL).await? {
            let text = String::from_utf8_lossy(&until).into_owned();
            info.expires = text.parse().map_err(|error: jiff::Error| StateError::corrupt(UNTIL, error.to_string()))?;
            batch = batch.require(UNTIL, Condition::Equals(until));
        }
        Ok(Some((info, batch)))
    }
}

/// Removes a lease whose holder is known to be dead, because its process had the store for itself and is gone.
pub(crate) async fn clear_dead_lease(store: &dyn StateStore) -> Result<(), StoreError> {
    if store.get(HOLDER).await?.is_some() {
        store.commit(Batch::new().delete(HOLDER).delete(UNTIL)).await?;
    }
    Ok(())
}
