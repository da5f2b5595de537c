//! How often a month jobs and crawlers are started.

use mesh_provider::cost::{CostRequest, Decimal, Interval, Quantity, UsageParameter, at};
use mesh_value::Value;

use crate::schedules::times_a_month;

/// How often a job or a crawler runs.
pub(super) const RUNS: UsageParameter = UsageParameter {
    name: "runs",
    unit: "run",
    description: "How often a month it runs. It counts over what its schedule says.",
};

/// How often a month a schedule starts something; `None` where that can't be counted.
pub(super) fn by_schedule(schedule: &Value) -> Option<Quantity> {
    if !schedule.is_known() {
        return Some(Quantity::late(Interval::OPEN, "`schedule` is known after apply"));
    }
    times_a_month(schedule.as_str()?).map(|runs| Quantity::exactly(runs.round_dp(9)))
}

/// How often a month triggers start an object, which their actions name in `argument`; `None` where no schedule does.
pub(super) fn by_triggers(request: &CostRequest<'_>, argument: &str) -> Option<Quantity> {
    let name = request.text("name");
    let starts = |trigger: &&Value| {
        let actions = trigger.get("actions").and_then(Value::as_slice).unwrap_or_default();
        // A name that is known after apply is this one's: the trigger reads it.
        actions
            .iter()
            .filter_map(|action| at(action, argument))
            .any(|named| named.as_str().is_none_or(|it| Some(it) == name))
    };
    let mut runs: Option<Quantity> = None;
    let mut is_started_otherwise = false;
    for trigger in request.related("aws_glue_trigger").filter(starts) {
        let is_off = at(trigger, "enabled").and_then(Value::as_bool) == Some(false);
        let scheduled = at(trigger, "schedule").and_then(by_schedule);
        match scheduled.filter(|_| at(trigger, "type").and_then(Value::as_str) == Some("SCHEDULED")) {
            Some(_) if is_off => runs = Some(runs.unwrap_or_default()),
            Some(times) => runs = Some(runs.unwrap_or_default().plus(&times)),
            None => is_started_otherwise |= !is_off,
        }
    }
    let runs = runs?;
    if is_started_otherwise {
        let more = Quantity::wide(Interval::OPEN, "a trigger without a schedule that can be counted starts it too");
        return Some(runs.plus(&more));
    }
    Some(runs)
}

/// What a number of minutes is in hours.
pub(super) fn hours(minutes: Decimal) -> Decimal {
    minutes / Decimal::from(60)
}
