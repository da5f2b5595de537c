//! Texts and numbers as reports write them: quoted, counted, shortened, and harmless to terminals.

use mesh_diagnostics::render::escape;
use unicode_width::UnicodeWidthStr;

/// How many columns a text without control characters takes. Most texts are ASCII, whose width needs no tables.
pub(crate) fn width(text: &str) -> usize {
    if text.is_ascii() { text.len() } else { text.width() }
}

/// A text in quotes on one line, control and other deceiving characters in HCL's escapes. `${` and `%{` stay as they
/// are, as the field's tools print them.
pub(crate) fn quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for character in text.chars() {
        match character {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            _ => escape::character(character, &mut out),
        }
    }
    out.push('"');
    out
}

/// One line of a text of several lines: tabs stay, a carriage return and what deceives is escaped.
pub(crate) fn heredoc_line(line: &str) -> String {
    let mut out = String::with_capacity(line.len());
    for character in line.chars() {
        match character {
            '\t' => out.push('\t'),
            '\r' => out.push_str("\\r"),
            _ => escape::character(character, &mut out),
        }
    }
    out
}

/// A word that ends a heredoc of these lines: no line is equal to it.
pub(crate) fn heredoc_end<'a>(lines: impl Iterator<Item = &'a str> + Clone) -> String {
    let mut end = "EOT".to_owned();
    while lines.clone().any(|line| line.trim() == end) {
        end.push('_');
    }
    end
}

/// An object's attribute name: bare where HCL takes it so.
pub(crate) fn attribute_name(name: &str) -> String {
    let mut characters = name.chars();
    let is_identifier = characters.next().is_some_and(|first| first.is_alphabetic() || first == '_')
        && characters.all(|character| character.is_alphanumeric() || matches!(character, '_' | '-'));
    if is_identifier { name.to_owned() } else { quoted(name) }
}

/// `1 element`, `2 elements`, `12,345 elements`.
pub(crate) fn counted(count: usize, noun: &str) -> String {
    let plural = if count == 1 { "" } else { "s" };
    format!("{} {noun}{plural}", grouped(count))
}

/// A count with commas between thousands.
pub(crate) fn grouped(count: usize) -> String {
    let digits = count.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// `a`, `a and b`, `a, b and c`; after `most` of them "and 12 more".
pub(crate) fn listed(items: &[String], most: usize) -> String {
    if let Some((shown, hidden)) = items.split_at_checked(most)
        && !hidden.is_empty()
    {
        return format!("{} and {} more", shown.join(", "), grouped(hidden.len()));
    }
    match items {
        [] => String::new(),
        [only] => only.clone(),
        [rest @ .., last] => format!("{} and {last}", rest.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::{grouped, heredoc_end, listed, quoted, width};

    #[test]
    fn texts_are_harmless() {
        assert_eq!(quoted("a\"\\\n\t\u{1b}[0m\u{202e}é"), r#""a\"\\\n\t\u001b[0m\u202eé""#);
        assert_eq!(heredoc_end("a\n  EOT\nEOT_".lines()), "EOT__");
    }

    #[test]
    fn widths_are_those_of_a_terminal() {
        assert_eq!(["", "a = 1", "é", "大"].map(width), [0, 5, 1, 2]);
    }

    #[test]
    fn counts_and_lists_read_well() {
        assert_eq!([0, 999, 1_000, 1_234_567].map(grouped), ["0", "999", "1,000", "1,234,567"]);
        let items = ["a", "b", "c"].map(str::to_owned);
        assert_eq!(listed(&items, 3), "a, b and c");
        assert_eq!(listed(&items, 1), "a and 2 more");
        assert_eq!(listed(&items[..1], 3), "a");
    }
}
