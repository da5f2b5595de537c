//! How a command ends: exit codes, and failures with all their diagnostics.

use std::process::ExitCode;

use mesh_diagnostics::{Diagnostic, Diagnostics, SourceMap};
use mesh_engine::EngineError;
use mesh_state::{StateError, StoreError};

/// The documented exit codes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    /// Done, or nothing to do.
    Done,
    /// Something failed.
    Failed,
    /// With `--detailed-exitcode`: there are changes.
    Changes,
    /// What was to be checked does not hold.
    Refused,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(match exit {
            Exit::Done => 0,
            Exit::Failed => 1,
            Exit::Changes => 2,
            Exit::Refused => 3,
        })
    }
}

/// Why a command could not do what was asked.
#[derive(Debug)]
pub struct Failure {
    /// The exit code.
    pub exit: Exit,
    /// Everything that is wrong.
    pub diagnostics: Diagnostics,
    /// The files that the diagnostics point into.
    pub sources: SourceMap,
}

impl Failure {
    /// Everything that is wrong, with the files that it is about.
    pub fn new(diagnostics: Diagnostics, sources: SourceMap) -> Self {
        Self { exit: Exit::Failed, diagnostics, sources }
    }

    /// One problem that is in no file.
    pub fn of(code: &'static str, summary: &'static str, detail: impl Into<String>) -> Self {
        Diagnostic::error(code, summary, detail).into()
    }
}

impl From<Diagnostic> for Failure {
    fn from(diagnostic: Diagnostic) -> Self {
        Self::new(diagnostic.into(), SourceMap::default())
    }
}

impl From<StateError> for Failure {
    fn from(error: StateError) -> Self {
        let (code, summary) = match &error {
            StateError::Locked(_) | StateError::Store(StoreError::InUse { .. }) => ("state-locked", "State is locked"),
            StateError::Newer { .. } => ("state-newer", "State is newer than this mesh"),
            StateError::Corrupt { .. } | StateError::Store(StoreError::Corrupt { .. }) => {
                ("state-corrupt", "State can't be read")
            }
            StateError::KeyMissing { .. } | StateError::Sealed { .. } | StateError::Key(_) => {
                ("state-key", "State's key is missing or wrong")
            }
            _ => ("state-error", "State can't be used"),
        };
        Self::of(code, summary, sentence(&error.to_string()))
    }
}

impl From<EngineError> for Failure {
    fn from(error: EngineError) -> Self {
        match error {
            EngineError::State(error) => error.into(),
            other => Self::of("state-corrupt", "State can't be read", sentence(&other.to_string())),
        }
    }
}

/// An error's text as a sentence.
pub fn sentence(text: &str) -> String {
    let mut chars = text.chars();
    let mut sentence: String =
        chars.next().map(|first| first.to_uppercase().chain(chars).collect()).unwrap_or_default();
    if !sentence.ends_with(['.', '!', '?']) {
        sentence.push('.');
    }
    sentence
}
