//! The plan as a whole, and its counts.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::{Action, Change, DeferredBlock, Drift, OutputChange, ProductChange, ReadGraph, Vertex};

/// What kind of plan it is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PlanMode {
    /// Makes the world as the configuration says.
    #[default]
    Normal,
    /// Deletes everything.
    Destroy,
    /// Takes over into the state what the platform says, and changes nothing there.
    RefreshOnly,
}

/// What would be done, and everything that was read to decide it. Lists are sorted by address.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Plan {
    /// What kind of plan it is.
    pub mode: PlanMode,
    /// One entry an object in configuration or state, those without a change too.
    pub changes: Vec<Change>,
    /// What was changed outside of mesh.
    pub drift: Vec<Drift>,
    /// Blocks that are decided during apply.
    pub deferred: Vec<DeferredBlock>,
    /// The root module's outputs, those without a change too.
    pub outputs: Vec<OutputChange>,
    /// Data products, those without a change too.
    pub products: Vec<ProductChange>,
    /// Conditions that were held, and those whose outcome is decided during apply.
    pub checks: Vec<CheckResult>,
    /// What everything costs before and after, as quantities, and what the configuration says of money.
    #[serde(default)]
    pub cost: mesh_cost::Basis,
    /// Who read what.
    pub reads: ReadGraph,
}

/// The precondition, postcondition or validation of something, or all assertions of a `check` block.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CheckResult {
    /// What it is a condition of.
    pub of: Vertex,
    /// Its outcome.
    pub status: CheckStatus,
    /// The messages of what fails.
    pub problems: Vec<String>,
}

/// The outcome of a condition.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum CheckStatus {
    /// It holds.
    Holds,
    /// It is decided during apply.
    Undecided,
    /// It does not hold. Only a `check` block may fail in a plan.
    Fails,
}

/// How many objects see which action. A replacement counts as one to create and one to destroy.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Summary {
    /// Objects made.
    pub create: usize,
    /// Objects changed in place.
    pub update: usize,
    /// Objects deleted.
    pub delete: usize,
    /// Data sources read during apply.
    pub read: usize,
    /// Objects that leave the state and stay where they are.
    pub forget: usize,
    /// Objects that exist and are taken over into the state, whatever else is done to them.
    pub import: usize,
}

impl Summary {
    /// Counts one change.
    pub fn add(&mut self, change: &Change) {
        self.count(change.action);
        self.import += usize::from(change.importing.is_some());
    }

    /// Counts one action.
    pub fn count(&mut self, action: Action) {
        match action {
            Action::NoOp => {}
            Action::Create => self.create += 1,
            Action::Read => self.read += 1,
            Action::Update => self.update += 1,
            Action::Replace(_) => {
                self.create += 1;
                self.delete += 1;
            }
            Action::Delete => self.delete += 1,
            Action::Forget => self.forget += 1,
        }
    }
}

impl Plan {
    /// The counts over all objects.
    #[must_use]
    pub fn summary(&self) -> Summary {
        let mut summary = Summary::default();
        for change in &self.changes {
            summary.add(change);
        }
        summary
    }

    /// The counts a data product, under `domain.name`; objects of no product under `None`. Only products with changes.
    #[must_use]
    pub fn summary_by_product(&self) -> BTreeMap<Option<Arc<str>>, Summary> {
        let mut summaries: BTreeMap<Option<Arc<str>>, Summary> = BTreeMap::new();
        for change in self.changes.iter().filter(|change| change.is_change()) {
            summaries.entry(change.product.clone()).or_default().add(change);
        }
        summaries
    }

    /// Whether applying it would do anything at all.
    #[must_use]
    pub fn has_changes(&self) -> bool {
        self.changes.iter().any(Change::is_change)
            || self.outputs.iter().any(|output| output.before != output.after)
            || self.products.iter().any(|product| product.action != Action::NoOp)
            || !self.deferred.is_empty()
            || (self.mode == PlanMode::RefreshOnly && !self.drift.is_empty())
    }
}

impl Plan {
    /// 32 hexadecimal digits that stand for what the plan does: actions, objects, values.
    #[must_use]
    pub fn digest(&self) -> String {
        let mut hasher = blake3::Hasher::new();
        for change in self.changes.iter().filter(|change| change.is_change()) {
            hasher.update(change.address.to_string().as_bytes());
            hasher.update(&[0]);
            hasher.update(change.deposed.as_deref().unwrap_or_default().as_bytes());
            hasher.update(&[0]);
            hasher.update(change.word().as_bytes());
            hasher.update(&change.importing.as_ref().map(mesh_value::Value::content_hash).unwrap_or_default());
            hasher.update(change.previous.as_ref().map(ToString::to_string).unwrap_or_default().as_bytes());
            hasher.update(&change.before.content_hash());
            hasher.update(&change.after.content_hash());
        }
        for output in &self.outputs {
            hasher.update(output.name.as_bytes());
            hasher.update(&output.after.as_ref().map(mesh_value::Value::content_hash).unwrap_or_default());
        }
        for product in &self.products {
            hasher.update(product.id.as_bytes());
            hasher.update(&product.after.content_hash());
        }
        hasher.finalize().to_hex()[..32].to_owned()
    }
}
