//! `mesh validate`: checks the configuration without state or platform.

use clap::Args;
use mesh_diagnostics::{Diagnostics, render};

use crate::arguments::Global;
use crate::failure::{Exit, Failure};
use crate::project::{Project, report_cycles};
use crate::terminal::Terminal;

/// Arguments of `mesh validate`.
#[derive(Debug, Args)]
pub struct ValidateArgs {}

/// Loads the configuration, checks it, and reports everything that is wrong.
///
/// # Errors
/// What is wrong; with `--json` that is the answer, and printed as data.
pub fn run(_: &ValidateArgs, global: &Global, terminal: &Terminal) -> Result<Exit, Failure> {
    let project = Project::load(global)?;
    let mut diagnostics = Diagnostics::default();
    report_cycles(&project.tree, &mut diagnostics);
    if diagnostics.has_errors() {
        return Err(project.failure(diagnostics));
    }
    if terminal.json {
        terminal.print_json(&render::json(&project.warnings, &project.sources));
        return Ok(Exit::Done);
    }
    terminal.diagnostics(&project.warnings, &project.sources);
    terminal.print("The configuration is valid.");
    Ok(Exit::Done)
}
