//! Repositories made for a test, and what is read of them.

use super::*;
use crate::manifest::Manifest;
use crate::unpack::Limits;

struct Repository {
    dir: tempfile::TempDir,
}

impl Repository {
    fn new() -> Self {
        let repository = Self { dir: tempfile::tempdir().unwrap() };
        repository.git(&["init", "-q", "-b", "main", "."]);
        repository
    }

    fn git(&self, arguments: &[&str]) -> String {
        let mut command = git();
        command.current_dir(self.dir.path()).args(["-c", "user.name=x", "-c", "user.email=x@example.com"]);
        let output = command.args(arguments).output().unwrap();
        assert!(output.status.success(), "git {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8_lossy(&output.stdout).trim().to_owned()
    }

    fn commit(&self, name: &str, text: &str) -> String {
        std::fs::write(self.dir.path().join(name), text).unwrap();
        self.git(&["add", "."]);
        self.git(&["commit", "-q", "-m", name]);
        self.git(&["rev-parse", "HEAD"])
    }

    fn url(&self) -> String {
        format!("file://{}", self.dir.path().display())
    }

    /// What a reference leads to: the commit and the files.
    fn read(&self, reference: Option<&str>) -> Result<(String, Manifest), Problem> {
        let found = resolve(&self.url(), reference)?;
        let scratch = tempfile::tempdir().unwrap();
        let (repository, tree) = (scratch.path().join("repository"), scratch.path().join("tree"));
        let commit = fetch(&self.url(), found.as_ref(), reference.unwrap_or("HEAD"), &repository)?;
        std::fs::create_dir(&tree).unwrap();
        export(&self.url(), &repository, &commit, Unpack::new(&tree, Limits::default(), "It"))?;
        Ok((commit, Manifest::of(&tree).unwrap()))
    }
}

#[test]
fn branches_tags_and_commits_are_found() {
    let repository = Repository::new();
    let first = repository.commit("a.tf", "1");
    repository.git(&["tag", "light"]);
    repository.git(&["tag", "-a", "-m", "x", "heavy"]);
    repository.git(&["branch", "feature/x"]);
    let second = repository.commit("b.tf", "2");
    repository.git(&["tag", "both"]);
    repository.git(&["branch", "both", &first]);
    for name in ["light", "heavy", "feature/x", first.as_str(), &first[..8], "refs/tags/light", "refs/heads/feature/x"]
    {
        assert_eq!(repository.read(Some(name)).unwrap().0, first, "{name}");
    }
    for name in [None, Some("main"), Some("both"), Some("HEAD")] {
        let (commit, manifest) = repository.read(name).unwrap();
        assert_eq!(commit, second, "{name:?}");
        assert_eq!(manifest.paths().collect::<Vec<_>>(), ["a.tf", "b.tf"]);
    }
    for name in ["mian", "0123456", &"0".repeat(40)] {
        assert_eq!(repository.read(Some(name)).unwrap_err().code, "unknown-git-reference", "{name}");
    }
    let problem = repository.read(Some("mian")).unwrap_err();
    assert_eq!(problem.hints, ["Did you mean `main`?"]);
}

#[test]
fn nothing_of_a_repository_is_interpreted() {
    let repository = Repository::new();
    repository.commit(".gitattributes", "*.txt text eol=crlf\nleft-out export-ignore\n*.id export-subst\n");
    repository.commit("a.txt", "one\ntwo\n");
    repository.commit("left-out", "x");
    repository.commit("b.id", "$Format:%H$");
    std::os::unix::fs::symlink("a.txt", repository.dir.path().join("link")).unwrap();
    repository.commit("c.txt", "");
    let (_, manifest) = repository.read(None).unwrap();
    let paths: Vec<_> = manifest.paths().collect();
    assert_eq!(paths, [".gitattributes", "a.txt", "b.id", "c.txt", "left-out", "link"]);
    let digest = |text: &str| hex::encode(<sha2::Sha256 as sha2::Digest>::digest(text));
    assert_eq!(manifest.digest("a.txt"), Some(digest("one\ntwo\n").as_str()), "line ends are those of the commit");
    assert_eq!(manifest.digest("b.id"), Some(digest("$Format:%H$").as_str()));
}

#[test]
fn what_git_says_is_told() {
    let problem = resolve("file:///no/such/repository", None).unwrap_err();
    assert_eq!(problem.code, "module-not-fetched");
    assert!(problem.detail.contains("does not appear to be a git repository"), "{}", problem.detail);
    let problem = resolve("ext::sh -c true", None).unwrap_err();
    assert!(problem.detail.contains("not allowed"), "{}", problem.detail);
}
