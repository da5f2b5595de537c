//! Objects in the state that no block claims: they are deleted, or leave the state where a `removed` block says so.

use std::collections::BTreeMap;
use std::sync::Arc;

use mesh_plan::{Action, Change, DeferReason, PlanMode, Reason, Vertex};
use mesh_value::{InstanceAddress, ModulePath, Type, Value};

use super::Planner;
use crate::moves::Removals;
use crate::prior::PriorObject;
use crate::run::{Configured, Standing};
use crate::stored;
use crate::world::{Instances, block_key};

impl Planner<'_> {
    /// Plans the deletion, or the leaving, of every covered object that was not planned otherwise; of all where everything is destroyed.
    pub(super) fn plan_orphans(&self) {
        if self.options.mode == PlanMode::RefreshOnly {
            return;
        }
        let mut missing: BTreeMap<Arc<str>, Vec<String>> = BTreeMap::new();
        let prior = self.prior.borrow();
        let removals = Removals::new(self.run.inputs.tree);
        for object in prior.sorted() {
            let address = &object.address;
            if !self.selection.covers(address) || (object.deposed.is_none() && self.is_claimed(address)) {
                continue;
            }
            let before = if object.deposed.is_some() {
                match stored::current(self.run.inputs.providers, object) {
                    Ok(value) => value,
                    Err(problem) => {
                        self.run.report(*problem);
                        continue;
                    }
                }
            } else {
                // Where it is gone already there is nothing to delete, and applying takes it out of the state.
                let Some((value, _)) = self.existing(address) else { continue };
                value
            };
            let provider: Arc<str> = object.record.provider.as_str().into();
            let is_kept = self.options.mode == PlanMode::Normal && removals.keep(address);
            match self.run.configured(&provider) {
                // To forget an object, nobody is asked.
                _ if is_kept => {}
                Configured::Ready(_) => {}
                Configured::Missing => {
                    missing.entry(provider).or_default().push(address.to_string());
                    continue;
                }
                Configured::Unknown => {
                    self.defer(&address.block, DeferReason::ProviderUnknown, &Vertex::Provider(provider));
                    continue;
                }
                // What is wrong with it is reported.
                Configured::Failed => continue,
            }
            let reason = self.reason(object);
            self.draft.borrow_mut().changes.push(Change {
                address: address.clone(),
                deposed: object.deposed.clone(),
                provider,
                action: if is_kept { Action::Forget } else { Action::Delete },
                reason: Some(reason),
                before,
                after: Value::null(Type::Any),
                requires_replace: Vec::new(),
                losses: Vec::new(),
                product: object.record.product.as_deref().map(Into::into),
                previous: None,
                importing: None,
            });
        }
        drop(prior);
        self.report_missing(&missing);
    }

    /// Whether an object has its place in the configuration, decided or not.
    fn is_claimed(&self, address: &InstanceAddress) -> bool {
        if self.options.mode == PlanMode::Destroy {
            return false;
        }
        let progress = self.run.progress.borrow();
        let mut module = Some(address.block.module.clone());
        while let Some(path) = module {
            if let Some((parent, call)) = crate::blocks::calling(&path) {
                let calls = Vertex::Calls(parent.clone(), call);
                if progress.standing(&calls) != Standing::Fine {
                    return true;
                }
            }
            module = path.parent();
        }
        let block = Vertex::Block(address.block.clone());
        let is_unplanned = |vertex: &Vertex| progress.deferred.contains(vertex) || progress.failed.contains(vertex);
        if is_unplanned(&block) || progress.left_out.contains(&Vertex::Instances(address.block.clone())) {
            return true;
        }
        progress.world.block(&address.block).is_some_and(|state| state.instances.contains(&address.key))
    }

    fn reason(&self, object: &PriorObject) -> Reason {
        let block = &object.address.block;
        if object.deposed.is_some() {
            return Reason::Deposed;
        }
        if self.options.mode == PlanMode::Destroy {
            return Reason::Destroying;
        }
        let Some(tree) = self.run.inputs.tree.find(&block.module) else { return self.no_module(&block.module) };
        if !tree.module.resources.contains_key(&block_key(block)) {
            return Reason::NotInConfiguration;
        }
        let progress = self.run.progress.borrow();
        if progress.world.block(block).is_some_and(|state| matches!(state.instances, Instances::Disabled)) {
            return Reason::Disabled { module: None };
        }
        drop(progress);
        let is_called = self.run.progress.borrow().world.module(&block.module).is_some();
        if is_called { Reason::NoSuchInstance } else { self.no_module(&block.module) }
    }

    /// Why a module instance is not there: the outermost such on the way to `module`.
    fn no_module(&self, module: &ModulePath) -> Reason {
        let progress = self.run.progress.borrow();
        let mut missing = module.clone();
        while let Some(around) = missing.parent()
            && progress.world.module(&around).is_none()
        {
            missing = around;
        }
        let call = crate::blocks::calling(&missing);
        let call = call.and_then(|(parent, call)| progress.world.module(&parent)?.calls.get(&call));
        if matches!(call, Some(Instances::Disabled)) {
            return Reason::Disabled { module: Some(missing) };
        }
        Reason::NoModule { module: missing }
    }
}
