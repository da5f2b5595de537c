//! `mesh output`: prints the root module's outputs as the last apply left them.

use std::collections::BTreeMap;
use std::sync::Arc;

use clap::Args;
use mesh_report::state::Output;
use mesh_report::terminal as report;
use mesh_report::value_text::value_text;
use mesh_value::Value;
use serde_json::json;

use crate::arguments::Global;
use crate::failure::{Exit, Failure};
use crate::project::directory;
use crate::state_access::{self, LockArgs};
use crate::terminal::Terminal;

/// Arguments of `mesh output`.
#[derive(Debug, Args)]
pub struct OutputArgs {
    /// Print only this output; a sensitive one is printed only so.
    name: Option<String>,
    /// Print a string, number or bool as it is, without quotes.
    #[arg(long, requires = "name")]
    raw: bool,
    #[command(flatten)]
    lock: LockArgs,
}

/// Prints one output or all.
///
/// # Errors
/// Where there is no such output, or the state can't be read.
pub async fn run(args: &OutputArgs, global: &Global, terminal: &Terminal) -> Result<Exit, Failure> {
    let open = state_access::open_to_read(&directory(global)?, "output", &args.lock).await?;
    let outputs = &open.prior.outputs;
    let Some(name) = &args.name else {
        if terminal.json {
            terminal.print_json(&as_json(outputs));
        } else if outputs.is_empty() {
            terminal.note("The state has no outputs. They come with the first `mesh apply`.");
        } else {
            terminal.print(&report::outputs(&as_report(outputs), terminal.style()));
        }
        return Ok(Exit::Done);
    };
    let Some((value, _)) = outputs.get(name.as_str()) else {
        let detail = format!("The state has no output `{name}`.");
        let error = mesh_diagnostics::Diagnostic::error("unknown-output", "Unknown output", detail);
        return Err(error.suggest(name, outputs.keys().map(AsRef::as_ref)).into());
    };
    // Asked for by name, a sensitive value is meant to be seen.
    let value = value.without_marks_deep();
    if terminal.json {
        terminal.print_json(&plain(&value));
    } else if args.raw {
        match mesh_value::convert(&value, &mesh_value::Type::String).ok().as_ref().and_then(Value::as_str) {
            Some(text) => terminal.print(text),
            None => {
                let detail = format!(
                    "Output `{name}` is {}, and only a string, number or bool has a raw form.",
                    value.describe()
                );
                return Err(Failure::of("no-raw-form", "Output has no raw form", detail));
            }
        }
    } else {
        terminal.print(&value_text(&value));
    }
    Ok(Exit::Done)
}

/// All outputs as JSON: value, type, sensitive. A sensitive value is null.
pub fn as_json(outputs: &BTreeMap<Arc<str>, (Value, bool)>) -> serde_json::Value {
    let entry = |(value, sensitive): &(Value, bool)| {
        let is_secret = *sensitive || value.deep_marks().is_sensitive();
        let shown = if is_secret { serde_json::Value::Null } else { plain(value) };
        json!({ "value": shown, "type": value.ty(), "sensitive": is_secret })
    };
    outputs.iter().map(|(name, output)| (name.to_string(), entry(output))).collect::<serde_json::Map<_, _>>().into()
}

/// All outputs as the reports take them.
pub fn as_report(outputs: &BTreeMap<Arc<str>, (Value, bool)>) -> BTreeMap<Arc<str>, Output> {
    let output = |(value, sensitive): &(Value, bool)| Output { value: value.clone(), sensitive: *sensitive };
    outputs.iter().map(|(name, entry)| (name.clone(), output(entry))).collect()
}

fn plain(value: &Value) -> serde_json::Value {
    mesh_value::to_plain_json(value).unwrap_or_default()
}
