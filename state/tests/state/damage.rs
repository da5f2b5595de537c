//! Damaged and newer states: refused with the record's name, and left exactly as they were.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use mesh_state::{Batch, Edit, EmbeddedStore, MemoryStore, State, StateError, StateStore, StoreError};

use crate::common::{PATIENCE, TestClock, TestIds, holder, instance, key, on_each, state_in};

async fn open(store: Arc<dyn StateStore>) -> Result<State, StateError> {
    State::open(store, key(), TestClock::new(), Arc::new(TestIds::default())).await
}

#[tokio::test]
async fn a_newer_state_is_refused_untouched() {
    on_each(async |backend, directory| {
        let store = backend.open(directory).await;
        let meta = r#"{"format_version": 2, "created_by": "mesh 9.1.0", "shape": {"of": "things to come"}}"#;
        store.commit(Batch::new().put("meta", meta)).await.unwrap();
        let before = store.scan("").await.unwrap();
        let refused = open(Arc::clone(&store)).await.map(drop).unwrap_err();
        assert_eq!(
            refused.to_string(),
            "the state has format 2, written by mesh 9.1.0; this mesh understands formats up to 1. Nothing was changed. \
             Use a mesh at least as new as the one that wrote it"
        );
        assert_eq!(store.scan("").await.unwrap(), before);
    })
    .await;
}

/// Records once said how the object is replaced, which its configuration says.
#[tokio::test]
async fn a_record_with_a_field_of_old_is_read() {
    let store = Arc::new(MemoryStore::new());
    let state = state_in(store.clone()).await;
    state.write(&[Edit::PutInstance(Box::new(instance(1)))]).await.unwrap();
    let key = "resource/local_bucket.b[1]";
    let new = String::from_utf8(store.get(key).await.unwrap().unwrap()).unwrap();
    let old = new.replacen("\"reads\"", "\"create_before_destroy\":true,\"reads\"", 1);
    assert_ne!(new, old);
    store.commit(Batch::new().put(key, old)).await.unwrap();
    assert_eq!(state.instance("local_bucket.b[1]", None).await.unwrap(), Some(instance(1)));
}

#[tokio::test]
async fn a_damaged_record_is_named_and_left_alone() {
    let store = Arc::new(MemoryStore::new());
    let state = state_in(store.clone()).await;
    state.write(&[Edit::PutInstance(Box::new(instance(1)))]).await.unwrap();
    let records_key = "resource/local_bucket.b[1]";
    let good = String::from_utf8(store.get(records_key).await.unwrap().unwrap()).unwrap();
    let secret = good.split("\"$sensitive\":\"").nth(1).unwrap().split('"').next().unwrap();
    let cases = [
        (String::new(), "EOF while parsing"),
        (good[..good.len() / 2].to_owned(), "EOF while parsing"),
        ("{\"version\": 1}".into(), "missing field"),
        ("[]".into(), "invalid"),
        (good.replace("\"version\":1", "\"version\":7"), "it has version 7, and this mesh reads versions up to 1"),
        ("{\"version\": 7}".into(), "it has version 7, and this mesh reads versions up to 1"),
        (good.replace("b[1]\",\"provider\"", "b[2]\",\"provider\""), "it says that it is of local_bucket.b[2]"),
        (good.replace("\"size\":1", "\"size\":\"one\""), "number"),
        (good.replace("[\"password\"]", "[\"passwort\"]"), "a sensitive path leads nowhere"),
        (good.replace(secret, &secret[4..]), "the encrypted value is damaged"),
    ];
    for (damaged, reason) in cases {
        assert_ne!(damaged, good, "{reason}");
        store.commit(Batch::new().put(records_key, damaged.as_bytes())).await.unwrap();
        let message = state.load_all().await.unwrap_err().to_string();
        assert!(message.contains(reason), "{reason}: {message}");
        assert!(message.contains("record \"resource/local_bucket.b[1]\""), "{message}");
        assert_eq!(store.get(records_key).await.unwrap().unwrap(), damaged.as_bytes());
    }
}

#[tokio::test]
async fn a_damaged_meta_record_is_refused() {
    let store = Arc::new(MemoryStore::new());
    store.commit(Batch::new().put("meta", "{}")).await.unwrap();
    let refused = open(store).await.map(drop);
    assert!(matches!(refused, Err(StateError::Corrupt { key, .. }) if key == "meta"));
}

async fn read_embedded(directory: &Path) -> Result<Vec<(String, Vec<u8>)>, StoreError> {
    EmbeddedStore::open(directory, &holder("l"), PATIENCE).await?.scan("").await
}

/// A closed store with 500 records; some segments of its file are not in use any more.
async fn closed_store(directory: &Path) {
    let store = EmbeddedStore::open(directory, &holder("l"), PATIENCE).await.unwrap();
    for id in 0..500 {
        let record = format!("record {id} {}", "x".repeat(1000));
        store.commit(Batch::new().put(format!("k{id:04}"), record)).await.unwrap();
    }
}

fn files(directory: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let files = std::fs::read_dir(directory).unwrap().map(|entry| entry.unwrap().path());
    files.filter(|path| path.is_file()).map(|path| (path.clone(), std::fs::read(path).unwrap())).collect()
}

#[tokio::test]
async fn a_damaged_database_is_refused_untouched() {
    let directory = tempfile::tempdir().unwrap();
    closed_store(directory.path()).await;
    let path = directory.path().join("state");
    let good = files(&path);
    assert!(good.contains_key(&path.join("db")) && good.contains_key(&path.join("conf")));
    for (file, bytes) in &good {
        let mut flipped = bytes.clone();
        flipped[bytes.len() / 2] ^= 1;
        let damages =
            [flipped, Vec::new(), b"garbage".to_vec(), bytes[..bytes.len() - 1].to_vec(), [bytes, &b"x"[..]].concat()];
        for damaged in damages {
            std::fs::write(file, &damaged).unwrap();
            let before = files(&path);
            let refused = read_embedded(directory.path()).await.unwrap_err();
            assert!(matches!(refused, StoreError::Corrupt { .. }), "{refused}");
            assert!(files(&path) == before, "the damaged state was changed");
        }
        std::fs::remove_file(file).unwrap();
        if file.file_name().unwrap() != "sums.json" {
            let refused = read_embedded(directory.path()).await.unwrap_err();
            let name = file.file_name().unwrap().to_str().unwrap();
            assert_eq!(
                refused.to_string(),
                format!(
                    "the state in {} can't be read: `state/{name}` is missing. Nothing was changed. `state.backup.json` \
                     beside it holds the state after the last apply: move the `state` directory away, then take the copy in \
                     with `mesh state push FILE`",
                    directory.path().display()
                )
            );
        }
        std::fs::write(file, bytes).unwrap();
    }
    assert_eq!(read_embedded(directory.path()).await.unwrap().len(), 500);
}

/// Without sums, as after a killed process, damage near the end looks to sled like a write that was interrupted. Whatever is
/// read is right all the same.
#[tokio::test]
async fn damage_in_a_database_that_was_not_closed_makes_no_record_wrong() {
    let directory = tempfile::tempdir().unwrap();
    closed_store(directory.path()).await;
    let path = directory.path().join("state");
    std::fs::remove_file(path.join("sums.json")).unwrap();
    let good = files(&path);
    let database = &good[&path.join("db")];
    let mut refused = 0;
    for position in (0..database.len()).step_by(database.len() / 40) {
        let mut damaged = database.clone();
        damaged.iter_mut().skip(position).take(16).for_each(|byte| *byte ^= 0x55);
        std::fs::remove_dir_all(&path).unwrap();
        std::fs::create_dir(&path).unwrap();
        for (file, bytes) in &good {
            std::fs::write(file, bytes).unwrap();
        }
        std::fs::write(path.join("db"), &damaged).unwrap();
        match read_embedded(directory.path()).await {
            Ok(records) => {
                for (key, bytes) in records {
                    let number: u64 = key[1..].parse().unwrap();
                    assert_eq!(bytes, format!("record {number} {}", "x".repeat(1000)).into_bytes());
                }
            }
            Err(error) => {
                refused += 1;
                assert!(matches!(error, StoreError::Corrupt { .. }), "{error}");
            }
        }
    }
    assert!(refused > 0);
}
