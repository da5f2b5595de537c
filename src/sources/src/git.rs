//! Reads commits of git repositories with the `git` of the system.
//!
//! Nothing of a repository is run or interpreted: there is no checkout, so no hook, filter, line-ending rule or submodule. The
//! files are read out of the commit itself.

use std::io::{BufRead, BufReader, Read, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use crate::problem::{Problem, hinted, problem};
use crate::redact::redact;
use crate::unpack::Unpack;

/// Settings that come before every command.
const SETTINGS: [&str; 8] = [
    "core.hooksPath=/dev/null",
    "core.fsmonitor=false",
    "fetch.recurseSubmodules=false",
    "gc.auto=0",
    "maintenance.auto=false",
    "http.lowSpeedLimit=100",
    "http.lowSpeedTime=60",
    "advice.detachedHead=false",
];
/// Protocols that `git` may use, whatever an address or a redirection says.
const PROTOCOLS: &str = "file:http:https:ssh";
/// Variables that would point `git` to another repository, as inside of a hook.
const FOREIGN: [&str; 8] = [
    "GIT_DIR",
    "GIT_WORK_TREE",
    "GIT_INDEX_FILE",
    "GIT_OBJECT_DIRECTORY",
    "GIT_ALTERNATE_OBJECT_DIRECTORIES",
    "GIT_COMMON_DIR",
    "GIT_NAMESPACE",
    "GIT_CONFIG_PARAMETERS",
];

/// A branch, tag or commit of a remote repository.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// The commit.
    pub commit: String,
    /// What to ask the server for.
    wanted: String,
}

/// The commit that a name means in a remote repository: that of a tag, then of a branch, then itself; the default branch's
/// without a name. `None` for what may be the beginning of a commit's name, which only a fetched repository can tell.
///
/// # Errors
/// A repository that can't be read, and a name that it does not have.
pub fn resolve(url: &str, reference: Option<&str>) -> Result<Option<Found>, Problem> {
    let listed = listed(url)?;
    let find = |name: &str| listed.iter().find(|(own, _)| own == name).map(|(_, commit)| commit.clone());
    let Some(reference) = reference else {
        let commit = find("HEAD").ok_or_else(|| not_found(url, "HEAD", &listed))?;
        return Ok(Some(Found { commit, wanted: "HEAD".to_owned() }));
    };
    let names = [format!("refs/tags/{reference}"), format!("refs/heads/{reference}"), reference.to_owned()];
    for name in &names {
        if let Some(commit) = find(name) {
            // An annotated tag is an object of its own, listed with the commit that it stands for after `^{}`.
            let commit = find(&format!("{name}^{{}}")).unwrap_or(commit);
            return Ok(Some(Found { commit, wanted: name.clone() }));
        }
    }
    let is_hex = reference.bytes().all(|byte| byte.is_ascii_hexdigit());
    match reference.len() {
        40 | 64 if is_hex => Ok(Some(Found::commit(&reference.to_ascii_lowercase()))),
        7.. if is_hex => Ok(None),
        _ => Err(not_found(url, reference, &listed)),
    }
}

impl Found {
    /// A commit by its name.
    #[must_use]
    pub fn commit(name: &str) -> Self {
        Self { commit: name.to_owned(), wanted: name.to_owned() }
    }
}

/// Fetches a commit, or the one whose name begins with `beginning`, into an empty repository at `repository`, and answers with
/// its full name.
///
/// # Errors
/// Where the server does not have it.
pub fn fetch(url: &str, found: Option<&Found>, beginning: &str, repository: &Path) -> Result<String, Problem> {
    run(url, git().args(["init", "--quiet", "--bare", "--template=", "--"]).arg(repository))?;
    let fetch = |arguments: &[&str]| {
        let mut command = inside(repository);
        command.args(["fetch", "--quiet", "--no-tags", "--no-recurse-submodules", "--no-write-commit-graph"]);
        run(url, command.args(arguments))
    };
    if let Some(found) = found
        && fetch(&["--depth=1", "--", url, &found.wanted]).is_ok()
        && let Some(commit) = commit_of(repository, "FETCH_HEAD")
        && (commit == found.commit || found.wanted != found.commit)
    {
        return Ok(commit);
    }
    // Not every server hands out a commit by its name. Then everything that has a name is fetched.
    fetch(&["--", url, "+refs/heads/*:refs/heads/*", "+refs/tags/*:refs/tags/*"])?;
    let name = found.map_or(beginning, |found| &found.commit);
    commit_of(repository, name).ok_or_else(|| {
        hinted(
            problem(
                "unknown-git-reference",
                "Unknown branch, tag or commit",
                format!("{} has no commit {name} on any branch or tag.", redact(url)),
            ),
            "Its history may have been rewritten. Where the lock file names the commit, `mesh init --upgrade` chooses anew.",
        )
    })
}

fn commit_of(repository: &Path, name: &str) -> Option<String> {
    let mut command = inside(repository);
    command.args(["rev-parse", "--verify", "--quiet", "--end-of-options", &format!("{name}^{{commit}}")]);
    let output = command.output().ok().filter(|output| output.status.success())?;
    Some(String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

/// Writes the files of a commit.
///
/// # Errors
/// What can't be read, and what a package may not hold.
pub fn export(url: &str, repository: &Path, commit: &str, mut into: Unpack<'_>) -> Result<(), Problem> {
    let listing = run(url, inside(repository).args(["ls-tree", "-r", "-z", "--full-tree", commit]))?;
    let mut objects = Objects::start(url, repository)?;
    for line in listing.split(|byte| *byte == 0).filter(|line| !line.is_empty()) {
        let tab = line.iter().position(|byte| *byte == b'\t').unwrap_or(line.len());
        let path = line.get(tab + 1..).unwrap_or_default();
        let about = String::from_utf8_lossy(&line[..tab]).into_owned();
        let mut words = about.split(' ');
        let (mode, object) = (words.next().unwrap_or_default(), words.nth(1).unwrap_or_default());
        match mode {
            "100644" | "100664" => objects.read(object, |size, content| into.file(path, false, size, content))?,
            "100755" => objects.read(object, |size, content| into.file(path, true, size, content))?,
            "120000" => objects.read(object, |_, content| {
                let mut target = Vec::new();
                let read = content.read_to_end(&mut target);
                read.map_err(|error| into.refused(&format!("a link can't be read: {error}")))?;
                into.link(path, &target)
            })?,
            // Submodules are other repositories: a call that wants one names it.
            _ => {}
        }
    }
    into.finish()
}

/// A running `git cat-file` that hands out one object after another.
struct Objects<'a> {
    url: &'a str,
    child: Child,
    answers: BufReader<std::process::ChildStdout>,
}

impl<'a> Objects<'a> {
    fn start(url: &'a str, repository: &Path) -> Result<Self, Problem> {
        let mut command = inside(repository);
        command.args(["cat-file", "--batch"]).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut child = command.spawn().map_err(|error| not_started(&error))?;
        let answers = child.stdout.take().map(BufReader::new).ok_or_else(|| failed(url, "it says nothing"))?;
        Ok(Self { url, child, answers })
    }

    fn read(
        &mut self,
        object: &str,
        take: impl FnOnce(u64, &mut dyn Read) -> Result<(), Problem>,
    ) -> Result<(), Problem> {
        let broken = |error: std::io::Error| failed(self.url, &format!("an object can't be read: {error}"));
        if let Some(questions) = &mut self.child.stdin {
            writeln!(questions, "{object}").and_then(|()| questions.flush()).map_err(broken)?;
        }
        let mut header = String::new();
        self.answers.read_line(&mut header).map_err(broken)?;
        let size = header.trim().split(' ').nth(2).and_then(|size| size.parse::<u64>().ok());
        let size = size.ok_or_else(|| failed(self.url, &format!("object {object} is missing")))?;
        let mut content = (&mut self.answers).take(size);
        take(size, &mut content)?;
        std::io::copy(&mut content, &mut std::io::sink()).map_err(broken)?;
        self.answers.read_exact(&mut [0]).map_err(broken)
    }
}

impl Drop for Objects<'_> {
    fn drop(&mut self) {
        // It only reads, so that ending it loses nothing; waiting for it leaves no dead process.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Names and objects of a remote repository.
fn listed(url: &str) -> Result<Vec<(String, String)>, Problem> {
    let output = run(url, git().args(["ls-remote", "--quiet", "--", url]))?;
    let output = String::from_utf8_lossy(&output).into_owned();
    let lines = output.lines().filter_map(|line| line.split_once('\t'));
    Ok(lines.map(|(object, name)| (name.to_owned(), object.to_owned())).collect())
}

fn git() -> Command {
    let mut command = Command::new("git");
    for setting in SETTINGS {
        command.args(["-c", setting]);
    }
    for name in FOREIGN {
        command.env_remove(name);
    }
    command.env("GIT_TERMINAL_PROMPT", "0").env("GIT_ALLOW_PROTOCOL", PROTOCOLS).env("LC_ALL", "C");
    command.stdin(Stdio::null());
    command
}

fn inside(repository: &Path) -> Command {
    let mut command = git();
    command.arg("--git-dir").arg(repository);
    command
}

fn run(url: &str, command: &mut Command) -> Result<Vec<u8>, Problem> {
    let output = command.output().map_err(|error| not_started(&error))?;
    if output.status.success() {
        return Ok(output.stdout);
    }
    Err(failed(url, &told(&String::from_utf8_lossy(&output.stderr))))
}

/// What `git` said, in a line.
fn told(said: &str) -> String {
    let lines = said.lines().map(str::trim).filter(|line| !line.is_empty());
    let lines: Vec<&str> = lines.map(|line| line.trim_start_matches("fatal: ").trim_end_matches('.')).collect();
    let told = redact(&lines.join("; "));
    if told.is_empty() { "it did not say why".to_owned() } else { told }
}

fn failed(url: &str, why: &str) -> Problem {
    let detail = format!("`git` can't fetch {}: {why}.", redact(url));
    let problem = problem("module-not-fetched", "Module could not be fetched", detail);
    hinted(problem, "`git` asks for no password here: give credentials to its credential helper, keys to `ssh-agent`.")
}

fn not_started(error: &std::io::Error) -> Problem {
    let problem = problem("git-missing", "No git", format!("`git` can't be started: {error}."));
    hinted(problem, "Install git, or name an archive or a library in place of the repository.")
}

fn not_found(url: &str, reference: &str, listed: &[(String, String)]) -> Problem {
    let problem = problem(
        "unknown-git-reference",
        "Unknown branch, tag or commit",
        format!("{} has no branch or tag {reference:?}, and it is no name of a commit.", redact(url)),
    );
    let names = listed.iter().filter_map(|(name, _)| name.strip_prefix("refs/"));
    let names = names.filter_map(|name| name.split_once('/')).filter(|(kind, _)| ["heads", "tags"].contains(kind));
    Box::new(problem.suggest(reference, names.map(|(_, name)| name.trim_end_matches("^{}"))))
}

#[cfg(test)]
#[path = "../tests/unit/git.rs"]
mod tests;
