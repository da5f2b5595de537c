//! Glue: the catalog of databases and tables, schemas, crawlers and jobs.

mod cost;
mod crawler;
mod database;
mod job;
mod registry;
mod role;
mod schema;
mod shown;
mod starts;
mod table;
#[cfg(test)]
mod tests;
mod trigger;

use std::convert::Infallible;

use mesh_provider::{Block, ChangeError, Computed, Draft, Failure, NativeProviderBuilder, ProviderDiagnostic};
use mesh_value::{AttributePath, PathStep, Value};

use crate::check;
use crate::failure::{Outcome as _, Sent};
use crate::platform::Aws;
use crate::tags::{Retagging, Tags};

/// Adds this service's types.
pub(crate) fn register(provider: NativeProviderBuilder<Aws>) -> NativeProviderBuilder<Aws> {
    provider
        .resource::<crawler::CrawlerType>()
        .resource::<database::DatabaseType>()
        .resource::<job::JobType>()
        .resource::<registry::RegistryType>()
        .resource::<schema::SchemaType>()
        .resource::<table::TableType>()
        .resource::<trigger::TriggerType>()
        .data_source::<table::data::TableSource>()
}

/// What Glue says of what is not there.
const ABSENT: &[&str] = &["EntityNotFoundException"];

/// What Glue says of a name that is taken. The second one is about a create with the same name and other arguments: the
/// token among the tags makes those of every create differ.
const TAKEN: &[&str] = &["AlreadyExistsException", "IdempotentParameterMismatchException"];

/// The ARN of a resource of the account, such as `database/orders`.
async fn arn(aws: &Aws, resource: &str) -> Result<String, Failure> {
    let account = &aws.account().await?.id;
    Ok(format!("arn:{}:glue:{}:{account}:{resource}", aws.partition(), aws.region()))
}

/// Plans the `id` and `arn` of a new object that is known by its name. `kind` is the beginning of its ARN's resource.
async fn plan_name(aws: &Aws, draft: &mut Draft<'_>, kind: &str) {
    let Some(name) = draft.planned_as::<String>("name").filter(|_| draft.is_create()) else { return };
    draft.set("id", &name);
    if let Ok(arn) = arn(aws, &format!("{kind}/{name}")).await {
        draft.set("arn", &arn);
    }
}

/// Whether a create made its object. Where it did not, there is one of that name, which an earlier attempt of the same
/// create may have made.
fn made<T, M>(sent: Sent<T>) -> Result<bool, ChangeError<M>> {
    match sent {
        Sent::Done(_) => Ok(true),
        Sent::Taken(_) => Ok(false),
        Sent::Refused(failure) => Err(failure.into()),
        Sent::Unsure(failure) => Err(ChangeError::unsure(failure)),
    }
}

/// A create that was not done wholly and left the object, of which nothing is known but what was planned.
fn half_made<M: Block>(failure: Failure, planned: M) -> ChangeError<M> {
    let known = planned
        .encode()
        .transform(&mut |_, value| Ok::<_, Infallible>(if value.is_known() { value } else { Value::null(value.ty()) }));
    let Ok(known) = known;
    ChangeError::leaving(failure, M::decode(&known).unwrap_or(planned))
}

/// The tags of a resource, with those that are not shown.
async fn read_tags(aws: &Aws, arn: &str) -> Result<Tags, Failure> {
    let answer = aws.glue().get_tags().resource_arn(arn).send().await.found("glue:GetTags", ABSENT)?;
    Ok(answer.and_then(|answer| answer.tags).unwrap_or_default().into_iter().collect())
}

/// Makes sure that a resource that was made a moment ago has exactly these tags: catalogs that only speak Glue's protocol
/// may not take those that come with a create.
async fn settle_tags(aws: &Aws, arn: &str, wanted: &Tags) -> Result<(), Failure> {
    let there = read_tags(aws, arn).await?;
    retag(aws, arn, &Computed::Known(there), &Computed::Known(wanted.clone())).await
}

/// Changes the tags of a resource.
async fn retag(aws: &Aws, arn: &str, before: &Computed<Tags>, after: &Computed<Tags>) -> Result<(), Failure> {
    let Retagging { remove, set } = Retagging::between(before, after);
    if !remove.is_empty() {
        let call = aws.glue().untag_resource().resource_arn(arn).set_tags_to_remove(Some(remove));
        call.send().await.calling("glue:UntagResource")?;
    }
    if !set.is_empty() {
        let call = aws.glue().tag_resource().resource_arn(arn).set_tags_to_add(Some(set.into_iter().collect()));
        call.send().await.calling("glue:TagResource")?;
    }
    Ok(())
}

/// A number as Glue's requests hold it. Validation keeps numbers in range; one that is not becomes the nearest.
fn number(value: i64) -> i32 {
    i32::try_from(value).unwrap_or(if value < 0 { i32::MIN } else { i32::MAX })
}

/// A name that the catalog would refuse, or write otherwise.
fn catalog_name(config: &Value, name: &str) -> Vec<ProviderDiagnostic> {
    let Some(text) = config.get(name).and_then(Value::as_str) else { return Vec::new() };
    let why = if text.is_empty() || text.chars().count() > 255 {
        format!("has {} characters; it may have 1 to 255", text.chars().count())
    } else if let Some(upper) = text.chars().find(|c| c.is_uppercase()) {
        format!("holds \"{upper}\", but the catalog keeps names in lower case: write \"{}\"", text.to_lowercase())
    } else {
        return Vec::new();
    };
    let detail = format!("`{name}` is \"{text}\", which {why}.");
    vec![ProviderDiagnostic::error("Invalid catalog name", detail).at(AttributePath::attr(name))]
}

/// A text in a nested block that is none of the allowed words. `at` is where the block is.
fn word(block: &Value, at: &AttributePath, name: &str, allowed: &[&str]) -> Vec<ProviderDiagnostic> {
    let problems = check::one_of(block, name, allowed);
    problems.into_iter().map(|problem| problem.at(at.join(step(name)))).collect()
}

fn step(name: &str) -> PathStep {
    PathStep::Attr(name.into())
}

/// A name that the schema registry would refuse.
fn registry_name(config: &Value, name: &str) -> Vec<ProviderDiagnostic> {
    let Some(text) = config.get(name).and_then(Value::as_str) else { return Vec::new() };
    let allowed = |c: char| c.is_ascii_alphanumeric() || "-_$#.".contains(c);
    let why = if text.is_empty() || text.len() > 255 {
        format!("has {} characters; it may have 1 to 255", text.len())
    } else if let Some(bad) = text.chars().find(|c| !allowed(*c)) {
        format!("holds \"{bad}\"; it may have letters, digits, `-`, `_`, `$`, `#` and `.`")
    } else {
        return Vec::new();
    };
    let detail = format!("`{name}` is \"{text}\", which {why}.");
    vec![ProviderDiagnostic::error("Invalid name", detail).at(AttributePath::attr(name))]
}
