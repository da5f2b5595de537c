//! `mesh cost`: what everything that a plan leaves will cost, part by part.

mod actual;
mod diff;

use std::path::PathBuf;
use std::str::FromStr;

use clap::{Args, Subcommand, ValueEnum};
use mesh_cost::{By, Spending};
use mesh_report::{json, markdown, terminal as report};

use super::plan::CoverArgs;
use super::show::{PULL_REQUEST, about, planned_at, read_plan};
use crate::arguments::Global;
use crate::environment::{World, now};
use crate::failure::{Exit, Failure};
use crate::price_books::PriceBooks;
use crate::progress::Progress;
use crate::project::{Project, directory};
use crate::spending::spending;
use crate::state_access::{self, LockArgs, OpenState};
use crate::terminal::Terminal;
use crate::values::ValueArgs;

/// Arguments of `mesh cost`.
#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true)]
pub struct CostArgs {
    #[command(subcommand)]
    command: Option<CostCommand>,
    /// A saved plan; without it, one is made and not shown.
    file: Option<PathBuf>,
    #[command(flatten)]
    form: FormArgs,
    #[command(flatten)]
    values: ValueArgs,
    #[command(flatten)]
    cover: CoverArgs,
    #[command(flatten)]
    lock: LockArgs,
}

/// What else there is to ask about cost.
#[derive(Debug, Subcommand)]
enum CostCommand {
    /// Hold a cloud's bill against what products were estimated and allowed to cost.
    Actual(actual::ActualArgs),
    /// Show what differs between the costs of two saved plans.
    Diff(diff::DiffArgs),
}

/// How costs are added up and printed.
#[derive(Clone, Debug, Args)]
struct FormArgs {
    /// Add up by `product`, `domain`, `service`, or `tag:KEY` for the values of a tag.
    #[arg(long, value_name = "WHAT", default_value = "product")]
    by: Sums,
    /// The form of the text.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

/// The forms of a text.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum Format {
    /// For a terminal.
    Text,
    /// For a pull request.
    Markdown,
}

/// What is added up by, as an option says it.
#[derive(Clone, Debug)]
struct Sums(By);

impl FromStr for Sums {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match (text, text.strip_prefix("tag:")) {
            ("product", _) => Ok(Self(By::Product)),
            ("domain", _) => Ok(Self(By::Domain)),
            ("service", _) => Ok(Self(By::Service)),
            (_, Some(key)) if !key.is_empty() => Ok(Self(By::Tag(key.into()))),
            _ => Err("it takes `product`, `domain`, `service`, or `tag:KEY` with the key of a tag".to_owned()),
        }
    }
}

/// Prints what was asked for.
///
/// # Errors
/// Where there is no plan to price.
pub async fn run(args: &CostArgs, global: &Global, terminal: &Terminal) -> Result<Exit, Failure> {
    match (&args.command, &args.file) {
        (Some(CostCommand::Actual(args)), _) => return actual::run(args, global, terminal).await,
        (Some(CostCommand::Diff(args)), _) => return diff::run(args, global, terminal).await,
        (None, Some(file)) => {
            let open = state_access::open_to_read(&directory(global)?, "cost", &args.lock).await?;
            let saved = read_plan(file, open.state.keyring())?;
            let spending = spending(&saved.plan, PriceBooks::of_saved(&saved.files).book(), saved.planned_at);
            print(&spending, &args.form, &planned_at(&saved), terminal);
        }
        (None, None) => {
            let (spending, planned_at) = plan(args, global, terminal).await?;
            print(&spending, &args.form, &planned_at, terminal);
        }
    }
    Ok(Exit::Done)
}

/// Plans, and prices the plan.
async fn plan(args: &CostArgs, global: &Global, terminal: &Terminal) -> Result<(Spending, String), Failure> {
    let mut project = Project::load(global)?;
    let variables = project.values(&args.values)?;
    let OpenState { prior, intents, .. } = state_access::open_to_read(&project.dir, "cost", &args.lock).await?;
    let planned_at = now();
    let world = World::planning(project.dir.clone(), planned_at);
    let inputs = project.inputs(variables, world, usize::from(args.cover.parallelism));
    let progress = Progress::new(terminal);
    let planned = mesh_engine::plan(&inputs, prior, &intents, &args.cover.options(false), &progress).await;
    progress.finish();
    let (planned, warnings) = planned.map_err(|diagnostics| project.failure(diagnostics))?;
    terminal.diagnostics(&project.warnings, &project.sources);
    terminal.diagnostics(&warnings, &project.sources);
    let spending = spending(&planned.plan, project.book(), planned_at);
    Ok((spending, jiff::Timestamp::now().to_string()))
}

fn print(spending: &Spending, form: &FormArgs, planned_at: &str, terminal: &Terminal) {
    let Sums(by) = &form.by;
    if terminal.json {
        return terminal.print_json(&json::cost(spending, by, about(Some(planned_at))));
    }
    terminal.print(&match form.format {
        Format::Text => report::cost(spending, by, terminal.style()),
        Format::Markdown => markdown::cost(spending, by, PULL_REQUEST),
    });
}
