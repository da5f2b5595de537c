//! What no emulator has of scaling, and of what a cluster is made with: by request and reply.

use mesh_provider::{Located, ResourceType as _};
use serde_json::{Value as Json, json};

use super::instance_group::InstanceGroupType;
use super::managed_scaling::ManagedScalingType;
use super::security::SecurityType;
use crate::replay::{Exchange, plain, replayed};

const TOKEN: &str = "00000000000000000000000000000001";

fn of_cluster(operation: &'static str, reply: Json) -> Exchange {
    Exchange::new(operation, json!({ "ClusterId": "j-1" }), reply)
}

fn running() -> Exchange {
    of_cluster("DescribeCluster", json!({ "Cluster": { "Id": "j-1", "Status": { "State": "RUNNING" } } }))
}

fn scaling(most: u32) -> Json {
    json!({
        "cluster_id": "j-1",
        "compute_limits": {
            "unit_type": "Instances",
            "minimum_capacity_units": 1,
            "maximum_capacity_units": most,
            "maximum_core_capacity_units": 2,
        },
    })
}

/// A policy as EMR takes and answers it; it answers all limits.
fn policy(most: u32, answered: bool) -> Json {
    let mut limits = json!({
        "UnitType": "Instances", "MinimumCapacityUnits": 1, "MaximumCapacityUnits": most, "MaximumCoreCapacityUnits": 2,
    });
    if answered {
        limits["MaximumOnDemandCapacityUnits"] = json!(most);
    }
    json!({ "ComputeLimits": limits })
}

fn put(most: u32) -> Exchange {
    let request = json!({ "ClusterId": "j-1", "ManagedScalingPolicy": policy(most, false) });
    Exchange::new("PutManagedScalingPolicy", request, json!({}))
}

fn got(policy: Option<Json>) -> Exchange {
    let reply = policy.map_or_else(|| json!({}), |policy| json!({ "ManagedScalingPolicy": policy }));
    of_cluster("GetManagedScalingPolicy", reply)
}

#[tokio::test]
async fn a_cluster_is_scaled_within_other_limits_and_then_not_any_more() {
    let ty = ManagedScalingType::NAME;
    let exchanges = vec![
        got(None),
        put(5),
        got(Some(policy(5, true))),
        put(8),
        running(),
        of_cluster("RemoveManagedScalingPolicy", json!({})),
        of_cluster("DescribeCluster", json!({ "Cluster": { "Id": "j-1", "Status": { "State": "TERMINATED" } } })),
    ];
    replayed(ty, exchanges, async |session| {
        let planned = session.plan(ty, &scaling(5)).await.unwrap();
        let made = session.apply(ty, planned, TOKEN).await.unwrap();
        let read = session.read(ty, made.clone()).await.unwrap().unwrap();
        assert_eq!(plain(&read), plain(&made));
        let changed = session.update(ty, made, &scaling(8)).await.unwrap();
        session.delete(ty, changed.clone()).await.unwrap();
        session.delete(ty, changed).await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn a_policy_that_somebody_else_put_is_not_taken_over() {
    let ty = ManagedScalingType::NAME;
    let exchanges = vec![
        got(Some(policy(9, true))),
        got(Some(policy(9, true))),
        got(Some(policy(9, true))),
        got(Some(policy(5, true))),
        got(Some(policy(5, true))),
    ];
    replayed(ty, exchanges, async |session| {
        let planned = session.plan(ty, &scaling(5)).await.unwrap();
        let why = session.apply(ty, planned, TOKEN).await.unwrap_err();
        assert!(why.contains("Exists already"), "{why}");
        assert!(matches!(session.locate(ty, &scaling(5), TOKEN).await.unwrap(), Located::Absent));
        assert!(matches!(session.locate(ty, &scaling(5), TOKEN).await.unwrap(), Located::Complete(..)));
        let imported = plain(&session.import(ty, "j-1").await.unwrap());
        assert_eq!(imported["compute_limits"]["maximum_capacity_units"], 5);
    })
    .await;
}

#[tokio::test]
async fn limits_that_contradict_each_other_are_refused() {
    let ty = ManagedScalingType::NAME;
    let mut config = scaling(1);
    config["compute_limits"]["minimum_capacity_units"] = json!(3);
    config["compute_limits"]["unit_type"] = json!("Machines");
    replayed(ty, Vec::new(), async |session| {
        let why = session.plan(ty, &config).await.unwrap_err();
        for part in ["less than `minimum_capacity_units`", "more than `maximum_capacity_units`", "\"Machines\""] {
            assert!(why.contains(part), "{part}: {why}");
        }
    })
    .await;
}

const RULES: &str = r#"{"Constraints":{"MinCapacity":1,"MaxCapacity":4},"Rules":[{"Name":"out","Action":
    {"SimpleScalingPolicyConfiguration":{"ScalingAdjustment":1,"CoolDown":300}},"Trigger":
    {"CloudWatchAlarmDefinition":{"ComparisonOperator":"LESS_THAN","MetricName":"YARNMemoryAvailablePercentage",
    "Period":300,"Threshold":15.0}}}]}"#;

/// The rules with what EMR adds to them.
fn rules(answered: bool) -> Json {
    let mut alarm = json!({
        "ComparisonOperator": "LESS_THAN", "EvaluationPeriods": 1, "MetricName": "YARNMemoryAvailablePercentage",
        "Namespace": "AWS/ElasticMapReduce", "Period": 300, "Statistic": "AVERAGE", "Threshold": 15.0,
    });
    let mut policy = json!({ "Constraints": { "MinCapacity": 1, "MaxCapacity": 4 } });
    if answered {
        alarm["Dimensions"] = json!([{ "Key": "JobFlowId", "Value": "j-1" }]);
        policy["Status"] = json!({ "State": "ATTACHED" });
    }
    policy["Rules"] = json!([{
        "Name": "out",
        "Action": { "SimpleScalingPolicyConfiguration": {
            "AdjustmentType": "CHANGE_IN_CAPACITY", "ScalingAdjustment": 1, "CoolDown": 300,
        } },
        "Trigger": { "CloudWatchAlarmDefinition": alarm },
    }]);
    policy
}

#[tokio::test]
async fn a_group_is_given_rules_and_settings_and_is_emptied_in_the_end() {
    let ty = InstanceGroupType::NAME;
    let group = |count: u32, rules: Option<Json>, settings: Json| {
        json!({ "InstanceGroups": [{
            "Id": "ig-1", "Name": "work", "InstanceGroupType": "TASK", "InstanceType": "m5.xlarge",
            "RequestedInstanceCount": count, "RunningInstanceCount": count, "Status": { "State": "RUNNING" },
            "AutoScalingPolicy": rules, "Configurations": settings,
        }] })
    };
    let settings = json!([{ "Classification": "spark-env", "Properties": { "a": "b" } }]);
    let configured = json!({
        "cluster_id": "j-1", "instance_type": "m5.xlarge", "instance_count": 2, "name": "work",
        "autoscaling_policy": RULES, "configurations_json": settings.to_string(),
    });
    let modified = |change: Json| {
        Exchange::new("ModifyInstanceGroups", json!({ "ClusterId": "j-1", "InstanceGroups": [change] }), json!({}))
    };
    let exchanges = vec![
        running(),
        of_cluster("ListInstanceGroups", group(2, None, json!([]))),
        Exchange::new(
            "PutAutoScalingPolicy",
            json!({ "ClusterId": "j-1", "InstanceGroupId": "ig-1", "AutoScalingPolicy": rules(false) }),
            json!({}),
        ),
        modified(json!({
            "InstanceGroupId": "ig-1", "ReconfigurationType": "OVERWRITE", "Configurations": settings,
        })),
        of_cluster("ListInstanceGroups", group(2, Some(rules(true)), settings.clone())),
        // The rules have made it larger.
        running(),
        of_cluster("ListInstanceGroups", group(4, Some(rules(true)), settings.clone())),
        running(),
        of_cluster("ListInstanceGroups", group(4, Some(rules(true)), settings)),
        Exchange::new("RemoveAutoScalingPolicy", json!({ "ClusterId": "j-1", "InstanceGroupId": "ig-1" }), json!({})),
        modified(json!({ "InstanceGroupId": "ig-1", "InstanceCount": 0 })),
        of_cluster("ListInstanceGroups", group(0, None, json!([]))),
    ];
    replayed(ty, exchanges, async |session| {
        let imported = session.import(ty, "j-1/ig-1").await.unwrap();
        let changed = session.update(ty, imported, &configured).await.unwrap();
        let read = session.read(ty, changed.clone()).await.unwrap().unwrap();
        let (changed, read) = (plain(&changed), (plain(&read), read));
        assert_eq!(changed["autoscaling_policy"], RULES);
        assert_eq!(read.0["instance_count"], 2);
        assert_eq!(read.0["running_instance_count"], 4);
        session.delete(ty, read.1).await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn a_security_configuration_is_made_read_and_deleted() {
    let ty = SecurityType::NAME;
    let document = r#"{"EncryptionConfiguration":{"EnableAtRestEncryption":false}}"#;
    let named = || json!({ "Name": "orders" });
    let taken = json!({
        "__type": "InvalidRequestException", "message": "SecurityConfiguration with name 'orders' already exists.",
    });
    let request = json!({ "Name": "orders", "SecurityConfiguration": document });
    let there = json!({ "Name": "orders", "SecurityConfiguration": document, "CreationDateTime": 1_700_000_000 });
    let exchanges = vec![
        Exchange::new("CreateSecurityConfiguration", request.clone(), there.clone()),
        Exchange::new("DescribeSecurityConfiguration", named(), there),
        Exchange::new("CreateSecurityConfiguration", request, taken).refused(400),
        Exchange::new("DeleteSecurityConfiguration", named(), json!({})),
    ];
    replayed(ty, exchanges, async |session| {
        let config = json!({ "name": "orders", "configuration": document });
        let planned = session.plan(ty, &config).await.unwrap();
        let made = session.apply(ty, planned.clone(), TOKEN).await.unwrap();
        assert_eq!(plain(&made)["creation_date"], "2023-11-14T22:13:20Z");
        let read = session.read(ty, made.clone()).await.unwrap().unwrap();
        assert_eq!(plain(&read), plain(&made));
        let why = session.apply(ty, planned, TOKEN).await.unwrap_err();
        assert!(why.contains("Exists already"), "{why}");
        session.delete(ty, made).await.unwrap();
    })
    .await;
}
