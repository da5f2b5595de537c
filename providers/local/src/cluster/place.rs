//! What the operations do with a cluster's records and workers, away from the async threads.

use std::path::PathBuf;

use mesh_provider::{ChangeError, Failure, Progress, Stop, duration};
use mesh_value::AttributePath;

use super::model::{Cluster, Member, default_run_dir};
use super::run_dir::{ClusterRecord, RunDir, WorkerProgram};
use super::workers::{Times, Worker, WorkerState, Workers};
use crate::paths;
use crate::provider::Local;

/// A cluster's model with all that the operations on its workers need.
pub struct Place {
    dir: RunDir,
    record: ClusterRecord,
    times: Times,
    root: PathBuf,
}

impl Place {
    /// `token` marks the cluster's processes: its id, or, before it has one, that of the creation.
    pub fn of(local: &Local, model: &Cluster, token: &str) -> Result<Self, Failure> {
        let time = |name: &str, text: &str| {
            duration::parse(text).map_err(|why| Failure::new("Invalid duration", why).at(&AttributePath::attr(name)))
        };
        let default_dir = default_run_dir(&model.name);
        let run_dir = local.resolve("run_dir", model.run_dir.known().unwrap_or(&default_dir))?;
        let working_dir = match &model.working_dir {
            Some(dir) => local.resolve("working_dir", dir)?,
            None => local.base_dir().to_path_buf(),
        };
        Ok(Self {
            dir: RunDir::new(run_dir),
            record: ClusterRecord {
                name: model.name.clone(),
                token: token.to_owned(),
                workers: model.workers,
                program: WorkerProgram {
                    command: model.command.clone(),
                    env: model.env.clone().unwrap_or_default(),
                    working_dir,
                },
            },
            times: Times {
                ready_after: time("ready_after", &model.ready_after)?,
                stop_timeout: time("stop_timeout", &model.stop_timeout)?,
            },
            root: local.base_dir().to_path_buf(),
        })
    }

    fn workers(&self) -> Workers<'_> {
        Workers::new(&self.dir, &self.record, self.times)
    }

    /// The record that is on disk; `None` where there is none.
    fn on_disk(&self) -> Result<Option<ClusterRecord>, Failure> {
        self.dir.cluster().map_err(|error| self.failure("read", &error))
    }

    /// Writes what the cluster shall be, before anything is made so.
    fn write(&self) -> Result<(), Failure> {
        self.dir
            .create()
            .and_then(|()| self.dir.write_cluster(&self.record))
            .map_err(|error| self.failure("write", &error))
    }

    fn failure(&self, doing: &str, error: &std::io::Error) -> Failure {
        paths::failure(&format!("{doing} the cluster's records in"), self.dir.path(), error)
    }

    /// The cluster as it is now.
    pub fn seen(&self, mut model: Cluster) -> Result<Cluster, Failure> {
        let found = self.workers().look()?;
        let running = found.iter().filter(|worker| worker.state == WorkerState::Running).count();
        model.run_dir = model.run_dir.into_known().unwrap_or_else(|| default_run_dir(&model.name)).into();
        model.id = self.record.token.clone().into();
        model.workers_running = u32::try_from(running).unwrap_or(u32::MAX).into();
        model.members = found.into_iter().map(|worker| self.member(worker)).collect::<Vec<_>>().into();
        Ok(model)
    }

    fn member(&self, worker: Worker) -> Member {
        Member {
            index: worker.index,
            pid: worker.record.as_ref().map(|record| record.identity.pid),
            started_at: worker.record.map(|record| record.started_at),
            state: worker.state.name().to_owned(),
            log: self.dir.log(worker.index).display().to_string(),
        }
    }

    pub fn create(&self, model: Cluster, signal: &Stop) -> Result<Cluster, ChangeError<Cluster>> {
        if let Some(earlier) = self.on_disk()?.filter(|earlier| earlier.token != self.record.token) {
            let earlier = Workers::new(&self.dir, &earlier, self.times);
            if earlier.any_alive()? {
                return Err(Failure::new(
                    "Cluster already exists",
                    format!(
                        "A cluster runs from {} already. Import it with that path as its id, or give this one another \
                         `name` or `run_dir`.",
                        self.dir.path().display()
                    ),
                )
                .into());
            }
            earlier.destroy(&self.root)?;
        }
        self.write()?;
        let Err(failure) = self.workers().reconcile(signal) else { return Ok(self.seen(model)?) };
        match self.workers().destroy(&self.root) {
            Ok(()) => Err(failure.into()),
            Err(left) => Err(self.left(both(failure, left), model)),
        }
    }

    pub fn read(&self, model: Cluster) -> Result<Option<Cluster>, Failure> {
        let ours = self.on_disk()?.is_some_and(|record| record.token == self.record.token);
        if ours {
            return self.seen(model).map(Some);
        }
        // The directory is gone or another cluster's. Workers that still run are known by their mark; reported as
        // missing, they are stopped and started anew by the next apply.
        if !self.workers().any_stray()? {
            return Ok(None);
        }
        let missing = (0..model.workers).map(|index| Worker { index, state: WorkerState::Missing, record: None });
        let members: Vec<Member> = missing.map(|worker| self.member(worker)).collect();
        Ok(Some(Cluster { workers_running: 0.into(), members: members.into(), ..model }))
    }

    pub fn update(&self, model: Cluster, signal: &Stop, progress: Progress) -> Result<Cluster, ChangeError<Cluster>> {
        self.write()?;
        match self.workers().telling(progress).reconcile(signal) {
            Ok(()) => Ok(self.seen(model)?),
            Err(failure) => Err(self.left(failure, model)),
        }
    }

    /// A failure that left the cluster behind, as far as it can be seen.
    fn left(&self, failure: Failure, model: Cluster) -> ChangeError<Cluster> {
        match self.seen(model) {
            Ok(seen) => ChangeError::leaving(failure, seen),
            Err(_) => failure.into(),
        }
    }

    pub fn delete(&self) -> Result<(), Failure> {
        match self.on_disk()? {
            Some(record) if record.token != self.record.token => self.workers().stop_strays(),
            _ => self.workers().destroy(&self.root),
        }
    }
}

fn both(first: Failure, second: Failure) -> Failure {
    Failure(first.0.into_iter().chain(second.0).collect())
}
