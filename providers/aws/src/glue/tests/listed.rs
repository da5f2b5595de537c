//! Many objects are read by one listing, with a call for the tags of each.

use mesh_provider::contract::attribute;
use serde_json::{Value as Json, json};

use super::{ACCOUNT, tags, whose};
use crate::replay::{Exchange, replayed};

const NAMES: [&str; 4] = ["a", "b", "c", "d"];

/// Reads four objects of which the listing, in two pages, knows three and another one.
async fn hold(
    ty: &str,
    config: impl Fn(&str) -> Json,
    listing: &'static str,
    request: Json,
    list: &str,
    item: impl Fn(&str) -> Json,
    resource: Option<&str>,
) {
    let mut second = request.clone();
    second["NextToken"] = json!("more");
    let mut exchanges = vec![
        whose(),
        Exchange::new(listing, request, json!({ list: [item("other"), item("a")], "NextToken": "more" })),
        Exchange::new(listing, second, json!({ list: [item("b"), item("c")] })),
    ];
    if let Some(resource) = resource {
        let team = json!({ "team": "orders", "mesh:creation": "1" });
        exchanges.extend(["a", "b", "c"].map(|name| tags(&format!("{resource}/{name}"), &team)));
    }
    replayed(ty, exchanges, async |session| {
        let mut planned = Vec::new();
        for name in NAMES {
            planned.push(session.plan(ty, &config(name)).await.unwrap());
        }
        let read = session.read_all(ty, planned).await.unwrap();
        assert_eq!(read.iter().map(Option::is_some).collect::<Vec<_>>(), [true, true, true, false]);
        for object in read.iter().flatten() {
            let shown = if resource.is_some() { json!({ "team": "orders" }) } else { Json::Null };
            assert_eq!(attribute(object, "tags"), shown);
            assert_eq!(attribute(object, "description"), json!("listed"));
        }
    })
    .await;
}

fn described(name: &str) -> Json {
    json!({ "Name": name, "Description": "listed" })
}

#[tokio::test]
async fn databases_of_a_catalog() {
    let (config, catalog) = (|name: &str| json!({ "name": name }), json!({ "CatalogId": ACCOUNT }));
    let ty = "aws_glue_catalog_database";
    hold(ty, config, "GetDatabases", catalog, "DatabaseList", described, Some("database")).await;
}

#[tokio::test]
async fn tables_of_a_database() {
    let config = |name: &str| json!({ "name": name, "database_name": "orders" });
    let database = json!({ "CatalogId": ACCOUNT, "DatabaseName": "orders" });
    hold("aws_glue_catalog_table", config, "GetTables", database, "TableList", described, None).await;
}

#[tokio::test]
async fn triggers() {
    let config = |name: &str| json!({ "name": name, "type": "ON_DEMAND", "actions": [{ "job_name": "load" }] });
    hold("aws_glue_trigger", config, "GetTriggers", json!({}), "Triggers", described, Some("trigger")).await;
}

#[tokio::test]
async fn jobs() {
    let role = "arn:aws:iam::123456789012:role/etl";
    let config =
        |name: &str| json!({ "name": name, "role_arn": role, "command": { "script_location": "s3://code/a.py" } });
    hold("aws_glue_job", config, "GetJobs", json!({}), "Jobs", described, Some("job")).await;
}

#[tokio::test]
async fn crawlers() {
    let config = |name: &str| json!({ "name": name, "role": "etl", "database_name": "orders", "s3_target": [{ "path": "s3://landing" }] });
    hold("aws_glue_crawler", config, "GetCrawlers", json!({}), "Crawlers", described, Some("crawler")).await;
}

#[tokio::test]
async fn registries() {
    let item = |name: &str| {
        json!({ "RegistryName": name, "RegistryArn": super::arn(&format!("registry/{name}")), "Description": "listed",
            "Status": "AVAILABLE" })
    };
    let config = |name: &str| json!({ "registry_name": name });
    hold("aws_glue_registry", config, "ListRegistries", json!({}), "Registries", item, Some("registry")).await;
}
