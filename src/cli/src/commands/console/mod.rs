//! `mesh console`: evaluates expressions on the configuration and the state, one after the other.

mod editing;
mod session;
mod unfinished;

use std::io::{BufRead, IsTerminal};

use clap::Args;

use crate::arguments::Global;
use crate::environment::World;
use crate::failure::{Exit, Failure};
use crate::project::Project;
use crate::state_access::{self, LockArgs};
use crate::terminal::Terminal;
use crate::values::ValueArgs;
use session::{Answer, Session};

/// Arguments of `mesh console`.
#[derive(Debug, Args)]
pub struct ConsoleArgs {
    #[command(flatten)]
    values: ValueArgs,
    #[command(flatten)]
    lock: LockArgs,
}

/// What `help` prints.
const HELP: &str = "\
Type an expression, such as `local.names` or `length(var.zones)`, to see its value.
It can read variables, local values, outputs of modules, and objects as the state has
them. What only a plan can tell is shown as `(known after apply)`.

`type(...)` prints the type of a value. An open bracket goes on in the next line.
`exit` or Ctrl-D leaves.";

/// Reads expressions from standard input and prints their values: all of a pipe up to the first that is wrong, or what
/// someone types on a terminal until they leave.
///
/// # Errors
/// What is wrong with the configuration or the state, and on a pipe with an expression.
pub async fn run(args: &ConsoleArgs, global: &Global, terminal: &Terminal) -> Result<Exit, Failure> {
    let mut project = Project::load_or_empty(global)?;
    let variables = project.values_so_far(&args.values)?;
    // Nobody has to wait for whoever sits at a console: the state is read once and closed.
    let prior = state_access::open_to_read(&project.dir, "console", &args.lock).await?.prior;
    let inputs = project.inputs(variables, World::looking(project.dir.clone()), 1);
    let console = mesh_engine::Console::new(&inputs, &prior);
    let (console, found) = console.map_err(|diagnostics| project.failure(diagnostics))?;
    terminal.diagnostics(&project.warnings, &project.sources);
    terminal.diagnostics(&found, &project.sources);
    if found.has_errors() {
        terminal.note("\nExpressions that read what is wrong have no value.");
    }
    let mut session = Session::new(&console, &project.sources);
    if std::io::stdin().is_terminal() && terminal.is_live {
        editing::converse(&mut session, mesh_engine::console::names(&project.tree), terminal)
    } else {
        read_all(&mut session, terminal)
    }
}

/// Evaluates what stands on a pipe.
fn read_all(session: &mut Session<'_>, terminal: &Terminal) -> Result<Exit, Failure> {
    let mut pending = String::new();
    for line in std::io::stdin().lock().lines() {
        let line = line.map_err(|error| {
            let detail = format!("Reading standard input failed: {error}.");
            Failure::of("input-unreadable", "Input can't be read", detail)
        })?;
        pending.push_str(&line);
        if unfinished::is_unfinished(&pending) {
            pending.push('\n');
            continue;
        }
        match session.answer(&std::mem::take(&mut pending))? {
            Answer::Nothing => {}
            Answer::Value(value) => show(&value, terminal),
            Answer::Type(ty) => show_type(&ty, terminal),
            Answer::Help => terminal.print(HELP),
            Answer::Leave => return Ok(Exit::Done),
        }
    }
    if !pending.is_empty() {
        session.answer(&pending)?;
    }
    Ok(Exit::Done)
}

/// Prints a value: in the field's form, or as one JSON object on a line.
fn show(value: &mesh_value::Value, terminal: &Terminal) {
    if !terminal.json {
        return terminal.print(&mesh_report::value_text::value_text(value));
    }
    let is_hidden = !value.deep_marks().is_empty();
    let is_known = value.is_wholly_known();
    let plain = if is_hidden || !is_known { None } else { mesh_value::to_plain_json(value).ok() };
    terminal.print_event(&serde_json::json!({
        "value": plain,
        "type": value.ty(),
        "sensitive": value.deep_marks().is_sensitive(),
        "known": is_known,
    }));
}

fn show_type(ty: &mesh_value::Type, terminal: &Terminal) {
    if terminal.json {
        terminal.print_event(&serde_json::json!({ "type": ty }));
    } else {
        terminal.print(&mesh_report::type_text::type_text(ty));
    }
}
