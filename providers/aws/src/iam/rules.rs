//! What IAM would refuse in names, paths and documents, seen before it is asked.

use mesh_provider::ProviderDiagnostic;
use mesh_value::{AttributePath, Value};

use crate::{check, document};

/// What a made name has after its prefix.
const MADE: usize = 20;

/// The name, its prefix and its path, where the type has them. A name may have `longest` characters.
pub(super) fn names(config: &Value, longest: usize) -> Vec<ProviderDiagnostic> {
    let mut problems = check::exclusive(config, "name", "name_prefix");
    for (attribute, longest) in [("name", longest), ("name_prefix", longest.saturating_sub(MADE))] {
        if let Some(why) = text(config, attribute).and_then(|name| wrong_name(name, longest)) {
            let detail = format!("`{attribute}` {why}.");
            problems.push(ProviderDiagnostic::error("Invalid name", detail).at(AttributePath::attr(attribute)));
        }
    }
    if let Some(path) = text(config, "path").filter(|path| !is_path(path)) {
        let detail = format!(
            "The path \"{path}\" must begin and end with `/`, such as `/` or `/data/orders/`, and have at most 512 \
             printable ASCII characters."
        );
        problems.push(ProviderDiagnostic::error("Invalid path", detail).at(AttributePath::attr("path")));
    }
    problems
}

/// The name of a role that an argument holds.
pub(super) fn role(config: &Value) -> Vec<ProviderDiagnostic> {
    let Some(role) = text(config, "role") else { return Vec::new() };
    let detail = match role.rsplit_once('/') {
        Some((_, name)) if role.starts_with("arn:") => {
            format!("`role` is a role's ARN, and must be its name alone: `{name}`.")
        }
        _ => match wrong_name(role, 64) {
            Some(why) => format!("`role` {why}. It is the role's name, without its path."),
            None => return Vec::new(),
        },
    };
    vec![ProviderDiagnostic::error("Invalid role name", detail).at(AttributePath::attr("role"))]
}

/// A policy document that is none, or that has more than `longest` characters; white space doesn't count.
pub(super) fn document(config: &Value, name: &str, longest: usize) -> Vec<ProviderDiagnostic> {
    if let Some(problem) = document::invalid(config, name) {
        return vec![problem];
    }
    let length = text(config, name).map_or(0, |text| text.chars().filter(|c| !c.is_whitespace()).count());
    if length <= longest {
        return Vec::new();
    }
    let detail = format!(
        "`{name}` has {length} characters besides white space; IAM takes {longest} at most. Use wildcards, or divide it \
         into several policies."
    );
    vec![ProviderDiagnostic::error("Policy document is too long", detail).at(AttributePath::attr(name))]
}

fn text<'v>(config: &'v Value, name: &str) -> Option<&'v str> {
    config.get(name).and_then(Value::as_str)
}

fn wrong_name(name: &str, longest: usize) -> Option<String> {
    let length = name.chars().count();
    if name.is_empty() || length > longest {
        return Some(format!("has {length} characters; it may have 1 to {longest}"));
    }
    let bad = name.chars().find(|c| !(c.is_ascii_alphanumeric() || "+=,.@_-".contains(*c)))?;
    Some(format!("is \"{name}\", which holds \"{bad}\"; it may have letters, digits and any of `+=,.@_-`"))
}

fn is_path(path: &str) -> bool {
    let printable = path.bytes().all(|byte| byte.is_ascii_graphic());
    printable && path.len() <= 512 && path.starts_with('/') && path.ends_with('/')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn config(attributes: &[(&str, &str)]) -> Value {
        Value::object(attributes.iter().map(|(name, text)| (*name, Value::string(*text))))
    }

    #[test]
    fn names_and_paths_are_held_to_the_rules() {
        let long = "r".repeat(65);
        let cases: [(&[(&str, &str)], usize); 7] = [
            (&[("name", "orders-reader+v1@eu"), ("path", "/data/")], 0),
            (&[("name", &long), ("path", "data/")], 2),
            (&[("name", "a b")], 1),
            (&[("name", "")], 1),
            (&[("name", "a"), ("name_prefix", "b")], 1),
            (&[("name_prefix", &long[..45])], 1),
            (&[("path", "/")], 0),
        ];
        for (attributes, problems) in cases {
            assert_eq!(names(&config(attributes), 64).len(), problems, "{attributes:?}");
        }
    }

    #[test]
    fn a_role_is_called_by_its_name() {
        assert!(role(&config(&[("role", "reader")])).is_empty());
        let problems = role(&config(&[("role", "arn:aws:iam::123456789012:role/data/reader")]));
        assert!(problems[0].detail.ends_with("alone: `reader`."), "{}", problems[0].detail);
    }

    #[test]
    fn white_space_makes_no_document_too_long() {
        let spaced = format!("{{{}}}", " ".repeat(50));
        assert!(document(&config(&[("policy", &spaced)]), "policy", 10).is_empty());
        let long = format!(r#"{{"Id":"{}"}}"#, "x".repeat(50));
        assert_eq!(document(&config(&[("policy", &long)]), "policy", 10).len(), 1);
    }
}
