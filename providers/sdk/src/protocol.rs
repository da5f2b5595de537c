//! Requests and responses between engine and provider, shaped so that a remote protocol fits behind them.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use mesh_diagnostics::Severity;
use mesh_value::{AttributePath, Value};

use crate::Progress;

/// Bytes that a provider keeps beside an object; nobody else looks inside.
pub type Private = Vec<u8>;

/// A problem that a provider found, tagged with the attribute it is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProviderDiagnostic {
    /// Error or warning.
    pub severity: Severity,
    /// Fixed text of a few words.
    pub summary: String,
    /// What is wrong here, why, and what to do. Never holds a secret.
    pub detail: String,
    /// The attribute it is about; empty for the whole object.
    pub path: AttributePath,
}

impl ProviderDiagnostic {
    /// An error about the whole object.
    #[must_use]
    pub fn error(summary: impl Into<String>, detail: impl Into<String>) -> Self {
        Self {
            severity: Severity::Error,
            summary: summary.into(),
            detail: detail.into(),
            path: AttributePath::default(),
        }
    }

    /// A warning about the whole object.
    #[must_use]
    pub fn warning(summary: impl Into<String>, detail: impl Into<String>) -> Self {
        Self { severity: Severity::Warning, ..Self::error(summary, detail) }
    }

    /// Names the attribute it is about.
    #[must_use]
    pub fn at(mut self, path: AttributePath) -> Self {
        self.path = path;
        self
    }
}

/// An operation that could not be done: at least one error, and perhaps warnings.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}", .0.iter().map(|d| format!("{}: {}", d.summary, d.detail)).collect::<Vec<_>>().join("; "))]
pub struct Failure(pub Vec<ProviderDiagnostic>);

impl Failure {
    /// One error about the whole object.
    #[must_use]
    pub fn new(summary: impl Into<String>, detail: impl Into<String>) -> Self {
        Self(vec![ProviderDiagnostic::error(summary, detail)])
    }

    /// No object of the one type can become one of the other.
    #[must_use]
    pub fn no_move(from: &str, to: &str) -> Self {
        let detail = format!("An object of type `{from}` can't become one of type `{to}`: they are different things.");
        Self::new("Type can't be moved", detail)
    }

    /// Names the attribute that all of it is about.
    #[must_use]
    pub fn at(mut self, path: &AttributePath) -> Self {
        for diagnostic in &mut self.0 {
            diagnostic.path = path.clone();
        }
        self
    }
}

/// Asked to stop: a provider that waits long looks at it and returns what exists so far. Clones share one signal.
#[derive(Clone, Debug, Default)]
pub struct Stop(Arc<AtomicBool>);

impl Stop {
    /// Asks everyone who holds a clone to stop.
    pub fn request(&self) {
        self.0.store(true, Ordering::SeqCst);
    }

    /// Whether stopping was asked for.
    #[must_use]
    pub fn is_requested(&self) -> bool {
        self.0.load(Ordering::SeqCst)
    }
}

/// What a provider is configured with.
#[derive(Clone, Debug)]
pub struct ConfigureRequest {
    /// The provider block as a value of its schema's type.
    pub config: Value,
    /// The root module's directory: relative paths in configuration start here.
    pub base_dir: PathBuf,
}

/// An object that becomes one of another type.
#[derive(Clone, Debug)]
pub struct MoveRequest {
    /// The type that it has had.
    pub from: Arc<str>,
    /// The version of that type's schema that `stored` has.
    pub from_version: u64,
    /// The type that it gets.
    pub to: Arc<str>,
    /// The stored JSON.
    pub stored: serde_json::Value,
}

/// One object to read.
#[derive(Clone, Debug)]
pub struct ReadItem {
    /// What the state says of it.
    pub current: Value,
    /// The provider's own bytes.
    pub private: Private,
}

/// Objects of one type to read.
#[derive(Clone, Debug)]
pub struct ReadRequest {
    /// The resource type.
    pub ty: Arc<str>,
    /// The objects.
    pub items: Vec<ReadItem>,
}

/// One object as the platform has it.
#[derive(Clone, Debug)]
pub struct ReadResult {
    /// The object; `None` where it is gone. After an error, the value that was asked for.
    pub new: Option<Value>,
    /// The provider's own bytes.
    pub private: Private,
    /// Errors and warnings.
    pub diagnostics: Vec<ProviderDiagnostic>,
}

/// One object to plan. There is no request for a deletion: the engine plans those itself.
#[derive(Clone, Debug)]
pub struct PlanRequest {
    /// The resource type.
    pub ty: Arc<str>,
    /// What exists, as last read; `None` for a creation.
    pub prior: Option<Value>,
    /// What is written: null where nothing is.
    pub config: Value,
    /// The configuration with defaults and with prior computed values filled in; for a creation unset computed
    /// attributes are not known.
    pub proposed: Value,
    /// The provider's own bytes.
    pub private: Private,
}

/// Data that an in-place change or a replacement would destroy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DataLoss {
    /// The attribute whose change causes it.
    pub path: AttributePath,
    /// What would be lost, as a sentence: "Column `note` and its values are dropped."
    pub what: String,
}

/// Why an object can't be planned yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Deferred {
    /// Its own configuration holds a value that must be known to plan it.
    ConfigUnknown,
    /// The provider's configuration does.
    ProviderConfigUnknown,
}

/// What a provider plans for one object.
#[derive(Clone, Debug)]
pub struct PlanResponse {
    /// The object after apply, with what is not known yet.
    pub planned: Value,
    /// Attributes whose change can't be made in place.
    pub requires_replace: Vec<AttributePath>,
    /// Configured attributes whose written value means what the object has; `planned` holds the prior value there.
    pub kept: Vec<AttributePath>,
    /// Data that the change would destroy.
    pub losses: Vec<DataLoss>,
    /// The provider's own bytes.
    pub private: Private,
    /// Set where it can't be planned yet; `planned` is then only a guess of its shape.
    pub deferred: Option<Deferred>,
    /// Errors and warnings.
    pub diagnostics: Vec<ProviderDiagnostic>,
}

impl PlanResponse {
    /// The configuration with every kept attribute as the object has it: what `planned` is held against. Without an
    /// object nothing is kept.
    #[must_use]
    pub fn with_kept(&self, config: &Value, prior: Option<&Value>) -> Value {
        let Some(prior) = prior.filter(|_| !self.kept.is_empty()) else { return config.clone() };
        let kept = config.transform(&mut |path, part| {
            let kept = self.kept.contains(path).then(|| prior.at_path(path)).flatten();
            Ok::<_, std::convert::Infallible>(kept.cloned().unwrap_or(part))
        });
        kept.unwrap_or_else(|never| match never {})
    }
}

/// One change to make.
#[derive(Clone, Debug)]
pub struct ApplyRequest {
    /// The resource type.
    pub ty: Arc<str>,
    /// What exists; `None` to create.
    pub prior: Option<Value>,
    /// What shall exist; `None` to delete. Configured values are all known.
    pub planned: Option<Value>,
    /// What is written, wholly known; null for a deletion.
    pub config: Value,
    /// The provider's own bytes: what the plan answered, also for the deletion within a replacement, so that it knows
    /// what its plan allowed; for any other deletion those that state has.
    pub private: Private,
    /// The same for each try of the same planned creation, different for any other; 32 hexadecimal digits.
    pub token: String,
    /// Looked at while waiting.
    pub stop: Stop,
    /// Told while waiting.
    pub progress: Progress,
}

/// What exists after a change, whether it succeeded or not.
#[derive(Clone, Debug)]
pub struct ApplyResponse {
    /// The object as it is now, wholly known; `None` where there is none.
    pub new: Option<Value>,
    /// The provider's own bytes.
    pub private: Private,
    /// An error here means that the change is not complete; after a failed creation with `new`, the object is tainted.
    pub diagnostics: Vec<ProviderDiagnostic>,
    /// After a failed creation without `new`: whether something was created is not known. The intent stays open, and the
    /// next run looks for it.
    pub unsure: bool,
}

/// A creation whose outcome was never recorded.
#[derive(Clone, Debug)]
pub struct LocateRequest {
    /// The resource type.
    pub ty: Arc<str>,
    /// What was to be created.
    pub planned: Value,
    /// The token of the interrupted creation.
    pub token: String,
}

/// What became of an interrupted creation.
#[derive(Clone, Debug)]
pub enum Located {
    /// Nothing was created.
    Absent,
    /// The object exists and is complete.
    Complete(Value, Private),
    /// The object exists, perhaps half made: it will be tainted.
    Partial(Value, Private),
}

/// An existing object taken over.
#[derive(Clone, Debug)]
pub struct Imported {
    /// Its resource type.
    pub ty: Arc<str>,
    /// Its state.
    pub value: Value,
    /// The provider's own bytes.
    pub private: Private,
}

/// A data source to read.
#[derive(Clone, Debug)]
pub struct ReadDataRequest {
    /// The data source's type.
    pub ty: Arc<str>,
    /// Its configuration, wholly known.
    pub config: Value,
}

/// What a data source returned.
#[derive(Clone, Debug)]
pub struct ReadDataResponse {
    /// Its value; `None` after an error.
    pub value: Option<Value>,
    /// Errors and warnings.
    pub diagnostics: Vec<ProviderDiagnostic>,
}
