//! Where ephemeral values may not be: in everything that a plan or the state keeps.

use mesh_diagnostics::{Diagnostic, Span};
use mesh_lang::decode;
use mesh_lang::syntax::Body;
use mesh_value::{AttributePath, BlockSchema, Marks, PathStep};

/// The diagnostic for an ephemeral value in a place where it would be kept, such as "`count`, which decides what the
/// state has".
#[must_use]
pub fn ephemeral_value(place: &str, span: Span) -> Diagnostic {
    let detail =
        format!("This is an ephemeral value: it is in no plan and no state, so it can't be the value of {place}.");
    Diagnostic::error("ephemeral-value", "Ephemeral value where one is kept", detail).at(span).hint(
        "Ephemeral values can be read in provider blocks, local values, conditions, and variables and outputs that are \
         ephemeral themselves.",
    )
}

/// A diagnostic for each ephemeral value among a block's arguments, but for the write-only ones, which nobody keeps.
/// `marks` are those of the block's value.
#[must_use]
pub fn kept_ephemeral(
    body: &Body,
    block: Span,
    schema: &BlockSchema,
    marks: &[(AttributePath, Marks)],
) -> Vec<Diagnostic> {
    let is_write_only = |path: &AttributePath| match path.steps() {
        [PathStep::Attr(name), ..] => schema.attribute(name).is_some_and(|attribute| attribute.write_only),
        _ => false,
    };
    let kept = marks.iter().filter(|(path, marks)| marks.is_ephemeral() && !is_write_only(path));
    kept.map(|(path, _)| {
        let name = path.to_string();
        let place = format!("`{}`, which the state keeps", name.trim_start_matches('.'));
        ephemeral_value(&place, decode::span_of(body, path).unwrap_or(block))
    })
    .collect()
}
