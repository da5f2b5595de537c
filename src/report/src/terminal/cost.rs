//! Sums of what things cost a month, what is missing from them and makes them wide, and the budgets.

use mesh_cost::{By, Estimate, Spending, money};
use mesh_diagnostics::render::escape;

use super::paint::Page;
use super::table::Table;
use crate::cost::{self, Name, Row};
use crate::text::{counted, listed};

/// So many reasons are told; the others are counted.
const MOST_REASONS: usize = 5;
/// So many objects are named that a reason is about.
const MOST_OBJECTS: usize = 2;

/// A table of sums by product or by what is asked for, with what the two sides are called.
pub(super) fn write_sums(estimate: &Estimate, by: &By, sides: [&str; 2], page: &mut Page) {
    let rows = cost::subtotals(estimate, by);
    if rows.is_empty() {
        return;
    }
    let is_wide = cost::is_wide(&rows);
    let title = match by {
        By::Product => format!("Cost a month in {}", estimate.currency),
        by => format!("Cost a month in {} by {}", estimate.currency, cost::of(by)),
    };
    let mut heading: Vec<String> = [&*title, sides[0], sides[1], "difference"].map(escape::line).to_vec();
    heading.extend(is_wide.then(|| "range".to_owned()));
    let mut table = Table::of_amounts(heading, vec![1, 2, 3], false);
    for row in &rows {
        let [before, after, difference, range] = row.amounts();
        let cells = [name(row), before, after, difference].into_iter();
        table.row(cells.chain(is_wide.then_some(range)));
    }
    page.gap();
    table.write(page);
}

/// What makes the sums wide, and what they miss.
pub(super) fn write_doubts(estimate: &Estimate, page: &mut Page) {
    write_reasons(estimate, page);
    let gaps = cost::gaps(estimate);
    if !gaps.is_empty() {
        page.gap();
        gaps.iter().for_each(|gap| page.prose(&escape::line(gap)));
    }
}

fn name(row: &Row) -> String {
    match &row.name {
        Name::Own(name) => escape::line(name),
        Name::Domain(name) => format!("domain {}", escape::line(name)),
        Name::None(none) => (*none).to_owned(),
        Name::All => "all together".to_owned(),
    }
}

fn write_reasons(estimate: &Estimate, page: &mut Page) {
    let reasons = cost::widest(estimate);
    if reasons.is_empty() {
        return;
    }
    let mut table = Table::of_amounts(vec!["Wide by".to_owned(), "because".to_owned()], vec![0], true);
    for reason in reasons.iter().take(MOST_REASONS) {
        let objects: Vec<String> = reason.objects.iter().map(|address| escape::line(address)).collect();
        let because = format!("{} ({})", escape::line(reason.text), listed(&objects, MOST_OBJECTS));
        table.row([money::bound(reason.width), because]);
    }
    page.gap();
    table.write(page);
    let hidden = reasons.len().saturating_sub(MOST_REASONS);
    if hidden > 0 {
        page.raw(&format!("and {}", counted(hidden, "more reason")));
    }
}

/// A table of all budgets.
pub(super) fn write_budgets(spending: &Spending, page: &mut Page) {
    if spending.verdicts.is_empty() {
        return;
    }
    let is_wide = spending.verdicts.iter().any(|verdict| !money::range(&verdict.after.interval).is_empty());
    let title = format!("Budgets a month in {}", spending.estimate.currency);
    let heading = [title, "spent".to_owned(), "range".to_owned(), "allowed".to_owned(), "status".to_owned()];
    let shown = |cells: [String; 5]| {
        let cells = cells.into_iter().enumerate().filter(|(column, _)| is_wide || *column != 2);
        cells.map(|(_, cell)| escape::line(&cell)).collect::<Vec<_>>()
    };
    let right = vec![1, if is_wide { 3 } else { 2 }];
    let mut table = Table::of_amounts(shown(heading), right, true);
    for verdict in &spending.verdicts {
        table.row(shown(cost::cells(verdict)));
    }
    page.gap();
    table.write(page);
    cost::notes(spending).iter().for_each(|note| page.prose(&escape::line(note)));
}
