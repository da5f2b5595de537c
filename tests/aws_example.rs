//! The example `aws-orders` against emulators: made, planned again to nothing, drifted, updated, destroyed; and made with
//! the rights that its plan needs, and with fewer.
//!
//! ministack serves all services but EMR, whose answers the SDK can't read, and Lake Formation; moto serves these two.

#![expect(clippy::unwrap_used, reason = "a test that can't be set up has failed")]

use std::path::{Path, PathBuf};

use mesh_tests::emulator::{CREDENTIALS, Emulator, python};
use mesh_tests::{Sandbox, play};
use serde_json::{Value, json};

const EXAMPLE: &str = "examples/aws-orders";

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// The example in a directory of its own, set up for emulators, with `boto` to look and meddle behind the back of `mesh`.
fn staged(most: &Emulator, others: &Emulator) -> Sandbox {
    let mut sandbox = Sandbox::new(env!("CARGO_BIN_EXE_mesh"));
    sandbox.copy(&root().join(EXAMPLE), EXAMPLE);
    sandbox.copy(&root().join("modules"), "modules");
    let _ = std::fs::remove_dir_all(sandbox.path().join(EXAMPLE).join(".mesh"));
    let boto = root().join("tests/emulator/boto.py");
    let call = format!("exec {} {} \"$@\"\n", python().display(), boto.display());
    sandbox.install("boto", &format!("#!/bin/sh\nAWS_ENDPOINT_URL={} {call}", most.endpoint()));
    for (name, value) in CREDENTIALS {
        sandbox.set(name, value);
    }
    sandbox.set("MESH_VAR_region", "us-east-1");
    sandbox.set("MESH_VAR_endpoint_url", most.endpoint());
    let elsewhere = json!({ "emr": others.endpoint(), "lakeformation": others.endpoint() });
    sandbox.set("MESH_VAR_endpoints", &elsewhere.to_string());
    // No emulator knows managed scaling and automatic termination.
    sandbox.set("MESH_VAR_cluster_guards", "false");
    sandbox
}

#[test]
fn the_example_is_made_changed_and_destroyed() {
    let (most, others) = (Emulator::ministack().lease(), Emulator::moto().lease());
    let sandbox = staged(&most, &others);
    play(&sandbox, &root().join("tests").join(EXAMPLE)).unwrap_or_else(|difference| panic!("{difference}"));
}

#[test]
fn a_budget_holds_at_plan_and_at_apply() {
    let (most, others) = (Emulator::ministack().lease(), Emulator::moto().lease());
    let sandbox = staged(&most, &others);
    let scenario = root().join("tests/examples/aws-orders-budget");
    sandbox.copy(&scenario.join("written"), "written");
    play(&sandbox, &scenario).unwrap_or_else(|difference| panic!("{difference}"));
}

/// Actions of the policy, each of another service, without which the example can't be made.
const NEEDED: [&str; 3] = ["s3:PutBucketVersioning", "iam:CreateRole", "glue:CreateTable"];

/// AWS allows budgets under two names, `budgets:ViewBudget` and `budgets:ModifyBudget`, and ministack under those of the
/// operations.
const BUDGETS_OF_MINISTACK: [&str; 8] = [
    "budgets:CreateBudget",
    "budgets:CreateNotification",
    "budgets:DeleteBudget",
    "budgets:DescribeBudget",
    "budgets:DescribeBudgets",
    "budgets:DescribeNotificationsForBudget",
    "budgets:DescribeSubscribersForNotification",
    "budgets:UpdateBudget",
];

/// Holds for the services that ministack serves: moto checks no permission.
#[test]
fn the_least_policy_is_enough_and_a_lesser_one_is_not() {
    let (most, others) = (Emulator::ministack_with_auth(), Emulator::moto());
    for left_out in std::iter::once(None).chain(NEEDED.map(Some)) {
        let (most, others) = (most.lease(), others.lease());
        let mut sandbox = staged(&most, &others);
        let mut policy = planned(&sandbox, "plan");
        if let Some(action) = left_out {
            assert!(without(&mut policy, action), "{action} is not in the policy:\n{policy:#}");
        }
        become_user(&mut sandbox, &most, "maker", &policy);
        let ended = sandbox.mesh(&format!("-C {EXAMPLE} apply p.meshplan"));
        let Some(action) = left_out else {
            assert!(ended.code == 0, "the policy is not enough:\n{policy:#}\n{}", ended.err);
            unmake(&mut sandbox, &most);
            continue;
        };
        let told = ended.err.split_whitespace().collect::<Vec<_>>().join(" ");
        let way_out = format!("The credentials need `{action}`");
        assert!(ended.code == 1 && told.contains(&way_out), "without {action}:\n{}", ended.err);
    }
}

/// Destroys the example with the rights that the plan to do so needs.
fn unmake(sandbox: &mut Sandbox, emulator: &Emulator) {
    for (name, value) in CREDENTIALS {
        sandbox.set(name, value);
    }
    sandbox.set("MESH_VAR_force_destroy", "true");
    sandbox.must(&format!("-C {EXAMPLE} apply --auto-approve"));
    let policy = planned(sandbox, "plan --destroy");
    assert!(!policy.to_string().contains(":Create"), "what is destroyed creates nothing:\n{policy:#}");
    become_user(sandbox, emulator, "unmaker", &policy);
    let ended = sandbox.mesh(&format!("-C {EXAMPLE} apply p.meshplan"));
    assert!(ended.code == 0, "the policy is not enough:\n{policy:#}\n{}", ended.err);
}

/// Saves a plan and answers with the policy that applying it needs.
fn planned(sandbox: &Sandbox, plan: &str) -> Value {
    sandbox.must(&format!("-C {EXAMPLE} {plan} --out p.meshplan"));
    let policy = sandbox.must(&format!("-C {EXAMPLE} docs provider aws --iam p.meshplan"));
    serde_json::from_str(&policy.out).unwrap()
}

/// Makes a user who may do what a policy allows and nothing else, and goes on as that one.
fn become_user(sandbox: &mut Sandbox, emulator: &Emulator, name: &str, policy: &Value) {
    let mut policy = policy.clone();
    let budgets = json!({ "Effect": "Allow", "Action": BUDGETS_OF_MINISTACK, "Resource": "*" });
    policy["Statement"].as_array_mut().unwrap().push(budgets);
    let document = json!(policy.to_string());
    let key = emulator.boto().must(&format!(
        r#"
iam.create_user(UserName="{name}")
policy = iam.create_policy(PolicyName="{name}", PolicyDocument={document})["Policy"]
iam.attach_user_policy(UserName="{name}", PolicyArn=policy["Arn"])
iam.create_access_key(UserName="{name}")["AccessKey"]
"#
    ));
    sandbox.set("AWS_ACCESS_KEY_ID", key["AccessKeyId"].as_str().unwrap());
    sandbox.set("AWS_SECRET_ACCESS_KEY", key["SecretAccessKey"].as_str().unwrap());
}

/// Takes an action out of a policy document; tells whether it was there.
fn without(policy: &mut Value, action: &str) -> bool {
    let statements = policy["Statement"].as_array_mut().unwrap();
    let actions = statements.iter_mut().map(|statement| statement["Action"].as_array_mut().unwrap());
    actions.fold(false, |removed, actions| {
        let before = actions.len();
        actions.retain(|own| own != action);
        removed || actions.len() < before
    })
}
