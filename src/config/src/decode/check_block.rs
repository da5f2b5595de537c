//! `check` blocks: assertions beside the configuration, and the data source that one may bring along.

use mesh_diagnostics::{Diagnostic, Diagnostics};
use mesh_lang::syntax::Block;

use super::{labels_fit, resource, values};
use crate::block::{Reader, rule_references};
use crate::module::{CheckBlock, Resource};

/// Decodes one block.
pub fn decode(block: &Block, diagnostics: &mut Diagnostics) -> CheckBlock {
    let mut reader = Reader::new(&block.body, "A `check` block");
    let data = reader.single("data", diagnostics).and_then(|block| data(block, diagnostics));
    let assertions = values::rules(&mut reader, "assert", diagnostics);
    if reader.blocks("assert").next().is_none() {
        diagnostics.push(
            Diagnostic::error(
                "missing-block",
                "Missing block",
                "A `check` block needs an `assert` block: it checks nothing.",
            )
            .at(block.header)
            .hint("Write `assert { condition = ..., error_message = ... }` in it."),
        );
    }
    reader.finish(diagnostics);
    let mut references = rule_references(&assertions, diagnostics);
    references.extend(data.iter().flat_map(|data| data.references.iter().cloned()));
    CheckBlock { name: block.labels[0].text.clone(), data, assertions, references, span: block.header }
}

fn data(block: &Block, diagnostics: &mut Diagnostics) -> Option<Resource> {
    if !labels_fit(block, &["type", "name"], diagnostics) {
        return None;
    }
    let refused = |name: &str, span| {
        Diagnostic::error(
            "not-in-check",
            "Not in a check",
            format!(
                "`{name}` has no meaning for a data source in a `check` block: it is read once, when the check is held."
            ),
        )
        .at(span)
    };
    for attribute in &block.body.attributes {
        if ["count", "for_each"].contains(&attribute.name.text.as_ref()) {
            diagnostics.push(
                refused(&attribute.name.text, attribute.name.span)
                    .hint("Write a data source of its own outside of the check, and refer to it."),
            );
        }
    }
    for nested in block.body.blocks.iter().filter(|nested| nested.kind.text.as_ref() == "lifecycle") {
        diagnostics.push(
            refused("lifecycle", nested.header).hint("A condition on what is read is an `assert` block of the check."),
        );
    }
    Some(resource::decode(block.clone(), diagnostics))
}
