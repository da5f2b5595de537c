//! What no emulator has of clusters: how they are asked for wholly, how they fail to start, and how they are found again.

mod change;
mod fleets;
mod import;

use mesh_provider::{Located, ResourceType as _};
use serde_json::{Value as Json, json};

use super::ClusterType;
use crate::replay::{Exchange, plain, replayed};

const TY: &str = ClusterType::NAME;
const ID: &str = "j-2AXXXXXXGAPLF";
const TOKEN: &str = "00000000000000000000000000000001";

fn minimal() -> Json {
    json!({
        "name": "orders",
        "release_label": "emr-7.9.0",
        "service_role": "EMR_DefaultRole",
        "master_instance_group": { "instance_type": "m5.xlarge" },
    })
}

/// What is asked for where nothing more is written.
fn asked() -> Json {
    json!({
        "Name": "orders",
        "ReleaseLabel": "emr-7.9.0",
        "ServiceRole": "EMR_DefaultRole",
        "Instances": {
            "InstanceGroups": [
                { "InstanceRole": "MASTER", "InstanceType": "m5.xlarge", "InstanceCount": 1, "Market": "ON_DEMAND" },
            ],
            "KeepJobFlowAliveWhenNoSteps": true,
        },
        "StepConcurrencyLevel": 1,
        "VisibleToAllUsers": true,
        "Tags": [{ "Key": "mesh:creation", "Value": TOKEN }],
    })
}

/// A cluster as EMR describes it.
fn described(state: &str, change: Json) -> Json {
    json!({ "Cluster": {
        "Id": ID,
        "Name": "orders",
        "ClusterArn": format!("arn:aws:elasticmapreduce:us-east-1:123456789012:cluster/{ID}"),
        "Status": { "State": state, "StateChangeReason": change },
        "InstanceCollectionType": "INSTANCE_GROUP",
        "ReleaseLabel": "emr-7.9.0",
        "ServiceRole": "EMR_DefaultRole",
        "AutoTerminate": false,
        "TerminationProtected": false,
        "UnhealthyNodeReplacement": true,
        "VisibleToAllUsers": true,
        "StepConcurrencyLevel": 1,
        "ScaleDownBehavior": "TERMINATE_AT_TASK_COMPLETION",
        "EbsRootVolumeSize": 15,
        "OSReleaseLabel": "2023.7",
        "MasterPublicDnsName": "ip-10-0-0-1.ec2.internal",
        "Tags": [{ "Key": "mesh:creation", "Value": TOKEN }],
    } })
}

fn groups() -> Json {
    json!({ "InstanceGroups": [{
        "Id": "ig-1", "Name": "master", "InstanceGroupType": "MASTER", "InstanceType": "m5.xlarge",
        "RequestedInstanceCount": 1, "RunningInstanceCount": 1, "Status": { "State": "RUNNING" },
    }] })
}

fn ask(operation: &'static str, reply: Json) -> Exchange {
    Exchange::new(operation, json!({ "ClusterId": ID }), reply)
}

/// What a whole look at a cluster asks.
fn look(seconds: Option<u32>) -> Vec<Exchange> {
    let policy = seconds.map_or_else(|| json!({}), |seconds| json!({ "IdleTimeout": seconds }));
    vec![
        ask("DescribeCluster", described("WAITING", json!({}))),
        ask("ListInstanceGroups", groups()),
        ask("GetAutoTerminationPolicy", json!({ "AutoTerminationPolicy": policy })),
    ]
}

fn refused(kind: &str, message: &str) -> Json {
    json!({ "__type": kind, "message": message })
}

#[tokio::test]
async fn everything_is_asked_for_at_once() {
    let config = json!({
        "name": "orders",
        "release_label": "emr-7.9.0",
        "service_role": "service",
        "autoscaling_role": "scaling",
        "applications": ["Spark"],
        "ec2_attributes": {
            "instance_profile": "nodes",
            "subnet_id": "subnet-1",
            "additional_master_security_groups": "sg-1, sg-2",
        },
        "master_instance_group": { "instance_type": "m5.xlarge", "instance_count": 3 },
        "core_instance_group": {
            "instance_type": "r5.xlarge",
            "instance_count": 2,
            "bid_price": "0.30",
            "ebs_config": [{ "size": 100, "type": "gp3", "iops": 3000, "throughput": 125, "volumes_per_instance": 2 }],
        },
        "configurations_json":
            r#"[{"Classification":"spark-defaults","Properties":{"spark.dynamicAllocation.enabled":true}}]"#,
        "bootstrap_action": [{ "name": "prepare", "path": "s3://scripts/prepare.sh", "args": ["--fast"] }],
        "step": [{ "name": "load", "action_on_failure": "CONTINUE", "hadoop_jar_step": {
            "jar": "command-runner.jar", "args": ["spark-submit", "load.py"], "properties": { "a": "b" },
        } }],
        "log_uri": "s3://logs/emr/",
        "log_encryption_kms_key_id": "arn:aws:kms:us-east-1:123456789012:key/1",
        "termination_protection": true,
        "auto_termination_policy": { "idle_timeout": 3600 },
        "scale_down_behavior": "TERMINATE_AT_TASK_COMPLETION",
        "step_concurrency_level": 4,
        "ebs_root_volume_size": 30,
        "custom_ami_id": "ami-1",
        "security_configuration": "encrypted",
        "placement_group_config": [{ "instance_role": "MASTER", "placement_strategy": "SPREAD" }],
        "tags": { "team": "orders" },
    });
    let request = json!({
        "Name": "orders",
        "ReleaseLabel": "emr-7.9.0",
        "ServiceRole": "service",
        "AutoScalingRole": "scaling",
        "JobFlowRole": "nodes",
        "Applications": [{ "Name": "Spark" }],
        "Instances": {
            "InstanceGroups": [
                { "InstanceRole": "MASTER", "InstanceType": "m5.xlarge", "InstanceCount": 3, "Market": "ON_DEMAND" },
                {
                    "InstanceRole": "CORE", "InstanceType": "r5.xlarge", "InstanceCount": 2, "Market": "SPOT",
                    "BidPrice": "0.30",
                    "EbsConfiguration": { "EbsBlockDeviceConfigs": [{
                        "VolumeSpecification": {
                            "VolumeType": "gp3", "SizeInGB": 100, "Iops": 3000, "Throughput": 125,
                        },
                        "VolumesPerInstance": 2,
                    }] },
                },
            ],
            "Ec2SubnetId": "subnet-1",
            "AdditionalMasterSecurityGroups": ["sg-1", "sg-2"],
            "KeepJobFlowAliveWhenNoSteps": true,
            "TerminationProtected": true,
        },
        "Configurations": [{
            "Classification": "spark-defaults", "Properties": { "spark.dynamicAllocation.enabled": "true" },
        }],
        "BootstrapActions": [{
            "Name": "prepare", "ScriptBootstrapAction": { "Path": "s3://scripts/prepare.sh", "Args": ["--fast"] },
        }],
        "Steps": [{ "Name": "load", "ActionOnFailure": "CONTINUE", "HadoopJarStep": {
            "Jar": "command-runner.jar", "Args": ["spark-submit", "load.py"],
            "Properties": [{ "Key": "a", "Value": "b" }],
        } }],
        "LogUri": "s3://logs/emr/",
        "LogEncryptionKmsKeyId": "arn:aws:kms:us-east-1:123456789012:key/1",
        "AutoTerminationPolicy": { "IdleTimeout": 3600 },
        "ScaleDownBehavior": "TERMINATE_AT_TASK_COMPLETION",
        "StepConcurrencyLevel": 4,
        "EbsRootVolumeSize": 30,
        "CustomAmiId": "ami-1",
        "SecurityConfiguration": "encrypted",
        "PlacementGroupConfigs": [{ "InstanceRole": "MASTER", "PlacementStrategy": "SPREAD" }],
        "VisibleToAllUsers": true,
        "Tags": [{ "Key": "mesh:creation", "Value": TOKEN }, { "Key": "team", "Value": "orders" }],
    });
    let mut exchanges = vec![
        Exchange::new("RunJobFlow", request, json!({ "JobFlowId": ID })),
        ask("DescribeCluster", described("STARTING", json!({}))),
        ask("DescribeCluster", described("WAITING", json!({}))),
    ];
    exchanges.extend(look(Some(3600)));
    replayed(TY, exchanges, async |session| {
        let planned = session.plan(TY, &config).await.unwrap();
        let cluster = plain(&session.apply(TY, planned, TOKEN).await.unwrap());
        assert_eq!(cluster["id"], ID);
        assert_eq!(cluster["cluster_state"], "WAITING");
        assert_eq!(cluster["master_instance_group"]["id"], "ig-1");
        assert_eq!(cluster["auto_termination_policy"]["idle_timeout"], 3600);
    })
    .await;
}

#[tokio::test]
async fn a_cluster_that_does_not_start_says_why() {
    let change = json!({ "Code": "BOOTSTRAP_FAILURE", "Message": "On the master instance, bootstrap action 1 failed" });
    let exchanges = vec![
        Exchange::new("RunJobFlow", asked(), json!({ "JobFlowId": ID })),
        ask("DescribeCluster", described("TERMINATING", change.clone())),
        ask("DescribeCluster", described("TERMINATED_WITH_ERRORS", change)),
    ];
    replayed(TY, exchanges, async |session| {
        let planned = session.plan(TY, &minimal()).await.unwrap();
        let why = session.apply(TY, planned, TOKEN).await.unwrap_err();
        assert!(why.contains("BOOTSTRAP_FAILURE: On the master instance, bootstrap action 1 failed."), "{why}");
        assert!(why.contains("bootstrap-actions/"), "{why}");
    })
    .await;
}

#[tokio::test]
async fn an_instance_profile_that_is_new_is_waited_for() {
    let early = refused("ValidationException", "Invalid InstanceProfile: nodes.");
    let mut exchanges = vec![
        Exchange::new("RunJobFlow", asked(), early).refused(400),
        Exchange::new("RunJobFlow", asked(), json!({ "JobFlowId": ID })),
        ask("DescribeCluster", described("RUNNING", json!({}))),
    ];
    exchanges.extend(look(None));
    replayed(TY, exchanges, async |session| {
        let planned = session.plan(TY, &minimal()).await.unwrap();
        session.apply(TY, planned, TOKEN).await.unwrap();
    })
    .await;
}

/// Where the clusters that run are listed.
fn listed() -> Exchange {
    let request = json!({ "ClusterStates": ["STARTING", "BOOTSTRAPPING", "RUNNING", "WAITING"] });
    let clusters = json!([{ "Id": "j-other", "Name": "other" }, { "Id": ID, "Name": "orders" }]);
    Exchange::new("ListClusters", request, json!({ "Clusters": clusters }))
}

#[tokio::test]
async fn a_cluster_whose_reply_was_lost_is_found_and_not_made_twice() {
    let mut exchanges = vec![
        Exchange::new("RunJobFlow", asked(), refused("InternalServerException", "Try again.")).refused(500),
        listed(),
        ask("DescribeCluster", described("STARTING", json!({}))),
        ask("DescribeCluster", described("RUNNING", json!({}))),
    ];
    exchanges.extend(look(None));
    replayed(TY, exchanges, async |session| {
        let planned = session.plan(TY, &minimal()).await.unwrap();
        let cluster = plain(&session.apply(TY, planned, TOKEN).await.unwrap());
        assert_eq!(cluster["id"], ID);
    })
    .await;
}

#[tokio::test]
async fn a_cluster_of_the_same_name_is_not_taken_for_it() {
    let exchanges = vec![listed(), ask("DescribeCluster", described("WAITING", json!({})))];
    replayed(TY, exchanges, async |session| {
        let found = session.locate(TY, &minimal(), "00000000000000000000000000000002").await.unwrap();
        assert!(matches!(found, Located::Absent));
    })
    .await;
}

#[tokio::test]
async fn contradictions_are_all_said_before_anything_is_asked() {
    let mut config = minimal();
    config["master_instance_group"]["instance_count"] = json!(2);
    config["core_instance_fleet"] = json!({ "target_spot_capacity": -1 });
    config["auto_termination_policy"] = json!({ "idle_timeout": 5 });
    config["configurations_json"] = json!("{}");
    config["release_label"] = json!("7.9.0");
    replayed(TY, Vec::new(), async |session| {
        let why = session.plan(TY, &config).await.unwrap_err();
        for part in
            ["1 primary node, or 3", "either in groups or in fleets", "from 60 to 604800", "JSON list", "emr-7.9.0"]
        {
            assert!(why.contains(part), "{part}: {why}");
        }
    })
    .await;
}
