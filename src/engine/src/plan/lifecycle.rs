//! `lifecycle`: conditions, ignored changes, and wanted replacements.

use std::sync::Arc;

use mesh_config::Resource;
use mesh_lang::eval::{Read, Referent, Target, evaluate, references};
use mesh_plan::{Action, Reason, Vertex};
use mesh_value::{AttributePath, BlockAddress, InstanceAddress, InstanceKey, PathStep, Value, differing_paths};

use super::Planner;
use crate::checks::Condition;
use crate::scope::Repeated;

impl Planner<'_> {
    /// Holds the preconditions of an object; whether none fails.
    pub(super) fn preconditions_hold(
        &self,
        resource: &Resource,
        address: &InstanceAddress,
        repeated: Repeated,
    ) -> bool {
        let vertex = Vertex::Instance(address.clone());
        let mut hold = true;
        for rule in &resource.lifecycle.preconditions {
            let module = &address.block.module;
            hold &= !self.hold(Condition::precondition(rule), &vertex, module, repeated.clone(), None).fails();
        }
        hold
    }

    /// Holds the postconditions of an object against its planned state, as far as that is known.
    pub(super) fn postconditions_hold(
        &self,
        resource: &Resource,
        address: &InstanceAddress,
        repeated: Repeated,
        object: &Value,
    ) {
        let vertex = Vertex::Instance(address.clone());
        for rule in &resource.lifecycle.postconditions {
            let (module, itself) = (&address.block.module, Some(object.clone()));
            self.hold(Condition::postcondition(rule), &vertex, module, repeated.clone(), itself);
        }
    }

    /// Why an object is made anew although its attributes don't ask for it.
    pub(super) fn wanted_replacement(
        &self,
        resource: &Resource,
        address: &InstanceAddress,
        repeated: Repeated,
    ) -> Option<Reason> {
        if self.prior.borrow().objects.get(address).is_some_and(crate::prior::PriorObject::is_tainted) {
            return Some(Reason::Tainted);
        }
        if self.selection.replaces(address) {
            return Some(Reason::Requested);
        }
        let module = &address.block.module;
        let vertex = Vertex::Instance(address.clone());
        for expr in &resource.lifecycle.replace_triggered_by {
            // Evaluating records which objects are read, and finds errors in the expression.
            let evaluated = self.run.in_scope(&vertex, module, repeated.clone(), None, |scope, diagnostics| {
                let evaluation = evaluate(expr, scope, diagnostics);
                (evaluation.reads.clone(), evaluation.reads)
            });
            let Some((reads, _)) = evaluated else { continue };
            for reference in references(expr) {
                let Referent::Resource { mode, ty, name } = &reference.referent else { continue };
                let block = BlockAddress { module: module.clone(), mode: *mode, ty: ty.clone(), name: name.clone() };
                let of_block = reads.iter().filter_map(|read| instance_read(&block, read));
                let by = of_block.into_iter().find_map(|key| match key {
                    Some(key) => self.trigger(&block, key, &reference.path),
                    None => self.trigger_in(&block, &reference.path),
                });
                if let Some(by) = by {
                    return Some(Reason::Triggered { by: format!("{by}{}", reference.path) });
                }
            }
        }
        None
    }

    /// The object of a key, if its planned change touches the path.
    fn trigger(&self, block: &BlockAddress, key: InstanceKey, path: &AttributePath) -> Option<InstanceAddress> {
        let draft = self.draft.borrow();
        let address = InstanceAddress { block: Arc::new(block.clone()), key };
        let change = draft.index.get(&address).and_then(|place| draft.changes.get(*place));
        change.is_some_and(|change| changes(change, path)).then_some(address)
    }

    /// The first object of a block whose planned change touches the path. Looked for once, however many ask.
    fn trigger_in(&self, block: &BlockAddress, path: &AttributePath) -> Option<InstanceAddress> {
        let asked = (block.clone(), path.clone());
        if let Some(found) = self.draft.borrow().triggers.get(&asked) {
            return found.clone();
        }
        let keys = self.run.progress.borrow().world.block(block).map(|state| state.instances.keys());
        let found = keys.unwrap_or_default().into_iter().find_map(|key| self.trigger(block, key, path));
        self.draft.borrow_mut().triggers.insert(asked, found.clone());
        found
    }
}

/// The configuration with every ignored attribute as it exists.
pub(crate) fn without_ignored(resource: &Resource, config: Value, prior: &Value) -> Value {
    let rules = &resource.lifecycle;
    if rules.ignore_all_changes {
        return replaced(&config, |path, value| match path.steps() {
            [PathStep::Attr(_)] if !value.is_null() => prior.at_path(path).cloned().unwrap_or(value),
            _ => value,
        });
    }
    if rules.ignore_changes.is_empty() {
        return config;
    }
    let is_ignored = |path: &AttributePath| rules.ignore_changes.iter().any(|(ignored, _)| same_path(ignored, path));
    replaced(
        &config,
        |path, value| {
            if is_ignored(path) { prior.at_path(path).cloned().unwrap_or(value) } else { value }
        },
    )
}

/// A value with every part replaced by what a function makes of it.
fn replaced(value: &Value, change: impl Fn(&AttributePath, Value) -> Value) -> Value {
    let changed = value.transform(&mut |path, part| Ok::<_, std::convert::Infallible>(change(path, part)));
    changed.unwrap_or_else(|never| match never {})
}

/// Which object of a block was read: `Some(None)` where all of it was.
fn instance_read(block: &BlockAddress, read: &Read) -> Option<Option<InstanceKey>> {
    match &read.target {
        Target::Instance { mode, ty, name, key } if (*mode, ty, name) == (block.mode, &block.ty, &block.name) => {
            Some(Some(key.clone()))
        }
        Target::Block { mode, ty, name } if (*mode, ty, name) == (block.mode, &block.ty, &block.name) => Some(None),
        _ => None,
    }
}

/// Whether a change touches a path.
fn changes(change: &mesh_plan::Change, path: &AttributePath) -> bool {
    match change.action {
        Action::NoOp | Action::Read | Action::Forget => false,
        Action::Create | Action::Replace(_) | Action::Delete => true,
        Action::Update if path.is_empty() => true,
        Action::Update => differing_paths(&change.before, &change.after)
            .iter()
            .any(|differing| path.is_prefix_of(differing) || differing.is_prefix_of(path)),
    }
}

/// Whether two paths lead to the same place: `.tags["a"]` and `.tags.a` do.
fn same_path(left: &AttributePath, right: &AttributePath) -> bool {
    let same = |pair: (&PathStep, &PathStep)| match pair {
        (PathStep::Attr(l) | PathStep::Key(l), PathStep::Attr(r) | PathStep::Key(r)) => l == r,
        (l, r) => l == r,
    };
    left.steps().len() == right.steps().len() && left.steps().iter().zip(right.steps()).all(same)
}
