//! Strings, heredocs and bare templates: their pieces in a row, from which `directive` builds the tree.

use std::borrow::Cow;

use mesh_diagnostics::{Diagnostic, Span};
use mesh_value::Value;
use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfc_quick};

use super::text::template_text;
use super::{Failed, Parsed, Parser, TokenKind};
use crate::syntax::ast::{Expr, ExprKind, Ident, TemplatePart};

/// A piece of a template, in source order. `strip` says whether `~` stands at its start and at its end.
pub(super) enum Piece<'s> {
    Text(Cow<'s, str>, Span),
    Interpolation { expr: Expr, strip: (bool, bool) },
    Directive { directive: Directive, span: Span, strip: (bool, bool) },
}

/// What stands in `%{ }`.
pub(super) enum Directive {
    If(Expr),
    /// `else if`, reported; taken as an `else` with an `if` in it.
    ElseIf(Expr),
    Else,
    EndIf,
    For {
        key_var: Option<Ident>,
        value_var: Ident,
        collection: Expr,
    },
    EndFor,
    /// Reported.
    Invalid,
}

/// The pieces of a template and the height of the highest expression in them.
#[derive(Default)]
pub(super) struct Pieces<'s> {
    pub(super) list: Vec<Piece<'s>>,
    pub(super) height: usize,
}

impl<'s> Parser<'s> {
    /// `"text ${expression}"`
    pub(super) fn quoted(&mut self) -> Parsed<Expr> {
        let open = self.take().span;
        let text = self.eat(TokenKind::StringText);
        if let Some(close) = self.eat(TokenKind::CloseQuote) {
            let text = text.map_or(Cow::Borrowed(""), |text| self.string_text(text.span));
            self.height = 1;
            return Ok(Expr { kind: ExprKind::Literal(Value::string(text)), span: open.to(close.span) });
        }
        let mut pieces = Pieces::default();
        if let Some(text) = text {
            pieces.list.push(Piece::Text(self.string_text(text.span), text.span));
        }
        loop {
            let token = self.token();
            match token.kind {
                TokenKind::CloseQuote => {
                    self.take();
                    strip(&mut pieces.list);
                    return self.template(pieces, open.to(token.span));
                }
                TokenKind::StringText => {
                    self.take();
                    pieces.list.push(Piece::Text(self.string_text(token.span), token.span));
                }
                TokenKind::InterpolationOpen | TokenKind::DirectiveOpen => self.sequence(&mut pieces)?,
                _ => {
                    self.report_unclosed_string(open);
                    return self.cut_string(open);
                }
            }
        }
    }

    /// What stands for a string that ends with its line. Mostly just its quote is missing, so that a list can go on;
    /// but what closes the list may be in the text.
    fn cut_string(&mut self, open: Span) -> Parsed<Expr> {
        let span = open.to(self.token().span.at_start());
        let goes_on = self.token_at(self.index + 1).kind == TokenKind::Newline;
        if self.sequences > 0 || !goes_on || self.text(span).contains([')', ']', '}']) {
            return Err(Failed::Beyond);
        }
        self.take();
        Ok(self.invalid(span))
    }

    /// `<<EOT`, its lines, and the marker again.
    pub(super) fn heredoc(&mut self) -> Parsed<Expr> {
        let open = self.take().span;
        let marker = self.heredoc_marker(open);
        let mut pieces = Pieces::default();
        loop {
            let token = self.token();
            match token.kind {
                TokenKind::HeredocClose => {
                    self.take();
                    strip(&mut pieces.list);
                    if marker.indented {
                        super::heredoc::unindent(&mut pieces.list);
                    }
                    return self.template(pieces, open.to(token.span));
                }
                TokenKind::TemplateText => self.template_piece(&mut pieces),
                TokenKind::InterpolationOpen | TokenKind::DirectiveOpen => match self.sequence(&mut pieces) {
                    // An interpolation that was never closed ends with its line here.
                    Err(Failed::Beyond) if self.token().kind == TokenKind::Cut && !self.at_last_cut() => {
                        self.take();
                        let expr = self.invalid(token.span);
                        pieces.list.push(Piece::Interpolation { expr, strip: (false, false) });
                    }
                    other => other?,
                },
                _ => return Err(self.report_unclosed_heredoc(open, &marker)),
            }
        }
    }

    /// Template text without quotes, up to the end of the source.
    pub(super) fn bare_template(&mut self) -> Parsed<Expr> {
        let mut pieces = Pieces::default();
        loop {
            match self.token().kind {
                TokenKind::TemplateText => self.template_piece(&mut pieces),
                TokenKind::InterpolationOpen | TokenKind::DirectiveOpen => self.sequence(&mut pieces)?,
                _ => {
                    strip(&mut pieces.list);
                    return self.template(pieces, self.whole());
                }
            }
        }
    }

    fn template_piece(&mut self, pieces: &mut Pieces<'s>) {
        let span = self.take().span;
        pieces.list.push(Piece::Text(template_text(self.text(span)), span));
    }

    /// `${ }` or `%{ }`, the opening token being next.
    fn sequence(&mut self, pieces: &mut Pieces<'s>) -> Parsed<()> {
        let open = self.take();
        let newlines = std::mem::replace(&mut self.newlines, false);
        self.sequences += 1;
        self.peek();
        let first = self.token();
        let result = if open.kind == TokenKind::DirectiveOpen {
            self.directive(open.span).map(Err)
        } else {
            self.expression().map(Ok)
        };
        let height = self.height;
        let result = result.and_then(|inside| {
            let closed = self.peek() == TokenKind::TemplateClose;
            if closed { Ok(inside) } else { Err(self.report_unexpected(open.span, "`}`", false)) }
        });
        let result = match result {
            Err(Failed::Here) => self.skip_to(TokenKind::TemplateClose).map(|()| match open.kind {
                TokenKind::DirectiveOpen => Err(self.invalid_directive(first)),
                _ => Ok(self.invalid(open.span)),
            }),
            other => other,
        };
        self.newlines = newlines;
        self.sequences -= 1;
        let inside = result?;
        let close = self.take().span;
        pieces.height = pieces.height.max(height);
        let strip = (open.span.end - open.span.start > 2, close.end - close.start > 1);
        pieces.list.push(match inside {
            Ok(expr) => Piece::Interpolation { expr, strip },
            Err(directive) => Piece::Directive { directive, span: open.span.to(close), strip },
        });
        Ok(())
    }

    /// The expression of a template: a literal if it is text alone.
    fn template(&mut self, pieces: Pieces<'s>, span: Span) -> Parsed<Expr> {
        if pieces.list.iter().all(|piece| matches!(piece, Piece::Text(..))) {
            let texts = pieces.list.iter().map(|piece| if let Piece::Text(text, _) = piece { text } else { "" });
            self.height = 1;
            return Ok(Expr { kind: ExprKind::Literal(Value::string(texts.collect::<String>())), span });
        }
        let mut parts = Vec::with_capacity(pieces.list.len());
        let height = pieces.height + self.nest(pieces.list, &mut parts)?;
        self.build(ExprKind::Template(parts), span, height)
    }

    pub(super) fn report_unclosed_string(&mut self, open: Span) -> Failed {
        let end = self.token().span.at_start();
        if self.text(open.to(end)).contains('}') {
            self.swallowed_at = Some(self.line(open.start));
        }
        self.end_reported |= self.token_at(self.index + 1).kind == TokenKind::End;
        self.report(
            Diagnostic::error("unclosed-string", "Unclosed string", "This string is never closed: a `\"` is missing at its end.")
                .at(open)
                .within(open.to(end))
                .hint("Write `\\\"` for a quote inside of the string, `\\n` for a line break, or use a heredoc for several lines."),
        );
        Failed::Beyond
    }

    /// Whether the next token is the cut at the end of the source.
    fn at_last_cut(&self) -> bool {
        self.token_at(self.index + 1).kind == TokenKind::End
    }
}

/// Removes blanks beside `~` from the text next to it. In heredocs and bare templates a text is at most a line, so
/// that what is beyond the line break stays.
fn strip(pieces: &mut [Piece<'_>]) {
    for index in 0..pieces.len() {
        let (Piece::Interpolation { strip, .. } | Piece::Directive { strip, .. }) = &pieces[index] else { continue };
        let (before, after) = *strip;
        if before
            && index > 0
            && let Piece::Text(text, _) = &mut pieces[index - 1]
        {
            let kept = text.trim_end().len();
            shorten(text, 0, kept);
        }
        if after && let Some(Piece::Text(text, _)) = pieces.get_mut(index + 1) {
            let removed = text.len() - text.trim_start().len();
            shorten(text, removed, text.len());
        }
    }
}

/// Keeps only a range of a text.
pub(super) fn shorten(text: &mut Cow<'_, str>, start: usize, end: usize) {
    match text {
        Cow::Borrowed(borrowed) => *borrowed = &borrowed[start..end],
        Cow::Owned(owned) => {
            owned.truncate(end);
            owned.drain(..start);
        }
    }
}

/// A text in Unicode NFC, as a part of a template.
pub(super) fn literal(text: Cow<'_, str>, span: Span) -> TemplatePart {
    let is_normal = text.is_ascii() || is_nfc_quick(text.chars()) == IsNormalized::Yes;
    let text = if is_normal { text.into() } else { text.nfc().collect::<String>().into() };
    TemplatePart::Literal(text, span)
}
