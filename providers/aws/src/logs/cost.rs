//! What a log group costs: what it takes in, and what it keeps.

use mesh_provider::cost::{
    Charges, CostRequest, Costs, Decimal, Interval, PriceKey, Quantity, Saving, UsageParameter, with,
};
use mesh_value::Value;

use crate::growth::{growth, months};

/// What is kept of each GB that is taken in, as logs are stored compressed: AWS's pricing calculator counts 15 percent.
const KEPT: Decimal = Decimal::from_parts(15, 0, 0, false, 2);

/// Lengths of retention that are worth a thought, in days.
const SHORTER: [u32; 4] = [365, 90, 30, 7];

/// What `usage` blocks may declare of a log group.
pub(super) const USAGE: &[UsageParameter] = &[
    UsageParameter { name: "ingested_gb", unit: "GB", description: "What is written to it in a month." },
    UsageParameter {
        name: "stored_gb",
        unit: "GB",
        description: "What it keeps, compressed; else 15 percent of what is written while it is retained.",
    },
    UsageParameter { name: "scanned_gb", unit: "GB", description: "What Logs Insights reads in it in a month." },
];

/// What a log group costs.
pub(super) fn cost(region: &str, request: CostRequest<'_>) -> Costs {
    let mut charges = Charges::default();
    let class = request.text("log_group_class").filter(|class| *class != "STANDARD");
    let price = |key: &str| PriceKey::new(format!("aws/cloudwatch/{key}"), region);
    let ingested = request.used("ingested_gb");
    match class {
        Some(class) => {
            let class = class.to_ascii_lowercase().replace('_', "-");
            charges.add(format!("ingestion, {class}"), price(&format!("logs-ingest/{class}")), "GB", ingested);
        }
        None => charges.add("ingestion", price("logs-ingest"), "GB", ingested),
    }
    charges.add("storage", price("logs-storage"), "GB-month", stored(&request));
    if let Some(scanned) = request.declared("scanned_gb") {
        charges.add("Logs Insights queries", price("logs-scanned"), "GB", scanned);
    }
    charges.into()
}

/// Shorter retentions.
pub(super) fn savings(request: CostRequest<'_>) -> Vec<Saving> {
    let Some(days) = request.number("retention_in_days").filter(|days| days.interval.is_exact()) else {
        return Vec::new();
    };
    let days = days.interval.expected;
    let shorter = SHORTER.into_iter().filter(|shorter| days.is_zero() || Decimal::from(*shorter) < days);
    let saving = |shorter: u32| Saving {
        change: format!("retention_in_days = {shorter}"),
        caveat: Some(format!("Logs are deleted after {shorter} days.")),
        value: with(request.value, "retention_in_days", &Value::number(i64::from(shorter))),
    };
    shorter.map(saving).collect()
}

/// What is kept: of each month's logs so many months as they are retained, compressed.
fn stored(request: &CostRequest<'_>) -> Quantity {
    if let Some(stored) = request.declared("stored_gb") {
        return stored;
    }
    let Some(ingested) = request.declared("ingested_gb") else {
        return Quantity::wide(Interval::OPEN, "neither `stored_gb` nor `ingested_gb` is declared in a `usage` block");
    };
    let retained = request.number("retention_in_days").unwrap_or_else(|| Quantity::exactly(0));
    let months = if retained.interval.is_zero() {
        Quantity::wide(growth(), "logs are kept for ever and add up: after 1, 6 and 12 months")
    } else {
        retained.map(months)
    };
    months.times(&ingested).map(|kept| (kept * KEPT).round_dp(9))
}
