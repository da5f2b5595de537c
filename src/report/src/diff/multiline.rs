//! Texts of several lines, JSON documents among them, as heredocs and as line diffs.

use similar::{ChangeTag, TextDiff};

use super::{Diff, Forcing, Place, json};
use crate::line::{Line, Marker};
use crate::text::{counted, grouped, heredoc_end, heredoc_line};

/// Of longer texts that come or go, the first lines are shown.
const MOST_LINES: usize = 60;
const SHOWN_LINES: usize = 40;
/// Unchanged lines around a change.
const CONTEXT: usize = 3;
/// Texts of more lines are not compared line by line: it would take the reader nowhere and long.
const MOST_COMPARED: usize = 20_000;

/// What a text is, which says how its lines are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    Text,
    /// Laid out by [`json::Document`]: a comma at the end of a line says only that something follows.
    Json,
}

impl Form {
    /// The word that ends a heredoc of these lines.
    fn end<'a>(self, lines: impl Iterator<Item = &'a str> + Clone) -> String {
        match self {
            Self::Text => heredoc_end(lines),
            Self::Json => json::END.to_owned(),
        }
    }

    /// What of a line is compared.
    fn compared(self, line: &str) -> &str {
        match self {
            Self::Text => line,
            Self::Json => line.trim_end_matches(['\n', ',']),
        }
    }
}

impl Diff {
    /// Opens a heredoc on a line and writes its text; answers the word that ends it.
    pub(super) fn heredoc(
        &mut self,
        line: Line,
        (text, form): (&str, Form),
        forcing: &Forcing<'_>,
        depth: usize,
    ) -> String {
        let end = form.end(text.lines());
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
    pub(super) fn changed_lines(
        &mut self,
        place: &Place,
        line: Line,
        (old, new, form): (&str, &str, Form),
        forcing: &Forcing<'_>,
    ) {
        let count = |text: &str| text.lines().count();
        if count(old) + count(new) > MOST_COMPARED {
            let size = |text: &str| format!("({})", counted(count(text), "line"));
            self.push(line.plain(size(old)).arrow().plain(size(new)).plain(place.end), forcing);
            return;
        }
        let end = form.end(old.lines().chain(new.lines()));
        self.push(line.plain(format!("<<-{end}")), forcing);
        let differs_at_end = old.ends_with('\n') != new.ends_with('\n');
        let depth = place.depth + 1;
        let [old_lines, new_lines] = [old, new].map(|text| text.split_inclusive('\n').collect::<Vec<_>>());
        let [old_compared, new_compared] =
            [&old_lines, &new_lines].map(|lines| lines.iter().map(|line| form.compared(line)).collect::<Vec<_>>());
        let diff = TextDiff::from_slices(&old_compared, &new_compared);
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
                let text =
                    change.new_index().map_or_else(|| old_lines.get(change.old_index()?), |index| new_lines.get(index));
                let text = text.copied().unwrap_or_default();
                let ends_bare = differs_at_end && !text.ends_with('\n');
                let line = Line::new(marker, depth).plain(heredoc_line(text.strip_suffix('\n').unwrap_or(text)));
                self.lines.push(if ends_bare { line.faint(" # without a line break at the end") } else { line });
            }
        }
        self.unchanged_lines(depth, count(old).saturating_sub(next));
        self.lines.push(Line::new(Marker::None, place.depth).plain(end).plain(place.end));
    }

    pub(super) fn unchanged_lines(&mut self, depth: usize, count: usize) {
        if count > 0 {
            let plural = if count == 1 { "line" } else { "lines" };
            let text = format!("# ({} unchanged {plural} hidden)", grouped(count));
            self.lines.push(Line::new(Marker::None, depth).faint(text));
        }
    }
}
