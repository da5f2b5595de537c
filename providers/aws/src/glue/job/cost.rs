//! What a job costs: its data processing units for as long as its runs take.

use mesh_provider::cost::{
    Charges, CostRequest, Costs, Decimal, HOURS_A_MONTH, Interval, PriceKey, Quantity, UsageParameter,
};

use super::workers::{self, Size};
use crate::glue::starts;

/// After so many minutes Glue ends a run where nobody wrote when: 480 from Glue 5.0 on, 2880 before. As a bound the higher
/// one holds in any case.
const USUAL_TIMEOUT: i64 = 2880;

/// What only use decides of a job.
pub(super) const USAGE: &[UsageParameter] = &[
    starts::RUNS,
    UsageParameter {
        name: "minutes_per_run",
        unit: "minute",
        description: "How long a run takes on average, retries not counted.",
    },
    UsageParameter {
        name: "hours",
        unit: "hour",
        description: "Hours a month that all runs take together, instead of `runs` and `minutes_per_run`.",
    },
    UsageParameter {
        name: "average_workers",
        unit: "worker",
        description: "How many workers a run has on average, where the job scales automatically.",
    },
];

/// What a job costs.
pub(super) fn cost(region: &str, request: CostRequest<'_>) -> Costs {
    let command = request.text("command.name").unwrap_or("glueetl");
    let runs = runs(&request);
    let hours = hours(command, runs.as_ref(), &request);
    let Size { units, is_large_memory } = workers::size(command, &request);
    let is_flexible = request.text("execution_class") == Some("FLEX");
    // From version 6 on Spark has prices of its own (since August 2026), which no book has yet: unpriced, not the old ones.
    let is_cheaper = version(&request).is_some_and(|version| version >= Decimal::from(6));
    let key = match command {
        "pythonshell" => "aws/glue/python-shell",
        "glueray" => "aws/glue/ray",
        _ if is_large_memory => "aws/glue/etl-memory",
        _ if is_cheaper && is_flexible => "aws/glue/etl-flex-6",
        _ if is_cheaper => "aws/glue/etl-6",
        "gluestreaming" => "aws/glue/streaming",
        _ if is_flexible => "aws/glue/etl-flex",
        _ => "aws/glue/etl",
    };
    let mut charges = Charges { runs, ..Charges::default() };
    charges.add("runs", PriceKey::new(key, region), "DPU-hour", units.times(&hours));
    charges.into()
}

/// How often a month it runs, if anybody says so: `usage`, or the schedules of triggers that start it.
fn runs(request: &CostRequest<'_>) -> Option<Quantity> {
    if let Some(declared) = request.declared("runs") {
        return Some(declared);
    }
    let runs = starts::by_triggers(request, "job_name")?;
    let retries = request.number("max_retries").and_then(|retries| retries.interval.high).unwrap_or_default();
    let runs_of_each = Interval::new(Decimal::ONE, Decimal::ONE, Some(retries.saturating_add(Decimal::ONE)));
    Some(runs.times(&Quantity::wide(runs_of_each, "a run that fails is tried again, up to `max_retries` times")))
}

/// The hours of a month that all runs take together. No more of them run at once than the job allows.
fn hours(command: &str, runs: Option<&Quantity>, request: &CostRequest<'_>) -> Quantity {
    let at_once = request.number("execution_property.max_concurrent_runs").and_then(|runs| runs.interval.high);
    let most = HOURS_A_MONTH.saturating_mul(at_once.unwrap_or(Decimal::ONE).max(Decimal::ONE));
    if let Some(declared) = request.declared("hours") {
        return declared.at_most(most);
    }
    if command == "gluestreaming" && runs.is_none() {
        let because = "a stream may run all the time, and `hours` is not declared in a `usage` block";
        return Quantity::wide(Interval::new(Decimal::ZERO, HOURS_A_MONTH, Some(most)), because);
    }
    let runs = runs.cloned().unwrap_or_else(|| request.used("runs"));
    runs.times(&minutes(command, request)).map(starts::hours).at_most(most)
}

/// The minutes that a run takes and is charged.
fn minutes(command: &str, request: &CostRequest<'_>) -> Quantity {
    let least = least_minutes(command, request);
    let written = request.number("timeout").and_then(|timeout| timeout.interval.high);
    let most = match written {
        Some(endless) if endless.is_zero() => None,
        Some(timeout) => Some(timeout),
        None => Some(USUAL_TIMEOUT.into()),
    };
    match request.declared("minutes_per_run") {
        Some(declared) => {
            let charged = declared.map(|minutes| minutes.max(least));
            most.map_or_else(|| charged.clone(), |most| charged.at_most(most.max(least)))
        }
        None => {
            let because = "`minutes_per_run` is not declared in a `usage` block: at most `timeout`";
            Quantity::wide(Interval::new(least, least, most), because)
        }
    }
}

/// A run is charged for a minute at least; for ten in the first two versions of Glue.
fn least_minutes(command: &str, request: &CostRequest<'_>) -> Decimal {
    let is_early = command != "pythonshell" && version(request).is_some_and(|version| version <= Decimal::ONE);
    if is_early { Decimal::TEN } else { Decimal::ONE }
}

/// The version of Glue, such as 5.0; `None` where it is known after apply.
pub(super) fn version(request: &CostRequest<'_>) -> Option<Decimal> {
    request.text("glue_version")?.parse().ok()
}
