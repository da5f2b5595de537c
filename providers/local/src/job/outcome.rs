//! What comes of a run, whether it succeeded or not.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Instant;

use mesh_provider::Stop;
use serde::{Deserialize, Serialize};

/// Named values that a job hands on; null where SQL said NULL.
pub type Output = BTreeMap<String, Option<String>>;

/// A run that has come to its end.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Outcome {
    /// Whether it succeeded.
    pub succeeded: bool,
    /// Its exit status; 0 or 1 for SQL.
    pub exit_status: i32,
    /// When it started, in RFC 3339.
    pub started_at: String,
    /// How long it took, in milliseconds.
    pub duration_ms: u64,
    /// What it handed on.
    pub output: Output,
    /// How many runs there were, with this one.
    pub runs: u64,
}

/// Why a run did not succeed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Broken {
    /// What went wrong, as a whole sentence.
    pub why: String,
    /// The command's exit status, 128 and the signal's number where a signal ended it; 1 for SQL.
    pub exit_status: i32,
}

impl Broken {
    /// Something went wrong that has no exit status of its own.
    pub fn because(why: impl Into<String>) -> Self {
        Self { why: why.into(), exit_status: 1 }
    }
}

/// When a run must end before it is done.
#[derive(Clone, Debug)]
pub struct Limit {
    /// The end of the timeout, where there is one.
    pub deadline: Option<Instant>,
    /// The timeout as it is written, for the message.
    pub timeout: Arc<str>,
    /// Set when `mesh` is asked to stop.
    pub stop: Stop,
}

impl Limit {
    /// Why the run must end now, as a sentence; `None` to go on.
    pub fn reached(&self) -> Option<String> {
        if self.deadline.is_some_and(|deadline| Instant::now() >= deadline) {
            return Some(format!("It was ended because it took longer than its `timeout` of {}.", self.timeout));
        }
        self.stop.is_requested().then(|| "It was ended because mesh was asked to stop.".to_owned())
    }
}
