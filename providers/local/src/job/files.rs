//! The files of one job: its log, and while it runs the record and the file that it hands values on in.

use std::fs::{self, File};
use std::io;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use mesh_provider::Failure;

use super::outcome::Outcome;
use crate::launch::{self, Identity, Target, stop};
use crate::{durable, paths};

/// The variable by which a run's process and its descendants are found again.
pub const MARK: &str = "MESH_JOB";

/// How long a command may take to end when it is asked to, before it is killed.
pub const GRACE: Duration = Duration::from_secs(5);

/// Where one job keeps its files.
#[derive(Clone, Debug)]
pub struct Files {
    dir: PathBuf,
    id: String,
    /// Up to where empty directories are removed.
    root: PathBuf,
}

impl Files {
    /// Names them; nothing is read or written yet.
    #[must_use]
    pub fn new(dir: PathBuf, id: &str, root: &Path) -> Self {
        Self { dir, id: id.to_owned(), root: root.to_owned() }
    }

    /// The log of the last run.
    #[must_use]
    pub fn log(&self) -> PathBuf {
        self.dir.join(format!("{}.log", self.id))
    }

    /// The file in which a command hands values on.
    #[must_use]
    pub fn output(&self) -> PathBuf {
        self.dir.join(format!("{}.output", self.id))
    }

    /// The value of [`MARK`] in the environment of a run: no other job has it, nor the same job of a copied project.
    #[must_use]
    pub fn mark(&self) -> String {
        launch::mark(&self.id, &self.dir)
    }

    /// Starts a log anew: it holds the last run only.
    ///
    /// # Errors
    /// Where the directory or the file can't be written.
    pub fn start_log(&self) -> Result<File, Failure> {
        let open = || -> io::Result<File> {
            durable::create_private_dir(&self.dir)?;
            durable::remove(&self.log())?;
            File::options().create(true).append(true).mode(0o600).open(self.log())
        };
        open().map_err(|error| paths::failure("write the log", &self.log(), &error))
    }

    /// Notes who runs, before it runs.
    ///
    /// # Errors
    /// Where the directory can't be written.
    pub fn record(&self, run: &Identity) -> io::Result<()> {
        durable::write(&self.run(), &serde_json::to_vec(run)?)
    }

    /// Ends a run that an interrupted `mesh` left behind, and forgets it. Returns whether there was one.
    ///
    /// # Errors
    /// Where it can't be ended.
    pub fn end_run(&self) -> Result<bool, Failure> {
        let bytes = match fs::read(self.run()) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(false),
            bytes => bytes.map_err(|error| paths::failure("read", &self.run(), &error))?,
        };
        // A record that is no record names nobody; the mark finds the run all the same.
        let leader = serde_json::from_slice(&bytes).ok();
        stop(&[Target::marked(MARK, &self.mark(), leader)], GRACE)
            .map_err(|error| Failure::new("Can't end an interrupted run", format!("Job {}: {error}.", self.id)))?;
        self.finish()?;
        Ok(true)
    }

    /// Keeps what came of a run, so that it is not run again where `mesh` ends before the state knows.
    ///
    /// # Errors
    /// Where it can't be written.
    pub fn keep(&self, outcome: &Outcome) -> Result<(), Failure> {
        let write = || durable::write(&self.outcome_path(), &serde_json::to_vec_pretty(outcome)?);
        write().map_err(|error| paths::failure("write", &self.outcome_path(), &error))
    }

    /// What came of the last run; `None` where none has come to its end since the last one started.
    ///
    /// # Errors
    /// Where it can't be read.
    pub fn outcome(&self) -> Result<Option<Outcome>, Failure> {
        let read = || -> io::Result<Option<Outcome>> {
            match fs::read(self.outcome_path()) {
                Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
                bytes => Ok(Some(serde_json::from_slice(&bytes?)?)),
            }
        };
        read().map_err(|error| paths::failure("read", &self.outcome_path(), &error))
    }

    /// Forgets what came of the last run, before another.
    ///
    /// # Errors
    /// Where it can't be removed.
    pub fn forget(&self) -> Result<(), Failure> {
        durable::remove(&self.outcome_path()).map_err(|error| paths::failure("remove", &self.outcome_path(), &error))
    }

    /// Removes what only a run in progress has.
    ///
    /// # Errors
    /// Where it can't be removed.
    pub fn finish(&self) -> Result<(), Failure> {
        for path in [self.output(), self.run()] {
            durable::remove(&path).map_err(|error| paths::failure("remove", &path, &error))?;
        }
        Ok(())
    }

    /// Removes everything, and the directory where nothing else is in it.
    ///
    /// # Errors
    /// Where a run can't be ended or a file can't be removed.
    pub fn remove(&self) -> Result<(), Failure> {
        self.end_run()?;
        self.finish()?;
        self.forget()?;
        durable::remove(&self.log()).map_err(|error| paths::failure("remove", &self.log(), &error))?;
        if self.dir.starts_with(&self.root) && self.dir != self.root {
            paths::remove_empty_parents(&self.log(), &self.root);
        }
        Ok(())
    }

    fn outcome_path(&self) -> PathBuf {
        self.dir.join(format!("{}.json", self.id))
    }

    fn run(&self) -> PathBuf {
        self.dir.join(format!("{}.run", self.id))
    }
}
