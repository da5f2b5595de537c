//! The smallest parts of JSON: blanks, strings, numbers, words.

use std::borrow::Cow;

use mesh_diagnostics::Span;
use mesh_value::Number;

use super::parser::Parser;
use super::tree::{Node, NodeKind, Text};

impl Parser<'_> {
    /// Passes blanks; comments, which JSON doesn't have, are reported and passed too.
    pub(super) fn blank(&mut self) {
        loop {
            let start = self.position;
            match self.byte() {
                b' ' | b'\t' | b'\r' => self.position += 1,
                b'\n' => {
                    self.position += 1;
                    self.line_start = self.position;
                }
                b'#' => self.comment("\n"),
                b'/' if self.bytes.get(start + 1) == Some(&b'/') => self.comment("\n"),
                b'/' if self.bytes.get(start + 1) == Some(&b'*') => self.comment("*/"),
                _ => return,
            }
        }
    }

    fn comment(&mut self, end: &str) {
        let start = self.position;
        let length = self.source[start..].find(end).map_or(self.bytes.len() - start, |at| at + end.len());
        self.position += length;
        let text = self.source[start..self.position].trim_end();
        if let Some(newline) = self.source[start..self.position].rfind('\n') {
            self.line_start = start + newline + 1;
        }
        self.report_comment(Span::new(self.file, start, start + text.len()));
    }

    /// A string in double quotes, the first being next. One that its line leaves open is reported and ends there.
    pub(super) fn text(&mut self) -> Text {
        let open = self.position;
        self.position += 1;
        let mut value: Cow<'_, str> = Cow::Borrowed("");
        let mut steps = vec![(0, self.position as u32)];
        let mut from = self.position;
        loop {
            let rest = &self.bytes[self.position..];
            let Some(length) = rest.iter().position(|byte| matches!(byte, b'"' | b'\\' | 0..=0x1f)) else {
                self.position = self.bytes.len();
                value += &self.source[from..];
                self.report_unclosed_text(open);
                break;
            };
            self.position += length;
            match self.bytes[self.position] {
                b'"' => {
                    value += &self.source[from..self.position];
                    self.position += 1;
                    break;
                }
                b'\\' => {
                    value += &self.source[from..self.position];
                    let escape = self.position;
                    steps.push((value.len() as u32, escape as u32));
                    let meant = self.escape();
                    value.to_mut().push_str(&meant);
                    steps.push((value.len() as u32, self.position as u32));
                    from = self.position;
                }
                b'\n' | b'\r' => {
                    value += &self.source[from..self.position];
                    self.report_unclosed_text(open);
                    break;
                }
                _ => {
                    self.report_control_character();
                    self.position += 1;
                }
            }
        }
        let span = Span::new(self.file, open, self.position);
        Text { value: value.into(), span, steps }
    }

    /// What the escape means that is next; it is taken. A wrong one is reported, and stands for itself.
    fn escape(&mut self) -> String {
        let start = self.position;
        let character = self.source[start + 1..].chars().next();
        self.position += 1 + character.map_or(0, |character| if character == '\n' { 0 } else { character.len_utf8() });
        let meant = match character {
            Some('"') => '"',
            Some('\\') => '\\',
            Some('/') => '/',
            Some('b') => '\u{8}',
            Some('f') => '\u{c}',
            Some('n') => '\n',
            Some('r') => '\r',
            Some('t') => '\t',
            Some('u') => return self.unicode_escape(start),
            _ => {
                self.report_unknown_escape(start);
                return self.source[start..self.position].to_owned();
            }
        };
        meant.to_string()
    }

    /// The character that `\uXXXX` means, two of them where they are a surrogate pair.
    fn unicode_escape(&mut self, start: usize) -> String {
        let meant = match self.four_digits() {
            Some(high @ 0xd800..=0xdbff) => {
                let is_pair = self.source[self.position..].starts_with("\\u");
                let after = self.position;
                self.position += 2 * usize::from(is_pair);
                match if is_pair { self.four_digits() } else { None } {
                    Some(low @ 0xdc00..=0xdfff) => char::from_u32(0x10000 + ((high - 0xd800) << 10) + (low - 0xdc00)),
                    _ => {
                        self.position = after;
                        None
                    }
                }
            }
            Some(unit) => char::from_u32(unit),
            None => None,
        };
        if meant.is_none() {
            self.report_unicode_escape(start);
        }
        meant.unwrap_or(char::REPLACEMENT_CHARACTER).to_string()
    }

    fn four_digits(&mut self) -> Option<u32> {
        let rest = &self.bytes[self.position..];
        let found = rest.iter().take(4).take_while(|byte| byte.is_ascii_hexdigit()).count();
        let digits = &self.source[self.position..self.position + found];
        self.position += found;
        if found == 4 { u32::from_str_radix(digits, 16).ok() } else { None }
    }

    pub(super) fn number(&mut self) -> Node {
        let start = self.position;
        let length = self.bytes[start..]
            .iter()
            .position(|byte| !(byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.' | b'_')));
        self.position = length.map_or(self.bytes.len(), |length| start + length);
        let span = Span::new(self.file, start, self.position);
        let text = &self.source[start..self.position];
        let kind = if is_number(text) {
            match text.parse::<Number>() {
                Ok(number) => NodeKind::Number(number),
                Err(error) => {
                    self.report_number(span, &error.to_string());
                    NodeKind::Invalid
                }
            }
        } else {
            self.report_number(span, "JSON writes numbers in decimal, without a leading zero or plus sign");
            NodeKind::Invalid
        };
        Node { kind, span }
    }

    /// `true`, `false`, `null`, or text whose quotes are missing, which is reported.
    pub(super) fn word(&mut self) -> Node {
        let span = self.bare();
        let kind = match &self.source[span.start as usize..span.end as usize] {
            "true" => NodeKind::Bool(true),
            "false" => NodeKind::Bool(false),
            "null" => NodeKind::Null,
            _ => {
                self.report_word(span);
                NodeKind::Invalid
            }
        };
        Node { kind, span }
    }

    /// Takes text without quotes: at least a character, up to what separates values in JSON. Brackets that are opened
    /// in it belong to it, as in `var.names[0]`.
    pub(super) fn bare(&mut self) -> Span {
        let start = self.position;
        let mut depth = 0_usize;
        for (at, byte) in self.bytes[start..].iter().enumerate() {
            match byte {
                b'[' | b'(' if at > 0 => depth += 1,
                b']' | b')' if depth > 0 => depth -= 1,
                b'\n' | b'\r' | b'}' | b']' => break,
                b',' | b':' | b'=' | b' ' | b'\t' if depth == 0 && at > 0 => break,
                b'"' if at > 0 && depth == 0 => break,
                _ => {}
            }
            self.position = start + at + 1;
        }
        let end = self.source.ceil_char_boundary(self.position.max(start + 1));
        self.position = end;
        Span::new(self.file, start, end)
    }
}

/// Whether a text is a number by JSON's grammar.
fn is_number(text: &str) -> bool {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let (mantissa, exponent) = match digits.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, exponent.strip_prefix(['+', '-']).unwrap_or(exponent)),
        None => (digits, "0"),
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, "0"));
    let decimal = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    decimal(whole) && decimal(fraction) && decimal(exponent) && (whole.len() == 1 || !whole.starts_with('0'))
}
