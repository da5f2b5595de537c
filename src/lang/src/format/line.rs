//! Lines, and their cells: what is assigned and what is said about it, which stand in columns.

use std::ops::Range;

use super::piece::Piece;
use crate::syntax::TokenKind;

/// A line of the layout, as ranges of the pieces. It ends with the first line break that is not part of a piece: a
/// heredoc is in one line with what opens it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Line {
    /// All up to the cells.
    pub(super) lead: Range<usize>,
    /// `=` and what comes behind it, where that is complete on this line; else empty.
    pub(super) assigned: Range<usize>,
    /// A comment that ends the line, behind something else; else empty.
    pub(super) comment: Range<usize>,
}

/// Cuts pieces into lines, but for white space at the end of the file.
pub(super) fn lines(pieces: &[Piece<'_>]) -> Vec<Line> {
    let mut lines = Vec::new();
    let laid_out = pieces.len() - usize::from(pieces.last().is_some_and(|last| last.kind == TokenKind::End));
    let pieces = &pieces[..laid_out];
    let mut start = 0;
    while start < pieces.len() {
        let length = pieces[start..].iter().position(Piece::ends_line);
        let end = length.map_or(pieces.len(), |length| start + length + 1);
        lines.push(cut(&pieces[start..end], start));
        start = end;
    }
    lines
}

/// Finds the cells of a line whose first piece has the index `start`.
fn cut(line: &[Piece<'_>], start: usize) -> Line {
    // Only at the end of the file does a line end with `/* … */`.
    let has_comment = line.len() > 1 && line.last().is_some_and(Piece::is_comment);
    let comment = line.len() - usize::from(has_comment);
    let sign = line[..comment].iter().skip(1).position(|piece| piece.kind == TokenKind::Equal).map(|index| index + 1);
    // Where brackets stay open the value goes on below, and `}` closes what holds the attribute.
    let assigned = sign.filter(|sign| line[*sign..comment].iter().map(Piece::depth_change).sum::<isize>() == 0);
    let assigned = assigned.unwrap_or(comment);
    Line {
        lead: start..start + assigned,
        assigned: start + assigned..start + comment,
        comment: start + comment..start + line.len(),
    }
}

#[cfg(test)]
mod tests {
    use mesh_diagnostics::FileId;

    use super::super::piece::pieces;
    use super::*;

    /// The texts of the cells of each line.
    fn cells(source: &str) -> Vec<[String; 3]> {
        let pieces = pieces(source, FileId(0));
        let text = |range: &Range<usize>| pieces[range.clone()].iter().map(|piece| piece.text.trim_end()).collect();
        lines(&pieces).iter().map(|line| [&line.lead, &line.assigned, &line.comment].map(text)).collect()
    }

    #[test]
    fn a_line_has_up_to_three_cells() {
        let expected = [
            ["a", "=1", "# c"],
            ["b{", "", "// c"],
            ["# c", "", ""],
            ["c=[", "", ""],
            ["1]", "", ""],
            ["d{e=1}", "", ""],
            ["}", "", ""],
        ];
        assert_eq!(cells("a = 1 # c\nb { // c\n# c\nc = [\n1]\nd { e = 1 }\n}\n"), expected);
    }

    #[test]
    fn a_heredoc_is_one_line_unless_its_interpolations_break() {
        assert_eq!(cells("a = <<E\nx\nE\nb = 1\n").len(), 2);
        let expected = [["a", "=<<E${[", ""], ["b=1}]}", "", ""]];
        let broken = cells("a = <<E\n${[{\nb = 1}]}\nE\n");
        assert_eq!(broken.len(), 2);
        assert_eq!(broken[1][1], expected[1][1]);
    }
}
