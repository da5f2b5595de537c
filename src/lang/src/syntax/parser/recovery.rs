//! Where parsing goes on after an error: at the next element of a list, or at the next argument or block.

use super::{Failed, Parsed, Parser, TokenKind};

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

    /// Skips what is left of the argument or block whose first token is at `start`: to the end of the line on which
    /// all its brackets are closed, or else to a line that looks like the next one.
    pub(super) fn skip_item(&mut self, start: usize) {
        let failed = self.index;
        let indentation = self.indentation(self.token_at(start).span.start);
        let mut depth = 0_usize;
        let mut index = start;
        loop {
            let kind = self.tokens[index].kind;
            match kind {
                _ if index > start && self.repair.closed_at == Some(index) => break,
                TokenKind::End => {
                    self.end_reported |= depth > 0;
                    break;
                }
                TokenKind::Newline if depth == 0 && index >= failed => break,
                TokenKind::CloseBrace if depth == 0 && index >= failed => break,
                TokenKind::Cut => depth = 0,
                TokenKind::Ident
                    if index >= failed
                        && index > start
                        && depth > 0
                        && self.starts_line(index)
                        && self.is_item(index)
                        && self.indentation(self.tokens[index].span.start) <= indentation =>
                {
                    break;
                }
                _ if kind.opens() => depth += 1,
                _ if kind.closes() => depth = depth.saturating_sub(1),
                _ => {}
            }
            index += 1;
        }
        self.index = index;
        self.newlines = true;
    }

    /// Whether an argument or block starts here, where none can be because no brace is open.
    fn braceless_item(&self, close: TokenKind) -> bool {
        close != TokenKind::CloseBrace && self.is_item(self.index)
    }
}
