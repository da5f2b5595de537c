//! Which API calls each type makes on each emulator, as the provider tells it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Mutex;

use mesh_tests::emulator::{Emulator, Kind};

/// The type that runs against each host. One at a time: whoever uses an emulator has it alone.
static RUNNING: Mutex<BTreeMap<String, (Kind, &'static str)>> = Mutex::new(BTreeMap::new());

/// The operations that succeeded, by emulator and type.
static SUCCEEDED: Mutex<BTreeMap<(Kind, &'static str), BTreeSet<String>>> = Mutex::new(BTreeMap::new());

/// A type's run. Its calls are attributed to it until this is dropped.
pub struct Watched(String);

/// Listens to the provider from now on.
pub fn begin() {
    let is_first = mesh_provider_aws::calls::observe(|call| {
        let running = RUNNING.lock().unwrap().get(&call.host).copied();
        if let Some(running) = running.filter(|_| call.succeeded) {
            SUCCEEDED.lock().unwrap().entry(running).or_default().insert(call.operation.clone());
        }
    });
    assert!(is_first, "the suite has the only observer");
}

/// Attributes the calls that an emulator gets to a type.
pub fn attribute(emulator: &Emulator, ty: &'static str) -> Watched {
    let host = emulator.endpoint().trim_start_matches("http://").to_owned();
    RUNNING.lock().unwrap().insert(host.clone(), (emulator.kind(), ty));
    Watched(host)
}

impl Drop for Watched {
    fn drop(&mut self) {
        RUNNING.lock().unwrap().remove(&self.0);
    }
}

/// The operations of a type that succeeded on an emulator.
pub fn succeeded(on: Kind, ty: &str) -> BTreeSet<String> {
    let all = SUCCEEDED.lock().unwrap();
    let of_type = all.iter().filter(|((kind, of), _)| *kind == on && *of == ty);
    of_type.flat_map(|(_, operations)| operations.iter().cloned()).collect()
}
