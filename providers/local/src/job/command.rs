//! Runs a command to its end, within its time, and reads what it hands on.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io;
use std::os::unix::process::ExitStatusExt;
use std::path::{Path, PathBuf};
use std::process::{Child, ExitStatus};
use std::thread;
use std::time::Duration;

use super::files::{Files, GRACE, MARK};
use super::outcome::{Broken, Limit, Output};
use crate::durable;
use crate::launch::{Held, Identity, Program, Target, stop};

/// How much a command may hand on; all of it is kept in the state.
const MOST_OUTPUT: u64 = 1024 * 1024;

/// What to run.
#[derive(Clone, Debug)]
pub struct CommandRun {
    /// The program and its arguments.
    pub command: Vec<String>,
    /// Its variables.
    pub env: BTreeMap<String, String>,
    /// Where it runs.
    pub working_dir: PathBuf,
}

impl CommandRun {
    /// Runs it with its output in `log`.
    ///
    /// # Errors
    /// Where it can't be started, ends with another status than 0, takes too long, or hands on what can't be read.
    pub fn run(&self, files: &Files, log: File, limit: &Limit) -> Result<Output, Broken> {
        let output = files.output();
        let mut child = self.start(files, &output, log).map_err(|error| {
            Broken::because(format!("It can't be started in {}: {error}.", self.working_dir.display()))
        })?;
        let status = wait(&mut child, files, limit)?;
        if !status.success() {
            return Err(unsuccessful(status));
        }
        read(&output).map_err(Broken::because)
    }

    fn start(&self, files: &Files, output: &Path, log: File) -> io::Result<Child> {
        durable::write(output, b"")?;
        let mut env = self.env.clone();
        env.insert("MESH_OUTPUT".to_owned(), output.display().to_string());
        env.insert(MARK.to_owned(), files.mark());
        let program = Program { command: self.command.clone(), env, working_dir: self.working_dir.clone() };
        let held = Held::start(&program, log)?;
        files.record(held.identity())?;
        held.release()
    }
}

fn wait(child: &mut Child, files: &Files, limit: &Limit) -> Result<ExitStatus, Broken> {
    let mut pause = Duration::from_millis(1);
    loop {
        match child.try_wait() {
            Ok(Some(status)) => return Ok(status),
            Ok(None) => {}
            Err(error) => return Err(Broken::because(format!("Its end can't be awaited: {error}."))),
        }
        if let Some(why) = limit.reached() {
            let leader = Identity::of(child.id()).ok();
            let ended = stop(&[Target::marked(MARK, &files.mark(), leader)], GRACE);
            let left = ended.err().map_or_else(String::new, |error| format!(" It could not be ended: {error}."));
            return Err(Broken { why: format!("{why}{left}"), exit_status: 124 });
        }
        thread::sleep(pause);
        pause = (pause * 2).min(Duration::from_millis(50));
    }
}

fn unsuccessful(status: ExitStatus) -> Broken {
    match (status.code(), status.signal()) {
        (Some(code @ 126..=127), _) => Broken {
            why: format!("It can't be run: the program was not found or may not be executed (exit status {code})."),
            exit_status: code,
        },
        (Some(code), _) => Broken { why: format!("It ended with exit status {code}."), exit_status: code },
        (None, signal) => {
            let signal = signal.unwrap_or_default();
            Broken { why: format!("It was ended by signal {signal}."), exit_status: 128 + signal }
        }
    }
}

/// Reads `key=value` lines; blank lines and lines that start with `#` don't count, a later line wins.
fn read(path: &Path) -> Result<Output, String> {
    let length = fs::metadata(path).map(|found| found.len()).unwrap_or_default();
    if length > MOST_OUTPUT {
        return Err(format!("It wrote {length} bytes to $MESH_OUTPUT, of which {MOST_OUTPUT} are allowed."));
    }
    let text = match fs::read(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Output::new()),
        bytes => bytes.map_err(|error| format!("What it wrote to $MESH_OUTPUT can't be read: {error}."))?,
    };
    let text = String::from_utf8(text).map_err(|_| "What it wrote to $MESH_OUTPUT is not UTF-8 text.".to_owned())?;
    let mut output = Output::new();
    for (index, line) in text.lines().enumerate() {
        if line.trim().is_empty() || line.starts_with('#') {
            continue;
        }
        let Some((key, value)) = line.split_once('=').filter(|(key, _)| !key.trim().is_empty()) else {
            return Err(format!("Line {} of what it wrote to $MESH_OUTPUT is not `key=value`.", index + 1));
        };
        output.insert(key.trim().to_owned(), Some(value.to_owned()));
    }
    Ok(output)
}
