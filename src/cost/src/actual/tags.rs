//! Finds a tag among those of a line, however the bill writes its key.

use std::collections::BTreeMap;

/// Whether the key of a bill is a tag's. AWS puts `user:` in front of tags that users set, and its second report writes
/// that `user_` and other signs of the key as `_`.
pub(super) fn is_key(in_bill: &str, tag: &str) -> bool {
    let bare = in_bill.strip_prefix("user:").or_else(|| in_bill.strip_prefix("user_")).unwrap_or(in_bill);
    in_bill == tag || bare == tag || bare == underscored(tag)
}

/// The key as users set it, for messages; `None` for those that AWS sets.
pub(super) fn shown(in_bill: &str) -> Option<&str> {
    if in_bill.starts_with("aws:") || in_bill.starts_with("aws_") {
        return None;
    }
    Some(in_bill.strip_prefix("user:").or_else(|| in_bill.strip_prefix("user_")).unwrap_or(in_bill))
}

/// All tags of a map in a field: a JSON object of texts. `None` where it is none.
pub(super) fn of_map(field: &str) -> Option<BTreeMap<String, String>> {
    let field = field.trim();
    if field.is_empty() || field.eq_ignore_ascii_case("null") {
        return Some(BTreeMap::new());
    }
    let map: BTreeMap<String, serde_json::Value> = serde_json::from_str(field).ok()?;
    let text = |value: serde_json::Value| match value {
        serde_json::Value::String(text) => text,
        serde_json::Value::Null => String::new(),
        other => other.to_string(),
    };
    Some(map.into_iter().map(|(key, value)| (key, text(value))).collect())
}

fn underscored(tag: &str) -> String {
    tag.chars().map(|letter| if letter.is_ascii_alphanumeric() { letter.to_ascii_lowercase() } else { '_' }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_found_as_bills_write_them() {
        for key in ["product", "user:product", "user_product"] {
            assert!(is_key(key, "product"), "{key}");
        }
        assert!(is_key("user_data_product", "data-product"));
        assert!(is_key("user_data_product", "Data:Product"));
        assert!(!is_key("aws:product", "product"));
        assert!(!is_key("user:products", "product"));
    }
}
