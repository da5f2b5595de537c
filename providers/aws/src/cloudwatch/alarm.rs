//! `aws_cloudwatch_metric_alarm`: tells somebody when a metric passes a threshold.

use std::collections::{BTreeMap, BTreeSet};

use aws_sdk_cloudwatch::types::{ComparisonOperator, MetricAlarm, StandardUnit, Statistic, Tag};
use mesh_provider::cost::{CostRequest, Costs, UsageParameter};
use mesh_provider::{
    Block, ChangeError, Computed, Draft, Failure, Found, Operation, Permissions, ProviderDiagnostic, ResourceType,
};
use mesh_value::{AttributePath, Value};

use super::cost;
use super::query::{Query, dimensions, named};
use crate::failure::{Outcome as _, Sent};
use crate::many::each;
use crate::platform::Aws;
use crate::tags::{self, Retagging, Tags};
use crate::{check, names};

/// How many alarms one call describes.
const PAGE: usize = 100;

/// Tells somebody when a metric passes a threshold.
#[derive(Block, Clone, Debug, PartialEq)]
pub(crate) struct Alarm {
    /// Its name.
    #[mesh(replace)]
    pub alarm_name: String,
    /// What it is for.
    pub alarm_description: Option<String>,
    /// How the metric is compared with the threshold, such as `GreaterThanThreshold`.
    pub comparison_operator: String,
    /// How many periods are looked at.
    pub evaluation_periods: i32,
    /// In how many of those periods the threshold must be passed; in all where it is left out.
    pub datapoints_to_alarm: Option<i32>,
    /// The metric's name; leave it out where `metric_query` says what is watched.
    pub metric_name: Option<String>,
    /// The metric's namespace, such as `AWS/ElasticMapReduce`.
    pub namespace: Option<String>,
    /// How many seconds a period has: 10, 30, or a multiple of 60.
    pub period: Option<i32>,
    /// How the values of a period become one: `Average`, `Maximum`, `Minimum`, `SampleCount` or `Sum`.
    pub statistic: Option<String>,
    /// A percentile instead of a statistic, such as `p95`.
    pub extended_statistic: Option<String>,
    /// The unit of the metric.
    pub unit: Option<String>,
    /// The dimensions that single the metric out.
    pub dimensions: Option<BTreeMap<String, String>>,
    /// The value that the metric is compared with.
    pub threshold: Option<f64>,
    /// The query that says what is normal, where the threshold is a band.
    pub threshold_metric_id: Option<String>,
    /// Metrics and expressions over them, where one metric is not enough.
    #[mesh(block)]
    pub metric_query: BTreeSet<Query>,
    /// Whether anything is done when the alarm changes its state.
    #[mesh(default = true)]
    pub actions_enabled: bool,
    /// What is told when it goes off, by ARN.
    pub alarm_actions: Option<BTreeSet<String>>,
    /// What is told when all is well again, by ARN.
    pub ok_actions: Option<BTreeSet<String>>,
    /// What is told when there is not enough data, by ARN.
    pub insufficient_data_actions: Option<BTreeSet<String>>,
    /// What missing data means: `missing`, `ignore`, `breaching` or `notBreaching`.
    #[mesh(default = "missing".to_owned())]
    pub treat_missing_data: String,
    /// What a percentile of few values means: `evaluate` or `ignore`.
    #[mesh(optional)]
    pub evaluate_low_sample_count_percentiles: Computed<String>,
    /// Its tags.
    pub tags: Option<Tags>,
    /// All its tags, with those that the provider block gives to every resource.
    pub tags_all: Computed<Tags>,
    /// Its name.
    pub id: Computed<String>,
    /// Its ARN.
    pub arn: Computed<String>,
}

/// The resource type `aws_cloudwatch_metric_alarm`.
pub(crate) struct AlarmType;

impl Alarm {
    /// Makes the alarm so, whether it is there already or not. Tags count only for a new one.
    async fn put(&self, aws: &Aws, tags: Option<Tags>) -> Sent<()> {
        let list = |actions: &Option<BTreeSet<String>>| Some(actions.iter().flatten().cloned().collect::<Vec<_>>());
        let tags = tags.map(|tags| tags.into_iter().map(|(key, value)| tag(&key, &value)).collect());
        let queries: Vec<_> = self.metric_query.iter().map(Query::to_api).collect();
        let call = aws
            .cloudwatch()
            .put_metric_alarm()
            .alarm_name(&self.alarm_name)
            .set_alarm_description(self.alarm_description.clone())
            .comparison_operator(ComparisonOperator::from(self.comparison_operator.as_str()))
            .evaluation_periods(self.evaluation_periods)
            .set_datapoints_to_alarm(self.datapoints_to_alarm)
            .set_metric_name(self.metric_name.clone())
            .set_namespace(self.namespace.clone())
            .set_period(self.period)
            .set_statistic(self.statistic.as_deref().map(Statistic::from))
            .set_extended_statistic(self.extended_statistic.clone())
            .set_unit(self.unit.as_deref().map(StandardUnit::from))
            .set_dimensions(Some(dimensions(self.dimensions.as_ref())).filter(|dimensions| !dimensions.is_empty()))
            .set_threshold(self.threshold)
            .set_threshold_metric_id(self.threshold_metric_id.clone())
            .set_metrics(Some(queries).filter(|queries| !queries.is_empty()))
            .actions_enabled(self.actions_enabled)
            .set_alarm_actions(list(&self.alarm_actions))
            .set_ok_actions(list(&self.ok_actions))
            .set_insufficient_data_actions(list(&self.insufficient_data_actions))
            .treat_missing_data(&self.treat_missing_data)
            .set_evaluate_low_sample_count_percentile(self.evaluate_low_sample_count_percentiles.known().cloned())
            .set_tags(tags);
        match call.send().await.sent("cloudwatch:PutMetricAlarm", &[]) {
            Sent::Done(_) => Sent::Done(()),
            Sent::Taken(failure) => Sent::Taken(failure),
            Sent::Refused(failure) => Sent::Refused(failure),
            Sent::Unsure(failure) => Sent::Unsure(failure),
        }
    }

    /// The alarm as CloudWatch has it.
    fn seen(mut self, aws: &Aws, alarm: &MetricAlarm, platform: Tags) -> Self {
        let text = |text: Option<&str>| text.filter(|text| !text.is_empty()).map(str::to_owned);
        let actions = |listed: &[String], current: &Option<BTreeSet<String>>| {
            let listed: BTreeSet<String> = listed.iter().cloned().collect();
            if listed.is_empty() && current.is_none() { None } else { Some(listed) }
        };
        (self.tags, self.tags_all) = tags::seen(aws, self.tags.as_ref(), platform);
        self.alarm_description = text(alarm.alarm_description());
        self.comparison_operator = alarm.comparison_operator().map_or("", ComparisonOperator::as_str).to_owned();
        self.evaluation_periods = alarm.evaluation_periods().unwrap_or_default();
        self.datapoints_to_alarm = alarm.datapoints_to_alarm().filter(|_| {
            self.datapoints_to_alarm.is_some() || alarm.datapoints_to_alarm() != alarm.evaluation_periods()
        });
        self.metric_name = text(alarm.metric_name());
        self.namespace = text(alarm.namespace());
        self.period = alarm.period();
        self.statistic = alarm.statistic().map(|statistic| statistic.as_str().to_owned());
        self.extended_statistic = text(alarm.extended_statistic());
        self.unit = alarm.unit().map(|unit| unit.as_str().to_owned());
        self.dimensions = named(alarm.dimensions());
        self.threshold = alarm.threshold();
        self.threshold_metric_id = text(alarm.threshold_metric_id());
        self.metric_query = alarm.metrics().iter().map(Query::of).collect();
        self.actions_enabled = alarm.actions_enabled().unwrap_or(true);
        self.alarm_actions = actions(alarm.alarm_actions(), &self.alarm_actions);
        self.ok_actions = actions(alarm.ok_actions(), &self.ok_actions);
        self.insufficient_data_actions = actions(alarm.insufficient_data_actions(), &self.insufficient_data_actions);
        self.treat_missing_data = text(alarm.treat_missing_data()).unwrap_or_else(|| "missing".to_owned());
        self.evaluate_low_sample_count_percentiles = text(alarm.evaluate_low_sample_count_percentile()).into();
        self.alarm_name = alarm.alarm_name().unwrap_or(&self.alarm_name).to_owned();
        self.id = Computed::Known(self.alarm_name.clone());
        self.arn = text(alarm.alarm_arn()).into();
        self
    }

    async fn read(self, aws: &Aws, alarm: &MetricAlarm) -> Result<Option<Self>, Failure> {
        let tags = alarm_tags(aws, alarm.alarm_arn().unwrap_or_default()).await?;
        Ok(tags.map(|tags| self.seen(aws, alarm, tags)))
    }

    /// Reads what was just written.
    async fn settled(self, aws: &Aws) -> Result<Self, Failure> {
        let name = self.alarm_name.clone();
        let found = find(aws, &name).await?.ok_or_else(|| names::vanished("alarm", &name))?;
        self.read(aws, &found).await?.ok_or_else(|| names::vanished("alarm", &name))
    }
}

impl ResourceType for AlarmType {
    const NAME: &'static str = "aws_cloudwatch_metric_alarm";
    const PERMISSIONS: Permissions = Permissions {
        read: &["cloudwatch:DescribeAlarms", "cloudwatch:ListTagsForResource"],
        create: &["cloudwatch:PutMetricAlarm", "cloudwatch:TagResource"],
        update: &["cloudwatch:PutMetricAlarm", "cloudwatch:TagResource", "cloudwatch:UntagResource"],
        delete: &["cloudwatch:DeleteAlarms"],
    };
    const USAGE: &'static [UsageParameter] = cost::USAGE;
    type Model = Alarm;
    type Platform = Aws;

    fn validate(config: &Value) -> Vec<ProviderDiagnostic> {
        let mut problems = check::one_of(config, "comparison_operator", ComparisonOperator::values());
        problems.extend(check::one_of(config, "statistic", Statistic::values()));
        problems.extend(check::one_of(config, "unit", StandardUnit::values()));
        problems.extend(check::one_of(
            config,
            "treat_missing_data",
            &["missing", "ignore", "breaching", "notBreaching"],
        ));
        problems.extend(check::one_of(config, "evaluate_low_sample_count_percentiles", &["evaluate", "ignore"]));
        problems.extend(check::exclusive(config, "statistic", "extended_statistic"));
        problems.extend(check::exclusive(config, "threshold", "threshold_metric_id"));
        let period = config.get("period").and_then(check::whole);
        if let Some(period) =
            period.filter(|period| !matches!(period, 10 | 20 | 30) && (*period <= 0 || period % 60 != 0))
        {
            let detail = format!("`period` is {period} seconds; it can be 10, 20, 30, or a multiple of 60.");
            problems.push(ProviderDiagnostic::error("Invalid value", detail).at(AttributePath::attr("period")));
        }
        let queries = config.get("metric_query").filter(|queries| queries.is_known());
        let queries = queries.and_then(Value::as_slice).map(<[Value]>::len);
        let metric = config.get("metric_name").filter(|name| name.is_known()).map(|name| !name.is_null());
        if let (Some(queries), Some(metric)) = (queries, metric)
            && (queries > 0) == metric
        {
            let detail = "Say what is watched by either `metric_name` or `metric_query` blocks.";
            let problem = ProviderDiagnostic::error("Metric is not clear", detail);
            problems.push(problem.at(AttributePath::attr("metric_name")));
        }
        problems
    }

    async fn plan(aws: &Aws, draft: &mut Draft<'_>) {
        tags::plan(aws, draft);
        if let Some(name) = draft.planned_as::<String>("alarm_name").filter(|_| draft.changes("alarm_name")) {
            draft.set("id", &name);
        }
    }

    fn cost(aws: &Aws, request: CostRequest<'_>) -> Costs {
        cost::cost(aws.region(), request)
    }

    async fn create(aws: &Aws, planned: Alarm, operation: &Operation) -> Result<Alarm, ChangeError<Alarm>> {
        // A put would change an alarm that is there.
        if let Some(there) = find(aws, &planned.alarm_name).await? {
            let tags = alarm_tags(aws, there.alarm_arn().unwrap_or_default()).await?.unwrap_or_default();
            if !tags::is_from(&tags, &operation.token) {
                return Err(names::taken("alarm", &planned.alarm_name, "its name").into());
            }
        }
        match planned.put(aws, Some(tags::creating(&planned.tags_all, operation))).await {
            Sent::Done(()) => {}
            Sent::Taken(failure) | Sent::Refused(failure) => return Err(failure.into()),
            Sent::Unsure(failure) => return Err(ChangeError::unsure(failure)),
        }
        planned.clone().settled(aws).await.map_err(|failure| {
            let made = MetricAlarm::builder().alarm_name(&planned.alarm_name).build();
            ChangeError::leaving(failure, planned.seen(aws, &made, Tags::new()))
        })
    }

    async fn read(aws: &Aws, current: Vec<Alarm>) -> Vec<Result<Option<Alarm>, Failure>> {
        let names: Vec<String> = current.iter().map(|alarm| alarm.alarm_name.clone()).collect();
        let listed = match list(aws, &names).await {
            Ok(listed) => listed,
            Err(failure) => return current.iter().map(|_| Err(failure.clone())).collect(),
        };
        each(current, |alarm| async {
            match listed.get(&alarm.alarm_name) {
                Some(found) => alarm.read(aws, found).await,
                None => Ok(None),
            }
        })
        .await
    }

    async fn update(
        aws: &Aws,
        prior: Alarm,
        planned: Alarm,
        _operation: &Operation,
    ) -> Result<Alarm, ChangeError<Alarm>> {
        let untagged = |alarm: &Alarm| Alarm { tags: None, tags_all: Computed::Null, ..alarm.clone() };
        if untagged(&prior) != untagged(&planned) {
            match planned.put(aws, None).await {
                Sent::Done(()) => {}
                Sent::Taken(failure) | Sent::Refused(failure) | Sent::Unsure(failure) => return Err(failure.into()),
            }
        }
        let Retagging { remove, set } = Retagging::between(&prior.tags_all, &planned.tags_all);
        let arn = prior.arn.known().cloned().unwrap_or_default();
        if !remove.is_empty() {
            let call = aws.cloudwatch().untag_resource().resource_arn(&arn).set_tag_keys(Some(remove));
            call.send().await.calling("cloudwatch:UntagResource")?;
        }
        if !set.is_empty() {
            let set = set.iter().map(|(key, value)| tag(key, value)).collect();
            let call = aws.cloudwatch().tag_resource().resource_arn(&arn).set_tags(Some(set));
            call.send().await.calling("cloudwatch:TagResource")?;
        }
        Ok(planned.settled(aws).await?)
    }

    async fn delete(aws: &Aws, prior: Alarm, _operation: &Operation) -> Result<(), Failure> {
        let call = aws.cloudwatch().delete_alarms().alarm_names(&prior.alarm_name);
        call.send().await.gone("cloudwatch:DeleteAlarms", &["ResourceNotFound"])
    }

    async fn locate(aws: &Aws, planned: Alarm, token: &str) -> Result<Found<Alarm>, Failure> {
        let Some(found) = find(aws, &planned.alarm_name).await? else { return Ok(Found::Absent) };
        let tags = alarm_tags(aws, found.alarm_arn().unwrap_or_default()).await?;
        Ok(match tags.filter(|tags| tags::is_from(tags, token)) {
            Some(tags) => Found::Complete(planned.seen(aws, &found, tags)),
            None => Found::Absent,
        })
    }

    async fn import(aws: &Aws, id: &str) -> Result<Alarm, Failure> {
        let absent = || names::nothing_to_import("alarm", id, "its name");
        let found = find(aws, id).await?.ok_or_else(absent)?;
        let nothing = Alarm {
            alarm_name: id.to_owned(),
            alarm_description: None,
            comparison_operator: String::new(),
            evaluation_periods: 0,
            datapoints_to_alarm: None,
            metric_name: None,
            namespace: None,
            period: None,
            statistic: None,
            extended_statistic: None,
            unit: None,
            dimensions: None,
            threshold: None,
            threshold_metric_id: None,
            metric_query: BTreeSet::new(),
            actions_enabled: true,
            alarm_actions: None,
            ok_actions: None,
            insufficient_data_actions: None,
            treat_missing_data: String::new(),
            evaluate_low_sample_count_percentiles: Computed::Unknown,
            tags: None,
            tags_all: Computed::Unknown,
            id: Computed::Unknown,
            arn: Computed::Unknown,
        };
        nothing.read(aws, &found).await?.ok_or_else(absent)
    }
}

async fn find(aws: &Aws, name: &str) -> Result<Option<MetricAlarm>, Failure> {
    Ok(list(aws, &[name.to_owned()]).await?.remove(name))
}

/// The alarms of these names, as many a call as CloudWatch takes.
async fn list(aws: &Aws, names: &[String]) -> Result<BTreeMap<String, MetricAlarm>, Failure> {
    let pages: Vec<Vec<String>> = names.chunks(PAGE).map(<[String]>::to_vec).collect();
    let pages = each(pages, |names| async {
        let count = i32::try_from(names.len()).unwrap_or(i32::MAX);
        let call = aws.cloudwatch().describe_alarms().set_alarm_names(Some(names)).max_records(count);
        call.send().await.calling("cloudwatch:DescribeAlarms")
    });
    let mut alarms = BTreeMap::new();
    for page in pages.await {
        let page = page?.metric_alarms.unwrap_or_default();
        alarms.extend(page.into_iter().map(|alarm| (alarm.alarm_name().unwrap_or_default().to_owned(), alarm)));
    }
    Ok(alarms)
}

async fn alarm_tags(aws: &Aws, arn: &str) -> Result<Option<Tags>, Failure> {
    let absent = &["ResourceNotFound", "ResourceNotFoundException"];
    let answer = aws.cloudwatch().list_tags_for_resource().resource_arn(arn).send().await;
    let answer = answer.found("cloudwatch:ListTagsForResource", absent)?;
    let pair = |tag: &Tag| (tag.key().unwrap_or_default().to_owned(), tag.value().unwrap_or_default().to_owned());
    Ok(answer.map(|answer| answer.tags().iter().map(pair).collect()))
}

fn tag(key: &str, value: &str) -> Tag {
    Tag::builder().key(key).value(value).build()
}
