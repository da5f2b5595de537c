//! `%{ }` directives, and the tree that they make of a template's pieces.

use std::borrow::Cow;

use mesh_diagnostics::{Diagnostic, Span};

use super::forms::ForIntro;
use super::template::{Directive, Piece, literal};
use super::{Failed, MAX_DEPTH, Parsed, Parser, Token, TokenKind};
use crate::syntax::ast::{Expr, Ident, TemplatePart};

/// A directive that waits for its end.
struct Open {
    head: Head,
    span: Span,
    /// What stood before it on its level.
    before: Vec<TemplatePart>,
}

enum Head {
    If { condition: Expr },
    Else { condition: Expr, then: Vec<TemplatePart>, chained: bool },
    For { key_var: Option<Ident>, value_var: Ident, collection: Expr },
}

impl Parser<'_> {
    /// What stands in `%{ }`, up to the closing brace.
    pub(super) fn directive(&mut self, open: Span) -> Parsed<Directive> {
        self.height = 0;
        self.peek();
        let token = self.token();
        let word = if token.kind == TokenKind::Ident { self.text(token.span) } else { "" };
        if word == "for" {
            let ForIntro { key_var, value_var, collection } = self.for_intro()?;
            return Ok(Directive::For { key_var, value_var, collection });
        }
        if word.is_empty() {
            return Err(self.report_unknown_directive(open, token));
        }
        self.take();
        match word {
            "if" => Ok(Directive::If(self.expression()?)),
            "else" if self.at_word("if") => {
                let both = token.span.to(self.take().span);
                self.report_else_if(both);
                Ok(Directive::ElseIf(self.expression()?))
            }
            "elif" | "elseif" | "elsif" => {
                self.report_else_if(token.span);
                Ok(Directive::ElseIf(self.expression()?))
            }
            "else" => Ok(Directive::Else),
            "endif" => Ok(Directive::EndIf),
            "endfor" => Ok(Directive::EndFor),
            _ => Err(self.report_unknown_directive(open, token)),
        }
    }

    /// Builds the tree of a template's pieces into `parts`; returns how many levels of directives it has.
    pub(super) fn nest(&mut self, pieces: Vec<Piece<'_>>, parts: &mut Vec<TemplatePart>) -> Parsed<usize> {
        let mut open: Vec<Open> = Vec::new();
        let mut levels = 0;
        let single = pieces.len() == 1;
        let mut run: Option<(Cow<'_, str>, Span)> = None;
        for piece in pieces {
            let piece = match (piece, &mut run) {
                (Piece::Text(text, span), Some((before, whole))) => {
                    before.to_mut().push_str(&text);
                    *whole = whole.to(span);
                    continue;
                }
                (Piece::Text(text, span), None) => {
                    run = Some((text, span));
                    continue;
                }
                (other, _) => other,
            };
            append(parts, run.take());
            match piece {
                Piece::Text(..) => {}
                Piece::Interpolation { expr, .. } => parts.push(TemplatePart::Interpolation(expr)),
                Piece::Directive { directive, span, .. } => {
                    self.apply(directive, span, parts, &mut open);
                    levels = levels.max(open.len());
                    if open.len() + self.depth > MAX_DEPTH {
                        self.report_too_deep(span);
                        return Err(Failed::Beyond);
                    }
                }
            }
        }
        append(parts, run);
        // An interpolation beside text is a string, also where `~` left nothing of the text.
        if let [TemplatePart::Interpolation(expr)] = &parts[..]
            && !single
        {
            parts.push(TemplatePart::Literal("".into(), expr.span.at_end()));
        }
        let unclosed = !open.is_empty();
        while let Some(waiting) = open.pop() {
            let chained = matches!(waiting.head, Head::Else { chained: true, .. });
            if open.is_empty() || !chained {
                self.report_unclosed_directive(&waiting);
            }
            let end = waiting.span.at_end();
            close(waiting, end, parts);
        }
        if unclosed { Err(Failed::Here) } else { Ok(levels) }
    }

    fn apply(&mut self, directive: Directive, span: Span, parts: &mut Vec<TemplatePart>, open: &mut Vec<Open>) {
        let mut enter = |head| open.push(Open { head, span, before: std::mem::take(parts) });
        match directive {
            Directive::If(condition) => enter(Head::If { condition }),
            Directive::For { key_var, value_var, collection } => enter(Head::For { key_var, value_var, collection }),
            Directive::Else | Directive::ElseIf(_) => match open.pop() {
                Some(Open { head: Head::If { condition }, span: start, before }) => {
                    let then = std::mem::take(parts);
                    let chained = matches!(directive, Directive::ElseIf(_));
                    open.push(Open { head: Head::Else { condition, then, chained }, span: start, before });
                    if let Directive::ElseIf(condition) = directive {
                        open.push(Open { head: Head::If { condition }, span, before: Vec::new() });
                    }
                }
                other => {
                    open.extend(other);
                    self.report_stray_directive("else", span, open);
                }
            },
            Directive::EndIf => {
                if !self.reach(open, parts, span, |head| !matches!(head, Head::For { .. })) {
                    return self.report_stray_directive("endif", span, open);
                }
                // One end closes an `else if` with all that it stands in.
                while let Some(waiting) = open.pop() {
                    close(waiting, span, parts);
                    if !open.last().is_some_and(|next| matches!(next.head, Head::Else { chained: true, .. })) {
                        break;
                    }
                }
            }
            Directive::EndFor => {
                if self.reach(open, parts, span, |head| matches!(head, Head::For { .. })) {
                    open.pop().into_iter().for_each(|waiting| close(waiting, span, parts));
                } else {
                    self.report_stray_directive("endfor", span, open);
                }
            }
            Directive::Invalid => {}
        }
    }

    /// Makes the innermost directive of a kind the last one that waits: those inside of it lack their end, and are
    /// reported and closed. Returns whether there is one.
    fn reach(
        &mut self,
        open: &mut Vec<Open>,
        parts: &mut Vec<TemplatePart>,
        end: Span,
        kind: fn(&Head) -> bool,
    ) -> bool {
        let Some(at) = open.iter().rposition(|waiting| kind(&waiting.head)) else { return false };
        while open.len() > at + 1
            && let Some(waiting) = open.pop()
        {
            self.report_unclosed_directive(&waiting);
            close(waiting, end.at_start(), parts);
        }
        true
    }

    /// What a directive with an error in it was, by its first word, so that its end isn't an error too.
    pub(super) fn invalid_directive(&mut self, first: Token) -> Directive {
        let expr = self.invalid(first.span);
        match self.text(first.span) {
            "if" => Directive::If(expr),
            "for" => {
                let value_var = Ident { text: self.names.get("for"), span: first.span };
                Directive::For { key_var: None, value_var, collection: expr }
            }
            "else" => Directive::Else,
            "endif" => Directive::EndIf,
            "endfor" => Directive::EndFor,
            _ => Directive::Invalid,
        }
    }

    fn report_unknown_directive(&mut self, open: Span, found: Token) -> Failed {
        let text = self.describe(found);
        self.report(
            Diagnostic::error(
                "unknown-directive",
                "Unknown template directive",
                format!("`%{{` starts a directive: `if`, `else`, `endif`, `for` or `endfor`; but here comes {text}."),
            )
            .at(open.to(found.span))
            .hint("Write `%%{` for the characters `%{`, or `${ }` to insert a value."),
        );
        Failed::Here
    }

    fn report_else_if(&mut self, at: Span) {
        self.report(
            Diagnostic::error(
                "else-if",
                "No `else if` in templates",
                "A template has `if`, `else` and `endif`, but no `else if`.",
            )
            .at(at)
            .hint("Write `%{ else }%{ if … }` and one `%{ endif }` more."),
        );
    }

    fn report_stray_directive(&mut self, word: &str, at: Span, open: &[Open]) {
        let detail = match open.last() {
            Some(Open { head: Head::For { .. }, span, .. }) => {
                let line = self.line(span.start);
                format!(
                    "`{word}` can't end the `for` directive of line {line}, which is still open; that needs `%{{ endfor }}`."
                )
            }
            Some(Open { span, .. }) => {
                let line = self.line(span.start);
                format!(
                    "`{word}` doesn't fit the `if` directive of line {line}, which is still open; that needs `%{{ endif }}`."
                )
            }
            None => format!("`{word}` belongs to a directive before it in the same template, but none is open."),
        };
        let hint = if open.is_empty() {
            "Remove it, or write the directive that it belongs to before it.".to_owned()
        } else {
            format!("Remove it, or write what ends the open one before `%{{ {word} }}`.")
        };
        self.report(Diagnostic::error("stray-directive", "Misplaced template directive", detail).at(at).hint(hint));
    }

    fn report_unclosed_directive(&mut self, open: &Open) {
        let (word, end) = if matches!(open.head, Head::For { .. }) { ("for", "endfor") } else { ("if", "endif") };
        self.report(
            Diagnostic::error(
                "unclosed-directive",
                "Unclosed template directive",
                format!("This `{word}` directive is never ended within its template."),
            )
            .at(open.span)
            .hint(format!("Write `%{{ {end} }}` behind what it applies to.")),
        );
    }
}

/// Adds text unless it is empty.
fn append(parts: &mut Vec<TemplatePart>, run: Option<(Cow<'_, str>, Span)>) {
    if let Some((text, span)) = run
        && !text.is_empty()
    {
        parts.push(literal(text, span));
    }
}

/// Ends a directive: what `parts` holds is its body, and it becomes the last part of what stood before it.
fn close(open: Open, end: Span, parts: &mut Vec<TemplatePart>) {
    let body = std::mem::replace(parts, open.before);
    let span = open.span.to(end);
    parts.push(match open.head {
        Head::If { condition } => TemplatePart::If { condition, then: body, otherwise: Vec::new(), span },
        Head::Else { condition, then, .. } => TemplatePart::If { condition, then, otherwise: body, span },
        Head::For { key_var, value_var, collection } => {
            TemplatePart::For { key_var, value_var, collection, body, span }
        }
    });
}
