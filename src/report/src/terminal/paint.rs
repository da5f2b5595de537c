//! Lines as text: indented, coloured, and broken at arrows where they are too long.

use anstyle::{AnsiColor, Effects, Style as Ansi};
use mesh_diagnostics::render::{Style, wrap::wrap};
use mesh_plan::ReplaceOrder;

use crate::line::{Line, Marker, Tone};
use crate::text::width;

/// Markers stand in this many columns, right-aligned, with a space after them.
const MARKER: usize = 3;

/// A text that grows line by line.
pub(super) struct Page {
    style: Style,
    text: String,
}

impl Page {
    pub(super) const fn new(style: Style) -> Self {
        Self { style, text: String::new() }
    }

    pub(super) fn finish(self) -> String {
        self.text
    }

    pub(super) const fn width(&self) -> usize {
        self.style.width
    }

    /// An empty line, unless the page is empty or has one at its end.
    pub(super) fn gap(&mut self) {
        if !self.text.is_empty() && !self.text.ends_with("\n\n") {
            self.text.push('\n');
        }
    }

    /// A sentence in bold, wrapped.
    pub(super) fn title(&mut self, text: &str) {
        for line in wrap(text, self.style.width) {
            self.piece(Tone::Strong, &line);
            self.text.push('\n');
        }
    }

    /// Prose, wrapped.
    pub(super) fn prose(&mut self, text: &str) {
        for line in wrap(text, self.style.width) {
            self.text.push_str(&line);
            self.text.push('\n');
        }
    }

    /// What is said below a line, wrapped at an indent.
    pub(super) fn remark(&mut self, indent: usize, text: &str) {
        for line in wrap(text, self.style.width.saturating_sub(indent).max(20)) {
            self.spaces(indent);
            self.piece(Tone::Faint, &line);
            self.text.push('\n');
        }
    }

    /// A line as it is.
    pub(super) fn raw(&mut self, text: &str) {
        self.text.push_str(text.trim_end());
        self.text.push('\n');
    }

    /// A line in a tone, not wrapped.
    pub(super) fn toned(&mut self, tone: Tone, text: &str) {
        self.piece(tone, text);
        self.text.push('\n');
    }

    pub(super) fn lines(&mut self, lines: &[Line]) {
        for line in lines {
            self.line(line);
        }
    }

    /// Lines without markers, from the margin of their depth.
    pub(super) fn flush_left(&mut self, lines: &[Line]) {
        for line in lines {
            self.spaces(4 * (line.depth + 1));
            for (tone, text) in &line.pieces {
                self.piece(*tone, text);
            }
            self.text.push('\n');
        }
    }

    /// A line with its marker at its depth.
    pub(super) fn line(&mut self, line: &Line) {
        if line.pieces.is_empty() {
            self.text.push('\n');
            return;
        }
        let start = 4 * line.depth + MARKER + 1;
        self.spaces(start - 1 - line.marker.symbol().len());
        self.marker(line.marker);
        self.text.push(' ');
        match (line.marker, line.pieces.as_slice()) {
            (Marker::Loss, _) => return self.hanging(line, start, Tone::Danger),
            (Marker::Comment, [(Tone::Plain, _)]) => return self.hanging(line, start, Tone::Plain),
            _ => {}
        }
        let breaks = self.breaks(line, start);
        // Below the `=` that ends the label, so that both values start in one column.
        let label = line.pieces.first().filter(|(_, text)| breaks && text.ends_with("= "));
        let label = label.map_or(2, |(_, text)| width(text));
        for (tone, text) in &line.pieces {
            if *tone == Tone::Arrow && breaks {
                self.text.push('\n');
                self.spaces(start + label.saturating_sub(3));
                self.piece(*tone, text.trim_start());
            } else {
                self.piece(*tone, text);
            }
        }
        self.text.truncate(self.text.trim_end_matches(' ').len());
        self.text.push('\n');
    }

    /// Whether a line is too long for the page and has an arrow to break it at. Most lines have none and need no measuring.
    fn breaks(&self, line: &Line, start: usize) -> bool {
        let has_arrow = line.pieces.iter().any(|(tone, _)| *tone == Tone::Arrow);
        has_arrow && start + line.pieces.iter().map(|(_, text)| width(text)).sum::<usize>() > self.style.width
    }

    /// A sentence that is wrapped below its own start.
    fn hanging(&mut self, line: &Line, start: usize, tone: Tone) {
        let text: String = line.pieces.iter().map(|(_, text)| text.as_ref()).collect();
        let room = self.style.width.saturating_sub(start).max(20);
        for (index, part) in wrap(&text, room).iter().enumerate() {
            if index > 0 {
                self.spaces(start);
            }
            self.piece(tone, part);
            self.text.push('\n');
        }
    }

    fn spaces(&mut self, count: usize) {
        self.text.extend(std::iter::repeat_n(' ', count));
    }

    fn marker(&mut self, marker: Marker) {
        const RED: Ansi = AnsiColor::Red.on_default();
        const GREEN: Ansi = AnsiColor::Green.on_default();
        match marker {
            Marker::None => {}
            Marker::Comment => self.colored(Ansi::new().effects(Effects::BOLD), "#"),
            Marker::Loss => self.colored(RED.effects(Effects::BOLD), "!"),
            Marker::Create => self.colored(GREEN, "+"),
            Marker::Update => self.colored(AnsiColor::Yellow.on_default(), "~"),
            Marker::Delete => self.colored(RED, "-"),
            Marker::Replace(order) => {
                let (first, second) = match order {
                    ReplaceOrder::DestroyBeforeCreate => ((RED, "-"), (GREEN, "+")),
                    ReplaceOrder::CreateBeforeDestroy => ((GREEN, "+"), (RED, "-")),
                };
                self.colored(first.0, first.1);
                self.text.push('/');
                self.colored(second.0, second.1);
            }
            Marker::Read => self.colored(AnsiColor::Cyan.on_default(), "<="),
            Marker::Forget => self.colored(AnsiColor::Magenta.on_default(), "."),
            Marker::Deferred => self.colored(AnsiColor::Cyan.on_default(), "?"),
        }
    }

    fn piece(&mut self, tone: Tone, text: &str) {
        let style = match tone {
            Tone::Plain => return self.text.push_str(text),
            Tone::Strong => Ansi::new().effects(Effects::BOLD),
            Tone::Faint => Ansi::new().effects(Effects::DIMMED),
            Tone::Arrow => AnsiColor::Yellow.on_default(),
            Tone::Danger => AnsiColor::Red.on_default(),
        };
        if !text.is_empty() {
            self.colored(style, text);
        }
    }

    fn colored(&mut self, style: Ansi, text: &str) {
        if self.style.color {
            self.text.push_str(&format!("{style}{text}{style:#}"));
        } else {
            self.text.push_str(text);
        }
    }
}
