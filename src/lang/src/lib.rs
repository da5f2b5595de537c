//! The configuration language: HCL syntax, and evaluation that records what it read.

#![deny(clippy::disallowed_methods, clippy::disallowed_types)]

pub mod constant;
pub mod decode;
pub mod eval;
pub mod format;
pub mod functions;
pub mod syntax;
