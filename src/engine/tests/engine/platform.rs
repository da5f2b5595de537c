//! A platform in memory: objects, a log of everything that happens, and faults at chosen calls.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Mutex, MutexGuard, PoisonError};

use futures_util::FutureExt;
use mesh_value::Value;
use tokio::sync::Notify;

/// What goes wrong in one call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// Refused: nothing happened.
    Before,
    /// It happened, and an error was reported all the same.
    After,
    /// It happened half.
    Partial,
    /// It happened, and whoever asked can't tell.
    LostReply,
    /// Nothing happened, and whoever asked can't tell.
    LostRequest,
    /// The caller is killed before anything happened.
    KilledBefore,
    /// The caller is killed after it happened.
    KilledAfter,
}

/// One object on the platform.
#[derive(Clone, Debug)]
pub struct Object {
    /// All attributes.
    pub value: Value,
    /// The token that it was created with.
    pub token: String,
    /// Whether its creation came to its end.
    pub complete: bool,
}

#[derive(Default)]
struct Inner {
    objects: BTreeMap<String, Object>,
    log: Vec<String>,
    made: u64,
    revisions: u64,
    calls: usize,
    faults: HashMap<usize, Fault>,
    named_faults: HashMap<String, Fault>,
    latency: HashMap<String, usize>,
    running: usize,
    most_running: usize,
    dangling: Vec<String>,
    dead: bool,
}

/// The platform. It outlives every run of the engine.
#[derive(Default)]
pub struct Platform {
    inner: Mutex<Inner>,
    /// Told when the engine is to be killed.
    pub kill: Notify,
}

impl Platform {
    fn inner(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// All objects by id.
    pub fn objects(&self) -> BTreeMap<String, Object> {
        self.inner().objects.clone()
    }

    /// The object of an id.
    pub fn object(&self, id: &str) -> Option<Object> {
        self.inner().objects.get(id).cloned()
    }

    /// The object of a name.
    pub fn named(&self, name: &str) -> Option<(String, Object)> {
        let inner = self.inner();
        let found = inner.objects.iter().find(|(_, object)| object.text("name") == name);
        found.map(|(id, object)| (id.clone(), object.clone()))
    }

    /// Changes an object behind mesh's back.
    pub fn drift(&self, name: &str, change: impl Fn(&str, &Value) -> Value) {
        let (id, mut object) = self.named(name).unwrap();
        let entries = object.value.as_entries().unwrap_or_default();
        object.value = Value::object(entries.iter().map(|(name, value)| (name.clone(), change(name, value))));
        self.inner().objects.insert(id, object);
    }

    /// Removes an object behind mesh's back.
    pub fn remove(&self, name: &str) {
        let (id, _) = self.named(name).unwrap();
        self.inner().objects.remove(&id);
    }

    /// The log since it was last taken.
    pub fn take_log(&self) -> Vec<String> {
        std::mem::take(&mut self.inner().log)
    }

    /// What was deleted while something still used it, since last asked.
    pub fn take_dangling(&self) -> Vec<String> {
        std::mem::take(&mut self.inner().dangling)
    }

    /// The most calls that ran at the same time.
    pub fn most_running(&self) -> usize {
        self.inner().most_running
    }

    /// How many calls there were.
    pub fn calls(&self) -> usize {
        self.inner().calls
    }

    /// Notes a call that changes nothing and never fails.
    pub fn note(&self, call: String) {
        let mut inner = self.inner();
        inner.calls += 1;
        inner.log.push(call);
    }

    /// How long calls about an object take, in turns of the scheduler.
    pub fn slow(&self, name: &str, turns: usize) {
        self.inner().latency.insert(name.to_owned(), turns);
    }

    /// The calls that go wrong, counted from the next one.
    pub fn fail(&self, faults: impl IntoIterator<Item = (usize, Fault)>) {
        let mut inner = self.inner();
        let next = inner.calls;
        inner.faults = faults.into_iter().map(|(call, fault)| (next + call, fault)).collect();
    }

    /// The call that goes wrong, such as `delete a`: the next one of its kind.
    pub fn fail_at(&self, call: &str, fault: Fault) {
        self.inner().named_faults.insert(call.to_owned(), fault);
    }

    /// A call begins; what goes wrong with it.
    pub async fn begin(&self, what: &str, name: &str) -> Option<Fault> {
        self.hold_the_dead().await;
        let (fault, turns) = {
            let mut inner = self.inner();
            let call = inner.calls;
            inner.calls += 1;
            inner.running += 1;
            inner.most_running = inner.most_running.max(inner.running);
            inner.log.push(format!("{what} {name}"));
            let named = inner.named_faults.remove(&format!("{what} {name}"));
            (inner.faults.remove(&call).or(named), inner.latency.get(name).copied().unwrap_or(1))
        };
        for _ in 0..turns {
            tokio::task::yield_now().await;
        }
        if fault == Some(Fault::KilledBefore) {
            self.killed().await;
        }
        self.hold_the_dead().await;
        fault
    }

    /// A call ends.
    pub async fn end(&self, what: &str, name: &str, fault: Option<Fault>) {
        if fault == Some(Fault::KilledAfter) {
            self.killed().await;
        }
        let mut inner = self.inner();
        inner.running -= 1;
        let failed = if fault.is_some() { " failed" } else { "" };
        inner.log.push(format!("{what} {name} done{failed}"));
    }

    /// Kills the engine: whoever waits for this waits forever.
    pub async fn killed(&self) {
        self.inner().dead = true;
        self.kill.notify_one();
        std::future::pending().await
    }

    /// Who was killed does nothing more.
    pub async fn hold_the_dead(&self) {
        if self.inner().dead {
            std::future::pending::<()>().await;
        }
    }

    /// A new process starts.
    pub fn revive(&self) {
        let _ = self.kill.notified().now_or_never();
        let mut inner = self.inner();
        inner.dead = false;
        inner.running = 0;
    }

    /// A fresh id.
    pub fn next_id(&self) -> String {
        let mut inner = self.inner();
        inner.made += 1;
        format!("obj-{}", inner.made)
    }

    /// A fresh revision.
    pub fn next_revision(&self) -> String {
        let mut inner = self.inner();
        inner.revisions += 1;
        format!("rev-{}", inner.revisions)
    }

    /// Puts an object.
    pub fn put(&self, id: &str, object: Object) {
        self.inner().objects.insert(id.to_owned(), object);
    }

    /// Deletes an object, and notes it where another one still uses it.
    pub fn delete(&self, id: &str) {
        let mut inner = self.inner();
        let gone = inner.objects.remove(id);
        let users: Vec<String> =
            inner.objects.values().filter(|other| other.uses(id)).map(|user| user.text("name").to_owned()).collect();
        if let Some(gone) = gone {
            inner.dangling.extend(users.iter().map(|user| format!("{user} still uses {}", gone.name())));
        }
    }
}

impl Object {
    fn text(&self, name: &str) -> &str {
        self.value.get(name).and_then(Value::as_str).unwrap_or_default()
    }

    /// Its name in the log.
    pub fn name(&self) -> String {
        self.text("name").to_owned()
    }

    /// Whether it uses the object of an id.
    fn uses(&self, id: &str) -> bool {
        let uses = self.value.get("uses").and_then(Value::as_slice).unwrap_or_default();
        self.text("base") == id || uses.iter().any(|used| used.as_str() == Some(id))
    }
}
