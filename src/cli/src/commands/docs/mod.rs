//! `mesh docs`: prints reference pages that are made from what this program knows.

mod functions;
mod module;
mod module_facts;
mod module_page;
mod permissions;
mod provider;
mod provider_schema;

use clap::{Args, Subcommand};

use crate::arguments::Global;
use crate::failure::{Exit, Failure};
use crate::terminal::Terminal;

/// Arguments of `mesh docs`.
#[derive(Debug, Args)]
pub struct DocsArgs {
    #[command(subcommand)]
    command: DocsCommand,
}

/// What to describe.
#[derive(Debug, Subcommand)]
enum DocsCommand {
    /// List the functions of the language.
    Functions,
    /// Describe one function: its parameters, its result, an example.
    Function {
        /// Its name, such as `cidrsubnet`.
        name: String,
    },
    /// Describe a module: inputs, outputs, providers, resources, what it calls.
    Module(module::ModuleArgs),
    /// Describe a provider: its block, its resource types, its data sources.
    Provider(provider::ProviderArgs),
}

/// Prints what was asked for.
///
/// # Errors
/// Where there is nothing of that name.
pub async fn run(args: &DocsArgs, global: &Global, terminal: &Terminal) -> Result<Exit, Failure> {
    match &args.command {
        DocsCommand::Functions => functions::list(terminal),
        DocsCommand::Function { name } => functions::describe(name, terminal)?,
        DocsCommand::Module(args) => module::run(args, terminal)?,
        DocsCommand::Provider(args) => provider::run(args, global, terminal).await?,
    }
    Ok(Exit::Done)
}
