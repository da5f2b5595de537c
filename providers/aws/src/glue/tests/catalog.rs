//! Tables that others change too, indexes of partitions, and versions of schemas.

use mesh_provider::contract::attribute;
use serde_json::{Value as Json, json};

use super::{ACCOUNT, arn, refused, tags, whose};
use crate::replay::{Exchange, replayed};

const TABLE: &str = "aws_glue_catalog_table";
const SCHEMA: &str = "aws_glue_schema";

fn iceberg(location: &str, version: &str, description: &str) -> Exchange {
    let there = json!({ "Table": {
        "Name": "events",
        "DatabaseName": "orders",
        "CatalogId": ACCOUNT,
        "VersionId": version,
        "TableType": "EXTERNAL_TABLE",
        "Description": description,
        "Parameters": { "table_type": "ICEBERG", "metadata_location": location, "owner": "sales" },
        "StorageDescriptor": {
            "Location": "s3://lake/events",
            "Columns": [{ "Name": "id", "Type": "bigint", "Parameters": { "iceberg.field.id": "1" } }],
        },
    } });
    Exchange::new("GetTable", json!({ "CatalogId": ACCOUNT, "DatabaseName": "orders", "Name": "events" }), there)
}

fn written(description: &str) -> Json {
    json!({
        "name": "events",
        "database_name": "orders",
        "description": description,
        "parameters": { "owner": "sales" },
        "storage_descriptor": { "location": "s3://lake/events", "columns": [{ "name": "id", "type": "bigint" }] },
    })
}

fn update(location: &str, version: &str) -> Json {
    json!({
        "CatalogId": ACCOUNT,
        "DatabaseName": "orders",
        "VersionId": version,
        "TableInput": {
            "Name": "events",
            "TableType": "EXTERNAL_TABLE",
            "Description": "new",
            "PartitionKeys": [],
            "Parameters": { "table_type": "ICEBERG", "metadata_location": location, "owner": "sales" },
            "StorageDescriptor": {
                "Location": "s3://lake/events",
                "SortColumns": [],
                "Columns": [{ "Name": "id", "Type": "bigint", "Parameters": { "iceberg.field.id": "1" } }],
            },
        },
    })
}

#[tokio::test]
async fn a_commit_meanwhile_is_taken_over() {
    let indexes = Exchange::new("GetPartitionIndexes", Json::Null, json!({ "PartitionIndexDescriptorList": [] }));
    let conflict = refused(
        "UpdateTable",
        "ConcurrentModificationException",
        "Update table failed due to concurrent modifications.",
    );
    let exchanges = vec![
        iceberg("s3://lake/v1.json", "1", "old"),
        whose(),
        indexes,
        // An engine commits twice: before the update, and between its look and its request.
        iceberg("s3://lake/v2.json", "2", "old"),
        conflict,
        iceberg("s3://lake/v3.json", "3", "old"),
        Exchange::new("UpdateTable", update("s3://lake/v3.json", "3"), json!({})),
        iceberg("s3://lake/v3.json", "4", "new"),
    ];
    replayed(TABLE, exchanges, async |session| {
        let table = session.import(TABLE, &format!("{ACCOUNT}:orders:events")).await.unwrap();
        assert_eq!(attribute(&table, "parameters"), json!({ "owner": "sales" }));
        let table = session.update(TABLE, table, &written("new")).await.unwrap();
        assert_eq!(attribute(&table, "description"), json!("new"));
    })
    .await;
}

#[tokio::test]
async fn what_somebody_else_changed_is_not_overwritten() {
    let indexes = Exchange::new("GetPartitionIndexes", Json::Null, json!({ "PartitionIndexDescriptorList": [] }));
    let exchanges =
        vec![iceberg("s3://lake/v1.json", "1", "old"), whose(), indexes, iceberg("s3://lake/v1.json", "2", "by hand")];
    replayed(TABLE, exchanges, async |session| {
        let table = session.import(TABLE, &format!("{ACCOUNT}:orders:events")).await.unwrap();
        let error = session.update(TABLE, table, &written("new")).await.unwrap_err();
        assert!(error.starts_with("Changed since it was planned: The table `events` in `orders`"), "{error}");
    })
    .await;
}

#[tokio::test]
async fn a_table_waits_for_its_indexes() {
    let there = json!({ "Table": {
        "Name": "lines", "DatabaseName": "orders", "CatalogId": ACCOUNT, "PartitionKeys": [{ "Name": "day", "Type": "date" }],
    } });
    let index = |status: &str| {
        let keys = json!([{ "Name": "day", "Type": "date" }]);
        let list = json!([{ "IndexName": "by_day", "Keys": keys, "IndexStatus": status }]);
        Exchange::new("GetPartitionIndexes", Json::Null, json!({ "PartitionIndexDescriptorList": list }))
    };
    let create = json!({
        "CatalogId": ACCOUNT,
        "DatabaseName": "orders",
        "TableInput": { "Name": "lines", "PartitionKeys": [{ "Name": "day", "Type": "date" }] },
        "PartitionIndexes": [{ "IndexName": "by_day", "Keys": ["day"] }],
    });
    let exchanges = vec![
        whose(),
        Exchange::new("CreateTable", create, json!({})),
        Exchange::new("GetTable", Json::Null, there),
        index("CREATING"),
        index("ACTIVE"),
        index("ACTIVE"),
    ];
    replayed(TABLE, exchanges, async |session| {
        let config = json!({
            "name": "lines",
            "database_name": "orders",
            "partition_keys": [{ "name": "day", "type": "date" }],
            "partition_index": [{ "index_name": "by_day", "keys": ["day"] }],
        });
        let planned = session.plan(TABLE, &config).await.unwrap();
        let table = session.apply(TABLE, planned, "1").await.unwrap();
        let index = json!([{ "index_name": "by_day", "keys": ["day"], "index_status": "ACTIVE" }]);
        assert_eq!(attribute(&table, "partition_index"), index);
    })
    .await;
}

const ORDER: &str = r#"{"type":"record","name":"order","fields":[]}"#;

fn schema(latest: i64) -> Exchange {
    let there = json!({
        "RegistryName": "streams", "RegistryArn": arn("registry/streams"), "SchemaName": "order",
        "SchemaArn": arn("schema/streams/order"), "DataFormat": "AVRO", "Compatibility": "BACKWARD",
        "SchemaCheckpoint": 1, "LatestSchemaVersion": latest, "NextSchemaVersion": latest + 1, "SchemaStatus": "AVAILABLE",
    });
    Exchange::new("GetSchema", json!({ "SchemaId": { "SchemaArn": arn("schema/streams/order") } }), there)
}

fn version(status: &str, definition: &str) -> Exchange {
    let reply = json!({ "Status": status, "SchemaDefinition": definition, "DataFormat": "AVRO", "VersionNumber": 2 });
    Exchange::new("GetSchemaVersion", Json::Null, reply)
}

fn definition(name: &str) -> Json {
    json!({
        "schema_name": "order",
        "registry_arn": arn("registry/streams"),
        "data_format": "AVRO",
        "compatibility": "BACKWARD",
        "schema_definition": format!(r#"{{"type":"record","name":"{name}","fields":[]}}"#),
    })
}

fn registered(number: i64, status: &str) -> Exchange {
    let reply = json!({ "SchemaVersionId": "v", "VersionNumber": number, "Status": status });
    Exchange::new("RegisterSchemaVersion", Json::Null, reply)
}

#[tokio::test]
async fn a_definition_that_is_not_compatible_is_told_of() {
    let none = || tags("schema/streams/order", &json!({}));
    let exchanges = vec![
        schema(1),
        none(),
        version("AVAILABLE", ORDER),
        whose(),
        registered(2, "PENDING"),
        version("PENDING", ""),
        version("FAILURE", ""),
        schema(1),
        none(),
    ];
    replayed(SCHEMA, exchanges, async |session| {
        let schema = session.import(SCHEMA, &arn("schema/streams/order")).await.unwrap();
        let error = session.update(SCHEMA, schema, &definition("line")).await.unwrap_err();
        assert!(error.contains("not compatible") && error.contains("\"BACKWARD\""), "{error}");
    })
    .await;
}

#[tokio::test]
async fn a_definition_of_an_old_version_is_told_of() {
    let none = || tags("schema/streams/order", &json!({}));
    let exchanges =
        vec![schema(3), none(), version("AVAILABLE", ORDER), whose(), registered(1, "AVAILABLE"), schema(3), none()];
    replayed(SCHEMA, exchanges, async |session| {
        let schema = session.import(SCHEMA, &arn("schema/streams/order")).await.unwrap();
        let error = session.update(SCHEMA, schema, &definition("line")).await.unwrap_err();
        assert!(error.contains("is its version 1 already"), "{error}");
    })
    .await;
}

#[tokio::test]
async fn a_registry_is_described_otherwise() {
    let there = json!({ "RegistryName": "streams", "RegistryArn": arn("registry/streams"), "Description": "old",
        "Status": "AVAILABLE" });
    let request = json!({ "RegistryId": { "RegistryName": "streams" }, "Description": "new" });
    let exchanges = vec![
        Exchange::new("GetRegistry", json!({ "RegistryId": { "RegistryArn": arn("registry/streams") } }), there),
        tags("registry/streams", &json!({})),
        Exchange::new("UpdateRegistry", request, json!({})),
    ];
    replayed("aws_glue_registry", exchanges, async |session| {
        let registry = session.import("aws_glue_registry", &arn("registry/streams")).await.unwrap();
        let config = json!({ "registry_name": "streams", "description": "new" });
        session.update("aws_glue_registry", registry, &config).await.unwrap();
    })
    .await;
}
