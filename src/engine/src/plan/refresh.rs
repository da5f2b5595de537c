//! Reads the objects of a provider configuration from their platform, a batch a type.

use std::collections::BTreeMap;
use std::sync::Arc;

use futures_util::future::join_all;
use mesh_config::{provider_type, without_key};
use mesh_diagnostics::{Diagnostic, Severity};
use mesh_plan::PlanMode;
use mesh_plan::evidence::Moved;
use mesh_provider::{ConfiguredProvider, Failure, Private, ReadItem, ReadRequest};
use mesh_value::{InstanceAddress, Value, differing_paths};

use super::{Planner, Snapshot, from_provider};
use crate::events::Event;
use crate::prior::PriorObject;
use crate::saved::stale;
use crate::stored;
use crate::world::block_key;

/// An object as the platform has it.
#[derive(Clone, Debug, PartialEq)]
pub struct Refreshed {
    /// Its value; `None` where it is gone.
    pub value: Option<Value>,
    /// The provider's own bytes.
    pub private: Private,
}

impl Planner<'_> {
    /// Makes sure that what was not as the state had it when a plan was saved is still so: the plan is about that.
    async fn hold_snapshot(&self, name: &Arc<str>, provider: &dyn ConfiguredProvider, snapshot: &Snapshot) {
        let mut differing: BTreeMap<Arc<str>, Vec<(PriorObject, Value)>> = BTreeMap::new();
        for address in snapshot.objects.keys() {
            let object = self.prior.borrow().objects.get(address).cloned();
            let Some(object) = object.filter(|object| self.is_kept_by(object, name)) else { continue };
            if let Ok(value) = stored::current(self.run.inputs.providers, &object) {
                differing.entry(address.block.ty.clone()).or_default().push((object, value));
            }
        }
        for (ty, objects) in differing {
            let items = objects.iter().map(|(object, value)| ReadItem {
                current: value.without_marks_deep(),
                private: object.record.private.clone(),
            });
            let results = provider.read(ReadRequest { ty: ty.clone(), items: items.collect() }).await;
            if results.len() != objects.len() {
                self.report_count(&ty, objects.len(), results.len());
            }
            for ((object, _), result) in objects.iter().zip(results) {
                let saved = snapshot.objects.get(&object.address).and_then(|refreshed| refreshed.value.as_ref());
                let is_same = match (saved, &result.new) {
                    (None, None) => true,
                    (Some(saved), Some(now)) => saved.same(now),
                    _ => false,
                };
                if !is_same {
                    let path = match (saved, &result.new) {
                        (Some(saved), Some(now)) => differing_paths(saved, now).into_iter().next().unwrap_or_default(),
                        _ => mesh_value::AttributePath::default(),
                    };
                    let (address, what) = (object.address.clone(), "was changed outside of mesh");
                    self.run.report(stale(Moved { address, path, what }));
                }
            }
        }
    }

    /// Reads every selected object of a provider configuration, all types at the same time.
    pub(super) async fn refresh(&self, name: &Arc<str>, provider: &dyn ConfiguredProvider) {
        if let Some(snapshot) = &self.options.snapshot {
            self.draft.borrow_mut().snapshot.objects.extend(snapshot.objects.clone());
            self.hold_snapshot(name, provider, snapshot).await;
            return;
        }
        if !self.options.refresh {
            return;
        }
        let mut by_type: BTreeMap<Arc<str>, Vec<PriorObject>> = BTreeMap::new();
        for object in self.prior.borrow().objects.values() {
            if self.is_kept_by(object, name) && self.selection.covers(&object.address) {
                by_type.entry(object.address.block.ty.clone()).or_default().push(object.clone());
            }
        }
        let objects = by_type.values().map(Vec::len).sum();
        if objects == 0 {
            return;
        }
        self.observer.event(Event::Refreshing { provider: name.to_string(), objects });
        join_all(by_type.into_iter().map(|(ty, objects)| self.read(provider, ty, objects))).await;
        self.observer.event(Event::Refreshed { provider: name.to_string(), objects });
    }

    /// Whether an object is read through a configuration: through the one that made it, unless its block names another
    /// one now.
    fn is_kept_by(&self, object: &PriorObject, name: &Arc<str>) -> bool {
        if object.record.provider != **name {
            return false;
        }
        let block = &object.address.block;
        let tree = self.run.inputs.tree;
        let declared = tree.find(&block.module).and_then(|tree| tree.module.resources.get(&block_key(block)));
        let Some(resource) = declared.filter(|_| self.options.mode == PlanMode::Normal) else { return true };
        let used = tree.provider_use(&block.module, &resource.provider.config);
        used.address.to_string() == without_key(name)
    }

    /// Reads an object again that another provider configuration made: what counts is how its own has it.
    pub(super) async fn read_elsewhere(
        &self,
        address: &InstanceAddress,
        name: &Arc<str>,
        provider: &dyn ConfiguredProvider,
    ) {
        if !self.options.refresh || self.options.snapshot.is_some() {
            return;
        }
        let object = self.prior.borrow().objects.get(address).cloned();
        if let Some(object) = object.filter(|object| object.record.provider != **name) {
            self.draft.borrow_mut().snapshot.objects.remove(address);
            let made_by = object.record.provider.clone();
            self.read(provider, address.block.ty.clone(), vec![object]).await;
            let mut draft = self.draft.borrow_mut();
            if draft.snapshot.objects.get(address).is_some_and(|refreshed| refreshed.value.is_none()) {
                draft.left_behind.insert(address.clone());
                drop(draft);
                let detail = format!(
                    "{address} was made by provider configuration `{made_by}`. Its block names `{name}` now, which has no \
                     such object, so a new one will be made. The old one stays where it is, and mesh forgets it."
                );
                self.run.report(
                    Diagnostic::warning("object-left-behind", "Object stays behind", detail)
                        .about(address)
                        .hint("To have the old one deleted, destroy it before its block names another configuration."),
                );
            }
        }
    }

    async fn read(&self, provider: &dyn ConfiguredProvider, ty: Arc<str>, objects: Vec<PriorObject>) {
        let mut asked: Vec<(PriorObject, Value)> = Vec::with_capacity(objects.len());
        for object in objects {
            match stored::current(self.run.inputs.providers, &object) {
                Ok(value) => asked.push((object, value)),
                Err(problem) => self.run.report(*problem),
            }
        }
        let items = asked.iter().map(|(object, value)| {
            let (current, marks) = value.unmark_deep();
            self.run.progress.borrow_mut().secrets.note(&current, &marks);
            ReadItem { current, private: object.record.private.clone() }
        });
        let items = items.collect();
        let results = provider.read(ReadRequest { ty: ty.clone(), items }).await;
        if results.len() != asked.len() {
            self.report_count(&ty, asked.len(), results.len());
            return;
        }
        for ((object, stored), result) in asked.into_iter().zip(results) {
            let failed = result.diagnostics.iter().any(|problem| problem.severity == Severity::Error);
            for problem in result.diagnostics {
                let problem = self.run.progress.borrow().secrets.hide(problem);
                self.run.report(from_provider(problem, &object.address.to_string(), None));
            }
            if failed {
                continue;
            }
            let new = match result.new.map(|new| self.fitting(&object, new)).transpose() {
                Ok(new) => new,
                Err(Failure(problems)) => {
                    for problem in problems {
                        self.run.report(from_provider(problem, &object.address.to_string(), None));
                    }
                    continue;
                }
            };
            let is_same = new.as_ref().is_some_and(|new| new.same(&stored));
            if !is_same || result.private != object.record.private {
                let value = new.map(|new| stored::with_marks_of(&stored, new));
                let refreshed = Refreshed { value, private: result.private };
                self.draft.borrow_mut().snapshot.objects.insert(object.address.clone(), refreshed);
            }
        }
    }

    /// What was read of an object, held against its schema.
    fn fitting(&self, object: &PriorObject, new: Value) -> Result<Value, Failure> {
        let schemas = self.run.inputs.providers.schema(&provider_type(&object.record.provider));
        match schemas.and_then(|schemas| schemas.resources.get(&object.address.block.ty)) {
            Some(schema) => stored::checked(schema, new).map_err(|why| stored::misfit("read", &why)),
            None => Ok(new),
        }
    }

    fn report_count(&self, ty: &str, asked: usize, read: usize) {
        let detail = format!(
            "Asked for {asked} objects of type `{ty}`, the provider answered with {read}: nobody can say which is which. This is a bug in the provider."
        );
        self.run.report(Diagnostic::error("provider-inconsistent", "The provider answered in part", detail));
    }

    /// An object as it is now: as refreshed, else as stored. `None` where it does not exist.
    pub(super) fn existing(&self, address: &InstanceAddress) -> Option<(Value, Private)> {
        if let Some(refreshed) = self.draft.borrow().snapshot.objects.get(address) {
            return Some((refreshed.value.clone()?, refreshed.private.clone()));
        }
        let prior = self.prior.borrow();
        let object = prior.objects.get(address)?;
        match stored::current(self.run.inputs.providers, object) {
            Ok(value) => Some((value, object.record.private.clone())),
            Err(problem) => {
                self.run.report(*problem);
                None
            }
        }
    }
}
