//! What changes in a text file, as `diff -u` writes it, so that `patch` reads it.

use anstyle::{AnsiColor, Effects, Style as Ansi};
use mesh_diagnostics::render::Style;
use similar::TextDiff;

/// The lines of `before` and `after` that differ, with three lines around them; empty where none do. The files are
/// called `old/NAME` and `new/NAME`.
#[must_use]
pub fn unified(name: &str, before: &str, after: &str, style: Style) -> String {
    let diff = TextDiff::from_lines(before, after);
    let text = diff.unified_diff().header(&format!("old/{name}"), &format!("new/{name}")).to_string();
    if !style.color {
        return text;
    }
    let mut in_header = true;
    let mut painted = String::with_capacity(text.len());
    for line in text.split_inclusive('\n') {
        in_header &= !line.starts_with("@@");
        let (content, end) = line.split_at(line.trim_end_matches(['\r', '\n']).len());
        painted.push_str(&match tone(content, in_header) {
            Some(tone) => format!("{tone}{content}{tone:#}"),
            None => content.to_owned(),
        });
        painted.push_str(end);
    }
    painted
}

fn tone(line: &str, in_header: bool) -> Option<Ansi> {
    match line.as_bytes().first()? {
        _ if in_header => Some(Ansi::new().effects(Effects::BOLD)),
        b'@' => Some(AnsiColor::Cyan.on_default()),
        b'-' => Some(AnsiColor::Red.on_default()),
        b'+' => Some(AnsiColor::Green.on_default()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(before: &str, after: &str, color: bool) -> String {
        unified("a.tf", before, after, Style { color, width: 80 })
    }

    #[test]
    fn lines_that_differ_stand_among_three_others() {
        let before = "1\n2\n3\n4\n5=\n6";
        let expected =
            "--- old/a.tf\n+++ new/a.tf\n@@ -2,5 +2,5 @@\n 2\n 3\n 4\n-5=\n+5 =\n 6\n\\ No newline at end of file\n";
        assert_eq!(shown(before, "1\n2\n3\n4\n5 =\n6", false), expected);
        assert_eq!(shown(before, before, true), "");
    }

    #[test]
    fn a_line_of_dashes_is_no_header() {
        let painted = shown("--- x\n", "+++ x\n", true);
        assert!(painted.contains("\u{1b}[31m---- x\u{1b}[0m\n\u{1b}[32m++++ x\u{1b}[0m\n"), "{painted:?}");
    }
}
