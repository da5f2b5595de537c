//! `mesh version`: prints the version and the providers of this build.

use clap::Args;

use crate::failure::{Exit, Failure};
use crate::providers::providers;
use crate::terminal::Terminal;

/// Arguments of `mesh version`.
#[derive(Debug, Args)]
pub struct VersionArgs {}

/// Prints them.
///
/// # Errors
/// Never.
#[expect(clippy::unnecessary_wraps, reason = "all commands answer alike")]
pub fn run(_: &VersionArgs, terminal: &Terminal) -> Result<Exit, Failure> {
    let providers = providers();
    let names: Vec<&str> = providers.iter().map(|(name, _)| name).collect();
    let version = env!("CARGO_PKG_VERSION");
    if terminal.json {
        terminal.print_json(&serde_json::json!({ "version": version, "providers": names }));
    } else {
        terminal.print(&format!("mesh {version}\nproviders: {}", names.join(", ")));
    }
    Ok(Exit::Done)
}
