//! Glue's work: jobs, crawlers, triggers.

use mesh_provider::contract::{Case, Expect};
use mesh_tests::emulator::{MINISTACK, MOTO, Scenario};
use serde_json::json;

pub fn scenarios() -> Vec<Scenario> {
    vec![job(), shell(), crawler(), crawler_of_the_catalog(), scheduled(), conditional(), on_demand()]
}

const NO_CODE: &str = "answers HTML with status 500";

fn scheduled() -> Scenario {
    Scenario::new("aws_glue_trigger", "scheduled", |at| {
        let case = Case::new(
            "aws_glue_trigger",
            json!({
                "name": "nightly",
                "type": "SCHEDULED",
                "schedule": "cron(15 12 * * ? *)",
                "actions": [{ "job_name": "load", "arguments": { "--day": "today" }, "timeout": 30 }],
                "tags": { "team": "orders" },
            }),
        )
        .update(json!({ "enabled": false, "tags": { "tier": "gold" } }), Expect::InPlace)
        .update(json!({ "enabled": true, "tags": null }), Expect::InPlace)
        .drift("switched off by hand", at.drift("glue.stop_trigger(Name='nightly')"))
        .drift("deleted", at.drift("glue.delete_trigger(Name='nightly')"))
        .import("nightly", &[])
        .update(json!({ "name": "hourly" }), Expect::Replace);
        case.when(at.has("UpdateTrigger"), |case| {
            case.update(json!({ "schedule": "cron(0 * * * ? *)", "description": "Each hour" }), Expect::InPlace)
                .update(json!({ "actions": [{ "crawler_name": "landing" }], "description": null }), Expect::InPlace)
        })
    })
    .lacking(MOTO, "UpdateTrigger", NO_CODE)
}

fn conditional() -> Scenario {
    Scenario::new("aws_glue_trigger", "conditional", |at| {
        let done = json!({ "conditions": [{ "job_name": "load", "state": "SUCCEEDED" }] });
        let failed = json!({
            "logical": "ANY",
            "conditions": [
                { "job_name": "load", "state": "FAILED" },
                { "crawler_name": "landing", "crawl_state": "FAILED" },
            ],
        });
        let config = json!({ "name": "after", "type": "CONDITIONAL", "predicate": done, "enabled": false,
            "actions": [{ "job_name": "check" }] });
        let case = Case::new("aws_glue_trigger", config).import("after", &[]);
        let case = if at.has("UpdateTrigger") {
            case.update(json!({ "predicate": failed }), Expect::InPlace)
        } else {
            case.update(json!({ "name": "instead", "predicate": failed }), Expect::Replace)
        };
        case.update(json!({ "enabled": true }), Expect::InPlace)
    })
    .lacking(MOTO, "UpdateTrigger", NO_CODE)
}

fn on_demand() -> Scenario {
    Scenario::new("aws_glue_trigger", "on_demand", |_| {
        let config = json!({ "name": "manual", "type": "ON_DEMAND", "actions": [{ "job_name": "load" }] });
        Case::new("aws_glue_trigger", config)
            .import("manual", &[])
            .update(json!({ "type": "SCHEDULED", "schedule": "cron(0 * * * ? *)" }), Expect::Replace)
    })
}

const ROLE: &str = "arn:aws:iam::123456789012:role/etl";

fn job() -> Scenario {
    Scenario::new("aws_glue_job", "spark", |at| {
        let config = json!({
            "name": "load",
            "role_arn": ROLE,
            "glue_version": "5.0",
            "worker_type": "G.1X",
            "number_of_workers": 2,
            "timeout": 60,
            "max_retries": 1,
            "command": { "script_location": "s3://code/load.py", "python_version": "3" },
            "default_arguments": { "--job-language": "python" },
            "connections": ["warehouse"],
            "tags": { "team": "orders" },
        });
        Case::new("aws_glue_job", config)
            .update(json!({ "tags": { "tier": "gold" } }), Expect::InPlace)
            .when(at.has("UpdateJob"), |case| {
                case.update(json!({ "worker_type": "G.2X", "number_of_workers": 4 }), Expect::InPlace)
                    .update(json!({ "command": { "script_location": "s3://code/load2.py" } }), Expect::InPlace)
                    .update(
                        json!({
                            "description": "Loads orders",
                            "timeout": 30,
                            "max_retries": 2,
                            "non_overridable_arguments": { "--env": "prod" },
                            "security_configuration": "encrypted",
                        }),
                        Expect::InPlace,
                    )
                    .update(
                        json!({ "description": null, "default_arguments": null, "connections": null }),
                        Expect::InPlace,
                    )
                    .drift("another script by hand", at.drift(
                        "job = glue.get_job(JobName='load')['Job']\n\
                         glue.update_job(JobName='load', JobUpdate={'Role': job['Role'], 'Command': {'Name': 'glueetl', \
                         'ScriptLocation': 's3://code/other.py'}})",
                    ))
            })
            .drift("deleted", at.drift("glue.delete_job(JobName='load')"))
            .import("load", &[])
            .update(json!({ "name": "reload" }), Expect::Replace)
    })
    .lacking(MOTO, "UpdateJob", NO_CODE)
}

fn shell() -> Scenario {
    Scenario::new("aws_glue_job", "shell", |_| {
        let config = json!({
            "name": "export",
            "role_arn": ROLE,
            "max_capacity": 0.0625,
            "execution_class": "STANDARD",
            "execution_property": { "max_concurrent_runs": 3 },
            "notification_property": { "notify_delay_after": 10 },
            "command": { "name": "pythonshell", "script_location": "s3://code/export.py", "python_version": "3.9" },
        });
        Case::new("aws_glue_job", config).import("export", &["execution_class"])
    })
    .not_on(MINISTACK, "ExecutionProperty", "it forgets it, and the class and notifications of a job")
}

fn crawler() -> Scenario {
    Scenario::new("aws_glue_crawler", "s3", |at| {
        let config = json!({
            "name": "landing",
            "role": ROLE,
            "database_name": "orders",
            "schedule": "cron(0 1 * * ? *)",
            "configuration": "{\"Version\": 1.0, \"Grouping\": {\"TableGroupingPolicy\": \"CombineCompatibleSchemas\"}}",
            "s3_target": [{ "path": "s3://landing/orders", "exclusions": ["**.tmp"], "sample_size": 5 }],
            "tags": { "team": "orders" },
        });
        Case::new("aws_glue_crawler", config)
            .update(
                json!({ "configuration": "{ \"Grouping\": { \"TableGroupingPolicy\": \"CombineCompatibleSchemas\" },\n \"Version\": 1.0 }" }),
                Expect::Nothing,
            )
            .update(json!({ "tags": { "tier": "gold" } }), Expect::InPlace)
            .when(at.has("UpdateCrawler"), |case| {
                case.update(json!({ "description": "Finds orders", "table_prefix": "raw_" }), Expect::InPlace)
                    .update(json!({ "schedule": null, "description": null, "configuration": null }), Expect::InPlace)
                    .update(
                        json!({
                            "classifiers": ["csv"],
                            "security_configuration": "encrypted",
                            "schema_change_policy": { "delete_behavior": "LOG" },
                            "recrawl_policy": { "recrawl_behavior": "CRAWL_NEW_FOLDERS_ONLY" },
                            "lineage_configuration": { "crawler_lineage_settings": "ENABLE" },
                        }),
                        Expect::InPlace,
                    )
                    .update(
                        json!({
                            "jdbc_target": [{ "connection_name": "shop", "path": "shop/%", "exclusions": ["shop/tmp"] }],
                            "dynamodb_target": [{ "path": "carts", "scan_rate": 0.5 }],
                            "mongodb_target": [{ "connection_name": "docs", "path": "docs/%", "scan_all": false }],
                            "delta_target": [{ "delta_tables": ["s3://lake/delta"], "write_manifest": true }],
                            "iceberg_target": [{ "paths": ["s3://lake/iceberg"], "maximum_traversal_depth": 3 }],
                            "hudi_target": [{ "paths": ["s3://lake/hudi"], "maximum_traversal_depth": 2 }],
                        }),
                        Expect::InPlace,
                    )
                    .update(
                        json!({
                            "s3_target": [{ "path": "s3://landing/lines" }], "jdbc_target": null, "dynamodb_target": null,
                            "schema_change_policy": null, "recrawl_policy": null, "lineage_configuration": null,
                        }),
                        Expect::InPlace,
                    )
                    .drift("another prefix by hand", at.drift("glue.update_crawler(Name='landing', TablePrefix='x_')"))
            })
            .drift("deleted", at.drift("glue.delete_crawler(Name='landing')"))
            .import("landing", &[])
            .update(json!({ "name": "arrivals" }), Expect::Replace)
    })
    .lacking(MOTO, "UpdateCrawler", NO_CODE)
}

fn crawler_of_the_catalog() -> Scenario {
    Scenario::new("aws_glue_crawler", "catalog", |_| {
        let config = json!({
            "name": "known",
            "role": "service-role/etl",
            "database_name": "orders",
            "catalog_target": [{ "database_name": "orders", "tables": ["lines"] }],
            "schema_change_policy": { "delete_behavior": "LOG" },
        });
        Case::new("aws_glue_crawler", config)
            .update(json!({ "role": "arn:aws:iam::123456789012:role/service-role/etl" }), Expect::Nothing)
            .import("known", &[])
            .update(json!({ "name": "others", "role": ROLE }), Expect::Replace)
    })
}
