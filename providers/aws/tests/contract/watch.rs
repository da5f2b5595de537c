//! Logs and alarms.

use mesh_provider::contract::{Case, Expect};
use mesh_tests::emulator::Scenario;
use serde_json::json;

pub fn scenarios() -> Vec<Scenario> {
    vec![log_group()]
}

fn log_group() -> Scenario {
    Scenario::new("aws_cloudwatch_log_group", "retention", |at| {
        let retain = "logs.put_retention_policy(logGroupName='/mesh/orders', retentionInDays=90)";
        Case::new("aws_cloudwatch_log_group", json!({ "name": "/mesh/orders", "retention_in_days": 7 }))
            .update(json!({ "retention_in_days": 30 }), Expect::InPlace)
            .update(json!({ "retention_in_days": 0, "tags": { "team": "orders" } }), Expect::InPlace)
            .update(json!({ "retention_in_days": 30 }), Expect::InPlace)
            .drift("kept longer", at.drift(retain))
            .drift("deleted", at.drift("logs.delete_log_group(logGroupName='/mesh/orders')"))
            .import("/mesh/orders", &["skip_destroy"])
            .update(json!({ "name": "/mesh/customers" }), Expect::Replace)
    })
}
