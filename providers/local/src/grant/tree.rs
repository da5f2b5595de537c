//! Sets, finds and removes one principal's entries on a file, or on a directory and all below it.

use std::collections::BTreeSet;
use std::fs::{self, Metadata};
use std::io;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use mesh_provider::Failure;
use rustix::io::Errno;

use super::acl::{Acl, Bits, Tag};
use super::mount;

const ACCESS: &str = "system.posix_acl_access";
const DEFAULT: &str = "system.posix_acl_default";

/// What a grant permits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Permissions {
    /// Reading files and listing directories.
    Read,
    /// Writing files, creating and removing them.
    Write,
    /// Both.
    ReadWrite,
}

impl Permissions {
    /// Returns those of a name in configuration.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::Read, Self::Write, Self::ReadWrite].into_iter().find(|permissions| permissions.name() == name)
    }

    /// Returns the name in configuration.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Write => "write",
            Self::ReadWrite => "read_write",
        }
    }

    /// Returns those that have exactly these bits.
    #[must_use]
    pub fn of_bits(bits: Bits, is_dir: bool) -> Option<Self> {
        [Self::Read, Self::Write, Self::ReadWrite].into_iter().find(|permissions| permissions.bits(is_dir) == bits)
    }

    /// Returns the bits of an entry: a directory must also be searched to reach what is in it; files never become
    /// executable.
    #[must_use]
    pub fn bits(self, is_dir: bool) -> Bits {
        let bits = match self {
            Self::Read => Bits::READ,
            Self::Write => Bits::WRITE,
            Self::ReadWrite => Bits::READ.or(Bits::WRITE),
        };
        if is_dir { bits.or(Bits::EXECUTE) } else { bits }
    }
}

/// One principal's access to a path.
#[derive(Clone, Debug)]
pub struct Entry {
    /// The file or directory, without symbolic links in it.
    pub path: PathBuf,
    /// The named user or group.
    pub principal: Tag,
    /// Whether it holds for all below a directory too, and for what will be created there.
    pub recursive: bool,
}

/// What stands on the file system for an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Found {
    /// What the principal really may do at the path itself, and whether that is a directory.
    pub bits: Bits,
    /// Whether the path is a directory.
    pub is_dir: bool,
    /// Whether a directory hands the entry on to what is created in it.
    pub inherited: bool,
    /// How many files and directories below the path lack the entry or have another one.
    pub uncovered: u64,
}

impl Entry {
    /// Returns what stands there; `None` where the path is gone or has no entry for the principal.
    ///
    /// `expected` is what is looked for below the path; nothing is looked for there without it.
    ///
    /// # Errors
    /// Where the tree can't be read or the file system has no access control lists.
    pub fn find(&self, expected: Option<Permissions>) -> Result<Option<Found>, Failure> {
        let Some(metadata) =
            present(fs::symlink_metadata(&self.path)).map_err(|error| self.failure(&self.path, &error))?
        else {
            return Ok(None);
        };
        let acl = access(&self.path, &metadata).map_err(|error| self.failure(&self.path, &error))?;
        let default = default(&self.path, &metadata).map_err(|error| self.failure(&self.path, &error))?;
        let Some(bits) = acl.effective(self.principal) else { return Ok(None) };
        let inherited = default.is_some_and(|acl| acl.get(self.principal).is_some());
        let mut uncovered = 0;
        if let Some(permissions) = expected.filter(|_| self.recursive) {
            self.walk(&mut |path, metadata| {
                let wanted = Some(permissions.bits(metadata.is_dir()));
                let covered = access(path, metadata)?.effective(self.principal) == wanted
                    && (!metadata.is_dir()
                        || default_of(path)?.is_some_and(|acl| acl.effective(self.principal) == wanted));
                uncovered += u64::from(!covered && path != self.path);
                Ok(())
            })?;
        }
        Ok(Some(Found { bits, is_dir: metadata.is_dir(), inherited, uncovered }))
    }

    /// Sets the entry wherever it is missing or another, and leaves all other entries as they are.
    ///
    /// Returns the other principals that may now do more, because the mask had held them back.
    ///
    /// # Errors
    /// Where one of the files can't be changed; those before it are.
    pub fn set(&self, permissions: Permissions) -> Result<BTreeSet<Tag>, Failure> {
        let mut widened = BTreeSet::new();
        self.walk(&mut |path, metadata| {
            let bits = permissions.bits(metadata.is_dir());
            // The default first: what is created meanwhile has the entry, and what was there before is listed after.
            if metadata.is_dir() && self.recursive {
                let mut acl = default_of(path)?.unwrap_or(access(path, metadata)?.without_named());
                if acl.effective(self.principal) != Some(bits) {
                    acl.grant(self.principal, bits);
                    store(path, DEFAULT, &acl)?;
                }
            }
            let mut acl = access(path, metadata)?;
            if acl.effective(self.principal) != Some(bits) {
                widened.extend(acl.grant(self.principal, bits));
                store(path, ACCESS, &acl)?;
            }
            Ok(())
        })?;
        Ok(widened)
    }

    /// Removes the entry wherever it stands, and nothing else. A path that is gone is a success.
    ///
    /// # Errors
    /// Where one of the files can't be changed.
    pub fn remove(&self) -> Result<(), Failure> {
        self.remove_where(|_| true)
    }

    /// Removes the entry from all below the path, and from what will be created there, but not from the path itself.
    ///
    /// # Errors
    /// Where one of the files can't be changed.
    pub fn remove_below(&self) -> Result<(), Failure> {
        Self { recursive: true, ..self.clone() }.remove_where(|path| path != self.path)
    }

    fn remove_where(&self, access_too: impl Fn(&Path) -> bool) -> Result<(), Failure> {
        self.walk(&mut |path, metadata| {
            if metadata.is_dir()
                && self.recursive
                && let Some(mut acl) = default_of(path)?
                && acl.revoke(self.principal)
            {
                // What a default without named entries says beyond the mode is somebody's will; else it came with us.
                if !acl.has_named() && acl == access(path, metadata)?.without_named() {
                    xattr::remove(path, DEFAULT)?;
                } else {
                    store(path, DEFAULT, &acl)?;
                }
            }
            let mut acl = access(path, metadata)?;
            if access_too(path) && acl.revoke(self.principal) {
                store(path, ACCESS, &acl)?;
            }
            Ok(())
        })
    }

    /// Visits the path, and for a recursive entry all below it, a directory before its content. Symbolic links have
    /// no list of their own and are not followed; what vanishes meanwhile is passed over.
    fn walk(&self, visit: &mut dyn FnMut(&Path, &Metadata) -> io::Result<()>) -> Result<(), Failure> {
        let mut open = vec![self.path.clone()];
        while let Some(path) = open.pop() {
            let mut one = || -> io::Result<()> {
                let metadata = fs::symlink_metadata(&path)?;
                if !metadata.is_dir() && !metadata.is_file() {
                    return Ok(());
                }
                visit(&path, &metadata)?;
                if metadata.is_dir() && self.recursive {
                    for entry in fs::read_dir(&path)? {
                        open.push(entry?.path());
                    }
                }
                Ok(())
            };
            present(one()).map_err(|error| self.failure(&path, &error))?;
        }
        Ok(())
    }

    fn failure(&self, path: &Path, error: &io::Error) -> Failure {
        let at = path.display();
        let Some(errno) = Errno::from_io_error(error) else {
            return Failure::new("Access control list not usable", format!("The list of {at}: {error}."));
        };
        match errno {
            Errno::NOTSUP => Failure::new(
                "File system without access control lists",
                format!(
                    "{at} lies on {}, which has no POSIX access control lists. Mount it with the option `acl`, or put \
                     the data on a file system that has them, such as ext4, XFS, Btrfs or tmpfs.",
                    mount::of(path)
                ),
            ),
            Errno::PERM | Errno::ACCESS => Failure::new(
                "Not allowed to change access",
                format!(
                    "The access control list of {at} may be changed by its owner{} and by root only: {error}. Run \
                     `mesh` as one of them.",
                    fs::metadata(path).map_or_else(|_| String::new(), |found| format!(" (uid {})", found.uid()))
                ),
            ),
            Errno::NOSPC => Failure::new(
                "No room for the access control list",
                format!(
                    "The list of {at} has no room for another entry: {error}. Remove entries, or grant to a group."
                ),
            ),
            Errno::ROFS => Failure::new(
                "Read-only file system",
                format!("{at} lies on {}, which is mounted read-only.", mount::of(path)),
            ),
            _ => Failure::new("Access can't be changed", format!("The access control list of {at}: {error}.")),
        }
    }
}

/// What is gone is no error.
fn present<T>(result: io::Result<T>) -> io::Result<Option<T>> {
    match result {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        result => result.map(Some),
    }
}

pub(super) fn access(path: &Path, metadata: &Metadata) -> io::Result<Acl> {
    Ok(load(path, ACCESS)?.unwrap_or_else(|| Acl::of_mode(metadata.mode())))
}

fn default(path: &Path, metadata: &Metadata) -> io::Result<Option<Acl>> {
    if metadata.is_dir() { default_of(path) } else { Ok(None) }
}

fn default_of(path: &Path) -> io::Result<Option<Acl>> {
    load(path, DEFAULT)
}

fn load(path: &Path, attribute: &str) -> io::Result<Option<Acl>> {
    let Some(bytes) = xattr::get(path, attribute)? else { return Ok(None) };
    Acl::decode(&bytes).map(Some).map_err(|error| io::Error::new(io::ErrorKind::InvalidData, error))
}

fn store(path: &Path, attribute: &str, acl: &Acl) -> io::Result<()> {
    xattr::set(path, attribute, &acl.encode())
}
