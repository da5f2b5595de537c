//! What an action of a budget costs: by the day that its budget has one, past the account's first two such budgets.

use mesh_provider::cost::{
    Charges, CostRequest, Costs, Decimal, HOURS_A_MONTH, Interval, PriceKey, Quantity, UsageParameter,
};

/// What `usage` blocks may declare of an action.
pub(super) const USAGE: &[UsageParameter] = &[UsageParameter {
    name: "charged_days",
    unit: "day",
    description: "The days of a month that its budget is charged for: 0 where it is one of an account's first two with \
                  actions, or another action of the budget counts already.",
}];

/// What an action costs.
pub(super) fn cost(region: &str, request: CostRequest<'_>) -> Costs {
    let days = request.declared("charged_days").unwrap_or_else(|| {
        let month = (HOURS_A_MONTH / Decimal::from(24)).round_dp(9);
        let reason = "an account's first two budgets with actions cost nothing (`charged_days` in a `usage` block says \
                      what this one is charged)";
        Quantity::wide(Interval::new(Decimal::ZERO, Decimal::ZERO, Some(month)), reason)
    });
    let mut charges = Charges::default();
    charges.add("budget with actions", PriceKey::new("aws/budgets/action", region), "day", days);
    charges.into()
}
