//! `mesh fmt`: checks that configuration files are well formed.

use std::path::PathBuf;

use clap::Args;
use mesh_config::{DiskFiles, ModuleFiles};
use mesh_diagnostics::{Diagnostics, SourceMap};
use mesh_lang::syntax;

use crate::arguments::Global;
use crate::failure::{Exit, Failure};
use crate::project::directory;
use crate::terminal::Terminal;

/// Arguments of `mesh fmt`.
#[derive(Debug, Args)]
pub struct FmtArgs {
    /// Check only; files are never changed yet.
    #[arg(long, required = true)]
    check: bool,
    /// Directories whose files are checked; the root module's without any.
    directories: Vec<PathBuf>,
}

/// Parses every file and checks its layout: no tabs, no spaces at line ends, one line break at the end of the file.
///
/// # Errors
/// Syntax errors, and files that can't be read.
pub fn run(args: &FmtArgs, global: &Global, terminal: &Terminal) -> Result<Exit, Failure> {
    let files = DiskFiles::new(directory(global)?);
    let (mut sources, mut diagnostics) = (SourceMap::default(), Diagnostics::default());
    let mut untidy = Vec::new();
    let here = [PathBuf::new()];
    let directories = if args.directories.is_empty() { here.as_slice() } else { &args.directories };
    for dir in directories {
        let found = files.module_files(dir).map_err(|error| {
            Failure::of(
                "module-unreadable",
                "Module can't be read",
                format!("Reading {} failed: {error}.", dir.display()),
            )
        })?;
        for (path, text) in found {
            let id = sources.add(path.clone(), text.as_str());
            diagnostics.extend(syntax::parse(&text, id).1);
            if !is_tidy(&text) {
                untidy.push(path);
            }
        }
    }
    if diagnostics.has_errors() {
        return Err(Failure::new(diagnostics, sources));
    }
    for path in &untidy {
        terminal.print(&path.display().to_string());
    }
    Ok(if untidy.is_empty() { Exit::Done } else { Exit::Failed })
}

fn is_tidy(text: &str) -> bool {
    let lines_are_tidy = text.lines().all(|line| !line.contains('\t') && line.trim_end() == line);
    lines_are_tidy && (text.is_empty() || (text.ends_with('\n') && !text.ends_with("\n\n")))
}
