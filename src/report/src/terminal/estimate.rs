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
    if parts::costing(&estimate.lines).next().is_none() {
        page.prose("Nothing will cost anything by itself.");
        return;
    }
    let whole = table_of_parts(estimate, false).lines(page.width());
    let fits = whole.iter().all(|line| line.chars().count() <= page.width());
    let lines = if fits { whole } else { table_of_parts(estimate, true).lines(page.width()) };
    // No cell is wrapped, so each part is one line.
    let mut lines = lines.into_iter();
    page.toned(Tone::Strong, &lines.next().unwrap_or_default());
    for (line, cost) in parts::costing(&estimate.lines) {
        page.gap();
        page.toned(Tone::Strong, &format!("{}: {}", escape::line(&line.address), parts::together(cost)));
        for remark in parts::remarks(line) {
            page.remark(2, &escape::line(&remark));
        }
        for (part, text) in cost.components.iter().zip(lines.by_ref()) {
            page.raw(&text);
            let quantity = (!fits).then(|| parts::quantity(part));
            for note in quantity.into_iter().chain(parts::notes(part)) {
                page.remark(4, &escape::line(&note));
            }
        }
    }
}

/// A row for each part; where there is little room, its name and amount alone.
fn table_of_parts(estimate: &Estimate, is_short: bool) -> Table {
    let title = format!("Cost a month in {}", estimate.currency);
    let (heading, right) = match is_short {
        true => (vec![&*title, "a month"], vec![1]),
        false => (vec![&*title, "quantity", "unit", "price", "a month"], vec![1, 3, 4]),
    };
    let mut table = Table::of_amounts(heading.into_iter().map(str::to_owned).collect(), right, false);
    for (_, cost) in parts::costing(&estimate.lines) {
        for part in &cost.components {
            let [name, quantity, unit, price, amount] = parts::cells(part).map(|cell| escape::line(&cell));
            let name = format!("  {name}");
            table.row(if is_short { vec![name, amount] } else { vec![name, quantity, unit, price, amount] });
        }
    }
    table
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
