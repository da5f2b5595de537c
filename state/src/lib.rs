//! State: one durable record for each thing that mesh made, a journal, a lock, a history, and the key for secrets.

mod document;
mod error;
mod history;
mod journal;
mod keyring;
mod lock;
mod record;
mod sources;
mod state;
mod store;
mod stored;
mod wait;

pub use error::StateError;
pub use history::{ApplyEnd, ApplyOutcome, ApplyStart, ChangeResult, HistoryChange, HistoryEntry};
pub use journal::{Intent, IntentAction, Outcome};
pub use keyring::{Keyring, SealError};
pub use lock::{LockGuard, LockInfo};
pub use record::{Contents, Edit, FORMAT_VERSION, InstanceRecord, Meta, OutputRecord, ProductRecord, Status};
pub use sources::{Clock, Ids, RandomIds, SystemClock};
pub use state::State;
pub use store::{Batch, Condition, Durability, EmbeddedStore, Fdatasync, MemoryStore, StateStore, StoreError};
