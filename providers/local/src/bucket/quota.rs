//! How many bytes the objects of a bucket may take: noted in the bucket's marker, held whenever mesh writes an object.

use std::collections::HashMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{LazyLock, Mutex, PoisonError};

use mesh_provider::Failure;
use mesh_value::AttributePath;

use super::MARKER;
use crate::paths::{self, Staged};

/// What the quota's line in the marker starts with.
const LINE: &str = "quota_bytes=";

/// How many bytes the files of a bucket with a quota take, by its directory, as far as this process has counted them: so
/// writing many objects counts them once.
static TAKEN: LazyLock<Mutex<HashMap<PathBuf, u64>>> = LazyLock::new(Mutex::default);

/// The quota of a bucket; `None` where it has none.
pub(crate) fn of(bucket: &Path) -> Result<Option<u64>, Failure> {
    let marker = bucket.join(MARKER);
    match fs::read_to_string(&marker) {
        Ok(text) => Ok(text.lines().find_map(|line| line.strip_prefix(LINE)?.parse().ok())),
        Err(error) if paths::is_absent(&error) || error.kind() == io::ErrorKind::InvalidData => Ok(None),
        Err(error) => Err(paths::failure("read the marker of the bucket", &marker, &error)),
    }
}

/// Gives a bucket a quota, or takes it away. The marker's other line, the token, stays.
///
/// # Errors
/// Where the bucket holds more already, or the marker can't be written.
pub(super) fn set(bucket: &Path, quota: Option<u64>) -> Result<(), Failure> {
    let marker = bucket.join(MARKER);
    let fail = |error: io::Error| paths::failure("write the marker of the bucket", &marker, &error);
    if let Some(quota) = quota {
        let taken = size(bucket).map_err(|error| paths::failure("measure the bucket", bucket, &error))?;
        if taken > quota {
            let detail = format!("The bucket already takes {taken} bytes, more than `quota_bytes` = {quota}.");
            return Err(Failure::new("Quota is too small", detail).at(&AttributePath::attr("quota_bytes")));
        }
    }
    let token = match fs::read_to_string(&marker) {
        Ok(text) => text.lines().next().unwrap_or_default().to_owned(),
        Err(error) if paths::is_absent(&error) => String::new(),
        Err(error) => return Err(fail(error)),
    };
    Staged::write(&marker, &mut self::marker(&token, quota).as_bytes()).and_then(Staged::commit).map_err(fail)
}

/// What stands in the marker of a bucket that the creation with a token made.
pub(super) fn marker(token: &str, quota: Option<u64>) -> String {
    let line = quota.map(|quota| format!("{LINE}{quota}\n")).unwrap_or_default();
    format!("{token}\n{line}")
}

/// Makes room for a file of a bucket that takes the place of whatever lies at its path.
///
/// # Errors
/// Where the bucket's quota does not allow it.
pub(crate) fn make_room(bucket: &Path, path: &Path, size_then: u64) -> Result<(), Failure> {
    let Some(quota) = of(bucket)? else { return Ok(()) };
    let fail = |error: io::Error| paths::failure("measure the bucket", bucket, &error);
    let mut counted = TAKEN.lock().unwrap_or_else(PoisonError::into_inner);
    let taken = match counted.get(bucket) {
        Some(taken) => *taken,
        None => size(bucket).map_err(fail)?,
    };
    let size_now = match fs::symlink_metadata(path) {
        Ok(metadata) => metadata.len(),
        Err(error) if paths::is_absent(&error) => 0,
        Err(error) => return Err(fail(error)),
    };
    let then = taken.saturating_sub(size_now).saturating_add(size_then);
    if then > quota && size_then > size_now {
        let detail = format!(
            "With it, {} would take {then} bytes, and its `quota_bytes` is {quota}. Delete what is not needed any more, or \
             raise the quota.",
            bucket.display()
        );
        return Err(Failure::new("Bucket is full", detail).at(&AttributePath::attr("bucket")));
    }
    counted.insert(bucket.to_path_buf(), then);
    Ok(())
}

/// Counts a bucket's files anew the next time: something else became of them than was said.
pub(crate) fn forget(bucket: &Path) {
    TAKEN.lock().unwrap_or_else(PoisonError::into_inner).remove(bucket);
}

/// How many bytes the files below a bucket take, without its marker.
fn size(bucket: &Path) -> io::Result<u64> {
    let mut size = 0;
    let mut open = vec![bucket.to_path_buf()];
    while let Some(directory) = open.pop() {
        for entry in fs::read_dir(&directory)? {
            let entry = entry?;
            let metadata = entry.metadata()?;
            if metadata.is_dir() {
                open.push(entry.path());
            } else if directory != bucket || entry.file_name() != MARKER {
                size += metadata.len();
            }
        }
    }
    Ok(size)
}
