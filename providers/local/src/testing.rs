//! What tests of resource types share: a platform on a temporary directory, operations, and a runtime.

use std::path::Path;
use std::time::Duration;

use mesh_provider::{Operation, Platform, Private, Stop};

use crate::provider::{Local, LocalConfig};

/// Runs a future to its end.
pub fn run<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap().block_on(future)
}

/// The platform with its base directory at `dir`.
pub fn platform(dir: &Path) -> Local {
    run(Local::configure(LocalConfig { base_dir: None }, dir)).unwrap()
}

/// An operation under a token.
pub fn operation(token: &str) -> Operation {
    Operation::new(token.to_owned(), Stop::default(), Duration::from_secs(600), Private::new())
}

/// A token that no other test and no other run of the tests has: processes are found by it, on the whole machine.
pub fn token(dir: &Path) -> String {
    blake3::hash(dir.as_os_str().as_encoded_bytes()).to_hex().chars().take(32).collect()
}
