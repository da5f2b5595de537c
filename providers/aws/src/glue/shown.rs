//! What Glue shows of an object beside what was written: it leaves out what is empty, or empties what was left out.

use std::collections::{BTreeMap, HashMap};

/// Keys and values.
pub(super) type Parameters = BTreeMap<String, String>;

/// A text. None and an empty one are the same; the state keeps the one that it has.
pub(super) fn text(current: Option<&String>, platform: Option<&str>) -> Option<String> {
    match platform {
        Some(text) if !text.is_empty() => Some(text.to_owned()),
        _ => current.filter(|text| text.is_empty()).cloned(),
    }
}

/// A number whose absence is zero.
pub(super) fn number(current: Option<i64>, platform: i32) -> Option<i64> {
    if platform == 0 { current.filter(|number| *number == 0) } else { Some(platform.into()) }
}

/// Keys and values. None and no entries are the same.
pub(super) fn map(current: Option<&Parameters>, platform: Option<&HashMap<String, String>>) -> Option<Parameters> {
    match platform {
        Some(map) if !map.is_empty() => Some(map.iter().map(|(key, value)| (key.clone(), value.clone())).collect()),
        _ => current.filter(|map| map.is_empty()).cloned(),
    }
}

/// A list of texts. None and an empty one are the same.
pub(super) fn list(current: Option<&Vec<String>>, platform: &[String]) -> Option<Vec<String>> {
    if platform.is_empty() { current.filter(|list| list.is_empty()).cloned() } else { Some(platform.to_vec()) }
}

/// A map as requests hold it.
pub(super) fn sent(map: Option<&Parameters>) -> Option<HashMap<String, String>> {
    map.map(|map| map.iter().map(|(key, value)| (key.clone(), value.clone())).collect())
}

/// A text as an update sends it: an empty one takes away what there was before.
pub(super) fn cleared(before: Option<&String>, after: Option<&String>) -> Option<String> {
    after.cloned().or_else(|| before.map(|_| String::new()))
}

/// A map as an update sends it: an empty one takes away what there was before.
pub(super) fn cleared_map(before: Option<&Parameters>, after: Option<&Parameters>) -> Option<HashMap<String, String>> {
    sent(after).or_else(|| before.map(|_| HashMap::new()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_and_what_is_empty_are_the_same() {
        let empty = String::new();
        assert_eq!(text(None, Some("")), None);
        assert_eq!(text(Some(&empty), None), Some(String::new()));
        assert_eq!(text(Some(&"a".to_owned()), None), None);
        assert_eq!(text(None, Some("b")), Some("b".to_owned()));
        assert_eq!(number(None, 0), None);
        assert_eq!(number(Some(0), 0), Some(0));
        assert_eq!(number(Some(3), 0), None);
        assert_eq!(map(None, Some(&HashMap::new())), None);
        assert_eq!(map(Some(&Parameters::new()), None), Some(Parameters::new()));
        assert_eq!(list(Some(&vec![]), &[]), Some(vec![]));
        assert_eq!(list(None, &["a".to_owned()]), Some(vec!["a".to_owned()]));
    }

    #[test]
    fn an_update_takes_away_what_is_no_longer_written() {
        let (before, none) = ("a".to_owned(), None);
        assert_eq!(cleared(Some(&before), none), Some(String::new()));
        assert_eq!(cleared(None, none), None);
        assert_eq!(cleared(None, Some(&before)), Some(before.clone()));
        assert_eq!(cleared_map(Some(&Parameters::new()), None), Some(HashMap::new()));
    }
}
