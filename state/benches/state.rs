//! How fast the embedded state journals and loads: `cargo bench -p mesh-state`.
#![expect(clippy::unwrap_used, reason = "a benchmark fails by panicking")]

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use criterion::{Criterion, criterion_group, criterion_main};
use jiff::Timestamp;
use mesh_state::{
    Edit, InstanceRecord, Intent, IntentAction, Keyring, LockInfo, Outcome, RandomIds, State, Status, SystemClock,
};
use mesh_value::{Marks, Type, Value};
use tokio::runtime::Runtime;

fn object(id: u64) -> Value {
    let tags = [("owner".into(), Value::string("sales")), ("n".into(), Value::string(id.to_string()))];
    Value::object([
        ("arn", Value::string(format!("arn:aws:s3:::bucket-{id}"))),
        ("bucket", Value::string(format!("bucket-{id}"))),
        ("force_destroy", Value::bool(false)),
        ("id", Value::string(format!("/data/bucket-{id}"))),
        ("size", Value::number(i64::try_from(id).unwrap())),
        ("tags", Value::map(Type::String, tags)),
    ])
}

fn instance(id: u64, value: Value) -> InstanceRecord {
    InstanceRecord {
        address: format!("module.store.local_bucket.b[{id}]"),
        deposed: None,
        provider: "local".into(),
        schema_version: 1,
        value,
        private: Vec::new(),
        status: Status::Ready,
        reads: vec![format!("module.store.local_bucket.a[{id}]")],
        product: Some("sales.orders".into()),
    }
}

fn intent(id: u64) -> Intent {
    Intent {
        id: format!("{id:032x}"),
        address: format!("module.store.local_bucket.b[{id}]"),
        deposed: None,
        action: IntentAction::Create,
        provider: "local".into(),
        token: format!("{id:032x}"),
        planned: Some(object(id)),
        prior: None,
        deposes: None,
        reads: Vec::new(),
        started_at: Timestamp::UNIX_EPOCH,
        apply: 1,
    }
}

async fn open(directory: &Path) -> State {
    let holder = LockInfo {
        id: "bench".into(),
        who: "bench@here".into(),
        operation: "apply".into(),
        command: "bench".into(),
        pid: std::process::id(),
        created: Timestamp::UNIX_EPOCH,
        expires: Timestamp::MAX,
    };
    let (clock, ids) = (Arc::new(SystemClock), Arc::new(RandomIds));
    State::open_embedded(directory, &holder, Duration::from_secs(10), Some(Keyring::new([7; 32])), clock, ids)
        .await
        .unwrap()
}

/// 4,000 intents and 4,000 outcomes by 32 tasks at once, all durable.
async fn journal(state: Arc<State>) -> Duration {
    let started = Instant::now();
    let tasks: Vec<_> = (0..32)
        .map(|task| {
            let state = Arc::clone(&state);
            tokio::spawn(async move {
                for id in (task * 125)..(task * 125 + 125) {
                    state.begin(&intent(id)).await.unwrap();
                    state.finish(&intent(id), &Outcome::Exists(Box::new(instance(id, object(id))))).await.unwrap();
                }
            })
        })
        .collect();
    for task in tasks {
        task.await.unwrap();
    }
    started.elapsed()
}

async fn filled(directory: &Path, records: u64, secret: bool) -> State {
    let state = open(directory).await;
    let value = |id| {
        let value = object(id);
        if secret { Value::object([("all", value.with_marks(Marks::SENSITIVE))]) } else { value }
    };
    let edits: Vec<_> = (0..records).map(|id| Edit::PutInstance(Box::new(instance(id, value(id))))).collect();
    state.write(&edits).await.unwrap();
    drop(state);
    open(directory).await
}

fn benches(criterion: &mut Criterion) {
    let runtime = Runtime::new().unwrap();
    let mut group = criterion.benchmark_group("state");
    group.sample_size(10);
    group.bench_function("journal 8,000 writes by 32 tasks", |bencher| {
        bencher.iter_custom(|times| {
            let one = || {
                let directory = tempfile::tempdir().unwrap();
                runtime.block_on(async { journal(Arc::new(open(directory.path()).await)).await })
            };
            (0..times).map(|_| one()).sum()
        });
    });
    for (name, secret) in [("load 10,000 records", false), ("load 10,000 records, all encrypted", true)] {
        let directory = tempfile::tempdir().unwrap();
        let state = runtime.block_on(filled(directory.path(), 10_000, secret));
        group.bench_function(name, |bencher| bencher.iter(|| runtime.block_on(state.load_all()).unwrap()));
        if !secret {
            group.bench_function("pull 10,000 records", |bencher| {
                bencher.iter(|| runtime.block_on(state.pull()).unwrap())
            });
            drop(state);
            group.bench_function("open and close with 10,000 records", |bencher| {
                bencher.iter(|| runtime.block_on(open(directory.path())));
            });
        }
    }
}

criterion_group!(all, benches);
criterion_main!(all);
