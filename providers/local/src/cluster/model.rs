//! What a cluster is in configuration and state.

use std::collections::BTreeMap;

use mesh_provider::{Block, Computed};

/// Worker processes that all run one command, such as a Spark standalone worker.
///
/// `mesh` is no daemon: the workers run on when it ends, and every plan looks at them. A worker that has died, also
/// with a reboot of the machine, is drift, and the next apply starts it again and leaves the others alone. A worker is
/// known by its process number, its start time and the machine's boot, so a number used again is not mistaken for it.
///
/// Each worker runs in a process group of its own, ignores hang-ups, so that it survives the terminal, reads nothing,
/// and appends its output to a log in `run_dir`. It finds its index in `MESH_WORKER_INDEX` and the cluster's name in
/// `MESH_CLUSTER_NAME`. Where systemd ends all processes of a user at logout, let the user linger (`loginctl
/// enable-linger`). Needs Linux.
///
/// A change of `command`, `env` or `working_dir` restarts the workers in place, one after the other, each only when the
/// one before has run for `ready_after`. Fewer `workers` stops those with the highest indexes. Deleting the cluster ends
/// every worker with all that it started, and removes the logs.
#[derive(Block, Clone, Debug, PartialEq, Eq)]
pub struct Cluster {
    /// The cluster's name: letters, digits, `.`, `_` and `-`.
    #[mesh(replace)]
    pub name: String,
    /// The program that each worker runs, and its arguments. No shell is involved; `{index}` stands for the worker's
    /// index.
    pub command: Vec<String>,
    /// How many workers there are.
    pub workers: u32,
    /// Variables of the workers' environment, on top of that of `mesh`, whose own `MESH_...` variables they don't get.
    /// `{index}` stands for the worker's index.
    pub env: Option<BTreeMap<String, String>>,
    /// The directory in which the workers run. The provider's `base_dir` where it is left out.
    pub working_dir: Option<String>,
    /// How long a worker may take to end when it is asked to with SIGTERM, before it is killed: `10s`, `2m`.
    #[mesh(default = "10s")]
    pub stop_timeout: String,
    /// How long a worker must run to count as started: `500ms`, `5s`.
    #[mesh(default = "500ms")]
    pub ready_after: String,
    /// The directory for the workers' records and logs, which only its owner may enter. `.mesh/clusters/<name>` where it
    /// is left out.
    #[mesh(optional, replace)]
    pub run_dir: Computed<String>,
    /// What tells this cluster from any other, also from an earlier one of the same name.
    pub id: Computed<String>,
    /// How many workers run as they shall.
    pub workers_running: Computed<u32>,
    /// The workers by index.
    pub members: Computed<Vec<Member>>,
}

/// One worker of a cluster.
#[derive(Block, Clone, Debug, PartialEq, Eq)]
pub struct Member {
    /// Which of the workers: 0 and up.
    pub index: u32,
    /// The number of its process, or of its last one.
    pub pid: Option<u32>,
    /// When that process was started.
    pub started_at: Option<String>,
    /// `running`; `outdated`: it runs an older command; `stopped`; `missing`: there is no record of it; `surplus`: it
    /// runs, but there shall be fewer.
    pub state: String,
    /// The file that holds its output.
    pub log: String,
}

impl Cluster {
    /// Its id; empty before it has one.
    pub fn token(&self) -> &str {
        self.id.known().map_or("", String::as_str)
    }
}

/// Where a cluster's records are that configuration does not place.
pub fn default_run_dir(name: &str) -> String {
    format!(".mesh/clusters/{name}")
}
