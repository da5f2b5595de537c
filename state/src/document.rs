//! The whole state as one JSON document: what `pull` prints, `push` takes, and every apply leaves beside the store.

use std::path::Path;

use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use crate::history::{HistoryEntry, changes_prefix};
use crate::journal::{INTENT, Intent};
use crate::record::{DEPOSED, FORMAT_VERSION, INSTANCE, Meta, OUTPUT, PRODUCT};
use crate::state::parse_meta;
use crate::store::{Batch, write_atomically};
use crate::{InstanceRecord, OutputRecord, ProductRecord, SealError, State, StateError};

/// What pull and push carry. Every list holds the records as they are stored, sorted by key; secrets stay encrypted.
///
/// ```json
/// {
///   "format_version": 1, "created_by": "mesh 0.1.0", "lineage": "...", "serial": 3, "applies": 2, "sealed_with": "...",
///   "resources": [...], "outputs": [...], "products": [...], "intents": [...], "history": [...]
/// }
/// ```
#[derive(Serialize, Deserialize)]
struct Document {
    #[serde(flatten)]
    meta: Meta,
    /// Current instances by address, then deposed ones.
    resources: Vec<Json>,
    outputs: Vec<Json>,
    products: Vec<Json>,
    #[serde(default)]
    intents: Vec<Json>,
    #[serde(default)]
    history: Vec<HistoryEntry>,
}

impl State {
    /// The whole state as readable JSON; `None` for a state that was never written.
    ///
    /// # Errors
    /// Where a record can't be read.
    pub async fn pull(&self) -> Result<Option<String>, StateError> {
        let Some(meta) = self.meta().await? else { return Ok(None) };
        let mut resources = self.records(INSTANCE).await?;
        resources.extend(self.records(DEPOSED).await?);
        let document = Document {
            meta,
            resources,
            outputs: self.records(OUTPUT).await?,
            products: self.records(PRODUCT).await?,
            intents: self.records(INTENT).await?,
            history: self.history().await?,
        };
        let mut text =
            serde_json::to_string_pretty(&document).map_err(|error| StateError::encoding("document", &error))?;
        text.push('\n');
        Ok(Some(text))
    }

    /// Writes what [`pull`](Self::pull) answers to a file, so that whoever reads the file never finds half of it. Does
    /// nothing for a state that was never written.
    ///
    /// # Errors
    /// Where the state can't be read or the file can't be written.
    pub async fn export(&self, path: &Path) -> Result<(), StateError> {
        if let Some(text) = self.pull().await? {
            write_atomically(path, text.as_bytes())?;
        }
        Ok(())
    }

    /// Replaces the state by one that was pulled: as one, after every record in it was read. The history keeps entries
    /// that the document lacks. `force` leaves lineage, serial and open intents unchecked.
    ///
    /// # Errors
    /// [`StateError::Lineage`], [`StateError::Serial`] and [`StateError::OpenIntents`] where it would lose something, and
    /// [`StateError::NotAState`] or [`StateError::Corrupt`] for a document that is none. Nothing was changed then.
    pub async fn push(&self, document: &str, force: bool) -> Result<Meta, StateError> {
        let new = self.parse(document)?;
        let batch = self.replacement(&new).await?;
        let old = self.meta().await?;
        if let Some(old) = &old
            && !force
        {
            if self.pull().await?.as_deref() == Some(document) {
                return Ok(old.clone());
            }
            self.check_push(old, &new.meta).await?;
        }
        let written = self.commit_next(async |meta| {
            // Never down, so that what was here is not taken for newer.
            meta.serial = meta.serial.max(new.meta.serial);
            meta.applies = meta.applies.max(new.meta.applies);
            meta.lineage.clone_from(&new.meta.lineage);
            meta.created_by.clone_from(&new.meta.created_by);
            Ok(batch.clone())
        });
        written.await
    }

    async fn records(&self, prefix: &str) -> Result<Vec<Json>, StateError> {
        let records = self.store.scan(prefix).await?;
        records
            .iter()
            .map(|(key, bytes)| {
                serde_json::from_slice(bytes).map_err(|error| StateError::corrupt(key, error.to_string()))
            })
            .collect()
    }

    fn parse(&self, document: &str) -> Result<Document, StateError> {
        #[derive(Deserialize)]
        struct Format {
            format_version: u64,
        }
        let wrong = |error: serde_json::Error| StateError::NotAState { reason: error.to_string() };
        let format: Format = serde_json::from_str(document).map_err(wrong)?;
        if format.format_version > FORMAT_VERSION {
            parse_meta(document.as_bytes())?;
        }
        let new: Document = serde_json::from_str(document).map_err(wrong)?;
        if new.meta.sealed_with != self.keyring().id() {
            let source = SealError::WrongKey { sealed_with: new.meta.sealed_with, at_hand: self.keyring().id() };
            return Err(StateError::Key(source));
        }
        Ok(new)
    }

    async fn check_push(&self, old: &Meta, new: &Meta) -> Result<(), StateError> {
        if old.lineage != new.lineage {
            return Err(StateError::Lineage { found: old.lineage.clone(), pushed: new.lineage.clone() });
        }
        if new.serial <= old.serial {
            return Err(StateError::Serial { found: old.serial, pushed: new.serial });
        }
        let open = self.open_intents().await?;
        match open.first() {
            None => Ok(()),
            Some(first) => Err(StateError::OpenIntents { count: open.len(), first: first.address.clone() }),
        }
    }

    /// The writes that make the store hold exactly the document's content; every record is read once to be sure of it.
    async fn replacement(&self, new: &Document) -> Result<Batch, StateError> {
        let mut batch = Batch::new();
        for prefix in [INSTANCE, DEPOSED, OUTPUT, PRODUCT, INTENT] {
            for (key, _) in self.store.scan(prefix).await? {
                batch = batch.delete(key);
            }
        }
        for record in &new.resources {
            let key = InstanceRecord::key(field(record, "address")?, record.get("deposed").and_then(Json::as_str));
            let bytes = record.to_string().into_bytes();
            InstanceRecord::decode(&key, &bytes, &self.codec)?;
            batch = batch.put(key, bytes);
        }
        for record in &new.outputs {
            let key = OutputRecord::key(field(record, "name")?);
            let bytes = record.to_string().into_bytes();
            OutputRecord::decode(&key, &bytes, &self.codec)?;
            batch = batch.put(key, bytes);
        }
        for record in &new.products {
            let key = ProductRecord::key(field(record, "id")?);
            let bytes = record.to_string().into_bytes();
            ProductRecord::decode(&key, &bytes)?;
            batch = batch.put(key, bytes);
        }
        for record in &new.intents {
            let key = Intent::key(field(record, "id")?);
            let bytes = record.to_string().into_bytes();
            Intent::decode(&key, &bytes, &self.codec)?;
            batch = batch.put(key, bytes);
        }
        for record in &new.history {
            record.check()?;
            for (key, _) in self.store.scan(&changes_prefix(record.number)).await? {
                batch = batch.delete(key);
            }
            batch = batch.and(record.clone().batch()?);
        }
        Ok(batch)
    }
}

fn field<'a>(record: &'a Json, name: &str) -> Result<&'a str, StateError> {
    let found = record.get(name).and_then(Json::as_str);
    found.ok_or_else(|| StateError::NotAState { reason: format!("a record has no {name:?}") })
}
