//! A plan, from what happened outside of mesh to the line that sums it up: what matters most stands last, where the
//! terminal stops.

use mesh_cost::{By, Spending};
use mesh_diagnostics::render::{Style, escape};
use mesh_plan::{Action, Change, Plan, PlanMode, ReplaceOrder};

use super::cost::{write_budgets, write_doubts, write_sums};
use super::paint::Page;
use super::table::Table;
use crate::cost::{self, Remarks};
use crate::line::{Line, Marker, Tone};
use crate::{diff, product, text, wording};

/// The plan in the field's visual language: `+` create, `~` update, `-` destroy, `-/+` and `+/-` replace, `<=` read.
///
/// Objects come in the plan's order, unchanged attributes folded. Ends with a line break.
#[must_use]
pub fn plan(plan: &Plan, spending: &Spending, style: Style) -> String {
    let mut page = Page::new(style);
    drift(plan, &mut page);
    if !plan.has_changes() {
        let (headline, explanation) = wording::no_changes(plan.mode, !plan.drift.is_empty());
        page.gap();
        page.title(headline);
        page.gap();
        page.prose(explanation);
        costs(plan, spending, &mut page);
        return page.finish();
    }
    let remarks = Remarks::new(spending);
    changes(plan, &remarks, &mut page);
    deferred(plan, &remarks, &mut page);
    outputs(plan, &mut page);
    products(plan, &mut page);
    checks(plan, &mut page);
    by_product(plan, &mut page);
    costs(plan, spending, &mut page);
    losses(plan, &mut page);
    page.gap();
    if plan.mode == PlanMode::RefreshOnly {
        page.title("This plan takes over into the state what was changed outside of mesh, and changes nothing else.");
    } else {
        page.title(&wording::closing(plan));
        if plan.cost.says_something() {
            page.title(&cost::closing(&spending.estimate));
        }
    }
    page.finish()
}

fn costs(plan: &Plan, spending: &Spending, page: &mut Page) {
    if plan.cost.says_something() {
        page.gap();
        write_sums(&spending.estimate, &By::Product, ["before", "after"], page);
        write_doubts(&spending.estimate, page);
        write_budgets(spending, page);
    }
}

fn drift(plan: &Plan, page: &mut Page) {
    if plan.drift.is_empty() {
        return;
    }
    page.title("Changes made outside of mesh");
    page.gap();
    page.prose("These objects are not any more as the last apply left them:");
    for drift in &plan.drift {
        page.gap();
        let (verb, marker) =
            if drift.after.is_null() { ("has been deleted", Marker::Delete) } else { ("has changed", Marker::Update) };
        page.line(&Line::heading(format!("{} {verb}", drift.address)));
        object(page, marker, &wording::block_header(&drift.address), |body| {
            body.object(1, &drift.before, &drift.after, &[]);
        });
    }
    if plan.mode != PlanMode::RefreshOnly && plan.has_changes() {
        page.gap();
        page.prose("The plan below starts from these objects as they are now.");
    }
}

fn changes(plan: &Plan, remarks: &Remarks<'_>, page: &mut Page) {
    let shown: Vec<&Change> = plan.changes.iter().filter(|change| change.is_change()).collect();
    if shown.is_empty() {
        return;
    }
    page.gap();
    if shown.iter().all(|change| change.action == Action::NoOp) {
        page.prose("mesh will perform the following actions:");
    } else {
        page.prose("mesh will perform the following actions, shown with these symbols:");
        legend(&shown, page);
    }
    for change in shown {
        page.gap();
        page.lines(&heading(change, remarks));
        object(page, change.action.into(), &wording::block_header(&change.address), |body| match change.action {
            Action::Forget | Action::NoOp => body.identity(1, &change.before),
            _ => body.object(1, &change.before, &change.after, &change.requires_replace),
        });
    }
}

/// `# local_table.orders must be replaced`, why, what it costs and what is lost.
pub(crate) fn heading(change: &Change, costs: &Remarks<'_>) -> Vec<Line> {
    let mut lines = vec![Line::heading(wording::sentence(change))];
    let remarks = wording::remarks(change).into_iter().chain(costs.of(change));
    lines.extend(remarks.map(|remark| Line::new(Marker::Comment, 0).plain(escape::line(&remark))));
    lines.extend(change.losses.iter().map(|loss| {
        Line::new(Marker::Loss, 0).with(Tone::Danger, format!("loses data: {}", escape::line(&loss.what)))
    }));
    lines
}

/// An object's block with what changes in it.
fn object(page: &mut Page, marker: Marker, header: &str, write: impl FnOnce(&mut diff::Diff)) {
    let mut body = diff::Diff::default();
    write(&mut body);
    let open = Line::new(marker, 0).plain(format!("{header} {{"));
    if body.lines.is_empty() {
        page.line(&open.plain("}"));
        return;
    }
    page.line(&open);
    page.lines(&body.lines);
    page.line(&Line::new(Marker::None, 0).plain("}"));
}

/// The symbols that this plan uses.
fn legend(shown: &[&Change], page: &mut Page) {
    let meanings = [
        (Action::Create, "create"),
        (Action::Update, "update in place"),
        (Action::Delete, "destroy"),
        (Action::Replace(ReplaceOrder::DestroyBeforeCreate), "destroy, then create anew"),
        (Action::Replace(ReplaceOrder::CreateBeforeDestroy), "create anew, then destroy the old one"),
        (Action::Read, "read during apply"),
        (Action::Forget, "leave as it is and no longer manage"),
    ];
    for (action, meaning) in meanings {
        if shown.iter().any(|change| change.action == action) {
            page.line(&Line::new(action.into(), 0).plain(meaning));
        }
    }
}

fn deferred(plan: &Plan, remarks: &Remarks<'_>, page: &mut Page) {
    if plan.deferred.is_empty() {
        return;
    }
    page.gap();
    page.title("Decided during apply");
    page.gap();
    page.prose("mesh plans these blocks again once it knows what they wait for, and shows what it will do:");
    page.gap();
    for block in &plan.deferred {
        page.line(&Line::new(Marker::Deferred, 0).with(Tone::Strong, block.block.to_string()));
        page.line(&Line::new(Marker::None, 1).plain(wording::deferred(block.reason)));
        for awaited in &block.waits_for {
            page.line(&Line::new(Marker::None, 1).plain(format!("waits for {}", escape::line(awaited))));
        }
        for cost in remarks.of_block(block) {
            page.remark(8, &escape::line(&cost));
        }
    }
}

fn outputs(plan: &Plan, page: &mut Page) {
    let lines = diff::outputs(&plan.outputs);
    if !lines.is_empty() {
        page.gap();
        page.title("Changes to outputs");
        page.gap();
        page.lines(&lines);
    }
}

fn products(plan: &Plan, page: &mut Page) {
    let changed: Vec<_> = plan.products.iter().filter(|product| product.action != Action::NoOp).collect();
    if changed.is_empty() {
        return;
    }
    page.gap();
    page.title("Changes to data products");
    for change in changed {
        page.gap();
        page.lines(&product::change(change));
    }
}

/// What `check` blocks say, but for those that hold.
fn checks(plan: &Plan, page: &mut Page) {
    let open = wording::open_checks(plan);
    if open.is_empty() {
        return;
    }
    page.gap();
    page.title("Checks");
    page.gap();
    for (fails, address, said) in open {
        let marker = if fails { Marker::Loss } else { Marker::Deferred };
        page.line(&Line::new(marker, 0).with(Tone::Strong, address));
        page.line(&Line::new(Marker::None, 1).plain(escape::line(&said)));
    }
}

fn by_product(plan: &Plan, page: &mut Page) {
    let summaries = plan.summary_by_product();
    if summaries.keys().all(Option::is_none) {
        return;
    }
    let mut table = Table::of_counts(["By data product", "add", "change", "destroy"]);
    // Objects of no product come last.
    let (none, some): (Vec<_>, Vec<_>) = summaries.iter().partition(|(product, _)| product.is_none());
    for (product, summary) in some.into_iter().chain(none) {
        let name = product.as_deref().map_or_else(|| "of no data product".to_owned(), escape::line);
        let counts = [summary.create, summary.update, summary.delete].map(text::grouped);
        let [add, change, destroy] = counts;
        table.row([name, add, change, destroy]);
    }
    page.gap();
    table.write(page);
}

fn losses(plan: &Plan, page: &mut Page) {
    let losing: Vec<String> = plan
        .changes
        .iter()
        .filter(|change| !change.losses.is_empty())
        .map(|change| change.address.to_string())
        .collect();
    if losing.is_empty() {
        return;
    }
    page.gap();
    let verb = if losing.len() == 1 { "loses" } else { "lose" };
    page.toned(Tone::Danger, &format!("! {} {verb} data:", text::counted(losing.len(), "change")));
    for address in losing {
        page.toned(Tone::Danger, &format!("  ! {address}"));
    }
}
