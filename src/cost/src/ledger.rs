//! The limits while a plan is applied: each object is held against them once more, with what is known by then.

use std::collections::HashMap;
use std::sync::Arc;

use mesh_provider::cost::{Costs, Decimal};

use crate::budget::{Limit, OnExceed};
use crate::estimate::{Amount, Estimate, Line, cost};
use crate::limits::{allowed, decided, share};
use crate::pricing::Pricing;

/// What everything costs as far as it is decided, and the budgets that refuse what passes them.
pub struct Ledger<'a> {
    pricing: Pricing<'a>,
    lines: HashMap<Arc<str>, Line>,
    limits: Vec<Held>,
}

/// A budget with what is spent of it.
struct Held {
    limit: Limit,
    allowed: Decimal,
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
    /// What the object costs, as is known now.
    pub object: Amount,
    /// What everything that the budget covers would cost at least.
    pub total: Decimal,
    /// The ISO 4217 code of the amounts.
    pub currency: Arc<str>,
}

impl<'a> Ledger<'a> {
    /// Starts from the estimate of the plan that is applied.
    #[must_use]
    pub fn new(estimate: Estimate, limits: &[Limit], pricing: Pricing<'a>) -> Self {
        let denying = limits.iter().filter(|limit| limit.budget.on_exceed == OnExceed::Deny);
        let limits = denying.map(|limit| {
            let each =
                estimate.lines.iter().map(|line| spent(line, limit, line.after.as_ref().map(|cost| &cost.amount)));
            let spent = each.fold(Decimal::ZERO, Decimal::saturating_add);
            Held { allowed: allowed(&limit.budget, &pricing), limit: limit.clone(), spent }
        });
        let limits = limits.collect();
        let lines = estimate.lines.into_iter().map(|line| (line.address.clone(), line)).collect();
        Self { pricing, lines, limits }
    }

    /// Takes in what an object that is about to be made or changed costs. The budgets count it from then on.
    ///
    /// # Errors
    /// The first budget that it would pass. Then nothing is counted, and the object must not be made.
    pub fn admit(&mut self, address: &str, costs: &Costs) -> Result<(), Box<Refusal>> {
        let Some(line) = self.lines.get_mut(address) else { return Ok(()) };
        let now = cost(costs, None, line.product.as_deref(), &self.pricing);
        let was = line.after.as_ref().map(|cost| &cost.amount);
        let mut sums = Vec::with_capacity(self.limits.len());
        for held in &self.limits {
            let planned = spent(line, &held.limit, was);
            let asked = spent(line, &held.limit, Some(&now.amount));
            let existing = spent(line, &held.limit, line.before.as_ref().map(|cost| &cost.amount));
            let total = held.spent.saturating_sub(planned).saturating_add(asked);
            if total > held.allowed && asked > existing {
                return Err(Box::new(Refusal {
                    limit: held.limit.clone(),
                    allowed: held.allowed,
                    object: now.amount,
                    total,
                    currency: self.pricing.currency().into(),
                }));
            }
            sums.push(total);
        }
        for (held, sum) in self.limits.iter_mut().zip(sums) {
            held.spent = sum;
        }
        line.after = Some(now);
        Ok(())
    }
}

/// What a line surely spends of a budget.
fn spent(line: &Line, limit: &Limit, amount: Option<&Amount>) -> Decimal {
    amount.map_or(Decimal::ZERO, |amount| decided(&amount.part(share(line, &limit.scope)), limit.budget.basis).0)
}
