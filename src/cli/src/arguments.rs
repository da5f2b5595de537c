//! Arguments that all commands share, and the table of commands.

use std::collections::BTreeSet;
use std::ffi::OsString;
use std::path::PathBuf;

use clap::{Args, CommandFactory, Parser, Subcommand};

use crate::commands;

/// Plan and apply data products: storage, compute, access and catalog entries as code.
#[derive(Debug, Parser)]
#[command(name = "mesh", version, propagate_version = true, max_term_width = 100)]
pub struct Arguments {
    /// What all commands share.
    #[command(flatten)]
    pub global: Global,
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// Options of every command.
#[derive(Clone, Debug, Args)]
pub struct Global {
    /// Run as if started in this directory.
    #[arg(short = 'C', long = "chdir", value_name = "DIR", global = true)]
    pub directory: Option<PathBuf>,
    /// Print without colour; so does a non-empty NO_COLOR in the environment.
    #[arg(long, global = true)]
    pub no_color: bool,
    /// Print machine-readable JSON to standard output.
    #[arg(long, global = true)]
    pub json: bool,
    /// Say more about what happens; twice for every object.
    #[arg(short, long, action = clap::ArgAction::Count, global = true)]
    pub verbose: u8,
}

/// All commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Fetch modules from elsewhere, and check that this directory is ready to plan.
    Init(commands::init::InitArgs),
    /// Check the configuration without state or platform.
    Validate(commands::validate::ValidateArgs),
    /// Give configuration files their canonical layout.
    Fmt(commands::fmt::FmtArgs),
    /// Show what apply would change.
    Plan(commands::plan::PlanArgs),
    /// Make the world as the configuration says, or carry out a saved plan.
    Apply(commands::apply::ApplyArgs),
    /// Delete everything that the state knows.
    Destroy(commands::apply::DestroyArgs),
    /// Show a saved plan, or the state.
    Show(commands::show::ShowArgs),
    /// Print the root module's outputs.
    Output(commands::output::OutputArgs),
    /// Look into the state, or replace it by a copy.
    State(commands::state::StateArgs),
    /// Evaluate expressions on the configuration and the state.
    Console(commands::console::ConsoleArgs),
    /// Draw the graph of blocks.
    Graph(commands::graph::GraphArgs),
    /// Show what everything will cost a month, and what differs between two plans.
    Cost(commands::cost::CostArgs),
    /// List and show data products.
    Product(commands::product::ProductArgs),
    /// Show the price book, or refresh one from AWS's price list.
    Prices(commands::prices::PricesArgs),
    /// Say why an object changes: the chain of reads that leads to it.
    Why(commands::why::WhyArgs),
    /// Print reference pages: functions, modules, providers.
    Docs(commands::docs::DocsArgs),
    /// Print version and providers.
    Version(commands::version::VersionArgs),
    /// Print a completion script for a shell.
    Completion(commands::completion::CompletionArgs),
}

/// Long options may be written with one dash, as Terraform's are: `-var x=1`, `-auto-approve`. What follows `--` stays
/// as it is.
pub fn with_two_dashes(arguments: impl Iterator<Item = OsString>) -> Vec<OsString> {
    let command = Arguments::command();
    let mut names: BTreeSet<String> = BTreeSet::new();
    let mut open = vec![&command];
    while let Some(command) = open.pop() {
        names.extend(command.get_arguments().filter_map(|argument| argument.get_long().map(ToOwned::to_owned)));
        open.extend(command.get_subcommands());
    }
    let mut literal = false;
    arguments
        .map(|argument| {
            literal |= argument == "--";
            let name = argument.to_str().and_then(|text| text.strip_prefix('-'));
            let name = name.map(|text| text.split_once('=').map_or(text, |(name, _)| name));
            match name {
                Some(name) if !literal && names.contains(name) => {
                    let mut long = OsString::from("-");
                    long.push(&argument);
                    long
                }
                _ => argument,
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_dash_is_enough_for_long_options() {
        let given = ["mesh", "-C", "dir", "plan", "-var", "x=-out", "-out=f", "-vv", "--", "-var"];
        let read = with_two_dashes(given.iter().map(OsString::from));
        let expected = ["mesh", "-C", "dir", "plan", "--var", "x=-out", "--out=f", "-vv", "--", "-var"];
        assert_eq!(read, expected.map(OsString::from));
        Arguments::command().debug_assert();
    }

    #[test]
    fn the_page_names_every_command_and_option() {
        let page = include_str!("../../../docs/cli.md");
        let command = Arguments::command();
        let mut open = vec![(String::from("mesh"), &command)];
        let mut missing = Vec::new();
        while let Some((name, command)) = open.pop() {
            if !command.has_subcommands() && !page.contains(&format!("`{name}")) {
                missing.push(name.clone());
            }
            let options = command.get_arguments().filter_map(|argument| argument.get_long());
            missing.extend(options.map(|long| format!("--{long}")).filter(|option| !page.contains(option.as_str())));
            open.extend(command.get_subcommands().map(|sub| (format!("{name} {}", sub.get_name()), sub)));
        }
        assert!(missing.is_empty(), "docs/cli.md says nothing of {}", missing.join(", "));
    }
}
