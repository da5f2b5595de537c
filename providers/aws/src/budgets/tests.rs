//! By request and reply: budget actions, which neither emulator has, and listing budgets.

use mesh_provider::ResourceType as _;
use mesh_provider::contract::attribute;
use mesh_value::Value;
use serde_json::{Value as Json, json};

use super::action::ActionType;
use super::budget::BudgetType;
use crate::replay::{self, Exchange, replayed};

const ROLE: &str = "arn:aws:iam::123456789012:role/budgets";
const POLICY: &str = "arn:aws:iam::123456789012:policy/no-more";
const ARN: &str = "arn:aws:budgets::123456789012:budget/orders/action/1";

fn config(threshold: i64) -> Json {
    json!({
        "account_id": "123456789012",
        "budget_name": "orders",
        "action_type": "APPLY_IAM_POLICY",
        "approval_model": "AUTOMATIC",
        "notification_type": "ACTUAL",
        "execution_role_arn": ROLE,
        "action_threshold": { "action_threshold_type": "PERCENTAGE", "action_threshold_value": threshold },
        "definition": { "iam_action_definition": { "policy_arn": POLICY, "roles": ["orders"] } },
        "subscriber": [{ "address": "a@mesh.test", "subscription_type": "EMAIL" }],
    })
}

/// What both a request and an answer say of an action.
fn action(threshold: f64) -> Json {
    json!({
        "BudgetName": "orders",
        "NotificationType": "ACTUAL",
        "ActionThreshold": { "ActionThresholdValue": threshold, "ActionThresholdType": "PERCENTAGE" },
        "Definition": { "IamActionDefinition": { "PolicyArn": POLICY, "Roles": ["orders"] } },
        "ExecutionRoleArn": ROLE,
        "ApprovalModel": "AUTOMATIC",
        "Subscribers": [{ "SubscriptionType": "EMAIL", "Address": "a@mesh.test" }],
    })
}

fn with(mut object: Json, more: &Json) -> Json {
    for (name, value) in more.as_object().into_iter().flatten() {
        object[name] = value.clone();
    }
    object
}

fn answered(threshold: f64) -> Json {
    let own = json!({ "ActionId": "1", "ActionType": "APPLY_IAM_POLICY", "Status": "STANDBY" });
    with(action(threshold), &own)
}

fn key() -> Json {
    json!({ "AccountId": "123456789012", "BudgetName": "orders", "ActionId": "1" })
}

fn described(threshold: f64) -> Exchange {
    let reply = json!({ "AccountId": "123456789012", "BudgetName": "orders", "Action": answered(threshold) });
    Exchange::new("DescribeBudgetAction", key(), reply)
}

fn tagged(tags: &Json) -> Exchange {
    Exchange::new("ListTagsForResource", json!({ "ResourceARN": ARN }), json!({ "ResourceTags": tags }))
}

fn of_budget(actions: &Json) -> Exchange {
    let request = json!({ "AccountId": "123456789012", "BudgetName": "orders" });
    let reply = json!({ "AccountId": "123456789012", "BudgetName": "orders", "Actions": actions });
    Exchange::new("DescribeBudgetActionsForBudget", request, reply)
}

#[tokio::test]
async fn an_action_is_made_once_changed_and_deleted() {
    let ours = json!([{ "Key": "mesh:creation", "Value": "token" }]);
    let create = json!({ "AccountId": "123456789012", "ActionType": "APPLY_IAM_POLICY", "ResourceTags": ours });
    let update = with(action(90.0), &key());
    let locked = json!({ "__type": "ResourceLockedException", "Message": "The action is being executed." });
    let done = json!({
        "AccountId": "123456789012", "BudgetName": "orders", "OldAction": answered(80.0), "NewAction": answered(90.0),
    });
    let exchanges = vec![
        of_budget(&json!([])),
        Exchange::new(
            "CreateBudgetAction",
            with(action(80.0), &create),
            json!({ "AccountId": "123456789012", "BudgetName": "orders", "ActionId": "1" }),
        ),
        described(80.0),
        tagged(&ours),
        // While an action is carried out, it can't be changed.
        Exchange::new("UpdateBudgetAction", update.clone(), locked).refused(400),
        Exchange::new("UpdateBudgetAction", update, done),
        described(90.0),
        tagged(&ours),
        // Only tags differ, so the action itself is left alone.
        Exchange::new(
            "TagResource",
            json!({ "ResourceARN": ARN, "ResourceTags": [{ "Key": "team", "Value": "orders" }] }),
            json!({}),
        ),
        described(90.0),
        tagged(&json!([{ "Key": "mesh:creation", "Value": "token" }, { "Key": "team", "Value": "orders" }])),
        Exchange::new("DeleteBudgetAction", key(), json!({ "AccountId": "123456789012", "BudgetName": "orders" })),
        Exchange::new("DeleteBudgetAction", key(), json!({ "__type": "NotFoundException" })).refused(400),
    ];
    let ty = ActionType::NAME;
    replayed(ty, exchanges, async |session| {
        let planned = session.plan(ty, &config(80)).await.unwrap();
        let made = session.apply(ty, planned, "token").await.unwrap();
        assert_eq!(attribute(&made, "id"), json!("123456789012:1:orders"));
        assert_eq!(attribute(&made, "arn"), json!(ARN));
        assert_eq!(attribute(&made, "status"), json!("STANDBY"));
        let changed = session.update(ty, made, &config(90)).await.unwrap();
        let tags = with(config(90), &json!({ "tags": { "team": "orders" } }));
        let tagged = session.update(ty, changed, &tags).await.unwrap();
        session.delete(ty, tagged.clone()).await.unwrap();
        session.delete(ty, tagged).await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn an_action_whose_reply_was_lost_is_found_by_its_tag() {
    let other = with(answered(80.0), &json!({ "ActionId": "0" }));
    let exchanges = vec![
        of_budget(&json!([other, answered(80.0)])),
        Exchange::new(
            "ListTagsForResource",
            json!({ "ResourceARN": "arn:aws:budgets::123456789012:budget/orders/action/0" }),
            json!({ "ResourceTags": [{ "Key": "mesh:creation", "Value": "another" }] }),
        ),
        tagged(&json!([{ "Key": "mesh:creation", "Value": "token" }])),
        described(80.0),
        tagged(&json!([])),
    ];
    let ty = ActionType::NAME;
    replayed(ty, exchanges, async |session| {
        let found = session.locate(ty, &config(80), "token").await.unwrap();
        assert!(
            matches!(&found, mesh_provider::Located::Complete(made, _) if attribute(made, "action_id") == json!("1"))
        );
        let imported = session.import(ty, "123456789012:1:orders").await.unwrap();
        assert_eq!(attribute(&imported, "execution_role_arn"), json!(ROLE));
    })
    .await;
}

#[tokio::test]
async fn many_actions_are_listed_once() {
    let account = json!({ "AccountId": "123456789012" });
    let ids = ["1", "2", "3", "4"];
    let all: Vec<_> = ids.iter().map(|id| with(answered(80.0), &json!({ "ActionId": id }))).collect();
    let arn = |id: &str| format!("arn:aws:budgets::123456789012:budget/orders/action/{id}");
    let tags = |id: &&str| Exchange::new("ListTagsForResource", json!({ "ResourceARN": arn(id) }), json!({}));
    let mut exchanges = vec![described(80.0), tagged(&json!([]))];
    exchanges.push(Exchange::new("DescribeBudgetActionsForAccount", account, json!({ "Actions": all[..3] })));
    exchanges.extend(ids[..3].iter().map(tags));
    let ty = ActionType::NAME;
    replayed(ty, exchanges, async |session| {
        let one = session.import(ty, "123456789012:1:orders").await.unwrap();
        let objects = ids.iter().map(|id| replay::with(&one, "action_id", &Value::string(*id)));
        let read = session.read_all(ty, objects.collect()).await.unwrap();
        assert_eq!(read.iter().map(Option::is_some).collect::<Vec<_>>(), [true, true, true, false]);
    })
    .await;
}

#[tokio::test]
async fn a_definition_that_does_not_fit_is_refused() {
    replayed(ActionType::NAME, Vec::new(), async |session| {
        let scp = with(config(80), &json!({ "action_type": "APPLY_SCP_POLICY" }));
        let error = session.plan(ActionType::NAME, &scp).await.unwrap_err();
        assert!(error.contains("needs the block `scp_action_definition`"), "{error}");
        assert!(error.contains("`iam_action_definition` is for an action of type `APPLY_IAM_POLICY`"), "{error}");
    })
    .await;
}

#[tokio::test]
async fn many_budgets_are_listed_once() {
    let account = json!({ "AccountId": "123456789012" });
    let key = json!({ "AccountId": "123456789012", "BudgetName": "orders" });
    let budget = json!({
        "BudgetName": "orders", "BudgetType": "COST", "TimeUnit": "MONTHLY",
        "BudgetLimit": { "Amount": "100.0", "Unit": "USD" },
        "TimePeriod": { "Start": 1_767_225_600, "End": 3_706_473_600_i64 },
    });
    let arn = json!({ "ResourceARN": "arn:aws:budgets::123456789012:budget/orders" });
    let tags = || Exchange::new("ListTagsForResource", arn.clone(), json!({}));
    let told = || Exchange::new("DescribeNotificationsForBudget", key.clone(), json!({ "Notifications": [] }));
    let exchanges = vec![
        Exchange::new("DescribeBudget", key.clone(), json!({ "Budget": budget })),
        tags(),
        told(),
        Exchange::new("DescribeBudgets", account, json!({ "Budgets": [budget] })),
        tags(),
        told(),
    ];
    let ty = BudgetType::NAME;
    replayed(ty, exchanges, async |session| {
        let one = session.import(ty, "123456789012:orders").await.unwrap();
        assert_eq!(attribute(&one, "time_period_start"), json!("2026-01-01_00:00"));
        let names = ["a", "b", "orders", "z"];
        let objects = names.iter().map(|name| replay::with(&one, "name", &Value::string(*name)));
        let read = session.read_all(ty, objects.collect()).await.unwrap();
        assert_eq!(read.iter().map(Option::is_some).collect::<Vec<_>>(), [false, false, true, false]);
    })
    .await;
}
