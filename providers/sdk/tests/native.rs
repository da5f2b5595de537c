//! What the engine sees of a provider made of typed resources: plans from the schema, failures, stored forms.

mod pool;

use std::path::Path;
use std::sync::Arc;

use mesh_provider::contract::{Case, Check, Expect, run};
use mesh_provider::{
    ApplyRequest, ApplyResponse, ConfigureRequest, ConfiguredProvider, Failure, Permissions, PlanRequest, PlanResponse,
    Progress, Provider, ReadDataRequest, ReadItem, ReadRequest, Stop,
};
use mesh_value::{Type, Value, convert, from_plain_json, to_plain_json};
use serde_json::{Value as Json, json};

#[tokio::test]
async fn it_keeps_the_contract() {
    let config = json!({ "name": "a", "password": "x", "disk": [{ "mount": "/", "size": 1 }] });
    let case = Case::new("test_pool", config)
        .update(json!({ "name": "A" }), Expect::Nothing)
        .update(json!({ "timeouts": { "create": "90s" } }), Expect::InPlace)
        .update(json!({ "workers": 1, "zones": ["b", "a"] }), Expect::InPlace)
        .import("pool/a", &["timeouts"])
        .update(json!({ "disk": [{ "mount": "/" }] }), Expect::InPlace)
        .update(json!({ "disk": [{ "mount": "/data", "size": 2 }] }), Expect::Replace)
        .update(json!({ "name": "b", "window": { "day": "Sunday" }, "ports": [{ "number": 1 }] }), Expect::Replace);
    let report = run(&pool::provider(), Path::new("/"), json!({}), case).await;
    assert!(report.holds(), "{report}");
}

#[tokio::test]
async fn a_broken_contract_is_shown() {
    let case = Case::new("test_pool", json!({ "name": "a" })).update(json!({ "workers": 5 }), Expect::Replace);
    let report = run(&pool::provider(), Path::new("/"), json!({}), case).await;
    let expected = "test_pool\n  ok      configure\n  ok      create\n  ok      found by its token\n  ok      nothing to \
                    do\n  broken  replace {\"workers\":5}\n          would change in place\n";
    assert_eq!(report.to_string(), expected);
    let last = [(Check::NoOpPlan, true), (Check::Replace, false)];
    assert_eq!(report.checks().skip(3).collect::<Vec<_>>(), last);
}

fn pool(set: Json) -> Result<Value, String> {
    let schema = pool::provider().schema();
    let block = &schema.resources.get("test_pool").ok_or("no such type")?.block;
    let mut all = json!({ "name": "a", "workers": 2, "greeting": "hello", "size": "small", "id": "pool/a",
        "revision": 1, "disk": [{ "mount": "/", "size": 1 }] });
    for (name, value) in set.as_object().into_iter().flatten() {
        all[name] = value.clone();
    }
    for name in block.attributes.iter().map(|attribute| &attribute.name) {
        if all.get(name.as_ref()).is_none() {
            all[name.as_ref()] = Json::Null;
        }
    }
    all["window"] = Json::Null;
    all["timeouts"] = set.get("timeouts").cloned().unwrap_or_default();
    let plain = from_plain_json(&all).map_err(|error| error.to_string())?;
    convert(&plain, &block.implied_type()).map_err(|error| error.to_string())
}

fn with(value: &Value, name: &str, new: Value) -> Value {
    let entries = value.as_entries().unwrap_or_default().iter();
    Value::object(entries.map(|(own, old)| (own.clone(), if own.as_ref() == name { new.clone() } else { old.clone() })))
}

async fn configured() -> Result<Arc<dyn ConfiguredProvider>, Failure> {
    let config = Value::object([("region", Value::null(Type::String))]);
    pool::provider().configure(ConfigureRequest { config, base_dir: "/".into() }).await
}

async fn plan(prior: Value, proposed: Value) -> Result<PlanResponse, Failure> {
    // Nothing that the platform computes is written.
    let mut config = proposed.clone();
    for (name, ty) in [("id", Type::String), ("revision", Type::Number), ("size", Type::String)] {
        config = with(&config, name, Value::null(ty));
    }
    let request =
        PlanRequest { ty: "test_pool".into(), prior: Some(prior), config, proposed, private: Default::default() };
    Ok(configured().await?.plan(request).await)
}

async fn apply(planned: Value, stop: Stop) -> Result<ApplyResponse, Failure> {
    let request = ApplyRequest {
        ty: "test_pool".into(),
        prior: None,
        config: planned.clone(),
        planned: Some(planned),
        private: Default::default(),
        token: "0".repeat(32),
        stop,
        progress: Progress::default(),
    };
    Ok(configured().await?.apply(request).await)
}

#[tokio::test]
async fn a_change_leaves_only_what_depends_on_it_for_after_apply() {
    let prior = pool(json!({})).unwrap();
    let plan = plan(prior, pool(json!({ "workers": 1 })).unwrap()).await.unwrap();
    assert!(plan.requires_replace.is_empty() && plan.diagnostics.is_empty());
    assert!(!plan.planned.get("revision").unwrap().is_known());
    assert_eq!(plan.planned.get("id"), Some(&Value::string("pool/a")));
    assert_eq!(plan.planned.get("size"), Some(&Value::string("small")));
    assert_eq!(plan.losses[0].what, "What the removed workers hold is lost.");
}

#[tokio::test]
async fn an_unchanged_object_is_planned_as_it_is() {
    let prior = pool(json!({})).unwrap();
    let plan = plan(prior.clone(), pool(json!({ "password": "never stored" })).unwrap()).await.unwrap();
    assert_eq!(plan.planned, prior);
}

#[tokio::test]
async fn what_is_written_otherwise_and_means_the_same_is_kept() {
    let prior = pool(json!({})).unwrap();
    let written = with(&prior, "name", Value::string("A"));
    let same = plan(prior.clone(), written.clone()).await.unwrap();
    assert_eq!((&same.planned, same.kept.len(), same.requires_replace.len()), (&prior, 1, 0));
    assert_eq!(same.with_kept(&written, Some(&prior)), prior);
    assert_eq!(same.with_kept(&written, None), written);

    let changed = plan(prior.clone(), with(&written, "greeting", Value::string("hi"))).await.unwrap();
    assert_eq!(changed.planned.get("name"), prior.get("name"));
    assert_eq!(changed.planned.get("greeting"), Some(&Value::string("hi")));
    assert!(!changed.planned.get("revision").unwrap().is_known());
    assert!(changed.requires_replace.is_empty());

    let open = plan(prior.clone(), with(&prior, "name", Value::unknown(Type::String))).await.unwrap();
    assert!(open.kept.is_empty());
}

#[test]
fn a_type_says_what_it_must_be_allowed() {
    let provider = pool::provider();
    assert_eq!(provider.permissions("test_pool", false).create, ["pools:Create"]);
    assert_eq!(provider.permissions("test_census", true), Permissions::NONE);
}

#[tokio::test]
async fn a_change_of_timeouts_alone_touches_nothing_but_the_state() {
    let timeouts = json!({ "timeouts": { "create": "1h30m", "update": null, "delete": null } });
    let (prior, written) = (pool(json!({})).unwrap(), pool(timeouts).unwrap());
    let planned = plan(prior.clone(), written.clone()).await.unwrap().planned;
    assert_eq!(planned, written);
    // There is no such pool on the platform, and its revision would be raised.
    let request = ApplyRequest {
        ty: "test_pool".into(),
        prior: Some(prior),
        config: planned.clone(),
        planned: Some(planned.clone()),
        private: b"kept".to_vec(),
        token: String::new(),
        stop: Stop::default(),
        progress: Progress::default(),
    };
    let provider = configured().await.unwrap();
    let changed = provider.apply(request).await;
    assert_eq!((changed.new, changed.private), (Some(written.clone()), b"kept".to_vec()));
    let items = vec![ReadItem { current: written, private: Vec::new() }];
    let read = provider.read(ReadRequest { ty: "test_pool".into(), items }).await;
    assert!(read[0].new.is_none());
}

#[tokio::test]
async fn an_operation_ends_at_the_time_limit_that_is_written() {
    let limits = json!({ "greeting": "wait", "timeouts": { "create": "5ms", "update": null, "delete": null } });
    let made = apply(pool(limits).unwrap(), Stop::default()).await.unwrap();
    assert!(made.new.is_none());
    assert_eq!(
        made.diagnostics[0].detail,
        "Gave up while waiting for the pool: the operation took longer than its time limit of 5ms. If it needs longer, \
         give it longer in `timeouts`, where the resource has that block."
    );
}

#[test]
fn a_time_limit_that_is_none_is_refused_at_its_place() {
    for wrong in ["soon", "1.5h", "0s", ""] {
        let limits = json!({ "timeouts": { "create": null, "update": wrong, "delete": null } });
        let problems = pool::provider().validate_resource("test_pool", &pool(limits).unwrap());
        assert_eq!(problems[0].path.to_string(), ".timeouts.update");
        let expected =
            "`timeouts.update` must be a length of time such as `90s`, `60m` or `1h30m`, longer than nothing.";
        assert_eq!(problems[0].detail, expected);
    }
}

#[tokio::test]
async fn paths_that_need_a_new_object_are_named() {
    let paths = |plan: PlanResponse| plan.requires_replace.iter().map(ToString::to_string).collect::<Vec<_>>();
    let prior = pool(json!({})).unwrap();
    let open = with(&prior, "name", Value::unknown(Type::String));
    assert_eq!(paths(plan(prior.clone(), open).await.unwrap()), [".name"]);
    let moved = pool(json!({ "disk": [{ "mount": "/x", "size": 9 }] })).unwrap();
    assert_eq!(paths(plan(prior.clone(), moved).await.unwrap()), [".disk[0].mount"]);
    let more = pool(json!({ "disk": [{ "mount": "/", "size": 1 }, { "mount": "/x", "size": 1 }] })).unwrap();
    assert_eq!(paths(plan(prior.clone(), more).await.unwrap()), [".disk"]);
    let larger = pool(json!({ "disk": [{ "mount": "/", "size": 9 }] })).unwrap();
    assert_eq!(paths(plan(prior, larger).await.unwrap()), [""; 0]);
}

#[tokio::test]
async fn a_creation_says_what_exists_whether_it_succeeded_or_not() {
    let made = apply(pool(json!({ "password": "secret" })).unwrap(), Stop::default()).await.unwrap();
    assert!(made.new.unwrap().get("password").unwrap().is_null(), "a write-only value was stored");
    assert_eq!(made.private.to_vec(), b"made");
    assert_eq!(made.diagnostics[0].summary, "Slow");

    let refused = apply(pool(json!({ "password": "refused" })).unwrap(), Stop::default()).await.unwrap();
    assert!(refused.new.is_none());
    assert_eq!(refused.diagnostics[0].detail, "The platform refused.");

    let half = apply(pool(json!({ "greeting": "break" })).unwrap(), Stop::default()).await.unwrap();
    assert_eq!(half.new.unwrap().get("id"), Some(&Value::string("pool/a")));
    assert_eq!(half.diagnostics[1].detail, "It broke half way.");

    let forgotten = apply(pool(json!({ "greeting": "forget" })).unwrap(), Stop::default()).await.unwrap();
    assert!(forgotten.new.unwrap().is_wholly_known());
    assert!(forgotten.diagnostics[1].detail.contains("`revision`"), "{:?}", forgotten.diagnostics);

    let stop = Stop::default();
    stop.request();
    let stopped = apply(pool(json!({})).unwrap(), stop).await.unwrap();
    assert!(stopped.new.is_none());
    assert_eq!(stopped.diagnostics[0].summary, "Stopped");
}

#[tokio::test]
async fn a_creation_whose_reply_was_lost_is_looked_for() {
    let lost = async |greeting: &str| {
        let planned = pool(json!({ "greeting": greeting })).unwrap();
        apply(planned, Stop::default()).await.unwrap()
    };
    for found in ["lost", "lost late"] {
        let made = lost(found).await;
        assert_eq!(made.new.unwrap().get("id"), Some(&Value::string("pool/a")));
        assert_eq!(made.private.to_vec(), b"made");
        assert!(!made.unsure && made.diagnostics.iter().all(|problem| problem.summary == "Slow"));
    }
    let half = lost("lost half way").await;
    assert!(half.new.is_some() && !half.unsure);
    assert_eq!(half.diagnostics[1].summary, "No reply");

    let missing = lost("lost before").await;
    assert!(missing.new.is_none() && missing.unsure);
    assert_eq!(missing.diagnostics[0].summary, "No reply");
}

#[tokio::test]
async fn one_bad_object_does_not_spoil_the_batch() {
    let good = pool(json!({})).unwrap();
    let bad = with(&good, "workers", Value::number(-1));
    let refused = with(&good, "greeting", Value::string("panic"));
    let items = [bad.clone(), refused.clone(), good];
    let items = items.into_iter().map(|current| ReadItem { current, private: Default::default() }).collect();
    let read = configured().await.unwrap().read(ReadRequest { ty: "test_pool".into(), items }).await;
    assert_eq!(read[0].new.as_ref(), Some(&bad));
    assert!(read[0].diagnostics[0].detail.contains("`workers` must be"), "{:?}", read[0].diagnostics);
    assert_eq!(read[1].new.as_ref(), Some(&refused));
    assert_eq!(read[1].diagnostics[0].summary, "Refused");
    assert!(read[2].new.is_none() && read[2].diagnostics.is_empty());
}

#[tokio::test]
async fn data_sources_are_read() {
    let config = Value::object([("prefix", Value::string("a")), ("count", Value::unknown(Type::Number))]);
    let provider = configured().await.unwrap();
    let read = provider.read_data(ReadDataRequest { ty: "test_census".into(), config: config.clone() }).await;
    assert_eq!(read.value.unwrap().get("count"), Some(&Value::number(0)));
    let read = provider.read_data(ReadDataRequest { ty: "test_pool".into(), config }).await;
    assert_eq!(read.diagnostics[0].detail, "The provider `test` has no data source `test_pool`. It has `test_census`.");
}

#[test]
fn stored_forms_are_brought_to_the_current_version() {
    let provider = pool::provider();
    let mut stored = to_plain_json(&pool(json!({})).unwrap()).unwrap();
    let current = provider.upgrade_state("test_pool", 2, &stored).unwrap();
    assert_eq!(current.get("workers"), Some(&Value::number(2)));
    stored["count"] = json!(9);
    let raised = provider.upgrade_state("test_pool", 1, &stored).unwrap();
    assert_eq!(raised.get("workers"), Some(&Value::number(9)));
    let newer = provider.upgrade_state("test_pool", 3, &stored).unwrap_err();
    assert!(newer.to_string().contains("newer version of mesh"), "{newer}");
    let broken = provider.upgrade_state("test_pool", 2, &json!({ "workers": "many" })).unwrap_err();
    assert!(broken.to_string().contains("can't be understood"), "{broken}");
}
