//! What things cost, for a pull request: sums and budgets in tables, what they rest on behind folds.

use mesh_cost::{By, Cost, Estimate, Line, Spending, money};

use super::{code, html, html_code, prose};
use crate::cost::{self, Name, parts};
use crate::text::{counted, listed};

/// So many reasons are told; the others are counted.
const MOST_REASONS: usize = 5;
/// So many objects are named that a reason is about.
const MOST_OBJECTS: usize = 2;

/// A whole estimate in at most about `limit` bytes: past it, objects are counted, not shown.
#[must_use]
pub fn cost(spending: &Spending, by: &By, limit: usize) -> String {
    let estimate = &spending.estimate;
    let mut out = format!("### {}\n", prose(cost::closing(estimate).trim_end_matches('.')));
    write_sums(estimate, by, ["Before", "After"], &mut out);
    write_budgets(spending, &mut out);
    write_doubts(estimate, &mut out);
    let objects: Vec<_> = parts::costing(&estimate.lines).collect();
    if !objects.is_empty() {
        out.push_str("\n#### Objects\n\n");
    }
    for (index, (line, cost)) in objects.iter().enumerate() {
        let details = object(line, cost);
        if out.len() + details.len() > limit {
            let left = objects.len() - index;
            out.push_str(&format!("\nand {} not shown: `mesh cost` shows all.\n", counted(left, "more object")));
            break;
        }
        out.push_str(&details);
    }
    out
}

/// What differs between the costs of two plans, as [`Estimate::between`] has it. `names` are those of the plans.
#[must_use]
pub fn cost_difference(between: &Estimate, names: [&str; 2], by: &By, limit: usize) -> String {
    let sentence = cost::against(names, between);
    let mut out = format!("### {}\n", prose(sentence.trim_end_matches('.')));
    write_sums(between, by, names, &mut out);
    let differing: Vec<&Line> = between.lines.iter().filter(|line| parts::differs(line)).collect();
    if differing.is_empty() {
        out.push_str("\nNo object costs anything else.\n");
        return out;
    }
    let [first, second] = names.map(prose);
    out.push_str(&format!("\n| Object | {first} | {second} | Difference | What |\n|---|--:|--:|--:|---|\n"));
    for (index, line) in differing.iter().enumerate() {
        let [before, after, difference] = parts::sides(line);
        let changes = parts::changes(line).iter().map(|change| prose(change)).collect::<Vec<_>>().join("<br>");
        let row = format!("| {} | {before} | {after} | {difference} | {changes} |\n", code(&line.address));
        if out.len() + row.len() > limit {
            let left = differing.len() - index;
            out.push_str(&format!("\nand {} not shown.\n", counted(left, "more object")));
            break;
        }
        out.push_str(&row);
    }
    out
}

/// What a plan says of cost: sums by product and budgets, and what they rest on.
pub(super) fn write_cost(spending: &Spending, out: &mut String) {
    out.push_str(&format!("\n#### {}\n", prose(cost::closing(&spending.estimate).trim_end_matches('.'))));
    write_sums(&spending.estimate, &By::Product, ["Before", "After"], out);
    write_budgets(spending, out);
    write_doubts(&spending.estimate, out);
}

fn write_sums(estimate: &Estimate, by: &By, sides: [&str; 2], out: &mut String) {
    let rows = cost::subtotals(estimate, by);
    if rows.is_empty() {
        return;
    }
    let is_wide = cost::is_wide(&rows);
    let (range, line) = if is_wide { (" Range |", "---|") } else { ("", "") };
    let [first, second] = sides.map(prose);
    let by = prose(&cost::of(by));
    out.push_str(&format!("\n| {} a month by {by} | {first} | {second} | Difference |{range}\n", estimate.currency));
    out.push_str(&format!("|---|--:|--:|--:|{line}\n"));
    for row in rows {
        let [before, after, difference, range] = row.amounts();
        let name = match &row.name {
            Name::Own(name) => code(name),
            Name::Domain(name) => format!("domain {}", code(name)),
            Name::None(none) => (*none).to_owned(),
            Name::All => "**all together**".to_owned(),
        };
        let range = if is_wide { format!(" {range} |") } else { String::new() };
        out.push_str(&format!("| {name} | {before} | {after} | {difference} |{range}\n").replace("|  |", "| |"));
    }
}

fn write_budgets(spending: &Spending, out: &mut String) {
    if spending.verdicts.is_empty() {
        return;
    }
    let currency = &spending.estimate.currency;
    out.push_str(&format!("\n| Budget a month in {currency} | Spent | Range | Allowed | Status |\n"));
    out.push_str("|---|--:|---|--:|---|\n");
    for verdict in &spending.verdicts {
        let [scope, spent, range, allowed, status] = cost::cells(verdict).map(|cell| prose(&cell));
        let status = if verdict.refuses() { format!("**{status}**") } else { status };
        out.push_str(&format!("| {scope} | {spent} | {range} | {allowed} | {status} |\n").replace("|  |", "| |"));
    }
    let notes = cost::notes(spending);
    if !notes.is_empty() {
        out.push('\n');
    }
    notes.iter().for_each(|note| out.push_str(&format!("{}\n", prose(note))));
}

/// What makes the sums wide, and what they miss.
fn write_doubts(estimate: &Estimate, out: &mut String) {
    let (reasons, gaps) = (cost::widest(estimate), cost::gaps(estimate));
    if reasons.is_empty() && gaps.is_empty() {
        return;
    }
    out.push_str("\n<details><summary>What the sums miss, and what makes them wide</summary>\n\n");
    gaps.iter().for_each(|gap| out.push_str(&format!("- {}\n", prose(gap))));
    for reason in reasons.iter().take(MOST_REASONS) {
        let width = match reason.width {
            Some(width) => format!("wide by {}", money::amount(width)),
            None => "without a bound".to_owned(),
        };
        let objects: Vec<String> = reason.objects.iter().map(|address| code(address)).collect();
        out.push_str(&format!("- {width}: {} ({})\n", said(reason.text), listed(&objects, MOST_OBJECTS)));
    }
    let hidden = reasons.len().saturating_sub(MOST_REASONS);
    if hidden > 0 {
        out.push_str(&format!("- and {}\n", counted(hidden, "more reason")));
    }
    out.push_str("\n</details>\n");
}

/// Text of which what stands in backticks is code, and nothing else is markup.
fn said(text: &str) -> String {
    let pieces: Vec<&str> = text.split('`').collect();
    if pieces.len().is_multiple_of(2) {
        return prose(text);
    }
    pieces
        .iter()
        .enumerate()
        .map(|(place, piece)| if place.is_multiple_of(2) { prose(piece) } else { code(piece) })
        .collect()
}

/// An object behind a fold: a row a part.
fn object(line: &Line, cost: &Cost) -> String {
    let title = format!("{}: {}", html_code(&line.address), html(&parts::together(cost)));
    let mut out = format!("<details><summary>{title}</summary>\n\n");
    for remark in parts::remarks(line) {
        out.push_str(&format!("{}\n\n", prose(&remark)));
    }
    if !cost.components.is_empty() {
        out.push_str("| Part | Quantity | Unit | Price | A month | |\n|---|--:|---|--:|--:|---|\n");
    }
    for part in &cost.components {
        let [name, quantity, unit, price, amount] = parts::cells(part).map(|cell| prose(&cell));
        let notes = parts::notes(part).iter().map(|note| said(note)).collect::<Vec<_>>().join("<br>");
        let row = format!("| {name} | {quantity} | {unit} | {price} | {amount} | {notes} |\n");
        out.push_str(&row.replace("|  |", "| |"));
    }
    out.push_str("\n</details>\n");
    out
}
