//! What the typed state can answer other than what it was asked for.

use crate::{LockInfo, SealError, StoreError};

/// Why the state could not be read or written.
#[derive(Clone, Debug, thiserror::Error)]
pub enum StateError {
    /// The store refused or failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A newer mesh wrote the state.
    #[error(
        "the state has format {found}, written by {created_by}; this mesh understands formats up to {supported}. \
         Nothing was changed. Use a mesh at least as new as the one that wrote it"
    )]
    Newer {
        /// The format's number.
        found: u64,
        /// The newest that this mesh knows.
        supported: u64,
        /// The program that wrote it.
        created_by: String,
    },
    /// A record does not hold what it should.
    #[error(
        "the record {key:?} of the state is damaged: {reason}. Nothing was changed. `state.backup.json` beside it \
         holds the state after the last apply: take it back with `mesh state push --force FILE`"
    )]
    Corrupt {
        /// The record's key.
        key: String,
        /// What is wrong with it.
        reason: String,
    },
    /// A secret in a record could not be encrypted or decrypted.
    #[error("the record {key:?} of the state: {source}")]
    Sealed {
        /// The record's key.
        key: String,
        /// Why.
        source: SealError,
    },
    /// The key can't be made or read.
    #[error(transparent)]
    Key(#[from] SealError),
    /// The state holds secrets under a key that is not there.
    #[error(
        "the state's secrets are encrypted with key {id}, but there is no key file {path}. Bring the file back, \
         or give the key by MESH_STATE_KEY"
    )]
    KeyMissing {
        /// Where the key file should be.
        path: String,
        /// Which key it takes.
        id: String,
    },
    /// Someone holds the lock.
    #[error(
        "the state is locked by {} for `{}` since {} (until {}, lock id {}). Wait for it with \
         --lock-timeout",
        .0.who, .0.command, .0.since(), .0.until(), .0.id
    )]
    Locked(Box<LockInfo>),
    /// The lock was broken, or ran out and was taken over.
    #[error(
        "the lock on the state was lost: it was broken, or it ran out and someone else took it. Nothing more was written; \
         what was under way on a platform is found again by the next apply"
    )]
    LockLost,
    /// There is no such lock to break.
    #[error("nobody holds the lock {id}{}", instead(.held.as_deref()))]
    NotLocked {
        /// The id that was asked for.
        id: String,
        /// Who holds the lock instead.
        held: Option<Box<LockInfo>>,
    },
    /// An intent was to be settled that is not open.
    #[error("the change {id} of {address} was already settled. This is a bug in mesh")]
    NotOpen {
        /// The intent's id.
        id: String,
        /// What it was about.
        address: String,
    },
    /// A pushed state belongs to something else.
    #[error(
        "the state to push has lineage {pushed}, the one here {found}: they are not versions of the same state. \
         Push it with --force to replace what is here"
    )]
    Lineage {
        /// The lineage of what is here.
        found: String,
        /// The lineage of what was pushed.
        pushed: String,
    },
    /// A pushed state is not newer than the one here.
    #[error(
        "the state to push has serial {pushed}, the one here {found}{}. \
         Push it with --force to replace what is here",
        if pushed == found { " with other content" } else { ": what is here is newer" }
    )]
    Serial {
        /// The serial of what is here.
        found: u64,
        /// The serial of what was pushed.
        pushed: u64,
    },
    /// A push would lose track of changes that were begun.
    #[error(
        "{count} changes were begun and never settled (first: {first}). Run `mesh apply` to settle them, or push with \
         --force, which forgets them"
    )]
    OpenIntents {
        /// How many.
        count: usize,
        /// The address of the first.
        first: String,
    },
    /// What was pushed is not a state.
    #[error("this is not a state as `mesh state pull` writes it: {reason}")]
    NotAState {
        /// What is wrong with it.
        reason: String,
    },
}

impl StateError {
    pub(crate) fn corrupt(key: impl Into<String>, reason: impl Into<String>) -> Self {
        Self::Corrupt { key: key.into(), reason: reason.into() }
    }

    pub(crate) fn encoding(key: &str, error: &serde_json::Error) -> Self {
        Self::Store(StoreError::Backend(format!("can't write the record {key:?}: {error}")))
    }

    /// A failure to seal or open, as one of the record under `key`.
    pub(crate) fn sealed(key: &str, source: SealError) -> Self {
        match source {
            SealError::Form(reason) => Self::corrupt(key, reason),
            source => Self::Sealed { key: key.into(), source },
        }
    }
}

fn instead(holder: Option<&LockInfo>) -> String {
    holder.map_or_else(
        || ": the state is not locked".into(),
        |holder| format!(": it is held by {} under {}", holder.who, holder.id),
    )
}
