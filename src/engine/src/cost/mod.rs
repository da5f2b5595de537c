//! Collects what everything costs: asks the providers about every object as it is and as planned, and again where more is
//! known.

pub(crate) mod declared;
mod hold;
mod objects;
mod related;
mod usage;

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use mesh_cost::{Basis, Item, Rules};
use mesh_provider::cost::{CostRequest, Costs, Quantity, Related, Saving, Usage};
use mesh_value::{InstanceAddress, Value};

use self::related::Relations;
pub(crate) use self::usage::UsageBlocks;
use crate::plan::{Planner, Typical};
use crate::run::{Configured, Progress};

/// Provider configurations, by address and key.
type Configurations = HashMap<Arc<str>, Configured>;

/// An object of which the cost is asked, as it is and as it will be; null where there is none.
struct Costed {
    address: InstanceAddress,
    deposed: Option<Arc<str>>,
    /// The address of the provider configuration, with its key.
    provider: Arc<str>,
    product: Option<Arc<str>>,
    /// What its `usage` blocks declare.
    usage: Usage,
    /// What it costs where nobody can be asked.
    of_type: Costs,
    before: Value,
    after: Value,
    /// How many of it there will be, where that is decided during apply.
    count: Option<Quantity>,
    /// What it reads, where that is no part of the plan's reads.
    reads: Vec<String>,
}

/// All managed objects, those without a change and those that the plan leaves out too, by address, and who has a say in
/// whose cost.
pub(crate) struct Costing {
    objects: Vec<Costed>,
    relations: Relations,
    /// Where an object stands, by the address that an estimate has it under.
    places: HashMap<Arc<str>, usize>,
}

impl Planner<'_> {
    /// What everything costs, and what the configuration says of money; reports what contradicts each other in that.
    pub(crate) fn cost(&self, typical: Vec<Typical>) -> (Costing, Basis) {
        let rules = self.rules();
        self.hold_currencies(&rules);
        let costing = Costing::new(self, typical);
        let basis = costing.basis(&self.run.progress.borrow().configured, rules);
        self.hold_shared(&basis);
        (costing, basis)
    }
}

impl Costing {
    /// The objects of a plan, what exists beside it, and typical ones of what is decided during apply.
    fn new(planner: &Planner<'_>, typical: Vec<Typical>) -> Self {
        let mut objects = objects::objects(planner, typical);
        planner.run.progress.borrow().usage.tell(&mut objects);
        let relations = Relations::new(planner, &objects);
        let places = objects.iter().enumerate().map(|(place, object)| (object.name(), place)).collect();
        Self { objects, relations, places }
    }

    /// The costs of all objects, before and after, and what the configuration says of money.
    fn basis(&self, configured: &Configurations, rules: Rules) -> Basis {
        let items = self.objects.iter().enumerate().map(|(place, object)| {
            let before = self.related(place, |object| &object.before);
            Item {
                address: object.name(),
                ty: object.address.block.ty.clone(),
                product: object.product.clone(),
                tags: tags(if object.after.is_null() { &object.before } else { &object.after }),
                before: cost(configured, object, &object.before, &before),
                after: self.after(configured, place),
                count: object.count.clone(),
            }
        });
        Basis { items: items.collect(), rules }
    }

    /// Takes in what is known now of an object that is about to be made or changed: its cost, and the costs of the others
    /// that it has a say in, by address.
    pub(crate) fn learn(
        &mut self,
        progress: &Progress,
        address: &InstanceAddress,
        now: &Value,
    ) -> Vec<(Arc<str>, Costs)> {
        let Some(place) = self.places.get(address.to_string().as_str()).copied() else { return Vec::new() };
        self.objects[place].after = now.without_marks_deep();
        let hearing = self.relations.hearing(place);
        let asked: Vec<usize> = std::iter::once(place).chain(hearing).collect();
        for place in &asked {
            let object = &mut self.objects[*place];
            object.usage = progress.usage.of(&object.address);
        }
        let configured = &progress.configured;
        let costs = asked.into_iter().map(|place| Some((self.objects[place].name(), self.after(configured, place)?)));
        costs.flatten().collect()
    }

    /// Changes of an object that would make it cheaper, each with what it costs then: of the object as planned, or as
    /// `value` has it.
    pub(crate) fn alternatives(
        &self,
        configured: &Configurations,
        address: &str,
        value: Option<&Value>,
    ) -> Vec<(Saving, Costs)> {
        let Some(place) = self.places.get(address).copied() else { return Vec::new() };
        let object = &self.objects[place];
        let Some(Configured::Ready(provider)) = configured.get(&object.provider) else { return Vec::new() };
        let related = self.related(place, |object| &object.after);
        let value = value.unwrap_or(&object.after);
        if value.is_null() {
            return Vec::new();
        }
        let savings = provider.savings(object.request(value, &related));
        let costed = savings.into_iter().map(|saving| {
            let costs = provider.cost(object.request(&saving.value, &related));
            (saving, costs)
        });
        costed.collect()
    }

    /// What an object will cost; `None` where there will be none.
    fn after(&self, configured: &Configurations, place: usize) -> Option<Costs> {
        let object = &self.objects[place];
        cost(configured, object, &object.after, &self.related(place, |object| &object.after))
    }

    /// The objects that have a say in what one costs, each as `value` takes it; those that there are then.
    fn related(&self, place: usize, value: fn(&Costed) -> &Value) -> Vec<Related> {
        let related = self.relations.heard(place).iter().filter_map(|other| self.objects.get(*other));
        let there = related.filter(|other| !value(other).is_null());
        there.map(|other| Related { ty: other.address.block.ty.clone(), value: value(other).clone() }).collect()
    }
}

impl Costed {
    /// The address that an estimate has it under.
    fn name(&self) -> Arc<str> {
        match &self.deposed {
            None => self.address.to_string().into(),
            Some(key) => format!("{} (deposed {key})", self.address).into(),
        }
    }

    /// What is asked of it where it is so.
    fn request<'a>(&'a self, value: &'a Value, related: &'a [Related]) -> CostRequest<'a> {
        CostRequest { ty: &self.address.block.ty, value, usage: &self.usage, related }
    }
}

/// What an object costs; `None` where there is none.
fn cost(configured: &Configurations, object: &Costed, value: &Value, related: &[Related]) -> Option<Costs> {
    if value.is_null() {
        return None;
    }
    Some(match configured.get(&object.provider) {
        Some(Configured::Ready(provider)) if value.is_known() => provider.cost(object.request(value, related)),
        // Without its configuration nobody knows, not even the region.
        Some(_) | None => object.of_type.clone(),
    })
}

/// What is known of an object's tags.
fn tags(value: &Value) -> BTreeMap<Arc<str>, Arc<str>> {
    let tags = ["tags_all", "tags"].into_iter().filter_map(|name| value.get(name)?.as_entries()).next();
    let known = tags.unwrap_or_default().iter().filter_map(|(key, value)| Some((key.clone(), value.as_str()?.into())));
    known.collect()
}
