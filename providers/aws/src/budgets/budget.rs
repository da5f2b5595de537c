//! `aws_budgets_budget`: what something may cost, or how much of it may be used, and who is told.

mod check;

use std::collections::{BTreeMap, BTreeSet};

use aws_sdk_budgets::types::{Budget as There, BudgetType as Kind, TimePeriod, TimeUnit};
use mesh_provider::cost::Costs;
use mesh_provider::{
    Block, ChangeError, Computed, Draft, Failure, Found, Operation, Permissions, ProviderDiagnostic, ResourceType,
};
use mesh_value::Value;

use super::limits::{self, AutoAdjust, CostFilter, CostTypes, PlannedLimit};
use super::notification::{self, Notification};
use super::{ABSENT, TAKEN, account, amount, arn_of, period, retag, tag_list, tags_of};
use crate::failure::{Outcome as _, Sent, incomplete};
use crate::many::{WORTH_LISTING, each};
use crate::names;
use crate::platform::Aws;
use crate::tags::{self, Tags};

/// What an account, or a part of what it uses, may cost in a time, and who is told when it does.
#[derive(Block, Clone, Debug, PartialEq, Eq)]
pub(crate) struct Budget {
    /// The account that it is of. The provider's own where it is left out.
    #[mesh(optional, replace)]
    pub account_id: Computed<String>,
    /// Its name, of up to 100 characters. A name that nobody else has is made where it is left out.
    #[mesh(optional, replace)]
    pub name: Computed<String>,
    /// What a name that is made begins with.
    #[mesh(replace)]
    pub name_prefix: Option<String>,
    /// `COST`, `USAGE`, `RI_UTILIZATION`, `RI_COVERAGE`, `SAVINGS_PLANS_UTILIZATION` or `SAVINGS_PLANS_COVERAGE`.
    pub budget_type: String,
    /// The limit, in digits: "100" and "100.0" are the same.
    #[mesh(optional, computed_on_change)]
    pub limit_amount: Computed<String>,
    /// What the limit counts: `USD`, or a unit of use such as `GB`.
    #[mesh(optional, computed_on_change)]
    pub limit_unit: Computed<String>,
    /// For how long the limit holds before it begins anew: `DAILY`, `MONTHLY`, `QUARTERLY`, `ANNUALLY` or `CUSTOM`.
    pub time_unit: String,
    /// From when it counts, such as `2026-01-01_00:00`. The beginning of the current time where it is left out.
    #[mesh(optional)]
    pub time_period_start: Computed<String>,
    /// Until when it counts.
    #[mesh(default = "2087-06-15_00:00")]
    pub time_period_end: String,
    /// Costs that count: those that pass all filters. All costs where there is none.
    #[mesh(block)]
    pub cost_filter: BTreeSet<CostFilter>,
    /// Which kinds of costs count.
    #[mesh(block)]
    pub cost_types: Option<CostTypes>,
    /// Limits that change with the time. Leave `limit_amount` and `limit_unit` out then.
    #[mesh(block)]
    pub planned_limit: BTreeSet<PlannedLimit>,
    /// A limit that AWS adjusts.
    #[mesh(block)]
    pub auto_adjust_data: Option<AutoAdjust>,
    /// Who is told, and when.
    #[mesh(block, max = 10)]
    pub notification: BTreeSet<Notification>,
    /// Its tags.
    pub tags: Option<Tags>,
    /// All its tags, with those that the provider block gives to every resource.
    pub tags_all: Computed<Tags>,
    /// The account's id and the name, joined by `:`.
    pub id: Computed<String>,
    /// Its ARN.
    pub arn: Computed<String>,
}

/// The resource type `aws_budgets_budget`.
pub(crate) struct BudgetType;

impl Budget {
    fn name(&self, token: &str) -> String {
        names::chosen(&self.name, self.name_prefix.as_deref(), token)
    }

    /// The budget as Budgets has it.
    #[expect(deprecated, reason = "Terraform's arguments are these; a budget has them or the newer expressions")]
    fn seen(
        mut self,
        aws: &Aws,
        account: String,
        there: &There,
        notification: BTreeSet<Notification>,
        platform: Tags,
    ) -> Self {
        let name = there.budget_name().to_owned();
        (self.tags, self.tags_all) = tags::seen(aws, self.tags.as_ref(), platform);
        there.budget_type().as_str().clone_into(&mut self.budget_type);
        there.time_unit().as_str().clone_into(&mut self.time_unit);
        let limit = there.budget_limit();
        self.limit_amount = limit.map(|limit| amount::kept(self.limit_amount.known(), limit.amount())).into();
        self.limit_unit = limit.map(|limit| limit.unit().to_owned()).into();
        let period = there.time_period();
        self.time_period_start = period.and_then(TimePeriod::start).and_then(period::write).into();
        let end = period.and_then(TimePeriod::end).and_then(period::write);
        self.time_period_end = end.unwrap_or_else(|| period::FOR_EVER.to_owned());
        self.cost_filter = limits::filters_seen(there.cost_filters());
        let counted = there.cost_types().map(CostTypes::seen);
        // Which costs count where nobody said so is not shown.
        let own = self.cost_types.is_some();
        self.cost_types =
            counted.filter(|counted| own || *there.budget_type() == Kind::Cost && *counted != CostTypes::default());
        self.planned_limit = limits::planned_seen(&self.planned_limit, there.planned_budget_limits());
        self.auto_adjust_data = there.auto_adjust_data().map(AutoAdjust::seen);
        self.notification = notification;
        self.id = Computed::Known(format!("{account}:{name}"));
        self.arn = Computed::Known(arn_of(aws, &account, &name));
        self.account_id = Computed::Known(account);
        self.name = Computed::Known(name);
        self
    }

    /// The budget in the API's form.
    #[expect(deprecated, reason = "Terraform's arguments are these; a budget has them or the newer expressions")]
    fn sent(&self, name: &str) -> Result<There, Failure> {
        // With limits that change, the one that holds now is AWS's to say.
        let fixed = self.planned_limit.is_empty() && self.auto_adjust_data.is_none();
        let limit = self.limit_amount.known().zip(self.limit_unit.known()).filter(|_| fixed);
        let limit = limit.map(|(amount, unit)| limits::spend(amount, unit)).transpose()?;
        let start = self.time_period_start.known().and_then(|text| period::parse(text));
        let period = TimePeriod::builder().set_start(start).set_end(period::parse(&self.time_period_end)).build();
        There::builder()
            .budget_name(name)
            .budget_type(Kind::from(self.budget_type.as_str()))
            .time_unit(TimeUnit::from(self.time_unit.as_str()))
            .time_period(period)
            .set_budget_limit(limit)
            .set_planned_budget_limits(limits::planned_sent(&self.planned_limit)?)
            .set_cost_filters(limits::filters_sent(&self.cost_filter))
            .set_cost_types(self.cost_types.as_ref().map(CostTypes::sent))
            .set_auto_adjust_data(self.auto_adjust_data.as_ref().map(AutoAdjust::sent).transpose()?)
            .build()
            .map_err(incomplete)
    }

    /// The budget with its notifications and tags, given what was listed of it; `None` where it is gone.
    async fn complete(self, aws: &Aws, account: String, there: &There) -> Result<Option<Self>, Failure> {
        let name = there.budget_name();
        let Some(tags) = tags_of(aws, &arn_of(aws, &account, name)).await? else { return Ok(None) };
        let notifications = notification::list(aws, &account, name, &self.notification).await?;
        Ok(Some(self.seen(aws, account, there, notifications, tags)))
    }

    async fn read(self, aws: &Aws, account: String, name: &str) -> Result<Option<Self>, Failure> {
        match get(aws, &account, name).await? {
            Some(there) => self.complete(aws, account, &there).await,
            None => Ok(None),
        }
    }

    /// What is planned stays as it is planned: figures that AWS adjusts meanwhile are seen by the next reading.
    fn answering(mut self, planned: &Self) -> Self {
        if let Some((now, planned)) = self.auto_adjust_data.as_mut().zip(planned.auto_adjust_data.as_ref()) {
            if planned.last_auto_adjust_time != Computed::Unknown {
                now.last_auto_adjust_time = planned.last_auto_adjust_time.clone();
            }
            if let Some((now, planned)) = now.historical_options.as_mut().zip(planned.historical_options.as_ref())
                && planned.lookback_available_periods != Computed::Unknown
            {
                now.lookback_available_periods = planned.lookback_available_periods.clone();
            }
        }
        self
    }
}

impl ResourceType for BudgetType {
    const NAME: &'static str = "aws_budgets_budget";
    const PERMISSIONS: Permissions = Permissions {
        read: &["budgets:ListTagsForResource", "budgets:ViewBudget"],
        create: &["budgets:ModifyBudget", "budgets:TagResource"],
        update: &["budgets:ModifyBudget", "budgets:TagResource", "budgets:UntagResource"],
        delete: &["budgets:ModifyBudget"],
    };
    const COSTS: Costs = Costs::Free;
    type Model = Budget;
    type Platform = Aws;

    fn validate(config: &Value) -> Vec<ProviderDiagnostic> {
        check::problems(config)
    }

    async fn plan(aws: &Aws, draft: &mut Draft<'_>) {
        tags::plan(aws, draft);
        let (was, will) = (draft.prior_as::<String>("limit_amount"), draft.planned_as::<String>("limit_amount"));
        if was.zip(will).is_some_and(|(was, will)| amount::same(&was, &will)) {
            draft.keep("limit_amount");
        }
        let (was, will) = (draft.prior_as("planned_limit"), draft.planned_as("planned_limit"));
        if was.zip(will).is_some_and(|(was, will)| limits::planned_same(&was, &will)) {
            draft.keep("planned_limit");
        }
        if !draft.is_create() {
            return;
        }
        let Ok(account) = account(aws, &draft.planned_as::<String>("account_id").into()).await else { return };
        if draft.config("account_id").is_null() {
            draft.set("account_id", &account);
        }
        if let Some(name) = draft.planned_as::<String>("name") {
            draft.set("id", &format!("{account}:{name}"));
            draft.set("arn", &arn_of(aws, &account, &name));
        }
    }

    async fn create(aws: &Aws, planned: Budget, operation: &Operation) -> Result<Budget, ChangeError<Budget>> {
        let (account, name) = (account(aws, &planned.account_id).await?, planned.name(&operation.token));
        let tags = tags::creating(&planned.tags_all, operation);
        let budget = planned.sent(&name)?;
        let told: Vec<_> = planned.notification.iter().map(Notification::whole).collect::<Result<_, _>>()?;
        let call = aws
            .budgets()
            .create_budget()
            .account_id(&account)
            .budget(budget.clone())
            .set_notifications_with_subscribers(Some(told).filter(|told| !told.is_empty()))
            .set_resource_tags(Some(tag_list(&tags)?));
        match call.send().await.sent("budgets:ModifyBudget", TAKEN) {
            Sent::Done(_) => {}
            Sent::Taken(_) => {
                let there = tags_of(aws, &arn_of(aws, &account, &name)).await?;
                if !there.is_some_and(|there| tags::is_from(&there, &operation.token)) {
                    return Err(names::taken("budget", &name, "the account's id, `:` and its name").into());
                }
            }
            Sent::Refused(failure) => return Err(failure.into()),
            Sent::Unsure(failure) => return Err(ChangeError::unsure(failure)),
        }
        match planned.clone().read(aws, account.clone(), &name).await {
            Ok(Some(made)) => Ok(made),
            Ok(None) => Err(names::vanished("budget", &name).into()),
            Err(failure) => {
                let notifications = planned.notification.clone();
                Err(ChangeError::leaving(failure, planned.seen(aws, account, &budget, notifications, tags)))
            }
        }
    }

    async fn read(aws: &Aws, current: Vec<Budget>) -> Vec<Result<Option<Budget>, Failure>> {
        let mut listed = BTreeMap::new();
        if current.len() >= WORTH_LISTING {
            let accounts: BTreeSet<_> =
                current.iter().filter_map(|budget| budget.account_id.known().cloned()).collect();
            for account in accounts {
                if let Ok(budgets) = list(aws, &account).await {
                    listed.insert(account, budgets);
                }
            }
        }
        let listed = &listed;
        each(current, |budget| async move {
            let Some(name) = budget.name.known().cloned() else { return Ok(None) };
            let account = account(aws, &budget.account_id).await?;
            match listed.get(&account) {
                Some(budgets) => match budgets.get(&name) {
                    Some(there) => budget.complete(aws, account, there).await,
                    None => Ok(None),
                },
                None => budget.read(aws, account, &name).await,
            }
        })
        .await
    }

    async fn update(
        aws: &Aws,
        prior: Budget,
        planned: Budget,
        operation: &Operation,
    ) -> Result<Budget, ChangeError<Budget>> {
        let (account, name) = (account(aws, &prior.account_id).await?, prior.name(&operation.token));
        let changes = async {
            let budget = planned.sent(&name)?;
            if budget != prior.sent(&name)? {
                let call = aws.budgets().update_budget().account_id(&account).new_budget(budget);
                call.send().await.calling("budgets:ModifyBudget")?;
            }
            notification::change(aws, &account, &name, &prior.notification, &planned.notification).await?;
            retag(aws, &arn_of(aws, &account, &name), &prior.tags_all, &planned.tags_all).await
        };
        let changed = changes.await;
        let now = planned.clone().read(aws, account, &name).await;
        match (changed, now) {
            (Ok(()), Ok(Some(now))) => Ok(now.answering(&planned)),
            (Ok(()), Ok(None)) => Err(names::vanished("budget", &name).into()),
            (Err(failure), Ok(Some(now))) => Err(ChangeError::leaving(failure, now)),
            (Err(failure), _) | (Ok(()), Err(failure)) => Err(failure.into()),
        }
    }

    async fn delete(aws: &Aws, prior: Budget, operation: &Operation) -> Result<(), Failure> {
        let (account, name) = (account(aws, &prior.account_id).await?, prior.name(&operation.token));
        let call = aws.budgets().delete_budget().account_id(account).budget_name(name);
        call.send().await.gone("budgets:ModifyBudget", ABSENT)
    }

    async fn locate(aws: &Aws, planned: Budget, token: &str) -> Result<Found<Budget>, Failure> {
        let (account, name) = (account(aws, &planned.account_id).await?, planned.name(token));
        let tags = tags_of(aws, &arn_of(aws, &account, &name)).await?;
        if !tags.is_some_and(|tags| tags::is_from(&tags, token)) {
            return Ok(Found::Absent);
        }
        Ok(planned.read(aws, account, &name).await?.map_or(Found::Absent, Found::Complete))
    }

    async fn import(aws: &Aws, id: &str) -> Result<Budget, Failure> {
        let absent = || names::nothing_to_import("budget", id, "the account's id, `:` and its name");
        let (account, name) = id.split_once(':').ok_or_else(absent)?;
        let nothing = Budget {
            account_id: Computed::Unknown,
            name: Computed::Unknown,
            name_prefix: None,
            budget_type: String::new(),
            limit_amount: Computed::Unknown,
            limit_unit: Computed::Unknown,
            time_unit: String::new(),
            time_period_start: Computed::Unknown,
            time_period_end: String::new(),
            cost_filter: BTreeSet::new(),
            cost_types: None,
            planned_limit: BTreeSet::new(),
            auto_adjust_data: None,
            notification: BTreeSet::new(),
            tags: None,
            tags_all: Computed::Unknown,
            id: Computed::Unknown,
            arn: Computed::Unknown,
        };
        nothing.read(aws, account.to_owned(), name).await?.ok_or_else(absent)
    }
}

async fn get(aws: &Aws, account: &str, name: &str) -> Result<Option<There>, Failure> {
    let answer = aws.budgets().describe_budget().account_id(account).budget_name(name).send().await;
    Ok(answer.found("budgets:ViewBudget", ABSENT)?.and_then(|answer| answer.budget))
}

/// The budgets of an account, by their names.
async fn list(aws: &Aws, account: &str) -> Result<BTreeMap<String, There>, Failure> {
    let mut budgets = BTreeMap::new();
    let mut pages = aws.budgets().describe_budgets().account_id(account).into_paginator().send();
    while let Some(page) = pages.next().await {
        for budget in page.calling("budgets:ViewBudget")?.budgets.unwrap_or_default() {
            budgets.insert(budget.budget_name().to_owned(), budget);
        }
    }
    Ok(budgets)
}
