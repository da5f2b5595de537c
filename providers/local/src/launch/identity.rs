//! Who a process is, so that its number, used again by another, is never mistaken for it.

use std::fs;
use std::io;

use rustix::process::{Pid, WaitOptions, waitpid};
use serde::{Deserialize, Serialize};

/// One process, ever: its number, when it started, and in which boot of the machine.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Identity {
    /// The process number.
    pub pid: u32,
    /// When it started, in clock ticks since the boot: field 22 of `/proc/<pid>/stat`.
    pub start_ticks: u64,
    /// The boot's id, from `/proc/sys/kernel/random/boot_id`.
    pub boot: String,
}

impl Identity {
    /// Returns the identity of the process that has this number now, dead but not yet reaped included.
    ///
    /// # Errors
    /// Where there is no such process, or no `/proc`.
    pub fn of(pid: u32) -> io::Result<Self> {
        let stat = Stat::read(pid)?.ok_or_else(|| io::Error::from(io::ErrorKind::NotFound))?;
        Ok(Self { pid, start_ticks: stat.start_ticks, boot: boot_id()? })
    }

    /// Whether this very process still runs. One that has died and that is a child of this program is reaped.
    #[must_use]
    pub fn is_alive(&self) -> bool {
        match self.stat() {
            Some(stat) if stat.is_dead() => {
                reap(self.pid);
                false
            }
            Some(_) => true,
            None => false,
        }
    }

    /// What `/proc` says of this very process; `None` where it is gone or its number is another's now.
    pub(super) fn stat(&self) -> Option<Stat> {
        let stat = Stat::read(self.pid).ok().flatten()?;
        (stat.start_ticks == self.start_ticks && boot_id().is_ok_and(|boot| boot == self.boot)).then_some(stat)
    }
}

/// The id of the machine's current boot.
///
/// # Errors
/// Where there is no `/proc`.
pub(super) fn boot_id() -> io::Result<String> {
    Ok(fs::read_to_string("/proc/sys/kernel/random/boot_id")?.trim().to_owned())
}

/// The part of `/proc/<pid>/stat` that matters here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Stat {
    state: char,
    /// The process group.
    pub(super) group: u32,
    /// When it started, in clock ticks since the boot.
    pub(super) start_ticks: u64,
}

impl Stat {
    /// Reads it; `None` where there is no such process.
    pub(super) fn read(pid: u32) -> io::Result<Option<Self>> {
        match fs::read_to_string(format!("/proc/{pid}/stat")) {
            Ok(line) => Self::parse(&line).map(Some).ok_or_else(|| {
                io::Error::new(io::ErrorKind::InvalidData, format!("/proc/{pid}/stat is not of the known form"))
            }),
            // ESRCH comes where the process ends between opening and reading.
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) if error.raw_os_error() == Some(rustix::io::Errno::SRCH.raw_os_error()) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// The program's name, in parentheses, may itself hold blanks and parentheses: fields are counted from the last.
    fn parse(line: &str) -> Option<Self> {
        let fields: Vec<&str> = line.get(line.rfind(')')? + 1..)?.split_ascii_whitespace().collect();
        Some(Self {
            state: fields.first()?.chars().next()?,
            group: fields.get(2)?.parse().ok()?,
            start_ticks: fields.get(19)?.parse().ok()?,
        })
    }

    /// Whether it has ended and only waits to be reaped.
    pub(super) fn is_dead(self) -> bool {
        matches!(self.state, 'Z' | 'X' | 'x')
    }
}

fn reap(pid: u32) {
    if let Some(pid) = i32::try_from(pid).ok().and_then(Pid::from_raw) {
        // An error means that it is another's child, whose parent or init reaps it.
        let _ = waitpid(Some(pid), WaitOptions::NOHANG);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_program_name_with_blanks_and_parentheses_does_not_shift_the_fields() {
        let line = "77 (a) b (c) S 1 70 70 0 -1 4194304 100 0 0 0 0 0 0 0 20 0 1 0 112000 3133440 382";
        assert_eq!(Stat::parse(line), Some(Stat { state: 'S', group: 70, start_ticks: 112_000 }));
    }

    #[test]
    fn a_line_that_is_cut_off_is_refused() {
        assert_eq!(Stat::parse("77 (a) S 1 70"), None);
        assert_eq!(Stat::parse(""), None);
    }

    #[test]
    fn the_same_number_with_another_start_or_boot_is_another_process() {
        let own = Identity::of(std::process::id()).unwrap();
        assert!(own.is_alive());
        assert!(!Identity { start_ticks: own.start_ticks + 1, ..own.clone() }.is_alive());
        assert!(!Identity { boot: "an earlier boot".into(), ..own }.is_alive());
    }

    #[test]
    fn a_killed_child_is_reaped_and_not_alive() {
        #[expect(clippy::zombie_processes, reason = "that it is reaped without `wait` is what is tested")]
        let mut child = std::process::Command::new("sleep").arg("1000").spawn().unwrap();
        let identity = Identity::of(child.id()).unwrap();
        assert!(identity.is_alive());
        child.kill().unwrap();
        while identity.is_alive() {
            std::thread::yield_now();
        }
        while Stat::read(identity.pid).unwrap().is_some_and(|stat| stat.start_ticks == identity.start_ticks) {
            assert!(!identity.is_alive());
        }
    }
}
