//! The three kinds of targets, which differ only in what they are called.

use crate::failure::incomplete;
use std::collections::BTreeSet;

use aws_sdk_s3::error::BuildError;
use aws_sdk_s3::types::{
    Event, FilterRule, FilterRuleName, LambdaFunctionConfiguration, NotificationConfigurationFilter,
    QueueConfiguration, S3KeyFilter, TopicConfiguration,
};
use mesh_provider::{Attribute, Block, Computed, Failure, ProviderDiagnostic};
use mesh_value::{AttributePath, Value};

/// What a target says, in whatever kind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Content {
    id: Option<String>,
    arn: String,
    events: BTreeSet<String>,
    filter_prefix: Option<String>,
    filter_suffix: Option<String>,
}

/// One kind of targets.
pub(super) trait Target: Attribute + Clone {
    /// The block's name and the name of its address.
    const NAMES: (&'static str, &'static str);
    /// The kind as the SDK has it.
    type Sdk;

    fn content(&self) -> Content;
    fn of(content: Content) -> Self;
    fn from_sdk(target: &Self::Sdk) -> Content;
    fn to_sdk(content: Content) -> Result<Self::Sdk, BuildError>;

    /// Whether the other is the same target, as far as its id is known.
    fn means(&self, other: &Self) -> bool {
        let (ours, theirs) = (self.content(), other.content());
        let id = ours.id.is_none() || theirs.id.is_none() || ours.id == theirs.id;
        id && Content { id: None, ..ours } == Content { id: None, ..theirs }
    }
}

macro_rules! targets {
    ($($(#[$about:meta])* $target:ident: $block:literal, $(#[$arn_about:meta])* $arn:ident, $sdk:ident;)*) => {$(
        $(#[$about])*
        #[derive(Block, Clone, Debug, PartialEq, Eq)]
        pub(crate) struct $target {
            /// A name for it that is unique in the bucket. One is made where it is left out.
            #[mesh(optional)]
            pub id: Computed<String>,
            $(#[$arn_about])*
            pub $arn: String,
            /// What it is told of, such as `s3:ObjectCreated:*`.
            pub events: BTreeSet<String>,
            /// Only objects whose key begins so.
            pub filter_prefix: Option<String>,
            /// Only objects whose key ends so.
            pub filter_suffix: Option<String>,
        }

        impl Target for $target {
            const NAMES: (&'static str, &'static str) = ($block, stringify!($arn));
            type Sdk = $sdk;

            fn content(&self) -> Content {
                Content {
                    id: self.id.known().cloned(),
                    arn: self.$arn.clone(),
                    events: self.events.clone(),
                    filter_prefix: self.filter_prefix.clone().filter(|prefix| !prefix.is_empty()),
                    filter_suffix: self.filter_suffix.clone().filter(|suffix| !suffix.is_empty()),
                }
            }

            fn of(content: Content) -> Self {
                let Content { id, arn, events, filter_prefix, filter_suffix } = content;
                Self { id: id.into(), $arn: arn, events, filter_prefix, filter_suffix }
            }

            fn from_sdk(target: &$sdk) -> Content {
                let (filter_prefix, filter_suffix) = filter(target.filter());
                Content {
                    id: target.id().map(str::to_owned),
                    arn: target.$arn().to_owned(),
                    events: target.events().iter().map(|event| event.as_str().to_owned()).collect(),
                    filter_prefix,
                    filter_suffix,
                }
            }

            fn to_sdk(content: Content) -> Result<$sdk, BuildError> {
                let events = content.events.iter().map(|event| Event::from(event.as_str())).collect();
                $sdk::builder()
                    .set_filter(filter_request(&content))
                    .set_id(content.id)
                    .$arn(content.arn)
                    .set_events(Some(events))
                    .build()
            }
        }
    )*};
}

targets! {
    /// A function that is called.
    Lambda: "lambda_function",
        /// The function's ARN. Its permissions must let S3 call it.
        lambda_function_arn, LambdaFunctionConfiguration;
    /// A queue that gets a message.
    Queue: "queue",
        /// The queue's ARN. Its policy must let S3 send.
        queue_arn, QueueConfiguration;
    /// A topic that gets a message.
    Topic: "topic",
        /// The topic's ARN. Its policy must let S3 publish.
        topic_arn, TopicConfiguration;
}

/// What S3 would refuse of one target.
pub(super) fn problems(block: &Value, arn: &str) -> Vec<ProviderDiagnostic> {
    let mut problems = Vec::new();
    if let Some(written) = block.get(arn).and_then(Value::as_str).filter(|written| !written.starts_with("arn:")) {
        let detail = format!("`{arn}` is \"{written}\"; an ARN begins with `arn:`.");
        problems.push(ProviderDiagnostic::error("Invalid ARN", detail).at(AttributePath::attr(arn)));
    }
    let events = block.get("events").and_then(Value::as_slice);
    if events.is_some_and(<[Value]>::is_empty) {
        let detail = "It is told of nothing. Name at least one event, such as `s3:ObjectCreated:*`.";
        problems.push(ProviderDiagnostic::error("No events", detail).at(AttributePath::attr("events")));
    }
    for event in events.unwrap_or_default().iter().filter_map(Value::as_str) {
        if !Event::values().contains(&event) {
            let detail = format!(
                "\"{event}\" is no event of S3. Its events are written like `s3:ObjectCreated:*`, `s3:ObjectCreated:Put` \
                 or `s3:ObjectRemoved:*`."
            );
            problems.push(ProviderDiagnostic::error("No such event", detail).at(AttributePath::attr("events")));
        }
    }
    problems
}

/// The targets that S3 has: those known here in their order and as they are written, then the others.
pub(super) fn seen<T: Target>(current: &[T], platform: &[T::Sdk]) -> Vec<T> {
    let mut left: Vec<T> = platform.iter().map(|target| T::of(T::from_sdk(target))).collect();
    let mut seen = Vec::with_capacity(left.len());
    for known in current {
        let id = known.content().id;
        let by_id = |other: &T| id.is_some() && other.content().id == id;
        let by_content = |other: &T| id.is_none() && known.means(other);
        if let Some(place) = left.iter().position(|other| by_id(other) || by_content(other)) {
            seen.push(left.remove(place));
        }
    }
    seen.append(&mut left);
    seen
}

/// The targets as they are sent. S3 needs ids that differ, so those without one get one that stays the same.
pub(super) fn request<T: Target>(targets: &[T]) -> Result<Option<Vec<T::Sdk>>, Failure> {
    let written: Vec<_> = targets.iter().filter_map(|target| target.content().id).collect();
    let mut free = (1..).map(|number| format!("mesh-{}-{number}", T::NAMES.0)).filter(|id| !written.contains(id));
    let targets = targets.iter().map(|target| {
        let mut content = target.content();
        content.id = content.id.or_else(|| free.next());
        T::to_sdk(content).map_err(incomplete)
    });
    let targets = targets.collect::<Result<Vec<_>, _>>()?;
    Ok(Some(targets).filter(|targets| !targets.is_empty()))
}

/// The prefix and suffix of a filter. S3 writes the names of its rules with a capital, others don't.
fn filter(filter: Option<&NotificationConfigurationFilter>) -> (Option<String>, Option<String>) {
    let rules = filter.and_then(|filter| filter.key()).map(S3KeyFilter::filter_rules).unwrap_or_default();
    let value = |name: &str| {
        let rule = rules.iter().find(|rule| rule.name().is_some_and(|own| own.as_str().eq_ignore_ascii_case(name)));
        rule.and_then(FilterRule::value).filter(|value| !value.is_empty()).map(str::to_owned)
    };
    (value("prefix"), value("suffix"))
}

fn filter_request(content: &Content) -> Option<NotificationConfigurationFilter> {
    let rule = |name: FilterRuleName, value: &Option<String>| {
        value.as_ref().map(|value| FilterRule::builder().name(name).value(value).build())
    };
    let prefix = rule(FilterRuleName::Prefix, &content.filter_prefix);
    let rules: Vec<_> = prefix.into_iter().chain(rule(FilterRuleName::Suffix, &content.filter_suffix)).collect();
    if rules.is_empty() {
        return None;
    }
    let key = S3KeyFilter::builder().set_filter_rules(Some(rules)).build();
    Some(NotificationConfigurationFilter::builder().key(key).build())
}
