//! Runs one command and tells how long it took and how much memory it held.

use std::io::Read;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::{Duration, Instant};

use anyhow::{Context, bail};
use rustix::process::{Pid, PidfdFlags, Signal, pidfd_open, pidfd_send_signal};
use wait4::Wait4;

/// What a command took.
#[derive(Clone, Copy, Debug)]
pub struct Measured {
    /// From before the process is made until it is gone.
    pub time: Duration,
    /// The most memory that it held at a time, in bytes: the kernel's count of resident memory for this process.
    pub memory: u64,
}

/// How a measured command ended.
#[derive(Clone, Copy, Debug)]
pub enum Outcome {
    /// By itself.
    Ended(Measured),
    /// It was stopped when this time was over.
    Stopped(Duration),
}

/// Runs a command that shall end with the exit code `expected`, and stops it when `limit` is over.
///
/// What it prints goes nowhere, so that both programs render everything and no terminal slows them down.
///
/// # Errors
/// The command can't be started, or ends with another exit code; its last lines on standard error are in the message.
pub fn measure(mut command: Command, expected: i32, limit: Duration) -> anyhow::Result<Outcome> {
    let errors = tempfile::NamedTempFile::new()?;
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(errors.reopen()?);
    let start = Instant::now();
    let child = command.spawn().with_context(|| format!("{command:?} can't be started"))?;
    let (ended, end) = channel::<()>();
    let watch = watch(&child, end, limit)?;
    let used = child.wait4().with_context(|| format!("{command:?} can't be waited for"))?;
    let time = start.elapsed();
    drop(ended);
    if watch.join().unwrap_or(false) {
        return Ok(Outcome::Stopped(limit));
    }
    if used.status.code() != Some(expected) {
        let mut text = String::new();
        errors.reopen()?.read_to_string(&mut text)?;
        let lines: Vec<&str> = text.lines().collect();
        let last = lines.get(lines.len().saturating_sub(20)..).unwrap_or_default().join("\n");
        bail!("{command:?} ended with {} instead of {expected}:\n{last}", used.status);
    }
    Ok(Outcome::Ended(Measured { time, memory: used.rusage.maxrss }))
}

/// Kills the child when `limit` is over before `end` comes; the thread answers whether it did. A process file
/// descriptor names this child alone, also when its number is already another's.
fn watch(child: &Child, end: Receiver<()>, limit: Duration) -> anyhow::Result<std::thread::JoinHandle<bool>> {
    let pid = Pid::from_child(child);
    let process = pidfd_open(pid, PidfdFlags::empty()).context("the child can't be watched")?;
    Ok(std::thread::spawn(move || {
        let is_over = end.recv_timeout(limit) == Err(RecvTimeoutError::Timeout);
        is_over && pidfd_send_signal(&process, Signal::KILL).is_ok()
    }))
}
