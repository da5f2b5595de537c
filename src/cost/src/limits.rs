//! Holds an estimate against budgets: a verdict for each, with three values, because some amounts are decided during apply.

use mesh_provider::cost::{Decimal, Interval};

use crate::budget::{Budget, BudgetBasis, Limit, OnExceed, Scope};
use crate::estimate::{Amount, Cost, Estimate, Line, PricedComponent};
use crate::pricing::Pricing;

/// What an estimate says of a budget. All amounts are of a month, in the estimate's currency.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// The budget.
    pub limit: Limit,
    /// What it allows a month.
    pub allowed: Decimal,
    /// What it covers costs now.
    pub before: Amount,
    /// What it will cost.
    pub after: Amount,
    /// The least that the number which the budget is about may turn out as.
    pub least: Decimal,
    /// The most that it may turn out as; `None` where there is no bound.
    pub most: Option<Decimal>,
    /// How they compare.
    pub status: Status,
    /// Whether the change makes what it covers cost more. Only then can it be refused.
    pub raises: bool,
}

/// How an estimate compares with a budget.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Status {
    /// It is below.
    Within,
    /// It is below, and has reached a threshold of so many percent.
    Reached(Decimal),
    /// What is decided during apply decides this too. It stops where the budget would be passed.
    Undecided,
    /// It is above.
    Exceeded,
}

impl Verdict {
    /// Whether the change is refused.
    #[must_use]
    pub fn refuses(&self) -> bool {
        self.status == Status::Exceeded && self.limit.budget.on_exceed == OnExceed::Deny && self.raises
    }

    /// The number of the estimate that the budget is about; `None` where it has no bound.
    #[must_use]
    pub fn spent(&self) -> Option<Decimal> {
        match self.limit.budget.basis {
            BudgetBasis::Expected => Some(self.after.interval.expected),
            BudgetBasis::High => self.after.interval.high,
        }
    }

    /// How much more than is allowed will surely be spent; nothing where the budget holds.
    #[must_use]
    pub fn excess(&self) -> Decimal {
        self.least.saturating_sub(self.allowed).max(Decimal::ZERO)
    }
}

/// Holds an estimate against all budgets of the rules, in their order. A budget in a currency without a rate is held as if
/// it were in the estimate's: reading the rules refuses such.
#[must_use]
pub fn verdicts(estimate: &Estimate, limits: &[Limit], pricing: &Pricing<'_>) -> Vec<Verdict> {
    limits.iter().map(|limit| verdict(estimate, limit, pricing)).collect()
}

fn verdict(estimate: &Estimate, limit: &Limit, pricing: &Pricing<'_>) -> Verdict {
    // Most budgets cover few objects of many.
    let covered: Vec<&Line> = estimate.lines.iter().filter(|line| covers(&limit.scope, line)).collect();
    let sum = |of: fn(&Line) -> Option<&Cost>| {
        covered.iter().fold(Amount::default(), |sum, line| match of(line) {
            Some(cost) => sum.plus(&cost.amount.part(share(line, &limit.scope))),
            None => sum,
        })
    };
    let (before, after) = (sum(|line| line.before.as_ref()), sum(|line| line.after.as_ref()));
    let allowed = allowed(&limit.budget, pricing);
    let spent = covered.iter().map(|line| spent(line, line.after.as_ref(), limit));
    let Bounds { least, most } = spent.fold(Bounds::NOTHING, Bounds::plus);
    let raises = covered.iter().any(|line| raises(line, &limit.scope)) && !falls(&before, &after);
    let status = if least > allowed {
        Status::Exceeded
    } else if most.is_none_or(|most| most > allowed) {
        Status::Undecided
    } else {
        let reached = limit.budget.thresholds.iter().rev().copied();
        let mut reached = reached.filter(|percent| least >= allowed.saturating_mul(*percent) / Decimal::ONE_HUNDRED);
        reached.next().map_or(Status::Within, Status::Reached)
    };
    Verdict { limit: limit.clone(), allowed, before, after, least, most, status, raises }
}

/// What a budget allows a month, in the currency of the prices.
pub(crate) fn allowed(budget: &Budget, pricing: &Pricing<'_>) -> Decimal {
    let amount = pricing.convert(budget.amount, &budget.currency).unwrap_or(budget.amount);
    amount / budget.period.months()
}

/// Whether some of a line's cost may count for a budget.
fn covers(scope: &Scope, line: &Line) -> bool {
    line.bearers.iter().any(|(product, _)| scope.covers(product.as_deref()))
}

/// The fraction of a line's cost that what a budget covers bears.
pub(crate) fn share(line: &Line, scope: &Scope) -> Decimal {
    line.bearers.iter().filter(|(product, _)| scope.covers(product.as_deref())).map(|(_, fraction)| *fraction).sum()
}

/// The least and the most that the number which a budget is about may turn out as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Bounds {
    /// It is surely that much.
    pub least: Decimal,
    /// It is surely no more; `None` where there is no bound.
    pub most: Option<Decimal>,
}

impl Bounds {
    pub(crate) const NOTHING: Self = Self { least: Decimal::ZERO, most: Some(Decimal::ZERO) };

    /// Both together.
    pub(crate) fn plus(self, other: Self) -> Self {
        let most = self.most.zip(other.most).map(|(left, right)| left.saturating_add(right));
        Self { least: self.least.saturating_add(other.least), most }
    }

    fn part(self, fraction: Decimal) -> Self {
        // Of what has no bound, nothing is nothing.
        let most = if fraction.is_zero() { Some(Decimal::ZERO) } else { self.most };
        let most = most.map(|most| most.saturating_mul(fraction));
        Self { least: self.least.saturating_mul(fraction), most }
    }
}

/// What a line may turn out to spend of a budget, before or after the change; nothing where there is no such object.
pub(crate) fn spent(line: &Line, cost: Option<&Cost>, limit: &Limit) -> Bounds {
    cost.map_or(Bounds::NOTHING, |cost| bounds(cost, limit.budget.basis).part(share(line, &limit.scope)))
}

/// What a part of a line may turn out to spend of a budget.
pub(crate) fn spent_on(line: &Line, part: &PricedComponent, limit: &Limit) -> Bounds {
    bounds_of(part, limit.budget.basis).part(share(line, &limit.scope))
}

/// Part by part: one without a bound must not hide what the others surely cost.
fn bounds(cost: &Cost, basis: BudgetBasis) -> Bounds {
    // Nothing is known of what is decided during apply and has no price.
    let undecided = Bounds { least: Decimal::ZERO, most: (!cost.amount.is_undecided).then_some(Decimal::ZERO) };
    cost.components.iter().map(|part| bounds_of(part, basis)).fold(undecided, Bounds::plus)
}

fn bounds_of(part: &PricedComponent, basis: BudgetBasis) -> Bounds {
    let Some((amount, _)) = &part.priced else { return Bounds::NOTHING };
    let Interval { low, expected, high } = *amount;
    match basis {
        _ if part.component.quantity.late => Bounds { least: low, most: high },
        BudgetBasis::Expected => Bounds { least: expected, most: Some(expected) },
        // What has no bound can't be shown to hold, and is not counted as exceeding either.
        BudgetBasis::High => Bounds { least: high.unwrap_or(low), most: high },
    }
}

/// Whether the change of an object may make what a budget covers cost more.
fn raises(line: &Line, scope: &Scope) -> bool {
    let amount = |cost: Option<&Cost>| cost.map_or_else(Amount::default, |cost| cost.amount.clone());
    let (before, after) = (amount(line.before.as_ref()), amount(line.after.as_ref()));
    before != after && !share(line, scope).is_zero() && !falls(&before, &after)
}

/// Whether one amount is surely no more than another was.
fn falls(before: &Amount, after: &Amount) -> bool {
    let no_more = |before: Option<Decimal>, after: Option<Decimal>| match (before, after) {
        (Some(before), Some(after)) => after <= before,
        (before, _) => before.is_none(),
    };
    let (Interval { expected, high, .. }, was) = (after.interval, before.interval);
    after.late.is_zero() && !after.is_undecided && expected <= was.expected && no_more(was.high, high)
}
