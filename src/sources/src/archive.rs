//! Unpacks archives.

use std::fs::File;
use std::io::{BufReader, Read};
use std::path::Path;

use flate2::read::MultiGzDecoder;
use tar::EntryType;
use zip::ZipArchive;

use crate::address::Format;
use crate::problem::Problem;
use crate::unpack::Unpack;

/// Unpacks an archive.
///
/// # Errors
/// An archive that is damaged, or holds what a package may not hold.
pub fn unpack(archive: &Path, format: Format, mut into: Unpack<'_>) -> Result<(), Problem> {
    let file = File::open(archive).map_err(|error| into.refused(&format!("it can't be read: {error}")))?;
    let file = BufReader::new(file);
    match format {
        Format::Zip => unzip(file, &mut into)?,
        Format::Tar => untar(file, &mut into)?,
        Format::TarGz => untar(MultiGzDecoder::new(file), &mut into)?,
    }
    into.finish()
}

fn untar(reader: impl Read, into: &mut Unpack<'_>) -> Result<(), Problem> {
    let damaged =
        |into: &Unpack<'_>, error: std::io::Error| into.refused(&format!("it is no readable tar archive: {error}"));
    let mut archive = tar::Archive::new(reader);
    for entry in archive.entries().map_err(|error| damaged(into, error))? {
        let mut entry = entry.map_err(|error| damaged(into, error))?;
        let path = entry.path_bytes().into_owned();
        match entry.header().entry_type() {
            EntryType::Directory => into.directory(&path)?,
            EntryType::Regular | EntryType::Continuous | EntryType::GNUSparse => {
                let is_executable = entry.header().mode().is_ok_and(|mode| mode & 0o111 != 0);
                let size = entry.size();
                into.file(&path, is_executable, size, &mut entry)?;
            }
            EntryType::Symlink => {
                let target = entry.link_name_bytes().unwrap_or_default().into_owned();
                into.link(&path, &target)?;
            }
            // What `git archive` notes about the commit, and longer names, which the reader has taken in already.
            EntryType::XGlobalHeader | EntryType::XHeader | EntryType::GNULongName | EntryType::GNULongLink => {}
            EntryType::Link => return Err(into.special(&path, "a hard link, which may mean a file outside of it")),
            EntryType::Char | EntryType::Block => return Err(into.special(&path, "a device")),
            EntryType::Fifo => return Err(into.special(&path, "a named pipe")),
            _ => return Err(into.special(&path, "neither a file nor a directory nor a link")),
        }
    }
    Ok(())
}

/// The bits of a Unix mode that say what an entry is, and those of the kinds that a package may hold.
const KIND: u32 = 0o170_000;
const DIRECTORY: u32 = 0o040_000;
const REGULAR: u32 = 0o100_000;
const LINK: u32 = 0o120_000;

fn unzip(file: BufReader<File>, into: &mut Unpack<'_>) -> Result<(), Problem> {
    let damaged = |into: &Unpack<'_>, error: &dyn std::fmt::Display| {
        into.refused(&format!("it is no readable zip archive: {error}"))
    };
    let mut archive = ZipArchive::new(file).map_err(|error| damaged(into, &error))?;
    for index in 0..archive.len() {
        let mut entry = archive.by_index(index).map_err(|error| damaged(into, &error))?;
        let path = entry.name_raw().to_vec();
        let mode = entry.unix_mode().unwrap_or(if entry.is_dir() { DIRECTORY } else { REGULAR });
        match mode & KIND {
            _ if entry.is_dir() => into.directory(&path)?,
            DIRECTORY => into.directory(&path)?,
            REGULAR | 0 => {
                let size = entry.size();
                into.file(&path, mode & 0o111 != 0, size, &mut entry)?;
            }
            LINK => {
                let mut target = Vec::new();
                (&mut entry).take(4096).read_to_end(&mut target).map_err(|error| damaged(into, &error))?;
                into.link(&path, &target)?;
            }
            _ => return Err(into.special(&path, "neither a file nor a directory nor a link")),
        }
    }
    Ok(())
}
