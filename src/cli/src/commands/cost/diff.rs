//! `mesh cost diff`: what differs between the costs of two saved plans.

use std::path::{Path, PathBuf};

use clap::Args;
use mesh_cost::Estimate;
use mesh_report::{json, markdown, terminal as report};
use mesh_state::Keyring;

use super::{FormArgs, Format, Sums};
use crate::arguments::Global;
use crate::commands::show::{PULL_REQUEST, about, read_plan};
use crate::failure::{Exit, Failure};
use crate::price_books::PriceBooks;
use crate::project::directory;
use crate::spending::spending;
use crate::state_access::{self, LockArgs};
use crate::terminal::Terminal;

/// Arguments of `mesh cost diff`.
#[derive(Debug, Args)]
pub struct DiffArgs {
    /// A saved plan.
    #[arg(value_name = "PLAN_A")]
    first: PathBuf,
    /// Another one: what everything costs after it is held against what everything costs after the first.
    #[arg(value_name = "PLAN_B")]
    second: PathBuf,
    #[command(flatten)]
    form: FormArgs,
    #[command(flatten)]
    lock: LockArgs,
}

/// Prices both plans, each on its day, and prints what differs.
///
/// # Errors
/// Where one can't be read, or their amounts are in different currencies.
pub async fn run(args: &DiffArgs, global: &Global, terminal: &Terminal) -> Result<Exit, Failure> {
    let open = state_access::open_to_read(&directory(global)?, "cost diff", &args.lock).await?;
    let keyring = open.state.keyring();
    let (first, second) = (estimate(&args.first, keyring)?, estimate(&args.second, keyring)?);
    if first.currency != second.currency {
        let [one, other] = [&args.first, &args.second].map(|file| file.display());
        let detail = format!(
            "{one} is priced in {}, and {other} in {}: nothing can be said of a difference.",
            first.currency, second.currency
        );
        let error = mesh_diagnostics::Diagnostic::error("currencies-differ", "Currencies differ", detail);
        return Err(error.hint("Plan both with the same currency.").into());
    }
    let between = Estimate::between(&first, &second);
    let names = [&args.first, &args.second].map(|file| file.display().to_string());
    let [one, other] = &names;
    let (names, Sums(by)) = ([one.as_str(), other.as_str()], &args.form.by);
    if terminal.json {
        terminal.print_json(&json::cost_difference(&between, names, by, about(None)));
        return Ok(Exit::Done);
    }
    terminal.print(&match args.form.format {
        Format::Text => report::cost_difference(&between, names, by, terminal.style()),
        Format::Markdown => markdown::cost_difference(&between, names, by, PULL_REQUEST),
    });
    Ok(Exit::Done)
}

fn estimate(file: &Path, keyring: &Keyring) -> Result<Estimate, Failure> {
    let saved = read_plan(file, keyring)?;
    Ok(spending(&saved.plan, PriceBooks::of_saved(&saved.files).book(), saved.planned_at).estimate)
}
