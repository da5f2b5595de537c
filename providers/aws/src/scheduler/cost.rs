//! What a schedule costs: by how often it starts something.

use mesh_provider::cost::{Charges, CostRequest, Costs, Interval, PriceKey, Quantity, UsageParameter};

use crate::schedules::times_a_month;

/// What `usage` blocks may declare of a schedule.
pub(super) const USAGE: &[UsageParameter] = &[UsageParameter {
    name: "invocations",
    unit: "invocation",
    description: "How often it starts something in a month; else its expression says so.",
}];

/// What a schedule costs. Its dates don't count: it is as in a month in which it runs.
pub(super) fn cost(region: &str, request: CostRequest<'_>) -> Costs {
    let mut charges = Charges::default();
    let runs = invocations(&request);
    charges.add("invocations", PriceKey::new("aws/scheduler/invocations", region), "invocation", runs);
    charges.into()
}

fn invocations(request: &CostRequest<'_>) -> Quantity {
    if let Some(declared) = request.declared("invocations") {
        return declared;
    }
    if request.text("state") == Some("DISABLED") {
        return Quantity::exactly(0);
    }
    let Some(expression) = request.text("schedule_expression") else {
        return Quantity::late(Interval::OPEN, "`schedule_expression` is known after apply");
    };
    if expression.starts_with("at(") {
        return Quantity::exactly(1);
    }
    times_a_month(expression).map_or_else(|| request.used("invocations"), |times| Quantity::exactly(times.round_dp(9)))
}
