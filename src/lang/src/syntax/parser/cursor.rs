//! Reading tokens one by one.

use mesh_diagnostics::Span;

use super::{Parser, Token, TokenKind};
use crate::syntax::ast::Ident;

impl<'s> Parser<'s> {
    /// The kind of the next token that has a meaning here.
    pub(super) fn peek(&mut self) -> TokenKind {
        if !self.newlines {
            while self.tokens[self.index].kind == TokenKind::Newline {
                self.index += 1;
            }
        }
        self.tokens[self.index].kind
    }

    /// The next token. Line breaks that have no meaning are only passed by [`Self::peek`].
    pub(super) fn token(&self) -> Token {
        self.tokens[self.index]
    }

    /// The token `ahead` places after the next, line breaks counted; the end stays the end.
    pub(super) fn token_at(&self, index: usize) -> Token {
        self.tokens[index.min(self.tokens.len() - 1)]
    }

    /// Takes the next token, whatever it is. The end is never passed.
    pub(super) fn take(&mut self) -> Token {
        let token = self.tokens[self.index];
        if token.kind != TokenKind::End {
            self.index += 1;
        }
        token
    }

    /// Takes the next token if it is of this kind.
    pub(super) fn eat(&mut self, kind: TokenKind) -> Option<Token> {
        (self.peek() == kind).then(|| self.take())
    }

    /// The text of a token.
    pub(super) fn text(&self, span: Span) -> &'s str {
        self.source.get(span.start as usize..span.end as usize).unwrap_or_default()
    }

    /// Whether the next token is this word.
    pub(super) fn at_word(&mut self, word: &str) -> bool {
        self.peek() == TokenKind::Ident && self.text(self.token().span) == word
    }

    /// Takes the next token as a name; it must be one.
    pub(super) fn take_name(&mut self) -> Ident {
        let span = self.take().span;
        Ident { text: self.names.get(self.text(span)), span }
    }

    /// The span of the token taken last, line breaks left out.
    pub(super) fn previous(&self) -> Span {
        let before = &self.tokens[..self.index];
        before.iter().rfind(|token| token.kind != TokenKind::Newline).unwrap_or(&self.tokens[0]).span
    }

    /// Whether a line break stands before the token at this index.
    pub(super) fn starts_line(&self, index: usize) -> bool {
        index == 0 || self.tokens[index - 1].kind == TokenKind::Newline
    }

    /// The number of the line that holds a byte offset, from 1.
    pub(super) fn line(&mut self, offset: u32) -> usize {
        if let Some(line) = self.only_line {
            return line;
        }
        if self.line_starts.is_empty() {
            let breaks = self.source.bytes().enumerate().filter(|(_, byte)| *byte == b'\n');
            self.line_starts = std::iter::once(0).chain(breaks.map(|(offset, _)| offset as u32 + 1)).collect();
        }
        self.line_starts.partition_point(|start| *start <= offset)
    }

    /// How many bytes of blanks the line that holds a byte offset starts with.
    pub(super) fn indentation(&self, offset: u32) -> usize {
        let before = &self.source.as_bytes()[..offset as usize];
        let start = before.iter().rposition(|byte| *byte == b'\n').map_or(0, |newline| newline + 1);
        self.source.as_bytes()[start..].iter().take_while(|byte| matches!(byte, b' ' | b'\t')).count()
    }
}
