//! Names the file system that a path lies on, for messages.

use std::fmt;
use std::fs;
use std::os::unix::ffi::OsStringExt;
use std::path::{Path, PathBuf};

/// A mounted file system.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mount {
    point: PathBuf,
    kind: String,
}

impl fmt::Display for Mount {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "the {} file system mounted at {}", self.kind, self.point.display())
    }
}

/// Returns the mount that holds a path, or one of unknown kind where that can't be found out.
#[must_use]
pub fn of(path: &Path) -> Mount {
    let table = fs::read_to_string("/proc/self/mountinfo").unwrap_or_default();
    let path = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    holding(&table, &path).unwrap_or_else(|| Mount { point: PathBuf::from("/"), kind: "unnamed".to_owned() })
}

/// The last of the mounts with the longest path: a later mount hides an earlier one at the same place.
fn holding(table: &str, path: &Path) -> Option<Mount> {
    table
        .lines()
        .filter_map(parse)
        .filter(|mount| path.starts_with(&mount.point))
        .max_by_key(|mount| mount.point.components().count())
}

/// A line of `/proc/self/mountinfo`: the mount point is the fifth field, the kind the first after a lone hyphen.
fn parse(line: &str) -> Option<Mount> {
    let (front, back) = line.split_once(" - ")?;
    let point = front.split(' ').nth(4)?;
    Some(Mount { point: unescaped(point), kind: back.split(' ').next()?.to_owned() })
}

/// Blanks, tabs, line ends and backslashes stand there as a backslash and three octal digits.
fn unescaped(text: &str) -> PathBuf {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        let code = after.get(..3).and_then(|digits| u8::from_str_radix(std::str::from_utf8(digits).ok()?, 8).ok());
        match code.filter(|_| *first == b'\\') {
            Some(code) => {
                bytes.push(code);
                rest = after.get(3..).unwrap_or_default();
            }
            None => {
                bytes.push(*first);
                rest = after;
            }
        }
    }
    PathBuf::from(std::ffi::OsString::from_vec(bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_and_latest_mount_holds_a_path() {
        let table = "22 1 8:1 / / rw - ext4 /dev/sda1 rw\n\
                     30 22 0:5 / /mnt/my\\040data rw shared:1 - vfat /dev/sdb1 rw\n\
                     31 22 0:6 / /mnt/my\\040data rw - xfs /dev/sdc1 rw\n";
        let mount = holding(table, Path::new("/mnt/my data/raw")).unwrap();
        assert_eq!(mount.to_string(), "the xfs file system mounted at /mnt/my data");
        let mount = holding(table, Path::new("/mnt/my database")).unwrap();
        assert_eq!(mount.to_string(), "the ext4 file system mounted at /");
    }
}
