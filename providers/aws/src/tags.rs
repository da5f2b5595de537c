//! Tags: a resource's own, those that all get, and the one by which an interrupted create is found again.

use std::collections::BTreeMap;

use mesh_provider::{Computed, Draft, Operation};

use crate::platform::Aws;

/// Keys and values.
pub(crate) type Tags = BTreeMap<String, String>;

/// The key of the tag that holds the token of the create that made the resource. It is set together with the resource,
/// is never shown, and stays: an update leaves it alone.
pub(crate) const CREATION: &str = "mesh:creation";

/// Plans `tags_all`: the provider block's default tags, with the resource's own over them.
pub(crate) fn plan(aws: &Aws, draft: &mut Draft<'_>) {
    let own = draft.planned("tags");
    if !own.is_wholly_known() {
        return draft.set_unknown("tags_all");
    }
    let own: Tags = draft.planned_as("tags").unwrap_or_default();
    let mut all = aws.default_tags().clone();
    all.extend(own);
    draft.set("tags_all", &all);
}

/// What a new resource is tagged with.
pub(crate) fn creating(tags_all: &Computed<Tags>, operation: &Operation) -> Tags {
    let mut tags = tags_all.known().cloned().unwrap_or_default();
    tags.insert(CREATION.to_owned(), operation.token.clone());
    tags
}

/// Whether what carries these tags was made by the create with this token.
pub(crate) fn is_from(platform: &Tags, token: &str) -> bool {
    platform.get(CREATION).is_some_and(|made_by| made_by == token)
}

/// `tags` and `tags_all` of a resource that carries `platform`. `own` are its own as they are in the state: where they
/// were not written, they stay so.
pub(crate) fn seen(aws: &Aws, own: Option<&Tags>, platform: Tags) -> (Option<Tags>, Computed<Tags>) {
    let all: Tags = platform.into_iter().filter(|(key, _)| !aws.ignores_tag(key)).collect();
    let by_default = |key: &String, value: &String| {
        aws.default_tags().get(key) == Some(value) && !own.is_some_and(|own| own.contains_key(key))
    };
    let tags: Tags =
        all.iter().filter(|(key, value)| !by_default(key, value)).map(|(k, v)| (k.clone(), v.clone())).collect();
    let tags = if tags.is_empty() && own.is_none() { None } else { Some(tags) };
    (tags, Computed::Known(all))
}

/// What to do so that the tags of a resource become others.
pub(crate) struct Retagging {
    /// Keys to take away.
    pub(crate) remove: Vec<String>,
    /// Tags to add or change.
    pub(crate) set: Tags,
}

impl Retagging {
    /// From one `tags_all` to another.
    pub(crate) fn between(before: &Computed<Tags>, after: &Computed<Tags>) -> Self {
        let none = Tags::new();
        let (before, after) = (before.known().unwrap_or(&none), after.known().unwrap_or(&none));
        let remove = before.keys().filter(|key| !after.contains_key(*key)).cloned().collect();
        let set = after.iter().filter(|(key, value)| before.get(*key) != Some(value));
        Self { remove, set: set.map(|(key, value)| (key.clone(), value.clone())).collect() }
    }
}
