//! `mesh fmt`: gives configuration files their canonical layout.

mod files;

use std::io::Read;
use std::path::{Path, PathBuf};

use clap::{ArgAction, Args};
use mesh_diagnostics::{Diagnostics, SourceMap};
use mesh_lang::format::format;
use mesh_report::terminal::unified;

use crate::arguments::Global;
use crate::failure::{Exit, Failure};
use crate::project::directory;
use crate::replace::replace;
use crate::terminal::Terminal;

/// What standard input is called among the arguments, and in messages.
const STDIN: (&str, &str) = ("-", "<stdin>");

/// Arguments of `mesh fmt`.
#[derive(Debug, Args)]
pub struct FmtArgs {
    /// Files, and directories whose files are formatted; `-` alone formats standard input [default: this directory].
    paths: Vec<PathBuf>,
    /// Change nothing, and exit with 3 where a file is not formatted.
    #[arg(long)]
    check: bool,
    /// Show what changes.
    #[arg(long)]
    diff: bool,
    /// Format files in the directories below, too.
    #[arg(long)]
    recursive: bool,
    /// Whether files are changed.
    #[arg(long, value_name = "BOOL", default_value_t = true, action = ArgAction::Set)]
    write: bool,
    /// Whether the names of files that are not formatted are printed.
    #[arg(long, value_name = "BOOL", default_value_t = true, action = ArgAction::Set)]
    list: bool,
}

/// A file that is not formatted.
struct Unformatted {
    name: String,
    before: String,
    after: String,
}

/// Formats what the arguments name. A file that can't be read or parsed is left alone, and so is no other for it.
///
/// # Errors
/// Syntax errors, and files that can't be read or written.
pub fn run(args: &FmtArgs, global: &Global, terminal: &Terminal) -> Result<Exit, Failure> {
    if args.paths.iter().any(|path| path == Path::new(STDIN.0)) {
        return format_input(args, terminal);
    }
    let root = directory(global)?;
    let (mut sources, mut diagnostics) = (SourceMap::default(), Diagnostics::default());
    let mut unformatted = Vec::new();
    for path in files::find(&root, &args.paths, args.recursive, &mut diagnostics) {
        let Some(before) = files::read(&root, &path, &mut diagnostics) else { continue };
        match format(&before, sources.add(path.clone(), before.as_str())) {
            Err(errors) => diagnostics.extend(errors),
            Ok(after) if after == before => {}
            Ok(after) => {
                let written = if args.write && !args.check { replace(&root.join(&path), &after) } else { Ok(()) };
                match written {
                    Ok(()) => unformatted.push(Unformatted { name: path.display().to_string(), before, after }),
                    Err(error) => diagnostics.push(files::not_written(&path, &error)),
                }
            }
        }
    }
    let failed = diagnostics.has_errors();
    if !(failed && terminal.json) {
        show(args, &unformatted, terminal);
    }
    match args.check && !unformatted.is_empty() {
        _ if failed => Err(Failure::new(diagnostics, sources)),
        true => Ok(Exit::Refused),
        false => Ok(Exit::Done),
    }
}

/// Formats standard input to standard output.
fn format_input(args: &FmtArgs, terminal: &Terminal) -> Result<Exit, Failure> {
    if args.paths.len() > 1 {
        return Err(Failure::of(
            "invalid-option",
            "Invalid option",
            "`-` stands for standard input, which is formatted alone; other paths were given beside it.",
        ));
    }
    let mut sources = SourceMap::default();
    let mut bytes = Vec::new();
    let read = std::io::stdin().lock().read_to_end(&mut bytes);
    let text = read.and_then(|_| files::text(bytes, Path::new(STDIN.1)));
    let before = text.map_err(|error| files::unreadable(Path::new(STDIN.1), &error))?;
    let id = sources.add(STDIN.1, before.as_str());
    let after = format(&before, id).map_err(|errors| Failure::new(errors, sources))?;
    let is_formatted = after == before;
    if args.diff {
        terminal.print_if_any(&unified(STDIN.1, &before, &after, terminal.style()));
    } else if !args.check {
        terminal.print(&after);
    }
    Ok(if args.check && !is_formatted { Exit::Refused } else { Exit::Done })
}

/// Prints which files are not formatted, and with `--diff` what changes in them.
fn show(args: &FmtArgs, unformatted: &[Unformatted], terminal: &Terminal) {
    if terminal.json {
        let style = mesh_diagnostics::render::Style { color: false, ..terminal.style() };
        let files = unformatted.iter().map(|Unformatted { name, before, after }| {
            let diff = args.diff.then(|| unified(name, before, after, style));
            diff.map_or_else(
                || serde_json::json!({ "path": name }),
                |diff| serde_json::json!({ "path": name, "diff": diff }),
            )
        });
        let files: Vec<serde_json::Value> = files.collect();
        return terminal.print_json(&serde_json::json!({ "format_version": "1.0", "unformatted": files }));
    }
    for Unformatted { name, before, after } in unformatted {
        if args.list {
            terminal.print(name);
        }
        if args.diff {
            terminal.print(&unified(name, before, after, terminal.style()));
        }
    }
}
