//! Prints how fast and how small `mesh` is, as a table, with Terraform beside it where that is installed.

mod arguments;
mod aws;
mod build;
mod cases;
mod configuration;
mod figure;
mod latency;
mod measure;
mod program;
mod table;

use std::io::Write;
use std::process::ExitCode;

use anyhow::Context;
use clap::Parser;

use crate::arguments::Arguments;
use crate::cases::Bench;
use crate::program::Program;

fn main() -> anyhow::Result<ExitCode> {
    let arguments = Arguments::parse();
    let mesh = match &arguments.mesh {
        Some(path) => path.canonicalize().with_context(|| format!("there is no {}", path.display()))?,
        None => build::release(if arguments.aws { &["aws"] } else { &[] })?,
    };
    let terraform = if arguments.no_terraform { None } else { Program::find_terraform() };
    let scratch = match &arguments.scratch {
        Some(parent) => tempfile::tempdir_in(parent),
        None => tempfile::tempdir(),
    };
    let scratch = scratch.context("no directory for the measured configurations")?;
    if arguments.aws {
        let (text, reached) = aws::run(&Program::Mesh(mesh), scratch.path(), arguments.runs, arguments.quick)?;
        write!(std::io::stdout().lock(), "{text}")?;
        return Ok(if reached { ExitCode::SUCCESS } else { ExitCode::FAILURE });
    }
    let mut bench = Bench::new(Program::Mesh(mesh), terraform, scratch.path().to_owned(), &arguments);
    let rows = bench.run()?;
    let mut out = std::io::stdout().lock();
    write!(out, "{}", table::about(&bench)?)?;
    write!(out, "{}", table::table(&rows, arguments.quick))?;
    let missed = !arguments.quick && rows.iter().any(|row| row.verdicts().contains(&Some(false)));
    Ok(if missed { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}
