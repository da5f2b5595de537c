//! `lifecycle` blocks: how an object comes and goes, and what must hold of it.

use mesh_diagnostics::{Diagnostic, Diagnostics, Span};
use mesh_lang::eval::{Referent, StaticReference};
use mesh_lang::syntax::{Attribute, Block, Expr, ExprKind, Step};
use mesh_value::{AttributePath, Kind, Mode, PathStep, Type};

use super::values::rules;
use crate::block::{Reader, constant, references};
use crate::module::{LifecycleRules, PreventDestroy, Repetition};

/// Decodes the block of a resource or data source; `enabled` counts as a repetition.
pub fn of_resource(
    block: &Block,
    mode: Mode,
    repetition: &mut Repetition,
    diagnostics: &mut Diagnostics,
) -> LifecycleRules {
    let mut reader = Reader::new(&block.body, "A `lifecycle` block");
    let mut rules_found = LifecycleRules {
        create_before_destroy: reader.flag("create_before_destroy", diagnostics).unwrap_or(false),
        ..LifecycleRules::default()
    };
    if let Some(attribute) = reader.argument("prevent_destroy") {
        rules_found.prevent_destroy = prevent_destroy(attribute, diagnostics);
    }
    enabled(&mut reader, repetition, diagnostics);
    if let Some(attribute) = reader.argument("ignore_changes") {
        ignore_changes(&attribute.expr, &mut rules_found, diagnostics);
    }
    if let Some(attribute) = reader.argument("replace_triggered_by") {
        rules_found.replace_triggered_by = triggers(&attribute.expr, diagnostics);
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

/// Decodes the block of a module call, which takes `enabled` alone.
pub fn of_module(block: &Block, repetition: &mut Repetition, diagnostics: &mut Diagnostics) {
    let mut reader = Reader::new(&block.body, "The `lifecycle` block of a module");
    enabled(&mut reader, repetition, diagnostics);
    reader.finish(diagnostics);
}

fn enabled(reader: &mut Reader<'_>, repetition: &mut Repetition, diagnostics: &mut Diagnostics) {
    let Some(attribute) = reader.argument("enabled") else { return };
    let (name, other) = match repetition {
        Repetition::Count(expr) => ("count", expr.span),
        Repetition::ForEach(expr) => ("for_each", expr.span),
        Repetition::Once | Repetition::Enabled(_) => {
            *repetition = Repetition::Enabled(attribute.expr.clone());
            return;
        }
    };
    diagnostics.push(
        Diagnostic::error(
            "enabled-and-repeated",
            "`enabled` in a repeated block",
            format!("`enabled` decides whether there is one object or none, and `{name}` decides it too."),
        )
        .at(attribute.name.span)
        .elsewhere("The block is repeated here", other)
        .hint(format!("Take `enabled` out and put its condition into `{name}`.")),
    );
}

fn prevent_destroy(attribute: &Attribute, diagnostics: &mut Diagnostics) -> PreventDestroy {
    let expr = &attribute.expr;
    let references = references(expr, diagnostics);
    if references.is_empty() {
        let value = constant(expr, Some(&Type::Bool), "prevent_destroy", diagnostics);
        let is_true = value.and_then(|value| value.as_bool()) == Some(true);
        return if is_true { PreventDestroy::Always(attribute.span) } else { PreventDestroy::Never };
    }
    for reference in &references {
        use Referent::{Local, Path, Variable, Workspace};
        if !matches!(reference.referent, Variable(_) | Local(_) | Path(_) | Workspace) {
            let detail = format!(
                "`prevent_destroy` must have a value before anything is looked at, so it reads variables and local \
                 values only; `{}` is neither.",
                reference.referent
            );
            diagnostics.push(
                Diagnostic::error("reference-not-here", "Reference without a meaning here", detail).at(reference.span),
            );
        }
    }
    PreventDestroy::When { expr: expr.clone(), references, span: attribute.span }
}

fn triggers(expr: &Expr, diagnostics: &mut Diagnostics) -> Vec<Expr> {
    let ExprKind::Tuple(entries) = &expr.kind else {
        diagnostics.push(invalid_trigger(
            "`replace_triggered_by` takes a list of references, such as `[terraform_data.version]`.",
            expr.span,
        ));
        return Vec::new();
    };
    for entry in entries {
        let is_reference = matches!(entry.kind, ExprKind::Traversal { .. });
        let mut found: Vec<StaticReference> = references(entry, diagnostics);
        if found.is_empty() && is_reference {
            // What is wrong with it is reported.
            continue;
        }
        let of_key = |reference: &StaticReference| matches!(reference.referent, Referent::Count | Referent::Each(_));
        let keys_are_plain = found.iter().skip(1).all(of_key);
        let first = (!found.is_empty()).then(|| found.swap_remove(0));
        let is_resource = first.is_some_and(|first| {
            matches!(first.referent, Referent::Resource { mode: Mode::Managed, .. })
                && first.span.start == entry.span.start
        });
        if !is_reference || !is_resource || !keys_are_plain {
            diagnostics.push(invalid_trigger(
                "An entry of `replace_triggered_by` names a resource or an attribute of one, such as \
                 `terraform_data.version`; an index in it may read `count.index` and `each.key`.",
                entry.span,
            ));
        }
    }
    entries.clone()
}

fn invalid_trigger(why: &str, span: Span) -> Diagnostic {
    Diagnostic::error("invalid-replace-triggered-by", "Invalid `replace_triggered_by`", why)
        .at(span)
        .hint("To be replaced with a value, put the value into the `input` of a `terraform_data` and name that.")
}

fn ignore_changes(expr: &Expr, rules: &mut LifecycleRules, diagnostics: &mut Diagnostics) {
    match &expr.kind {
        ExprKind::Variable(name) if name.as_ref() == "all" => rules.ignore_all_changes = true,
        ExprKind::Tuple(entries) => {
            for entry in entries {
                match attribute_path(entry) {
                    Some(path) => rules.ignore_changes.push((path, entry.span)),
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

/// The path of an attribute, which old configurations write in quotes.
fn attribute_path(expr: &Expr) -> Option<AttributePath> {
    let (root, steps) = match &expr.kind {
        ExprKind::Variable(name) => return Some(AttributePath::attr(name.clone())),
        ExprKind::Literal(quoted) => return quoted_path(quoted.as_str()?),
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

/// `"tags"` or `"tags.owner"`.
fn quoted_path(text: &str) -> Option<AttributePath> {
    let mut parts = text.split('.');
    let mut path = AttributePath::attr(parts.next().filter(|first| !first.is_empty())?);
    for part in parts {
        path.push(part.parse().map_or_else(|_| PathStep::Attr(part.into()), PathStep::Index));
    }
    Some(path)
}
