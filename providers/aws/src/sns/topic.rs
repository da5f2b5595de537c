//! `aws_sns_topic`: what messages are sent to, and from there to its subscribers.

use aws_sdk_sns::types::Tag;
use mesh_provider::cost::{CostRequest, Costs, UsageParameter};
use mesh_provider::{
    Block, ChangeError, Computed, Draft, Failure, Found, Operation, Permissions, ProviderDiagnostic, ResourceType,
};
use mesh_value::{AttributePath, Value};

use super::cost;
use super::{ABSENT, Attributes, flag, text, topic_attributes};
use crate::document::{self, same_json, same_policy};
use crate::failure::{Outcome as _, Sent, incomplete};
use crate::many::each;
use crate::platform::Aws;
use crate::tags::{self, Retagging, Tags};
use crate::{check, names};

/// A topic: what is sent to it goes to all its subscribers.
#[derive(Block, Clone, Debug, PartialEq, Eq)]
pub(crate) struct Topic {
    /// Its name; that of a FIFO topic ends in `.fifo`. A name that nobody else has is made where it is left out.
    #[mesh(optional, replace)]
    pub name: Computed<String>,
    /// What a name that is made begins with.
    #[mesh(replace)]
    pub name_prefix: Option<String>,
    /// The sender's name in messages to telephones.
    pub display_name: Option<String>,
    /// Who may publish and subscribe, as a policy document. Its account alone where it is left out.
    #[mesh(optional)]
    pub policy: Computed<String>,
    /// How delivery is tried again, as a JSON document.
    pub delivery_policy: Option<String>,
    /// The key that encrypts messages: its id, ARN or alias.
    pub kms_master_key_id: Option<String>,
    /// Whether messages keep their order and come once.
    #[mesh(default = false, replace)]
    pub fifo_topic: bool,
    /// Whether a FIFO topic takes messages of the same content for the same message.
    #[mesh(default = false)]
    pub content_based_deduplication: bool,
    /// By which hash messages are signed: 1 is SHA-1, 2 is SHA-256.
    #[mesh(optional)]
    pub signature_version: Computed<i64>,
    /// Whether messages are traced: `PassThrough` or `Active`.
    #[mesh(optional)]
    pub tracing_config: Computed<String>,
    /// Its tags.
    pub tags: Option<Tags>,
    /// All its tags, with those that the provider block gives to every resource.
    pub tags_all: Computed<Tags>,
    /// Its ARN.
    pub id: Computed<String>,
    /// Its ARN.
    pub arn: Computed<String>,
    /// The account that it belongs to.
    pub owner: Computed<String>,
}

/// The resource type `aws_sns_topic`.
pub(crate) struct TopicType;

impl Topic {
    fn name(&self, token: &str) -> String {
        let name = names::chosen(&self.name, self.name_prefix.as_deref(), token);
        if self.fifo_topic && self.name.known().is_none() { name + ".fifo" } else { name }
    }

    /// The attributes that can be set, by SNS's names; an empty text takes one away.
    fn settable(&self) -> [(&'static str, Option<String>); 7] {
        [
            ("DisplayName", self.display_name.clone()),
            ("Policy", self.policy.known().cloned()),
            ("DeliveryPolicy", self.delivery_policy.clone()),
            ("KmsMasterKeyId", self.kms_master_key_id.clone()),
            ("ContentBasedDeduplication", self.fifo_topic.then(|| self.content_based_deduplication.to_string())),
            ("SignatureVersion", self.signature_version.known().map(ToString::to_string)),
            ("TracingConfig", self.tracing_config.known().cloned()),
        ]
    }

    /// The topic as SNS has it.
    fn seen(mut self, aws: &Aws, attributes: &Attributes, platform: Tags) -> Self {
        let arn = text(attributes, "TopicArn").or_else(|| self.arn.known().cloned()).unwrap_or_default();
        (self.tags, self.tags_all) = tags::seen(aws, self.tags.as_ref(), platform);
        self.display_name = text(attributes, "DisplayName");
        let policy = text(attributes, "Policy");
        self.policy =
            policy.map(|policy| document::kept(self.policy.known().map(String::as_str), policy, same_policy)).into();
        self.delivery_policy = text(attributes, "DeliveryPolicy")
            .map(|policy| document::kept(self.delivery_policy.as_deref(), policy, same_json));
        self.kms_master_key_id = text(attributes, "KmsMasterKeyId");
        self.fifo_topic = flag(attributes, "FifoTopic");
        self.content_based_deduplication = flag(attributes, "ContentBasedDeduplication");
        self.signature_version =
            Computed::Known(text(attributes, "SignatureVersion").and_then(|v| v.parse().ok()).unwrap_or(1));
        self.tracing_config =
            Computed::Known(text(attributes, "TracingConfig").unwrap_or_else(|| "PassThrough".to_owned()));
        self.owner = text(attributes, "Owner").into();
        self.name = Computed::Known(arn.rsplit(':').next().unwrap_or_default().to_owned());
        self.id = Computed::Known(arn.clone());
        self.arn = Computed::Known(arn);
        self
    }

    async fn read(self, aws: &Aws, arn: &str) -> Result<Option<Self>, Failure> {
        let Some(attributes) = topic_attributes(aws, arn).await? else { return Ok(None) };
        let tags = topic_tags(aws, arn).await?;
        Ok(tags.map(|tags| self.seen(aws, &attributes, tags)))
    }

    async fn arn_of(aws: &Aws, name: &str) -> Result<String, Failure> {
        Ok(format!("arn:{}:sns:{}:{}:{name}", aws.partition(), aws.region(), aws.account().await?.id))
    }
}

impl ResourceType for TopicType {
    const NAME: &'static str = "aws_sns_topic";
    const PERMISSIONS: Permissions = Permissions {
        read: &["sns:GetTopicAttributes", "sns:ListTagsForResource"],
        create: &["sns:CreateTopic", "sns:TagResource", "sts:GetCallerIdentity"],
        update: &["sns:SetTopicAttributes", "sns:TagResource", "sns:UntagResource"],
        delete: &["sns:DeleteTopic"],
    };
    const USAGE: &'static [UsageParameter] = cost::TOPIC_USAGE;
    type Model = Topic;
    type Platform = Aws;

    fn validate(config: &Value) -> Vec<ProviderDiagnostic> {
        let mut problems = check::exclusive(config, "name", "name_prefix");
        problems.extend(check::one_of(config, "tracing_config", &["PassThrough", "Active"]));
        problems.extend(check::within(config, "signature_version", 1, 2));
        problems.extend(["policy", "delivery_policy"].iter().filter_map(|name| document::invalid(config, name)));
        let name = config.get("name").and_then(Value::as_str);
        let fifo = config.get("fifo_topic").and_then(Value::as_bool).unwrap_or_default();
        if let Some(name) = name.filter(|name| name.ends_with(".fifo") != fifo) {
            let detail = format!("The name of a FIFO topic, and of no other, ends in `.fifo`; this one is \"{name}\".");
            problems.push(ProviderDiagnostic::error("Invalid topic name", detail).at(AttributePath::attr("name")));
        }
        problems
    }

    async fn plan(aws: &Aws, draft: &mut Draft<'_>) {
        tags::plan(aws, draft);
        document::keep(draft, "policy", same_policy);
        document::keep(draft, "delivery_policy", same_json);
    }

    fn cost(aws: &Aws, request: CostRequest<'_>) -> Costs {
        cost::topic(aws.region(), request)
    }

    async fn create(aws: &Aws, planned: Topic, operation: &Operation) -> Result<Topic, ChangeError<Topic>> {
        let name = planned.name(&operation.token);
        let arn = Topic::arn_of(aws, &name).await?;
        // SNS answers a create of a topic that exists with that topic.
        if topic_tags(aws, &arn).await?.is_some_and(|there| !tags::is_from(&there, &operation.token)) {
            return Err(names::taken("topic", &name, "its ARN").into());
        }
        let mut attributes: Attributes =
            planned.settable().into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?))).collect();
        if planned.fifo_topic {
            attributes.insert("FifoTopic".to_owned(), "true".to_owned());
        }
        let call = aws
            .sns()
            .create_topic()
            .name(&name)
            .set_attributes(Some(attributes).filter(|attributes| !attributes.is_empty()))
            .set_tags(Some(tag_list(tags::creating(&planned.tags_all, operation))?));
        match call.send().await.sent("sns:CreateTopic", &[]) {
            Sent::Done(_) => {}
            Sent::Taken(failure) | Sent::Refused(failure) => return Err(failure.into()),
            Sent::Unsure(failure) => return Err(ChangeError::unsure(failure)),
        }
        match planned.clone().read(aws, &arn).await {
            Ok(Some(topic)) => Ok(topic),
            Ok(None) => Err(names::vanished("topic", &name).into()),
            Err(failure) => {
                let made = Attributes::from([("TopicArn".to_owned(), arn)]);
                Err(ChangeError::leaving(failure, planned.seen(aws, &made, Tags::new())))
            }
        }
    }

    async fn read(aws: &Aws, current: Vec<Topic>) -> Vec<Result<Option<Topic>, Failure>> {
        // A list of topics holds nothing but ARNs, which would spare no call.
        each(current, |topic| async {
            let arn = topic.arn.known().cloned().unwrap_or_default();
            topic.read(aws, &arn).await
        })
        .await
    }

    async fn update(
        aws: &Aws,
        prior: Topic,
        planned: Topic,
        _operation: &Operation,
    ) -> Result<Topic, ChangeError<Topic>> {
        let arn = prior.arn.known().cloned().unwrap_or_default();
        for ((name, before), (_, after)) in prior.settable().into_iter().zip(planned.settable()) {
            if before != after {
                let call = aws.sns().set_topic_attributes().topic_arn(&arn).attribute_name(name);
                let call = call.attribute_value(after.unwrap_or_default());
                call.send().await.calling("sns:SetTopicAttributes")?;
            }
        }
        let Retagging { remove, set } = Retagging::between(&prior.tags_all, &planned.tags_all);
        if !remove.is_empty() {
            let call = aws.sns().untag_resource().resource_arn(&arn).set_tag_keys(Some(remove));
            call.send().await.calling("sns:UntagResource")?;
        }
        if !set.is_empty() {
            let call = aws.sns().tag_resource().resource_arn(&arn).set_tags(Some(tag_list(set)?));
            call.send().await.calling("sns:TagResource")?;
        }
        let name = planned.name("");
        Ok(planned.read(aws, &arn).await?.ok_or_else(|| names::vanished("topic", &name))?)
    }

    async fn delete(aws: &Aws, prior: Topic, _operation: &Operation) -> Result<(), Failure> {
        let arn = prior.arn.known().cloned().unwrap_or_default();
        aws.sns().delete_topic().topic_arn(arn).send().await.gone("sns:DeleteTopic", ABSENT)
    }

    async fn locate(aws: &Aws, planned: Topic, token: &str) -> Result<Found<Topic>, Failure> {
        let arn = Topic::arn_of(aws, &planned.name(token)).await?;
        let ours = topic_tags(aws, &arn).await?.is_some_and(|tags| tags::is_from(&tags, token));
        if !ours {
            return Ok(Found::Absent);
        }
        Ok(planned.read(aws, &arn).await?.map_or(Found::Absent, Found::Complete))
    }

    async fn import(aws: &Aws, id: &str) -> Result<Topic, Failure> {
        let nothing = Topic {
            name: Computed::Unknown,
            name_prefix: None,
            display_name: None,
            policy: Computed::Unknown,
            delivery_policy: None,
            kms_master_key_id: None,
            fifo_topic: false,
            content_based_deduplication: false,
            signature_version: Computed::Unknown,
            tracing_config: Computed::Unknown,
            tags: None,
            tags_all: Computed::Unknown,
            id: Computed::Unknown,
            arn: Computed::Unknown,
            owner: Computed::Unknown,
        };
        nothing.read(aws, id).await?.ok_or_else(|| names::nothing_to_import("topic", id, "its ARN"))
    }
}

/// The tags of a topic, with those that are not shown; `None` where there is no such topic.
async fn topic_tags(aws: &Aws, arn: &str) -> Result<Option<Tags>, Failure> {
    let absent = &["ResourceNotFound", "ResourceNotFoundException", "NotFound"];
    let answer = aws.sns().list_tags_for_resource().resource_arn(arn).send().await;
    let answer = answer.found("sns:ListTagsForResource", absent)?;
    Ok(answer.map(|answer| answer.tags().iter().map(|tag| (tag.key().to_owned(), tag.value().to_owned())).collect()))
}

fn tag_list(tags: Tags) -> Result<Vec<Tag>, Failure> {
    let tag = |(key, value): (String, String)| Tag::builder().key(key).value(value).build();
    tags.into_iter().map(tag).collect::<Result<_, _>>().map_err(incomplete)
}
