//! Data sources: a role that is kept elsewhere, and a policy document from configuration.

use mesh_provider::contract::attribute;
use serde_json::{Value as Json, json};

use super::{call, refused, role};
use crate::replay::replayed;

#[tokio::test]
async fn a_role_is_looked_up_by_its_name() {
    let more = "<MaxSessionDuration>3600</MaxSessionDuration><RoleLastUsed><LastUsedDate>2026-02-03T04:05:06Z\
                </LastUsedDate><Region>eu-central-1</Region></RoleLastUsed><Tags><member><Key>mesh:creation</Key>\
                <Value>0123</Value></member><member><Key>team</Key><Value>orders</Value></member></Tags>";
    let exchanges = vec![
        call("GetRole", json!({ "RoleName": "reader" }), &format!("<Role>{}{more}</Role>", role("reader"))),
        refused("GetRole", 404, "NoSuchEntity", "The role with name writer cannot be found"),
    ];
    replayed("aws_iam_role", exchanges, async |session| {
        let read = session.read_data("aws_iam_role", &json!({ "name": "reader" })).await.unwrap();
        let expected: [(&str, Json); 5] = [
            ("arn", json!("arn:aws:iam::123456789012:role/reader")),
            ("create_date", json!("2026-01-02T03:04:05Z")),
            ("role_last_used", json!([{ "last_used_date": "2026-02-03T04:05:06Z", "region": "eu-central-1" }])),
            ("tags", json!({ "team": "orders" })),
            ("permissions_boundary", json!("")),
        ];
        for (name, value) in expected {
            assert_eq!(attribute(&read, name), value, "{name}");
        }
        let refusal = session.read_data("aws_iam_role", &json!({ "name": "writer" })).await.unwrap_err();
        let expected = "No such role: There is no role `writer` in this account. Give its name, without its path.";
        assert_eq!(refusal.trim(), expected);
    })
    .await;
}

#[tokio::test]
async fn a_policy_document_is_made_of_blocks() {
    let config = json!({
        "source_policy_documents": [null, ""],
        "statement": [{
            "actions": ["sts:AssumeRoleWithWebIdentity"],
            "principals": [{ "type": "Federated", "identifiers": ["arn:aws:iam::123456789012:oidc-provider/t.example"] }],
            "condition": [{ "test": "StringLike", "variable": "t.example:sub", "values": ["repo:shop/*"] }],
        }],
    });
    let expected = concat!(
        r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"sts:AssumeRoleWithWebIdentity","#,
        r#""Principal":{"Federated":"arn:aws:iam::123456789012:oidc-provider/t.example"},"#,
        r#""Condition":{"StringLike":{"t.example:sub":"repo:shop/*"}}}]}"#
    );
    replayed("aws_iam_policy_document", Vec::new(), async |session| {
        let read = session.read_data("aws_iam_policy_document", &config).await.unwrap();
        assert_eq!(attribute(&read, "minified_json"), json!(expected));
        let wrong = json!({ "statement": [{ "effect": "allow", "actions": ["a:b"], "not_actions": ["c:d"] }] });
        let refusal = session.read_data("aws_iam_policy_document", &wrong).await.unwrap_err();
        assert!(refusal.contains(r#"`effect` is "allow"; it can be "Allow", "Deny"."#), "{refusal}");
        assert!(refusal.contains("`actions` and `not_actions` exclude each other"), "{refusal}");
    })
    .await;
}
