//! The objects of which the cost is asked: those of the plan, and what exists beside it.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use mesh_config::provider_type;
use mesh_plan::Change;
use mesh_provider::cost::{Costs, Usage};
use mesh_value::{InstanceAddress, InstanceKey, Mode, Type, Value};

use super::Costed;
use crate::plan::{Planner, Typical, owner};
use crate::stored;

/// All managed objects by address: those of the plan, what exists beside it, and what is decided during apply.
pub(super) fn objects(planner: &Planner<'_>, typical: Vec<Typical>) -> Vec<Costed> {
    let draft = planner.draft.borrow();
    let managed = draft.changes.iter().filter(|change| change.address.block.mode == Mode::Managed);
    let of_type = |provider: &str, address: &InstanceAddress| {
        let provider = planner.run.inputs.providers.get(&provider_type(provider));
        provider.map_or(Costs::NotModelled, |provider| provider.costs_of_type(&address.block.ty))
    };
    let mut objects: Vec<Costed> =
        managed.map(|change| of(change, of_type(&change.provider, &change.address))).collect();
    let planned: HashSet<(InstanceAddress, Option<Arc<str>>)> =
        objects.iter().map(|object| (object.address.clone(), object.deposed.clone())).collect();
    let decided_later = DecidedLater::new(&typical);
    let prior = planner.prior.borrow();
    let beside = prior
        .all()
        .chain(&prior.outside)
        .filter(|object| !planned.contains(&(object.address.clone(), object.deposed.clone())));
    let beside = beside.filter_map(|object| {
        // What can't be read is reported where it is planned.
        let value = stored::current(planner.run.inputs.providers, object).ok()?.without_marks_deep();
        // What it will be is the typical object's.
        let is_decided_later = object.deposed.is_none() && decided_later.covers(&object.address);
        let after = if is_decided_later { Value::null(Type::Any) } else { value.clone() };
        Some(Costed {
            address: object.address.clone(),
            deposed: object.deposed.clone(),
            provider: object.record.provider.as_str().into(),
            product: owner(&draft.products, &object.address.block.module)
                .or_else(|| object.record.product.as_deref().map(Into::into)),
            usage: Usage::default(),
            of_type: of_type(&object.record.provider, &object.address),
            before: value,
            after,
            count: None,
            reads: Vec::new(),
        })
    });
    objects.extend(beside);
    let current = objects.iter().enumerate().filter(|(_, object)| object.deposed.is_none());
    let places: HashMap<InstanceAddress, usize> =
        current.map(|(place, object)| (object.address.clone(), place)).collect();
    for typical in typical {
        let same = places.get(&typical.address).and_then(|place| objects.get_mut(*place));
        let before = same.map(|object| std::mem::replace(&mut object.before, Value::null(Type::Any)));
        objects.push(Costed {
            of_type: of_type(&typical.provider, &typical.address),
            address: typical.address,
            deposed: None,
            provider: typical.provider,
            product: typical.product,
            usage: Usage::default(),
            before: before.unwrap_or_else(|| Value::null(Type::Any)),
            after: typical.after,
            count: typical.count,
            reads: typical.reads,
        });
    }
    // What there neither is nor will be, because a typical object stands for it.
    objects.retain(|object| !(object.before.is_null() && object.after.is_null()));
    objects.sort_by(|left, right| (&left.address, &left.deposed).cmp(&(&right.address, &right.deposed)));
    objects
}

/// The typical objects by the block that they stand for, whatever instances of it and of the modules around there are.
struct DecidedLater<'a>(HashMap<(&'a str, &'a str), Vec<&'a Typical>>);

impl<'a> DecidedLater<'a> {
    fn new(typical: &'a [Typical]) -> Self {
        let mut blocks: HashMap<(&str, &str), Vec<&Typical>> = HashMap::new();
        for typical in typical {
            let block = &typical.address.block;
            blocks.entry((block.ty.as_ref(), block.name.as_ref())).or_default().push(typical);
        }
        Self(blocks)
    }

    /// Whether one of them stands for an object of this address.
    fn covers(&self, object: &InstanceAddress) -> bool {
        let same = self.0.get(&(object.block.ty.as_ref(), object.block.name.as_ref()));
        same.is_some_and(|same| same.iter().any(|typical| covers(typical, object)))
    }
}

fn of(change: &Change, of_type: Costs) -> Costed {
    Costed {
        address: change.address.clone(),
        deposed: change.deposed.clone(),
        provider: change.provider.clone(),
        product: change.product.clone(),
        usage: Usage::default(),
        of_type,
        before: change.before.without_marks_deep(),
        after: change.after.without_marks_deep(),
        count: None,
        reads: Vec::new(),
    }
}

/// Whether a typical object stands for an object of this address: for this one, or for all instances of the block, be it
/// the block or a module around it whose instances are decided during apply.
fn covers(typical: &Typical, object: &InstanceAddress) -> bool {
    let (block, of) = (&typical.address.block, &object.block);
    let (around, inside) = (block.module.steps(), of.module.steps());
    let any = |key: &InstanceKey, is: &InstanceKey| *key == InstanceKey::None && typical.count.is_some() || key == is;
    (block.mode, &block.ty, &block.name) == (of.mode, &of.ty, &of.name)
        && any(&typical.address.key, &object.key)
        && around.len() == inside.len()
        && around.iter().zip(inside).all(|(step, is)| step.name == is.name && any(&step.key, &is.key))
}
