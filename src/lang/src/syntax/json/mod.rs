//! HCL's JSON syntax: the same configuration as objects, for programs that write it. A file becomes the same tree as
//! in native syntax, so that nothing but this module knows of JSON.
//!
//! JSON alone doesn't tell an argument from blocks, nor a reference from a text. For the language's own blocks a
//! [`Shape`] does. Where only a provider's schema does, an argument says that it may be blocks, and
//! [`Body::by_schema`](super::Body::by_schema) makes them.
//!
//! - `scan`, `parser`, `tree`: JSON itself, with a place for everything;
//! - `body`, `expr`: the tree of the language that it stands for;
//! - `relocate`: from the text of a string to its place in the file.

mod body;
mod by_schema;
mod expr;
mod parser;
mod problem;
mod relocate;
mod scan;
mod shape;
mod tree;

use mesh_diagnostics::{Diagnostics, FileId};

use super::ast::Body;
use expr::Lowering;
pub use shape::{BlockShape, Rest, Shape, Strings};

/// Parses a whole file in JSON whose top level has a shape. Always gives a tree; where the source is wrong, diagnostics
/// say so.
#[must_use]
pub fn parse_json(source: &str, file: FileId, shape: &Shape) -> (Body, Diagnostics) {
    let (root, diagnostics) = parser::parse(source, file);
    let mut lowering = Lowering { source, file, diagnostics, depth: 0, line_starts: Vec::new() };
    let body = lowering.file(root, shape);
    (body, lowering.diagnostics)
}
