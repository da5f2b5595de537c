//! What a create, update or delete is told besides its values, and what it says besides its result.

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use mesh_value::AttributePath;

use crate::{Failure, Private, Progress, ProviderDiagnostic, Stop, duration};

/// How often a sleeping operation looks whether it should stop.
const STOP_INTERVAL: Duration = Duration::from_millis(100);

/// One create, update or delete under way.
#[derive(Debug)]
pub struct Operation {
    /// The same for each try of the same planned creation, different for any other; 32 hexadecimal digits.
    pub token: String,
    /// Looked at while waiting.
    pub stop: Stop,
    /// When to give up waiting.
    pub deadline: Instant,
    limit: Duration,
    /// Told by [`Self::report`]; a clone goes where the operation itself can't.
    pub progress: Progress,
    notes: Mutex<Notes>,
}

#[derive(Debug, Default)]
struct Notes {
    private: Private,
    diagnostics: Vec<ProviderDiagnostic>,
}

impl Operation {
    /// An operation that may take as long as `limit`.
    #[must_use]
    pub fn new(token: String, stop: Stop, limit: Duration, private: Private) -> Self {
        let now = Instant::now();
        let deadline = now.checked_add(limit).unwrap_or(now);
        let notes = Mutex::new(Notes { private, diagnostics: Vec::new() });
        Self { token, stop, deadline, limit, progress: Progress::default(), notes }
    }

    /// The same, with someone who listens.
    #[must_use]
    pub fn telling(self, progress: Progress) -> Self {
        Self { progress, ..self }
    }

    /// Whether to go on.
    ///
    /// # Errors
    /// Where stopping was asked for or the deadline has passed. `doing` completes "Stopped while".
    pub fn proceed(&self, doing: &str) -> Result<(), Failure> {
        if self.stop.is_requested() {
            return Err(Failure::new("Stopped", format!("Stopped while {doing}, because stopping was asked for.")));
        }
        if Instant::now() >= self.deadline {
            let limit = duration::written(self.limit);
            let detail = format!(
                "Gave up while {doing}: the operation took longer than its time limit of {limit}. If it needs longer, \
                 give it longer in `timeouts`, where the resource has that block."
            );
            return Err(Failure::new("Time limit reached", detail));
        }
        Ok(())
    }

    /// Waits, unless it must not go on. `doing` completes "Stopped while".
    ///
    /// # Errors
    /// As [`Self::proceed`], as soon as that is so.
    pub async fn sleep(&self, duration: Duration, doing: &str) -> Result<(), Failure> {
        let mut left = duration;
        loop {
            self.proceed(doing)?;
            if left.is_zero() {
                return Ok(());
            }
            let until_deadline = self.deadline.saturating_duration_since(Instant::now());
            let step = left.min(STOP_INTERVAL).min(until_deadline);
            tokio::time::sleep(step).await;
            left = left.saturating_sub(step.max(Duration::from_millis(1)));
        }
    }

    /// Tells the user how far it is: a few words such as `STARTING: provisioning instances`, at each look at what is
    /// waited for. Saying the same again is fine. Never holds a secret.
    pub fn report(&self, status: impl Into<String>) {
        self.progress.report(status);
    }

    /// Tells the user something that does not make the operation fail.
    pub fn warn(&self, summary: impl Into<String>, detail: impl Into<String>) {
        self.notes().diagnostics.push(ProviderDiagnostic::warning(summary, detail));
    }

    /// Tells the user something about an attribute that does not make the operation fail.
    pub fn warn_at(&self, path: AttributePath, summary: impl Into<String>, detail: impl Into<String>) {
        self.notes().diagnostics.push(ProviderDiagnostic::warning(summary, detail).at(path));
    }

    /// The bytes that the provider kept beside the object.
    #[must_use]
    pub fn private(&self) -> Private {
        self.notes().private.clone()
    }

    /// Keeps other bytes beside the object from now on.
    pub fn set_private(&self, private: Private) {
        self.notes().private = private;
    }

    /// The bytes to keep and the warnings, at the end.
    pub(crate) fn into_notes(self) -> (Private, Vec<ProviderDiagnostic>) {
        let notes = self.notes.into_inner().unwrap_or_else(PoisonError::into_inner);
        (notes.private, notes.diagnostics)
    }

    fn notes(&self) -> std::sync::MutexGuard<'_, Notes> {
        self.notes.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Does something that blocks (files, processes, databases) where blocking is allowed.
///
/// # Errors
/// What `work` returns; a panic in it becomes a failure too.
pub async fn blocking<T, E>(work: impl FnOnce() -> Result<T, E> + Send + 'static) -> Result<T, E>
where
    T: Send + 'static,
    E: From<Failure> + Send + 'static,
{
    tokio::task::spawn_blocking(work).await.unwrap_or_else(|error| {
        let detail = format!("The provider's operation ended without a result: {error}. This is a bug in mesh.");
        Err(Failure::new("Provider failed", detail).into())
    })
}
