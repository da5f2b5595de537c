//! Every type says what its objects cost, and the price book has a price for each part.

use mesh_cost::standard;
use mesh_provider::Provider as _;
use mesh_provider::contract::Session;
use mesh_provider::cost::{Costs, Interval};
use mesh_provider_aws::provider;
use mesh_value::Value;
use serde_json::{Value as Json, json};

use crate::compute::{application, cluster, crawler, fleets, job, task_group};
use crate::{block, costs_in, exactly};

/// Types that may say nothing of an object's cost: whom a topic tells in which way decides what that costs, so of a way that
/// is known after apply nothing can be said.
const NOT_MODELLED: &[&str] = &["aws_sns_topic_subscription"];

/// Parts for which no public source states a price, with the regions.
const WITHOUT_PRICE: &[(&str, &str)] = &[
    ("aws/cloudwatch/alarm/high-resolution", "eu-central-1"),
    ("aws/cloudwatch/logs-scanned", "us-east-1"),
    ("aws/cloudwatch/logs-scanned", "eu-central-1"),
    ("aws/ecr/storage", "eu-central-1"),
    ("aws/emr/instance/c5.4xlarge", "eu-central-1"),
    ("aws/emr/instance/m5.2xlarge", "eu-central-1"),
    ("aws/emr/instance/m5.4xlarge", "eu-central-1"),
    ("aws/emr/instance/m5.xlarge", "eu-central-1"),
    ("aws/emr/instance/m6i.xlarge", "eu-central-1"),
    ("aws/emr/instance/r5.2xlarge", "eu-central-1"),
    ("aws/glue/crawler", "eu-central-1"),
    ("aws/glue/etl-flex", "eu-central-1"),
    ("aws/kms/requests", "eu-central-1"),
    ("aws/s3/requests/deep-archive/read", "eu-central-1"),
    ("aws/scheduler/invocations", "eu-central-1"),
    ("aws/sns/delivery/email", "eu-central-1"),
    ("aws/sns/delivery/http", "eu-central-1"),
    ("aws/states/express-duration", "eu-central-1"),
    ("aws/states/express-requests", "eu-central-1"),
];

/// A type, the configuration of an object, and those of related ones with their types.
type Charged = (&'static str, Json, Vec<(&'static str, Json)>);

/// An object of each type that costs something, with as many parts as there are: all its usage is declared.
fn charged() -> Vec<Charged> {
    let moves = ["STANDARD_IA", "INTELLIGENT_TIERING", "ONEZONE_IA", "GLACIER_IR", "GLACIER", "DEEP_ARCHIVE"];
    let moves: Vec<_> =
        (1_u32..).zip(moves).map(|(place, class)| json!({ "days": place * 30, "storage_class": class })).collect();
    let rule = json!({ "id": "age", "status": "Enabled", "transition": moves });
    let lifecycle = json!({ "bucket": "landing", "rule": [rule] });
    let role = "arn:aws:iam::123456789012:role/r";
    let topic = "arn:aws:sns:eu-central-1:123456789012:t";
    let email = json!({ "topic_arn": topic, "protocol": "email", "endpoint": "a@example.com" });
    let page = json!({ "topic_arn": topic, "protocol": "https", "endpoint": "https://example.com" });
    let alarm = |period: i64| {
        json!({
            "alarm_name": "late", "comparison_operator": "GreaterThanThreshold", "evaluation_periods": 1,
            "threshold": 1, "metric_name": "Rows", "namespace": "Mesh", "statistic": "Sum", "period": period,
        })
    };
    let schedule = json!({
        "name": "nightly", "schedule_expression": "rate(1 hour)", "flexible_time_window": { "mode": "OFF" },
        "target": { "arn": "arn:aws:sqs:eu-central-1:123456789012:jobs", "role_arn": role },
    });
    let machine = |ty: &str| json!({ "name": "orders", "role_arn": role, "definition": "{}", "type": ty });
    vec![
        ("aws_s3_bucket", json!({ "bucket": "landing" }), vec![("aws_s3_bucket_lifecycle_configuration", lifecycle)]),
        ("aws_athena_workgroup", json!({ "name": "orders" }), Vec::new()),
        ("aws_budgets_budget_action", action(role), Vec::new()),
        ("aws_cloudwatch_log_group", json!({ "name": "orders" }), Vec::new()),
        ("aws_cloudwatch_metric_alarm", alarm(10), Vec::new()),
        ("aws_cloudwatch_metric_alarm", alarm(60), Vec::new()),
        ("aws_ecr_repository", json!({ "name": "orders" }), Vec::new()),
        ("aws_kms_key", json!({}), Vec::new()),
        ("aws_scheduler_schedule", schedule, Vec::new()),
        ("aws_sfn_state_machine", machine("STANDARD"), Vec::new()),
        ("aws_sfn_state_machine", machine("EXPRESS"), Vec::new()),
        ("aws_sns_topic", json!({ "name": "orders" }), Vec::new()),
        ("aws_sns_topic_subscription", email, Vec::new()),
        ("aws_sns_topic_subscription", page, Vec::new()),
        ("aws_emr_cluster", cluster(), Vec::new()),
        ("aws_emr_cluster", fleets(), Vec::new()),
        ("aws_emr_instance_group", task_group(), vec![("aws_emr_cluster", cluster())]),
        ("aws_emrserverless_application", application("X86_64"), Vec::new()),
        ("aws_emrserverless_application", application("ARM64"), Vec::new()),
        ("aws_glue_catalog_database", json!({ "name": "orders" }), Vec::new()),
        ("aws_glue_crawler", crawler(), Vec::new()),
        ("aws_glue_job", job(&json!({})), Vec::new()),
        ("aws_glue_job", job(&json!({ "execution_class": "FLEX" })), Vec::new()),
        ("aws_glue_job", job(&command("gluestreaming")), Vec::new()),
        ("aws_glue_job", job(&command("pythonshell")), Vec::new()),
    ]
}

/// What a job of Glue runs.
fn command(name: &str) -> Json {
    json!({ "command": { "name": name, "script_location": "s3://code/orders.py" } })
}

fn action(role: &str) -> Json {
    let policy = json!({ "policy_arn": "arn:aws:iam::123456789012:policy/stop", "roles": ["loader"] });
    json!({
        "budget_name": "orders", "action_type": "APPLY_IAM_POLICY", "approval_model": "AUTOMATIC",
        "notification_type": "ACTUAL", "execution_role_arn": role,
        "action_threshold": { "action_threshold_type": "PERCENTAGE", "action_threshold_value": 100 },
        "definition": { "iam_action_definition": policy },
        "subscriber": [{ "address": "a@example.com", "subscription_type": "EMAIL" }],
    })
}

#[tokio::test]
async fn every_part_has_a_price_of_its_unit() {
    let book = standard();
    let provider = provider();
    let mut missing = Vec::new();
    for (ty, config, related) in charged() {
        let usage: Vec<(&str, Interval)> =
            provider.usage(ty).iter().map(|parameter| (parameter.name, exactly(1))).collect();
        for region in ["us-east-1", "eu-central-1"] {
            let costs = costs_in(region, ty, config.clone(), &usage, &related).await;
            assert!(!costs.components().is_empty(), "{ty}");
            for part in costs.components() {
                let others = part.instead.iter().map(|other| &other.price);
                for price in std::iter::once(&part.price).chain(others) {
                    assert_eq!(&*price.region, region, "{ty}: {}", part.name);
                    let unit = book.price(price).map(|price| &price.unit);
                    let is_missing = unit.is_none() && WITHOUT_PRICE.contains(&(&*price.key, region));
                    if unit != Some(&part.unit) && !is_missing {
                        missing.push(format!("{} in {region}: {unit:?}, not {}", price.key, part.unit));
                    }
                }
            }
        }
    }
    assert!(missing.is_empty(), "{}", missing.join("\n"));
}

/// Each type says what an object costs of which nothing is known yet.
#[tokio::test]
async fn no_type_is_left_out_by_accident() {
    let (provider, base) = (provider(), tempfile::tempdir().unwrap());
    let session = Session::new(&provider, base.path(), &block("eu-central-1")).await.unwrap();
    let silent: Vec<_> = provider
        .schema()
        .resources
        .iter()
        .filter_map(|(ty, schema)| {
            let value = Value::unknown(schema.block.implied_type());
            (session.cost(ty, &value, &[], &[]) == Costs::NotModelled).then(|| ty.to_string())
        })
        .collect();
    assert_eq!(silent, NOT_MODELLED);
}
