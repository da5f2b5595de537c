//! An object's file: where it lies, what it holds, and how it is written and removed.

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::PathBuf;

use mesh_provider::Failure;
use mesh_value::AttributePath;
use sha2::{Digest as _, Sha256};

use super::Origin;
use crate::bucket::{MARKER, quota};
use crate::paths::{self, Staged};
use crate::provider::Local;

/// The largest edited content that a plan shows as text; of larger ones it shows only that they differ.
const SHOWN_LIMIT: u64 = 1 << 20;

/// What a file holds, in brief.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Digest {
    /// In hexadecimal digits.
    pub(super) sha256: String,
    /// In bytes.
    pub(super) size: u64,
}

/// Where an object's file is or shall be.
pub(super) struct Stored {
    bucket: PathBuf,
    path: PathBuf,
}

impl Stored {
    /// The file of a key in a bucket's directory.
    ///
    /// # Errors
    /// A key that does not name a file in the bucket.
    pub(super) fn of(bucket: PathBuf, key: &str) -> Result<Self, Failure> {
        check_key(key).map_err(|why| Failure::new("Invalid key", why).at(&AttributePath::attr("key")))?;
        Ok(Self { path: bucket.join(key), bucket })
    }

    pub(super) fn id(&self) -> String {
        self.path.display().to_string()
    }

    pub(super) fn location(&self) -> String {
        paths::file_url(&self.path)
    }

    pub(super) fn require_bucket(&self) -> Result<(), Failure> {
        if self.bucket.is_dir() {
            return Ok(());
        }
        let detail = format!(
            "There is no bucket {}. Refer to the bucket's resource, as in `bucket = local_bucket.NAME.path`, so that \
             it is created first.",
            self.bucket.display()
        );
        Err(Failure::new("Bucket does not exist", detail).at(&AttributePath::attr("bucket")))
    }

    /// What the file holds; `None` where there is none.
    pub(super) fn digest(&self) -> Result<Option<Digest>, Failure> {
        let fail = |error: io::Error| paths::failure("read the object", &self.path, &error);
        match File::open(&self.path) {
            Ok(file) => digest(file).map(Some).map_err(fail),
            Err(error) if paths::is_absent(&error) => Ok(None),
            Err(error) => Err(fail(error)),
        }
    }

    /// The file's text, unless it is none or too long to be shown.
    pub(super) fn text(&self, digest: &Digest) -> Result<Option<String>, Failure> {
        if digest.size > SHOWN_LIMIT {
            return Ok(None);
        }
        let bytes = fs::read(&self.path).map_err(|error| paths::failure("read the object", &self.path, &error))?;
        Ok(String::from_utf8(bytes).ok())
    }

    /// Writes the content, if it still is the one that was planned.
    pub(super) fn write(&self, origin: &Origin, planned_sha256: Option<&str>) -> Result<Digest, Failure> {
        self.require_bucket()?;
        quota::make_room(&self.bucket, &self.path, origin.size()?)?;
        let fail = |error: io::Error| paths::failure("write the object", &self.path, &error);
        let written = self.stage(origin).and_then(|(staged, digest)| {
            if planned_sha256.is_some_and(|planned| planned != digest.sha256) {
                let detail = "The source file is not the one that was planned: it changed since. Plan again.";
                let failure = Failure::new("Source changed since the plan", detail);
                return Err(failure.at(&AttributePath::attr("source")));
            }
            staged.commit().map_err(fail)?;
            Ok(digest)
        });
        if written.is_err() {
            quota::forget(&self.bucket);
            paths::remove_empty_parents(&self.path, &self.bucket);
        }
        written
    }

    /// The content beside its place, and its digest.
    fn stage(&self, origin: &Origin) -> Result<(Staged<'_>, Digest), Failure> {
        // Found out before anything is made, and in words about the source.
        drop(origin.open()?);
        let stage = || {
            let content = origin.open().map_err(io::Error::other)?;
            let mut content = Hashing { content, hasher: Sha256::new(), size: 0 };
            let staged = Staged::write(&self.path, &mut content)?;
            Ok((staged, content.digest()))
        };
        paths::in_parent(&self.path, stage).map_err(|error| paths::failure("write the object", &self.path, &error))
    }

    /// Removes the file and then the directories of its key that are empty.
    pub(super) fn delete(&self) -> Result<(), Failure> {
        let removed = fs::remove_file(&self.path);
        quota::forget(&self.bucket);
        match removed {
            Err(error) if !paths::is_absent(&error) => Err(paths::failure("delete the object", &self.path, &error)),
            _ => self.abandon(),
        }
    }

    /// Removes what an interrupted writing left, where there is no file.
    pub(super) fn abandon(&self) -> Result<(), Failure> {
        Staged::abandon(&self.path).map_err(|error| paths::failure("clear the place of", &self.path, &error))?;
        paths::remove_empty_parents(&self.path, &self.bucket);
        Ok(())
    }

    pub(super) fn taken(&self) -> Failure {
        let detail = format!(
            "{} already exists with other content. Choose another key, move it away, or import it as `BUCKET/KEY`.",
            self.path.display()
        );
        Failure::new("Object already exists", detail).at(&AttributePath::attr("key"))
    }
}

/// What the origin holds now.
pub(super) fn digest_of(origin: &Origin) -> Result<Digest, Failure> {
    digest(origin.open()?).map_err(|error| origin.failure(&error))
}

impl Origin {
    fn open(&self) -> Result<Box<dyn Read + '_>, Failure> {
        match self {
            Self::Text(text) => Ok(Box::new(text.as_bytes())),
            Self::File(path) => match File::open(path) {
                Ok(file) => Ok(Box::new(file)),
                Err(error) => Err(self.failure(&error)),
            },
        }
    }

    /// How many bytes it has.
    fn size(&self) -> Result<u64, Failure> {
        match self {
            Self::Text(text) => Ok(text.len() as u64),
            Self::File(path) => fs::metadata(path).map(|metadata| metadata.len()).map_err(|error| self.failure(&error)),
        }
    }

    fn failure(&self, error: &io::Error) -> Failure {
        let (name, what) = match self {
            Self::Text(_) => ("content", "The content".to_owned()),
            Self::File(path) => ("source", format!("The source file {}", path.display())),
        };
        Failure::new("Source can't be read", format!("{what} can't be read: {error}.")).at(&AttributePath::attr(name))
    }
}

/// Whether a key names a file in a bucket; else why not.
pub(super) fn check_key(key: &str) -> Result<(), String> {
    if key.is_empty() {
        return Err("A key must not be empty.".to_owned());
    }
    if key.split('/').any(|part| matches!(part, "" | "." | "..")) {
        return Err(format!(
            "The key `{key}` does not name a file in the bucket: between its `/` stand names, none of them empty, `.` \
             or `..`."
        ));
    }
    if key == MARKER {
        return Err(format!("The key `{MARKER}` is the bucket's own. Choose another."));
    }
    Ok(())
}

/// Bucket and key of an import id: the bucket is the directory on the way that mesh made as one, and where there is
/// none, the directory that the file is in.
pub(super) fn split(local: &Local, id: &str) -> Result<(String, String), Failure> {
    let cuts: Vec<_> = id.match_indices('/').map(|(index, _)| index).filter(|&index| index > 0).collect();
    let is_bucket = |cut: &usize| {
        let directory = id.get(..*cut).and_then(|bucket| local.resolve("bucket", bucket).ok());
        directory.is_some_and(|directory| directory.join(MARKER).is_file())
    };
    let cut = cuts.iter().rev().find(|cut| is_bucket(cut)).or_else(|| cuts.last());
    match cut.and_then(|&cut| id.get(..cut).zip(id.get(cut + 1..))) {
        Some((bucket, key)) => Ok((bucket.to_owned(), key.to_owned())),
        None => {
            let detail = format!("`{id}` is not of the form `BUCKET/KEY`, such as `data/landing/2026/orders.csv`.");
            Err(Failure::new("Invalid import id", detail))
        }
    }
}

/// Reads through, taking the digest of what was read.
struct Hashing<R> {
    content: R,
    hasher: Sha256,
    size: u64,
}

impl<R: Read> Read for Hashing<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.content.read(buffer)?;
        self.hasher.update(buffer.get(..read).unwrap_or_default());
        self.size += read as u64;
        Ok(read)
    }
}

impl<R> Hashing<R> {
    fn digest(self) -> Digest {
        Digest { sha256: hex::encode(self.hasher.finalize()), size: self.size }
    }
}

fn digest(content: impl Read) -> io::Result<Digest> {
    let mut content = Hashing { content, hasher: Sha256::new(), size: 0 };
    io::copy(&mut content, &mut io::sink())?;
    Ok(content.digest())
}
