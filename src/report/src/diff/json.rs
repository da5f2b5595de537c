//! JSON documents in strings: read so that what changes in them can be shown.

use mesh_value::{Value, decode_json};

/// The object or array that a text is; `None` for any other text, and for empty ones, which read well as they are.
pub(super) fn parsed(text: &str) -> Option<Value> {
    let (start, end) = (text.trim_start(), text.trim_end());
    let is_document = (start.starts_with('{') && end.ends_with('}')) || (start.starts_with('[') && end.ends_with(']'));
    if !is_document {
        return None;
    }
    decode_json(text).ok().filter(|document| document.length().is_some_and(|length| length > 0))
}
