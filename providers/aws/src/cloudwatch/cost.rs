//! What an alarm costs: by the metrics that it watches, and how closely.

use mesh_provider::cost::{
    Charges, CostRequest, Costs, Decimal, Interval, PriceKey, Quantity, UsageParameter, at, number,
};
use mesh_value::Value;

/// An alarm with a band counts its metric and both ends of the band (Amazon CloudWatch pricing).
const METRICS_OF_A_BAND: u32 = 3;

/// Below so many seconds a period is high resolution.
const MINUTE: u32 = 60;

/// What `usage` blocks may declare of an alarm.
pub(super) const USAGE: &[UsageParameter] = &[UsageParameter {
    name: "analyzed_metrics",
    unit: "metric",
    description: "How many metrics a Metrics Insights query of the alarm (`SELECT ...`) finds.",
}];

/// What an alarm costs.
pub(super) fn cost(region: &str, request: CostRequest<'_>) -> Costs {
    let queries = request.blocks("metric_query");
    let is_high = is_short(request.value, "period") || queries.iter().any(|query| is_short(query, "metric.period"));
    let (name, key) =
        if is_high { ("high resolution", "high-resolution") } else { ("standard resolution", "standard") };
    let mut charges = Charges::default();
    let price = PriceKey::new(format!("aws/cloudwatch/alarm/{key}"), region);
    charges.add(format!("metrics, {name}"), price, "alarm-month", watched(&request, queries));
    charges.into()
}

/// Whether a period is below a minute.
fn is_short(value: &Value, path: &str) -> bool {
    let most = number(value, path).and_then(|period| period.interval.high);
    most.is_some_and(|most| most < Decimal::from(MINUTE))
}

/// How many metrics it watches.
fn watched(request: &CostRequest<'_>, queries: &[Value]) -> Quantity {
    if request.at("metric_query").is_some_and(|queries| !queries.is_known()) {
        let interval = Interval::new(Decimal::ONE, Decimal::ONE, None);
        return Quantity::late(interval, "`metric_query` is known after apply");
    }
    let metrics = queries.iter().filter(|query| at(query, "metric").is_some()).count().max(1);
    let mut metrics = Quantity::exactly(metrics as u64);
    if request.at("threshold_metric_id").is_some() {
        metrics = metrics.scaled(METRICS_OF_A_BAND);
    }
    let selects = |query: &&Value| {
        let expression = at(query, "expression").and_then(Value::as_str).unwrap_or_default();
        expression.trim_start().get(..6).is_some_and(|word| word.eq_ignore_ascii_case("select"))
    };
    if queries.iter().any(|query| selects(&query)) {
        return request.used("analyzed_metrics");
    }
    metrics
}
