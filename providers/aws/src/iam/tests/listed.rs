//! Many objects are read by a few listings, and what those do not show is asked for by itself.

use mesh_provider::ResourceType;
use mesh_provider::contract::{Session, attribute};
use mesh_value::Value;
use serde_json::{Value as Json, json};

use super::{TRUST, call, members, refused, role, whose};
use crate::iam::attachment::AttachmentType;
use crate::iam::role::RoleType;
use crate::iam::role_policy::RolePolicyType;
use crate::replay::replayed;

const NAMES: [&str; 4] = ["a", "b", "c", "d"];

async fn planned(session: &Session<'_>, ty: &str, configs: impl IntoIterator<Item = Json>) -> Vec<Value> {
    let mut objects = Vec::new();
    for config in configs {
        objects.push(session.plan(ty, &config).await.unwrap());
    }
    objects
}

fn shown(objects: &[Option<Value>], name: &str) -> Vec<Json> {
    objects.iter().map(|object| object.as_ref().map(|object| attribute(object, name)).unwrap_or_default()).collect()
}

#[tokio::test]
async fn roles_are_read_from_two_listings() {
    let listed = |name: &str| {
        let own = "<Description>Reads</Description><MaxSessionDuration>7200</MaxSessionDuration>";
        format!("{}{own}", role(name))
    };
    let tags = "<Tags><member><Key>team</Key><Value>orders</Value></member></Tags>";
    let boundary = "<PermissionsBoundary><PermissionsBoundaryArn>arn:x</PermissionsBoundaryArn></PermissionsBoundary>";
    let detailed = |name: &str| format!("{}{tags}{boundary}", role(name));
    let (all, two) = (["other", "a", "b", "c"].map(listed), ["a", "b"].map(detailed));
    let (first, second) = (members(all.iter().map(String::as_str)), members(two.iter().map(String::as_str)));
    // What is in one listing only, and what is in none, is asked for.
    let exchanges = vec![
        whose(),
        call(
            "ListRoles",
            json!({ "MaxItems": "1000" }),
            &format!("<Roles>{first}</Roles><IsTruncated>false</IsTruncated>"),
        ),
        call(
            "GetAccountAuthorizationDetails",
            json!({ "MaxItems": "1000", "Filter.member.1": "Role" }),
            &format!("<RoleDetailList>{second}</RoleDetailList><IsTruncated>false</IsTruncated>"),
        ),
        call("GetRole", json!({ "RoleName": "c" }), &format!("<Role>{}</Role>", role("c"))),
        refused("GetRole", 404, "NoSuchEntity", "The role with name d cannot be found"),
    ];
    replayed(RoleType::NAME, exchanges, async |session| {
        let config = |name| json!({ "name": name, "assume_role_policy": TRUST });
        let roles = planned(session, RoleType::NAME, NAMES.map(config)).await;
        let roles = session.read_all(RoleType::NAME, roles).await.unwrap();
        assert_eq!(shown(&roles, "unique_id"), [json!("AROAa"), json!("AROAb"), json!("AROAc"), Json::Null]);
        assert_eq!(shown(&roles, "description"), [json!("Reads"), json!("Reads"), Json::Null, Json::Null]);
        assert_eq!(shown(&roles, "permissions_boundary"), [json!("arn:x"), json!("arn:x"), Json::Null, Json::Null]);
        assert_eq!(shown(&roles, "tags")[..2], [json!({ "team": "orders" }), json!({ "team": "orders" })]);
        assert_eq!(shown(&roles, "assume_role_policy")[..3], [json!(TRUST), json!(TRUST), json!(TRUST)]);
    })
    .await;
}

#[tokio::test]
async fn a_listing_that_is_refused_is_done_without() {
    let mut exchanges = vec![whose(), refused("ListRoles", 403, "AccessDenied", "Not you")];
    exchanges.push(refused("GetAccountAuthorizationDetails", 403, "AccessDenied", "Not you"));
    exchanges.extend(
        NAMES.map(|name| call("GetRole", json!({ "RoleName": name }), &format!("<Role>{}</Role>", role(name)))),
    );
    replayed(RoleType::NAME, exchanges, async |session| {
        let config = |name| json!({ "name": name, "assume_role_policy": TRUST });
        let roles = planned(session, RoleType::NAME, NAMES.map(config)).await;
        let roles = session.read_all(RoleType::NAME, roles).await.unwrap();
        assert_eq!(shown(&roles, "name"), NAMES.map(Json::from));
    })
    .await;
}

#[tokio::test]
async fn inline_policies_and_attachments_are_read_from_one_listing() {
    let attached = "<AttachedManagedPolicies><member><PolicyArn>arn:aws:iam::aws:policy/P</PolicyArn></member>\
                    </AttachedManagedPolicies>";
    let inline = "<RolePolicyList><member><PolicyName>p</PolicyName><PolicyDocument>%7B%22Statement%22%3A%5B%5D%7D\
                  </PolicyDocument></member></RolePolicyList>";
    let details = ["a", "b", "c"].map(|name| format!("{}{attached}{inline}", role(name)));
    let details = members(details.iter().map(String::as_str));
    let more = format!("<RoleDetailList>{details}</RoleDetailList><IsTruncated>true</IsTruncated><Marker>m</Marker>");
    let none = "<RoleDetailList/><IsTruncated>false</IsTruncated>";
    let listing = || {
        let (first, second) = (
            json!({ "MaxItems": "1000", "Filter.member.1": "Role" }),
            json!({
                "MaxItems": "1000", "Filter.member.1": "Role", "Marker": "m"
            }),
        );
        [call("GetAccountAuthorizationDetails", first, &more), call("GetAccountAuthorizationDetails", second, none)]
    };

    let mut exchanges = Vec::from(listing());
    exchanges.push(call("ListAttachedRolePolicies", json!({ "RoleName": "d" }), "<IsTruncated>false</IsTruncated>"));
    replayed(AttachmentType::NAME, exchanges, async |session| {
        let config = |role| json!({ "role": role, "policy_arn": "arn:aws:iam::aws:policy/P" });
        let attachments = planned(session, AttachmentType::NAME, NAMES.map(config)).await;
        let attachments = session.read_all(AttachmentType::NAME, attachments).await.unwrap();
        assert_eq!(shown(&attachments, "role"), [json!("a"), json!("b"), json!("c"), Json::Null]);
    })
    .await;

    let mut exchanges = Vec::from(listing());
    exchanges.push(refused("GetRolePolicy", 404, "NoSuchEntity", "The role with name d cannot be found"));
    replayed(RolePolicyType::NAME, exchanges, async |session| {
        let config = |role| json!({ "name": "p", "role": role, "policy": r#"{ "Statement": [] }"# });
        let policies = planned(session, RolePolicyType::NAME, NAMES.map(config)).await;
        let policies = session.read_all(RolePolicyType::NAME, policies).await.unwrap();
        let text = json!(r#"{ "Statement": [] }"#);
        assert_eq!(shown(&policies, "policy"), [text.clone(), text.clone(), text, Json::Null]);
    })
    .await;
}
