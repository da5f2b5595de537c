//! Collects what everything costs: asks the providers about every object as it is and as planned.

mod related;

use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

use mesh_cost::{Basis, Item};
use mesh_plan::Change;
use mesh_provider::cost::{CostRequest, Costs, Usage};
use mesh_value::{InstanceAddress, Mode, Value};

use self::related::Relations;
use crate::plan::{Planner, owner};
use crate::run::Configured;
use crate::stored;

/// An object of which the cost is asked, as it is and as it will be; null where there is none.
struct Costed {
    address: InstanceAddress,
    deposed: Option<Arc<str>>,
    /// The address of the provider configuration, with its key.
    provider: Arc<str>,
    product: Option<Arc<str>>,
    before: Value,
    after: Value,
}

/// The costs of all managed objects, those without a change and those that the plan leaves out too, by address.
pub(crate) fn basis(planner: &Planner<'_>) -> Basis {
    let objects = objects(planner);
    let relations = Relations::new(planner, &objects);
    let items = objects.iter().enumerate().map(|(place, object)| {
        let before = relations.of(place, |related| &related.before);
        let after = relations.of(place, |related| &related.after);
        let cost = |value: &Value, related: &[_]| cost(planner, object, value, related);
        let address: Arc<str> = match &object.deposed {
            None => object.address.to_string().into(),
            Some(key) => format!("{} (deposed {key})", object.address).into(),
        };
        Item {
            address,
            ty: object.address.block.ty.clone(),
            product: object.product.clone(),
            tags: tags(if object.after.is_null() { &object.before } else { &object.after }),
            before: cost(&object.before, &before),
            after: cost(&object.after, &after),
            count: None,
        }
    });
    Basis { items: items.collect(), ..Basis::default() }
}

/// All managed objects by address: those of the plan, then what exists beside it.
fn objects(planner: &Planner<'_>) -> Vec<Costed> {
    let draft = planner.draft.borrow();
    let managed = draft.changes.iter().filter(|change| change.address.block.mode == Mode::Managed);
    let mut objects: Vec<Costed> = managed.map(Costed::of).collect();
    let planned: HashSet<(InstanceAddress, Option<Arc<str>>)> =
        objects.iter().map(|object| (object.address.clone(), object.deposed.clone())).collect();
    let prior = planner.prior.borrow();
    let beside = prior.all().filter(|object| !planned.contains(&(object.address.clone(), object.deposed.clone())));
    let beside = beside.filter_map(|object| {
        // What can't be read is reported where it is planned.
        let value = stored::current(planner.run.inputs.providers, object).ok()?.without_marks_deep();
        Some(Costed {
            address: object.address.clone(),
            deposed: object.deposed.clone(),
            provider: object.record.provider.as_str().into(),
            product: owner(&draft.products, &object.address.block.module)
                .or_else(|| object.record.product.as_deref().map(Into::into)),
            before: value.clone(),
            after: value,
        })
    });
    objects.extend(beside);
    objects.sort_by(|left, right| (&left.address, &left.deposed).cmp(&(&right.address, &right.deposed)));
    objects
}

impl Costed {
    fn of(change: &Change) -> Self {
        Self {
            address: change.address.clone(),
            deposed: change.deposed.clone(),
            provider: change.provider.clone(),
            product: change.product.clone(),
            before: change.before.without_marks_deep(),
            after: change.after.without_marks_deep(),
        }
    }
}

/// What an object costs; `None` where there is none.
fn cost(
    planner: &Planner<'_>,
    object: &Costed,
    value: &Value,
    related: &[mesh_provider::cost::Related],
) -> Option<Costs> {
    if value.is_null() {
        return None;
    }
    let ty = &object.address.block.ty;
    let request = CostRequest { ty, value, usage: &Usage::default(), related };
    Some(match planner.run.configured(&object.provider) {
        Configured::Ready(provider) => provider.cost(request),
        // Without its configuration nobody knows, not even the region.
        Configured::Unknown | Configured::Missing | Configured::Failed => Costs::NotModelled,
    })
}

/// What is known of an object's tags.
fn tags(value: &Value) -> BTreeMap<Arc<str>, Arc<str>> {
    let tags = ["tags_all", "tags"].into_iter().filter_map(|name| value.get(name)?.as_entries()).next();
    let known = tags.unwrap_or_default().iter().filter_map(|(key, value)| Some((key.clone(), value.as_str()?.into())));
    known.collect()
}
