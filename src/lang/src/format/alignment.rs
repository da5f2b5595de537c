//! Alignment: `=` of lines that follow each other stand below each other, and so do comments at their ends.

use std::ops::Range;

use super::line::Line;
use super::piece::{Piece, columns};

/// Sets the spaces before `=`, then those before comments, which come out behind the longest value.
pub(super) fn align(pieces: &mut [Piece<'_>], lines: &[Line]) {
    align_cells(pieces, lines, |line| line.assigned.clone());
    align_cells(pieces, lines, |line| line.comment.clone());
}

/// Puts the cells of each run of lines that have one into a column, one space behind the longest of what is before.
fn align_cells(pieces: &mut [Piece<'_>], lines: &[Line], cell: impl Fn(&Line) -> Range<usize>) {
    for run in lines.chunk_by(|one, next| cell(one).is_empty() == cell(next).is_empty()) {
        if run.first().is_none_or(|line| cell(line).is_empty()) {
            continue;
        }
        let widths: Vec<usize> = run.iter().map(|line| columns(&pieces[line.lead.start..cell(line).start])).collect();
        let widest = widths.iter().max().copied().unwrap_or_default();
        for (line, width) in run.iter().zip(widths) {
            pieces[cell(line).start].spaces = widest - width + 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::formatted;

    #[test]
    fn lines_that_follow_each_other_are_aligned() {
        let source = "a=1\nbcd=2\n\ne=3\nlong {\n}\nf=4\n";
        assert_eq!(formatted(source), "a   = 1\nbcd = 2\n\ne = 3\nlong {\n}\nf = 4\n");
    }

    #[test]
    fn a_value_that_goes_on_below_is_not_aligned() {
        assert_eq!(formatted("a=1\nbcd=[\n1]\ne=2\n"), "a = 1\nbcd = [\n1]\ne = 2\n");
    }

    #[test]
    fn comments_stand_behind_the_longest_value() {
        let source = "a=1#x\nbcd=234//y\ne=5\nf { # z\ng=6 # zz\n}\n";
        let expected = "a   = 1   #x\nbcd = 234 //y\ne   = 5\nf {     # z\n  g = 6 # zz\n}\n";
        assert_eq!(formatted(source), expected);
    }

    #[test]
    fn a_column_is_a_character_as_people_see_it() {
        assert_eq!(formatted("e\u{301}ä=1\nb=2\n"), "e\u{301}ä = 1\nb  = 2\n");
    }
}
