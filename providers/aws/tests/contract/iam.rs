//! Roles, their policies, and whose identity tokens are believed.

use mesh_provider::contract::{Case, Expect};
use mesh_tests::emulator::{At, MINISTACK, MOTO, Scenario};
use serde_json::{Value as Json, json};

/// A role that things can hang on, and a policy that can hang on it.
const ROLE_AND_POLICY: &str = r#"
trust = json.dumps({"Version": "2012-10-17", "Statement": [
    {"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"}]})
rights = json.dumps({"Version": "2012-10-17", "Statement": [
    {"Effect": "Allow", "Action": "s3:ListAllMyBuckets", "Resource": "*"}]})
iam.create_role(RoleName="reader", AssumeRolePolicyDocument=trust)
iam.create_role(RoleName="writer", AssumeRolePolicyDocument=trust)
iam.create_policy(PolicyName="rights", PolicyDocument=rights)["Policy"]["Arn"]
"#;

pub fn scenarios() -> Vec<Scenario> {
    vec![
        role(),
        role_that_is_held(),
        role_with_a_made_name(),
        policy(),
        policy_of_many_versions(),
        role_policy(),
        attachment(),
        instance_profile(),
        identity_provider(),
    ]
}

/// A trust policy whose principals, actions and statement are written in one way, or in another that means the same.
fn trust(otherwise: bool) -> String {
    let (actions, services) = (json!(["sts:AssumeRole", "sts:TagSession"]), json!(["ec2.amazonaws.com"]));
    let (actions, services) = if otherwise {
        (json!(["sts:TagSession", "sts:AssumeRole"]), json!("ec2.amazonaws.com"))
    } else {
        (actions, services)
    };
    let statement = json!({ "Effect": "Allow", "Principal": { "Service": services }, "Action": actions });
    document(if otherwise { statement } else { json!([statement]) })
}

fn document(statement: Json) -> String {
    json!({ "Version": "2012-10-17", "Statement": statement }).to_string()
}

fn rights(actions: &[&str]) -> String {
    document(json!([{ "Sid": "Read", "Effect": "Allow", "Action": actions, "Resource": "arn:aws:s3:::landing/*" }]))
}

fn role() -> Scenario {
    let glue = document(
        json!({ "Effect": "Allow", "Principal": { "Service": "glue.amazonaws.com" }, "Action": "sts:AssumeRole" }),
    );
    Scenario::new("aws_iam_role", "in_place", move |at| {
        let boundary = format!("arn:aws:iam::{}:policy/rights", at.account());
        let config = json!({
            "name": "orders-reader",
            "path": "/mesh/",
            "description": "Reads orders",
            "assume_role_policy": trust(false),
            "max_session_duration": 7200,
            "tags": { "team": "orders" },
        });
        Case::new("aws_iam_role", config)
            .update(json!({ "assume_role_policy": trust(true) }), Expect::Nothing)
            .update(json!({ "assume_role_policy": glue }), Expect::InPlace)
            .update(json!({ "max_session_duration": 3600, "description": "Reads" }), Expect::InPlace)
            .update(json!({ "permissions_boundary": boundary }), Expect::InPlace)
            .update(json!({ "tags": { "for": "orders" } }), Expect::InPlace)
            .update(json!({ "permissions_boundary": null }), Expect::InPlace)
            .update(json!({ "force_detach_policies": true }), Expect::InPlace)
            .when(at.has("UpdateRole without a description"), |case| {
                case.update(json!({ "description": null }), Expect::InPlace)
            })
            .drift(
                "trusts others",
                at.drift("iam.update_assume_role_policy(RoleName='orders-reader', PolicyDocument=trust)"),
            )
            .drift(
                "tagged and described by hand",
                at.drift(
                    "iam.tag_role(RoleName='orders-reader', Tags=[{'Key': 'by', 'Value': 'hand'}])\n\
                     iam.update_role(RoleName='orders-reader', Description='By hand', MaxSessionDuration=3600)",
                ),
            )
            .drift("deleted", at.drift("iam.delete_role(RoleName='orders-reader')"))
            .import("orders-reader", &["force_detach_policies"])
            .update(json!({ "path": "/" }), Expect::Replace)
            .update(json!({ "name": "orders-writer" }), Expect::Replace)
    })
    .setup(ROLE_AND_POLICY)
    .lacking(MINISTACK, "UpdateRole without a description", "keeps the old one")
}

fn role_that_is_held() -> Scenario {
    Scenario::new("aws_iam_role", "held", |at| {
        let hold = format!(
            "iam.put_role_policy(RoleName='held', PolicyName='inline', PolicyDocument=rights)\n\
             iam.attach_role_policy(RoleName='held', PolicyArn='{}')\n\
             iam.create_instance_profile(InstanceProfileName='machines')\n\
             iam.add_role_to_instance_profile(InstanceProfileName='machines', RoleName='held')\n\
             iam.tag_role(RoleName='held', Tags=[{{'Key': 'by', 'Value': 'hand'}}])",
            at.made.as_str().unwrap_or_default()
        );
        let config = json!({ "name": "held", "assume_role_policy": trust(false), "force_detach_policies": true });
        Case::new("aws_iam_role", config).drift("something hangs on it", at.drift(hold))
    })
    .setup(ROLE_AND_POLICY)
}

fn role_with_a_made_name() -> Scenario {
    let block = json!({ "default_tags": { "tags": { "mesh": "shop", "team": "platform" } } });
    Scenario::new("aws_iam_role", "name_prefix", |_| {
        let tags = json!({ "team": "orders" });
        Case::new("aws_iam_role", json!({ "name_prefix": "mesh-", "assume_role_policy": trust(false), "tags": tags }))
            .update(json!({ "tags": null }), Expect::InPlace)
            .update(json!({ "name_prefix": "shop-" }), Expect::Replace)
    })
    .provider(block)
}

fn policy() -> Scenario {
    Scenario::new("aws_iam_policy", "in_place", |at| {
        let arn = format!("arn:aws:iam::{}:policy/mesh/read-orders", at.account());
        let config = json!({
            "name": "read-orders",
            "path": "/mesh/",
            "description": "Reads orders",
            "policy": rights(&["s3:GetObject", "s3:GetObjectTagging"]),
        });
        let newer = format!(
            "iam.create_policy_version(PolicyArn='{arn}', PolicyDocument=rights, SetAsDefault=True)['PolicyVersion']"
        );
        let delete = format!(
            "for version in iam.list_policy_versions(PolicyArn='{arn}')['Versions']:\n\
             \x20   if not version['IsDefaultVersion']:\n\
             \x20       iam.delete_policy_version(PolicyArn='{arn}', VersionId=version['VersionId'])\n\
             iam.delete_policy(PolicyArn='{arn}')"
        );
        Case::new("aws_iam_policy", config)
            .update(json!({ "policy": rights(&["s3:GetObjectTagging", "s3:GetObject"]) }), Expect::Nothing)
            .update(json!({ "policy": rights(&["s3:GetObject"]) }), Expect::InPlace)
            .update(json!({ "tags": { "team": "orders", "for": "tests" } }), Expect::InPlace)
            .update(json!({ "tags": { "team": "orders" } }), Expect::InPlace)
            .drift("another version counts", at.drift(newer))
            .drift("deleted", at.drift(delete))
            .import(arn, &[])
            .update(json!({ "description": "Reads all orders" }), Expect::Replace)
            .update(json!({ "name": "read-all-orders" }), Expect::Replace)
    })
    .setup(ROLE_AND_POLICY)
}

fn policy_of_many_versions() -> Scenario {
    Scenario::new("aws_iam_policy", "versions", |_| {
        let case = Case::new("aws_iam_policy", json!({ "name_prefix": "mesh-", "policy": rights(&["s3:GetObject"]) }));
        (1..=6).fold(case, |case, version| {
            let action = format!("s3:GetObjectVersion{version}*");
            case.update(json!({ "policy": rights(&["s3:GetObject", &action]) }), Expect::InPlace)
        })
    })
}

fn role_policy() -> Scenario {
    Scenario::new("aws_iam_role_policy", "in_place", |at| {
        let config = json!({
            "name": "read",
            "role": "reader",
            "policy": rights(&["s3:GetObject", "s3:GetObjectTagging"]),
        });
        let put = "iam.put_role_policy(RoleName='reader', PolicyName='read', PolicyDocument=rights)";
        Case::new("aws_iam_role_policy", config)
            .update(json!({ "policy": rights(&["s3:getobjecttagging", "s3:GetObject"]) }), Expect::Nothing)
            .update(json!({ "policy": rights(&["s3:GetObject"]) }), Expect::InPlace)
            .drift("allows something else", at.drift(put))
            .drift("deleted", at.drift("iam.delete_role_policy(RoleName='reader', PolicyName='read')"))
            .import("reader:read", &[])
            .update(json!({ "name": "read-orders" }), Expect::Replace)
            .update(json!({ "role": "writer" }), Expect::Replace)
    })
    .setup(ROLE_AND_POLICY)
}

fn attachment() -> Scenario {
    Scenario::new("aws_iam_role_policy_attachment", "attach", |at| {
        let arn = at.made.as_str().unwrap_or_default();
        let detach = format!("iam.detach_role_policy(RoleName='reader', PolicyArn='{arn}')");
        Case::new("aws_iam_role_policy_attachment", json!({ "role": "reader", "policy_arn": arn }))
            .drift("detached", at.drift(detach))
            .import(format!("reader/{arn}"), &[])
            .update(json!({ "role": "writer" }), Expect::Replace)
    })
    .setup(ROLE_AND_POLICY)
}

fn instance_profile() -> Scenario {
    fn remove(at: &At) -> impl Fn() + Send + Sync + 'static {
        at.drift("iam.remove_role_from_instance_profile(InstanceProfileName='machines', RoleName='writer')")
    }
    Scenario::new("aws_iam_instance_profile", "in_place", |at| {
        let delete = "iam.remove_role_from_instance_profile(InstanceProfileName='machines', RoleName='writer')\n\
                      iam.delete_instance_profile(InstanceProfileName='machines')";
        Case::new("aws_iam_instance_profile", json!({ "name": "machines", "role": "reader" }))
            .update(json!({ "role": "writer" }), Expect::InPlace)
            .update(json!({ "role": null, "tags": { "team": "orders" } }), Expect::InPlace)
            .update(json!({ "role": "writer", "tags": { "for": "orders" } }), Expect::InPlace)
            .drift("its role is gone", remove(at))
            .drift("deleted", at.drift(delete))
            .import("machines", &[])
            .update(json!({ "path": "/mesh/" }), Expect::Replace)
            .update(json!({ "name": "workers" }), Expect::Replace)
    })
    .setup(ROLE_AND_POLICY)
}

fn identity_provider() -> Scenario {
    const PROVIDER: &str = "aws_iam_openid_connect_provider";
    Scenario::new(PROVIDER, "in_place", |at| {
        let arn = format!("arn:aws:iam::{}:oidc-provider/token.actions.example", at.account());
        let config = json!({
            "url": "https://token.actions.example",
            "client_id_list": ["sts.amazonaws.com"],
            "thumbprint_list": ["6938fd4d98bab03faadb97b34396831e3780aea1"],
        });
        let delete = format!("iam.delete_open_id_connect_provider(OpenIDConnectProviderArn='{arn}')");
        Case::new(PROVIDER, config)
            .when(at.has("UpdateOpenIDConnectProviderThumbprint"), |case| {
                let other = json!({ "thumbprint_list": ["1c58a3a8518e8759bf075b76b750d4f2df264fcd"] });
                case.update(other, Expect::InPlace)
            })
            .when(at.has("TagOpenIDConnectProvider"), |case| {
                case.update(json!({ "tags": { "team": "orders", "for": "tests" } }), Expect::InPlace)
                    .update(json!({ "tags": { "team": "orders" } }), Expect::InPlace)
            })
            .drift("deleted", at.drift(delete))
            .import(arn, &[])
            .update(json!({ "url": "https://token.other.example" }), Expect::Replace)
    })
    .lacking(MOTO, "AddClientIDToOpenIDConnectProvider", "answers an HTML 500")
    .lacking(MOTO, "RemoveClientIDFromOpenIDConnectProvider", "answers an HTML 500")
    .lacking(MINISTACK, "AddClientIDToOpenIDConnectProvider", "does not know it")
    .lacking(MINISTACK, "RemoveClientIDFromOpenIDConnectProvider", "does not know it")
    .lacking(MINISTACK, "TagOpenIDConnectProvider", "does not know it")
    .lacking(MINISTACK, "UntagOpenIDConnectProvider", "does not know it")
    .lacking(MINISTACK, "UpdateOpenIDConnectProviderThumbprint", "does not know it")
}
