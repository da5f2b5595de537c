//! Runs the `mesh` binary in directories of its own and compares what it says, and emulators for it to talk to: what all
//! end-to-end tests share.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test that can't be set up has failed")]

pub mod emulator;
mod fixture;
mod leftover;
mod normal;
mod sandbox;
mod script;
mod server;

pub use fixture::check_fixture;
pub use leftover::{Process, processes_in};
pub use normal::normalise;
pub use sandbox::{Ended, Sandbox};
pub use script::{check, play};
