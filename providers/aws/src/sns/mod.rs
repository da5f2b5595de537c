//! The Simple Notification Service: topics and who is told.

mod cost;
mod subscription;
mod topic;

use std::collections::HashMap;

use mesh_provider::{Failure, NativeProviderBuilder};

use crate::failure::Outcome as _;
use crate::platform::Aws;

/// Adds this service's types.
pub(crate) fn register(provider: NativeProviderBuilder<Aws>) -> NativeProviderBuilder<Aws> {
    provider.resource::<subscription::SubscriptionType>().resource::<topic::TopicType>()
}

/// What SNS calls a topic or subscription that is not there.
const ABSENT: &[&str] = &["NotFound", "NotFoundException"];

/// Attributes of a topic or subscription, by SNS's names.
type Attributes = HashMap<String, String>;

/// A text attribute; SNS answers an empty one for one that is not set.
fn text(attributes: &Attributes, name: &str) -> Option<String> {
    attributes.get(name).filter(|text| !text.is_empty()).cloned()
}

/// A yes or no.
fn flag(attributes: &Attributes, name: &str) -> bool {
    attributes.get(name).is_some_and(|text| text.eq_ignore_ascii_case("true"))
}

/// The attributes of a topic; `None` where there is none.
async fn topic_attributes(aws: &Aws, arn: &str) -> Result<Option<Attributes>, Failure> {
    let answer = aws.sns().get_topic_attributes().topic_arn(arn).send().await;
    let answer = answer.found("sns:GetTopicAttributes", ABSENT)?;
    Ok(answer.map(|answer| answer.attributes().cloned().unwrap_or_default()))
}
