//! Operators and conditionals. Both are read in loops, so that long chains don't take stack.

use super::{Failed, Parsed, Parser, TokenKind};
use crate::syntax::ast::{BinaryOp, Expr, ExprKind, UnaryOp};

/// An operand, its height, and the operator that follows it.
type Pending = (Expr, usize, BinaryOp);

impl Parser<'_> {
    /// Any expression.
    pub(super) fn expression(&mut self) -> Parsed<Expr> {
        self.descend()?;
        let expr = self.conditional();
        self.ascend();
        expr
    }

    /// `a`, or `a ? b : c`, of which `c` may be a conditional again.
    fn conditional(&mut self) -> Parsed<Expr> {
        let mut last = self.operation()?;
        if self.peek() != TokenKind::Question {
            return Ok(last);
        }
        let mut arms = Vec::new();
        let mut height = self.height;
        while let Some(question) = self.eat(TokenKind::Question) {
            let then = self.expression()?;
            height = height.max(self.height);
            if self.eat(TokenKind::Colon).is_none() {
                return Err(self.report_incomplete_conditional(last.span.to(question.span)));
            }
            let otherwise = self.operation()?;
            height = height.max(self.height);
            arms.push((std::mem::replace(&mut last, otherwise), then));
        }
        let levels = height + arms.len();
        let mut expr = last;
        if levels > super::MAX_HEIGHT {
            self.report_too_deep(expr.span);
            return Err(Failed::Beyond);
        }
        for (condition, then) in arms.into_iter().rev() {
            let span = condition.span.to(expr.span);
            let (condition, then, otherwise) = (Box::new(condition), Box::new(then), Box::new(expr));
            expr = Expr { kind: ExprKind::Conditional { condition, then, otherwise }, span };
        }
        self.height = levels;
        Ok(expr)
    }

    /// Operands joined by binary operators.
    fn operation(&mut self) -> Parsed<Expr> {
        let mut right = self.unary()?;
        let Some(mut operator) = self.binary_operator() else { return Ok(right) };
        // At most one operator of each precedence waits here.
        let mut pending: Vec<Pending> = Vec::new();
        loop {
            right = self.reduce(&mut pending, right, level(operator))?;
            pending.push((right, self.height, operator));
            self.take();
            right = self.unary()?;
            match self.binary_operator() {
                Some(next) => operator = next,
                None => return self.reduce(&mut pending, right, 0),
            }
        }
    }

    /// Joins `right` with the pending operands whose operators bind at least as tightly as `least`.
    fn reduce(&mut self, pending: &mut Vec<Pending>, mut right: Expr, least: u8) -> Parsed<Expr> {
        while pending.last().is_some_and(|(_, _, operator)| level(*operator) >= least)
            && let Some((left, height, operator)) = pending.pop()
        {
            let span = left.span.to(right.span);
            let kind = ExprKind::Binary(operator, Box::new(left), Box::new(right));
            right = self.build(kind, span, height.max(self.height))?;
        }
        Ok(right)
    }

    /// The binary operator that comes next, not taken. `&`, `|`, `and`, `or` are reported and read as what was meant.
    fn binary_operator(&mut self) -> Option<BinaryOp> {
        Some(match self.peek() {
            TokenKind::OrOr => BinaryOp::Or,
            TokenKind::AndAnd => BinaryOp::And,
            TokenKind::EqualEqual => BinaryOp::Equal,
            TokenKind::NotEqual => BinaryOp::NotEqual,
            TokenKind::Less => BinaryOp::Less,
            TokenKind::LessEqual => BinaryOp::LessOrEqual,
            TokenKind::Greater => BinaryOp::Greater,
            TokenKind::GreaterEqual => BinaryOp::GreaterOrEqual,
            TokenKind::Plus => BinaryOp::Add,
            TokenKind::Minus => BinaryOp::Subtract,
            TokenKind::Star => BinaryOp::Multiply,
            TokenKind::Slash => BinaryOp::Divide,
            TokenKind::Percent => BinaryOp::Modulo,
            TokenKind::Ident if self.at_word("and") => {
                self.report_single_operator("&&");
                BinaryOp::And
            }
            TokenKind::Ident if self.at_word("or") => {
                self.report_single_operator("||");
                BinaryOp::Or
            }
            TokenKind::And => {
                self.report_single_operator("&&");
                BinaryOp::And
            }
            TokenKind::Or => {
                self.report_single_operator("||");
                BinaryOp::Or
            }
            _ => return None,
        })
    }

    /// An operand with the signs before it.
    fn unary(&mut self) -> Parsed<Expr> {
        if !matches!(self.peek(), TokenKind::Minus | TokenKind::Bang) {
            return self.traversal();
        }
        let mut signs = Vec::new();
        while matches!(self.peek(), TokenKind::Minus | TokenKind::Bang) {
            let token = self.take();
            signs.push((if token.kind == TokenKind::Minus { UnaryOp::Negate } else { UnaryOp::Not }, token.span));
        }
        let mut expr = self.traversal()?;
        for (sign, span) in signs.into_iter().rev() {
            let span = span.to(expr.span);
            expr = self.build(ExprKind::Unary(sign, Box::new(expr)), span, self.height)?;
        }
        Ok(expr)
    }
}

/// How tightly an operator binds.
const fn level(operator: BinaryOp) -> u8 {
    match operator {
        BinaryOp::Or => 1,
        BinaryOp::And => 2,
        BinaryOp::Equal | BinaryOp::NotEqual => 3,
        BinaryOp::Less | BinaryOp::LessOrEqual | BinaryOp::Greater | BinaryOp::GreaterOrEqual => 4,
        BinaryOp::Add | BinaryOp::Subtract => 5,
        BinaryOp::Multiply | BinaryOp::Divide | BinaryOp::Modulo => 6,
    }
}
