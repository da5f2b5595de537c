//! Automatic scaling policies of instance groups: JSON in a configuration, records to EMR.

use aws_sdk_emr::types as sdk;
use mesh_provider::{Failure, ProviderDiagnostic};
use mesh_value::{AttributePath, Value};
use serde::{Deserialize, Serialize};

/// The rules by which a group grows and shrinks, with what EMR assumes where nothing is written.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
struct Policy {
    constraints: Constraints,
    rules: Vec<Rule>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
struct Constraints {
    min_capacity: i32,
    max_capacity: i32,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
struct Rule {
    name: String,
    #[serde(default)]
    description: String,
    action: Action,
    trigger: Trigger,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
struct Action {
    #[serde(skip_serializing_if = "Option::is_none")]
    market: Option<String>,
    simple_scaling_policy_configuration: Adjustment,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
struct Adjustment {
    #[serde(default = "change_in_capacity")]
    adjustment_type: String,
    scaling_adjustment: i32,
    #[serde(default)]
    cool_down: i32,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
struct Trigger {
    cloud_watch_alarm_definition: Alarm,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
struct Alarm {
    comparison_operator: String,
    #[serde(default = "once")]
    evaluation_periods: i32,
    metric_name: String,
    #[serde(default = "namespace")]
    namespace: String,
    period: i32,
    #[serde(default = "average")]
    statistic: String,
    threshold: f64,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    unit: String,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    dimensions: Vec<Dimension>,
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
struct Dimension {
    key: String,
    value: String,
}

fn change_in_capacity() -> String {
    "CHANGE_IN_CAPACITY".to_owned()
}

const fn once() -> i32 {
    1
}

fn namespace() -> String {
    "AWS/ElasticMapReduce".to_owned()
}

fn average() -> String {
    "AVERAGE".to_owned()
}

/// The policy of a text. The dimension that names the cluster itself is left out: EMR adds it where it is not written,
/// and puts the cluster's id for its variable.
fn parsed(text: &str) -> Result<Policy, String> {
    let policy: Policy = serde_json::from_str(text).map_err(|error| error.to_string())?;
    Ok(normal(policy))
}

/// The least and the most machines that a policy allows; `None` where the text is no policy.
pub(super) fn bounds(text: &str) -> Option<(i32, i32)> {
    let Constraints { min_capacity, max_capacity } = parsed(text).ok()?.constraints;
    Some((min_capacity, max_capacity))
}

/// A policy that allows so many machines at most; `None` where the text is no policy.
pub(super) fn with_most(text: &str, most: i32) -> Option<String> {
    let policy = parsed(text).ok()?;
    let constraints = Constraints { max_capacity: most, ..policy.constraints };
    serde_json::to_string(&Policy { constraints, ..policy }).ok()
}

fn normal(mut policy: Policy) -> Policy {
    for rule in &mut policy.rules {
        let alarm = &mut rule.trigger.cloud_watch_alarm_definition;
        alarm.dimensions.retain(|dimension| dimension.key != "JobFlowId" && dimension.key != "JobFlowID");
        alarm.dimensions.sort();
        if alarm.unit == "NONE" {
            alarm.unit.clear();
        }
    }
    policy.rules.sort_by(|left, right| left.name.cmp(&right.name));
    policy
}

/// Whether two texts scale alike.
pub(super) fn same(left: &str, right: &str) -> bool {
    left == right || matches!((parsed(left), parsed(right)), (Ok(left), Ok(right)) if left == right)
}

/// The problem with the policy that is written for a group.
pub(super) fn invalid(group: &Value) -> Option<ProviderDiagnostic> {
    let text = group.get("autoscaling_policy").and_then(Value::as_str)?;
    let why = match parsed(text) {
        Ok(policy) if policy.rules.is_empty() => "it has no rules".to_owned(),
        Ok(policy) if policy.constraints.min_capacity > policy.constraints.max_capacity => {
            "`MinCapacity` is more than `MaxCapacity`".to_owned()
        }
        Ok(_) => return None,
        Err(why) => why,
    };
    let detail = format!(
        "`autoscaling_policy` must be a JSON object with `Constraints` and `Rules`, as EMR's documentation shows it: \
         {why}."
    );
    Some(ProviderDiagnostic::error("Invalid scaling policy", detail).at(AttributePath::attr("autoscaling_policy")))
}

/// As EMR takes it: what was written, with what it assumes.
pub(super) fn request(text: &str) -> Result<sdk::AutoScalingPolicy, Failure> {
    let policy: Policy =
        serde_json::from_str(text).map_err(|error| Failure::new("Invalid scaling policy", format!("{error}.")))?;
    let constraints = sdk::ScalingConstraints::builder()
        .min_capacity(policy.constraints.min_capacity)
        .max_capacity(policy.constraints.max_capacity);
    let rules = policy.rules.iter().map(rule_request).collect();
    Ok(sdk::AutoScalingPolicy::builder().constraints(constraints.build()).set_rules(Some(rules)).build())
}

fn rule_request(rule: &Rule) -> sdk::ScalingRule {
    let adjustment = &rule.action.simple_scaling_policy_configuration;
    let simple = sdk::SimpleScalingPolicyConfiguration::builder()
        .adjustment_type(sdk::AdjustmentType::from(adjustment.adjustment_type.as_str()))
        .scaling_adjustment(adjustment.scaling_adjustment)
        .cool_down(adjustment.cool_down);
    let market = rule.action.market.as_deref().map(sdk::MarketType::from);
    let action =
        sdk::ScalingAction::builder().set_market(market).simple_scaling_policy_configuration(simple.build()).build();
    let alarm = &rule.trigger.cloud_watch_alarm_definition;
    let dimensions: Vec<_> = alarm.dimensions.iter().map(dimension_request).collect();
    let alarm = sdk::CloudWatchAlarmDefinition::builder()
        .comparison_operator(sdk::ComparisonOperator::from(alarm.comparison_operator.as_str()))
        .evaluation_periods(alarm.evaluation_periods)
        .metric_name(&alarm.metric_name)
        .namespace(&alarm.namespace)
        .period(alarm.period)
        .statistic(sdk::Statistic::from(alarm.statistic.as_str()))
        .threshold(alarm.threshold)
        .set_unit((!alarm.unit.is_empty()).then(|| sdk::Unit::from(alarm.unit.as_str())))
        .set_dimensions((!dimensions.is_empty()).then_some(dimensions));
    let trigger = sdk::ScalingTrigger::builder().cloud_watch_alarm_definition(alarm.build());
    sdk::ScalingRule::builder()
        .name(&rule.name)
        .set_description((!rule.description.is_empty()).then(|| rule.description.clone()))
        .action(action)
        .trigger(trigger.build())
        .build()
}

fn dimension_request(dimension: &Dimension) -> sdk::MetricDimension {
    sdk::MetricDimension::builder().key(&dimension.key).value(&dimension.value).build()
}

/// What EMR has, as a text; `None` where there is nothing.
pub(super) fn text(platform: Option<&sdk::AutoScalingPolicyDescription>) -> Option<String> {
    let platform = platform.filter(|policy| !policy.rules().is_empty())?;
    let constraints = platform.constraints()?;
    let policy = Policy {
        constraints: Constraints {
            min_capacity: constraints.min_capacity()?,
            max_capacity: constraints.max_capacity()?,
        },
        rules: platform.rules().iter().map(rule_seen).collect::<Option<_>>()?,
    };
    serde_json::to_string(&normal(policy)).ok()
}

fn rule_seen(rule: &sdk::ScalingRule) -> Option<Rule> {
    let action = rule.action()?;
    let simple = action.simple_scaling_policy_configuration()?;
    let alarm = rule.trigger()?.cloud_watch_alarm_definition()?;
    let words = |text: Option<&str>, otherwise: fn() -> String| text.map_or_else(otherwise, str::to_owned);
    Some(Rule {
        name: words(rule.name(), String::new),
        description: words(rule.description(), String::new),
        action: Action {
            market: action.market().map(|market| market.as_str().to_owned()),
            simple_scaling_policy_configuration: Adjustment {
                adjustment_type: words(simple.adjustment_type().map(sdk::AdjustmentType::as_str), change_in_capacity),
                scaling_adjustment: simple.scaling_adjustment()?,
                cool_down: simple.cool_down().unwrap_or_default(),
            },
        },
        trigger: Trigger {
            cloud_watch_alarm_definition: Alarm {
                comparison_operator: alarm.comparison_operator()?.as_str().to_owned(),
                evaluation_periods: alarm.evaluation_periods().unwrap_or(1),
                metric_name: words(alarm.metric_name(), String::new),
                namespace: words(alarm.namespace(), namespace),
                period: alarm.period()?,
                statistic: words(alarm.statistic().map(sdk::Statistic::as_str), average),
                threshold: alarm.threshold()?,
                unit: words(alarm.unit().map(sdk::Unit::as_str), String::new),
                dimensions: alarm.dimensions().iter().map(dimension_seen).collect(),
            },
        },
    })
}

fn dimension_seen(dimension: &sdk::MetricDimension) -> Dimension {
    let text = |text: Option<&str>| text.unwrap_or_default().to_owned();
    Dimension { key: text(dimension.key()), value: text(dimension.value()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    const POLICY: &str = r#"{"Constraints":{"MinCapacity":1,"MaxCapacity":4},"Rules":[{"Name":"out","Action":
        {"SimpleScalingPolicyConfiguration":{"ScalingAdjustment":1,"CoolDown":300}},"Trigger":
        {"CloudWatchAlarmDefinition":{"ComparisonOperator":"LESS_THAN","MetricName":"YARNMemoryAvailablePercentage",
        "Period":300,"Threshold":15.0}}}]}"#;

    #[test]
    fn what_emr_assumes_makes_no_difference() {
        let full = POLICY
            .replace("\"ScalingAdjustment\"", "\"AdjustmentType\":\"CHANGE_IN_CAPACITY\",\"ScalingAdjustment\"")
            .replace("\"Period\"", "\"EvaluationPeriods\":1,\"Namespace\":\"AWS/ElasticMapReduce\",\"Period\"")
            .replace(
                "15.0",
                r#"15,"Unit":"NONE","Statistic":"AVERAGE","Dimensions":[{"Key":"JobFlowId","Value":"j-1"}]"#,
            );
        assert!(same(POLICY, &full), "{full}");
        assert!(!same(POLICY, &full.replace("15,", "20,")));
    }

    #[test]
    fn what_emr_has_means_what_was_sent() {
        let sent = request(POLICY).unwrap();
        let platform = sdk::AutoScalingPolicyDescription::builder()
            .set_constraints(sent.constraints().cloned())
            .set_rules(Some(sent.rules().to_vec()))
            .build();
        assert!(same(POLICY, &text(Some(&platform)).unwrap()));
        assert_eq!(text(None), None);
    }
}
