//! The `mesh` binary: reads arguments, runs one command, answers with an exit code.

mod arguments;
mod budgets;
mod commands;
mod environment;
mod failure;
mod interrupt;
mod price_books;
mod progress;
mod project;
mod providers;
mod replace;
mod spending;
mod state_access;
mod terminal;
mod values;

use std::process::ExitCode;

use clap::Parser;

use crate::arguments::Arguments;
use crate::failure::Exit;
use crate::terminal::Terminal;

fn main() -> ExitCode {
    let mut arguments = match Arguments::try_parse_from(arguments::with_two_dashes(std::env::args_os())) {
        Ok(arguments) => arguments,
        Err(error) => return usage(&error),
    };
    let terminal = Terminal::new(&arguments.global);
    if let Err(failure) = project::enter(&mut arguments.global) {
        terminal.failure(&failure);
        return failure.exit.into();
    }
    let runtime = match tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => {
            terminal.note(&format!("error: the asynchronous runtime can't start: {error}"));
            return Exit::Failed.into();
        }
    };
    match runtime.block_on(commands::run(arguments, &terminal)) {
        Ok(exit) => exit.into(),
        Err(failure) => {
            terminal.failure(&failure);
            failure.exit.into()
        }
    }
}

/// Prints help, the version, or what is wrong with the arguments. That fails with 1: clap's own 2 would mean that there
/// are changes.
fn usage(error: &clap::Error) -> ExitCode {
    let exit = if error.use_stderr() { Exit::Failed } else { Exit::Done };
    // Where nothing can be printed, nobody is there to read it.
    drop(error.print());
    exit.into()
}
