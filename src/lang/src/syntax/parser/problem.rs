//! The words of errors: how messages name what the user wrote, and errors that several parts of the parser report.

use std::sync::Arc;

use mesh_diagnostics::{Diagnostic, Span};
use unicode_normalization::UnicodeNormalization;

use super::character::is_invisible;
use super::{Failed, MAX_DEPTH, MAX_HEIGHT, Parser, Token, TokenKind};
use crate::syntax::ast::Ident;

impl Parser<'_> {
    /// A token as a person would name it.
    pub(super) fn describe(&self, token: Token) -> String {
        let text = self.text(token.span);
        match token.kind {
            TokenKind::Newline => "the end of the line".to_owned(),
            TokenKind::End | TokenKind::Cut => "the end of the text".to_owned(),
            TokenKind::Ident => format!("the name `{}`", self.short(token.span)),
            TokenKind::Number => format!("the number `{}`", self.short(token.span)),
            TokenKind::OpenQuote | TokenKind::ForeignQuoted | TokenKind::StringText => "a string".to_owned(),
            TokenKind::HeredocOpen => "a heredoc".to_owned(),
            TokenKind::CloseQuote | TokenKind::HeredocClose | TokenKind::TemplateText => {
                "the end of the text".to_owned()
            }
            TokenKind::Invalid => match text.chars().next() {
                Some(character) if character.is_control() || character.is_whitespace() || is_invisible(character) => {
                    format!("the character U+{:04X}", character as u32)
                }
                _ => format!("the character `{text}`"),
            },
            _ => format!("`{text}`"),
        }
    }

    /// The text of a span for use within a message.
    pub(super) fn short(&self, span: Span) -> String {
        let text = self.text(span);
        let line = text.lines().next().unwrap_or_default();
        if line.len() == text.len() && line.chars().count() <= 40 {
            return line.to_owned();
        }
        line.chars().take(36).chain(std::iter::once('…')).collect()
    }

    /// The meaning of a string's text, in NFC.
    pub(super) fn normal_text(&mut self, span: Span) -> Arc<str> {
        let text = self.string_text(span);
        if text.is_ascii() { self.names.get(&text) } else { text.nfc().collect::<String>().into() }
    }

    pub(super) fn report_too_deep(&mut self, at: Span) {
        self.too_deep = true;
        self.report(
            Diagnostic::error(
                "nesting-too-deep",
                "Expression or block too deep",
                format!(
                    "Here the nesting is deeper than {MAX_DEPTH} levels, or the chain of operators longer than {MAX_HEIGHT}."
                ),
            )
            .at(at)
            .hint("Take parts of it out into local values."),
        );
    }

    pub(super) fn report_single_operator(&mut self, meant: &str) {
        let token = self.token();
        let text = self.text(token.span);
        self.report(
            Diagnostic::error(
                "single-operator",
                "Incomplete operator",
                format!("`{text}` is no operator here; the logical one is written `{meant}`."),
            )
            .at(token.span)
            .hint(format!("Write `{meant}`.")),
        );
    }

    pub(super) fn report_incomplete_conditional(&mut self, question: Span) -> Failed {
        let token = self.token();
        if self.report_invalid_character(token) {
            return Failed::Here;
        }
        let found = self.describe(token);
        self.report(
            Diagnostic::error(
                "incomplete-conditional",
                "Incomplete conditional",
                format!("`condition ? a : b` needs both values; `:` must follow the first, but there is {found}."),
            )
            .at(question)
            .hint("Write `: null` if there is no other value."),
        );
        Failed::Here
    }

    /// Reports another sign where `=`, `:` or `=>` belongs.
    pub(super) fn report_wrong_assignment(&mut self, at: Span, expected: &str) {
        let text = self.text(at);
        let (code, detail) = match text {
            ":" => {
                ("colon-for-equals", "An argument is set with `=`; `:` stands in objects in braces only.".to_owned())
            }
            "==" => ("comparison-for-equals", "A value is set with a single `=`; `==` compares two values.".to_owned()),
            _ => ("arrow-for-equals", format!("{expected} belongs here, not `{text}`.")),
        };
        self.report(
            Diagnostic::error(code, "Wrong sign between name and value", detail)
                .at(at)
                .hint(format!("Write {expected}.")),
        );
    }

    /// Reports what follows a name at the start of a line and makes neither an argument nor a block of it.
    pub(super) fn report_after_name(&mut self, name: &Ident) {
        let token = self.token();
        if self.report_invalid_character(token) {
            return;
        }
        let text = &name.text;
        let found = self.describe(token);
        let problem = Diagnostic::error(
            "incomplete-item",
            "Incomplete argument or block",
            format!("`{text}` is followed by {found}; an argument needs `=` and a value, a block `{{` and `}}`."),
        );
        self.report(match token.kind {
            TokenKind::Dot | TokenKind::OpenBracket => problem.at(name.span.to(token.span)).hint(format!(
                "Only a bare name can be set; to set a part, give `{text}` the whole value: `{text} = {{ … }}`."
            )),
            TokenKind::OpenParen => {
                problem.at(name.span.to(token.span)).hint(format!("A call is a value; write `NAME = {text}(…)`."))
            }
            _ => problem
                .at(name.span.to(token.span))
                .hint(format!("Write `{text} = …` for an argument, `{text} {{ }}` for a block.")),
        });
    }
}
