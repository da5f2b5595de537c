//! A plan as pure data: what would change, what was read to decide it, and the file that keeps it.

#![deny(clippy::disallowed_methods, clippy::disallowed_types)]

mod change;
pub mod evidence;
mod file;
mod plan;
mod reads;

pub use change::{
    Action, Change, DeferReason, DeferredBlock, Drift, OutputChange, ProductChange, Reason, ReplaceOrder,
};
pub use file::{PlanFileError, SavedData, SavedObject, SavedPlan};
pub use plan::{CheckResult, CheckStatus, Plan, PlanMode, Summary};
pub use reads::{Link, ReadGraph, Vertex};
