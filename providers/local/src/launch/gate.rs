//! Starting a process in two steps, so that it is on record before its program runs.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fs::File;
use std::io::{self, Write};
use std::os::unix::process::CommandExt;
use std::path::PathBuf;
use std::process::{Child, ChildStdin, Command, Stdio};

use super::Identity;

/// The first program of every process: it waits for a line, then becomes the real program under the same number.
///
/// - End of file instead of a line means that `mesh` died before the record was written: nothing is run.
/// - Hang-ups are ignored, so that the process outlives the terminal that `mesh` ran in.
const GATE: &str = r#"trap '' HUP
read -r MESH_GATE || exit 125
exec "$@" </dev/null"#;

/// What to run.
#[derive(Clone, Debug)]
pub struct Program {
    /// The program and its arguments; the program is looked up on `PATH`.
    pub command: Vec<String>,
    /// Variables on top of the environment of `mesh`, whose own `MESH_...` variables are not passed on.
    pub env: BTreeMap<String, String>,
    /// Where it runs.
    pub working_dir: PathBuf,
}

/// A process that exists, but whose program waits for [`Held::release`]. Dropped before, it ends without running it.
#[derive(Debug)]
pub struct Held {
    child: Option<Child>,
    gate: Option<ChildStdin>,
    identity: Identity,
}

impl Held {
    /// Starts a process in a group of its own, its output appended to `log`, and holds it at the gate.
    ///
    /// # Errors
    /// Where the process can't be started: a working directory that does not exist, no `/bin/sh`, no `/proc`.
    pub fn start(program: &Program, log: File) -> io::Result<Self> {
        // What `mesh` opens is close-on-exec, but not what it was itself started with: another program's lock or pipe,
        // which a worker would hold for ever.
        close_fds::set_fds_cloexec_threadsafe(3, &[]);
        let mut command = Command::new("/bin/sh");
        command.arg("-c").arg(GATE).arg("mesh").args(&program.command);
        for name in own_variables() {
            command.env_remove(name);
        }
        command
            .envs(&program.env)
            .current_dir(&program.working_dir)
            .process_group(0)
            .stdin(Stdio::piped())
            .stdout(log.try_clone()?)
            .stderr(log);
        let mut child = command.spawn()?;
        let gate = child.stdin.take();
        match Identity::of(child.id()) {
            Ok(identity) => Ok(Self { child: Some(child), gate, identity }),
            Err(error) => {
                drop(gate);
                child.wait()?;
                Err(error)
            }
        }
    }

    /// Returns who it is: the same before and after the release.
    #[must_use]
    pub fn identity(&self) -> &Identity {
        &self.identity
    }

    /// Lets it run its program. Call it when the record is durable.
    ///
    /// # Errors
    /// Where the process has died meanwhile.
    pub fn release(mut self) -> io::Result<Child> {
        if let Some(mut gate) = self.gate.take() {
            gate.write_all(b"run\n")?;
        }
        self.child.take().ok_or_else(|| io::Error::from(io::ErrorKind::NotFound))
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        drop(self.gate.take());
        if let Some(mut child) = self.child.take() {
            // The gate is closed, so it ends at once; a failure here means that it has already been reaped.
            let _ = child.wait();
        }
    }
}

fn own_variables() -> Vec<OsString> {
    std::env::vars_os().map(|(name, _)| name).filter(|name| name.to_string_lossy().starts_with("MESH_")).collect()
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    fn program(dir: &Path, script: &str) -> Program {
        Program {
            command: ["sh", "-c", script].map(String::from).to_vec(),
            env: BTreeMap::from([("GREETING".to_owned(), "hello world".to_owned())]),
            working_dir: dir.to_owned(),
        }
    }

    fn log(dir: &Path) -> File {
        File::options().create(true).append(true).open(dir.join("log")).unwrap()
    }

    #[test]
    fn nothing_runs_before_the_release_and_the_number_stays() {
        let dir = tempfile::tempdir().unwrap();
        let held = Held::start(&program(dir.path(), "echo $$ $GREETING > ran"), log(dir.path())).unwrap();
        assert!(held.identity().is_alive());
        assert!(!dir.path().join("ran").exists());
        let identity = held.identity().clone();
        let mut child = held.release().unwrap();
        assert!(child.wait().unwrap().success());
        let ran = std::fs::read_to_string(dir.path().join("ran")).unwrap();
        assert_eq!(ran, format!("{} hello world\n", identity.pid));
    }

    #[test]
    fn a_process_that_is_never_released_ends_without_running() {
        let dir = tempfile::tempdir().unwrap();
        let held = Held::start(&program(dir.path(), "echo > ran"), log(dir.path())).unwrap();
        let identity = held.identity().clone();
        drop(held);
        assert!(!identity.is_alive());
        assert!(!dir.path().join("ran").exists());
    }

    #[test]
    fn only_the_standard_streams_are_passed_on() {
        let dir = tempfile::tempdir().unwrap();
        let _open = File::create(dir.path().join("lock")).unwrap();
        let held = Held::start(&program(dir.path(), "exec sleep 1000"), log(dir.path())).unwrap();
        let mut child = held.release().unwrap();
        // The shell has a stream of its own open while it writes; what counts is what the program itself gets.
        let name = || std::fs::read_to_string(format!("/proc/{}/comm", child.id())).unwrap();
        while name() != "sleep\n" {
            std::thread::yield_now();
        }
        let fds = std::fs::read_dir(format!("/proc/{}/fd", child.id())).unwrap();
        let fds = fds.map(|fd| std::fs::read_link(fd.unwrap().path()).unwrap()).collect::<Vec<_>>();
        assert_eq!(fds, [Path::new("/dev/null"), &dir.path().join("log"), &dir.path().join("log")]);
        child.kill().unwrap();
        child.wait().unwrap();
    }

    #[test]
    fn a_command_that_does_not_exist_says_so_in_the_log() {
        let dir = tempfile::tempdir().unwrap();
        let nosuch = Program { command: vec!["/no/such/command".into()], ..program(dir.path(), "") };
        let status = Held::start(&nosuch, log(dir.path())).unwrap().release().unwrap().wait().unwrap();
        assert_eq!(status.code(), Some(127));
        assert!(std::fs::read_to_string(dir.path().join("log")).unwrap().contains("/no/such/command"));
    }
}
