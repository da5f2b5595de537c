//! What is in use is not deleted, and the refusal names what holds it.

use mesh_provider::ResourceType;
use serde_json::json;

use super::{TRUST_ENCODED, call, refused, role};
use crate::iam::policy::PolicyType;
use crate::iam::role::RoleType;
use crate::replay::replayed;

#[tokio::test]
async fn a_role_in_use_stays() {
    let named = json!({ "RoleName": "reader" });
    let end = "<IsTruncated>false</IsTruncated>";
    let exchanges = vec![
        call("GetRole", named.clone(), &format!("<Role>{}</Role>", role("reader"))),
        refused("DeleteRole", 409, "DeleteConflict", "Cannot delete entity, must detach all policies first."),
        call("ListRolePolicies", named.clone(), &format!("<PolicyNames><member>inline</member></PolicyNames>{end}")),
        call(
            "ListAttachedRolePolicies",
            named.clone(),
            &format!("<AttachedPolicies><member><PolicyArn>arn:p</PolicyArn></member></AttachedPolicies>{end}"),
        ),
        call("ListInstanceProfilesForRole", named, &format!("<InstanceProfiles></InstanceProfiles>{end}")),
    ];
    replayed(RoleType::NAME, exchanges, async |session| {
        let role = session.import(RoleType::NAME, "reader").await.unwrap();
        let refusal = session.delete(RoleType::NAME, role).await.unwrap_err();
        let expected = "Role is in use: The role `reader` still has: inline policy `inline`, attached policy `arn:p`. \
                        Take them away, or set `force_detach_policies = true` and apply that first.";
        assert_eq!(refusal.trim(), expected);
    })
    .await;
}

#[tokio::test]
async fn a_policy_in_use_stays() {
    const ARN: &str = "arn:aws:iam::123456789012:policy/rights";
    let policy = format!(
        "<Policy><PolicyName>rights</PolicyName><PolicyId>ANPA1</PolicyId><Arn>{ARN}</Arn><Path>/</Path>\
         <DefaultVersionId>v2</DefaultVersionId></Policy>"
    );
    let version = format!("<PolicyVersion><Document>{TRUST_ENCODED}</Document></PolicyVersion>");
    let versions = "<Versions><member><VersionId>v1</VersionId><IsDefaultVersion>false</IsDefaultVersion></member>\
                    <member><VersionId>v2</VersionId><IsDefaultVersion>true</IsDefaultVersion></member></Versions>\
                    <IsTruncated>false</IsTruncated>";
    let holders = "<PolicyRoles><member><RoleName>reader</RoleName></member></PolicyRoles>\
                   <PolicyUsers><member><UserName>ann</UserName></member></PolicyUsers><IsTruncated>false</IsTruncated>";
    let named = json!({ "PolicyArn": ARN });
    let exchanges = vec![
        call("GetPolicy", named.clone(), &policy),
        call("GetPolicyVersion", json!({ "PolicyArn": ARN, "VersionId": "v2" }), &version),
        call("ListPolicyVersions", named.clone(), versions),
        call("DeletePolicyVersion", json!({ "PolicyArn": ARN, "VersionId": "v1" }), ""),
        refused("DeletePolicy", 409, "DeleteConflict", "Cannot delete a policy attached to entities."),
        call("ListEntitiesForPolicy", named, holders),
    ];
    replayed(PolicyType::NAME, exchanges, async |session| {
        let policy = session.import(PolicyType::NAME, ARN).await.unwrap();
        let refusal = session.delete(PolicyType::NAME, policy).await.unwrap_err();
        let expected = "Policy is in use: The policy `arn:aws:iam::123456789012:policy/rights` is attached to: role \
                        `reader`, user `ann`. Detach it there first.";
        assert_eq!(refusal.trim(), expected);
    })
    .await;
}
