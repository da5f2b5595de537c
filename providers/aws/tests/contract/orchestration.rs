//! Schedules, state machines, and the images that jobs run.

use mesh_provider::contract::{Case, Expect};
use mesh_tests::emulator::{Kind, Scenario};
use serde_json::json;

pub fn scenarios() -> Vec<Scenario> {
    vec![repository(), schedule(), state_machine()]
}

fn repository() -> Scenario {
    Scenario::new("aws_ecr_repository", "scanning", |at| {
        let loosened = "ecr.put_image_tag_mutability(repositoryName='orders/loader', imageTagMutability='MUTABLE')";
        Case::new("aws_ecr_repository", json!({ "name": "orders/loader" }))
            .update(json!({ "image_scanning_configuration": { "scan_on_push": true } }), Expect::InPlace)
            .update(json!({ "image_tag_mutability": "IMMUTABLE", "tags": { "team": "orders" } }), Expect::InPlace)
            .update(json!({ "tags": null, "force_delete": true }), Expect::InPlace)
            .drift("loosened", at.drift(loosened))
            .drift("deleted", at.drift("ecr.delete_repository(repositoryName='orders/loader', force=True)"))
            .import("orders/loader", &["force_delete"])
            .update(json!({ "encryption_configuration": { "encryption_type": "KMS" } }), Expect::Replace)
            .update(json!({ "name": "orders/job" }), Expect::Replace)
    })
}

/// Python that makes a role for what runs.
const ROLE: &str = r#"
import json
trust = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole",
    "Principal": {"Service": ["scheduler.amazonaws.com", "states.amazonaws.com"]}}]}
role = iam.create_role(RoleName='runs', AssumeRolePolicyDocument=json.dumps(trust))['Role']['Arn']
"#;

fn schedule() -> Scenario {
    Scenario::new("aws_scheduler_schedule", "rate", |at| {
        let role = at.run("role");
        let target =
            |input: &str| json!({ "arn": "arn:aws:sqs:us-east-1:123456789012:jobs", "role_arn": role, "input": input });
        let config = json!({
            "name": "nightly", "schedule_expression": "cron(0 2 * * ? *)",
            "flexible_time_window": { "mode": "OFF" }, "target": target(r#"{"job":"load"}"#),
        });
        let window = json!({ "mode": "FLEXIBLE", "maximum_window_in_minutes": 15 });
        Case::new("aws_scheduler_schedule", config)
            .update(json!({ "schedule_expression": "rate(1 hour)", "description": "Loads." }), Expect::InPlace)
            .update(json!({ "flexible_time_window": window, "state": "DISABLED" }), Expect::InPlace)
            .update(json!({ "schedule_expression_timezone": "Europe/Berlin" }), Expect::InPlace)
            .update(json!({ "target": target(r#"{"job":"check"}"#) }), Expect::InPlace)
            .drift("deleted", at.drift("scheduler.delete_schedule(Name='nightly')"))
            .import("default/nightly", &[])
            .update(json!({ "name": "hourly" }), Expect::Replace)
    })
    .setup(ROLE)
}

fn state_machine() -> Scenario {
    Scenario::new("aws_sfn_state_machine", "definition", |at| {
        let arn = format!("arn:aws:states:us-east-1:{}:stateMachine:orders", at.account());
        let steps = |comment: &str| {
            json!({ "Comment": comment, "StartAt": "Done", "States": { "Done": { "Type": "Succeed" } } }).to_string()
        };
        let changed = format!(
            "steps = {{'StartAt': 'No', 'States': {{'No': {{'Type': 'Fail'}}}}}}\n\
             stepfunctions.update_state_machine(stateMachineArn='{arn}', definition=json.dumps(steps))"
        );
        let config = json!({ "name": "orders", "role_arn": at.run("role"), "definition": steps("Loads.") });
        Case::new("aws_sfn_state_machine", config)
            .update(json!({ "definition": steps("Loads and checks.") }), Expect::InPlace)
            .update(json!({ "tags": { "team": "orders" } }), Expect::InPlace)
            .update(json!({ "tags": null }), Expect::InPlace)
            .when(at.has("TracingConfiguration"), |case| {
                case.update(json!({ "tracing_configuration": { "enabled": true } }), Expect::InPlace)
            })
            .drift("changed", at.drift(changed))
            .drift("deleted", at.drift(format!("stepfunctions.delete_state_machine(stateMachineArn='{arn}')")))
            .import(&arn, &[])
            .update(json!({ "type": "EXPRESS" }), Expect::Replace)
    })
    .lacking(Kind::Ministack, "TracingConfiguration", "forgets the tracing of an updated state machine")
    .setup(ROLE)
}
