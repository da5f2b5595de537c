//! Tokens of code: outermost, or in an interpolation or directive.

use super::words::{char_at, name_end, number_end};
use super::{Lexer, Mode};
use crate::syntax::token::TokenKind;

impl Lexer<'_> {
    /// Reads tokens until the mode changes or the source ends.
    pub(super) fn code(&mut self) {
        while self.position < self.bytes.len() {
            let start = self.position;
            match self.bytes[start] {
                b' ' | b'\t' => {
                    let length = self.bytes[start..].iter().position(|byte| !matches!(byte, b' ' | b'\t'));
                    self.trivia_until(TokenKind::Whitespace, length.map_or(self.bytes.len(), |length| start + length));
                }
                b'\n' => {
                    if self.newline(start + 1) {
                        return;
                    }
                }
                b'\r' if self.byte(start + 1) == b'\n' => {
                    if self.newline(start + 2) {
                        return;
                    }
                }
                b'a'..=b'z' | b'A'..=b'Z' | b'_' => self.push(TokenKind::Ident, name_end(self.source, start)),
                b'0'..=b'9' => self.push(TokenKind::Number, number_end(self.bytes, start)),
                b'"' => {
                    self.push(TokenKind::OpenQuote, start + 1);
                    self.enter(Mode::Quoted { open: start });
                    return;
                }
                b'#' => self.line_comment(),
                b'/' if self.byte(start + 1) == b'/' => self.line_comment(),
                b'/' if self.byte(start + 1) == b'*' => self.block_comment(),
                b'<' if self.byte(start + 1) == b'<' => {
                    if self.heredoc_open() {
                        return;
                    }
                }
                b'}' | b'~' => {
                    if self.closing_brace() {
                        return;
                    }
                }
                b'{' => {
                    if let Mode::Interpolation { braces } = &mut self.mode {
                        *braces += 1;
                    }
                    self.push(TokenKind::OpenBrace, start + 1);
                }
                b'\'' => self.foreign_quote('\''),
                byte if byte.is_ascii() => self.operator(byte),
                _ => self.beyond_ascii(),
            }
        }
    }

    /// Reads a line break. Returns whether it showed that what is open was left unclosed, and so changed the mode.
    fn newline(&mut self, end: usize) -> bool {
        let cut = matches!(self.mode, Mode::Interpolation { .. }) && self.interpolation_ends_at_line(end);
        if cut {
            self.push(TokenKind::Cut, self.position);
        }
        // What follows a cut heredoc interpolation is text again, its line break included.
        if !cut || matches!(self.mode, Mode::File) {
            self.push(TokenKind::Newline, end);
            self.line_start = end;
        }
        cut
    }

    /// Reads `}` or `~}`. Returns whether it ended an interpolation.
    fn closing_brace(&mut self) -> bool {
        let start = self.position;
        let strip = self.bytes[start] == b'~';
        let closes = !strip || self.byte(start + 1) == b'}';
        match &mut self.mode {
            Mode::Interpolation { braces: 0 } if closes => {
                self.push(TokenKind::TemplateClose, start + 1 + usize::from(strip));
                self.leave();
                return true;
            }
            Mode::Interpolation { braces } if !strip => *braces -= 1,
            _ => {}
        }
        self.push(if strip { TokenKind::Invalid } else { TokenKind::CloseBrace }, start + 1);
        false
    }

    fn operator(&mut self, byte: u8) {
        use TokenKind as T;
        let next = self.byte(self.position + 1);
        let (kind, length) = match (byte, next) {
            (b'=', b'=') => (T::EqualEqual, 2),
            (b'=', b'>') => (T::FatArrow, 2),
            (b'=', _) => (T::Equal, 1),
            (b'!', b'=') => (T::NotEqual, 2),
            (b'!', _) => (T::Bang, 1),
            (b'<', b'=') => (T::LessEqual, 2),
            (b'<', _) => (T::Less, 1),
            (b'>', b'=') => (T::GreaterEqual, 2),
            (b'>', _) => (T::Greater, 1),
            (b'-', b'>') => (T::ThinArrow, 2),
            (b'-', _) => (T::Minus, 1),
            (b'&', b'&') => (T::AndAnd, 2),
            (b'&', _) => (T::And, 1),
            (b'|', b'|') => (T::OrOr, 2),
            (b'|', _) => (T::Or, 1),
            (b':', b':') => (T::ColonColon, 2),
            (b':', _) => (T::Colon, 1),
            (b'.', b'.') if self.byte(self.position + 2) == b'.' => (T::Ellipsis, 3),
            (b'.', _) => (T::Dot, 1),
            (b'[', _) => (T::OpenBracket, 1),
            (b']', _) => (T::CloseBracket, 1),
            (b'(', _) => (T::OpenParen, 1),
            (b')', _) => (T::CloseParen, 1),
            (b'+', _) => (T::Plus, 1),
            (b'*', _) => (T::Star, 1),
            (b'/', _) => (T::Slash, 1),
            (b'%', _) => (T::Percent, 1),
            (b'?', _) => (T::Question, 1),
            (b',', _) => (T::Comma, 1),
            (b';', _) => (T::Semicolon, 1),
            _ => (T::Invalid, 1),
        };
        self.push(kind, self.position + length);
    }

    fn line_comment(&mut self) {
        let rest = &self.bytes[self.position..];
        let mut length = rest.iter().position(|byte| *byte == b'\n').unwrap_or(rest.len());
        if length < rest.len() && rest[length - 1] == b'\r' {
            length -= 1;
        }
        self.trivia_until(TokenKind::LineComment, self.position + length);
    }

    fn block_comment(&mut self) {
        let inside = self.position + 2;
        match self.source[inside..].find("*/") {
            Some(length) => {
                let end = inside + length + 2;
                if let Some(newline) = self.source[inside..end].rfind('\n') {
                    self.line_start = inside + newline + 1;
                }
                self.trivia_until(TokenKind::BlockComment, end);
            }
            None => self.push(TokenKind::UnclosedComment, self.bytes.len()),
        }
    }

    /// Reads `<<EOT` and the rest of its line; variants that HCL refuses too (`<< EOT`, `<<"EOT"`), so that the parser
    /// can say what is wrong. Returns whether it is a heredoc.
    fn heredoc_open(&mut self) -> bool {
        let mut marker_start = self.position + 2;
        while matches!(self.byte(marker_start), b'-' | b' ' | b'\t' | b'"' | b'\'') {
            marker_start += 1;
        }
        let marker_end = name_end(self.source, marker_start);
        if marker_end == marker_start {
            self.push(TokenKind::Invalid, self.position + 2);
            return false;
        }
        let line = self.source[marker_end..].find('\n').map_or(self.bytes.len(), |length| marker_end + length + 1);
        self.push(TokenKind::HeredocOpen, line);
        self.line_start = line;
        self.enter(Mode::Heredoc { marker_start, marker_end });
        true
    }

    fn beyond_ascii(&mut self) {
        let end = name_end(self.source, self.position);
        if end > self.position {
            return self.push(TokenKind::Ident, end);
        }
        match char_at(self.source, self.position) {
            Some(quote @ ('“' | '”' | '„')) => self.foreign_quote(quote),
            Some(quote @ ('‘' | '’')) => self.foreign_quote(quote),
            other => self.push(TokenKind::Invalid, self.position + other.map_or(1, char::len_utf8)),
        }
    }

    /// Reads up to the quote that ends what this one opens, on the same line; else the quote alone.
    fn foreign_quote(&mut self, open: char) {
        let closing: &[char] = match open {
            '\'' => &['\''],
            '‘' | '’' => &['’', '‘', '\''],
            _ => &['”', '“', '"'],
        };
        let inside = self.position + open.len_utf8();
        let end = self.source[inside..]
            .char_indices()
            .take_while(|(_, character)| *character != '\n')
            .find(|(_, character)| closing.contains(character))
            .map(|(offset, character)| inside + offset + character.len_utf8());
        match end {
            Some(end) => self.push(TokenKind::ForeignQuoted, end),
            None => self.push(TokenKind::Invalid, inside),
        }
    }
}
