//! What is refused before Glue is asked, and the data source of tables.

use mesh_provider::contract::attribute;
use serde_json::{Value as Json, json};

use super::{ACCOUNT, arn, refused, whose};
use crate::replay::{Exchange, replayed};

const TABLE: &str = "aws_glue_catalog_table";

/// Configurations, and what the error says of each.
async fn hold(ty: &str, cases: &[(Json, &str)]) {
    replayed(ty, Vec::new(), async |session| {
        for (config, why) in cases {
            let error = session.plan(ty, config).await.unwrap_err();
            assert!(error.contains(why), "{config}: {error}");
        }
    })
    .await;
}

#[tokio::test]
async fn triggers() {
    let with = |set: Json| {
        let mut config = json!({ "name": "t", "type": "ON_DEMAND", "actions": [{ "job_name": "load" }] });
        for (name, value) in set.as_object().unwrap() {
            config[name] = value.clone();
        }
        config
    };
    let cases = [
        (with(json!({ "type": "HOURLY" })), "\"CONDITIONAL\", \"EVENT\", \"ON_DEMAND\", \"SCHEDULED\""),
        (with(json!({ "type": "SCHEDULED" })), "A SCHEDULED trigger needs `schedule`"),
        (with(json!({ "type": "CONDITIONAL" })), "needs `predicate`"),
        (with(json!({ "enabled": false })), "Only SCHEDULED and CONDITIONAL triggers can be switched off"),
        (with(json!({ "actions": [{ "job_name": "a", "crawler_name": "b" }] })), "either a job or a crawler"),
        (
            with(json!({ "type": "CONDITIONAL", "predicate": { "conditions": [{ "job_name": "load" }] } })),
            "A condition with `job_name` needs `state`",
        ),
    ];
    hold("aws_glue_trigger", &cases).await;
}

#[tokio::test]
async fn catalog() {
    let table = |set: Json| {
        let mut config = json!({ "name": "lines", "database_name": "orders" });
        for (name, value) in set.as_object().unwrap() {
            config[name] = value.clone();
        }
        config
    };
    let cases = [
        (table(json!({ "name": "Lines" })), "write \"lines\""),
        (
            table(json!({ "partition_index": [{ "index_name": "i", "keys": ["day"] }] })),
            "`day` is none of the table's `partition_keys`",
        ),
        (
            table(json!({ "storage_descriptor": { "sort_columns": [{ "column": "id", "sort_order": 2 }] } })),
            "1, for ascending, or 0, for descending",
        ),
        (
            table(json!({ "storage_descriptor": { "schema_reference": { "schema_version_number": 1 } } })),
            "write one of them",
        ),
    ];
    hold(TABLE, &cases).await;
    let schema =
        json!({ "schema_name": "order", "data_format": "AVRO", "compatibility": "NONE", "schema_definition": "{" });
    hold("aws_glue_schema", &[(schema, "A definition in AVRO must be JSON")]).await;
    let crawler = json!({ "name": "landing", "role": "etl", "database_name": "orders" });
    hold("aws_glue_crawler", &[(crawler, "A crawler needs something to crawl")]).await;
}

#[tokio::test]
async fn the_data_source_shows_all_parameters() {
    let there = json!({ "Table": {
        "Name": "events", "DatabaseName": "orders", "CatalogId": ACCOUNT, "TableType": "EXTERNAL_TABLE",
        "Parameters": { "table_type": "ICEBERG", "metadata_location": "s3://lake/v1.json" },
        "StorageDescriptor": { "Location": "s3://lake/events", "Columns": [{ "Name": "id", "Type": "bigint" }] },
    } });
    let indexes = json!({ "PartitionIndexDescriptorList": [] });
    let request = json!({ "DatabaseName": "orders", "Name": "events" });
    let exchanges = vec![
        Exchange::new("GetTable", request, there),
        Exchange::new("GetPartitionIndexes", Json::Null, indexes),
        whose(),
        refused("GetTable", "EntityNotFoundException", "Table none not found."),
    ];
    replayed(TABLE, exchanges, async |session| {
        let config = json!({ "name": "events", "database_name": "orders" });
        let table = session.read_data(TABLE, &config).await.unwrap();
        assert_eq!(attribute(&table, "arn"), json!(arn("table/orders/events")));
        assert_eq!(attribute(&table, "parameters")["metadata_location"], json!("s3://lake/v1.json"));
        let storage = attribute(&table, "storage_descriptor");
        assert_eq!(
            (&storage["location"], &storage["columns"][0]["type"]),
            (&json!("s3://lake/events"), &json!("bigint"))
        );
        let none = json!({ "name": "none", "database_name": "orders" });
        let error = session.read_data(TABLE, &none).await.unwrap_err();
        assert!(error.contains("There is no table `none`"), "{error}");
    })
    .await;
}
