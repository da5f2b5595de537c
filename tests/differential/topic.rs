//! Topics' files: an expression on a line, after it indented what Terraform gives.
//!
//! `= ` starts a line of the value, `! ` says that it fails. `~ ` and `~! ` say what mesh gives instead, on purpose.
//! Further lines of an expression start with `| `. `TYPE <- VALUE` is a variable of a type with a default.

use super::side::{Case, Outcome};

/// An expression of a topic.
#[derive(Clone, Debug)]
pub struct Entry {
    /// What is evaluated.
    pub case: Case,
    /// What Terraform gave.
    pub recorded: Option<Outcome>,
    /// What mesh gives instead.
    pub departure: Option<Outcome>,
    /// The number of its first line.
    line: usize,
}

/// The entries of a file.
pub fn read(text: &str) -> Vec<Entry> {
    let mut entries: Vec<Entry> = Vec::new();
    for (line, content) in text.lines().enumerate() {
        if content.is_empty() || content.starts_with('#') {
            continue;
        }
        let Some(entry) = entries.last_mut().filter(|_| content.starts_with("  ") || content.starts_with('|')) else {
            entries.push(Entry { case: case(content), recorded: None, departure: None, line });
            continue;
        };
        match (content.strip_prefix("  ").and_then(|rest| rest.split_once(' ')), content.strip_prefix('|')) {
            (Some(("=", value)), _) => extend(&mut entry.recorded, value),
            (Some(("~", value)), _) => extend(&mut entry.departure, value),
            (Some(("!", _)), _) => entry.recorded = Some(Outcome::Fails),
            (Some(("~!", _)), _) => entry.departure = Some(Outcome::Fails),
            (_, Some(more)) => {
                if let Case::Expression(text) = &mut entry.case {
                    text.push('\n');
                    text.push_str(more.strip_prefix(' ').unwrap_or(more));
                }
            }
            _ => {}
        }
    }
    entries
}

fn case(content: &str) -> Case {
    match content.split_once(" <- ") {
        Some((ty, value)) => Case::Conversion { ty: ty.to_owned(), value: value.to_owned() },
        None if content.starts_with("type(") => Case::Typed(content.to_owned()),
        None => Case::Expression(content.to_owned()),
    }
}

fn extend(outcome: &mut Option<Outcome>, line: &str) {
    match outcome {
        Some(Outcome::Value(text)) => {
            text.push('\n');
            text.push_str(line);
        }
        _ => *outcome = Some(Outcome::Value(line.to_owned())),
    }
}

/// The file with what was recorded of its entries.
pub fn written(text: &str, entries: &[Entry]) -> String {
    let is_outcome = |line: &str| line.starts_with("  = ") || line.starts_with("  ! ");
    let mut out = String::new();
    let mut pending: Option<&Entry> = None;
    let mut entries = entries.iter().peekable();
    for (number, line) in text.lines().enumerate().filter(|(_, line)| !is_outcome(line)) {
        // What was recorded stands right after the expression's last line.
        if !line.starts_with('|') {
            record(&mut pending, &mut out);
        }
        if entries.peek().is_some_and(|entry| entry.line == number) {
            pending = entries.next();
        }
        out.push_str(line);
        out.push('\n');
    }
    record(&mut pending, &mut out);
    out
}

fn record(entry: &mut Option<&Entry>, out: &mut String) {
    if let Some(outcome) = entry.take().and_then(|entry| entry.recorded.as_ref()) {
        out.push_str(&outcome.to_string());
    }
}
