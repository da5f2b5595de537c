//! Cuts the few lines worth showing out of a source file, safe to print and narrow enough for the terminal.

use std::ops::{Range, RangeInclusive};

use unicode_width::UnicodeWidthChar;

use super::escape;
use crate::SourceFile;

/// A context of at most this many lines is shown whole.
const WHOLE_CONTEXT: u32 = 7;
/// Of a longer context, this many lines on each side of the subject are shown, and its first line.
const AROUND: u32 = 2;
/// Lines this near to a shown one may be shown as well: a gap of a single line is not folded.
const NEAR: u32 = 6;
/// A block whose header is further away than this is shown without it, and of a subject with more lines only the first:
/// an excerpt costs as much as it has lines, also folded ones.
const FARTHEST: u32 = 2_000;
/// Narrower excerpts say nothing.
const LEAST_ROOM: usize = 24;
const ELLIPSIS: &str = "...";

/// Consecutive lines of a file, each ended by a line break; those far from what is shown are left empty.
pub(super) struct Excerpt {
    pub source: String,
    /// The number of its first line in the file, from 1.
    pub first_line: u32,
    /// The bytes of `source` to underline.
    pub subject: Range<usize>,
    /// For each line to show, its first character in `source`; every such line has one.
    pub shown: Vec<Range<usize>>,
    /// How many columns the greatest line number takes.
    pub digits: usize,
}

/// Cuts out the subject with its context; `context` must be of the same file. `width` counts the columns of the whole
/// line with its number.
pub(super) fn excerpt(
    file: &SourceFile,
    subject: &Range<usize>,
    context: Option<Range<usize>>,
    width: usize,
) -> Excerpt {
    let mut subject = without_trailing_space(file, subject);
    let (first, mut last) = (file.line_at(subject.start), file.line_at(subject.end));
    if last - first > FARTHEST {
        last = first;
        subject.end = file.line_range(first).end.max(subject.start);
    }
    let (top, bottom) = surrounding_lines(file, first, last, context);
    let whole = bottom - top < WHOLE_CONTEXT;
    let bottom = if whole { bottom } else { bottom.min(last + AROUND) };
    let top = if first - top > FARTHEST { first - AROUND } else { top };
    let digits = bottom.to_string().len();
    let gutter = digits + if first == last { 3 } else { 6 };
    let room = width.saturating_sub(gutter).max(LEAST_ROOM);

    let mut excerpt = Excerpt { source: String::new(), first_line: top, subject: 0..0, shown: Vec::new(), digits };
    for line in top..=bottom {
        let start = excerpt.source.len();
        if [top, first, last].iter().any(|near| line.abs_diff(*near) <= NEAR) {
            let mark = mark_in_line(file, line, &subject, first..=last);
            let clipped = clip(file.line(line), mark, room);
            excerpt.source.push_str(if clipped.text.is_empty() { " " } else { &clipped.text });
            if line == first {
                excerpt.subject.start = start + clipped.mark.start;
            }
            if line == last {
                excerpt.subject.end = start + clipped.mark.end;
            }
            let around = (line <= first && line + AROUND >= first) || line >= last;
            if whole || line == top || around {
                excerpt.shown.push(start..excerpt.source.ceil_char_boundary(start + 1));
            }
        }
        excerpt.source.push('\n');
    }
    excerpt
}

/// The first and last line of the subject and its context together.
fn surrounding_lines(file: &SourceFile, first: u32, last: u32, context: Option<Range<usize>>) -> (u32, u32) {
    match context {
        Some(context) => {
            let context = without_trailing_space(file, &context);
            (first.min(file.line_at(context.start)), last.max(file.line_at(context.end)))
        }
        // An empty line alone doesn't tell where it is.
        None if file.line(first).trim().is_empty() => (first.saturating_sub(1).max(1), last),
        None => (first, last),
    }
}

/// The subject up to its last visible character, so that a block's trailing line break doesn't underline the next line.
fn without_trailing_space(file: &SourceFile, range: &Range<usize>) -> Range<usize> {
    let text = &file.text[range.clone()];
    let visible = text.trim_end().len();
    if visible == 0 { range.start..range.start } else { range.start..range.start + visible }
}

/// What must stay visible of a line, in bytes of the line: of a subject over several lines only where it starts and ends.
fn mark_in_line(file: &SourceFile, line: u32, subject: &Range<usize>, lines: RangeInclusive<u32>) -> Range<usize> {
    let range = file.line_range(line);
    let text = &file.text[range.clone()];
    let offset = |byte: usize| byte.clamp(range.start, range.end) - range.start;
    let (start, end) = (offset(subject.start), offset(subject.end));
    if lines.start() == lines.end() && lines.contains(&line) {
        start..end
    } else if line == *lines.start() {
        start..text.ceil_char_boundary(start + 1)
    } else if line == *lines.end() {
        text.floor_char_boundary(end.saturating_sub(1))..end
    } else {
        0..0
    }
}

/// A line made printable and narrow.
struct Clipped {
    text: String,
    /// Where the marked bytes went.
    mark: Range<usize>,
}

/// Escapes a line and cuts it to `room` columns so that the marked bytes, or their beginning, stay visible. Reads no more
/// of the line than could be shown.
fn clip(line: &str, mark: Range<usize>, room: usize) -> Clipped {
    let head = Piece::before(&line[..mark.start], room);
    let focus = Piece::after(&line[mark.clone()], room);
    let tail = Piece::after(&line[mark.end..], room);
    let fits = head.whole && focus.whole && tail.whole && head.width + focus.width + tail.width <= room;

    let (left, head, focus, tail, right) = if fits {
        ("", head, focus, tail, "")
    } else {
        let inner = room - 2 * ELLIPSIS.len();
        let focus = Piece::after(&line[mark.clone()], inner - head.width.min(inner / 4));
        let spare = inner - focus.width;
        let (left, head) = if head.whole && head.width <= spare {
            ("", head)
        } else {
            let behind = if focus.whole { tail.width.min(spare / 2) } else { 0 };
            (ELLIPSIS, Piece::before(&line[..mark.start], spare - behind))
        };
        let tail = Piece::after(&line[mark.end..], if focus.whole { spare - head.width.min(spare) } else { 0 });
        let right = if focus.whole && tail.whole { "" } else { ELLIPSIS };
        (left, head, focus, tail, right)
    };
    let start = left.len() + head.text.len();
    let end = start + focus.text.len();
    Clipped { text: [left, &head.text, &focus.text, &tail.text, right].concat(), mark: start..end }
}

/// As much of a text as fits, printable.
struct Piece {
    text: String,
    width: usize,
    /// Whether nothing was left out.
    whole: bool,
}

impl Piece {
    /// The beginning of a text.
    fn after(text: &str, room: usize) -> Self {
        let (parts, width, whole) = Self::take(text.chars(), room);
        Self { text: parts.concat(), width, whole }
    }

    /// The end of a text.
    fn before(text: &str, room: usize) -> Self {
        let (mut parts, width, whole) = Self::take(text.chars().rev(), room);
        parts.reverse();
        Self { text: parts.concat(), width, whole }
    }

    fn take(characters: impl Iterator<Item = char>, room: usize) -> (Vec<String>, usize, bool) {
        let mut parts = Vec::new();
        let mut width = 0;
        // Characters without width could pile up for ever on one column.
        let most = room.saturating_mul(4);
        for character in characters {
            let mut part = String::new();
            escape::character(character, &mut part);
            let columns: usize = part.chars().map(|each| each.width().unwrap_or(0)).sum();
            if width + columns > room || parts.len() == most {
                return (parts, width, false);
            }
            width += columns;
            parts.push(part);
        }
        (parts, width, true)
    }
}
