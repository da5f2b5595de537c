//! `resource` and `data` blocks, with their `lifecycle`.

use std::sync::Arc;

use mesh_diagnostics::{Diagnostic, Diagnostics};
use mesh_lang::eval::StaticReference;
use mesh_lang::syntax::{Attribute, Block, Body, Expr, ExprKind, Step};
use mesh_value::{AttributePath, Kind, Mode, PathStep};

use super::repetition::{depends_on, repetition};
use super::values::rules;
use crate::block::{Reader, block_references, references, rule_references};
use crate::module::{LifecycleRules, ProviderRef, Resource};

pub fn decode(block: &Block, diagnostics: &mut Diagnostics) -> Resource {
    let mode = if block.kind.text.as_ref() == "data" { Mode::Data } else { Mode::Managed };
    let (ty, name) = (block.labels[0].text.clone(), block.labels[1].text.clone());
    let mut reader = Reader::new(&block.body, "A resource");
    let repetition = repetition(&mut reader, diagnostics);
    let depends_on = depends_on(&mut reader, diagnostics);
    let provider = reader.argument("provider").and_then(|attribute| provider_ref(attribute, diagnostics));
    let provider = provider.unwrap_or_else(|| ProviderRef { name: implied_provider(&ty), alias: None });
    let lifecycle = reader.single("lifecycle", diagnostics).map(|block| lifecycle(block, mode, diagnostics));
    for kind in ["provisioner", "connection"] {
        for unsupported in reader.blocks(kind) {
            diagnostics.push(
                Diagnostic::error(
                    "provisioner-unsupported",
                    "Provisioners are not supported",
                    format!("mesh does not run `{kind}` blocks: what they do is in no plan and in no state."),
                )
                .at(unsupported.header)
                .hint("Use a `local_job`, which is planned, logged and run again when its triggers change."),
            );
        }
    }
    let lifecycle = lifecycle.unwrap_or_default();
    let references = references_of(&block.body, &lifecycle, &depends_on, diagnostics);
    Resource {
        mode,
        ty,
        name,
        body: Arc::new(block.body.clone()),
        repetition,
        depends_on,
        provider,
        lifecycle,
        references,
        span: block.header,
    }
}

/// What the arguments, the repetition, `depends_on` and `lifecycle` refer to.
fn references_of(
    body: &Body,
    lifecycle: &LifecycleRules,
    depends_on: &[StaticReference],
    diagnostics: &mut Diagnostics,
) -> Vec<StaticReference> {
    let mut found = depends_on.to_vec();
    let arguments = body.attributes.iter().filter(|a| !["depends_on", "provider"].contains(&a.name.text.as_ref()));
    found.extend(arguments.flat_map(|attribute| references(&attribute.expr, diagnostics)));
    for block in body.blocks.iter().filter(|block| block.kind.text.as_ref() != "lifecycle") {
        found.extend(block_references(block, diagnostics));
    }
    found.extend(rule_references(&lifecycle.preconditions, diagnostics));
    found.extend(rule_references(&lifecycle.postconditions, diagnostics));
    found.extend(lifecycle.replace_triggered_by.iter().flat_map(|expr| references(expr, diagnostics)));
    found
}

/// The provider that a resource type's name starts with.
fn implied_provider(ty: &str) -> Arc<str> {
    ty.split_once('_').map_or(ty, |(provider, _)| provider).into()
}

fn provider_ref(attribute: &Attribute, diagnostics: &mut Diagnostics) -> Option<ProviderRef> {
    match &attribute.expr.kind {
        ExprKind::Variable(name) => return Some(ProviderRef { name: name.clone(), alias: None }),
        ExprKind::Traversal { root, steps } => {
            if let (ExprKind::Variable(name), [Step::Attr(alias)]) = (&root.kind, steps.as_slice()) {
                return Some(ProviderRef { name: name.clone(), alias: Some(alias.text.clone()) });
            }
        }
        _ => {}
    }
    diagnostics.push(
        Diagnostic::error(
            "invalid-provider-reference",
            "Invalid provider reference",
            "`provider` takes a provider's name, or name and alias, such as `local` or `local.archive`.",
        )
        .at(attribute.expr.span),
    );
    None
}

fn lifecycle(block: &Block, mode: Mode, diagnostics: &mut Diagnostics) -> LifecycleRules {
    let mut reader = Reader::new(&block.body, "A `lifecycle` block");
    let mut rules_found = LifecycleRules {
        create_before_destroy: reader.flag("create_before_destroy", diagnostics).unwrap_or(false),
        ..LifecycleRules::default()
    };
    let prevent = reader.argument("prevent_destroy").map(|attribute| attribute.span);
    if reader.flag("prevent_destroy", diagnostics) == Some(true) {
        rules_found.prevent_destroy = prevent;
    }
    if let Some(attribute) = reader.argument("ignore_changes") {
        ignore_changes(&attribute.expr, &mut rules_found, diagnostics);
    }
    if let Some(attribute) = reader.argument("replace_triggered_by") {
        match &attribute.expr.kind {
            ExprKind::Tuple(entries) => rules_found.replace_triggered_by.clone_from(entries),
            _ => diagnostics.push(
                Diagnostic::error(
                    "invalid-replace-triggered-by",
                    "Invalid `replace_triggered_by`",
                    "`replace_triggered_by` takes a list of references, such as `[terraform_data.version]`.",
                )
                .at(attribute.expr.span),
            ),
        }
    }
    rules_found.preconditions = rules(&mut reader, "precondition", diagnostics);
    rules_found.postconditions = rules(&mut reader, "postcondition", diagnostics);
    reader.finish(diagnostics);
    if mode == Mode::Data {
        for name in ["create_before_destroy", "prevent_destroy", "ignore_changes", "replace_triggered_by"] {
            if let Some(attribute) = block.body.attributes.iter().find(|a| a.name.text.as_ref() == name) {
                diagnostics.push(
                    Diagnostic::error(
                        "lifecycle-of-data",
                        "Not for data sources",
                        format!("`{name}` has no meaning for a data source: it is only read."),
                    )
                    .at(attribute.name.span),
                );
            }
        }
    }
    rules_found
}

fn ignore_changes(expr: &Expr, rules: &mut LifecycleRules, diagnostics: &mut Diagnostics) {
    match &expr.kind {
        ExprKind::Variable(name) if name.as_ref() == "all" => rules.ignore_all_changes = true,
        ExprKind::Tuple(entries) => {
            for entry in entries {
                match attribute_path(entry) {
                    Some(path) => rules.ignore_changes.push(path),
                    None => diagnostics.push(invalid_ignore(entry)),
                }
            }
        }
        _ => diagnostics.push(invalid_ignore(expr)),
    }
}

fn invalid_ignore(expr: &Expr) -> Diagnostic {
    Diagnostic::error(
        "invalid-ignore-changes",
        "Invalid `ignore_changes`",
        "`ignore_changes` takes a list of attributes of this resource, such as `[tags, columns[0].name]`, or `all`.",
    )
    .at(expr.span)
}

fn attribute_path(expr: &Expr) -> Option<AttributePath> {
    let (root, steps) = match &expr.kind {
        ExprKind::Variable(name) => return Some(AttributePath::attr(name.clone())),
        ExprKind::Traversal { root, steps } => (root, steps),
        _ => return None,
    };
    let ExprKind::Variable(name) = &root.kind else { return None };
    let mut path = AttributePath::attr(name.clone());
    for step in steps {
        path.push(match step {
            Step::Attr(ident) => PathStep::Attr(ident.text.clone()),
            Step::Index(Expr { kind: ExprKind::Literal(key), .. }, _) => match key.kind() {
                Kind::String(key) => PathStep::Key(key.clone()),
                Kind::Number(index) => PathStep::Index(index.to_usize()?),
                _ => return None,
            },
            Step::Index(..) | Step::Splat { .. } => return None,
        });
    }
    Some(path)
}
