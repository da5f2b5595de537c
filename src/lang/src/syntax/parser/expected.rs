//! Errors about what should come next: a value, or the end of an expression.

use mesh_diagnostics::{Diagnostic, Span};

use super::{Failed, Parser, Token, TokenKind};

impl Parser<'_> {
    /// Reports that an expression should come next.
    pub(super) fn report_missing_expression(&mut self) -> Failed {
        let token = self.token();
        if self.report_invalid_character(token) {
            return Failed::Here;
        }
        let found = self.describe(token);
        let before = if self.index > 0 { self.previous() } else { token.span.at_start() };
        let after = self.short(before);
        let (at, detail) = match token.kind {
            TokenKind::Newline | TokenKind::End | TokenKind::Cut if self.index > 0 => {
                (before, format!("After `{after}` a value must follow, but here is {found}."))
            }
            _ => (token.span, format!("A value belongs here, but there is {found}.")),
        };
        let problem = Diagnostic::error("missing-expression", "Missing expression", detail).at(at);
        self.report(match token.kind {
            TokenKind::Comma => problem.hint("Remove the comma, or write a value before it."),
            TokenKind::Dot if self.token_at(self.index + 1).kind == TokenKind::Number => {
                problem.hint("Write a zero before the point of a number: `0.5`.")
            }
            TokenKind::Plus => problem.hint("There is no `+` as a sign; remove it."),
            TokenKind::EqualEqual | TokenKind::Equal => problem.hint("Equality is written `==`."),
            TokenKind::Star => problem.hint("Powers are written `pow(2, 3)`."),
            TokenKind::Question | TokenKind::Colon if after == "?" => {
                problem.hint("A default for null is written `coalesce(a, b)`, one for an error `try(a, b)`.")
            }
            TokenKind::Slash => problem.hint("Texts stand in quotes, also paths: \"/path\"."),
            TokenKind::Semicolon => problem.hint("Remove the `;`, and write a value."),
            TokenKind::Newline => problem.hint("Values go on in the next line only inside of parentheses or brackets."),
            _ => problem.hint("Write a value; `null` stands for none."),
        });
        Failed::Here
    }

    /// Reports what can't follow a complete expression. `expected` is what the construct opened at `open` needs.
    pub(super) fn report_unexpected(&mut self, open: Span, expected: &str, list: bool) -> Failed {
        let token = self.token();
        let kind = token.kind;
        if matches!(kind, TokenKind::End | TokenKind::Cut) || kind.closes() || self.at_item() {
            return self.report_unclosed(open);
        }
        if self.text(open).starts_with(['$', '%']) && self.is_cut() {
            return self.report_unclosed(open);
        }
        if list && (kind.starts_expression() || kind == TokenKind::Newline) && !self.at_operator_word() {
            let found = self.describe(token);
            let before = self.previous();
            self.report(
                Diagnostic::error(
                    "missing-comma",
                    "Missing comma",
                    format!("Elements are separated by commas, but here {found} follows the one before."),
                )
                .at(token.span)
                .within(before.to(token.span))
                .hint(format!("Write {expected} before it.")),
            );
            // What follows may well be a whole element.
            return Failed::Here;
        }
        self.report_foreign(token, expected);
        Failed::Here
    }

    /// Reports what can't follow the value of an argument.
    pub(super) fn report_after_expression(&mut self, expected: &str) {
        let token = self.token();
        self.report_foreign(token, expected);
    }

    /// Reports a token after an expression, with what its author may have meant.
    fn report_foreign(&mut self, token: Token, expected: &str) {
        if self.report_invalid_character(token) {
            return;
        }
        let text = self.text(token.span);
        let found = self.describe(token);
        let detail = format!("After this expression {expected} must follow, but there is {found}.");
        let problem =
            Diagnostic::error("unexpected-token", "Unexpected text after an expression", detail).at(token.span);
        let problem = match (token.kind, text) {
            (TokenKind::Equal, _) if self.previous().end == token.span.start => {
                problem.hint("Equality is `==`, inequality `!=`.")
            }
            (TokenKind::Equal, _) => {
                problem.hint("Equality is written `==`; a value can't be assigned inside of an expression.")
            }
            (TokenKind::Semicolon, _) => {
                problem.hint("Remove the `;`: a line break ends an argument, a comma an element.")
            }
            _ if self.text(self.previous()) == "not" => problem.hint("Write `!` before what is negated."),
            _ if self.text(self.previous()) == "if" => problem.hint("Write `condition ? a : b`."),
            (TokenKind::Ident, "is" | "eq") => problem.hint("Write `==`."),
            (TokenKind::Ident, "in") => problem.hint("Write `contains(list, value)`."),
            (TokenKind::Ident, "if") => {
                problem.hint("Write `condition ? a : b`; `if` stands in `for` expressions and templates only.")
            }
            (TokenKind::Ident, "else") => problem.hint("Write `condition ? a : b`."),
            (TokenKind::Colon, _) if self.source[token.span.end as usize..].starts_with("//") => {
                problem.hint("Texts stand in quotes, also addresses: \"https://example.com\".")
            }
            (TokenKind::Colon, _) => {
                problem.hint("`:` belongs to `condition ? a : b`, to `for` expressions and to objects in braces.")
            }
            (TokenKind::FatArrow | TokenKind::ThinArrow, _) => {
                problem.hint("`=>` stands only in `for` expressions in braces: `{for k, v in c : k => v}`.")
            }
            (TokenKind::Ellipsis, _) => problem.hint("`...` stands after the last argument of a call."),
            (TokenKind::OpenQuote, _) if self.previous().end == token.span.start => {
                let name = self.short(self.previous());
                problem.hint(format!("The quote that opens the string is missing: write `\"` before `{name}`."))
            }
            (TokenKind::OpenQuote | TokenKind::HeredocOpen, _) => {
                problem.hint("Texts are joined inside of one string: `\"${a} and ${b}\"`.")
            }
            (TokenKind::OpenParen, _) => problem.hint("Only a function's name can be followed by `(`."),
            (TokenKind::Comma, _) if expected == "`)`" => {
                problem.hint("Parentheses hold one value; write a list in brackets: `[a, b]`.")
            }
            (TokenKind::Ident, _) if self.previous_is_name() => {
                problem.hint("Write a text in quotes; or an operator, a comma or a line break is missing before this.")
            }
            (kind, _) if kind.starts_expression() => {
                problem.hint("Before it an operator, a comma or a line break may be missing.")
            }
            _ => problem.hint("Remove it, or complete the expression."),
        };
        self.report(problem);
    }

    fn previous_is_name(&self) -> bool {
        self.index > 0 && self.tokens[self.index - 1].kind == TokenKind::Ident
    }

    /// Whether the lexer gave up on the interpolation or directive that the parser is in.
    pub(super) fn is_cut(&self) -> bool {
        let mut depth = 0_usize;
        for token in &self.tokens[self.index..] {
            match token.kind {
                TokenKind::Cut => return true,
                TokenKind::TemplateClose if depth == 0 => return false,
                TokenKind::InterpolationOpen | TokenKind::DirectiveOpen => depth += 1,
                TokenKind::TemplateClose => depth -= 1,
                _ => {}
            }
        }
        true
    }

    /// Whether the next token is a word that is an operator in other languages.
    pub(super) fn at_operator_word(&mut self) -> bool {
        self.peek() == TokenKind::Ident && matches!(self.text(self.token().span), "is" | "eq" | "in" | "if" | "else")
    }
}
