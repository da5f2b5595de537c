//! `mesh apply` and `mesh destroy`: plan, ask, carry out; again where something was decided on the way.

use std::path::PathBuf;

use clap::Args;
use mesh_engine::{Applied, ApplyOptions, PlanOptions, Planned};
use mesh_plan::{Action, ReplaceOrder};
use mesh_provider::Stop;
use mesh_report::terminal as report;
use mesh_state::ChangeResult;

use super::output;
use super::plan::{CoverArgs, show};
use crate::arguments::Global;
use crate::budgets;
use crate::environment::{World, now};
use crate::failure::{Exit, Failure};
use crate::interrupt;
use crate::progress::Progress;
use crate::project::Project;
use crate::spending::spending;
use crate::state_access::{self, LockArgs, OpenState};
use crate::terminal::Terminal;
use crate::values::ValueArgs;

/// Arguments of `mesh apply`.
#[derive(Debug, Args)]
pub struct ApplyArgs {
    /// A plan that `mesh plan --out` saved: exactly that is done, without asking again.
    #[arg(conflicts_with_all = ["target", "exclude", "replace", "refresh_only", "destroy"])]
    file: Option<PathBuf>,
    #[command(flatten)]
    values: ValueArgs,
    #[command(flatten)]
    cover: CoverArgs,
    #[command(flatten)]
    lock: LockArgs,
    /// Delete everything that the state knows.
    #[arg(long, conflicts_with = "refresh_only")]
    destroy: bool,
    /// Do not ask before changing anything.
    #[arg(long)]
    auto_approve: bool,
    /// Exit with 2 where something was changed, with 0 where there was nothing to change.
    #[arg(long)]
    detailed_exitcode: bool,
}

/// Arguments of `mesh destroy`.
#[derive(Debug, Args)]
pub struct DestroyArgs {
    #[command(flatten)]
    values: ValueArgs,
    #[command(flatten)]
    cover: CoverArgs,
    #[command(flatten)]
    lock: LockArgs,
    /// Do not ask before deleting anything.
    #[arg(long)]
    auto_approve: bool,
}

/// Said before each round but the first.
const PLANNED_NOW: &str = "\nWhat was to be decided during apply is planned now.";
/// Said where such a round is refused.
const DONE_BEFORE: &str = "What was done above is in the state; of what was decided during apply, nothing was begun.";

/// One run of plan, question and apply.
struct Round<'a> {
    project: &'a Project,
    open: OpenState,
    options: PlanOptions,
    parallelism: usize,
    auto_approve: bool,
    stop: Stop,
    terminal: &'a Terminal,
}

/// Plans and applies, or carries out a saved plan.
///
/// # Errors
/// Everything that stood in the way before anything was changed.
pub async fn run(args: &ApplyArgs, global: &Global, terminal: &Terminal) -> Result<Exit, Failure> {
    let exit = match &args.file {
        Some(file) => saved(file, args, global, terminal).await?,
        None => {
            let options = args.cover.options(args.destroy);
            fresh(&args.values, &args.cover, options, &args.lock, args.auto_approve, global, terminal).await?
        }
    };
    Ok(if exit == Exit::Changes && !args.detailed_exitcode { Exit::Done } else { exit })
}

/// Plans the deletion of everything and applies it.
///
/// # Errors
/// As [`run`].
pub async fn destroy(args: &DestroyArgs, global: &Global, terminal: &Terminal) -> Result<Exit, Failure> {
    let options = args.cover.options(true);
    let exit = fresh(&args.values, &args.cover, options, &args.lock, args.auto_approve, global, terminal).await?;
    Ok(if exit == Exit::Changes { Exit::Done } else { exit })
}

async fn fresh(
    values: &ValueArgs,
    cover: &CoverArgs,
    options: PlanOptions,
    lock: &LockArgs,
    auto_approve: bool,
    global: &Global,
    terminal: &Terminal,
) -> Result<Exit, Failure> {
    let mut project = Project::load(global)?;
    let variables = project.values(values)?;
    terminal.diagnostics(&project.warnings, &project.sources);
    let open = state_access::open(&project.dir, "apply", lock).await?;
    let stop = interrupt::watch(terminal);
    let parallelism = usize::from(cover.parallelism);
    let mut round = Round { project: &project, open, options, parallelism, auto_approve, stop, terminal };
    round.until_decided(variables, false).await
}

async fn saved(
    file: &std::path::Path,
    args: &ApplyArgs,
    global: &Global,
    terminal: &Terminal,
) -> Result<Exit, Failure> {
    let dir = crate::project::directory(global)?;
    let open = state_access::open(&dir, "apply", &args.lock).await?;
    let plan = super::show::read_plan(file, open.state.keyring())?;
    let mut project = Project::from_saved(&plan.files, dir)?;
    let variables = project.values_again(&args.values, &plan)?;
    let world = World::planning(project.dir.clone(), plan.planned_at);
    let parallelism = usize::from(args.cover.parallelism);
    let stop = interrupt::watch(terminal);
    let inputs = project.inputs(variables.clone(), world.applying(), parallelism);
    let progress = Progress::of_apply(terminal);
    let planning = project.inputs(variables.clone(), world, parallelism);
    let reopened = mesh_engine::reopen(&plan, &planning, open.prior, &open.intents, open.lineage.as_deref(), &progress);
    let planned = reopened.await.map_err(|diagnostics| project.failure(diagnostics))?;
    let prices = budgets::prices(project.book(), plan.planned_at);
    budgets::hold(&planned, &spending(&planned.plan, prices.book, plan.planned_at), prices, None)?;
    let has_deferred = !planned.plan.deferred.is_empty();
    let has_changes = planned.plan.has_changes();
    let options = ApplyOptions { who: state_access::who(), command: state_access::command_line(), stop: stop.clone() };
    let applied = mesh_engine::apply(&inputs, planned, &open.state, &options, prices, &progress).await;
    progress.finish();
    let applied = applied?;
    report_applied(&applied, !has_deferred, &project, terminal);
    export(&open.state, &project, terminal).await;
    if !applied.is_complete() {
        return Ok(failed(&applied));
    }
    if has_deferred {
        let options = mesh_engine::options_to_go_on(&plan);
        let prior = mesh_engine::Prior::new(open.state.load_all().await?)?;
        let intents = open.state.open_intents().await?;
        let open = OpenState { prior, intents, ..open };
        let auto_approve = args.auto_approve;
        let mut round = Round { project: &project, open, options, parallelism, auto_approve, stop, terminal };
        terminal.note(PLANNED_NOW);
        return round.until_decided(variables, true).await;
    }
    Ok(if has_changes { Exit::Changes } else { Exit::Done })
}

impl Round<'_> {
    /// Plans and applies until nothing is left to be decided. `again` says that something was applied before.
    async fn until_decided(
        &mut self,
        variables: std::collections::BTreeMap<std::sync::Arc<str>, mesh_value::Value>,
        mut again: bool,
    ) -> Result<Exit, Failure> {
        loop {
            let planned_at = now();
            let world = World::planning(self.project.dir.clone(), planned_at);
            let planning = self.project.inputs(variables.clone(), world.clone(), self.parallelism);
            let progress = Progress::of_apply(self.terminal);
            let (prior, intents) = (std::mem::take(&mut self.open.prior), std::mem::take(&mut self.open.intents));
            let planned = mesh_engine::plan(&planning, prior, &intents, &self.options, &progress).await;
            progress.finish();
            let (planned, warnings) = planned.map_err(|diagnostics| self.project.failure(diagnostics))?;
            self.terminal.diagnostics(&warnings, &self.project.sources);
            let only_deferred = again && !planned.plan.deferred.is_empty() && !changes_something(&planned);
            if only_deferred {
                return Err(stuck(&planned));
            }
            let spending = spending(&planned.plan, self.project.book(), planned_at);
            if !self.terminal.json {
                show(&planned, &spending, self.terminal);
            }
            let prices = budgets::prices(self.project.book(), planned_at);
            budgets::hold(&planned, &spending, prices, again.then_some(DONE_BEFORE))?;
            if self.stop.is_requested() {
                return Err(Failure::of("interrupted", "Interrupted", "Nothing was changed."));
            }
            let has_changes = planned.plan.has_changes();
            if has_changes && !self.approved(&planned, again)? {
                return Err(Failure::of("not-approved", "Not approved", "Nothing was changed."));
            }
            let more = !planned.plan.deferred.is_empty();
            let applying = self.project.inputs(variables.clone(), world.applying(), self.parallelism);
            let options = ApplyOptions {
                who: state_access::who(),
                command: state_access::command_line(),
                stop: self.stop.clone(),
            };
            // A line that was taken away doesn't come back.
            let progress = Progress::of_apply(self.terminal);
            let applied = mesh_engine::apply(&applying, planned, &self.open.state, &options, prices, &progress).await;
            progress.finish();
            let applied = applied?;
            export(&self.open.state, self.project, self.terminal).await;
            report_applied(&applied, !more, self.project, self.terminal);
            if !applied.is_complete() {
                return Ok(failed(&applied));
            }
            if !more {
                return Ok(if has_changes || again { Exit::Changes } else { Exit::Done });
            }
            again = true;
            self.open.prior = mesh_engine::Prior::new(self.open.state.load_all().await?)?;
            self.open.intents = self.open.state.open_intents().await?;
            self.terminal.note(PLANNED_NOW);
        }
    }

    fn approved(&self, planned: &Planned, again: bool) -> Result<bool, Failure> {
        if self.auto_approve {
            return Ok(true);
        }
        let question = match (planned.plan.mode, again) {
            (mesh_plan::PlanMode::Destroy, _) => "Really delete all of this? It can't be undone.",
            (mesh_plan::PlanMode::RefreshOnly, _) => "Take this over into the state?",
            (_, true) => "Go on with this?",
            (_, false) => "Do this?",
        };
        self.terminal.confirm(question).ok_or_else(|| {
            let detail = "Changes need an approval, and nobody can be asked: standard input is no terminal.";
            Failure::from(
                mesh_diagnostics::Diagnostic::error("approval-needed", "Approval needed", detail)
                    .hint("Add `--auto-approve`, or save a plan with `mesh plan --out FILE` and apply that file."),
            )
        })
    }
}

/// How an apply ends that is not complete.
fn failed(applied: &Applied) -> Exit {
    if applied.over_budget { Exit::Refused } else { Exit::Failed }
}

fn changes_something(planned: &Planned) -> bool {
    planned.plan.changes.iter().any(mesh_plan::Change::is_change)
}

fn stuck(planned: &Planned) -> Failure {
    let blocks: Vec<String> = planned.plan.deferred.iter().map(|deferred| deferred.block.to_string()).collect();
    let detail = format!("Everything that could be done is done, and {} still can't be decided.", blocks.join(", "));
    let error = mesh_diagnostics::Diagnostic::error("undecidable", "Blocks can't be decided", detail);
    error.hint("Their `count` or `for_each` reads what no plan can know, such as `timestamp()`: write it from other values.").into()
}

/// Keeps a readable copy of the state beside it: a way out that needs nothing of mesh.
async fn export(state: &mesh_state::State, project: &Project, terminal: &Terminal) {
    let path = state_access::location(&project.dir).join("state.backup.json");
    if let Err(error) = state.export(&path).await {
        terminal.note(&format!("warning: the readable copy of the state was not written: {error}"));
    }
}

/// Says what was done, what failed and what was left out, and prints the outputs where nothing more follows.
fn report_applied(applied: &Applied, is_last: bool, project: &Project, terminal: &Terminal) {
    terminal.diagnostics(&applied.diagnostics, &project.sources);
    let mut ended = mesh_report::apply::ApplyReport {
        stopped: applied.stopped || applied.over_budget,
        has_errors: applied.diagnostics.has_errors(),
        ..Default::default()
    };
    for outcome in &applied.results {
        let address = outcome.address.to_string();
        ended.imported += usize::from(outcome.imported);
        match outcome.result {
            ChangeResult::Done if outcome.action == Action::NoOp => {
                let from = outcome.previous.as_ref().map(|from| format!(" moved from {from}")).unwrap_or_default();
                ended.recorded.push(format!("{address}{from}{}", if outcome.imported { " imported" } else { "" }));
            }
            ChangeResult::Done => ended.done.push((address, outcome.action, outcome.took)),
            ChangeResult::Failed => {
                let why = applied.diagnostics.iter().find(|diagnostic| diagnostic.address.as_deref() == Some(&address));
                let why = why.map(|diagnostic| first_sentence(&diagnostic.detail)).unwrap_or_default();
                match outcome.action {
                    action if !outcome.unmet => ended.failed.push((address, action, why)),
                    // The old object is only set aside so far.
                    Action::Replace(ReplaceOrder::CreateBeforeDestroy) => {
                        ended.unmet.push((address, Action::Create, why));
                    }
                    action => ended.unmet.push((address, action, why)),
                }
            }
            ChangeResult::Skipped | ChangeResult::Planned => {
                ended.skipped.push((address, outcome.why.clone().unwrap_or_default()));
            }
        }
    }
    if terminal.json {
        let results: Vec<serde_json::Value> = applied
            .results
            .iter()
            .map(|outcome| {
                serde_json::json!({
                    "address": outcome.address.to_string(),
                    "action": outcome.word(),
                    "result": format!("{:?}", outcome.result).to_lowercase(),
                    "why": outcome.why,
                    "seconds": outcome.took.as_secs_f64(),
                })
            })
            .collect();
        terminal.print_event(&serde_json::json!({
            "type": "applied",
            "complete": applied.is_complete(),
            "stopped": applied.stopped,
            "over_budget": applied.over_budget,
            "results": results,
            "outputs": output::as_json(&applied.outputs),
        }));
        return;
    }
    terminal.note(&format!("\n{}", report::apply_report(&ended, terminal.error_style())));
    if !applied.outputs.is_empty() && (is_last || !applied.is_complete()) {
        let outputs = output::as_report(&applied.outputs);
        terminal.print(&format!("\nOutputs:\n\n{}", report::outputs(&outputs, terminal.style())));
    }
}

fn first_sentence(text: &str) -> String {
    text.lines().next().unwrap_or_default().to_owned()
}
