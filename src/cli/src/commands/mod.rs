//! One file a command: its arguments, and what it does.

pub mod apply;
pub mod completion;
pub mod console;
pub mod cost;
pub mod docs;
pub mod fmt;
mod generate;
pub mod graph;
pub mod init;
pub mod output;
pub mod plan;
pub mod prices;
pub mod product;
pub mod show;
pub mod state;
pub mod validate;
pub mod version;
pub mod why;

use crate::arguments::{Arguments, Command};
use crate::failure::{Exit, Failure};
use crate::terminal::Terminal;

/// Runs the command that was asked for.
///
/// # Errors
/// Why it could not be done.
pub async fn run(arguments: Arguments, terminal: &Terminal) -> Result<Exit, Failure> {
    let Arguments { global, command } = arguments;
    match command {
        Command::Init(args) => init::run(&args, &global, terminal).await,
        Command::Validate(args) => validate::run(&args, &global, terminal),
        Command::Fmt(args) => fmt::run(&args, &global, terminal),
        Command::Plan(args) => plan::run(&args, &global, terminal).await,
        Command::Apply(args) => apply::run(&args, &global, terminal).await,
        Command::Destroy(args) => apply::destroy(&args, &global, terminal).await,
        Command::Show(args) => show::run(&args, &global, terminal).await,
        Command::Output(args) => output::run(&args, &global, terminal).await,
        Command::State(args) => state::run(&args, &global, terminal).await,
        Command::Console(args) => console::run(&args, &global, terminal).await,
        Command::Graph(args) => graph::run(&args, &global, terminal),
        Command::Cost(args) => cost::run(&args, &global, terminal).await,
        Command::Product(args) => product::run(&args, &global, terminal).await,
        Command::Prices(args) => prices::run(&args, &global, terminal),
        Command::Why(args) => why::run(&args, &global, terminal).await,
        Command::Docs(args) => docs::run(&args, &global, terminal).await,
        Command::Version(args) => version::run(&args, terminal),
        Command::Completion(args) => completion::run(&args, terminal),
    }
}
