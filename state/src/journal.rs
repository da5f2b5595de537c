//! The journal: what is about to be done is durable before a platform is called, and what came of it after.

use mesh_value::Value;
use serde::{Deserialize, Serialize};

use jiff::Timestamp;

use crate::record::{self, RECORD_VERSION, check_version, parse};
use crate::store::{Batch, Condition, StoreError};
use crate::stored::{Codec, Stored};
use crate::{InstanceRecord, State, StateError};

pub(crate) const INTENT: &str = "intent/";

/// A change that is about to be made. It stays open until [`State::finish`]; one that is still open when a state is
/// opened was interrupted, and reading the platform says how far it came.
#[derive(Clone, Debug, PartialEq)]
pub struct Intent {
    /// Its own name.
    pub id: String,
    /// The instance.
    pub address: String,
    /// Set where it is about a deposed object.
    pub deposed: Option<String>,
    /// What is done to it.
    pub action: IntentAction,
    /// The provider that does it.
    pub provider: String,
    /// The creation's idempotency token.
    pub token: String,
    /// What shall exist; `None` for a deletion.
    pub planned: Option<Value>,
    /// What existed; `None` for a creation.
    pub prior: Option<Value>,
    /// For a creation before the deletion of what is there: the deposed key under which the current object is set
    /// aside, in the same commit as the intent.
    pub deposes: Option<String>,
    /// The addresses that its configuration reads, sorted: what an object that it leaves behind is deleted before.
    pub reads: Vec<String>,
    /// When.
    pub started_at: Timestamp,
    /// The number of the apply that it belongs to.
    pub apply: u64,
}

/// What a change does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum IntentAction {
    /// Makes a new object.
    Create,
    /// Changes it in place.
    Update,
    /// Deletes it.
    Delete,
}

/// What exists once a change was made, or failed.
#[derive(Clone, Debug, PartialEq)]
pub enum Outcome {
    /// This object, which may be tainted. It replaces the record that it is about.
    Exists(Box<InstanceRecord>),
    /// No object: the record is removed.
    Gone,
    /// What the state already says.
    Unchanged,
}

#[derive(Serialize, Deserialize)]
struct Text<'a> {
    version: u64,
    id: String,
    address: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    deposed: Option<String>,
    action: IntentAction,
    provider: String,
    token: String,
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    planned: Option<Stored<'a>>,
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    prior: Option<Stored<'a>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    deposes: Option<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    reads: Vec<String>,
    started_at: Timestamp,
    apply: u64,
}

impl State {
    /// Records what is about to be done. When it returns, the platform may be called.
    ///
    /// # Errors
    /// The platform must not be called then.
    pub async fn begin(&self, intent: &Intent) -> Result<(), StateError> {
        let (key, bytes) = intent.encode(&self.codec)?;
        let mut batch = Batch::new().require(&key, Condition::Absent).put(&key, bytes);
        if let Some(deposed) = &intent.deposes
            && let Some(mut current) = self.instance(&intent.address, None).await?
        {
            current.deposed = Some(deposed.clone());
            let (key, bytes) = current.encode(&self.codec)?;
            batch = batch.delete(InstanceRecord::key(&intent.address, None)).put(key, bytes);
        }
        self.commit_intent(intent, batch).await
    }

    /// Records what came of it and closes the intent, as one. Where nothing came of a creation that set an object aside,
    /// that one is the current object again.
    ///
    /// # Errors
    /// [`StateError::NotOpen`] where the intent was settled before. After any other error it is still open.
    pub async fn finish(&self, intent: &Intent, outcome: &Outcome) -> Result<(), StateError> {
        let key = Intent::key(&intent.id);
        let batch = Batch::new().require(&key, Condition::Present).delete(&key);
        let batch = match outcome {
            Outcome::Exists(record) => {
                let (key, bytes) = record.encode(&self.codec)?;
                batch.put(key, bytes)
            }
            Outcome::Gone => batch.delete(InstanceRecord::key(&intent.address, intent.deposed.as_deref())),
            Outcome::Unchanged => match self.set_aside(intent).await? {
                Some(record) => {
                    let (key, bytes) = record.encode(&self.codec)?;
                    batch.delete(InstanceRecord::key(&intent.address, intent.deposes.as_deref())).put(key, bytes)
                }
                None => batch,
            },
        };
        self.commit_intent(intent, batch).await
    }

    /// The object that an intent set aside, as a current one; `None` where there is none, or another one is current.
    async fn set_aside(&self, intent: &Intent) -> Result<Option<InstanceRecord>, StateError> {
        let Some(deposed) = intent.deposes.as_deref() else { return Ok(None) };
        if self.instance(&intent.address, None).await?.is_some() {
            return Ok(None);
        }
        let record = self.instance(&intent.address, Some(deposed)).await?;
        Ok(record.map(|record| InstanceRecord { deposed: None, ..record }))
    }

    /// Closes an intent whose change failed: `left` is the object that exists all the same, `None` where the platform is
    /// as the state already says.
    ///
    /// # Errors
    /// As [`finish`](Self::finish).
    pub async fn fail(&self, intent: &Intent, left: Option<InstanceRecord>) -> Result<(), StateError> {
        let outcome = left.map_or(Outcome::Unchanged, |record| Outcome::Exists(Box::new(record)));
        self.finish(intent, &outcome).await
    }

    /// The changes that were begun and not finished, sorted by id.
    ///
    /// # Errors
    /// Where one can't be read.
    pub async fn open_intents(&self) -> Result<Vec<Intent>, StateError> {
        let records = self.store.scan(INTENT).await?;
        records.iter().map(|(key, bytes)| Intent::decode(key, bytes, &self.codec)).collect()
    }

    async fn commit_intent(&self, intent: &Intent, batch: Batch) -> Result<(), StateError> {
        match self.commit(batch).await {
            Err(StateError::Store(StoreError::Conflict { .. })) => {
                Err(StateError::NotOpen { id: intent.id.clone(), address: intent.address.clone() })
            }
            other => other,
        }
    }
}

impl Intent {
    pub(crate) fn key(id: &str) -> String {
        format!("{INTENT}{id}")
    }

    pub(crate) fn encode(&self, codec: &Codec) -> Result<(String, Vec<u8>), StateError> {
        let key = Self::key(&self.id);
        let seal = |value: &Option<Value>| {
            value.as_ref().map(|value| codec.seal(value)).transpose().map_err(|error| StateError::sealed(&key, error))
        };
        let text = Text {
            version: RECORD_VERSION,
            id: self.id.clone(),
            address: self.address.clone(),
            deposed: self.deposed.clone(),
            action: self.action,
            provider: self.provider.clone(),
            token: self.token.clone(),
            planned: seal(&self.planned)?,
            prior: seal(&self.prior)?,
            deposes: self.deposes.clone(),
            reads: self.reads.clone(),
            started_at: self.started_at,
            apply: self.apply,
        };
        let bytes = record::write(&key, &text)?;
        Ok((key, bytes))
    }

    pub(crate) fn decode(key: &str, bytes: &[u8], codec: &Codec) -> Result<Self, StateError> {
        let text: Text<'_> = parse(key, bytes)?;
        check_version(key, text.version)?;
        let open = |stored: &Option<Stored<'_>>| {
            stored.as_ref().map(|stored| codec.open(stored)).transpose().map_err(|error| StateError::sealed(key, error))
        };
        Ok(Self {
            planned: open(&text.planned)?,
            prior: open(&text.prior)?,
            id: text.id,
            address: text.address,
            deposed: text.deposed,
            action: text.action,
            provider: text.provider,
            token: text.token,
            deposes: text.deposes,
            reads: text.reads,
            started_at: text.started_at,
            apply: text.apply,
        })
    }
}
