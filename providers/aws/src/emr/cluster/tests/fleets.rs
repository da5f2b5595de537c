//! A cluster whose machines are in fleets.

use serde_json::json;

use super::{ID, TOKEN, TY, ask, asked, described};
use crate::replay::{Exchange, plain, replayed};

#[tokio::test]
async fn fleets_are_asked_for_with_their_types_and_how_they_are_acquired() {
    let config = json!({
        "name": "orders",
        "release_label": "emr-7.9.0",
        "service_role": "service",
        "ec2_attributes": { "instance_profile": "nodes", "subnet_ids": ["subnet-1", "subnet-2"] },
        "master_instance_fleet": {
            "target_on_demand_capacity": 1, "instance_type_configs": [{ "instance_type": "m5.xlarge" }],
        },
        "core_instance_fleet": {
            "name": "core",
            "target_spot_capacity": 4,
            "instance_type_configs": [{
                "instance_type": "r5.xlarge",
                "weighted_capacity": 2,
                "bid_price_as_percentage_of_on_demand_price": 62.5,
                "configurations": [{ "classification": "spark-env", "properties": { "a": "b" } }],
            }],
            "launch_specifications": {
                "on_demand_specification": { "allocation_strategy": "lowest-price" },
                "spot_specification": {
                    "allocation_strategy": "capacity-optimized",
                    "timeout_action": "SWITCH_TO_ON_DEMAND",
                    "timeout_duration_minutes": 10,
                },
            },
        },
    });
    let mut request = asked();
    request["ServiceRole"] = json!("service");
    request["JobFlowRole"] = json!("nodes");
    request["Instances"] = json!({
        "InstanceFleets": [
            {
                "InstanceFleetType": "MASTER", "TargetOnDemandCapacity": 1, "TargetSpotCapacity": 0,
                "InstanceTypeConfigs": [{ "InstanceType": "m5.xlarge", "WeightedCapacity": 1 }],
            },
            {
                "InstanceFleetType": "CORE", "Name": "core", "TargetOnDemandCapacity": 0, "TargetSpotCapacity": 4,
                "InstanceTypeConfigs": [{
                    "InstanceType": "r5.xlarge", "WeightedCapacity": 2, "BidPriceAsPercentageOfOnDemandPrice": 62.5,
                    "Configurations": [{ "Classification": "spark-env", "Properties": { "a": "b" } }],
                }],
                "LaunchSpecifications": {
                    "OnDemandSpecification": { "AllocationStrategy": "lowest-price" },
                    "SpotSpecification": {
                        "AllocationStrategy": "capacity-optimized", "TimeoutAction": "SWITCH_TO_ON_DEMAND",
                        "TimeoutDurationMinutes": 10,
                    },
                },
            },
        ],
        "Ec2SubnetIds": ["subnet-1", "subnet-2"],
        "KeepJobFlowAliveWhenNoSteps": true,
    });
    let mut described = described("WAITING", json!({}));
    described["Cluster"]["InstanceCollectionType"] = json!("INSTANCE_FLEET");
    let look = |spot: u32| {
        let fleet = |id: &str, role: &str, on_demand: u32, spot: u32| {
            json!({
                "Id": id, "InstanceFleetType": role, "Status": { "State": "RUNNING" },
                "TargetOnDemandCapacity": on_demand, "TargetSpotCapacity": spot,
            })
        };
        let fleets = json!({ "InstanceFleets": [fleet("if-1", "MASTER", 1, 0), fleet("if-2", "CORE", 0, spot)] });
        vec![
            ask("DescribeCluster", described.clone()),
            ask("ListInstanceFleets", fleets),
            ask("GetAutoTerminationPolicy", json!({})),
        ]
    };
    let resized = json!({
        "ClusterId": ID,
        "InstanceFleet": { "InstanceFleetId": "if-2", "TargetOnDemandCapacity": 0, "TargetSpotCapacity": 8 },
    });
    let mut exchanges = vec![
        Exchange::new("RunJobFlow", request, json!({ "JobFlowId": ID })),
        ask("DescribeCluster", described.clone()),
    ];
    exchanges.extend(look(4));
    exchanges.push(Exchange::new("ModifyInstanceFleet", resized, json!({})));
    exchanges.extend(look(8));
    // Resized by hand, and nothing scales it: a drift.
    exchanges.extend(look(5));
    exchanges.push(ask("GetManagedScalingPolicy", json!({})));
    replayed(TY, exchanges, async |session| {
        let planned = session.plan(TY, &config).await.unwrap();
        let cluster = session.apply(TY, planned, TOKEN).await.unwrap();
        let mut larger = config.clone();
        larger["core_instance_fleet"]["target_spot_capacity"] = json!(8);
        let cluster = session.update(TY, cluster, &larger).await.unwrap();
        assert_eq!(plain(&cluster)["core_instance_fleet"]["id"], "if-2");
        let read = session.read(TY, cluster.clone()).await.unwrap().unwrap();
        assert_eq!(plain(&read)["core_instance_fleet"]["target_spot_capacity"], 5);
        // A primary node can't change in place.
        larger["master_instance_fleet"] = json!({
            "target_spot_capacity": 1, "instance_type_configs": [{ "instance_type": "m5.xlarge" }],
        });
        assert_eq!(session.update(TY, cluster, &larger).await.unwrap_err(), "a new object would be made");
    })
    .await;
}
