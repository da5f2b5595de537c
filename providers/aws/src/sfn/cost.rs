//! What a state machine costs: by the step, or by the run and how long it takes.

use mesh_provider::cost::{Charges, CostRequest, Costs, Decimal, Interval, PriceKey, Quantity, UsageParameter};
use serde_json::Value as Json;

/// Express runs are charged by so many MB at once, and by so many milliseconds (AWS Step Functions pricing).
const MB_STEP: u32 = 64;
const MS_STEP: u32 = 100;

const MB_A_GB: u32 = 1024;
const MS_A_SECOND: u32 = 1000;

/// What `usage` blocks may declare of a state machine.
pub(super) const USAGE: &[UsageParameter] = &[
    UsageParameter { name: "executions", unit: "run", description: "How often it runs in a month." },
    UsageParameter {
        name: "transitions",
        unit: "transition",
        description: "Steps of all runs in a month, of a `STANDARD` one; else each step of the definition once a run.",
    },
    UsageParameter { name: "duration_ms", unit: "ms", description: "How long a run of an `EXPRESS` one takes." },
    UsageParameter {
        name: "memory_mb",
        unit: "MB",
        description: "What a run of an `EXPRESS` one takes of memory: 50 MB, its definition and its data.",
    },
];

/// What a state machine costs.
pub(super) fn cost(region: &str, request: CostRequest<'_>) -> Costs {
    let mut charges = Charges::default();
    let price = |key: &str| PriceKey::new(format!("aws/states/{key}"), region);
    if request.text("type") == Some("EXPRESS") {
        charges.add("requests", price("express-requests"), "request", request.used("executions"));
        charges.add("duration", price("express-duration"), "GB-second", duration(&request));
    } else {
        charges.add("state transitions", price("transitions"), "transition", transitions(&request));
    }
    charges.runs = request.declared("executions");
    charges.into()
}

/// The GB-seconds of express runs.
fn duration(request: &CostRequest<'_>) -> Quantity {
    let steps = |quantity: Quantity, step: u32| {
        quantity.map(|number| (number / Decimal::from(step)).ceil() * Decimal::from(step))
    };
    let seconds = steps(request.used("duration_ms"), MS_STEP).map(|ms| ms / Decimal::from(MS_A_SECOND));
    let memory = request.declared("memory_mb").unwrap_or_else(|| {
        let least = Decimal::from(MB_STEP);
        Quantity::wide(Interval::new(least, least, None), "`memory_mb` is not declared in a `usage` block")
    });
    let memory = steps(memory, MB_STEP).map(|mb| mb / Decimal::from(MB_A_GB));
    request.used("executions").times(&seconds).times(&memory)
}

/// The steps of standard runs: each takes one at least, and each of the definition once is what is expected.
fn transitions(request: &CostRequest<'_>) -> Quantity {
    if let Some(declared) = request.declared("transitions") {
        return declared;
    }
    let Some(executions) = request.declared("executions") else {
        return Quantity::wide(Interval::OPEN, "neither `transitions` nor `executions` is declared in a `usage` block");
    };
    let states = request.text("definition").and_then(states).unwrap_or(1);
    let interval = Interval::new(Decimal::ONE, states.into(), None);
    let reason =
        "`transitions` is not declared in a `usage` block: a run may skip steps of the definition and repeat others";
    executions.times(&Quantity::wide(interval, reason))
}

/// How many states a definition has, with those inside of others.
fn states(definition: &str) -> Option<u64> {
    fn count(machine: &Json) -> u64 {
        let states = machine.get("States").and_then(Json::as_object);
        states.into_iter().flat_map(|states| states.values()).map(|state| 1 + inner(state)).sum()
    }
    fn inner(state: &Json) -> u64 {
        let branches = state.get("Branches").and_then(Json::as_array);
        let machines = branches.into_iter().flatten().chain(state.get("ItemProcessor")).chain(state.get("Iterator"));
        machines.map(count).sum()
    }
    serde_json::from_str(definition).ok().map(|machine: Json| count(&machine))
}
