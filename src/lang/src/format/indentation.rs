//! Indentation: two spaces for each line above that left brackets open.

use super::line::Line;
use super::piece::Piece;
use crate::syntax::TokenKind;

/// What one level is indented by.
const LEVEL: usize = 2;

/// Sets the spaces at the start of lines.
///
/// A line that opens more brackets than it closes indents what follows by one level, however many they are. A line
/// that closes more goes back by the levels whose brackets are all closed, and is itself indented as what follows.
pub(super) fn indent(pieces: &mut [Piece<'_>], lines: &[Line]) {
    // How many brackets each level has open.
    let mut levels: Vec<isize> = Vec::new();
    for line in lines {
        let change = depth_change(&pieces[line.lead.start..line.assigned.end]);
        let Some(first) = pieces[line.lead.clone()].first_mut() else { continue };
        if first.kind == TokenKind::Newline {
            continue;
        }
        let mut closed = -change;
        while closed > 0
            && let Some(open) = levels.last_mut()
        {
            let closing = closed.min(*open);
            *open -= closing;
            closed -= closing;
            if *open == 0 {
                levels.pop();
            }
        }
        first.spaces = LEVEL * levels.len();
        if change > 0 {
            levels.push(change);
        }
    }
}

/// How many more brackets are open behind pieces than before them. What an interpolation in a heredoc leaves open is
/// closed in that heredoc, whose lines are not indented.
fn depth_change(pieces: &[Piece<'_>]) -> isize {
    let heredoc = pieces.iter().position(|piece| piece.kind == TokenKind::HeredocOpen);
    pieces[..heredoc.unwrap_or(pieces.len())].iter().map(Piece::depth_change).sum()
}

#[cfg(test)]
mod tests {
    use super::super::formatted;

    #[test]
    fn a_line_indents_by_one_level_at_most() {
        assert_eq!(formatted("a = f([{\nb = 1\n}])\n"), "a = f([{\n  b = 1\n}])\n");
        assert_eq!(formatted("a = f([{\nb = 1\n}\n])\n"), "a = f([{\n  b = 1\n  }\n])\n");
        assert_eq!(formatted("a {\nb = [\n1,\n2]\n}\n"), "a {\n  b = [\n    1,\n  2]\n}\n");
    }

    #[test]
    fn comments_are_indented_like_what_surrounds_them() {
        assert_eq!(formatted("a {\n# b\n/* c\nd */\n}\n"), "a {\n  # b\n  /* c\nd */\n}\n");
    }

    #[test]
    fn a_conditional_is_not_indented_but_by_brackets() {
        assert_eq!(formatted("a = (\nb\n? c\n: d)\n"), "a = (\n  b\n  ? c\n: d)\n");
    }

    #[test]
    fn the_text_of_a_heredoc_stays() {
        let source = "a {\n  b = <<-E\n x ${[\n1]}\n      E\n}\n";
        assert_eq!(formatted(source), "a {\n  b = <<-E\n x ${[\n1]}\n      E\n}\n");
    }
}
