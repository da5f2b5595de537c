//! Ways in which a job would cost less, the least painful first.

use mesh_provider::cost::{CostRequest, Decimal, Saving, at, number, with};
use mesh_value::{Number, Type, Value};

use super::cost::version;
use super::workers::{scales, units_of};
use crate::check::whole;

/// The kinds of workers of a family, the smallest first.
const FAMILIES: [&[&str]; 2] = [&["G.1X", "G.2X", "G.4X", "G.8X", "G.12X", "G.16X"], &["R.1X", "R.2X", "R.4X", "R.8X"]];

/// A job in Spark has one worker that drives and one that works at least.
const LEAST_WORKERS: i64 = 2;

/// What would make a job cheaper.
pub(super) fn savings(request: &CostRequest<'_>) -> Vec<Saving> {
    let found = [
        flexible(request),
        scaling(request),
        smaller_worker(request),
        fewer_workers(request),
        less_capacity(request),
        shorter(request),
    ];
    found.into_iter().flatten().collect()
}

/// Runs when there is capacity to spare.
fn flexible(request: &CostRequest<'_>) -> Option<Saving> {
    let is_spark = request.text("command.name").unwrap_or("glueetl") == "glueetl";
    let is_standard = request.text("execution_class").unwrap_or("STANDARD") == "STANDARD";
    let is_able = ["G.1X", "G.2X"].contains(&request.text("worker_type")?) && version(request)? >= Decimal::from(3);
    (is_spark && is_standard && is_able).then_some(())?;
    Some(Saving {
        change: "execution_class = \"FLEX\" (now \"STANDARD\")".to_owned(),
        caveat: Some(
            "Runs may wait for spare capacity, and lose it on the way: nothing for work that is urgent.".into(),
        ),
        value: with(request.value, "execution_class", &Value::string("FLEX")),
    })
}

/// Gives workers back that have nothing to do. Only where it is said how many there are then.
fn scaling(request: &CostRequest<'_>) -> Option<Saving> {
    let average = request.declared("average_workers")?;
    let count = request.at("number_of_workers").and_then(whole)?;
    (!scales(request) && average.interval.expected < Decimal::from(count)).then_some(())?;
    let written = request.at("default_arguments").and_then(Value::as_entries).unwrap_or_default();
    let switch = ("--enable-auto-scaling".into(), Value::string("true"));
    let arguments = Value::map(Type::String, written.iter().cloned().chain([switch]));
    Some(Saving {
        change: "default_arguments = { \"--enable-auto-scaling\" = \"true\" }".to_owned(),
        caveat: None,
        value: with(request.value, "default_arguments", &arguments),
    })
}

fn smaller_worker(request: &CostRequest<'_>) -> Option<Saving> {
    let kind = request.text("worker_type")?;
    let family = FAMILIES.iter().find(|family| family.contains(&kind))?;
    let place = family.iter().position(|known| *known == kind)?;
    let smaller = *family.get(place.checked_sub(1)?)?;
    units_of(smaller)?;
    Some(Saving {
        change: format!("worker_type = \"{smaller}\" (now \"{kind}\")"),
        caveat: Some("A smaller worker has less memory, and runs may take longer.".to_owned()),
        value: with(request.value, "worker_type", &Value::string(smaller)),
    })
}

fn fewer_workers(request: &CostRequest<'_>) -> Option<Saving> {
    let count = request.at("number_of_workers").and_then(whole).filter(|count| *count > LEAST_WORKERS)?;
    let fewer = ((count + 1) / 2).max(LEAST_WORKERS);
    Some(Saving {
        change: format!("number_of_workers = {fewer} (now {count})"),
        caveat: Some("Runs may take longer.".to_owned()),
        value: with(request.value, "number_of_workers", &Value::number(fewer)),
    })
}

/// Of a job that is sized by its capacity: half of it; of a Python shell, the smaller of two.
fn less_capacity(request: &CostRequest<'_>) -> Option<Saving> {
    if request.at("number_of_workers").is_some_and(Value::is_known) {
        return None;
    }
    let capacity = number(request.value, "max_capacity").filter(|capacity| capacity.interval.is_exact())?;
    let capacity = capacity.interval.low;
    let is_shell = request.text("command.name") == Some("pythonshell");
    let least = if is_shell { Decimal::new(625, 4) } else { Decimal::TWO };
    let less = if is_shell { least } else { (capacity / Decimal::TWO).ceil().max(least) };
    (less < capacity).then_some(())?;
    let text = less.normalize().to_string();
    Some(Saving {
        change: format!("max_capacity = {text} (now {})", capacity.normalize()),
        caveat: Some("Runs have less memory and may take longer.".to_owned()),
        value: with(request.value, "max_capacity", &Value::number(text.parse::<Number>().ok()?)),
    })
}

/// Ends runs that hang. It bounds what they cost where nobody says how long they take.
fn shorter(request: &CostRequest<'_>) -> Option<Saving> {
    let timeout = at(request.value, "timeout").and_then(whole).filter(|timeout| *timeout > 1)?;
    request.declared("minutes_per_run").is_none().then_some(())?;
    let shorter = (timeout + 1) / 2;
    Some(Saving {
        change: format!("timeout = {shorter} (now {timeout})"),
        caveat: Some("A run that takes longer is ended.".to_owned()),
        value: with(request.value, "timeout", &Value::number(shorter)),
    })
}
