//! The plan file: a line that says what it is and how to check it, then everything that applying the plan needs.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::Arc;

use mesh_state::{Keyring, SealError};
use mesh_value::{InstanceAddress, Marks, Value};
use serde::{Deserialize, Serialize};

use crate::evidence::Evidence;
use crate::{Plan, PlanMode};

/// The version of the format that this build writes and reads.
const FORMAT: u32 = 1;

/// A plan as it was saved, with the configuration and everything else it was made from.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SavedPlan {
    /// The plan.
    pub plan: Plan,
    /// Path and text of every configuration file.
    pub files: Vec<(PathBuf, String)>,
    /// Values of the root module's variables.
    pub variables: BTreeMap<Arc<str>, Value>,
    /// Ephemeral variables that were given a value, which is not here: it must be given again.
    #[serde(default)]
    pub ephemeral: BTreeSet<Arc<str>>,
    /// `--target`
    pub targets: Vec<String>,
    /// `--exclude`
    pub excludes: Vec<String>,
    /// `--replace`
    pub replace: Vec<String>,
    /// The lineage of the state that it was made on; `None` where that was never written.
    pub lineage: Option<String>,
    /// When it was made: seconds and nanoseconds since 1970.
    pub planned_at: (i64, u32),
    /// What it was decided on.
    pub evidence: Vec<Evidence>,
    /// Objects that were not as the state had them.
    pub objects: Vec<SavedObject>,
    /// Data sources that were read.
    pub data: Vec<SavedData>,
}

/// An object as it was read from its platform.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SavedObject {
    /// Which object.
    pub address: InstanceAddress,
    /// Its value; `None` where it was gone.
    pub value: Option<Value>,
    /// The provider's own bytes.
    pub private: Vec<u8>,
}

/// A data source as it was read.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SavedData {
    /// Which data source.
    pub address: InstanceAddress,
    /// Its configuration.
    pub config: Value,
    /// What was read.
    pub value: Value,
}

/// The first line of a plan file.
#[derive(Serialize, Deserialize)]
struct Header {
    mesh_plan: u32,
    mesh_version: String,
    /// Of the bytes after this line.
    blake3: String,
    /// The id of the key that the rest is encrypted with; absent where it is plain.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    sealed_with: Option<String>,
}

/// Why a plan file can't be written or read.
#[derive(Debug, thiserror::Error)]
pub enum PlanFileError {
    /// It is no plan file.
    #[error("it is not a plan that mesh saved")]
    NotAPlan,
    /// A newer mesh wrote it.
    #[error("it has format {found}, written by mesh {version}; this build reads format {FORMAT}")]
    Newer {
        /// Its format.
        found: u32,
        /// The version that wrote it.
        version: String,
    },
    /// Its content is not what was written.
    #[error("its content does not match its checksum: it was changed or cut short")]
    Damaged,
    /// Its secrets can't be sealed or opened.
    #[error(transparent)]
    Sealed(#[from] SealError),
    /// Its content can't be understood although the checksum is right.
    #[error("its content can't be understood: {0}")]
    Form(#[from] serde_json::Error),
}

impl SavedPlan {
    /// The kind of plan.
    #[must_use]
    pub const fn mode(&self) -> PlanMode {
        self.plan.mode
    }

    /// The bytes of a plan file. Everything after the first line is encrypted where any value in it is sensitive.
    ///
    /// # Errors
    /// Where encrypting fails.
    pub fn encode(&self, keyring: &Keyring) -> Result<Vec<u8>, PlanFileError> {
        let mut content = serde_json::to_string(self)?;
        let sealed_with = self.has_secrets().then(|| keyring.id());
        if sealed_with.is_some() {
            // Only what is marked is encrypted.
            content = serde_json::to_string(&keyring.seal(&Value::string(content).with_marks(Marks::SENSITIVE))?)?;
        }
        let header = Header {
            mesh_plan: FORMAT,
            mesh_version: env!("CARGO_PKG_VERSION").to_owned(),
            blake3: blake3::hash(content.as_bytes()).to_hex().to_string(),
            sealed_with,
        };
        Ok(format!("{}\n{content}", serde_json::to_string(&header)?).into_bytes())
    }

    /// Reads the bytes of a plan file.
    ///
    /// # Errors
    /// Where they are not a plan, are damaged or newer, or sealed with another key.
    pub fn decode(bytes: &[u8], keyring: &Keyring) -> Result<Self, PlanFileError> {
        let end = bytes.iter().take(4096).position(|byte| *byte == b'\n').ok_or(PlanFileError::NotAPlan)?;
        let header: Header = serde_json::from_slice(&bytes[..end]).map_err(|_| PlanFileError::NotAPlan)?;
        if header.mesh_plan > FORMAT {
            return Err(PlanFileError::Newer { found: header.mesh_plan, version: header.mesh_version });
        }
        let content = &bytes[end + 1..];
        if blake3::hash(content).to_hex().as_str() != header.blake3 {
            return Err(PlanFileError::Damaged);
        }
        if header.sealed_with.is_none() {
            return Ok(serde_json::from_slice(content)?);
        }
        let opened = keyring.open(&serde_json::from_slice(content)?)?.without_marks_deep();
        Ok(serde_json::from_str(opened.as_str().ok_or(PlanFileError::Damaged)?)?)
    }

    /// Whether any value in it is sensitive, or might be: a provider's own bytes may hold anything.
    fn has_secrets(&self) -> bool {
        let is_secret = |value: &Value| value.deep_marks().is_sensitive();
        let changes = self.plan.changes.iter().any(|change| {
            is_secret(&change.before) || is_secret(&change.after) || change.importing.as_ref().is_some_and(is_secret)
        });
        let drift = self.plan.drift.iter().any(|drift| is_secret(&drift.before) || is_secret(&drift.after));
        let outputs = self.plan.outputs.iter();
        let outputs = outputs.flat_map(|output| output.before.iter().chain(&output.after)).any(is_secret);
        changes
            || drift
            || outputs
            || self.variables.values().any(is_secret)
            || self
                .objects
                .iter()
                .any(|object| !object.private.is_empty() || object.value.as_ref().is_some_and(is_secret))
            || self.data.iter().any(|data| is_secret(&data.config) || is_secret(&data.value))
    }
}
