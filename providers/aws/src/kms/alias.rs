//! `aws_kms_alias`: a name for a key.

use std::collections::BTreeMap;

use mesh_provider::cost::Costs;
use mesh_provider::{
    Block, ChangeError, Computed, Draft, Failure, Found, Operation, Permissions, ProviderDiagnostic, ResourceType,
};
use mesh_value::{AttributePath, Value};

use super::{ABSENT, same_key};
use crate::failure::{Outcome as _, Sent};
use crate::platform::Aws;
use crate::{check, names};

/// A name for a key, by which it can be used and which can move on to another key.
#[derive(Block, Clone, Debug, PartialEq, Eq)]
pub(crate) struct Alias {
    /// The name, which begins with `alias/`. A name that nobody else has is made where it is left out.
    #[mesh(optional, replace)]
    pub name: Computed<String>,
    /// What a name that is made begins with, itself beginning with `alias/`.
    #[mesh(replace)]
    pub name_prefix: Option<String>,
    /// The key's id or ARN.
    pub target_key_id: String,
    /// The key's ARN.
    pub target_key_arn: Computed<String>,
    /// The alias' ARN.
    pub arn: Computed<String>,
    /// The alias' name.
    pub id: Computed<String>,
}

/// The resource type `aws_kms_alias`.
pub(crate) struct AliasType;

/// The id of the key of each alias.
type Targets = BTreeMap<String, String>;

const PREFIX: &str = "alias/";

impl Alias {
    fn name(&self, token: &str) -> String {
        names::chosen(&self.name, Some(self.name_prefix.as_deref().unwrap_or("alias/mesh-")), token)
    }

    /// The alias as the service has it.
    fn seen(mut self, aws: &Aws, account: &str, name: String, key: &str) -> Self {
        if !same_key(&self.target_key_id, key) {
            key.clone_into(&mut self.target_key_id);
        }
        let place = format!("arn:{}:kms:{}:{account}", aws.partition(), aws.region());
        self.target_key_arn = Computed::Known(format!("{place}:key/{key}"));
        self.arn = Computed::Known(format!("{place}:{name}"));
        self.id = Computed::Known(name.clone());
        self.name = Computed::Known(name);
        self
    }

    /// The alias among those that are there; `None` where it is not.
    async fn among(self, aws: &Aws, targets: &Targets, name: String) -> Result<Option<Self>, Failure> {
        let Some(key) = targets.get(&name) else { return Ok(None) };
        let account = &aws.account().await?.id;
        Ok(Some(self.seen(aws, account, name, key)))
    }
}

impl ResourceType for AliasType {
    const NAME: &'static str = "aws_kms_alias";
    const PERMISSIONS: Permissions = Permissions {
        read: &["kms:ListAliases", "sts:GetCallerIdentity"],
        create: &["kms:CreateAlias"],
        update: &["kms:UpdateAlias"],
        delete: &["kms:DeleteAlias"],
    };
    const COSTS: Costs = Costs::Free;
    type Model = Alias;
    type Platform = Aws;

    fn validate(config: &Value) -> Vec<ProviderDiagnostic> {
        let mut problems = check::exclusive(config, "name", "name_prefix");
        for name in ["name", "name_prefix"] {
            let Some(written) = config.get(name).and_then(Value::as_str) else { continue };
            if let Some(why) = wrong_name(written) {
                let problem = ProviderDiagnostic::error("Invalid alias", format!("`{name}` is \"{written}\": {why}."));
                problems.push(problem.at(AttributePath::attr(name)));
            }
        }
        problems
    }

    async fn plan(_: &Aws, draft: &mut Draft<'_>) {
        if let Some(name) = draft.planned_as::<String>("name").filter(|_| draft.changes("name")) {
            draft.set("id", &name);
        }
        let (was, will) = (draft.prior_as::<String>("target_key_id"), draft.planned_as::<String>("target_key_id"));
        match was.zip(will) {
            Some((was, will)) if same_key(&was, &will) => draft.keep("target_key_id"),
            _ if draft.changes("target_key_id") => draft.set_unknown("target_key_arn"),
            _ => {}
        }
    }

    async fn create(aws: &Aws, planned: Alias, operation: &Operation) -> Result<Alias, ChangeError<Alias>> {
        let name = planned.name(&operation.token);
        let call = aws.kms().create_alias().alias_name(&name).target_key_id(&planned.target_key_id);
        match call.send().await.sent("kms:CreateAlias", &["AlreadyExistsException"]) {
            Sent::Done(_) => {}
            // An alias has no place for a token: it is ours if it is as planned.
            Sent::Taken(_) if points_as_planned(aws, &planned, &name).await? => {}
            Sent::Taken(_) => return Err(names::taken("KMS alias", &name, "its name").into()),
            Sent::Refused(failure) => return Err(failure.into()),
            Sent::Unsure(failure) => return Err(ChangeError::unsure(failure)),
        }
        let key = plain(&planned.target_key_id).to_owned();
        let account = aws.account().await?.id.clone();
        Ok(planned.seen(aws, &account, name, &key))
    }

    async fn read(aws: &Aws, current: Vec<Alias>) -> Vec<Result<Option<Alias>, Failure>> {
        // One alias can't be asked for without its key: the listing serves any number of them.
        let targets = match list(aws).await {
            Ok(targets) => targets,
            Err(failure) => return current.iter().map(|_| Err(failure.clone())).collect(),
        };
        let mut read = Vec::with_capacity(current.len());
        for alias in current {
            let name = alias.name("");
            read.push(alias.among(aws, &targets, name).await);
        }
        read
    }

    async fn update(aws: &Aws, prior: Alias, planned: Alias, _: &Operation) -> Result<Alias, ChangeError<Alias>> {
        let name = prior.name("");
        if !same_key(&prior.target_key_id, &planned.target_key_id) {
            let call = aws.kms().update_alias().alias_name(&name).target_key_id(&planned.target_key_id);
            call.send().await.calling("kms:UpdateAlias")?;
        }
        let key = plain(&planned.target_key_id).to_owned();
        let account = aws.account().await?.id.clone();
        Ok(planned.seen(aws, &account, name, &key))
    }

    async fn delete(aws: &Aws, prior: Alias, _: &Operation) -> Result<(), Failure> {
        aws.kms().delete_alias().alias_name(prior.name("")).send().await.gone("kms:DeleteAlias", ABSENT)
    }

    async fn locate(aws: &Aws, planned: Alias, token: &str) -> Result<Found<Alias>, Failure> {
        let name = planned.name(token);
        let targets = list(aws).await?;
        let ours = targets.get(&name).is_some_and(|key| same_key(key, &planned.target_key_id));
        let found = if ours { planned.among(aws, &targets, name).await? } else { None };
        Ok(found.map_or(Found::Absent, Found::Complete))
    }

    async fn import(aws: &Aws, id: &str) -> Result<Alias, Failure> {
        let alias = Alias {
            name: Computed::Unknown,
            name_prefix: None,
            target_key_id: String::new(),
            target_key_arn: Computed::Unknown,
            arn: Computed::Unknown,
            id: Computed::Unknown,
        };
        let found = alias.among(aws, &list(aws).await?, id.to_owned()).await?;
        found.ok_or_else(|| names::nothing_to_import("KMS alias", id, "its name, with `alias/`"))
    }
}

/// All aliases of the account in the region that have a key.
async fn list(aws: &Aws) -> Result<Targets, Failure> {
    let mut targets = Targets::new();
    let mut pages = aws.kms().list_aliases().into_paginator().send();
    while let Some(page) = pages.next().await {
        for alias in page.calling("kms:ListAliases")?.aliases() {
            if let (Some(name), Some(key)) = (alias.alias_name(), alias.target_key_id()) {
                targets.insert(name.to_owned(), plain(key).to_owned());
            }
        }
    }
    Ok(targets)
}

async fn points_as_planned(aws: &Aws, planned: &Alias, name: &str) -> Result<bool, Failure> {
    Ok(list(aws).await?.get(name).is_some_and(|key| same_key(key, &planned.target_key_id)))
}

/// The key's id, without the rest of its ARN.
fn plain(key: &str) -> &str {
    key.rsplit_once(":key/").map_or(key, |(_, id)| id)
}

fn wrong_name(name: &str) -> Option<&'static str> {
    let Some(rest) = name.strip_prefix(PREFIX) else { return Some("it must begin with `alias/`") };
    let allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '/' | '_' | '-');
    if rest.starts_with("aws/") {
        Some("names that begin with `alias/aws/` are AWS's own")
    } else if !rest.chars().all(allowed) {
        Some("after `alias/` it may have letters, digits, `/`, `_` and `-`")
    } else if name.len() > 256 {
        Some("it may have 256 characters")
    } else {
        None
    }
}
