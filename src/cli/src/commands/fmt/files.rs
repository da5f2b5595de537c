//! Which files are formatted, and their texts.

use std::io;
use std::path::{Component, Path, PathBuf};

use mesh_diagnostics::{Diagnostic, Diagnostics};

/// What the names of files end in that are formatted: configuration, values of variables, tests.
const ENDINGS: [&str; 6] = [".mesh.hcl", ".tf", ".vars", ".tfvars", ".tftest.hcl", ".tfmock.hcl"];

/// Whether a file of this name is formatted. Hidden files and backups of editors are not.
fn is_formatted(name: &str) -> bool {
    let is_ignored = name.starts_with('.') || name.ends_with('~') || name.starts_with('#') && name.ends_with('#');
    !is_ignored && ENDINGS.iter().any(|ending| name.ends_with(ending))
}

/// The files that `paths` name, relative to `root`: themselves, or those in directories, in the order of their names.
/// Each comes once. Without any path it is the root itself.
pub(super) fn find(root: &Path, paths: &[PathBuf], recursive: bool, diagnostics: &mut Diagnostics) -> Vec<PathBuf> {
    let here = [PathBuf::from(".")];
    let mut found = Vec::new();
    for path in if paths.is_empty() { here.as_slice() } else { paths } {
        let path: PathBuf = path.components().filter(|part| *part != Component::CurDir).collect();
        match std::fs::metadata(root.join(&path)) {
            Ok(metadata) if metadata.is_dir() => in_directory(root, &path, recursive, &mut found, diagnostics),
            Ok(_) if path.file_name().and_then(|name| name.to_str()).is_some_and(is_formatted) => found.push(path),
            Ok(_) => diagnostics.push(not_formatted(&path)),
            Err(error) => diagnostics.push(unreadable(&path, &error)),
        }
    }
    let mut seen = std::collections::HashSet::new();
    found.retain(|path| seen.insert(path.clone()));
    found
}

/// Adds the files of a directory. A symbolic link to a file counts as that file, one to a directory is not followed.
fn in_directory(root: &Path, dir: &Path, recursive: bool, found: &mut Vec<PathBuf>, diagnostics: &mut Diagnostics) {
    let entries = std::fs::read_dir(root.join(dir)).and_then(Iterator::collect::<io::Result<Vec<_>>>);
    let mut entries = match entries {
        Ok(entries) => entries,
        Err(error) => return diagnostics.push(unreadable(dir, &error)),
    };
    entries.sort_by_key(std::fs::DirEntry::file_name);
    for entry in entries {
        let name = entry.file_name();
        let path = dir.join(&name);
        let Some(name) = name.to_str() else { continue };
        if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
            if recursive && !name.starts_with('.') {
                in_directory(root, &path, recursive, found, diagnostics);
            }
        } else if is_formatted(name) && !root.join(&path).is_dir() {
            found.push(path);
        }
    }
}

/// Reads a file, or says why it can't be read.
pub(super) fn read(root: &Path, path: &Path, diagnostics: &mut Diagnostics) -> Option<String> {
    let read = std::fs::read(root.join(path)).and_then(|bytes| text(bytes, path));
    read.map_err(|error| diagnostics.push(unreadable(path, &error))).ok()
}

/// The text that bytes are.
///
/// # Errors
/// Where they are no UTF-8, or too many for offsets of 32 bits.
pub(super) fn text(bytes: Vec<u8>, path: &Path) -> io::Result<String> {
    if u32::try_from(bytes.len()).is_err() {
        return Err(io::Error::new(io::ErrorKind::FileTooLarge, "it is larger than 4 GiB"));
    }
    String::from_utf8(bytes).map_err(|error| {
        let before = &error.as_bytes()[..error.utf8_error().valid_up_to()];
        let line = before.iter().filter(|byte| **byte == b'\n').count() + 1;
        io::Error::new(io::ErrorKind::InvalidData, format!("{} is not UTF-8 text (line {line})", path.display()))
    })
}

/// Says why a file or directory can't be read.
pub(super) fn unreadable(path: &Path, error: &io::Error) -> Diagnostic {
    let name = path.display();
    match error.kind() {
        io::ErrorKind::NotFound => {
            Diagnostic::error("no-such-file", "No such file", format!("There is no file or directory {name}."))
        }
        io::ErrorKind::InvalidData => Diagnostic::error(
            "file-not-text",
            "File is not text",
            format!("{error}; configuration is written in UTF-8."),
        ),
        _ => Diagnostic::error("file-unreadable", "File can't be read", format!("Reading {name} failed: {error}.")),
    }
}

/// Says why a file can't be written.
pub(super) fn not_written(path: &Path, error: &io::Error) -> Diagnostic {
    let name = path.display();
    Diagnostic::error("file-not-written", "File can't be written", format!("Writing {name} failed: {error}."))
        .hint(format!("`mesh fmt - < {name}` prints what would be written."))
}

/// Says that a file is not one of those that are formatted.
fn not_formatted(path: &Path) -> Diagnostic {
    let name = path.display();
    if path.extension().is_some_and(|extension| extension == "json") {
        let detail = format!("{name} is JSON; only configuration in the native syntax is formatted.");
        return Diagnostic::error("not-configuration", "File is not formatted", detail);
    }
    let endings = ENDINGS.map(|ending| format!("`{ending}`")).join(", ");
    Diagnostic::error(
        "not-configuration",
        "File is not formatted",
        format!("{name} is no configuration by its name. Names of files that are formatted end in {endings}."),
    )
    .hint(format!("For a file of another name: `mesh fmt - < {name}`."))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_tell_what_is_formatted() {
        for name in ["main.mesh.hcl", "a.tf", "mesh.vars", "x.auto.tfvars", "terraform.tfvars", "a.tftest.hcl"] {
            assert!(is_formatted(name), "{name}");
        }
        for name in ["main.tf.json", ".hidden.tf", "a.tf~", "#a.tf#", "a.hcl", ".mesh.lock.hcl", "tf", "mesh.vars.json"]
        {
            assert!(!is_formatted(name), "{name}");
        }
    }
}
