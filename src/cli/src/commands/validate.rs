//! `mesh validate`: checks the configuration without state or platform.

use clap::Args;
use mesh_config::DiskFiles;
use mesh_diagnostics::render;

use crate::arguments::Global;
use crate::environment::World;
use crate::failure::{Exit, Failure};
use crate::project::{Project, directory, report_cycles};
use crate::terminal::Terminal;

/// Arguments of `mesh validate`.
#[derive(Debug, Args)]
pub struct ValidateArgs {}

/// Loads the configuration, checks it, evaluates its expressions with nothing known but types, and reports everything
/// that is wrong.
///
/// # Errors
/// What is wrong; with `--json` that is the answer, and printed as data.
pub fn run(_: &ValidateArgs, global: &Global, terminal: &Terminal) -> Result<Exit, Failure> {
    let dir = directory(global)?;
    let mut project = Project::read(&DiskFiles::new(dir.clone()), dir.clone());
    report_cycles(&project.tree, &mut project.warnings);
    let world = World::looking(dir).with_prices(project.price_books.clone());
    mesh_config::check_values(&project.tree, &project.providers, &world, &mut project.warnings);
    let project = project.accepted()?;
    if terminal.json {
        terminal.print_json(&render::json(&project.warnings, &project.sources));
        return Ok(Exit::Done);
    }
    terminal.diagnostics(&project.warnings, &project.sources);
    terminal.print("The configuration is valid.");
    // The process ends now, and takes a large tree down faster than its nodes one by one.
    std::mem::forget(project);
    Ok(Exit::Done)
}
