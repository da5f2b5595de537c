//! The last steps of a plan: what spreads, what is refused, what is compared, and the order of it all.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use mesh_config::PreventDestroy;
use mesh_diagnostics::{Diagnostic, Diagnostics, Span};
use mesh_lang::syntax::Expr;
use mesh_plan::{
    Action, Change, DeferredBlock, Drift, OutputChange, Plan, PlanMode, ProductChange, ReadGraph, ReplaceOrder, Vertex,
};
use mesh_value::{InstanceAddress, ModulePath, Type, Value};

use super::{Draft, Planned, Planner, Typical};
use crate::blocks::Node;
use crate::prior::PriorObject;
use crate::run::Standing;
use crate::scope::Repeated;
use crate::stored;
use crate::world::{Known, block_key};

impl Planner<'_> {
    /// Completes the plan, or answers with everything that was found wrong.
    pub(super) fn finish(self, typical: Vec<Typical>) -> Result<(Planned, Diagnostics), Diagnostics> {
        self.add_moved();
        self.spread_create_before_destroy();
        self.hold_prevent_destroy();
        self.hold_inputs();
        let outputs = self.outputs();
        let products = self.product_changes();
        let drift = self.drift();
        self.settle_order();
        let (costing, cost) = self.cost(typical);
        let (prior, renames) = (self.prior.into_inner(), self.moves.edits);
        let mut progress = self.run.progress.into_inner();
        let mut diagnostics = std::mem::take(&mut progress.diagnostics);
        if let Some(failed) = progress.failed.iter().min().filter(|_| !diagnostics.has_errors()) {
            // Better no plan than one that leaves something out unseen.
            let detail = format!("{failed} could not be planned, and nothing says why. This is a bug in mesh.");
            diagnostics.push(Diagnostic::error("unexplained-failure", "Unexplained failure", detail).about(failed));
        }
        diagnostics.sort();
        let diagnostics = diagnostics.into_result()?;
        let Draft { changes, deferred, mut checks, snapshot, settled, private, undeclared, .. } =
            self.draft.into_inner();
        let mut deferred: Vec<DeferredBlock> = deferred.into_values().collect();
        deferred.sort_by(|left, right| left.block.cmp(&right.block));
        checks.sort_by(|left, right| left.of.cmp(&right.of));
        let reads = std::mem::take(&mut progress.reads);
        let plan = Plan { mode: self.options.mode, changes, drift, deferred, outputs, products, checks, cost, reads };
        Ok((Planned { plan, snapshot, undeclared, progress, private, prior, settled, renames, costing }, diagnostics))
    }

    /// Says of each change which product its object belongs to, and sorts the changes by address.
    fn settle_order(&self) {
        let mut draft = self.draft.borrow_mut();
        let Draft { changes, products, .. } = &mut *draft;
        for change in changes.iter_mut() {
            if let Some(owner) = owner(products, &change.address.block.module) {
                change.product = Some(owner);
            }
        }
        changes.sort_by(|left, right| (&left.address, &left.deposed).cmp(&(&right.address, &right.deposed)));
    }

    /// Says of each change where its object moved from. What only moves is a change too.
    fn add_moved(&self) {
        let prior = self.prior.borrow();
        let moved: Vec<&PriorObject> = prior.sorted().into_iter().filter(|object| object.previous.is_some()).collect();
        if moved.is_empty() {
            return;
        }
        let mut places: HashMap<(InstanceAddress, Option<Arc<str>>), usize> = HashMap::new();
        for (place, change) in self.draft.borrow().changes.iter().enumerate() {
            places.insert((change.address.clone(), change.deposed.clone()), place);
        }
        for object in moved {
            let place = places.get(&(object.address.clone(), object.deposed.clone()));
            if let Some(place) = place {
                let changes = &mut self.draft.borrow_mut().changes;
                // What is gone is made anew, and did not move.
                if let Some(change) = changes.get_mut(*place).filter(|change| change.action != Action::Create) {
                    change.previous.clone_from(&object.previous);
                }
                continue;
            }
            let value = match &object.deposed {
                None => self.existing(&object.address).map(|(value, _)| value),
                Some(_) => stored::current(self.run.inputs.providers, object).ok(),
            };
            let Some(value) = value else { continue };
            self.draft.borrow_mut().changes.push(Change {
                address: object.address.clone(),
                deposed: object.deposed.clone(),
                provider: object.record.provider.as_str().into(),
                action: Action::NoOp,
                reason: None,
                before: value.clone(),
                after: value,
                requires_replace: Vec::new(),
                losses: Vec::new(),
                product: object.record.product.as_deref().map(Into::into),
                previous: object.previous.clone(),
                importing: None,
            });
        }
    }

    /// Makes every replaced object that a create-before-destroy one reads create-before-destroy too: else the old one
    /// would go while the old reader still needs it.
    fn spread_create_before_destroy(&self) {
        let progress = self.run.progress.borrow();
        let mut draft = self.draft.borrow_mut();
        let is_first = |action: Action| action == Action::Replace(ReplaceOrder::CreateBeforeDestroy);
        let mut open: Vec<u32> = draft
            .changes
            .iter()
            .filter(|change| is_first(change.action))
            .filter_map(|change| progress.reads.find(&Vertex::Instance(change.address.clone())))
            .collect();
        let mut seen: std::collections::HashSet<u32> = open.iter().copied().collect();
        while let Some(number) = open.pop() {
            if let Some(Vertex::Instance(address)) = progress.reads.vertex(number)
                && let Some(place) = draft.index.get(address).copied()
                && let Some(change) = draft.changes.get_mut(place)
                && matches!(change.action, Action::Replace(_))
            {
                change.action = Action::Replace(ReplaceOrder::CreateBeforeDestroy);
            }
            open.extend(progress.reads.links(number).iter().map(|link| link.to).filter(|to| seen.insert(*to)));
        }
    }

    fn hold_prevent_destroy(&self) {
        let draft = self.draft.borrow();
        for change in draft.changes.iter().filter(|change| change.action.destroys() && change.deposed.is_none()) {
            let block = &change.address.block;
            let tree = self.run.inputs.tree.find(&block.module);
            let resource = tree.and_then(|tree| tree.module.resources.get(&block_key(block)));
            match resource.map(|resource| &resource.lifecycle.prevent_destroy) {
                None | Some(PreventDestroy::Never) => {}
                Some(PreventDestroy::Always(span)) => {
                    self.prevent(&change.address, *span, "`lifecycle` says `prevent_destroy = true`")
                }
                Some(PreventDestroy::When { expr, span, .. }) => self.prevent_when(&change.address, expr, *span),
            }
        }
    }

    fn prevent(&self, address: &InstanceAddress, span: Span, why: &str) {
        let detail = format!("The plan would destroy {address}, whose {why}.");
        self.run.report(
            Diagnostic::error("destroy-prevented", "Object may not be destroyed", detail)
                .at(span)
                .about(address)
                .hint("Take the line out if it really shall go, or undo the change that makes it go."),
        );
    }

    fn prevent_when(&self, address: &InstanceAddress, expr: &Expr, span: Span) {
        let reader = Vertex::Instance(address.clone());
        let (value, standing) = self.run.evaluate(&reader, &address.block.module, Repeated::No, expr);
        let decided = mesh_value::convert(&value, &Type::Bool).map(|value| (value.is_known(), value.as_bool()));
        match decided {
            _ if standing == Standing::Failed => {}
            Ok((true, Some(false))) => {}
            Ok((true, Some(true))) => self.prevent(address, span, "`prevent_destroy` is true"),
            _ => {
                let detail = format!(
                    "The plan would destroy {address}, and whether it may can't be said: `prevent_destroy` is {}.",
                    value.describe()
                );
                self.run.report(
                    Diagnostic::error("destroy-prevented", "Object may not be destroyed", detail)
                        .at(expr.span)
                        .about(address)
                        .hint("`prevent_destroy` takes true or false that is known while planning."),
                );
            }
        }
    }

    /// The root module's outputs before and after.
    fn outputs(&self) -> Vec<OutputChange> {
        let prior = self.prior.borrow();
        let progress = self.run.progress.borrow();
        let state = progress.world.module(&ModulePath::root());
        let declared = &self.run.inputs.tree.module.outputs;
        let mut changes = Vec::new();
        for output in declared.values() {
            let before = prior.outputs.get(&output.name).map(|(value, _)| value.clone());
            let vertex = Vertex::Output(ModulePath::root(), output.name.clone());
            let planned = match state.and_then(|state| state.outputs.get(&output.name)) {
                // Nothing is applied after which it could be known.
                Some(Known::Value(value)) if progress.left_out.contains(&vertex) && !value.is_wholly_known() => {
                    before.clone()
                }
                Some(Known::Value(value)) => Some(value.clone()),
                Some(Known::Deferred) => Some(Value::unknown(Type::Any)),
                Some(Known::Failed) | None => before.clone(),
            };
            let after = match self.options.mode {
                PlanMode::Destroy if self.selection.is_everything() => None,
                PlanMode::Destroy => before.clone(),
                PlanMode::Normal => planned,
                // Nothing is applied after which it could be known.
                PlanMode::RefreshOnly => planned.filter(Value::is_wholly_known).or_else(|| before.clone()),
            };
            if before.is_some() || after.is_some() {
                let name = output.name.clone();
                changes.push(OutputChange { name, before, after, sensitive: output.sensitive });
            }
        }
        for (name, (before, sensitive)) in &prior.outputs {
            if !declared.contains_key(name) {
                let after = if self.selection.is_everything() { None } else { Some(before.clone()) };
                let change =
                    OutputChange { name: name.clone(), before: Some(before.clone()), after, sensitive: *sensitive };
                changes.push(change);
            }
        }
        changes.sort_by(|left, right| left.name.cmp(&right.name));
        changes
    }

    /// Data products before and after, by the address of their declaration.
    fn product_changes(&self) -> Vec<ProductChange> {
        let (draft, prior) = (self.draft.borrow(), self.prior.borrow());
        let ty = mesh_product::stored_type();
        let mut before: HashMap<&str, (&Arc<str>, Value)> = HashMap::new();
        for (id, (address, descriptor)) in &prior.products {
            let value = mesh_value::from_json(descriptor, &ty).map(|value| mesh_product::stored_value(&value));
            let value = value.unwrap_or_else(|_| Value::null(Type::Any));
            before.insert(address, (id, value));
        }
        let mut changes = Vec::new();
        if self.options.mode == PlanMode::Normal {
            for (module, (id, after)) in draft.products.iter().filter(|(module, _)| self.covers_product(module)) {
                let address = super::product::address(self.run.inputs.tree, module);
                let before = before.remove(address.as_ref()).map(|(_, value)| value);
                let action = match &before {
                    None => Action::Create,
                    Some(before) if same_descriptor(before, after) => Action::NoOp,
                    Some(_) => Action::Update,
                };
                let before = before.unwrap_or_else(|| Value::null(Type::Any));
                changes.push(ProductChange { id: id.clone(), address, action, before, after: after.clone() });
            }
        }
        let kept: HashSet<Arc<str>> = match self.options.mode {
            PlanMode::Normal => {
                draft.only_owners.iter().map(|m| super::product::address(self.run.inputs.tree, m)).collect()
            }
            PlanMode::Destroy | PlanMode::RefreshOnly => HashSet::new(),
        };
        for (address, (id, value)) in before {
            let goes = self.selection.is_everything() && self.options.mode != PlanMode::RefreshOnly;
            // What can't be told now stays as it is.
            let goes = goes && !kept.contains(address);
            let (action, after) =
                if goes { (Action::Delete, Value::null(Type::Any)) } else { (Action::NoOp, value.clone()) };
            changes.push(ProductChange { id: id.clone(), address: address.into(), action, before: value, after });
        }
        changes.sort_by(|left, right| left.address.cmp(&right.address));
        changes
    }

    /// Whether the plan is about the product of a module instance, rather than only about what it may cost.
    pub(super) fn covers_product(&self, module: &ModulePath) -> bool {
        let path = module.without_keys();
        let product = self.run.inputs.tree.find(&path).and_then(|tree| tree.module.product.as_ref());
        !self.draft.borrow().only_owners.contains(module)
            && product.is_none_or(|product| !self.selection.only_counts(&Node::Product(path, product.name.clone())))
    }

    /// Objects that are not as the state has them.
    fn drift(&self) -> Vec<Drift> {
        let (draft, prior) = (self.draft.borrow(), self.prior.borrow());
        let mut drift: Vec<Drift> = Vec::new();
        for (address, refreshed) in &draft.snapshot.objects {
            let object = prior.objects.get(address).filter(|_| !draft.left_behind.contains(address));
            let Some(object) = object else { continue };
            let Ok(before) = stored::current(self.run.inputs.providers, object) else { continue };
            let after = refreshed.value.clone().unwrap_or_else(|| Value::null(Type::Any));
            if !after.same(&before) {
                drift.push(Drift { address: address.clone(), before, after });
            }
        }
        drift.sort_by(|left, right| left.address.cmp(&right.address));
        drift
    }
}

/// Whether two descriptors say the same, whatever types their values have.
fn same_descriptor(before: &Value, after: &Value) -> bool {
    let plain = |value: &Value| mesh_value::to_plain_json(value).ok();
    after.is_wholly_known() && plain(before) == plain(after)
}

/// The product of the nearest module instance around a module instance.
pub(crate) fn owner(products: &HashMap<ModulePath, (Arc<str>, Value)>, module: &ModulePath) -> Option<Arc<str>> {
    let mut around = Some(module.clone());
    while let Some(path) = around {
        if let Some((id, _)) = products.get(&path) {
            return Some(id.clone());
        }
        around = path.parent();
    }
    None
}

/// Every object that a vertex reads, directly or through variables, locals, outputs and the like: addresses of
/// instances, or of blocks where a whole block is read. Sorted.
pub(crate) fn objects_read(reads: &ReadGraph, address: &InstanceAddress) -> Vec<String> {
    let Some(own) = reads.find(&Vertex::Instance(address.clone())) else { return Vec::new() };
    let mut found = std::collections::BTreeSet::new();
    let mut seen = std::collections::HashSet::from([own]);
    let mut open: Vec<u32> = reads.links(own).iter().map(|link| link.to).collect();
    while let Some(number) = open.pop() {
        if !seen.insert(number) {
            continue;
        }
        match reads.vertex(number) {
            Some(Vertex::Instance(on)) => {
                found.insert(on.to_string());
            }
            Some(Vertex::Block(block)) => {
                found.insert(block.to_string());
            }
            _ => open.extend(reads.links(number).iter().map(|link| link.to)),
        }
    }
    found.into_iter().collect()
}
