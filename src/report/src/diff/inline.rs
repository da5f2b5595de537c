//! Values that fit on a line.

use mesh_value::{Kind, Number, Refinements, Type, Value};

use crate::text::{counted, grouped, quoted};

/// Longer strings are cut.
const LONGEST_TEXT: usize = 240;
/// So much of what two long strings have in common is shown before they part.
const COMMON_TEXT: usize = 24;

/// The value on one line; `None` where it takes several.
pub(crate) fn inline(value: &Value) -> Option<String> {
    if value.marks().is_sensitive() {
        return Some("(sensitive value)".to_owned());
    }
    Some(match value.kind() {
        Kind::Null(_) => "null".to_owned(),
        Kind::Unknown(unknown) => unknown_text(&unknown.0, &unknown.1),
        Kind::Bool(value) => value.to_string(),
        Kind::Number(number) => number.to_string(),
        Kind::String(text) if is_single_line(text) => shortened(text),
        Kind::List(list) if list.1.is_empty() => "[]".to_owned(),
        Kind::Set(set) if set.1.is_empty() => "[]".to_owned(),
        Kind::Tuple(values) if values.is_empty() => "[]".to_owned(),
        Kind::Map(map) if map.1.is_empty() => "{}".to_owned(),
        Kind::Object(attributes) if attributes.is_empty() => "{}".to_owned(),
        Kind::String(_) | Kind::List(_) | Kind::Set(_) | Kind::Tuple(_) | Kind::Map(_) | Kind::Object(_) => {
            return None;
        }
    })
}

/// Both texts on one line each; of long ones, from a little before where they part.
pub(super) fn changed_text(before: &str, after: &str) -> (String, String) {
    if before.chars().count().max(after.chars().count()) <= LONGEST_TEXT {
        return (quoted(before), quoted(after));
    }
    let common = before.chars().zip(after.chars()).take_while(|(left, right)| left == right).count();
    let skipped = common.saturating_sub(COMMON_TEXT);
    (from(before, skipped), from(after, skipped))
}

fn from(text: &str, skipped: usize) -> String {
    let start = text.char_indices().nth(skipped).map_or(text.len(), |(start, _)| start);
    let rest = shortened(text.get(start..).unwrap_or_default());
    if skipped == 0 { rest } else { format!("({} equal characters) + {rest}", grouped(skipped)) }
}

fn shortened(text: &str) -> String {
    match text.char_indices().nth(LONGEST_TEXT) {
        Some((end, _)) => {
            let (shown, rest) = text.split_at(end);
            format!("{} + ({})", quoted(shown), counted(rest.chars().count(), "more character"))
        }
        None => quoted(text),
    }
}

/// Whether a string is written in quotes, not as a heredoc.
pub(super) fn is_single_line(text: &str) -> bool {
    !text.contains('\n') && super::json::Document::parse(text).is_none()
}

/// What is known of a value before it is: `"file:///data/" + (known after apply)`, `(known after apply, at least 1)`.
fn unknown_text(ty: &Type, refinements: &Refinements) -> String {
    let Refinements { string_prefix, number_min, number_max, length_min, length_max, .. } = refinements;
    if let (Type::String, Some(prefix)) = (ty, string_prefix)
        && !prefix.is_empty()
    {
        return format!("{} + (known after apply)", quoted(prefix));
    }
    let bounds = match ty {
        Type::Number => bounded(number_min.as_ref().map(Number::to_string), number_max.as_ref().map(Number::to_string)),
        Type::List(_) | Type::Set(_) | Type::Map(_) => {
            let bounds = bounded(
                length_min.filter(|min| *min > 0).map(|min| min.to_string()),
                length_max.map(|max| max.to_string()),
            );
            let noun = if bounds.as_deref().is_some_and(|bounds| bounds.split(' ').next_back() == Some("1")) {
                "element"
            } else {
                "elements"
            };
            bounds.map(|bounds| format!("{bounds} {noun}"))
        }
        Type::Any | Type::Bool | Type::String | Type::Object(_) | Type::Tuple(_) => None,
    };
    bounds.map_or_else(|| "(known after apply)".to_owned(), |bounds| format!("(known after apply, {bounds})"))
}

fn bounded(min: Option<String>, max: Option<String>) -> Option<String> {
    match (min, max) {
        (None, None) => None,
        (Some(min), None) => Some(format!("at least {min}")),
        (None, Some(max)) => Some(format!("at most {max}")),
        (Some(min), Some(max)) if min == max => Some(min),
        (Some(min), Some(max)) => Some(format!("{min} to {max}")),
    }
}
