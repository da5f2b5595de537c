//! What a schedule starts, and what happens where that fails.

use aws_sdk_scheduler::types::{
    DeadLetterConfig, EventBridgeParameters, KinesisParameters, RetryPolicy as ApiRetries, SqsParameters,
    Target as ApiTarget,
};
use mesh_provider::{Block, Computed, Failure};

use crate::document::{self, same_json};
use crate::failure::incomplete;

/// What a schedule starts.
#[derive(Block, Clone, Debug, PartialEq, Eq)]
pub(crate) struct Target {
    /// Its ARN: a state machine's, a queue's, or one like `arn:aws:scheduler:::aws-sdk:emr:runJobFlow` for any call.
    pub arn: String,
    /// The role that starts it.
    pub role_arn: String,
    /// What it is told, as text or a JSON document.
    pub input: Option<String>,
    /// Where it goes when it can't be started.
    #[mesh(block)]
    pub dead_letter_config: Option<DeadLetters>,
    /// How often it is tried.
    #[mesh(block)]
    pub retry_policy: Option<Retries>,
    /// What an event bus is told besides.
    #[mesh(block)]
    pub eventbridge_parameters: Option<EventBridge>,
    /// What a Kinesis stream is told besides.
    #[mesh(block)]
    pub kinesis_parameters: Option<Kinesis>,
    /// What a FIFO queue is told besides.
    #[mesh(block)]
    pub sqs_parameters: Option<Sqs>,
}

/// Where what can't be started goes.
#[derive(Block, Clone, Debug, PartialEq, Eq)]
pub(crate) struct DeadLetters {
    /// The queue's ARN.
    pub arn: String,
}

/// How often a start is tried.
#[derive(Block, Clone, Debug, PartialEq, Eq)]
pub(crate) struct Retries {
    /// For how many seconds it is tried: 60 to 86400.
    #[mesh(optional)]
    pub maximum_event_age_in_seconds: Computed<i32>,
    /// How often it is tried again: 0 to 185.
    #[mesh(optional)]
    pub maximum_retry_attempts: Computed<i32>,
}

/// For an event bus.
#[derive(Block, Clone, Debug, PartialEq, Eq)]
pub(crate) struct EventBridge {
    /// What the event is about.
    pub detail_type: String,
    /// Where it comes from.
    pub source: String,
}

/// For a Kinesis stream.
#[derive(Block, Clone, Debug, PartialEq, Eq)]
pub(crate) struct Kinesis {
    /// By which the shard is chosen.
    pub partition_key: String,
}

/// For a FIFO queue.
#[derive(Block, Clone, Debug, PartialEq, Eq)]
pub(crate) struct Sqs {
    /// The group in which messages keep their order.
    pub message_group_id: Option<String>,
}

/// What AWS tries where nothing is written.
const RETRIES: (i32, i32) = (86_400, 185);

impl Target {
    /// As the scheduler takes it.
    pub(super) fn to_api(&self) -> Result<ApiTarget, Failure> {
        let retries = self.retry_policy.as_ref().map(|retries| {
            ApiRetries::builder()
                .maximum_event_age_in_seconds(*retries.maximum_event_age_in_seconds.known().unwrap_or(&RETRIES.0))
                .maximum_retry_attempts(*retries.maximum_retry_attempts.known().unwrap_or(&RETRIES.1))
                .build()
        });
        let events = self.eventbridge_parameters.as_ref().map(|events| {
            EventBridgeParameters::builder().detail_type(&events.detail_type).source(&events.source).build()
        });
        let stream = self.kinesis_parameters.as_ref();
        let stream = stream.map(|stream| KinesisParameters::builder().partition_key(&stream.partition_key).build());
        let queue = self
            .sqs_parameters
            .as_ref()
            .map(|queue| SqsParameters::builder().set_message_group_id(queue.message_group_id.clone()).build());
        let dead = self.dead_letter_config.as_ref();
        ApiTarget::builder()
            .arn(&self.arn)
            .role_arn(&self.role_arn)
            .set_input(self.input.clone())
            .set_dead_letter_config(dead.map(|dead| DeadLetterConfig::builder().arn(&dead.arn).build()))
            .set_retry_policy(retries)
            .set_event_bridge_parameters(events.transpose().map_err(incomplete)?)
            .set_kinesis_parameters(stream.transpose().map_err(incomplete)?)
            .set_sqs_parameters(queue)
            .build()
            .map_err(incomplete)
    }

    /// From what the scheduler answers. The retries that it fills in itself stay unwritten where none were written.
    pub(super) fn of(target: &ApiTarget, current: Option<&Self>) -> Self {
        let retries = target.retry_policy().map(|retries| {
            let age = retries.maximum_event_age_in_seconds().unwrap_or(RETRIES.0);
            (age, retries.maximum_retry_attempts().unwrap_or(RETRIES.1))
        });
        let written = current.is_some_and(|current| current.retry_policy.is_some());
        let input = target.input().map(str::to_owned);
        Self {
            arn: target.arn().to_owned(),
            role_arn: target.role_arn().to_owned(),
            input: input
                .map(|input| document::kept(current.and_then(|target| target.input.as_deref()), input, same_json)),
            dead_letter_config: target
                .dead_letter_config()
                .and_then(DeadLetterConfig::arn)
                .map(|arn| DeadLetters { arn: arn.to_owned() }),
            retry_policy: retries.or(written.then_some(RETRIES)).filter(|retries| written || *retries != RETRIES).map(
                |(age, attempts)| Retries {
                    maximum_event_age_in_seconds: Computed::Known(age),
                    maximum_retry_attempts: Computed::Known(attempts),
                },
            ),
            eventbridge_parameters: target.event_bridge_parameters().map(|events| EventBridge {
                detail_type: events.detail_type().to_owned(),
                source: events.source().to_owned(),
            }),
            kinesis_parameters: target
                .kinesis_parameters()
                .map(|stream| Kinesis { partition_key: stream.partition_key().to_owned() }),
            sqs_parameters: target
                .sqs_parameters()
                .map(|queue| Sqs { message_group_id: queue.message_group_id().map(str::to_owned) }),
        }
    }
}
