//! The root module's outputs.

use mesh_plan::OutputChange;
use mesh_value::{Marks, Value};

use super::{Diff, Place, Sides};
use crate::line::Line;
use crate::text::width;

/// What changes, one entry an output; none where nothing does.
pub(crate) fn outputs(outputs: &[OutputChange]) -> Vec<Line> {
    let changed: Vec<_> = outputs.iter().filter(|output| output.before != output.after).collect();
    let widest = changed.iter().map(|output| width(&output.name)).max().unwrap_or(0);
    let mut diff = Diff::default();
    for output in changed {
        let hide = |value: &Value| {
            if output.sensitive { value.clone().with_marks(Marks::SENSITIVE) } else { value.clone() }
        };
        let (before, after) = (output.before.as_ref().map(hide), output.after.as_ref().map(hide));
        let padding = " ".repeat(widest.saturating_sub(width(&output.name)));
        let label = format!("{}{padding} = ", output.name);
        if let Some(sides) = Sides::new(before.as_ref(), after.as_ref()) {
            diff.item(&Place { depth: 0, label, end: "", names_null: true }, sides, &Vec::new());
        }
    }
    diff.lines
}
