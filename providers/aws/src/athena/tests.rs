//! What ministack takes and forgets, and moto lacks: settings of a workgroup that are taken away, reading saved queries.

use mesh_provider::ResourceType as _;
use mesh_provider::contract::attribute;
use mesh_value::Value;
use serde_json::{Value as Json, json};

use super::named_query::NamedQueryType;
use super::workgroup::WorkgroupType;
use crate::replay::{self, Exchange, replayed};

const IDENTITY: &str = "<GetCallerIdentityResponse><GetCallerIdentityResult><Arn>arn:aws:iam::123456789012:user/a</Arn>\
     <UserId>A</UserId><Account>123456789012</Account></GetCallerIdentityResult></GetCallerIdentityResponse>";

fn group(configuration: &Json) -> Exchange {
    let group = json!({ "Name": "orders", "State": "ENABLED", "Configuration": configuration });
    Exchange::new("GetWorkGroup", json!({ "WorkGroup": "orders" }), json!({ "WorkGroup": group }))
}

fn tags() -> Exchange {
    let arn = "arn:aws:athena:us-east-1:123456789012:workgroup/orders";
    Exchange::new("ListTagsForResource", json!({ "ResourceARN": arn }), json!({ "Tags": [] }))
}

#[tokio::test]
async fn what_is_no_longer_written_is_taken_away() {
    let full = json!({
        "BytesScannedCutoffPerQuery": 10_485_760,
        "EnforceWorkGroupConfiguration": true,
        "PublishCloudWatchMetricsEnabled": true,
        "RequesterPaysEnabled": false,
        "EngineVersion": {
            "SelectedEngineVersion": "Athena engine version 3", "EffectiveEngineVersion": "Athena engine version 3",
        },
        "ResultConfiguration": {
            "OutputLocation": "s3://results/",
            "ExpectedBucketOwner": "123456789012",
            "EncryptionConfiguration": { "EncryptionOption": "SSE_KMS", "KmsKey": "key" },
            "AclConfiguration": { "S3AclOption": "BUCKET_OWNER_FULL_CONTROL" },
        },
    });
    let plain = json!({
        "EnforceWorkGroupConfiguration": true,
        "PublishCloudWatchMetricsEnabled": true,
        "RequesterPaysEnabled": false,
        "EngineVersion": { "SelectedEngineVersion": "AUTO", "EffectiveEngineVersion": "Athena engine version 3" },
    });
    let removed = json!({ "WorkGroup": "orders", "ConfigurationUpdates": {
        "RemoveBytesScannedCutoffPerQuery": true,
        "EngineVersion": { "SelectedEngineVersion": "AUTO" },
        "ResultConfigurationUpdates": {
            "RemoveOutputLocation": true,
            "RemoveExpectedBucketOwner": true,
            "RemoveEncryptionConfiguration": true,
            "RemoveAclConfiguration": true,
        },
    } });
    let added = json!({ "WorkGroup": "orders", "ConfigurationUpdates": {
        "BytesScannedCutoffPerQuery": 10_485_760,
        "ExecutionRole": "arn:aws:iam::123456789012:role/spark",
        "ResultConfigurationUpdates": {
            "AclConfiguration": { "S3AclOption": "BUCKET_OWNER_FULL_CONTROL" },
        },
    } });
    let mut again = plain.clone();
    again["BytesScannedCutoffPerQuery"] = json!(10_485_760);
    again["ExecutionRole"] = json!("arn:aws:iam::123456789012:role/spark");
    again["ResultConfiguration"] = json!({ "AclConfiguration": { "S3AclOption": "BUCKET_OWNER_FULL_CONTROL" } });
    let exchanges = vec![
        group(&full),
        Exchange::new("GetCallerIdentity", json!({}), json!(IDENTITY)),
        tags(),
        Exchange::new("UpdateWorkGroup", removed, json!({})),
        group(&plain),
        tags(),
        Exchange::new("UpdateWorkGroup", added, json!({})),
        group(&again),
        tags(),
    ];
    let ty = WorkgroupType::NAME;
    replayed(ty, exchanges, async |session| {
        let full = session.import(ty, "orders").await.unwrap();
        let plain = session.update(ty, full, &json!({ "name": "orders" })).await.unwrap();
        assert_eq!(attribute(&plain, "configuration"), Json::Null);
        let configuration = json!({
            "bytes_scanned_cutoff_per_query": 10_485_760,
            "execution_role": "arn:aws:iam::123456789012:role/spark",
            "result_configuration": { "acl_configuration": { "s3_acl_option": "BUCKET_OWNER_FULL_CONTROL" } },
        });
        session.update(ty, plain, &json!({ "name": "orders", "configuration": configuration })).await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn the_version_in_effect_is_the_next_readings_to_tell() {
    let on = |version: &str| {
        let version = format!("Athena engine version {version}");
        group(&json!({ "EngineVersion": { "SelectedEngineVersion": version, "EffectiveEngineVersion": version } }))
    };
    let selected = json!({ "WorkGroup": "orders", "ConfigurationUpdates": {
        "EngineVersion": { "SelectedEngineVersion": "Athena engine version 3" },
    } });
    let exchanges = vec![
        on("2"),
        Exchange::new("GetCallerIdentity", json!({}), json!(IDENTITY)),
        tags(),
        Exchange::new("UpdateWorkGroup", selected, json!({})),
        on("3"),
        tags(),
        on("3"),
        tags(),
    ];
    let ty = WorkgroupType::NAME;
    replayed(ty, exchanges, async |session| {
        let effective =
            |group: &Value| attribute(group, "configuration")["engine_version"]["effective_engine_version"].clone();
        let group = session.import(ty, "orders").await.unwrap();
        let version = json!({ "selected_engine_version": "Athena engine version 3" });
        let config = json!({ "name": "orders", "configuration": { "engine_version": version } });
        let group = session.update(ty, group, &config).await.unwrap();
        assert_eq!(effective(&group), json!("Athena engine version 2"));
        let group = session.read(ty, group).await.unwrap().unwrap();
        assert_eq!(effective(&group), json!("Athena engine version 3"));
    })
    .await;
}

#[tokio::test]
async fn a_workgroup_that_is_not_empty_stays() {
    let refused = json!({ "__type": "InvalidRequestException", "Message": "WorkGroup orders is not empty" });
    let request = json!({ "WorkGroup": "orders", "RecursiveDeleteOption": false });
    let exchanges = vec![
        group(&json!({})),
        Exchange::new("GetCallerIdentity", json!({}), json!(IDENTITY)),
        tags(),
        Exchange::new("DeleteWorkGroup", request, refused).refused(400),
    ];
    let ty = WorkgroupType::NAME;
    replayed(ty, exchanges, async |session| {
        let group = session.import(ty, "orders").await.unwrap();
        let error = session.delete(ty, group).await.unwrap_err();
        assert!(error.contains("set `force_destroy = true`"), "{error}");
    })
    .await;
}

#[tokio::test]
async fn a_cutoff_below_the_least_is_refused_before() {
    let ty = WorkgroupType::NAME;
    replayed(ty, Vec::new(), async |session| {
        let config = json!({ "name": "a b", "configuration": { "bytes_scanned_cutoff_per_query": 1000 } });
        let error = session.plan(ty, &config).await.unwrap_err();
        assert!(error.contains("Athena takes 10485760 (10 MiB) at least"), "{error}");
        assert!(error.contains("\"a b\" can't be a workgroup's name"), "{error}");
    })
    .await;
}

#[tokio::test]
async fn a_query_is_imported_by_its_id() {
    let saved = json!({ "NamedQuery": {
        "NamedQueryId": "1", "Name": "late", "Database": "sales", "QueryString": "SELECT 1", "WorkGroup": "primary",
    } });
    let absent = json!({ "__type": "InvalidRequestException", "Message": "NamedQuery 2 was not found" });
    let exchanges = vec![
        Exchange::new("GetNamedQuery", json!({ "NamedQueryId": "1" }), saved),
        Exchange::new("GetNamedQuery", json!({ "NamedQueryId": "2" }), absent).refused(400),
    ];
    let ty = NamedQueryType::NAME;
    replayed(ty, exchanges, async |session| {
        let query = session.import(ty, "1").await.unwrap();
        assert_eq!(attribute(&query, "workgroup"), json!("primary"));
        let error = session.import(ty, "2").await.unwrap_err();
        assert!(error.contains("There is no named query `2`"), "{error}");
    })
    .await;
}

#[tokio::test]
async fn many_workgroups_are_listed_once() {
    let listed = json!({ "WorkGroups": [{ "Name": "primary" }, { "Name": "orders" }] });
    let exchanges = vec![
        group(&json!({})),
        Exchange::new("GetCallerIdentity", json!({}), json!(IDENTITY)),
        tags(),
        Exchange::new("ListWorkGroups", json!({}), listed),
        group(&json!({})),
        tags(),
    ];
    let ty = WorkgroupType::NAME;
    replayed(ty, exchanges, async |session| {
        let one = session.import(ty, "orders").await.unwrap();
        let names = ["a", "b", "orders", "z"];
        let objects = names.iter().map(|name| replay::with(&one, "name", &Value::string(*name)));
        let read = session.read_all(ty, objects.collect()).await.unwrap();
        assert_eq!(read.iter().map(Option::is_some).collect::<Vec<_>>(), [false, false, true, false]);
    })
    .await;
}

#[tokio::test]
async fn many_queries_are_read_at_once() {
    let saved = |id: &str| json!({ "NamedQueryId": id, "Name": "late", "Database": "sales", "QueryString": "SELECT 1", "WorkGroup": "primary" });
    let unprocessed = json!([{ "NamedQueryId": "4", "ErrorCode": "INTERNAL_FAILURE", "ErrorMessage": "Not found" }]);
    let many = json!({
        "NamedQueries": [saved("3"), saved("1"), saved("2")], "UnprocessedNamedQueryIds": unprocessed,
    });
    let absent = json!({ "__type": "InvalidRequestException", "Message": "NamedQuery 4 was not found" });
    let exchanges = vec![
        Exchange::new("GetNamedQuery", json!({ "NamedQueryId": "1" }), json!({ "NamedQuery": saved("1") })),
        Exchange::new("BatchGetNamedQuery", json!({ "NamedQueryIds": ["1", "2", "3", "4"] }), many),
        Exchange::new("GetNamedQuery", json!({ "NamedQueryId": "4" }), absent).refused(400),
    ];
    let ty = NamedQueryType::NAME;
    replayed(ty, exchanges, async |session| {
        let one = session.import(ty, "1").await.unwrap();
        let objects = ["1", "2", "3", "4"].map(|id| replay::with(&one, "id", &Value::string(id)));
        let read = session.read_all(ty, objects.to_vec()).await.unwrap();
        assert_eq!(read.iter().map(Option::is_some).collect::<Vec<_>>(), [true, true, true, false]);
    })
    .await;
}
