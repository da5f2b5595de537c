//! Adds an estimate up: by product, domain, service or tag.

use std::collections::BTreeMap;
use std::sync::Arc;

use mesh_provider::cost::Decimal;

use crate::budget::domain_of;
use crate::estimate::{Amount, Cost, Estimate, Line};

/// What an estimate is added up by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum By {
    /// Data products, by `domain.name`.
    Product,
    /// Domains.
    Domain,
    /// The vendor's services, such as `s3`.
    Service,
    /// The values of a tag.
    Tag(Arc<str>),
}

/// A part of an estimate.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Group {
    /// What it costs now.
    pub before: Amount,
    /// What it will cost.
    pub after: Amount,
    /// How many objects there will be in it.
    pub objects: usize,
}

impl Estimate {
    /// All of it together. What costs nothing by itself is no object of it.
    #[must_use]
    pub fn total(&self) -> Group {
        let mut total = Group::default();
        for line in &self.lines {
            if let Some(before) = &line.before {
                total.before = total.before.plus(&before.amount);
            }
            if let Some(after) = &line.after {
                total.after = total.after.plus(&after.amount);
                total.objects += usize::from(!after.is_free());
            }
        }
        total
    }
}

/// The parts of an estimate by their names; `None` is what belongs to none, such as objects of no product. What costs
/// nothing by itself is in no part.
#[must_use]
pub fn roll_up(estimate: &Estimate, by: &By) -> BTreeMap<Option<Arc<str>>, Group> {
    let mut groups: BTreeMap<Option<Arc<str>>, Group> = BTreeMap::new();
    for line in &estimate.lines {
        for (name, amount) in line.before.iter().flat_map(|cost| parts(line, cost, by)) {
            let group = groups.entry(name).or_default();
            group.before = group.before.plus(&amount);
        }
        for (name, amount) in line.after.iter().flat_map(|cost| parts(line, cost, by)) {
            let group = groups.entry(name).or_default();
            group.after = group.after.plus(&amount);
            group.objects += 1;
        }
    }
    groups
}

/// What a cost adds to which group; nothing where the object costs nothing by itself.
fn parts(line: &Line, cost: &Cost, by: &By) -> Vec<(Option<Arc<str>>, Amount)> {
    if cost.is_free() {
        return Vec::new();
    }
    let of_bearers = |name: fn(&str) -> Option<&str>| {
        let mut parts: BTreeMap<Option<Arc<str>>, Decimal> = BTreeMap::new();
        for (product, fraction) in &line.bearers {
            *parts.entry(product.as_deref().and_then(name).map(Into::into)).or_default() += fraction;
        }
        parts.into_iter().map(|(name, fraction)| (name, cost.amount.part(fraction))).collect()
    };
    match by {
        By::Product => of_bearers(|product| Some(product)),
        By::Domain => of_bearers(domain_of),
        By::Service => by_service(cost),
        By::Tag(key) => vec![(line.tags.get(key).cloned(), cost.amount.clone())],
    }
}

/// What of a cost goes to which of the vendor's services. A type that says nothing of its cost is of none.
fn by_service(cost: &Cost) -> Vec<(Option<Arc<str>>, Amount)> {
    if cost.is_not_modelled {
        return vec![(None, cost.amount.clone())];
    }
    let mut parts: BTreeMap<Option<Arc<str>>, Amount> = BTreeMap::new();
    for part in &cost.components {
        let sum = parts.entry(Some(part.component.price.service().into())).or_default();
        *sum = sum.plus(&part.amount());
    }
    parts.into_iter().collect()
}
