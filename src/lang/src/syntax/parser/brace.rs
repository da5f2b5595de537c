//! Errors about braces that are missing or too many at the start of a block or object, and parsing as if they were
//! right.

use mesh_diagnostics::{Diagnostic, Span};

use super::collection::is_assignment;
use super::{LOOKAHEAD, Parser, TokenKind};

impl Parser<'_> {
    /// Whether the content of a block or object follows whose opening brace is missing: lines that are indented deeper
    /// than the line of `header`, or the closing brace itself.
    pub(super) fn content_without_brace(&self, header: Span) -> bool {
        let mut next = self.index;
        while self.token_at(next).kind == TokenKind::Newline {
            next += 1;
        }
        if next == self.index {
            return false;
        }
        let token = self.token_at(next);
        let (column, outer) = (self.indentation(token.span.start), self.indentation(header.start));
        match token.kind {
            TokenKind::CloseBrace => column == outer && self.depth_allows_block(header),
            TokenKind::Ident => column > outer && self.is_item(next),
            _ => false,
        }
    }

    /// Whether the line of `header` starts with it, so that a closing brace of the same indentation is its own.
    fn depth_allows_block(&self, header: Span) -> bool {
        let line = self.source[..header.start as usize].rfind('\n').map_or(0, |newline| newline + 1);
        self.source[line..header.start as usize].trim().is_empty()
    }

    /// Whether the next token is a name that is assigned something, on a line that goes on to a closing brace which
    /// nothing on it opened.
    pub(super) fn object_without_brace(&mut self) -> bool {
        let named = match self.peek() {
            TokenKind::Ident => 1,
            TokenKind::OpenQuote if self.token_at(self.index + 2).kind == TokenKind::CloseQuote => 3,
            _ => return false,
        };
        let sign = self.token_at(self.index + named).kind;
        if !matches!(sign, TokenKind::Equal | TokenKind::Colon) {
            return false;
        }
        let mut depth = 0_usize;
        for token in self.tokens[self.index..].iter().take(LOOKAHEAD) {
            match token.kind {
                TokenKind::CloseBrace if depth == 0 => return true,
                TokenKind::Newline if depth == 0 => return false,
                TokenKind::End | TokenKind::Cut => return false,
                kind if kind.opens() => depth += 1,
                kind if kind.closes() && depth == 0 => return false,
                kind if kind.closes() => depth -= 1,
                _ => {}
            }
        }
        false
    }

    /// Whether the next token is indented deeper than the line of `open`.
    pub(super) fn deeper_than(&self, open: Span) -> bool {
        self.indentation(self.token().span.start) > self.indentation(open.start)
    }

    /// Whether the lines of a list follow whose opening bracket is missing behind `name =`.
    pub(super) fn list_without_bracket(&self, name: Span) -> bool {
        let outer = self.indentation(name.start);
        let mut lines = (self.index..self.tokens.len())
            .take(LOOKAHEAD)
            .filter(|index| self.starts_line(*index) && self.tokens[*index].kind != TokenKind::Newline)
            .map(|index| (self.tokens[index].kind, self.indentation(self.tokens[index].span.start)));
        let Some((first, column)) = lines.next() else { return false };
        let is_value = column > outer && first.starts_expression();
        is_value && lines.find(|(_, column)| *column <= outer).is_some_and(|(kind, _)| kind == TokenKind::CloseBracket)
    }

    /// Whether the braces that come next hold an object rather than a block: its first name is in quotes, or followed by
    /// a colon.
    pub(super) fn braces_of_object(&self) -> bool {
        let mut next = self.index + 1;
        while self.token_at(next).kind == TokenKind::Newline {
            next += 1;
        }
        match self.token_at(next).kind {
            TokenKind::Ident => self.token_at(next + 1).kind == TokenKind::Colon,
            TokenKind::OpenQuote => {
                self.token_at(next + 2).kind == TokenKind::CloseQuote && is_assignment(self.token_at(next + 3).kind)
            }
            _ => false,
        }
    }

    /// Takes a second opening brace right behind the first, which is reported.
    pub(super) fn double_brace(&mut self, first: Span) -> bool {
        let token = self.token();
        let is_third = self.token_at(self.index + 1).kind == TokenKind::OpenBrace;
        let is_double =
            token.kind == TokenKind::OpenBrace && !is_third && self.line(first.start) == self.line(token.span.start);
        if is_double {
            self.report(
                Diagnostic::error(
                    "double-brace",
                    "Opening brace twice",
                    "Here are two opening braces, and one opens all that there is to open.",
                )
                .at(token.span)
                .within(first.to(token.span))
                .hint("Remove one of them, and its closing one if there is one."),
            );
            self.take();
        }
        is_double
    }

    /// Takes the closing brace that belongs to a doubled opening one.
    pub(super) fn double_close(&mut self, was_double: bool) {
        if was_double && self.token().kind == TokenKind::CloseBrace && self.previous().end == self.token().span.start {
            self.take();
        }
    }

    pub(super) fn report_missing_bracket(&mut self, header: Span) {
        let name = self.short(header);
        self.report(
            Diagnostic::error(
                "missing-brace",
                "Missing opening bracket",
                format!("After `{name}` an opening `[` is missing; what follows are the elements of a list."),
            )
            .at(header)
            .hint(format!("Write `{name} [`.")),
        );
    }

    pub(super) fn report_missing_brace(&mut self, header: Span, example: &str) {
        let name = self.short(header);
        self.report(
            Diagnostic::error(
                "missing-brace",
                "Missing opening brace",
                format!("After `{name}` an opening `{{` is missing; what follows is what belongs between the braces."),
            )
            .at(header)
            .hint(format!("Write `{example}`.")),
        );
    }
}
