//! Keys and their names.

use mesh_provider::contract::{Case, Expect};
use mesh_tests::emulator::{MOTO, Scenario};
use serde_json::json;

pub fn scenarios() -> Vec<Scenario> {
    vec![key(), key_that_signs(), alias()]
}

/// A part of a request that an emulator accepts and forgets.
const PERIOD: &str = "EnableKeyRotation: RotationPeriodInDays";

fn key() -> Scenario {
    Scenario::new("aws_kms_key", "policy", |at| {
        let root = format!("arn:aws:iam::{}:root", at.account());
        let policy = |action: &str| {
            let all = json!({ "Effect": "Allow", "Principal": { "AWS": root }, "Action": "kms:*", "Resource": "*" });
            let some = json!({
                "Sid": "use", "Effect": "Allow", "Principal": { "AWS": [root] }, "Action": [action], "Resource": "*",
            });
            json!({ "policy": json!({ "Version": "2012-10-17", "Statement": [all, some] }).to_string() })
        };
        let of_ours = "id = next(key['KeyId'] for key in kms.list_keys()['Keys']\n\
             if kms.describe_key(KeyId=key['KeyId'])['KeyMetadata']['KeyState'] in ('Enabled', 'Disabled'))\n";
        let by_hand = |snippet: &str| at.drift(format!("{of_ours}{snippet}"));
        Case::new("aws_kms_key", json!({ "description": "of the lake" }))
            .update(json!({ "description": "of all lakes", "deletion_window_in_days": 7 }), Expect::InPlace)
            .update(json!({ "enable_key_rotation": true }), Expect::InPlace)
            .when(at.has(PERIOD), |case| case.update(json!({ "rotation_period_in_days": 180 }), Expect::InPlace))
            .update(json!({ "tags": { "team": "platform", "mesh": "shop" } }), Expect::InPlace)
            .update(json!({ "tags": { "team": "orders" } }), Expect::InPlace)
            .update(policy("kms:Decrypt"), Expect::InPlace)
            .update(policy("KMS:decrypt"), Expect::Nothing)
            .update(json!({ "is_enabled": false }), Expect::InPlace)
            .update(json!({ "is_enabled": true, "enable_key_rotation": false }), Expect::InPlace)
            .drift("disabled by hand", by_hand("kms.disable_key(KeyId=id)"))
            .drift("tagged by hand", by_hand("kms.tag_resource(KeyId=id, Tags=[{'TagKey': 'by', 'TagValue': 'hand'}])"))
            .drift("deleted", by_hand("kms.schedule_key_deletion(KeyId=id, PendingWindowInDays=7)"))
            .update(json!({ "multi_region": true }), Expect::Replace)
    })
    .lacking(MOTO, PERIOD, "accepts and forgets it")
}

fn key_that_signs() -> Scenario {
    let kind = json!({ "key_usage": "SIGN_VERIFY", "customer_master_key_spec": "ECC_NIST_P256" });
    Scenario::new("aws_kms_key", "signs", move |_| {
        Case::new("aws_kms_key", kind.clone()).update(json!({ "is_enabled": false }), Expect::InPlace)
    })
}

fn alias() -> Scenario {
    let setup = "[kms.create_key()['KeyMetadata']['KeyId'], kms.create_key()['KeyMetadata']['Arn']]";
    Scenario::new("aws_kms_alias", "target", |at| {
        let (first, second) = (&at.made[0], &at.made[1]);
        let second_id = second.as_str().unwrap().rsplit('/').next().unwrap();
        let back = format!("kms.update_alias(AliasName='alias/lake', TargetKeyId={first})");
        Case::new("aws_kms_alias", json!({ "name": "alias/lake", "target_key_id": first }))
            .update(json!({ "target_key_id": second }), Expect::InPlace)
            .update(json!({ "target_key_id": second_id }), Expect::Nothing)
            .drift("points elsewhere", at.drift(back))
            .drift("deleted", at.drift("kms.delete_alias(AliasName='alias/lake')"))
            .import("alias/lake", &[])
            .update(json!({ "name": null, "name_prefix": "alias/lake-" }), Expect::Replace)
    })
    .setup(setup)
}
