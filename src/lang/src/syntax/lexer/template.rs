//! Tokens of template text: strings, heredocs, bare templates.

use super::{Lexer, Mode};
use crate::syntax::token::TokenKind;

impl Lexer<'_> {
    /// Reads the text of a string up to an interpolation, its closing quote, or a line break that leaves it unclosed.
    pub(super) fn quoted_text(&mut self) {
        let mut end = self.position;
        loop {
            let Some(length) = self.bytes[end..].iter().position(|byte| STOPS[*byte as usize]) else {
                return self.text(TokenKind::StringText, self.bytes.len());
            };
            end += length;
            match self.bytes[end] {
                b'"' => {
                    self.text(TokenKind::StringText, end);
                    self.push(TokenKind::CloseQuote, end + 1);
                    return self.leave();
                }
                b'\\' if !matches!(self.byte(end + 1), b'\n' | b'\r') => end = (end + 2).min(self.bytes.len()),
                b'$' | b'%' => match self.introduction(end) {
                    Some(Introduction::Escaped) => end += 3,
                    Some(Introduction::Open(kind)) => {
                        self.text(TokenKind::StringText, end);
                        return self.template_open(kind);
                    }
                    None => end += 1,
                },
                b'\n' if self.string_goes_on(end + 1) => {
                    end += 1;
                    self.line_start = end;
                }
                b'\n' => {
                    let end = if end > self.position && self.bytes[end - 1] == b'\r' { end - 1 } else { end };
                    self.text(TokenKind::StringText, end);
                    self.push(TokenKind::Cut, end);
                    return self.leave_unclosed_string();
                }
                _ => end += 1,
            }
        }
    }

    /// Reads a heredoc's closing marker, or text of one of its lines.
    pub(super) fn heredoc_text(&mut self, marker_start: usize, marker_end: usize) {
        if self.position == self.line_start
            && let Some(end) = self.heredoc_close(self.position, marker_start, marker_end)
        {
            self.push(TokenKind::HeredocClose, end);
            return self.leave();
        }
        self.template_line();
    }

    /// Reads text up to an interpolation, or to the end of the line with its line break.
    pub(super) fn template_line(&mut self) {
        let mut end = self.position;
        while let Some(length) = self.bytes[end..].iter().position(|byte| matches!(byte, b'$' | b'%' | b'\n')) {
            end += length;
            match self.bytes[end] {
                b'\n' => {
                    self.push(TokenKind::TemplateText, end + 1);
                    self.line_start = self.position;
                    return;
                }
                _ => match self.introduction(end) {
                    Some(Introduction::Escaped) => end += 3,
                    Some(Introduction::Open(kind)) => {
                        self.text(TokenKind::TemplateText, end);
                        return self.template_open(kind);
                    }
                    None => end += 1,
                },
            }
        }
        self.push(TokenKind::TemplateText, self.bytes.len());
    }

    /// The offset after the closing marker, if the line at `line` holds nothing else.
    pub(super) fn heredoc_close(&self, line: usize, marker_start: usize, marker_end: usize) -> Option<usize> {
        let blank = |from: usize| {
            self.bytes[from..]
                .iter()
                .position(|byte| !matches!(byte, b' ' | b'\t'))
                .map_or(self.bytes.len(), |at| from + at)
        };
        let start = blank(line);
        let marker = &self.bytes[marker_start..marker_end];
        if !self.bytes[start..].starts_with(marker) {
            return None;
        }
        let end = start + marker.len();
        let rest = blank(end);
        (rest == self.bytes.len() || self.at(rest, "\n") || self.at(rest, "\r\n")).then_some(end)
    }

    /// Adds text up to `end` unless there is none.
    fn text(&mut self, kind: TokenKind, end: usize) {
        if end > self.position {
            self.push(kind, end);
        }
    }

    fn template_open(&mut self, kind: TokenKind) {
        let strip = self.byte(self.position + 2) == b'~';
        self.push(kind, self.position + 2 + usize::from(strip));
        self.enter(Mode::Interpolation { braces: 0 });
    }

    /// What a `$` or `%` at `offset` introduces.
    fn introduction(&self, offset: usize) -> Option<Introduction> {
        let sign = self.bytes[offset];
        match (self.byte(offset + 1), self.byte(offset + 2)) {
            (b'{', _) if sign == b'$' => Some(Introduction::Open(TokenKind::InterpolationOpen)),
            (b'{', _) => Some(Introduction::Open(TokenKind::DirectiveOpen)),
            (second, b'{') if second == sign => Some(Introduction::Escaped),
            _ => None,
        }
    }
}

/// What `${`, `%{`, `$${` or `%%{` mean.
enum Introduction {
    /// Code follows.
    Open(TokenKind),
    /// Doubled, so that it stands for itself.
    Escaped,
}

/// The bytes at which the text of a string may end.
static STOPS: [bool; 256] = {
    let mut table = [false; 256];
    table[b'"' as usize] = true;
    table[b'\\' as usize] = true;
    table[b'$' as usize] = true;
    table[b'%' as usize] = true;
    table[b'\n' as usize] = true;
    table
};
