//! What went wrong, where, why and what to do: diagnostics as plain data, their source positions, and their renderers.

#![deny(clippy::disallowed_methods, clippy::disallowed_types)]

mod diagnostic;
pub mod render;
mod source;
mod spelling;

pub use diagnostic::{Diagnostic, Diagnostics, Severity};
pub use source::{FileId, Position, SourceFile, SourceMap, Span};
pub use spelling::{article, nearest};
