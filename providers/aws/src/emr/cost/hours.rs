//! For how many hours of a month a cluster runs.

use mesh_provider::cost::{CostRequest, Decimal, HOURS_A_MONTH, Interval, Quantity, at, number};
use mesh_value::Value;

const SECONDS_AN_HOUR: u32 = 3600;

/// What a cluster without work waits where nobody wrote how long, in seconds.
const USUAL_IDLE_TIMEOUT: u32 = 3600;

/// The hours of a month that a cluster runs: what `usage` says, all where it runs for ever, and where it ends by itself
/// what its work takes, with the time that it waits for more. `None` is a cluster of which nothing is known.
pub(super) fn hours(cluster: Option<&Value>, request: &CostRequest<'_>) -> Quantity {
    if let Some(declared) = request.declared("hours") {
        return declared.at_most(HOURS_A_MONTH);
    }
    let Some(idle) = cluster.and_then(idle) else { return Quantity::exactly(HOURS_A_MONTH) };
    let Some(busy) = request.declared("busy_hours") else {
        let interval = Interval::new(Decimal::ZERO, HOURS_A_MONTH, Some(HOURS_A_MONTH));
        let because = "the cluster ends when it has no work, and `busy_hours` is not declared in a `usage` block";
        return Quantity::wide(interval, because);
    };
    busy.plus(&runs(request).times(&idle)).at_most(HOURS_A_MONTH)
}

/// How often the cluster comes up; at least once where nobody says.
fn runs(request: &CostRequest<'_>) -> Quantity {
    request.declared("runs").unwrap_or_else(|| {
        let once = Interval::new(Decimal::ONE, Decimal::ONE, None);
        Quantity::wide(once, "`runs` is not declared in a `usage` block: after each the cluster waits before it ends")
    })
}

/// The hours that a cluster waits for more work before it ends by itself; `None` where it runs for ever.
pub(super) fn idle(cluster: &Value) -> Option<Quantity> {
    if at(cluster, "keep_job_flow_alive_when_no_steps").and_then(Value::as_bool) == Some(false) {
        return Some(Quantity::exactly(Decimal::ZERO));
    }
    let policy = at(cluster, "auto_termination_policy")?;
    let written = number(policy, "idle_timeout").filter(|seconds| seconds.interval.high.is_some());
    let seconds = written.unwrap_or_else(|| Quantity::exactly(USUAL_IDLE_TIMEOUT));
    Some(seconds.map(|seconds| seconds / Decimal::from(SECONDS_AN_HOUR)))
}
