//! `aws_budgets_budget_action`: what is done when a budget is spent.

use std::collections::{BTreeMap, BTreeSet};

use aws_sdk_budgets::config::Builder;
use aws_sdk_budgets::types::{
    Action as There, ActionThreshold, ActionType as Kind, ApprovalModel, NotificationType, Subscriber as Told,
    SubscriptionType, ThresholdType,
};
use aws_smithy_types::error::metadata::ProvideErrorMetadata;
use mesh_provider::cost::{CostRequest, Costs, UsageParameter};
use mesh_provider::{
    Block, ChangeError, Computed, Draft, Failure, Found, Operation, Permissions, ProviderDiagnostic, ResourceType,
};
use mesh_value::{Number, Value};

use super::cost;
use super::definition::{self, Definition, Subscriber, Threshold};
use super::notification::{decimal, subscriber};
use super::{ABSENT, account, arn_of, retag, tag_list, tags_of};
use crate::check;
use crate::failure::{Outcome as _, SdkError, Sent, has_code, incomplete, says};
use crate::many::{WORTH_LISTING, each};
use crate::names;
use crate::once::Once;
use crate::platform::Aws;
use crate::tags::{self, Tags};
use crate::waiting::propagated;

const FORM: &str = "the account's id, the action's id and the budget's name, joined by `:`";

/// What is done when a budget is spent: a policy is attached that forbids to spend more, or machines are stopped.
#[derive(Block, Clone, Debug, PartialEq, Eq)]
pub(crate) struct Action {
    /// The account that the budget is of. The provider's own where it is left out.
    #[mesh(optional, replace)]
    pub account_id: Computed<String>,
    /// The name of the budget.
    #[mesh(replace)]
    pub budget_name: String,
    /// `APPLY_IAM_POLICY`, `APPLY_SCP_POLICY` or `RUN_SSM_DOCUMENTS`.
    #[mesh(replace)]
    pub action_type: String,
    /// `AUTOMATIC`, or `MANUAL`: then somebody must agree first.
    pub approval_model: String,
    /// `ACTUAL`, by what was spent, or `FORECASTED`.
    pub notification_type: String,
    /// The ARN of the role by which Budgets does it, and takes it back.
    pub execution_role_arn: String,
    /// When it is done.
    #[mesh(block)]
    pub action_threshold: Threshold,
    /// What is done.
    #[mesh(block)]
    pub definition: Definition,
    /// Who is told.
    #[mesh(block, min = 1, max = 11)]
    pub subscriber: BTreeSet<Subscriber>,
    /// Its tags.
    pub tags: Option<Tags>,
    /// All its tags, with those that the provider block gives to every resource.
    pub tags_all: Computed<Tags>,
    /// The id that Budgets gave it.
    pub action_id: Computed<String>,
    /// Its ARN.
    pub arn: Computed<String>,
    /// The account's id, the action's id and the budget's name, joined by `:`.
    pub id: Computed<String>,
    /// What became of it: `STANDBY` until the threshold is reached.
    #[mesh(computed_on_change)]
    pub status: Computed<String>,
}

/// The resource type `aws_budgets_budget_action`.
pub(crate) struct ActionType;

impl Action {
    /// The action as Budgets has it.
    fn seen(mut self, aws: &Aws, account: String, there: &There, platform: Tags) -> Self {
        let id = there.action_id();
        (self.tags, self.tags_all) = tags::seen(aws, self.tags.as_ref(), platform);
        there.budget_name().clone_into(&mut self.budget_name);
        there.action_type().as_str().clone_into(&mut self.action_type);
        there.approval_model().as_str().clone_into(&mut self.approval_model);
        there.notification_type().as_str().clone_into(&mut self.notification_type);
        there.execution_role_arn().clone_into(&mut self.execution_role_arn);
        if let Some(threshold) = there.action_threshold() {
            self.action_threshold = Threshold {
                action_threshold_type: threshold.action_threshold_type().as_str().to_owned(),
                action_threshold_value: decimal(threshold.action_threshold_value()),
            };
        }
        if let Some(definition) = there.definition() {
            self.definition = Definition::seen(&self.definition, definition);
        }
        let told = there.subscribers().iter().map(|subscriber| Subscriber {
            address: subscriber.address().to_owned(),
            subscription_type: subscriber.subscription_type().as_str().to_owned(),
        });
        self.subscriber = told.collect();
        self.status = Computed::Known(there.status().as_str().to_owned());
        self.id = Computed::Known(format!("{account}:{id}:{}", self.budget_name));
        self.arn = Computed::Known(action_arn(aws, &account, &self.budget_name, id));
        self.action_id = Computed::Known(id.to_owned());
        self.account_id = Computed::Known(account);
        self
    }

    async fn complete(self, aws: &Aws, account: String, there: &There) -> Result<Option<Self>, Failure> {
        let tags = tags_of(aws, &action_arn(aws, &account, there.budget_name(), there.action_id())).await?;
        Ok(tags.map(|tags| self.seen(aws, account, there, tags)))
    }

    async fn read(self, aws: &Aws, account: String, id: &str) -> Result<Option<Self>, Failure> {
        let call = aws.budgets().describe_budget_action().account_id(&account).budget_name(&self.budget_name);
        let answer = call.action_id(id).send().await.found("budgets:DescribeBudgetAction", ABSENT)?;
        match answer.and_then(|answer| answer.action) {
            Some(there) => self.complete(aws, account, &there).await,
            None => Ok(None),
        }
    }

    fn threshold(&self) -> Result<ActionThreshold, Failure> {
        ActionThreshold::builder()
            .action_threshold_type(ThresholdType::from(self.action_threshold.action_threshold_type.as_str()))
            .action_threshold_value(self.action_threshold.action_threshold_value.to_f64())
            .build()
            .map_err(incomplete)
    }

    fn subscribers(&self) -> Result<Vec<Told>, Failure> {
        let told =
            |told: &Subscriber| subscriber(SubscriptionType::from(told.subscription_type.as_str()), &told.address);
        self.subscriber.iter().map(told).collect()
    }
}

impl ResourceType for ActionType {
    const NAME: &'static str = "aws_budgets_budget_action";
    const PERMISSIONS: Permissions = Permissions {
        read: &[
            "budgets:DescribeBudgetAction",
            "budgets:DescribeBudgetActionsForAccount",
            "budgets:DescribeBudgetActionsForBudget",
            "budgets:ListTagsForResource",
        ],
        create: &["budgets:CreateBudgetAction", "budgets:TagResource", "iam:PassRole"],
        update: &["budgets:TagResource", "budgets:UntagResource", "budgets:UpdateBudgetAction", "iam:PassRole"],
        delete: &["budgets:DeleteBudgetAction"],
    };
    const USAGE: &'static [UsageParameter] = cost::USAGE;
    type Model = Action;
    type Platform = Aws;

    fn validate(config: &Value) -> Vec<ProviderDiagnostic> {
        let kinds = &["APPLY_IAM_POLICY", "APPLY_SCP_POLICY", "RUN_SSM_DOCUMENTS"];
        let mut problems = check::account_id(config, "account_id");
        problems.extend(check::one_of(config, "action_type", kinds));
        problems.extend(check::one_of(config, "approval_model", &["AUTOMATIC", "MANUAL"]));
        problems.extend(check::one_of(config, "notification_type", &["ACTUAL", "FORECASTED"]));
        problems.extend(check::inside(config, "action_threshold", |threshold| {
            check::one_of(threshold, "action_threshold_type", &["PERCENTAGE", "ABSOLUTE_VALUE"])
        }));
        problems.extend(check::inside(config, "subscriber", |subscriber| {
            check::one_of(subscriber, "subscription_type", &["EMAIL", "SNS"])
        }));
        let kind = config.get("action_type").and_then(Value::as_str).filter(|kind| kinds.contains(kind));
        problems.extend(check::inside(config, "definition", |block| definition::problems(block, kind)));
        problems
    }

    async fn plan(aws: &Aws, draft: &mut Draft<'_>) {
        tags::plan(aws, draft);
        if draft.is_create()
            && draft.config("account_id").is_null()
            && let Ok(account) = account(aws, &Computed::Unknown).await
        {
            draft.set("account_id", &account);
        }
    }

    fn cost(aws: &Aws, request: CostRequest<'_>) -> Costs {
        cost::cost(aws.region(), request)
    }

    async fn create(aws: &Aws, planned: Action, operation: &Operation) -> Result<Action, ChangeError<Action>> {
        let account = account(aws, &planned.account_id).await?;
        // Two actions can be alike in everything, so it is sent again only where nothing can have come of it; what came of
        // it nevertheless is found by its tag.
        if let Some(there) = from(aws, &account, &planned, &operation.token).await? {
            return Ok(there);
        }
        let tags = tags::creating(&planned.tags_all, operation);
        let call = aws
            .budgets()
            .create_budget_action()
            .account_id(&account)
            .budget_name(&planned.budget_name)
            .notification_type(NotificationType::from(planned.notification_type.as_str()))
            .action_type(Kind::from(planned.action_type.as_str()))
            .action_threshold(planned.threshold()?)
            .definition(planned.definition.sent()?)
            .execution_role_arn(&planned.execution_role_arn)
            .approval_model(ApprovalModel::from(planned.approval_model.as_str()))
            .set_subscribers(Some(planned.subscribers()?))
            .set_resource_tags(Some(tag_list(&tags)?));
        let action = "budgets:CreateBudgetAction";
        let send = || call.clone().customize().config_override(Builder::new().retry_classifier(Once)).send();
        let id = match propagated(operation, action, is_early, send).await.sent(action, &[]) {
            Sent::Done(answer) => answer.action_id,
            Sent::Taken(failure) | Sent::Refused(failure) => return Err(failure.into()),
            Sent::Unsure(failure) => return Err(ChangeError::unsure(failure)),
        };
        match planned.clone().read(aws, account.clone(), &id).await {
            Ok(Some(made)) => Ok(made),
            Ok(None) => Err(names::vanished("budget action", &id).into()),
            Err(failure) => {
                let made = Action {
                    tags_all: Computed::Known(tags),
                    arn: Computed::Known(action_arn(aws, &account, &planned.budget_name, &id)),
                    id: Computed::Known(format!("{account}:{id}:{}", planned.budget_name)),
                    action_id: Computed::Known(id),
                    account_id: Computed::Known(account),
                    status: Computed::Null,
                    ..planned
                };
                Err(ChangeError::leaving(failure, made))
            }
        }
    }

    async fn read(aws: &Aws, current: Vec<Action>) -> Vec<Result<Option<Action>, Failure>> {
        let mut listed = BTreeMap::new();
        if current.len() >= WORTH_LISTING {
            let accounts: BTreeSet<_> =
                current.iter().filter_map(|action| action.account_id.known().cloned()).collect();
            for account in accounts {
                if let Ok(actions) = list(aws, &account).await {
                    listed.insert(account, actions);
                }
            }
        }
        let listed = &listed;
        each(current, |action| async move {
            let Some(id) = action.action_id.known().cloned() else { return Ok(None) };
            let account = account(aws, &action.account_id).await?;
            match listed.get(&account) {
                Some(actions) => match actions.get(&id) {
                    Some(there) => action.complete(aws, account, there).await,
                    None => Ok(None),
                },
                None => action.read(aws, account, &id).await,
            }
        })
        .await
    }

    async fn update(
        aws: &Aws,
        prior: Action,
        planned: Action,
        operation: &Operation,
    ) -> Result<Action, ChangeError<Action>> {
        let account = account(aws, &prior.account_id).await?;
        let id = prior.action_id.known().cloned().unwrap_or_default();
        let retagged = Action { tags: planned.tags.clone(), tags_all: planned.tags_all.clone(), ..prior.clone() };
        if (Action { status: prior.status.clone(), ..planned.clone() }) != retagged {
            let call = aws
                .budgets()
                .update_budget_action()
                .account_id(&account)
                .budget_name(&prior.budget_name)
                .action_id(&id)
                .notification_type(NotificationType::from(planned.notification_type.as_str()))
                .action_threshold(planned.threshold()?)
                .definition(planned.definition.sent()?)
                .execution_role_arn(&planned.execution_role_arn)
                .approval_model(ApprovalModel::from(planned.approval_model.as_str()))
                .set_subscribers(Some(planned.subscribers()?));
            let action = "budgets:UpdateBudgetAction";
            propagated(operation, action, is_early, || call.clone().send()).await.calling(action)?;
        }
        let arn = action_arn(aws, &account, &prior.budget_name, &id);
        let retagged = retag(aws, &arn, &prior.tags_all, &planned.tags_all).await;
        let now = planned.read(aws, account, &id).await;
        match (retagged, now) {
            (Ok(()), Ok(Some(now))) => Ok(now),
            (Ok(()), Ok(None)) => Err(names::vanished("budget action", &id).into()),
            (Err(failure), Ok(Some(now))) => Err(ChangeError::leaving(failure, now)),
            (Err(failure), _) | (Ok(()), Err(failure)) => Err(failure.into()),
        }
    }

    async fn delete(aws: &Aws, prior: Action, operation: &Operation) -> Result<(), Failure> {
        let account = account(aws, &prior.account_id).await?;
        let Some(id) = prior.action_id.known() else { return Ok(()) };
        let call = aws.budgets().delete_budget_action().account_id(account).budget_name(&prior.budget_name);
        let call = call.action_id(id);
        let action = "budgets:DeleteBudgetAction";
        propagated(operation, action, is_locked, || call.clone().send()).await.gone(action, ABSENT)
    }

    async fn locate(aws: &Aws, planned: Action, token: &str) -> Result<Found<Action>, Failure> {
        let account = account(aws, &planned.account_id).await?;
        Ok(from(aws, &account, &planned, token).await?.map_or(Found::Absent, Found::Complete))
    }

    async fn import(aws: &Aws, id: &str) -> Result<Action, Failure> {
        let absent = || names::nothing_to_import("budget action", id, FORM);
        let mut parts = id.splitn(3, ':');
        let (Some(account), Some(action), Some(budget)) = (parts.next(), parts.next(), parts.next()) else {
            return Err(absent());
        };
        let nothing = Action {
            account_id: Computed::Unknown,
            budget_name: budget.to_owned(),
            action_type: String::new(),
            approval_model: String::new(),
            notification_type: String::new(),
            execution_role_arn: String::new(),
            action_threshold: Threshold { action_threshold_type: String::new(), action_threshold_value: Number::ZERO },
            definition: Definition::default(),
            subscriber: BTreeSet::new(),
            tags: None,
            tags_all: Computed::Unknown,
            action_id: Computed::Unknown,
            arn: Computed::Unknown,
            id: Computed::Unknown,
            status: Computed::Unknown,
        };
        nothing.read(aws, account.to_owned(), action).await?.ok_or_else(absent)
    }
}

fn action_arn(aws: &Aws, account: &str, budget: &str, id: &str) -> String {
    arn_of(aws, account, &format!("{budget}/action/{id}"))
}

/// Whether the role may only not be known yet, or the action is being carried out.
fn is_early<E: ProvideErrorMetadata>(error: &SdkError<E>) -> bool {
    let ours = || says(error, "not authorized to perform: budgets:");
    is_locked(error) || has_code(error, &["AccessDeniedException"]) && says(error, "role") && !ours()
}

/// Whether the action is being carried out, so that it can't be changed now.
fn is_locked<E: ProvideErrorMetadata>(error: &SdkError<E>) -> bool {
    has_code(error, &["ResourceLockedException"])
}

/// The action of a budget that the create with this token made.
async fn from(aws: &Aws, account: &str, planned: &Action, token: &str) -> Result<Option<Action>, Failure> {
    let call = aws.budgets().describe_budget_actions_for_budget().account_id(account);
    let mut pages = call.budget_name(&planned.budget_name).into_paginator().send();
    while let Some(page) = pages.next().await {
        let page = page.found("budgets:DescribeBudgetActionsForBudget", ABSENT)?;
        for there in page.map(|page| page.actions).unwrap_or_default() {
            let tags = tags_of(aws, &action_arn(aws, account, there.budget_name(), there.action_id())).await?;
            if let Some(tags) = tags.filter(|tags| tags::is_from(tags, token)) {
                return Ok(Some(planned.clone().seen(aws, account.to_owned(), &there, tags)));
            }
        }
    }
    Ok(None)
}

/// The actions of an account, by their ids.
async fn list(aws: &Aws, account: &str) -> Result<BTreeMap<String, There>, Failure> {
    let mut actions = BTreeMap::new();
    let mut pages = aws.budgets().describe_budget_actions_for_account().account_id(account).into_paginator().send();
    while let Some(page) = pages.next().await {
        for action in page.calling("budgets:DescribeBudgetActionsForAccount")?.actions {
            actions.insert(action.action_id().to_owned(), action);
        }
    }
    Ok(actions)
}
