//! Errors about what is opened and never closed: brackets, interpolations, blocks, comments.

use mesh_diagnostics::{Diagnostic, Span};

use super::{Failed, Parser, TokenKind};

impl Parser<'_> {
    /// Reports a comment that takes the rest of the source, and ends the tokens before it.
    pub(super) fn report_unclosed_comment(&mut self) {
        let Some(at) = self.tokens.iter().rposition(|token| !matches!(token.kind, TokenKind::End | TokenKind::Cut))
        else {
            return;
        };
        let token = self.tokens[at];
        if token.kind == TokenKind::UnclosedComment {
            self.end_reported = true;
            self.tokens.remove(at);
            self.report(
                Diagnostic::error(
                    "unclosed-comment",
                    "Unclosed comment",
                    "This comment is never closed: `*/` is missing at its end.",
                )
                .at(Span { end: token.span.start + 2, ..token.span })
                .hint("Write `#` to comment out one line."),
            );
        }
    }

    /// Reports that what was opened at `open` is never closed, unless what takes the rest of the source was already
    /// reported.
    pub(super) fn report_unclosed(&mut self, open: Span) -> Failed {
        self.peek();
        let token = self.token();
        if self.end_reported && token.kind == TokenKind::End {
            return Failed::Beyond;
        }
        let found = self.describe(token);
        let line = self.line(token.span.start);
        let sign = self.text(open);
        let (code, summary, close, name) = match sign.as_bytes().first() {
            Some(b'(') => ("unclosed-parenthesis", "Unclosed parenthesis", ")", "parenthesis"),
            Some(b'[') => ("unclosed-bracket", "Unclosed bracket", "]", "bracket"),
            Some(b'{') => ("unclosed-brace", "Unclosed brace", "}", "brace"),
            Some(b'%') => ("unclosed-directive-brace", "Unclosed `%{`", "}", "directive"),
            _ => ("unclosed-interpolation", "Unclosed `${`", "}", "interpolation"),
        };
        let detail = match token.kind {
            TokenKind::End | TokenKind::Cut | TokenKind::OpenQuote => {
                format!("This {name} is never closed: `{close}` is missing.")
            }
            _ => format!("This {name} is never closed: `{close}` is missing before {found} in line {line}."),
        };
        let mut problem = Diagnostic::error(code, summary, detail).at(open);
        if !matches!(token.kind, TokenKind::End) {
            problem = problem.within(open.to(token.span.at_start()));
        }
        if name == "interpolation" {
            problem = problem.hint("Write `$${` for the characters `${`.");
        }
        self.report(problem);
        Failed::Beyond
    }

    pub(super) fn report_unclosed_block(&mut self, header: Span) {
        if self.end_reported && self.token().kind == TokenKind::End {
            return;
        }
        let line = self.line(header.start);
        let name = self.short(header);
        let problem = Diagnostic::error(
            "unclosed-block",
            "Unclosed block",
            format!("The block `{name}` opened in line {line} is never closed: a `}}` is missing."),
        )
        .at(header);
        let token = self.token();
        let next = self.line(token.span.start);
        self.report(if token.kind == TokenKind::End {
            problem
        } else {
            problem
                .elsewhere("It should end before this", token.span)
                .hint(format!("By the indentation, the `}}` is missing before line {next}."))
        });
    }
}
