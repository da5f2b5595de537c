//! What can be seen to be wrong with a cluster before EMR refuses it, or worse: ends it after some minutes.

use mesh_provider::ProviderDiagnostic;
use mesh_value::{AttributePath, Value};

use crate::check::{exclusive, inside, one_of, whole, within};
use crate::emr::{autoscaling, configurations, volumes};

const MASTERS: [&str; 2] = ["master_instance_group", "master_instance_fleet"];
const CORES: [&str; 2] = ["core_instance_group", "core_instance_fleet"];

/// All that is wrong with what is written.
pub(super) fn problems(config: &Value) -> Vec<ProviderDiagnostic> {
    let mut problems =
        one_of(config, "scale_down_behavior", &["TERMINATE_AT_INSTANCE_HOUR", "TERMINATE_AT_TASK_COMPLETION"]);
    problems.extend(within(config, "step_concurrency_level", 1, 256));
    problems.extend(within(config, "ebs_root_volume_size", 1, 2048));
    problems.extend(release(config));
    problems.extend(machines(config));
    problems.extend(exclusive(config, "configurations_json", "configurations"));
    for name in ["configurations", "configurations_json"] {
        problems.extend(configurations::invalid(config, name));
    }
    problems.extend(inside(config, "auto_termination_policy", |block| within(block, "idle_timeout", 60, 604_800)));
    problems.extend(inside(config, "ec2_attributes", |block| exclusive(block, "subnet_id", "subnet_ids")));
    problems.extend(inside(config, "step", |step| {
        one_of(step, "action_on_failure", &["CANCEL_AND_WAIT", "CONTINUE", "TERMINATE_CLUSTER", "TERMINATE_JOB_FLOW"])
    }));
    problems.extend(inside(config, "placement_group_config", |block| {
        let mut problems = one_of(block, "instance_role", &["MASTER"]);
        problems.extend(one_of(block, "placement_strategy", &["CLUSTER", "NONE", "PARTITION", "SPREAD"]));
        problems
    }));
    problems.extend(inside(config, "master_instance_group", |block| {
        let count = block.get("instance_count").and_then(whole).filter(|count| ![1, 3].contains(count));
        let mut problems = group(block);
        problems.extend(count.map(|count| {
            let detail = format!("`instance_count` is {count}; there can be 1 primary node, or 3.");
            ProviderDiagnostic::error("Invalid value", detail).at(AttributePath::attr("instance_count"))
        }));
        problems
    }));
    problems.extend(inside(config, "core_instance_group", |block| {
        let mut problems = group(block);
        problems.extend(within(block, "instance_count", 0, 4000));
        problems.extend(autoscaling::invalid(block));
        problems
    }));
    for name in ["master_instance_fleet", "core_instance_fleet"] {
        problems.extend(inside(config, name, fleet));
    }
    problems
}

fn written(config: &Value, name: &str) -> bool {
    config.get(name).is_some_and(|block| !block.is_null())
}

/// A release label that EMR does not have the form of.
fn release(config: &Value) -> Option<ProviderDiagnostic> {
    let label = config.get("release_label").and_then(Value::as_str)?;
    let known = label.strip_prefix("emr-").is_some_and(|rest| rest.starts_with(|first: char| first.is_ascii_digit()));
    let detail = format!("`release_label` is \"{label}\"; releases are written like \"emr-7.9.0\".");
    (!known).then(|| ProviderDiagnostic::error("Invalid value", detail).at(AttributePath::attr("release_label")))
}

/// Machines in groups and in fleets exclude each other, and a cluster needs a primary node.
fn machines(config: &Value) -> Vec<ProviderDiagnostic> {
    let mut problems = Vec::new();
    if !MASTERS.iter().any(|name| written(config, name)) {
        let detail = "Write what the primary node is: a block `master_instance_group` or `master_instance_fleet`.";
        problems.push(ProviderDiagnostic::error("Cluster has no primary node", detail));
    }
    let [group, fleet] = MASTERS;
    problems.extend(exclusive(config, group, fleet));
    let [core_group, core_fleet] = CORES;
    problems.extend(exclusive(config, core_group, core_fleet));
    for (one, other) in [(group, core_fleet), (fleet, core_group)] {
        if written(config, one) && written(config, other) {
            let detail = format!(
                "A cluster's machines are either in groups or in fleets: `{one}` and `{other}` don't go together."
            );
            problems.push(ProviderDiagnostic::error("Conflicting arguments", detail).at(AttributePath::attr(other)));
        }
    }
    problems
}

/// What is wrong with a group of any role.
pub(crate) fn group(block: &Value) -> Vec<ProviderDiagnostic> {
    let mut problems: Vec<_> = price(block).into_iter().collect();
    problems.extend(inside(block, "ebs_config", volumes::invalid));
    problems
}

/// A price that is no amount of dollars. An empty one means on demand to other tools; here it is left out.
fn price(block: &Value) -> Option<ProviderDiagnostic> {
    let price = block.get("bid_price").and_then(Value::as_str)?;
    let is_amount = price.parse::<f64>().is_ok_and(|amount| amount.is_finite() && amount > 0.0);
    let detail = format!("`bid_price` is \"{price}\"; it must be an amount of US dollars, such as \"0.30\".");
    (!is_amount).then(|| ProviderDiagnostic::error("Invalid value", detail).at(AttributePath::attr("bid_price")))
}

fn fleet(block: &Value) -> Vec<ProviderDiagnostic> {
    let mut problems = within(block, "target_on_demand_capacity", 0, 100_000);
    problems.extend(within(block, "target_spot_capacity", 0, 100_000));
    problems.extend(inside(block, "instance_type_configs", |instance| {
        let mut problems = group(instance);
        problems.extend(exclusive(instance, "bid_price", "bid_price_as_percentage_of_on_demand_price"));
        problems.extend(within(instance, "weighted_capacity", 0, 999));
        problems
    }));
    problems.extend(inside(block, "launch_specifications", |launch| {
        let mut problems = inside(launch, "on_demand_specification", |on_demand| {
            one_of(on_demand, "allocation_strategy", &["lowest-price", "prioritized"])
        });
        problems.extend(inside(launch, "spot_specification", spot));
        problems
    }));
    problems
}

fn spot(block: &Value) -> Vec<ProviderDiagnostic> {
    let strategies = [
        "capacity-optimized",
        "capacity-optimized-prioritized",
        "diversified",
        "lowest-price",
        "price-capacity-optimized",
    ];
    let mut problems = one_of(block, "allocation_strategy", &strategies);
    problems.extend(one_of(block, "timeout_action", &["SWITCH_TO_ON_DEMAND", "TERMINATE_CLUSTER"]));
    problems.extend(within(block, "timeout_duration_minutes", 5, 1440));
    let reserved = block.get("block_duration_minutes").and_then(whole);
    if let Some(minutes) = reserved.filter(|minutes| !(0..=360).contains(minutes) || minutes % 60 != 0) {
        let detail = format!("`block_duration_minutes` is {minutes}; it can be 0, 60, 120, 180, 240, 300 or 360.");
        let problem = ProviderDiagnostic::error("Invalid value", detail);
        problems.push(problem.at(AttributePath::attr("block_duration_minutes")));
    }
    problems
}
