//! What a job is in configuration and state.

use std::collections::BTreeMap;

use mesh_provider::{Block, Computed};

/// A program that runs to its end: when the job is created, and again in place when its program or one of its
/// `triggers` changes, or when its last run failed.
///
/// The program is either SQL on a warehouse (`warehouse` with `load` blocks, `sql`, or both), which takes effect wholly
/// or not at all, or a `command`. A run that does not succeed makes the apply fail with the end of its log.
///
/// A run that had not come to its end when `mesh` was killed is run again by the next apply: a command that still runs
/// is ended first, SQL that was not committed left nothing behind. Write commands so that running them twice does no
/// harm. Deleting a job removes its log and undoes nothing.
#[derive(Block, Clone, Debug, PartialEq, Eq)]
pub struct Job {
    /// The path of the warehouse that the SQL runs on.
    pub warehouse: Option<String>,
    /// Files to load into tables of the warehouse before `sql` runs, in the same transaction.
    #[mesh(block)]
    pub load: Vec<LoadBlock>,
    /// The statements to run, all in one transaction. They can't begin or end one, nor attach other files.
    pub sql: Option<String>,
    /// A query whose first row becomes `output`, run after `sql` in the same transaction.
    pub result_sql: Option<String>,
    /// The program to run and its arguments. No shell is involved. Its output goes to the log, and lines `key=value`
    /// that it writes to the file named by `$MESH_OUTPUT` become `output`. It succeeds with exit status 0.
    pub command: Option<Vec<String>>,
    /// Variables of the command's environment, on top of that of `mesh`, whose own `MESH_...` variables it doesn't get.
    pub env: Option<BTreeMap<String, String>>,
    /// The directory in which the command runs. The provider's `base_dir` where it is left out.
    pub working_dir: Option<String>,
    /// Values whose change runs the job again, such as the digest of a file that it loads.
    pub triggers: Option<BTreeMap<String, String>>,
    /// How long a run may take: `30s`, `5m`. A command that takes longer is ended with SIGTERM and, 5 seconds later,
    /// killed, with all that it started.
    #[mesh(default = "1h")]
    pub timeout: String,
    /// The directory for the log.
    #[mesh(default = ".mesh/logs", replace)]
    pub log_dir: String,
    /// What tells this job from any other.
    pub id: Computed<String>,
    /// `succeeded` or `failed`: how the last run ended.
    pub status: Computed<String>,
    /// The exit status of the last run: the command's, 128 and the signal's number where a signal ended it, 124 after
    /// the timeout; for SQL 0 or 1.
    pub exit_status: Computed<i32>,
    /// The file that holds the log of the last run.
    pub log: Computed<String>,
    /// When the last run started.
    pub started_at: Computed<String>,
    /// How long the last run took, in milliseconds.
    pub duration_ms: Computed<u64>,
    /// The values that the last run handed on; null where SQL said NULL. Empty after a run that failed.
    pub output: Computed<BTreeMap<String, Option<String>>>,
    /// How often it has run.
    pub runs: Computed<u64>,
}

/// A file to load into a table.
#[derive(Block, Clone, Debug, PartialEq, Eq)]
pub struct LoadBlock {
    /// The table. Fields are converted to the types of its columns, and one that can't be is an error that names the
    /// line.
    pub table: String,
    /// The path of the file. A job does not look into it to see whether it changed: put its digest into `triggers`.
    pub source: String,
    /// The file's format: `csv`, also where it is left out.
    pub format: Option<String>,
    /// Whether the first row names the columns, as it does where this is left out; columns that it leaves out get their
    /// defaults. Without a header, the fields are the table's columns in order.
    pub header: Option<bool>,
    /// The character between two fields. A comma where it is left out.
    pub delimiter: Option<String>,
    /// The text that stands for NULL. An empty field where it is left out.
    pub null: Option<String>,
    /// `replace`, also where it is left out: the table then holds the rows of the file and no others, however often the
    /// job runs; `append`: the rows are added to those that are there.
    pub mode: Option<String>,
    /// The columns to create the table with where there is none yet, for tables that nothing else declares.
    pub columns: Option<Vec<LoadColumn>>,
}

/// A column of a table that a load creates.
#[derive(Block, Clone, Debug, PartialEq, Eq)]
pub struct LoadColumn {
    /// Its name.
    pub name: String,
    /// Its type: one that `local_table` has.
    #[mesh(name = "type")]
    pub ty: String,
}
