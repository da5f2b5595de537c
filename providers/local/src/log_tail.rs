//! The last lines of a log, for the message that says why something failed.

use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::path::Path;

const LINES: usize = 20;
const BYTES: u64 = 8 * 1024;

/// Returns the last lines of a log from byte `start` on, indented, under a heading that names the file.
#[must_use]
pub fn tail(path: &Path, start: u64) -> String {
    match last_bytes(path, start) {
        Err(error) => format!("Its log {} can't be read: {error}.", path.display()),
        Ok(bytes) if bytes.trim_ascii().is_empty() => format!("It wrote nothing to its log {}.", path.display()),
        Ok(bytes) => {
            let text = String::from_utf8_lossy(&bytes);
            let lines: Vec<&str> = text.trim_end().lines().collect();
            let shown = lines.get(lines.len().saturating_sub(LINES)..).unwrap_or_default();
            format!("The end of its log {}:\n  {}", path.display(), shown.join("\n  "))
        }
    }
}

fn last_bytes(path: &Path, start: u64) -> std::io::Result<Vec<u8>> {
    let mut file = File::open(path)?;
    let length = file.metadata()?.len();
    file.seek(SeekFrom::Start(start.max(length.saturating_sub(BYTES))))?;
    let mut bytes = Vec::new();
    file.take(BYTES).read_to_end(&mut bytes)?;
    Ok(bytes)
}
