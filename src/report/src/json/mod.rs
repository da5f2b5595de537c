//! Plans and states as JSON for programs, with the names of Terraform's `show -json`, so that tools which read those
//! work; what only mesh has stands under `mesh`.
//!
//! Unlike Terraform, a sensitive value is not in the JSON: it is `null`, and `true` at its place in
//! `before_sensitive`, `after_sensitive` or `sensitive_values`. What is known after apply is left out of an object's
//! `after`, is `null` in a list, and is `true` at its place in `after_unknown`. A number that no JSON number of 64 bits
//! holds exactly is a string of its digits.

mod actual;
mod changes;
mod checks;
mod cost;
mod tree;
mod value;

pub use actual::actual;
pub use cost::{cost, cost_difference};
use mesh_cost::Spending;
use mesh_plan::{Action, Plan, PlanMode, Summary};
use mesh_value::InstanceAddress;
use serde_json::{Map, Value as Json, json};

use crate::state::State;

/// What stands at the head of a document.
#[derive(Clone, Copy, Debug)]
pub struct About<'a> {
    /// The version of mesh.
    pub version: &'a str,
    /// When the plan was made, as RFC 3339; `None` for documents without a time.
    pub timestamp: Option<&'a str>,
}

/// The version of the documents' form: the second number grows with what is added, the first with what breaks readers.
const FORMAT_VERSION: &str = "1.2";

/// A plan. Objects without a change are in `resource_changes` too, as `no-op`.
#[must_use]
pub fn plan(plan: &Plan, spending: &Spending, about: About<'_>) -> Json {
    let mut document = head(about);
    let has_changes = plan.has_changes();
    document.insert("applyable".into(), has_changes.into());
    document.insert("complete".into(), plan.deferred.is_empty().into());
    document.insert("errored".into(), false.into());
    let live = || plan.changes.iter().filter(|change| change.deposed.is_none());
    let planned = live().filter(|change| !matches!(change.action, Action::Delete | Action::Forget));
    let planned_outputs =
        plan.outputs.iter().filter_map(|output| Some((output.name.as_ref(), output.after.as_ref()?, output.sensitive)));
    document.insert(
        "planned_values".into(),
        tree::values(
            planned
                .map(|change| tree::Object::new(&change.address, &change.provider, &change.after, &change.before))
                .collect(),
            planned_outputs,
        ),
    );
    let prior = live().filter(|change| !change.before.is_null());
    let prior_outputs = plan
        .outputs
        .iter()
        .filter_map(|output| Some((output.name.as_ref(), output.before.as_ref()?, output.sensitive)));
    let mut prior_state = head(About { timestamp: None, ..about });
    prior_state.insert(
        "values".into(),
        tree::values(
            prior
                .map(|change| tree::Object::new(&change.address, &change.provider, &change.before, &change.after))
                .collect(),
            prior_outputs,
        ),
    );
    document.insert("prior_state".into(), Json::Object(prior_state));
    document.insert("resource_changes".into(), plan.changes.iter().map(changes::resource).collect());
    document.insert("resource_drift".into(), plan.drift.iter().map(changes::drift).collect());
    document.insert("output_changes".into(), Json::Object(plan.outputs.iter().map(changes::output).collect()));
    document.insert("checks".into(), checks::checks(plan));
    let mut mesh = mesh(plan);
    if plan.cost.says_something() {
        mesh.insert("cost".into(), cost::of_plan(spending));
    }
    document.insert("mesh".into(), Json::Object(mesh));
    Json::Object(document)
}

/// A state.
#[must_use]
pub fn state(state: &State, about: About<'_>) -> Json {
    let mut document = head(about);
    let objects = state.objects.iter().map(|object| tree::Object {
        address: &object.address,
        deposed: object.deposed.as_deref(),
        provider: &object.provider,
        value: &object.value,
        other: None,
        tainted: object.tainted,
    });
    let outputs = state.outputs.iter().map(|(name, output)| (name.as_ref(), &output.value, output.sensitive));
    document.insert("values".into(), tree::values(objects.collect(), outputs));
    Json::Object(document)
}

/// The outputs of a state, as `mesh output --json` prints them: `{name: {sensitive, type, value}}`.
#[must_use]
pub fn outputs(state: &State) -> Json {
    let outputs = state
        .outputs
        .iter()
        .map(|(name, output)| (name.as_ref().to_owned(), tree::output(&output.marked(), output.sensitive)));
    Json::Object(outputs.collect())
}

fn head(about: About<'_>) -> Map<String, Json> {
    let mut head = Map::from_iter([
        ("format_version".into(), FORMAT_VERSION.into()),
        ("mesh_version".into(), about.version.into()),
    ]);
    if let Some(timestamp) = about.timestamp {
        head.insert("timestamp".into(), timestamp.into());
    }
    head
}

/// What says which object it is, the same in changes and in states.
fn identity(address: &InstanceAddress) -> Map<String, Json> {
    let mut identity = Map::new();
    identity.insert("address".into(), address.to_string().into());
    if !address.block.module.is_root() {
        identity.insert("module_address".into(), address.block.module.to_string().into());
    }
    let mode = match address.block.mode {
        mesh_value::Mode::Managed => "managed",
        mesh_value::Mode::Data => "data",
    };
    identity.insert("mode".into(), mode.into());
    identity.insert("type".into(), address.block.ty.as_ref().into());
    identity.insert("name".into(), address.block.name.as_ref().into());
    match &address.key {
        mesh_value::InstanceKey::None => {}
        mesh_value::InstanceKey::Index(index) => drop(identity.insert("index".into(), (*index).into())),
        mesh_value::InstanceKey::Key(key) => drop(identity.insert("index".into(), key.as_ref().into())),
    }
    identity
}

fn mesh(plan: &Plan) -> Map<String, Json> {
    let deferred = plan
        .deferred
        .iter()
        .map(|block| json!({"address": block.block.to_string(), "reason": block.reason, "waits_for": block.waits_for}));
    let losses = plan.changes.iter().flat_map(|change| {
        change.losses.iter().map(
            |loss| json!({"address": change.address.to_string(), "path": value::path(&loss.path), "what": loss.what}),
        )
    });
    let summaries = plan.summary_by_product().into_iter().map(|(product, counted)| {
        let mut counts = summary(&counted);
        counts.insert("product".into(), product.as_deref().map_or(Json::Null, Json::from));
        Json::Object(counts)
    });
    let mode = match plan.mode {
        PlanMode::Normal => "normal",
        PlanMode::Destroy => "destroy",
        PlanMode::RefreshOnly => "refresh-only",
    };
    Map::from_iter([
        ("mode".into(), mode.into()),
        ("summary".into(), Json::Object(summary(&plan.summary()))),
        ("summary_by_product".into(), summaries.collect()),
        ("products".into(), plan.products.iter().map(changes::product).collect()),
        ("deferred".into(), deferred.collect()),
        ("losses".into(), losses.collect()),
        ("reads".into(), reads(plan)),
    ])
}

fn summary(summary: &Summary) -> Map<String, Json> {
    let Summary { create, update, delete, read, forget, import } = summary;
    let counts = [
        ("import", import),
        ("add", create),
        ("change", update),
        ("destroy", delete),
        ("read", read),
        ("forget", forget),
    ];
    counts.into_iter().map(|(name, count)| (name.to_owned(), Json::from(*count))).collect()
}

/// Who read what: `[{address, reads: [{address, path}]}]`, without vertices that read nothing.
fn reads(plan: &Plan) -> Json {
    let vertices = plan.reads.iter().filter(|(_, links)| !links.is_empty());
    vertices
        .map(|(vertex, links)| {
            let links = links.iter().filter_map(|link| {
                let read = plan.reads.vertex(link.to)?;
                Some(json!({"address": read.to_string(), "path": value::path(&link.path)}))
            });
            json!({"address": vertex.to_string(), "reads": links.collect::<Vec<_>>()})
        })
        .collect()
}
