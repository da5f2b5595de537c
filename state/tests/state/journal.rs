//! The journal, records and history through the public interface, on every backend.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use async_trait::async_trait;

use crate::common::{BACKENDS, Backend, instance, intent, object, on_each, state_in, text};
use mesh_state::{
    ApplyEnd, ApplyOutcome, ApplyStart, Batch, ChangeResult, Contents, Edit, HistoryChange, MemoryStore, Outcome,
    OutputRecord, ProductRecord, StateError, StateStore, Status, StoreError,
};
use mesh_value::{Marks, Refinements, Type, Value};

fn exists(id: u64) -> Outcome {
    Outcome::Exists(Box::new(instance(id)))
}

#[tokio::test]
async fn an_intent_is_open_until_its_outcome_is_written() {
    on_each(async |backend, directory| {
        let state = state_in(backend.open(directory).await).await;
        state.begin(&intent(1)).await.unwrap();
        state.begin(&intent(2)).await.unwrap();
        assert_eq!(state.open_intents().await.unwrap(), [intent(1), intent(2)]);
        assert_eq!(state.load_all().await.unwrap(), Contents::default());

        state.finish(&intent(1), &exists(1)).await.unwrap();
        assert_eq!(state.open_intents().await.unwrap(), [intent(2)]);
        assert_eq!(state.load_all().await.unwrap().instances, [instance(1)]);

        state.fail(&intent(2), None).await.unwrap();
        assert_eq!(state.open_intents().await.unwrap(), []);
        assert_eq!(state.load_all().await.unwrap().instances, [instance(1)]);

        state.begin(&intent(1)).await.unwrap();
        state.finish(&intent(1), &Outcome::Gone).await.unwrap();
        assert_eq!(state.load_all().await.unwrap().instances, []);
    })
    .await;
}

#[tokio::test]
async fn open_intents_outlive_the_process() {
    for backend in BACKENDS.into_iter().filter(|backend| backend.is_durable()) {
        let directory = tempfile::tempdir().unwrap();
        let state = state_in(backend.open(directory.path()).await).await;
        state.begin(&intent(1)).await.unwrap();
        drop(state);
        let state = state_in(backend.open(directory.path()).await).await;
        assert_eq!(state.open_intents().await.unwrap(), [intent(1)]);
    }
}

#[tokio::test]
async fn an_intent_is_settled_once() {
    let state = state_in(Arc::new(MemoryStore::new())).await;
    state.begin(&intent(1)).await.unwrap();
    assert!(matches!(state.begin(&intent(1)).await, Err(StateError::NotOpen { .. })));
    state.finish(&intent(1), &exists(1)).await.unwrap();
    let again = state.finish(&intent(1), &Outcome::Gone).await;
    assert!(matches!(again, Err(StateError::NotOpen { address, .. }) if address == "local_bucket.b[1]"));
    assert_eq!(state.load_all().await.unwrap().instances, [instance(1)]);
}

#[tokio::test]
async fn a_failed_creation_leaves_a_tainted_object() {
    let state = state_in(Arc::new(MemoryStore::new())).await;
    state.begin(&intent(1)).await.unwrap();
    let mut left = instance(1);
    left.status = Status::Tainted;
    state.fail(&intent(1), Some(left.clone())).await.unwrap();
    assert_eq!(state.instance("local_bucket.b[1]", None).await.unwrap(), Some(left));
}

#[tokio::test]
async fn creating_before_deleting_sets_the_old_object_aside() {
    on_each(async |backend, directory| {
        let state = state_in(backend.open(directory).await).await;
        state.write(&[Edit::PutInstance(Box::new(instance(1)))]).await.unwrap();
        let mut create = intent(1);
        create.deposes = Some("0badcafe".into());
        state.begin(&create).await.unwrap();
        let mut old = instance(1);
        old.deposed = Some("0badcafe".into());
        assert_eq!(state.load_all().await.unwrap().instances, [old.clone()]);

        state.finish(&create, &exists(1)).await.unwrap();
        assert_eq!(state.load_all().await.unwrap().instances, [instance(1), old.clone()]);

        let mut delete = intent(2);
        (delete.address, delete.deposed) = (old.address, old.deposed);
        state.begin(&delete).await.unwrap();
        state.finish(&delete, &Outcome::Gone).await.unwrap();
        assert_eq!(state.load_all().await.unwrap().instances, [instance(1)]);
    })
    .await;
}

#[tokio::test]
async fn what_was_set_aside_for_nothing_is_current_again() {
    on_each(async |backend, directory| {
        let state = state_in(backend.open(directory).await).await;
        state.write(&[Edit::PutInstance(Box::new(instance(1)))]).await.unwrap();
        let mut create = intent(1);
        create.deposes = Some("0badcafe".into());
        state.begin(&create).await.unwrap();
        state.finish(&create, &Outcome::Unchanged).await.unwrap();
        assert_eq!(state.load_all().await.unwrap().instances, [instance(1)]);
    })
    .await;
}

#[tokio::test]
async fn planned_values_keep_what_is_known_of_them() {
    let known = Refinements {
        not_null: true,
        number_min: Some("0.1".parse().unwrap()),
        number_max: Some(100.into()),
        ..Refinements::default()
    };
    let arn = Refinements { string_prefix: Some("arn:".into()), ..Refinements::not_null() };
    let partly_known_set = Value::set(
        Type::String,
        vec![text("known"), Value::unknown(Type::String), Value::unknown_with(Type::String, arn.clone())],
    );
    let planned = Value::object([
        ("any", Value::unknown(Type::Any)),
        ("arn", Value::unknown_with(Type::String, arn.clone())),
        ("list", Value::list(Type::Number, vec![Value::number(1), Value::unknown_with(Type::Number, known)])),
        ("secret", Value::unknown_with(Type::String, arn).with_marks(Marks::SENSITIVE)),
        ("secret_set", partly_known_set.clone().with_marks(Marks::SENSITIVE)),
        ("set", partly_known_set),
        ("nothing", Value::null(Type::list(Type::Bool))),
        ("$sensitive", text("a name like any other")),
        ("tuple", Value::tuple([Value::bool(true), object(1), Value::unknown(Type::Bool)])),
    ]);
    let mut with_planned = intent(1);
    with_planned.planned = Some(planned);
    let state = state_in(Arc::new(MemoryStore::new())).await;
    state.begin(&with_planned).await.unwrap();
    assert_eq!(state.open_intents().await.unwrap(), [with_planned]);
}

#[tokio::test]
async fn edits_are_made_as_one_and_raise_the_serial_once() {
    on_each(async |backend, directory| {
        let state = state_in(backend.open(directory).await).await;
        assert_eq!(state.meta().await.unwrap(), None);
        state.write(&[]).await.unwrap();
        assert_eq!(state.meta().await.unwrap(), None);

        let output = OutputRecord { name: "url".into(), value: text("http://x"), sensitive: false };
        let product = ProductRecord {
            id: "sales.orders".into(),
            address: "data_product.orders".into(),
            descriptor: serde_json::json!({"owner": "ada"}),
        };
        let puts = [
            Edit::PutInstance(Box::new(instance(1))),
            Edit::PutOutput(output.clone()),
            Edit::PutProduct(product.clone()),
        ];
        state.write(&puts).await.unwrap();
        let meta = state.meta().await.unwrap().unwrap();
        assert_eq!((meta.lineage.as_str(), meta.serial, meta.format_version), ("id-1", 1, 1));
        assert_eq!(state.output("url").await.unwrap(), Some(output.clone()));
        assert_eq!(state.product("sales.orders").await.unwrap(), Some(product.clone()));
        let contents = Contents { instances: vec![instance(1)], outputs: vec![output], products: vec![product] };
        assert_eq!(state.load_all().await.unwrap(), contents);

        let deletes = [
            Edit::DeleteInstance { address: "local_bucket.b[1]".into(), deposed: None },
            Edit::DeleteOutput("url".into()),
            Edit::DeleteProduct("sales.orders".into()),
        ];
        state.write(&deletes).await.unwrap();
        assert_eq!(state.load_all().await.unwrap(), Contents::default());
        assert_eq!(state.meta().await.unwrap().unwrap().serial, 2);
    })
    .await;
}

#[tokio::test]
async fn every_apply_is_a_numbered_entry() {
    on_each(async |backend, directory| {
        let state = state_in(backend.open(directory).await).await;
        let change = |id: u64, result| HistoryChange {
            previous: None,
            address: format!("local_bucket.b[{id}]"),
            deposed: None,
            action: "create".into(),
            result,
        };
        let start = ApplyStart {
            who: "ada@laptop".into(),
            command: "mesh apply".into(),
            plan_digest: "d1".into(),
            changes: vec![change(1, ChangeResult::Planned), change(2, ChangeResult::Planned)],
            edits: Vec::new(),
        };
        assert_eq!(state.begin_apply(&start).await.unwrap(), 1);
        let running = state.history_entry(1).await.unwrap().unwrap();
        assert_eq!((running.outcome, running.duration()), (ApplyOutcome::Running, None));

        let output = OutputRecord { name: "url".into(), value: text("http://x"), sensitive: false };
        let end = ApplyEnd {
            changes: vec![change(1, ChangeResult::Done), change(2, ChangeResult::Failed)],
            edits: vec![Edit::PutOutput(output.clone())],
        };
        let entry = state.finish_apply(1, &end).await.unwrap();
        assert_eq!(entry.outcome, ApplyOutcome::Failed);
        assert_eq!(entry.counts[&ChangeResult::Done], 1);
        assert_eq!(entry.counts[&ChangeResult::Failed], 1);
        assert_eq!(state.load_all().await.unwrap().outputs, [output]);

        assert_eq!(state.begin_apply(&start).await.unwrap(), 2);
        state.finish_apply(2, &ApplyEnd { changes: Vec::new(), edits: Vec::new() }).await.unwrap();
        let history = state.history().await.unwrap();
        assert_eq!(history.iter().map(|entry| (entry.number, entry.serial)).collect::<Vec<_>>(), [(1, 1), (2, 2)]);
        assert_eq!(state.meta().await.unwrap().unwrap().serial, 2);
        assert_eq!(state.history_entry(3).await.unwrap(), None);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn concurrent_journals_do_not_disturb_each_other() {
    let directory = tempfile::tempdir().unwrap();
    let state = Arc::new(state_in(Backend::Sled.open(directory.path()).await).await);
    let tasks: Vec<_> = (0..32)
        .map(|task| {
            let state = Arc::clone(&state);
            tokio::spawn(async move {
                for id in (task * 10)..(task * 10 + 10) {
                    state.begin(&intent(id)).await.unwrap();
                    state.finish(&intent(id), &exists(id)).await.unwrap();
                }
            })
        })
        .collect();
    for task in tasks {
        task.await.unwrap();
    }
    assert_eq!(state.open_intents().await.unwrap(), []);
    let instances = state.load_all().await.unwrap().instances;
    let mut expected: Vec<_> = (0..320).map(instance).collect();
    expected.sort_by(|left, right| left.address.cmp(&right.address));
    assert_eq!(instances, expected);
}

/// Adds up what is written.
#[derive(Default)]
struct Counting {
    store: MemoryStore,
    written: AtomicUsize,
}

#[async_trait]
impl StateStore for Counting {
    async fn get(&self, key: &str) -> Result<Option<Vec<u8>>, StoreError> {
        self.store.get(key).await
    }

    async fn scan(&self, prefix: &str) -> Result<Vec<(String, Vec<u8>)>, StoreError> {
        self.store.scan(prefix).await
    }

    async fn commit(&self, batch: Batch) -> Result<(), StoreError> {
        let bytes = batch.writes().iter().map(|(key, bytes)| key.len() + bytes.as_ref().map_or(0, Vec::len));
        self.written.fetch_add(bytes.sum(), Ordering::SeqCst);
        self.store.commit(batch).await
    }
}

#[tokio::test]
async fn what_a_change_writes_does_not_grow_with_the_state() {
    let store = Arc::new(Counting::default());
    let state = state_in(store.clone()).await;
    let mut written = Vec::new();
    for id in 1000..3000 {
        let before = store.written.load(Ordering::SeqCst);
        state.begin(&intent(id)).await.unwrap();
        state.finish(&intent(id), &exists(id)).await.unwrap();
        written.push(store.written.load(Ordering::SeqCst) - before);
    }
    assert_eq!(written.first(), written.last());
}
