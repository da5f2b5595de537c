//! What Glue would refuse about a trigger.

use mesh_provider::ProviderDiagnostic;
use mesh_value::{AttributePath, PathStep, Value};

use super::super::{step, word};
use crate::check;

const STATES: &[&str] = &["SUCCEEDED", "STOPPED", "TIMEOUT", "FAILED"];
const CRAWL_STATES: &[&str] = &["RUNNING", "CANCELLING", "CANCELLED", "SUCCEEDED", "FAILED", "ERROR"];

/// All that is wrong with a trigger's configuration.
pub(super) fn problems(config: &Value) -> Vec<ProviderDiagnostic> {
    let mut problems = check::one_of(config, "type", &["CONDITIONAL", "EVENT", "ON_DEMAND", "SCHEDULED"]);
    let ty = config.get("type").and_then(Value::as_str).unwrap_or_default();
    let missing = |name: &str| config.get(name).is_none_or(Value::is_null);
    let mut needs = |name: &str, why: &str| {
        if missing(name) {
            let detail = format!("A {ty} trigger needs `{name}`, {why}.");
            problems.push(ProviderDiagnostic::error("Argument is missing", detail).at(AttributePath::attr(name)));
        }
    };
    match ty {
        "SCHEDULED" => needs("schedule", "such as \"cron(15 12 * * ? *)\""),
        "CONDITIONAL" => needs("predicate", "which says what it waits for"),
        "EVENT" => needs("workflow_name", "because events only start workflows"),
        _ => {}
    }
    let enabled = config.get("enabled").and_then(Value::as_bool);
    if matches!(ty, "ON_DEMAND" | "EVENT") && enabled == Some(false) {
        let detail = format!(
            "Only SCHEDULED and CONDITIONAL triggers can be switched off: one of type {ty} does nothing by itself. Leave \
             `enabled` out."
        );
        let problem = ProviderDiagnostic::error("Trigger can't be disabled", detail);
        problems.push(problem.at(AttributePath::attr("enabled")));
    }
    let actions = AttributePath::attr("actions");
    for (index, action) in elements(config, "actions") {
        problems.extend(one_target(action, &actions.join(PathStep::Index(index))));
    }
    if let Some(predicate) = config.get("predicate").filter(|predicate| !predicate.is_null()) {
        let at = AttributePath::attr("predicate");
        problems.extend(word(predicate, &at, "logical", &["AND", "ANY"]));
        for (index, condition) in elements(predicate, "conditions") {
            let at = at.join(step("conditions")).join(PathStep::Index(index));
            problems.extend(one_target(condition, &at));
            problems.extend(word(condition, &at, "state", STATES));
            problems.extend(word(condition, &at, "crawl_state", CRAWL_STATES));
            problems.extend(word(condition, &at, "logical_operator", &["EQUALS"]));
            problems.extend(unmatched(condition, &at));
        }
    }
    problems
}

fn elements<'v>(block: &'v Value, name: &str) -> impl Iterator<Item = (usize, &'v Value)> {
    block.get(name).and_then(Value::as_slice).unwrap_or_default().iter().enumerate()
}

fn is_written(block: &Value, name: &str) -> bool {
    block.get(name).is_some_and(|value| !value.is_null())
}

/// A job or a crawler, and not both.
fn one_target(block: &Value, at: &AttributePath) -> Option<ProviderDiagnostic> {
    if is_written(block, "job_name") != is_written(block, "crawler_name") {
        return None;
    }
    let detail = "It is about either a job or a crawler: write one of `job_name` and `crawler_name`.";
    Some(ProviderDiagnostic::error("Job or crawler", detail).at(at.clone()))
}

/// A job has a `state`, a crawler a `crawl_state`.
fn unmatched(condition: &Value, at: &AttributePath) -> Option<ProviderDiagnostic> {
    let pairs = [("job_name", "state"), ("crawler_name", "crawl_state")];
    let (name, state) =
        pairs.into_iter().find(|(name, state)| is_written(condition, name) && !is_written(condition, state))?;
    let detail = format!("A condition with `{name}` needs `{state}`: what must have become of it.");
    Some(ProviderDiagnostic::error("Argument is missing", detail).at(at.join(step(state))))
}
