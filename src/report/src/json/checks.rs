//! What came of conditions, with the names of Terraform's `show -json`: an entry a block, in it one an instance.

use std::collections::BTreeMap;

use mesh_plan::{CheckResult, CheckStatus, Plan, Vertex};
use mesh_value::{InstanceKey, Mode, ModulePath};
use serde_json::{Map, Value as Json, json};

/// A block's address, and its instances as they are shown.
type Block = (Map<String, Json>, BTreeMap<String, Instance>);

/// The outcome of every condition of a plan.
pub fn checks(plan: &Plan) -> Json {
    let mut blocks: BTreeMap<String, Block> = BTreeMap::new();
    for check in &plan.checks {
        let Some((display, address)) = block(&check.of) else { continue };
        let (_, instances) = blocks.entry(display).or_insert_with(|| (address, BTreeMap::new()));
        let instance = instances.entry(check.of.to_string()).or_insert_with(|| Instance::of(&check.of));
        instance.add(check);
    }
    let entry = |(address, instances): Block| {
        let worst = instances.values().map(|instance| rank(instance.status)).max().unwrap_or_default();
        let status = WORDS.get(worst).copied().unwrap_or_default();
        let instances: Vec<Json> = instances.into_values().map(Instance::json).collect();
        json!({"address": address, "status": status, "instances": instances})
    };
    blocks.into_values().map(entry).collect()
}

struct Instance {
    address: Map<String, Json>,
    status: CheckStatus,
    problems: Vec<String>,
}

impl Instance {
    fn of(vertex: &Vertex) -> Self {
        let mut address = Map::new();
        if let Some(module) = module(vertex).filter(|module| !module.is_root()) {
            address.insert("module".into(), module.to_string().into());
        }
        if let Vertex::Instance(object) = vertex {
            match &object.key {
                InstanceKey::None => {}
                InstanceKey::Index(index) => drop(address.insert("instance_key".into(), (*index).into())),
                InstanceKey::Key(key) => drop(address.insert("instance_key".into(), key.as_ref().into())),
            }
        }
        address.insert("to_display".into(), vertex.to_string().into());
        Self { address, status: CheckStatus::Holds, problems: Vec::new() }
    }

    fn add(&mut self, check: &CheckResult) {
        if rank(check.status) > rank(self.status) {
            self.status = check.status;
        }
        self.problems.extend(check.problems.iter().cloned());
    }

    fn json(self) -> Json {
        let mut json = json!({"address": self.address, "status": WORDS.get(rank(self.status))});
        if !self.problems.is_empty() {
            json["problems"] = self.problems.iter().map(|problem| json!({"message": problem})).collect();
        }
        json
    }
}

/// The field's words, by rank.
const WORDS: [&str; 3] = ["pass", "unknown", "fail"];

const fn rank(status: CheckStatus) -> usize {
    match status {
        CheckStatus::Holds => 0,
        CheckStatus::Undecided => 1,
        CheckStatus::Fails => 2,
    }
}

fn module(vertex: &Vertex) -> Option<&ModulePath> {
    match vertex {
        Vertex::Variable(module, _) | Vertex::Output(module, _) | Vertex::Check(module, _) => Some(module),
        Vertex::Instance(object) => Some(&object.block.module),
        _ => None,
    }
}

/// The block that a condition belongs to: how it is shown, and its address.
fn block(vertex: &Vertex) -> Option<(String, Map<String, Json>)> {
    let path = module(vertex)?.without_keys();
    let mut address = Map::new();
    if !path.is_root() {
        address.insert("module".into(), path.to_string().into());
    }
    let mut named = |kind: &str, name: &str| {
        address.insert("kind".into(), kind.into());
        address.insert("name".into(), name.into());
    };
    let block = match vertex {
        Vertex::Variable(_, name) => {
            named("var", name);
            Vertex::Variable(path, name.clone())
        }
        Vertex::Output(_, name) => {
            named("output_value", name);
            Vertex::Output(path, name.clone())
        }
        Vertex::Check(_, name) => {
            named("check", name);
            Vertex::Check(path, name.clone())
        }
        Vertex::Instance(object) => {
            named("resource", &object.block.name);
            let mode = if object.block.mode == Mode::Managed { "managed" } else { "data" };
            address.insert("mode".into(), mode.into());
            address.insert("type".into(), object.block.ty.as_ref().into());
            let block = mesh_value::BlockAddress { module: path, ..mesh_value::BlockAddress::clone(&object.block) };
            Vertex::Block(block.into())
        }
        _ => return None,
    };
    let display = block.to_string();
    address.insert("to_display".into(), display.clone().into());
    Some((display, address))
}
