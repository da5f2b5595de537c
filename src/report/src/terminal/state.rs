//! A state, and its outputs.

use std::collections::BTreeMap;
use std::sync::Arc;

use mesh_diagnostics::render::Style;

use super::paint::Page;
use crate::diff::whole_object;
use crate::line::{Line, Tone};
use crate::state::{Object, Output, State};
use crate::value_text::value_text;
use crate::wording;

/// Every object with all its attributes, then the outputs.
#[must_use]
pub fn state(state: &State, style: Style) -> String {
    let mut page = Page::new(style);
    if state.objects.is_empty() && state.outputs.is_empty() {
        page.prose("The state is empty: it has no objects and no outputs.");
        return page.finish();
    }
    for object in &state.objects {
        page.gap();
        let Object { address, deposed, tainted, value, .. } = object;
        let deposed = deposed.as_ref().map(|key| format!(" (deposed object {key})")).unwrap_or_default();
        let tainted = if *tainted { " (tainted)" } else { "" };
        page.toned(Tone::Strong, &format!("# {address}{deposed}{tainted}:"));
        page.raw(&format!("{} {{", wording::block_header(address)));
        let lines: Vec<Line> = whole_object(value);
        page.flush_left(&lines);
        page.raw("}");
    }
    if !state.outputs.is_empty() {
        page.gap();
        page.title("Outputs:");
        page.gap();
        write_outputs(&state.outputs, &mut page);
    }
    page.finish()
}

/// One output after another as `name = value`, each value as HCL writes it; a sensitive one is not shown.
#[must_use]
pub fn outputs(outputs: &BTreeMap<Arc<str>, Output>, style: Style) -> String {
    let mut page = Page::new(style);
    if outputs.is_empty() {
        page.prose(
            "The state has no outputs. An `output` block in the root module declares one; `mesh apply` stores it.",
        );
        return page.finish();
    }
    write_outputs(outputs, &mut page);
    page.finish()
}

fn write_outputs(outputs: &BTreeMap<Arc<str>, Output>, page: &mut Page) {
    for (name, output) in outputs {
        let text = if output.sensitive { "<sensitive>".to_owned() } else { value_text(&output.value) };
        page.raw(&format!("{name} = {text}"));
    }
}
