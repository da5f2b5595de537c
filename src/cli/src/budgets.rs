//! Refuses plans that pass a budget, and says by how much and with what.

use jiff::tz::TimeZone;
use mesh_cost::{Book, Cheaper, Prices, Spending, Verdict, Way, money, most_expensive};
use mesh_diagnostics::{Diagnostic, Diagnostics, SourceMap};
use mesh_engine::Planned;
use mesh_value::Value;

use crate::failure::{Exit, Failure};

/// So many of the most expensive parts are named.
const PARTS: usize = 3;

/// The prices that a plan made at a time is held with, in seconds and nanoseconds since 1970.
pub fn prices(book: &Book, planned_at: (i64, u32)) -> Prices<'_> {
    let made = jiff::Timestamp::from_second(planned_at.0).unwrap_or_default();
    Prices { book, today: made.to_zoned(TimeZone::UTC).date() }
}

/// Holds the budgets that refuse what passes them. `done` says what this command did before.
///
/// # Errors
/// Each budget that the plan would pass, with ways to get under it.
pub fn hold(planned: &Planned, spending: &Spending, prices: Prices<'_>, done: Option<&str>) -> Result<(), Failure> {
    let pricing = prices.under(&planned.plan.cost.rules);
    let refused = spending.verdicts.iter().filter(|verdict| verdict.refuses()).map(|verdict| {
        let mut alternatives = |address: &str, value: Option<&Value>| planned.alternatives(address, value);
        let ways = mesh_cost::ways(&spending.estimate, verdict, &pricing, &mut alternatives);
        told(verdict, spending, &ways, done)
    });
    let diagnostics: Diagnostics = refused.collect();
    if diagnostics.is_empty() {
        return Ok(());
    }
    Err(Failure { exit: Exit::Refused, diagnostics, sources: SourceMap::default() })
}

/// What is told of a budget that would be passed.
fn told(verdict: &Verdict, spending: &Spending, ways: &[Way], done: Option<&str>) -> Diagnostic {
    let (scope, currency) = (&verdict.limit.scope, &spending.estimate.currency);
    let month = |amount: &str| format!("{amount} {currency} a month");
    let at_least = if verdict.most == Some(verdict.least) { "" } else { "at least " };
    let detail = format!(
        "With this plan, {scope} costs {}, and its budget allows {}: {at_least}{} {currency} more than allowed. {}",
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
    for (number, way) in ways.iter().enumerate() {
        let total = month(&money::amount(way.total));
        let title = match (way.is_enough, number) {
            (true, 0) => format!("This gets under the budget, with {total}:"),
            (true, _) => format!("So does this, with {total}:"),
            (false, _) => format!("No way was found that gets under the budget. The best comes to {total}:"),
        };
        let changes: String = way.changes.iter().map(|change| line(change, currency)).collect();
        refused = refused.hint(format!("{title}{changes}"));
    }
    refused
}

/// One change as a line, with what it takes for granted.
fn line(change: &Cheaper, currency: &str) -> String {
    let Cheaper { address, change, caveat, saved } = change;
    let caveat = caveat.as_ref().map(|caveat| format!(" {caveat}")).unwrap_or_default();
    format!("\n- {change} in {address}, which saves {} {currency} a month.{caveat}", money::amount(*saved))
}
