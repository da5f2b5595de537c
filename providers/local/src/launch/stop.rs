//! Ending processes with all that they started, and finding those that carry a mark in their environment.

use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

use rustix::io::Errno;
use rustix::process::{Pid, PidfdFlags, Signal, kill_process, pidfd_open, pidfd_send_signal};

use super::Identity;
use super::identity::{Stat, boot_id};

/// How long a killed process may take to disappear before that is reported: it hangs in the kernel then.
const AFTER_KILL: Duration = Duration::from_secs(10);

/// What to stop: a process, its group, and whatever carries its mark.
#[derive(Clone, Debug)]
pub struct Target {
    /// The process that was started, the leader of its group, where it is known.
    pub leader: Option<Identity>,
    /// An entry of the environment that it and its descendants carry, as `NAME=value`.
    pub mark: String,
}

impl Target {
    /// A process that was started with the variable `name` set to `value` in its environment.
    #[must_use]
    pub fn marked(name: &str, value: &str, leader: Option<Identity>) -> Self {
        Self { leader, mark: format!("{name}={value}") }
    }
}

/// Returns a value to mark processes with: one for each creation and each directory that its records are in, so that
/// of two copies of a project neither ends the other's processes.
#[must_use]
pub fn mark(token: &str, dir: &Path) -> String {
    let mut hash = blake3::Hasher::new();
    hash.update(token.as_bytes()).update(b"\0").update(dir.as_os_str().as_encoded_bytes());
    hash.finalize().to_hex().chars().take(32).collect()
}

/// A running process that carries a mark.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Carrier {
    /// Who it is.
    pub identity: Identity,
    /// The value of the mark's variable.
    pub value: String,
}

/// Returns the running processes whose environment has the variable `name` with a value starting with `prefix`.
///
/// # Errors
/// Where `/proc` can't be listed.
pub fn carriers(name: &str, prefix: &str) -> io::Result<Vec<Carrier>> {
    let wanted = format!("{name}={prefix}");
    let boot = boot_id()?;
    let mut found = Vec::new();
    for (pid, stat) in running()? {
        let environment = environment(pid);
        let entry = environment.split(|byte| *byte == 0).find(|entry| entry.starts_with(wanted.as_bytes()));
        if let Some(entry) = entry {
            let value = String::from_utf8_lossy(entry.get(name.len() + 1..).unwrap_or_default()).into_owned();
            let identity = Identity { pid, start_ticks: stat.start_ticks, boot: boot.clone() };
            found.push(Carrier { identity, value });
        }
    }
    Ok(found)
}

/// Ends the targets: asks them to (SIGTERM), waits up to `grace`, then kills (SIGKILL), and returns when all are gone.
///
/// What a target started ends with it: the processes of its group, and those that left the group but carry its mark.
///
/// # Errors
/// Where a process can't be signalled, or survives being killed.
pub fn stop(targets: &[Target], grace: Duration) -> io::Result<()> {
    let deadline = Instant::now() + grace;
    let mut asked = BTreeSet::new();
    let mut known = BTreeSet::new();
    let mut pause = Duration::from_millis(2);
    loop {
        find(targets, &mut known)?;
        known.retain(Identity::is_alive);
        if known.is_empty() {
            return Ok(());
        }
        let now = Instant::now();
        if now >= deadline + AFTER_KILL {
            let pids: Vec<String> = known.iter().map(|identity| identity.pid.to_string()).collect();
            return Err(io::Error::new(
                io::ErrorKind::TimedOut,
                format!("killed, but still there after {}s: process {}", AFTER_KILL.as_secs(), pids.join(", ")),
            ));
        }
        for identity in &known {
            if now >= deadline {
                signal(identity, Signal::KILL)?;
            } else if asked.insert(identity.clone()) {
                signal(identity, Signal::TERM)?;
            }
        }
        thread::sleep(pause);
        pause = (pause * 2).min(Duration::from_millis(50));
    }
}

/// Adds the targets' running processes to `known`.
///
/// A group counts as a target's only while somebody known is in it: the number of a group is free again, and may be
/// another's, when its last member is gone.
fn find(targets: &[Target], known: &mut BTreeSet<Identity>) -> io::Result<()> {
    known.extend(targets.iter().filter_map(|target| target.leader.clone()).filter(|leader| leader.stat().is_some()));
    let marks: BTreeSet<&[u8]> = targets.iter().map(|target| target.mark.as_bytes()).collect();
    let boot = boot_id()?;
    let running = running()?;
    for (pid, stat) in &running {
        if environment(*pid).split(|byte| *byte == 0).any(|entry| marks.contains(entry)) {
            known.insert(Identity { pid: *pid, start_ticks: stat.start_ticks, boot: boot.clone() });
        }
    }
    let leaders: BTreeSet<u32> = targets.iter().filter_map(|target| Some(target.leader.as_ref()?.pid)).collect();
    let groups: BTreeSet<u32> =
        known.iter().filter_map(|identity| Some(identity.stat()?.group)).filter(|id| leaders.contains(id)).collect();
    for (pid, stat) in running {
        if groups.contains(&stat.group) {
            known.insert(Identity { pid, start_ticks: stat.start_ticks, boot: boot.clone() });
        }
    }
    Ok(())
}

/// The entries of a process's environment, each followed by a zero byte.
///
/// It is empty where it can't be read: a process of another user, so none that this program started, or one that has
/// just ended.
fn environment(pid: u32) -> Vec<u8> {
    fs::read(format!("/proc/{pid}/environ")).unwrap_or_default()
}

/// Every process that has not ended.
fn running() -> io::Result<Vec<(u32, Stat)>> {
    let mut found = Vec::new();
    for entry in fs::read_dir("/proc")? {
        let Some(pid) = entry?.file_name().to_str().and_then(|name| name.parse().ok()) else { continue };
        if let Ok(Some(stat)) = Stat::read(pid)
            && !stat.is_dead()
        {
            found.push((pid, stat));
        }
    }
    Ok(found)
}

/// Signals this very process: the descriptor is opened first and the identity is looked at after, so that a number
/// used again in between is noticed.
fn signal(identity: &Identity, signal: Signal) -> io::Result<()> {
    let Some(pid) = i32::try_from(identity.pid).ok().and_then(Pid::from_raw) else { return Ok(()) };
    let outcome = match pidfd_open(pid, PidfdFlags::empty()) {
        Ok(descriptor) if identity.stat().is_some() => pidfd_send_signal(&descriptor, signal),
        // Linux before 5.3.
        Err(Errno::NOSYS) if identity.stat().is_some() => kill_process(pid, signal),
        Ok(_) | Err(Errno::NOSYS) => Ok(()),
        Err(error) => Err(error),
    };
    match outcome {
        Ok(()) | Err(Errno::SRCH) => Ok(()),
        Err(error) => Err(io::Error::new(
            io::Error::from(error).kind(),
            format!("process {} can't be signalled: {error}", identity.pid),
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::launch::{Held, Program};
    use std::collections::BTreeMap;
    use std::fs::File;

    /// Starts a shell script under a mark of its own and returns when it has written the file `ready`.
    fn start(dir: &Path, script: &str) -> Target {
        let mark = format!("stop-test-{}", dir.display());
        let program = Program {
            command: ["sh", "-c", script].map(String::from).to_vec(),
            env: BTreeMap::from([("MESH_STOP_TEST".to_owned(), mark.clone())]),
            working_dir: dir.to_owned(),
        };
        let held = Held::start(&program, File::create(dir.join("log")).unwrap()).unwrap();
        let leader = held.identity().clone();
        drop(held.release().unwrap());
        while !dir.join("ready").exists() {
            thread::sleep(Duration::from_millis(5));
        }
        Target { leader: Some(leader), mark: format!("MESH_STOP_TEST={mark}") }
    }

    fn left(target: &Target) -> Vec<Carrier> {
        let (name, value) = target.mark.split_once('=').unwrap();
        carriers(name, value).unwrap()
    }

    #[test]
    fn one_that_listens_ends_gently() {
        let dir = tempfile::tempdir().unwrap();
        let script = "trap 'echo bye > bye; exit' TERM; echo > ready; while :; do sleep 0.05; done";
        let target = start(dir.path(), script);
        stop(std::slice::from_ref(&target), Duration::from_secs(60)).unwrap();
        assert!(dir.path().join("bye").exists());
        assert_eq!(left(&target), []);
    }

    #[test]
    fn one_that_does_not_listen_is_killed_with_its_children() {
        let dir = tempfile::tempdir().unwrap();
        let script = "trap '' TERM; sleep 1000 & sleep 1000 & echo > ready; wait";
        let target = start(dir.path(), script);
        stop(std::slice::from_ref(&target), Duration::from_millis(50)).unwrap();
        assert!(!target.leader.clone().unwrap().is_alive());
        assert_eq!(left(&target), []);
    }

    #[test]
    fn children_that_left_the_group_or_dropped_the_mark_end_too() {
        let dir = tempfile::tempdir().unwrap();
        let script = "setsid sleep 1000 & env -i sleep 1000 & echo $! > unmarked; echo > ready; wait";
        let target = start(dir.path(), script);
        let unmarked = fs::read_to_string(dir.path().join("unmarked")).unwrap().trim().parse().unwrap();
        let unmarked = Identity::of(unmarked).unwrap();
        stop(std::slice::from_ref(&target), Duration::from_secs(60)).unwrap();
        assert!(!unmarked.is_alive());
        assert_eq!(left(&target), []);
    }

    #[test]
    fn children_of_a_dead_leader_are_found_by_their_mark() {
        let dir = tempfile::tempdir().unwrap();
        let target = start(dir.path(), "sleep 1000 & echo > ready");
        while target.leader.as_ref().unwrap().is_alive() {
            thread::sleep(Duration::from_millis(5));
        }
        assert_eq!(left(&target).len(), 1);
        stop(std::slice::from_ref(&target), Duration::from_secs(60)).unwrap();
        assert_eq!(left(&target), []);
    }

    #[test]
    fn a_number_used_again_is_left_alone() {
        let dir = tempfile::tempdir().unwrap();
        let target = start(dir.path(), "echo > ready; exec sleep 1000");
        let leader = target.leader.clone().unwrap();
        let earlier = Identity { start_ticks: leader.start_ticks - 1, ..leader.clone() };
        stop(&[Target { leader: Some(earlier), mark: "MESH_STOP_TEST=nobody".into() }], Duration::ZERO).unwrap();
        assert!(leader.is_alive());
        stop(&[target], Duration::ZERO).unwrap();
    }
}
