//! The engine: makes plans from configuration, state and platform, and applies them.

#![deny(clippy::disallowed_methods, clippy::disallowed_types)]

pub mod apply;
mod blocks;
mod check_block;
mod checks;
mod configuration;
pub mod console;
mod cost;
mod depends;
mod error;
mod events;
mod expand;
mod moves;
mod object;
pub mod plan;
mod prior;
mod proposed;
mod providers;
mod run;
mod saved;
mod scope;
mod secrets;
mod stored;
mod values;
mod world;

pub use apply::{Applied, ApplyOptions, ChangeOutcome, apply};
pub use blocks::{Node, graph, report_cycles};
pub use console::Console;
pub use error::EngineError;
pub use events::{Event, Observer, Phase, Silent};
pub use plan::{PlanOptions, Planned, Snapshot, Undeclared, plan};
pub use prior::{Prior, PriorObject};
pub use providers::Providers;
pub use run::Inputs;
pub use saved::{options_to_go_on, reopen, save};
pub use scope::Surroundings;
