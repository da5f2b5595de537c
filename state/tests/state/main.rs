//! The state's behaviour through its public interface, on three backends, with killed processes and damaged files.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod common;
mod crash;
mod damage;
mod document;
mod group_commit;
mod journal;
mod lock;
mod model;
mod secrets;
mod store;
