//! Configures a provider and reads all of its objects, a batch a type.

use std::collections::BTreeMap;
use std::sync::Arc;

use futures_util::future::join_all;
use mesh_diagnostics::{Diagnostic, Severity};
use mesh_lang::decode;
use mesh_plan::Vertex;
use mesh_plan::evidence::Moved;
use mesh_provider::{
    ConfigureRequest, ConfiguredProvider, Failure, Private, ProviderDiagnostic, ReadItem, ReadRequest,
};
use mesh_value::{InstanceAddress, ModulePath, Value, differing_paths};

use super::{Planner, Snapshot};
use crate::events::Event;
use crate::prior::PriorObject;
use crate::run::{Configured, Standing};
use crate::saved::stale;
use crate::scope::Repeated;
use crate::stored;

/// An object as the platform has it.
#[derive(Clone, Debug, PartialEq)]
pub struct Refreshed {
    /// Its value; `None` where it is gone.
    pub value: Option<Value>,
    /// The provider's own bytes.
    pub private: Private,
}

impl Planner<'_> {
    /// Configures one provider configuration of the root module and refreshes what it keeps.
    pub(super) async fn provider(&self, name: &Arc<str>) {
        let configured = self.configure(name).await;
        self.run.progress.borrow_mut().configured.insert(name.clone(), configured.clone());
        let vertex = Vertex::Provider(name.clone());
        match configured {
            Configured::Ready(provider) => {
                self.settle_intents(name, provider.as_ref()).await;
                self.refresh(name, provider.as_ref()).await;
            }
            Configured::Unknown => self.run.progress.borrow_mut().settle(&vertex, Standing::Deferred),
            Configured::Failed => self.run.progress.borrow_mut().settle(&vertex, Standing::Failed),
        }
    }

    async fn configure(&self, name: &Arc<str>) -> Configured {
        let inputs = self.run.inputs;
        let (local, alias) = name.split_once('.').map_or((name.as_ref(), None), |(local, alias)| (local, Some(alias)));
        let Some(provider) = inputs.providers.get(local) else {
            self.report_missing(name);
            return Configured::Failed;
        };
        let module = &inputs.tree.module;
        let block = module.providers.iter().find(|p| p.name.as_ref() == local && p.alias.as_deref() == alias);
        if alias.is_some() && block.is_none() {
            self.report_missing(name);
            return Configured::Failed;
        }
        let schema = inputs.providers.schema(local).and_then(|schema| schema.provider.clone());
        let config = match (&schema, block) {
            (Some(schema), Some(block)) => {
                let vertex = Vertex::Provider(name.clone());
                let root = ModulePath::root();
                let decoded = self.run.in_scope(&vertex, &root, Repeated::No, None, |scope, diagnostics| {
                    let decoded = decode::body(&block.body, &schema.block, scope, &["alias"], diagnostics);
                    (decoded.value, decoded.reads)
                });
                match decoded {
                    Some((value, Standing::Fine)) if value.is_wholly_known() => {
                        let (_, marks) = stored::marked(schema, value.clone()).unmark_deep();
                        let value = value.without_marks_deep();
                        self.run.progress.borrow_mut().secrets.note(&value, &marks);
                        value
                    }
                    Some((_, Standing::Fine | Standing::Deferred)) => return Configured::Unknown,
                    _ => return Configured::Failed,
                }
            }
            (Some(schema), None) => stored::empty(&schema.block),
            (None, _) => Value::object::<Arc<str>>([]),
        };
        match provider.configure(ConfigureRequest { config, base_dir: inputs.base_dir.clone() }).await {
            Ok(configured) => Configured::Ready(configured),
            Err(Failure(problems)) => {
                for problem in problems {
                    let problem = self.run.progress.borrow().secrets.hide(problem);
                    let span = block.map(|block| decode::span_of(&block.body, &problem.path).unwrap_or(block.span));
                    self.run.report(from_provider(problem, &format!("provider.{name}"), span));
                }
                Configured::Failed
            }
        }
    }

    fn report_missing(&self, name: &str) {
        let detail = format!(
            "Objects in the state or in the configuration belong to provider configuration `{name}`, which is not declared."
        );
        let (local, alias) = name.split_once('.').unwrap_or((name, ""));
        let hint = if self.run.inputs.providers.get(local).is_none() {
            format!("This build of mesh has no provider `{local}`.")
        } else {
            format!("Add `provider \"{local}\" {{ alias = \"{alias}\" }}` to the root module.")
        };
        self.run.report(Diagnostic::error("unknown-provider", "Unknown provider", detail).hint(hint));
    }

    /// Makes sure that what was not as the state had it when a plan was saved is still so: the plan is about that.
    async fn hold_snapshot(&self, name: &Arc<str>, provider: &dyn ConfiguredProvider, snapshot: &Snapshot) {
        let mut differing: BTreeMap<Arc<str>, Vec<(PriorObject, Value)>> = BTreeMap::new();
        for address in snapshot.objects.keys() {
            let object = self.prior.borrow().objects.get(address).cloned();
            let Some(object) = object.filter(|object| object.record.provider == **name) else { continue };
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
    async fn refresh(&self, name: &Arc<str>, provider: &dyn ConfiguredProvider) {
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
            if object.record.provider == **name && self.selection.covers(&object.address) {
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
        let local = object.record.provider.split('.').next().unwrap_or_default();
        let schemas = self.run.inputs.providers.schema(local);
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

/// A provider's problem as a diagnostic.
pub(crate) fn from_provider(
    problem: ProviderDiagnostic,
    address: &str,
    span: Option<mesh_diagnostics::Span>,
) -> Diagnostic {
    let about = if problem.path.is_empty() {
        String::new()
    } else {
        format!(" ({})", problem.path.to_string().trim_start_matches('.'))
    };
    let detail = format!("{}{about}: {}", problem.summary, problem.detail);
    let diagnostic = match problem.severity {
        Severity::Error => Diagnostic::error("provider-error", "The provider refused", detail),
        Severity::Warning => Diagnostic::warning("provider-warning", "The provider warns", detail),
    };
    let diagnostic = diagnostic.about(address);
    match span {
        Some(span) => diagnostic.at(span),
        None => diagnostic,
    }
}
