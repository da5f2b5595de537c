//! What is wrong with a provider block is said before anything is asked of AWS.

#![expect(clippy::unwrap_used, reason = "a test that can't begin fails")]

use mesh_provider::contract::Session;
use mesh_provider_aws::provider;
use serde_json::{Value as Json, json};

/// What the provider says of a block; empty where it takes it. Keys are given, so that nothing of the machine counts.
async fn said(block: Json) -> String {
    let mut config = json!({ "region": "eu-central-1", "access_key": "AKIAEXAMPLE", "secret_key": "secret" });
    let (all, given) = (config.as_object_mut().unwrap(), block.as_object().unwrap());
    all.extend(given.clone());
    let base = tempfile::tempdir().unwrap();
    Session::new(&provider(), base.path(), &config).await.err().unwrap_or_default()
}

#[tokio::test]
async fn faults_are_told_with_what_to_do() {
    let role = "arn:aws:iam::123456789012:role/apply";
    let web = |more: Json| {
        let mut block = json!({ "role_arn": role });
        block.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        json!({ "assume_role_with_web_identity": block })
    };
    let cases = [
        (json!({ "region": "Frankfurt" }), "`eu-central-1`"),
        (json!({ "secret_key": null }), "`access_key` is set without `secret_key`"),
        (json!({ "access_key": null }), "`secret_key` is set without `access_key`"),
        (web(json!({})), "exactly one of `web_identity_token` and `web_identity_token_file`"),
        (web(json!({ "web_identity_token": "t", "web_identity_token_file": "f" })), "exactly one of"),
        (web(json!({ "web_identity_token": "t", "duration": "1 day" })), "`1 day` is no length of time"),
        (json!({ "assume_role": { "role_arn": role, "duration": "5m" } }), "from 15 minutes to 12 hours"),
        (web(json!({ "web_identity_token_file": "missing" })), "missing failed: No such file"),
    ];
    for (block, expected) in cases {
        let said = said(block.clone()).await;
        assert!(said.contains(expected), "{block}\n{said}");
        assert!(!said.contains("\"secret\"") && !said.contains("AKIAEXAMPLE"), "{said}");
    }
}

#[tokio::test]
async fn what_is_right_needs_no_answer_of_aws() {
    for block in [json!({}), json!({ "region": "mars-1", "skip_region_validation": true }), json!({ "max_retries": 1 })]
    {
        assert_eq!(said(block.clone()).await, "", "{block}");
    }
}

/// Nobody listens on the discard port, so the error is that of a connection, and comes after the retries.
#[tokio::test]
async fn an_account_that_must_be_known_is_asked_for() {
    let endpoints = json!({ "sts": "http://127.0.0.1:9" });
    let block = json!({ "allowed_account_ids": ["123456789012"], "max_retries": 1, "endpoints": endpoints });
    let said = said(block).await;
    assert!(said.contains("`GetCallerIdentity`") && said.contains("endpoints"), "{said}");
}
