//! Holds the budgets during apply: each change that costs something is counted before it begins, with what is known then.

use std::cell::RefCell;
use std::collections::BTreeMap;

use mesh_cost::{Basis, Estimate, Ledger, Prices, Refusal, Scope, money};
use mesh_diagnostics::{Diagnostic, Span};
use mesh_plan::{Action, Change, ReplaceOrder};
use mesh_value::{InstanceAddress, Value};

use super::Applier;
use crate::cost::Costing;

/// What is spent of the budgets, and what they refused.
pub(crate) struct Spending<'a> {
    costing: RefCell<Costing>,
    /// `None` where no budget refuses anything: then nothing is asked.
    ledger: Option<RefCell<Ledger<'a>>>,
    /// Changes that were not begun, each with the budget that it would have passed. Several may be under way at once.
    refused: RefCell<BTreeMap<InstanceAddress, Scope>>,
}

impl<'a> Spending<'a> {
    /// Counts what the plan costs as far as it is decided.
    pub(super) fn new(basis: &'a Basis, costing: Costing, prices: Prices<'a>) -> Self {
        let ledger = basis.rules.refuse().then(|| {
            let pricing = prices.under(&basis.rules);
            RefCell::new(Ledger::new(Estimate::new(basis, &pricing), &basis.rules.limits, pricing))
        });
        Self { costing: RefCell::new(costing), ledger, refused: RefCell::default() }
    }

    /// Why nothing new starts any more, if that is so.
    pub(super) fn stopped(&self) -> Option<String> {
        let refused = self.refused.borrow();
        refused.values().next().map(|scope| format!("stopped: the budget of {scope} would be passed"))
    }

    /// Whether a budget refused to have an object made or changed.
    pub(super) fn refuses(&self, address: &InstanceAddress) -> bool {
        self.refused.borrow().contains_key(address)
    }

    /// Why a change was not begun, where a budget refused it. One whose old object is gone already did begin.
    pub(super) fn refused(&self, change: &Change) -> Option<String> {
        let refused = self.refused.borrow();
        let scope = refused.get(&change.address).filter(|_| !destroys_first(change))?;
        Some(format!("it would pass the budget of {scope}"))
    }
}

impl Applier<'_> {
    /// Whether the budgets allow what is about to be made or changed. They count it from then on.
    pub(super) fn admits(&self, change: &Change, span: Span, planned: &Value) -> bool {
        let Some(ledger) = &self.spending.ledger else { return true };
        let asked = {
            let progress = self.run.progress.borrow();
            self.spending.costing.borrow_mut().learn(&progress, &change.address, planned)
        };
        let admitted = ledger.borrow_mut().admit(asked);
        let Err(refusal) = admitted else { return true };
        self.spending.refused.borrow_mut().insert(change.address.clone(), refusal.limit.scope.clone());
        self.run.report(told(&refusal, change, span));
        false
    }
}

/// What is told of a change that would pass a budget.
fn told(refusal: &Refusal, change: &Change, span: Span) -> Diagnostic {
    let Refusal { limit, allowed, asked, total, currency } = refusal;
    let (address, scope) = (&change.address, &limit.scope);
    let what = if change.action == Action::Update { "Changing" } else { "Making" };
    let over = money::amount(total.saturating_sub(*allowed));
    let (asked, total, allowed) = (money::interval(&asked.interval), money::amount(*total), money::amount(*allowed));
    let became = if destroys_first(change) {
        "Its old object is deleted, and it was not made anew. Nothing else was started."
    } else {
        "It was not begun, and nothing else was started."
    };
    let detail = format!(
        "{what} {address} would pass the budget of {scope}. As is known now, it costs {asked} {currency} a month, and with \
         it everything that the budget covers costs at least {total} {currency}: {over} {currency} more than the {allowed} \
         {currency} a month that are allowed. {became}"
    );
    Diagnostic::error("budget-exceeded", "Budget exceeded", detail)
        .at(span)
        .about(address)
        .hint("What was done is in the state. `mesh plan` shows what is left, and ways to get under the budget.")
}

/// Whether the old object of a replacement goes before the new one is made.
fn destroys_first(change: &Change) -> bool {
    change.action == Action::Replace(ReplaceOrder::DestroyBeforeCreate)
}
