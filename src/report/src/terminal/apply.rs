//! The end of an apply: what was done, what failed, what was not started.

use std::time::Duration;

use mesh_diagnostics::render::{Style, escape};
use mesh_plan::{Action, Summary};

use super::paint::Page;
use crate::apply::ApplyReport;
use crate::line::Tone;
use crate::text::{counted, grouped};

/// One line where all went well; else also every object with what became of it.
#[must_use]
pub fn apply_report(report: &ApplyReport, style: Style) -> String {
    let mut page = Page::new(style);
    let mut summary = Summary::default();
    report.done.iter().for_each(|(_, action, _)| summary.count(*action));
    report.unmet.iter().for_each(|(_, action, _)| summary.count(*action));
    let failed = report.failed.len() + report.unmet.len();
    let is_complete = failed == 0 && report.skipped.is_empty() && !report.stopped && !report.has_errors;
    if !is_complete {
        if !report.done.is_empty() || !report.recorded.is_empty() {
            page.title(&format!("Done ({})", grouped(report.done.len() + report.recorded.len())));
            report.recorded.iter().for_each(|sentence| page.raw(&format!("  {sentence}")));
            for (address, action, took) in &report.done {
                page.raw(&format!("  {address} {} in {}", past(*action), duration(*took)));
            }
            page.gap();
        }
        if failed > 0 {
            page.title(&format!("Failed ({})", grouped(failed)));
            for (address, action, why) in &report.failed {
                page.toned(Tone::Danger, &format!("  {address} could not be {}", past(*action)));
                page.prose(&format!("    {}", escape::line(why)));
            }
            for (address, action, why) in &report.unmet {
                let what = format!("  {address} was {}, and its postcondition does not hold", past(*action));
                page.toned(Tone::Danger, &what);
                page.prose(&format!("    {}", escape::line(why)));
            }
            page.gap();
        }
        if !report.skipped.is_empty() {
            page.title(&format!("Not started ({})", grouped(report.skipped.len())));
            for (address, why) in &report.skipped {
                page.raw(&format!("  {address}"));
                page.prose(&format!("    {}", escape::line(why)));
            }
            page.gap();
        }
    }
    let verdict = if is_complete {
        "Apply complete"
    } else if report.stopped {
        "Apply stopped"
    } else {
        "Apply failed"
    };
    let mut counts = format!(
        "{} added, {} changed, {} destroyed",
        grouped(summary.create),
        grouped(summary.update),
        grouped(summary.delete)
    );
    if report.imported > 0 {
        counts = format!("{} imported, {counts}", grouped(report.imported));
    }
    if summary.forget > 0 {
        counts.push_str(&format!(", {} forgotten", grouped(summary.forget)));
    }
    page.title(&format!("{verdict}: {counts}."));
    if !is_complete {
        let left = report.failed.len() + report.skipped.len();
        if left > 0 {
            let verb = if left == 1 { "is" } else { "are" };
            page.prose(&format!(
                "{} {verb} left. What was done is in the state; `mesh plan` shows what remains.",
                counted(left, "object")
            ));
        }
    }
    page.finish()
}

const fn past(action: Action) -> &'static str {
    match action {
        Action::NoOp => "left as it is",
        Action::Create => "created",
        Action::Read => "read",
        Action::Update => "updated",
        Action::Replace(_) => "replaced",
        Action::Delete => "destroyed",
        Action::Forget => "forgotten",
    }
}

/// `340ms`, `12s`, `3m05s`, `2h00m`
fn duration(took: Duration) -> String {
    let seconds = took.as_secs();
    match seconds {
        0 => format!("{}ms", took.as_millis()),
        1..60 => format!("{seconds}s"),
        60..3600 => format!("{}m{:02}s", seconds / 60, seconds % 60),
        _ => format!("{}h{:02}m", seconds / 3600, seconds % 3600 / 60),
    }
}
