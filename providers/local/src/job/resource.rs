//! The resource type: when a job runs, and what is kept of a run.

use std::sync::Arc;
use std::time::{Duration, Instant};

use jiff::Timestamp;
use mesh_provider::{
    ChangeError, Computed, Draft, Failure, Found, Operation, ProviderDiagnostic, ResourceType, blocking, duration,
};
use mesh_value::{AttributePath, Value};

use super::check::check;
use super::files::Files;
use super::model::Job;
use super::outcome::{Outcome, Output};
use super::program::Run;
use crate::log_tail;
use crate::provider::Local;

/// The resource type `local_job`.
pub struct JobType;

/// The arguments that make up the program, and those that call for a run.
const PROGRAM: [&str; 8] = ["command", "env", "load", "result_sql", "sql", "triggers", "warehouse", "working_dir"];

impl Job {
    fn files(&self, local: &Local) -> Result<Files, Failure> {
        let id = self.id.known().map_or("", String::as_str);
        Ok(Files::new(local.resolve("log_dir", &self.log_dir)?, id, local.base_dir()))
    }

    /// Runs it and notes what came of it.
    async fn run(mut self, local: &Local, earlier: u64, operation: &Operation) -> Result<Self, ChangeError<Self>> {
        let files = self.files(local)?;
        let run = Run::of(local, &self)?;
        let timeout = duration::parse(&self.timeout)
            .map_err(|why| Failure::new("Invalid duration", why).at(&AttributePath::attr("timeout")))?;
        let ending = files.clone();
        if blocking(move || ending.forget().and_then(|()| ending.end_run())).await? {
            operation.warn("Interrupted run ended", "An earlier run of this job had not come to its end.");
        }
        let (started, clock) = (Timestamp::now(), Instant::now());
        let timeout = (timeout, Arc::from(self.timeout.as_str()));
        let is_sql = matches!(run, Run::Sql(..));
        let done = match run.run(files.clone(), timeout, operation.stop.clone()).await {
            Ok(done) => done,
            Err(failure) => {
                // Nothing has run. Of a new job, nothing exists then: not even a log.
                if earlier == 0 {
                    blocking(move || files.remove()).await?;
                }
                return Err(failure.into());
            }
        };
        let (broken, output) = match done {
            Ok(output) => (None, output),
            Err(broken) => (Some(broken), Output::new()),
        };
        let outcome = Outcome {
            succeeded: broken.is_none(),
            exit_status: broken.as_ref().map_or(0, |broken| broken.exit_status),
            started_at: started.to_string(),
            duration_ms: u64::try_from(clock.elapsed().as_millis()).unwrap_or(u64::MAX),
            output,
            runs: earlier + 1,
        };
        let (keeping, kept) = (files.clone(), outcome.clone());
        blocking(move || keeping.keep(&kept).and_then(|()| keeping.finish())).await?;
        self = self.after(&files, outcome);
        match broken {
            None => Ok(self),
            Some(broken) => {
                let log = match is_sql {
                    true => format!("Nothing was changed. Its log is {}.", files.log().display()),
                    false => log_tail::tail(&files.log(), 0),
                };
                let detail = format!("{}\n{log}\nThe next apply runs it again.", broken.why);
                Err(ChangeError::leaving(Failure::new("Job failed", detail), self))
            }
        }
    }

    /// The job after a run.
    fn after(mut self, files: &Files, outcome: Outcome) -> Self {
        self.log = files.log().display().to_string().into();
        self.status = (if outcome.succeeded { SUCCEEDED } else { FAILED }).to_owned().into();
        self.exit_status = outcome.exit_status.into();
        self.started_at = outcome.started_at.into();
        self.duration_ms = outcome.duration_ms.into();
        self.output = outcome.output.into();
        self.runs = outcome.runs.into();
        self
    }
}

const SUCCEEDED: &str = "succeeded";
const FAILED: &str = "failed";

impl ResourceType for JobType {
    const NAME: &'static str = "local_job";
    /// The job's own `timeout` is what counts.
    const TIME_LIMIT: Duration = Duration::from_secs(30 * 24 * 60 * 60);
    type Model = Job;
    type Platform = Local;

    fn validate(config: &Value) -> Vec<ProviderDiagnostic> {
        check(config)
    }

    async fn plan(_local: &Local, draft: &mut Draft<'_>) {
        let failed = draft.prior_as::<String>("status").is_some_and(|status| status != SUCCEEDED);
        if !failed && !PROGRAM.iter().any(|name| draft.changes(name)) {
            return;
        }
        let runs = draft.prior_as::<u64>("runs").unwrap_or(0) + 1;
        draft.set("runs", &runs);
        draft.set("status", &SUCCEEDED.to_owned());
        draft.set("exit_status", &0_i32);
        for name in ["started_at", "duration_ms", "output"] {
            draft.set_unknown(name);
        }
    }

    async fn create(local: &Local, mut planned: Job, operation: &Operation) -> Result<Job, ChangeError<Job>> {
        planned.id = operation.token.clone().into();
        planned.run(local, 0, operation).await
    }

    async fn read(_local: &Local, current: Vec<Job>) -> Vec<Result<Option<Job>, Failure>> {
        current.into_iter().map(|job| Ok(Some(job))).collect()
    }

    async fn update(local: &Local, prior: Job, planned: Job, operation: &Operation) -> Result<Job, ChangeError<Job>> {
        // The plan leaves this open exactly where it decided on a run.
        if planned.started_at != Computed::Unknown {
            return Ok(planned);
        }
        planned.run(local, prior.runs.known().copied().unwrap_or(0), operation).await
    }

    async fn delete(local: &Local, prior: Job, _operation: &Operation) -> Result<(), Failure> {
        let files = prior.files(local)?;
        blocking(move || files.remove()).await
    }

    async fn locate(local: &Local, planned: Job, token: &str) -> Result<Found<Job>, Failure> {
        let job = Job { id: token.to_owned().into(), ..planned };
        let files = job.files(local)?;
        blocking(move || match files.outcome()? {
            Some(outcome) if outcome.succeeded => Ok(Found::Complete(job.after(&files, outcome))),
            Some(outcome) => Ok(Found::Partial(job.after(&files, outcome))),
            // It had not come to its end, so it is run again; but not two at once.
            None => files.end_run().map(|_| Found::Absent),
        })
        .await
    }

    async fn import(_local: &Local, id: &str) -> Result<Job, Failure> {
        let detail =
            format!("A job leaves nothing behind that `{id}` could name. Let the next apply create and run it.");
        Err(Failure::new("Jobs can't be imported", detail))
    }
}
