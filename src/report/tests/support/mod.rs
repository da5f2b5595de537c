//! How cases write values, addresses and plans.

mod costs;

use std::sync::Arc;

use costs::CostsCase;
use mesh_plan::{
    Action, Change, CheckResult, CheckStatus, DeferReason, DeferredBlock, Drift, OutputChange, Plan, PlanMode,
    ProductChange, ReadGraph, Reason, ReplaceOrder, Vertex,
};
use mesh_provider::DataLoss;
use mesh_value::{AttributePath, BlockAddress, InstanceAddress, Marks, ModulePath, Number, Refinements, Type, Value};
use serde::Deserialize;
use serde_json::Value as Json;

/// A value: plain JSON, or `{"$unknown": "string", "prefix": "a"}`, `{"$sensitive": …}`, `{"$list": […]}`, `{"$set": […]}`,
/// `{"$map": {…}}`, `{"$null": "string"}`, `{"$lines": […]}` and `{"$repeat": "x", "times": 3}`.
pub fn value(json: &Json) -> Value {
    let special = json.as_object().and_then(|object| {
        let (name, inner) = object.iter().find(|(name, _)| name.starts_with('$'))?;
        let number = |name: &str| object.get(name).map(|json| json.to_string().parse::<Number>().unwrap());
        let length = |name: &str| object.get(name).and_then(Json::as_u64);
        Some(match name.as_str() {
            "$unknown" => {
                let refinements = Refinements {
                    number_min: number("min"),
                    number_max: number("max"),
                    length_min: length("shortest"),
                    length_max: length("longest"),
                    string_prefix: object.get("prefix").and_then(Json::as_str).map(Arc::from),
                    not_null: false,
                };
                Value::unknown_with(ty(inner.as_str().unwrap()), refinements)
            }
            "$sensitive" => value(inner).with_marks(Marks::SENSITIVE),
            "$null" => Value::null(ty(inner.as_str().unwrap())),
            "$list" => elements(inner, Value::list),
            "$set" => elements(inner, Value::set),
            "$map" => {
                let entries: Vec<_> = inner
                    .as_object()
                    .unwrap()
                    .iter()
                    .map(|(key, json)| (Arc::from(key.as_str()), value(json)))
                    .collect();
                Value::map(entries.first().map_or(Type::Any, |(_, value): &(Arc<str>, Value)| value.ty()), entries)
            }
            "$lines" => {
                let lines: Vec<_> = inner.as_array().unwrap().iter().map(|line| line.as_str().unwrap()).collect();
                Value::string(lines.join("\n") + "\n")
            }
            "$repeat" => {
                let times = object.get("times").and_then(Json::as_u64).unwrap() as usize;
                let one = inner.as_str().unwrap();
                Value::string((0..times).map(|index| one.replace('#', &index.to_string())).collect::<String>())
            }
            "$count" => Value::list(Type::Number, (0..inner.as_u64().unwrap()).map(Value::number).collect()),
            _ => panic!("{name} means nothing"),
        })
    });
    special.unwrap_or_else(|| match json {
        Json::Null => Value::null(Type::Any),
        Json::Bool(value) => Value::bool(*value),
        Json::Number(number) => Value::number(number.to_string().parse::<Number>().unwrap()),
        Json::String(text) => Value::string(text.as_str()),
        Json::Array(values) => Value::tuple(values.iter().map(value)),
        Json::Object(entries) => Value::object(entries.iter().map(|(name, json)| (name.as_str(), value(json)))),
    })
}

fn elements(json: &Json, make: fn(Type, Vec<Value>) -> Value) -> Value {
    let values: Vec<_> = json.as_array().unwrap().iter().map(value).collect();
    make(values.first().map_or(Type::Any, Value::ty), values)
}

fn ty(text: &str) -> Type {
    match text {
        "any" => Type::Any,
        "bool" => Type::Bool,
        "number" => Type::Number,
        "string" => Type::String,
        "list" => Type::list(Type::String),
        "map" => Type::map(Type::String),
        _ => panic!("{text} is no type here"),
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PlanCase {
    #[serde(default)]
    mode: PlanMode,
    #[serde(default)]
    changes: Vec<ChangeCase>,
    #[serde(default)]
    drift: Vec<DriftCase>,
    #[serde(default)]
    deferred: Vec<DeferredCase>,
    #[serde(default)]
    outputs: Vec<OutputCase>,
    #[serde(default)]
    products: Vec<ProductCase>,
    #[serde(default)]
    undecided: Vec<String>,
    costs: Option<CostsCase>,
    /// `[reader, read, path]`
    #[serde(default)]
    reads: Vec<(String, String, String)>,
    /// What to explain.
    #[serde(default)]
    pub why: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ChangeCase {
    address: String,
    deposed: Option<Arc<str>>,
    #[serde(default = "local")]
    provider: Arc<str>,
    action: String,
    reason: Option<Reason>,
    #[serde(default)]
    before: Json,
    #[serde(default)]
    after: Json,
    #[serde(default)]
    requires_replace: Vec<String>,
    #[serde(default)]
    losses: Vec<(String, String)>,
    product: Option<Arc<str>>,
}

fn local() -> Arc<str> {
    "local".into()
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct DriftCase {
    address: String,
    before: Json,
    #[serde(default)]
    after: Json,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct DeferredCase {
    block: String,
    reason: DeferReason,
    waits_for: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct OutputCase {
    name: Arc<str>,
    before: Option<Json>,
    after: Option<Json>,
    #[serde(default)]
    sensitive: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ProductCase {
    id: Arc<str>,
    address: Arc<str>,
    action: String,
    #[serde(default)]
    before: Json,
    #[serde(default)]
    after: Json,
}

impl PlanCase {
    pub fn build(self) -> Plan {
        let mut reads = ReadGraph::default();
        for (reader, read, path) in &self.reads {
            let reader = reads.number(&vertex(reader));
            reads.record(reader, &vertex(read), path.parse().unwrap());
        }
        Plan {
            mode: self.mode,
            cost: self.costs.map(CostsCase::build).unwrap_or_default(),
            changes: self.changes.into_iter().map(ChangeCase::build).collect(),
            drift: self
                .drift
                .into_iter()
                .map(|drift| Drift {
                    address: drift.address.parse().unwrap(),
                    before: value(&drift.before),
                    after: value(&drift.after),
                })
                .collect(),
            deferred: self
                .deferred
                .into_iter()
                .map(|deferred| DeferredBlock {
                    block: Arc::new(deferred.block.parse::<BlockAddress>().unwrap()),
                    reason: deferred.reason,
                    waits_for: deferred.waits_for,
                })
                .collect(),
            outputs: self
                .outputs
                .into_iter()
                .map(|output| OutputChange {
                    name: output.name,
                    before: output.before.as_ref().map(value),
                    after: output.after.as_ref().map(value),
                    sensitive: output.sensitive,
                })
                .collect(),
            products: self
                .products
                .into_iter()
                .map(|product| ProductChange {
                    id: product.id,
                    address: product.address,
                    action: action(&product.action),
                    before: value(&product.before),
                    after: value(&product.after),
                })
                .collect(),
            checks: self
                .undecided
                .into_iter()
                .map(|address| CheckResult {
                    of: Vertex::Instance(address.parse().unwrap()),
                    status: CheckStatus::Undecided,
                    problems: Vec::new(),
                })
                .collect(),
            reads,
        }
    }
}

impl ChangeCase {
    fn build(self) -> Change {
        Change {
            previous: None,
            importing: None,
            address: self.address.parse::<InstanceAddress>().unwrap(),
            deposed: self.deposed,
            provider: self.provider,
            action: action(&self.action),
            reason: self.reason,
            before: value(&self.before),
            after: value(&self.after),
            requires_replace: self.requires_replace.iter().map(|path| path.parse().unwrap()).collect(),
            losses: self
                .losses
                .into_iter()
                .map(|(path, what)| DataLoss { path: path.parse::<AttributePath>().unwrap(), what })
                .collect(),
            product: self.product,
        }
    }
}

pub fn action(symbol: &str) -> Action {
    match symbol {
        "" => Action::NoOp,
        "+" => Action::Create,
        "<=" => Action::Read,
        "~" => Action::Update,
        "-/+" => Action::Replace(ReplaceOrder::DestroyBeforeCreate),
        "+/-" => Action::Replace(ReplaceOrder::CreateBeforeDestroy),
        "-" => Action::Delete,
        "." => Action::Forget,
        _ => panic!("{symbol} is no action"),
    }
}

/// `var.a`, `local.b`, `block:local_bucket.a`, `product:orders`, else an instance.
fn vertex(text: &str) -> Vertex {
    let root = ModulePath::root;
    if let Some(name) = text.strip_prefix("var.") {
        Vertex::Variable(root(), name.into())
    } else if let Some(name) = text.strip_prefix("local.") {
        Vertex::Local(root(), name.into())
    } else if let Some(block) = text.strip_prefix("block:") {
        Vertex::Block(Arc::new(block.parse().unwrap()))
    } else if let Some(name) = text.strip_prefix("product:") {
        Vertex::Product(root(), name.into())
    } else {
        Vertex::Instance(text.parse().unwrap())
    }
}
