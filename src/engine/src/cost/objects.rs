//! The objects of which the cost is asked: those of the plan, and what exists beside it.

use std::collections::HashSet;
use std::sync::Arc;

use mesh_plan::Change;
use mesh_provider::cost::Usage;
use mesh_value::{InstanceAddress, Mode};

use super::Costed;
use crate::plan::{Planner, owner};
use crate::stored;

/// All managed objects by address: those of the plan, then what exists beside it.
pub(super) fn objects(planner: &Planner<'_>) -> Vec<Costed> {
    let draft = planner.draft.borrow();
    let managed = draft.changes.iter().filter(|change| change.address.block.mode == Mode::Managed);
    let mut objects: Vec<Costed> = managed.map(of).collect();
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
            usage: Usage::default(),
            before: value.clone(),
            after: value,
        })
    });
    objects.extend(beside);
    objects.sort_by(|left, right| (&left.address, &left.deposed).cmp(&(&right.address, &right.deposed)));
    objects
}

fn of(change: &Change) -> Costed {
    Costed {
        address: change.address.clone(),
        deposed: change.deposed.clone(),
        provider: change.provider.clone(),
        product: change.product.clone(),
        usage: Usage::default(),
        before: change.before.without_marks_deep(),
        after: change.after.without_marks_deep(),
    }
}
