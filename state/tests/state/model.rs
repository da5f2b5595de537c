//! Any sequence of journal and edits leaves what a plain map says, on memory and on sled with restarts in between.

use std::collections::BTreeMap;
use std::sync::Arc;

use mesh_state::{Edit, InstanceRecord, Intent, MemoryStore, Outcome, State, StateError, StateStore};
use proptest::prelude::*;

use crate::common::{Backend, instance, intent, state_in};

#[derive(Clone, Debug)]
enum Step {
    Begin { id: u64, address: u64, deposes: bool },
    Finish { id: u64, outcome: Kind },
    Put { address: u64 },
    Delete { address: u64, deposed: Option<u64> },
    Restart,
}

#[derive(Clone, Copy, Debug)]
enum Kind {
    Exists,
    Gone,
    Unchanged,
}

fn step() -> impl Strategy<Value = Step> {
    let (ids, addresses) = (0..6_u64, 0..4_u64);
    let outcome = prop_oneof![3 => Just(Kind::Exists), 1 => Just(Kind::Gone), 1 => Just(Kind::Unchanged)];
    prop_oneof![
        4 => (ids.clone(), addresses.clone(), any::<bool>())
            .prop_map(|(id, address, deposes)| Step::Begin { id, address, deposes }),
        4 => (ids.clone(), outcome).prop_map(|(id, outcome)| Step::Finish { id, outcome }),
        1 => addresses.clone().prop_map(|address| Step::Put { address }),
        1 => (addresses, proptest::option::of(ids)).prop_map(|(address, deposed)| Step::Delete { address, deposed }),
        1 => Just(Step::Restart),
    ]
}

/// What the state should hold. Keys sort as the state's own do.
#[derive(Default)]
struct Model {
    current: BTreeMap<String, InstanceRecord>,
    deposed: BTreeMap<(String, String), InstanceRecord>,
    intents: BTreeMap<String, Intent>,
}

fn deposed_key(id: u64) -> String {
    format!("{id:08x}")
}

fn record(address: u64, schema_version: u64) -> InstanceRecord {
    InstanceRecord { schema_version, ..instance(address) }
}

impl Model {
    async fn step(&mut self, state: &State, step: &Step, number: u64) {
        match step {
            Step::Begin { id, address, deposes } => {
                let mut new = intent(*id);
                new.address = instance(*address).address;
                new.deposes = deposes.then(|| deposed_key(*id));
                let begun = state.begin(&new).await;
                if self.intents.contains_key(&new.id) {
                    assert!(matches!(begun, Err(StateError::NotOpen { .. })));
                    return;
                }
                begun.unwrap();
                if let Some(key) = &new.deposes
                    && let Some(mut old) = self.current.remove(&new.address)
                {
                    old.deposed = Some(key.clone());
                    self.deposed.insert((key.clone(), new.address.clone()), old);
                }
                self.intents.insert(new.id.clone(), new);
            }
            Step::Finish { id, outcome } => {
                let id = intent(*id).id;
                let Some(open) = self.intents.remove(&id) else {
                    let unknown = Intent { id, ..intent(0) };
                    let refused = state.finish(&unknown, &Outcome::Gone).await;
                    assert!(matches!(refused, Err(StateError::NotOpen { .. })));
                    return;
                };
                let outcome = match outcome {
                    Kind::Exists => {
                        let new = InstanceRecord { address: open.address.clone(), ..record(0, number) };
                        self.current.insert(open.address.clone(), new.clone());
                        Outcome::Exists(Box::new(new))
                    }
                    Kind::Gone => {
                        self.current.remove(&open.address);
                        Outcome::Gone
                    }
                    Kind::Unchanged => {
                        self.restore(&open);
                        Outcome::Unchanged
                    }
                };
                state.finish(&open, &outcome).await.unwrap();
            }
            Step::Put { address } => {
                let new = record(*address, number);
                state.write(&[Edit::PutInstance(Box::new(new.clone()))]).await.unwrap();
                self.current.insert(new.address.clone(), new);
            }
            Step::Delete { address, deposed } => {
                let (address, deposed) = (instance(*address).address, deposed.map(deposed_key));
                let edit = Edit::DeleteInstance { address: address.clone(), deposed: deposed.clone() };
                state.write(&[edit]).await.unwrap();
                match deposed {
                    None => self.current.remove(&address),
                    Some(key) => self.deposed.remove(&(key, address)),
                };
            }
            Step::Restart => {}
        }
    }

    /// Nothing came of a creation: what it set aside is current again, unless something else is by now.
    fn restore(&mut self, open: &Intent) {
        let Some(key) = &open.deposes else { return };
        if self.current.contains_key(&open.address) {
            return;
        }
        if let Some(mut old) = self.deposed.remove(&(key.clone(), open.address.clone())) {
            old.deposed = None;
            self.current.insert(open.address.clone(), old);
        }
    }

    async fn compare(&self, state: &State) {
        let expected: Vec<_> = self.current.values().chain(self.deposed.values()).cloned().collect();
        assert_eq!(state.load_all().await.unwrap().instances, expected);
        assert_eq!(state.open_intents().await.unwrap(), self.intents.values().cloned().collect::<Vec<_>>());
    }
}

fn run(steps: &[Step], backend: Backend) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
    runtime.block_on(async {
        let directory = tempfile::tempdir().unwrap();
        let memory: Arc<dyn StateStore> = Arc::new(MemoryStore::new());
        let open = async || match backend {
            Backend::Memory => state_in(Arc::clone(&memory)).await,
            Backend::Sled | Backend::Redb => state_in(backend.open(directory.path()).await).await,
        };
        let (mut state, mut model) = (open().await, Model::default());
        for (number, step) in (0..).zip(steps) {
            if matches!(step, Step::Restart) {
                drop(state);
                state = open().await;
            }
            model.step(&state, step, number).await;
            model.compare(&state).await;
        }
    });
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn in_memory_it_agrees_with_a_map(steps in proptest::collection::vec(step(), 1..40)) {
        run(&steps, Backend::Memory);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn on_sled_it_agrees_with_a_map(steps in proptest::collection::vec(step(), 1..40)) {
        run(&steps, Backend::Sled);
    }
}
