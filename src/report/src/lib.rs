//! One plan as people and programs read it: terminal text, Markdown for pull requests, JSON. Pure functions of data;
//! the caller knows the terminal.
//!
//! Sensitive parts of values are in no report, whatever its form.

#![deny(clippy::disallowed_methods, clippy::disallowed_types)]

pub mod apply;
pub mod configuration;
mod cost;
mod diff;
pub mod json;
mod line;
pub mod markdown;
pub mod prices;
mod product;
pub mod state;
pub mod terminal;
mod text;
pub mod type_text;
pub mod value_text;
mod wording;
