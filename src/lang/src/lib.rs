//! The configuration language: HCL syntax, and evaluation that records what it read.

pub mod syntax;
