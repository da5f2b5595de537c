//! What S3 would refuse in lifecycle rules and can be seen without it.

use std::collections::BTreeSet;

use aws_sdk_s3::types::{TransitionDefaultMinimumObjectSize, TransitionStorageClass};
use mesh_provider::{Attribute as _, ProviderDiagnostic};
use mesh_value::{AttributePath, Value};

use super::model::{Filter, Rule};
use super::request::day;
use crate::check;

/// Problems, as each is found: where in the rule, a summary, and a sentence.
type Problems = Vec<ProviderDiagnostic>;

/// All that is wrong, as far as it is known. A rule is looked at when all of it is.
pub(super) fn problems(config: &Value) -> Problems {
    let name = "transition_default_minimum_object_size";
    let mut problems = check::one_of(config, name, TransitionDefaultMinimumObjectSize::values());
    let mut ids = BTreeSet::new();
    problems.extend(check::inside(config, "rule", |value| {
        let mut found = check::one_of(value, "status", &["Enabled", "Disabled"]);
        if let Some(id) = value.get("id").and_then(Value::as_str) {
            if !ids.insert(id.to_owned()) {
                tell(&mut found, "id", format!("There are two rules \"{id}\". Each needs a name of its own."));
            } else if !(1..=255).contains(&id.len()) {
                tell(&mut found, "id", format!("A rule's name has 1 to 255 characters; this one has {}.", id.len()));
            }
        }
        if let Ok(rule) = Rule::decode(value) {
            rule_problems(&rule, &mut found);
        }
        found
    }));
    problems
}

fn tell(problems: &mut Problems, at: &str, detail: impl Into<String>) {
    let problem = ProviderDiagnostic::error("Invalid lifecycle rule", detail);
    problems.push(problem.at(AttributePath::attr(at)));
}

fn rule_problems(rule: &Rule, problems: &mut Problems) {
    let Rule { id, filter, expiration, transition, .. } = rule;
    let acts = expiration.is_some()
        || !transition.is_empty()
        || rule.noncurrent_version_expiration.is_some()
        || !rule.noncurrent_version_transition.is_empty()
        || rule.abort_incomplete_multipart_upload.is_some();
    if !acts {
        let detail = format!(
            "The rule \"{id}\" does nothing. Give it `expiration`, `transition`, `noncurrent_version_expiration`, \
             `noncurrent_version_transition` or `abort_incomplete_multipart_upload`."
        );
        tell(problems, "id", detail);
    }
    if rule.prefix.is_some() && filter.is_some() {
        tell(problems, "prefix", "`prefix` and `filter` exclude each other: write the prefix in `filter`.");
    }
    if let Some(filter) = filter {
        filter_problems(filter, problems);
    }
    if let Some(expiration) = expiration {
        let marker = expiration.expired_object_delete_marker == Some(true);
        let given = [expiration.date.is_some(), expiration.days.is_some(), marker];
        if given.iter().filter(|given| **given).count() != 1 {
            tell(problems, "expiration", "Give one of `date`, `days` and `expired_object_delete_marker`.");
        }
        days(problems, "expiration", "days", expiration.days, 1);
        date(problems, "expiration", expiration.date.as_deref());
    }
    for transition in transition {
        if transition.date.is_some() == transition.days.is_some() {
            tell(problems, "transition", "Give either `date` or `days`.");
        }
        days(problems, "transition", "days", transition.days, 0);
        date(problems, "transition", transition.date.as_deref());
        class(problems, "transition", &transition.storage_class);
    }
    if let Some(old) = &rule.noncurrent_version_expiration {
        let at = "noncurrent_version_expiration";
        days(problems, at, "noncurrent_days", Some(old.noncurrent_days), 1);
        newer(problems, at, old.newer_noncurrent_versions);
    }
    for old in &rule.noncurrent_version_transition {
        let at = "noncurrent_version_transition";
        days(problems, at, "noncurrent_days", Some(old.noncurrent_days), 0);
        newer(problems, at, old.newer_noncurrent_versions);
        class(problems, at, &old.storage_class);
    }
    if let Some(abort) = &rule.abort_incomplete_multipart_upload {
        let at = "abort_incomplete_multipart_upload";
        days(problems, at, "days_after_initiation", Some(abort.days_after_initiation), 1);
    }
}

fn filter_problems(filter: &Filter, problems: &mut Problems) {
    let Filter { prefix, object_size_greater_than: greater, object_size_less_than: less, tag, and } = filter;
    let given = [prefix.is_some(), greater.is_some(), less.is_some(), tag.is_some(), and.is_some()];
    if given.iter().filter(|given| **given).count() > 1 {
        tell(problems, "filter", "A filter takes one condition. Put several into a block `and`.");
    }
    let Some(and) = and else { return };
    let tags = and.tags.as_ref().map_or(0, |tags| tags.len());
    let sizes = [and.object_size_greater_than, and.object_size_less_than];
    let conditions = usize::from(and.prefix.is_some()) + sizes.iter().flatten().count() + tags;
    if conditions < 2 {
        tell(problems, "filter", "`and` takes two conditions at least. Write a single one without it.");
    }
    if let [Some(greater), Some(less)] = sizes
        && greater >= less
    {
        let detail = format!("No object has more than {greater} bytes and less than {less}.");
        tell(problems, "filter", detail);
    }
}

fn days(problems: &mut Problems, at: &str, name: &str, days: Option<i32>, lowest: i32) {
    if let Some(days) = days.filter(|days| *days < lowest) {
        tell(problems, at, format!("`{name}` is {days}; it can be {lowest} or more."));
    }
}

fn newer(problems: &mut Problems, at: &str, newer: Option<i32>) {
    if let Some(newer) = newer.filter(|newer| !(1..=100).contains(newer)) {
        tell(problems, at, format!("`newer_noncurrent_versions` is {newer}; it can be from 1 to 100."));
    }
}

fn date(problems: &mut Problems, at: &str, date: Option<&str>) {
    const DAY: i64 = 24 * 60 * 60;
    let Some(date) = date.filter(|date| day(date).is_none_or(|day| day.secs() % DAY != 0)) else { return };
    tell(problems, at, format!("`date` is \"{date}\"; it is written as midnight in UTC, like `2027-01-31T00:00:00Z`."));
}

fn class(problems: &mut Problems, at: &str, class: &str) {
    let classes = TransitionStorageClass::values();
    if !classes.contains(&class) {
        tell(problems, at, format!("`storage_class` is \"{class}\"; it can be {}.", classes.join(", ")));
    }
}
