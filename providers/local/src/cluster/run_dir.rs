//! What is on disk of a cluster: its own record, one of each worker, and the workers' logs.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::durable;
use crate::launch::{self, Identity};
use crate::paths;

/// What a cluster is, as last applied. It serves imports, and tells an interrupted creation from another's cluster.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClusterRecord {
    /// The cluster's name.
    pub name: String,
    /// The token of the creation; with an index it marks each worker's environment.
    pub token: String,
    /// How many workers there shall be.
    pub workers: u32,
    /// What each of them runs.
    pub program: WorkerProgram,
}

/// What every worker of a cluster runs, before `{index}` is replaced.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WorkerProgram {
    /// The program and its arguments.
    pub command: Vec<String>,
    /// Its variables.
    pub env: BTreeMap<String, String>,
    /// Where it runs.
    pub working_dir: PathBuf,
}

impl WorkerProgram {
    /// A digest that differs for each program, by which a worker that runs an older one is known.
    #[must_use]
    pub fn digest(&self) -> String {
        let mut hash = blake3::Hasher::new();
        let mut part = |bytes: &[u8]| {
            hash.update(&(bytes.len() as u64).to_le_bytes());
            hash.update(bytes);
        };
        part(&self.command.len().to_le_bytes());
        self.command.iter().for_each(|word| part(word.as_bytes()));
        self.env.iter().for_each(|(name, value)| {
            part(name.as_bytes());
            part(value.as_bytes());
        });
        part(self.working_dir.as_os_str().as_encoded_bytes());
        hash.finalize().to_hex().to_string()
    }
}

/// One worker, written before its program runs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WorkerRecord {
    /// Which of the workers: 0 and up.
    pub index: u32,
    /// The process.
    pub identity: Identity,
    /// When it was started, in RFC 3339.
    pub started_at: String,
    /// The digest of the program it runs.
    pub program: String,
}

/// The directory of one cluster's records and logs.
#[derive(Clone, Debug)]
pub struct RunDir {
    path: PathBuf,
}

impl RunDir {
    /// Names the directory; nothing is read or written yet.
    #[must_use]
    pub fn new(path: impl Into<PathBuf>) -> Self {
        Self { path: path.into() }
    }

    /// Returns where it is.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Returns what marks the processes of the cluster that a creation's token made here.
    #[must_use]
    pub fn mark(&self, token: &str) -> String {
        launch::mark(token, &self.path)
    }

    /// Returns where a worker's output goes.
    #[must_use]
    pub fn log(&self, index: u32) -> PathBuf {
        self.path.join(format!("worker-{index}.log"))
    }

    /// Creates the directory where it is missing; only its owner may enter it, since variables may be secret.
    ///
    /// # Errors
    /// Where it can't be created.
    pub fn create(&self) -> io::Result<()> {
        durable::create_private_dir(&self.path)
    }

    /// Reads the cluster's record; `None` where there is none.
    ///
    /// # Errors
    /// Where it can't be read or isn't a record.
    pub fn cluster(&self) -> io::Result<Option<ClusterRecord>> {
        read(&self.cluster_path())
    }

    /// Writes the cluster's record durably.
    ///
    /// # Errors
    /// Where it can't be written.
    pub fn write_cluster(&self, record: &ClusterRecord) -> io::Result<()> {
        durable::write(&self.cluster_path(), &serde_json::to_vec_pretty(record)?)
    }

    /// Reads the workers' records by index; none where the directory is missing.
    ///
    /// # Errors
    /// Where one can't be read or isn't a record.
    pub fn workers(&self) -> io::Result<BTreeMap<u32, WorkerRecord>> {
        let mut found = BTreeMap::new();
        let entries = match fs::read_dir(&self.path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(found),
            entries => entries?,
        };
        for entry in entries {
            let name = entry?.file_name();
            let index =
                name.to_str().and_then(|name| name.strip_prefix("worker-")?.strip_suffix(".json")?.parse().ok());
            if let Some(index) = index
                && let Some(record) = read(&self.worker_path(index))?
            {
                found.insert(index, record);
            }
        }
        Ok(found)
    }

    /// Writes a worker's record durably.
    ///
    /// # Errors
    /// Where it can't be written.
    pub fn write_worker(&self, record: &WorkerRecord) -> io::Result<()> {
        durable::write(&self.worker_path(record.index), &serde_json::to_vec_pretty(record)?)
    }

    /// Removes what is there of a worker: its record and its log.
    ///
    /// # Errors
    /// Where one of them can't be removed.
    pub fn remove_worker(&self, index: u32) -> io::Result<()> {
        durable::remove(&self.log(index))?;
        durable::remove(&self.worker_path(index))
    }

    /// Removes all that this module ever wrote there, and the directory where nothing else is in it.
    ///
    /// The cluster's record goes last: as long as it stands, an interrupted removal can be taken up again.
    ///
    /// # Errors
    /// Where a file can't be removed.
    pub fn remove(&self, root: &Path) -> io::Result<()> {
        let entries = match fs::read_dir(&self.path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
            entries => entries?,
        };
        for entry in entries {
            let entry = entry?;
            let name = entry.file_name();
            let name = name.to_string_lossy().into_owned();
            let own = |name: &str| name.starts_with("worker-") && (name.ends_with(".json") || name.ends_with(".log"));
            let unfinished = name.strip_prefix('.').and_then(|name| name.strip_suffix(".new"));
            if own(&name) || unfinished.is_some_and(|name| own(name) || name == CLUSTER) {
                durable::remove(&entry.path())?;
            }
        }
        durable::remove(&self.cluster_path())?;
        if self.path != root && fs::remove_dir(&self.path).is_ok() {
            paths::remove_empty_parents(&self.path, root);
        }
        Ok(())
    }

    fn cluster_path(&self) -> PathBuf {
        self.path.join(CLUSTER)
    }

    fn worker_path(&self, index: u32) -> PathBuf {
        self.path.join(format!("worker-{index}.json"))
    }
}

const CLUSTER: &str = "cluster.json";

fn read<T: DeserializeOwned>(path: &Path) -> io::Result<Option<T>> {
    let bytes = match fs::read(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        bytes => bytes?,
    };
    let record = serde_json::from_slice(&bytes).map_err(|error| {
        io::Error::new(io::ErrorKind::InvalidData, format!("{} is not a record: {error}", path.display()))
    })?;
    Ok(Some(record))
}
