//! What a principal may do with a thing, as Lake Formation lists it.

use std::collections::{BTreeMap, BTreeSet};

use aws_sdk_lakeformation::operation::list_permissions::ListPermissionsError;
use aws_sdk_lakeformation::operation::list_permissions::builders::ListPermissionsFluentBuilder;
use aws_sdk_lakeformation::types::{
    DataLakePrincipal, DataLakeResourceType, Permission, PrincipalResourcePermissions as Listed,
};
use mesh_provider::Failure;

use super::super::ABSENT;
use super::Grant;
use super::target::Target;
use crate::failure::{Outcome as _, SdkError, has_code, says};
use crate::many::{WORTH_LISTING, each};
use crate::platform::Aws;

const ACTION: &str = "lakeformation:ListPermissions";

/// What a principal may do, and what it may let others do.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Held {
    pub(super) permissions: BTreeSet<String>,
    pub(super) grantable: BTreeSet<String>,
}

/// What the principal of a grant may do with its thing.
pub(super) async fn of(aws: &Aws, grant: &Grant, target: &Target) -> Result<Held, Failure> {
    let principal = DataLakePrincipal::builder().data_lake_principal_identifier(&grant.principal).build();
    let call = aws.lakeformation().list_permissions().principal(principal).resource(target.listed_by()?);
    let held = union(grant, target, &listed(call.set_catalog_id(grant.catalog_id.clone())).await?);
    if !held.permissions.is_empty() || !matches!(target, Target::Columns(_)) {
        return Ok(held);
    }
    // A table's list need not show what is granted on some of its columns. The list of all tables does.
    let call = aws.lakeformation().list_permissions().resource_type(target.kind());
    Ok(union(grant, target, &listed(call.set_catalog_id(grant.catalog_id.clone())).await?))
}

/// The same of many: one listing for each kind of things in each catalog, where there are enough of them.
pub(super) async fn of_many(aws: &Aws, grants: Vec<(Grant, Target)>) -> Vec<Result<Held, Failure>> {
    let mut kinds: BTreeMap<(Option<String>, DataLakeResourceType), usize> = BTreeMap::new();
    for (grant, target) in &grants {
        *kinds.entry((grant.catalog_id.clone(), target.kind())).or_insert(0) += 1;
    }
    let worth = kinds.into_iter().filter(|(_, count)| *count >= WORTH_LISTING).map(|(kind, _)| kind);
    let lists = each(worth.collect(), |(catalog, kind)| async move {
        let call = aws.lakeformation().list_permissions().resource_type(kind.clone());
        listed(call.set_catalog_id(catalog.clone())).await.map(|list| ((catalog, kind), list))
    });
    // Where a listing is refused, each is asked for.
    let lists: BTreeMap<_, _> = lists.await.into_iter().flatten().collect();
    let lists = &lists;
    each(grants, |(grant, target)| async move {
        match lists.get(&(grant.catalog_id.clone(), target.kind())) {
            Some(list) => Ok(union(&grant, &target, list)),
            None => of(aws, &grant, &target).await,
        }
    })
    .await
}

/// All pages of a listing. Of a thing that is not there, nothing is listed.
async fn listed(call: ListPermissionsFluentBuilder) -> Result<Vec<Listed>, Failure> {
    let mut all = Vec::new();
    let mut pages = call.into_paginator().send();
    while let Some(page) = pages.next().await {
        if page.as_ref().is_err_and(is_absent) {
            return Ok(Vec::new());
        }
        all.extend(page.calling(ACTION)?.principal_resource_permissions.unwrap_or_default());
    }
    Ok(all)
}

fn is_absent(error: &SdkError<ListPermissionsError>) -> bool {
    has_code(error, ABSENT) || has_code(error, &["AccessDeniedException"]) && says(error, "Resource does not exist")
}

fn union(grant: &Grant, target: &Target, listed: &[Listed]) -> Held {
    let ours = listed.iter().filter(|entry| {
        let principal = entry.principal().and_then(DataLakePrincipal::data_lake_principal_identifier);
        principal == Some(grant.principal.as_str()) && entry.resource().is_some_and(|resource| target.is(resource))
    });
    let mut held = Held::default();
    for entry in ours {
        held.permissions.extend(entry.permissions().iter().map(word));
        held.grantable.extend(entry.permissions_with_grant_option().iter().map(word));
    }
    // Who may give something on has it too.
    held.permissions.extend(held.grantable.iter().cloned());
    held
}

fn word(permission: &Permission) -> String {
    permission.as_str().to_owned()
}
