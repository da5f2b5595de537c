//! `mesh show`: prints a saved plan, or the state.

use std::path::{Path, PathBuf};

use clap::Args;
use mesh_plan::{PlanFileError, SavedPlan};
use mesh_report::{json, markdown, terminal as report};
use mesh_state::Keyring;

use super::state::as_report;
use crate::arguments::Global;
use crate::failure::{Exit, Failure};
use crate::price_books::PriceBooks;
use crate::project::directory;
use crate::spending::spending;
use crate::state_access::{self, LockArgs};
use crate::terminal::Terminal;

/// How many bytes a pull request comment may have on the common forges.
pub const PULL_REQUEST: usize = 65_000;

/// Arguments of `mesh show`.
#[derive(Debug, Args)]
pub struct ShowArgs {
    /// A saved plan; without it, the state is shown.
    file: Option<PathBuf>,
    /// Print a saved plan as Markdown, for a pull request.
    #[arg(long, requires = "file")]
    markdown: bool,
    #[command(flatten)]
    lock: LockArgs,
}

/// Prints what was asked for.
///
/// # Errors
/// Where it can't be read.
pub async fn run(args: &ShowArgs, global: &Global, terminal: &Terminal) -> Result<Exit, Failure> {
    let dir = directory(global)?;
    let open = state_access::open_to_read(&dir, "show", &args.lock).await?;
    match &args.file {
        Some(file) => {
            let saved = read_plan(file, open.state.keyring())?;
            let spending = spending(&saved.plan, PriceBooks::of_saved(&saved.files).book(), saved.planned_at);
            if terminal.json {
                terminal.print_json(&json::plan(&saved.plan, &spending, about(Some(&planned_at(&saved)))));
            } else if args.markdown {
                terminal.print(&markdown::plan(&saved.plan, &spending, PULL_REQUEST));
            } else {
                terminal.print(&report::plan(&saved.plan, &spending, terminal.style()));
            }
        }
        None => {
            let state = as_report(&open.prior);
            if terminal.json {
                terminal.print_json(&json::state(&state, about(None)));
            } else {
                terminal.print(&report::state(&state, terminal.style()));
            }
        }
    }
    Ok(Exit::Done)
}

/// Reads a saved plan.
///
/// # Errors
/// Where there is none, or it is damaged, newer or sealed with another key.
pub fn read_plan(file: &Path, keyring: &Keyring) -> Result<SavedPlan, Failure> {
    let refused = |why: String| {
        let detail = format!("{} can't be used: {why}. Nothing was changed.", file.display());
        Failure::of("plan-unusable", "Plan file can't be used", detail)
    };
    let bytes = std::fs::read(file).map_err(|error| refused(error.to_string()))?;
    SavedPlan::decode(&bytes, keyring).map_err(|error| match error {
        PlanFileError::Sealed(error) => refused(format!("its secrets can't be opened: {error}")),
        other => refused(other.to_string()),
    })
}

/// When a plan was made, as RFC 3339.
pub fn planned_at(saved: &SavedPlan) -> String {
    let (seconds, nanoseconds) = saved.planned_at;
    let made = jiff::Timestamp::new(seconds, i32::try_from(nanoseconds).unwrap_or_default());
    made.map(|made| made.to_string()).unwrap_or_default()
}

/// What stands at the head of a JSON document.
pub const fn about(timestamp: Option<&str>) -> json::About<'_> {
    json::About { version: env!("CARGO_PKG_VERSION"), timestamp }
}
