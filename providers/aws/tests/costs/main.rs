//! What objects on AWS cost: quantities counted by hand, and quantities of Infracost's public examples.

#![expect(clippy::unwrap_used, reason = "a test that can't begin fails")]

mod compute;
mod priced;
mod s3;
mod services;

use mesh_provider::Provider as _;
use mesh_provider::contract::Session;
use mesh_provider::cost::{Component, Costs, Interval, Related, at};
use mesh_provider_aws::provider;
use mesh_value::{Value, to_plain_json};
use serde_json::{Value as Json, json};

/// The provider block. Keys are given, so that nothing of the machine counts; nobody listens on the discard port, and a
/// cost asks nobody.
fn block(region: &str) -> Json {
    let (key, secret) = ("AKIAEXAMPLE", "secret");
    let nowhere = "http://127.0.0.1:9";
    json!({ "region": region, "access_key": key, "secret_key": secret, "endpoint_url": nowhere, "max_retries": 1 })
}

/// A number that a `usage` block declares.
fn exactly(number: i64) -> Interval {
    Interval::exactly(number)
}

/// What a new object costs, beside others that it is related to.
async fn costs(ty: &str, config: Json, usage: &[(&str, Interval)], related: &[(&str, Json)]) -> Costs {
    costs_in("eu-central-1", ty, config, usage, related).await
}

async fn costs_in(region: &str, ty: &str, config: Json, usage: &[(&str, Interval)], related: &[(&str, Json)]) -> Costs {
    let (provider, base) = (provider(), tempfile::tempdir().unwrap());
    let session = Session::new(&provider, base.path(), &block(region)).await.unwrap();
    let mut others = Vec::new();
    for (ty, config) in related {
        others.push(Related { ty: (*ty).into(), value: session.plan(ty, config).await.unwrap() });
    }
    let known: Vec<_> = provider.usage(ty).iter().map(|parameter| parameter.name).collect();
    for (name, _) in usage {
        assert!(known.contains(name), "`{ty}` has no usage parameter `{name}`");
    }
    session.cost(ty, &session.plan(ty, &config).await.unwrap(), usage, &others)
}

/// The parts of what a new object costs, each as `name: quantity unit`.
async fn parts(ty: &str, config: Json, usage: &[(&str, Interval)], related: &[(&str, Json)]) -> Vec<String> {
    let costs = costs(ty, config, usage, related).await;
    let line = |part: &Component| format!("{}: {} {}", part.name, part.quantity.interval, part.unit);
    costs.components().iter().map(line).collect()
}

/// The changes that would make a new object cheaper, each with what it makes of the attribute at a path.
async fn savings(ty: &str, config: Json, usage: &[(&str, Interval)], path: &str) -> Vec<(String, Json)> {
    let (provider, base) = (provider(), tempfile::tempdir().unwrap());
    let session = Session::new(&provider, base.path(), &block("eu-central-1")).await.unwrap();
    let savings = session.savings(ty, &session.plan(ty, &config).await.unwrap(), usage);
    let changed = |value: &Value| at(value, path).and_then(|value| to_plain_json(value).ok()).unwrap_or_default();
    savings.into_iter().map(|saving| (saving.change, changed(&saving.value))).collect()
}
