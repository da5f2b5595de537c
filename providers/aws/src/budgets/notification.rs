//! Who is told when a budget is about to be spent: the blocks, and the calls that make the platform's what is written.

use std::collections::BTreeSet;

use aws_sdk_budgets::types::{
    ComparisonOperator, Notification as Told, NotificationType, NotificationWithSubscribers, Subscriber,
    SubscriptionType, ThresholdType,
};
use mesh_provider::{Block, Failure, ProviderDiagnostic};
use mesh_value::{AttributePath, Number, Value};

use super::{ABSENT, TAKEN};
use crate::check;
use crate::failure::{Outcome as _, Sent, incomplete};
use crate::many::each;
use crate::platform::Aws;

/// Whom to tell, and when.
#[derive(Block, Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Notification {
    /// `GREATER_THAN`, `LESS_THAN` or `EQUAL_TO`: how the figure compares to the threshold.
    pub comparison_operator: String,
    /// `ACTUAL`, what was spent, or `FORECASTED`.
    pub notification_type: String,
    /// The threshold.
    pub threshold: Number,
    /// `PERCENTAGE` of the limit, or `ABSOLUTE_VALUE` in its unit.
    pub threshold_type: String,
    /// The e-mail addresses of up to ten people.
    pub subscriber_email_addresses: Option<BTreeSet<String>>,
    /// The ARN of an SNS topic that lets Budgets publish to it.
    pub subscriber_sns_topic_arns: Option<BTreeSet<String>>,
}

impl Notification {
    /// Whether it is the same notification, whoever is told: Budgets knows one by this.
    fn is(&self, other: &Self) -> bool {
        self.comparison_operator == other.comparison_operator
            && self.notification_type == other.notification_type
            && self.threshold == other.threshold
            && self.threshold_type == other.threshold_type
    }

    /// As Budgets has it. `own` are the written ones: where one has no list of addresses, an empty one is none.
    fn seen(own: &BTreeSet<Self>, there: &Told, subscribers: &[Subscriber]) -> Self {
        let addresses = |kind: &SubscriptionType| {
            let of_kind = subscribers.iter().filter(|subscriber| subscriber.subscription_type() == kind);
            of_kind.map(|subscriber| subscriber.address().to_owned()).collect::<BTreeSet<_>>()
        };
        let (emails, topics) = (addresses(&SubscriptionType::Email), addresses(&SubscriptionType::Sns));
        let mut seen = Self {
            comparison_operator: there.comparison_operator().as_str().to_owned(),
            notification_type: there.notification_type().as_str().to_owned(),
            threshold: decimal(there.threshold()),
            threshold_type: there.threshold_type().map_or("PERCENTAGE", ThresholdType::as_str).to_owned(),
            subscriber_email_addresses: None,
            subscriber_sns_topic_arns: None,
        };
        let written = own.iter().find(|own| own.is(&seen));
        let (own_emails, own_topics) = written.map_or((None, None), |own| {
            (own.subscriber_email_addresses.as_ref(), own.subscriber_sns_topic_arns.as_ref())
        });
        seen.subscriber_email_addresses = (own_emails.is_some() || !emails.is_empty()).then_some(emails);
        seen.subscriber_sns_topic_arns = (own_topics.is_some() || !topics.is_empty()).then_some(topics);
        seen
    }

    fn told(&self) -> Result<Told, Failure> {
        Told::builder()
            .comparison_operator(ComparisonOperator::from(self.comparison_operator.as_str()))
            .notification_type(NotificationType::from(self.notification_type.as_str()))
            .threshold(self.threshold.to_f64())
            .threshold_type(ThresholdType::from(self.threshold_type.as_str()))
            .build()
            .map_err(incomplete)
    }

    fn addresses(&self, kind: &SubscriptionType) -> BTreeSet<String> {
        let addresses = match kind {
            SubscriptionType::Sns => &self.subscriber_sns_topic_arns,
            _ => &self.subscriber_email_addresses,
        };
        addresses.clone().unwrap_or_default()
    }

    fn subscribers(&self) -> Result<Vec<Subscriber>, Failure> {
        let of_kind = |kind: SubscriptionType| {
            let addresses = self.addresses(&kind);
            addresses.into_iter().map(move |address| subscriber(kind.clone(), &address))
        };
        of_kind(SubscriptionType::Sns).chain(of_kind(SubscriptionType::Email)).collect()
    }

    /// It and its subscribers, as a new budget takes them along.
    pub(super) fn whole(&self) -> Result<NotificationWithSubscribers, Failure> {
        let whole = NotificationWithSubscribers::builder().notification(self.told()?);
        whole.set_subscribers(Some(self.subscribers()?)).build().map_err(incomplete)
    }
}

pub(super) fn subscriber(kind: SubscriptionType, address: &str) -> Result<Subscriber, Failure> {
    Subscriber::builder().subscription_type(kind).address(address).build().map_err(incomplete)
}

/// The number that a float stands for as people write it: 33.3, and not the nearest binary fraction.
pub(super) fn decimal(value: f64) -> Number {
    value.to_string().parse().unwrap_or(Number::ZERO)
}

/// The notifications of a budget; none where there is no such budget.
pub(super) async fn list(
    aws: &Aws,
    account: &str,
    budget: &str,
    own: &BTreeSet<Notification>,
) -> Result<BTreeSet<Notification>, Failure> {
    let mut told = Vec::new();
    let call = aws.budgets().describe_notifications_for_budget().account_id(account).budget_name(budget);
    let mut pages = call.into_paginator().send();
    while let Some(page) = pages.next().await {
        let page = page.found("budgets:ViewBudget", ABSENT)?;
        told.extend(page.and_then(|page| page.notifications).unwrap_or_default());
    }
    let seen = each(told, |told| async move {
        let call = aws.budgets().describe_subscribers_for_notification().account_id(account).budget_name(budget);
        let mut pages = call.notification(told.clone()).into_paginator().send();
        let mut subscribers = Vec::new();
        while let Some(page) = pages.next().await {
            let page = page.found("budgets:ViewBudget", ABSENT)?;
            subscribers.extend(page.and_then(|page| page.subscribers).unwrap_or_default());
        }
        Ok(Notification::seen(own, &told, &subscribers))
    });
    seen.await.into_iter().collect()
}

/// Makes the notifications of a budget, which are `before`, those of `after`.
pub(super) async fn change(
    aws: &Aws,
    account: &str,
    budget: &str,
    before: &BTreeSet<Notification>,
    after: &BTreeSet<Notification>,
) -> Result<(), Failure> {
    for gone in before.iter().filter(|before| !after.iter().any(|after| after.is(before))) {
        let call = aws.budgets().delete_notification().account_id(account).budget_name(budget);
        call.notification(gone.told()?).send().await.gone("budgets:ModifyBudget", ABSENT)?;
    }
    for wanted in after {
        match before.iter().find(|before| before.is(wanted)) {
            Some(before) => resubscribe(aws, account, budget, before, wanted).await?,
            None => {
                let call = aws.budgets().create_notification().account_id(account).budget_name(budget);
                let call = call.notification(wanted.told()?).set_subscribers(Some(wanted.subscribers()?));
                if let Sent::Refused(failure) | Sent::Unsure(failure) =
                    call.send().await.sent("budgets:ModifyBudget", TAKEN)
                {
                    return Err(failure);
                }
            }
        }
    }
    Ok(())
}

/// Tells others. One address takes another's place where that can be, as a notification may not be without any and may
/// have one topic at most.
async fn resubscribe(
    aws: &Aws,
    account: &str,
    budget: &str,
    before: &Notification,
    after: &Notification,
) -> Result<(), Failure> {
    let action = "budgets:ModifyBudget";
    let told = after.told()?;
    let (mut gone, mut new) = (Vec::new(), Vec::new());
    for kind in [SubscriptionType::Sns, SubscriptionType::Email] {
        let (old, wanted) = (before.addresses(&kind), after.addresses(&kind));
        let mut removed: Vec<_> = old.difference(&wanted).cloned().collect();
        for address in wanted.difference(&old) {
            let added = subscriber(kind.clone(), address)?;
            let Some(removed) = removed.pop() else {
                new.push(added);
                continue;
            };
            let call = aws.budgets().update_subscriber().account_id(account).budget_name(budget);
            let call = call.notification(told.clone()).old_subscriber(subscriber(kind.clone(), &removed)?);
            call.new_subscriber(added).send().await.calling(action)?;
        }
        gone.extend(removed.into_iter().map(|address| subscriber(kind.clone(), &address)));
    }
    for added in new {
        let call = aws.budgets().create_subscriber().account_id(account).budget_name(budget);
        let call = call.notification(told.clone()).subscriber(added);
        if let Sent::Refused(failure) | Sent::Unsure(failure) = call.send().await.sent(action, TAKEN) {
            return Err(failure);
        }
    }
    for removed in gone {
        let call = aws.budgets().delete_subscriber().account_id(account).budget_name(budget);
        call.notification(told.clone()).subscriber(removed?).send().await.gone(action, ABSENT)?;
    }
    Ok(())
}

/// What is wrong in a written block.
pub(super) fn problems(block: &Value) -> Vec<ProviderDiagnostic> {
    let mut problems = check::one_of(block, "comparison_operator", &["GREATER_THAN", "LESS_THAN", "EQUAL_TO"]);
    problems.extend(check::one_of(block, "notification_type", &["ACTUAL", "FORECASTED"]));
    problems.extend(check::one_of(block, "threshold_type", &["PERCENTAGE", "ABSOLUTE_VALUE"]));
    let at = |problem: ProviderDiagnostic, name: &str| problem.at(AttributePath::attr(name));
    if block.get("threshold").and_then(Value::as_number).is_some_and(Number::is_negative) {
        let problem = ProviderDiagnostic::error("Invalid threshold", "A threshold can't be less than 0.");
        problems.push(at(problem, "threshold"));
    }
    let addresses = ["subscriber_email_addresses", "subscriber_sns_topic_arns"];
    let count = |name: &str| match block.get(name) {
        Some(set) if !set.is_known() => None,
        Some(set) => Some(set.as_slice().map_or(0, <[Value]>::len)),
        None => Some(0),
    };
    if addresses.map(count) == [Some(0), Some(0)] {
        let detail =
            "A notification needs someone to tell: `subscriber_email_addresses` or `subscriber_sns_topic_arns`.";
        problems.push(ProviderDiagnostic::error("Nobody to notify", detail));
    }
    for (name, most) in [(addresses[0], 10), (addresses[1], 1)] {
        if let Some(count) = count(name).filter(|count| *count > most) {
            let detail = format!("`{name}` holds {count}; a notification can have {most}.");
            problems.push(at(ProviderDiagnostic::error("Too many subscribers", detail), name));
        }
    }
    problems
}
