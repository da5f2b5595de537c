//! Bodies: arguments and blocks in a row.

use mesh_diagnostics::{Diagnostic, Span};
use std::collections::HashMap;

use super::collection::is_assignment;
use super::repair::Opened;
use super::{LOOKAHEAD, MAX_PROBLEMS, Parser, TokenKind};
use crate::syntax::ast::{Attribute, Body, ExprKind, Ident};

/// The block that a body belongs to.
pub(super) struct Enclosing {
    pub(super) opened: Opened,
    pub(super) layout: Layout,
}

/// How the content of a block is laid out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Layout {
    /// Over lines of its own.
    Lines,
    /// On the line of the brace: one argument, and the closing brace.
    OneLine,
    /// On the line of the brace, with more than one argument; reported.
    Crowded,
}

/// What may follow an argument or block.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Next {
    /// The end of the line.
    LineEnd,
    /// Anything: what is missing here was reported.
    Anything,
    /// Nothing that is worth reading: the rest of it is to be skipped.
    Rest,
}

impl Parser<'_> {
    /// The body of the whole file.
    pub(super) fn file_body(&mut self) -> Body {
        let (mut body, _) = self.body(None);
        body.span = self.whole();
        body
    }

    /// Arguments and blocks up to the closing brace, which stays, or the end. Returns whether that brace is next; it
    /// isn't where it is missing.
    pub(super) fn body(&mut self, mut enclosing: Option<Enclosing>) -> (Body, bool) {
        let start = self.previous().at_end();
        let mut body = Body { attributes: Vec::new(), blocks: Vec::new(), span: start };
        self.newlines = true;
        let closed = loop {
            if self.diagnostics.len() > MAX_PROBLEMS {
                self.index = self.tokens.len() - 1;
            }
            let kind = self.peek();
            if let Some(enclosing) = &mut enclosing
                && self.repair_closes(&mut enclosing.opened)
            {
                self.report_unclosed_block(enclosing.opened.at);
                break false;
            }
            match (kind, &mut enclosing) {
                (TokenKind::Newline, enclosing) => {
                    self.take();
                    if let Some(enclosing) = enclosing {
                        if enclosing.layout == Layout::OneLine {
                            // The closing brace is in the text of a string that was never closed.
                            let line = self.line(enclosing.opened.at.start);
                            if self.swallowed_at == Some(line) {
                                self.index -= 1;
                                break false;
                            }
                            self.report_one_line(enclosing.opened.at);
                        }
                        enclosing.layout = Layout::Lines;
                    }
                }
                (TokenKind::End, None) => break false,
                (TokenKind::End, Some(enclosing)) => {
                    self.unclosed += usize::from(!self.end_reported);
                    self.report_unclosed_block(enclosing.opened.at);
                    break false;
                }
                (TokenKind::CloseBrace, Some(enclosing))
                    if enclosing.layout == Layout::Lines && self.surplus_brace(enclosing.opened.at) => {}
                (TokenKind::CloseBrace, Some(_)) => break true,
                (_, enclosing) => self.item(&mut body, enclosing.as_mut()),
            }
        };
        body.span = start.to(self.token().span.at_start());
        self.report_duplicates(&body.attributes);
        (body, closed)
    }

    /// One argument or block, with the end of its line.
    fn item(&mut self, body: &mut Body, mut enclosing: Option<&mut Enclosing>) {
        let start = self.index;
        let (blocks, before) = (body.blocks.len(), body.attributes.len());
        let next = match self.peek() {
            TokenKind::Ident => {
                let name = self.take_name();
                self.named(name, start, body)
            }
            TokenKind::OpenQuote | TokenKind::ForeignQuoted if self.quoted_name_follows() => {
                let name = self.quoted_name();
                self.named(name, start, body)
            }
            TokenKind::Cut => {
                self.take();
                return;
            }
            _ if self.conflict_marks() => return,
            TokenKind::CloseBrace => {
                self.take();
                self.surplus += 1;
                self.report_stray_brace();
                return;
            }
            TokenKind::Semicolon => {
                self.report_semicolon();
                self.take();
                return;
            }
            TokenKind::Comma => {
                self.report_comma();
                self.take();
                return;
            }
            _ => {
                self.report_no_item();
                Next::Rest
            }
        };
        if body.blocks.len() > blocks
            && let Some(enclosing) = &mut enclosing
        {
            self.crowd(enclosing);
        }
        match next {
            Next::LineEnd => {
                let attributes = body.attributes.len();
                let damaged = self.end_of_item(start, enclosing);
                // What was read is not what was meant.
                if damaged && let Some(last) = body.attributes.last_mut().filter(|_| attributes > before) {
                    last.expr.kind = ExprKind::Invalid;
                }
            }
            Next::Anything => {}
            Next::Rest => self.skip_item(start),
        }
    }

    /// Reports that a block on one line holds more than an argument.
    fn crowd(&mut self, enclosing: &mut Enclosing) {
        if enclosing.layout == Layout::OneLine {
            enclosing.layout = Layout::Crowded;
            self.report_one_line(enclosing.opened.at);
        }
    }

    /// What follows a name at the start of a line.
    fn named(&mut self, name: Ident, start: usize, body: &mut Body) -> Next {
        match self.peek() {
            TokenKind::Equal => {
                self.take();
                self.attribute(name, body)
            }
            TokenKind::Colon if self.token_at(self.index + 1).kind == TokenKind::Newline => {
                self.report_yaml(&name);
                Next::Rest
            }
            kind if is_assignment(kind) => {
                let quoted = self.text(name.span).starts_with(['"', '\'', '‘', '“']);
                let span = self.take().span;
                // `"name": value` was already reported for its quotes.
                if !quoted {
                    self.report_wrong_assignment(span, "`=`");
                }
                self.attribute(name, body)
            }
            TokenKind::OpenBrace if self.braces_of_object() => {
                self.report_missing_equals(name.span);
                self.attribute(name, body)
            }
            TokenKind::OpenQuote if self.is_template_value() => {
                self.report_missing_equals(name.span);
                self.attribute(name, body)
            }
            TokenKind::OpenBrace
            | TokenKind::OpenQuote
            | TokenKind::Ident
            | TokenKind::ForeignQuoted
            | TokenKind::Newline => {
                let (block, next) = self.block(name, start);
                body.blocks.extend(block);
                next
            }
            TokenKind::Number if self.is_header_from(self.index + 1) => {
                let (block, next) = self.block(name, start);
                body.blocks.extend(block);
                next
            }
            TokenKind::Number
            | TokenKind::OpenBracket
            | TokenKind::Minus
            | TokenKind::Bang
            | TokenKind::HeredocOpen
                if !self.indexed_assignment() =>
            {
                self.report_missing_equals(name.span);
                self.attribute(name, body)
            }
            _ => {
                self.report_after_name(&name);
                Next::Rest
            }
        }
    }

    /// The value of an argument, `=` being taken.
    fn attribute(&mut self, name: Ident, body: &mut Body) -> Next {
        if self.peek() == TokenKind::Newline && self.content_without_brace(name.span) {
            let sign = self.previous();
            if let Ok(expr) = self.object_without_open(sign) {
                let span = name.span.to(expr.span);
                body.attributes.push(Attribute { name, expr, span, maybe_blocks: false });
                return Next::LineEnd;
            }
            return Next::Rest;
        }
        if self.peek() == TokenKind::Newline && self.list_without_bracket(name.span) {
            let header = name.span.to(self.previous());
            self.report_missing_bracket(header);
            let Ok(expr) = self.tuple_from(header.at_end()) else { return Next::Rest };
            let span = name.span.to(expr.span);
            body.attributes.push(Attribute { name, expr, span, maybe_blocks: false });
            return Next::LineEnd;
        }
        if self.object_without_brace() {
            let Ok(expr) = self.object_from_name() else { return Next::Rest };
            let span = name.span.to(expr.span);
            body.attributes.push(Attribute { name, expr, span, maybe_blocks: false });
            return Next::LineEnd;
        }
        if self.peek() == TokenKind::Newline && self.value_on_next_line() {
            self.report_value_on_next_line(name.span);
            while self.eat(TokenKind::Newline).is_some() {}
        }
        let (expr, next) = match self.expression() {
            Ok(expr) => (expr, Next::LineEnd),
            Err(_) => {
                let span = self.previous().at_end();
                (self.invalid(span), Next::Rest)
            }
        };
        let span = name.span.to(expr.span);
        body.attributes.push(Attribute { name, expr, span, maybe_blocks: false });
        next
    }

    /// The end of the line after an argument or block; what else is there is reported, and read on if it is another.
    /// Returns whether what was read before may be wrong.
    fn end_of_item(&mut self, start: usize, enclosing: Option<&mut Enclosing>) -> bool {
        let layout = enclosing.as_ref().map(|enclosing| enclosing.layout);
        loop {
            match self.peek() {
                TokenKind::Newline | TokenKind::End | TokenKind::Cut => return false,
                TokenKind::CloseBrace => {
                    if let Some(enclosing) = &enclosing
                        && enclosing.layout == Layout::Lines
                    {
                        if self.surplus_brace(enclosing.opened.at) {
                            continue;
                        }
                        self.report_missing_newline();
                    }
                    return false;
                }
                TokenKind::Comma | TokenKind::Semicolon
                    if matches!(layout, Some(Layout::OneLine | Layout::Crowded)) =>
                {
                    if let Some(enclosing) = enclosing {
                        self.crowd(enclosing);
                    }
                    self.take();
                    return false;
                }
                TokenKind::Comma => {
                    self.report_comma();
                    self.take();
                    return false;
                }
                TokenKind::Semicolon => {
                    self.report_semicolon();
                    self.take();
                    return false;
                }
                TokenKind::CloseParen | TokenKind::CloseBracket => {
                    self.report_stray_bracket();
                    self.take();
                }
                TokenKind::Ident if self.is_item(self.index) => {
                    match enclosing {
                        Some(enclosing) if enclosing.layout != Layout::Lines => self.crowd(enclosing),
                        _ => self.report_missing_newline(),
                    }
                    return false;
                }
                _ => {
                    self.report_after_expression("a new line");
                    self.skip_item(start);
                    return true;
                }
            }
        }
    }

    /// Whether the line break after `=` is followed by a value rather than by the next argument.
    fn value_on_next_line(&self) -> bool {
        let next = self.index + 1;
        self.token_at(next).kind.starts_expression() && !self.is_item(next)
    }

    /// Whether a string with an interpolation follows that ends the line: a value rather than a label.
    fn is_template_value(&self) -> bool {
        let mut depth = 0_usize;
        let mut templated = false;
        for token in self.tokens[self.index..].iter().take(LOOKAHEAD) {
            match token.kind {
                TokenKind::InterpolationOpen | TokenKind::DirectiveOpen => templated = true,
                TokenKind::Newline | TokenKind::End if depth == 0 => return templated,
                TokenKind::End | TokenKind::Cut => return false,
                TokenKind::OpenBrace if depth == 0 => return false,
                _ => {}
            }
            if token.kind.opens() {
                depth += 1;
            } else if token.kind.closes() {
                depth = depth.saturating_sub(1);
            }
        }
        false
    }

    /// Whether `[…] =` follows, which looks like an assignment to an element.
    fn indexed_assignment(&self) -> bool {
        let kind = |ahead| self.token_at(self.index + ahead).kind;
        kind(0) == TokenKind::OpenBracket && kind(2) == TokenKind::CloseBracket && kind(3) == TokenKind::Equal
    }

    fn report_duplicates(&mut self, attributes: &[Attribute]) {
        let mut first: HashMap<&str, Span> = HashMap::new();
        for (index, attribute) in attributes.iter().enumerate() {
            let name = &*attribute.name.text;
            let before = if attributes.len() > 16 {
                first.get(name).copied().or_else(|| {
                    first.insert(name, attribute.name.span);
                    None
                })
            } else {
                attributes[..index].iter().find(|before| *before.name.text == *name).map(|before| before.name.span)
            };
            if let Some(before) = before {
                let line = self.line(before.start);
                self.report(
                    Diagnostic::error(
                        "duplicate-argument",
                        "Duplicate argument",
                        format!("`{name}` is already set in line {line}; an argument can be set once in a block."),
                    )
                    .at(attribute.name.span)
                    .elsewhere("It is first set here", before)
                    .hint(format!("Remove one of the two, or join their values in one `{name} = …`.")),
                );
            }
        }
    }
}
