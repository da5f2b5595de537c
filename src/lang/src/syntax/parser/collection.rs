//! Lists of expressions: tuples, arguments of calls, objects. After an error in an element each goes on at the next.

use mesh_diagnostics::{Diagnostic, Span};

use super::repair::Opened;
use super::{Failed, Parsed, Parser, TokenKind};
use crate::syntax::ast::{Call, Expr, ExprKind, Ident, ObjectItem, ObjectKey};

/// The elements between brackets, the closing one taken.
struct Elements {
    exprs: Vec<Expr>,
    expand_last: bool,
    height: usize,
    end: Span,
}

impl Parser<'_> {
    /// `[a, b]`, or a `for` expression in brackets.
    pub(super) fn tuple(&mut self) -> Parsed<Expr> {
        let open = self.take().span;
        self.tuple_from(open)
    }

    /// What stands behind the bracket at `open`.
    pub(super) fn tuple_from(&mut self, open: Span) -> Parsed<Expr> {
        let newlines = std::mem::replace(&mut self.newlines, false);
        let result = if self.at_word("for") {
            self.between(TokenKind::CloseBracket, |parser| parser.for_tuple(open))
        } else {
            self.between(TokenKind::CloseBracket, |parser| parser.elements(open, TokenKind::CloseBracket)).and_then(
                |elements| {
                    let span = open.to(elements.end);
                    self.build(ExprKind::Tuple(elements.exprs), span, elements.height)
                },
            )
        };
        self.newlines = newlines;
        result
    }

    /// `(a, b...)` after the name of a function, or `::name(…)` first.
    pub(super) fn call(&mut self, mut name: Ident) -> Parsed<Expr> {
        if self.peek() == TokenKind::ColonColon {
            let mut text = name.text.to_string();
            while self.eat(TokenKind::ColonColon).is_some() {
                if self.peek() != TokenKind::Ident {
                    return Err(self.report_namespace(name.span, "the name of a function"));
                }
                let part = self.take().span;
                text.push_str("::");
                text.push_str(self.text(part));
                name.span = name.span.to(part);
            }
            name.text = self.names.get(&text);
            if self.peek() != TokenKind::OpenParen {
                return Err(self.report_namespace(name.span, "`(`"));
            }
        }
        let open = self.take().span;
        let newlines = std::mem::replace(&mut self.newlines, false);
        let elements = self.between(TokenKind::CloseParen, |parser| parser.elements(open, TokenKind::CloseParen));
        self.newlines = newlines;
        let Elements { exprs: args, expand_last, height, end } = elements?;
        let span = name.span.to(end);
        self.build(ExprKind::Call(Box::new(Call { name, args, expand_last })), span, height)
    }

    fn elements(&mut self, open: Span, close: TokenKind) -> Parsed<Elements> {
        let expected = if close == TokenKind::CloseParen { "`,` or `)`" } else { "`,` or `]`" };
        let mut exprs = Vec::new();
        let mut expand_last = false;
        let mut height = 0;
        loop {
            if let Some(end) = self.eat(close) {
                return Ok(Elements { exprs, expand_last, height, end: end.span });
            }
            if self.stray_closer(open, close) {
                continue;
            }
            if self.object_without_brace() {
                exprs.push(self.object_from_name()?);
                height = height.max(self.height);
                self.eat(TokenKind::Comma);
                continue;
            }
            if exprs.is_empty() && self.at_item() && self.deeper_than(open) {
                exprs.push(self.object_without_open(open)?);
                height = height.max(self.height);
                continue;
            }
            if self.ends_early(open) {
                return Ok(Elements { exprs, expand_last, height, end: self.previous() });
            }
            let element = match self.peek() {
                TokenKind::End | TokenKind::Cut => Err(self.report_unclosed(open)),
                _ => self.expression(),
            };
            let separated = match element {
                Ok(expr) => {
                    height = height.max(self.height);
                    exprs.push(expr);
                    match self.peek() {
                        TokenKind::Ellipsis if close == TokenKind::CloseParen => {
                            self.take();
                            expand_last = true;
                            if self.peek() == close { Ok(()) } else { Err(self.report_after_ellipsis(open)) }
                        }
                        TokenKind::Comma => Ok(()),
                        kind if kind.closes() => Ok(()),
                        _ if self.excused_at == Some(self.index) || self.at_item() => Ok(()),
                        // The comma is in the text of a string that was never closed.
                        _ if self.after_cut() => Ok(()),
                        kind => {
                            // `[x.name for x in …]`: what was read is not what was meant.
                            if kind == TokenKind::Ident
                                && let Some(last) = exprs.last_mut()
                            {
                                last.kind = ExprKind::Invalid;
                            }
                            Err(self.report_unexpected(open, expected, true))
                        }
                    }
                }
                Err(failed) => Err(failed),
            };
            match separated {
                Ok(()) => {}
                Err(Failed::Here) => self.skip_element(false)?,
                Err(Failed::Beyond) => return Err(Failed::Beyond),
            }
            self.eat(TokenKind::Comma);
        }
    }

    /// `{ a = b }`, or a `for` expression in braces.
    pub(super) fn object(&mut self) -> Parsed<Expr> {
        let open = self.take().span;
        let doubled = self.double_brace(open);
        let newlines = std::mem::replace(&mut self.newlines, false);
        let result = if self.at_word("for") {
            self.between(TokenKind::CloseBrace, |parser| parser.for_object(open))
        } else {
            self.newlines = true;
            self.between(TokenKind::CloseBrace, |parser| parser.items(open))
        };
        self.double_close(doubled);
        self.newlines = newlines;
        result
    }

    /// What stands between the braces of an object whose opening one is missing.
    pub(super) fn object_from_name(&mut self) -> Parsed<Expr> {
        let first = self.token().span;
        let example = format!("{{ {} = …", self.short(first));
        self.report(
            Diagnostic::error(
                "missing-brace",
                "Missing opening brace",
                format!("An object starts with `{{`, but here is only the name `{}`.", self.short(first)),
            )
            .at(first)
            .hint(format!("Write `{example}`.")),
        );
        let newlines = std::mem::replace(&mut self.newlines, true);
        let object = self.between(TokenKind::CloseBrace, |parser| parser.items(first.at_start()));
        self.newlines = newlines;
        object
    }

    /// The lines of an object behind a sign with which the opening brace is missing.
    pub(super) fn object_without_open(&mut self, sign: Span) -> Parsed<Expr> {
        let at = self.tokens.partition_point(|token| token.span.start < sign.start);
        let line = self.tokens[..at].iter().rposition(|token| token.kind == TokenKind::Newline).map_or(0, |at| at + 1);
        let header = self.tokens[line].span.to(sign);
        let blank = if self.text(sign).starts_with('(') { "" } else { " " };
        let example = format!("{}{blank}{{", self.short(header));
        self.report_missing_brace(header, &example);
        let newlines = std::mem::replace(&mut self.newlines, true);
        let object = self.between(TokenKind::CloseBrace, |parser| parser.items(sign.at_end()));
        self.newlines = newlines;
        object
    }

    fn items(&mut self, open: Span) -> Parsed<Expr> {
        let mut opened = Opened::new(open, None);
        let mut items = Vec::new();
        let mut height = 0;
        loop {
            match self.peek() {
                TokenKind::Newline => {
                    self.take();
                    continue;
                }
                TokenKind::End => {
                    self.unclosed += usize::from(!self.end_reported);
                    return Err(self.report_unclosed(open));
                }
                TokenKind::Cut => return Err(self.report_unclosed(open)),
                _ if self.stray_closer(open, TokenKind::CloseBrace) => continue,
                // No key starts with a brace: the object before was never closed.
                TokenKind::OpenBrace if self.starts_line(self.index) && !items.is_empty() => {
                    self.report_unclosed(open);
                    self.excused_at = Some(self.index);
                    let span = open.to(self.previous());
                    return self.build(ExprKind::Object(items), span, height);
                }
                kind if kind.closes() && kind != TokenKind::CloseBrace => {
                    self.ends_early(open);
                    let span = open.to(self.previous());
                    return self.build(ExprKind::Object(items), span, height);
                }
                _ if self.repair_closes(&mut opened) => return Err(self.report_unclosed(open)),
                TokenKind::CloseBrace => {
                    let span = open.to(self.take().span);
                    return self.build(ExprKind::Object(items), span, height);
                }
                _ => {}
            }
            let item = self.object_item(&mut height).and_then(|item| {
                items.push(item);
                match self.peek() {
                    TokenKind::Comma | TokenKind::Newline => Ok(()),
                    kind if kind.closes() || self.excused_at == Some(self.index) => Ok(()),
                    _ => Err(self.report_unexpected(open, "`,`, a new line or `}`", true)),
                }
            });
            match item {
                Ok(()) => {}
                Err(Failed::Here) => self.skip_element(true)?,
                Err(Failed::Beyond) => return Err(Failed::Beyond),
            }
            self.eat(TokenKind::Comma);
        }
    }

    fn object_item(&mut self, height: &mut usize) -> Parsed<ObjectItem> {
        let key = match (self.peek(), self.token_at(self.index + 1).kind) {
            (TokenKind::Ident, next) if is_assignment(next) => ObjectKey::Name(self.take_name()),
            _ => {
                let key = self.expression()?;
                *height = (*height).max(self.height);
                ObjectKey::Expr(key)
            }
        };
        match self.peek() {
            TokenKind::Equal | TokenKind::Colon => {
                let sign = self.take().span;
                if self.peek() == TokenKind::Newline && self.content_without_brace(sign) {
                    let value = self.object_without_open(sign)?;
                    return Ok(ObjectItem { key, value });
                }
            }
            kind if is_assignment(kind) => {
                let span = self.take().span;
                self.report_wrong_assignment(span, "`=` or `:`");
            }
            _ => return Err(self.report_missing_value(&key)),
        }
        let value = self.expression()?;
        *height = (*height).max(self.height);
        Ok(ObjectItem { key, value })
    }

    /// Whether the token taken last, line breaks left out, is a cut.
    fn after_cut(&self) -> bool {
        let before = &self.tokens[..self.index];
        before.iter().rfind(|token| token.kind != TokenKind::Newline).is_some_and(|token| token.kind == TokenKind::Cut)
    }

    fn report_missing_value(&mut self, key: &ObjectKey) -> Failed {
        let span = match key {
            ObjectKey::Name(name) => name.span,
            ObjectKey::Expr(expr) => expr.span,
        };
        let token = self.token();
        if token.kind == TokenKind::ForeignQuoted || !token.kind.starts_expression() && !ends_item(token.kind) {
            return self.report_unexpected(span, "`=`", false);
        }
        let found = self.describe(token);
        let problem = Diagnostic::error(
            "missing-value",
            "Missing value of an object's key",
            format!(
                "A key of an object is followed by `=` and its value, but after `{}` comes {found}.",
                self.short(span)
            ),
        )
        .at(span);
        let name = self.short(span);
        self.report(problem.hint(format!("Write `{name} = …`, or use brackets `[ ]` if you meant a list.")));
        Failed::Here
    }

    fn report_namespace(&mut self, name: Span, expected: &str) -> Failed {
        let found = self.describe(self.token());
        let text = self.text(name);
        self.report(
            Diagnostic::error(
                "missing-parenthesis",
                "Incomplete function call",
                format!(
                    "`{text}` has `::` in it and so names a function; {expected} must follow, but here comes {found}."
                ),
            )
            .at(name)
            .hint("Call a provider's function as `provider::NAME::FUNCTION(…)`."),
        );
        Failed::Here
    }

    fn report_after_ellipsis(&mut self, open: Span) -> Failed {
        let ellipsis = self.previous();
        if matches!(self.token().kind, TokenKind::End | TokenKind::Cut) {
            return self.report_unclosed(open);
        }
        self.report(
            Diagnostic::error(
                "misplaced-ellipsis",
                "Misplaced `...`",
                "`...` spreads the last argument of a call, so `)` must follow it, without a comma.",
            )
            .at(ellipsis)
            .hint("Put this argument last, or join several lists with `concat`."),
        );
        Failed::Here
    }
}

/// Whether a token stands where `=` belongs, rightly or by a common mistake.
pub(super) const fn is_assignment(kind: TokenKind) -> bool {
    matches!(
        kind,
        TokenKind::Equal | TokenKind::Colon | TokenKind::FatArrow | TokenKind::ThinArrow | TokenKind::EqualEqual
    )
}

const fn ends_item(kind: TokenKind) -> bool {
    matches!(kind, TokenKind::Comma | TokenKind::Newline | TokenKind::CloseBrace)
}
