//! Writes what an archive or a repository holds below a directory, and nothing anywhere else.

use std::collections::BTreeMap;
use std::fs::OpenOptions;
use std::io::{self, Read};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use crate::problem::{Problem, problem};

/// How large things may be.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Bytes of an archive or an index that is fetched.
    pub download: u64,
    /// Bytes of all files of a package.
    pub unpacked: u64,
    /// Files, links and directories of a package.
    pub entries: usize,
}

/// What serves every module that was looked at a hundred times over, and stops what fills a disk.
impl Default for Limits {
    fn default() -> Self {
        Self { download: 512 << 20, unpacked: 1 << 30, entries: 100_000 }
    }
}

/// A package that is being written. Paths come as the archive has them.
pub struct Unpack<'a> {
    root: &'a Path,
    limits: Limits,
    /// What the package is called in messages.
    name: String,
    seen: BTreeMap<PathBuf, Entry>,
    links: Vec<(PathBuf, String)>,
    bytes: u64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Entry {
    Directory,
    File,
}

impl<'a> Unpack<'a> {
    /// Writes below `root`, which has to be there and empty.
    pub fn new(root: &'a Path, limits: Limits, name: impl Into<String>) -> Self {
        Self { root, limits, name: name.into(), seen: BTreeMap::new(), links: Vec::new(), bytes: 0 }
    }

    /// Adds a directory.
    ///
    /// # Errors
    /// Where its path is not one of the package.
    pub fn directory(&mut self, path: &[u8]) -> Result<(), Problem> {
        let Some(path) = self.path(path)? else { return Ok(()) };
        self.add(&path, Entry::Directory)
    }

    /// Adds a file of so many bytes.
    ///
    /// # Errors
    /// Where its path is not one of the package or was there before, where it is too large, and what can't be read or
    /// written.
    pub fn file(&mut self, path: &[u8], is_executable: bool, size: u64, content: &mut dyn Read) -> Result<(), Problem> {
        let Some(path) = self.path(path)? else { return Ok(()) };
        self.add(&path, Entry::File)?;
        let target = self.root.join(&path);
        let left = self.limits.unpacked.saturating_sub(self.bytes);
        let mode = if is_executable { 0o755 } else { 0o644 };
        let written = parent(&target).and_then(|()| {
            let mut file = OpenOptions::new().write(true).create_new(true).mode(mode).open(&target)?;
            io::copy(&mut content.take(left.saturating_add(1)), &mut file)
        });
        let written =
            written.map_err(|error| self.refused(&format!("`{}` can't be unpacked: {error}", path.display())))?;
        self.bytes += written;
        if written > left {
            let detail = format!("it unpacks to more than {} MiB", self.limits.unpacked >> 20);
            return Err(self.refused(&detail));
        }
        if written != size {
            return Err(self.refused(&format!("`{}` is cut off after {written} of {size} bytes", path.display())));
        }
        Ok(())
    }

    /// Adds a symbolic link. Links are made when everything else is there, so that nothing is written through them.
    ///
    /// # Errors
    /// Where its path is not one of the package, or where it is absolute.
    pub fn link(&mut self, path: &[u8], target: &[u8]) -> Result<(), Problem> {
        let Some(path) = self.path(path)? else { return Ok(()) };
        self.add(&path, Entry::File)?;
        let target = std::str::from_utf8(target).ok().filter(|target| !target.contains(|c: char| c.is_control()));
        match target.filter(|target| !target.starts_with('/') && !target.is_empty()) {
            Some(target) => {
                self.links.push((path, target.to_owned()));
                Ok(())
            }
            None => Err(self.refused(&format!("the link `{}` leads out of it", path.display()))),
        }
    }

    /// Refuses something that is neither file nor directory nor symbolic link.
    pub fn special(&self, path: &[u8], what: &str) -> Problem {
        self.refused(&format!("`{}` is {what}", String::from_utf8_lossy(path).escape_debug()))
    }

    /// Makes the links, and looks where they really lead.
    ///
    /// # Errors
    /// A link that leads nowhere or out of the package.
    pub fn finish(self) -> Result<(), Problem> {
        let failed = |path: &Path, error: &io::Error| {
            self.refused(&format!("the link `{}` can't be made: {error}", path.display()))
        };
        for (path, target) in &self.links {
            let place = self.root.join(path);
            parent(&place)
                .and_then(|()| std::os::unix::fs::symlink(target, &place))
                .map_err(|error| failed(path, &error))?;
        }
        let root = self.root.canonicalize().map_err(|error| failed(Path::new("."), &error))?;
        for (path, target) in &self.links {
            let leads_inside = self.root.join(path).canonicalize().is_ok_and(|found| found.starts_with(&root));
            if !leads_inside {
                let shown = target.escape_debug();
                return Err(
                    self.refused(&format!("the link `{}` leads to `{shown}`, which is not in it", path.display()))
                );
            }
        }
        Ok(())
    }

    /// The path of an entry, `None` for what is left out: the package's root itself, and `.git`, whose content would be run by
    /// a `git` that is started there.
    fn path(&self, bytes: &[u8]) -> Result<Option<PathBuf>, Problem> {
        let shown = || String::from_utf8_lossy(bytes).escape_debug().to_string();
        let text = std::str::from_utf8(bytes)
            .ok()
            .filter(|text| !text.contains(|c: char| c.is_control() || c == '\\'))
            .ok_or_else(|| self.refused(&format!("`{}` can't be the path of a file everywhere", shown())))?;
        if text.starts_with('/') || text.split('/').any(|part| part == "..") {
            return Err(self.refused(&format!("`{}` leads out of it", shown())));
        }
        let parts: Vec<&str> = text.split('/').filter(|part| !part.is_empty() && *part != ".").collect();
        let is_left_out = parts.is_empty() || parts.iter().any(|part| part.eq_ignore_ascii_case(".git"));
        Ok((!is_left_out).then(|| parts.iter().collect()))
    }

    fn add(&mut self, path: &Path, entry: Entry) -> Result<(), Problem> {
        for above in path.ancestors().skip(1).filter(|above| !above.as_os_str().is_empty()) {
            if *self.seen.entry(above.to_owned()).or_insert(Entry::Directory) == Entry::File {
                return Err(self.refused(&format!("`{}` is both a file and a directory", above.display())));
            }
        }
        let earlier = self.seen.insert(path.to_owned(), entry);
        if earlier.is_some_and(|earlier| earlier == Entry::File || entry == Entry::File) {
            return Err(self.refused(&format!("`{}` is in it twice", path.display())));
        }
        if self.seen.len() > self.limits.entries {
            return Err(self.refused(&format!("it has more than {} files and directories", self.limits.entries)));
        }
        Ok(())
    }

    /// The package may not be used.
    pub fn refused(&self, why: &str) -> Problem {
        problem("package-refused", "Package can't be used", format!("{} was not unpacked: {why}.", self.name))
    }
}

fn parent(path: &Path) -> io::Result<()> {
    path.parent().map_or(Ok(()), std::fs::create_dir_all)
}

#[cfg(test)]
#[path = "../tests/unit/unpack.rs"]
mod tests;
