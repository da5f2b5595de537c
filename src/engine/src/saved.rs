//! Saving a plan with everything that applying it needs, and taking it up again: still valid, or stale and why.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::path::PathBuf;
use std::sync::Arc;

use mesh_diagnostics::{Diagnostic, Diagnostics};
use mesh_plan::evidence::{self, Moved};
use mesh_plan::{Action, Change, SavedData, SavedObject, SavedPlan};
use mesh_state::Intent;
use mesh_value::{InstanceAddress, Marks, Value, differing_paths};

use crate::events::Observer;
use crate::moves;
use crate::plan::{DataSnapshot, PlanOptions, Planned, Refreshed, Snapshot, plan_moved};
use crate::prior::{Prior, PriorObject};
use crate::run::Inputs;

/// A plan with its configuration, its variables, and what was read for it.
#[must_use]
pub fn save(
    planned: &Planned,
    inputs: &Inputs<'_>,
    options: &PlanOptions,
    files: &[(PathBuf, String)],
    lineage: Option<String>,
    planned_at: (i64, u32),
) -> SavedPlan {
    let objects = planned.snapshot.objects.iter().map(|(address, refreshed)| SavedObject {
        address: address.clone(),
        value: refreshed.value.clone(),
        private: refreshed.private.clone(),
    });
    let data = planned.snapshot.data.iter().map(|(address, snapshot)| SavedData {
        address: address.clone(),
        config: snapshot.config.clone(),
        value: snapshot.value.clone(),
    });
    let mut objects: Vec<SavedObject> = objects.collect();
    objects.sort_by(|left, right| left.address.cmp(&right.address));
    let mut data: Vec<SavedData> = data.collect();
    data.sort_by(|left, right| left.address.cmp(&right.address));
    SavedPlan {
        plan: planned.plan.clone(),
        files: files.to_vec(),
        variables: variables(inputs),
        ephemeral: inputs.given_ephemeral.clone(),
        targets: options.targets.clone(),
        excludes: options.excludes.clone(),
        replace: options.replace.clone(),
        lineage,
        planned_at,
        evidence: evidence::collect(&planned.plan, |address, deposed| stored(&planned.prior, address, deposed)),
        objects,
        data,
    }
}

/// The values of the root module's variables but for the ephemeral ones, the secret ones marked, so that the file is encrypted.
fn variables(inputs: &Inputs<'_>) -> BTreeMap<Arc<str>, Value> {
    let declared = &inputs.tree.module.variables;
    let is_ephemeral = |name: &Arc<str>| declared.get(name).is_some_and(|variable| variable.ephemeral);
    let kept = inputs.variables.iter().filter(|(name, _)| !is_ephemeral(name));
    let marked = kept.map(|(name, value)| {
        let is_secret = declared.get(name).is_some_and(|variable| variable.sensitive);
        (name.clone(), if is_secret { value.clone().with_marks(Marks::SENSITIVE) } else { value.clone() })
    });
    marked.collect()
}

fn stored<'a>(prior: &'a Prior, address: &InstanceAddress, deposed: Option<&str>) -> Option<&'a Value> {
    // What is imported while planning is not in the state yet.
    let object = prior.find(address, deposed).filter(|object| object.imported.is_none());
    object.map(|object| &object.record.value)
}

/// Takes a saved plan up again: checks that nothing moved that it was decided on, works it out once more from what was
/// saved with it, and makes sure that the result is what was saved. What was applied in between and does not concern it
/// is left alone.
///
/// # Errors
/// Where it is stale: each address and attribute that moved.
pub async fn reopen(
    saved: &SavedPlan,
    inputs: &Inputs<'_>,
    mut prior: Prior,
    intents: &[Intent],
    lineage: Option<&str>,
    observer: &dyn Observer,
) -> Result<Planned, Diagnostics> {
    if saved.lineage.as_deref() != lineage && saved.lineage.is_some() {
        let detail = "The plan was made on another state than the one in this directory.";
        return Err(Diagnostic::error("plan-of-other-state", "Plan of another state", detail)
            .hint("Make a new plan here with `mesh plan --out FILE`. Nothing was changed.")
            .into());
    }
    // Objects that the plan does not know came later and are none of its business.
    let changed = saved.plan.changes.iter().flat_map(|change| {
        [Some(&change.address), change.previous.as_ref()]
            .into_iter()
            .flatten()
            .map(|at| (at, change.deposed.as_deref()))
    });
    let decided_on = saved.evidence.iter().map(|evidence| (&evidence.address, evidence.deposed.as_deref()));
    let known: HashSet<_> = changed.chain(decided_on).collect();
    let is_outside = |object: &PriorObject| !known.contains(&(&object.address, object.deposed.as_deref()));
    prior.outside = prior.objects.extract_if(|_, object| is_outside(object)).map(|(_, object)| object).collect();
    prior.outside.extend(prior.deposed.extract_if(.., |object| is_outside(object)));
    let moves = moves::carry_out(inputs.tree, inputs.providers, prior, intents)?;
    let moved = evidence::moved(&saved.evidence, |address, deposed| stored(&moves.prior, address, deposed));
    if !moved.is_empty() {
        return Err(moved.into_iter().map(stale).collect());
    }
    let mut options = options_of(saved);
    options.snapshot = Some(Arc::new(snapshot_of(saved)));
    let (mut planned, _) = plan_moved(inputs, moves, &options, observer).await?;
    hold(saved, &mut planned)?;
    Ok(planned)
}

fn options_of(saved: &SavedPlan) -> PlanOptions {
    PlanOptions {
        mode: saved.plan.mode,
        targets: saved.targets.clone(),
        excludes: saved.excludes.clone(),
        replace: saved.replace.clone(),
        generate: false,
        refresh: false,
        snapshot: None,
    }
}

/// The options to plan with what a saved plan left to be decided.
#[must_use]
pub fn options_to_go_on(saved: &SavedPlan) -> PlanOptions {
    PlanOptions { replace: Vec::new(), refresh: true, ..options_of(saved) }
}

fn snapshot_of(saved: &SavedPlan) -> Snapshot {
    let objects = saved.objects.iter().map(|object| {
        let refreshed = Refreshed { value: object.value.clone(), private: object.private.clone() };
        (object.address.clone(), refreshed)
    });
    let data = saved.data.iter().map(|data| {
        let snapshot = DataSnapshot { config: data.config.clone(), value: data.value.clone() };
        (data.address.clone(), snapshot)
    });
    Snapshot { objects: objects.collect(), data: data.collect() }
}

/// Makes sure that the plan worked out again does what was saved, and nothing else.
fn hold(saved: &SavedPlan, planned: &mut Planned) -> Result<(), Diagnostics> {
    let before: HashMap<_, &Change> = saved.plan.changes.iter().map(|c| ((&c.address, &c.deposed), c)).collect();
    let mut diagnostics = Diagnostics::default();
    for change in &mut planned.plan.changes {
        let approved = before.get(&(&change.address, &change.deposed));
        if approved.and_then(|approved| approved.previous.as_ref()) != change.previous.as_ref()
            || approved.is_some_and(|approved| approved.importing != change.importing)
        {
            let what = "got its address from elsewhere";
            diagnostics.push(stale(Moved { address: change.address.clone(), path: Default::default(), what }));
            continue;
        }
        let approved_action = approved.map_or(Action::NoOp, |approved| approved.action);
        if approved_action == Action::NoOp && change.importing.is_none() {
            // Nothing was approved for it: whatever would be done to it now waits for a plan of its own.
            change.action = Action::NoOp;
            continue;
        }
        let Some(approved) = approved else { continue };
        let mut differing = differing_paths(&approved.after, &change.after);
        if change.importing.is_some() {
            differing.extend(differing_paths(&approved.before, &change.before));
        }
        if change.action != approved.action || !differing.is_empty() {
            let path = differing.into_iter().next().unwrap_or_default();
            diagnostics.push(stale(Moved {
                address: change.address.clone(),
                path,
                what: "would come out differently",
            }));
        }
    }
    let now: HashSet<_> = planned.plan.changes.iter().map(|change| (&change.address, &change.deposed)).collect();
    for change in saved.plan.changes.iter().filter(|change| change.is_change()) {
        if !now.contains(&(&change.address, &change.deposed)) {
            let what = "would not be changed any more";
            diagnostics.push(stale(Moved { address: change.address.clone(), path: Default::default(), what }));
        }
    }
    diagnostics.into_result().map(|_| ())
}

/// The diagnostic for something that moved since a plan was saved.
pub(crate) fn stale(moved: Moved) -> Diagnostic {
    let Moved { address, path, what } = moved;
    let detail = format!("Since the plan was saved, `{address}{path}` {what}, and the plan was decided on it.");
    Diagnostic::error("plan-stale", "The plan is stale", detail)
        .about(address)
        .hint("Make a new plan with `mesh plan --out FILE`. Nothing was changed.")
}
