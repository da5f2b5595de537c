//! Changing, protecting and reading a cluster that runs.

use serde_json::{Value as Json, json};

use super::{ID, TY, ask, described, groups, look, minimal};
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

#[tokio::test]
async fn a_protected_cluster_is_not_terminated() {
    let mut guarded = described("WAITING", json!({}));
    guarded["Cluster"]["TerminationProtected"] = json!(true);
    let mut exchanges = look(None);
    exchanges.extend([ask("ListBootstrapActions", json!({})), ask("ListSteps", json!({}))]);
    exchanges.push(ask("DescribeCluster", guarded));
    replayed(TY, exchanges, async |session| {
        let cluster = session.import(TY, ID).await.unwrap();
        let why = session.delete(TY, cluster).await.unwrap_err();
        assert!(why.contains("termination_protection = false"), "{why}");
    })
    .await;
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
