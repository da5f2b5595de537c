//! Turns source text into tokens. A stack of modes tells code from template text, since `}` or a line break mean
//! different things in each.

mod code;
mod lookahead;
mod template;
mod words;

use mesh_diagnostics::{FileId, Span};

use super::token::{Token, TokenKind};

/// What the source is as a whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Start {
    /// A body or an expression.
    Code,
    /// Template text without quotes.
    Template,
}

/// Whether whitespace and comments become tokens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Trivia {
    Keep,
    Drop,
}

/// What surrounds the current position.
#[derive(Clone, Copy, Debug)]
enum Mode {
    /// Outermost code.
    File,
    /// Outermost template text.
    Bare,
    /// Code in `${ }` or `%{ }`, with the number of braces open in it.
    Interpolation { braces: u32 },
    /// Text of the string whose quote is at this offset.
    Quoted { open: usize },
    /// Text of a heredoc, with the place of its marker's name.
    Heredoc { marker_start: usize, marker_end: usize },
}

struct Lexer<'s> {
    source: &'s str,
    bytes: &'s [u8],
    file: FileId,
    trivia: Trivia,
    position: usize,
    /// Where the current line starts.
    line_start: usize,
    /// What surrounds the current position, without the innermost, which is `mode`.
    outer: Vec<Mode>,
    mode: Mode,
    tokens: Vec<Token>,
}

/// All tokens of `source`, then one [`TokenKind::End`].
pub(super) fn lex(source: &str, file: FileId, start: Start, trivia: Trivia) -> Vec<Token> {
    let mode = match start {
        Start::Code => Mode::File,
        Start::Template => Mode::Bare,
    };
    let mut lexer = Lexer {
        source,
        bytes: source.as_bytes(),
        file,
        trivia,
        position: 0,
        line_start: 0,
        outer: Vec::new(),
        mode,
        // Configuration has a token for about six bytes.
        tokens: Vec::with_capacity(source.len() / 6 + 16),
    };
    if source.starts_with('\u{feff}') && start == Start::Code {
        lexer.trivia_until(TokenKind::ByteOrderMark, '\u{feff}'.len_utf8());
    }
    while lexer.position < lexer.bytes.len() {
        match lexer.mode {
            Mode::File | Mode::Interpolation { .. } => lexer.code(),
            Mode::Quoted { .. } => lexer.quoted_text(),
            Mode::Heredoc { marker_start, marker_end } => lexer.heredoc_text(marker_start, marker_end),
            Mode::Bare => lexer.template_line(),
        }
    }
    if !lexer.outer.is_empty() {
        lexer.push(TokenKind::Cut, lexer.position);
    }
    lexer.push(TokenKind::End, lexer.position);
    lexer.tokens
}

impl Lexer<'_> {
    /// Adds a token from the current position to `end`, and goes there.
    fn push(&mut self, kind: TokenKind, end: usize) {
        self.tokens.push(Token { kind, span: Span::new(self.file, self.position, end) });
        self.position = end;
    }

    /// As [`Self::push`], for what the parser doesn't read.
    fn trivia_until(&mut self, kind: TokenKind, end: usize) {
        match self.trivia {
            Trivia::Keep => self.push(kind, end),
            Trivia::Drop => self.position = end,
        }
    }

    fn enter(&mut self, mode: Mode) {
        self.outer.push(std::mem::replace(&mut self.mode, mode));
    }

    fn leave(&mut self) {
        if let Some(mode) = self.outer.pop() {
            self.mode = mode;
        }
    }

    fn byte(&self, offset: usize) -> u8 {
        // NUL stands for the end: it is no part of any token that is looked for with this.
        self.bytes.get(offset).copied().unwrap_or(0)
    }

    fn at(&self, offset: usize, text: &str) -> bool {
        self.bytes.get(offset..).is_some_and(|rest| rest.starts_with(text.as_bytes()))
    }
}
