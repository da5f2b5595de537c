//! The canonical layout of a file: byte for byte the one that `terraform fmt` gives it.
//!
//! A file that parses goes through these passes. Each reads the result of the one before and takes time linear in it.
//! No pass looks at the white space that was there, so formatting what was formatted changes nothing.
//!
//! 1. [`piece`]: tokens become pieces, whose spaces are still open;
//! 2. [`modern`]: forms of old versions of the language give way to today's;
//! 3. [`line`]: pieces are cut into lines, and a line into what stands in columns;
//! 4. [`indentation`]: each line starts as deep as the brackets around it;
//! 5. [`spacing`]: two pieces of a line have a space between them or none;
//! 6. [`alignment`]: `=` and comments of lines that follow each other stand below each other.

mod alignment;
mod indentation;
mod line;
mod modern;
mod piece;
mod spacing;
mod unwrap;

use mesh_diagnostics::{Diagnostics, FileId};

use crate::syntax;

/// Formats a file. What is behind a heredoc's marker, in quotes and in comments stays as it is.
///
/// # Errors
/// The syntax errors of a file that doesn't parse: nothing is known about its layout.
pub fn format(source: &str, file: FileId) -> Result<String, Diagnostics> {
    let (body, diagnostics) = syntax::parse(source, file);
    if diagnostics.has_errors() {
        return Err(diagnostics);
    }
    let mut pieces = modern::modernise(&body, piece::pieces(source, file));
    let lines = line::lines(&pieces);
    indentation::indent(&mut pieces, &lines);
    spacing::space(&mut pieces, &lines);
    alignment::align(&mut pieces, &lines);
    Ok(piece::text(&pieces))
}

/// What the tests of the passes compare: the layout of a source that must parse.
#[cfg(test)]
fn formatted(source: &str) -> String {
    match format(source, FileId(0)) {
        Ok(text) => text,
        Err(diagnostics) => panic!("{source}: {diagnostics:?}"),
    }
}
