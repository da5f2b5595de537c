//! The process of an emulator or of a proxy before it: started on a free loopback port, and gone when the test is.

use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use tempfile::TempDir;

use super::{ask, python};

/// Credentials that every emulator takes, and what keeps SDKs from looking for others anywhere.
pub const CREDENTIALS: [(&str, &str); 4] = [
    ("AWS_ACCESS_KEY_ID", "test"),
    ("AWS_SECRET_ACCESS_KEY", "test"),
    ("AWS_DEFAULT_REGION", "us-east-1"),
    ("AWS_EC2_METADATA_DISABLED", "true"),
];

/// No emulator takes longer to its first answer, on a busy machine.
const PATIENCE: Duration = Duration::from_secs(60);

/// A process that serves. It ends when this is dropped, or when its standard input closes because this
/// process is gone.
pub struct Served {
    child: Child,
    port: u16,
    endpoint: String,
    directory: TempDir,
}

impl Served {
    /// Starts Python with what `prepare` adds, such as a script, and waits until it answers. The script writes the port
    /// where it listens as the first line of its standard output. It runs in a directory of its own, which `prepare`
    /// gets too.
    ///
    /// # Panics
    /// Where it doesn't answer, with its log.
    #[must_use]
    pub fn start(name: &str, prepare: impl FnOnce(&mut Command, &Path)) -> Self {
        let directory = tempfile::Builder::new().prefix("mesh-emulator-").tempdir().unwrap();
        let mut python = Command::new(python());
        python
            .current_dir(directory.path())
            .env_clear()
            .env("PATH", "/usr/local/bin:/usr/bin:/bin")
            .env("HOME", directory.path())
            .env("TMPDIR", directory.path())
            .env("STATE_DIR", directory.path())
            .env("S3_DATA_DIR", directory.path())
            .env("PYTHONDONTWRITEBYTECODE", "1")
            .envs(CREDENTIALS)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(File::create(directory.path().join("log")).unwrap());
        prepare(&mut python, directory.path());
        let mut child = python.spawn().unwrap();
        let mut line = String::new();
        let said = child.stdout.take().map(|out| BufReader::new(out).read_line(&mut line));
        let port = line.trim().parse().unwrap_or_default();
        let served = Self { child, port, endpoint: format!("http://127.0.0.1:{port}"), directory };
        assert!(port != 0, "{name} did not start: {line:?} ({said:?})\n{}", served.log());
        let started = Instant::now();
        while let Err(error) = ask(port, "GET", "/", "") {
            assert!(started.elapsed() < PATIENCE, "{name} does not answer: {error}\n{}", served.log());
            std::thread::sleep(Duration::from_millis(50));
        }
        served
    }

    /// Where it answers, `http://127.0.0.1:PORT`.
    #[must_use]
    pub fn endpoint(&self) -> &str {
        &self.endpoint
    }

    /// The port.
    #[must_use]
    pub const fn port(&self) -> u16 {
        self.port
    }

    /// What it has logged.
    #[must_use]
    pub fn log(&self) -> String {
        std::fs::read_to_string(self.directory.path().join("log")).unwrap_or_default()
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
