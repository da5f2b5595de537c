//! What can go wrong that no user caused: infrastructure, and records that can't be read.

use mesh_state::StateError;

/// An error of the engine that is not about the configuration.
#[derive(Debug, thiserror::Error)]
pub enum EngineError {
    /// The state could not be read or written.
    #[error(transparent)]
    State(#[from] StateError),
    /// A record's address can't be read.
    #[error("the state has a record under {address:?}, which is not an address: {why}")]
    Address {
        /// The address as stored.
        address: String,
        /// Why it can't be read.
        why: String,
    },
}
