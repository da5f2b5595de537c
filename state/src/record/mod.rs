//! What the state holds: one small record for each thing, readable JSON, each with its own version.

mod instance;
mod output;
mod product;

use serde::{Deserialize, Serialize};

pub use instance::{InstanceRecord, Status};
pub use output::OutputRecord;
pub use product::ProductRecord;

pub(crate) use instance::{DEPOSED, INSTANCE};
pub(crate) use output::OUTPUT;
pub(crate) use product::PRODUCT;

use crate::{Intent, StateError};

/// The newest format of a whole state that this mesh reads and writes.
pub const FORMAT_VERSION: u64 = 1;

/// The newest version of single records.
pub(crate) const RECORD_VERSION: u64 = 1;

/// What is true of the whole state.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Meta {
    /// The format of everything else.
    pub format_version: u64,
    /// Which program and version wrote the state first.
    pub created_by: String,
    /// Made once with the state, so that two states are not taken for versions of each other.
    pub lineage: String,
    /// Goes up by one with every apply and every edit by hand.
    pub serial: u64,
    /// How many applies the history has.
    pub applies: u64,
    /// The id of the key that sensitive values are encrypted with.
    pub sealed_with: String,
}

/// One change of the state's content, outside the journal.
#[derive(Clone, Debug, PartialEq)]
pub enum Edit {
    /// Sets an instance, current or deposed.
    PutInstance(Box<InstanceRecord>),
    /// Removes an instance.
    DeleteInstance {
        /// Its address.
        address: String,
        /// Its deposed key; `None` for the current object.
        deposed: Option<String>,
    },
    /// Sets an open intent anew, as when the instance that it is about got another address.
    PutIntent(Box<Intent>),
    /// Sets an output value.
    PutOutput(OutputRecord),
    /// Removes an output value, by name.
    DeleteOutput(String),
    /// Sets a data product.
    PutProduct(ProductRecord),
    /// Removes a data product, by id.
    DeleteProduct(String),
}

/// Everything that the state says exists.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Contents {
    /// Current instances, sorted by address; then deposed ones, sorted by deposed key.
    pub instances: Vec<InstanceRecord>,
    /// Output values of the root module, sorted by name.
    pub outputs: Vec<OutputRecord>,
    /// Data products, sorted by id.
    pub products: Vec<ProductRecord>,
}

/// Refuses records that a newer mesh wrote, before their fields are looked at.
pub(crate) fn check_version(key: &str, version: u64) -> Result<(), StateError> {
    if version > RECORD_VERSION {
        let reason = format!("it has version {version}, and this mesh reads versions up to {RECORD_VERSION}");
        return Err(StateError::corrupt(key, reason));
    }
    Ok(())
}

/// Parses a record.
pub(crate) fn parse<'a, T: Deserialize<'a>>(key: &str, bytes: &'a [u8]) -> Result<T, StateError> {
    #[derive(Deserialize)]
    struct Versioned {
        version: u64,
    }
    serde_json::from_slice(bytes).map_err(|error| {
        // A record of a newer version may well have another shape: then that is what to say.
        let newer = serde_json::from_slice::<Versioned>(bytes).ok().map(|found| check_version(key, found.version));
        match newer {
            Some(Err(newer)) => newer,
            _ => StateError::corrupt(key, error.to_string()),
        }
    })
}

/// Writes a record.
pub(crate) fn write<T: Serialize>(key: &str, record: &T) -> Result<Vec<u8>, StateError> {
    serde_json::to_vec(record).map_err(|error| StateError::encoding(key, &error))
}
