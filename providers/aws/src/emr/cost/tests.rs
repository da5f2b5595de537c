//! Holds what clusters cost by hand-computed cases, the arithmetic in a comment beside each.

use mesh_cost::Book;
use mesh_provider::cost::{Costs, with};
use mesh_value::{Refinements, Type, Value};
use serde_json::{Value as Json, json};

use super::{cluster, instance_group, of_cluster, of_instance_group};
use crate::costed::{Costed, book, month, month_expected, parts, reasons};

const REGION: &str = "us-east-1";

fn prices() -> Book {
    let prices = [
        ("aws/ec2/on-demand/m5.xlarge", "instance-hour", "0.192"),
        ("aws/emr/instance/m5.xlarge", "instance-hour", "0.048"),
        ("aws/ec2/on-demand/m5.4xlarge", "instance-hour", "0.768"),
        ("aws/emr/instance/m5.4xlarge", "instance-hour", "0.192"),
        ("aws/ec2/on-demand/r5d.2xlarge", "instance-hour", "0.576"),
        ("aws/emr/instance/r5d.2xlarge", "instance-hour", "0.144"),
        ("aws/ebs/gp2", "GB-month", "0.10"),
        ("aws/ebs/gp3", "GB-month", "0.08"),
        ("aws/ebs/gp3-iops", "IOPS-month", "0.005"),
        ("aws/ebs/gp3-throughput", "MBps-month", "0.04"),
    ];
    book(REGION, &prices)
}

/// One primary node and so many core nodes of `m5.xlarge`.
fn small(cores: i64) -> Json {
    json!({
        "release_label": "emr-7.9.0",
        "keep_job_flow_alive_when_no_steps": true,
        "master_instance_group": { "instance_type": "m5.xlarge", "instance_count": 1, "bid_price": null, "ebs_config": [] },
        "core_instance_group": {
            "instance_type": "m5.xlarge", "instance_count": cores, "bid_price": null, "autoscaling_policy": null,
            "ebs_config": []
        },
    })
}

fn merged(mut object: Json, more: Json) -> Json {
    fn merge(into: &mut Json, more: Json) {
        match (into, more) {
            (Json::Object(into), Json::Object(more)) => {
                for (key, value) in more {
                    merge(into.entry(key).or_insert(Json::Null), value);
                }
            }
            (into, more) => *into = more,
        }
    }
    merge(&mut object, more);
    object
}

fn costs(case: &Costed) -> Costs {
    cluster(REGION, case.request())
}

#[test]
fn machines_that_run_for_ever_cost_every_hour() {
    // machines: 3 x 730 h x (0.192 + 0.048) = 525.60
    // disks: m5.xlarge gets 2 x 32 GiB of gp2: 3 x 64 x 0.10 = 19.20; root disks: 3 x 15 x 0.08 = 3.60
    let costs = costs(&Costed::new("aws_emr_cluster", small(2)));
    assert_eq!(month(&costs, &prices()), "548.4");
    assert_eq!(
        parts(&costs),
        [
            "primary machines: 730 instance-hour of aws/ec2/on-demand/m5.xlarge",
            "primary machines, EMR: 730 instance-hour of aws/emr/instance/m5.xlarge",
            "primary disks, gp2: 64 GB-month of aws/ebs/gp2",
            "primary root disks, gp3: 15 GB-month of aws/ebs/gp3",
            "core machines: 1460 instance-hour of aws/ec2/on-demand/m5.xlarge",
            "core machines, EMR: 1460 instance-hour of aws/emr/instance/m5.xlarge",
            "core disks, gp2: 128 GB-month of aws/ebs/gp2",
            "core root disks, gp3: 30 GB-month of aws/ebs/gp3",
        ]
    );
    assert!(reasons(&costs).is_empty());
}

#[test]
fn a_cluster_that_ends_by_itself_costs_what_it_works() {
    let ends = merged(small(2), json!({ "auto_termination_policy": { "idle_timeout": 1800 } }));
    // hours: 50 + 20 runs x 0.5 = 60; machines: 3 x 60 x 0.24 = 43.20; disks: (19.20 + 3.60) x 60 / 730 = 1.87
    let used = Costed::new("aws_emr_cluster", ends.clone()).used(json!({ "busy_hours": 50, "runs": 20 }));
    assert_eq!(month(&costs(&used), &prices()), "45.07");

    // Nobody says how long it works: at most as much as one that runs for ever.
    let unsaid = costs(&Costed::new("aws_emr_cluster", ends.clone()));
    assert_eq!(month(&unsaid, &prices()), "0 .. 548.4 .. 548.4");
    assert!(reasons(&unsaid)[0].contains("`busy_hours` is not declared"), "{:?}", reasons(&unsaid));

    // Nobody says how often: it comes up once at least. 50.5 x 3 x 0.24 + 22.80 x 50.5 / 730 = 36.36 + 1.58
    let often = costs(&Costed::new("aws_emr_cluster", ends).used(json!({ "busy_hours": 50 })));
    assert_eq!(month(&often, &prices()), "37.94 .. 37.94 .. 548.4");

    // One that runs on has nothing of its being idle.
    let runs_on = costs(&Costed::new("aws_emr_cluster", small(2)).used(json!({ "busy_hours": 50 })));
    assert_eq!(month(&runs_on, &prices()), "548.4");
}

#[test]
fn a_cluster_without_more_steps_waits_for_nothing() {
    let ends = merged(small(2), json!({ "keep_job_flow_alive_when_no_steps": false }));
    // 3 x 60 x 0.24 + 22.80 x 60 / 730 = 43.20 + 1.87
    let used = Costed::new("aws_emr_cluster", ends).used(json!({ "busy_hours": 60, "runs": 30 }));
    let costs = costs(&used);
    assert_eq!(month(&costs, &prices()), "45.07");
    let Costs::Charged(charges) = costs else { panic!("charged") };
    assert_eq!(charges.runs.unwrap().interval.to_string(), "30");
}

#[test]
fn a_count_that_is_known_after_apply_has_its_bounds() {
    let between = |bounds: Refinements| {
        let count = Value::unknown_with(Type::Number, bounds);
        let case = Costed::new("aws_emr_cluster", small(2));
        let value = with(case.request().value, "core_instance_group.instance_count", &count);
        costs(&case.with_value(value))
    };
    // A machine of m5.xlarge is 730 x 0.24 + 7.60 = 182.80: 1 + 2 .. 1 + 6 .. 1 + 10 of them.
    let bounded = between(Refinements::number(Some(2.into()), Some(10.into())));
    assert_eq!(month(&bounded, &prices()), "548.4 .. 1279.6 .. 2010.8");
    assert_eq!(reasons(&bounded), ["`instance_count` is known after apply"]);
    let late: Vec<bool> = bounded.components().iter().map(|part| part.quantity.late).collect();
    assert_eq!(late, [false, false, false, false, true, true, true, true]);
    assert_eq!(month(&between(Refinements::default()), &prices()), "182.8 .. 182.8 .. open");
}

#[test]
fn hours_of_a_schedule_are_declared() {
    // 22 days x 10 h: 3 x 220 x 0.24 + 22.80 x 220 / 730 = 158.40 + 6.87
    let used = Costed::new("aws_emr_cluster", small(2)).used(json!({ "hours": 220 }));
    assert_eq!(month(&costs(&used), &prices()), "165.27");
}

#[test]
fn three_primary_nodes_cost_three_times_as_much() {
    // machines: (3 + 2) x 730 x 0.24 = 876; disks: 5 x (64 x 0.10 + 15 x 0.08) = 38
    let three = merged(small(2), json!({ "master_instance_group": { "instance_count": 3 } }));
    assert_eq!(month(&costs(&Costed::new("aws_emr_cluster", three)), &prices()), "914");
}

#[test]
fn disks_cost_what_they_are_and_do() {
    let disks = json!([{ "type": "gp3", "size": 100, "volumes_per_instance": 2, "iops": 4000, "throughput": 250 }]);
    let cluster = merged(
        small(2),
        json!({ "ebs_root_volume_size": 20, "core_instance_group": { "instance_type": "r5d.2xlarge", "ebs_config": disks } }),
    );
    // primary: 730 x 0.24 + 64 x 0.10 + 20 x 0.08 = 175.20 + 6.40 + 1.60 = 183.20
    // core: 2 x 730 x 0.72 = 1051.20; disks 2 x 2 x 100 x 0.08 = 32; 4 x 1000 x 0.005 = 20; 4 x 125 x 0.04 = 20;
    //       root 2 x 20 x 0.08 = 3.20
    let costs = costs(&Costed::new("aws_emr_cluster", cluster));
    assert_eq!(month(&costs, &prices()), "1309.6");
}

#[test]
fn spot_machines_cost_between_a_tenth_and_the_whole() {
    let spot = merged(small(2), json!({ "core_instance_group": { "bid_price": "0.15" } }));
    // Without the core machines of EC2: 548.40 - 2 x 730 x 0.192 = 268.08; with a tenth 296.112, with 35 % 366.192
    let unsaid = costs(&Costed::new("aws_emr_cluster", spot.clone()));
    assert_eq!(month(&unsaid, &prices()), "296.11 .. 548.4 .. 548.4");
    let said = costs(&Costed::new("aws_emr_cluster", spot).used(json!({ "spot_percent_of_on_demand": 35 })));
    assert_eq!(month(&said, &prices()), "296.11 .. 366.19 .. 548.4");
}

#[test]
fn managed_scaling_widens_the_count() {
    let limits = json!({ "unit_type": "Instances", "minimum_capacity_units": 2, "maximum_capacity_units": 10 });
    let policy = json!({ "compute_limits": limits });
    let scaled = || Costed::new("aws_emr_cluster", small(2)).beside("aws_emr_managed_scaling_policy", policy.clone());
    // A machine of m5.xlarge is 730 x 0.24 + 7.60 = 182.80. 1 + 2 .. 1 + 6 .. 1 + 10 of them.
    let unsaid = costs(&scaled());
    assert_eq!(month(&unsaid, &prices()), "548.4 .. 1279.6 .. 2010.8");
    assert_eq!(
        reasons(&unsaid),
        ["managed scaling keeps from 2 to 10 machines; `average_instances` is not declared in a `usage` block"]
    );
    // 1 + 3
    let said = scaled().used(json!({ "average_instances": 3 }));
    assert_eq!(month(&costs(&said), &prices()), "548.4 .. 731.2 .. 2010.8");
    // A task group of 2 beside it has its own cost, so here are 1 + 1 .. 1 + 4.5 .. 1 + 8.
    let beside = scaled().beside("aws_emr_instance_group", json!({ "instance_count": 2 }));
    assert_eq!(month(&costs(&beside), &prices()), "365.6 .. 1005.4 .. 1645.2");
}

#[test]
fn limits_of_scaling_count_in_processors_and_split_off_spot() {
    let limits = json!({
        "unit_type": "VCPU", "minimum_capacity_units": 8, "maximum_capacity_units": 40,
        "maximum_ondemand_capacity_units": 16, "maximum_core_capacity_units": 32,
    });
    let case = Costed::new("aws_emr_cluster", small(2))
        .beside("aws_emr_managed_scaling_policy", json!({ "compute_limits": limits }))
        .used(json!({ "average_instances": 6, "spot_percent_of_on_demand": 50 }));
    // m5.xlarge has 4: from 2 to 8 machines, of which 4 on demand; 6 on average: 4 on demand and 2 spot.
    let costs = costs(&case);
    let parts = parts(&costs);
    assert_eq!(parts[4], "core machines: 1460 .. 2920 .. 2920 instance-hour of aws/ec2/on-demand/m5.xlarge");
    assert_eq!(parts[8], "added machines, spot: 0 .. 730 .. 2920 instance-hour of aws/ec2/on-demand/m5.xlarge");
    assert_eq!(parts[9], "added machines, EMR: 0 .. 1460 .. 2920 instance-hour of aws/emr/instance/m5.xlarge");
}

#[test]
fn a_task_group_is_there_as_long_as_its_cluster() {
    let group = json!({ "instance_type": "m5.4xlarge", "instance_count": 4, "bid_price": null, "ebs_config": [] });
    let ends = merged(small(2), json!({ "auto_termination_policy": { "idle_timeout": 3600 } }));
    let case = Costed::new("aws_emr_instance_group", group.clone())
        .beside("aws_emr_cluster", ends)
        .used(json!({ "busy_hours": 60, "runs": 13 }));
    // 73 h: 4 x 73 x 0.96 = 280.32; disks 4 x (4 x 64 x 0.10 + 15 x 0.08) x 73 / 730 = 10.72
    assert_eq!(month(&instance_group(REGION, case.request()), &prices()), "291.04");

    // Of a cluster that is not in the configuration nothing is known: neither when it ends nor its root disks.
    // 4 x 730 x 0.96 + 4 x 25.60
    let alone = Costed::new("aws_emr_instance_group", group.clone());
    assert_eq!(month(&instance_group(REGION, alone.request()), &prices()), "2905.6");

    let rules = r#"{"Constraints":{"MinCapacity":0,"MaxCapacity":4},"Rules":[]}"#;
    let ruled = merged(group, json!({ "autoscaling_policy": rules }));
    let ruled = Costed::new("aws_emr_instance_group", ruled);
    assert_eq!(month(&instance_group(REGION, ruled.request()), &prices()), "0 .. 1452.8 .. 2905.6");
}

/// A cluster of fleets: a primary node of one type, and core nodes of two.
fn fleets(core: Json) -> Json {
    let ty = |name: &str, weight: i64| json!({ "instance_type": name, "weighted_capacity": weight, "ebs_config": [] });
    let fleet = json!({
        "target_on_demand_capacity": 0, "target_spot_capacity": 0,
        "instance_type_configs": [ty("m5.xlarge", 1), ty("m5.4xlarge", 4)],
    });
    json!({
        "release_label": "emr-7.9.0",
        "keep_job_flow_alive_when_no_steps": true,
        "master_instance_fleet": { "target_on_demand_capacity": 1, "instance_type_configs": [ty("m5.xlarge", 1)] },
        "core_instance_fleet": merged(fleet, core),
    })
}

#[test]
fn a_fleet_costs_between_its_cheapest_and_its_dearest_types() {
    // Six units are six of m5.xlarge or two of m5.4xlarge.
    // primary: 730 x 0.24 + 7.60 = 182.80
    // machines: 6 x 730 x 0.192 = 840.96 or 2 x 730 x 0.768 = 1121.28, EMR: 210.24 or 280.32
    // disks: 6 x 6.40 = 38.40 or 2 x 25.60 = 51.20; root disks: 6 x 1.20 = 7.20 or 2 x 1.20 = 2.40
    // low: 182.80 + 840.96 + 210.24 + 38.40 + 2.40 = 1274.80; high: 182.80 + 1121.28 + 280.32 + 51.20 + 7.20 = 1642.80
    let case = Costed::new("aws_emr_cluster", fleets(json!({ "target_on_demand_capacity": 6 })));
    let costs = costs(&case);
    assert_eq!(month(&costs, &prices()), "1274.8 .. 1458.8 .. 1642.8");
    assert_eq!(reasons(&costs), ["EMR takes one of the fleet's types of machines, or several"]);
}

#[test]
fn a_fleet_s_units_are_on_demand_and_on_spot_machines() {
    let case =
        Costed::new("aws_emr_cluster", fleets(json!({ "target_on_demand_capacity": 4, "target_spot_capacity": 8 })));
    let used = costs(&case.used(json!({ "spot_percent_of_on_demand": 30 })));
    let parts = parts(&used);
    assert_eq!(parts[4], "core machines: 2920 instance-hour of aws/ec2/on-demand/m5.xlarge");
    // 8 x 730 x (0.1 .. 0.3 .. 1)
    assert_eq!(parts[8], "added machines, spot: 584 .. 1752 .. 5840 instance-hour of aws/ec2/on-demand/m5.xlarge");

    let limits = json!({
        "unit_type": "InstanceFleetUnits", "minimum_capacity_units": 2, "maximum_capacity_units": 12,
        "maximum_ondemand_capacity_units": 4,
    });
    let scaled = Costed::new("aws_emr_cluster", fleets(json!({ "target_on_demand_capacity": 4 })))
        .beside("aws_emr_managed_scaling_policy", json!({ "compute_limits": limits }));
    let costs = costs(&scaled);
    assert_eq!(costs.components()[4].quantity.interval.to_string(), "1460 .. 2920 .. 2920");
    // (12 - 4) x 730, and of the middle, 7 - 4
    assert_eq!(costs.components()[9].quantity.interval.to_string(), "0 .. 2190 .. 5840");
}

/// Follows the first way to save that helps until a month costs at most so much; what was changed on the way.
fn saved(case: Costed, most: &str) -> (Vec<String>, String) {
    let (mut case, mut changes) = (case, Vec::new());
    let most = most.parse().unwrap();
    loop {
        let costs = costs(&case);
        let amount = month_expected(&costs, &prices());
        let next = of_cluster(&case.request()).into_iter().next();
        let Some(next) = next.filter(|_| amount > most) else { return (changes, amount.round_dp(2).to_string()) };
        changes.push(next.change);
        case = case.with_value(next.value);
    }
}

#[test]
fn ten_large_nodes_get_under_a_hundred_dollars() {
    let large = merged(
        small(10),
        json!({
            "auto_termination_policy": null, "core_instance_group": { "instance_type": "m5.4xlarge" },
        }),
    );
    // 730 x (0.24 + 10 x 0.96) + 7.60 + 10 x 26.80 = 7183.20 + 275.60
    let case = || Costed::new("aws_emr_cluster", large.clone());
    assert_eq!(month(&costs(&case()), &prices()), "7458.8");
    let (changes, amount) = saved(case().used(json!({ "busy_hours": 60, "runs": 13 })), "100");
    // 73 h: 73 x (0.24 + 1 x 0.96) + (7.60 + 26.80) / 10 = 87.60 + 3.44
    assert_eq!(amount, "91.04");
    assert_eq!(
        changes,
        [
            "auto_termination_policy.idle_timeout = 3600 (now it runs for ever)",
            "core_instance_group.instance_count = 5 (now 10)",
            "core_instance_group.instance_count = 3 (now 5)",
            "core_instance_group.instance_count = 2 (now 3)",
            "core_instance_group.instance_count = 1 (now 2)",
        ]
    );
}

#[test]
fn every_way_to_save_costs_less_and_names_what_to_write() {
    let rules = r#"{"Constraints":{"MinCapacity":1,"MaxCapacity":8},"Rules":[]}"#;
    let ruled = merged(
        small(4),
        json!({
            "auto_termination_policy": null,
            "core_instance_group": { "instance_type": "m5.4xlarge", "autoscaling_policy": rules },
        }),
    );
    let case = Costed::new("aws_emr_cluster", ruled).used(json!({ "busy_hours": 100, "runs": 20 }));
    let before = month_expected(&costs(&case), &prices());
    let savings = of_cluster(&case.request());
    let changes: Vec<_> = savings.iter().map(|saving| saving.change.as_str()).collect();
    assert_eq!(
        changes,
        [
            "auto_termination_policy.idle_timeout = 3600 (now it runs for ever)",
            "Constraints.MaxCapacity = 4 in `core_instance_group.autoscaling_policy` (now 8)",
            "core_instance_group.instance_type = \"m5.2xlarge\" (now \"m5.4xlarge\")",
            "core_instance_group.instance_type = \"m5.xlarge\" (now \"m5.4xlarge\")",
        ]
    );
    let mut case = case;
    for saving in savings.into_iter().take(2) {
        case = case.with_value(saving.value);
        assert!(month_expected(&costs(&case), &prices()) < before, "{}", saving.change);
    }
}

#[test]
fn a_task_group_may_run_on_spot_machines_where_their_price_is_said() {
    let group = json!({ "instance_type": "m5.xlarge", "instance_count": 1, "bid_price": null, "ebs_config": [] });
    let case = Costed::new("aws_emr_instance_group", group);
    assert!(of_instance_group(&case.request()).is_empty());
    let case = case.used(json!({ "spot_percent_of_on_demand": 25 }));
    let spot = of_instance_group(&case.request()).remove(0);
    // 730 x (0.192 x 0.25 + 0.048) + 6.40 = 70.08 + 6.40
    let costs = instance_group(REGION, case.with_value(spot.value).request());
    assert_eq!(month_expected(&costs, &prices()).round_dp(2).to_string(), "76.48");
}

#[test]
fn a_fleet_may_be_smaller_or_on_spot_machines() {
    let case = || {
        let fleets = fleets(json!({ "target_on_demand_capacity": 4, "target_spot_capacity": 1 }));
        Costed::new("aws_emr_cluster", fleets).used(json!({ "spot_percent_of_on_demand": 30 }))
    };
    let before = month_expected(&costs(&case()), &prices());
    let found = of_cluster(&case().request());
    let changes: Vec<_> = found.iter().map(|saving| saving.change.as_str()).collect();
    assert_eq!(
        changes,
        [
            "core_instance_fleet.target_on_demand_capacity = 0 (now 4), target_spot_capacity = 5 (now 1)",
            "core_instance_fleet.target_on_demand_capacity = 2 (now 4), target_spot_capacity = 1 (now 1)",
        ]
    );
    for saving in found {
        let after = month_expected(&costs(&case().with_value(saving.value)), &prices());
        assert!(after < before, "{}: {after}", saving.change);
    }
}
