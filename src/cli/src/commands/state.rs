//! `mesh state`: looks into the state, and takes a copy of it back.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::{Args, Subcommand};
use mesh_engine::Prior;
use mesh_report::state::{Object, State as Shown};
use mesh_report::{json, terminal as report};
use mesh_state::{ApplyOutcome, HistoryEntry};
use serde_json::json;

use super::output;
use crate::arguments::Global;
use crate::failure::{Exit, Failure};
use crate::project::directory;
use crate::state_access::{self, LockArgs, OpenState};
use crate::terminal::Terminal;

/// Arguments of `mesh state`.
#[derive(Debug, Args)]
pub struct StateArgs {
    #[command(subcommand)]
    command: StateCommand,
    #[command(flatten)]
    lock: LockArgs,
}

/// What to do with the state.
#[derive(Debug, Subcommand)]
enum StateCommand {
    /// List the addresses of all objects.
    List {
        /// Only addresses that begin so.
        prefix: Option<String>,
    },
    /// Show one object.
    Show {
        /// Its address.
        address: String,
    },
    /// Print the whole state as one readable JSON document; secrets stay encrypted.
    Pull,
    /// Replace the state by one that `mesh state pull` printed, such as the copy `.mesh/state.backup.json`.
    Push {
        /// The file.
        file: PathBuf,
        /// Replace also what is newer, or is the state of something else.
        #[arg(long)]
        force: bool,
    },
    /// List what was applied, by whom and when.
    History {
        /// Show one entry with its changes.
        number: Option<u64>,
    },
}

/// Does what was asked for.
///
/// # Errors
/// Where the state can't be read or has no such thing.
pub async fn run(args: &StateArgs, global: &Global, terminal: &Terminal) -> Result<Exit, Failure> {
    let dir = directory(global)?;
    if let StateCommand::Push { file, force } = &args.command {
        return push(&dir, file, *force, &args.lock, terminal).await;
    }
    let open = state_access::open_to_read(&dir, "state", &args.lock).await?;
    match &args.command {
        StateCommand::List { prefix } => list(&open, prefix.as_deref().unwrap_or_default(), terminal),
        StateCommand::Show { address } => show(&open, address, terminal)?,
        StateCommand::Pull => match open.state.pull().await? {
            Some(document) => terminal.print(&document),
            None => terminal.note("The state is empty: nothing was applied yet."),
        },
        StateCommand::Push { .. } => {}
        StateCommand::History { number } => history(&open, *number, terminal).await?,
    }
    Ok(Exit::Done)
}

async fn push(dir: &Path, file: &Path, force: bool, lock: &LockArgs, terminal: &Terminal) -> Result<Exit, Failure> {
    let document = std::fs::read_to_string(file).map_err(|error| {
        let detail = format!("Reading {} failed: {error}. Nothing was changed.", file.display());
        Failure::of("state-unreadable", "File with the state can't be read", detail)
    })?;
    let state = state_access::open_to_replace(dir, lock).await?;
    let meta = state.push(&document, force).await?;
    terminal.note(&format!("The state is now that of {}, with serial {}.", file.display(), meta.serial));
    Ok(Exit::Done)
}

fn list(open: &OpenState, prefix: &str, terminal: &Terminal) {
    let objects = open.prior.sorted();
    let lines: Vec<String> = objects
        .iter()
        .map(|object| match &object.deposed {
            Some(key) => format!("{} (deposed {key})", object.address),
            None => object.address.to_string(),
        })
        .filter(|line| line.starts_with(prefix))
        .collect();
    if terminal.json {
        terminal.print_json(&json!(lines));
    } else if !lines.is_empty() {
        terminal.print(&lines.join("\n"));
    }
}

fn show(open: &OpenState, address: &str, terminal: &Terminal) -> Result<(), Failure> {
    let all = as_report(&open.prior);
    let found: Vec<Object> =
        all.objects.iter().filter(|object| object.address.to_string() == address).cloned().collect();
    if found.is_empty() {
        let known: Vec<String> = all.objects.iter().map(|object| object.address.to_string()).collect();
        let detail = format!("The state has no object `{address}`.");
        let error = mesh_diagnostics::Diagnostic::error("unknown-address", "Unknown address", detail);
        return Err(error.suggest(address, known.iter().map(String::as_str)).into());
    }
    let shown = Shown { objects: found, outputs: Default::default() };
    if terminal.json {
        terminal.print_json(&json::state(&shown, super::show::about(None)));
    } else {
        terminal.print(&report::state(&shown, terminal.style()));
    }
    Ok(())
}

async fn history(open: &OpenState, number: Option<u64>, terminal: &Terminal) -> Result<(), Failure> {
    let entries = match number {
        None => open.state.history().await?,
        Some(number) => match open.state.history_entry(number).await? {
            Some(entry) => vec![entry],
            None => {
                let detail = format!("The history has no entry {number}.");
                return Err(Failure::of("unknown-history-entry", "No such entry", detail));
            }
        },
    };
    if terminal.json {
        terminal.print_json(&serde_json::to_value(&entries).unwrap_or_default());
        return Ok(());
    }
    if entries.is_empty() {
        terminal.note("Nothing was applied yet.");
        return Ok(());
    }
    let mut table = comfy_table::Table::new();
    table.load_style(comfy_table::presets::NOTHING);
    table.set_header(["#", "STARTED", "TOOK", "WHO", "RESULT", "CHANGES", "COMMAND"]);
    for entry in &entries {
        table.add_row(row(entry));
    }
    terminal.print(&table.lines().map(|line| line.trim_end().to_owned()).collect::<Vec<_>>().join("\n"));
    if number.is_some() {
        let changes = entries.iter().flat_map(|entry| &entry.changes);
        let lines: Vec<String> = changes
            .map(|change| {
                let from = change.previous.as_ref().map(|previous| format!(" (from {previous})")).unwrap_or_default();
                format!("  {:<8} {:<8} {}{from}", word(&change.result), change.action, change.address)
            })
            .collect();
        terminal.print(&format!("\n{}", lines.join("\n")));
    }
    Ok(())
}

fn row(entry: &HistoryEntry) -> [String; 7] {
    let took = entry.duration().map(|took| format!("{:.1}s", took.as_secs_f64())).unwrap_or_default();
    let outcome = match entry.outcome {
        ApplyOutcome::Running => "unfinished",
        ApplyOutcome::Done => "done",
        ApplyOutcome::Failed => "failed",
    };
    let started = entry.started_at.strftime("%Y-%m-%d %H:%M:%SZ").to_string();
    let changes = entry.changes.len().to_string();
    [entry.number.to_string(), started, took, entry.who.clone(), outcome.to_owned(), changes, entry.command.clone()]
}

/// A result as the state's own JSON writes it.
fn word(result: &mesh_state::ChangeResult) -> String {
    serde_json::to_value(result).ok().and_then(|word| word.as_str().map(ToOwned::to_owned)).unwrap_or_default()
}

/// Everything in the state, as the reports take it.
pub fn as_report(prior: &Prior) -> Shown {
    let objects = prior.sorted().into_iter().map(|object| Object {
        address: object.address.clone(),
        deposed: object.deposed.clone(),
        provider: Arc::from(object.record.provider.as_str()),
        value: object.record.value.clone(),
        tainted: object.is_tainted(),
    });
    Shown { objects: objects.collect(), outputs: output::as_report(&prior.outputs) }
}
