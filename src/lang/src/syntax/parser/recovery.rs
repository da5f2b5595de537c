//! Where parsing goes on after an error: at the next element of a list, or at the next argument or block.

use mesh_diagnostics::Span;

use super::{Failed, LOOKAHEAD, Parsed, Parser, TokenKind};

impl Parser<'_> {
    /// Whether the next token starts a line, and with it an argument or a block.
    pub(super) fn at_item(&mut self) -> bool {
        self.peek() == TokenKind::Ident && self.starts_line(self.index) && self.is_item(self.index)
    }

    /// Whether the tokens from this index on look like an argument or the header of a block.
    pub(super) fn is_item(&self, index: usize) -> bool {
        if self.token_at(index).kind != TokenKind::Ident {
            return false;
        }
        self.token_at(index + 1).kind == TokenKind::Equal || self.is_header(index)
    }

    /// Whether the tokens from this index on look like the header of a block.
    pub(super) fn is_header(&self, index: usize) -> bool {
        if self.token_at(index).kind != TokenKind::Ident {
            return false;
        }
        self.is_header_from(index + 1)
    }

    /// Whether labels and an opening brace start at this index.
    pub(super) fn is_header_from(&self, index: usize) -> bool {
        let mut next = index;
        loop {
            match self.token_at(next).kind {
                TokenKind::OpenBrace => return true,
                TokenKind::Ident => next += 1,
                TokenKind::OpenQuote if self.token_at(next + 1).kind == TokenKind::CloseQuote => next += 2,
                TokenKind::OpenQuote if self.token_at(next + 2).kind == TokenKind::CloseQuote => next += 3,
                _ => return false,
            }
        }
    }

    /// Skips to the token that closes the construct that the parser is in, and leaves it. Fails silently where it is
    /// not to be found before the next argument.
    pub(super) fn skip_to(&mut self, close: TokenKind) -> Parsed<()> {
        let mut depth = 0_usize;
        loop {
            let kind = self.token().kind;
            match kind {
                TokenKind::End | TokenKind::Cut => return Err(Failed::Beyond),
                TokenKind::Ident if self.starts_line(self.index) && self.braceless_item(close) => {
                    return Err(Failed::Beyond);
                }
                _ if kind.opens() => depth += 1,
                _ if kind.closes() && depth > 0 => depth -= 1,
                _ if kind == close => return Ok(()),
                _ if kind.closes() => return Err(Failed::Beyond),
                _ => {}
            }
            self.take();
        }
    }

    /// Skips what is left of a list's element: up to `,` or the closing bracket, or the end of the line in an object.
    pub(super) fn skip_element(&mut self, ends_at_line: bool) -> Parsed<()> {
        let mut depth = 0_usize;
        loop {
            let kind = self.token().kind;
            match kind {
                TokenKind::End | TokenKind::Cut => return Err(Failed::Beyond),
                TokenKind::Comma if depth == 0 => return Ok(()),
                TokenKind::Newline if depth == 0 && ends_at_line => return Ok(()),
                TokenKind::Ident if !ends_at_line && depth == 0 && self.at_item() => return Err(Failed::Beyond),
                _ if kind.opens() => depth += 1,
                _ if kind.closes() && depth == 0 => return Ok(()),
                _ if kind.closes() => depth -= 1,
                _ => {}
            }
            self.take();
        }
    }

    /// Skips what is left of the argument or block whose first token is at `start`. Its brackets can't be trusted, so
    /// the layout tells where it ends: with the last line that is indented deeper, and what closes brackets behind it.
    pub(super) fn skip_item(&mut self, start: usize) {
        let indentation = self.indentation(self.token_at(start).span.start);
        let mut depth = 0_usize;
        let mut went_on = false;
        let mut index = if std::mem::take(&mut self.too_deep) { self.index.max(start) } else { start };
        loop {
            let token = self.tokens[index];
            match token.kind {
                TokenKind::End => {
                    self.end_reported |= depth > 0;
                    break;
                }
                TokenKind::Newline => {
                    let next = self.after_breaks(index);
                    match self.line_after(next, indentation, depth, went_on) {
                        LineAfter::Belongs => (index, went_on) = (next - 1, true),
                        LineAfter::Closes => {
                            index = self.line_end(next);
                            break;
                        }
                        LineAfter::Foreign => break,
                    }
                }
                // What closes a block on one line.
                TokenKind::CloseBrace if depth == 0 && index >= self.index && !self.starts_line(index) => break,
                _ if index > start && self.repair.closed_at == Some(index) => break,
                kind if kind.opens() => depth += 1,
                kind if kind.closes() => depth = depth.saturating_sub(1),
                _ => {}
            }
            index += 1;
        }
        self.index = index;
        self.newlines = true;
        self.closers.clear();
    }

    /// The index of the first token behind the line breaks at `index`.
    fn after_breaks(&self, index: usize) -> usize {
        let breaks = self.tokens[index..].iter().take_while(|token| token.kind == TokenKind::Newline);
        index + breaks.count()
    }

    /// How the line that starts with the token at `next` belongs to an item indented by so much, of which `depth`
    /// brackets are open and which `went_on` over more than a line.
    fn line_after(&self, next: usize, indentation: usize, depth: usize, went_on: bool) -> LineAfter {
        let token = self.token_at(next);
        let column = self.indentation(token.span.start);
        match token.kind {
            TokenKind::End => LineAfter::Foreign,
            _ if column > indentation => LineAfter::Belongs,
            kind if kind.closes() && column == indentation => {
                if depth > 0 || went_on {
                    LineAfter::Closes
                } else {
                    LineAfter::Foreign
                }
            }
            kind if kind.closes() => LineAfter::Foreign,
            _ if depth > 0 && !self.is_item(next) => LineAfter::Belongs,
            _ => LineAfter::Foreign,
        }
    }

    /// The index of the line break or end behind the token at `index`.
    pub(super) fn line_end(&self, index: usize) -> usize {
        let mut end = index;
        while !matches!(self.token_at(end).kind, TokenKind::Newline | TokenKind::End) {
            end += 1;
        }
        end
    }

    /// Whether what is opened at `open` ends before the next token although nothing closes it, which is reported: with
    /// what closes something around it, or with the next argument or block.
    pub(super) fn ends_early(&mut self, open: Span) -> bool {
        let kind = self.peek();
        let ends = kind.closes() || self.at_item();
        if ends {
            self.report_unclosed(open);
            while self.index > 0 && self.tokens[self.index - 1].kind == TokenKind::Newline {
                self.index -= 1;
            }
            self.excused_at = Some(self.index);
        }
        ends
    }

    /// Whether the next token is a closing bracket too many within what is opened at `open` and closed by `close`; if so,
    /// it is reported and passed.
    pub(super) fn stray_closer(&mut self, open: Span, close: TokenKind) -> bool {
        let kind = self.peek();
        let is_bracket = matches!(kind, TokenKind::CloseBracket | TokenKind::CloseParen | TokenKind::CloseBrace);
        if !is_bracket || kind == close {
            return false;
        }
        let is_unknown = kind != TokenKind::CloseBrace && !self.closers.contains(&kind);
        if !is_unknown && !self.closes_later(open, close) {
            return false;
        }
        if self.closes_later(open, close) {
            self.report_stray_bracket();
        } else {
            self.report_wrong_bracket(open, close);
        }
        self.take();
        self.excused_at = Some(self.index);
        true
    }

    /// Whether what is opened at `open` is closed behind the next token, going by the layout: on the same line, or on
    /// the line that comes back to the indentation of the opening one.
    fn closes_later(&mut self, open: Span, close: TokenKind) -> bool {
        let here = self.token().span;
        let outer = self.indentation(open.start);
        let mut same_line = self.line(open.start) == self.line(here.start);
        if !same_line && self.indentation(here.start) <= outer {
            if self.starts_line(self.index) {
                return false;
            }
            same_line = true;
        }
        if !same_line && self.starts_line(self.index) {
            return false;
        }
        let mut depth = 0_usize;
        for index in (self.index + 1..self.tokens.len()).take(LOOKAHEAD) {
            let token = self.tokens[index];
            match token.kind {
                TokenKind::Newline | TokenKind::Cut if same_line => return false,
                kind if same_line && depth == 0 && kind == close => return true,
                kind if same_line && depth == 0 && kind.closes() => return false,
                kind if same_line && kind.opens() => depth += 1,
                kind if same_line && kind.closes() => depth -= 1,
                TokenKind::Newline | TokenKind::End => {}
                kind if !same_line && self.starts_line(index) && self.indentation(token.span.start) <= outer => {
                    return kind == close;
                }
                _ => {}
            }
        }
        false
    }

    /// Parses between brackets of which `close` is the closing one.
    pub(super) fn between<T>(&mut self, close: TokenKind, parse: impl FnOnce(&mut Self) -> T) -> T {
        let around = self.closers.len();
        self.closers.push(close);
        let parsed = parse(self);
        self.closers.truncate(around);
        parsed
    }

    /// Whether an argument or block starts here, where none can be because no brace is open.
    fn braceless_item(&self, close: TokenKind) -> bool {
        close != TokenKind::CloseBrace && self.is_item(self.index)
    }
}

/// How a line belongs to the damaged item before it.
enum LineAfter {
    /// It is a part of it.
    Belongs,
    /// It closes it.
    Closes,
    /// Something else starts, or what is around ends.
    Foreign,
}
