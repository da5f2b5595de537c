//! What an expression starts with: literals, names, calls, parentheses.

use mesh_diagnostics::{Diagnostic, Span};
use mesh_value::{Number, NumberError, Type, Value};

use super::{Failed, Parsed, Parser, TokenKind};
use crate::syntax::ast::{Expr, ExprKind};

impl Parser<'_> {
    pub(super) fn term(&mut self) -> Parsed<Expr> {
        while self.peek() == TokenKind::Invalid && self.line_goes_on() {}
        match self.peek() {
            TokenKind::Ident => self.name(),
            TokenKind::OpenQuote => self.quoted(),
            TokenKind::Number => self.number(),
            TokenKind::OpenBracket => self.tuple(),
            TokenKind::OpenBrace => self.object(),
            TokenKind::OpenParen => self.parenthesised(),
            TokenKind::HeredocOpen => self.heredoc(),
            TokenKind::ForeignQuoted => Ok(self.foreign_string()),
            _ => Err(self.report_missing_expression()),
        }
    }

    /// Reports a backslash at the end of a line, as other languages have it, and goes on in the next.
    fn line_goes_on(&mut self) -> bool {
        let token = self.token();
        let goes_on = self.text(token.span) == "\\" && self.token_at(self.index + 1).kind == TokenKind::Newline;
        if goes_on {
            self.report_invalid_character(token);
            self.index += 2;
        }
        goes_on
    }

    /// `true`, `null`, a name, or a call.
    fn name(&mut self) -> Parsed<Expr> {
        let name = self.take_name();
        if matches!(self.peek(), TokenKind::OpenParen | TokenKind::ColonColon) {
            return self.call(name);
        }
        self.height = 1;
        let kind = match &*name.text {
            "true" => ExprKind::Literal(Value::bool(true)),
            "false" => ExprKind::Literal(Value::bool(false)),
            "null" => ExprKind::Literal(Value::null(Type::Any)),
            _ => ExprKind::Variable(name.text),
        };
        Ok(Expr { kind, span: name.span })
    }

    fn number(&mut self) -> Parsed<Expr> {
        let mut span = self.take().span;
        self.height = 1;
        let start = self.index;
        // `1.2.3`, `10GB` and `0x1F` are several tokens without a gap.
        while matches!(self.token().kind, TokenKind::Ident | TokenKind::Number)
            || self.token().kind == TokenKind::Dot && self.token_at(self.index + 1).kind == TokenKind::Number
        {
            if self.token().span.start != span.end {
                break;
            }
            span = span.to(self.take().span);
        }
        if self.index > start {
            self.report_invalid_number(span);
            return Ok(self.invalid(span));
        }
        match self.text(span).parse::<Number>() {
            Ok(number) => Ok(Expr { kind: ExprKind::Literal(Value::number(number)), span }),
            Err(error) => {
                self.report_number_error(span, &error);
                Ok(self.invalid(span))
            }
        }
    }

    fn parenthesised(&mut self) -> Parsed<Expr> {
        let open = self.take().span;
        let newlines = std::mem::replace(&mut self.newlines, false);
        let inner = self.between(TokenKind::CloseParen, Self::expression).and_then(|inner| {
            if self.peek() == TokenKind::CloseParen || self.ends_early(open) {
                Ok(inner)
            } else {
                Err(self.report_unexpected(open, "`)`", false))
            }
        });
        let inner = match inner {
            Err(Failed::Here) => self.skip_to(TokenKind::CloseParen).map(|()| self.invalid(open)),
            other => other,
        };
        self.newlines = newlines;
        let inner = inner?;
        let close = if self.token().kind == TokenKind::CloseParen { self.take().span } else { inner.span };
        let parts = self.height;
        self.build(ExprKind::Paren(Box::new(inner)), open.to(close), parts)
    }

    /// `'text'`: reported, and taken as the string that it was meant to be.
    fn foreign_string(&mut self) -> Expr {
        let span = self.take().span;
        self.report_foreign_quotes(span);
        self.height = 1;
        Expr { kind: ExprKind::Literal(Value::string(self.foreign_text(span))), span }
    }

    fn report_number_error(&mut self, span: Span, error: &NumberError) {
        let text = self.text(span);
        self.report(
            Diagnostic::error(
                "invalid-number",
                "Invalid number",
                format!("`{text}` can't be used as a number: {error}."),
            )
            .at(span)
            .hint("Write it as a string if nothing is calculated with it."),
        );
    }

    fn report_invalid_number(&mut self, span: Span) {
        let text = self.text(span);
        let detail = format!("`{text}` is not a number. Numbers are decimal, such as `42`, `0.5` or `1e6`.");
        let mut problem = Diagnostic::error("invalid-number", "Invalid number", detail).at(span);
        if text.matches('.').count() > 1 {
            problem = problem.hint(format!("Write a version or an address as a string: \"{text}\"."));
        } else if text.contains('_') {
            problem = problem.hint(format!("Write the digits without separators: `{}`.", text.replace('_', "")));
        } else if text.starts_with("0x") || text.starts_with("0X") {
            problem = problem.hint(format!("Write `parseint(\"{}\", 16)`.", &text[2..]));
        } else {
            problem = problem.hint(format!("Write a string if that is what you mean: \"{text}\"."));
        }
        self.report(problem);
    }
}
