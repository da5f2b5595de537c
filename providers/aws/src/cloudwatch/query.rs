//! The metrics of an alarm that looks at more than one: queries and expressions over them.

use std::collections::BTreeMap;

use aws_sdk_cloudwatch::types::{Dimension, Metric as ApiMetric, MetricDataQuery, MetricStat};
use mesh_provider::Block;

/// One metric, or an expression over others.
#[derive(Block, Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Query {
    /// The name by which expressions and `threshold_metric_id` refer to it.
    pub id: String,
    /// An expression over other queries, such as `m1 / m2`.
    pub expression: Option<String>,
    /// What people see it called.
    pub label: Option<String>,
    /// How many seconds make a data point of an expression.
    pub period: Option<i32>,
    /// The account that the metric is in, where it is another one.
    pub account_id: Option<String>,
    /// Whether it is what the alarm watches; exactly one query is.
    #[mesh(default = false)]
    pub return_data: bool,
    /// The metric, where it is no expression.
    #[mesh(block)]
    pub metric: Option<Metric>,
}

/// A metric and how its values become data points.
#[derive(Block, Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Metric {
    /// Its name.
    pub metric_name: String,
    /// Its namespace, such as `AWS/ElasticMapReduce`.
    pub namespace: Option<String>,
    /// How many seconds make a data point.
    pub period: i32,
    /// How the values of a period become one: `Average`, `Sum`, `p95` and so on.
    pub stat: String,
    /// The unit.
    pub unit: Option<String>,
    /// The dimensions that single the metric out.
    pub dimensions: Option<BTreeMap<String, String>>,
}

impl Query {
    /// As CloudWatch takes it.
    pub(super) fn to_api(&self) -> MetricDataQuery {
        let metric = self.metric.as_ref().map(|metric| {
            let what = ApiMetric::builder()
                .metric_name(&metric.metric_name)
                .set_namespace(metric.namespace.clone())
                .set_dimensions(Some(dimensions(metric.dimensions.as_ref())));
            MetricStat::builder()
                .metric(what.build())
                .period(metric.period)
                .stat(&metric.stat)
                .set_unit(metric.unit.as_deref().map(Into::into))
                .build()
        });
        MetricDataQuery::builder()
            .id(&self.id)
            .set_expression(self.expression.clone())
            .set_label(self.label.clone())
            .set_period(self.period)
            .set_account_id(self.account_id.clone())
            .return_data(self.return_data)
            .set_metric_stat(metric)
            .build()
    }

    /// From what CloudWatch answers.
    pub(super) fn of(query: &MetricDataQuery) -> Self {
        let text = |text: Option<&str>| text.map(str::to_owned);
        let metric = query.metric_stat().map(|stat| {
            let what = stat.metric();
            Metric {
                metric_name: what.and_then(ApiMetric::metric_name).unwrap_or_default().to_owned(),
                namespace: text(what.and_then(ApiMetric::namespace)),
                period: stat.period().unwrap_or_default(),
                stat: stat.stat().unwrap_or_default().to_owned(),
                unit: text(stat.unit().map(aws_sdk_cloudwatch::types::StandardUnit::as_str)),
                dimensions: named(what.map(ApiMetric::dimensions).unwrap_or_default()),
            }
        });
        Self {
            id: query.id().unwrap_or_default().to_owned(),
            expression: text(query.expression()),
            label: text(query.label()),
            period: query.period().filter(|_| query.metric_stat().is_none()),
            account_id: text(query.account_id()),
            return_data: query.return_data().unwrap_or_default(),
            metric,
        }
    }
}

/// Dimensions as CloudWatch takes them.
pub(super) fn dimensions(written: Option<&BTreeMap<String, String>>) -> Vec<Dimension> {
    let dimensions = written.into_iter().flatten();
    dimensions.map(|(name, value)| Dimension::builder().name(name).value(value).build()).collect()
}

/// Dimensions as they are written; `None` where there are none.
pub(super) fn named(dimensions: &[Dimension]) -> Option<BTreeMap<String, String>> {
    let named = dimensions.iter().map(|dimension| {
        (dimension.name().unwrap_or_default().to_owned(), dimension.value().unwrap_or_default().to_owned())
    });
    Some(named.collect::<BTreeMap<_, _>>()).filter(|named| !named.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn query(id: &str) -> Query {
        let empty = || None;
        let (expression, label, account_id) = (empty(), empty(), empty());
        Query { id: id.to_owned(), expression, label, period: None, account_id, return_data: false, metric: None }
    }

    #[test]
    fn queries_come_back_as_they_were_written() {
        let dimensions = BTreeMap::from([("BucketName".to_owned(), "landing".to_owned())]);
        let metric = Metric {
            metric_name: "5xxErrors".to_owned(),
            namespace: Some("AWS/S3".to_owned()),
            period: 300,
            stat: "Sum".to_owned(),
            unit: Some("Count".to_owned()),
            dimensions: Some(dimensions),
        };
        let written = [
            Query {
                expression: Some("100 * errors / all".to_owned()),
                return_data: true,
                period: Some(60),
                ..query("rate")
            },
            Query { metric: Some(metric), account_id: Some("123456789012".to_owned()), ..query("errors") },
        ];
        for query in written {
            assert_eq!(Query::of(&query.to_api()), query);
        }
    }

    /// CloudWatch answers the period of a metric beside the metric too, where nobody wrote it.
    #[test]
    fn the_period_of_a_metric_is_its_own() {
        let stat = MetricStat::builder().metric(ApiMetric::builder().metric_name("m").build()).period(60).stat("Sum");
        let answered = MetricDataQuery::builder().id("m").period(60).metric_stat(stat.build()).build();
        assert_eq!(Query::of(&answered).period, None);
    }
}
