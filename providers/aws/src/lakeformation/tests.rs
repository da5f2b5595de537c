//! What moto can't do: grants on tags, a second grant to one principal, what Lake Formation refuses for a while; and
//! listing many things.

use mesh_provider::ResourceType as _;
use mesh_provider::contract::attribute;
use mesh_value::{Type, Value};
use serde_json::{Value as Json, json};

use super::grant::GrantType;
use super::lf_tag::LfTagType;
use super::location::LocationType;
use super::settings::SettingsType;
use crate::replay::{self, Exchange, replayed};

const READER: &str = "arn:aws:iam::123456789012:role/reader";

fn principal() -> Json {
    json!({ "DataLakePrincipalIdentifier": READER })
}

fn policy() -> Json {
    json!({ "LFTagPolicy": {
        "ResourceType": "TABLE", "Expression": [{ "TagKey": "domain", "TagValues": ["hr", "sales"] }],
    } })
}

fn listed(resource: &Json, permissions: &[&str], grantable: &[&str]) -> Exchange {
    let entry = json!({
        "Principal": principal(), "Resource": resource, "Permissions": permissions, "PermissionsWithGrantOption": grantable,
    });
    let entries = if permissions.is_empty() { json!([]) } else { json!([entry]) };
    let request = json!({ "Principal": principal(), "Resource": resource });
    let reply = json!({ "PrincipalResourcePermissions": entries });
    Exchange::new("ListPermissions", request, reply).at("POST /ListPermissions")
}

fn grant(permissions: &[&str], grantable: &[&str]) -> Json {
    json!({
        "principal": READER,
        "permissions": permissions,
        "permissions_with_grant_option": if grantable.is_empty() { Json::Null } else { json!(grantable) },
        "lf_tag_policy": {
            "resource_type": "TABLE", "expression": [{ "key": "domain", "values": ["sales", "hr"] }],
        },
    })
}

#[tokio::test]
async fn a_grant_on_tags_waits_for_others_and_changes_by_the_difference() {
    let call = |permissions: &[&str], grantable: &[&str]| {
        let mut call = json!({ "Principal": principal(), "Resource": policy(), "Permissions": permissions });
        if !grantable.is_empty() {
            call["PermissionsWithGrantOption"] = json!(grantable);
        }
        call
    };
    let granting = |permissions: &[&str], grantable: &[&str], reply: Json| {
        Exchange::new("GrantPermissions", call(permissions, grantable), reply).at("POST /GrantPermissions")
    };
    let revoking = |permissions: &[&str], grantable: &[&str], reply: Json| {
        Exchange::new("RevokePermissions", call(permissions, grantable), reply).at("POST /RevokePermissions")
    };
    let busy = json!({ "__type": "ConcurrentModificationException", "Message": "Busy" });
    let early = json!({ "__type": "InvalidInputException", "Message": "Invalid principal, role/reader" });
    let gone = json!({ "__type": "InvalidInputException", "Message": "No permissions revoked. Grantee has none." });
    let exchanges = vec![
        listed(&policy(), &[], &[]),
        granting(&["DESCRIBE", "SELECT"], &["SELECT"], busy).refused(400),
        granting(&["DESCRIBE", "SELECT"], &["SELECT"], early).refused(400),
        granting(&["DESCRIBE", "SELECT"], &["SELECT"], json!({})),
        listed(&policy(), &["SELECT", "DESCRIBE"], &["SELECT"]),
        granting(&["ALTER"], &[], json!({})),
        revoking(&["DESCRIBE"], &["SELECT"], json!({})),
        listed(&policy(), &["SELECT", "ALTER"], &[]),
        revoking(&["ALTER", "SELECT"], &[], json!({})),
        revoking(&["ALTER", "SELECT"], &[], gone).refused(400),
    ];
    let ty = GrantType::NAME;
    replayed(ty, exchanges, async |session| {
        let planned = session.plan(ty, &grant(&["SELECT", "DESCRIBE"], &["SELECT"])).await.unwrap();
        let made = session.apply(ty, planned, "token").await.unwrap();
        assert_eq!(attribute(&made, "id"), json!(format!("{READER},lf_tag_policy,TABLE,domain=hr|sales")));
        let changed = session.update(ty, made, &grant(&["SELECT", "ALTER"], &[])).await.unwrap();
        session.delete(ty, changed.clone()).await.unwrap();
        session.delete(ty, changed).await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn what_a_principal_holds_already_is_not_taken_over() {
    let ty = GrantType::NAME;
    let exchanges = vec![
        listed(&policy(), &["DESCRIBE"], &[]),
        listed(&policy(), &["DESCRIBE"], &[]),
        listed(&policy(), &["DESCRIBE"], &[]),
    ];
    replayed(ty, exchanges, async |session| {
        let planned = session.plan(ty, &grant(&["SELECT"], &[])).await.unwrap();
        let error = session.apply(ty, planned, "token").await.unwrap_err();
        assert!(error.contains("holds DESCRIBE on it already"), "{error}");
        let id = format!("{READER},lf_tag_policy,TABLE,domain=hr|sales");
        assert!(error.contains(&format!("its import id is \"{id}\"")), "{error}");
        let imported = session.import(ty, &id).await.unwrap();
        assert_eq!(attribute(&imported, "permissions"), json!(["DESCRIBE"]));
        // What is there just as it is planned may be what this very create made before it was interrupted.
        let planned = session.plan(ty, &grant(&["DESCRIBE"], &[])).await.unwrap();
        session.apply(ty, planned, "token").await.unwrap();
    })
    .await;
}

fn settings(admins: &[&str]) -> Exchange {
    let admins: Vec<_> = admins.iter().map(|admin| json!({ "DataLakePrincipalIdentifier": admin })).collect();
    let everybody = json!([{
        "Principal": { "DataLakePrincipalIdentifier": "IAM_ALLOWED_PRINCIPALS" }, "Permissions": ["ALL"],
    }]);
    let reply = json!({ "DataLakeSettings": {
        "DataLakeAdmins": admins, "CreateTableDefaultPermissions": everybody, "Parameters": { "SET_CONTEXT": "TRUE" },
    } });
    let request = json!({ "CatalogId": "123456789012" });
    Exchange::new("GetDataLakeSettings", request, reply).at("POST /GetDataLakeSettings")
}

fn put(admins: &[&str]) -> Exchange {
    let admins: Vec<_> = admins.iter().map(|admin| json!({ "DataLakePrincipalIdentifier": admin })).collect();
    let all = json!({ "CatalogId": "123456789012", "DataLakeSettings": {
        "DataLakeAdmins": admins,
        "ReadOnlyAdmins": [],
        "CreateDatabaseDefaultPermissions": [],
        "CreateTableDefaultPermissions": [],
        "Parameters": { "SET_CONTEXT": "TRUE" },
        "TrustedResourceOwners": [],
        "AllowExternalDataFiltering": false,
        "AllowFullTableExternalDataAccess": false,
        "ExternalDataFilteringAllowList": [],
        "AuthorizedSessionTagValueList": [],
    } });
    Exchange::new("PutDataLakeSettings", all, json!({})).at("POST /PutDataLakeSettings")
}

#[tokio::test]
async fn administrators_whom_somebody_else_named_stay() {
    let ty = SettingsType::NAME;
    let config = |admins: &[&str]| json!({ "catalog_id": "123456789012", "admins": admins });
    let exchanges = vec![
        // Somebody administers the lake whom the configuration does not name.
        settings(&["other"]),
        // It names them too.
        settings(&["other"]),
        put(&["other", "us"]),
        // Since then another one was added: deleting takes away those that it named.
        settings(&["other", "third", "us"]),
        put(&["third"]),
    ];
    replayed(ty, exchanges, async |session| {
        let planned = session.plan(ty, &config(&["us"])).await.unwrap();
        let error = session.apply(ty, planned, "token").await.unwrap_err();
        assert!(error.contains("this would take away: administrator other"), "{error}");
        assert!(error.contains("their import id is \"123456789012\""), "{error}");
        let planned = session.plan(ty, &config(&["us", "other"])).await.unwrap();
        let made = session.apply(ty, planned, "token").await.unwrap();
        session.delete(ty, made).await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn a_place_without_a_role_gets_lake_formations_own() {
    let own = "arn:aws:iam::123456789012:role/aws-service-role/lakeformation.amazonaws.com/\
         AWSServiceRoleForLakeFormationDataAccess";
    let request = json!({ "ResourceArn": "arn:aws:s3:::lake", "UseServiceLinkedRole": true });
    let info = json!({ "ResourceInfo": { "ResourceArn": "arn:aws:s3:::lake", "RoleArn": own, "LastModified": 1_700_000_000 } });
    let taken = json!({ "__type": "AlreadyExistsException", "Message": "Resource is already registered" });
    let arn = json!({ "ResourceArn": "arn:aws:s3:::lake" });
    let exchanges = vec![
        Exchange::new("RegisterResource", request, taken).refused(400).at("POST /RegisterResource"),
        Exchange::new("DescribeResource", arn.clone(), info.clone()).at("POST /DescribeResource"),
        Exchange::new("DescribeResource", arn, info).at("POST /DescribeResource"),
    ];
    let ty = LocationType::NAME;
    replayed(ty, exchanges, async |session| {
        let planned = session.plan(ty, &json!({ "arn": "arn:aws:s3:::lake" })).await.unwrap();
        let made = session.apply(ty, planned, "token").await.unwrap();
        assert_eq!(attribute(&made, "role_arn"), json!(own));
        assert_eq!(attribute(&made, "last_modified"), json!("2023-11-14T22:13:20Z"));
    })
    .await;
}

const THREE_OF_FOUR: [bool; 4] = [true, true, true, false];

#[tokio::test]
async fn many_places_are_listed_once() {
    let place = |name: &str| json!({ "ResourceArn": format!("arn:aws:s3:::{name}"), "RoleArn": READER });
    let listed = json!({ "ResourceInfoList": [place("a"), place("b"), place("c")] });
    let arn = json!({ "ResourceArn": "arn:aws:s3:::a" });
    let exchanges = vec![
        Exchange::new("DescribeResource", arn, json!({ "ResourceInfo": place("a") })).at("POST /DescribeResource"),
        Exchange::new("ListResources", json!({}), listed).at("POST /ListResources"),
    ];
    let ty = LocationType::NAME;
    replayed(ty, exchanges, async |session| {
        let one = session.import(ty, "arn:aws:s3:::a").await.unwrap();
        let arns = ["a", "b", "c", "d"].map(|name| format!("arn:aws:s3:::{name}"));
        let objects = arns.iter().map(|arn| replay::with(&one, "arn", &Value::string(arn.as_str())));
        let read = session.read_all(ty, objects.collect()).await.unwrap();
        assert_eq!(read.iter().map(Option::is_some).collect::<Vec<_>>(), THREE_OF_FOUR);
    })
    .await;
}

#[tokio::test]
async fn many_tags_are_listed_once() {
    let tag = |key: &str| json!({ "CatalogId": "123456789012", "TagKey": key, "TagValues": ["x"] });
    let key = json!({ "CatalogId": "123456789012", "TagKey": "a" });
    let listed = json!({ "LFTags": [tag("c"), tag("b"), tag("a")] });
    let exchanges = vec![
        Exchange::new("GetLFTag", key, tag("a")).at("POST /GetLFTag"),
        Exchange::new("ListLFTags", json!({ "CatalogId": "123456789012" }), listed).at("POST /ListLFTags"),
    ];
    let ty = LfTagType::NAME;
    replayed(ty, exchanges, async |session| {
        let one = session.import(ty, "123456789012:a").await.unwrap();
        let objects = ["a", "b", "c", "d"].map(|key| replay::with(&one, "key", &Value::string(key)));
        let read = session.read_all(ty, objects.to_vec()).await.unwrap();
        assert_eq!(read.iter().map(Option::is_some).collect::<Vec<_>>(), THREE_OF_FOUR);
    })
    .await;
}

#[tokio::test]
async fn many_grants_of_a_kind_are_listed_once() {
    let database = |name: &str| json!({ "Database": { "Name": name } });
    let entry =
        |name: &str| json!({ "Principal": principal(), "Resource": database(name), "Permissions": ["DESCRIBE"] });
    let pages = [json!([entry("a"), entry("b")]), json!([entry("c")])];
    let exchanges = vec![
        listed(&database("a"), &["DESCRIBE"], &[]),
        Exchange::new(
            "ListPermissions",
            json!({ "ResourceType": "DATABASE" }),
            json!({ "PrincipalResourcePermissions": pages[0], "NextToken": "more" }),
        )
        .at("POST /ListPermissions"),
        Exchange::new(
            "ListPermissions",
            json!({ "ResourceType": "DATABASE", "NextToken": "more" }),
            json!({ "PrincipalResourcePermissions": pages[1] }),
        )
        .at("POST /ListPermissions"),
    ];
    let ty = GrantType::NAME;
    replayed(ty, exchanges, async |session| {
        let one = session.import(ty, &format!("{READER},database,a")).await.unwrap();
        let objects = ["a", "b", "c", "d"].map(|name| {
            let block = [("catalog_id", Value::null(Type::String)), ("name", Value::string(name))];
            replay::with(&one, "database", &Value::object(block))
        });
        let read = session.read_all(ty, objects.to_vec()).await.unwrap();
        assert_eq!(read.iter().map(Option::is_some).collect::<Vec<_>>(), THREE_OF_FOUR);
    })
    .await;
}
