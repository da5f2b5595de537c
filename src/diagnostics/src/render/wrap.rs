//! Wraps prose to a number of columns and leaves what is already laid out alone.

use unicode_width::UnicodeWidthStr;

/// Code between backticks is kept on one line up to this many columns.
const LONGEST_CODE: usize = 40;

/// Breaks one line into lines of at most `room` columns. A line that fits stays as it is; the pieces of a longer one keep
/// its indentation, below a list's bullet that of its text. A word that is too long alone stays whole.
#[must_use]
pub fn wrap(line: &str, room: usize) -> Vec<String> {
    let line = line.trim_end();
    if line.width() <= room {
        return vec![line.to_owned()];
    }
    let text = line.trim_start();
    let (bullet, text) =
        ["- ", "* "].into_iter().find_map(|bullet| Some((bullet, text.strip_prefix(bullet)?))).unwrap_or(("", text));
    let first = format!("{}{bullet}", " ".repeat((line.width() - line.trim_start().width()).min(room / 2)));
    let indent = " ".repeat(first.width());

    let mut wrapped = Vec::new();
    let mut current = first;
    let mut empty = true;
    for word in words(text) {
        if !empty && current.width() + 1 + word.width() > room {
            wrapped.push(std::mem::replace(&mut current, indent.clone()));
            empty = true;
        }
        if !empty {
            current.push(' ');
        }
        current.push_str(&word);
        empty = false;
    }
    wrapped.push(current);
    wrapped
}

/// The pieces that are not broken: words, and short code between backticks with its spaces.
fn words(text: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    for word in text.split_whitespace() {
        match words.last_mut() {
            Some(last) if in_code(last) && last.width() + 1 + word.width() <= LONGEST_CODE => {
                last.push(' ');
                last.push_str(word);
            }
            _ => words.push(word.to_owned()),
        }
    }
    words
}

fn in_code(word: &str) -> bool {
    word.matches('`').count() % 2 == 1
}

#[cfg(test)]
mod tests {
    use super::wrap;

    #[test]
    fn prose_wraps_and_layout_stays() {
        assert_eq!(wrap("a  b", 20), ["a  b"]);
        assert_eq!(wrap("one two three", 7), ["one two", "three"]);
        assert_eq!(wrap("  - one two three", 12), ["  - one two", "    three"]);
        assert_eq!(wrap("run `mesh plan` now", 12), ["run", "`mesh plan`", "now"]);
        assert_eq!(wrap("see /a/very/long/path now", 8), ["see", "/a/very/long/path", "now"]);
        assert_eq!(wrap("データ メッシュ", 8), ["データ", "メッシュ"]);
        assert_eq!(wrap("", 8), [""]);
    }
}
