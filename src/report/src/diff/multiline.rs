//! Texts of several lines, as heredocs and as line diffs.

use similar::{ChangeTag, TextDiff};

use super::{Diff, Forcing, Place};
use crate::line::{Line, Marker};
use crate::text::{counted, grouped, heredoc_end, heredoc_line};

/// Of longer texts that come or go, the first lines are shown.
const MOST_LINES: usize = 60;
const SHOWN_LINES: usize = 40;
/// Unchanged lines around a change.
const CONTEXT: usize = 3;
/// Texts of more lines are not compared line by line: it would take the reader nowhere and long.
const MOST_COMPARED: usize = 20_000;

impl Diff {
    /// Opens a heredoc on a line and writes its text; answers the word that ends it.
    pub(super) fn heredoc(&mut self, line: Line, text: &str, forcing: &Forcing<'_>, depth: usize) -> String {
        let end = heredoc_end(text.lines());
        self.push(line.plain(format!("<<-{end}")), forcing);
        let lines: Vec<_> = text.split('\n').collect();
        // A line break at the end is how texts usually end, not one line more.
        let lines = match lines.split_last() {
            Some((&"", rest)) => rest,
            _ => &lines,
        };
        let most = if lines.len() > MOST_LINES { SHOWN_LINES } else { lines.len() };
        for line in lines.iter().take(most) {
            self.lines.push(Line::new(Marker::None, depth + 1).plain(heredoc_line(line)));
        }
        self.hidden(depth + 1, lines.len() - most, "more line");
        end
    }

    /// What changes between two texts, with a few lines around.
    pub(super) fn changed_lines(&mut self, place: &Place, line: Line, (old, new): (&str, &str), forcing: &Forcing<'_>) {
        let count = |text: &str| text.lines().count();
        if count(old) + count(new) > MOST_COMPARED {
            let size = |text: &str| format!("({})", counted(count(text), "line"));
            self.push(line.plain(size(old)).arrow().plain(size(new)).plain(place.end), forcing);
            return;
        }
        let end = heredoc_end(old.lines().chain(new.lines()));
        self.push(line.plain(format!("<<-{end}")), forcing);
        let differs_at_end = old.ends_with('\n') != new.ends_with('\n');
        let depth = place.depth + 1;
        let diff = TextDiff::from_lines(old, new);
        let mut next = 0;
        for group in diff.grouped_ops(CONTEXT) {
            let start = group.first().map_or(next, |op| op.old_range().start);
            self.unchanged_lines(depth, start.saturating_sub(next));
            next = group.last().map_or(next, |op| op.old_range().end);
            for change in group.iter().flat_map(|op| diff.iter_changes(op)) {
                let marker = match change.tag() {
                    ChangeTag::Equal => Marker::None,
                    ChangeTag::Delete => Marker::Delete,
                    ChangeTag::Insert => Marker::Create,
                };
                let text = change.value();
                let ends_bare = differs_at_end && !text.ends_with('\n');
                let line = Line::new(marker, depth).plain(heredoc_line(text.strip_suffix('\n').unwrap_or(text)));
                self.lines.push(if ends_bare { line.faint(" # without a line break at the end") } else { line });
            }
        }
        self.unchanged_lines(depth, count(old).saturating_sub(next));
        self.lines.push(Line::new(Marker::None, place.depth).plain(end).plain(place.end));
    }

    fn unchanged_lines(&mut self, depth: usize, count: usize) {
        if count > 0 {
            let plural = if count == 1 { "line" } else { "lines" };
            let text = format!("# ({} unchanged {plural} hidden)", grouped(count));
            self.lines.push(Line::new(Marker::None, depth).faint(text));
        }
    }
}
