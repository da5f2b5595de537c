//! What clusters cost: their machines by the hour, with EMR's price on top of EC2's, and their disks.

mod disks;
mod fleets;
mod hours;
mod machine_types;
mod machines;
mod savings;
mod scaling;
#[cfg(test)]
mod tests;

use mesh_provider::cost::{Charges, CostRequest, Costs, UsageParameter};

use self::machines::{Machines, Running, Type};
pub(super) use self::savings::{of_cluster, of_instance_group};

const HOURS: UsageParameter = UsageParameter {
    name: "hours",
    unit: "hour",
    description: "Hours a month that the cluster is there, where somebody starts and stops it by hand or by a schedule.",
};
const BUSY_HOURS: UsageParameter = UsageParameter {
    name: "busy_hours",
    unit: "hour",
    description: "Hours a month that the cluster works. It counts where the cluster ends by itself when it has no work.",
};
const RUNS: UsageParameter = UsageParameter {
    name: "runs",
    unit: "run",
    description: "How often a month the cluster comes up. After each it waits as long as its `auto_termination_policy` says.",
};
const AVERAGE: UsageParameter = UsageParameter {
    name: "average_instances",
    unit: "instance",
    description: "How many machines, or units of a fleet, there are on average beside the primary node, where the cluster grows and shrinks.",
};
const SPOT_PERCENT: UsageParameter = UsageParameter {
    name: "spot_percent_of_on_demand",
    unit: "percent",
    description: "What spot machines cost on average, in percent of their price on demand.",
};

/// What only use decides of a cluster, or a group of it.
pub(super) const USAGE: &[UsageParameter] = &[HOURS, BUSY_HOURS, RUNS, AVERAGE, SPOT_PERCENT];

/// What a cluster costs, without the task groups that are resources of their own.
pub(super) fn cluster(region: &str, request: CostRequest<'_>) -> Costs {
    let hours = hours::hours(Some(request.value), &request);
    let running = Running { region, hours, root: Some(disks::root(request.value)) };
    let mut charges = Charges { runs: request.declared("runs"), ..Charges::default() };
    if let Some(block) = request.at("master_instance_group") {
        let ty = Type { block, count: machines::written_count(block), spot: machines::spot(block, &request) };
        Machines { role: "primary", types: vec![ty] }.charge(&running, &mut charges);
    }
    if let Some(block) = request.at("core_instance_group") {
        let scaling::Count { own, added_spot } = scaling::count(block, &request);
        let own = Type { block, count: own, spot: machines::spot(block, &request) };
        Machines { role: "core", types: vec![own] }.charge(&running, &mut charges);
        let added = Type { block, count: added_spot, spot: Some(machines::spot_share(&request, None)) };
        Machines { role: "added", types: vec![added] }.charge(&running, &mut charges);
    }
    if let Some(block) = request.at("master_instance_fleet") {
        fleets::primary(block, &request).charge(&running, &mut charges);
    }
    if let Some(block) = request.at("core_instance_fleet") {
        for machines in fleets::core(block, &request) {
            machines.charge(&running, &mut charges);
        }
    }
    charges.into()
}

/// What a task group costs. It is there for as long as its cluster.
pub(super) fn instance_group(region: &str, request: CostRequest<'_>) -> Costs {
    let cluster = request.related("aws_emr_cluster").next();
    let hours = hours::hours(cluster, &request);
    let running = Running { region, hours, root: cluster.map(disks::root) };
    let mut charges = Charges { runs: request.declared("runs"), ..Charges::default() };
    let block = request.value;
    let count = scaling::ruled(block, &request).unwrap_or_else(|| machines::written_count(block));
    let ty = Type { block, count, spot: machines::spot(block, &request) };
    Machines { role: "task", types: vec![ty] }.charge(&running, &mut charges);
    charges.into()
}
