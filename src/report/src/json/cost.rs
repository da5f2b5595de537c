//! What a plan costs, as data: amounts are texts of decimals, never rounded.

use std::sync::Arc;

use mesh_cost::{
    Amount, By, Cost, Estimate, Group, Limit, Line, PricedComponent, Scope, Spending, Status, Verdict, roll_up,
};
use mesh_provider::cost::{Decimal, Interval};
use serde_json::{Map, Value as Json, json};

use super::{About, head};
use crate::cost::parts;

/// A whole estimate, with its sums by what is asked for under `groups`.
#[must_use]
pub fn cost(spending: &Spending, by: &By, about: About<'_>) -> Json {
    let mut document = head(about);
    let Json::Object(cost) = of_plan(spending) else { return Json::Null };
    document.extend(cost);
    document.insert("groups".into(), groups(&spending.estimate, "name", by));
    Json::Object(document)
}

/// What differs between the costs of two plans, as [`Estimate::between`] has it: what the first plan's objects will cost
/// stands under `before`, what the second's will cost under `after`. Objects that cost the same are left out.
#[must_use]
pub fn cost_difference(between: &Estimate, names: [&str; 2], by: &By, about: About<'_>) -> Json {
    let mut document = head(about);
    document.insert("plans".into(), json!(names));
    document.insert("currency".into(), Json::from(&*between.currency));
    document.extend(sides(&between.total()));
    document.insert("groups".into(), groups(between, "name", by));
    let differing = between.lines.iter().filter(|line| parts::differs(line));
    document.insert("resources".into(), differing.map(resource).collect());
    Json::Object(document)
}

/// What everything costs a month: sums, objects with their parts, what has no price, and what the budgets say.
pub(super) fn of_plan(spending: &Spending) -> Json {
    let Spending { estimate, verdicts } = spending;
    let mut document = Map::from_iter([("currency".into(), Json::from(&*estimate.currency))]);
    document.extend(sides(&estimate.total()));
    document.insert("by_product".into(), groups(estimate, "product", &By::Product));
    document.insert("by_domain".into(), groups(estimate, "domain", &By::Domain));
    document.insert("resources".into(), estimate.lines.iter().map(resource).collect());
    document.insert("unpriced".into(), estimate.lines.iter().flat_map(unpriced).collect());
    document.insert("budgets".into(), verdicts.iter().map(budget).collect());
    Json::Object(document)
}

/// The sums of an estimate by product, domain, service or tag, each with its name under `kind`.
fn groups(estimate: &Estimate, kind: &str, by: &By) -> Json {
    let groups = roll_up(estimate, by).into_iter().map(|(name, group)| {
        let mut entry = Map::from_iter([
            (kind.to_owned(), name.as_deref().map_or(Json::Null, Json::from)),
            ("objects".to_owned(), group.objects.into()),
        ]);
        entry.extend(sides(&group));
        Json::Object(entry)
    });
    groups.collect()
}

fn sides(group: &Group) -> [(String, Json); 3] {
    let Group { before, after, .. } = group;
    let difference = after.interval.expected.saturating_sub(before.interval.expected);
    [
        ("before".into(), Json::Object(amount(before))),
        ("after".into(), Json::Object(amount(after))),
        ("difference".into(), decimal(difference)),
    ]
}

fn resource(line: &Line) -> Json {
    let mut entry = Map::from_iter([
        ("address".into(), Json::from(&*line.address)),
        ("type".into(), Json::from(&*line.ty)),
        ("product".into(), name(line.product.as_ref())),
        ("before".into(), line.before.as_ref().map_or(Json::Null, object)),
        ("after".into(), line.after.as_ref().map_or(Json::Null, object)),
    ]);
    if line.bearers.len() > 1 || line.bearers.iter().any(|(product, _)| *product != line.product) {
        let bearers = line.bearers.iter();
        let bearers =
            bearers.map(|(product, share)| json!({"product": name(product.as_ref()), "share": decimal(*share)}));
        entry.insert("borne_by".into(), bearers.collect());
    }
    if let Some(count) = &line.count {
        entry.insert("count".into(), json!({"interval": interval(&count.interval), "reasons": count.because}));
    }
    if !line.tags.is_empty() {
        entry.insert("tags".into(), line.tags.iter().map(|(key, value)| (key.to_string(), &**value)).collect());
    }
    Json::Object(entry)
}

fn object(cost: &Cost) -> Json {
    let mut entry = amount(&cost.amount);
    entry.insert("modelled".into(), (!cost.is_not_modelled).into());
    entry.insert("components".into(), cost.components.iter().map(component).collect());
    if let Some(run) = &cost.per_run {
        entry.insert("a_run".into(), interval(run));
    }
    Json::Object(entry)
}

fn component(part: &PricedComponent) -> Json {
    let PricedComponent { component, priced } = part;
    let mut entry = Map::from_iter([
        ("name".into(), Json::from(&*component.name)),
        ("key".into(), Json::from(&*component.price.key)),
        ("region".into(), Json::from(&*component.price.region)),
        ("unit".into(), Json::from(&*component.unit)),
        ("quantity".into(), interval(&component.quantity.interval)),
        ("reasons".into(), component.quantity.because.iter().map(|reason| &**reason).collect()),
        ("known_after_apply".into(), component.quantity.late.into()),
        ("interval".into(), priced.as_ref().map_or(Json::Null, |(amount, _)| interval(amount))),
    ]);
    let price = priced.as_ref().map(|(_, used)| {
        json!({
            "unit_price": decimal(used.first),
            "tiered": used.tiered,
            "date": used.date.map(|date| date.to_string()),
            "old": used.is_old,
            "sources": used.sources,
            "override": name(used.overridden.as_ref()),
        })
    });
    entry.insert("price".into(), price.unwrap_or(Json::Null));
    Json::Object(entry)
}

/// The parts of an object that will be and have no price; the object itself where its type says nothing of its cost.
fn unpriced(line: &Line) -> Vec<Json> {
    let Some(after) = &line.after else { return Vec::new() };
    if after.is_not_modelled {
        return vec![json!({"address": &*line.address, "type": &*line.ty})];
    }
    let parts = after.components.iter().filter(|part| part.priced.is_none()).map(|part| &part.component);
    parts
        .map(|part| {
            json!({
                "address": &*line.address,
                "component": &*part.name,
                "key": &*part.price.key,
                "region": &*part.price.region,
                "unit": &*part.unit,
            })
        })
        .collect()
}

fn budget(verdict: &Verdict) -> Json {
    let Verdict { limit: Limit { scope, budget }, allowed, before, after, status, raises, .. } = verdict;
    let (kind, of) = match scope {
        Scope::Mesh => ("mesh", None),
        Scope::Domain(domain) => ("domain", Some(domain)),
        Scope::Product(product) => ("product", Some(product)),
    };
    let status = match status {
        Status::Within => "within",
        Status::Reached(_) => "reached",
        Status::Undecided => "undecided",
        Status::Exceeded => "exceeded",
    };
    let mut entry = Map::from_iter([
        ("scope".into(), kind.into()),
        ("name".into(), name(of)),
        ("amount".into(), decimal(budget.amount)),
        ("currency".into(), Json::from(&*budget.currency)),
        ("period".into(), json!(budget.period)),
        ("basis".into(), json!(budget.basis)),
        ("on_exceed".into(), json!(budget.on_exceed)),
        ("thresholds".into(), budget.thresholds.iter().map(|percent| decimal(*percent)).collect()),
        ("allowed_a_month".into(), decimal(*allowed)),
        ("before".into(), Json::Object(amount(before))),
        ("after".into(), Json::Object(amount(after))),
        ("status".into(), status.into()),
        ("raised".into(), (*raises).into()),
        ("refused".into(), verdict.refuses().into()),
    ]);
    match verdict.status {
        Status::Reached(percent) => drop(entry.insert("threshold".into(), decimal(percent))),
        Status::Exceeded => drop(entry.insert("exceeded_by".into(), decimal(verdict.excess()))),
        Status::Within | Status::Undecided => {}
    }
    Json::Object(entry)
}

fn amount(amount: &Amount) -> Map<String, Json> {
    let Amount { interval: sum, late, unpriced, is_undecided } = amount;
    let mut entry = Map::from_iter([("interval".into(), interval(sum)), ("unpriced".into(), (*unpriced).into())]);
    if !late.is_zero() {
        entry.insert("known_after_apply".into(), interval(late));
    }
    if *is_undecided {
        entry.insert("undecided".into(), true.into());
    }
    entry
}

pub(super) fn interval(interval: &Interval) -> Json {
    let Interval { low, expected, high } = interval;
    json!({"low": decimal(*low), "expected": decimal(*expected), "high": high.map_or(Json::Null, decimal)})
}

pub(super) fn decimal(number: Decimal) -> Json {
    number.normalize().to_string().into()
}

fn name(name: Option<&Arc<str>>) -> Json {
    name.map_or(Json::Null, |name| Json::from(&**name))
}
