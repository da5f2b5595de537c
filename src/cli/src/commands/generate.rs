//! `mesh plan --generate-config`: writes the blocks of objects that are imported and have none.

use std::collections::BTreeMap;
use std::io::Write;
use std::path::Path;
use std::sync::Arc;

use mesh_diagnostics::{Diagnostic, SourceMap};
use mesh_engine::{PlanOptions, Undeclared};
use mesh_value::Value;

use super::plan::PlanArgs;
use crate::environment::{World, now};
use crate::failure::Failure;
use crate::progress::Progress;
use crate::project::Project;
use crate::state_access::{self, OpenState};
use crate::terminal::Terminal;

/// Writes the file where something has no block; whether it did.
///
/// # Errors
/// Where the file is there already or would not be read as configuration, where planning fails, and where it can't be
/// written.
pub async fn run(
    file: &Path,
    args: &PlanArgs,
    project: &Project,
    variables: &BTreeMap<Arc<str>, Value>,
    terminal: &Terminal,
) -> Result<bool, Failure> {
    check(file, project)?;
    let OpenState { state: _, prior, intents, .. } =
        state_access::open_to_read(&project.dir, "plan", &args.lock).await?;
    let world = World::planning(project.dir.clone(), now());
    let inputs = project.inputs(variables.clone(), world, usize::from(args.cover.parallelism));
    let options = PlanOptions { generate: true, ..args.cover.options(false) };
    let progress = Progress::new(terminal);
    let planned = mesh_engine::plan(&inputs, prior, &intents, &options, &progress).await;
    progress.finish();
    let (planned, _) = planned.map_err(|diagnostics| project.failure(diagnostics))?;
    if planned.undeclared.is_empty() {
        terminal.note("Everything that is imported has a block already, so none was written.\n");
        return Ok(false);
    }
    write(file, &text(&planned.undeclared))?;
    terminal.note(&format!(
        "The configuration of what is imported without a block was written to {}. Read it, and move it where it belongs.\n",
        file.display()
    ));
    Ok(true)
}

/// Whether the file is a new one among the root module's own.
fn check(file: &Path, project: &Project) -> Result<(), Failure> {
    let shown = file.display();
    let refuse = |detail: String, hint: &'static str| {
        Err(Failure::from(
            Diagnostic::error("configuration-not-written", "Configuration not written", detail).hint(hint),
        ))
    };
    if file.exists() {
        let hint = "Name a file that does not exist, or move what is in this one elsewhere. Nothing was changed.";
        return refuse(format!("{shown} is there already, and configuration is written to new files only."), hint);
    }
    let directory = file.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let is_inside = directory.canonicalize().ok() == project.dir.canonicalize().ok();
    let name = file.file_name().and_then(std::ffi::OsStr::to_str).unwrap_or_default();
    if !is_inside || !(name.ends_with(".tf") || name.ends_with(".mesh.hcl")) || name.starts_with('.') {
        let hint = "Name one in the root module's directory that ends in `.mesh.hcl` or `.tf`.";
        return refuse(format!("{shown} would not be read as a file of the root module."), hint);
    }
    Ok(())
}

/// All blocks, as `mesh fmt` lays them out.
fn text(undeclared: &[Undeclared]) -> String {
    let mut undeclared: Vec<&Undeclared> = undeclared.iter().collect();
    undeclared.sort_by(|left, right| left.address.cmp(&right.address));
    let blocks = undeclared.iter().map(|object| {
        let Undeclared { address, provider, id, value, schema } = object;
        mesh_report::configuration::resource(address, provider.as_deref(), id.as_deref(), value, schema)
    });
    let blocks = blocks.collect::<Vec<_>>().join("\n");
    let id = SourceMap::default().add("generated", blocks.as_str());
    mesh_lang::format::format(&blocks, id).unwrap_or(blocks)
}

fn write(file: &Path, text: &str) -> Result<(), Failure> {
    let new = std::fs::OpenOptions::new().write(true).create_new(true).open(file);
    let written = new.and_then(|mut opened| opened.write_all(text.as_bytes()).and_then(|()| opened.sync_all()));
    written.map_err(|error| {
        let detail = format!("Writing {} failed: {error}.", file.display());
        Failure::of("configuration-not-written", "Configuration not written", detail)
    })
}
