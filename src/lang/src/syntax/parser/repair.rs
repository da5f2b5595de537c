//! Finds which brace is missing, by indentation. Only a file whose braces don't match is read so: indentation has no
//! meaning in the language, and a wrong one is no error.

use mesh_diagnostics::{Diagnostic, Span};

use super::{Parser, TokenKind};

/// How many closing braces may still be imagined.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Repair {
    budget: usize,
    /// How many closing braces may still be taken for one too many.
    surplus: usize,
    /// The token before which a brace was imagined last.
    pub(super) closed_at: Option<usize>,
    /// The first closing brace since the last block at the top that isn't indented like its block, and that block.
    pub(super) suspect: Option<(Span, Span)>,
}

impl Repair {
    pub(super) fn with_budget(budget: usize, surplus: usize) -> Self {
        Self { budget, surplus, ..Self::default() }
    }
}

/// A block or object whose closing brace is to come.
pub(super) struct Opened {
    /// The block's header, or the object's brace.
    pub(super) at: Span,
    /// The block's type.
    pub(super) kind: Option<Span>,
    /// Whether something in it is indented deeper than the line on which it was opened.
    pub(super) indented: bool,
}

impl Opened {
    pub(super) fn new(at: Span, kind: Option<Span>) -> Self {
        Self { at, kind, indented: false }
    }
}

impl Parser<'_> {
    /// Whether the closing brace of what is `opened` belongs before the next token, going by indentation.
    pub(super) fn repair_closes(&mut self, opened: &mut Opened) -> bool {
        if self.repair.budget == 0 || !self.starts_line(self.index) {
            return false;
        }
        let token = self.token();
        let column = self.indentation(token.span.start);
        let outer = self.indentation(opened.at.start);
        let closes = match token.kind {
            TokenKind::CloseBrace => column < outer,
            TokenKind::Ident if self.is_item(self.index) => {
                let same_kind = opened.kind.is_some_and(|kind| self.text(kind) == self.text(token.span));
                column < outer || column == outer && (opened.indented || same_kind && self.is_header(self.index))
            }
            _ => false,
        };
        opened.indented |= column > outer;
        if closes {
            self.repair.budget -= 1;
            self.repair.closed_at = Some(self.index);
        }
        closes
    }

    /// Takes the closing brace that is next if it is one too many, going by the layout: it stands behind something on a
    /// line of a block whose brace has its own line, or deeper than the block that it would close.
    pub(super) fn surplus_brace(&mut self, header: Span) -> bool {
        let brace = self.token().span;
        let starts_line = self.starts_line(self.index);
        let deeper = self.indentation(brace.start) > self.indentation(header.start);
        let is_surplus = self.repair.surplus > 0 && (!starts_line || deeper);
        if is_surplus {
            self.repair.surplus -= 1;
            self.take();
            self.report(
                Diagnostic::error(
                    "stray-brace",
                    "Unexpected closing brace",
                    "This `}` is one too many: it would close the block around, which ends further down.",
                )
                .at(brace)
                .elsewhere("The block around starts here", header)
                .hint("Remove it."),
            );
        }
        is_surplus
    }

    /// Notes a closing brace that isn't indented like the block that it closes.
    pub(super) fn suspect_brace(&mut self, header: Span, brace: Span) {
        if self.depth == 0 {
            self.repair.suspect = None;
        }
        if self.repair.suspect.is_none() && self.indentation(brace.start) > self.indentation(header.start) {
            let before = &self.source.as_bytes()[..brace.start as usize];
            let alone = before.iter().rev().find(|byte| !matches!(byte, b' ' | b'\t'));
            if matches!(alone, None | Some(b'\n')) {
                self.repair.suspect = Some((brace, header));
            }
        }
    }
}
