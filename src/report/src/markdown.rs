//! A plan for a pull request: a line that sums it up, a table by data product, and every object behind a fold.

mod cost;

use mesh_cost::Spending;
use mesh_diagnostics::render::escape;
use mesh_plan::{Action, Plan, Summary};

use crate::cost::Remarks;
use crate::line::{Line, Marker};
use crate::text::{counted, grouped};
use crate::{diff, product, wording};

pub use cost::{cost, cost_difference};

/// What hosts take in one comment (GitHub: 65,536 characters), less room for what others add.
pub const COMMENT_LIMIT: usize = 60_000;

/// The plan in Markdown of at most about `limit` bytes: past it, objects are named without their details.
///
/// Details are `diff` fences, which hosts colour by each line's first character: `+`, `-`, and `!` for what changes.
#[must_use]
pub fn plan(plan: &Plan, spending: &Spending, limit: usize) -> String {
    let mut out = String::new();
    if !plan.has_changes() {
        let (headline, explanation) = wording::no_changes(plan.mode, !plan.drift.is_empty());
        let (first, rest) = headline.split_once(". ").unwrap_or((headline, ""));
        out.push_str(&format!("### {first}\n\n{rest}\n\n{explanation}\n"));
        write_drift(plan, limit, &mut out);
        if plan.cost.says_something() {
            cost::write_cost(spending, &mut out);
        }
        return out;
    }
    let difference = plan.cost.says_something().then(|| format!("; {}", crate::cost::difference(&spending.estimate)));
    out.push_str(&format!("### Plan: {}{}\n", wording::counts(&plan.summary()), difference.unwrap_or_default()));
    write_losses(plan, &mut out);
    write_table(plan, &mut out);
    if plan.cost.says_something() {
        cost::write_cost(spending, &mut out);
    }
    write_drift(plan, limit, &mut out);
    write_products(plan, limit, &mut out);
    write_changes(plan, spending, limit, &mut out);
    write_deferred(plan, &mut out);
    write_checks(plan, &mut out);
    let outputs = diff::outputs(&plan.outputs);
    if !outputs.is_empty() {
        out.push_str("\n#### Outputs\n\n");
        let title =
            counted(outputs.iter().filter(|line| line.depth == 0 && line.marker != Marker::None).count(), "change");
        fold(&title, Marker::Update, &outputs, limit, &mut out);
    }
    out
}

fn write_checks(plan: &Plan, out: &mut String) {
    let open = wording::open_checks(plan);
    if open.is_empty() {
        return;
    }
    out.push_str("\n#### Checks\n\n");
    for (fails, address, said) in open {
        let verb = if fails { "does not hold" } else { "is decided after apply" };
        let said = if fails { format!(": {}", prose(&said)) } else { String::new() };
        out.push_str(&format!("- {} {verb}{said}\n", code(&address)));
    }
}

fn write_losses(plan: &Plan, out: &mut String) {
    let losing: Vec<_> = plan.changes.iter().filter(|change| !change.losses.is_empty()).collect();
    if losing.is_empty() {
        return;
    }
    let verb = if losing.len() == 1 { "loses" } else { "lose" };
    out.push_str(&format!("\n> [!CAUTION]\n> {} {verb} data:\n", counted(losing.len(), "change")));
    for change in losing {
        for loss in &change.losses {
            let what = prose(&loss.what);
            out.push_str(&format!("> - {}: {what}\n", code(&change.address.to_string())));
        }
    }
}

fn write_table(plan: &Plan, out: &mut String) {
    let summaries = plan.summary_by_product();
    if summaries.keys().all(Option::is_none) {
        return;
    }
    out.push_str("\n| Data product | Add | Change | Destroy |\n|---|--:|--:|--:|\n");
    let (none, some): (Vec<_>, Vec<_>) = summaries.iter().partition(|(product, _)| product.is_none());
    for (product, Summary { create, update, delete, .. }) in some.into_iter().chain(none) {
        let name = product.as_deref().map_or_else(|| "(none)".to_owned(), code);
        out.push_str(&format!("| {name} | {} | {} | {} |\n", grouped(*create), grouped(*update), grouped(*delete)));
    }
}

fn write_drift(plan: &Plan, limit: usize, out: &mut String) {
    if plan.drift.is_empty() {
        return;
    }
    out.push_str("\n#### Changes made outside of mesh\n\n");
    for drift in &plan.drift {
        let (verb, marker) =
            if drift.after.is_null() { ("has been deleted", Marker::Delete) } else { ("has changed", Marker::Update) };
        let mut body = diff::Diff::default();
        body.object(1, &drift.before, &drift.after, &[]);
        let lines = block(Vec::new(), marker, &wording::block_header(&drift.address), body.lines);
        fold(&format!("{} {verb}", html_code(&drift.address.to_string())), marker, &lines, limit, out);
    }
}

fn write_products(plan: &Plan, limit: usize, out: &mut String) {
    let changed: Vec<_> = plan.products.iter().filter(|product| product.action != Action::NoOp).collect();
    if changed.is_empty() {
        return;
    }
    out.push_str("\n#### Data products\n\n");
    for change in changed {
        let lines = product::change(change);
        let sentence = product::sentence(change);
        let rest = sentence.strip_prefix(change.address.as_ref()).unwrap_or_default();
        let title = format!("{}{}", html_code(&change.address), html(rest));
        fold(&title, change.action.into(), lines.get(1..).unwrap_or_default(), limit, out);
    }
}

fn write_changes(plan: &Plan, spending: &Spending, limit: usize, out: &mut String) {
    let shown: Vec<_> = plan.changes.iter().filter(|change| change.is_change()).collect();
    if shown.is_empty() {
        return;
    }
    let remarks = Remarks::new(spending);
    out.push_str("\n#### Changes\n\n");
    for (index, change) in shown.iter().enumerate() {
        let title = format!("{}{}", html_code(&change.address.to_string()), html(&wording::rest(change)));
        if out.len() > limit {
            let left = shown.len() - index;
            out.push_str(&format!(
                "\nand {} not shown: the whole plan is in the terminal's output.\n",
                counted(left, "more change")
            ));
            return;
        }
        let mut body = diff::Diff::default();
        match change.action {
            Action::Forget | Action::NoOp => body.identity(1, &change.before),
            _ => body.object(1, &change.before, &change.after, &change.requires_replace),
        }
        let heading = crate::terminal::heading(change, &remarks).split_off(1);
        let lines = block(heading, change.action.into(), &wording::block_header(&change.address), body.lines);
        fold(&title, change.action.into(), &lines, limit, out);
    }
}

fn write_deferred(plan: &Plan, out: &mut String) {
    if plan.deferred.is_empty() {
        return;
    }
    out.push_str("\n#### Decided during apply\n\n");
    for deferred in &plan.deferred {
        let waits: Vec<String> = deferred.waits_for.iter().map(|awaited| code(awaited)).collect();
        let waits = if waits.is_empty() { String::new() } else { format!("; waits for {}", waits.join(", ")) };
        out.push_str(&format!(
            "- {}: {}{waits}\n",
            code(&deferred.block.to_string()),
            wording::deferred(deferred.reason)
        ));
    }
}

/// The heading's remarks, the block's opening line, its body, its brace.
fn block(mut lines: Vec<Line>, marker: Marker, header: &str, body: Vec<Line>) -> Vec<Line> {
    lines.push(Line::new(marker, 0).plain(format!("{header} {{")));
    lines.extend(body);
    lines.push(Line::new(Marker::None, 0).plain("}"));
    lines
}

/// One object behind a fold; its title alone where the room is used up.
fn fold(title: &str, marker: Marker, lines: &[Line], limit: usize, out: &mut String) {
    let symbol = html(marker.symbol());
    let mut details = String::new();
    fence(lines, &mut details);
    if out.len() + details.len() > limit {
        out.push_str(&format!("- <code>{symbol}</code> {title} (too long to show here)\n"));
        return;
    }
    out.push_str(&format!("<details><summary><code>{symbol}</code> {title}</summary>\n\n{details}\n</details>\n"));
}

/// Lines as a `diff` fence: each line's marker comes first, its depth after it.
fn fence(lines: &[Line], out: &mut String) {
    let mut text = String::new();
    for line in lines {
        let mark = match line.marker {
            Marker::None | Marker::Forget => ' ',
            Marker::Comment => '#',
            Marker::Create => '+',
            Marker::Delete => '-',
            Marker::Loss | Marker::Update | Marker::Replace(_) | Marker::Read | Marker::Deferred => '!',
        };
        let start = text.len();
        text.push(mark);
        text.push(' ');
        text.extend(std::iter::repeat_n(' ', 2 * line.depth));
        line.pieces.iter().for_each(|(_, piece)| text.push_str(piece));
        let end = text.trim_end().len().max(start);
        text.truncate(end);
        text.push('\n');
    }
    // Content may hold fences of its own.
    let longest = text.split(|character| character != '`').map(str::len).max().unwrap_or(0);
    let ticks = "`".repeat(longest.max(2) + 1);
    out.push_str(&format!("{ticks}diff\n{text}{ticks}\n"));
}

/// Text in a code span.
fn code(text: &str) -> String {
    let text = escape::line(text).replace('|', "\\|");
    let longest = text.split(|character| character != '`').map(str::len).max().unwrap_or(0);
    let ticks = "`".repeat(longest + 1);
    let pad = if longest > 0 { " " } else { "" };
    format!("{ticks}{pad}{text}{pad}{ticks}")
}

/// Text in which nothing is markup.
fn prose(text: &str) -> String {
    let mut out = String::new();
    for character in escape::line(text).chars() {
        if matches!(character, '\\' | '*' | '_' | '[' | ']' | '<' | '>' | '|' | '#' | '@' | '~' | '&') {
            out.push('\\');
        }
        out.push(character);
    }
    out
}

fn html(text: &str) -> String {
    escape::line(text).replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

fn html_code(text: &str) -> String {
    format!("<code>{}</code>", html(text))
}
