//! Errors in how arguments and blocks are laid out: separators, line breaks, stray brackets.

use mesh_diagnostics::{Diagnostic, Span};

use super::{Parser, TokenKind};
use crate::syntax::ast::Ident;

impl Parser<'_> {
    pub(super) fn report_semicolon(&mut self) {
        let at = self.token().span;
        self.report(
            Diagnostic::error(
                "semicolon",
                "Semicolon",
                "Arguments and blocks aren't separated by `;`; each stands on its own line.",
            )
            .at(at)
            .hint("Remove the `;`, or replace it by a line break."),
        );
    }

    pub(super) fn report_comma(&mut self) {
        let at = self.token().span;
        self.report(
            Diagnostic::error(
                "unexpected-comma",
                "Comma after an argument",
                "Arguments and blocks aren't separated by commas; each stands on its own line.",
            )
            .at(at)
            .hint("Remove the comma, or replace it by a line break."),
        );
    }

    pub(super) fn report_missing_newline(&mut self) {
        let found = self.describe(self.token());
        let before = self.previous();
        self.report(
            Diagnostic::error(
                "missing-newline",
                "Missing line break",
                format!("Each argument and block stands on its own line, but on this one {found} follows."),
            )
            .at(self.token().span)
            .within(before.to(self.token().span))
            .hint("Put it on a new line."),
        );
    }

    pub(super) fn report_one_line(&mut self, header: Span) {
        self.report(
            Diagnostic::error(
                "one-line-block",
                "Invalid block on one line",
                "A block whose content starts on the line of its brace holds exactly one argument, and ends on that line.",
            )
            .at(header)
            .hint("Put a line break after `{`, each argument on its own line, and `}` on a line of its own."),
        );
    }

    pub(super) fn report_yaml(&mut self, name: &Ident) {
        let at = self.token().span;
        let text = &name.text;
        let detail = format!("`{text}:` with indented lines below is YAML; here blocks and objects stand in braces.");
        self.report(
            Diagnostic::error("colon-for-equals", "Wrong sign between name and value", detail)
                .at(name.span.to(at))
                .hint(format!("Write `{text} {{ … }}` for a block, `{text} = {{ … }}` for an object.")),
        );
    }

    /// Takes the marks of a merge conflict, which are reported once, and what stands in the second version.
    pub(super) fn conflict_marks(&mut self) -> bool {
        let at = self.token().span;
        let line = self.source[at.start as usize..].lines().next().unwrap_or_default();
        let starts = line.starts_with("<<<<<<< ");
        if !self.starts_line(self.index) || !starts && !line.starts_with("=======") && !line.starts_with(">>>>>>> ") {
            return false;
        }
        let mut end = self.line_end(self.index);
        if starts {
            let span = Span { end: at.start + line.len() as u32, ..at };
            let detail = "Git wrote these marks where two versions of the file differ; one of them must be chosen.";
            self.report(
                Diagnostic::error("merge-conflict", "Unresolved merge conflict", detail)
                    .at(span)
                    .hint("Keep the right lines, and remove those with `<<<<<<<`, `=======` and `>>>>>>>`."),
            );
        } else if line.starts_with("=======") {
            let rest = &self.source[at.start as usize..];
            let until = rest.find("\n>>>>>>> ").map_or(self.source.len(), |length| at.start as usize + length + 1);
            while self.token_at(end).kind != TokenKind::End && (self.token_at(end).span.start as usize) < until {
                end += 1;
            }
        }
        self.index = end;
        true
    }

    pub(super) fn report_wrong_bracket(&mut self, open: Span, close: TokenKind) {
        let at = self.token().span;
        let (text, opening) = (self.text(at), self.text(open));
        let right = match close {
            TokenKind::CloseParen => ")",
            TokenKind::CloseBracket => "]",
            _ => "}",
        };
        let detail = format!("This `{text}` doesn't close the `{opening}` before it.");
        self.report(
            Diagnostic::error("stray-bracket", "Wrong closing bracket", detail)
                .at(at)
                .within(open.to(at))
                .hint(format!("Write `{right}`.")),
        );
    }

    pub(super) fn report_stray_bracket(&mut self) {
        let token = self.token();
        let text = self.text(token.span);
        self.report(
            Diagnostic::error(
                "stray-bracket",
                "Unexpected closing bracket",
                format!("This `{text}` closes nothing: none is open here."),
            )
            .at(token.span)
            .hint("Remove it, or add the opening one."),
        );
    }

    pub(super) fn report_stray_brace(&mut self) {
        let at = self.previous();
        let problem = Diagnostic::error(
            "stray-brace",
            "Unexpected closing brace",
            "This `}` closes nothing: no block is open here.",
        )
        .at(at);
        let suspect = self.repair.suspect.take();
        let problem = match suspect {
            Some((brace, header)) => {
                let (line, opened) = (self.line(brace.start), self.line(header.start));
                let name = self.short(header);
                problem.elsewhere("This one closes the block already", brace).hint(format!(
                    "The `}}` in line {line} already closes `{name}` of line {opened}, though it isn't indented like it; one of them is too many."
                ))
            }
            None => problem.hint("Remove it, or add the line that opens the block."),
        };
        self.report(problem);
    }

    pub(super) fn report_missing_equals(&mut self, name: Span) {
        let text = self.text(name);
        let at = self.token().span;
        self.report(
            Diagnostic::error(
                "missing-equals",
                "Missing `=`",
                format!("`{text}` is followed by a value, but there is no `=` between them."),
            )
            .at(name)
            .within(name.to(at))
            .hint(format!("Write `{text} = {}`.", self.short(at))),
        );
    }

    pub(super) fn report_value_on_next_line(&mut self, name: Span) {
        let at = self.token_at(self.index + 1).span;
        let text = self.text(name);
        self.report(
            Diagnostic::error(
                "value-on-next-line",
                "Value on the next line",
                format!("The value of `{text}` must start on the line of its `=`."),
            )
            .at(self.previous())
            .within(name.to(at))
            .hint("Put it there, or put it in parentheses: `= (`, the value, `)`."),
        );
    }

    /// Reports what starts a line and can start neither an argument nor a block.
    pub(super) fn report_no_item(&mut self) {
        let token = self.token();
        if self.report_invalid_character(token) {
            return;
        }
        let found = self.describe(token);
        let detail = format!("An argument or a block starts with a name, but here is {found}.");
        let problem = Diagnostic::error("missing-name", "Argument or block expected", detail).at(token.span);
        self.report(match token.kind {
            TokenKind::OpenBrace if self.index == 0 => {
                problem.hint("Arguments and blocks of a file stand without braces around them; JSON stands in files that end in `.mesh.json` or `.tf.json`.")
            }
            TokenKind::OpenBrace => {
                problem.hint("Write the type of the block before its brace, or `NAME =` before an object.")
            }
            TokenKind::CloseParen | TokenKind::CloseBracket => problem.hint("Remove it, or add the opening one."),
            TokenKind::InterpolationOpen | TokenKind::DirectiveOpen => {
                problem.hint("Templates stand inside of strings only.")
            }
            kind if kind.starts_expression() => problem.hint("Give the value a name: `NAME = …`."),
            _ => problem.hint("Remove it."),
        });
    }
}
