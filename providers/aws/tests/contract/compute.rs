//! Clusters, their groups, and applications without a cluster.

use mesh_provider::contract::{Case, Expect};
use mesh_tests::emulator::{At, MINISTACK, MOTO, Scenario};
use serde_json::{Value as Json, json};

/// What moto answers where it has no implementation.
const PAGE: &str = "answers a web page with status 500";
/// What ministack answers where it has no implementation.
const UNKNOWN: &str = "answers `InvalidAction`";
/// What ministack answers of a cluster.
const TIMES: &str = "answers times as texts, where the protocol has numbers";

pub fn scenarios() -> Vec<Scenario> {
    vec![cluster(), instance_group(), managed_scaling(), security(), application()]
}

fn group_cluster() -> Json {
    json!({
        "name": "orders",
        "release_label": "emr-7.9.0",
        "service_role": "EMR_DefaultRole",
        "applications": ["Spark", "Hive"],
        "ec2_attributes": { "instance_profile": "EMR_EC2_DefaultRole", "key_name": "ops" },
        "master_instance_group": { "instance_type": "m5.xlarge", "name": "primary" },
        "core_instance_group": { "instance_type": "m5.xlarge", "instance_count": 2, "name": "core" },
        "log_uri": "s3://logs/emr/",
        "tags": { "team": "orders" },
    })
}

/// The cluster that a test works with, in Python.
const CLUSTER: &str = "cluster = emr.list_clusters(ClusterStates=['RUNNING', 'WAITING'])['Clusters'][0]['Id']\n";

fn on_cluster(at: &At, snippet: &str) -> impl Fn() + Send + Sync + 'static {
    at.drift(format!("{CLUSTER}{snippet}"))
}

fn cluster() -> Scenario {
    Scenario::new("aws_emr_cluster", "groups", |at| {
        let core = |count: u32| json!({ "instance_type": "m5.xlarge", "instance_count": count, "name": "core" });
        let resize = "core = [g for g in emr.list_instance_groups(ClusterId=cluster)['InstanceGroups'] \
                      if g['InstanceGroupType'] == 'CORE'][0]['Id']\n\
                      emr.modify_instance_groups(ClusterId=cluster, \
                      InstanceGroups=[{'InstanceGroupId': core, 'InstanceCount': 7}])";
        Case::new("aws_emr_cluster", group_cluster())
            .update(json!({ "tags": { "team": "customers", "tier": "gold" } }), Expect::InPlace)
            .update(json!({ "step_concurrency_level": 5 }), Expect::InPlace)
            .update(json!({ "visible_to_all_users": false }), Expect::InPlace)
            .update(json!({ "core_instance_group": core(3) }), Expect::InPlace)
            .update(json!({ "termination_protection": true }), Expect::InPlace)
            .update(json!({ "termination_protection": false }), Expect::InPlace)
            .update(json!({ "applications": ["spark", "hive"], "log_uri": "s3n://logs/emr" }), Expect::Nothing)
            .update(json!({ "service_role": "arn:aws:iam::123456789012:role/EMR_DefaultRole" }), Expect::Nothing)
            .drift("resized by hand", on_cluster(at, resize))
            .drift(
                "tagged by hand",
                on_cluster(at, "emr.add_tags(ResourceId=cluster, Tags=[{'Key': 'by', 'Value': 'hand'}])"),
            )
            .drift(
                "protected by hand",
                on_cluster(at, "emr.set_termination_protection(JobFlowIds=[cluster], TerminationProtected=True)"),
            )
            .drift("terminated by hand", on_cluster(at, "emr.terminate_job_flows(JobFlowIds=[cluster])"))
            .update(json!({ "name": "customers" }), Expect::Replace)
    })
    .lacking(MOTO, "GetAutoTerminationPolicy", PAGE)
    .lacking(MOTO, "GetManagedScalingPolicy", PAGE)
    .lacking(MOTO, "ListInstanceFleets", PAGE)
    .not_on(MINISTACK, "DescribeCluster", TIMES)
}

fn instance_group() -> Scenario {
    let setup = "emr.run_job_flow(Name='orders', ReleaseLabel='emr-7.9.0', ServiceRole='EMR_DefaultRole', \
                 JobFlowRole='EMR_EC2_DefaultRole', Instances={'KeepJobFlowAliveWhenNoSteps': True, 'InstanceGroups': [\
                 {'InstanceRole': 'MASTER', 'InstanceType': 'm5.xlarge', 'InstanceCount': 1}]})['JobFlowId']";
    Scenario::new("aws_emr_instance_group", "task", |at| {
        let cluster = at.made.as_str().unwrap_or_default().to_owned();
        let resize = "group = [g for g in emr.list_instance_groups(ClusterId=cluster)['InstanceGroups'] \
                      if g['InstanceGroupType'] == 'TASK'][-1]['Id']\n\
                      emr.modify_instance_groups(ClusterId=cluster, \
                      InstanceGroups=[{'InstanceGroupId': group, 'InstanceCount': 7}])";
        Case::new(
            "aws_emr_instance_group",
            json!({ "cluster_id": cluster, "instance_type": "m5.xlarge", "instance_count": 2, "bid_price": "0.30" }),
        )
        .update(json!({ "instance_count": 4 }), Expect::InPlace)
        .drift("resized by hand", on_cluster(at, resize))
        .remains()
    })
    .lacking(MOTO, "GetManagedScalingPolicy", PAGE)
    .not_on(MINISTACK, "DescribeCluster", TIMES)
    .setup(setup)
}

fn managed_scaling() -> Scenario {
    Scenario::new("aws_emr_managed_scaling_policy", "limits", |_| {
        Case::new("aws_emr_managed_scaling_policy", json!({}))
    })
    .not_on(MOTO, "PutManagedScalingPolicy", PAGE)
    .not_on(MINISTACK, "PutManagedScalingPolicy", UNKNOWN)
}

fn security() -> Scenario {
    Scenario::new("aws_emr_security_configuration", "document", |at| {
        let encrypted = |at_rest: bool| {
            json!({ "EncryptionConfiguration": {
                "EnableInTransitEncryption": false, "EnableAtRestEncryption": at_rest,
            } })
        };
        let written = |at_rest: bool| encrypted(at_rest).to_string();
        let spaced = serde_json::to_string_pretty(&encrypted(false)).unwrap();
        Case::new("aws_emr_security_configuration", json!({ "name": "orders", "configuration": written(false) }))
            .update(json!({ "configuration": spaced }), Expect::Nothing)
            .drift("deleted", at.drift("emr.delete_security_configuration(Name='orders')"))
            .import("orders", &["configuration"])
            .update(json!({ "configuration": written(true) }), Expect::Replace)
            .update(json!({ "name": null, "name_prefix": "customers-" }), Expect::Replace)
    })
    .not_on(MINISTACK, "CreateSecurityConfiguration", UNKNOWN)
}

fn application() -> Scenario {
    Scenario::new("aws_emrserverless_application", "spark", |at| {
        let workers = |count: u32| {
            json!([{ "initial_capacity_type": "Driver", "initial_capacity_config": {
                "worker_count": count, "worker_configuration": { "cpu": "2 vCPU", "memory": "4 GB" },
            } }])
        };
        let most = |cpu: &str| json!({ "cpu": cpu, "memory": "1000 GB", "disk": "2000 GB" });
        let id = "id = emr_serverless.list_applications(states=['CREATED', 'STARTED', 'STOPPED'])['applications'][-1]['id']\n";
        Case::new(
            "aws_emrserverless_application",
            json!({ "name": "orders", "release_label": "emr-7.9.0", "type": "spark", "tags": { "team": "orders" } }),
        )
        .update(json!({ "initial_capacity": workers(1), "maximum_capacity": most("100 vCPU") }), Expect::InPlace)
        .update(json!({ "initial_capacity": workers(2), "maximum_capacity": most("200 vCPU") }), Expect::InPlace)
        .update(json!({ "auto_stop_configuration": { "idle_timeout_minutes": 30 } }), Expect::InPlace)
        .update(json!({ "auto_start_configuration": { "enabled": false } }), Expect::InPlace)
        .update(json!({ "type": "SPARK" }), Expect::Nothing)
        .drift(
            "other limits",
            at.drift(format!(
                "{id}emr_serverless.update_application(applicationId=id, autoStopConfiguration={{'enabled': False}})"
            )),
        )
        .update(json!({ "name": "customers" }), Expect::Replace)
    })
    .not_on(MINISTACK, "CreateApplication", "does not know the service")
}
