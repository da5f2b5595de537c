//! What the state's tests share: three stores behind one name, a clock that stands still, ids that count, sample records.

pub mod redb_store;

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::time::Duration;

use self::redb_store::RedbStore;
use jiff::Timestamp;
use mesh_state::{
    Clock, EmbeddedStore, Ids, InstanceRecord, Intent, IntentAction, Keyring, LockInfo, MemoryStore, State, StateStore,
    Status,
};
use mesh_value::{Marks, Type, Value};

pub const NOW: i64 = 1_800_000_000;

/// How long tests wait for a store that was just closed: a program that another test starts at that moment may hold a copy
/// of its lock for an instant.
pub const PATIENCE: Duration = Duration::from_secs(10);

/// A clock that moves only when told.
pub struct TestClock(AtomicI64);

impl TestClock {
    pub fn new() -> Arc<Self> {
        Arc::new(Self(AtomicI64::new(NOW)))
    }

    pub fn advance(&self, seconds: i64) {
        self.0.fetch_add(seconds, Ordering::SeqCst);
    }
}

impl Clock for TestClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_second(self.0.load(Ordering::SeqCst)).unwrap()
    }
}

/// `id-1`, `id-2`, ...
#[derive(Default)]
pub struct TestIds(AtomicU64);

impl Ids for TestIds {
    fn next(&self) -> String {
        format!("id-{}", self.0.fetch_add(1, Ordering::SeqCst) + 1)
    }
}

/// The backends that every test of the store and of the state runs on.
#[derive(Clone, Copy, Debug)]
pub enum Backend {
    Memory,
    Sled,
    Redb,
}

pub const BACKENDS: [Backend; 3] = [Backend::Memory, Backend::Sled, Backend::Redb];

impl Backend {
    pub async fn open(self, directory: &Path) -> Arc<dyn StateStore> {
        match self {
            Self::Memory => Arc::new(MemoryStore::new()),
            Self::Sled => Arc::new(EmbeddedStore::open(directory, &holder("test"), PATIENCE).await.unwrap()),
            Self::Redb => Arc::new(RedbStore::open(&directory.join("state.redb"))),
        }
    }

    /// Whether what was committed is there after the store was closed and opened again.
    pub fn is_durable(self) -> bool {
        !matches!(self, Self::Memory)
    }
}

/// Runs a test on each backend, each in a directory of its own.
#[expect(clippy::print_stdout, reason = "shown where the test fails: on which backend")]
pub async fn on_each(test: impl AsyncFn(Backend, &Path)) {
    for backend in BACKENDS {
        let directory = tempfile::tempdir().unwrap();
        println!("on {backend:?}");
        test(backend, directory.path()).await;
    }
}

pub fn key() -> Keyring {
    Keyring::new([7; 32])
}

pub async fn state_in(store: Arc<dyn StateStore>) -> State {
    State::open(store, key(), TestClock::new(), Arc::new(TestIds::default())).await.unwrap()
}

pub fn holder(id: &str) -> LockInfo {
    let created = Timestamp::from_second(NOW).unwrap();
    LockInfo {
        id: id.into(),
        who: "ada@laptop".into(),
        operation: "apply".into(),
        command: "mesh apply --auto-approve".into(),
        pid: std::process::id(),
        created,
        expires: Timestamp::from_second(NOW + 60).unwrap(),
    }
}

pub fn text(value: &str) -> Value {
    Value::string(value)
}

/// An object such as a provider returns, with a secret in it.
pub fn object(id: u64) -> Value {
    let tags = Value::map(Type::String, [("owner".into(), text("sales")), ("n".into(), text(&id.to_string()))]);
    Value::object([
        ("bucket", text(&format!("bucket-{id}"))),
        ("force_destroy", Value::bool(false)),
        ("id", text(&format!("/data/bucket-{id}"))),
        ("password", text(&format!("hunter2-{id}")).with_marks(Marks::SENSITIVE)),
        ("size", Value::number(id as i64)),
        ("tags", tags),
    ])
}

pub fn instance(id: u64) -> InstanceRecord {
    InstanceRecord {
        address: format!("local_bucket.b[{id}]"),
        deposed: None,
        provider: "local".into(),
        schema_version: 1,
        value: object(id),
        private: Vec::new(),
        status: Status::Ready,
        reads: vec![format!("local_bucket.a[{id}]")],
        product: Some("sales.orders".into()),
    }
}

pub fn intent(id: u64) -> Intent {
    Intent {
        id: format!("{id:08}"),
        address: format!("local_bucket.b[{id}]"),
        deposed: None,
        action: IntentAction::Create,
        provider: "local".into(),
        token: format!("{id:032x}"),
        planned: Some(object(id)),
        prior: None,
        deposes: None,
        reads: Vec::new(),
        started_at: Timestamp::from_second(NOW).unwrap(),
        apply: 1,
    }
}
