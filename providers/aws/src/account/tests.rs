//! What is said of the account, by request and reply.

use mesh_provider::contract::attribute;
use serde_json::{Value as Json, json};

use crate::replay::{Exchange, replayed};

#[tokio::test]
async fn says_who_and_where_one_is() {
    let who = "<Arn>arn:aws:sts::123456789012:assumed-role/ci/run</Arn><UserId>AROA1:run</UserId>\
               <Account>123456789012</Account>";
    let reply = format!(
        "<GetCallerIdentityResponse><GetCallerIdentityResult>{who}</GetCallerIdentityResult></GetCallerIdentityResponse>"
    );
    let exchanges = vec![Exchange::new("GetCallerIdentity", json!({}), reply.into())];
    let expected: [(&str, Json); 4] = [
        ("aws_caller_identity", json!({ "account_id": "123456789012", "user_id": "AROA1:run", "id": "123456789012" })),
        (
            "aws_partition",
            json!({ "partition": "aws", "dns_suffix": "amazonaws.com", "reverse_dns_prefix": "com.amazonaws" }),
        ),
        ("aws_region", json!({ "region": "us-east-1", "name": "us-east-1", "description": "US East (N. Virginia)" })),
        ("aws_region", json!({ "endpoint": "ec2.us-east-1.amazonaws.com", "id": "us-east-1" })),
    ];
    replayed("aws_caller_identity", exchanges, async |session| {
        for (ty, expected) in &expected {
            let read = session.read_data(ty, &json!({})).await.unwrap();
            for (name, value) in expected.as_object().unwrap() {
                assert_eq!(&attribute(&read, name), value, "{ty}.{name}");
            }
        }
        let other = session.read_data("aws_region", &json!({ "region": "eu-central-1" })).await.unwrap();
        assert_eq!(attribute(&other, "description"), json!("Europe (Frankfurt)"));
    })
    .await;
}
