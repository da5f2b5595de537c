//! The limits while a plan is applied: each object is held against them once more, with what is known by then.

use std::collections::HashMap;
use std::sync::Arc;

use mesh_provider::cost::{Costs, Decimal};

use crate::budget::{Limit, OnExceed};
use crate::estimate::{Amount, Cost, Estimate, Line, cost};
use crate::limits::{allowed, spent};
use crate::pricing::Pricing;

/// What everything costs as far as it is decided, and the budgets that refuse what passes them.
///
/// What is planned counts as done: what a deletion frees can be spent before it is through.
pub struct Ledger<'a> {
    pricing: Pricing<'a>,
    lines: HashMap<Arc<str>, Line>,
    limits: Vec<Held>,
}

/// A budget with what is spent of it.
struct Held {
    limit: Limit,
    allowed: Decimal,
    /// What everything that it covers cost before the apply.
    before: Decimal,
    /// What everything that it covers will surely cost, with each object as it was last said.
    spent: Decimal,
}

/// A creation or change that would pass a budget.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// The budget.
    pub limit: Limit,
    /// What it allows a month.
    pub allowed: Decimal,
    /// What the change makes the object cost, and others that it has a say in, as is known now.
    pub asked: Amount,
    /// What everything that the budget covers would cost at least.
    pub total: Decimal,
    /// The ISO 4217 code of the amounts.
    pub currency: Arc<str>,
}

impl<'a> Ledger<'a> {
    /// Starts from an estimate of the plan that is applied. Its lines are all that the budgets count: what lies outside of
    /// this state would come as lines of it.
    #[must_use]
    pub fn new(estimate: Estimate, limits: &[Limit], pricing: Pricing<'a>) -> Self {
        let denying = limits.iter().filter(|limit| limit.budget.on_exceed == OnExceed::Deny);
        let limits = denying.map(|limit| {
            let sum = |of: fn(&Line, &Limit) -> Decimal| {
                estimate.lines.iter().map(|line| of(line, limit)).fold(Decimal::ZERO, Decimal::saturating_add)
            };
            Held {
                allowed: allowed(&limit.budget, &pricing),
                before: sum(existing),
                spent: sum(planned),
                limit: limit.clone(),
            }
        });
        let limits = limits.collect();
        let lines = estimate.lines.into_iter().map(|line| (line.address.clone(), line)).collect();
        Self { pricing, lines, limits }
    }

    /// Takes in what an object that is about to be made or changed costs, and what others cost through it: their addresses
    /// and costs as known now. The budgets count it from then on. What is above its budget already may become cheaper, and
    /// all together may cost what they did before the apply.
    ///
    /// # Errors
    /// The first budget that it would pass. Then nothing is counted, and the object must not be made.
    pub fn admit(&mut self, asked: Vec<(Arc<str>, Costs)>) -> Result<(), Box<Refusal>> {
        let known = asked.into_iter().filter_map(|(address, costs)| {
            let line = self.lines.get(&address)?;
            let now = cost(&costs, line.count.as_ref(), line.product.as_deref(), &self.pricing);
            Some((line, now))
        });
        let known: Vec<(&Line, Cost)> = known.collect();
        let mut sums = Vec::with_capacity(self.limits.len());
        for Held { limit, allowed, before, spent: so_far } in &self.limits {
            let sum = |of: &dyn Fn(&(&Line, Cost)) -> Decimal| {
                known.iter().map(of).fold(Decimal::ZERO, Decimal::saturating_add)
            };
            let planned = sum(&|(line, _)| planned(line, limit));
            let existing = sum(&|(line, _)| existing(line, limit));
            let now = sum(&|(line, now)| spent(line, Some(now), limit).least);
            let total = so_far.saturating_sub(planned).saturating_add(now);
            if total > *allowed.max(before) && now > existing {
                let asked = known.iter().fold(Amount::default(), |sum, (_, now)| sum.plus(&now.amount));
                return Err(Box::new(Refusal {
                    limit: limit.clone(),
                    allowed: *allowed,
                    asked,
                    total,
                    currency: self.pricing.currency().into(),
                }));
            }
            sums.push(total);
        }
        let known: Vec<(Arc<str>, Cost)> = known.into_iter().map(|(line, now)| (line.address.clone(), now)).collect();
        for (held, sum) in self.limits.iter_mut().zip(sums) {
            held.spent = sum;
        }
        for (address, now) in known {
            if let Some(line) = self.lines.get_mut(&address) {
                line.after = Some(now);
            }
        }
        Ok(())
    }
}

/// What a line spends of a budget as it is.
fn existing(line: &Line, limit: &Limit) -> Decimal {
    spent(line, line.before.as_ref(), limit).least
}

/// What a line surely spends of a budget as planned. Where applying decides whether it becomes cheaper, nobody may spend
/// what it perhaps saves: it counts as it is.
fn planned(line: &Line, limit: &Limit) -> Decimal {
    let after = spent(line, line.after.as_ref(), limit);
    if after.most == Some(after.least) { after.least } else { after.least.max(existing(line, limit)) }
}
