//! Rules compared by what they do: S3 hands them back in another order, and a filter can be written in several ways.

use std::collections::{BTreeMap, BTreeSet};

use super::model::{And, Filter, Rule, Transition};
use super::request::day;

/// Which objects a rule is about, in the one way to say it.
#[derive(PartialEq, Eq, Default)]
struct Scope {
    prefix: String,
    tags: BTreeMap<String, String>,
    greater: Option<i64>,
    less: Option<i64>,
}

impl Scope {
    fn of(rule: &Rule) -> Self {
        let Filter { prefix, object_size_greater_than, object_size_less_than, tag, and } =
            rule.filter.clone().unwrap_or_default();
        let and: And = and.unwrap_or_default();
        let mut tags = and.tags.unwrap_or_default();
        tags.extend(tag.map(|tag| (tag.key, tag.value)));
        Self {
            prefix: rule.prefix.clone().or(prefix).or(and.prefix).unwrap_or_default(),
            tags,
            greater: object_size_greater_than.or(and.object_size_greater_than),
            less: object_size_less_than.or(and.object_size_less_than),
        }
    }
}

/// Dates as moments, for they are written in several ways.
fn transitions(rule: &Rule) -> BTreeSet<Transition> {
    let moment =
        |transition: &Transition| Transition { date: moment(transition.date.as_deref()), ..transition.clone() };
    rule.transition.iter().map(moment).collect()
}

fn moment(date: Option<&str>) -> Option<String> {
    date.map(|date| day(date).map_or_else(|| date.to_owned(), |day| day.secs().to_string()))
}

/// Whether two rules of one name do the same.
fn means(left: &Rule, right: &Rule) -> bool {
    let expiration = |rule: &Rule| {
        let expiration = rule.expiration.clone().unwrap_or_default();
        let marker = expiration.expired_object_delete_marker.unwrap_or_default();
        (moment(expiration.date.as_deref()), expiration.days, marker)
    };
    left.id == right.id
        && left.status == right.status
        && Scope::of(left) == Scope::of(right)
        && expiration(left) == expiration(right)
        && transitions(left) == transitions(right)
        && left.noncurrent_version_expiration == right.noncurrent_version_expiration
        && left.noncurrent_version_transition == right.noncurrent_version_transition
        && left.abort_incomplete_multipart_upload == right.abort_incomplete_multipart_upload
}

/// Whether two lists of rules do the same, in whatever order.
pub(super) fn same(left: &[Rule], right: &[Rule]) -> bool {
    left.len() == right.len() && left.iter().all(|rule| right.iter().any(|other| means(rule, other)))
}

/// What S3 has, in the order and as it is written here where that does the same; then the rules that are new.
pub(super) fn kept(current: &[Rule], mut platform: Vec<Rule>) -> Vec<Rule> {
    let mut kept = Vec::with_capacity(platform.len());
    for rule in current {
        if let Some(place) = platform.iter().position(|other| other.id == rule.id) {
            let there = platform.remove(place);
            kept.push(if means(rule, &there) { rule.clone() } else { there });
        }
    }
    kept.append(&mut platform);
    kept
}
