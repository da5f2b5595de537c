//! Pull, push and the copy beside the store.

use std::path::Path;
use std::sync::Arc;

use mesh_state::{
    ApplyEnd, ApplyStart, ChangeResult, Edit, HistoryChange, MemoryStore, Outcome, OutputRecord, ProductRecord, State,
    StateError, StateStore,
};
use mesh_value::{Type, Value};

use crate::common::{TestClock, TestIds, instance, intent, key, object, on_each, state_in, text};

/// A state with some of everything, and nothing that differs between runs.
async fn fill(state: &State) {
    let change = |result| HistoryChange {
        address: "local_bucket.b[1]".into(),
        deposed: None,
        previous: None,
        action: "create".into(),
        result,
    };
    let start = ApplyStart {
        who: "ada@laptop".into(),
        command: "mesh apply".into(),
        plan_digest: "5eed".into(),
        changes: vec![change(ChangeResult::Planned)],
        edits: Vec::new(),
    };
    let number = state.begin_apply(&start).await.unwrap();
    let mut bucket = instance(1);
    bucket.value = Value::object([("bucket", text("landing")), ("id", Value::null(Type::String))]);
    let mut create = intent(1);
    create.planned = Some(bucket.value.clone());
    state.begin(&create).await.unwrap();
    state.finish(&create, &Outcome::Exists(Box::new(bucket.clone()))).await.unwrap();
    bucket.deposed = Some("0badcafe".into());
    let edits = vec![
        Edit::PutInstance(Box::new(bucket)),
        Edit::PutOutput(OutputRecord { name: "size".into(), value: Value::number(3), sensitive: false }),
        Edit::PutProduct(ProductRecord {
            id: "sales.orders".into(),
            address: "data_product.orders".into(),
            descriptor: serde_json::json!({"owner": "ada"}),
        }),
    ];
    state.finish_apply(number, &ApplyEnd { changes: vec![change(ChangeResult::Done)], edits }).await.unwrap();
}

async fn records(store: &dyn StateStore) -> Vec<(String, Vec<u8>)> {
    store.scan("").await.unwrap()
}

#[tokio::test]
async fn pull_writes_one_readable_document() {
    let expected = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/state/pull.json");
    on_each(async |backend, directory| {
        let state = state_in(backend.open(directory).await).await;
        assert_eq!(state.pull().await.unwrap(), None);
        fill(&state).await;
        state.begin(&intent_without_secret()).await.unwrap();
        let document = state.pull().await.unwrap().unwrap();
        if std::env::var_os("BLESS").is_some() {
            std::fs::write(&expected, &document).unwrap();
        }
        assert_eq!(document, std::fs::read_to_string(&expected).unwrap());
    })
    .await;
}

fn intent_without_secret() -> mesh_state::Intent {
    let mut open = intent(2);
    open.planned = Some(Value::object([("id", Value::unknown(Type::String))]));
    open
}

#[tokio::test]
async fn push_brings_back_exactly_what_was_pulled() {
    on_each(async |backend, directory| {
        let state = state_in(backend.open(directory).await).await;
        fill(&state).await;
        state.write(&[Edit::PutInstance(Box::new(instance(7)))]).await.unwrap();
        state.begin(&intent(2)).await.unwrap();
        let document = state.pull().await.unwrap().unwrap();

        let store: Arc<dyn StateStore> = Arc::new(MemoryStore::new());
        let restored = state_in(Arc::clone(&store)).await;
        assert_eq!(restored.push(&document, false).await.unwrap(), state.meta().await.unwrap().unwrap());
        assert_eq!(restored.pull().await.unwrap().unwrap(), document);
        assert_eq!(restored.load_all().await.unwrap(), state.load_all().await.unwrap());
        assert_eq!(restored.open_intents().await.unwrap(), state.open_intents().await.unwrap());
        assert_eq!(restored.history().await.unwrap(), state.history().await.unwrap());
        // Once more changes nothing.
        let before = records(store.as_ref()).await;
        restored.push(&document, false).await.unwrap();
        assert_eq!(records(store.as_ref()).await, before);
    })
    .await;
}

#[tokio::test]
async fn push_refuses_what_would_lose_something() {
    let store: Arc<dyn StateStore> = Arc::new(MemoryStore::new());
    let state = state_in(Arc::clone(&store)).await;
    fill(&state).await;
    state.write(&[Edit::DeleteOutput("none".into())]).await.unwrap();
    let document = state.pull().await.unwrap().unwrap();
    let with = |field: &str, value: serde_json::Value| {
        let mut changed: serde_json::Value = serde_json::from_str(&document).unwrap();
        changed[field] = value;
        changed.to_string()
    };
    let before = records(store.as_ref()).await;
    let cases = [
        (with("lineage", "other".into()), "the state to push has lineage other, the one here id-1"),
        (with("serial", 1.into()), "the state to push has serial 1, the one here 2: what is here is newer"),
        (with("outputs", serde_json::json!([])), "the state to push has serial 2, the one here 2 with other content"),
        (with("format_version", 9.into()), "the state has format 9"),
        (with("sealed_with", "0000".into()), "it was encrypted with key 0000"),
        (with("resources", serde_json::json!([{"version": 1}])), "a record has no \"address\""),
        (
            with("resources", serde_json::json!([{"version": 1, "address": "a.b"}])),
            "\"resource/a.b\" of the state is damaged",
        ),
        ("{}".into(), "this is not a state as `mesh state pull` writes it: missing field `format_version`"),
        ("version = 4".into(), "this is not a state as `mesh state pull` writes it"),
    ];
    for (pushed, reason) in cases {
        let message = state.push(&pushed, false).await.unwrap_err().to_string();
        assert!(message.contains(reason), "{message}");
        assert_eq!(records(store.as_ref()).await, before, "{reason}");
    }

    state.begin(&intent(2)).await.unwrap();
    let newer = with("serial", 9.into());
    let refused = state.push(&newer, false).await.unwrap_err();
    assert!(matches!(refused, StateError::OpenIntents { count: 1, .. }), "{refused}");
    assert_eq!(state.push(&newer, true).await.unwrap().serial, 9);
    assert_eq!(state.open_intents().await.unwrap(), []);
}

#[tokio::test]
async fn a_forced_push_replaces_everything_and_never_lowers_the_serial() {
    let state = state_in(Arc::new(MemoryStore::new())).await;
    fill(&state).await;
    let document = state.pull().await.unwrap().unwrap();

    let ids = Arc::new(TestIds::default());
    mesh_state::Ids::next(ids.as_ref());
    let other = State::open(Arc::new(MemoryStore::new()), key(), TestClock::new(), ids).await.unwrap();
    for id in 20..25 {
        other.write(&[Edit::PutInstance(Box::new(instance(id)))]).await.unwrap();
    }
    assert!(matches!(other.push(&document, false).await, Err(StateError::Lineage { .. })));
    let meta = other.push(&document, true).await.unwrap();
    assert_eq!((meta.lineage.as_str(), meta.serial), ("id-1", 6));
    assert_eq!(other.load_all().await.unwrap(), state.load_all().await.unwrap());
}

#[tokio::test]
async fn the_copy_is_what_pull_writes() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("state.backup.json");
    let state = state_in(Arc::new(MemoryStore::new())).await;
    state.export(&path).await.unwrap();
    assert!(!path.exists());
    fill(&state).await;
    state.export(&path).await.unwrap();
    state.write(&[Edit::PutInstance(Box::new(instance(7)))]).await.unwrap();
    state.export(&path).await.unwrap();
    assert_eq!(std::fs::read_to_string(&path).unwrap(), state.pull().await.unwrap().unwrap());
    assert_eq!(std::fs::read_dir(directory.path()).unwrap().count(), 1);
    assert_eq!(state.instance("local_bucket.b[7]", None).await.unwrap().unwrap().value, object(7));
}
