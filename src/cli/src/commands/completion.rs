//! `mesh completion`: prints a completion script for a shell.

use clap::{Args, CommandFactory};
use clap_complete::Shell;

use crate::arguments::Arguments;
use crate::failure::{Exit, Failure};
use crate::terminal::Terminal;

/// Arguments of `mesh completion`.
#[derive(Debug, Args)]
pub struct CompletionArgs {
    /// The shell.
    #[arg(value_enum)]
    shell: Shell,
}

/// Prints the script.
///
/// # Errors
/// Where the script is not text.
pub fn run(args: &CompletionArgs, terminal: &Terminal) -> Result<Exit, Failure> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut Arguments::command(), "mesh", &mut script);
    let script = String::from_utf8(script).map_err(|error| {
        Failure::of(
            "no-completion",
            "No completion script",
            format!("The script is not text: {error}. This is a bug in mesh."),
        )
    })?;
    terminal.print(&script);
    Ok(Exit::Done)
}
