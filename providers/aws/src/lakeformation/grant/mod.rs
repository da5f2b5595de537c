//! `aws_lakeformation_permissions`: what a principal may do with something of the data lake.

mod check;
mod held;
mod id;
mod target;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;
use std::time::Duration;

use aws_sdk_lakeformation::types::{DataLakePrincipal, Permission, Resource};
use aws_smithy_types::error::metadata::ProvideErrorMetadata;
use mesh_provider::cost::Costs;
use mesh_provider::{
    Block, ChangeError, Computed, Draft, Failure, Found, Operation, Permissions, ProviderDiagnostic, ResourceType,
};
use mesh_value::Value;

use self::held::Held;
use self::target::{DataLocation, Database, Table, TableWithColumns, TagKey, TagPolicy, Target};
use super::{ABSENT, is_busy, is_early};
use crate::failure::{Outcome as _, SdkError, Sent, has_code, says};
use crate::names;
use crate::platform::Aws;
use crate::waiting::propagated;

const NO_TARGET: &str = "Say what the permissions are on: `catalog_resource = true`, or one of the blocks `data_location`, \
     `database`, `table`, `table_with_columns`, `lf_tag` and `lf_tag_policy`.";

/// The permission that stands for all others.
const ALL: &str = "ALL";

/// How often it is looked whether what was granted is listed.
const LOOKS: u32 = 6;

/// What a principal may do with something of the data lake: the catalog, a place in S3, a database, a table, some of its
/// columns, or whatever carries tags.
///
/// There is one of it for a principal and a thing. Administrators of the data lake, and who made a database or table, may
/// do everything with it without being granted it.
#[derive(Block, Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Grant {
    /// Who: the ARN of a user or role, the id of another account, or `IAM_ALLOWED_PRINCIPALS` for everybody whom IAM's
    /// policies let.
    #[mesh(replace)]
    pub principal: String,
    /// What they may do, such as `SELECT` and `DESCRIBE`.
    pub permissions: BTreeSet<String>,
    /// What of it they may let others do.
    pub permissions_with_grant_option: Option<BTreeSet<String>>,
    /// The account whose catalog it is about. The provider's own where it is left out.
    #[mesh(replace)]
    pub catalog_id: Option<String>,
    /// Whether the permissions are on the catalog itself, such as `CREATE_DATABASE`.
    #[mesh(default = false, replace)]
    pub catalog_resource: bool,
    /// A place in S3.
    #[mesh(block)]
    pub data_location: Option<DataLocation>,
    /// A database.
    #[mesh(block)]
    pub database: Option<Database>,
    /// A table, or all of a database.
    #[mesh(block)]
    pub table: Option<Table>,
    /// Columns of a table.
    #[mesh(block)]
    pub table_with_columns: Option<TableWithColumns>,
    /// A tag itself.
    #[mesh(block)]
    pub lf_tag: Option<TagKey>,
    /// Whatever carries tags.
    #[mesh(block)]
    pub lf_tag_policy: Option<TagPolicy>,
    /// Who and what, joined by commas. Terraform has a number here that says nothing.
    pub id: Computed<String>,
}

/// The resource type `aws_lakeformation_permissions`.
pub(crate) struct GrantType;

impl Grant {
    /// The grant with what the principal holds.
    fn seen(mut self, target: &Target, held: Held) -> Self {
        // Who may do all is listed with what that means, too.
        if !means_the_same(&self.permissions, &held.permissions) {
            self.permissions = held.permissions;
        }
        let grantable = self.permissions_with_grant_option.unwrap_or_default();
        let same = means_the_same(&grantable, &held.grantable);
        let grantable = if same { grantable } else { held.grantable };
        self.permissions_with_grant_option = Some(grantable).filter(|grantable| !grantable.is_empty());
        self.id = Computed::Known(id::of(&self, target));
        self
    }

    fn grantable(&self) -> BTreeSet<String> {
        self.permissions_with_grant_option.clone().unwrap_or_default()
    }

    /// Whether a principal holds exactly what is planned.
    fn is(&self, held: &Held) -> bool {
        means_the_same(&self.permissions, &held.permissions) && means_the_same(&self.grantable(), &held.grantable)
    }

    async fn grant(
        &self,
        aws: &Aws,
        resource: &Resource,
        permissions: &BTreeSet<String>,
        grantable: &BTreeSet<String>,
        operation: &Operation,
    ) -> Sent<()> {
        let action = "lakeformation:GrantPermissions";
        // A permission to pass on is one to have.
        let permissions: BTreeSet<_> = permissions.union(grantable).cloned().collect();
        let call = aws
            .lakeformation()
            .grant_permissions()
            .set_catalog_id(self.catalog_id.clone())
            .principal(DataLakePrincipal::builder().data_lake_principal_identifier(&self.principal).build())
            .resource(resource.clone())
            .set_permissions(Some(words(&permissions)))
            .set_permissions_with_grant_option(Some(words(grantable)).filter(|words| !words.is_empty()));
        propagated(operation, action, is_early, || call.clone().send()).await.map(|_| ()).sent(action, &[])
    }

    async fn revoke(
        &self,
        aws: &Aws,
        resource: &Resource,
        permissions: &BTreeSet<String>,
        grantable: &BTreeSet<String>,
        operation: &Operation,
    ) -> Result<(), Failure> {
        let action = "lakeformation:RevokePermissions";
        let call = aws
            .lakeformation()
            .revoke_permissions()
            .set_catalog_id(self.catalog_id.clone())
            .principal(DataLakePrincipal::builder().data_lake_principal_identifier(&self.principal).build())
            .resource(resource.clone())
            .set_permissions(Some(words(permissions)))
            .set_permissions_with_grant_option(Some(words(grantable)).filter(|words| !words.is_empty()));
        let answer = propagated(operation, action, is_busy, || call.clone().send()).await;
        if answer.as_ref().is_err_and(is_revoked) { Ok(()) } else { answer.calling(action).map(|_| ()) }
    }

    /// Waits a little until what was granted is listed, which takes a moment.
    async fn settle(&self, aws: &Aws, target: &Target, operation: &Operation) -> Result<(), Failure> {
        for look in 1..=LOOKS {
            if self.is(&held::of(aws, self, target).await?) {
                break;
            }
            let pause = Duration::from_millis(200) * look;
            operation.sleep(pause, "waiting until granted permissions are listed").await?;
        }
        Ok(())
    }
}

impl ResourceType for GrantType {
    const NAME: &'static str = "aws_lakeformation_permissions";
    const PERMISSIONS: Permissions = Permissions {
        read: &["lakeformation:ListPermissions"],
        create: &["lakeformation:GrantPermissions"],
        update: &["lakeformation:GrantPermissions", "lakeformation:RevokePermissions"],
        delete: &["lakeformation:RevokePermissions"],
    };
    const COSTS: Costs = Costs::Free;
    type Model = Grant;
    type Platform = Aws;

    fn validate(config: &Value) -> Vec<ProviderDiagnostic> {
        check::problems(config)
    }

    async fn plan(_: &Aws, draft: &mut Draft<'_>) {
        for name in ["permissions", "permissions_with_grant_option"] {
            let (was, will) = (draft.prior_as(name), draft.planned_as(name));
            if was.zip(will).is_some_and(|(was, will)| means_the_same(&was, &will)) {
                draft.keep(name);
            }
        }
    }

    async fn create(aws: &Aws, planned: Grant, operation: &Operation) -> Result<Grant, ChangeError<Grant>> {
        let target = Target::of(&planned)?;
        let held = held::of(aws, &planned, &target).await?;
        // A grant carries no token, and there is one of a principal and a thing: what is wholly as planned counts as made by
        // this create.
        if planned.is(&held) {
            return Ok(planned.seen(&target, held));
        }
        if !held.permissions.is_empty() {
            return Err(already(&planned, &target, &held).into());
        }
        let grantable = planned.grantable();
        match planned.grant(aws, &target.resource()?, &planned.permissions, &grantable, operation).await {
            Sent::Done(()) => {}
            Sent::Taken(failure) | Sent::Refused(failure) => return Err(failure.into()),
            Sent::Unsure(failure) => return Err(ChangeError::unsure(failure)),
        }
        let made = planned.clone().seen(&target, Held { permissions: planned.permissions.clone(), grantable });
        match planned.settle(aws, &target, operation).await {
            Ok(()) => Ok(made),
            Err(failure) => Err(ChangeError::leaving(failure, made)),
        }
    }

    async fn read(aws: &Aws, current: Vec<Grant>) -> Vec<Result<Option<Grant>, Failure>> {
        let grants: Vec<_> = current.into_iter().map(|grant| (Target::of(&grant), grant)).collect();
        let known: Vec<_> =
            grants.iter().filter_map(|(target, grant)| Some((grant.clone(), target.clone().ok()?))).collect();
        let mut held = held::of_many(aws, known).await.into_iter();
        let read = |(target, grant): (Result<Target, Failure>, Grant)| {
            let target = target?;
            let held = held.next().transpose()?.unwrap_or_default();
            Ok(if held.permissions.is_empty() { None } else { Some(grant.seen(&target, held)) })
        };
        grants.into_iter().map(read).collect()
    }

    async fn update(
        aws: &Aws,
        prior: Grant,
        planned: Grant,
        operation: &Operation,
    ) -> Result<Grant, ChangeError<Grant>> {
        let target = Target::of(&planned)?;
        let resource = target.resource()?;
        let less = |one: &BTreeSet<String>, other: &BTreeSet<String>| one.difference(other).cloned().collect();
        let (had, has) = (prior.grantable(), planned.grantable());
        let mut add: BTreeSet<String> = less(&planned.permissions, &prior.permissions);
        let mut add_grantable: BTreeSet<String> = less(&has, &had);
        let remove: BTreeSet<String> = less(&prior.permissions, &planned.permissions);
        let remove_grantable: BTreeSet<String> = less(&had, &has);
        let revoking = !remove.is_empty() || !remove_grantable.is_empty();
        // Taking away ALL takes away the others too, so that then everything is granted anew, and after it.
        let all = remove.contains(ALL) || remove_grantable.contains(ALL);
        if all {
            planned.revoke(aws, &resource, &remove, &remove_grantable, operation).await?;
            (add, add_grantable) = (planned.permissions.clone(), has.clone());
        }
        let granting = !add.is_empty() || !add_grantable.is_empty();
        if granting
            && let Sent::Taken(failure) | Sent::Refused(failure) | Sent::Unsure(failure) =
                planned.grant(aws, &resource, &add, &add_grantable, operation).await
        {
            return Err(now(aws, prior, &target, failure).await);
        }
        if revoking
            && !all
            && let Err(failure) = planned.revoke(aws, &resource, &remove, &remove_grantable, operation).await
        {
            return Err(now(aws, prior, &target, failure).await);
        }
        let held = Held { permissions: planned.permissions.clone(), grantable: has };
        planned.settle(aws, &target, operation).await?;
        Ok(planned.seen(&target, held))
    }

    async fn delete(aws: &Aws, prior: Grant, operation: &Operation) -> Result<(), Failure> {
        let resource = Target::of(&prior)?.resource()?;
        prior.revoke(aws, &resource, &prior.permissions, &prior.grantable(), operation).await
    }

    async fn locate(aws: &Aws, planned: Grant, _: &str) -> Result<Found<Grant>, Failure> {
        let target = Target::of(&planned)?;
        let held = held::of(aws, &planned, &target).await?;
        Ok(if planned.is(&held) { Found::Complete(planned.seen(&target, held)) } else { Found::Absent })
    }

    async fn import(aws: &Aws, id: &str) -> Result<Grant, Failure> {
        let absent = || names::nothing_to_import("grant", id, id::FORM);
        let (principal, catalog_id, target) = id::read(id).ok_or_else(absent)?;
        let mut grant = Grant { principal, catalog_id, ..Grant::default() };
        target.clone().write(&mut grant);
        let held = held::of(aws, &grant, &target).await?;
        if held.permissions.is_empty() {
            return Err(absent());
        }
        Ok(grant.seen(&target, held))
    }
}

/// Whether two sets of permissions are one: where both hold all, the rest is in it.
fn means_the_same(one: &BTreeSet<String>, other: &BTreeSet<String>) -> bool {
    one == other || one.contains(ALL) && other.contains(ALL)
}

fn words(permissions: &BTreeSet<String>) -> Vec<Permission> {
    permissions.iter().map(|word| Permission::from(word.as_str())).collect()
}

/// Whether a revocation was refused because there is nothing to revoke any more.
fn is_revoked<E: ProvideErrorMetadata>(error: &SdkError<E>) -> bool {
    has_code(error, ABSENT)
        || has_code(error, &["InvalidInputException"])
            && (says(error, "No permissions revoked") || says(error, "non-existent column"))
        || has_code(error, &["AccessDeniedException"]) && says(error, "Resource does not exist")
}

/// The principal holds something on it already.
fn already(planned: &Grant, target: &Target, held: &Held) -> Failure {
    let words: Vec<_> = held.permissions.iter().map(String::as_str).collect();
    let detail = format!(
        "{} holds {} on it already, which this configuration did not grant. Put all that a principal may do with one \
         thing into one `aws_lakeformation_permissions`, or take this over with an `import` block: its import id is \
         \"{}\". Administrators of the data lake, and who made a database or table, hold everything on it and need no \
         grant.",
        planned.principal,
        words.join(", "),
        id::of(planned, target)
    );
    Failure::new("Permissions are held already", detail)
}

/// A change that stopped half way, with what the principal holds now.
async fn now(aws: &Aws, prior: Grant, target: &Target, failure: Failure) -> ChangeError<Grant> {
    match held::of(aws, &prior, target).await {
        Ok(held) => ChangeError::leaving(failure, prior.seen(target, held)),
        Err(_) => failure.into(),
    }
}
