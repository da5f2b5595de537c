//! `mesh plan`: shows what apply would change, and saves it where asked.

use std::path::PathBuf;

use clap::Args;
use mesh_cost::Spending;
use mesh_engine::{PlanOptions, Planned};
use mesh_plan::PlanMode;
use mesh_report::{json, terminal as report};

use super::generate;
use crate::arguments::Global;
use crate::budgets;
use crate::environment::{World, now};
use crate::failure::{Exit, Failure};
use crate::progress::Progress;
use crate::project::Project;
use crate::spending::spending;
use crate::state_access::{self, LockArgs, OpenState};
use crate::terminal::Terminal;
use crate::values::ValueArgs;

/// What a plan covers.
#[derive(Clone, Debug, Args)]
pub struct CoverArgs {
    /// Cover only this object, block or module, and what it depends on; may be repeated.
    #[arg(long, value_name = "ADDRESS")]
    pub target: Vec<String>,
    /// Leave this object, block or module out, and what depends on it; may be repeated.
    #[arg(long, value_name = "ADDRESS", conflicts_with = "target")]
    pub exclude: Vec<String>,
    /// Make this object anew; may be repeated.
    #[arg(long, value_name = "ADDRESS")]
    pub replace: Vec<String>,
    /// Whether the platform is asked what exists; with `false` the state is believed.
    #[arg(long, value_name = "BOOL", default_value_t = true, action = clap::ArgAction::Set)]
    pub refresh: bool,
    /// Only take over into the state what the platform says.
    #[arg(long, conflicts_with_all = ["replace", "target", "exclude"])]
    pub refresh_only: bool,
    /// How many operations run at a time.
    #[arg(long, value_name = "N", default_value_t = 32, value_parser = clap::value_parser!(u16).range(1..))]
    pub parallelism: u16,
}

/// Arguments of `mesh plan`.
#[derive(Debug, Args)]
pub struct PlanArgs {
    #[command(flatten)]
    values: ValueArgs,
    #[command(flatten)]
    pub(super) cover: CoverArgs,
    #[command(flatten)]
    pub(super) lock: LockArgs,
    /// Plan to delete everything.
    #[arg(long, conflicts_with = "refresh_only")]
    destroy: bool,
    /// Save the plan to a file that `mesh apply FILE` carries out.
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// Write the blocks of what is imported without one to a new file of the root module, and plan with them.
    #[arg(long, value_name = "FILE", alias = "generate-config-out", conflicts_with_all = ["destroy", "refresh_only"])]
    generate_config: Option<PathBuf>,
    /// Exit with 2 where there are changes, with 0 where there are none.
    #[arg(long)]
    detailed_exitcode: bool,
}

impl CoverArgs {
    /// As the engine takes them.
    pub fn options(&self, destroy: bool) -> PlanOptions {
        let mode = match (destroy, self.refresh_only) {
            (true, _) => PlanMode::Destroy,
            (false, true) => PlanMode::RefreshOnly,
            (false, false) => PlanMode::Normal,
        };
        PlanOptions {
            mode,
            targets: self.target.clone(),
            excludes: self.exclude.clone(),
            replace: self.replace.clone(),
            generate: false,
            refresh: self.refresh,
            snapshot: None,
        }
    }
}

/// Plans, shows the plan, saves it, and holds it against the budgets.
///
/// # Errors
/// Everything that stands in the way of a plan.
pub async fn run(args: &PlanArgs, global: &Global, terminal: &Terminal) -> Result<Exit, Failure> {
    let mut project = Project::load(global)?;
    let mut variables = project.values(&args.values)?;
    if let Some(file) = &args.generate_config
        && generate::run(file, args, &project, &variables, terminal).await?
    {
        // What was written is part of the configuration now.
        project = Project::load(global)?;
        variables = project.values(&args.values)?;
    }
    // A saved plan may hold secrets, which are encrypted with the state's key: it is made where there is none yet.
    let opened = match &args.out {
        Some(_) => state_access::open(&project.dir, "plan", &args.lock).await?,
        None => state_access::open_to_read(&project.dir, "plan", &args.lock).await?,
    };
    let OpenState { state, prior, intents, lineage } = opened;
    let planned_at = now();
    let world = World::planning(project.dir.clone(), planned_at);
    let inputs = project.inputs(variables, world, usize::from(args.cover.parallelism));
    let options = args.cover.options(args.destroy);
    let progress = Progress::new(terminal);
    let planned = mesh_engine::plan(&inputs, prior, &intents, &options, &progress).await;
    progress.finish();
    let (planned, warnings) = planned.map_err(|diagnostics| project.failure(diagnostics))?;
    terminal.diagnostics(&project.warnings, &project.sources);
    terminal.diagnostics(&warnings, &project.sources);
    let spending = spending(&planned.plan, project.book(), planned_at);
    show(&planned, &spending, terminal);
    if let Some(path) = &args.out {
        let saved = mesh_engine::save(&planned, &inputs, &options, &project.files, lineage, planned_at);
        let bytes = saved
            .encode(state.keyring())
            .map_err(|error| Failure::of("plan-not-saved", "Plan could not be saved", format!("{error}.")))?;
        write(path, &bytes)?;
        terminal.note(&format!("\nSaved to {0}. To carry out exactly this:\n  mesh apply {0}", path.display()));
    }
    if let Err(refused) = budgets::hold(&planned, &spending, budgets::prices(project.book(), planned_at), None) {
        // The plan is what was asked for, and was printed.
        terminal.diagnostics(&refused.diagnostics, &refused.sources);
        return Ok(refused.exit);
    }
    let has_changes = args.detailed_exitcode && planned.plan.has_changes();
    Ok(if has_changes { Exit::Changes } else { Exit::Done })
}

/// Prints a plan as data, with what it costs.
pub fn show(planned: &Planned, spending: &Spending, terminal: &Terminal) {
    if terminal.json {
        let made = jiff::Timestamp::now().to_string();
        terminal.print_json(&json::plan(&planned.plan, spending, super::show::about(Some(&made))));
    } else {
        terminal.print(&report::plan(&planned.plan, spending, terminal.style()));
    }
}

/// Writes a plan file so that only its owner can read it.
fn write(path: &std::path::Path, bytes: &[u8]) -> Result<(), Failure> {
    use std::io::Write;
    use std::os::unix::fs::OpenOptionsExt;
    let written = std::fs::OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(true)
        .mode(0o600)
        .open(path)
        .and_then(|mut file| file.write_all(bytes).and_then(|()| file.sync_all()));
    written.map_err(|error| {
        let detail = format!("Writing {} failed: {error}.", path.display());
        Failure::of("plan-not-saved", "Plan could not be saved", detail)
    })
}
