//! What the budgets say, in words.

use mesh_cost::{BudgetBasis, Limit, OnExceed, Period, Spending, Status, Verdict, money};

use crate::text::{grouped, listed};

/// So many budgets are named; the others are counted.
const MOST: usize = 4;

/// The cells of a budget: what it covers, the number that it is about, that number's range, what is allowed, and how they
/// compare.
pub(crate) fn cells(verdict: &Verdict) -> [String; 5] {
    let range = money::range(&verdict.after.interval);
    let spent = money::bound(verdict.spent());
    [verdict.limit.scope.to_string(), spent, range, money::amount(verdict.allowed), status(verdict)]
}

/// How the estimate compares with a budget: `within, 34%`, `exceeded by 12.30, refused`.
fn status(verdict: &Verdict) -> String {
    let (most, up_to) = match verdict.limit.budget.basis {
        BudgetBasis::Expected => ("", ""),
        BudgetBasis::High => ("at most ", "up to "),
    };
    let percent = verdict.spent().and_then(|spent| money::percent(spent, verdict.allowed));
    let percent = percent.map(|percent| format!(", {most}{percent}")).unwrap_or_default();
    match verdict.status {
        Status::Within => format!("within{percent}"),
        Status::Reached(threshold) => format!("reached {}%{percent}", money::exact(threshold)),
        Status::Undecided if verdict.after.late.is_zero() && !verdict.after.is_undecided => {
            "undecided, no bound is known".to_owned()
        }
        Status::Undecided => "undecided until apply".to_owned(),
        Status::Exceeded => {
            let consequence = match verdict.limit.budget.on_exceed {
                OnExceed::Warn => "a warning",
                OnExceed::Deny if verdict.refuses() => "refused",
                OnExceed::Deny => "not by this change",
            };
            // What is decided during apply may come on top.
            let up_to = if verdict.most == Some(verdict.least) { up_to } else { "at least " };
            format!("exceeded by {up_to}{}, {consequence}", money::amount(verdict.excess()))
        }
    }
}

/// What the table of budgets does not say, a sentence each.
pub(crate) fn notes(spending: &Spending) -> Vec<String> {
    let mut notes = Vec::new();
    for Verdict { limit: Limit { scope, budget }, .. } in &spending.verdicts {
        let period = match budget.period {
            Period::Monthly if budget.currency == spending.estimate.currency => continue,
            Period::Monthly => "month",
            Period::Quarterly => "quarter",
            Period::Yearly => "year",
        };
        let amount = money::amount(budget.amount);
        notes.push(format!("The budget of {scope} is {amount} {} a {period}.", budget.currency));
    }
    let unpriced = spending.verdicts.iter().filter(|verdict| verdict.after.unpriced > 0);
    let unpriced: Vec<String> =
        unpriced.map(|verdict| format!("{} of {}", grouped(verdict.after.unpriced), verdict.limit.scope)).collect();
    if !unpriced.is_empty() {
        notes.push(format!("Parts that have no price are not counted as spent: {}.", listed(&unpriced, MOST)));
    }
    notes
}
