//! A data product as the last apply left it.

use serde::{Deserialize, Serialize};

use crate::StateError;
use crate::record::{RECORD_VERSION, check_version, parse, write};

pub(crate) const PRODUCT: &str = "product/";

/// A data product.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProductRecord {
    /// `domain.name`
    pub id: String,
    /// The address of its block.
    pub address: String,
    /// What it offers, as it is published. Never holds a secret: it is stored as it is.
    pub descriptor: serde_json::Value,
}

#[derive(Serialize, Deserialize)]
struct Text {
    version: u64,
    id: String,
    address: String,
    descriptor: serde_json::Value,
}

impl ProductRecord {
    pub(crate) fn key(id: &str) -> String {
        format!("{PRODUCT}{id}")
    }

    pub(crate) fn encode(&self) -> Result<(String, Vec<u8>), StateError> {
        let key = Self::key(&self.id);
        let Self { id, address, descriptor } = self.clone();
        let bytes = write(&key, &Text { version: RECORD_VERSION, id, address, descriptor })?;
        Ok((key, bytes))
    }

    pub(crate) fn decode(key: &str, bytes: &[u8]) -> Result<Self, StateError> {
        let Text { version, id, address, descriptor } = parse(key, bytes)?;
        check_version(key, version)?;
        Ok(Self { id, address, descriptor })
    }
}
