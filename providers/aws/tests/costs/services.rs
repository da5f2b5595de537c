//! Keys, topics, logs, alarms, queries, schedules, steps and images.

use mesh_provider::cost::Interval;
use serde_json::{Value as Json, json};

use crate::{exactly, parts, savings};

async fn alone(ty: &str, config: Json, usage: &[(&str, Interval)]) -> Vec<String> {
    parts(ty, config, usage, &[]).await
}

fn interval(low: i64, expected: i64, high: Option<i64>) -> Interval {
    Interval::new(low.into(), expected.into(), high.map(Into::into))
}

/// As Infracost's `kms_key_test`: a key-month, and requests, which of asymmetric keys have a price of their own.
#[tokio::test]
async fn keys() {
    let usage = [("requests", exactly(40_000))];
    assert_eq!(alone("aws_kms_key", json!({}), &usage).await, ["key: 1 key-month", "requests: 40000 request"]);
    let spec = |spec: &str| json!({ "key_usage": "SIGN_VERIFY", "customer_master_key_spec": spec });
    let parts = alone("aws_kms_key", spec("RSA_2048"), &usage).await;
    assert_eq!(parts, ["key: 1 key-month", "requests: 40000 request"]);
    let parts = alone("aws_kms_key", spec("RSA_3072"), &usage).await;
    assert_eq!(parts, ["key: 1 key-month", "requests, asymmetric: 40000 request"]);
    // One year without a rotation, then one, and from the second on two: 1 to 3. By half a year there is none.
    let key = alone("aws_kms_key", json!({ "enable_key_rotation": true }), &usage).await;
    assert_eq!(key[0], "key: 1 .. 1 .. 3 key-month");
    // Every 90 days: 182 / 90 is 2 by half a year.
    let rotation = json!({ "enable_key_rotation": true, "rotation_period_in_days": 90 });
    assert_eq!(alone("aws_kms_key", rotation.clone(), &usage).await[0], "key: 1 .. 3 .. 3 key-month");
    let usage = [("rotations", exactly(7))];
    assert_eq!(alone("aws_kms_key", rotation, &usage).await[0], "key: 3 key-month");
}

/// As Infracost's `sns_topic_test`, whose notifications are the subscriptions' here: they say by which protocol.
#[tokio::test]
async fn topics_and_subscriptions() {
    let usage = [("requests", exactly(2_000_000))];
    assert_eq!(alone("aws_sns_topic", json!({ "name": "t" }), &usage).await, ["requests: 2000000 request"]);
    let fifo = json!({ "name": "t.fifo", "fifo_topic": true });
    assert_eq!(alone("aws_sns_topic", fifo, &usage).await, ["requests, FIFO: 2000000 request"]);
    let topic = "arn:aws:sns:eu-central-1:123456789012:t";
    let subscription =
        |protocol: &str, endpoint: &str| json!({ "topic_arn": topic, "protocol": protocol, "endpoint": endpoint });
    let usage = [("notifications", exactly(2_000_000))];
    let told = alone("aws_sns_topic_subscription", subscription("https", "https://example.com"), &usage).await;
    assert_eq!(told, ["notifications, http: 2000000 notification"]);
    let told = alone("aws_sns_topic_subscription", subscription("email-json", "a@example.com"), &[]).await;
    assert_eq!(told, ["notifications, email: 0 .. 0 .. open notification"]);
    let queue = subscription("sqs", "arn:aws:sqs:eu-central-1:123456789012:q");
    assert_eq!(alone("aws_sns_topic_subscription", queue, &usage).await, [""; 0]);
}

/// As Infracost's `cloudwatch_log_group_test`: 1000 GB in, 500 kept, 250 read.
#[tokio::test]
async fn log_groups() {
    let group = |days: i64| json!({ "name": "/mesh/orders", "retention_in_days": days });
    let usage = [("ingested_gb", exactly(1000)), ("stored_gb", exactly(500)), ("scanned_gb", exactly(250))];
    assert_eq!(
        alone("aws_cloudwatch_log_group", group(0), &usage).await,
        ["ingestion: 1000 GB", "storage: 500 GB-month", "Logs Insights queries: 250 GB"]
    );
    // 365 days are 12 months: 12 x 100 x 0.15 = 180. For ever: 1, 6 and 12 months.
    let usage = [("ingested_gb", exactly(100))];
    let kept = alone("aws_cloudwatch_log_group", group(365), &usage).await;
    assert_eq!(kept, ["ingestion: 100 GB", "storage: 180 GB-month"]);
    let kept = alone("aws_cloudwatch_log_group", group(0), &usage).await;
    assert_eq!(kept, ["ingestion: 100 GB", "storage: 15 .. 90 .. 180 GB-month"]);
    let rare = json!({ "name": "rare", "log_group_class": "INFREQUENT_ACCESS" });
    assert_eq!(alone("aws_cloudwatch_log_group", rare, &usage).await[0], "ingestion, infrequent-access: 100 GB");
    let changes = savings("aws_cloudwatch_log_group", group(90), &usage, "retention_in_days").await;
    assert_eq!(
        changes,
        [("retention_in_days = 30".to_owned(), json!(30)), ("retention_in_days = 7".to_owned(), json!(7))]
    );
}

/// As Infracost's `cloudwatch_metric_alarm_test`: one metric, one of high resolution, two of an expression, three of a
/// band.
#[tokio::test]
async fn alarms() {
    let alarm = |more: Json| {
        let mut alarm = json!({
            "alarm_name": "late", "comparison_operator": "GreaterThanThreshold", "evaluation_periods": 2, "threshold": 1,
        });
        alarm.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        alone("aws_cloudwatch_metric_alarm", alarm, &[])
    };
    let metric = |id: &str, period: i64| {
        let metric = json!({ "metric_name": id, "namespace": "Mesh", "period": period, "stat": "Sum" });
        json!({ "id": id, "metric": metric })
    };
    let one = |period: i64| json!({ "metric_name": "Rows", "namespace": "Mesh", "statistic": "Sum", "period": period });
    assert_eq!(alarm(one(120)).await, ["metrics, standard resolution: 1 alarm-month"]);
    assert_eq!(alarm(one(10)).await, ["metrics, high resolution: 1 alarm-month"]);
    let expression = |text: &str| json!({ "id": "e1", "expression": text, "return_data": true });
    let ratio = json!({ "metric_query": [expression("m2 / m1"), metric("m1", 120), metric("m2", 120)] });
    assert_eq!(alarm(ratio).await, ["metrics, standard resolution: 2 alarm-month"]);
    let band = json!({
        "threshold": null, "threshold_metric_id": "e1", "comparison_operator": "GreaterThanUpperThreshold",
        "metric_query": [expression("ANOMALY_DETECTION_BAND(m1)"), metric("m1", 30)],
    });
    assert_eq!(alarm(band).await, ["metrics, high resolution: 3 alarm-month"]);
    let select = json!({ "metric_query": [expression("SELECT AVG(Rows) FROM Mesh")] });
    assert_eq!(alarm(select).await, ["metrics, standard resolution: 0 .. 0 .. open alarm-month"]);
}

#[tokio::test]
async fn workgroups() {
    let group = |cutoff: Option<i64>| json!({ "name": "orders", "configuration": { "bytes_scanned_cutoff_per_query": cutoff } });
    let scanned =
        async |cutoff, usage: &[(&str, Interval)]| alone("aws_athena_workgroup", group(cutoff), usage).await.remove(0);
    assert_eq!(scanned(None, &[]).await, "data read by queries: 0 .. 0 .. open TB");
    assert_eq!(scanned(None, &[("scanned_tb", exactly(3))]).await, "data read by queries: 3 TB");
    // 10240 queries of 1 GB: 10 TB.
    let usage = [("queries", exactly(10_240)), ("scanned_gb_per_query", exactly(1))];
    assert_eq!(scanned(None, &usage).await, "data read by queries: 10 TB");
    // Each reads 10 MB at least, 10240 x 10 / 1048576 TB, and 10 GB at most: 100 TB.
    let usage = [("queries", exactly(10_240))];
    let cutoff = Some(10 << 30);
    assert_eq!(scanned(cutoff, &usage).await, "data read by queries: 0.09765625 .. 0.09765625 .. 100 TB");
    assert_eq!(scanned(None, &usage).await, "data read by queries: 0.09765625 .. 0.09765625 .. open TB");
    // The same bound holds for what is declared as a whole.
    let usage = [("queries", exactly(10_240)), ("scanned_tb", interval(1, 50, None))];
    assert_eq!(scanned(cutoff, &usage).await, "data read by queries: 1 .. 50 .. 100 TB");
    let disabled = json!({ "name": "orders", "state": "DISABLED" });
    assert_eq!(alone("aws_athena_workgroup", disabled, &usage).await, ["data read by queries: 0 TB"]);
    let path = "configuration.bytes_scanned_cutoff_per_query";
    let changes = savings("aws_athena_workgroup", group(Some(10 << 30)), &usage, path).await;
    let change = format!("bytes_scanned_cutoff_per_query = {} in `configuration`", 1 << 30);
    assert_eq!(changes, [(change, json!(1 << 30))]);
}

#[tokio::test]
async fn schedules() {
    let schedule = |expression: &str, state: &str| {
        json!({
            "name": "nightly", "schedule_expression": expression, "state": state,
            "flexible_time_window": { "mode": "OFF" },
            "target": { "arn": "arn:aws:sqs:eu-central-1:123456789012:jobs", "role_arn": "arn:aws:iam::123456789012:role/r" },
        })
    };
    let runs = async |expression: &str, state: &str| {
        alone("aws_scheduler_schedule", schedule(expression, state), &[]).await.remove(0)
    };
    // 730 hours of 12 times 5 minutes.
    assert_eq!(runs("rate(5 minutes)", "ENABLED").await, "invocations: 8760 invocation");
    assert_eq!(runs("rate(5 minutes)", "DISABLED").await, "invocations: 0 invocation");
    // 365 / 12
    assert_eq!(runs("cron(0 6 * * ? *)", "ENABLED").await, "invocations: 30.416666667 invocation");
    assert_eq!(runs("at(2027-01-31T06:00:00)", "ENABLED").await, "invocations: 1 invocation");
    // In some years only: how often in a month, nobody can say.
    assert_eq!(runs("cron(0 6 * * ? 2027)", "ENABLED").await, "invocations: 0 .. 0 .. open invocation");
    let usage = [("invocations", exactly(20))];
    let declared = alone("aws_scheduler_schedule", schedule("rate(1 hour)", "ENABLED"), &usage).await;
    assert_eq!(declared, ["invocations: 20 invocation"]);
}

/// As Infracost's `sfn_state_machine_test`: 10 thousand transitions; 100 thousand requests of 0.3472 GB-hours.
#[tokio::test]
async fn state_machines() {
    let machine = |ty: &str, definition: Json| {
        json!({
            "name": "orders", "role_arn": "arn:aws:iam::123456789012:role/r", "type": ty,
            "definition": definition.to_string(),
        })
    };
    let done = json!({ "StartAt": "Done", "States": { "Done": { "Type": "Succeed" } } });
    let usage = [("transitions", exactly(10_000))];
    let steps = alone("aws_sfn_state_machine", machine("STANDARD", done.clone()), &usage).await;
    assert_eq!(steps, ["state transitions: 10000 transition"]);
    // 100000 runs of 180 ms, as 200, and 50 MB, as 64: 100000 x 0.2 x 64 / 1024 = 1250 GB-seconds, / 3600 = 0.3472 GB-hours.
    let usage = [("executions", exactly(100_000)), ("duration_ms", exactly(180)), ("memory_mb", exactly(50))];
    let steps = alone("aws_sfn_state_machine", machine("EXPRESS", done), &usage).await;
    assert_eq!(steps, ["requests: 100000 request", "duration: 1250 GB-second"]);
    // Two steps, one of which is two side by side: four a run. A run takes one at least.
    let branch = json!({ "StartAt": "A", "States": { "A": { "Type": "Pass", "End": true } } });
    let both = json!({ "Type": "Parallel", "Branches": [branch, branch], "Next": "Done" });
    let steps = json!({ "StartAt": "Both", "States": { "Both": both, "Done": { "Type": "Succeed" } } });
    let steps = alone("aws_sfn_state_machine", machine("STANDARD", steps), &[("executions", exactly(1000))]).await;
    assert_eq!(steps, ["state transitions: 1000 .. 4000 .. open transition"]);
}

/// As Infracost's `ecr_repository_test`.
#[tokio::test]
async fn repositories() {
    let repository = json!({ "name": "orders/loader" });
    let stored = alone("aws_ecr_repository", repository.clone(), &[("storage_gb", exactly(1))]).await;
    assert_eq!(stored, ["storage: 1 GB-month"]);
    assert_eq!(alone("aws_ecr_repository", repository, &[]).await, ["storage: 0 .. 0 .. open GB-month"]);
}
