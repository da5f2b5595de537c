//! Builds the binary that is measured.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use anyhow::{Context, bail};

use crate::measure::{Outcome, measure};

/// The root of the repository.
pub fn root() -> &'static Path {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent().unwrap_or(here)
}

/// Builds the release binary with these features besides the default ones, as far as it is not there yet; its path.
///
/// # Errors
/// It can't be built.
pub fn release(features: &[&str]) -> anyhow::Result<PathBuf> {
    // `cargo run` put this program into the folder of its profile, inside the folder of all profiles.
    let own = std::env::current_exe()?;
    let target = own.ancestors().nth(2).context("the target directory can't be found")?;
    let mut command = cargo(target);
    command.args(["--features", &features.join(",")]);
    // Standard output is for the table alone.
    let status = command.stdout(Stdio::null()).status().with_context(|| format!("{command:?} can't be started"))?;
    if !status.success() {
        bail!("{command:?} ended with {status}");
    }
    Ok(target.join("release/mesh"))
}

/// Builds the release binary and all that it depends on, from nothing.
///
/// # Errors
/// It can't be built.
pub fn cold(scratch: &Path, limit: Duration) -> anyhow::Result<Outcome> {
    let mut fetch = Command::new(program());
    fetch.args(["fetch", "--locked"]).current_dir(root());
    let status = fetch.status().with_context(|| format!("{fetch:?} can't be started"))?;
    if !status.success() {
        bail!("{fetch:?} ended with {status}");
    }
    let outcome = measure(cargo(&scratch.join("cold-build")), 0, limit)?;
    std::fs::remove_dir_all(scratch.join("cold-build"))?;
    Ok(outcome)
}

fn cargo(target: &Path) -> Command {
    let mut command = Command::new(program());
    command.args(["build", "--release", "--locked", "-p", "mesh", "--target-dir"]).arg(target).current_dir(root());
    command
}

fn program() -> std::ffi::OsString {
    std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into())
}
