//! Refuses plans that pass a budget, and says by how much and with what.

use jiff::tz::TimeZone;
use mesh_cost::{Prices, Spending, Verdict, money, most_expensive};
use mesh_diagnostics::{Diagnostic, SourceMap};

use crate::failure::{Exit, Failure};

/// So many of the most expensive parts are named.
const PARTS: usize = 3;

/// The prices that a plan made at a time is held with, in seconds and nanoseconds since 1970.
pub fn prices(planned_at: (i64, u32)) -> Prices<'static> {
    let made = jiff::Timestamp::from_second(planned_at.0).unwrap_or_default();
    Prices { book: mesh_cost::standard(), today: made.to_zoned(TimeZone::UTC).date() }
}

/// Holds the budgets that refuse what passes them. `done` says what this command did before.
///
/// # Errors
/// Each budget that the plan would pass.
pub fn hold(spending: &Spending, done: Option<&str>) -> Result<(), Failure> {
    let refused = spending.verdicts.iter().filter(|verdict| verdict.refuses());
    let refused: Vec<Diagnostic> = refused.map(|verdict| told(verdict, spending, done)).collect();
    if refused.is_empty() {
        return Ok(());
    }
    let diagnostics = refused.into_iter().collect();
    Err(Failure { exit: Exit::Refused, diagnostics, sources: SourceMap::default() })
}

/// What is told of a budget that would be passed.
fn told(verdict: &Verdict, spending: &Spending, done: Option<&str>) -> Diagnostic {
    let (scope, currency) = (&verdict.limit.scope, &spending.estimate.currency);
    let month = |amount: &str| format!("{amount} {currency} a month");
    let detail = format!(
        "With this plan, {scope} costs {}, and its budget allows {}: {} {currency} more than allowed. {}",
        month(&money::interval(&verdict.after.interval)),
        money::amount(verdict.allowed),
        money::amount(verdict.excess()),
        done.unwrap_or("Nothing was changed."),
    );
    let mut refused = Diagnostic::error("budget-exceeded", "Budget exceeded", detail);
    for part in most_expensive(&spending.estimate, verdict, PARTS) {
        let said = format!("{}: {}", part.name, month(&money::interval(&part.amount)));
        refused = refused.value(part.address, said);
    }
    refused
}
