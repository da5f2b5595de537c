//! How large a job is, in data processing units.

use mesh_provider::cost::{CostRequest, Decimal, Interval, Quantity};
use mesh_value::Value;

/// The kinds of workers, and how many units each is. Those for much memory have units of their own price. From "AWS Glue
/// worker types" in the Glue Developer Guide.
const WORKERS: [(&str, Decimal); 13] = [
    ("Standard", whole(1)),
    ("G.025X", Decimal::from_parts(25, 0, 0, false, 2)),
    ("G.1X", whole(1)),
    ("G.2X", whole(2)),
    ("G.4X", whole(4)),
    ("G.8X", whole(8)),
    ("G.12X", whole(12)),
    ("G.16X", whole(16)),
    ("R.1X", whole(1)),
    ("R.2X", whole(2)),
    ("R.4X", whole(4)),
    ("R.8X", whole(8)),
    ("Z.2X", whole(2)),
];

/// What Glue gives to a job of which nobody wrote the size.
const USUAL: Decimal = whole(10);
const USUAL_OF_PYTHON: Decimal = Decimal::from_parts(625, 0, 0, false, 4);

const fn whole(number: u32) -> Decimal {
    Decimal::from_parts(number, 0, 0, false, 0)
}

/// How large a job is.
pub(super) struct Size {
    /// The units that each run has.
    pub(super) units: Quantity,
    /// Whether they are units with more memory.
    pub(super) is_large_memory: bool,
}

/// How many units a worker of a kind is.
pub(super) fn units_of(kind: &str) -> Option<Decimal> {
    WORKERS.iter().find(|(known, _)| *known == kind).map(|(_, units)| *units)
}

/// The size that is written: by capacity, or by workers; else Glue's own.
pub(super) fn size(command: &str, request: &CostRequest<'_>) -> Size {
    let bounded = |name: &str| request.number(name).filter(|number| number.interval.high.is_some());
    let kind = request.text("worker_type");
    let is_large_memory = kind.is_some_and(|kind| kind.starts_with("R."));
    let units = match (bounded("max_capacity"), bounded("number_of_workers")) {
        (_, Some(workers)) => workers_at_once(workers, request).times(&Quantity::exactly(of_kind(kind))),
        (Some(capacity), None) => capacity,
        // The kind is chosen, and how many is known after apply.
        (None, None) if kind.is_some() => {
            let workers = request.number("number_of_workers");
            workers.unwrap_or_else(|| Quantity::exactly(USUAL)).times(&Quantity::exactly(of_kind(kind)))
        }
        (None, None) if command == "pythonshell" => Quantity::exactly(USUAL_OF_PYTHON),
        (None, None) => Quantity::exactly(USUAL),
    };
    Size { units, is_large_memory }
}

fn of_kind(kind: Option<&str>) -> Decimal {
    kind.and_then(units_of).unwrap_or(Decimal::ONE)
}

/// Whether Glue takes away workers that have nothing to do.
pub(super) fn scales(request: &CostRequest<'_>) -> bool {
    let is_on = |arguments: &str| {
        let switch = request.at(arguments).and_then(|arguments| arguments.get("--enable-auto-scaling"));
        switch.and_then(Value::as_str).is_some_and(|switch| switch.eq_ignore_ascii_case("true"))
    };
    is_on("default_arguments") || is_on("non_overridable_arguments")
}

/// The workers that a run has: all, or down to the one that drives the others.
fn workers_at_once(most: Quantity, request: &CostRequest<'_>) -> Quantity {
    if !scales(request) {
        return most;
    }
    let average = request.declared("average_workers");
    let middle = Interval::between(Decimal::ONE, most.interval.high);
    let interval = match &average {
        Some(average) => Interval::new(Decimal::ONE, average.interval.expected, most.interval.high),
        None => middle,
    };
    let mut because = "the job scales automatically".to_owned();
    if average.is_none() {
        because.push_str(", and `average_workers` is not declared in a `usage` block");
    }
    Quantity { late: most.late, ..Quantity::wide(interval, because) }
}
