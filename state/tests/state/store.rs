//! The contract of a store, held against every backend.

use std::sync::Arc;

use crate::common::{BACKENDS, on_each};
use mesh_state::{Batch, Condition, StateStore, StoreError};

async fn keys(store: &dyn StateStore, prefix: &str) -> Vec<String> {
    store.scan(prefix).await.unwrap().into_iter().map(|(key, _)| key).collect()
}

#[tokio::test]
async fn reads_what_was_written() {
    on_each(async |backend, directory| {
        let store = backend.open(directory).await;
        assert_eq!(store.get("a").await.unwrap(), None);
        store.commit(Batch::new().put("a", "1").put("empty", "")).await.unwrap();
        assert_eq!(store.get("a").await.unwrap().as_deref(), Some(&b"1"[..]));
        assert_eq!(store.get("empty").await.unwrap().as_deref(), Some(&b""[..]));
        store.commit(Batch::new().put("a", "2").delete("empty").delete("never")).await.unwrap();
        assert_eq!(store.get("a").await.unwrap().as_deref(), Some(&b"2"[..]));
        assert_eq!(store.get("empty").await.unwrap(), None);
    })
    .await;
}

#[tokio::test]
async fn scans_a_prefix_in_the_order_of_keys() {
    on_each(async |backend, directory| {
        let store = backend.open(directory).await;
        let unsorted = ["r/b", "r/a[10]", "s", "r/a[\"é/#\"]", "q", "r/a[9]", "r", "r/"];
        let batch = unsorted.iter().fold(Batch::new(), |batch, key| batch.put(*key, *key));
        store.commit(batch).await.unwrap();
        assert_eq!(keys(store.as_ref(), "r/").await, ["r/", "r/a[\"é/#\"]", "r/a[10]", "r/a[9]", "r/b"]);
        assert_eq!(keys(store.as_ref(), "").await.len(), unsorted.len());
        assert_eq!(keys(store.as_ref(), "zz").await, Vec::<String>::new());
    })
    .await;
}

#[tokio::test]
async fn a_condition_that_does_not_hold_keeps_the_whole_batch_out() {
    on_each(async |backend, directory| {
        let store = backend.open(directory).await;
        store.commit(Batch::new().put("there", "1")).await.unwrap();
        let cases = [
            ("there", Condition::Absent, false),
            ("there", Condition::Present, true),
            ("there", Condition::Equals(b"1".to_vec()), true),
            ("there", Condition::Equals(b"2".to_vec()), false),
            ("missing", Condition::Absent, true),
            ("missing", Condition::Present, false),
            ("missing", Condition::Equals(Vec::new()), false),
        ];
        for (key, condition, holds) in cases {
            let batch = Batch::new().put("x", "1").put("y", "1").require(key, condition.clone());
            let outcome = store.commit(batch).await;
            assert_eq!(outcome.is_ok(), holds, "{key} {condition:?}");
            if let Err(error) = outcome {
                assert!(matches!(error, StoreError::Conflict { key: found } if found == key));
            }
            assert_eq!(store.get("x").await.unwrap().is_some(), holds);
            assert_eq!(store.get("y").await.unwrap().is_some(), holds);
            store.commit(Batch::new().delete("x").delete("y")).await.unwrap();
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_many_who_create_the_same_key_one_wins() {
    on_each(async |backend, directory| {
        let store = backend.open(directory).await;
        let tasks: Vec<_> = (0..32)
            .map(|task| {
                let store = Arc::clone(&store);
                tokio::spawn(async move {
                    let batch = Batch::new().require("one", Condition::Absent).put("one", task.to_string());
                    store.commit(batch).await.is_ok().then_some(task)
                })
            })
            .collect();
        let mut winners = Vec::new();
        for task in tasks {
            winners.extend(task.await.unwrap());
        }
        assert_eq!(winners.len(), 1);
        assert_eq!(store.get("one").await.unwrap(), Some(winners[0].to_string().into_bytes()));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_increment_of_many_is_lost() {
    on_each(async |backend, directory| {
        let store = backend.open(directory).await;
        store.commit(Batch::new().put("count", "0")).await.unwrap();
        let tasks: Vec<_> = (0..8)
            .map(|_| {
                let store = Arc::clone(&store);
                tokio::spawn(async move {
                    let mut done = 0;
                    while done < 10 {
                        let before = store.get("count").await.unwrap().unwrap();
                        let next = String::from_utf8(before.clone()).unwrap().parse::<u64>().unwrap() + 1;
                        let batch = Batch::new().put("count", next.to_string());
                        match store.commit(batch.require("count", Condition::Equals(before))).await {
                            Ok(()) => done += 1,
                            Err(error) => assert!(matches!(error, StoreError::Conflict { .. })),
                        }
                    }
                })
            })
            .collect();
        for task in tasks {
            task.await.unwrap();
        }
        assert_eq!(store.get("count").await.unwrap().as_deref(), Some(&b"80"[..]));
    })
    .await;
}

#[tokio::test]
async fn what_was_committed_is_there_after_reopening() {
    for backend in BACKENDS.into_iter().filter(|backend| backend.is_durable()) {
        let directory = tempfile::tempdir().unwrap();
        let store = backend.open(directory.path()).await;
        let big = vec![b'x'; 2 << 20];
        store.commit(Batch::new().put("big", big.clone()).put("gone", "1")).await.unwrap();
        store.commit(Batch::new().delete("gone").put("a", "1")).await.unwrap();
        drop(store);
        let store = backend.open(directory.path()).await;
        assert_eq!(keys(store.as_ref(), "").await, ["a", "big"]);
        assert_eq!(store.get("big").await.unwrap(), Some(big));
    }
}
