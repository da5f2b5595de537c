//! Logs, alarms, and who is told.

use mesh_provider::contract::{Case, Expect};
use mesh_tests::emulator::{Kind, Scenario};
use serde_json::json;

pub fn scenarios() -> Vec<Scenario> {
    vec![log_group(), alarm(), topic(), subscription()]
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

fn alarm() -> Scenario {
    Scenario::new("aws_cloudwatch_metric_alarm", "metric", |at| {
        let config = json!({
            "alarm_name": "mesh-idle", "comparison_operator": "GreaterThanOrEqualToThreshold", "evaluation_periods": 3,
            "metric_name": "IsIdle", "namespace": "AWS/ElasticMapReduce", "period": 300, "statistic": "Average",
            "threshold": 1, "dimensions": { "JobFlowId": "j-1" },
        });
        let raised = "cloudwatch.put_metric_alarm(AlarmName='mesh-idle', EvaluationPeriods=3, Threshold=2.5, \
             ComparisonOperator='GreaterThanOrEqualToThreshold', MetricName='IsIdle', Period=300, Statistic='Average', \
             Namespace='AWS/ElasticMapReduce')";
        Case::new("aws_cloudwatch_metric_alarm", config)
            .update(json!({ "threshold": 0.1, "alarm_description": "Nothing runs." }), Expect::InPlace)
            .update(json!({ "tags": { "team": "orders" }, "treat_missing_data": "breaching" }), Expect::InPlace)
            .update(json!({ "alarm_actions": ["arn:aws:sns:us-east-1:123456789012:alerts"] }), Expect::InPlace)
            .when(at.has("ExtendedStatistic"), |case| {
                case.update(json!({ "statistic": null, "extended_statistic": "p95" }), Expect::InPlace)
            })
            .update(json!({ "datapoints_to_alarm": 2, "actions_enabled": false, "tags": null }), Expect::InPlace)
            .update(json!({ "alarm_actions": null, "dimensions": { "JobFlowId": "j-2" } }), Expect::InPlace)
            .drift("raised", at.drift(raised))
            .drift("deleted", at.drift("cloudwatch.delete_alarms(AlarmNames=['mesh-idle'])"))
            .import("mesh-idle", &[])
            .update(json!({ "alarm_name": "mesh-busy" }), Expect::Replace)
    })
    .not_on(Kind::Moto, "DescribeAlarms", "answers 404 to CBOR, which the SDK speaks to CloudWatch")
    .lacking(Kind::Ministack, "ExtendedStatistic", "keeps the statistic `Average` beside a percentile")
    .lacking(Kind::Ministack, "Metrics", "forgets the metrics of an expression")
}

fn topic() -> Scenario {
    Scenario::new("aws_sns_topic", "policy", |at| {
        let arn = format!("arn:aws:sns:us-east-1:{}:mesh-alerts", at.account());
        let statement = json!({
            "Effect": "Allow", "Principal": { "Service": "budgets.amazonaws.com" }, "Action": ["sns:Publish"],
            "Resource": arn,
        });
        let policy = json!({ "Version": "2012-10-17", "Statement": [statement] }).to_string();
        let named = "AttributeName='DisplayName', AttributeValue='by hand'";
        Case::new("aws_sns_topic", json!({ "name": "mesh-alerts" }))
            .update(json!({ "display_name": "Alerts", "tags": { "team": "orders" } }), Expect::InPlace)
            .update(json!({ "policy": policy }), Expect::InPlace)
            .update(json!({ "tags": null, "kms_master_key_id": "alias/aws/sns" }), Expect::InPlace)
            .drift("named by hand", at.drift(format!("sns.set_topic_attributes(TopicArn='{arn}', {named})")))
            .drift("deleted", at.drift(format!("sns.delete_topic(TopicArn='{arn}')")))
            .import(&arn, &[])
            .update(json!({ "name": "mesh-notes" }), Expect::Replace)
    })
}

fn subscription() -> Scenario {
    Scenario::new("aws_sns_topic_subscription", "queue", |at| {
        let endpoint = "arn:aws:sqs:us-east-1:123456789012:alerts";
        let mine = "mine = sns.list_subscriptions_by_topic(TopicArn=topic)['Subscriptions'][0]['SubscriptionArn']";
        let config = json!({ "topic_arn": at.run("topic"), "protocol": "sqs", "endpoint": endpoint });
        Case::new("aws_sns_topic_subscription", config)
            .update(json!({ "raw_message_delivery": true }), Expect::InPlace)
            .update(json!({ "filter_policy": r#"{"kind":["cost"]}"# }), Expect::InPlace)
            .update(json!({ "raw_message_delivery": null, "filter_policy": null }), Expect::InPlace)
            .drift("deleted", at.drift(format!("{mine}\nsns.unsubscribe(SubscriptionArn=mine)")))
            .update(json!({ "endpoint": "arn:aws:sqs:us-east-1:123456789012:other" }), Expect::Replace)
    })
    .setup("topic = sns.create_topic(Name='mesh-alerts')['TopicArn']")
}
