//! Ways in which a cluster or a group of it would cost less, the least painful first.

use mesh_provider::cost::{CostRequest, HOURS_A_MONTH, Saving, at, with};
use mesh_value::{Type, Value};

use super::hours::idle;
use super::machine_types;
use crate::check::whole;
use crate::emr::autoscaling;

/// After so many seconds without work a cluster ends that is told to.
const IDLE_TIMEOUT: i64 = 3600;

/// Whether a change of a group's machines needs something new.
#[derive(Clone, Copy)]
enum New {
    Cluster,
    Group,
}

/// What would make a cluster cheaper.
pub(in crate::emr) fn of_cluster(request: &CostRequest<'_>) -> Vec<Saving> {
    let mut savings: Vec<Saving> = auto_termination(request).into_iter().collect();
    let core = of_machines(request.value, "core_instance_group", New::Cluster);
    let primary = of_machines(request.value, "master_instance_group", New::Cluster);
    savings.extend(core.into_iter().chain(fleet_on_spot(request)).chain(smaller_fleet(request)).chain(primary));
    savings
}

/// What would make a task group cheaper.
pub(in crate::emr) fn of_instance_group(request: &CostRequest<'_>) -> Vec<Saving> {
    let mut savings: Vec<Saving> = spot(request).into_iter().collect();
    savings.extend(of_machines(request.value, "", New::Group));
    savings
}

/// Half as many machines or the next smaller ones, and last as few and as small ones as can be.
fn of_machines(value: &Value, block: &str, new: New) -> Vec<Saving> {
    let mut savings: Vec<Saving> = lower_most(value, block).into_iter().collect();
    let types = smaller(value, block, new);
    let counts = fewer(value, block);
    savings.extend(counts.first().cloned());
    savings.extend(types.first().cloned());
    savings.extend(counts.into_iter().skip(1));
    savings.extend(types.into_iter().skip(1).last());
    savings
}

fn inside(block: &str, name: &str) -> String {
    if block.is_empty() { name.to_owned() } else { format!("{block}.{name}") }
}

/// Ends with its work. Only where it is said how long that takes: else nothing is sure to be saved.
fn auto_termination(request: &CostRequest<'_>) -> Option<Saving> {
    let busy = request.declared("busy_hours")?;
    let runs_on = request.declared("hours").is_none() && idle(request.value).is_none();
    (runs_on && busy.interval.expected < HOURS_A_MONTH).then_some(())?;
    let policy = Value::object([("idle_timeout", Value::number(IDLE_TIMEOUT))]);
    Some(Saving {
        change: format!("auto_termination_policy.idle_timeout = {IDLE_TIMEOUT} (now it runs for ever)"),
        caveat: Some("The cluster ends after an hour without work; the next apply makes a new one.".to_owned()),
        value: with(request.value, "auto_termination_policy", &policy),
    })
}

/// Runs on spot machines. Only where it is said what they cost: else nothing is sure to be saved.
fn spot(request: &CostRequest<'_>) -> Option<Saving> {
    let percent = request.declared("spot_percent_of_on_demand")?;
    (request.at("bid_price").is_none() && percent.interval.expected < 100.into()).then_some(())?;
    Some(Saving {
        change: "bid_price = the most that a machine may cost an hour (now on demand)".to_owned(),
        caveat: Some(
            "AWS takes spot machines back at two minutes' notice; their work starts anew elsewhere.".to_owned(),
        ),
        value: with(request.value, "bid_price", &Value::unknown(Type::String)),
    })
}

/// Grows to half as many machines at most.
fn lower_most(value: &Value, block: &str) -> Option<Saving> {
    let path = inside(block, "autoscaling_policy");
    let text = at(value, &path)?.as_str()?;
    let (least, most) = autoscaling::bounds(text)?;
    let lower = half(most.into()).max(least.into());
    (lower < i64::from(most)).then_some(())?;
    let changed = autoscaling::with_most(text, i32::try_from(lower).ok()?)?;
    Some(Saving {
        change: format!("Constraints.MaxCapacity = {lower} in `{path}` (now {most})"),
        caveat: Some("Peaks of work take longer.".to_owned()),
        value: with(value, &path, &Value::string(changed)),
    })
}

/// Has half as many machines, or one. There are one or three primary nodes, for a reason.
fn fewer(value: &Value, block: &str) -> Vec<Saving> {
    let path = inside(block, "instance_count");
    let count = at(value, &path).and_then(whole).unwrap_or_default();
    if block == "master_instance_group" || at(value, &inside(block, "autoscaling_policy")).is_some() {
        return Vec::new();
    }
    let mut counts = vec![half(count), 1];
    counts.dedup();
    let counts = counts.into_iter().filter(|fewer| *fewer < count);
    let savings = counts.map(|fewer| Saving {
        change: format!("{path} = {fewer} (now {count})"),
        caveat: Some("Fewer machines do less at once, and hold less data.".to_owned()),
        value: with(value, &path, &Value::number(fewer)),
    });
    savings.collect()
}

/// Has machines of a smaller type.
fn smaller(value: &Value, block: &str, new: New) -> Vec<Saving> {
    let path = inside(block, "instance_type");
    let Some(ty) = at(value, &path).and_then(Value::as_str) else { return Vec::new() };
    let new = match new {
        New::Cluster => "cluster",
        New::Group => "group",
    };
    let savings = machine_types::smaller(ty).into_iter().map(|smaller| Saving {
        change: format!("{path} = \"{smaller}\" (now \"{ty}\")"),
        caveat: Some(format!("A smaller machine has less memory for each task; another type needs a new {new}.")),
        value: with(value, &path, &Value::string(smaller)),
    });
    savings.collect()
}

/// The units that the core fleet is to have on demand, and on spot machines.
fn fleet(request: &CostRequest<'_>) -> Option<(i64, i64)> {
    let units = |name: &str| at(request.value, &inside("core_instance_fleet", name)).and_then(whole);
    Some((units("target_on_demand_capacity")?, units("target_spot_capacity").unwrap_or_default()))
}

fn with_fleet(request: &CostRequest<'_>, on_demand: i64, spot: i64, caveat: &str) -> Option<Saving> {
    let now = fleet(request)?;
    let value = with(request.value, "core_instance_fleet.target_on_demand_capacity", &Value::number(on_demand));
    Some(Saving {
        change: format!(
            "core_instance_fleet.target_on_demand_capacity = {on_demand} (now {}), target_spot_capacity = {spot} (now {})",
            now.0, now.1
        ),
        caveat: Some(caveat.to_owned()),
        value: with(&value, "core_instance_fleet.target_spot_capacity", &Value::number(spot)),
    })
}

/// Has all units on spot machines. Only where it is said what they cost.
fn fleet_on_spot(request: &CostRequest<'_>) -> Option<Saving> {
    let (on_demand, spot) = fleet(request)?;
    let percent = request.declared("spot_percent_of_on_demand")?;
    (on_demand > 0 && percent.interval.expected < 100.into()).then_some(())?;
    let caveat = "AWS takes spot machines back at two minutes' notice, and what they store is lost.";
    with_fleet(request, 0, on_demand + spot, caveat)
}

/// Has half as many units.
fn smaller_fleet(request: &CostRequest<'_>) -> Option<Saving> {
    let (on_demand, spot) = fleet(request)?;
    let fewer = (half(on_demand), half(spot));
    (fewer != (on_demand, spot)).then_some(())?;
    with_fleet(request, fewer.0, fewer.1, "Fewer machines do less at once, and hold less data.")
}

/// Half of a count, rounded up.
const fn half(count: i64) -> i64 {
    (count + 1) / 2
}
