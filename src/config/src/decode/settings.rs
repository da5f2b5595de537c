//! `mesh` and `terraform` blocks: which mesh and which providers a module wants.

use mesh_diagnostics::{Diagnostic, Diagnostics};
use mesh_lang::syntax::{Attribute, Block};
use mesh_value::Type;

use super::values::missing_argument;
use super::{cost, insert, is_name, provider};
use crate::block::{Reader, constant};
use crate::instead;
use crate::module::{Library, Module, Settings};
use crate::version::VersionConstraint;

/// Decodes one block into what earlier blocks of the module said. `required_version` of a `terraform` block speaks of
/// another program and is not held against mesh.
pub fn decode(block: &Block, module: &mut Module, diagnostics: &mut Diagnostics) {
    let settings = &mut module.settings;
    let is_own = block.kind.text.as_ref() == "mesh";
    let mut reader = Reader::new(&block.body, if is_own { "A `mesh` block" } else { "A `terraform` block" });
    if let Some(attribute) = reader.argument("required_version").filter(|_| is_own)
        && let Some(constraint) = version_constraint(attribute, diagnostics)
    {
        settings.required_version.push((constraint, attribute.expr.span));
    }
    if is_own {
        for nested in reader.blocks("library") {
            library(nested, settings, diagnostics);
        }
        cost::in_mesh(&mut reader, &mut module.cost, diagnostics);
    }
    for nested in reader.blocks("required_providers") {
        for entry in &nested.body.attributes {
            let required = provider::required(entry, diagnostics);
            settings.required_providers.insert(entry.name.text.clone(), required);
        }
    }
    // Where the state lives and what is experimental says nothing to mesh in a `terraform` block.
    if !is_own {
        for (known, hint) in instead::settings() {
            for ignored in reader.blocks(known) {
                diagnostics.push(
                    Diagnostic::warning(
                        "setting-ignored",
                        "Setting without effect",
                        format!("mesh reads `terraform` blocks for their providers; `{known}` has no effect."),
                    )
                    .at(ignored.header)
                    .hint(hint),
                );
            }
        }
        let _experiments = reader.argument("experiments");
    }
    reader.finish(diagnostics);
}

/// The constraint that an argument holds.
pub fn version_constraint(attribute: &Attribute, diagnostics: &mut Diagnostics) -> Option<VersionConstraint> {
    let name = &attribute.name.text;
    let text = constant(&attribute.expr, Some(&Type::String), name, diagnostics)?;
    match VersionConstraint::parse(text.as_str().unwrap_or_default()) {
        Ok(constraint) => Some(constraint),
        Err(error) => {
            diagnostics.push(
                Diagnostic::error(
                    "invalid-version-constraint",
                    "Invalid version constraint",
                    format!("`{name}` can't be understood: {error}."),
                )
                .at(attribute.expr.span)
                .hint("Write it like `>= 0.1, < 2.0`."),
            );
            None
        }
    }
}

/// A `library` block: where the index of a library of modules lies.
fn library(block: &Block, settings: &mut Settings, diagnostics: &mut Diagnostics) {
    let [label] = block.labels.as_slice() else {
        diagnostics.push(
            Diagnostic::error(
                "wrong-labels",
                "Wrong number of labels",
                format!("A `library` block takes 1 label(s), this one has {}.", block.labels.len()),
            )
            .at(block.header)
            .hint("Write it as `library \"name\" { source = ... }`."),
        );
        return;
    };
    if !is_name(label, diagnostics) {
        return;
    }
    let mut reader = Reader::new(&block.body, "A `library` block");
    let source = reader.argument("source").map(|attribute| {
        let value = constant(&attribute.expr, Some(&Type::String), "source", diagnostics);
        (value, attribute.expr.span)
    });
    reader.finish(diagnostics);
    let Some((value, source_span)) = source else {
        diagnostics.push(missing_argument("source", "A `library` block").at(block.header));
        return;
    };
    // What is no text was reported, but for null, which leaves the library unknown where it is named.
    let Some(source) = value.as_ref().and_then(|value| value.as_str()).map(Into::into) else { return };
    let library = Library { source, source_span, span: block.header };
    insert(&mut settings.libraries, label.text.clone(), library, |old| old.span, "library", diagnostics);
}
