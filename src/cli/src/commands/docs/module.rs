//! `mesh docs module DIR`: a module's inputs, outputs and contents as a page, or as a part of one.

use std::path::{Path, PathBuf};

use clap::Args;
use mesh_config::{DiskFiles, load_module};
use mesh_diagnostics::{Diagnostic, Diagnostics, SourceMap};

use super::module_facts::Facts;
use super::module_page::page;
use crate::failure::Failure;
use crate::terminal::Terminal;

/// Where the part of a file begins that this command writes, and where it ends.
const MARKERS: [&str; 2] = ["<!-- mesh docs -->", "<!-- end of mesh docs -->"];

/// Arguments of `mesh docs module`.
#[derive(Debug, Args)]
pub(super) struct ModuleArgs {
    /// The module's directory.
    #[arg(value_name = "DIR")]
    module: PathBuf,
    /// Write into this file: between its markers `<!-- mesh docs -->` and `<!-- end of mesh docs -->` where it has them.
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// Write nothing; fail where --out would change this file.
    #[arg(long, value_name = "FILE", conflicts_with = "out")]
    check: Option<PathBuf>,
}

/// Prints the page of a module, writes it, or holds a file against it.
///
/// # Errors
/// What is wrong with the module, a file that can't be used, and one that is not up to date.
pub(super) fn run(args: &ModuleArgs, terminal: &Terminal) -> Result<(), Failure> {
    let facts = facts(&args.module)?;
    let page = page(&facts);
    if let Some(file) = args.check.as_deref() {
        let written = read(file)?;
        if inserted(&written, &page, file)? == written {
            return Ok(());
        }
        let detail = format!("{} is not what {} says now.", file.display(), args.module.display());
        let hint = format!("Run `mesh docs module {} --out {}`.", args.module.display(), file.display());
        return Err(Diagnostic::error("docs-outdated", "Documentation is out of date", detail).hint(hint).into());
    }
    if let Some(file) = args.out.as_deref() {
        let written = if file.exists() { inserted(&read(file)?, &page, file)? } else { page };
        return std::fs::write(file, written).map_err(|error| unusable(file, &error));
    }
    if terminal.json {
        terminal.print_json(&facts.json());
    } else {
        terminal.print(page.trim_end());
    }
    Ok(())
}

fn facts(directory: &Path) -> Result<Facts, Failure> {
    let Some(directory) = std::fs::canonicalize(directory).ok().filter(|found| found.is_dir()) else {
        return Err(Failure::of(
            "no-directory",
            "No such directory",
            format!("{} is not a directory.", directory.display()),
        ));
    };
    let (mut sources, mut diagnostics) = (SourceMap::default(), Diagnostics::default());
    let module = load_module(&DiskFiles::new(directory), &mut sources, &mut diagnostics);
    match diagnostics.into_result() {
        Ok(_) => Ok(Facts::of(&module, &sources)),
        Err(diagnostics) => Err(Failure::new(diagnostics, sources)),
    }
}

/// A file's text with the page in it: between its markers, else in place of everything.
fn inserted(text: &str, page: &str, file: &Path) -> Result<String, Failure> {
    let [begin, end] = MARKERS;
    match (text.split_once(begin), text.contains(end)) {
        (None, false) => Ok(page.to_owned()),
        (Some((before, rest)), true) if rest.contains(end) => {
            let after = rest.split_once(end).map_or("", |(_, after)| after);
            Ok(format!("{before}{begin}\n\n{page}\n{end}{after}"))
        }
        _ => {
            let detail =
                format!("{} has one of the lines `{begin}` and `{end}`, or the second one first.", file.display());
            Err(Failure::of("docs-markers", "Markers are not a pair", detail))
        }
    }
}

fn read(file: &Path) -> Result<String, Failure> {
    std::fs::read_to_string(file).map_err(|error| unusable(file, &error))
}

fn unusable(file: &Path, error: &std::io::Error) -> Failure {
    Failure::of("docs-file-unusable", "File can't be used", format!("{}: {error}.", file.display()))
}
