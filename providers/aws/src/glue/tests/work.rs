//! Jobs and crawlers: roles that Glue doesn't know yet, sizes, and crawls under way.

use mesh_provider::contract::attribute;
use serde_json::{Value as Json, json};

use super::{refused, tags, whose};
use crate::replay::{Exchange, replayed};

const ROLE: &str = "arn:aws:iam::123456789012:role/etl";

fn job(size: Json) -> Exchange {
    let mut there = json!({
        "Name": "load", "Role": ROLE, "Command": { "Name": "glueetl", "ScriptLocation": "s3://code/load.py" },
        "GlueVersion": "5.0", "SourceControlDetails": { "Branch": "main" },
    });
    for (name, value) in size.as_object().unwrap() {
        there[name] = value.clone();
    }
    Exchange::new("GetJob", json!({ "JobName": "load" }), json!({ "Job": there }))
}

fn config(size: Json) -> Json {
    let mut config = json!({ "name": "load", "role_arn": ROLE, "command": { "script_location": "s3://code/load.py" } });
    for (name, value) in size.as_object().unwrap() {
        config[name] = value.clone();
    }
    config
}

#[tokio::test]
async fn a_job_waits_for_its_role() {
    let early =
        "Role arn:aws:iam::123456789012:role/etl should be given assume role permissions for Glue Service Principal.";
    let made = json!({ "mesh:creation": "1" });
    let exchanges = vec![
        whose(),
        refused("CreateJob", "InvalidInputException", early),
        Exchange::new(
            "CreateJob",
            json!({
                "Name": "load", "Role": ROLE, "Command": { "Name": "glueetl", "ScriptLocation": "s3://code/load.py" },
                "MaxRetries": 0, "NumberOfWorkers": 2, "WorkerType": "G.1X", "Tags": made,
            }),
            json!({ "Name": "load" }),
        ),
        tags("job/load", &made),
        job(json!({ "WorkerType": "G.1X", "NumberOfWorkers": 2, "MaxCapacity": 2.0 })),
    ];
    replayed("aws_glue_job", exchanges, async |session| {
        let config = config(json!({ "worker_type": "G.1X", "number_of_workers": 2 }));
        let planned = session.plan("aws_glue_job", &config).await.unwrap();
        let job = session.apply("aws_glue_job", planned, "1").await.unwrap();
        assert_eq!(attribute(&job, "max_capacity"), json!(2));
    })
    .await;
}

#[tokio::test]
async fn a_job_is_sized_by_workers_or_by_capacity() {
    let workers = json!({ "WorkerType": "G.1X", "NumberOfWorkers": 2, "MaxCapacity": 2.0 });
    let update = |size: Json| {
        let mut update = json!({
            "Role": ROLE, "Command": { "Name": "glueetl", "ScriptLocation": "s3://code/load.py" }, "GlueVersion": "5.0",
            "SourceControlDetails": { "Branch": "main" },
        });
        for (name, value) in size.as_object().unwrap() {
            update[name] = value.clone();
        }
        Exchange::new("UpdateJob", json!({ "JobName": "load", "JobUpdate": update }), json!({ "JobName": "load" }))
    };
    let none = || tags("job/load", &json!({}));
    let exchanges = vec![
        job(workers.clone()),
        whose(),
        none(),
        // What only Glue's console writes stays.
        job(workers.clone()),
        update(json!({ "MaxCapacity": 10.0 })),
        job(json!({ "MaxCapacity": 10.0 })),
        none(),
        job(json!({ "MaxCapacity": 10.0 })),
        update(json!({ "WorkerType": "G.1X", "NumberOfWorkers": 2 })),
        job(workers),
        none(),
    ];
    replayed("aws_glue_job", exchanges, async |session| {
        let job = session.import("aws_glue_job", "load").await.unwrap();
        let job = session.update("aws_glue_job", job, &config(json!({ "max_capacity": 10 }))).await.unwrap();
        assert_eq!(attribute(&job, "number_of_workers"), Json::Null);
        let workers = config(json!({ "worker_type": "G.1X", "number_of_workers": 2 }));
        let job = session.update("aws_glue_job", job, &workers).await.unwrap();
        assert_eq!(attribute(&job, "max_capacity"), json!(2));
    })
    .await;
}

#[tokio::test]
async fn a_crawl_under_way_is_waited_for() {
    let crawler = |description: &str, prefix: &str| {
        let there = json!({ "Crawler": {
            "Name": "landing", "Role": "etl", "DatabaseName": "orders", "Description": description, "TablePrefix": prefix,
            "Targets": { "S3Targets": [{ "Path": "s3://landing" }] }, "State": "RUNNING",
            "SchemaChangePolicy": { "UpdateBehavior": "LOG", "DeleteBehavior": "LOG" },
            "RecrawlPolicy": { "RecrawlBehavior": "CRAWL_EVERYTHING" },
            "LineageConfiguration": { "CrawlerLineageSettings": "DISABLE" },
            "LakeFormationConfiguration": { "UseLakeFormationCredentials": false, "AccountId": "" },
        } });
        Exchange::new("GetCrawler", json!({ "Name": "landing" }), there)
    };
    let none = || tags("crawler/landing", &json!({}));
    let request = json!({
        "Name": "landing", "Role": "etl", "DatabaseName": "orders", "Description": "new", "TablePrefix": "",
        "Targets": { "S3Targets": [{ "Path": "s3://landing" }] },
        "SchemaChangePolicy": { "UpdateBehavior": "LOG", "DeleteBehavior": "LOG" },
    });
    let exchanges = vec![
        crawler("old", "raw_"),
        whose(),
        none(),
        refused("UpdateCrawler", "CrawlerRunningException", "Crawler with name landing is running"),
        Exchange::new("UpdateCrawler", request, json!({})),
        crawler("new", ""),
        none(),
        refused("DeleteCrawler", "CrawlerRunningException", "Crawler with name landing is running"),
        Exchange::new("DeleteCrawler", json!({ "Name": "landing" }), json!({})),
    ];
    replayed("aws_glue_crawler", exchanges, async |session| {
        let crawler = session.import("aws_glue_crawler", "landing").await.unwrap();
        assert_eq!(attribute(&crawler, "recrawl_policy"), Json::Null);
        let config = json!({
            "name": "landing", "role": "etl", "database_name": "orders", "description": "new",
            "s3_target": [{ "path": "s3://landing" }],
            "schema_change_policy": { "update_behavior": "LOG", "delete_behavior": "LOG" },
        });
        let crawler = session.update("aws_glue_crawler", crawler, &config).await.unwrap();
        session.delete("aws_glue_crawler", crawler).await.unwrap();
    })
    .await;
}
