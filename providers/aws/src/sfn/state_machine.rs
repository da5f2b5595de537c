//! `aws_sfn_state_machine`: steps that call services, one after the other or side by side.

use aws_sdk_sfn::operation::describe_state_machine::DescribeStateMachineOutput;
use aws_sdk_sfn::types::{StateMachineStatus, StateMachineType as ApiType, Tag};
use mesh_provider::cost::{CostRequest, Costs, UsageParameter};
use mesh_provider::{
    Block, ChangeError, Computed, Draft, Failure, Found, Operation, Permissions, ProviderDiagnostic, ResourceType,
};
use mesh_value::{AttributePath, Value};

use super::cost;
use super::settings::{Encryption, Logging, Tracing};
use crate::document::{self, same_json};
use crate::failure::{Outcome as _, Sent, has_code, says};
use crate::many::each;
use crate::platform::Aws;
use crate::tags::{self, Retagging, Tags};
use crate::waiting::{propagated, until};
use crate::{check, names};

const ABSENT: &[&str] = &["StateMachineDoesNotExist", "ResourceNotFound"];

/// Steps that call services, one after the other or side by side.
#[derive(Block, Clone, Debug, PartialEq, Eq)]
pub(crate) struct StateMachine {
    /// Its name. One that nobody else has is made where it is left out.
    #[mesh(optional, replace)]
    pub name: Computed<String>,
    /// What a name that is made begins with.
    #[mesh(replace)]
    pub name_prefix: Option<String>,
    /// Its steps, as a JSON document in the Amazon States Language.
    pub definition: String,
    /// The role that its steps act as.
    pub role_arn: String,
    /// `STANDARD`, or `EXPRESS` for many short runs.
    #[mesh(default = "STANDARD".to_owned(), replace)]
    pub r#type: String,
    /// What is written to a log.
    #[mesh(block)]
    pub logging_configuration: Option<Logging>,
    /// Whether runs are traced.
    #[mesh(block)]
    pub tracing_configuration: Option<Tracing>,
    /// How definitions and runs are encrypted; by AWS's own key where it is left out.
    #[mesh(block)]
    pub encryption_configuration: Option<Encryption>,
    /// Its tags.
    pub tags: Option<Tags>,
    /// All its tags, with those that the provider block gives to every resource.
    pub tags_all: Computed<Tags>,
    /// Its ARN.
    pub id: Computed<String>,
    /// Its ARN.
    pub arn: Computed<String>,
    /// `ACTIVE` or `DELETING`.
    pub status: Computed<String>,
    /// When it was made.
    pub creation_date: Computed<String>,
    /// The id of the definition's revision.
    #[mesh(computed_on_change)]
    pub revision_id: Computed<String>,
}

/// The resource type `aws_sfn_state_machine`.
pub(crate) struct StateMachineType;

impl StateMachine {
    fn name(&self, token: &str) -> String {
        names::chosen(&self.name, self.name_prefix.as_deref(), token)
    }

    async fn arn_of(aws: &Aws, name: &str) -> Result<String, Failure> {
        let account = &aws.account().await?.id;
        Ok(format!("arn:{}:states:{}:{account}:stateMachine:{name}", aws.partition(), aws.region()))
    }

    /// The state machine as AWS has it. What AWS fills in stays unwritten where nothing was written.
    fn seen(mut self, aws: &Aws, found: &DescribeStateMachineOutput, platform: Tags) -> Self {
        (self.tags, self.tags_all) = tags::seen(aws, self.tags.as_ref(), platform);
        self.definition = document::kept(Some(&self.definition), found.definition().to_owned(), same_json);
        self.role_arn = found.role_arn().to_owned();
        self.r#type = found.r#type().as_str().to_owned();
        self.logging_configuration = Logging::seen(self.logging_configuration, found.logging_configuration());
        self.tracing_configuration = Tracing::seen(self.tracing_configuration.as_ref(), found.tracing_configuration());
        self.encryption_configuration =
            Encryption::seen(self.encryption_configuration, found.encryption_configuration());
        self.status = found.status().map(|status| status.as_str().to_owned()).into();
        self.creation_date = found.creation_date().fmt(aws_smithy_types::date_time::Format::DateTime).ok().into();
        self.revision_id = found.revision_id().map(str::to_owned).into();
        self.name = Computed::Known(found.name().to_owned());
        self.id = Computed::Known(found.state_machine_arn().to_owned());
        self.arn = Computed::Known(found.state_machine_arn().to_owned());
        self
    }

    async fn read(self, aws: &Aws, arn: &str) -> Result<Option<Self>, Failure> {
        let Some(found) = find(aws, arn).await? else { return Ok(None) };
        let tags = machine_tags(aws, arn).await?;
        Ok(tags.map(|tags| self.seen(aws, &found, tags)))
    }

    /// What exists of a create that did not come to its end.
    fn made(mut self, name: &str, arn: &str) -> Self {
        self.name = Computed::Known(name.to_owned());
        self.id = Computed::Known(arn.to_owned());
        self.arn = Computed::Known(arn.to_owned());
        self.status = Computed::Null;
        self.creation_date = Computed::Null;
        self.revision_id = Computed::Null;
        self
    }
}

impl ResourceType for StateMachineType {
    const NAME: &'static str = "aws_sfn_state_machine";
    const PERMISSIONS: Permissions = Permissions {
        read: &["states:DescribeStateMachine", "states:ListTagsForResource"],
        create: &["iam:PassRole", "states:CreateStateMachine", "states:TagResource", "sts:GetCallerIdentity"],
        update: &["iam:PassRole", "states:TagResource", "states:UntagResource", "states:UpdateStateMachine"],
        delete: &["states:DeleteStateMachine"],
    };
    const USAGE: &'static [UsageParameter] = cost::USAGE;
    type Model = StateMachine;
    type Platform = Aws;

    fn validate(config: &Value) -> Vec<ProviderDiagnostic> {
        let mut problems = check::exclusive(config, "name", "name_prefix");
        problems.extend(check::one_of(config, "type", &["STANDARD", "EXPRESS"]));
        problems.extend(document::invalid(config, "definition"));
        let blocks = [
            ("logging_configuration", "level", &["ALL", "ERROR", "FATAL", "OFF"][..]),
            ("encryption_configuration", "type", &["AWS_OWNED_KEY", "CUSTOMER_MANAGED_KMS_KEY"][..]),
        ];
        for (block, name, allowed) in blocks {
            if let Some(written) = config.get(block).filter(|written| !written.is_null()) {
                let found = check::one_of(written, name, allowed);
                problems.extend(found.into_iter().map(|problem| problem.at(AttributePath::attr(block))));
            }
        }
        problems
    }

    async fn plan(aws: &Aws, draft: &mut Draft<'_>) {
        tags::plan(aws, draft);
        document::keep(draft, "definition", same_json);
    }

    fn cost(aws: &Aws, request: CostRequest<'_>) -> Costs {
        cost::cost(aws.region(), request)
    }

    async fn create(
        aws: &Aws,
        planned: StateMachine,
        operation: &Operation,
    ) -> Result<StateMachine, ChangeError<StateMachine>> {
        let name = planned.name(&operation.token);
        let arn = StateMachine::arn_of(aws, &name).await?;
        // A create of one that is there, and is the same, is answered with that one.
        if find(aws, &arn).await?.is_some() && !is_from(aws, &arn, &operation.token).await? {
            return Err(names::taken("state machine", &name, "its ARN").into());
        }
        let tags = tags::creating(&planned.tags_all, operation);
        let call = aws
            .sfn()
            .create_state_machine()
            .name(&name)
            .definition(&planned.definition)
            .role_arn(&planned.role_arn)
            .r#type(ApiType::from(planned.r#type.as_str()))
            .set_logging_configuration(planned.logging_configuration.as_ref().map(Logging::to_api))
            .set_tracing_configuration(planned.tracing_configuration.as_ref().map(Tracing::to_api))
            .set_encryption_configuration(
                planned.encryption_configuration.as_ref().map(Encryption::to_api).transpose()?,
            )
            .set_tags(Some(tags.iter().map(|(key, value)| tag(key, value)).collect()));
        let sent = propagated(
            operation,
            "states:CreateStateMachine",
            |error| has_code(error, &["AccessDeniedException", "InvalidArn"]) && says(error, "role"),
            || call.clone().send(),
        );
        match sent.await.sent("states:CreateStateMachine", &["StateMachineAlreadyExists"]) {
            Sent::Done(_) => {}
            Sent::Taken(_) => return Err(names::taken("state machine", &name, "its ARN").into()),
            Sent::Refused(failure) => return Err(failure.into()),
            Sent::Unsure(failure) => return Err(ChangeError::unsure(failure)),
        }
        match planned.clone().read(aws, &arn).await {
            Ok(Some(machine)) => Ok(machine),
            Ok(None) => Err(names::vanished("state machine", &name).into()),
            Err(failure) => Err(ChangeError::leaving(failure, planned.made(&name, &arn))),
        }
    }

    async fn read(aws: &Aws, current: Vec<StateMachine>) -> Vec<Result<Option<StateMachine>, Failure>> {
        // A list of state machines lacks their definitions.
        each(current, |machine| async {
            let arn = machine.arn.known().cloned().unwrap_or_default();
            machine.read(aws, &arn).await
        })
        .await
    }

    async fn update(
        aws: &Aws,
        prior: StateMachine,
        planned: StateMachine,
        _operation: &Operation,
    ) -> Result<StateMachine, ChangeError<StateMachine>> {
        let arn = prior.arn.known().cloned().unwrap_or_default();
        let retagging = Retagging::between(&prior.tags_all, &planned.tags_all);
        let differs = prior.definition != planned.definition
            || prior.role_arn != planned.role_arn
            || prior.logging_configuration != planned.logging_configuration
            || prior.tracing_configuration != planned.tracing_configuration
            || prior.encryption_configuration != planned.encryption_configuration;
        if differs {
            // What a request leaves out would stay as it is, so what is no longer written is switched off.
            let logging = planned.logging_configuration.clone();
            let logging = logging.or_else(|| prior.logging_configuration.map(|_| Logging::off()));
            let tracing = planned.tracing_configuration.clone();
            let tracing = tracing.or_else(|| prior.tracing_configuration.map(|_| Tracing::off()));
            let encryption = planned.encryption_configuration.clone();
            let encryption = encryption.or_else(|| prior.encryption_configuration.map(|_| Encryption::own()));
            let call = aws
                .sfn()
                .update_state_machine()
                .state_machine_arn(&arn)
                .definition(&planned.definition)
                .role_arn(&planned.role_arn)
                .set_logging_configuration(logging.as_ref().map(Logging::to_api))
                .set_tracing_configuration(tracing.as_ref().map(Tracing::to_api))
                .set_encryption_configuration(encryption.as_ref().map(Encryption::to_api).transpose()?);
            call.send().await.calling("states:UpdateStateMachine")?;
        }
        let Retagging { remove, set } = retagging;
        if !remove.is_empty() {
            let call = aws.sfn().untag_resource().resource_arn(&arn).set_tag_keys(Some(remove));
            call.send().await.calling("states:UntagResource")?;
        }
        if !set.is_empty() {
            let set = set.iter().map(|(key, value)| tag(key, value)).collect();
            let call = aws.sfn().tag_resource().resource_arn(&arn).set_tags(Some(set));
            call.send().await.calling("states:TagResource")?;
        }
        Ok(planned.read(aws, &arn).await?.ok_or_else(|| names::vanished("state machine", &arn))?)
    }

    async fn delete(aws: &Aws, prior: StateMachine, operation: &Operation) -> Result<(), Failure> {
        let arn = prior.arn.known().cloned().unwrap_or_default();
        aws.sfn()
            .delete_state_machine()
            .state_machine_arn(&arn)
            .send()
            .await
            .gone("states:DeleteStateMachine", ABSENT)?;
        until(operation, "waiting until a state machine is deleted", || async {
            let answer = aws.sfn().describe_state_machine().state_machine_arn(&arn).send().await;
            Ok(answer.found("states:DescribeStateMachine", ABSENT)?.is_none().then_some(()))
        })
        .await
    }

    async fn locate(aws: &Aws, planned: StateMachine, token: &str) -> Result<Found<StateMachine>, Failure> {
        let arn = StateMachine::arn_of(aws, &planned.name(token)).await?;
        if !is_from(aws, &arn, token).await? {
            return Ok(Found::Absent);
        }
        Ok(planned.read(aws, &arn).await?.map_or(Found::Absent, Found::Complete))
    }

    async fn import(aws: &Aws, id: &str) -> Result<StateMachine, Failure> {
        let nothing = StateMachine {
            name: Computed::Unknown,
            name_prefix: None,
            definition: String::new(),
            role_arn: String::new(),
            r#type: String::new(),
            logging_configuration: None,
            tracing_configuration: None,
            encryption_configuration: None,
            tags: None,
            tags_all: Computed::Unknown,
            id: Computed::Unknown,
            arn: Computed::Unknown,
            status: Computed::Unknown,
            creation_date: Computed::Unknown,
            revision_id: Computed::Unknown,
        };
        nothing.read(aws, id).await?.ok_or_else(|| names::nothing_to_import("state machine", id, "its ARN"))
    }
}

/// The state machine; one that is being deleted counts as gone.
async fn find(aws: &Aws, arn: &str) -> Result<Option<DescribeStateMachineOutput>, Failure> {
    let answer = aws.sfn().describe_state_machine().state_machine_arn(arn).send().await;
    let found = answer.found("states:DescribeStateMachine", ABSENT)?;
    Ok(found.filter(|found| found.status() != Some(&StateMachineStatus::Deleting)))
}

async fn is_from(aws: &Aws, arn: &str, token: &str) -> Result<bool, Failure> {
    Ok(machine_tags(aws, arn).await?.is_some_and(|tags| tags::is_from(&tags, token)))
}

async fn machine_tags(aws: &Aws, arn: &str) -> Result<Option<Tags>, Failure> {
    let answer = aws.sfn().list_tags_for_resource().resource_arn(arn).send().await;
    let answer = answer.found("states:ListTagsForResource", ABSENT)?;
    let pair = |tag: &Tag| (tag.key().unwrap_or_default().to_owned(), tag.value().unwrap_or_default().to_owned());
    Ok(answer.map(|answer| answer.tags().iter().map(pair).collect()))
}

fn tag(key: &str, value: &str) -> Tag {
    Tag::builder().key(key).value(value).build()
}
