//! Identity providers: their clients, which no emulator changes, and the thumbprints that AWS finds out.

use mesh_provider::ResourceType;
use mesh_provider::contract::attribute;
use serde_json::json;

use super::{call, whose};
use crate::iam::oidc_provider::OidcProviderType;
use crate::replay::replayed;

const ARN: &str = "arn:aws:iam::123456789012:oidc-provider/token.example";

fn provider(client: &str) -> String {
    format!(
        "<Url>token.example</Url><ClientIDList><member>{client}</member></ClientIDList>\
         <ThumbprintList><member>6938fd4d98bab03faadb97b34396831e3780aea1</member></ThumbprintList>"
    )
}

#[tokio::test]
async fn clients_change_in_place() {
    let named = |client: &str| json!({ "OpenIDConnectProviderArn": ARN, "ClientID": client });
    let exchanges = vec![
        call("GetOpenIDConnectProvider", json!({ "OpenIDConnectProviderArn": ARN }), &provider("old")),
        call("AddClientIDToOpenIDConnectProvider", named("new"), ""),
        call("RemoveClientIDFromOpenIDConnectProvider", named("old"), ""),
    ];
    let ty = OidcProviderType::NAME;
    replayed(ty, exchanges, async |session| {
        let provider = session.import(ty, ARN).await.unwrap();
        let config = json!({ "url": "https://token.example", "client_id_list": ["new"] });
        let provider = session.update(ty, provider, &config).await.unwrap();
        assert_eq!(attribute(&provider, "client_id_list"), json!(["new"]));
    })
    .await;
}

#[tokio::test]
async fn thumbprints_are_asked_for_where_aws_found_them_out() {
    let create = json!({
        "Url": "https://token.example",
        "ClientIDList.member.1": "c",
        "Tags.member.1.Key": "mesh:creation",
        "Tags.member.1.Value": "0123",
    });
    let made = format!("<OpenIDConnectProviderArn>{ARN}</OpenIDConnectProviderArn>");
    let exchanges = vec![
        whose(),
        call("CreateOpenIDConnectProvider", create, &made),
        call("GetOpenIDConnectProvider", json!({ "OpenIDConnectProviderArn": ARN }), &provider("c")),
    ];
    let ty = OidcProviderType::NAME;
    replayed(ty, exchanges, async |session| {
        let config = json!({ "url": "https://token.example", "client_id_list": ["c"] });
        let planned = session.plan(ty, &config).await.unwrap();
        assert_eq!(attribute(&planned, "arn"), json!(ARN));
        let provider = session.apply(ty, planned, "0123").await.unwrap();
        assert_eq!(attribute(&provider, "url"), json!("https://token.example"));
        assert_eq!(attribute(&provider, "thumbprint_list"), json!(["6938fd4d98bab03faadb97b34396831e3780aea1"]));
    })
    .await;
}
