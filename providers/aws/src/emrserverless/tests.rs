//! What no emulator has of applications: images, networks, logs, and stopping before a change.

use mesh_provider::ResourceType as _;
use serde_json::{Value as Json, json};

use super::application::ApplicationType;
use crate::replay::{Exchange, plain, replayed};

const TY: &str = ApplicationType::NAME;
const TOKEN: &str = "00000000000000000000000000000001";
const ARN: &str = "arn:aws:emr-serverless:us-east-1:123456789012:/applications/00f1";

fn described(state: &str, more: &Json) -> Json {
    let mut application = json!({
        "applicationId": "00f1", "name": "orders", "arn": ARN, "releaseLabel": "emr-7.9.0", "type": "Spark",
        "state": state, "createdAt": 1_700_000_000, "updatedAt": 1_700_000_000, "architecture": "X86_64",
        "autoStartConfiguration": { "enabled": true },
        "autoStopConfiguration": { "enabled": true, "idleTimeoutMinutes": 15 },
        "tags": { "mesh:creation": TOKEN },
    });
    for (name, value) in more.as_object().into_iter().flatten() {
        application[name] = value.clone();
    }
    json!({ "application": application })
}

fn get(state: &str, more: &Json) -> Exchange {
    Exchange::new("GetApplication", Json::Null, described(state, more)).at("GET /applications/00f1")
}

#[tokio::test]
async fn is_made_whole_changed_while_it_is_stopped_and_deleted() {
    let bare = json!({ "name": "orders", "release_label": "emr-7.9.0", "type": "spark" });
    let mut full = bare.clone();
    full["release_label"] = json!("emr-7.10.0");
    full["architecture"] = json!("ARM64");
    full["image_configuration"] = json!({ "image_uri": "1.dkr.ecr.us-east-1.amazonaws.com/spark:1" });
    full["network_configuration"] = json!({ "subnet_ids": ["subnet-1"], "security_group_ids": ["sg-1"] });
    full["interactive_configuration"] = json!({ "livy_endpoint_enabled": true });
    full["scheduler_configuration"] = json!({ "max_concurrent_runs": 4 });
    full["monitoring_configuration"] = json!({ "s3_monitoring_configuration": { "log_uri": "s3://logs/spark/" } });
    full["runtime_configuration"] = json!([{ "classification": "spark-defaults", "properties": { "a": "b" } }]);
    let there = json!({
        "releaseLabel": "emr-7.10.0", "architecture": "ARM64",
        "imageConfiguration": { "imageUri": "1.dkr.ecr.us-east-1.amazonaws.com/spark:1" },
        "networkConfiguration": { "subnetIds": ["subnet-1"], "securityGroupIds": ["sg-1"] },
        "interactiveConfiguration": { "livyEndpointEnabled": true, "studioEnabled": false },
        "schedulerConfiguration": { "maxConcurrentRuns": 4, "queueTimeoutMinutes": 360 },
        "monitoringConfiguration": {
            "s3MonitoringConfiguration": { "logUri": "s3://logs/spark/" },
            "managedPersistenceMonitoringConfiguration": { "enabled": true },
        },
        "runtimeConfiguration": [{ "classification": "spark-defaults", "properties": { "a": "b" } }],
    });
    let made = json!({
        "name": "orders", "clientToken": TOKEN, "releaseLabel": "emr-7.9.0", "type": "SPARK", "architecture": "X86_64",
        "autoStartConfiguration": { "enabled": true },
        "autoStopConfiguration": { "enabled": true, "idleTimeoutMinutes": 15 },
        "tags": { "mesh:creation": TOKEN },
    });
    let none = json!({});
    let exchanges = vec![
        Exchange::new("CreateApplication", made, json!({ "applicationId": "00f1", "name": "orders", "arn": ARN }))
            .at("POST /applications"),
        get("CREATING", &none),
        get("CREATED", &none),
        get("STARTED", &none),
        Exchange::new("StopApplication", Json::Null, json!({})).at("POST /applications/00f1/stop"),
        get("STOPPED", &none),
        Exchange::new("UpdateApplication", Json::Null, described("STOPPED", &there)).at("PATCH /applications/00f1"),
        get("STOPPED", &there),
        get("STOPPED", &there),
        get("STOPPED", &there),
        get("STOPPED", &there),
        Exchange::new("DeleteApplication", Json::Null, json!({})).at("DELETE /applications/00f1"),
        get("TERMINATED", &there),
    ];
    replayed(TY, exchanges, async |session| {
        let planned = session.plan(TY, &bare).await.unwrap();
        let made = session.apply(TY, planned, TOKEN).await.unwrap();
        let changed = session.update(TY, made, &full).await.unwrap();
        let read = session.read(TY, changed.clone()).await.unwrap().unwrap();
        assert_eq!(plain(&read), plain(&changed));
        assert_eq!(plain(&read)["type"], "spark");
        session.delete(TY, changed.clone()).await.unwrap();
        session.delete(TY, changed).await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn is_found_by_the_token_that_it_carries() {
    let listed = json!({ "applications": [
        { "id": "00f0", "name": "other", "arn": ARN, "releaseLabel": "emr-7.9.0", "type": "Spark", "state": "CREATED",
          "createdAt": 1_700_000_000, "updatedAt": 1_700_000_000 },
        { "id": "00f1", "name": "orders", "arn": ARN, "releaseLabel": "emr-7.9.0", "type": "Spark", "state": "CREATED",
          "createdAt": 1_700_000_000, "updatedAt": 1_700_000_000 },
    ] });
    let exchanges =
        vec![Exchange::new("ListApplications", Json::Null, listed).at("GET /applications"), get("CREATED", &json!({}))];
    replayed(TY, exchanges, async |session| {
        let config = json!({ "name": "orders", "release_label": "emr-7.9.0", "type": "spark" });
        let found = session.locate(TY, &config, TOKEN).await.unwrap();
        assert!(matches!(found, mesh_provider::Located::Complete(..)));
    })
    .await;
}
