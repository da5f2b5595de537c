//! `aws_lakeformation_lf_tag`: a key and its values, by which permissions are given to whatever carries them.

use std::collections::{BTreeMap, BTreeSet};

use mesh_provider::cost::Costs;
use mesh_provider::{
    Block, ChangeError, Computed, Draft, Failure, Found, Operation, Permissions, ProviderDiagnostic, ResourceType,
};
use mesh_value::{AttributePath, Value};

use super::{ABSENT, catalog, is_busy};
use crate::check;
use crate::failure::{Outcome as _, Sent};
use crate::many::{WORTH_LISTING, each};
use crate::names;
use crate::platform::Aws;
use crate::waiting::propagated;

/// How many values one call takes.
const AT_ONCE: usize = 50;

/// A key and its values, which databases, tables and columns can carry. `aws_lakeformation_permissions` give rights to
/// all that carries them.
#[derive(Block, Clone, Debug, PartialEq, Eq)]
pub(crate) struct LfTag {
    /// The account whose catalog it is in. The provider's own where it is left out.
    #[mesh(optional, replace)]
    pub catalog_id: Computed<String>,
    /// The key, of up to 128 characters. Lake Formation keeps it in lower case.
    #[mesh(replace)]
    pub key: String,
    /// The values that it can have: one at least.
    pub values: BTreeSet<String>,
    /// The account's id and the key, joined by `:`.
    pub id: Computed<String>,
}

/// The resource type `aws_lakeformation_lf_tag`.
pub(crate) struct LfTagType;

impl LfTag {
    /// The tag with the values that it has, written as the state has them: Lake Formation folds letters to lower case.
    fn seen(mut self, catalog: &str, values: &BTreeSet<String>) -> Self {
        self.values = as_written(&self.values, values);
        self.id = Computed::Known(format!("{catalog}:{}", self.key));
        self.catalog_id = Computed::Known(catalog.to_owned());
        self
    }
}

impl ResourceType for LfTagType {
    const NAME: &'static str = "aws_lakeformation_lf_tag";
    const PERMISSIONS: Permissions = Permissions {
        read: &["lakeformation:GetLFTag", "lakeformation:ListLFTags"],
        create: &["lakeformation:CreateLFTag", "lakeformation:UpdateLFTag"],
        update: &["lakeformation:UpdateLFTag"],
        delete: &["lakeformation:DeleteLFTag"],
    };
    const COSTS: Costs = Costs::Free;
    type Model = LfTag;
    type Platform = Aws;

    fn validate(config: &Value) -> Vec<ProviderDiagnostic> {
        let mut problems = check::account_id(config, "catalog_id");
        let key = config.get("key").and_then(Value::as_str);
        if let Some(key) = key.filter(|key| key.is_empty() || key.chars().count() > 128) {
            let detail = format!("The key has {} characters; it may have 1 to 128.", key.chars().count());
            problems.push(ProviderDiagnostic::error("Invalid key", detail).at(AttributePath::attr("key")));
        }
        let values = config.get("values").and_then(Value::as_slice);
        let long = values.unwrap_or_default().iter().filter_map(Value::as_str);
        for value in long.filter(|value| value.is_empty() || value.chars().count() > 255) {
            let detail =
                format!("A value has {} characters (\"{value}\"); it may have 1 to 255.", value.chars().count());
            problems.push(ProviderDiagnostic::error("Invalid value", detail).at(AttributePath::attr("values")));
        }
        if values.is_some_and(<[Value]>::is_empty) {
            let problem = ProviderDiagnostic::error("No values", "A tag needs one value at least.");
            problems.push(problem.at(AttributePath::attr("values")));
        }
        problems
    }

    async fn plan(aws: &Aws, draft: &mut Draft<'_>) {
        let (was, will) = (draft.prior_as("values"), draft.planned_as("values"));
        if was.zip(will).is_some_and(|(was, will)| folded(&was) == folded(&will)) {
            draft.keep("values");
        }
        if !draft.is_create() {
            return;
        }
        let written = draft.config("catalog_id");
        let id = if written.is_null() { catalog(aws, None).await.ok() } else { written.as_str().map(str::to_owned) };
        if let Some(id) = id {
            if draft.config("catalog_id").is_null() {
                draft.set("catalog_id", &id);
            }
            if let Some(key) = draft.planned_as::<String>("key") {
                draft.set("id", &format!("{id}:{key}"));
            }
        }
    }

    async fn create(aws: &Aws, planned: LfTag, operation: &Operation) -> Result<LfTag, ChangeError<LfTag>> {
        let catalog = catalog(aws, planned.catalog_id.known()).await?;
        if let Some(there) = get(aws, &catalog, &planned.key).await? {
            // A tag carries no token and its key is its name: what is wholly as planned counts as made by this create.
            return if folded(&there) == folded(&planned.values) {
                Ok(planned.seen(&catalog, &there))
            } else {
                Err(names::taken("tag", &planned.key, "the account's id, `:` and the key").into())
            };
        }
        let values: Vec<String> = planned.values.iter().cloned().collect();
        let mut chunks = values.chunks(AT_ONCE);
        let first = chunks.next().unwrap_or_default().to_vec();
        let call = aws.lakeformation().create_lf_tag().catalog_id(&catalog).tag_key(&planned.key);
        let call = call.set_tag_values(Some(first.clone()));
        let action = "lakeformation:CreateLFTag";
        let mut made: BTreeSet<String> = first.into_iter().collect();
        let taken = &["AlreadyExistsException", "InvalidInputException"];
        match propagated(operation, action, is_busy, || call.clone().send()).await.sent(action, taken) {
            Sent::Done(_) => {}
            // A reply was lost, and what was sent again found what the first one made.
            Sent::Taken(_)
                if get(aws, &catalog, &planned.key).await?.is_some_and(|there| folded(&there) == folded(&made)) => {}
            Sent::Taken(failure) | Sent::Refused(failure) => return Err(failure.into()),
            Sent::Unsure(failure) => return Err(ChangeError::unsure(failure)),
        }
        for chunk in chunks {
            if let Err(failure) = change(aws, &catalog, &planned.key, chunk, &[], operation).await {
                return Err(ChangeError::leaving(failure, planned.seen(&catalog, &made)));
            }
            made.extend(chunk.iter().cloned());
        }
        Ok(planned.seen(&catalog, &made))
    }

    async fn read(aws: &Aws, current: Vec<LfTag>) -> Vec<Result<Option<LfTag>, Failure>> {
        let mut listed = BTreeMap::new();
        if current.len() >= WORTH_LISTING {
            let catalogs: BTreeSet<String> = current.iter().filter_map(|tag| tag.catalog_id.known().cloned()).collect();
            for catalog in catalogs {
                if let Ok(tags) = list(aws, &catalog).await {
                    listed.insert(catalog, tags);
                }
            }
        }
        each(current, |tag| async {
            let catalog = catalog(aws, tag.catalog_id.known()).await?;
            let values = match listed.get(&catalog) {
                Some(tags) => tags.get(&tag.key.to_lowercase()).cloned(),
                None => get(aws, &catalog, &tag.key).await?,
            };
            Ok(values.map(|values| tag.seen(&catalog, &values)))
        })
        .await
    }

    async fn update(
        aws: &Aws,
        prior: LfTag,
        planned: LfTag,
        operation: &Operation,
    ) -> Result<LfTag, ChangeError<LfTag>> {
        let catalog = catalog(aws, prior.catalog_id.known()).await?;
        let (before, after) = (folded(&prior.values), folded(&planned.values));
        let add: Vec<String> = after.difference(&before).cloned().collect();
        let remove: Vec<String> = before.difference(&after).cloned().collect();
        let mut now = before.clone();
        // What is new first, so that the tag is never without a value.
        let steps = add.chunks(AT_ONCE).map(|chunk| (chunk, &[][..]));
        for (add, remove) in steps.chain(remove.chunks(AT_ONCE).map(|chunk| (&[][..], chunk))) {
            if let Err(failure) = change(aws, &catalog, &prior.key, add, remove, operation).await {
                return Err(ChangeError::leaving(failure, prior.seen(&catalog, &now)));
            }
            now.extend(add.iter().cloned());
            now.retain(|value| !remove.contains(value));
        }
        Ok(planned.seen(&catalog, &now))
    }

    async fn delete(aws: &Aws, prior: LfTag, operation: &Operation) -> Result<(), Failure> {
        let catalog = catalog(aws, prior.catalog_id.known()).await?;
        let action = "lakeformation:DeleteLFTag";
        let call = aws.lakeformation().delete_lf_tag().catalog_id(catalog).tag_key(&prior.key);
        propagated(operation, action, is_busy, || call.clone().send()).await.gone(action, ABSENT)
    }

    async fn locate(aws: &Aws, planned: LfTag, _: &str) -> Result<Found<LfTag>, Failure> {
        let catalog = catalog(aws, planned.catalog_id.known()).await?;
        let Some(there) = get(aws, &catalog, &planned.key).await? else { return Ok(Found::Absent) };
        let (have, want) = (folded(&there), folded(&planned.values));
        Ok(if have == want {
            Found::Complete(planned.seen(&catalog, &there))
        } else if have.len() >= AT_ONCE && have.is_subset(&want) {
            // More values than one call takes, and not all calls were made.
            Found::Partial(planned.seen(&catalog, &there))
        } else {
            Found::Absent
        })
    }

    async fn import(aws: &Aws, id: &str) -> Result<LfTag, Failure> {
        let absent = || names::nothing_to_import("tag", id, "the account's id, `:` and the key");
        let (catalog, key) = id.split_once(':').ok_or_else(absent)?;
        let values = get(aws, catalog, key).await?.ok_or_else(absent)?;
        let tag = LfTag {
            catalog_id: Computed::Unknown,
            key: key.to_owned(),
            values: BTreeSet::new(),
            id: Computed::Unknown,
        };
        Ok(tag.seen(catalog, &values))
    }
}

fn folded(values: &BTreeSet<String>) -> BTreeSet<String> {
    values.iter().map(|value| value.to_lowercase()).collect()
}

/// The values that are there, each in the letters in which it is written where it is.
fn as_written(written: &BTreeSet<String>, there: &BTreeSet<String>) -> BTreeSet<String> {
    let spelling: BTreeMap<String, &String> = written.iter().map(|value| (value.to_lowercase(), value)).collect();
    there.iter().map(|value| spelling.get(&value.to_lowercase()).map_or(value, |own| *own).clone()).collect()
}

async fn change(
    aws: &Aws,
    catalog: &str,
    key: &str,
    add: &[String],
    remove: &[String],
    operation: &Operation,
) -> Result<(), Failure> {
    let some = |values: &[String]| Some(values.to_vec()).filter(|values| !values.is_empty());
    let call = aws.lakeformation().update_lf_tag().catalog_id(catalog).tag_key(key);
    let call = call.set_tag_values_to_add(some(add)).set_tag_values_to_delete(some(remove));
    let action = "lakeformation:UpdateLFTag";
    propagated(operation, action, is_busy, || call.clone().send()).await.calling(action).map(|_| ())
}

/// The values of a tag; a tag without any is none.
async fn get(aws: &Aws, catalog: &str, key: &str) -> Result<Option<BTreeSet<String>>, Failure> {
    let answer = aws.lakeformation().get_lf_tag().catalog_id(catalog).tag_key(key).send().await;
    let answer = answer.found("lakeformation:GetLFTag", ABSENT)?;
    let values = answer.map(|answer| answer.tag_values().iter().cloned().collect::<BTreeSet<_>>());
    Ok(values.filter(|values| !values.is_empty()))
}

/// The tags of a catalog, by their keys in lower case.
async fn list(aws: &Aws, catalog: &str) -> Result<BTreeMap<String, BTreeSet<String>>, Failure> {
    let mut tags = BTreeMap::new();
    let mut pages = aws.lakeformation().list_lf_tags().catalog_id(catalog).into_paginator().send();
    while let Some(page) = pages.next().await {
        for tag in page.calling("lakeformation:ListLFTags")?.lf_tags() {
            tags.insert(tag.tag_key().to_lowercase(), tag.tag_values().iter().cloned().collect());
        }
    }
    Ok(tags)
}
