//! One diagnostic for a program, under the names that Terraform's tools already read.

use std::ops::Range;

use serde_json::{Map, Value, json};

use crate::{Diagnostic, Severity, SourceFile, SourceMap};

/// How many bytes of source a snippet shows at most before the subject in its first line, and from the subject on.
const MOST_CODE: usize = 4096;

/// Renders one diagnostic as an object.
pub(super) fn diagnostic(diagnostic: &Diagnostic, sources: &SourceMap) -> Value {
    let severity = match diagnostic.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
    };
    let mut object = Map::new();
    object.insert("severity".into(), severity.into());
    object.insert("code".into(), diagnostic.code.into());
    object.insert("summary".into(), diagnostic.summary.into());
    object.insert("detail".into(), diagnostic.detail.as_str().into());
    if let Some(address) = &diagnostic.address {
        object.insert("address".into(), address.as_str().into());
    }
    if let Some((file, subject)) = diagnostic.subject.and_then(|subject| sources.resolve(subject)) {
        object.insert("range".into(), range(file, &subject));
        object.insert("snippet".into(), snippet(diagnostic, sources, file, &subject));
    }
    object.insert("hints".into(), diagnostic.hints.as_slice().into());
    Value::Object(object)
}

fn range(file: &SourceFile, subject: &Range<usize>) -> Value {
    let position = |offset: usize| {
        let position = file.position(clamped(offset));
        json!({ "line": position.line, "column": position.column, "byte": offset })
    };
    json!({
        "filename": file.path.display().to_string(),
        "start": position(subject.start),
        "end": position(subject.end),
    })
}

fn snippet(diagnostic: &Diagnostic, sources: &SourceMap, file: &SourceFile, subject: &Range<usize>) -> Value {
    let line = file.line_at(subject.start);
    let line_start = file.line_range(line).start;
    let last_byte = subject.end.saturating_sub(1).max(subject.start);
    let line_end = file.line_range(file.line_at(last_byte)).end.max(subject.end);
    let start = line_start.max(file.text.ceil_char_boundary(subject.start.saturating_sub(MOST_CODE)));
    let end = line_end.min(file.text.floor_char_boundary(subject.start + MOST_CODE));
    let values: Vec<_> = diagnostic
        .values
        .iter()
        .map(|(reference, description)| json!({ "traversal": reference, "statement": description }))
        .collect();
    json!({
        "context": file.block_around(clamped(subject.start)).map(ToOwned::to_owned).or_else(|| header(diagnostic, sources)),
        "code": &file.text[start..end],
        "start_line": line,
        "highlight_start_offset": subject.start - start,
        "highlight_end_offset": subject.end.min(end) - start,
        "values": values,
    })
}

fn clamped(offset: usize) -> u32 {
    u32::try_from(offset).unwrap_or(u32::MAX)
}

/// The header of the block around the subject, such as `resource "local_bucket" "landing"`.
fn header(diagnostic: &Diagnostic, sources: &SourceMap) -> Option<String> {
    let (file, context) = sources.resolve(diagnostic.surroundings()?)?;
    let line = file.line(file.line_at(context.start));
    let header = line.split_once('{').map_or(line, |(header, _)| header).trim();
    let end = header.floor_char_boundary(MOST_CODE);
    (!header.is_empty()).then(|| header[..end].to_owned())
}
