//! Clusters, jobs and applications as they are planned: what nobody wrote is known after apply there, and costs what the
//! service gives.

use serde_json::{Value as Json, json};

use crate::{exactly, parts, savings};

const ROLE: &str = "arn:aws:iam::123456789012:role/r";

/// A cluster of one primary node and two core nodes.
pub(crate) fn cluster() -> Json {
    json!({
        "name": "orders",
        "release_label": "emr-7.9.0",
        "service_role": ROLE,
        "ec2_attributes": { "instance_profile": "machines" },
        "master_instance_group": { "instance_type": "m5.xlarge" },
        "core_instance_group": { "instance_type": "m5.2xlarge", "instance_count": 2 },
    })
}

/// A cluster of fleets.
pub(crate) fn fleets() -> Json {
    let disks = |kind: &str, more: Json| {
        let mut disks = json!({ "type": kind, "size": 100 });
        disks.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        json!([disks])
    };
    let ty = |name: &str, weight: i64, disks: Json| json!({ "instance_type": name, "weighted_capacity": weight, "ebs_config": disks });
    let types = [
        ty("m5.xlarge", 1, disks("gp3", json!({ "iops": 4000, "throughput": 250 }))),
        ty("r5.2xlarge", 2, disks("io1", json!({ "iops": 1000 }))),
        ty("c5.4xlarge", 4, disks("st1", json!({}))),
    ];
    json!({
        "name": "orders",
        "release_label": "emr-6.9.0",
        "service_role": ROLE,
        "ec2_attributes": { "instance_profile": "machines" },
        "master_instance_fleet": {
            "target_on_demand_capacity": 1,
            "instance_type_configs": [{ "instance_type": "m6i.xlarge" }],
        },
        "core_instance_fleet": {
            "target_on_demand_capacity": 4, "target_spot_capacity": 8, "instance_type_configs": types,
        },
    })
}

pub(crate) fn task_group() -> Json {
    json!({ "cluster_id": "j-1", "instance_type": "m5.4xlarge", "instance_count": 2, "bid_price": "0.40" })
}

/// A job of Glue with what is given.
pub(crate) fn job(more: &Json) -> Json {
    let mut job =
        json!({ "name": "orders", "role_arn": ROLE, "command": { "script_location": "s3://code/orders.py" } });
    job.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    job
}

pub(crate) fn crawler() -> Json {
    let targets = json!([{ "path": "s3://landing/orders" }]);
    json!({ "name": "orders", "role": ROLE, "database_name": "orders", "s3_target": targets })
}

/// An application of EMR Serverless with a disk that is larger than the free one.
pub(crate) fn application(architecture: &str) -> Json {
    let worker = json!({ "cpu": "4 vCPU", "memory": "16 GB", "disk": "50 GB" });
    let config = json!({ "worker_count": 2, "worker_configuration": worker });
    let ready = json!([{ "initial_capacity_type": "Executor", "initial_capacity_config": config }]);
    json!({
        "name": "orders", "release_label": "emr-7.9.0", "type": "spark", "architecture": architecture,
        "initial_capacity": ready,
    })
}

#[tokio::test]
async fn a_new_cluster_runs_for_ever() {
    let parts = parts("aws_emr_cluster", cluster(), &[], &[]).await;
    assert_eq!(
        parts,
        [
            "primary machines: 730 instance-hour",
            "primary machines, EMR: 730 instance-hour",
            "primary disks, gp2: 64 GB-month",
            "primary root disks, gp3: 15 GB-month",
            "core machines: 1460 instance-hour",
            "core machines, EMR: 1460 instance-hour",
            // 2 x 4 x 32, 2 x 15
            "core disks, gp2: 256 GB-month",
            "core root disks, gp3: 30 GB-month",
        ]
    );
}

#[tokio::test]
async fn a_cluster_with_limits_of_scaling_has_an_interval() {
    let limits = json!({ "unit_type": "Instances", "minimum_capacity_units": 1, "maximum_capacity_units": 5 });
    let policy = json!({ "cluster_id": "j-1", "compute_limits": limits });
    let related = [("aws_emr_managed_scaling_policy", policy)];
    let parts = parts("aws_emr_cluster", cluster(), &[("hours", exactly(100))], &related).await;
    assert_eq!(parts[4], "core machines: 100 .. 300 .. 500 instance-hour");
}

#[tokio::test]
async fn a_new_job_has_glue_s_size_and_timeout() {
    // 30 runs x 1 .. 2880 min / 60 x 10 DPU; 730 h x 10 DPU are less
    let unsized_job = parts("aws_glue_job", job(&json!({})), &[("runs", exactly(30))], &[]).await;
    assert_eq!(unsized_job, ["runs: 5 .. 5 .. 7300 DPU-hour"]);
    // 30 x 20 / 60 x 4 x 2
    let sized = job(&json!({ "worker_type": "G.2X", "number_of_workers": 4 }));
    let usage = [("runs", exactly(30)), ("minutes_per_run", exactly(20))];
    assert_eq!(parts("aws_glue_job", sized, &usage, &[]).await, ["runs: 80 DPU-hour"]);
    let trigger = json!({
        "name": "nightly", "type": "SCHEDULED", "schedule": "cron(0 6 1 * ? *)", "actions": [{ "job_name": "orders" }],
    });
    let related = [("aws_glue_trigger", trigger)];
    let monthly = parts("aws_glue_job", job(&json!({})), &[("minutes_per_run", exactly(60))], &related).await;
    assert_eq!(monthly, ["runs: 10 DPU-hour"]);
}

#[tokio::test]
async fn a_cluster_saves_in_what_is_written() {
    let changed = async |name: &str| {
        let path = format!("core_instance_group.{name}");
        savings("aws_emr_cluster", cluster(), &[("busy_hours", exactly(60))], &path).await
    };
    let found = changed("instance_count").await;
    let changes: Vec<_> = found.iter().map(|(change, _)| change.as_str()).collect();
    assert_eq!(
        changes,
        [
            "auto_termination_policy.idle_timeout = 3600 (now it runs for ever)",
            "core_instance_group.instance_count = 1 (now 2)",
            "core_instance_group.instance_type = \"m5.xlarge\" (now \"m5.2xlarge\")",
        ]
    );
    let values = |found: Vec<(String, Json)>| found.into_iter().map(|(_, value)| value).collect::<Vec<_>>();
    assert_eq!(values(found), [2, 1, 2]);
    assert_eq!(values(changed("instance_type").await), ["m5.2xlarge", "m5.2xlarge", "m5.xlarge"]);
}
