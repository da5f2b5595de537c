//! Amounts of money and of use: decimal texts that are compared as numbers. Budgets answers "100.0" where "100" was sent.

use mesh_provider::ProviderDiagnostic;
use mesh_value::{AttributePath, Number, Value};

/// Whether two texts are one number.
pub(super) fn same(one: &str, other: &str) -> bool {
    one == other || matches!((one.parse::<Number>(), other.parse::<Number>()), (Ok(one), Ok(other)) if one == other)
}

/// The text that the state keeps: its own, where the other is the same number.
pub(super) fn kept(own: Option<&String>, there: &str) -> String {
    own.filter(|own| same(own, there)).cloned().unwrap_or_else(|| there.to_owned())
}

/// A text that is no amount.
pub(super) fn problems(config: &Value, name: &str) -> Vec<ProviderDiagnostic> {
    let Some(text) = config.get(name).and_then(Value::as_str) else { return Vec::new() };
    let digits = |byte: u8| byte.is_ascii_digit() || byte == b'.';
    if text.bytes().all(digits) && text.parse::<Number>().is_ok() {
        return Vec::new();
    }
    let detail = format!("\"{text}\" is no amount: write it in digits, such as \"100\" or \"99.50\".");
    vec![ProviderDiagnostic::error("Invalid amount", detail).at(AttributePath::attr(name))]
}

#[cfg(test)]
mod tests {
    use mesh_value::from_plain_json;
    use serde_json::json;

    use super::*;

    #[test]
    fn amounts_are_numbers() {
        for (one, other) in [("100", "100.0"), ("100", "100"), ("0.50", ".5"), ("1000000", "1000000.00")] {
            assert!(same(one, other), "{one} {other}");
        }
        for (one, other) in [("100", "1000"), ("100", "100.01"), ("100", "")] {
            assert!(!same(one, other), "{one} {other}");
        }
        assert_eq!(kept(Some(&"100".to_owned()), "100.0"), "100");
        assert_eq!(kept(Some(&"100".to_owned()), "120.0"), "120.0");
    }

    #[test]
    fn what_is_no_amount_is_refused() {
        for text in ["", "ten", "1,000", "-5", "1e3", "5 USD", "1.2.3"] {
            let config = from_plain_json(&json!({ "amount": text })).unwrap();
            assert_eq!(problems(&config, "amount").len(), 1, "{text}");
        }
        for text in ["0", "100", "99.50"] {
            let config = from_plain_json(&json!({ "amount": text })).unwrap();
            assert_eq!(problems(&config, "amount"), Vec::new(), "{text}");
        }
    }
}
