//! Budgets: what an account may cost, who is told, and what is done about it.

mod action;
mod amount;
mod budget;
mod cost;
mod definition;
mod limits;
mod notification;
mod period;
#[cfg(test)]
mod tests;

use aws_sdk_budgets::types::ResourceTag;
use mesh_provider::{Computed, Failure, NativeProviderBuilder};

use crate::failure::{Outcome as _, incomplete};
use crate::platform::Aws;
use crate::tags::{Retagging, Tags};

/// Adds this service's types.
pub(crate) fn register(provider: NativeProviderBuilder<Aws>) -> NativeProviderBuilder<Aws> {
    provider.resource::<budget::BudgetType>().resource::<action::ActionType>()
}

/// What Budgets calls something that is not there.
const ABSENT: &[&str] = &["NotFoundException"];

/// What Budgets calls something that is there already.
const TAKEN: &[&str] = &["DuplicateRecordException"];

/// The account that is meant: the one written, or the provider's own.
async fn account(aws: &Aws, written: &Computed<String>) -> Result<String, Failure> {
    match written.known() {
        Some(id) => Ok(id.clone()),
        None => Ok(aws.account().await?.id.clone()),
    }
}

/// The ARN of a budget, or of what belongs to it.
fn arn_of(aws: &Aws, account: &str, path: &str) -> String {
    format!("arn:{}:budgets::{account}:budget/{path}", aws.partition())
}

/// The tags of a budget or action; `None` where there is none.
async fn tags_of(aws: &Aws, arn: &str) -> Result<Option<Tags>, Failure> {
    let answer = aws.budgets().list_tags_for_resource().resource_arn(arn).send().await;
    let answer = answer.found("budgets:ListTagsForResource", ABSENT)?;
    let tags = |tags: Vec<ResourceTag>| tags.into_iter().map(|tag| (tag.key, tag.value)).collect();
    Ok(answer.map(|answer| tags(answer.resource_tags.unwrap_or_default())))
}

/// Changes the tags of a budget or action.
async fn retag(aws: &Aws, arn: &str, before: &Computed<Tags>, after: &Computed<Tags>) -> Result<(), Failure> {
    let Retagging { remove, set } = Retagging::between(before, after);
    if !remove.is_empty() {
        let call = aws.budgets().untag_resource().resource_arn(arn).set_resource_tag_keys(Some(remove));
        call.send().await.calling("budgets:UntagResource")?;
    }
    if !set.is_empty() {
        let call = aws.budgets().tag_resource().resource_arn(arn).set_resource_tags(Some(tag_list(&set)?));
        call.send().await.calling("budgets:TagResource")?;
    }
    Ok(())
}

fn tag_list(tags: &Tags) -> Result<Vec<ResourceTag>, Failure> {
    tags.iter().map(|(key, value)| ResourceTag::builder().key(key).value(value).build().map_err(incomplete)).collect()
}
