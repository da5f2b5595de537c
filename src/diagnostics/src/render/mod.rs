//! Diagnostics as people and programs read them: pure functions from data to text and JSON, without any input or output.

pub mod escape;
mod excerpt;
mod json;
mod text;
pub mod wrap;

use serde_json::Value;

use crate::{Diagnostic, Diagnostics, Severity, SourceMap};

/// How text is laid out. The caller knows the terminal; this crate doesn't look.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Style {
    /// Whether to colour with ANSI escape codes. Nothing is said by colour alone.
    pub color: bool,
    /// The columns that a line may have. Single long words and paths still go over, so that they can be copied.
    pub width: usize,
}

/// Renders all diagnostics for a person, sorted and without repetitions, with a blank line between them. Every one ends
/// with a line break; no diagnostics give an empty text.
///
/// Whatever the diagnostics, paths and sources hold, the result has no control characters but line breaks and, where
/// the style says so, the colours.
#[must_use]
pub fn text(diagnostics: &Diagnostics, sources: &SourceMap, style: Style) -> String {
    let rendered: Vec<_> =
        diagnostics.sorted().into_iter().map(|diagnostic| text::diagnostic(diagnostic, sources, style)).collect();
    rendered.join("\n")
}

/// Counts the diagnostics that [`text`] shows: "2 errors, 1 warning". Without any: "no problems".
#[must_use]
pub fn summary(diagnostics: &Diagnostics) -> String {
    let (errors, warnings) = counts(diagnostics);
    let count = |count: usize, noun: &str| match count {
        0 => None,
        1 => Some(format!("1 {noun}")),
        _ => Some(format!("{count} {noun}s")),
    };
    let parts: Vec<_> = [count(errors, "error"), count(warnings, "warning")].into_iter().flatten().collect();
    if parts.is_empty() { "no problems".to_owned() } else { parts.join(", ") }
}

/// Renders all diagnostics as the object that `mesh validate --json` prints, sorted and without repetitions.
///
/// The names are those of Terraform's `validate -json` (`format_version`, `valid`, `error_count`, `warning_count`,
/// `diagnostics`), so that tools which read it work; each diagnostic adds `code` and `hints`, see [`json_diagnostic`].
#[must_use]
pub fn json(diagnostics: &Diagnostics, sources: &SourceMap) -> Value {
    let (errors, warnings) = counts(diagnostics);
    let rendered: Vec<_> =
        diagnostics.sorted().into_iter().map(|diagnostic| json_diagnostic(diagnostic, sources)).collect();
    serde_json::json!({
        "format_version": "1.0",
        "valid": errors == 0,
        "error_count": errors,
        "warning_count": warnings,
        "diagnostics": rendered,
    })
}

/// Renders one diagnostic as a JSON object, for streams that carry one event a line.
///
/// `range` and `snippet` are there only for a subject in a known file, `address` only where there is one. Columns count
/// characters from 1, bytes count from 0; the highlight's offsets count bytes of `snippet.code`.
#[must_use]
pub fn json_diagnostic(diagnostic: &Diagnostic, sources: &SourceMap) -> Value {
    json::diagnostic(diagnostic, sources)
}

/// Errors and warnings, without repetitions.
fn counts(diagnostics: &Diagnostics) -> (usize, usize) {
    let sorted = diagnostics.sorted();
    let errors = sorted.iter().filter(|diagnostic| diagnostic.severity == Severity::Error).count();
    (errors, sorted.len() - errors)
}
