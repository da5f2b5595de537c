//! Blocks: type, labels, braces.

use std::sync::Arc;

use mesh_diagnostics::{Diagnostic, Span};

use super::body::{Enclosing, Layout, Next};
use super::repair::Opened;
use super::{Parser, TokenKind};
use crate::syntax::ast::{Block, Ident, Label};

impl Parser<'_> {
    /// A block whose type is taken; the first token of all is at `start`. Returns also what may
    /// follow.
    pub(super) fn block(&mut self, kind: Ident, start: usize) -> (Option<Block>, Next) {
        let Some(labels) = self.labels(&kind) else { return (None, Next::Rest) };
        let header = labels.last().map_or(kind.span, |label| kind.span.to(label.span));
        let brace = if self.token().kind == TokenKind::OpenBrace { self.take().span } else { header.at_end() };
        let doubled = self.double_brace(brace);
        if self.descend().is_err() {
            self.index = start;
            self.skip_block();
            return (None, Next::LineEnd);
        }
        let layout = match self.peek() {
            TokenKind::Newline | TokenKind::CloseBrace | TokenKind::End => Layout::Lines,
            _ => Layout::OneLine,
        };
        let opened = Opened::new(header, Some(kind.span));
        let (body, closed) = self.body(Some(Enclosing { opened, layout }));
        self.ascend();
        let mut span = kind.span.to(brace).to(body.span);
        if closed {
            let close = self.take().span;
            self.suspect_brace(header, close);
            self.double_close(doubled);
            span = span.to(close);
        }
        let next = if closed { Next::LineEnd } else { Next::Anything };
        (Some(Block { kind, labels, body, header, span }), next)
    }

    /// The labels up to the opening brace, which stays. `None` where no block can be made of it.
    fn labels(&mut self, kind: &Ident) -> Option<Vec<Label>> {
        let mut labels = Vec::new();
        loop {
            match self.peek() {
                TokenKind::OpenBrace => return Some(labels),
                TokenKind::Ident => {
                    let name = self.take_name();
                    labels.push(Label { text: name.text, span: name.span });
                }
                TokenKind::OpenQuote => {
                    labels.push(self.label()?);
                    // `"label {` was never closed; the brace is in its text.
                    if self.token().kind == TokenKind::Cut {
                        return Some(labels);
                    }
                }
                TokenKind::Number => {
                    let span = self.take().span;
                    self.report_number_label(span);
                    labels.push(Label { text: self.text(span).into(), span });
                }
                TokenKind::ForeignQuoted => {
                    let span = self.take().span;
                    self.report_foreign_quotes(span);
                    labels.push(Label { text: self.foreign_text(span).into(), span });
                }
                TokenKind::Equal
                    if self.token_at(self.index + 1).kind == TokenKind::OpenBrace && !labels.is_empty() =>
                {
                    self.report_block_with_equals(kind);
                    self.take();
                }
                TokenKind::Newline if self.token_at(self.index + 1).kind == TokenKind::OpenBrace => {
                    self.report_brace_on_next_line(kind.span.to(self.previous()));
                    self.take();
                }
                TokenKind::Newline | TokenKind::CloseBrace
                    if self.content_without_brace(kind.span) || self.peek() == TokenKind::CloseBrace =>
                {
                    let header = kind.span.to(self.previous());
                    let example = format!("{} {{", self.short(header));
                    self.report_missing_brace(header, &example);
                    return Some(labels);
                }
                // `output "x" value = 1 }`: the last label is the name of an argument.
                TokenKind::Equal if self.argument_of_block(&labels) => {
                    self.index -= 1;
                    labels.pop();
                    let header = kind.span.to(self.previous());
                    let example = format!("{} {{", self.short(header));
                    self.report_missing_brace(header, &example);
                    return Some(labels);
                }
                _ => {
                    self.report_incomplete_block(kind, &labels);
                    return None;
                }
            }
        }
    }

    /// Whether the last label, before `=`, is an argument on the line of a block whose opening brace is missing.
    fn argument_of_block(&mut self, labels: &[Label]) -> bool {
        let is_name = self.index > 0 && self.token_at(self.index - 1).kind == TokenKind::Ident && !labels.is_empty();
        if !is_name {
            return false;
        }
        let equal = self.index;
        self.index -= 1;
        let found = self.object_without_brace();
        self.index = equal;
        found
    }

    /// A quoted label, without interpolation.
    fn label(&mut self) -> Option<Label> {
        let open = self.take().span;
        let text = self.eat(TokenKind::StringText);
        let text: Arc<str> = text.map_or_else(|| "".into(), |text| self.normal_text(text.span));
        match self.peek() {
            TokenKind::CloseQuote => Some(Label { text, span: open.to(self.take().span) }),
            TokenKind::InterpolationOpen | TokenKind::DirectiveOpen => {
                let found = self.token().span;
                let closed = self.skip_to(TokenKind::CloseQuote).is_ok();
                self.report(
                    Diagnostic::error(
                        "label-interpolation",
                        "Interpolation in a label",
                        "A block's label is a name that is known before anything is evaluated, so it can't hold `${ }` or `%{ }`.",
                    )
                    .at(found.to(self.token().span.at_start()))
                    .hint("Write a fixed label; to make several blocks of one, use `for_each`."),
                );
                closed.then(|| Label { text, span: open.to(self.take().span) })
            }
            _ => {
                self.report_unclosed_string(open);
                let text = text.trim_end().strip_suffix('{')?.trim_end().into();
                Some(Label { text, span: open.to(self.token().span.at_start()) })
            }
        }
    }

    /// Whether a name in quotes stands here where a bare one belongs.
    pub(super) fn quoted_name_follows(&self) -> bool {
        let after = match self.token().kind {
            TokenKind::ForeignQuoted => 1,
            _ if self.token_at(self.index + 2).kind == TokenKind::CloseQuote => 3,
            _ => return false,
        };
        let next = self.token_at(self.index + after).kind;
        super::collection::is_assignment(next) || matches!(next, TokenKind::OpenBrace | TokenKind::OpenQuote)
    }

    /// A name in quotes, reported and taken.
    pub(super) fn quoted_name(&mut self) -> Ident {
        let first = self.take();
        let (text, span): (Arc<str>, Span) = if first.kind == TokenKind::ForeignQuoted {
            (self.foreign_text(first.span).into(), first.span)
        } else {
            let inside = self.take().span;
            (self.normal_text(inside), first.span.to(self.take().span))
        };
        let is_block = matches!(self.token().kind, TokenKind::OpenBrace | TokenKind::OpenQuote);
        let what = if is_block { "block's type" } else { "argument's name" };
        let problem = Diagnostic::error(
            "quoted-name",
            "Name in quotes",
            format!("The {what} is written without quotes; only labels and keys of objects may have them."),
        )
        .at(span);
        self.report(if is_block {
            problem.hint(format!("Write `{text} … {{`."))
        } else {
            problem.hint(format!("Write `{text} = …`. JSON stands in files that end in `.mesh.json` or `.tf.json`."))
        });
        Ident { text, span }
    }

    /// Skips a block from its type to its closing brace.
    fn skip_block(&mut self) {
        let mut depth = 0_usize;
        loop {
            let kind = self.take().kind;
            match kind {
                TokenKind::End => {
                    self.end_reported = true;
                    return;
                }
                TokenKind::OpenBrace => depth += 1,
                TokenKind::CloseBrace => {
                    depth = depth.saturating_sub(1);
                    if depth == 0 {
                        return;
                    }
                }
                _ => {}
            }
        }
    }

    fn report_block_with_equals(&mut self, kind: &Ident) {
        let at = self.token().span;
        let name = &kind.text;
        self.report(
            Diagnostic::error(
                "block-with-equals",
                "Block with `=`",
                format!("`{name}` has labels, so it is a block, and a block has no `=` before its brace."),
            )
            .at(at)
            .within(kind.span.to(at))
            .hint("Remove the `=`."),
        );
    }

    fn report_brace_on_next_line(&mut self, header: Span) {
        let brace = self.token_at(self.index + 1).span;
        self.report(
            Diagnostic::error(
                "brace-on-next-line",
                "Opening brace on the next line",
                "The opening brace of a block must stand on the line of its type and labels.",
            )
            .at(brace)
            .within(header.to(brace))
            .hint(format!("Write `{} {{`.", self.short(header))),
        );
    }

    fn report_incomplete_block(&mut self, kind: &Ident, labels: &[Label]) {
        let name = &kind.text;
        let token = self.token();
        let found = self.describe(token);
        let header = kind.span.to(self.previous());
        if let [label] = labels
            && matches!(token.kind, TokenKind::Newline | TokenKind::End)
        {
            let value = self.short(label.span);
            return self.report(
                Diagnostic::error(
                    "missing-equals",
                    "Missing `=`",
                    format!("`{name}` is followed by a value without `=`, or is a block without its braces."),
                )
                .at(header)
                .hint(format!("Write `{name} = {value}` for an argument, `{name} {value} {{ }}` for a block.")),
            );
        }
        let problem = Diagnostic::error(
            "incomplete-item",
            "Incomplete argument or block",
            format!(
                "`{}` is followed by {found}; an argument needs `=` and a value, a block `{{` and `}}`.",
                self.short(header)
            ),
        )
        .at(header);
        self.report(match token.kind {
            _ if matches!(name.as_ref(), "if" | "for" | "while" | "foreach") => problem.hint(
                "There are no statements; what exists under a condition has `count = condition ? 1 : 0` in its block, and `for_each` makes several.",
            ),
            TokenKind::Equal => problem.hint("Only one name may stand before `=`; words are joined with `_`."),
            TokenKind::Newline | TokenKind::End if labels.is_empty() => {
                problem.hint(format!("Write `{name} = …` for an argument, `{name} {{ }}` for a block."))
            }
            TokenKind::Newline | TokenKind::End => problem
                .hint("Write `{` at the end of this line, and `}` on a line of its own behind the block's content."),
            _ => problem.hint("Labels are names or strings, without anything between them."),
        });
    }

    fn report_number_label(&mut self, span: Span) {
        let text = self.text(span);
        self.report(
            Diagnostic::error(
                "number-label",
                "Number as a label",
                format!("A label is a name or a string, but here is the number `{text}`."),
            )
            .at(span)
            .hint(format!("Write \"{text}\".")),
        );
    }
}
