//! `terraform_data` keeps the contract, plans what Terraform plans, and costs next to nothing.

use std::path::Path;
use std::sync::Arc;

use mesh_provider::contract::{Case, Expect, run};
use mesh_provider::cost::{CostRequest, Costs, Usage};
use mesh_provider::{ConfigureRequest, ConfiguredProvider, Failure, PlanRequest, PlanResponse, Provider as _};
use mesh_provider_builtin::provider;
use mesh_value::{AttributePath, Kind, Type, Value};
use serde_json::json;

#[tokio::test]
async fn it_keeps_the_contract() {
    let case = Case::new("terraform_data", json!({ "input": { "a": [1, "b", null] }, "triggers_replace": "v1" }))
        .state_only()
        .update(json!({ "input": "other" }), Expect::InPlace)
        .update(json!({ "input": null }), Expect::InPlace)
        .update(json!({ "triggers_replace": ["v2"] }), Expect::Replace)
        .update(json!({ "input": true, "triggers_replace": null }), Expect::Replace);
    let report = run(&provider(), Path::new("/"), json!({}), case).await;
    assert!(report.holds(), "{report}");
}

async fn configured() -> Result<Arc<dyn ConfiguredProvider>, Failure> {
    let config = Value::object::<Arc<str>>([]);
    provider().configure(ConfigureRequest { config, base_dir: "/".into() }).await
}

#[tokio::test]
async fn what_runs_on_ones_own_machine_is_free() {
    let (value, usage) = (Value::unknown(Type::Any), Usage::default());
    let request = CostRequest { ty: "terraform_data", value: &value, usage: &usage, related: &[] };
    assert_eq!(configured().await.unwrap().cost(request), Costs::Free);
}

fn object(input: Value, triggers: Value, output: Value, id: Value) -> Value {
    Value::object([("input", input), ("triggers_replace", triggers), ("output", output), ("id", id)])
}

fn null() -> Value {
    Value::null(Type::Any)
}

async fn plan(input: Value, triggers: Value, prior: Option<Value>) -> Result<PlanResponse, Failure> {
    let config = object(input.clone(), triggers.clone(), null(), Value::null(Type::String));
    let computed = |name: &str, ty: Type| {
        prior.as_ref().and_then(|prior| prior.get(name)).cloned().unwrap_or_else(|| Value::unknown(ty))
    };
    let proposed = object(input, triggers, computed("output", Type::Any), computed("id", Type::String));
    let request = PlanRequest { ty: "terraform_data".into(), prior, config, proposed, private: Vec::new() };
    Ok(configured().await?.plan(request).await)
}

#[tokio::test]
async fn the_output_is_known_after_apply_while_the_input_changes() {
    let text = Value::string("x");
    let created = plan(text.clone(), null(), None).await.unwrap().planned;
    assert!(
        matches!(created.get("output").unwrap().kind(), Kind::Unknown(of) if of.0 == Type::String && of.1.not_null)
    );
    let empty = plan(null(), null(), None).await.unwrap().planned;
    assert!(empty.get("output").unwrap().is_null());

    let prior = object(text.clone(), null(), text.clone(), Value::string("1"));
    let replaced = plan(text.clone(), Value::number(1), Some(prior.clone())).await.unwrap();
    assert_eq!(replaced.requires_replace, [AttributePath::attr("triggers_replace")]);
    assert_eq!(replaced.planned.get("output"), Some(&text));
    let later = plan(Value::unknown(Type::Any), null(), Some(prior)).await.unwrap();
    assert!(later.requires_replace.is_empty());
    assert!(!later.planned.get("output").unwrap().is_known());
}
