//! `aws_lakeformation_resource`: a place in S3 that becomes part of the data lake.

use std::collections::BTreeMap;

use aws_sdk_lakeformation::types::ResourceInfo;
use aws_smithy_types::date_time::Format;
use mesh_provider::cost::Costs;
use mesh_provider::{
    Block, ChangeError, Computed, Draft, Failure, Found, Operation, Permissions, ProviderDiagnostic, ResourceType,
};
use mesh_value::{AttributePath, Value};

use super::{ABSENT, is_busy};
use crate::failure::{Outcome as _, SdkError, Sent, has_code, says};
use crate::many::{WORTH_LISTING, each};
use crate::names;
use crate::platform::Aws;
use crate::waiting::propagated;

/// What the name of the role ends with that Lake Formation keeps for itself.
const OWN_ROLE: &str = "AWSServiceRoleForLakeFormationDataAccess";

/// A place in S3 that becomes part of the data lake: Lake Formation reads and writes it by a role, for everybody whom
/// `aws_lakeformation_permissions` let.
#[derive(Block, Clone, Debug, PartialEq, Eq)]
pub(crate) struct Location {
    /// The ARN of a bucket, or of a prefix in it.
    #[mesh(replace)]
    pub arn: String,
    /// The role that may read and write there. Lake Formation's own, which the service makes, where it is left out.
    #[mesh(optional, replace)]
    pub role_arn: Computed<String>,
    /// Whether Lake Formation uses its own role. Leave `role_arn` out then.
    #[mesh(replace)]
    pub use_service_linked_role: Option<bool>,
    /// Whether IAM's policies go on to let people in, beside Lake Formation's permissions.
    #[mesh(optional, replace)]
    pub hybrid_access_enabled: Computed<bool>,
    /// Whether the place belongs to a federated catalog.
    #[mesh(optional, replace)]
    pub with_federation: Computed<bool>,
    /// Whether who registers it may do everything there.
    #[mesh(replace)]
    pub with_privileged_access: Option<bool>,
    /// When it was changed last.
    pub last_modified: Computed<String>,
    /// The ARN of the place.
    pub id: Computed<String>,
}

/// The resource type `aws_lakeformation_resource`.
pub(crate) struct LocationType;

impl Location {
    /// The role that is written; `None` where Lake Formation shall use its own.
    fn role(&self) -> Option<&String> {
        self.role_arn.known().filter(|_| self.use_service_linked_role != Some(true))
    }

    /// The place as Lake Formation has it. What it does not tell stays.
    fn seen(mut self, info: &ResourceInfo) -> Self {
        let flag = |told: Option<bool>, now: &Computed<bool>| {
            Computed::Known(told.or_else(|| now.known().copied()).unwrap_or(false))
        };
        self.role_arn = info.role_arn().map(str::to_owned).into();
        self.hybrid_access_enabled = flag(info.hybrid_access_enabled(), &self.hybrid_access_enabled);
        self.with_federation = flag(info.with_federation(), &self.with_federation);
        self.with_privileged_access = match (self.with_privileged_access, info.with_privileged_access()) {
            (None, Some(false)) => None,
            (now, told) => told.or(now),
        };
        self.last_modified = info.last_modified().and_then(|time| time.fmt(Format::DateTime).ok()).into();
        self.id = Computed::Known(self.arn.clone());
        self
    }

    /// Whether a registered place is what is planned. A place carries no token and there is only one of an ARN, so what
    /// is wholly as planned counts as made by this create.
    fn is(&self, info: &ResourceInfo) -> bool {
        let same_role = match (self.role(), info.role_arn()) {
            (Some(planned), there) => there == Some(planned.as_str()),
            (None, there) => there.is_none_or(|role| role.ends_with(OWN_ROLE)),
        };
        let same = |planned: Option<bool>, there: Option<bool>| match (planned, there) {
            (Some(planned), Some(there)) => planned == there,
            _ => true,
        };
        same_role
            && same(self.hybrid_access_enabled.known().copied(), info.hybrid_access_enabled())
            && same(self.with_federation.known().copied(), info.with_federation())
            && same(self.with_privileged_access, info.with_privileged_access())
    }
}

impl ResourceType for LocationType {
    const NAME: &'static str = "aws_lakeformation_resource";
    const PERMISSIONS: Permissions = Permissions {
        read: &["lakeformation:DescribeResource", "lakeformation:ListResources"],
        create: &["lakeformation:RegisterResource", "iam:PassRole", "iam:GetRole", "iam:CreateServiceLinkedRole"],
        update: &[],
        delete: &["lakeformation:DeregisterResource"],
    };
    const COSTS: Costs = Costs::Free;
    type Model = Location;
    type Platform = Aws;

    fn validate(config: &Value) -> Vec<ProviderDiagnostic> {
        let own = config.get("use_service_linked_role").and_then(Value::as_bool) == Some(true);
        if !own || config.get("role_arn").is_none_or(|role| role.is_null() || !role.is_known()) {
            return Vec::new();
        }
        let detail = "With `use_service_linked_role = true` Lake Formation uses its own role: leave `role_arn` out.";
        vec![ProviderDiagnostic::error("Conflicting arguments", detail).at(AttributePath::attr("role_arn"))]
    }

    async fn plan(_: &Aws, draft: &mut Draft<'_>) {
        if let Some(arn) = draft.planned_as::<String>("arn").filter(|_| draft.changes("arn")) {
            draft.set("id", &arn);
        }
        if draft.changes("use_service_linked_role") && draft.config("role_arn").is_null() {
            draft.set_unknown("role_arn");
        }
    }

    async fn create(aws: &Aws, planned: Location, operation: &Operation) -> Result<Location, ChangeError<Location>> {
        let role = planned.role().cloned();
        let call = aws
            .lakeformation()
            .register_resource()
            .resource_arn(&planned.arn)
            .set_use_service_linked_role(role.is_none().then_some(true))
            .set_role_arn(role)
            .set_hybrid_access_enabled(planned.hybrid_access_enabled.known().copied())
            .set_with_federation(planned.with_federation.known().copied())
            .set_with_privileged_access(planned.with_privileged_access);
        let action = "lakeformation:RegisterResource";
        let answer = propagated(operation, action, is_early_role, || call.clone().send()).await;
        match answer.sent(action, &["AlreadyExistsException"]) {
            Sent::Done(_) => {}
            Sent::Taken(_) => {
                if !describe(aws, &planned.arn).await?.is_some_and(|info| planned.is(&info)) {
                    return Err(names::taken("registered place", &planned.arn, "its ARN").into());
                }
            }
            Sent::Refused(failure) => return Err(failure.into()),
            Sent::Unsure(failure) => return Err(ChangeError::unsure(failure)),
        }
        let known = ResourceInfo::builder().set_role_arn(planned.role().cloned()).build();
        match describe(aws, &planned.arn).await {
            Ok(Some(info)) => Ok(planned.seen(&info)),
            Ok(None) => Err(names::vanished("registered place", &planned.arn).into()),
            Err(failure) => Err(ChangeError::leaving(failure, planned.seen(&known))),
        }
    }

    async fn read(aws: &Aws, current: Vec<Location>) -> Vec<Result<Option<Location>, Failure>> {
        let listed = if current.len() >= WORTH_LISTING { list(aws).await.ok() } else { None };
        each(current, |location| async {
            let info = match &listed {
                Some(listed) => listed.get(&location.arn).cloned(),
                None => describe(aws, &location.arn).await?,
            };
            Ok(info.map(|info| location.seen(&info)))
        })
        .await
    }

    async fn delete(aws: &Aws, prior: Location, operation: &Operation) -> Result<(), Failure> {
        let action = "lakeformation:DeregisterResource";
        let call = aws.lakeformation().deregister_resource().resource_arn(&prior.arn);
        propagated(operation, action, is_busy, || call.clone().send()).await.gone(action, ABSENT)
    }

    async fn locate(aws: &Aws, planned: Location, _: &str) -> Result<Found<Location>, Failure> {
        let info = describe(aws, &planned.arn).await?.filter(|info| planned.is(info));
        Ok(info.map_or(Found::Absent, |info| Found::Complete(planned.seen(&info))))
    }

    async fn import(aws: &Aws, id: &str) -> Result<Location, Failure> {
        let info = describe(aws, id).await?;
        let info = info.ok_or_else(|| names::nothing_to_import("registered place", id, "its ARN"))?;
        let location = Location {
            arn: id.to_owned(),
            role_arn: Computed::Unknown,
            use_service_linked_role: None,
            hybrid_access_enabled: Computed::Unknown,
            with_federation: Computed::Unknown,
            with_privileged_access: None,
            last_modified: Computed::Unknown,
            id: Computed::Unknown,
        };
        Ok(location.seen(&info))
    }
}

/// Whether the role may only not be known yet.
fn is_early_role<E: aws_smithy_types::error::metadata::ProvideErrorMetadata>(error: &SdkError<E>) -> bool {
    is_busy(error)
        || has_code(error, &["InvalidInputException", "EntityNotFoundException", "AccessDeniedException"])
            && (says(error, "assume") || says(error, "role does not exist") || says(error, "role not found"))
}

async fn describe(aws: &Aws, arn: &str) -> Result<Option<ResourceInfo>, Failure> {
    let answer = aws.lakeformation().describe_resource().resource_arn(arn).send().await;
    let answer = answer.found("lakeformation:DescribeResource", ABSENT)?;
    Ok(answer.and_then(|answer| answer.resource_info))
}

async fn list(aws: &Aws) -> Result<BTreeMap<String, ResourceInfo>, Failure> {
    let mut places = BTreeMap::new();
    let mut pages = aws.lakeformation().list_resources().into_paginator().send();
    while let Some(page) = pages.next().await {
        for info in page.calling("lakeformation:ListResources")?.resource_info_list() {
            places.insert(info.resource_arn().unwrap_or_default().to_owned(), info.clone());
        }
    }
    Ok(places)
}
