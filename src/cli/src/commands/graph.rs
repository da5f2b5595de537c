//! `mesh graph`: draws the graph of blocks.

use std::collections::BTreeSet;

use clap::{Args, ValueEnum};
use mesh_diagnostics::Diagnostics;
use mesh_engine::Node;

use crate::arguments::Global;
use crate::failure::{Exit, Failure};
use crate::project::Project;
use crate::terminal::Terminal;

/// Arguments of `mesh graph`.
#[derive(Debug, Args)]
pub struct GraphArgs {
    /// The form of the drawing.
    #[arg(long, value_enum, default_value_t = Format::Dot)]
    format: Format,
}

/// The forms of a drawing.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum Format {
    /// Graphviz.
    Dot,
    /// Mermaid, as Markdown shows it.
    Mermaid,
}

/// Prints the graph: an arrow leads from a block to one that it reads.
///
/// # Errors
/// Where the configuration is wrong, or has a cycle.
pub fn run(args: &GraphArgs, global: &Global, terminal: &Terminal) -> Result<Exit, Failure> {
    let project = Project::load(global)?;
    terminal.diagnostics(&project.warnings, &project.sources);
    let graph = mesh_engine::graph(&project.tree, &BTreeSet::new());
    if let Err(cycles) = graph.order() {
        let mut diagnostics = Diagnostics::default();
        mesh_engine::report_cycles(&cycles, &mut diagnostics);
        return Err(project.failure(diagnostics));
    }
    let label = |node: &Node| node.to_string();
    terminal.print(&match args.format {
        Format::Dot => mesh_graph::dot(&graph, label),
        Format::Mermaid => mesh_graph::mermaid(&graph, label),
    });
    Ok(Exit::Done)
}
