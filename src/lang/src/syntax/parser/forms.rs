//! `for` expressions, in brackets and in braces.

use mesh_diagnostics::{Diagnostic, Span};

use super::{Failed, Parsed, Parser, TokenKind};
use crate::syntax::ast::{Expr, ExprKind, ForExpr, Ident};

/// `for k, v in c`, which expressions and template directives share.
pub(super) struct ForIntro {
    pub(super) key_var: Option<Ident>,
    pub(super) value_var: Ident,
    pub(super) collection: Expr,
}

impl Parser<'_> {
    /// `[for v in c : e if p]`, from the keyword on.
    pub(super) fn for_tuple(&mut self, open: Span) -> Parsed<Expr> {
        let expr = self.for_expression(open, false);
        self.for_end(open, TokenKind::CloseBracket, expr)
    }

    /// `{for k, v in c : k => v... if p}`, from the keyword on.
    pub(super) fn for_object(&mut self, open: Span) -> Parsed<Expr> {
        let expr = self.for_expression(open, true);
        self.for_end(open, TokenKind::CloseBrace, expr)
    }

    /// The names and the collection after the word `for`, which is next.
    pub(super) fn for_intro(&mut self) -> Parsed<ForIntro> {
        let keyword = self.take().span;
        let mut value_var = self.for_variable(keyword)?;
        let mut key_var = None;
        if self.eat(TokenKind::Comma).is_some() {
            key_var = Some(std::mem::replace(&mut value_var, self.for_variable(keyword)?));
        }
        if !self.at_word("in") {
            let found = self.describe(self.token());
            let detail = format!("The names after `for` are followed by the word `in`, but here comes {found}.");
            return Err(self.report_for(keyword.to(self.previous()), detail));
        }
        self.take();
        let collection = self.expression()?;
        Ok(ForIntro { key_var, value_var, collection })
    }

    fn for_variable(&mut self, keyword: Span) -> Parsed<Ident> {
        if self.peek() == TokenKind::Ident {
            return Ok(self.take_name());
        }
        let token = self.token();
        let found = self.describe(token);
        let keyed = matches!(token.kind, TokenKind::Equal | TokenKind::Colon | TokenKind::Comma | TokenKind::Dot);
        let detail = if keyed {
            "The word `for` at the start of a list or an object begins a `for` expression.".to_owned()
        } else {
            format!("`for` is followed by one or two names, but here comes {found}.")
        };
        Err(self.report_for(keyword, detail))
    }

    fn for_expression(&mut self, open: Span, object: bool) -> Parsed<(ForExpr, usize)> {
        let ForIntro { key_var, value_var, collection } = self.for_intro()?;
        let mut height = self.height;
        if self.eat(TokenKind::Colon).is_none() {
            return Err(self.report_unexpected(open, "`:` after the collection", false));
        }
        let mut value = self.expression()?;
        height = height.max(self.height);
        let mut key = None;
        let arrow = matches!(self.peek(), TokenKind::FatArrow | TokenKind::ThinArrow);
        match (arrow, object) {
            (true, true) => {
                let arrow = self.take();
                if arrow.kind == TokenKind::ThinArrow {
                    self.report_wrong_assignment(arrow.span, "`=>`");
                }
                key = Some(std::mem::replace(&mut value, self.expression()?));
                height = height.max(self.height);
            }
            (true, false) => {
                let detail = "Brackets make a list, whose elements have no key, but here is `=>`.".to_owned();
                return Err(self.report_for(self.token().span, detail));
            }
            (false, true) => {
                let detail = "Braces make an object, so each element needs a key: `KEY => VALUE`.".to_owned();
                return Err(self.report_for(value.span, detail));
            }
            (false, false) => {}
        }
        let mut group = false;
        if let Some(ellipsis) = self.eat(TokenKind::Ellipsis) {
            group = true;
            if !object {
                let detail = "`...` groups values by key, which only the form in braces does.".to_owned();
                return Err(self.report_for(ellipsis.span, detail));
            }
        }
        let mut condition = None;
        if self.at_word("if") {
            self.take();
            condition = Some(self.expression()?);
            height = height.max(self.height);
        }
        Ok((ForExpr { key_var, value_var, collection, key, value, condition, group }, height))
    }

    /// The closing bracket, also after an error.
    fn for_end(&mut self, open: Span, close: TokenKind, parsed: Parsed<(ForExpr, usize)>) -> Parsed<Expr> {
        let expected = if close == TokenKind::CloseBrace { "`if` or `}`" } else { "`if` or `]`" };
        let parsed = parsed.and_then(|parsed| {
            if self.peek() == close || self.ends_early(open) {
                Ok(parsed)
            } else {
                Err(self.report_unexpected(open, expected, false))
            }
        });
        match parsed {
            Ok((expr, height)) => {
                let end = if self.token().kind == close { self.take().span } else { self.previous() };
                let span = open.to(end);
                self.build(ExprKind::For(Box::new(expr)), span, height)
            }
            Err(Failed::Here) => {
                self.skip_to(close)?;
                let span = open.to(self.take().span);
                Ok(self.invalid(span))
            }
            Err(Failed::Beyond) => Err(Failed::Beyond),
        }
    }

    fn report_for(&mut self, at: Span, detail: String) -> Failed {
        let keyed = detail.starts_with("The word");
        let problem = Diagnostic::error("invalid-for", "Invalid `for` expression", detail).at(at);
        self.report(if keyed {
            problem.hint("Put the key in quotes, `\"for\"`, or a variable of that name in parentheses, `(for)`.")
        } else {
            problem
                .hint("Write `[for VALUE in COLLECTION : RESULT]` or `{for KEY, VALUE in COLLECTION : KEY => RESULT}`.")
        });
        Failed::Here
    }
}
