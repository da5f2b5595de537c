//! What is particular to heredocs: their marker, and the indentation that `<<-` removes.

use mesh_diagnostics::{Diagnostic, Span};

use super::template::{Piece, shorten};
use super::{Failed, Parser};

/// The marker of a heredoc.
pub(super) struct Marker<'s> {
    pub(super) name: &'s str,
    /// Whether `<<-` was written.
    pub(super) indented: bool,
}

impl<'s> Parser<'s> {
    /// Reads the marker from the opening line, and reports what else stands there.
    pub(super) fn heredoc_marker(&mut self, open: Span) -> Marker<'s> {
        let line = self.text(open).trim_end_matches(['\r', '\n']);
        let indented = line[2..].trim_start().starts_with('-');
        let padding = line.len() - line.trim_start_matches(['<', '-', ' ', '\t', '"', '\'']).len();
        let name =
            line[padding..].find(|c: char| c.is_whitespace() || matches!(c, '"' | '\'' | ',' | ')' | ']' | '}' | ';'));
        let name = &line[padding..name.map_or(line.len(), |length| padding + length)];
        if padding != 2 + usize::from(indented) || padding + name.len() != line.len() {
            let sign = if indented { "<<-" } else { "<<" };
            self.report(
                Diagnostic::error(
                    "heredoc-marker",
                    "Invalid start of a heredoc",
                    format!("A heredoc starts with `{sign}` and a bare marker, with nothing between them and nothing behind them."),
                )
                .at(Span { end: open.start + line.len() as u32, ..open })
                .hint(format!("Write `{sign}{name}`; what follows in the expression goes behind the closing `{name}`, on the next line.")),
            );
        }
        Marker { name, indented }
    }

    pub(super) fn report_unclosed_heredoc(&mut self, open: Span, marker: &Marker<'_>) -> Failed {
        self.end_reported = true;
        let name = marker.name;
        let at = Span { end: open.start + self.text(open).trim_end().len() as u32, ..open };
        let problem = Diagnostic::error(
            "unclosed-heredoc",
            "Unclosed heredoc",
            format!("This heredoc is never closed: no line holds `{name}` and nothing else."),
        )
        .at(at);
        // A line such as `EOT)` or `EOT,` was meant to be the end.
        let rest = self.source.get(open.end as usize..).unwrap_or_default();
        let mut offset = open.end;
        let near = rest.split_inclusive('\n').find_map(|line| {
            let start = offset;
            offset += line.len() as u32;
            let tail = line.trim_start().strip_prefix(name)?;
            tail.starts_with(|c: char| !c.is_alphanumeric() && c != '_' && c != '-').then_some(start)
        });
        let problem = match near {
            Some(start) => {
                let line = self.line(start);
                problem.hint(format!("In line {line} something follows `{name}`; move it to the line after."))
            }
            None => problem.hint(format!("Write `{name}` on a line of its own after the text.")),
        };
        self.report(problem);
        Failed::Beyond
    }
}

/// Removes from each line the blanks that all lines start with. Lines of blanks only don't count and stay as they
/// are; a line that starts with an interpolation or directive has no blanks. After a `~` that took a line break,
/// what follows counts as the same line. So does Terraform.
pub(super) fn unindent(pieces: &mut [Piece<'_>]) {
    let mut least = usize::MAX;
    let mut starts = Vec::with_capacity(pieces.len());
    let mut at_start = true;
    for piece in &*pieces {
        let mut indented = false;
        match piece {
            Piece::Text(text, _) => {
                let blank = text.ends_with('\n') && text.trim_start().is_empty();
                if at_start && !blank {
                    indented = true;
                    least = least.min(text.chars().take_while(|character| character.is_whitespace()).count());
                }
                at_start = text.ends_with('\n');
            }
            _ => {
                if at_start {
                    least = 0;
                }
                at_start = false;
            }
        }
        starts.push(indented);
    }
    for (piece, indented) in pieces.iter_mut().zip(starts) {
        if let Piece::Text(text, _) = piece
            && indented
        {
            let start = text.char_indices().nth(least).map_or(text.len(), |(offset, _)| offset);
            shorten(text, start, text.len());
        }
    }
}
