//! A bucket's directory: made whole or not at all, recognised by a marker, deleted only when that is meant.

use std::fs::{self, File, Permissions};
use std::io::{self, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};

use mesh_provider::Failure;
use mesh_value::AttributePath;

use super::quota;
use crate::paths;
use crate::provider::Local;

/// The file in a bucket that holds the token of the creation that made it and, in a second line, its quota.
pub(crate) const MARKER: &str = ".mesh-bucket";

/// Where a bucket's directory is or shall be.
pub(super) struct Directory {
    path: PathBuf,
    base_dir: PathBuf,
}

impl Directory {
    /// The directory at a configured path.
    ///
    /// # Errors
    /// A path that leads nowhere, or to the base directory or one that holds it: deleting such a bucket would delete
    /// the configuration.
    pub(super) fn of(local: &Local, path: &str) -> Result<Self, Failure> {
        let base_dir = local.base_dir().to_path_buf();
        let directory = Self { path: local.resolve("path", path)?, base_dir };
        if directory.base_dir.starts_with(&directory.path) {
            let detail = format!(
                "A bucket can't be the directory {} or one that holds it: deleting the bucket would delete the \
                 configuration too. Choose a directory inside it, or elsewhere.",
                directory.base_dir.display()
            );
            return Err(Failure::new("Invalid path", detail).at(&AttributePath::attr("path")));
        }
        Ok(directory)
    }

    /// The absolute path as text.
    pub(super) fn id(&self) -> String {
        self.path.display().to_string()
    }

    /// The `file://` URL.
    pub(super) fn location(&self) -> String {
        paths::file_url(&self.path)
    }

    /// Whether it exists.
    ///
    /// # Errors
    /// Where something else than a directory is in its place, or one can't look.
    pub(super) fn exists(&self) -> Result<bool, Failure> {
        match fs::symlink_metadata(&self.path) {
            Ok(metadata) if metadata.is_dir() => Ok(true),
            Ok(_) => {
                let detail = format!(
                    "{} should be a bucket's directory, but a file or a symbolic link is in its place. Move that \
                     away.",
                    self.path.display()
                );
                Err(Failure::new("Bucket is not a directory", detail))
            }
            Err(error) if paths::is_absent(&error) => Ok(false),
            Err(error) => Err(paths::failure("look at the bucket", &self.path, &error)),
        }
    }

    /// The permissions.
    pub(super) fn mode(&self) -> Result<u32, Failure> {
        let metadata =
            fs::metadata(&self.path).map_err(|error| paths::failure("look at the bucket", &self.path, &error))?;
        Ok(metadata.permissions().mode() & 0o7777)
    }

    /// Changes the permissions.
    pub(super) fn set_mode(&self, mode: u32) -> Result<(), Failure> {
        fs::set_permissions(&self.path, Permissions::from_mode(mode))
            .map_err(|error| paths::failure("change the permissions of the bucket", &self.path, &error))
    }

    /// How many bytes it may take.
    pub(super) fn quota(&self) -> Result<Option<u64>, Failure> {
        quota::of(&self.path)
    }

    /// Changes how many bytes it may take.
    pub(super) fn set_quota(&self, bytes: Option<u64>) -> Result<(), Failure> {
        quota::set(&self.path, bytes)
    }

    /// Whether the creation with this token made it.
    pub(super) fn made_by(&self, token: &str) -> Result<bool, Failure> {
        match fs::read(self.path.join(MARKER)) {
            Ok(marker) => Ok(marker.split(|byte| *byte == b'\n').next() == Some(token.as_bytes())),
            Err(error) if paths::is_absent(&error) => Ok(false),
            Err(error) => Err(paths::failure("read the marker of the bucket", &self.path, &error)),
        }
    }

    /// Makes it, unless this very creation already has. It is prepared beside its place and moved there in one step,
    /// so that an interrupted creation leaves either nothing in its place or a bucket with its marker.
    ///
    /// # Errors
    /// Where anything else is in its place, or the file system refuses.
    pub(super) fn create(&self, token: &str, mode: Option<u32>, quota: Option<u64>) -> Result<(), Failure> {
        if self.exists()? {
            return if self.made_by(token)? { Ok(()) } else { Err(self.taken()) };
        }
        self.abandon(token)?;
        let fail = |error: io::Error| paths::failure("create the bucket", &self.path, &error);
        let parent = self.path.parent().ok_or_else(|| fail(io::ErrorKind::InvalidInput.into()))?;
        let prepared = self.prepared(token);
        let moved = paths::in_parent(&self.path, || prepare(&prepared, token, mode, quota))
            .and_then(|()| paths::move_without_replacing(&prepared, &self.path));
        match moved {
            Ok(()) => paths::sync_directory(parent).map_err(fail),
            Err(error) => {
                self.abandon(token)?;
                paths::remove_empty_parents(&self.path, &self.base_dir);
                let exists = error.kind() == io::ErrorKind::AlreadyExists;
                Err(if exists { self.taken() } else { fail(error) })
            }
        }
    }

    /// Removes what an interrupted creation with this token prepared.
    pub(super) fn abandon(&self, token: &str) -> Result<(), Failure> {
        let prepared = self.prepared(token);
        match fs::remove_dir_all(&prepared) {
            Err(error) if !paths::is_absent(&error) => {
                Err(paths::failure("remove the unfinished bucket", &prepared, &error))
            }
            _ => Ok(()),
        }
    }

    /// Deletes it; with `force` whatever it holds. One that is gone is a success.
    ///
    /// # Errors
    /// Where it is not empty and `force` was not asked for, or the file system refuses.
    pub(super) fn delete(&self, force: bool) -> Result<(), Failure> {
        if !self.exists()? {
            return Ok(());
        }
        let fail = |error: io::Error| paths::failure("delete the bucket", &self.path, &error);
        if force {
            fs::remove_dir_all(&self.path).map_err(fail)?;
        } else {
            self.require_empty()?;
            let marker = fs::read(self.path.join(MARKER)).ok();
            match fs::remove_file(self.path.join(MARKER)) {
                Err(error) if !paths::is_absent(&error) => return Err(fail(error)),
                _ => {}
            }
            if let Err(error) = fs::remove_dir(&self.path) {
                // Something came in since we looked: it is a bucket again, marker and all.
                if let Some(marker) = marker {
                    fs::write(self.path.join(MARKER), marker).map_err(fail)?;
                }
                self.require_empty()?;
                return Err(fail(error));
            }
        }
        paths::remove_empty_parents(&self.path, &self.base_dir);
        Ok(())
    }

    fn require_empty(&self) -> Result<(), Failure> {
        let fail = |error: io::Error| paths::failure("list the bucket", &self.path, &error);
        let mut names = Vec::new();
        for entry in fs::read_dir(&self.path).map_err(fail)? {
            let name = entry.map_err(fail)?.file_name();
            if name != MARKER {
                names.push(name.to_string_lossy().into_owned());
            }
        }
        names.sort();
        let Some(first) = names.first() else { return Ok(()) };
        let what = match names.len() {
            1 => format!("`{first}`"),
            2 => format!("`{first}` and one more entry"),
            count => format!("`{first}` and {} more entries", count - 1),
        };
        let detail = format!(
            "The bucket {} holds {what}. Remove them, or set `force_destroy = true`, apply that, and delete the \
             bucket then.",
            self.path.display()
        );
        Err(Failure::new("Bucket is not empty", detail).at(&AttributePath::attr("force_destroy")))
    }

    fn prepared(&self, token: &str) -> PathBuf {
        let name = self.path.file_name().unwrap_or_default().to_string_lossy();
        self.path.with_file_name(format!(".{name}.{token}"))
    }

    fn taken(&self) -> Failure {
        let detail = format!(
            "{} already exists, and this resource did not make it. Choose another path, move it away, or import it \
             under its path.",
            self.path.display()
        );
        Failure::new("Bucket already exists", detail).at(&AttributePath::attr("path"))
    }
}

fn prepare(directory: &Path, token: &str, mode: Option<u32>, quota: Option<u64>) -> io::Result<()> {
    fs::DirBuilder::new().mode(0o777).create(directory)?;
    let mut marker = File::create_new(directory.join(MARKER))?;
    write!(marker, "{}", quota::marker(token, quota))?;
    marker.sync_all()?;
    if let Some(mode) = mode {
        fs::set_permissions(directory, Permissions::from_mode(mode))?;
    }
    Ok(())
}
