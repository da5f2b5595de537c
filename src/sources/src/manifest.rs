//! What a package consists of: a digest for each file, and one hash over all of them.

use std::collections::BTreeMap;
use std::fmt;
use std::io::{self, Read, Write};
use std::path::{Component, Path, PathBuf};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256};

/// What stands in place of a digest before what a link points at.
const LINK: &str = "link:";
/// How many links a path may lead through, as in Linux.
const MOST_LINKS: usize = 40;

/// The digest of every file of a package, by path. Links count by what they point at; directories, modes and times don't
/// count, so the hash is the same on each platform.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Manifest {
    digests: BTreeMap<String, String>,
}

/// The hash over a manifest: `h1:` and SHA-256 in Base64, over lines as `sha256sum` prints them, sorted by path. `go.sum` and
/// Terraform's lock file call it the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct PackageHash([u8; 32]);

impl Manifest {
    /// The manifest of a directory.
    ///
    /// # Errors
    /// What can't be read, and what is neither a file nor a link nor a directory.
    pub fn of(root: &Path) -> io::Result<Self> {
        let mut manifest = Self::default();
        manifest.walk(root, String::new(), &mut |_, source| digest_of(source, &mut io::sink()))?;
        Ok(manifest)
    }

    /// Copies a directory and answers with the manifest of what was copied.
    ///
    /// # Errors
    /// What can't be read or written.
    pub fn copied(from: &Path, to: &Path) -> io::Result<Self> {
        let mut manifest = Self::default();
        std::fs::create_dir_all(to)?;
        manifest.walk(from, String::new(), &mut |path, source| {
            let target = to.join(path);
            if let Some(parent) = target.parent() {
                std::fs::create_dir_all(parent)?;
            }
            let metadata = source.symlink_metadata()?;
            if metadata.is_symlink() {
                let pointed = std::fs::read_link(source)?;
                std::os::unix::fs::symlink(&pointed, &target)?;
                return digest_of(source, &mut io::sink());
            }
            let mut written = std::fs::File::create_new(&target)?;
            let digest = digest_of(source, &mut written)?;
            written.set_permissions(metadata.permissions())?;
            Ok(digest)
        })?;
        Ok(manifest)
    }

    fn walk(
        &mut self,
        dir: &Path,
        prefix: String,
        visit: &mut dyn FnMut(&str, &Path) -> io::Result<String>,
    ) -> io::Result<()> {
        for entry in std::fs::read_dir(dir)? {
            let entry = entry?;
            let name = entry.file_name().into_string().map_err(|name| {
                io::Error::new(io::ErrorKind::InvalidData, format!("{} is no UTF-8 name", name.to_string_lossy()))
            })?;
            let path = if prefix.is_empty() { name } else { format!("{prefix}/{name}") };
            if entry.file_type()?.is_dir() {
                self.walk(&entry.path(), path, visit)?;
            } else {
                let digest = visit(&path, &entry.path())?;
                self.digests.insert(path, digest);
            }
        }
        Ok(())
    }

    /// The digest of a file, in hexadecimal.
    #[must_use]
    pub fn digest(&self, path: &str) -> Option<&str> {
        self.digests.get(path).map(String::as_str)
    }

    /// The path that a path means once the links on its way are followed; `None` where they lead out or in a circle.
    #[must_use]
    pub fn real(&self, path: &Path) -> Option<PathBuf> {
        let mut real = PathBuf::new();
        let mut rest: Vec<PathBuf> = vec![path.to_owned()];
        let mut links = 0;
        while let Some(next) = rest.pop() {
            let mut parts = next.components();
            let Some(part) = parts.next() else { continue };
            rest.push(parts.as_path().to_owned());
            match part {
                Component::Normal(name) => real.push(name),
                Component::CurDir => continue,
                Component::ParentDir if real.pop() => continue,
                _ => return None,
            }
            if let Some(target) = real.to_str().and_then(|path| self.digest(path)?.strip_prefix(LINK)) {
                links += 1;
                if links > MOST_LINKS {
                    return None;
                }
                real.pop();
                rest.push(PathBuf::from(target));
            }
        }
        Some(real)
    }

    /// The paths of all files, sorted.
    pub fn paths(&self) -> impl Iterator<Item = &str> {
        self.digests.keys().map(String::as_str)
    }

    /// As text: a line for each file, as `sha256sum` prints them.
    #[must_use]
    pub fn text(&self) -> String {
        self.digests.iter().map(|(path, digest)| format!("{digest}  {path}\n")).collect()
    }

    /// Reads what [`text`](Self::text) wrote.
    #[must_use]
    pub fn from_text(text: &str) -> Self {
        let lines = text.lines().filter_map(|line| line.split_once("  "));
        Self { digests: lines.map(|(digest, path)| (path.to_owned(), digest.to_owned())).collect() }
    }

    /// The hash over all lines.
    #[must_use]
    pub fn hash(&self) -> PackageHash {
        PackageHash(Sha256::digest(self.text()).into())
    }
}

impl PackageHash {
    /// Reads `h1:...`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let bytes = STANDARD.decode(text.strip_prefix("h1:")?).ok()?;
        bytes.try_into().ok().map(Self)
    }

    /// In hexadecimal, for names of files.
    #[must_use]
    pub fn hex(&self) -> String {
        hex::encode(self.0)
    }
}

/// `h1:...`
impl fmt::Display for PackageHash {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "h1:{}", STANDARD.encode(self.0))
    }
}

/// A file's SHA-256 in hexadecimal, or what a link points at; the file's bytes go to `copy`.
fn digest_of(path: &Path, copy: &mut dyn Write) -> io::Result<String> {
    let kind = path.symlink_metadata()?.file_type();
    if kind.is_symlink() {
        return Ok(format!("{LINK}{}", std::fs::read_link(path)?.display()));
    }
    if !kind.is_file() {
        return Err(io::Error::new(io::ErrorKind::InvalidData, format!("{} is no file", path.display())));
    }
    let mut file = std::fs::File::open(path)?;
    let mut hasher = Sha256::new();
    let mut buffer = vec![0; 64 * 1024];
    loop {
        let read = file.read(&mut buffer)?;
        if read == 0 {
            return Ok(hex::encode(hasher.finalize()));
        }
        hasher.update(&buffer[..read]);
        copy.write_all(&buffer[..read])?;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_hash_is_that_of_sha256sum_and_survives_text_and_copy() {
        let dir = tempfile::tempdir().unwrap();
        let root = dir.path().join("tree");
        std::fs::create_dir_all(root.join("sub")).unwrap();
        std::fs::write(root.join("sub/b.tf"), "b\n").unwrap();
        std::fs::write(root.join("a.tf"), "a\n").unwrap();
        std::os::unix::fs::symlink("a.tf", root.join("z")).unwrap();
        let manifest = Manifest::of(&root).unwrap();
        let expected = "87428fc522803d31065e7bce3cf03fe475096631e5e07bbd7a0fde60c4cf25c7  a.tf\n\
                        0263829989b6fd954f72baaf2fc64bc2e2f01d692d4de72986ea808f6e99813f  sub/b.tf\n\
                        link:a.tf  z\n";
        assert_eq!(manifest.text(), expected);
        assert_eq!(Manifest::from_text(&manifest.text()), manifest);
        assert_eq!(PackageHash::parse(&manifest.hash().to_string()), Some(manifest.hash()));

        let real = |path: &str| manifest.real(Path::new(path));
        assert_eq!(real("sub/../z"), Some("a.tf".into()));
        assert_eq!(real("sub/b.tf"), Some("sub/b.tf".into()));
        assert_eq!(real("../x"), None);
        let circle = Manifest::from_text("link:y  x\nlink:x  y\nlink:sub  dir\n");
        assert_eq!(circle.real(Path::new("x")), None);
        assert_eq!(circle.real(Path::new("dir/b.tf")), Some("sub/b.tf".into()));

        let copy = dir.path().join("copy");
        assert_eq!(Manifest::copied(&root, &copy).unwrap(), manifest);
        assert_eq!(Manifest::of(&copy).unwrap(), manifest);
    }
}
