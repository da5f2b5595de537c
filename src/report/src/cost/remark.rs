//! What stands beside a change: what its object costs, what it cost, and what makes that wide.

use std::collections::HashMap;
use std::sync::Arc;

use mesh_cost::{Cost, Line, Spending};
use mesh_plan::{Action, Change, DeferredBlock};
use mesh_provider::cost::Interval;

use super::money;
use crate::text::{counted, listed};

/// So many reasons or parts are told beside an object; the others are counted.
const MOST: usize = 3;

/// What there is to say of cost, object by object.
pub(crate) struct Remarks<'a> {
    currency: &'a str,
    lines: HashMap<&'a str, &'a Line>,
}

impl<'a> Remarks<'a> {
    pub(crate) fn new(spending: &'a Spending) -> Self {
        let lines = spending.estimate.lines.iter().map(|line| (&*line.address, line)).collect();
        Self { currency: &spending.estimate.currency, lines }
    }

    /// What a changed object costs, as a line of words; `None` where it costs nothing by itself.
    pub(crate) fn of(&self, change: &Change) -> Option<String> {
        let address = change.address.to_string();
        let line = match &change.deposed {
            None => self.lines.get(address.as_str())?,
            Some(key) => self.lines.get(format!("{address} (deposed {key})").as_str())?,
        };
        if change.action == Action::Forget {
            let before = priced(line.before.as_ref())?;
            return Some(format!("still costs {}, which is no longer counted", self.a_month(&before.amount.interval)));
        }
        self.line(line)
    }

    /// What the objects of a block cost that is decided during apply.
    pub(crate) fn of_block(&self, block: &DeferredBlock) -> Option<String> {
        self.line(self.lines.get(block.block.to_string().as_str())?)
    }

    fn line(&self, line: &Line) -> Option<String> {
        let before = priced(line.before.as_ref());
        let Some(after) = priced(line.after.as_ref()) else {
            let before = before.filter(|before| !is_unpriced(before))?;
            return Some(format!("no longer costs {}", self.a_month(&before.amount.interval)));
        };
        let missing = missing(after);
        if is_unpriced(after) {
            let of = if missing.is_empty() { String::new() } else { format!(" for {}", listed(&missing, MOST)) };
            return Some(format!("no price is known{of}"));
        }
        let mut text = format!("costs {}", self.a_month(&after.amount.interval));
        if let Some(run) = &after.per_run {
            text.push_str(&format!(", {} a run", money::interval(run)));
        }
        if let Some(before) = before.filter(|before| !is_unpriced(before)) {
            let (was, is) = (money::interval(&before.amount.interval), money::interval(&after.amount.interval));
            text.push_str(&if was == is { " (as before)".to_owned() } else { format!(" (was {was})") });
        }
        if !missing.is_empty() {
            text.push_str(&format!("; no price is known for {}", listed(&missing, MOST)));
        }
        let reasons = reasons(line, after);
        if !reasons.is_empty() {
            text.push_str(&format!(": {}", told(&reasons)));
        }
        Some(text)
    }

    fn a_month(&self, interval: &Interval) -> String {
        format!("{} {} a month", money::interval(interval), self.currency)
    }
}

/// A cost of which there is something to say.
fn priced(cost: Option<&Cost>) -> Option<&Cost> {
    cost.filter(|cost| !cost.is_free())
}

/// Whether nothing of it has a price.
fn is_unpriced(cost: &Cost) -> bool {
    cost.components.iter().all(|part| part.priced.is_none())
}

/// The parts that have no price.
fn missing(cost: &Cost) -> Vec<String> {
    let parts = cost.components.iter().filter(|part| part.priced.is_none());
    parts.map(|part| part.component.name.to_string()).collect()
}

/// Why an object's cost is not one number, each reason once.
fn reasons(line: &Line, cost: &Cost) -> Vec<String> {
    let parts = cost.components.iter().filter(|part| part.priced.is_some());
    let reasons = parts.flat_map(|part| &part.component.quantity.because);
    let mut told: Vec<&Arc<str>> = Vec::new();
    for reason in reasons.chain(line.count.iter().flat_map(|count| &count.because)) {
        if !told.contains(&reason) {
            told.push(reason);
        }
    }
    told.into_iter().map(ToString::to_string).collect()
}

/// Reasons in one sentence.
fn told(reasons: &[String]) -> String {
    match reasons.split_at_checked(MOST) {
        Some((told, left)) if !left.is_empty() => {
            format!("{}; and {} more", told.join("; "), counted(left.len(), "reason"))
        }
        _ => reasons.join("; "),
    }
}
