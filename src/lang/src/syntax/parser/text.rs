//! The text that stands between quotes or in a template, escapes resolved.

use std::borrow::Cow;

use mesh_diagnostics::{Diagnostic, Span};

use super::Parser;

impl<'s> Parser<'s> {
    /// The meaning of text in a string: backslash escapes, `$${` and `%%{` resolved. A wrong escape is reported, and
    /// stands for itself.
    pub(super) fn string_text(&mut self, span: Span) -> Cow<'s, str> {
        let raw = self.text(span);
        if raw.contains('\n') {
            self.report_multi_line(span);
        }
        if !raw.bytes().any(|byte| matches!(byte, b'\\' | b'$' | b'%')) {
            return Cow::Borrowed(raw);
        }
        let mut text = String::with_capacity(raw.len());
        let mut rest = raw;
        while let Some(at) = rest.find(['\\', '$', '%']) {
            text.push_str(&rest[..at]);
            rest = &rest[at..];
            let taken = if rest.starts_with('\\') {
                self.escape(rest, span.end - rest.len() as u32, span, &mut text)
            } else {
                doubled(rest, &mut text)
            };
            rest = &rest[taken..];
        }
        text.push_str(rest);
        Cow::Owned(text)
    }

    /// Resolves the escape at the start of `rest`, which is at `offset`; returns how many bytes it takes.
    fn escape(&mut self, rest: &str, offset: u32, span: Span, text: &mut String) -> usize {
        let Some(character) = rest[1..].chars().next() else {
            text.push('\\');
            return 1;
        };
        let digits = match character {
            'n' => return push(text, '\n'),
            'r' => return push(text, '\r'),
            't' => return push(text, '\t'),
            '"' => return push(text, '"'),
            '\\' => return push(text, '\\'),
            'u' => 4,
            'U' => 8,
            _ => {
                let taken = 1 + character.len_utf8();
                let at = Span { start: offset, end: offset + taken as u32, ..span };
                self.report_unknown_escape(&rest[..taken], at, span);
                text.push_str(&rest[..taken]);
                return taken;
            }
        };
        let found = rest[2..].bytes().take(digits).take_while(u8::is_ascii_hexdigit).count();
        let decoded = u32::from_str_radix(&rest[2..2 + found], 16).ok().and_then(char::from_u32);
        match decoded {
            Some(decoded) if found == digits => text.push(decoded),
            _ => {
                let at = Span { start: offset, end: offset + 2 + found as u32, ..span };
                self.report_unicode_escape(&rest[..2 + found], digits, found, at, span);
                text.push(char::REPLACEMENT_CHARACTER);
            }
        }
        2 + found
    }

    fn report_unknown_escape(&mut self, escape: &str, at: Span, context: Span) {
        let problem = Diagnostic::error(
            "unknown-escape",
            "Unknown escape sequence",
            format!("`{escape}` has no meaning in a string; there are `\\n`, `\\r`, `\\t`, `\\\"`, `\\\\`, `\\uXXXX` and `\\UXXXXXXXX`."),
        )
        .at(at)
        .within(context);
        self.report(match escape {
            "\\$" => problem.hint("Write `$${` for a literal `${`; a `$` alone needs no escape."),
            "\\%" => problem.hint("Write `%%{` for a literal `%{`; a `%` alone needs no escape."),
            "\\'" => problem.hint("A single quote needs no escape."),
            _ => problem.hint(format!(
                "Write `\\{escape}` for a literal backslash, as in regular expressions and Windows paths."
            )),
        });
    }

    fn report_unicode_escape(&mut self, escape: &str, digits: usize, found: usize, at: Span, context: Span) {
        let detail = if found < digits {
            format!("`{}` is followed by {digits} hexadecimal digits, but here are {found}.", &escape[..2])
        } else {
            format!("`{escape}` is not the number of a Unicode character.")
        };
        let problem =
            Diagnostic::error("invalid-unicode-escape", "Invalid Unicode escape", detail).at(at).within(context);
        self.report(if digits == 4 {
            problem.hint("Characters beyond U+FFFF are written with eight digits: `\\U0001F600`.")
        } else {
            problem.hint("The largest is `\\U0010FFFF`.")
        });
    }

    fn report_multi_line(&mut self, span: Span) {
        let quote = Span { start: span.start.saturating_sub(1), end: span.start, ..span };
        self.report(
            Diagnostic::error(
                "multi-line-string",
                "String over several lines",
                "A string in quotes must end on the line on which it starts.",
            )
            .at(quote)
            .within(span)
            .hint(
                "Write `\\n` for a line break, or use a heredoc: `<<-EOT`, the lines, and `EOT` on a line of its own.",
            ),
        );
    }
}

/// The meaning of text in a heredoc or bare template: only `$${` and `%%{` are escapes.
pub(super) fn template_text(raw: &str) -> Cow<'_, str> {
    if !raw.contains("$${") && !raw.contains("%%{") {
        return Cow::Borrowed(raw);
    }
    let mut text = String::with_capacity(raw.len());
    let mut rest = raw;
    while let Some(at) = rest.find(['$', '%']) {
        text.push_str(&rest[..at]);
        rest = &rest[at..];
        rest = &rest[doubled(rest, &mut text)..];
    }
    text.push_str(rest);
    Cow::Owned(text)
}

/// Resolves `$${` or `%%{` at the start of `rest`, or takes the sign as it is; returns how many bytes it takes.
fn doubled(rest: &str, text: &mut String) -> usize {
    for (written, meant) in [("$${", "${"), ("%%{", "%{")] {
        if rest.starts_with(written) {
            text.push_str(meant);
            return written.len();
        }
    }
    text.push_str(&rest[..1]);
    1
}

fn push(text: &mut String, character: char) -> usize {
    text.push(character);
    2
}
