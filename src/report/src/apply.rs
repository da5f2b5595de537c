//! What reports of an apply are made from.

use std::time::Duration;

use mesh_plan::Action;

/// How an apply ended.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ApplyReport {
    /// What was done, how, and how long it took.
    pub done: Vec<(String, Action, Duration)>,
    /// What was done to the state alone, as sentences: what only moved, was imported.
    pub recorded: Vec<String>,
    /// How many objects were imported.
    pub imported: usize,
    /// What failed, and why in a line; the diagnostics say more.
    pub failed: Vec<(String, Action, String)>,
    /// What was done and failed a postcondition then, and that in a line.
    pub unmet: Vec<(String, Action, String)>,
    /// What was not started, and why.
    pub skipped: Vec<(String, String)>,
    /// Whether it was stopped: by the user, or by a budget.
    pub stopped: bool,
    /// Whether something other than a change went wrong, such as a condition or an output; the diagnostics say what.
    pub has_errors: bool,
}
