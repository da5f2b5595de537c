//! Replacing a file's text so that nobody sees half of it, and nothing else of the file changes.

use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::{MetadataExt, fchown};
use std::path::Path;

/// Replaces the text of a file: writes a new one with the owner and permissions of the old one beside it, and renames
/// it. A symbolic link stays one: what it points at is replaced. A file that may not be written is not replaced either.
/// One with several names, or whose owner a new one can't have, is written in place.
///
/// # Errors
/// Why the file can't be written.
pub fn replace(path: &Path, text: &str) -> io::Result<()> {
    let target = fs::canonicalize(path)?;
    let mut old = OpenOptions::new().write(true).open(&target)?;
    let metadata = old.metadata()?;
    let parent = target.parent().unwrap_or_else(|| Path::new("/"));
    let Ok(mut new) = tempfile::Builder::new().prefix(".mesh-new-").tempfile_in(parent) else {
        return write_in_place(&mut old, text);
    };
    let own = new.as_file().metadata()?;
    let has_other_owner = (own.uid(), own.gid()) != (metadata.uid(), metadata.gid());
    if has_other_owner && fchown(new.as_file(), Some(metadata.uid()), Some(metadata.gid())).is_err()
        || metadata.nlink() > 1
    {
        return write_in_place(&mut old, text);
    }
    new.as_file_mut().write_all(text.as_bytes())?;
    new.as_file().set_permissions(metadata.permissions())?;
    new.as_file().sync_all()?;
    new.persist(&target).map_err(|error| error.error)?;
    Ok(())
}

/// Writes into the file itself, for one that can't be replaced or has several names.
fn write_in_place(file: &mut fs::File, text: &str) -> io::Result<()> {
    file.set_len(0)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::{PermissionsExt, symlink};

    use super::*;

    #[test]
    fn permissions_links_and_names_stay() {
        let dir = tempfile::tempdir().unwrap();
        let (file, link, second) = (dir.path().join("a.tf"), dir.path().join("b.tf"), dir.path().join("c.tf"));
        fs::write(&file, "old").unwrap();
        fs::set_permissions(&file, fs::Permissions::from_mode(0o640)).unwrap();
        symlink("a.tf", &link).unwrap();
        replace(&link, "new").unwrap();
        assert_eq!(fs::read_to_string(&file).unwrap(), "new");
        assert_eq!(fs::metadata(&file).unwrap().mode() & 0o777, 0o640);
        assert!(fs::symlink_metadata(&link).unwrap().is_symlink());

        fs::hard_link(&file, &second).unwrap();
        replace(&second, "newer").unwrap();
        assert_eq!(fs::read_to_string(&file).unwrap(), "newer");
        assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 3, "nothing is left behind");
    }
}
