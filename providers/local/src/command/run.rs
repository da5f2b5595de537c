//! Runs a program to its end: input in, output and errors out, all of it bounded in time and size.

use std::collections::BTreeMap;
use std::fmt;
use std::io::{self, Read, Write as _};
use std::os::unix::process::CommandExt as _;
use std::path::PathBuf;
use std::process::{Child, ExitStatus, Stdio};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use mesh_provider::Failure;
use mesh_value::AttributePath;
use rustix::process::{Pid, Signal, WaitId, WaitIdOptions, kill_process_group, waitid};

/// The most that is kept of what a program prints; more is an error.
const OUTPUT_LIMIT: u64 = 16 << 20;
/// How often a running program is looked at.
const POLL_INTERVAL: Duration = Duration::from_millis(5);
/// How many lines of standard error a failure shows.
const LAST_LINES: usize = 20;

/// A program to run.
pub(super) struct Command {
    /// The program and its arguments.
    pub(super) line: Vec<String>,
    pub(super) directory: PathBuf,
    pub(super) env: BTreeMap<String, String>,
    /// What it reads on its standard input.
    pub(super) input: String,
    pub(super) limit: Duration,
}

/// What a program that has ended left.
pub(super) struct Ended {
    pub(super) status: ExitStatus,
    pub(super) output: Vec<u8>,
    errors: Vec<u8>,
}

impl Ended {
    /// The last lines of its standard error.
    pub(super) fn last_words(&self) -> String {
        let text = String::from_utf8_lossy(&self.errors);
        let lines: Vec<_> = text.trim_end().lines().collect();
        lines.get(lines.len().saturating_sub(LAST_LINES)..).unwrap_or_default().join("\n")
    }
}

impl Command {
    /// Runs it in a process group of its own, so that at the time limit whatever it started ends with it.
    ///
    /// # Errors
    /// Where it can't be started, takes too long or prints too much.
    pub(super) fn run(&self) -> Result<Ended, Failure> {
        let at = AttributePath::attr("command");
        let fail = |summary: &str, why: String| Failure::new(summary, format!("{self} {why}.")).at(&at);
        let (program, arguments) =
            self.line.split_first().ok_or_else(|| fail("No command", "is not named".to_owned()))?;
        let mut child = std::process::Command::new(program)
            .args(arguments)
            .current_dir(&self.directory)
            .envs(&self.env)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .process_group(0)
            .spawn()
            .map_err(|error| {
                let place = self.directory.display();
                fail("Command can't be started", format!("could not be started in {place}: {error}"))
            })?;
        let input = child.stdin.take().map(|mut pipe| {
            let input = self.input.clone();
            // A program that reads no input closes the pipe; that is its right.
            thread::spawn(move || drop(pipe.write_all(input.as_bytes())))
        });
        let (output, errors) = (child.stdout.take().map(collect), child.stderr.take().map(collect));
        let in_time = wait(&child, self.limit);
        // Also what it left running: that would keep the pipes open.
        let ended = end_group(&mut child);
        let status = in_time.and_then(|in_time| ended.map(|status| in_time.then_some(status)));
        let status = status.map_err(|error| fail("Command failed", format!("could not be waited for: {error}")))?;
        let status = status.ok_or_else(|| {
            let seconds = self.limit.as_secs();
            let unit = if seconds == 1 { "second" } else { "seconds" };
            let why = format!("was ended after its time limit of {seconds} {unit}");
            fail("Command took too long", why)
        })?;
        drop(input.map(JoinHandle::join));
        let (output, errors) = (collected(output), collected(errors));
        if output.len() as u64 > OUTPUT_LIMIT {
            return Err(fail("Command printed too much", "printed more than 16 MiB".to_owned()));
        }
        Ok(Ended { status, output, errors })
    }
}

/// The program, without its arguments: those may hold secrets.
impl fmt::Display for Command {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "The program `{}`", self.line.first().map_or("", String::as_str))
    }
}

/// Waits for the end, but not longer than `limit`; whether it came in time. The ended program is not yet collected, so
/// that its id still stands for its group.
fn wait(child: &Child, limit: Duration) -> io::Result<bool> {
    let start = Instant::now();
    let options = WaitIdOptions::EXITED | WaitIdOptions::NOHANG | WaitIdOptions::NOWAIT;
    while waitid(WaitId::Pid(pid(child)?), options)?.is_none() {
        if start.elapsed() >= limit {
            return Ok(false);
        }
        thread::sleep(POLL_INTERVAL);
    }
    Ok(true)
}

/// Ends everything in the program's group that still runs, and collects the program.
fn end_group(child: &mut Child) -> io::Result<ExitStatus> {
    kill_process_group(pid(child)?, Signal::KILL)?;
    child.wait()
}

fn pid(child: &Child) -> io::Result<Pid> {
    let id = i32::try_from(child.id()).ok().and_then(Pid::from_raw);
    id.ok_or_else(|| io::ErrorKind::InvalidInput.into())
}

fn collect(pipe: impl Read + Send + 'static) -> JoinHandle<Vec<u8>> {
    thread::spawn(move || {
        let mut bytes = Vec::new();
        let mut pipe = pipe.take(OUTPUT_LIMIT + 1);
        // What was read before an error is still worth showing.
        let _ = pipe.read_to_end(&mut bytes);
        // Lets the program go on to its end.
        let _ = io::copy(&mut pipe.into_inner(), &mut io::sink());
        bytes
    })
}

fn collected(thread: Option<JoinHandle<Vec<u8>>>) -> Vec<u8> {
    thread.and_then(|thread| thread.join().ok()).unwrap_or_default()
}
