//! Fixtures of diagnostics: a directory with a configuration, and the whole text that a user reads about it.
//!
//! Beside the configuration there may be `setup.txt`, shell lines that have to succeed; `records.json`, changes made to
//! the state's records behind the back of `mesh`; `command.txt`, shell lines whose standard error is compared, `mesh
//! validate` where there is none; `untouched.txt`, files and directories that the command must leave as they are.
//! `expected.txt` is what is compared; `BLESS=1` writes it anew.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::Duration;

use jiff::Timestamp;
use mesh_state::{Batch, EmbeddedStore, LockInfo, StateStore};
use serde_json::Value;

use crate::sandbox::Sandbox;

/// Files of a fixture that tell how it is played.
const OWN: [&str; 5] = ["setup.txt", "records.json", "command.txt", "untouched.txt", "expected.txt"];

/// Plays the fixture in a directory and compares what is said.
///
/// # Errors
/// What is wrong: a setup that fails, a file that was touched, or another text.
pub fn check_fixture(binary: &str, fixture: &Path) -> Result<(), String> {
    let mut sandbox = Sandbox::new(binary);
    sandbox.stage(fixture);
    for name in OWN {
        let _ = std::fs::remove_file(sandbox.path().join(name));
    }
    if let Ok(lines) = std::fs::read_to_string(fixture.join("setup.txt")) {
        let ended = sandbox.shell(&format!("set -e\n{}", sandbox.with_real_names(&lines)));
        if ended.code != 0 {
            return Err(format!("the setup ended with {}:\n{}\n{}", ended.code, ended.out, ended.err));
        }
    }
    if let Ok(records) = std::fs::read_to_string(fixture.join("records.json")) {
        change_records(&sandbox.path().join(".mesh"), &records)?;
    }
    let kept = std::fs::read_to_string(fixture.join("untouched.txt")).unwrap_or_default();
    let before = contents(&sandbox, &kept)?;
    let command = std::fs::read_to_string(fixture.join("command.txt")).unwrap_or_else(|_| "mesh validate".to_owned());
    let ended = sandbox.shell(&sandbox.with_real_names(&command));
    if contents(&sandbox, &kept)? != before {
        return Err(format!("what `untouched.txt` names was touched; the command said:\n{}", ended.err));
    }
    let found = format!("{}\nexit code {}\n", sandbox.normalise(&ended.err).trim_end(), ended.code);
    let golden = fixture.join("expected.txt");
    if std::env::var_os("BLESS").is_some() {
        return std::fs::write(&golden, found).map_err(|error| format!("{}: {error}", golden.display()));
    }
    let expected = std::fs::read_to_string(&golden).map_err(|error| format!("{}: {error}", golden.display()))?;
    if expected == found {
        return Ok(());
    }
    Err(format!("--- expected\n{expected}--- found\n{found}(BLESS=1 writes it anew)"))
}

/// The bytes of every file that `lines` name, or that is below a directory that they name.
fn contents(sandbox: &Sandbox, lines: &str) -> Result<BTreeMap<PathBuf, Vec<u8>>, String> {
    let mut found = BTreeMap::new();
    let mut open: Vec<PathBuf> = lines.lines().map(|line| sandbox.path().join(line)).collect();
    while let Some(path) = open.pop() {
        let failed = |error: std::io::Error| format!("{}: {error}", path.display());
        if path.is_dir() {
            for entry in std::fs::read_dir(&path).map_err(failed)? {
                open.push(entry.map_err(failed)?.path());
            }
        } else {
            found.insert(path.clone(), std::fs::read(&path).map_err(failed)?);
        }
    }
    Ok(found)
}

/// Changes records of the embedded state: text replaces a record's bytes, an object's members replace the record's.
fn change_records(directory: &Path, changes: &str) -> Result<(), String> {
    let changes: BTreeMap<String, Value> = serde_json::from_str(changes).map_err(|error| error.to_string())?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(|error| error.to_string())?;
    runtime.block_on(async {
        let store =
            EmbeddedStore::open(directory, &holder(), Duration::ZERO).await.map_err(|error| error.to_string())?;
        for (key, change) in changes {
            let bytes = match change {
                Value::String(text) => text.into_bytes(),
                change => {
                    let record = store.get(&key).await.map_err(|error| error.to_string())?;
                    let record = record.ok_or_else(|| format!("the state has no record {key:?}"))?;
                    let mut record: Value = serde_json::from_slice(&record).map_err(|error| error.to_string())?;
                    merge(&mut record, change);
                    record.to_string().into_bytes()
                }
            };
            store.commit(Batch::new().put(key, bytes)).await.map_err(|error| error.to_string())?;
        }
        Ok(())
    })
}

fn merge(record: &mut Value, change: Value) {
    match (record, change) {
        (Value::Object(members), Value::Object(changes)) => members.extend(changes),
        (record, change) => *record = change,
    }
}

fn holder() -> LockInfo {
    LockInfo {
        id: "fixture".to_owned(),
        who: "fixture@here".to_owned(),
        operation: "fixture".to_owned(),
        command: "cargo test".to_owned(),
        pid: std::process::id(),
        created: Timestamp::UNIX_EPOCH,
        expires: Timestamp::UNIX_EPOCH,
    }
}
