//! Turns the blocks of one module's files into typed declarations.

mod address;
mod check_block;
mod cost;
mod lifecycle;
mod module_call;
mod provider;
mod refactoring;
mod repetition;
mod resource;
mod settings;
mod values;

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use mesh_diagnostics::{Diagnostic, Diagnostics, Span, article};
use mesh_lang::syntax::{Attribute, Block, Body, Label};

use crate::block::body_references;
use crate::module::{DataProduct, Module};

/// Block types that stand at the top of a file, with the number of their labels.
const TOP_BLOCKS: [(&str, &[&str]); 16] = [
    ("mesh", &[]),
    ("terraform", &[]),
    ("provider", &["name"]),
    ("variable", &["name"]),
    ("locals", &[]),
    ("output", &["name"]),
    ("resource", &["type", "name"]),
    ("data", &["type", "name"]),
    ("module", &["name"]),
    ("check", &["name"]),
    ("data_product", &["name"]),
    ("domain", &["name"]),
    ("usage", &["type or address"]),
    ("moved", &[]),
    ("removed", &[]),
    ("import", &[]),
];

/// Decodes all files of one module directory.
pub fn module(dir: PathBuf, files: Vec<Body>, diagnostics: &mut Diagnostics) -> Module {
    let mut module = Module { dir, ..Module::default() };
    for body in files {
        for attribute in &body.attributes {
            diagnostics.push(argument_outside_block(attribute));
        }
        for block in body.blocks {
            top_block(block, &mut module, diagnostics);
        }
    }
    provider::by_type(&mut module);
    module
}

/// The diagnostic for an argument at the top of a file.
pub fn argument_outside_block(attribute: &Attribute) -> Diagnostic {
    Diagnostic::error(
        "argument-outside-block",
        "Argument outside of a block",
        format!("`{}` stands at the top of the file, where only blocks may stand.", attribute.name.text),
    )
    .at(attribute.name.span)
    .hint("Put it into the block that it belongs to; a value for reuse goes into `locals { }`.")
}

fn top_block(block: Block, module: &mut Module, diagnostics: &mut Diagnostics) {
    let kind = block.kind.text.clone();
    let kind = kind.as_ref();
    if kind == "ephemeral" {
        diagnostics.push(
            Diagnostic::error(
                "ephemeral-block-unsupported",
                "No ephemeral resources",
                "No provider of mesh has ephemeral resources, so there is nothing that an `ephemeral` block could open.",
            )
            .at(block.kind.span)
            .hint("A secret that must not be stored can come in through a variable with `ephemeral = true`."),
        );
        return;
    }
    let Some((_, labels)) = TOP_BLOCKS.iter().find(|(name, _)| *name == kind) else {
        diagnostics.push(
            Diagnostic::error(
                "unknown-block",
                "Unknown block",
                format!("There is no block `{kind}` at the top of a file."),
            )
            .at(block.kind.span)
            .suggest(kind, TOP_BLOCKS.iter().map(|(name, _)| *name)),
        );
        return;
    };
    if !labels_fit(&block, labels, diagnostics) {
        return;
    }
    match kind {
        "mesh" | "terraform" => settings::decode(&block, module, diagnostics),
        "provider" => provider::block(&block, module, diagnostics),
        "variable" => {
            let variable = values::variable(&block, diagnostics);
            insert(&mut module.variables, variable.name.clone(), variable, |old| old.span, "variable", diagnostics);
        }
        "locals" => {
            for local in values::locals(&block, diagnostics) {
                insert(&mut module.locals, local.name.clone(), local, |old| old.span, "local value", diagnostics);
            }
        }
        "output" => {
            if let Some(output) = values::output(&block, diagnostics) {
                insert(&mut module.outputs, output.name.clone(), output, |old| old.span, "output", diagnostics);
            }
        }
        "resource" | "data" => {
            let resource = resource::decode(block, diagnostics);
            let key = (resource.mode, resource.ty.clone(), resource.name.clone());
            insert(&mut module.resources, key, resource, |old| old.span, "resource", diagnostics);
        }
        "module" => {
            if let Some(call) = module_call::decode(&block, diagnostics) {
                insert(&mut module.calls, call.name.clone(), call, |old| old.span, "module call", diagnostics);
            }
        }
        "check" => {
            let check = check_block::decode(&block, diagnostics);
            insert(&mut module.checks, check.name.clone(), check, |old| old.span, "check", diagnostics);
        }
        "moved" => module.moved.extend(refactoring::moved(&block, diagnostics)),
        "removed" => module.removed.extend(refactoring::removed(&block, diagnostics)),
        "import" => module.imports.extend(refactoring::import(&block, diagnostics)),
        "domain" => cost::at_top(&block, &mut module.cost.domains, diagnostics),
        "usage" => cost::at_top(&block, &mut module.cost.usage, diagnostics),
        _ => product(&block, module, diagnostics),
    }
}

fn labels_fit(block: &Block, expected: &[&str], diagnostics: &mut Diagnostics) -> bool {
    let kind = &block.kind.text;
    if block.labels.len() != expected.len() {
        let form: String = expected.iter().map(|label| format!(" \"{label}\"")).collect();
        diagnostics.push(
            Diagnostic::error(
                "wrong-labels",
                "Wrong number of labels",
                format!(
                    "{} `{kind}` block takes {} label(s), this one has {}.",
                    article(kind),
                    expected.len(),
                    block.labels.len()
                ),
            )
            .at(block.header)
            .hint(format!("Write it as `{kind}{form} {{ ... }}`.")),
        );
        return false;
    }
    // What it names is looked for where it is checked.
    if kind.as_ref() == "usage" {
        return true;
    }
    let fits: Vec<bool> = block.labels.iter().map(|label| is_name(label, diagnostics)).collect();
    !fits.contains(&false)
}

/// Whether a label can be a name; one that can't is reported.
fn is_name(label: &Label, diagnostics: &mut Diagnostics) -> bool {
    let fits = is_identifier(&label.text);
    if !fits {
        diagnostics.push(
            Diagnostic::error(
                "invalid-name",
                "Invalid name",
                format!("{:?} can't be a name: names start with a letter or `_` and go on with letters, digits, `_` and `-`.", label.text),
            )
            .at(label.span),
        );
    }
    fits
}

fn is_identifier(text: &str) -> bool {
    let mut chars = text.chars();
    chars.next().is_some_and(|first| first.is_alphabetic() || first == '_')
        && chars.all(|next| next.is_alphanumeric() || next == '_' || next == '-')
}

/// Adds a declaration; one that was there before is kept and the second reported.
fn insert<K: Ord, T>(
    declared: &mut BTreeMap<K, T>,
    key: K,
    declaration: T,
    span: impl Fn(&T) -> Span,
    what: &str,
    diagnostics: &mut Diagnostics,
) {
    match declared.entry(key) {
        std::collections::btree_map::Entry::Vacant(entry) => {
            entry.insert(declaration);
        }
        std::collections::btree_map::Entry::Occupied(first) => diagnostics.push(
            Diagnostic::error(
                "duplicate-declaration",
                "Declared twice",
                format!("This {what} is already declared in this module; an address names one object."),
            )
            .at(span(&declaration))
            .elsewhere("It is first declared here", span(first.get())),
        ),
    }
}

fn product(block: &Block, module: &mut Module, diagnostics: &mut Diagnostics) {
    if let Some(first) = &module.product {
        diagnostics.push(
            Diagnostic::error(
                "second-data-product",
                "More than one data product",
                format!("A module declares at most one data product, and `{}` is already declared.", first.name),
            )
            .at(block.header)
            .elsewhere("The first one", first.span)
            .hint("Put each data product into a module of its own and call both."),
        );
        return;
    }
    let name = block.labels[0].text.clone();
    let references = body_references(&block.body, diagnostics);
    module.product = Some(DataProduct { name, body: Arc::new(block.body.clone()), references, span: block.header });
}
