//! A directory for one test, with the binary on the path and nothing of the caller's environment.

use std::ffi::OsStr;
use std::fs::Permissions;
use std::os::unix::fs::PermissionsExt;
use std::os::unix::process::ExitStatusExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Output, Stdio};

use serde_json::Value;
use tempfile::TempDir;

use crate::leftover::processes_in;
use crate::normal::{DIRECTORY, normalise};
use crate::server::{ADDRESS, serve};

/// What makes commits the same in every run.
const GIT: [(&str, &str); 7] = [
    ("GIT_CONFIG_NOSYSTEM", "1"),
    ("GIT_AUTHOR_NAME", "Someone"),
    ("GIT_AUTHOR_EMAIL", "someone@example.com"),
    ("GIT_AUTHOR_DATE", "2026-01-01T00:00:00Z"),
    ("GIT_COMMITTER_NAME", "Someone"),
    ("GIT_COMMITTER_EMAIL", "someone@example.com"),
    ("GIT_COMMITTER_DATE", "2026-01-01T00:00:00Z"),
];

/// A directory that goes when the test ends, with every process that was started in it.
pub struct Sandbox {
    dir: TempDir,
    binary: PathBuf,
    /// The address of its web server, where it has one.
    server: Option<String>,
    /// Variables that its commands see besides.
    variables: Vec<(String, String)>,
}

/// How a command ended, and what it printed.
#[derive(Debug)]
pub struct Ended {
    /// The exit code; 128 and the signal's number where a signal ended it.
    pub code: i32,
    /// What it printed as data.
    pub out: String,
    /// Everything else that it said.
    pub err: String,
}

impl Sandbox {
    /// An empty directory. Its path has the same length in every run, so that wrapped lines break at the same places.
    #[must_use]
    pub fn new(binary: &str) -> Self {
        let dir = tempfile::Builder::new().prefix("mesh-").rand_bytes(9).tempdir_in("/tmp").unwrap();
        Self { dir, binary: PathBuf::from(binary), server: None, variables: Vec::new() }
    }

    /// Sets a variable of the environment for all commands from here on.
    pub fn set(&mut self, name: &str, value: &str) {
        self.variables.push((name.to_owned(), value.to_owned()));
    }

    /// Puts a program on the path of all commands.
    pub fn install(&self, name: &str, script: &str) {
        let name = format!("bin/{name}");
        self.write(&name, script);
        std::fs::set_permissions(self.path().join(name), Permissions::from_mode(0o755)).unwrap();
    }

    /// Copies a case into the sandbox. Its files name the sandbox and its web server as transcripts do, and get their real
    /// names here. A directory `served` is what the server hands out; what it was asked for stands in `requests.log`.
    pub fn stage(&mut self, case: &Path) {
        self.copy(case, ".");
        if self.has("served") {
            self.server = Some(serve(self.path().join("served"), self.path().join("requests.log")));
        }
        let mut open = vec![self.path().to_owned()];
        while let Some(path) = open.pop() {
            if path.is_dir() {
                open.extend(std::fs::read_dir(path).unwrap().map(|entry| entry.unwrap().path()));
            } else if let Ok(text) = std::fs::read_to_string(&path) {
                let real = self.with_real_names(&text);
                if real != text {
                    std::fs::write(path, real).unwrap();
                }
            }
        }
    }

    /// A text that names the sandbox and its server as transcripts do, with their real names.
    #[must_use]
    pub fn with_real_names(&self, text: &str) -> String {
        let text = text.replace(DIRECTORY, &self.path().display().to_string());
        self.server.as_ref().map_or(text.clone(), |server| text.replace(ADDRESS, server))
    }

    /// What a program said, without what differs from run to run.
    #[must_use]
    pub fn normalise(&self, text: &str) -> String {
        let text = self.server.as_ref().map_or(text.to_owned(), |server| text.replace(server, ADDRESS));
        normalise(&text, self.path())
    }

    /// The directory.
    #[must_use]
    pub fn path(&self) -> &Path {
        self.dir.path()
    }

    /// Writes a file, with the directories on the way to it.
    pub fn write(&self, name: &str, text: &str) {
        let path = self.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }

    /// Copies a directory with everything in it to a place below the sandbox.
    pub fn copy(&self, from: &Path, to: &str) {
        let target = self.path().join(to);
        std::fs::create_dir_all(&target).unwrap();
        for entry in std::fs::read_dir(from).unwrap() {
            let entry = entry.unwrap();
            let (name, inside) = (entry.file_name(), entry.path());
            if inside.is_dir() {
                self.copy(&inside, &format!("{to}/{}", name.to_string_lossy()));
            } else {
                std::fs::copy(&inside, target.join(name)).unwrap();
            }
        }
    }

    /// Whether there is a file or directory of this name.
    #[must_use]
    pub fn has(&self, name: &str) -> bool {
        self.path().join(name).exists()
    }

    /// Reads a file.
    #[must_use]
    pub fn read(&self, name: &str) -> String {
        std::fs::read_to_string(self.path().join(name)).unwrap()
    }

    /// A command that runs here, 80 columns wide, with `mesh` on its path.
    #[must_use]
    pub fn command(&self, program: impl AsRef<OsStr>) -> Command {
        let beside = self.binary.parent().unwrap().display().to_string();
        let mut command = Command::new(program);
        command
            .current_dir(self.path())
            .env_clear()
            .env("PATH", format!("{beside}:{}/bin:/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin", self.path().display()))
            .env("HOME", self.path())
            .env("LC_ALL", "C")
            .env("TZ", "UTC")
            .env("COLUMNS", "80")
            .envs(GIT)
            .envs(self.variables.iter().map(|(name, value)| (name, value)))
            .stdin(Stdio::null());
        command
    }

    /// Runs `mesh` to its end. Words are separated by spaces.
    #[must_use]
    pub fn mesh(&self, arguments: &str) -> Ended {
        self.command(&self.binary).args(arguments.split_whitespace()).output().unwrap().into()
    }

    /// Runs `mesh` to its end, which has to be a success.
    pub fn must(&self, arguments: &str) -> Ended {
        let ended = self.mesh(arguments);
        assert!(ended.code == 0, "mesh {arguments} ended with {}:\n{}\n{}", ended.code, ended.out, ended.err);
        ended
    }

    /// Starts `mesh` and leaves it running; what it says is collected by `Ended::of`.
    #[must_use]
    pub fn start(&self, arguments: &str) -> Child {
        let mut command = self.command(&self.binary);
        command.args(arguments.split_whitespace()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
    }

    /// Runs a line of shell.
    #[must_use]
    pub fn shell(&self, line: &str) -> Ended {
        self.command("sh").args(["-c", line]).output().unwrap().into()
    }

    /// The addresses in the state.
    #[must_use]
    pub fn addresses(&self) -> Vec<String> {
        self.must("state list").out.lines().map(ToOwned::to_owned).collect()
    }

    /// The events of an apply with `--json`, one a line.
    #[must_use]
    pub fn events(ended: &Ended) -> Vec<Value> {
        ended.out.lines().filter_map(|line| serde_json::from_str(line).ok()).collect()
    }
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        for process in processes_in(self.path()) {
            process.kill();
        }
    }
}

impl Ended {
    /// Waits for a child and collects what it said.
    #[must_use]
    pub fn of(child: Child) -> Self {
        child.wait_with_output().unwrap().into()
    }
}

impl From<Output> for Ended {
    fn from(output: Output) -> Self {
        Self {
            code: code(output.status),
            out: String::from_utf8_lossy(&output.stdout).into_owned(),
            err: String::from_utf8_lossy(&output.stderr).into_owned(),
        }
    }
}

fn code(status: ExitStatus) -> i32 {
    status.code().unwrap_or_else(|| 128 + status.signal().unwrap_or_default())
}
