//! Buckets and what is in them.

use mesh_provider::contract::{Case, Expect};
use mesh_tests::emulator::{MINISTACK, Scenario};
use serde_json::json;

pub fn scenarios() -> Vec<Scenario> {
    vec![
        bucket(),
        bucket_with_default_tags(),
        bucket_that_is_not_empty(),
        object_of_text(),
        object_with_versions(),
        object_of_a_file(),
        object_with_a_key(),
    ]
}

fn bucket() -> Scenario {
    Scenario::new("aws_s3_bucket", "tags", |at| {
        Case::new("aws_s3_bucket", json!({ "bucket": "mesh-landing" }))
            .update(json!({ "tags": { "team": "orders" } }), Expect::InPlace)
            .update(json!({ "tags": { "team": "orders", "cost center": "a/b=c+d" } }), Expect::InPlace)
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
            .update(json!({ "tags": null }), Expect::InPlace)
            .update(json!({ "bucket": "mesh-archive", "object_lock_enabled": true }), Expect::Replace)
            .import("mesh-archive", &["force_destroy"])
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

fn bucket_that_is_not_empty() -> Scenario {
    Scenario::new("aws_s3_bucket", "force_destroy", |at| {
        let fill = "s3.put_bucket_versioning(Bucket='mesh-full', VersioningConfiguration={'Status': 'Enabled'})\n\
                    for text in 'ab': s3.put_object(Bucket='mesh-full', Key='a', Body=text.encode())\n\
                    s3.delete_object(Bucket='mesh-full', Key='a')\n\
                    s3.put_bucket_tagging(Bucket='mesh-full', Tagging={'TagSet': [{'Key': 'by', 'Value': 'hand'}]})";
        Case::new("aws_s3_bucket", json!({ "bucket": "mesh-full", "force_destroy": true }))
            .drift("filled and tagged by hand", at.drift(fill))
            .update(json!({ "bucket": "mesh-emptied" }), Expect::Replace)
    })
    .provider(json!({ "region": "eu-central-1" }))
}

/// A part of a request that an emulator accepts and forgets.
const BUCKET_KEY: &str = "PutObject: BucketKeyEnabled";

const BUCKET: &str = "s3.create_bucket(Bucket='mesh-lake')";
const VERSIONED: &str = "s3.create_bucket(Bucket='mesh-lake')\n\
    s3.put_bucket_versioning(Bucket='mesh-lake', VersioningConfiguration={'Status': 'Enabled'})";

fn object_of_text() -> Scenario {
    let told =
        json!({ "content_type": "application/json", "cache_control": "no-store", "content_encoding": "identity" });
    Scenario::new("aws_s3_object", "content", move |at| {
        Case::new("aws_s3_object", json!({ "bucket": "mesh-lake", "key": "in/a b.json", "content": "{}" }))
            .update(json!({ "content": "{\"a\": 1}" }), Expect::InPlace)
            .update(told.clone(), Expect::InPlace)
            .update(json!({ "metadata": { "owner": "orders" }, "storage_class": "STANDARD_IA" }), Expect::InPlace)
            .update(json!({ "tags": { "cost center": "a/b=c+d" } }), Expect::InPlace)
            .update(json!({ "content_language": "de", "content_disposition": "inline" }), Expect::InPlace)
            .import("mesh-lake/in/a b.json", &["content"])
            .drift("another content", at.drift("s3.put_object(Bucket='mesh-lake', Key='in/a b.json', Body=b'x')"))
            .drift(
                "tagged by hand",
                at.drift(
                    "s3.put_object_tagging(Bucket='mesh-lake', Key='in/a b.json',\n\
                     Tagging={'TagSet': [{'Key': 'by', 'Value': 'hand'}]})",
                ),
            )
            .update(json!({ "tags": null }), Expect::InPlace)
            .drift("deleted", at.drift("s3.delete_object(Bucket='mesh-lake', Key='in/a b.json')"))
            .update(json!({ "content": null, "content_base64": "AAEC" }), Expect::InPlace)
            .update(json!({ "etag": "b95f67f61ebb03619622d798f45fc2d3" }), Expect::Nothing)
            .update(json!({ "key": "in/b.json" }), Expect::Replace)
    })
    .setup(BUCKET)
}

fn object_with_versions() -> Scenario {
    Scenario::new("aws_s3_object", "versions", |at| {
        Case::new("aws_s3_object", json!({ "bucket": "mesh-lake", "key": "a", "content": "1" }))
            .update(json!({ "content": "2" }), Expect::InPlace)
            .update(json!({ "tags": { "team": "orders" } }), Expect::InPlace)
            .drift("another version", at.drift("s3.put_object(Bucket='mesh-lake', Key='a', Body=b'3')"))
            .drift("deleted", at.drift("s3.delete_object(Bucket='mesh-lake', Key='a')"))
    })
    .setup(VERSIONED)
}

fn object_of_a_file() -> Scenario {
    let directory = tempfile::tempdir().unwrap();
    Scenario::new("aws_s3_object", "source", move |at| {
        let source = directory.path().join("job.py");
        std::fs::write(&source, "print(1)").unwrap();
        let config = json!({ "bucket": "mesh-lake", "key": "job.py", "source": source, "source_hash": "1" });
        Case::new("aws_s3_object", config)
            .input_changes("the file", move || std::fs::write(&source, "print(2)").unwrap())
            .update(json!({ "source_hash": "2" }), Expect::InPlace)
            .drift("another content", at.drift("s3.put_object(Bucket='mesh-lake', Key='job.py', Body=b'x')"))
            .import("mesh-lake/job.py", &["source", "source_hash"])
    })
    .setup(BUCKET)
}

fn object_with_a_key() -> Scenario {
    let setup = format!("{BUCKET}\nkms.create_key()['KeyMetadata']['Arn']");
    Scenario::new("aws_s3_object", "kms_key_id", |at| {
        let mut keyed = json!({ "server_side_encryption": "aws:kms", "kms_key_id": at.made });
        if at.has(BUCKET_KEY) {
            keyed["bucket_key_enabled"] = json!(true);
        }
        Case::new("aws_s3_object", json!({ "bucket": "mesh-lake", "key": "a", "content": "1" }))
            .update(keyed, Expect::InPlace)
            .import("mesh-lake/a", &["content"])
    })
    .setup(&setup)
    .lacking(MINISTACK, BUCKET_KEY, "accepts and forgets it")
}
