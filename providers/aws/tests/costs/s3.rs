//! Buckets: storage by class as lifecycle rules make it, and what is declared of it.

use mesh_provider::contract::Session;
use mesh_provider::cost::{Interval, Related, with};
use mesh_value::{Type, Value};
use serde_json::{Value as Json, json};

use crate::{block, costs, exactly, parts};

/// A lifecycle configuration of the bucket, with these rules.
fn lifecycle(rules: Json) -> (&'static str, Json) {
    ("aws_s3_bucket_lifecycle_configuration", json!({ "bucket": "landing", "rule": rules }))
}

fn versioning(status: &str) -> (&'static str, Json) {
    let configuration = json!({ "bucket": "landing", "versioning_configuration": { "status": status } });
    ("aws_s3_bucket_versioning", configuration)
}

/// The parts of what the bucket costs whose names begin so.
async fn bucket(usage: &[(&str, Interval)], related: &[(&str, Json)], named: &str) -> Vec<String> {
    let parts = parts("aws_s3_bucket", json!({ "bucket": "landing" }), usage, related).await;
    parts.into_iter().filter(|part| part.starts_with(named)).collect()
}

/// Days are multiples of 73, which are 73 x 12 / 365 = 2.4 months.
#[tokio::test]
async fn transitions_share_the_life_of_what_is_written() {
    let rules = json!([{
        "id": "age", "status": "Enabled",
        "transition": [{ "days": 73, "storage_class": "STANDARD_IA" }, { "days": 146, "storage_class": "GLACIER" }],
        "expiration": { "days": 365 },
    }]);
    let usage = [("new_gb", exactly(100))];
    // Standard: 73 days are 2.4 months, x 100 GB = 240. Standard-IA: 146 - 73 = 73 days, 240 again.
    // Glacier: 365 - 146 = 219 days are 7.2 months, x 100 GB = 720. Together 12 months' worth, 1200.
    let stored = bucket(&usage, &[lifecycle(rules.clone())], "storage").await;
    assert_eq!(
        stored,
        [
            "storage, Standard: 240 GB-month",
            "storage, Standard-IA: 240 GB-month",
            "storage, Glacier Flexible Retrieval: 720 GB-month",
        ]
    );
    // Objects in Glacier: 7.2 x 32768 = 235929.6. Each takes 32 KiB there, / 1048576 = 7.2 GB,
    // and 8 KiB in Standard: 1.8 GB.
    let usage = [("new_gb", exactly(100)), ("new_objects", exactly(32_768))];
    let stored = bucket(&usage, &[lifecycle(rules.clone())], "storage").await;
    assert_eq!(
        stored,
        [
            "storage, Standard: 241.8 GB-month",
            "storage, Standard-IA: 240 GB-month",
            "storage, Glacier Flexible Retrieval: 727.2 GB-month",
        ]
    );
    // Each object moves twice, once to each class; and each was put, which says how many PUTs there are at least.
    let moved = bucket(&usage, &[lifecycle(rules.clone())], "lifecycle").await;
    assert_eq!(
        moved,
        [
            "lifecycle transitions, Standard-IA: 32768 request",
            "lifecycle transitions, Glacier Flexible Retrieval: 32768 request",
        ]
    );
    let put = bucket(&usage, &[lifecycle(rules)], "PUT").await;
    assert_eq!(put, ["PUT, COPY, POST and LIST requests, Standard: 32768 .. 32768 .. open request"]);
}

#[tokio::test]
async fn what_leaves_a_class_early_is_charged_to_its_least_time() {
    let rules = json!([{
        "id": "age", "status": "Enabled",
        "transition": [{ "days": 73, "storage_class": "GLACIER" }], "expiration": { "days": 90 },
    }]);
    let parts = bucket(&[("new_gb", exactly(100))], &[lifecycle(rules)], "").await;
    // 90 - 73 = 17 days in Glacier: 17 x 12 / 365 x 100 = 55.890411 GB. Of the least time of 90 days, 73 are missing:
    // 2.4 months x 100 GB = 240.
    assert!(parts.contains(&"storage, Glacier Flexible Retrieval: 55.890411 GB-month".to_owned()), "{parts:?}");
    assert!(parts.contains(&"early deletion, Glacier Flexible Retrieval: 240 GB-month".to_owned()), "{parts:?}");
}

#[tokio::test]
async fn what_nothing_ends_grows() {
    // 1, 6 and 12 months of 100 GB.
    let usage = [("new_gb", exactly(100))];
    assert_eq!(bucket(&usage, &[], "storage").await, ["storage, Standard: 100 .. 600 .. 1200 GB-month"]);
    let usage = [("new_gb", exactly(100)), ("growth_months", exactly(36))];
    assert_eq!(bucket(&usage, &[], "storage").await, ["storage, Standard: 3600 GB-month"]);
    // After 1460 days, 48 months, as much ends as begins; that is the most.
    let rules = json!([{ "id": "end", "status": "Enabled", "expiration": { "days": 1460 } }]);
    let stored = bucket(&[("new_gb", exactly(100))], &[lifecycle(rules)], "storage").await;
    assert_eq!(stored, ["storage, Standard: 100 .. 600 .. 4800 GB-month"]);
}

#[tokio::test]
async fn a_rule_with_a_filter_applies_to_an_unknown_part() {
    let rules = json!([{
        "id": "raw", "status": "Enabled", "filter": { "prefix": "raw/" }, "expiration": { "days": 73 },
    }]);
    // Without the rule 100, 600 and 1200 GB; with it always 2.4 x 100 = 240. What is expected is that it applies.
    let stored = bucket(&[("new_gb", exactly(100))], &[lifecycle(rules.clone())], "storage").await;
    assert_eq!(stored, ["storage, Standard: 100 .. 240 .. 1200 GB-month"]);
    // To one half: 50 + 120 = 170, 300 + 120 = 420, 600 + 120 = 720.
    let usage = [("new_gb", exactly(100)), ("lifecycle_share_percent", exactly(50))];
    let stored = bucket(&usage, &[lifecycle(rules)], "storage").await;
    assert_eq!(stored, ["storage, Standard: 170 .. 420 .. 720 GB-month"]);
}

#[tokio::test]
async fn each_set_of_rules_that_may_apply_bounds_the_rest() {
    let rule = |prefix: &str, class: &str| {
        json!({
            "id": prefix, "status": "Enabled", "filter": { "prefix": prefix },
            "transition": [{ "days": 73, "storage_class": class }],
        })
    };
    let all = json!({ "id": "all", "status": "Enabled", "filter": {}, "expiration": { "days": 146 } });
    let rules = json!([rule("a/", "STANDARD_IA"), rule("b/", "GLACIER"), all]);
    let stored = bucket(&[("new_gb", exactly(100))], &[lifecycle(rules)], "storage").await;
    // No rule but the last: 4.8 x 100 = 480 in Standard. With either, 240 in Standard and 240 there, with both in Glacier.
    // What is expected: one half of the data under each, (240 + 0) / 2 = 120.
    assert_eq!(
        stored,
        [
            "storage, Standard: 240 .. 240 .. 480 GB-month",
            "storage, Standard-IA: 0 .. 120 .. 240 GB-month",
            "storage, Glacier Flexible Retrieval: 0 .. 120 .. 240 GB-month",
        ]
    );
}

#[tokio::test]
async fn wide_quantities_say_why() {
    let rule =
        json!({ "id": "raw", "status": "Enabled", "filter": { "prefix": "raw/" }, "expiration": { "days": 73 } });
    let related = [lifecycle(json!([rule]))];
    let reasons = async |usage: &[(&str, Interval)]| {
        let costs = costs("aws_s3_bucket", json!({ "bucket": "landing" }), usage, &related).await;
        costs.components()[0].quantity.because.iter().map(ToString::to_string).collect::<Vec<_>>()
    };
    assert_eq!(
        reasons(&[("new_gb", exactly(100))]).await,
        [
            "what is written stays and adds up: after 1, 6 and 12 months, or until as much ends as begins \
             (`growth_months` says another time)",
            "lifecycle rules with a filter apply to a part of the data, and `lifecycle_share_percent` is not declared in \
             a `usage` block",
        ]
    );
    let usage = [("new_gb", exactly(100)), ("growth_months", exactly(12)), ("lifecycle_share_percent", exactly(50))];
    assert_eq!(reasons(&usage).await, [""; 0]);
}

/// Rules that nobody knows yet may leave nothing in Standard; what is expected is what there is without them.
#[tokio::test]
async fn rules_that_are_known_after_apply_are_decided_late() {
    let (provider, base) = (mesh_provider_aws::provider(), tempfile::tempdir().unwrap());
    let session = Session::new(&provider, base.path(), &block("eu-central-1")).await.unwrap();
    let (ty, config) = lifecycle(json!([{ "id": "end", "status": "Enabled", "expiration": { "days": 73 } }]));
    let rules = session.plan(ty, &config).await.unwrap();
    let rules = with(&rules, "rule", &Value::unknown(Type::Any));
    let bucket = session.plan("aws_s3_bucket", &json!({ "bucket": "landing" })).await.unwrap();
    let related = [Related { ty: ty.into(), value: rules }];
    let costs = session.cost("aws_s3_bucket", &bucket, &[("new_gb", exactly(100))], &related);
    let stored = &costs.components()[0].quantity;
    assert!(stored.late);
    assert_eq!(stored.interval.to_string(), "0 .. 600 .. 1200");
}

#[tokio::test]
async fn a_disabled_rule_does_not_count() {
    let rules = json!([{ "id": "end", "status": "Disabled", "expiration": { "days": 73 } }]);
    let stored = bucket(&[("new_gb", exactly(100))], &[lifecycle(rules)], "storage").await;
    assert_eq!(stored, ["storage, Standard: 100 .. 600 .. 1200 GB-month"]);
}

#[tokio::test]
async fn what_expires_where_versions_are_kept_becomes_an_old_version() {
    let rules = json!([{
        "id": "end", "status": "Enabled", "expiration": { "days": 73 },
        "noncurrent_version_transition": [{ "noncurrent_days": 73, "storage_class": "GLACIER_IR" }],
        "noncurrent_version_expiration": { "noncurrent_days": 146 },
    }]);
    let usage = [("new_gb", exactly(100)), ("overwritten_gb", exactly(10))];
    // Old versions: 100 GB expire and 10 are replaced each month, 110; 2.4 months' worth in each class is 264.
    let related = [lifecycle(rules.clone()), versioning("Enabled")];
    let parts = bucket(&usage, &related, "").await;
    for expected in [
        "storage, Standard: 240 GB-month",
        "old versions, Standard: 264 GB-month",
        "old versions, Glacier Instant Retrieval: 264 GB-month",
    ] {
        assert!(parts.contains(&expected.to_owned()), "{parts:?}");
    }
    let related = [lifecycle(rules), versioning("Suspended")];
    assert_eq!(bucket(&usage, &related, "old").await, [""; 0]);
    // Old versions alone: 73 days in Standard, 17 in Glacier, where 73 of 90 are missing: 2.4 x 10 GB.
    let rules = json!([{
        "id": "old", "status": "Enabled",
        "noncurrent_version_transition": [{ "noncurrent_days": 73, "storage_class": "GLACIER" }],
        "noncurrent_version_expiration": { "noncurrent_days": 90 },
    }]);
    let usage = [("overwritten_gb", exactly(10)), ("overwritten_objects", exactly(50))];
    let parts = bucket(&usage, &[lifecycle(rules), versioning("Enabled")], "").await;
    for expected in [
        "old versions, Standard: 24 GB-month",
        "old versions, Glacier Flexible Retrieval: 5.5890411 GB-month",
        "early deletion of old versions, Glacier Flexible Retrieval: 24 GB-month",
        "lifecycle transitions of old versions, Glacier Flexible Retrieval: 50 request",
    ] {
        assert!(parts.contains(&expected.to_owned()), "{parts:?}");
    }
}

#[tokio::test]
async fn the_rules_of_another_bucket_do_not_count() {
    let rules = json!([{ "id": "end", "status": "Enabled", "expiration": { "days": 73 } }]);
    let other = json!({ "bucket": "elsewhere", "rule": rules });
    let related = [("aws_s3_bucket_lifecycle_configuration", other)];
    let stored = bucket(&[("new_gb", exactly(100))], &related, "storage").await;
    assert_eq!(stored, ["storage, Standard: 100 .. 600 .. 1200 GB-month"]);
}

/// As Infracost's `s3_bucket_test` without usage: Standard with its storage and requests, each open.
#[tokio::test]
async fn what_nobody_declared_is_open() {
    let parts = bucket(&[], &[], "").await;
    assert_eq!(
        parts,
        [
            "storage, Standard: 0 .. 0 .. open GB-month",
            "PUT, COPY, POST and LIST requests, Standard: 0 .. 0 .. open request",
            "GET and other requests, Standard: 0 .. 0 .. open request",
            "transfer to the internet: 0 .. 0 .. open GB",
        ]
    );
    let costs = costs("aws_s3_bucket", json!({ "bucket": "landing" }), &[], &[]).await;
    let because = costs.components()[0].quantity.because[0].clone();
    assert_eq!(&*because, "neither `storage_gb` nor `new_gb` is declared in a `usage` block");
}

/// The quantities of Infracost's `s3_bucket_test` with usage, as far as AWS still sells it: S3 Select is closed to new
/// customers, so no price key names it.
#[tokio::test]
async fn infracost_counts_the_same_of_what_is_declared() {
    let usage = [
        ("storage_gb", exactly(10_000)),
        ("put_requests", exactly(10_000)),
        ("get_requests", exactly(10_000)),
        ("intelligent_tiering_storage_gb", exactly(20_000)),
        ("intelligent_tiering_objects", exactly(20_000)),
        ("intelligent_tiering_transitions", exactly(20_000)),
        ("standard_ia_storage_gb", exactly(30_000)),
        ("standard_ia_put_requests", exactly(30_000)),
        ("standard_ia_get_requests", exactly(30_000)),
        ("standard_ia_transitions", exactly(30_000)),
        ("standard_ia_retrieved_gb", exactly(30_000)),
        ("deep_archive_storage_gb", exactly(60_000)),
        ("deep_archive_retrieved_gb", exactly(60_000)),
        ("transfer_out_gb", exactly(0)),
    ];
    let parts = bucket(&usage, &[], "").await;
    assert_eq!(
        parts,
        [
            "storage, Standard: 10000 GB-month",
            "PUT, COPY, POST and LIST requests, Standard: 10000 request",
            "GET and other requests, Standard: 10000 request",
            "storage, Standard-IA: 30000 GB-month",
            "PUT, COPY, POST and LIST requests, Standard-IA: 30000 request",
            "GET and other requests, Standard-IA: 30000 request",
            "lifecycle transitions, Standard-IA: 30000 request",
            "retrieval, Standard-IA: 30000 GB",
            "storage, Intelligent-Tiering: 20000 GB-month",
            "monitoring, Intelligent-Tiering: 20000 object-month",
            "lifecycle transitions, Intelligent-Tiering: 20000 request",
            "storage, Glacier Deep Archive: 60000 GB-month",
            "retrieval, Glacier Deep Archive: 60000 GB",
            "transfer to the internet: 0 GB",
        ]
    );
}
