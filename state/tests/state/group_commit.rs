//! Group commit: concurrent commits share a sync, each is answered for itself, and a medium that failed is not trusted.

use std::fs::File;
use std::io;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Condvar, Mutex};

use mesh_state::{Batch, Condition, Durability, EmbeddedStore, StateStore, StoreError};

use crate::common::{PATIENCE, holder};

/// Counts syncs; can hold them up, and fail.
#[derive(Clone, Default)]
struct Medium {
    syncs: Arc<AtomicU64>,
    fails: Arc<AtomicBool>,
    gate: Arc<(Mutex<bool>, Condvar)>,
}

impl Medium {
    fn close_gate(&self, closed: bool) {
        *self.gate.0.lock().unwrap() = closed;
        self.gate.1.notify_all();
    }
}

impl Durability for Medium {
    fn sync(&mut self, database: &File) -> io::Result<()> {
        self.syncs.fetch_add(1, Ordering::SeqCst);
        drop(self.gate.1.wait_while(self.gate.0.lock().unwrap(), |closed| *closed).unwrap());
        if self.fails.load(Ordering::SeqCst) { Err(io::Error::other("no medium")) } else { database.sync_data() }
    }
}

async fn open(directory: &tempfile::TempDir, medium: &Medium) -> Arc<EmbeddedStore> {
    Arc::new(EmbeddedStore::open_with(directory.path(), &holder("l"), PATIENCE, medium.clone()).await.unwrap())
}

#[tokio::test]
async fn what_waits_shares_one_sync() {
    let (directory, medium) = (tempfile::tempdir().unwrap(), Medium::default());
    let store = open(&directory, &medium).await;
    store.commit(Batch::new().put("a", "1")).await.unwrap();
    assert_eq!(medium.syncs.load(Ordering::SeqCst), 1);

    medium.close_gate(true);
    let put = |key: String| {
        let store = Arc::clone(&store);
        tokio::spawn(async move { store.commit(Batch::new().put(key, "1").require("a", Condition::Present)).await })
    };
    let first = put("first".into());
    while medium.syncs.load(Ordering::SeqCst) < 2 {
        tokio::task::yield_now().await;
    }
    // The first is held up in its sync. These wait behind it; each task sends its batch before it first yields.
    let mut rest: Vec<_> = (0..100).map(|id| put(format!("k{id:03}"))).collect();
    let refused = Arc::clone(&store);
    rest.push(tokio::spawn(async move {
        let outcome = refused.commit(Batch::new().put("no", "1").require("k000", Condition::Absent)).await;
        assert!(matches!(outcome, Err(StoreError::Conflict { key }) if key == "k000"));
        Ok(())
    }));
    for _ in 0..3 {
        tokio::task::yield_now().await;
    }
    medium.close_gate(false);
    first.await.unwrap().unwrap();
    for task in rest {
        task.await.unwrap().unwrap();
    }
    assert_eq!(medium.syncs.load(Ordering::SeqCst), 3);
    assert_eq!(store.scan("k").await.unwrap().len(), 100);
    assert_eq!(store.get("no").await.unwrap(), None);
}

#[tokio::test]
async fn a_batch_that_writes_nothing_costs_no_sync() {
    let (directory, medium) = (tempfile::tempdir().unwrap(), Medium::default());
    let store = open(&directory, &medium).await;
    store.commit(Batch::new().require("a", Condition::Absent)).await.unwrap();
    store.commit(Batch::new().require("a", Condition::Present)).await.unwrap_err();
    assert_eq!(medium.syncs.load(Ordering::SeqCst), 0);
}

#[tokio::test]
async fn after_a_failed_sync_nothing_more_is_written() {
    let (directory, medium) = (tempfile::tempdir().unwrap(), Medium::default());
    let store = open(&directory, &medium).await;
    store.commit(Batch::new().put("before", "1")).await.unwrap();
    medium.fails.store(true, Ordering::SeqCst);
    let failed = store.commit(Batch::new().put("during", "1")).await.unwrap_err();
    assert_eq!(failed.to_string(), "the state store failed: can't bring the database to the medium: no medium");
    medium.fails.store(false, Ordering::SeqCst);
    let stopped = store.commit(Batch::new().put("after", "1")).await.unwrap_err();
    assert!(matches!(stopped, StoreError::Stopped { .. }), "{stopped}");
    drop(store);
    let store = open(&directory, &Medium::default()).await;
    assert!(store.get("before").await.unwrap().is_some());
    assert_eq!(store.get("after").await.unwrap(), None);
}
