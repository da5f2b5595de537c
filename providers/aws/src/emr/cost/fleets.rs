//! How many machines of which types a fleet may be: units of capacity, of which a machine of each type is so many.

use mesh_provider::cost::{CostRequest, Decimal, Interval, Quantity, at, number};
use mesh_value::Value;

use super::machines::{Machines, Type, spot_share};
use super::scaling;

/// The machines of the primary node's fleet: one, of any of its types.
pub(super) fn primary<'a>(block: &'a Value, request: &CostRequest<'_>) -> Machines<'a> {
    let spot = number(block, "target_spot_capacity").is_some_and(|units| units.interval.expected > Decimal::ZERO);
    let one = Quantity::exactly(Decimal::ONE);
    Machines { role: "primary", types: types(block, &one, spot, request) }
}

/// The machines of the core fleet: those on demand, and those on spot machines.
pub(super) fn core<'a>(block: &'a Value, request: &CostRequest<'_>) -> [Machines<'a>; 2] {
    let target = |name: &str| number(block, name).unwrap_or_default();
    let count = scaling::managed_units(request).unwrap_or_else(|| scaling::Count {
        own: target("target_on_demand_capacity"),
        added_spot: target("target_spot_capacity"),
    });
    [
        Machines { role: "core", types: types(block, &count.own, false, request) },
        Machines { role: "added", types: types(block, &count.added_spot, true, request) },
    ]
}

/// The types of a fleet, with as many of each as so many units are.
fn types<'a>(block: &'a Value, units: &Quantity, is_spot: bool, request: &CostRequest<'_>) -> Vec<Type<'a>> {
    let configs = at(block, "instance_type_configs");
    if units.interval.is_zero() {
        return Vec::new();
    }
    let types = configs.and_then(Value::as_slice).unwrap_or_default().iter().map(|config| {
        let weight = number(config, "weighted_capacity").unwrap_or_else(|| Quantity::exactly(Decimal::ONE));
        let weight = weight.interval.expected.max(Decimal::ONE);
        let count = units.map(|units| (units / weight).ceil());
        let spot = is_spot.then(|| spot_share(request, most_share(block, config)));
        Type { block: config, count, spot }
    });
    let mut types: Vec<Type<'a>> = types.collect();
    if types.is_empty() {
        // Which types is known after apply, or EMR will refuse it: it is counted, and has no price.
        let open = Quantity::late(Interval::OPEN, "`instance_type_configs` is known after apply");
        types.push(Type { block, count: open, spot: None });
    }
    types
}

/// The most that is paid for a spot machine of a type, as a part of its price on demand. It doesn't hold where EMR takes
/// machines on demand when there are no others.
fn most_share(fleet: &Value, config: &Value) -> Option<Decimal> {
    let action = at(fleet, "launch_specifications.spot_specification.timeout_action").and_then(Value::as_str);
    let percent = number(config, "bid_price_as_percentage_of_on_demand_price")?.interval.high?;
    (action == Some("TERMINATE_CLUSTER")).then(|| percent / Decimal::ONE_HUNDRED)
}
