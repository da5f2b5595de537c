//! The workers of one cluster: which run, starting, replacing and stopping them.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

use jiff::Timestamp;
use mesh_provider::{Failure, Progress, Stop};

use super::run_dir::{ClusterRecord, RunDir, WorkerRecord};
use crate::launch::{Held, Program, Target, carriers, stop};
use crate::log_tail;

/// The variable by which a worker's process and its descendants are found again: `<cluster's mark>.<index>`.
const MARK: &str = "MESH_WORKER";

/// Whether a worker does what it shall.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WorkerState {
    /// It runs the cluster's program.
    Running,
    /// It runs, but an older program.
    Outdated,
    /// Its process has ended.
    Stopped,
    /// It was never started, or its record is lost.
    Missing,
    /// It runs, but there shall not be as many.
    Surplus,
}

impl WorkerState {
    /// Returns the word that users read.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Running => "running",
            Self::Outdated => "outdated",
            Self::Stopped => "stopped",
            Self::Missing => "missing",
            Self::Surplus => "surplus",
        }
    }
}

/// One worker as it is now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Worker {
    /// Which of the workers: 0 and up.
    pub index: u32,
    /// What it does.
    pub state: WorkerState,
    /// Its record, unless it is missing.
    pub record: Option<WorkerRecord>,
}

/// The times a cluster is given.
#[derive(Clone, Copy, Debug)]
pub struct Times {
    /// How long a started worker must run to count as started.
    pub ready_after: Duration,
    /// How long a worker may take to end when asked to, before it is killed.
    pub stop_timeout: Duration,
}

/// One cluster on this machine.
#[derive(Debug)]
pub struct Workers<'a> {
    dir: &'a RunDir,
    record: &'a ClusterRecord,
    times: Times,
    progress: Progress,
}

impl<'a> Workers<'a> {
    /// Names the cluster; nothing is done yet.
    #[must_use]
    pub fn new(dir: &'a RunDir, record: &'a ClusterRecord, times: Times) -> Self {
        Self { dir, record, times, progress: Progress::default() }
    }

    /// The same, telling how far it is.
    #[must_use]
    pub fn telling(self, progress: Progress) -> Self {
        Self { progress, ..self }
    }

    /// Returns each worker that shall be there, and each that runs besides, by index.
    ///
    /// # Errors
    /// Where the records can't be read.
    pub fn look(&self) -> Result<Vec<Worker>, Failure> {
        let mut records = self.records()?;
        let digest = self.record.program.digest();
        let one = |index: u32, record: Option<WorkerRecord>| {
            let state = match &record {
                None => WorkerState::Missing,
                Some(record) if !record.identity.is_alive() => WorkerState::Stopped,
                Some(_) if index >= self.record.workers => WorkerState::Surplus,
                Some(record) if record.program != digest => WorkerState::Outdated,
                Some(_) => WorkerState::Running,
            };
            Worker { index, state, record }
        };
        let mut found: Vec<Worker> = (0..self.record.workers).map(|index| one(index, records.remove(&index))).collect();
        let surplus = records.into_iter().map(|(index, record)| one(index, Some(record)));
        found.extend(surplus.filter(|worker| worker.state == WorkerState::Surplus));
        Ok(found)
    }

    /// Makes the cluster what its record says, touching only the workers that differ from it:
    /// surplus ones are stopped, highest index first; those that don't run are started together; those that run an
    /// older program are replaced one after the other, each only when the one before it has stood the test.
    ///
    /// # Errors
    /// Where a worker can't be started or ends at once; what was reached until then stays.
    pub fn reconcile(&self, signal: &Stop) -> Result<(), Failure> {
        self.stop_surplus()?;
        let found = self.look()?;
        let with = |wanted: &[WorkerState]| -> Vec<u32> {
            found.iter().filter(|worker| wanted.contains(&worker.state)).map(|worker| worker.index).collect()
        };
        self.start(&with(&[WorkerState::Stopped, WorkerState::Missing]), signal)?;
        let outdated = with(&[WorkerState::Outdated]);
        for (place, index) in outdated.iter().enumerate() {
            self.progress.report(format!("restarting worker {index}, {} of {}", place + 1, outdated.len()));
            if signal.is_requested() {
                return Err(self.stopped());
            }
            self.start(&[*index], signal)?;
        }
        Ok(())
    }

    /// Stops all workers and removes all records and logs; directories that are empty then go too, up to `root`.
    ///
    /// # Errors
    /// Where a worker can't be stopped or a file can't be removed; the records that are left tell what still runs.
    pub fn destroy(&self, root: &Path) -> Result<(), Failure> {
        let records = self.records()?;
        let mut indexes: BTreeSet<u32> = records.keys().copied().collect();
        indexes.extend(self.carriers()?);
        self.stop(&indexes.into_iter().collect::<Vec<_>>(), &records)?;
        self.dir.remove(root).map_err(|error| self.failure("Can't remove the cluster's records", &error))
    }

    /// Whether any process of this cluster runs, on record or not.
    ///
    /// # Errors
    /// Where that can't be found out.
    pub fn any_alive(&self) -> Result<bool, Failure> {
        let records = self.records()?;
        Ok(records.values().any(|record| record.identity.is_alive()) || !self.carriers()?.is_empty())
    }

    /// Whether a process runs that carries this cluster's mark.
    ///
    /// # Errors
    /// Where processes can't be listed.
    pub fn any_stray(&self) -> Result<bool, Failure> {
        Ok(!self.carriers()?.is_empty())
    }

    /// Stops what runs of a cluster whose directory is gone or is another's by now.
    ///
    /// # Errors
    /// Where a worker can't be stopped.
    pub fn stop_strays(&self) -> Result<(), Failure> {
        let strays: Vec<u32> = self.carriers()?.into_iter().collect();
        self.stop(&strays, &BTreeMap::new())
    }

    fn records(&self) -> Result<BTreeMap<u32, WorkerRecord>, Failure> {
        self.dir.workers().map_err(|error| self.failure("Can't read the cluster's records", &error))
    }

    fn stop_surplus(&self) -> Result<(), Failure> {
        let records = self.records()?;
        let mut surplus: BTreeSet<u32> = records.keys().copied().collect();
        surplus.extend(self.carriers()?);
        let surplus: Vec<u32> = surplus.into_iter().filter(|index| *index >= self.record.workers).rev().collect();
        if surplus.is_empty() {
            return Ok(());
        }
        self.stop(&surplus, &records)?;
        for index in surplus {
            self.dir.remove_worker(index).map_err(|error| self.failure("Can't remove a worker's records", &error))?;
        }
        Ok(())
    }

    /// Starts workers together, after whatever is left of an earlier one is stopped, and watches them for a while.
    fn start(&self, indexes: &[u32], signal: &Stop) -> Result<(), Failure> {
        if indexes.is_empty() {
            return Ok(());
        }
        let records = self.records()?;
        self.stop(indexes, &records)?;
        let started: Vec<Started> = indexes.iter().map(|index| self.start_one(*index)).collect::<Result<_, _>>()?;
        let deadline = Instant::now() + self.times.ready_after;
        loop {
            let ended: Vec<&Started> = started.iter().filter(|worker| !worker.record.identity.is_alive()).collect();
            if let Some(worker) = ended.first() {
                return Err(Failure::new(
                    "A worker ended at once",
                    format!(
                        "{} of {} started workers of cluster `{}` ended within {:?}, the first of them worker {}, \
                         which ran: {}\n{}\nCorrect its command: a worker must go on running in the foreground.",
                        ended.len(),
                        started.len(),
                        self.record.name,
                        self.times.ready_after,
                        worker.record.index,
                        self.program(worker.record.index).command.join(" "),
                        log_tail::tail(&self.dir.log(worker.record.index), worker.log_start),
                    ),
                ));
            }
            if Instant::now() >= deadline {
                return Ok(());
            }
            if signal.is_requested() {
                return Err(self.stopped());
            }
            thread::sleep(Duration::from_millis(10).min(self.times.ready_after));
        }
    }

    /// Starts one worker: its process exists first, then its record is durable, then its program runs.
    fn start_one(&self, index: u32) -> Result<Started, Failure> {
        let start = || -> io::Result<Started> {
            let log = File::options().create(true).append(true).mode(0o600).open(self.dir.log(index))?;
            let log_start = log.metadata()?.len();
            let held = Held::start(&self.program(index), log)?;
            let record = WorkerRecord {
                index,
                identity: held.identity().clone(),
                started_at: Timestamp::now().to_string(),
                program: self.record.program.digest(),
            };
            self.dir.write_worker(&record)?;
            // From here on the record stands for the process: `mesh` may end before it.
            drop(held.release()?);
            Ok(Started { record, log_start })
        };
        start().map_err(|error| {
            Failure::new(
                "Can't start a worker",
                format!(
                    "Worker {index} of cluster `{}` in {}: {error}.",
                    self.record.name,
                    self.record.program.working_dir.display()
                ),
            )
        })
    }

    fn stop(&self, indexes: &[u32], records: &BTreeMap<u32, WorkerRecord>) -> Result<(), Failure> {
        let target = |index: &u32| {
            let leader = records.get(index).map(|record| record.identity.clone());
            Target::marked(MARK, &self.mark(*index), leader)
        };
        let targets: Vec<Target> = indexes.iter().map(target).collect();
        stop(&targets, self.times.stop_timeout).map_err(|error| self.failure("Can't stop a worker", &error))
    }

    /// The indexes of this cluster's workers that are found by their mark.
    fn carriers(&self) -> Result<BTreeSet<u32>, Failure> {
        let prefix = format!("{}.", self.dir.mark(&self.record.token));
        let found = carriers(MARK, &prefix).map_err(|error| self.failure("Can't list processes", &error))?;
        Ok(found.iter().filter_map(|carrier| carrier.value.strip_prefix(&prefix)?.parse().ok()).collect())
    }

    fn mark(&self, index: u32) -> String {
        format!("{}.{index}", self.dir.mark(&self.record.token))
    }

    fn program(&self, index: u32) -> Program {
        let replaced = |text: &String| text.replace("{index}", &index.to_string());
        let program = &self.record.program;
        let mut env: BTreeMap<String, String> =
            program.env.iter().map(|(name, value)| (name.clone(), replaced(value))).collect();
        env.insert(MARK.to_owned(), self.mark(index));
        env.insert("MESH_WORKER_INDEX".to_owned(), index.to_string());
        env.insert("MESH_CLUSTER_NAME".to_owned(), self.record.name.clone());
        Program {
            command: program.command.iter().map(replaced).collect(),
            env,
            working_dir: program.working_dir.clone(),
        }
    }

    fn stopped(&self) -> Failure {
        let name = &self.record.name;
        Failure::new(
            "Stopped while workers were starting",
            format!("Not all workers of cluster `{name}` were started."),
        )
    }

    fn failure(&self, summary: &str, error: &io::Error) -> Failure {
        Failure::new(summary, format!("Cluster `{}`: {error}.", self.record.name))
    }
}

struct Started {
    record: WorkerRecord,
    /// Where its part of the log begins.
    log_start: u64,
}
