//! `mesh why`: the chain of reads that makes a change happen.

use clap::Args;
use mesh_report::terminal as report;

use super::plan::CoverArgs;
use crate::arguments::Global;
use crate::environment::{World, now};
use crate::failure::{Exit, Failure};
use crate::progress::Progress;
use crate::project::Project;
use crate::state_access::{self, LockArgs};
use crate::terminal::Terminal;
use crate::values::ValueArgs;

/// Arguments of `mesh why`.
#[derive(Debug, Args)]
pub struct WhyArgs {
    /// What to explain: an object, or a value such as `module.a.local.names`.
    address: String,
    #[command(flatten)]
    values: ValueArgs,
    #[command(flatten)]
    cover: CoverArgs,
    #[command(flatten)]
    lock: LockArgs,
}

/// Plans, and prints what leads to one change.
///
/// # Errors
/// Where there is no plan, or nothing of this address in it.
pub async fn run(args: &WhyArgs, global: &Global, terminal: &Terminal) -> Result<Exit, Failure> {
    let mut project = Project::load(global)?;
    let variables = project.values(&args.values)?;
    let open = state_access::open_to_read(&project.dir, "why", &args.lock).await?;
    let world = World::planning(project.dir.clone(), now());
    let inputs = project.inputs(variables, world, usize::from(args.cover.parallelism));
    let options = args.cover.options(false);
    let progress = Progress::new(terminal);
    let planned = mesh_engine::plan(&inputs, open.prior, &open.intents, &options, &progress).await;
    progress.finish();
    let (planned, _) = planned.map_err(|diagnostics| project.failure(diagnostics))?;
    match report::why(&planned.plan, &args.address, terminal.style()) {
        Some(text) => {
            terminal.print(&text);
            Ok(Exit::Done)
        }
        None => {
            let known: Vec<String> = planned.plan.changes.iter().map(|change| change.address.to_string()).collect();
            let detail = format!("The plan has nothing under the address `{}`.", args.address);
            let error = mesh_diagnostics::Diagnostic::error("unknown-address", "Unknown address", detail);
            Err(error.suggest(&args.address, known.iter().map(String::as_str)).into())
        }
    }
}
