//! What an apply writes beside the objects: what was refreshed, outputs, data products, the history's entry.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::sync::Arc;

use mesh_config::provider_type;
use mesh_diagnostics::Diagnostic;
use mesh_plan::{Action, Plan, PlanMode};
use mesh_state::{ApplyEnd, ChangeResult, Edit, HistoryChange, InstanceRecord, OutputRecord, ProductRecord};
use mesh_value::{ModulePath, Value};

use super::{Applied, Applier, ChangeOutcome};
use crate::plan::{Snapshot, objects_read};
use crate::prior::{Prior, PriorObject};
use crate::world::Known;
use crate::{EngineError, Providers};

/// Brings what is known of the state up to what was read from the platform, and renews what each object waits for,
/// belongs to and keeps secret where the configuration says otherwise now; the edits that do the same to the state.
pub(super) fn refresh(prior: &mut Prior, snapshot: &Snapshot, plan: &Plan, providers: &Providers) -> Vec<Edit> {
    let (mut edits, mut renewed) = (Vec::new(), BTreeSet::new());
    for (address, refreshed) in &snapshot.objects {
        let Some(object) = prior.objects.get_mut(address) else { continue };
        match &refreshed.value {
            Some(value) => {
                // What was read has the shape of this build's schema, whatever the record had.
                let version = schema_version(providers, object).unwrap_or(object.record.schema_version);
                let record = &mut object.record;
                record.value = value.clone();
                record.private = refreshed.private.clone();
                record.schema_version = version;
                renewed.insert(address);
            }
            None => {
                prior.objects.remove(address);
                edits.push(Edit::DeleteInstance { address: address.to_string(), deposed: None });
            }
        }
    }
    if plan.mode == PlanMode::Normal {
        for change in plan.changes.iter().filter(|change| change.action == Action::NoOp) {
            let Some(object) = prior.objects.get_mut(&change.address) else { continue };
            let record = InstanceRecord {
                reads: objects_read(&plan.reads, &change.address),
                product: change.product.as_deref().map(ToOwned::to_owned),
                provider: change.provider.to_string(),
                value: marked_like(&object.record.value, &change.after),
                ..object.record.clone()
            };
            if record != object.record {
                object.record = record;
                renewed.insert(&change.address);
            }
        }
    }
    let records = renewed.into_iter().filter_map(|address| prior.objects.get(address));
    edits.extend(records.map(|object| Edit::PutInstance(Box::new(object.record.clone()))));
    edits
}

/// What takes the objects that were imported while planning into the state, before anything is done to them.
pub(super) fn imports(prior: &mut Prior, plan: &Plan) -> Vec<Edit> {
    let mut edits = Vec::new();
    for change in plan.changes.iter().filter(|change| change.importing.is_some()) {
        let Some(object) = prior.objects.get_mut(&change.address) else { continue };
        let record = &mut object.record;
        record.reads = objects_read(&plan.reads, &change.address);
        record.product = change.product.as_deref().map(ToOwned::to_owned);
        // What the configuration keeps secret is encrypted from the start.
        record.value = crate::stored::with_marks_of(&change.after, record.value.clone());
        edits.push(Edit::PutInstance(Box::new(record.clone())));
    }
    edits
}

/// The version of the schema that values of an object's type have in this build.
fn schema_version(providers: &Providers, object: &PriorObject) -> Option<u64> {
    Some(providers.schema(&provider_type(&object.record.provider))?.resources.get(&object.address.block.ty)?.version)
}

/// A stored value, with what the configuration keeps secret now marked too: then it is encrypted from now on.
fn marked_like(stored: &Value, planned: &Value) -> Value {
    if planned.deep_marks().is_empty() || !stored.same(planned) {
        return stored.clone();
    }
    stored.with_marks_at(&planned.unmark_deep().1)
}

/// Output values by name, and whether they are sensitive.
type Outputs = BTreeMap<Arc<str>, (Value, bool)>;

impl Applier<'_> {
    /// Writes outputs and products and completes the history's entry.
    pub(super) async fn finish(
        self,
        number: Option<u64>,
        results: Vec<ChangeOutcome>,
        not_computed: &HashSet<Arc<str>>,
        stopped: bool,
    ) -> Result<Applied, EngineError> {
        let (mut edits, outputs) = self.output_edits(not_computed);
        edits.extend(self.product_edits(&results));
        if let Some(number) = number {
            let changes = results.iter().map(|outcome| HistoryChange {
                address: outcome.address.to_string(),
                deposed: outcome.deposed.as_deref().map(ToOwned::to_owned),
                previous: outcome.previous.as_ref().map(ToString::to_string),
                action: outcome.word().to_owned(),
                result: outcome.result,
            });
            let end = ApplyEnd { changes: changes.collect(), edits };
            if let Err(error) = self.state.finish_apply(number, &end).await {
                self.report_state(&error, "outputs and data products", "what the state says of them is old");
            }
        }
        let failed = results.iter().find(|result| result.result == ChangeResult::Failed);
        let over_budget = self.spending.stopped().is_some();
        let mut diagnostics = self.run.progress.into_inner().diagnostics;
        if let Some(failed) = failed.filter(|_| !diagnostics.has_errors()) {
            let detail = "It failed, and nothing says why. This is a bug in mesh.";
            diagnostics
                .push(Diagnostic::error("unexplained-failure", "Unexplained failure", detail).about(&failed.address));
        }
        diagnostics.sort();
        Ok(Applied { results, diagnostics, stopped, over_budget, outputs })
    }

    /// Root outputs that are known now. One that could not be computed keeps its old value.
    fn output_edits(&self, not_computed: &HashSet<Arc<str>>) -> (Vec<Edit>, Outputs) {
        let progress = self.run.progress.borrow();
        let state = progress.world.module(&ModulePath::root());
        let (mut edits, mut outputs) = (Vec::new(), BTreeMap::new());
        for change in &self.plan.outputs {
            let Some(planned) = &change.after else {
                edits.push(Edit::DeleteOutput(change.name.to_string()));
                continue;
            };
            let computed = match state.and_then(|state| state.outputs.get(&change.name)) {
                _ if not_computed.contains(&change.name) => None,
                Some(Known::Value(value)) if value.is_wholly_known() => Some(value.clone()),
                Some(_) => None,
                None => Some(planned.clone()).filter(Value::is_wholly_known),
            };
            let computed = if self.plan.mode == PlanMode::Destroy { Some(planned.clone()) } else { computed };
            let Some(value) = computed.or_else(|| change.before.clone()) else { continue };
            let sensitive = change.sensitive || value.deep_marks().is_sensitive();
            if change.before.as_ref() != Some(&value) {
                let name = change.name.to_string();
                edits.push(Edit::PutOutput(OutputRecord { name, value: value.clone(), sensitive }));
            }
            outputs.insert(change.name.clone(), (value, sensitive));
        }
        (edits, outputs)
    }

    /// Descriptors of products all of whose objects are as planned.
    fn product_edits(&self, results: &[ChangeOutcome]) -> Vec<Edit> {
        let unfinished = |result: &&ChangeOutcome| result.result != ChangeResult::Done;
        let unfinished: BTreeSet<_> = results.iter().filter(unfinished).map(|r| (&r.address, &r.deposed)).collect();
        let incomplete: BTreeSet<Option<&str>> = self
            .plan
            .changes
            .iter()
            .filter(|change| unfinished.contains(&(&change.address, &change.deposed)))
            .map(|change| change.product.as_deref())
            .collect();
        let evaluated = self.products.borrow();
        let evaluated: BTreeMap<&Arc<str>, &Value> = evaluated.values().map(|(id, value)| (id, value)).collect();
        let previous = self.prior.products.iter().map(|(id, (address, _))| (address, id));
        let previous: BTreeMap<&Arc<str>, &Arc<str>> = previous.collect();
        let mut edits = Vec::new();
        for change in self.plan.products.iter().filter(|change| change.action != Action::NoOp) {
            if incomplete.contains(&Some(change.id.as_ref())) {
                continue;
            }
            if change.action == Action::Delete {
                edits.push(Edit::DeleteProduct(change.id.to_string()));
                continue;
            }
            let now = evaluated.get(&change.id).copied().unwrap_or(&change.after);
            let Ok(descriptor) = mesh_value::to_plain_json(now) else { continue };
            if !now.is_wholly_known() {
                continue;
            }
            if let Some(id) = previous.get(&change.address).filter(|id| ***id != change.id) {
                edits.push(Edit::DeleteProduct(id.to_string()));
            }
            let (id, address) = (change.id.to_string(), change.address.to_string());
            edits.push(Edit::PutProduct(ProductRecord { id, address, descriptor }));
        }
        edits
    }
}
