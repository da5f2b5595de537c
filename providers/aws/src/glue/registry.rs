//! `aws_glue_registry`: a group of schemas.

use std::collections::BTreeMap;

use aws_sdk_glue::types::{RegistryId, RegistryStatus};
use mesh_provider::cost::{CostRequest, Costs};
use mesh_provider::{
    Block, ChangeError, Computed, Draft, Failure, Found, Operation, Permissions, ProviderDiagnostic, ResourceType,
};
use mesh_value::Value;

use super::{ABSENT, TAKEN, arn, made, read_tags, registry_name, retag, settle_tags, shown};
use crate::failure::Outcome as _;
use crate::many::{WORTH_LISTING, each};
use crate::names;
use crate::platform::Aws;
use crate::tags::{self, Tags};
use crate::waiting;

/// A group of schemas.
#[derive(Block, Clone, Debug, PartialEq, Eq)]
pub(crate) struct Registry {
    /// Its name: letters, digits, `-`, `_`, `$`, `.` and `#`.
    #[mesh(replace)]
    pub registry_name: String,
    /// What it is for.
    pub description: Option<String>,
    /// Its tags.
    pub tags: Option<Tags>,
    /// All its tags, with those that the provider block gives to every resource.
    pub tags_all: Computed<Tags>,
    /// Its ARN.
    pub id: Computed<String>,
    /// Its ARN.
    pub arn: Computed<String>,
}

/// The resource type `aws_glue_registry`.
pub(crate) struct RegistryType;

/// A registry as Glue describes it.
#[derive(Clone)]
struct Described {
    arn: String,
    description: Option<String>,
}

impl Registry {
    fn seen(mut self, aws: &Aws, there: &Described, platform: Tags) -> Self {
        (self.tags, self.tags_all) = tags::seen(aws, self.tags.as_ref(), platform);
        self.description = shown::text(self.description.as_ref(), there.description.as_deref());
        self.id = Computed::Known(there.arn.clone());
        self.arn = Computed::Known(there.arn.clone());
        self
    }

    async fn read(self, aws: &Aws, there: &Described) -> Result<Self, Failure> {
        let tags = read_tags(aws, &there.arn).await?;
        Ok(self.seen(aws, there, tags))
    }

    fn registry_id(&self) -> RegistryId {
        RegistryId::builder().registry_name(&self.registry_name).build()
    }
}

impl ResourceType for RegistryType {
    const NAME: &'static str = "aws_glue_registry";
    const PERMISSIONS: Permissions = Permissions {
        read: &["glue:GetRegistry", "glue:GetTags", "glue:ListRegistries"],
        create: &["glue:CreateRegistry", "glue:TagResource", "glue:UntagResource"],
        update: &["glue:TagResource", "glue:UntagResource", "glue:UpdateRegistry"],
        delete: &["glue:DeleteRegistry"],
    };
    type Model = Registry;
    type Platform = Aws;

    fn validate(config: &Value) -> Vec<ProviderDiagnostic> {
        registry_name(config, "registry_name")
    }

    async fn plan(aws: &Aws, draft: &mut Draft<'_>) {
        tags::plan(aws, draft);
        let name = draft.planned_as::<String>("registry_name").filter(|_| draft.is_create());
        let Some(name) = name else { return };
        if let Ok(arn) = arn(aws, &format!("registry/{name}")).await {
            draft.set("id", &arn);
            draft.set("arn", &arn);
        }
    }

    fn cost(_: &Aws, _: CostRequest<'_>) -> Costs {
        Costs::Free
    }

    async fn create(aws: &Aws, planned: Registry, operation: &Operation) -> Result<Registry, ChangeError<Registry>> {
        let name = &planned.registry_name;
        let tags = tags::creating(&planned.tags_all, operation);
        let arn = arn(aws, &format!("registry/{name}")).await?;
        let call = aws
            .glue()
            .create_registry()
            .registry_name(name)
            .set_description(planned.description.clone())
            .set_tags(Some(tags.clone().into_iter().collect()));
        let new = made(call.send().await.sent("glue:CreateRegistry", TAKEN))?;
        if !new && !tags::is_from(&read_tags(aws, &arn).await?, &operation.token) {
            return Err(names::taken("schema registry", name, "its ARN").into());
        }
        let made = Described { arn, description: planned.description.clone() };
        match settle_tags(aws, &made.arn, &tags).await {
            Ok(()) => Ok(planned.seen(aws, &made, tags)),
            Err(failure) => Err(ChangeError::leaving(failure, planned.seen(aws, &made, Tags::new()))),
        }
    }

    async fn read(aws: &Aws, current: Vec<Registry>) -> Vec<Result<Option<Registry>, Failure>> {
        let listed = if current.len() >= WORTH_LISTING { list(aws).await.ok() } else { None };
        each(current, |registry| async {
            let there = match &listed {
                Some(listed) => listed.get(&registry.registry_name).cloned(),
                None => find(aws, registry.registry_id()).await?,
            };
            match there {
                Some(there) => registry.read(aws, &there).await.map(Some),
                None => Ok(None),
            }
        })
        .await
    }

    async fn update(
        aws: &Aws,
        prior: Registry,
        planned: Registry,
        _operation: &Operation,
    ) -> Result<Registry, ChangeError<Registry>> {
        if prior.description != planned.description {
            let description = planned.description.clone().unwrap_or_default();
            let call = aws.glue().update_registry().registry_id(prior.registry_id()).description(description);
            call.send().await.calling("glue:UpdateRegistry")?;
        }
        let arn = prior.arn.known().cloned().unwrap_or_default();
        retag(aws, &arn, &prior.tags_all, &planned.tags_all).await?;
        Ok(planned)
    }

    async fn delete(aws: &Aws, prior: Registry, operation: &Operation) -> Result<(), Failure> {
        let call = aws.glue().delete_registry().registry_id(prior.registry_id());
        call.send().await.gone("glue:DeleteRegistry", ABSENT)?;
        waiting::until(operation, "waiting until a schema registry is deleted", async || {
            let there = aws.glue().get_registry().registry_id(prior.registry_id()).send().await;
            Ok(there.found("glue:GetRegistry", ABSENT)?.is_none().then_some(()))
        })
        .await
    }

    async fn locate(aws: &Aws, planned: Registry, token: &str) -> Result<Found<Registry>, Failure> {
        let Some(there) = find(aws, planned.registry_id()).await? else { return Ok(Found::Absent) };
        let tags = read_tags(aws, &there.arn).await?;
        Ok(if tags::is_from(&tags, token) { Found::Complete(planned.seen(aws, &there, tags)) } else { Found::Absent })
    }

    async fn import(aws: &Aws, id: &str) -> Result<Registry, Failure> {
        let absent = || names::nothing_to_import("schema registry", id, "its ARN");
        let by_id = if id.starts_with("arn:") {
            RegistryId::builder().registry_arn(id).build()
        } else {
            RegistryId::builder().registry_name(id).build()
        };
        let there = find(aws, by_id).await?.ok_or_else(absent)?;
        let name = there.arn.rsplit('/').next().unwrap_or_default();
        let blank = Registry {
            registry_name: name.to_owned(),
            description: None,
            tags: None,
            tags_all: Computed::Unknown,
            id: Computed::Unknown,
            arn: Computed::Unknown,
        };
        blank.read(aws, &there).await
    }
}

/// One that is being deleted is gone.
async fn find(aws: &Aws, id: RegistryId) -> Result<Option<Described>, Failure> {
    let answer = aws.glue().get_registry().registry_id(id).send().await.found("glue:GetRegistry", ABSENT)?;
    let there = answer.filter(|there| there.status() != Some(&RegistryStatus::Deleting));
    Ok(there.map(|there| Described { arn: there.registry_arn.unwrap_or_default(), description: there.description }))
}

/// All registries of the account, by their names.
async fn list(aws: &Aws) -> Result<BTreeMap<String, Described>, Failure> {
    let mut pages = aws.glue().list_registries().into_paginator().send();
    let mut registries = BTreeMap::new();
    while let Some(page) = pages.next().await {
        for there in page.calling("glue:ListRegistries")?.registries.unwrap_or_default() {
            if there.status() != Some(&RegistryStatus::Deleting) {
                let name = there.registry_name.unwrap_or_default();
                let arn = there.registry_arn.unwrap_or_default();
                registries.insert(name, Described { arn, description: there.description });
            }
        }
    }
    Ok(registries)
}
