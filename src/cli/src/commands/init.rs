//! `mesh init`: checks that everything a plan needs is there, and says what there is.

use clap::Args;
use mesh_state::Keyring;

use crate::arguments::Global;
use crate::failure::{Exit, Failure};
use crate::project::Project;
use crate::state_access;
use crate::terminal::Terminal;

/// Arguments of `mesh init`.
#[derive(Debug, Args)]
pub struct InitArgs {}

/// Loads modules and providers, makes the state's directory and key, and keeps them out of version control.
///
/// # Errors
/// Everything that stands in the way.
pub async fn run(_: &InitArgs, global: &Global, terminal: &Terminal) -> Result<Exit, Failure> {
    let project = Project::load(global)?;
    terminal.diagnostics(&project.warnings, &project.sources);
    let directory = state_access::location(&project.dir);
    state_access::prepare(&directory)?;
    let key = directory.join("key");
    if state_access::keyring()?.is_none() && !key.exists() && !directory.join("state").exists() {
        Keyring::create_file(&key).map_err(|error| state_access::not_prepared(&directory, &error))?;
    }
    let modules = project.tree.walk().count() - 1;
    let resources: usize = project.tree.walk().map(|tree| tree.module.resources.len()).sum();
    let names: Vec<&str> = project.providers.iter().map(|(name, _)| name).collect();
    if terminal.json {
        terminal.print_json(&serde_json::json!({
            "directory": project.dir, "modules": modules, "resources": resources, "providers": names,
        }));
        return Ok(Exit::Done);
    }
    terminal.print(&format!(
        "Ready: {}, {}; providers {}.\nThe state is in {}.\n\nNext: mesh plan",
        counted(resources, "resource block"),
        counted(modules, "module call"),
        names.join(", "),
        directory.display()
    ));
    Ok(Exit::Done)
}

fn counted(count: usize, noun: &str) -> String {
    format!("{count} {noun}{}", if count == 1 { "" } else { "s" })
}
