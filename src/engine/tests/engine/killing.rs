//! A store that kills whoever commits, before or after a chosen commit, and that counts what is written.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use mesh_state::{Batch, MemoryStore, StateStore, StoreError};

use crate::platform::Platform;

/// When a commit kills.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Moment {
    /// Nothing was written.
    Before,
    /// Everything was.
    After,
    /// The commit fails, and nothing was written; nobody is killed.
    Refused,
}

/// The store.
pub struct KillingStore {
    inner: MemoryStore,
    platform: Arc<Platform>,
    commits: AtomicUsize,
    bytes: AtomicUsize,
    planned: Mutex<Option<(usize, Moment)>>,
}

impl KillingStore {
    pub fn new(platform: Arc<Platform>) -> Self {
        Self {
            inner: MemoryStore::new(),
            platform,
            commits: AtomicUsize::new(0),
            bytes: AtomicUsize::new(0),
            planned: Mutex::new(None),
        }
    }

    /// Kills at a commit, counted from the next one; `None` lets all through.
    pub fn kill_at(&self, commit: Option<(usize, Moment)>) {
        let next = self.commits.load(Ordering::Relaxed);
        *self.planned.lock().unwrap() = commit.map(|(commit, moment)| (next + commit, moment));
    }

    /// How many commits and bytes were written so far.
    pub fn written(&self) -> (usize, usize) {
        (self.commits.load(Ordering::Relaxed), self.bytes.load(Ordering::Relaxed))
    }
}

#[async_trait]
impl StateStore for KillingStore {
    async fn get(&self, key: &str) -> Result<Option<Vec<u8>>, StoreError> {
        self.inner.get(key).await
    }

    async fn scan(&self, prefix: &str) -> Result<Vec<(String, Vec<u8>)>, StoreError> {
        self.inner.scan(prefix).await
    }

    async fn commit(&self, batch: Batch) -> Result<(), StoreError> {
        self.platform.hold_the_dead().await;
        let commit = self.commits.fetch_add(1, Ordering::Relaxed);
        let moment = self.planned.lock().unwrap().filter(|(at, _)| *at == commit).map(|(_, moment)| moment);
        let bytes: usize = batch.writes().values().flatten().map(Vec::len).sum();
        self.bytes.fetch_add(bytes, Ordering::Relaxed);
        match moment {
            Some(Moment::Before) => self.platform.killed().await,
            Some(Moment::Refused) => {
                return Err(StoreError::Backend("the disk is full".to_owned()));
            }
            Some(Moment::After) | None => {}
        }
        self.inner.commit(batch).await?;
        if moment.is_some() {
            self.platform.killed().await;
        }
        Ok(())
    }
}
