//! Reading many at once: what IAM's listings show of those that are looked for.
//!
//! A listing is a shortcut and decides nothing. What it doesn't show, because it failed, came too late or is cut short, is
//! asked for by itself; so no listing makes an object seem gone. Each read makes its own: what another read listed a
//! moment ago may be out of date.

use std::collections::{BTreeMap, BTreeSet};

use aws_sdk_iam::types::{EntityType, Role, RoleDetail};
use futures_util::future::join;

use super::text::decoded;
use crate::many::WORTH_LISTING;
use crate::platform::Aws;

/// How many a page holds at most. IAM may send fewer.
const PAGE: i32 = 1000;

/// How much of an account is worth looking through: a page costs as much as asking for one object does.
struct Search<'n> {
    missing: BTreeSet<&'n str>,
    pages_left: usize,
}

impl<'n> Search<'n> {
    /// A search for these; none, where they are too few.
    fn of(names: impl Iterator<Item = &'n str>) -> Self {
        let missing: BTreeSet<_> = names.collect();
        let pages_left = if missing.len() < WORTH_LISTING { 0 } else { missing.len() };
        Self { missing, pages_left }
    }

    /// Whether to ask for the next page.
    fn goes_on(&mut self) -> bool {
        let goes_on = self.pages_left > 0 && !self.missing.is_empty();
        self.pages_left = self.pages_left.saturating_sub(1);
        goes_on
    }
}

/// Roles by name. Of the two listings that show them, one has the description and the longest session, the other the
/// tags and the boundary.
pub(super) async fn roles(aws: &Aws, names: &BTreeSet<String>) -> BTreeMap<String, Role> {
    let (mut roles, mut details) = join(list_roles(aws, names), details(aws, names)).await;
    roles.retain(|name, role| {
        let Some(detail) = details.remove(name) else { return false };
        role.tags = detail.tags;
        role.permissions_boundary = detail.permissions_boundary;
        true
    });
    roles
}

async fn list_roles(aws: &Aws, names: &BTreeSet<String>) -> BTreeMap<String, Role> {
    let mut search = Search::of(names.iter().map(String::as_str));
    let mut pages = aws.iam().list_roles().into_paginator().page_size(PAGE).send();
    let mut found = BTreeMap::new();
    while search.goes_on() {
        let Some(Ok(page)) = pages.next().await else { break };
        for role in page.roles {
            if search.missing.remove(role.role_name()) {
                found.insert(role.role_name.clone(), role);
            }
        }
    }
    found
}

/// Roles by name, with their inline policies and attachments.
pub(super) async fn details(aws: &Aws, names: &BTreeSet<String>) -> BTreeMap<String, RoleDetail> {
    let mut search = Search::of(names.iter().map(String::as_str));
    let call = aws.iam().get_account_authorization_details().filter(EntityType::Role);
    let mut pages = call.into_paginator().page_size(PAGE).send();
    let mut found = BTreeMap::new();
    while search.goes_on() {
        let Some(Ok(page)) = pages.next().await else { break };
        for role in page.role_detail_list.unwrap_or_default() {
            let name = role.role_name().unwrap_or_default();
            if search.missing.remove(name) {
                found.insert(name.to_owned(), role);
            }
        }
    }
    found
}

/// The documents of managed policies' versions, by the policy's ARN and the version's id. A version never changes.
pub(super) async fn documents(aws: &Aws, arns: &BTreeSet<String>) -> BTreeMap<(String, String), String> {
    let mut search = Search::of(arns.iter().map(String::as_str));
    let call = aws.iam().get_account_authorization_details().filter(EntityType::LocalManagedPolicy);
    let mut pages = call.into_paginator().page_size(PAGE).send();
    let mut found = BTreeMap::new();
    while search.goes_on() {
        let Some(Ok(page)) = pages.next().await else { break };
        for policy in page.policies() {
            let arn = policy.arn().unwrap_or_default();
            if !search.missing.remove(arn) {
                continue;
            }
            for version in policy.policy_version_list() {
                if let (Some(id), Some(document)) = (version.version_id(), version.document()) {
                    found.insert((arn.to_owned(), id.to_owned()), decoded(document));
                }
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn few_are_not_listed_for_and_many_not_for_ever() {
        assert!(!Search::of(["a", "b", "c"].into_iter()).goes_on());
        let mut search = Search::of(["a", "b", "c", "d"].into_iter());
        assert_eq!(std::iter::repeat_with(|| search.goes_on()).take_while(|goes_on| *goes_on).count(), 4);
        let mut search = Search::of(["a", "b", "c", "d"].into_iter());
        search.missing.clear();
        assert!(!search.goes_on());
    }
}
