//! Buckets, what is set on them, and keys.

use mesh_provider::contract::{Case, Expect};
use mesh_tests::emulator::Scenario;
use serde_json::json;

pub fn scenarios() -> Vec<Scenario> {
    vec![bucket(), bucket_with_default_tags()]
}

fn bucket() -> Scenario {
    Scenario::new("aws_s3_bucket", "tags", |at| {
        Case::new("aws_s3_bucket", json!({ "bucket": "mesh-landing" }))
            .update(json!({ "tags": { "team": "orders" } }), Expect::InPlace)
            .update(json!({ "force_destroy": true }), Expect::InPlace)
            .drift(
                "tagged by hand",
                at.drift(
                    "tags = s3.get_bucket_tagging(Bucket='mesh-landing')['TagSet'] + [{'Key': 'by', 'Value': 'hand'}]\n\
                     s3.put_bucket_tagging(Bucket='mesh-landing', Tagging={'TagSet': tags})",
                ),
            )
            .drift("deleted", at.drift("s3.delete_bucket(Bucket='mesh-landing')"))
            .import("mesh-landing", &["force_destroy"])
            .update(json!({ "bucket": "mesh-archive" }), Expect::Replace)
    })
}

fn bucket_with_default_tags() -> Scenario {
    let block = json!({ "default_tags": { "tags": { "mesh": "shop", "team": "platform" } } });
    Scenario::new("aws_s3_bucket", "default_tags", |_| {
        Case::new("aws_s3_bucket", json!({ "bucket_prefix": "mesh-", "tags": { "team": "orders" } }))
            .update(json!({ "tags": null }), Expect::InPlace)
    })
    .provider(block)
}
