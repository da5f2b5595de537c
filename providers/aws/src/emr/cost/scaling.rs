//! Between how many machines a cluster grows and shrinks.

use mesh_provider::cost::{CostRequest, Decimal, Interval, Quantity, at, number};
use mesh_value::Value;

use super::machine_types;
use super::machines::written_count;
use crate::emr::autoscaling;

/// The machines of a group, by how they are paid for.
pub(super) struct Count {
    /// In the way that the group says.
    pub(super) own: Quantity,
    /// On spot machines that EMR adds.
    pub(super) added_spot: Quantity,
}

/// How many machines there are in the core group, or a task group of the cluster itself.
pub(super) fn count(block: &Value, request: &CostRequest<'_>) -> Count {
    if let Some(limits) = limits(request) {
        let instance_type = at(block, "instance_type").and_then(Value::as_str).unwrap_or_default();
        let is_by_processor = at(limits, "unit_type").and_then(Value::as_str) == Some("VCPU");
        let processors = machine_types::vcpus(instance_type).filter(|_| is_by_processor);
        return managed(limits, processors.unwrap_or(Decimal::ONE), request);
    }
    Count { own: ruled(block, request).unwrap_or_else(|| written_count(block)), added_spot: Quantity::default() }
}

/// How many units there are of a core fleet that EMR makes larger and smaller.
pub(super) fn managed_units(request: &CostRequest<'_>) -> Option<Count> {
    limits(request).map(|limits| managed(limits, Decimal::ONE, request))
}

/// Between which sizes EMR keeps the cluster, where a policy says so.
fn limits<'a>(request: &CostRequest<'a>) -> Option<&'a Value> {
    request.related("aws_emr_managed_scaling_policy").find_map(|policy| at(policy, "compute_limits"))
}

/// How many there are of a group with rules of its own by which it grows and shrinks.
pub(super) fn ruled(block: &Value, request: &CostRequest<'_>) -> Option<Quantity> {
    let policy = at(block, "autoscaling_policy")?;
    let Some(text) = policy.as_str() else {
        let open = Interval::between(Decimal::ZERO, None);
        return Some(Quantity::late(open, "`autoscaling_policy` is known after apply"));
    };
    let (least, most) = autoscaling::bounds(text)?;
    Some(between(least.into(), Some(most.into()), Decimal::ZERO, "its `autoscaling_policy`", request))
}

/// How many machines EMR keeps, each so many units of the limits, beside the task groups that are resources of their own:
/// those count what they say.
fn managed(limits: &Value, per_machine: Decimal, request: &CostRequest<'_>) -> Count {
    let units = |name: &str| number(limits, name).unwrap_or_else(|| Quantity::wide(Interval::OPEN, ""));
    let (least, most) = (units("minimum_capacity_units"), units("maximum_capacity_units"));
    let limit = |name: &str| number(limits, name).and_then(|units| Some((units.interval.high? / per_machine).floor()));

    let mut beside = Quantity::exactly(Decimal::ZERO);
    let mut has_tasks = false;
    for group in request.related("aws_emr_instance_group") {
        has_tasks = true;
        beside = beside.plus(&written_count(group));
    }
    let least_here = match beside.interval.high {
        Some(beside) => (least.interval.low / per_machine).ceil() - beside,
        None => Decimal::ZERO,
    };
    let most_here = most.interval.high.map(|most| (most / per_machine).floor() - beside.interval.low);
    // What is above the core group's part goes into task groups, where there are any.
    let most_core = limit("maximum_core_capacity_units").filter(|_| !has_tasks);
    let most_here = most_core.map_or(most_here, |core| Some(most_here.map_or(core, |most| most.min(core))));

    let mut all =
        between(least_here.max(Decimal::ONE), most_here, beside.interval.expected, "managed scaling", request);
    all.late |= least.late || most.late;
    match limit("maximum_ondemand_capacity_units") {
        None => Count { own: all, added_spot: Quantity::default() },
        Some(limit) => Count { own: all.at_most(limit), added_spot: all.map(|all| all - limit) },
    }
}

/// From so many machines to so many; of the average that `usage` says, some are counted elsewhere.
fn between(least: Decimal, most: Option<Decimal>, beside: Decimal, who: &str, request: &CostRequest<'_>) -> Quantity {
    let middle = Interval::between(least, most);
    let average = request.declared("average_instances");
    let interval = match &average {
        Some(average) => Interval::new(least, average.interval.expected - beside, most),
        None => middle,
    };
    let range = match middle.high {
        Some(high) => format!("from {} to {}", middle.low.normalize(), high.normalize()),
        None => format!("from {}", middle.low.normalize()),
    };
    let mut because = format!("{who} keeps {range} machines");
    if average.is_none() {
        because.push_str("; `average_instances` is not declared in a `usage` block");
    }
    Quantity::wide(interval, because)
}
