//! The only place that writes to standard output and standard error.

use std::io::{BufRead, IsTerminal, Write};

use mesh_diagnostics::render::{self, Style};
use mesh_diagnostics::{Diagnostics, SourceMap};

use crate::arguments::Global;
use crate::failure::Failure;

/// Columns where no terminal says otherwise.
const WIDTH: usize = 80;

/// What the two streams can show, and whether someone is there to answer.
#[derive(Clone, Debug)]
pub struct Terminal {
    out: Style,
    err: Style,
    /// Print JSON instead of text.
    pub json: bool,
    /// How much to say beside results.
    pub verbose: u8,
    /// Standard error is a terminal: progress may be drawn.
    pub is_live: bool,
    can_ask: bool,
}

impl Terminal {
    /// Looks at the streams and at the environment. Colour is shown on a terminal unless `--no-color` or `NO_COLOR`
    /// says otherwise; `CLICOLOR_FORCE` shows it anywhere.
    pub fn new(global: &Global) -> Self {
        let set = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty() && value != "0");
        let refused = global.no_color || set("NO_COLOR") || std::env::var_os("TERM").is_some_and(|term| term == "dumb");
        let color = |is_terminal: bool| !refused && (is_terminal || set("CLICOLOR_FORCE"));
        let width = std::env::var("COLUMNS").ok().and_then(|columns| columns.parse().ok());
        let width = width.or_else(|| terminal_size::terminal_size().map(|(width, _)| usize::from(width.0)));
        let width = width.unwrap_or(WIDTH);
        let (out, err) = (std::io::stdout().is_terminal(), std::io::stderr().is_terminal());
        Self {
            out: Style { color: color(out), width },
            err: Style { color: color(err), width },
            json: global.json,
            verbose: global.verbose,
            is_live: err && !global.json,
            can_ask: std::io::stdin().is_terminal() && err,
        }
    }

    /// How standard output looks.
    pub const fn style(&self) -> Style {
        self.out
    }

    /// How standard error looks.
    pub const fn error_style(&self) -> Style {
        self.err
    }

    /// Prints data. A reader that went away ends the output quietly.
    pub fn print(&self, text: &str) {
        let mut out = std::io::stdout().lock();
        let _ = out
            .write_all(text.as_bytes())
            .and_then(|()| if text.ends_with('\n') { Ok(()) } else { out.write_all(b"\n") });
        let _ = out.flush();
    }

    /// Prints data, if there is any.
    pub fn print_if_any(&self, text: &str) {
        if !text.is_empty() {
            self.print(text);
        }
    }

    /// Prints one JSON document.
    pub fn print_json(&self, document: &serde_json::Value) {
        let text = serde_json::to_string_pretty(document).unwrap_or_default();
        self.print(&text);
    }

    /// Prints one JSON object on one line.
    pub fn print_event(&self, event: &serde_json::Value) {
        self.print(&event.to_string());
    }

    /// Says something that is not data.
    pub fn note(&self, text: &str) {
        let mut err = std::io::stderr().lock();
        let _ = err
            .write_all(text.as_bytes())
            .and_then(|()| if text.ends_with('\n') { Ok(()) } else { err.write_all(b"\n") });
    }

    /// Shows warnings, or errors that do not end the command.
    pub fn diagnostics(&self, diagnostics: &Diagnostics, sources: &SourceMap) {
        if diagnostics.is_empty() {
            return;
        }
        if self.json {
            for diagnostic in diagnostics.sorted() {
                let diagnostic = render::json_diagnostic(diagnostic, sources);
                self.note(&serde_json::json!({ "type": "diagnostic", "diagnostic": diagnostic }).to_string());
            }
            return;
        }
        self.note(&render::text(diagnostics, sources, self.err));
    }

    /// Shows why a command failed: as JSON on standard output where that was asked for, else as text.
    pub fn failure(&self, failure: &Failure) {
        if self.json {
            self.print_json(&render::json(&failure.diagnostics, &failure.sources));
            return;
        }
        self.note(&render::text(&failure.diagnostics, &failure.sources, self.err));
        if failure.diagnostics.len() > 1 {
            self.note(&format!("\n{}", render::summary(&failure.diagnostics)));
        }
    }

    /// Asks and waits for "yes". `None` where nobody can answer.
    pub fn confirm(&self, question: &str) -> Option<bool> {
        if !self.can_ask {
            return None;
        }
        let mut err = std::io::stderr().lock();
        let _ = write!(err, "\n{question}\n  Only `yes` goes on: ");
        let _ = err.flush();
        let mut answer = String::new();
        std::io::stdin().lock().read_line(&mut answer).ok()?;
        Some(answer.trim() == "yes")
    }
}
