//! `aws_sns_topic_subscription`: who is told what is sent to a topic.

use mesh_provider::cost::{CostRequest, Costs, UsageParameter};
use mesh_provider::{
    Block, ChangeError, Computed, Draft, Failure, Found, Operation, Permissions, ProviderDiagnostic, ResourceType,
};
use mesh_value::Value;

use super::cost;
use super::{ABSENT, Attributes, flag, text};
use crate::document::{self, same_json};
use crate::failure::{Outcome as _, Sent};
use crate::many::each;
use crate::platform::Aws;
use crate::{check, names};

const PROTOCOLS: &[&str] = &["application", "email", "email-json", "firehose", "http", "https", "lambda", "sms", "sqs"];

/// Who is told what is sent to a topic.
///
/// Someone told by email, or by a web address, has to confirm first; until then `pending_confirmation` is true.
#[derive(Block, Clone, Debug, PartialEq, Eq)]
pub(crate) struct Subscription {
    /// The topic's ARN.
    #[mesh(replace)]
    pub topic_arn: String,
    /// How: `email`, `email-json`, `sms`, `http`, `https`, `sqs`, `lambda`, `firehose` or `application`.
    #[mesh(replace)]
    pub protocol: String,
    /// Where: an address, a telephone number, a URL or an ARN, as the protocol has it.
    #[mesh(replace)]
    pub endpoint: String,
    /// Which messages are passed on, as a JSON document.
    pub filter_policy: Option<String>,
    /// What the filter looks at: `MessageAttributes` or `MessageBody`.
    #[mesh(optional)]
    pub filter_policy_scope: Computed<String>,
    /// Whether messages come as they were sent, without SNS's wrapping.
    #[mesh(default = false)]
    pub raw_message_delivery: bool,
    /// How delivery is tried again, as a JSON document.
    pub delivery_policy: Option<String>,
    /// Where messages go that can't be delivered, as a JSON document with `deadLetterTargetArn`.
    pub redrive_policy: Option<String>,
    /// The role that may write to a Firehose stream.
    pub subscription_role_arn: Option<String>,
    /// Its ARN.
    pub id: Computed<String>,
    /// Its ARN.
    pub arn: Computed<String>,
    /// The account that it belongs to.
    pub owner_id: Computed<String>,
    /// Whether whoever is told has still to confirm.
    pub pending_confirmation: Computed<bool>,
}

/// The resource type `aws_sns_topic_subscription`.
pub(crate) struct SubscriptionType;

impl Subscription {
    /// The attributes that can be set, by SNS's names; an empty text takes one away.
    fn settable(&self) -> [(&'static str, Option<String>); 6] {
        [
            ("FilterPolicyScope", self.filter_policy.as_ref().and(self.filter_policy_scope.known().cloned())),
            ("FilterPolicy", self.filter_policy.clone()),
            ("RawMessageDelivery", self.raw_message_delivery.then(|| "true".to_owned())),
            ("DeliveryPolicy", self.delivery_policy.clone()),
            ("RedrivePolicy", self.redrive_policy.clone()),
            ("SubscriptionRoleArn", self.subscription_role_arn.clone()),
        ]
    }

    /// The subscription as SNS has it.
    fn seen(mut self, arn: &str, attributes: &Attributes) -> Self {
        let json = |name: &str, current: Option<&str>| {
            text(attributes, name).filter(|text| text != "{}").map(|text| document::kept(current, text, same_json))
        };
        self.filter_policy = json("FilterPolicy", self.filter_policy.as_deref());
        self.delivery_policy = json("DeliveryPolicy", self.delivery_policy.as_deref());
        self.redrive_policy = json("RedrivePolicy", self.redrive_policy.as_deref());
        self.filter_policy_scope =
            Computed::Known(text(attributes, "FilterPolicyScope").unwrap_or_else(|| "MessageAttributes".to_owned()));
        self.raw_message_delivery = flag(attributes, "RawMessageDelivery");
        self.subscription_role_arn = text(attributes, "SubscriptionRoleArn");
        for (field, name) in
            [(&mut self.topic_arn, "TopicArn"), (&mut self.protocol, "Protocol"), (&mut self.endpoint, "Endpoint")]
        {
            if let Some(value) = text(attributes, name) {
                *field = value;
            }
        }
        self.owner_id = text(attributes, "Owner").into();
        self.pending_confirmation = Computed::Known(flag(attributes, "PendingConfirmation"));
        self.id = Computed::Known(arn.to_owned());
        self.arn = Computed::Known(arn.to_owned());
        self
    }

    async fn read(self, aws: &Aws, arn: &str) -> Result<Option<Self>, Failure> {
        let answer = aws.sns().get_subscription_attributes().subscription_arn(arn).send().await;
        let answer = answer.found("sns:GetSubscriptionAttributes", ABSENT)?;
        Ok(answer.map(|answer| self.seen(arn, &answer.attributes().cloned().unwrap_or_default())))
    }

    /// The subscription of this topic that tells the same address in the same way: there can only be one.
    async fn find(&self, aws: &Aws) -> Result<Option<String>, Failure> {
        let mut pages = aws.sns().list_subscriptions_by_topic().topic_arn(&self.topic_arn).into_paginator().send();
        while let Some(page) = pages.next().await {
            let Some(page) = page.found("sns:ListSubscriptionsByTopic", ABSENT)? else { return Ok(None) };
            for listed in page.subscriptions() {
                let same = listed.protocol() == Some(&self.protocol) && listed.endpoint() == Some(&self.endpoint);
                if let Some(arn) = listed.subscription_arn().filter(|arn| same && arn.starts_with("arn:")) {
                    return Ok(Some(arn.to_owned()));
                }
            }
        }
        Ok(None)
    }
}

impl ResourceType for SubscriptionType {
    const NAME: &'static str = "aws_sns_topic_subscription";
    const PERMISSIONS: Permissions = Permissions {
        read: &["sns:GetSubscriptionAttributes"],
        create: &["sns:ListSubscriptionsByTopic", "sns:Subscribe"],
        update: &["sns:SetSubscriptionAttributes"],
        delete: &["sns:Unsubscribe"],
    };
    const USAGE: &'static [UsageParameter] = cost::SUBSCRIPTION_USAGE;
    type Model = Subscription;
    type Platform = Aws;

    fn validate(config: &Value) -> Vec<ProviderDiagnostic> {
        let mut problems = check::one_of(config, "protocol", PROTOCOLS);
        problems.extend(check::one_of(config, "filter_policy_scope", &["MessageAttributes", "MessageBody"]));
        let documents = ["filter_policy", "delivery_policy", "redrive_policy"];
        problems.extend(documents.iter().filter_map(|name| document::invalid(config, name)));
        problems
    }

    async fn plan(_aws: &Aws, draft: &mut Draft<'_>) {
        for name in ["filter_policy", "delivery_policy", "redrive_policy"] {
            document::keep(draft, name, same_json);
        }
    }

    fn cost(aws: &Aws, request: CostRequest<'_>) -> Costs {
        cost::subscription(aws.region(), request)
    }

    async fn create(
        aws: &Aws,
        planned: Subscription,
        _operation: &Operation,
    ) -> Result<Subscription, ChangeError<Subscription>> {
        // SNS answers a second one of the same address with the first.
        if planned.find(aws).await?.is_some() {
            return Err(names::taken("subscription", &planned.endpoint, "its ARN").into());
        }
        let attributes = planned.settable().into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?)));
        let attributes: Attributes = attributes.collect();
        let call = aws
            .sns()
            .subscribe()
            .topic_arn(&planned.topic_arn)
            .protocol(&planned.protocol)
            .endpoint(&planned.endpoint)
            .return_subscription_arn(true)
            .set_attributes(Some(attributes).filter(|attributes| !attributes.is_empty()));
        let arn = match call.send().await.sent("sns:Subscribe", &[]) {
            Sent::Done(answer) => answer.subscription_arn().unwrap_or_default().to_owned(),
            Sent::Taken(failure) | Sent::Refused(failure) => return Err(failure.into()),
            Sent::Unsure(failure) => return Err(ChangeError::unsure(failure)),
        };
        match planned.clone().read(aws, &arn).await {
            Ok(Some(subscription)) => Ok(subscription),
            Ok(None) => Err(names::vanished("subscription", &planned.endpoint).into()),
            Err(failure) => Err(ChangeError::leaving(failure, planned.seen(&arn, &Attributes::new()))),
        }
    }

    async fn read(aws: &Aws, current: Vec<Subscription>) -> Vec<Result<Option<Subscription>, Failure>> {
        each(current, |subscription| async {
            let arn = subscription.arn.known().cloned().unwrap_or_default();
            subscription.read(aws, &arn).await
        })
        .await
    }

    async fn update(
        aws: &Aws,
        prior: Subscription,
        planned: Subscription,
        _operation: &Operation,
    ) -> Result<Subscription, ChangeError<Subscription>> {
        let arn = prior.arn.known().cloned().unwrap_or_default();
        for ((name, before), (_, after)) in prior.settable().into_iter().zip(planned.settable()) {
            if before != after {
                let removed = match name {
                    "RawMessageDelivery" => "false",
                    "FilterPolicy" => "{}",
                    "FilterPolicyScope" => "MessageAttributes",
                    _ => "",
                };
                let call = aws.sns().set_subscription_attributes().subscription_arn(&arn).attribute_name(name);
                let call = call.attribute_value(after.as_deref().unwrap_or(removed));
                call.send().await.calling("sns:SetSubscriptionAttributes")?;
            }
        }
        let endpoint = planned.endpoint.clone();
        Ok(planned.read(aws, &arn).await?.ok_or_else(|| names::vanished("subscription", &endpoint))?)
    }

    async fn delete(aws: &Aws, prior: Subscription, operation: &Operation) -> Result<(), Failure> {
        let arn = prior.arn.known().cloned().unwrap_or_default();
        let answer = aws.sns().unsubscribe().subscription_arn(arn).send().await;
        if answer.as_ref().is_err_and(|error| crate::failure::says(error, "pending confirmation")) {
            let detail = "Nobody has confirmed it yet. SNS keeps such a subscription for three days and then drops it.";
            operation.warn("Subscription runs out by itself", detail);
            return Ok(());
        }
        answer.gone("sns:Unsubscribe", ABSENT)
    }

    /// A topic tells one address once in one way, and a create refuses what is there: what is found is its own.
    async fn locate(aws: &Aws, planned: Subscription, _token: &str) -> Result<Found<Subscription>, Failure> {
        let Some(arn) = planned.find(aws).await? else { return Ok(Found::Absent) };
        Ok(planned.read(aws, &arn).await?.map_or(Found::Absent, Found::Complete))
    }

    async fn import(aws: &Aws, id: &str) -> Result<Subscription, Failure> {
        let nothing = Subscription {
            topic_arn: String::new(),
            protocol: String::new(),
            endpoint: String::new(),
            filter_policy: None,
            filter_policy_scope: Computed::Unknown,
            raw_message_delivery: false,
            delivery_policy: None,
            redrive_policy: None,
            subscription_role_arn: None,
            id: Computed::Unknown,
            arn: Computed::Unknown,
            owner_id: Computed::Unknown,
            pending_confirmation: Computed::Unknown,
        };
        nothing.read(aws, id).await?.ok_or_else(|| names::nothing_to_import("subscription", id, "its ARN"))
    }
}
