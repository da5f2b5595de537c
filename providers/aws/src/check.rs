//! What can be seen to be wrong in a configuration before a service refuses it.

use mesh_provider::{Attribute as _, ProviderDiagnostic};
use mesh_value::{AttributePath, PathStep, Value};

/// A text that is none of the allowed words.
pub(crate) fn one_of(config: &Value, name: &str, allowed: &[&str]) -> Vec<ProviderDiagnostic> {
    let text = config.get(name).and_then(Value::as_str).filter(|text| !allowed.contains(text));
    let Some(text) = text else { return Vec::new() };
    let words: Vec<_> = allowed.iter().map(|word| format!("\"{word}\"")).collect();
    let detail = format!("`{name}` is \"{text}\"; it can be {}.", words.join(", "));
    vec![ProviderDiagnostic::error("Invalid value", detail).at(AttributePath::attr(name))]
}

/// A number out of its range.
pub(crate) fn within(config: &Value, name: &str, lowest: i64, highest: i64) -> Vec<ProviderDiagnostic> {
    let number = config.get(name).and_then(whole).filter(|number| !(lowest..=highest).contains(number));
    let Some(number) = number else { return Vec::new() };
    let detail = format!("`{name}` is {number}; it can be from {lowest} to {highest}.");
    vec![ProviderDiagnostic::error("Invalid value", detail).at(AttributePath::attr(name))]
}

/// A whole number that is known.
pub(crate) fn whole(value: &Value) -> Option<i64> {
    if value.is_null() || !value.is_known() { None } else { i64::decode(value).ok() }
}

/// Two arguments of which only one may be written.
pub(crate) fn exclusive(config: &Value, one: &str, other: &str) -> Vec<ProviderDiagnostic> {
    let written = |name: &str| config.get(name).is_some_and(|value| value.is_known() && !value.is_null());
    if !(written(one) && written(other)) {
        return Vec::new();
    }
    let detail = format!("`{one}` and `{other}` exclude each other: leave one of them out.");
    vec![ProviderDiagnostic::error("Conflicting arguments", detail).at(AttributePath::attr(other))]
}

/// The problems that `check` finds in the nested blocks of a name, each at its place. Blocks that are known after apply
/// have none yet.
pub(crate) fn inside(
    object: &Value,
    name: &str,
    mut check: impl FnMut(&Value) -> Vec<ProviderDiagnostic>,
) -> Vec<ProviderDiagnostic> {
    let at = AttributePath::attr(name);
    let Some(blocks) = object.get(name).filter(|blocks| blocks.is_known() && !blocks.is_null()) else {
        return Vec::new();
    };
    let Some(blocks) = blocks.as_slice() else { return moved(check(blocks), &at) };
    let each = blocks.iter().enumerate();
    each.flat_map(|(index, block)| moved(check(block), &at.join(PathStep::Index(index)))).collect()
}

/// Problems of a block that is at `at`.
fn moved(problems: Vec<ProviderDiagnostic>, at: &AttributePath) -> Vec<ProviderDiagnostic> {
    let moved = |problem: ProviderDiagnostic| {
        let path = problem.path.steps().iter().cloned().fold(at.clone(), |path, step| path.join(step));
        problem.at(path)
    };
    problems.into_iter().map(moved).collect()
}

/// Texts in a list or set that are none of the allowed words.
pub(crate) fn each_one_of(config: &Value, name: &str, allowed: &[&str]) -> Vec<ProviderDiagnostic> {
    let elements = config.get(name).and_then(Value::as_slice).unwrap_or_default();
    let words: Vec<_> = allowed.iter().map(|word| format!("\"{word}\"")).collect();
    let wrong = elements.iter().filter_map(Value::as_str).filter(|text| !allowed.contains(text));
    let problem = |text| {
        let detail = format!("`{name}` holds \"{text}\"; it can hold {}.", words.join(", "));
        ProviderDiagnostic::error("Invalid value", detail).at(AttributePath::attr(name))
    };
    wrong.map(problem).collect()
}

/// An account's id that has not twelve digits.
pub(crate) fn account_id(config: &Value, name: &str) -> Vec<ProviderDiagnostic> {
    let id = config.get(name).and_then(Value::as_str);
    let Some(id) = id.filter(|id| id.len() != 12 || !id.bytes().all(|byte| byte.is_ascii_digit())) else {
        return Vec::new();
    };
    let detail = format!("`{name}` is \"{id}\"; the id of an account has 12 digits.");
    vec![ProviderDiagnostic::error("Invalid account id", detail).at(AttributePath::attr(name))]
}
