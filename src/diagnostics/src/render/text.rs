//! One diagnostic for a person: what, where, why, with which values, about which object, and the way out.

use std::ops::Range;

use annotate_snippets::renderer::{DEFAULT_EMPHASIS_STYLE, DEFAULT_HELP_STYLE, DEFAULT_LINE_NUM_STYLE, Style as Ansi};
use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};

use super::excerpt::excerpt;
use super::wrap::wrap;
use super::{Style, escape};
use crate::{Diagnostic, Position, Severity, SourceFile, SourceMap};

/// Narrower terminals get lines that they wrap themselves.
const LEAST_WIDTH: usize = 40;
/// Excerpts of source are not wider than this, whatever the terminal.
const MOST_WIDTH: usize = 400;
/// Prose is not wider than this: the eye loses the next line's start.
const MOST_PROSE: usize = 120;
/// Wide enough that the excerpts, which are cut already, are not cut again.
const UNCUT: usize = 10_000;

const INDENT: &str = "  ";
const HELP: &str = "help: ";

/// Renders one diagnostic, ending with a line break.
pub(super) fn diagnostic(diagnostic: &Diagnostic, sources: &SourceMap, style: Style) -> String {
    let room = style.width.clamp(LEAST_WIDTH, MOST_PROSE) - INDENT.len();
    let mut out = head(diagnostic, sources, style);
    out.push('\n');
    for (label, span) in &diagnostic.related {
        if let Some((file, subject)) = sources.resolve(*span) {
            let title = Level::NOTE.primary_title(escape::line(label));
            out.push_str(&renderer(style).render(&[Group::with_title(title)]));
            out.push('\n');
            out.push_str(&located(&Level::NOTE, file, &subject, None, style));
            out.push('\n');
        }
    }

    let detail: Vec<_> = escape::lines(diagnostic.detail.trim()).flat_map(|line| wrap(&line, room)).collect();
    section(&mut out, detail);

    let values = diagnostic.values.iter().flat_map(|(reference, description)| {
        labelled(&escape::line(reference), DEFAULT_EMPHASIS_STYLE, &escape::line(description), style, room)
    });
    let address = diagnostic
        .address
        .iter()
        .map(|address| format!("in {}", paint(style, DEFAULT_EMPHASIS_STYLE, &escape::line(address))));
    section(&mut out, values.chain(address).collect());

    let hints = diagnostic.hints.iter().flat_map(|hint| {
        let lines: Vec<_> =
            escape::lines(hint.trim()).flat_map(|line| wrap(&line, room.saturating_sub(HELP.len()))).collect();
        lines.into_iter().enumerate().map(|(index, line)| match index {
            0 => format!("{}{line}", paint(style, DEFAULT_HELP_STYLE, HELP)),
            _ if line.is_empty() => line,
            _ => format!("{}{line}", " ".repeat(HELP.len())),
        })
    });
    section(&mut out, hints.collect());
    out
}

/// A painted label and what is said of it, wrapped below itself.
fn labelled(label: &str, ansi: Ansi, text: &str, style: Style, room: usize) -> Vec<String> {
    let lines = wrap(&format!("{label} {text}"), room - INDENT.len());
    let paint_label = |line: &str| match line.strip_prefix(label) {
        Some(rest) => format!("{}{rest}", paint(style, ansi, label)),
        None => line.to_owned(),
    };
    lines
        .iter()
        .enumerate()
        .map(|(index, line)| if index == 0 { paint_label(line) } else { format!("{INDENT}{line}") })
        .collect()
}

/// Adds indented lines after a blank one; nothing where there are none.
fn section(out: &mut String, lines: Vec<String>) {
    for (index, line) in lines.iter().enumerate() {
        if index == 0 {
            out.push('\n');
        }
        if !line.is_empty() {
            out.push_str(INDENT);
            out.push_str(line);
        }
        out.push('\n');
    }
}

/// The title and, where the subject's file is known, the place and the excerpt.
fn head(diagnostic: &Diagnostic, sources: &SourceMap, style: Style) -> String {
    let level = match diagnostic.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
    };
    let title = level.clone().primary_title(escape::line(diagnostic.summary)).id(diagnostic.code);
    let title = renderer(style).render(&[Group::with_title(title)]);
    let Some((file, subject)) = diagnostic.subject.and_then(|subject| sources.resolve(subject)) else {
        return title;
    };
    let context = diagnostic.surroundings().and_then(|context| sources.resolve(context)).map(|(_, range)| range);
    format!("{title}\n{}", located(&level, file, &subject, context, style))
}

fn renderer(style: Style) -> Renderer {
    if style.color { Renderer::styled() } else { Renderer::plain() }.term_width(UNCUT)
}

/// The place and the excerpt around it.
fn located(
    level: &Level<'_>,
    file: &SourceFile,
    subject: &Range<usize>,
    context: Option<Range<usize>>,
    style: Style,
) -> String {
    let excerpt = excerpt(file, subject, context, style.width.clamp(LEAST_WIDTH, MOST_WIDTH));
    let arrow = format!("{:width$}-->", "", width = excerpt.digits);
    let snippet = Snippet::source(excerpt.source)
        .line_start(excerpt.first_line as usize)
        .annotation(AnnotationKind::Primary.span(excerpt.subject))
        .annotations(excerpt.shown.into_iter().map(|character| AnnotationKind::Visible.span(character)));
    let snippet = renderer(style).render(&[Group::with_level(level.clone()).element(snippet)]);
    format!("{} {}\n{}", paint(style, DEFAULT_LINE_NUM_STYLE, &arrow), place(file, subject.start), tidied(&snippet))
}

/// The place in the file itself: the excerpt's columns are not the file's where it is cut or escaped.
fn place(file: &SourceFile, offset: usize) -> String {
    let Position { line, column } = file.position(u32::try_from(offset).unwrap_or(u32::MAX));
    format!("{}:{line}:{column}", escape::line(&file.path.display().to_string()))
}

/// A snippet without spaces at the ends of its lines, and without the bare edge below lines that follow the subject (it
/// begins with the same edge).
fn tidied(snippet: &str) -> String {
    let mut lines: Vec<_> = snippet.lines().map(str::trim_end).collect();
    if lines.len() > 1 && lines.first() == lines.last() {
        lines.pop();
    }
    lines.join("\n")
}

fn paint(style: Style, ansi: Ansi, text: &str) -> String {
    if style.color { format!("{ansi}{text}{ansi:#}") } else { text.to_owned() }
}
