//! Directed acyclic graphs: built from references, checked for cycles, drawn, and walked with bounded concurrency.

#![deny(clippy::disallowed_methods, clippy::disallowed_types)]

mod draw;
mod graph;
mod walk;

pub use draw::{dot, mermaid};
pub use graph::{Cycle, Graph};
pub use walk::{Dag, Outcome, walk};
