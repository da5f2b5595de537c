//! What `replace` puts in a match's place: `$1`, `$name`, `${name}` and `$$`, as Go expands them.

use regex::Captures;

use super::Pattern;

/// Adds the replacement of a match. A group that there is not, or that took no part, is empty.
pub(in super::super) fn expand(pattern: &Pattern, found: &Captures<'_>, replacement: &str, out: &mut String) {
    let mut rest = replacement;
    while let Some((before, after)) = rest.split_once('$') {
        out.push_str(before);
        if let Some(after) = after.strip_prefix('$') {
            out.push('$');
            rest = after;
            continue;
        }
        match reference(after) {
            Some((name, after)) => {
                out.push_str(group(pattern, found, name));
                rest = after;
            }
            None => {
                out.push('$');
                rest = after;
            }
        }
    }
    out.push_str(rest);
}

/// The name that a text starts with, in braces or as long as it goes, and what follows.
fn reference(text: &str) -> Option<(&str, &str)> {
    let is_word = |letter: char| letter.is_alphanumeric() || letter == '_';
    let (name, after) = match text.strip_prefix('{') {
        Some(inside) => inside.split_once('}')?,
        None => text.split_at(text.find(|letter| !is_word(letter)).unwrap_or(text.len())),
    };
    (!name.is_empty() && name.chars().all(is_word)).then_some((name, after))
}

fn group<'t>(pattern: &Pattern, found: &Captures<'t>, name: &str) -> &'t str {
    let is_number = name.bytes().all(|byte| byte.is_ascii_digit()) && (name == "0" || !name.starts_with('0'));
    let index = if is_number {
        name.parse().ok()
    } else {
        pattern.names.iter().position(|group| group.as_deref() == Some(name)).map(|index| index + 1)
    };
    index.and_then(|index: usize| found.get(index)).map(|group| group.as_str()).unwrap_or_default()
}
