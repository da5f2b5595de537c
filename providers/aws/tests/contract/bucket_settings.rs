//! What is set on buckets.

use mesh_provider::contract::{Case, Expect};
use mesh_tests::emulator::{At, MINISTACK, MOTO, Scenario};
use serde_json::{Value, json};

pub fn scenarios() -> Vec<Scenario> {
    vec![
        versioning(),
        encryption(),
        encryption_with_a_key(),
        public_access_block(),
        ownership_controls(),
        policy(),
        lifecycle(),
        lifecycle_filters(),
        logging(),
        notification(),
    ]
}

/// Parts of requests that an emulator accepts and forgets.
const NEWER: &str = "PutBucketLifecycleConfiguration: NewerNoncurrentVersions";
const SIZES: &str = "PutBucketLifecycleConfiguration: ObjectSizeGreaterThan, ObjectSizeLessThan";
const LEAST: &str = "PutBucketLifecycleConfiguration: TransitionDefaultMinimumObjectSize";
const FORMAT: &str = "PutBucketLogging: TargetObjectKeyFormat";

const BUCKETS: &str = "for name in ('mesh-lake', 'mesh-other', 'mesh-logs'): s3.create_bucket(Bucket=name)";

/// A setting of `mesh-lake`; it moves to `mesh-other` and back.
fn setting(ty: &'static str, what: &'static str, case: impl Fn(&At) -> Case + Send + Sync + 'static) -> Scenario {
    let moved = move |at: &At| {
        case(at)
            .update(json!({ "bucket": "mesh-other" }), Expect::Replace)
            .update(json!({ "bucket": "mesh-lake" }), Expect::Replace)
    };
    Scenario::new(ty, what, moved).setup(BUCKETS)
}

fn versioning() -> Scenario {
    let status = |status: &str| json!({ "versioning_configuration": { "status": status } });
    let suspend = "s3.put_bucket_versioning(Bucket='mesh-lake', VersioningConfiguration={'Status': 'Suspended'})";
    Scenario::new("aws_s3_bucket_versioning", "status", move |at| {
        Case::new(
            "aws_s3_bucket_versioning",
            json!({
                "bucket": "mesh-lake", "versioning_configuration": { "status": "Enabled" }
            }),
        )
        .drift("suspended", at.drift(suspend))
        .update(status("Suspended"), Expect::InPlace)
        .update(status("Enabled"), Expect::InPlace)
        .import("mesh-lake", &[])
        .update(json!({ "bucket": "mesh-other" }), Expect::Replace)
        .remains()
    })
    .setup(BUCKETS)
    .not_on(MOTO, "GetBucketVersioning", "names the answer's root so that the SDK refuses it")
}

/// As with AWS, ministack's buckets are encrypted with its own keys when nobody says how; moto's are not.
fn encryption() -> Scenario {
    let rule = |rule: Value| json!({ "rule": rule });
    let kms = json!({ "sse_algorithm": "aws:kms" });
    let default = "apply_server_side_encryption_by_default";
    setting("aws_s3_bucket_server_side_encryption_configuration", "rule", move |at| {
        let keyed = rule(json!({ default: kms, "bucket_key_enabled": true }));
        let config = json!({ "bucket": "mesh-lake", "rule": keyed["rule"] });
        let weaken = "s3.put_bucket_encryption(Bucket='mesh-lake', ServerSideEncryptionConfiguration={'Rules': [\n\
             {'ApplyServerSideEncryptionByDefault': {'SSEAlgorithm': 'AES256'}}]})";
        Case::new("aws_s3_bucket_server_side_encryption_configuration", config)
            .update(rule(json!({ default: { "sse_algorithm": "AES256" } })), Expect::InPlace)
            .update(keyed, Expect::InPlace)
            .drift("weakened", at.drift(weaken))
            .drift("taken away", at.drift("s3.delete_bucket_encryption(Bucket='mesh-lake')"))
            .import("mesh-lake", &[])
            .when(at.kind == MINISTACK, Case::remains)
    })
}

fn encryption_with_a_key() -> Scenario {
    let setup = format!("{BUCKETS}\nkms.create_key()['KeyMetadata']['Arn']");
    setting("aws_s3_bucket_server_side_encryption_configuration", "key", |at| {
        let default = json!({ "sse_algorithm": "aws:kms", "kms_master_key_id": at.made });
        let rule = json!({ "apply_server_side_encryption_by_default": default });
        Case::new("aws_s3_bucket_server_side_encryption_configuration", json!({ "bucket": "mesh-lake", "rule": rule }))
            .import("mesh-lake", &[])
            .when(at.kind == MINISTACK, Case::remains)
    })
    .setup(&setup)
}

fn public_access_block() -> Scenario {
    setting("aws_s3_bucket_public_access_block", "flags", |at| {
        let open = "s3.put_public_access_block(Bucket='mesh-lake', PublicAccessBlockConfiguration={\n\
             'BlockPublicAcls': False, 'IgnorePublicAcls': False, 'BlockPublicPolicy': False,\n\
             'RestrictPublicBuckets': False})";
        Case::new("aws_s3_bucket_public_access_block", json!({ "bucket": "mesh-lake", "block_public_policy": true }))
            .update(json!({ "block_public_acls": true }), Expect::InPlace)
            .update(json!({ "ignore_public_acls": true, "restrict_public_buckets": true }), Expect::InPlace)
            .update(json!({ "block_public_acls": false }), Expect::InPlace)
            .drift("opened", at.drift(open))
            .drift("taken away", at.drift("s3.delete_public_access_block(Bucket='mesh-lake')"))
            .import("mesh-lake", &[])
    })
}

fn ownership_controls() -> Scenario {
    let ownership = |ownership: &str| json!({ "rule": { "object_ownership": ownership } });
    setting("aws_s3_bucket_ownership_controls", "rule", move |at| {
        let config = json!({ "bucket": "mesh-lake", "rule": { "object_ownership": "BucketOwnerPreferred" } });
        let drop = "s3.delete_bucket_ownership_controls(Bucket='mesh-lake')";
        Case::new("aws_s3_bucket_ownership_controls", config)
            .update(ownership("BucketOwnerEnforced"), Expect::InPlace)
            .update(ownership("ObjectWriter"), Expect::InPlace)
            .drift("taken away", at.drift(drop))
            .import("mesh-lake", &[])
    })
}

fn policy() -> Scenario {
    setting("aws_s3_bucket_policy", "policy", |at| {
        let account = at.account();
        let policy = |principal: &Value, actions: &Value, bucket: &str| {
            let statement = json!({
                "Effect": "Allow", "Principal": { "AWS": principal }, "Action": actions,
                "Resource": [format!("arn:aws:s3:::{bucket}"), format!("arn:aws:s3:::{bucket}/*")],
            });
            json!({ "policy": json!({ "Version": "2012-10-17", "Statement": [statement] }).to_string() })
        };
        let root = json!(format!("arn:aws:iam::{account}:root"));
        let both = json!(["s3:GetObject", "s3:ListBucket"]);
        let reading = policy(&root, &both, "mesh-lake");
        let otherwise = policy(&json!([account]), &json!(["s3:ListBucket", "s3:getobject"]), "mesh-lake");
        let widen = reading["policy"].as_str().unwrap().replace("s3:GetObject", "s3:*");
        let widen = format!("s3.put_bucket_policy(Bucket='mesh-lake', Policy='{widen}')");
        Case::new("aws_s3_bucket_policy", json!({ "bucket": "mesh-lake", "policy": reading["policy"] }))
            .update(otherwise, Expect::Nothing)
            .update(policy(&root, &json!("s3:ListBucket"), "mesh-lake"), Expect::InPlace)
            .update(reading.clone(), Expect::InPlace)
            .drift("widened", at.drift(widen))
            .drift("taken away", at.drift("s3.delete_bucket_policy(Bucket='mesh-lake')"))
            .import("mesh-lake", &[])
    })
}

fn lifecycle() -> Scenario {
    setting("aws_s3_bucket_lifecycle_configuration", "actions", |at| {
        let logs = json!({
            "id": "logs", "status": "Enabled", "filter": { "prefix": "logs/" }, "expiration": { "days": 90 },
        });
        let mut whole = json!({
            "id": "lake", "status": "Enabled", "filter": {},
            "transition": [{ "days": 30, "storage_class": "STANDARD_IA" }, { "days": 90, "storage_class": "GLACIER" }],
            "noncurrent_version_expiration": { "noncurrent_days": 365 },
            "noncurrent_version_transition": [{ "noncurrent_days": 30, "storage_class": "GLACIER_IR" }],
            "abort_incomplete_multipart_upload": { "days_after_initiation": 7 },
        });
        if at.has(NEWER) {
            whole["noncurrent_version_expiration"]["newer_noncurrent_versions"] = json!(2);
        }
        let mut disabled = whole.clone();
        disabled["status"] = json!("Disabled");
        let dated = json!({
            "id": "end", "status": "Enabled", "filter": { "prefix": "old/" },
            "expiration": { "date": "2099-01-31T00:00:00Z" },
        });
        let marker = json!({
            "id": "marks", "status": "Enabled", "expiration": { "expired_object_delete_marker": true },
        });
        let shorten = "rules = s3.get_bucket_lifecycle_configuration(Bucket='mesh-lake')['Rules']\n\
             rules = [dict(rule, Status='Disabled') for rule in rules]\n\
             s3.put_bucket_lifecycle_configuration(Bucket='mesh-lake', LifecycleConfiguration={'Rules': rules})";
        let drop = "s3.delete_bucket_lifecycle(Bucket='mesh-lake')";
        Case::new("aws_s3_bucket_lifecycle_configuration", json!({ "bucket": "mesh-lake", "rule": [logs] }))
            .update(json!({ "rule": [logs, whole] }), Expect::InPlace)
            .update(json!({ "rule": [whole, logs] }), Expect::Nothing)
            .update(json!({ "rule": [logs, disabled] }), Expect::InPlace)
            .update(json!({ "rule": [dated, marker] }), Expect::InPlace)
            .drift("disabled by hand", at.drift(shorten))
            .drift("taken away", at.drift(drop))
            .update(json!({ "rule": [logs, whole] }), Expect::InPlace)
            .update(json!({ "rule": [logs] }), Expect::InPlace)
            .import("mesh-lake", &[])
    })
    .lacking(MOTO, NEWER, "accepts and forgets it")
}

fn lifecycle_filters() -> Scenario {
    setting("aws_s3_bucket_lifecycle_configuration", "filters", |at| {
        let rule = |filter: Value| {
            let rule = json!({ "id": "a", "status": "Enabled", "filter": filter, "expiration": { "days": 30 } });
            json!({ "rule": [rule] })
        };
        let without = json!({ "rule": [{ "id": "a", "status": "Enabled", "expiration": { "days": 30 } }] });
        let everything = rule(json!({ "prefix": "" }));
        let mut and = json!({ "prefix": "raw/", "tags": { "team": "orders", "keep": "no" } });
        if at.has(SIZES) {
            and["object_size_greater_than"] = json!(1024);
            and["object_size_less_than"] = json!(4096);
        }
        Case::new("aws_s3_bucket_lifecycle_configuration", json!({ "bucket": "mesh-lake", "rule": without["rule"] }))
            .update(everything, Expect::Nothing)
            .update(rule(json!({ "tag": { "key": "team", "value": "orders" } })), Expect::InPlace)
            .update(rule(json!({ "and": and })), Expect::InPlace)
            .import("mesh-lake", &[])
            .when(at.has(SIZES), |case| {
                case.update(rule(json!({ "object_size_greater_than": 1024 })), Expect::InPlace)
                    .update(rule(json!({ "object_size_less_than": 4096 })), Expect::InPlace)
            })
            .when(at.has(LEAST), |case| {
                let smaller = json!({ "transition_default_minimum_object_size": "varies_by_storage_class" });
                case.update(smaller, Expect::InPlace)
            })
            .import("mesh-lake", &[])
    })
    .lacking(MOTO, SIZES, "accepts and forgets them")
    .lacking(MOTO, LEAST, "accepts and forgets it")
    .lacking(MINISTACK, LEAST, "answers its default whatever was sent")
}

fn logging() -> Scenario {
    let setup = format!(
        "{BUCKETS}\n\
         statement = {{'Effect': 'Allow', 'Principal': {{'Service': 'logging.s3.amazonaws.com'}},\n\
         'Action': 's3:PutObject', 'Resource': 'arn:aws:s3:::mesh-logs/*'}}\n\
         policy = {{'Version': '2012-10-17', 'Statement': [statement]}}\n\
         s3.put_bucket_policy(Bucket='mesh-logs', Policy=json.dumps(policy))"
    );
    setting("aws_s3_bucket_logging", "target", |at| {
        let partitioned = json!({ "partitioned_prefix": { "partition_date_source": "EventTime" } });
        let off = "s3.put_bucket_logging(Bucket='mesh-lake', BucketLoggingStatus={})";
        let config = json!({ "bucket": "mesh-lake", "target_bucket": "mesh-logs", "target_prefix": "lake/" });
        Case::new("aws_s3_bucket_logging", config)
            .update(json!({ "target_prefix": "logs/lake/" }), Expect::InPlace)
            .drift("turned off", at.drift(off))
            .import("mesh-lake", &[])
            .when(at.has(FORMAT), |case| {
                case.update(json!({ "target_object_key_format": partitioned }), Expect::InPlace)
                    .import("mesh-lake", &[])
                    .update(json!({ "target_object_key_format": { "simple_prefix": {} } }), Expect::InPlace)
            })
    })
    .setup(&setup)
    .lacking(MOTO, FORMAT, "accepts and forgets it")
}

fn notification() -> Scenario {
    let setup = format!(
        "{BUCKETS}\n\
         topic = sns.create_topic(Name='landed')['TopicArn']\n\
         url = sqs.create_queue(QueueName='landed')['QueueUrl']\n\
         queue = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=['QueueArn'])['Attributes']['QueueArn']\n\
         [topic, queue]"
    );
    setting("aws_s3_bucket_notification", "targets", |at| {
        let (topic, queue) = (&at.made[0], &at.made[1]);
        let events = json!(["s3:ObjectCreated:*"]);
        let queues = json!([{ "queue_arn": queue, "events": events, "filter_prefix": "in/", "filter_suffix": ".csv" }]);
        let topics = json!([{ "id": "told", "topic_arn": topic, "events": ["s3:ObjectRemoved:*"] }]);
        let function = format!("arn:aws:lambda:us-east-1:{}:function:load", at.account());
        let functions = json!([{ "lambda_function_arn": function, "events": events, "filter_suffix": ".json" }]);
        let hush = "s3.put_bucket_notification_configuration(Bucket='mesh-lake', NotificationConfiguration={})";
        Case::new("aws_s3_bucket_notification", json!({ "bucket": "mesh-lake", "queue": queues }))
            .update(json!({ "topic": topics }), Expect::InPlace)
            .update(json!({ "eventbridge": true }), Expect::InPlace)
            .update(json!({ "queue": [], "topic": topics }), Expect::InPlace)
            .drift("taken away", at.drift(hush))
            .update(json!({ "lambda_function": functions }), Expect::InPlace)
            .import("mesh-lake", &[])
            .update(json!({ "eventbridge": false }), Expect::InPlace)
    })
    .setup(&setup)
    .not_on(
        MOTO,
        "GetBucketNotificationConfiguration",
        "names the root of an empty answer so that the SDK refuses it",
    )
}
