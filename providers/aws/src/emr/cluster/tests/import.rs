//! Taking over clusters that were made elsewhere.

use serde_json::json;

use super::{ID, TY, ask, described};
use crate::replay::{plain, replayed};

#[tokio::test]
async fn what_was_made_elsewhere_is_taken_over_and_needs_no_change() {
    let mut cluster = described("WAITING", json!({}));
    let there = &mut cluster["Cluster"];
    there["Applications"] = json!([{ "Name": "Spark", "Version": "3.5.5" }, { "Name": "Hive", "Version": "3.1.3" }]);
    there["LogUri"] = json!("s3n://logs/emr/");
    there["Configurations"] = json!([{ "Classification": "spark-defaults", "Properties": { "a": "b" } }]);
    there["Ec2InstanceAttributes"] = json!({
        "IamInstanceProfile": "nodes", "Ec2KeyName": "ops", "Ec2SubnetId": "subnet-1",
        "EmrManagedMasterSecurityGroup": "sg-1", "EmrManagedSlaveSecurityGroup": "sg-2",
        "AdditionalMasterSecurityGroups": ["sg-3", "sg-4"],
    });
    there["Tags"] = json!([{ "Key": "team", "Value": "orders" }]);
    let disk = json!({
        "VolumeSpecification": { "VolumeType": "gp3", "SizeInGB": 32, "Iops": 3000, "Throughput": 125 },
        "Device": "/dev/sdb",
    });
    let group = |id: &str, role: &str, name: &str, count: u32| {
        json!({
            "Id": id, "Name": name, "InstanceGroupType": role, "InstanceType": "m5.xlarge",
            "RequestedInstanceCount": count, "RunningInstanceCount": count, "Status": { "State": "RUNNING" },
            "EbsBlockDevices": [disk, disk],
        })
    };
    let groups = json!({ "InstanceGroups": [group("ig-1", "MASTER", "primary", 1), group("ig-2", "CORE", "core", 3)] });
    let step = |name: &str| {
        json!({ "Id": "s-1", "Name": name, "ActionOnFailure": "CONTINUE", "Config": {
            "Jar": "command-runner.jar", "Args": ["spark-submit", "load.py"], "Properties": {},
        } })
    };
    let exchanges = vec![
        ask("DescribeCluster", cluster.clone()),
        ask("ListInstanceGroups", groups.clone()),
        ask("GetAutoTerminationPolicy", json!({ "AutoTerminationPolicy": { "IdleTimeout": 600 } })),
        ask(
            "ListBootstrapActions",
            json!({ "BootstrapActions": [{ "Name": "prepare", "ScriptPath": "s3://scripts/prepare.sh", "Args": [] }] }),
        ),
        ask("ListSteps", json!({ "Steps": [step("later, by a scheduler"), step("load")] })),
    ];
    let config = json!({
        "name": "orders",
        "release_label": "emr-7.9.0",
        "service_role": "arn:aws:iam::123456789012:role/EMR_DefaultRole",
        "applications": ["Hive", "spark"],
        "log_uri": "s3://logs/emr",
        "ec2_attributes": {
            "instance_profile": "nodes", "key_name": "ops", "subnet_id": "subnet-1",
            "additional_master_security_groups": "sg-4,sg-3",
        },
        "master_instance_group": { "instance_type": "m5.xlarge" },
        "core_instance_group": {
            "instance_type": "m5.xlarge", "instance_count": 3,
            "ebs_config": [{ "size": 32, "type": "gp3", "volumes_per_instance": 2 }],
        },
        "configurations": r#"[{"classification": "spark-defaults", "properties": {"a": "b"}}]"#,
        "bootstrap_action": [{ "name": "prepare", "path": "s3://scripts/prepare.sh" }],
        "step": [{ "name": "load", "action_on_failure": "CONTINUE", "hadoop_jar_step": {
            "jar": "command-runner.jar", "args": ["spark-submit", "load.py"],
        } }],
        "auto_termination_policy": { "idle_timeout": 600 },
        "tags": { "team": "orders" },
    });
    replayed(TY, exchanges, async |session| {
        let imported = session.import(TY, ID).await.unwrap();
        assert_eq!(plain(&imported)["core_instance_group"]["instance_count"], 3);
        let planned = session.plan_change(TY, imported.clone(), &config).await.unwrap();
        assert_eq!(plain(&planned), plain(&imported));
        // Nothing of these can change in a cluster that runs.
        let others = [
            ("core_instance_group", json!(null)),
            ("core_instance_group", json!({ "instance_type": "m5.xlarge", "instance_count": 3, "name": "other" })),
            ("step", json!([])),
            ("log_uri", json!("s3://other/")),
        ];
        for (name, other) in others {
            let mut config = config.clone();
            config[name] = other;
            let planned = session.plan_change(TY, imported.clone(), &config).await;
            // Fewer steps than it was made with are no change.
            assert_eq!(planned.is_ok(), name == "step", "{name}");
        }
    })
    .await;
}

#[tokio::test]
async fn a_cluster_that_has_ended_is_none() {
    let exchanges = vec![ask("DescribeCluster", described("TERMINATED", json!({})))];
    replayed(TY, exchanges, async |session| {
        let why = session.import(TY, ID).await.unwrap_err();
        assert!(why.contains("There is no cluster that runs"), "{why}");
    })
    .await;
}
