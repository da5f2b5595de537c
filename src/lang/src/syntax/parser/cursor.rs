//! Reading tokens one by one.

use mesh_diagnostics::Span;

use super::{Parser, Token, TokenKind};
use crate::syntax::ast::Ident;

/// How deep an indentation may be to be told from a deeper one.
const MAX_INDENTATION: usize = 1000;

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
    pub(super) fn line(&self, offset: u32) -> usize {
        if let Some(line) = self.only_line {
            return line;
        }
        self.starts_of_lines().partition_point(|start| *start <= offset)
    }

    /// How many bytes of blanks the line that holds a byte offset starts with; at most [`MAX_INDENTATION`].
    pub(super) fn indentation(&self, offset: u32) -> usize {
        let starts = self.starts_of_lines();
        let line = starts.partition_point(|start| *start <= offset);
        let start = starts.get(line.saturating_sub(1)).copied().unwrap_or_default() as usize;
        let line = self.source.as_bytes()[start..].iter().take(MAX_INDENTATION);
        line.take_while(|byte| matches!(byte, b' ' | b'\t')).count()
    }

    fn starts_of_lines(&self) -> &[u32] {
        self.line_starts.get_or_init(|| {
            let breaks = self.source.bytes().enumerate().filter(|(_, byte)| *byte == b'\n');
            std::iter::once(0).chain(breaks.map(|(offset, _)| offset as u32 + 1)).collect()
        })
    }
}
