//! What can go wrong in a store, in words that say where and what to do.

use std::io;
use std::path::PathBuf;

use crate::LockInfo;

/// Why a store refused or failed.
#[derive(Clone, Debug, thiserror::Error)]
pub enum StoreError {
    /// A condition of the batch did not hold; nothing was written.
    #[error("the record {key:?} was changed by someone else in the meantime; nothing was written")]
    Conflict {
        /// The key whose condition did not hold.
        key: String,
    },
    /// Another process has the embedded store open.
    #[error("the state in {} is in use: {}", .directory.display(), in_use(.holder.as_deref()))]
    InUse {
        /// The directory of the store.
        directory: PathBuf,
        /// Who has it, where that could be read.
        holder: Option<Box<LockInfo>>,
    },
    /// The files are not a store, or damaged.
    #[error(
        "the state in {} can't be read: {reason}. `state.backup.json` beside it holds the state after the last apply: move the `state` directory away, \
         then take the copy in with `mesh state push FILE`",
        .directory.display()
    )]
    Corrupt {
        /// The directory of the store.
        directory: PathBuf,
        /// What the backend says.
        reason: String,
    },
    /// A file or the medium failed.
    #[error("{action} {}: {reason}", .path.display())]
    Io {
        /// What was tried, such as "can't open".
        action: &'static str,
        /// On which file or directory.
        path: PathBuf,
        /// What the system said.
        reason: String,
    },
    /// An earlier write failed, so that it isn't known any more what is durable.
    #[error("the state store stopped taking writes after a failure: {reason}")]
    Stopped {
        /// The first failure.
        reason: String,
    },
    /// The backend failed in its own way.
    #[error("the state store failed: {0}")]
    Backend(String),
}

impl StoreError {
    pub(crate) fn io(action: &'static str, path: impl Into<PathBuf>, error: &io::Error) -> Self {
        Self::Io { action, path: path.into(), reason: error.to_string() }
    }
}

fn in_use(holder: Option<&LockInfo>) -> String {
    match holder {
        Some(holder) => format!(
            "{} runs `{}` (process {}) since {}. Wait for it with --lock-timeout, or end that process",
            holder.who,
            holder.command,
            holder.pid,
            holder.since()
        ),
        None => "another process has it open, and left no note of who it is. Wait for it with --lock-timeout".into(),
    }
}
