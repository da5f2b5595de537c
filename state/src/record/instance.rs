//! A resource instance as the state remembers it.

use std::borrow::Cow;

use mesh_value::Value;
use serde::{Deserialize, Serialize};

use crate::StateError;
use crate::record::{RECORD_VERSION, check_version, parse, write};
use crate::stored::{Codec, Sealed, Stored};

pub(crate) const INSTANCE: &str = "resource/";
pub(crate) const DEPOSED: &str = "deposed/";

/// An object that mesh made or took over.
#[derive(Clone, Debug, PartialEq)]
pub struct InstanceRecord {
    /// The instance's address, as [`mesh_value::InstanceAddress`] prints it.
    pub address: String,
    /// Set for an object that was replaced and is still to be deleted.
    pub deposed: Option<String>,
    /// The provider, by the name and alias that configuration uses.
    pub provider: String,
    /// The version of the resource type's schema that `value` has.
    pub schema_version: u64,
    /// The object, wholly known. What is marked sensitive is encrypted at rest.
    pub value: Value,
    /// The provider's own bytes. They may hold anything and are encrypted at rest.
    pub private: Vec<u8>,
    /// Whether it is whole.
    pub status: Status,
    /// The addresses that its configuration read, sorted: they are deleted after it.
    pub reads: Vec<String>,
    /// The data product that it belongs to, as `domain.name`.
    pub product: Option<String>,
}

/// Whether an object is whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    /// It is as it was applied.
    Ready,
    /// It may be half made, or someone asked for a new one: the next apply replaces it.
    Tainted,
}

/// The record's JSON.
#[derive(Serialize, Deserialize)]
struct Text<'a> {
    version: u64,
    address: Cow<'a, str>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    deposed: Option<String>,
    provider: Cow<'a, str>,
    schema_version: u64,
    status: Status,
    reads: Cow<'a, [String]>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    product: Option<String>,
    #[serde(borrow)]
    object: Stored<'a>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    private: Option<Sealed>,
}

impl InstanceRecord {
    /// The key of an instance's record.
    pub(crate) fn key(address: &str, deposed: Option<&str>) -> String {
        match deposed {
            None => format!("{INSTANCE}{address}"),
            Some(deposed) => format!("{DEPOSED}{deposed}/{address}"),
        }
    }

    pub(crate) fn encode(&self, codec: &Codec) -> Result<(String, Vec<u8>), StateError> {
        let key = Self::key(&self.address, self.deposed.as_deref());
        let sealed = |error| StateError::sealed(&key, error);
        let text = Text {
            version: RECORD_VERSION,
            address: Cow::Borrowed(&self.address),
            deposed: self.deposed.clone(),
            provider: Cow::Borrowed(&self.provider),
            schema_version: self.schema_version,
            status: self.status,
            reads: Cow::Borrowed(&self.reads),
            product: self.product.clone(),
            object: codec.seal(&self.value).map_err(sealed)?,
            private: if self.private.is_empty() {
                None
            } else {
                Some(codec.seal_bytes(&self.private).map_err(sealed)?)
            },
        };
        let bytes = write(&key, &text)?;
        Ok((key, bytes))
    }

    pub(crate) fn decode(key: &str, bytes: &[u8], codec: &Codec) -> Result<Self, StateError> {
        let text: Text<'_> = parse(key, bytes)?;
        check_version(key, text.version)?;
        let sealed = |error| StateError::sealed(key, error);
        let record = Self {
            value: codec.open(&text.object).map_err(sealed)?,
            private: match &text.private {
                None => Vec::new(),
                Some(private) => codec.open_bytes(private).map_err(sealed)?,
            },
            address: text.address.into_owned(),
            deposed: text.deposed,
            provider: text.provider.into_owned(),
            schema_version: text.schema_version,
            status: text.status,
            reads: text.reads.into_owned(),
            product: text.product,
        };
        if Self::key(&record.address, record.deposed.as_deref()) != key {
            return Err(StateError::corrupt(key, format!("it says that it is of {}", record.address)));
        }
        Ok(record)
    }
}
