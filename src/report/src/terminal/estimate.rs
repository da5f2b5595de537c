//! A whole estimate, object by object with the parts of each, and what differs between two.

use mesh_cost::{By, Estimate, Line, Spending};
use mesh_diagnostics::render::{Style, escape};

use super::cost::{write_budgets, write_doubts, write_sums};
use super::paint::Page;
use super::table::Table;
use crate::cost::{self, parts};
use crate::line::Tone;

/// Everything that will cost something: its parts with quantity, unit, price and amount, sums by what is asked for, and
/// the budgets.
#[must_use]
pub fn cost(spending: &Spending, by: &By, style: Style) -> String {
    let mut page = Page::new(style);
    let estimate = &spending.estimate;
    write_parts(estimate, &mut page);
    write_sums(estimate, by, ["before", "after"], &mut page);
    write_doubts(estimate, &mut page);
    write_budgets(spending, &mut page);
    page.gap();
    page.title(&cost::closing(estimate));
    page.finish()
}

fn write_parts(estimate: &Estimate, page: &mut Page) {
    let title = format!("Cost a month in {}", estimate.currency);
    let heading = [&*title, "quantity", "unit", "price", "a month"].map(str::to_owned).to_vec();
    let mut table = Table::of_amounts(heading, vec![1, 3, 4], false);
    for (_, cost) in parts::costing(&estimate.lines) {
        for part in &cost.components {
            let [name, rest @ ..] = parts::cells(part).map(|cell| escape::line(&cell));
            table.row([format!("  {name}")].into_iter().chain(rest));
        }
    }
    // No cell is wrapped, so each part is one line.
    let mut lines = table.lines(page.width()).into_iter();
    let Some(heading) = lines.next().filter(|_| parts::costing(&estimate.lines).next().is_some()) else {
        page.prose("Nothing will cost anything by itself.");
        return;
    };
    page.toned(Tone::Strong, &heading);
    for (line, cost) in parts::costing(&estimate.lines) {
        page.gap();
        page.toned(Tone::Strong, &format!("{}: {}", escape::line(&line.address), parts::together(cost)));
        for remark in parts::remarks(line) {
            page.remark(2, &escape::line(&remark));
        }
        for (part, text) in cost.components.iter().zip(lines.by_ref()) {
            page.raw(&text);
            for note in parts::notes(part) {
                page.remark(4, &escape::line(&note));
            }
        }
    }
}

/// What differs between the costs of two plans, as [`Estimate::between`] has it: objects that cost more or less, with the
/// parts that make the difference, and sums. `names` are those of the plans.
#[must_use]
pub fn cost_difference(between: &Estimate, names: [&str; 2], by: &By, style: Style) -> String {
    let mut page = Page::new(style);
    let differing: Vec<&Line> = between.lines.iter().filter(|line| parts::differs(line)).collect();
    if differing.is_empty() {
        page.title("No object costs anything else.");
    } else {
        write_objects(&differing, between, names, &mut page);
    }
    write_sums(between, by, names, &mut page);
    page.gap();
    page.title(&cost::against(names, between));
    page.finish()
}

fn write_objects(differing: &[&Line], between: &Estimate, names: [&str; 2], page: &mut Page) {
    let title = format!("Cost a month in {} by object", between.currency);
    let heading = [&*title, names[0], names[1], "difference"].map(escape::line).to_vec();
    let mut table = Table::of_amounts(heading, vec![1, 2, 3], false);
    for line in differing {
        table.row([escape::line(&line.address)].into_iter().chain(parts::sides(line)));
    }
    for (index, text) in table.lines(page.width()).iter().enumerate() {
        match index.checked_sub(1).and_then(|index| differing.get(index)) {
            None => page.toned(Tone::Strong, text),
            Some(line) => {
                page.raw(text);
                for change in parts::changes(line) {
                    page.remark(2, &escape::line(&change));
                }
            }
        }
    }
}
