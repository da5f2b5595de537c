//! Paths and files as every local resource treats them: where a path leads, atomic writes, tidy removal.

use std::fs::{self, File};
use std::io;
use std::path::{Component, Path, PathBuf};

use mesh_provider::Failure;
use rustix::fs::{CWD, RenameFlags, renameat_with};
use rustix::io::Errno;
use tempfile::TempPath;

/// The absolute path without `.` and `..` that `path` means when relative paths start at `base`.
///
/// # Errors
/// Why it means none, as a sentence: it is empty, or relative and climbs out of `base`.
pub(crate) fn resolve(base: &Path, path: &str) -> Result<PathBuf, String> {
    if path.is_empty() {
        return Err("A path must not be empty.".to_owned());
    }
    let absolute = Path::new(path).is_absolute();
    let mut resolved = if absolute { PathBuf::from("/") } else { base.to_path_buf() };
    for component in Path::new(path).components() {
        match component {
            Component::Normal(name) => resolved.push(name),
            Component::ParentDir => {
                resolved.pop();
                if !absolute && !resolved.starts_with(base) {
                    return Err(format!(
                        "`{path}` leads out of {}, where relative paths start. Write an absolute path to mean a \
                         place elsewhere.",
                        base.display()
                    ));
                }
            }
            Component::CurDir | Component::RootDir | Component::Prefix(_) => {}
        }
    }
    Ok(resolved)
}

/// `file:///...` of an absolute path, with everything escaped that a URL gives a meaning.
pub(crate) fn file_url(path: &Path) -> String {
    use std::os::unix::ffi::OsStrExt as _;
    let mut url = String::from("file://");
    for &byte in path.as_os_str().as_bytes() {
        if byte.is_ascii_alphanumeric() || b"/-._~".contains(&byte) {
            url.push(char::from(byte));
        } else {
            url.push_str(&format!("%{byte:02X}"));
        }
    }
    url
}

/// A failure about a path: `doing` is what was tried, such as "create the directory".
pub(crate) fn failure(doing: &str, path: &Path, error: &io::Error) -> Failure {
    let way_out = match error.kind() {
        io::ErrorKind::PermissionDenied => " Give the user that runs mesh the permission, or choose another place.",
        io::ErrorKind::StorageFull => " Make room on the file system.",
        io::ErrorKind::ReadOnlyFilesystem => " Choose a place that can be written.",
        _ => "",
    };
    Failure::new("File system refused", format!("Could not {doing} {}: {error}.{way_out}", path.display()))
}

/// Whether an error says that there is nothing at a path.
pub(crate) fn is_absent(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory)
}

/// A file's new content, durable beside its place, not yet in it. Dropping it removes it.
pub(crate) struct Staged<'p> {
    staged: TempPath,
    path: &'p Path,
}

impl<'p> Staged<'p> {
    /// Writes what shall be at `path`. New files get the permissions that the process's umask allows; existing ones
    /// keep theirs.
    pub(crate) fn write(path: &'p Path, content: &mut dyn io::Read) -> io::Result<Self> {
        Self::abandon(path)?;
        let place = Self::place(path)?;
        let mut file = File::create_new(&place)?;
        let staged = TempPath::try_from_path(place)?;
        if let Ok(existing) = fs::metadata(path) {
            file.set_permissions(existing.permissions())?;
        }
        io::copy(content, &mut file)?;
        file.sync_all()?;
        Ok(Self { staged, path })
    }

    /// Puts it in its place in one step: at any instant, also after a power cut, all of the old or all of the new
    /// content is there.
    pub(crate) fn commit(self) -> io::Result<()> {
        self.staged.persist(self.path).map_err(|error| error.error)?;
        sync_directory(directory(self.path)?)
    }

    /// Removes what a process that was killed while it wrote left beside `path`.
    pub(crate) fn abandon(path: &Path) -> io::Result<()> {
        match fs::remove_file(Self::place(path)?) {
            Err(error) if !is_absent(&error) => Err(error),
            _ => Ok(()),
        }
    }

    /// Where content for `path` is staged: always in the same place, so that it is found after a crash.
    fn place(path: &Path) -> io::Result<PathBuf> {
        let name = path.file_name().unwrap_or_default().as_encoded_bytes();
        let digest = blake3::hash(name).to_hex();
        Ok(directory(path)?.join(format!(".mesh-{}", &digest[..16])))
    }
}

/// Makes the directories above `path` and does `work` there. Begins again where they vanish in between: whoever deletes
/// a neighbour at that moment also removes the directories that it leaves empty.
pub(crate) fn in_parent<T>(path: &Path, mut work: impl FnMut() -> io::Result<T>) -> io::Result<T> {
    const TRIES: usize = 10;
    let parent = directory(path)?;
    let mut attempt = || fs::create_dir_all(parent).and_then(|()| work());
    for _ in 1..TRIES {
        match attempt() {
            Err(error) if is_absent(&error) => {}
            done => return done,
        }
    }
    attempt()
}

fn directory(path: &Path) -> io::Result<&Path> {
    path.parent().ok_or_else(|| io::ErrorKind::InvalidInput.into())
}

/// Renames in one step that fails where the target exists. On a file system that can't do that, looks first: a file or
/// an empty directory that someone makes there in that very moment would then be replaced.
pub(crate) fn move_without_replacing(from: &Path, to: &Path) -> io::Result<()> {
    match renameat_with(CWD, from, CWD, to, RenameFlags::NOREPLACE) {
        Err(Errno::INVAL | Errno::NOSYS | Errno::NOTSUP) => match fs::symlink_metadata(to) {
            Ok(_) => Err(io::ErrorKind::AlreadyExists.into()),
            Err(_) => fs::rename(from, to),
        },
        moved => moved.map_err(io::Error::from),
    }
}

/// Makes the entries of a directory durable.
pub(crate) fn sync_directory(directory: &Path) -> io::Result<()> {
    File::open(directory)?.sync_all()
}

/// Removes the directories above `path` that are empty, up to but without `limit`; none where `path` is not below it.
pub(crate) fn remove_empty_parents(path: &Path, limit: &Path) {
    for directory in path.ancestors().skip(1).take_while(|above| above.starts_with(limit) && *above != limit) {
        if fs::remove_dir(directory).is_err() {
            return;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_resolve() {
        let base = Path::new("/srv/mesh");
        let cases = [
            ("data/landing", Some("/srv/mesh/data/landing")),
            ("./data/../x/", Some("/srv/mesh/x")),
            (".", Some("/srv/mesh")),
            ("/var//lib/../tmp", Some("/var/tmp")),
            ("/../etc", Some("/etc")),
            ("../outside", None),
            ("a/../../mesh/b", None),
            ("", None),
        ];
        for (path, expected) in cases {
            assert_eq!(resolve(base, path).ok().as_deref(), expected.map(Path::new), "{path}");
        }
    }

    #[test]
    fn file_urls_escape() {
        assert_eq!(file_url(Path::new("/a b/ü#?%.csv")), "file:///a%20b/%C3%BC%23%3F%25.csv");
    }
}
