//! Recursive descent over the tokens of a file. Every function leaves a tree, whatever the source is: an error is
//! reported where a person would look, and parsing goes on behind it.
//!
//! - `body`, `block`: arguments and blocks;
//! - `expr`, `term`, `collection`, `forms`, `traversal`: expressions;
//! - `template`, `directive`, `heredoc`, `text`: strings and what is in them;
//! - `cursor`, `recovery`, `repair`: reading tokens, and going on after an error;
//! - `problem`, `expected`, `unclosed`, `brace`, `character`, `layout`: the words of errors.

mod block;
mod body;
mod brace;
mod character;
mod collection;
mod cursor;
mod directive;
mod expected;
mod expr;
mod forms;
mod heredoc;
mod intern;
mod layout;
mod problem;
mod recovery;
mod repair;
mod template;
mod term;
mod text;
mod traversal;
mod unclosed;

use std::cell::OnceCell;
use std::collections::HashSet;

use mesh_diagnostics::{Diagnostic, Diagnostics, FileId, Span};

use super::ast::{Body, Expr, ExprKind};
use super::lexer::{self, Start, Trivia};
use super::token::{Token, TokenKind};
use intern::Names;
use repair::Repair;

/// How deep brackets, blocks, interpolations, directives and the branches of conditionals may nest in each other.
/// Deeper is an error, `nesting-too-deep`; up to here a thread with a 2 MiB stack suffices, also in a debug build.
pub const MAX_DEPTH: usize = 200;

/// How many levels the tree of one expression may have: what [`MAX_DEPTH`] allows, or a chain of that many operators
/// or conditionals. Higher is an error, `nesting-too-deep`.
pub const MAX_HEIGHT: usize = 500;

/// How many tokens are looked at to find out what a sign was meant to be.
const LOOKAHEAD: usize = 2000;

/// How many problems of one file are listed.
pub(super) const MAX_PROBLEMS: usize = 500;

/// Errors after which the rest of their line can't be trusted: a second one of them there mostly follows from the first.
const DAMAGE: [&str; 28] = [
    "block-with-equals",
    "double-brace",
    "incomplete-conditional",
    "incomplete-item",
    "invalid-for",
    "invalid-number",
    "label-interpolation",
    "missing-attribute-name",
    "missing-brace",
    "missing-comma",
    "missing-equals",
    "missing-expression",
    "missing-name",
    "missing-newline",
    "missing-quote",
    "missing-value",
    "one-line-block",
    "stray-brace",
    "stray-bracket",
    "unclosed-block",
    "unclosed-brace",
    "unclosed-bracket",
    "unclosed-directive-brace",
    "unclosed-interpolation",
    "unclosed-parenthesis",
    "unclosed-string",
    "unexpected-comma",
    "unexpected-token",
];

/// Parses a whole file. Always gives a tree; where the source is wrong, diagnostics say so.
#[must_use]
pub fn parse(source: &str, file: FileId) -> (Body, Diagnostics) {
    let mut first = Parser::new(source, file, Start::Code);
    let body = first.file_body();
    if first.unclosed == 0 && first.surplus == 0 {
        return (body, first.diagnostics);
    }
    // A brace is missing somewhere, or one is too many. Reading again, with the indentation as a witness, finds out where.
    let mut second = Parser::new(source, file, Start::Code);
    second.repair = Repair::with_budget(first.unclosed, first.surplus);
    let repaired = second.file_body();
    if second.diagnostics.len() <= first.diagnostics.len() {
        (repaired, second.diagnostics)
    } else {
        (body, first.diagnostics)
    }
}

/// Parses a single expression, in which line breaks have no meaning, as if it stood in parentheses.
#[must_use]
pub fn parse_expression(source: &str, file: FileId) -> (Expr, Diagnostics) {
    let mut parser = Parser::new(source, file, Start::Code);
    parser.newlines = false;
    let expr = match parser.expression() {
        Ok(expr) => {
            if parser.peek() != TokenKind::End {
                parser.report_after_expression("the end");
            }
            expr
        }
        Err(_) => parser.invalid(parser.whole()),
    };
    (expr, parser.diagnostics)
}

/// Parses template text without quotes around it. Text alone gives a literal, anything else a template.
#[must_use]
pub fn parse_template(source: &str, file: FileId) -> (Expr, Diagnostics) {
    let mut parser = Parser::new(source, file, Start::Template);
    let expr = match parser.bare_template() {
        Ok(expr) => expr,
        Err(_) => parser.invalid(parser.whole()),
    };
    (expr, parser.diagnostics)
}

/// What stands in a string of another syntax.
pub(super) struct Embedded {
    pub(super) expr: Expr,
    pub(super) diagnostics: Diagnostics,
}

/// Parses an expression or a template that stands in line `line` of a file and, there, in `depth` nested constructs.
/// Spans count from the start of `source`.
pub(super) fn embedded(source: &str, file: FileId, is_expression: bool, line: usize, depth: usize) -> Embedded {
    let mut parser = Parser::new(source, file, if is_expression { Start::Code } else { Start::Template });
    parser.only_line = Some(line);
    parser.depth = depth;
    parser.newlines = !is_expression;
    let parsed = if is_expression { parser.expression() } else { parser.bare_template() };
    let expr = match parsed {
        Ok(expr) if parser.height + depth > MAX_HEIGHT => {
            parser.report_too_deep(expr.span);
            parser.invalid(expr.span)
        }
        Ok(expr) => {
            if is_expression && parser.peek() != TokenKind::End {
                parser.report_after_expression("the end of the string");
            }
            expr
        }
        Err(_) => parser.invalid(parser.whole()),
    };
    Embedded { expr, diagnostics: parser.diagnostics }
}

/// Why a part of an expression has no tree. The diagnostic is already there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Failed {
    /// The list around it can go on at its next element.
    Here,
    /// Only the next argument or block is sure to be one: a bracket was never closed.
    Beyond,
}

type Parsed<T> = Result<T, Failed>;

struct Parser<'s> {
    source: &'s str,
    file: FileId,
    tokens: Vec<Token>,
    index: usize,
    /// Whether line breaks have a meaning here.
    newlines: bool,
    /// How deep the parser is in nested constructs.
    depth: usize,
    /// The number of levels in the tree of the expression parsed last.
    height: usize,
    diagnostics: Diagnostics,
    names: Names,
    /// Starts of lines, once a message needed one.
    line_starts: OnceCell<Vec<u32>>,
    /// How many braces were open at the end.
    unclosed: usize,
    /// How many closing braces closed nothing.
    surplus: usize,
    /// How many interpolations and directives the parser is in.
    sequences: usize,
    /// Whether the end of the source belongs to something unclosed that was reported.
    end_reported: bool,
    repair: Repair,
    /// The brackets around, by what closes them, from the argument's value inwards.
    closers: Vec<TokenKind>,
    /// Where nothing separates an element from the one before, because the error before took it along.
    excused_at: Option<usize>,
    /// Lines on which a sign is missing or too many: one error of that kind a line.
    damaged_lines: HashSet<usize>,
    /// Whether what failed last was nested too deep: what is in it isn't read again.
    too_deep: bool,
    /// The line of a string that was never closed and holds a closing brace.
    swallowed_at: Option<usize>,
    /// The line of a file that holds all of the source, where it is a part of one.
    only_line: Option<usize>,
}

impl<'s> Parser<'s> {
    fn new(source: &'s str, file: FileId, start: Start) -> Self {
        let mut parser = Self {
            source,
            file,
            tokens: lexer::lex(source, file, start, Trivia::Drop),
            index: 0,
            newlines: true,
            depth: 0,
            height: 0,
            diagnostics: Diagnostics::default(),
            names: Names::default(),
            line_starts: OnceCell::new(),
            unclosed: 0,
            surplus: 0,
            sequences: 0,
            end_reported: false,
            repair: Repair::default(),
            closers: Vec::new(),
            excused_at: None,
            damaged_lines: HashSet::new(),
            too_deep: false,
            swallowed_at: None,
            only_line: None,
        };
        parser.report_unclosed_comment();
        parser
    }

    /// Adds a problem, unless the file has so many that nobody reads further.
    fn report(&mut self, diagnostic: Diagnostic) {
        if DAMAGE.contains(&diagnostic.code)
            && let Some(subject) = diagnostic.subject
        {
            let line = self.line(subject.start);
            if self.only_line.is_none() && !self.damaged_lines.insert(line) {
                return;
            }
        }
        let count = self.diagnostics.len();
        if count < MAX_PROBLEMS {
            self.diagnostics.push(diagnostic);
        } else if count == MAX_PROBLEMS {
            let detail = format!("Only the first {MAX_PROBLEMS} problems of this file are listed.");
            let subject = diagnostic.subject.unwrap_or_else(|| self.whole());
            self.diagnostics.push(
                Diagnostic::error("too-many-problems", "Too many problems", detail)
                    .at(subject)
                    .hint("Correct the first ones; the file may not be HCL at all."),
            );
        }
    }

    fn whole(&self) -> Span {
        Span::new(self.file, 0, self.source.len())
    }

    /// What stands for an expression that has an error.
    fn invalid(&mut self, span: Span) -> Expr {
        self.height = 0;
        Expr { kind: ExprKind::Invalid, span }
    }

    /// Goes one level deeper, unless that is too deep.
    fn descend(&mut self) -> Parsed<()> {
        if self.depth < MAX_DEPTH {
            self.depth += 1;
            return Ok(());
        }
        let span = self.token().span;
        self.report_too_deep(span);
        Err(Failed::Beyond)
    }

    /// Leaves the level entered by [`Self::descend`].
    fn ascend(&mut self) {
        self.depth -= 1;
    }

    /// Notes that the expression just built has a level more than the highest of its parts, and refuses it if that
    /// is too high.
    fn build(&mut self, kind: ExprKind, span: Span, parts: usize) -> Parsed<Expr> {
        self.height = parts + 1;
        if self.height > MAX_HEIGHT {
            self.report_too_deep(span.at_start());
            return Err(Failed::Beyond);
        }
        Ok(Expr { kind, span })
    }
}
