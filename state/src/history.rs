//! The history: every apply a numbered entry with who, when, and what changed.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::record::{self, RECORD_VERSION, check_version, parse};
use crate::store::Batch;
use crate::{Edit, State, StateError};

const HISTORY: &str = "history/";
/// The changes of an entry lie apart from it, in records of so many: a store that keeps neighbouring records together
/// would else write a long entry again whenever something beside it changes.
const CHANGES: &str = "changes/";
const CHANGES_IN_RECORD: usize = 64;

/// One apply.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HistoryEntry {
    version: u64,
    /// 1 for the first apply of a state.
    pub number: u64,
    /// `user@host`
    pub who: String,
    /// The command as it was typed.
    pub command: String,
    /// The digest of the plan that was applied.
    pub plan_digest: String,
    /// The state's serial from this apply on.
    pub serial: u64,
    /// When it began.
    pub started_at: Timestamp,
    /// When it ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub finished_at: Option<Timestamp>,
    /// How it ended. One that is `running` without its process being there was interrupted.
    pub outcome: ApplyOutcome,
    /// How many changes came to which result.
    pub counts: BTreeMap<ChangeResult, u64>,
    /// What it changed, or, until it has ended, what it means to.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub changes: Vec<HistoryChange>,
}

/// How an apply ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ApplyOutcome {
    /// It has not.
    Running,
    /// Everything was done.
    Done,
    /// Something failed or was skipped.
    Failed,
}

/// One change of an apply.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HistoryChange {
    /// The instance.
    pub address: String,
    /// Set where it was about a deposed object.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deposed: Option<String>,
    /// The address that it had before, where it moved.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub previous: Option<String>,
    /// What was done to it, in the plan's words: `create`, `update`, `replace`, `delete`, ...
    pub action: String,
    /// What came of it.
    pub result: ChangeResult,
}

/// What came of a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ChangeResult {
    /// Its turn has not come.
    Planned,
    /// It was made.
    Done,
    /// The platform refused it, or it was made in part.
    Failed,
    /// It was not tried, because something before it failed or the apply was stopped.
    Skipped,
}

/// What is known of an apply when it begins.
#[derive(Clone, Debug, PartialEq)]
pub struct ApplyStart {
    /// `user@host`
    pub who: String,
    /// The command as it was typed.
    pub command: String,
    /// The digest of the plan.
    pub plan_digest: String,
    /// The planned changes.
    pub changes: Vec<HistoryChange>,
    /// What is written with it as one: what the state is to say before anything is changed.
    pub edits: Vec<Edit>,
}

/// What is known of an apply when it has ended.
#[derive(Clone, Debug, PartialEq)]
pub struct ApplyEnd {
    /// What came of each change.
    pub changes: Vec<HistoryChange>,
    /// Outputs, products and whatever else it leaves in the state beside the instances.
    pub edits: Vec<Edit>,
}

impl HistoryEntry {
    /// How long it took, if it has ended.
    #[must_use]
    pub fn duration(&self) -> Option<jiff::SignedDuration> {
        self.finished_at.map(|finished| finished.duration_since(self.started_at))
    }

    pub(crate) fn key(number: u64) -> String {
        // Ten digits, so that keys sort as numbers do.
        format!("{HISTORY}{number:010}")
    }

    /// The writes that set the entry and its changes.
    pub(crate) fn batch(mut self) -> Result<Batch, StateError> {
        let changes = std::mem::take(&mut self.changes);
        let key = Self::key(self.number);
        let mut batch = Batch::new().put(&key, record::write(&key, &self)?);
        for (place, changes) in changes.chunks(CHANGES_IN_RECORD).enumerate() {
            let key = format!("{}{place:06}", changes_prefix(self.number));
            batch = batch.put(&key, record::write(&key, &changes)?);
        }
        Ok(batch)
    }

    pub(crate) fn decode(key: &str, bytes: &[u8]) -> Result<Self, StateError> {
        let entry: Self = parse(key, bytes)?;
        entry.check()?;
        Ok(entry)
    }

    /// Refuses an entry that a newer mesh wrote.
    pub(crate) fn check(&self) -> Result<(), StateError> {
        check_version(&Self::key(self.number), self.version)
    }
}

impl State {
    /// Begins an apply: raises the serial, adds an entry to the history, makes its edits, and answers its number.
    ///
    /// # Errors
    /// Nothing may be applied then.
    pub async fn begin_apply(&self, start: &ApplyStart) -> Result<u64, StateError> {
        let started_at = self.clock.now();
        let edits = self.edits(&start.edits)?;
        let meta = self.commit_next(async |meta| {
            meta.applies += 1;
            let entry = HistoryEntry {
                version: RECORD_VERSION,
                number: meta.applies,
                who: start.who.clone(),
                command: start.command.clone(),
                plan_digest: start.plan_digest.clone(),
                serial: meta.serial,
                started_at,
                finished_at: None,
                outcome: ApplyOutcome::Running,
                counts: counts(&start.changes),
                changes: start.changes.clone(),
            };
            Ok(edits.clone().and(entry.batch()?))
        });
        Ok(meta.await?.applies)
    }

    /// Ends an apply: completes its entry and writes what it leaves beside the instances, as one.
    ///
    /// # Errors
    /// Where there is no such entry or the store fails.
    pub async fn finish_apply(&self, number: u64, end: &ApplyEnd) -> Result<HistoryEntry, StateError> {
        let key = HistoryEntry::key(number);
        let mut entry = self.history_entry(number).await?.ok_or_else(|| StateError::corrupt(&key, "it is missing"))?;
        entry.finished_at = Some(self.clock.now());
        entry.outcome = if end.changes.iter().all(|change| change.result == ChangeResult::Done) {
            ApplyOutcome::Done
        } else {
            ApplyOutcome::Failed
        };
        entry.counts = counts(&end.changes);
        entry.changes.clone_from(&end.changes);
        let mut batch = self.edits(&end.edits)?;
        for (key, _) in self.store.scan(&changes_prefix(number)).await? {
            batch = batch.delete(key);
        }
        self.commit(batch.and(entry.clone().batch()?)).await?;
        Ok(entry)
    }

    /// All applies, the first first.
    ///
    /// # Errors
    /// Where an entry can't be read.
    pub async fn history(&self) -> Result<Vec<HistoryEntry>, StateError> {
        let mut entries = Vec::new();
        for (key, bytes) in self.store.scan(HISTORY).await? {
            entries.push(self.with_changes(HistoryEntry::decode(&key, &bytes)?).await?);
        }
        Ok(entries)
    }

    /// One apply.
    ///
    /// # Errors
    /// Where its entry can't be read.
    pub async fn history_entry(&self, number: u64) -> Result<Option<HistoryEntry>, StateError> {
        let key = HistoryEntry::key(number);
        let bytes = self.store.get(&key).await?;
        match bytes {
            Some(bytes) => Ok(Some(self.with_changes(HistoryEntry::decode(&key, &bytes)?).await?)),
            None => Ok(None),
        }
    }

    async fn with_changes(&self, mut entry: HistoryEntry) -> Result<HistoryEntry, StateError> {
        for (key, bytes) in self.store.scan(&changes_prefix(entry.number)).await? {
            entry.changes.extend(parse::<Vec<HistoryChange>>(&key, &bytes)?);
        }
        Ok(entry)
    }
}

/// What the keys of an entry's changes begin with.
pub(crate) fn changes_prefix(number: u64) -> String {
    format!("{CHANGES}{number:010}/")
}

fn counts(changes: &[HistoryChange]) -> BTreeMap<ChangeResult, u64> {
    let mut counts = BTreeMap::new();
    for change in changes {
        *counts.entry(change.result).or_default() += 1;
    }
    counts
}
