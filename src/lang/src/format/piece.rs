//! The pieces that lines are laid out from: the tokens of a file but for the white space between them.

use std::borrow::Cow;

use mesh_diagnostics::FileId;
use unicode_segmentation::UnicodeSegmentation;

use crate::syntax::{TokenKind, tokens};

/// A token, and the spaces that come before it.
#[derive(Clone, Debug)]
pub(super) struct Piece<'s> {
    /// What it is. A line comment has its line break with it.
    pub(super) kind: TokenKind,
    /// Where the token starts in the source.
    pub(super) start: u32,
    /// Its text, which no pass changes.
    pub(super) text: Cow<'s, str>,
    /// What the passes decide on.
    pub(super) spaces: usize,
}

impl<'s> Piece<'s> {
    /// A piece with no spaces before it.
    pub(super) fn new(kind: TokenKind, start: u32, text: impl Into<Cow<'s, str>>) -> Self {
        Self { kind, start, text: text.into(), spaces: 0 }
    }

    /// Whether it is a comment of any style.
    pub(super) const fn is_comment(&self) -> bool {
        matches!(self.kind, TokenKind::LineComment | TokenKind::BlockComment)
    }

    /// Whether a line ends with it.
    pub(super) const fn ends_line(&self) -> bool {
        matches!(self.kind, TokenKind::Newline | TokenKind::LineComment)
    }

    /// Whether what follows is part of it: the line break of a line comment, and white space behind the end of a
    /// heredoc, which `terraform fmt` leaves there.
    fn takes(&self, next: TokenKind) -> bool {
        match self.kind {
            TokenKind::LineComment => next == TokenKind::Newline && !self.text.ends_with('\n'),
            TokenKind::HeredocClose => next == TokenKind::Whitespace,
            _ => false,
        }
    }

    /// How many more brackets are open behind it than before it.
    pub(super) const fn depth_change(&self) -> isize {
        match self.kind {
            TokenKind::OpenBrace
            | TokenKind::OpenBracket
            | TokenKind::OpenParen
            | TokenKind::InterpolationOpen
            | TokenKind::DirectiveOpen => 1,
            TokenKind::CloseBrace | TokenKind::CloseBracket | TokenKind::CloseParen | TokenKind::TemplateClose => -1,
            _ => 0,
        }
    }

    /// How many columns it takes with its spaces: a column for each character as people see it, also for `\r\n`.
    fn columns(&self) -> usize {
        let is_plain = self.text.bytes().all(|byte| byte.is_ascii() && byte != b'\r');
        let characters = if is_plain { self.text.len() } else { self.text.graphemes(true).count() };
        self.spaces + characters
    }
}

/// How many columns pieces take with their spaces.
pub(super) fn columns(pieces: &[Piece<'_>]) -> usize {
    pieces.iter().map(Piece::columns).sum()
}

/// The pieces of a source. A byte order mark goes. White space on a last line without a line break is a piece of its
/// own, since `terraform fmt` leaves it there.
pub(super) fn pieces(source: &str, file: FileId) -> Vec<Piece<'_>> {
    let mut pieces: Vec<Piece<'_>> = Vec::new();
    let tokens = tokens(source, file);
    let last = tokens.last().copied();
    for token in tokens {
        let (start, end) = (token.span.start as usize, token.span.end as usize);
        if let Some(before) = pieces.last_mut()
            && before.takes(token.kind)
        {
            before.text = Cow::Borrowed(&source[before.start as usize..end]);
            continue;
        }
        match token.kind {
            TokenKind::ByteOrderMark => {}
            TokenKind::Whitespace if Some(token) != last => {}
            TokenKind::Whitespace => {
                pieces.push(Piece { spaces: end - start, ..Piece::new(TokenKind::End, token.span.start, "") });
            }
            kind => pieces.push(Piece::new(kind, token.span.start, &source[start..end])),
        }
    }
    pieces
}

/// The text of laid out pieces.
pub(super) fn text(pieces: &[Piece<'_>]) -> String {
    let mut text = String::with_capacity(pieces.iter().map(|piece| piece.text.len() + piece.spaces).sum());
    for piece in pieces {
        text.extend(std::iter::repeat_n(' ', piece.spaces));
        text.push_str(&piece.text);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::super::formatted;

    #[test]
    fn line_breaks_stay_as_they_are() {
        for source in
            ["", "\n", "\n\n\n", "a = 1", "a = 1\n\n\n\nb = 2\n", "a = 1\r\n\r\nb = 2 # c\r\n", "# c", "/* c */"]
        {
            assert_eq!(formatted(source), source);
        }
    }

    #[test]
    fn white_space_at_the_end_of_lines_goes_but_not_that_of_the_file() {
        assert_eq!(formatted("a = 1 \t\n \n\t\n"), "a = 1\n\n\n");
        assert_eq!(formatted("a = 1\n \t"), "a = 1\n  ");
        assert_eq!(formatted("# comment \t\n"), "# comment \t\n");
        assert_eq!(formatted("a = <<E\n b \nE \t\n"), "a = <<E\n b \nE \t\n");
    }

    #[test]
    fn a_byte_order_mark_goes() {
        assert_eq!(formatted("\u{feff}a = 1\n"), "a = 1\n");
    }
}
