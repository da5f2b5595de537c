//! Terraform's formatter, where it is on PATH.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::{Command, Stdio};
use std::{env, fs};

/// Whether there is a Terraform to ask.
pub fn is_there() -> bool {
    let version = Command::new("terraform").arg("version").stdout(Stdio::null()).stderr(Stdio::null()).status();
    version.is_ok_and(|status| status.success())
}

/// What Terraform makes of each source, all in one run, or why it refuses the source or what it made of it.
///
/// With several `rounds` it formats its own results again.
pub fn formatted(name: &str, sources: &[String], rounds: usize) -> Vec<Result<String, String>> {
    let dir = env::temp_dir().join(format!("mesh-format-{}-{}", name.replace(' ', "-"), std::process::id()));
    fs::create_dir_all(&dir).unwrap();
    for (index, source) in sources.iter().enumerate() {
        fs::write(dir.join(format!("s{index}.tf")), source).unwrap();
    }
    let mut refused = BTreeMap::new();
    for round in 0..rounds {
        for (index, why) in format_directory(&dir) {
            refused.entry(index).or_insert(if round == 0 { why } else { format!("its own result: {why}") });
        }
    }
    let results = (0..sources.len()).map(|index| match refused.remove(&index) {
        Some(why) => Err(why),
        None => Ok(fs::read_to_string(dir.join(format!("s{index}.tf"))).unwrap()),
    });
    let results = results.collect();
    fs::remove_dir_all(&dir).unwrap();
    results
}

/// Formats all files in a directory, and returns the numbers of those that have errors, with what is wrong.
fn format_directory(dir: &Path) -> Vec<(usize, String)> {
    let mut command = Command::new("terraform");
    let output = command.args(["fmt", "-list=false", "-no-color"]).arg(dir).output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    let mut found = Vec::new();
    let mut summary = "";
    for line in said.lines() {
        let line = line.trim_start_matches(['│', ' ']);
        if let Some(text) = line.strip_prefix("Error: ") {
            summary = text;
        }
        let name =
            line.strip_prefix("on ").and_then(|place| Path::new(place.split_once(" line ")?.0).file_stem()?.to_str());
        if let Some(index) = name.and_then(|name| name.strip_prefix('s')?.parse().ok()) {
            found.push((index, summary.to_owned()));
        }
    }
    found
}
