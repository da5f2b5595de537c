//! Steps into a value: `.name`, `[index]`, `.*`, `[*]`.

use mesh_diagnostics::{Diagnostic, Span};

use super::{Failed, Parsed, Parser, TokenKind};
use crate::syntax::ast::{Expr, ExprKind, Ident, SplatKind, Step};

impl Parser<'_> {
    /// A term and the steps behind it.
    pub(super) fn traversal(&mut self) -> Parsed<Expr> {
        let root = self.term()?;
        if !matches!(self.peek(), TokenKind::Dot | TokenKind::OpenBracket) {
            return Ok(root);
        }
        let mut height = self.height;
        let mut steps = Vec::with_capacity(self.plain_steps());
        self.steps(&mut steps, &mut height)?;
        let span = root.span.to(self.previous());
        self.build(ExprKind::Traversal { root: Box::new(root), steps }, span, height)
    }

    /// How many steps surely follow: names, and the first index.
    fn plain_steps(&self) -> usize {
        let names = self.tokens[self.index..].chunks_exact(2);
        let names = names.take_while(|pair| pair[0].kind == TokenKind::Dot && pair[1].kind == TokenKind::Ident).count();
        names + usize::from(self.token_at(self.index + 2 * names).kind == TokenKind::OpenBracket)
    }

    /// All steps that follow. `height` grows to the height of the highest part.
    fn steps(&mut self, steps: &mut Vec<Step>, height: &mut usize) -> Parsed<()> {
        loop {
            match self.peek() {
                TokenKind::Dot => {
                    let dot = self.take().span;
                    match self.peek() {
                        TokenKind::Star => {
                            let span = dot.to(self.take().span);
                            let mut inner = Vec::new();
                            while self.eat(TokenKind::Dot).is_some() {
                                self.attribute_step(&mut inner)?;
                            }
                            steps.push(Step::Splat { kind: SplatKind::Attribute, steps: inner, span });
                        }
                        _ => self.attribute_step(steps)?,
                    }
                }
                TokenKind::OpenBracket => {
                    let open = self.take().span;
                    let newlines = std::mem::replace(&mut self.newlines, false);
                    let splat = self.peek() == TokenKind::Star && {
                        let star = self.index;
                        self.take();
                        let splat = self.peek() == TokenKind::CloseBracket;
                        self.index = star;
                        splat
                    };
                    if splat {
                        self.take();
                        self.peek();
                        self.newlines = newlines;
                        let span = open.to(self.take().span);
                        return self.full_splat(span, steps, height);
                    }
                    let key = self.index_key(open);
                    self.newlines = newlines;
                    let key = key?;
                    *height = (*height).max(self.height);
                    let close = if self.token().kind == TokenKind::CloseBracket { self.take().span } else { key.span };
                    steps.push(Step::Index(key, open.to(close)));
                }
                _ => return Ok(()),
            }
        }
    }

    /// `[*]` and all steps after it, which apply to each element.
    fn full_splat(&mut self, span: Span, steps: &mut Vec<Step>, height: &mut usize) -> Parsed<()> {
        self.descend()?;
        let mut inner = Vec::new();
        let mut inner_height = 0;
        let result = self.steps(&mut inner, &mut inner_height);
        self.ascend();
        *height = (*height).max(inner_height + 1);
        steps.push(Step::Splat { kind: SplatKind::Full, steps: inner, span });
        result
    }

    /// The key between brackets; leaves the closing one.
    fn index_key(&mut self, open: Span) -> Parsed<Expr> {
        let key = self.between(TokenKind::CloseBracket, Self::expression).and_then(|key| {
            let closed = self.peek() == TokenKind::CloseBracket || self.ends_early(open);
            if closed { Ok(key) } else { Err(self.report_unexpected(open, "`]`", false)) }
        });
        match key {
            Err(Failed::Here) => {
                self.skip_to(TokenKind::CloseBracket)?;
                Ok(self.invalid(open))
            }
            other => other,
        }
    }

    /// The name after a dot. `.0.1` arrives as the number `0.1` and is two steps.
    fn attribute_step(&mut self, steps: &mut Vec<Step>) -> Parsed<()> {
        match self.peek() {
            TokenKind::Ident => {
                let name = self.take_name();
                steps.push(Step::Attr(name));
                Ok(())
            }
            TokenKind::Number
                if self.text(self.token().span).bytes().all(|byte| byte.is_ascii_digit() || byte == b'.') =>
            {
                let span = self.take().span;
                let mut start = span.start;
                for digits in self.text(span).split('.') {
                    let end = start + digits.len() as u32;
                    let text = self.names.get(digits);
                    steps.push(Step::Attr(Ident { text, span: Span { start, end, ..span } }));
                    start = end + 1;
                }
                Ok(())
            }
            _ => Err(self.report_missing_attribute_name()),
        }
    }

    fn report_missing_attribute_name(&mut self) -> Failed {
        let dot = self.previous();
        let found = self.describe(self.token());
        let mut problem = Diagnostic::error(
            "missing-attribute-name",
            "Missing attribute name",
            format!("A dot is followed by the name of an attribute, but here comes {found}."),
        )
        .at(dot);
        match self.token().kind {
            TokenKind::OpenQuote | TokenKind::OpenParen | TokenKind::InterpolationOpen => {
                problem = problem.hint("Write an index in brackets: `[\"name\"]`.");
            }
            TokenKind::Dot => {
                problem = problem.hint("Remove one of the dots, or write `...` after the last argument of a call.")
            }
            TokenKind::Star => {
                problem = problem.hint(
                    "A `.*` can't stand inside of another; write `[*]` for the first, which takes all that follows.",
                );
            }
            _ => problem = problem.hint("Write a name after the dot, or remove the dot."),
        }
        self.report(problem);
        Failed::Here
    }
}
