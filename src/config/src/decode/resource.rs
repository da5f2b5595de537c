//! `resource` and `data` blocks.

use std::sync::Arc;

use mesh_diagnostics::{Diagnostic, Diagnostics};
use mesh_lang::eval::{self, StaticReference};
use mesh_lang::syntax::{Block, Body};
use mesh_value::Mode;

use super::repetition::{depends_on, repetition, repetition_references};
use super::{lifecycle, provider};
use crate::block::{Reader, block_references, references, rule_references};
use crate::module::{LifecycleRules, PreventDestroy, Repetition, Resource};
use crate::provider::{ProviderRef, WrittenProvider};

pub fn decode(block: Block, diagnostics: &mut Diagnostics) -> Resource {
    let mode = if block.kind.text.as_ref() == "data" { Mode::Data } else { Mode::Managed };
    let (ty, name) = (block.labels[0].text.clone(), block.labels[1].text.clone());
    let mut reader = Reader::new(&block.body, "A resource");
    let mut repetition = repetition(&mut reader, diagnostics);
    let depends_on = depends_on(&mut reader, diagnostics);
    let provider = reader.argument("provider").and_then(|attribute| provider::written(&attribute.expr, diagnostics));
    let provider = provider.unwrap_or_else(|| WrittenProvider {
        config: ProviderRef { name: implied_provider(&ty), alias: None },
        key: None,
        span: block.header,
    });
    let lifecycle = reader
        .single("lifecycle", diagnostics)
        .map(|block| lifecycle::of_resource(block, mode, &mut repetition, diagnostics));
    for kind in ["provisioner", "connection"] {
        for unsupported in reader.blocks(kind) {
            diagnostics.push(no_provisioners(unsupported));
        }
    }
    meta_in_other_form(&block.body, diagnostics);
    let lifecycle = lifecycle.unwrap_or_default();
    let references = references_of(&block.body, &repetition, &lifecycle, &depends_on, diagnostics);
    let references = references.into_iter().chain(provider.key.iter().flat_map(eval::references)).collect();
    Resource {
        mode,
        ty,
        name,
        body: Arc::new(block.body),
        repetition,
        depends_on,
        provider,
        lifecycle,
        references,
        span: block.header,
    }
}

/// Reports meta-blocks that are written as arguments, and meta-arguments that are written as blocks.
fn meta_in_other_form(body: &Body, diagnostics: &mut Diagnostics) {
    for attribute in &body.attributes {
        let name = &attribute.name.text;
        if ["lifecycle", "connection", "provisioner"].contains(&name.as_ref()) {
            diagnostics.push(
                Diagnostic::error(
                    "unknown-argument",
                    "Unknown argument",
                    format!("A resource has no argument `{name}`."),
                )
                .at(attribute.name.span)
                .hint(format!("`{name}` is a block: write `{name} {{ ... }}` without `=`.")),
            );
        }
    }
    for block in &body.blocks {
        let kind = &block.kind.text;
        if ["count", "for_each", "depends_on", "provider"].contains(&kind.as_ref()) {
            diagnostics.push(
                Diagnostic::error("unknown-block", "Unknown block", format!("A resource has no block `{kind}`."))
                    .at(block.kind.span)
                    .hint(format!("`{kind}` is an argument: write `{kind} = ...`.")),
            );
        }
    }
}

/// The diagnostic for a block that would run something which is in no plan.
pub fn no_provisioners(block: &Block) -> Diagnostic {
    let kind = &block.kind.text;
    Diagnostic::error(
        "provisioner-unsupported",
        "Provisioners are not supported",
        format!("mesh does not run `{kind}` blocks: what they do is in no plan and in no state."),
    )
    .at(block.header)
    .hint("Use a `local_job`, which is planned, logged and run again when its triggers change.")
}

/// What the arguments, the repetition, `depends_on` and `lifecycle` refer to.
fn references_of(
    body: &Body,
    repetition: &Repetition,
    lifecycle: &LifecycleRules,
    depends_on: &[StaticReference],
    diagnostics: &mut Diagnostics,
) -> Vec<StaticReference> {
    let mut found = depends_on.to_vec();
    let arguments = body.attributes.iter().filter(|a| !["depends_on", "provider"].contains(&a.name.text.as_ref()));
    found.extend(arguments.flat_map(|attribute| references(&attribute.expr, diagnostics)));
    // What is in a refused `provisioner` would only be reported a second time: `self`, `when = destroy`.
    let apart = ["lifecycle", "connection", "provisioner"];
    for block in body.blocks.iter().filter(|block| !apart.contains(&block.kind.text.as_ref())) {
        found.extend(block_references(block, diagnostics));
    }
    found.extend(rule_references(&lifecycle.preconditions, diagnostics));
    found.extend(rule_references(&lifecycle.postconditions, diagnostics));
    // What is wrong with these was reported when they were decoded.
    found.extend(lifecycle.replace_triggered_by.iter().flat_map(eval::references));
    if let PreventDestroy::When { references, .. } = &lifecycle.prevent_destroy {
        found.extend(references.iter().cloned());
    }
    if matches!(repetition, Repetition::Enabled(_)) {
        found.extend(repetition_references(repetition, diagnostics));
    }
    found
}

/// The provider that a resource type's name starts with.
pub fn implied_provider(ty: &str) -> Arc<str> {
    ty.split_once('_').map_or(ty, |(provider, _)| provider).into()
}
