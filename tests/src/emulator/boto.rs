//! Python with boto3 against an emulator: makes what `mesh` has to find, changes what it has made, asks what exists.

use std::fs::File;
use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::{Arc, Mutex, PoisonError};

use serde_json::Value;

use super::{CREDENTIALS, python};

/// A session of Python, which clones share. It lives as long as they do.
#[derive(Clone)]
pub struct Boto(Arc<Mutex<Session>>);

struct Session {
    child: Child,
    snippets: ChildStdin,
    answers: BufReader<ChildStdout>,
}

impl Boto {
    /// Starts Python with clients for this endpoint.
    #[must_use]
    pub fn start(endpoint: &str) -> Self {
        let mut child = Command::new(python())
            .arg(concat!(env!("CARGO_MANIFEST_DIR"), "/emulator/boto.py"))
            .env_clear()
            .env("PATH", "/usr/local/bin:/usr/bin:/bin")
            .env("HOME", "/nonexistent")
            .env("PYTHONDONTWRITEBYTECODE", "1")
            .envs(CREDENTIALS)
            .env("AWS_ENDPOINT_URL", endpoint)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(File::create("/dev/null").unwrap())
            .spawn()
            .unwrap();
        let (snippets, answers) = (child.stdin.take().unwrap(), BufReader::new(child.stdout.take().unwrap()));
        Self(Arc::new(Mutex::new(Session { child, snippets, answers })))
    }

    /// Runs a snippet. A service's name (`s3`, `emr_serverless`) is its client; names that a snippet sets stay until the
    /// emulator is reset. Answers with what its last expression came to: what JSON lacks as text, streams by their
    /// content.
    ///
    /// # Errors
    /// What Python said.
    pub fn run(&self, snippet: &str) -> Result<Value, String> {
        self.send(&Value::from(snippet))
    }

    /// Runs a snippet that has to succeed.
    ///
    /// # Panics
    /// With what Python said, where it does not.
    #[expect(clippy::must_use_candidate, reason = "most snippets are run for what they do")]
    pub fn must(&self, snippet: &str) -> Value {
        self.run(snippet).unwrap_or_else(|error| panic!("{error}\nin\n{snippet}"))
    }

    /// A closure that runs a snippet, which has to succeed: a drift.
    pub fn step(&self, snippet: impl Into<String>) -> impl Fn() + Send + Sync + 'static {
        let (boto, snippet) = (self.clone(), snippet.into());
        move || drop(boto.must(&snippet))
    }

    /// Forgets all names that snippets have set.
    pub(super) fn forget(&self) {
        self.send(&Value::Null).unwrap();
    }

    fn send(&self, snippet: &Value) -> Result<Value, String> {
        let mut session = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        writeln!(session.snippets, "{snippet}").unwrap();
        let mut answer = String::new();
        session.answers.read_line(&mut answer).unwrap();
        let mut answer: Value = serde_json::from_str(&answer).map_err(|error| format!("Python ended: {error}"))?;
        match answer.get("error").and_then(Value::as_str) {
            Some(error) => Err(error.to_owned()),
            None => Ok(answer["value"].take()),
        }
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
