//! What can be seen to be wrong with a budget before it is refused.

use mesh_provider::ProviderDiagnostic;
use mesh_value::{AttributePath, Value};

use super::super::{amount, notification, period};
use crate::check;

const KINDS: &[&str] =
    &["COST", "USAGE", "RI_UTILIZATION", "RI_COVERAGE", "SAVINGS_PLANS_UTILIZATION", "SAVINGS_PLANS_COVERAGE"];

/// All that is wrong.
pub(super) fn problems(config: &Value) -> Vec<ProviderDiagnostic> {
    let mut problems = check::account_id(config, "account_id");
    problems.extend(check::exclusive(config, "name", "name_prefix"));
    problems.extend(name(config));
    problems.extend(check::one_of(config, "budget_type", KINDS));
    problems.extend(check::one_of(config, "time_unit", &["DAILY", "MONTHLY", "QUARTERLY", "ANNUALLY", "CUSTOM"]));
    problems.extend(amount::problems(config, "limit_amount"));
    problems.extend(period::problems(config, "time_period_start"));
    problems.extend(period::problems(config, "time_period_end"));
    problems.extend(check::inside(config, "planned_limit", |limit| {
        let mut problems = amount::problems(limit, "amount");
        problems.extend(period::problems(limit, "start_time"));
        problems
    }));
    problems.extend(check::inside(config, "auto_adjust_data", |data| {
        let mut problems = check::one_of(data, "auto_adjust_type", &["FORECAST", "HISTORICAL"]);
        problems.extend(check::inside(data, "historical_options", |history| {
            check::within(history, "budget_adjustment_period", 1, 60)
        }));
        problems
    }));
    problems.extend(check::inside(config, "notification", notification::problems));
    problems.extend(limit(config));
    problems
}

fn name(config: &Value) -> Option<ProviderDiagnostic> {
    let name = config.get("name").and_then(Value::as_str)?;
    let wrong =
        name.is_empty() || name.chars().count() > 100 || name.contains([':', '\\']) || name.contains("/action/");
    let detail = format!("\"{name}\" can't be a budget's name: 1 to 100 characters, without `:`, `\\` and `/action/`.");
    wrong.then(|| ProviderDiagnostic::error("Invalid name", detail).at(AttributePath::attr("name")))
}

fn is_written(config: &Value, name: &str) -> bool {
    let value = config.get(name);
    value.is_some_and(|value| !value.is_null() && !value.as_slice().is_some_and(<[Value]>::is_empty))
}

/// A budget has one limit, or ones that change, or one that AWS adjusts.
fn limit(config: &Value) -> Option<ProviderDiagnostic> {
    let written = |name: &str| is_written(config, name);
    let (fixed, planned, adjusted) = (written("limit_amount"), written("planned_limit"), written("auto_adjust_data"));
    let error = |summary: &str, detail: &str, name: &str| {
        Some(ProviderDiagnostic::error(summary, detail).at(AttributePath::attr(name)))
    };
    if planned && (fixed || written("limit_unit")) {
        let detail = "With limits that change, leave `limit_amount` and `limit_unit` out.";
        return error("Conflicting arguments", detail, "planned_limit");
    }
    if fixed && !written("limit_unit") {
        return error("Limit has no unit", "Say what the limit counts: `limit_unit`, such as \"USD\".", "limit_amount");
    }
    let kind = config.get("budget_type").and_then(Value::as_str);
    if !fixed && !planned && !adjusted && matches!(kind, Some("COST" | "USAGE")) {
        let detail = "A budget of costs or of use needs a limit: `limit_amount` and `limit_unit`, `planned_limit`, or \
             `auto_adjust_data`.";
        return error("Budget has no limit", detail, "budget_type");
    }
    None
}
