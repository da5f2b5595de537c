//! What stands beside a change: what its object costs, what it cost, and what makes that wide.

use std::collections::HashMap;
use std::sync::Arc;

use mesh_cost::{Cost, Line, PricedComponent, Spending, money};
use mesh_plan::{Action, Change, DeferredBlock};

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

    /// What a changed object costs, in lines; none where it costs nothing by itself.
    pub(crate) fn of(&self, change: &Change) -> Vec<String> {
        let address = change.address.to_string();
        let line = match &change.deposed {
            None => self.lines.get(address.as_str()),
            Some(key) => self.lines.get(format!("{address} (deposed {key})").as_str()),
        };
        let Some(line) = line else { return Vec::new() };
        if change.action == Action::Forget {
            let still = |cost| format!("still costs {}, which is no longer counted", self.a_month(cost));
            return priced(line.before.as_ref()).map(still).into_iter().collect();
        }
        self.line(line)
    }

    /// What the objects of a block cost that is decided during apply.
    pub(crate) fn of_block(&self, block: &DeferredBlock) -> Vec<String> {
        self.lines.get(block.block.to_string().as_str()).map(|line| self.line(line)).unwrap_or_default()
    }

    fn line(&self, line: &Line) -> Vec<String> {
        let after = line.after.as_ref().filter(|cost| !cost.is_free());
        let Some(after) = after else {
            let no_longer = |cost| format!("no longer costs {}", self.a_month(cost));
            return priced(line.before.as_ref()).map(no_longer).into_iter().collect();
        };
        let missing: Vec<String> = unpriced(after).map(|part| part.component.name.to_string()).collect();
        let missing = match missing.as_slice() {
            [] => after.is_not_modelled.then(|| "no price is known".to_owned()),
            missing => Some(format!("no price is known for {}", listed(missing, MOST))),
        };
        self.costs(line).into_iter().chain(missing).collect()
    }

    /// What an object with a price costs, what it cost, and what makes that wide.
    fn costs(&self, line: &Line) -> Option<String> {
        let after = priced(line.after.as_ref())?;
        let mut text = format!("costs {}", self.a_month(after));
        if let Some(run) = &after.per_run {
            text.push_str(&format!(", {} a run", money::interval(run)));
        }
        if let Some(before) = priced(line.before.as_ref()) {
            let (was, is) = (money::interval(&before.amount.interval), money::interval(&after.amount.interval));
            text.push_str(&if was == is { " (as before)".to_owned() } else { format!(" (was {was})") });
        }
        let reasons = reasons(line, after);
        if !reasons.is_empty() && !money::range(&after.amount.interval).is_empty() {
            text.push_str(&format!(": {}", told(&reasons)));
        }
        Some(text)
    }

    fn a_month(&self, cost: &Cost) -> String {
        format!("{} {} a month", money::interval(&cost.amount.interval), self.currency)
    }
}

/// A cost of which some part has a price.
fn priced(cost: Option<&Cost>) -> Option<&Cost> {
    cost.filter(|cost| cost.components.iter().any(|part| part.priced.is_some()))
}

/// The parts that have no price.
fn unpriced(cost: &Cost) -> impl Iterator<Item = &PricedComponent> {
    cost.components.iter().filter(|part| part.priced.is_none())
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
