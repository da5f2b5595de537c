//! Opening the state: who holds it, how long to wait for it, which key reads its secrets.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use clap::Args;
use mesh_engine::Prior;
use mesh_state::{Ids, Intent, Keyring, LockInfo, MemoryStore, RandomIds, State, SystemClock};

use crate::failure::{Failure, sentence};

/// The environment variable with the state's key.
const KEY: &str = "MESH_STATE_KEY";
/// The directory of the embedded state, below the root module's.
const DIRECTORY: &str = ".mesh";

/// Options about the state's lock.
#[derive(Clone, Debug, Args)]
pub struct LockArgs {
    /// Wait this long for another run to leave the state, such as `30s` or `5m`.
    #[arg(long, value_name = "DURATION", default_value = "0s", value_parser = duration)]
    pub lock_timeout: Duration,
}

/// Reads `30s`, `5m`, `1h` or a number of seconds.
pub fn duration(text: &str) -> Result<Duration, String> {
    let (number, factor) = match text.strip_suffix(['s', 'm', 'h']) {
        Some(number) if text.ends_with('m') => (number, 60),
        Some(number) if text.ends_with('h') => (number, 3600),
        Some(number) => (number, 1),
        None => (text, 1),
    };
    let number: u64 = number.parse().map_err(|_| "write it like `30s`, `5m` or `1h`".to_owned())?;
    Ok(Duration::from_secs(number.saturating_mul(factor)))
}

/// Where the embedded state of a root module lies.
pub fn location(dir: &Path) -> PathBuf {
    dir.join(DIRECTORY)
}

/// `user@host`
pub fn who() -> String {
    let user = uzers::get_current_username()
        .map_or_else(|| format!("uid {}", uzers::get_current_uid()), |name| name.to_string_lossy().into_owned());
    let system = rustix::system::uname();
    format!("{user}@{}", system.nodename().to_string_lossy())
}

/// The command as it was typed, without values of variables, which may be secret.
pub fn command_line() -> String {
    let mut words = Vec::new();
    let mut arguments = std::env::args().skip(1);
    while let Some(argument) = arguments.next() {
        let is_value = argument.starts_with("--var=") || argument.starts_with("-var=");
        if is_value {
            let name = argument.split('=').nth(1).unwrap_or_default();
            words.push(format!("--var={name}=..."));
        } else if argument == "--var" || argument == "-var" {
            let name = arguments.next().unwrap_or_default();
            words.push(format!("--var {}=...", name.split('=').next().unwrap_or_default()));
        } else {
            words.push(argument);
        }
    }
    format!("mesh {}", words.join(" "))
}

/// An open state with what it holds.
pub struct OpenState {
    /// The state.
    pub state: State,
    /// Everything in it.
    pub prior: Prior,
    /// Operations of an earlier run whose outcome was never recorded.
    pub intents: Vec<Intent>,
    /// Its lineage, where it was ever written.
    pub lineage: Option<String>,
}

/// Makes the state's directory, and keeps it out of version control.
///
/// # Errors
/// Where the file system refuses.
pub fn prepare(directory: &Path) -> Result<(), Failure> {
    let failed = |error: std::io::Error| not_prepared(directory, &error);
    std::fs::create_dir_all(directory).map_err(failed)?;
    let ignore = directory.join(".gitignore");
    if ignore.exists() {
        return Ok(());
    }
    std::fs::write(&ignore, "# State, its key and its copies: not for version control.\n*\n").map_err(failed)
}

/// The failure to make something in the state's directory.
pub fn not_prepared(directory: &Path, error: &dyn std::fmt::Display) -> Failure {
    let detail = format!("Preparing {} failed: {error}.", directory.display());
    Failure::of("directory-not-prepared", "Directory could not be prepared", detail)
}

/// Opens the state to be changed; the state is made where there is none.
///
/// # Errors
/// Where another run holds it, or it can't be read.
pub async fn open(dir: &Path, operation: &str, lock: &LockArgs) -> Result<OpenState, Failure> {
    let directory = location(dir);
    prepare(&directory)?;
    let state = embedded(&directory, operation, lock).await?;
    contents(state).await
}

/// Opens the state to be read: one that does not exist yet is empty and stays so.
///
/// # Errors
/// Where another run holds it, or it can't be read.
pub async fn open_to_read(dir: &Path, operation: &str, lock: &LockArgs) -> Result<OpenState, Failure> {
    let directory = location(dir);
    if directory.is_dir() {
        return contents(embedded(&directory, operation, lock).await?).await;
    }
    let keyring = Keyring::new([0; 32]);
    let store = Arc::new(MemoryStore::default());
    contents(State::open(store, keyring, Arc::new(SystemClock), Arc::new(RandomIds)).await?).await
}

/// Opens the state to be replaced as a whole: what is in it is not read, so that it may be damaged.
///
/// # Errors
/// Where another run holds it, or its store can't be opened.
pub async fn open_to_replace(dir: &Path, lock: &LockArgs) -> Result<State, Failure> {
    embedded(&location(dir), "state push", lock).await
}

async fn contents(state: State) -> Result<OpenState, Failure> {
    let prior = Prior::new(state.load_all().await?)?;
    let intents = state.open_intents().await?;
    let lineage = state.meta().await?.map(|meta| meta.lineage);
    Ok(OpenState { state, prior, intents, lineage })
}

async fn embedded(directory: &Path, operation: &str, lock: &LockArgs) -> Result<State, Failure> {
    let now = jiff::Timestamp::now();
    let holder = LockInfo {
        id: RandomIds.next(),
        who: who(),
        operation: operation.to_owned(),
        command: command_line(),
        pid: std::process::id(),
        created: now,
        expires: now.checked_add(jiff::SignedDuration::from_hours(24)).unwrap_or(now),
    };
    let (clock, ids) = (Arc::new(SystemClock), Arc::new(RandomIds));
    Ok(State::open_embedded(directory, &holder, lock.lock_timeout, keyring()?, clock, ids).await?)
}

/// The key from the environment; without one, the state's own key file is used.
pub fn keyring() -> Result<Option<Keyring>, Failure> {
    match std::env::var(KEY) {
        Ok(text) if !text.is_empty() => {
            let keyring = Keyring::from_text(&text, "the environment variable MESH_STATE_KEY");
            keyring.map(Some).map_err(|error| {
                Failure::of("state-key", "State's key is missing or wrong", sentence(&error.to_string()))
            })
        }
        _ => Ok(None),
    }
}
