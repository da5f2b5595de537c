//! `module` blocks.

use std::sync::Arc;

use mesh_diagnostics::{Diagnostic, Diagnostics, Span};
use mesh_lang::eval;
use mesh_lang::syntax::Block;
use mesh_value::Type;

use super::repetition::{depends_on, repetition, repetition_references};
use super::settings::version_constraint;
use super::values::missing_argument;
use super::{lifecycle, provider};
use crate::block::{Reader, constant, references};
use crate::module::{Argument, ModuleCall};

pub fn decode(block: &Block, diagnostics: &mut Diagnostics) -> Option<ModuleCall> {
    let mut reader = Reader::new(&block.body, "A `module` block");
    let mut repetition = repetition(&mut reader, diagnostics);
    let depends_on = depends_on(&mut reader, diagnostics);
    let source = source(&mut reader, block.header, diagnostics);
    if let Some(lifecycle) = reader.single("lifecycle", diagnostics) {
        lifecycle::of_module(lifecycle, &mut repetition, diagnostics);
    }
    for nested in block.body.blocks.iter().filter(|nested| nested.kind.text.as_ref() != "lifecycle") {
        diagnostics.push(
            Diagnostic::error(
                "unknown-block",
                "Unknown block",
                "A `module` block takes no nested blocks but `lifecycle`.",
            )
            .at(nested.header)
            .hint(format!("A value for a variable is written `{} = {{ ... }}`.", nested.kind.text)),
        );
    }
    let own = ["source", "version", "providers", "count", "for_each", "depends_on"];
    let version = reader
        .argument("version")
        .and_then(|attribute| Some((version_constraint(attribute, diagnostics)?, attribute.expr.span)));
    let providers = reader.argument("providers").map(|attribute| provider::passed(attribute, diagnostics));
    let providers = providers.unwrap_or_default();
    let arguments = block.body.attributes.iter().filter(|attribute| !own.contains(&attribute.name.text.as_ref()));
    let arguments = arguments
        .map(|attribute| {
            let references = references(&attribute.expr, diagnostics);
            let argument = Argument { expr: attribute.expr.clone(), references, span: attribute.name.span };
            (attribute.name.text.clone(), argument)
        })
        .collect();
    let mut references = repetition_references(&repetition, diagnostics);
    references.extend(depends_on.iter().cloned());
    references.extend(providers.iter().filter_map(|passed| passed.outer.key.as_ref()).flat_map(eval::references));
    let (source, source_span) = source?;
    let name = block.labels[0].text.clone();
    Some(ModuleCall {
        name,
        source,
        source_span,
        version,
        arguments,
        repetition,
        depends_on,
        providers,
        references,
        span: block.header,
    })
}

fn source(reader: &mut Reader<'_>, header: Span, diagnostics: &mut Diagnostics) -> Option<(Arc<str>, Span)> {
    let Some(attribute) = reader.argument("source") else {
        diagnostics.push(missing_argument("source", "A `module` block").at(header));
        return None;
    };
    let mut found = Diagnostics::default();
    let value = constant(&attribute.expr, Some(&Type::String), "source", &mut found);
    let is_wrong = found.has_errors();
    diagnostics.extend(found.into_iter().map(|diagnostic| match diagnostic.code {
        "reference-not-here" => diagnostic.hint("Modules are fetched and read before anything has a value."),
        _ => diagnostic,
    }));
    match value.as_ref().and_then(|value| value.as_str()) {
        Some(source) => Some((source.into(), attribute.expr.span)),
        None if is_wrong => None,
        None => {
            diagnostics.push(missing_argument("source", "A `module` block").at(attribute.expr.span));
            None
        }
    }
}
