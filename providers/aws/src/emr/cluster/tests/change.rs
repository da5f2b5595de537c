//! Changing, protecting and reading a cluster that runs.

use std::path::Path;
use std::time::Duration;

use mesh_provider::{Attribute as _, Operation, Platform as _, ResourceType as _, Stop};
use serde_json::{Value as Json, json};

use super::super::{ClusterType, UNPROTECTED, model::Cluster};
use super::{ID, TOKEN, TY, ask, described, groups, look, minimal};
use crate::config::AwsConfig;
use crate::platform::Aws;
use crate::replay::{Exchange, plain, replayed};

#[tokio::test]
async fn what_can_change_is_changed_in_place() {
    let mut exchanges = look(None);
    exchanges.extend([ask("ListBootstrapActions", json!({})), ask("ListSteps", json!({}))]);
    let only = |name: &str, value: Json| json!({ "JobFlowIds": [ID], name: value });
    exchanges.extend([
        Exchange::new("SetUnhealthyNodeReplacement", only("UnhealthyNodeReplacement", json!(false)), json!({})),
        Exchange::new("SetKeepJobFlowAliveWhenNoSteps", only("KeepJobFlowAliveWhenNoSteps", json!(false)), json!({})),
        Exchange::new(
            "PutAutoTerminationPolicy",
            json!({ "ClusterId": ID, "AutoTerminationPolicy": { "IdleTimeout": 600 } }),
            json!({}),
        ),
    ]);
    exchanges.extend(look(Some(600)));
    exchanges.push(ask("RemoveAutoTerminationPolicy", json!({})));
    exchanges.extend(look(None));
    replayed(TY, exchanges, async |session| {
        let cluster = session.import(TY, ID).await.unwrap();
        let mut config = minimal();
        config["unhealthy_node_replacement"] = json!(false);
        config["keep_job_flow_alive_when_no_steps"] = json!(false);
        config["auto_termination_policy"] = json!({ "idle_timeout": 600 });
        let cluster = session.update(TY, cluster, &config).await.unwrap();
        assert_eq!(plain(&cluster)["auto_termination_policy"]["idle_timeout"], 600);
        let cluster = session.update(TY, cluster, &minimal()).await.unwrap();
        assert!(plain(&cluster)["auto_termination_policy"].is_null());
    })
    .await;
}

/// A cluster that somebody has protected.
fn guarded() -> Json {
    let mut guarded = described("WAITING", json!({}));
    guarded["Cluster"]["TerminationProtected"] = json!(true);
    guarded
}

#[tokio::test]
async fn a_protected_cluster_is_not_terminated() {
    let mut exchanges = look(None);
    exchanges.extend([ask("ListBootstrapActions", json!({})), ask("ListSteps", json!({}))]);
    exchanges.push(ask("DescribeCluster", guarded()));
    replayed(TY, exchanges, async |session| {
        let cluster = session.import(TY, ID).await.unwrap();
        let why = session.delete(TY, cluster).await.unwrap_err();
        assert!(why.contains("termination_protection = false"), "{why}");
    })
    .await;
}

/// An operation on a cluster, and the account that the test replays.
async fn operation(private: &[u8]) -> (Aws, Operation) {
    let config = AwsConfig {
        region: Some("us-east-1".to_owned()),
        access_key: Some("test".to_owned()),
        secret_key: Some("test".to_owned()),
        max_retries: 1,
        ..AwsConfig::default()
    };
    let aws = Aws::configure(config, Path::new("/")).await.unwrap();
    let limit = Duration::from_secs(60);
    (aws, Operation::new(TOKEN.to_owned(), Stop::default(), limit, private.to_vec()))
}

#[tokio::test]
async fn a_protection_goes_where_the_configuration_takes_it_away() {
    let mut exchanges = look(None);
    exchanges.extend([ask("ListBootstrapActions", json!({})), ask("ListSteps", json!({}))]);
    exchanges.extend([
        ask("DescribeCluster", guarded()),
        Exchange::new(
            "SetTerminationProtection",
            json!({ "JobFlowIds": [ID], "TerminationProtected": false }),
            json!({}),
        ),
        Exchange::new("TerminateJobFlows", json!({ "JobFlowIds": [ID] }), json!({})),
        ask("DescribeCluster", described("TERMINATING", json!({}))),
        ask("DescribeCluster", described("TERMINATED", json!({}))),
    ]);
    replayed(TY, exchanges, async |_| {
        let (aws, operation) = operation(UNPROTECTED).await;
        let cluster = ClusterType::import(&aws, ID).await.unwrap();
        ClusterType::delete(&aws, cluster, &operation).await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn a_cluster_that_nobody_waits_for_stays_and_is_known() {
    let mut exchanges =
        vec![Exchange::new("RunJobFlow", Json::Null, json!({ "JobFlowId": ID })), ask("DescribeCluster", starting())];
    exchanges.extend([
        ask("DescribeCluster", starting()),
        ask("ListInstanceGroups", groups()),
        ask("GetAutoTerminationPolicy", json!({})),
    ]);
    replayed(TY, exchanges, async |session| {
        let planned = session.plan(TY, &minimal()).await.unwrap();
        let (aws, operation) = operation(b"").await;
        operation.stop.request();
        let cluster = ClusterType::create(&aws, Cluster::decode(&planned).unwrap(), &operation).await.unwrap();
        assert_eq!(cluster.id.known().map(String::as_str), Some(ID));
        assert_eq!(cluster.cluster_state.known().map(String::as_str), Some("STARTING"));
    })
    .await;
}

fn starting() -> Json {
    described("STARTING", json!({}))
}

#[tokio::test]
async fn what_managed_scaling_chooses_is_no_drift() {
    let sized = |count: u32| {
        let mut groups = groups();
        let core = json!({
            "Id": "ig-2", "Name": "core", "InstanceGroupType": "CORE", "InstanceType": "m5.xlarge",
            "RequestedInstanceCount": count, "RunningInstanceCount": count, "Status": { "State": "RUNNING" },
        });
        groups["InstanceGroups"].as_array_mut().unwrap().push(core);
        groups
    };
    let look = |count: u32| {
        vec![
            ask("DescribeCluster", described("RUNNING", json!({}))),
            ask("ListInstanceGroups", sized(count)),
            ask("GetAutoTerminationPolicy", json!({})),
        ]
    };
    let mut exchanges = look(2);
    exchanges.extend([ask("ListBootstrapActions", json!({})), ask("ListSteps", json!({}))]);
    exchanges.extend(look(6));
    let limits = json!({ "UnitType": "Instances", "MinimumCapacityUnits": 1, "MaximumCapacityUnits": 9 });
    exchanges.push(ask("GetManagedScalingPolicy", json!({ "ManagedScalingPolicy": { "ComputeLimits": limits } })));
    exchanges.extend(look(6));
    exchanges.push(ask("GetManagedScalingPolicy", json!({})));
    replayed(TY, exchanges, async |session| {
        let cluster = session.import(TY, ID).await.unwrap();
        for count in [2, 6] {
            let read = session.read(TY, cluster.clone()).await.unwrap().unwrap();
            assert_eq!(plain(&read)["core_instance_group"]["instance_count"], count);
        }
    })
    .await;
}

#[tokio::test]
async fn a_release_without_policies_has_none() {
    let no_such = json!({
        "__type": "ValidationException",
        "message": "Auto-termination is not available for this account when using this release of EMR.",
    });
    let exchanges = vec![
        ask("DescribeCluster", described("WAITING", json!({}))),
        ask("ListInstanceGroups", groups()),
        ask("GetAutoTerminationPolicy", no_such).refused(400),
        ask("ListBootstrapActions", json!({})),
        ask("ListSteps", json!({})),
    ];
    replayed(TY, exchanges, async |session| {
        let cluster = session.import(TY, ID).await.unwrap();
        assert!(plain(&cluster)["auto_termination_policy"].is_null());
    })
    .await;
}
