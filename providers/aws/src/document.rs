//! JSON documents that are compared by what they mean: policies above all, which AWS hands back written otherwise.

use mesh_provider::{Draft, ProviderDiagnostic};
use mesh_value::{AttributePath, Value};
use serde_json::{Map, Value as Json};

/// Whether two texts hold the same JSON: layout and the order of keys make no difference.
pub(crate) fn same_json(left: &str, right: &str) -> bool {
    left == right || matches!((parse(left), parse(right)), (Some(left), Some(right)) if left == right)
}

/// Whether two policy documents allow and deny the same: the order of statements, of actions and of resources makes no
/// difference, nor does a single value for a list of one.
pub(crate) fn same_policy(left: &str, right: &str) -> bool {
    let normal = |text: &str| parse(text).map(normal_policy);
    left == right || matches!((normal(left), normal(right)), (Some(left), Some(right)) if left == right)
}

/// The text that the state keeps: the one it has, where the platform's means the same.
pub(crate) fn kept(current: Option<&str>, platform: String, same: fn(&str, &str) -> bool) -> String {
    current.filter(|current| same(current, &platform)).map_or(platform, str::to_owned)
}

/// Plans a configured document as it is where what is written means the same.
pub(crate) fn keep(draft: &mut Draft<'_>, name: &str, same: fn(&str, &str) -> bool) {
    let prior: Option<String> = draft.prior_as(name);
    let planned: Option<String> = draft.planned_as(name);
    if prior.zip(planned).is_some_and(|(prior, planned)| prior != planned && same(&prior, &planned)) {
        draft.keep(name);
    }
}

/// A configured document that is no JSON object.
pub(crate) fn invalid(config: &Value, name: &str) -> Option<ProviderDiagnostic> {
    let text = config.get(name).and_then(Value::as_str)?;
    let why = match serde_json::from_str::<Json>(text) {
        Ok(Json::Object(_)) => return None,
        Ok(_) => "it is JSON, but no object".to_owned(),
        Err(error) => error.to_string(),
    };
    let detail =
        format!("`{name}` must be a JSON document: {why}. Write it with `jsonencode` or as a policy document.");
    Some(ProviderDiagnostic::error("Invalid JSON", detail).at(AttributePath::attr(name)))
}

fn parse(text: &str) -> Option<Json> {
    serde_json::from_str(text).ok()
}

fn normal_policy(document: Json) -> Json {
    let Json::Object(mut document) = document else { return document };
    document.entry("Version").or_insert_with(|| Json::from("2008-10-17"));
    if let Some(statements) = document.remove("Statement") {
        let mut statements: Vec<Json> = list(statements).into_iter().map(normal_statement).collect();
        statements.sort_by_cached_key(ToString::to_string);
        document.insert("Statement".to_owned(), Json::Array(statements));
    }
    Json::Object(document)
}

fn normal_statement(statement: Json) -> Json {
    let Json::Object(statement) = statement else { return statement };
    let normal = statement.into_iter().map(|(name, value)| {
        let value = match name.as_str() {
            "Action" | "NotAction" => texts(value, |action| action.to_ascii_lowercase()),
            "Resource" | "NotResource" => texts(value, |resource| resource),
            "Principal" | "NotPrincipal" => normal_principal(value),
            "Condition" => normal_condition(value),
            _ => value,
        };
        (name, value)
    });
    // An empty statement id is none.
    Json::Object(normal.filter(|(name, value)| name != "Sid" || value != "").collect())
}

fn normal_principal(principal: Json) -> Json {
    match principal {
        Json::Object(kinds) => {
            let kinds = kinds.into_iter().map(|(kind, who)| {
                let who = if kind == "AWS" { texts(who, account_root) } else { texts(who, |who| who) };
                (kind, who)
            });
            Json::Object(kinds.collect())
        }
        everybody => Json::Object(Map::from_iter([("AWS".to_owned(), texts(everybody, account_root))])),
    }
}

/// An account's id stands for its root user's ARN.
fn account_root(who: String) -> String {
    let id = who.strip_prefix("arn:aws:iam::").and_then(|rest| rest.strip_suffix(":root")).unwrap_or(&who);
    if id.len() == 12 && id.bytes().all(|byte| byte.is_ascii_digit()) { id.to_owned() } else { who }
}

fn normal_condition(condition: Json) -> Json {
    let Json::Object(operators) = condition else { return condition };
    let operators = operators.into_iter().map(|(operator, keys)| {
        let keys = match keys {
            Json::Object(keys) => Json::Object(
                keys.into_iter().map(|(key, values)| (key.to_ascii_lowercase(), texts(values, |v| v))).collect(),
            ),
            other => other,
        };
        (operator, keys)
    });
    Json::Object(operators.collect())
}

fn list(value: Json) -> Vec<Json> {
    if let Json::Array(items) = value { items } else { vec![value] }
}

/// A value or a list of values as a sorted list of texts without repetitions.
fn texts(value: Json, normal: impl Fn(String) -> String) -> Json {
    let text = |item: Json| normal(if let Json::String(text) = item { text } else { item.to_string() });
    let mut texts: Vec<String> = list(value).into_iter().map(text).collect();
    texts.sort();
    texts.dedup();
    texts.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALLOW: &str = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["s3:GetObject","s3:List*"],
        "Resource":"arn:aws:s3:::a/*","Principal":{"AWS":"arn:aws:iam::123456789012:root"},
        "Condition":{"Bool":{"aws:SecureTransport":"true"}}}]}"#;

    #[test]
    fn what_means_the_same_is_the_same() {
        let same =
            [r#"{"Statement":{"Resource":["arn:aws:s3:::a/*"],"Action":["s3:List*","s3:getobject"],"Effect":"Allow",
                "Principal":{"AWS":["123456789012"]},"Condition":{"Bool":{"aws:securetransport":true}}},
                "Version":"2012-10-17"}"#];
        for text in same {
            assert!(same_policy(ALLOW, text), "{text}");
            assert!(!same_json(ALLOW, text), "{text}");
        }
    }

    #[test]
    fn what_allows_something_else_is_not() {
        for (from, to) in [("Allow", "Deny"), ("a/*", "A/*"), ("List*", "Put*"), ("true", "false"), ("2012", "2008")] {
            assert!(!same_policy(ALLOW, &ALLOW.replace(from, to)), "{from} -> {to}");
        }
        assert!(!same_policy(ALLOW, "{"));
    }

    #[test]
    fn the_order_of_statements_makes_no_difference() {
        let (a, b) = (r#"{"Effect":"Allow","Action":"a:b"}"#, r#"{"Effect":"Deny","Action":"c:d"}"#);
        let document = |first: &str, second: &str| format!(r#"{{"Statement":[{first},{second}]}}"#);
        assert!(same_policy(&document(a, b), &document(b, a)));
    }
}
