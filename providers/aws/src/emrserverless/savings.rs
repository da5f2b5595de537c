//! Ways in which an application would cost less, the least painful first.

use std::convert::Infallible;

use mesh_provider::cost::{CostRequest, Decimal, HOURS_A_MONTH, Saving, at, with};
use mesh_value::{AttributePath, PathStep, Value};

use super::parts::amount;
use crate::check::whole;

/// What would make an application cheaper.
pub(super) fn savings(request: &CostRequest<'_>) -> Vec<Saving> {
    let mut savings: Vec<Saving> = stops(request).into_iter().collect();
    savings.extend(other_processors(request));
    savings.extend(fewer_ready(request));
    savings.extend(lower_most(request));
    savings
}

/// Stops when there is no job. Only where it is said how long jobs run: else nothing is sure to be saved.
fn stops(request: &CostRequest<'_>) -> Option<Saving> {
    let busy = request.declared("busy_hours")?;
    let is_on = request.at("auto_stop_configuration.enabled").and_then(Value::as_bool) == Some(false);
    (is_on && request.declared("hours").is_none() && busy.interval.expected < HOURS_A_MONTH).then_some(())?;
    Some(Saving {
        change: "auto_stop_configuration.enabled = true (now false)".to_owned(),
        caveat: Some("The first job after a pause waits until workers are there.".to_owned()),
        value: with(request.value, "auto_stop_configuration.enabled", &Value::bool(true)),
    })
}

fn other_processors(request: &CostRequest<'_>) -> Option<Saving> {
    (request.text("architecture") == Some("X86_64")).then_some(())?;
    Some(Saving {
        change: "architecture = \"ARM64\" (now \"X86_64\")".to_owned(),
        caveat: Some("Libraries and images that are made for x86 don't run there.".to_owned()),
        value: with(request.value, "architecture", &Value::string("ARM64")),
    })
}

/// Has half as many workers ready, for each kind of worker.
fn fewer_ready(request: &CostRequest<'_>) -> Vec<Saving> {
    let blocks = request.blocks("initial_capacity").iter().enumerate();
    let savings = blocks.filter_map(|(place, block)| {
        let kind = at(block, "initial_capacity_type").and_then(Value::as_str)?;
        let count = at(block, "initial_capacity_config.worker_count").and_then(whole).filter(|count| *count > 1)?;
        let fewer = (count + 1) / 2;
        Some(Saving {
            change: format!("worker_count = {fewer} (now {count}) in `initial_capacity` of `{kind}`"),
            caveat: Some("Jobs wait for the workers that are not ready.".to_owned()),
            value: with_count(request.value, place, fewer),
        })
    });
    savings.collect()
}

fn with_count(application: &Value, block: usize, count: i64) -> Value {
    let step = |name: &str| PathStep::Attr(name.into());
    let path: AttributePath =
        vec![step("initial_capacity"), PathStep::Index(block), step("initial_capacity_config"), step("worker_count")]
            .into();
    let mut put =
        |at: &AttributePath, value: Value| Ok::<_, Infallible>(if *at == path { Value::number(count) } else { value });
    match application.transform(&mut put) {
        Ok(changed) => changed,
    }
}

/// Grows to half as much at most. It bounds what jobs cost of which nobody says how much they use.
fn lower_most(request: &CostRequest<'_>) -> Option<Saving> {
    let half = |name: &str, unit: &str| {
        let written = request.text(&format!("maximum_capacity.{name}"))?;
        let less = (amount(written)? / Decimal::TWO).ceil();
        Some((written, format!("{} {unit}", less.normalize())))
    };
    let (cpu, less_cpu) = half("cpu", "vCPU")?;
    let (memory, less_memory) = half("memory", "GB")?;
    let value = with(request.value, "maximum_capacity.cpu", &Value::string(less_cpu.as_str()));
    Some(Saving {
        change: format!(
            "maximum_capacity.cpu = \"{less_cpu}\" (now \"{cpu}\"), memory = \"{less_memory}\" (now \"{memory}\")"
        ),
        caveat: Some("Large jobs take longer, or wait for one another.".to_owned()),
        value: with(&value, "maximum_capacity.memory", &Value::string(less_memory)),
    })
}
