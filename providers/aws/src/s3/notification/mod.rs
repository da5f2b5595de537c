//! `aws_s3_bucket_notification`: whom S3 tells that something happened in a bucket.

mod target;

use aws_sdk_s3::types::{EventBridgeConfiguration, NotificationConfiguration};
use mesh_provider::{Block, Computed, Draft, Failure, Operation, Permissions, ProviderDiagnostic};
use mesh_value::Value;

use self::target::{Lambda, Queue, Target, Topic};
use super::NO_BUCKET;
use super::setting::Setting;
use crate::check;
use crate::failure::{Outcome as _, SdkError, Sent, has_code, says};
use crate::platform::Aws;
use crate::waiting::propagated;

/// Whom S3 tells that something happened in a bucket: all of it, so one resource a bucket.
#[derive(Block, Clone, Debug, PartialEq, Eq)]
pub(crate) struct Notification {
    /// The bucket's name.
    #[mesh(replace)]
    pub bucket: String,
    /// Whether EventBridge is told of everything.
    #[mesh(default = false)]
    pub eventbridge: bool,
    /// Functions that are called.
    #[mesh(block)]
    pub lambda_function: Vec<Lambda>,
    /// Queues of SQS that get a message.
    #[mesh(block)]
    pub queue: Vec<Queue>,
    /// Topics of SNS that get a message.
    #[mesh(block)]
    pub topic: Vec<Topic>,
    /// The bucket's name.
    pub id: Computed<String>,
}

impl Setting for Notification {
    const NAME: &'static str = "aws_s3_bucket_notification";
    const WHAT: &'static str = "notifications";
    const PERMISSIONS: Permissions = Permissions {
        read: &["s3:GetBucketNotification"],
        create: &["s3:PutBucketNotification"],
        update: &["s3:PutBucketNotification"],
        delete: &["s3:PutBucketNotification"],
    };

    fn validate(config: &Value) -> Vec<ProviderDiagnostic> {
        let kinds = [Lambda::NAMES, Queue::NAMES, Topic::NAMES].into_iter();
        kinds.flat_map(|(kind, arn)| check::inside(config, kind, |block| target::problems(block, arn))).collect()
    }

    fn plan(draft: &mut Draft<'_>) {
        let same = [
            draft.prior_as("lambda_function").zip(draft.planned_as("lambda_function")).is_some_and(same::<Lambda>),
            draft.prior_as("queue").zip(draft.planned_as("queue")).is_some_and(same::<Queue>),
            draft.prior_as("topic").zip(draft.planned_as("topic")).is_some_and(same::<Topic>),
        ];
        for (name, same) in ["lambda_function", "queue", "topic"].into_iter().zip(same) {
            if same && draft.changes(name) {
                draft.keep(name);
            }
        }
    }

    fn of(bucket: &str, _: Option<String>) -> Self {
        Self {
            bucket: bucket.to_owned(),
            eventbridge: false,
            lambda_function: Vec::new(),
            queue: Vec::new(),
            topic: Vec::new(),
            id: Computed::Unknown,
        }
    }

    fn bucket(&self) -> &str {
        &self.bucket
    }

    fn identify(&mut self, id: String) {
        self.id = Computed::Known(id);
    }

    async fn get(mut self, aws: &Aws) -> Result<Option<Self>, Failure> {
        let answer = aws.s3().get_bucket_notification_configuration().bucket(&self.bucket).send().await;
        let Some(there) = answer.found("s3:GetBucketNotification", NO_BUCKET)? else { return Ok(None) };
        let expected = self.tells_anybody();
        self.eventbridge = there.event_bridge_configuration().is_some();
        self.lambda_function = target::seen(&self.lambda_function, there.lambda_function_configurations());
        self.queue = target::seen(&self.queue, there.queue_configurations());
        self.topic = target::seen(&self.topic, there.topic_configurations());
        // S3 knows no difference between notifications that tell nobody and none.
        Ok(Some(self).filter(|there| there.tells_anybody() || !expected))
    }

    async fn put(&self, aws: &Aws, operation: &Operation) -> Result<Sent<()>, Failure> {
        let configuration = NotificationConfiguration::builder()
            .set_event_bridge_configuration(self.eventbridge.then(|| EventBridgeConfiguration::builder().build()))
            .set_lambda_function_configurations(target::request(&self.lambda_function)?)
            .set_queue_configurations(target::request(&self.queue)?)
            .set_topic_configurations(target::request(&self.topic)?)
            .build();
        let action = "s3:PutBucketNotification";
        Ok(replace(aws, operation, &self.bucket, configuration).await.map(drop).sent(action, &[]))
    }

    async fn remove(&self, aws: &Aws, operation: &Operation) -> Result<(), Failure> {
        let none = NotificationConfiguration::builder().build();
        replace(aws, operation, &self.bucket, none).await.gone("s3:PutBucketNotification", NO_BUCKET)
    }
}

impl Notification {
    fn tells_anybody(&self) -> bool {
        let Self { eventbridge, lambda_function, queue, topic, .. } = self;
        *eventbridge || !lambda_function.is_empty() || !queue.is_empty() || !topic.is_empty()
    }
}

type Replaced = aws_sdk_s3::operation::put_bucket_notification_configuration::PutBucketNotificationConfigurationOutput;
type Refused = aws_sdk_s3::operation::put_bucket_notification_configuration::PutBucketNotificationConfigurationError;

async fn replace(
    aws: &Aws,
    operation: &Operation,
    bucket: &str,
    configuration: NotificationConfiguration,
) -> Result<Replaced, SdkError<Refused>> {
    // S3 tries each target out, and one that was made a moment ago may not let it in yet.
    let is_early = |error: &SdkError<Refused>| {
        has_code(error, &["OperationAborted"])
            || has_code(error, &["InvalidArgument"]) && says(error, "unable to validate the following destination")
    };
    let send = || {
        let call = aws.s3().put_bucket_notification_configuration().bucket(bucket);
        call.notification_configuration(configuration.clone()).send()
    };
    propagated(operation, "s3:PutBucketNotification", is_early, send).await
}

/// Whether two lists name the same targets for the same events, in whatever order.
fn same<T: Target>((left, right): (Vec<T>, Vec<T>)) -> bool {
    left.len() == right.len() && right.iter().all(|target| left.iter().any(|other| other.means(target)))
}
