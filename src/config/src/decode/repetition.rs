//! `count`, `for_each` and `depends_on`, which resources and module calls share.

use mesh_diagnostics::{Diagnostic, Diagnostics, Span};
use mesh_lang::eval::{Referent, StaticReference};
use mesh_lang::syntax::{Expr, ExprKind, parse_expression};

use crate::block::{Reader, references};
use crate::module::Repetition;

pub fn repetition(reader: &mut Reader<'_>, diagnostics: &mut Diagnostics) -> Repetition {
    match (reader.argument("count"), reader.argument("for_each")) {
        (None, None) => Repetition::Once,
        (Some(count), None) => Repetition::Count(count.expr.clone()),
        (None, Some(for_each)) => Repetition::ForEach(for_each.expr.clone()),
        (Some(count), Some(for_each)) => {
            diagnostics.push(
                Diagnostic::error(
                    "count-and-for-each",
                    "Both `count` and `for_each`",
                    "A block is repeated by `count` or by `for_each`, not by both.",
                )
                .at(for_each.name.span)
                .elsewhere("`count` is given here", count.name.span),
            );
            Repetition::ForEach(for_each.expr.clone())
        }
    }
}

pub fn depends_on(reader: &mut Reader<'_>, diagnostics: &mut Diagnostics) -> Vec<StaticReference> {
    let Some(attribute) = reader.argument("depends_on") else { return Vec::new() };
    let ExprKind::Tuple(entries) = &attribute.expr.kind else {
        diagnostics.push(
            Diagnostic::error(
                "invalid-depends-on",
                "Invalid `depends_on`",
                "`depends_on` takes a list of references, such as `[local_bucket.landing, module.warehouse]`.",
            )
            .at(attribute.expr.span),
        );
        return Vec::new();
    };
    entries.iter().filter_map(|entry| dependency(entry, diagnostics)).collect()
}

/// What an entry names. A variable or local value is waited for as far as what it reads is.
fn dependency(entry: &Expr, diagnostics: &mut Diagnostics) -> Option<StaticReference> {
    let reference = match &entry.kind {
        ExprKind::Traversal { .. } => references(entry, diagnostics).pop(),
        ExprKind::Literal(quoted) => quoted.as_str().and_then(|text| quoted_reference(text, entry.span, diagnostics)),
        _ => None,
    };
    if let Some(StaticReference {
        referent: Referent::Resource { .. } | Referent::Module { .. } | Referent::Variable(_) | Referent::Local(_),
        ..
    }) = &reference
    {
        return reference;
    }
    diagnostics.push(
        Diagnostic::error(
            "invalid-depends-on",
            "Invalid `depends_on`",
            "An entry of `depends_on` names a resource, a data source, a module, a variable or a local value, such as `module.warehouse`.",
        )
        .at(entry.span),
    );
    None
}

/// A reference in quotes, as the first versions of Terraform wanted it.
fn quoted_reference(text: &str, span: Span, diagnostics: &mut Diagnostics) -> Option<StaticReference> {
    let (expr, problems) = parse_expression(text, span.file);
    let mut of_text = Diagnostics::default();
    let is_reference = !problems.has_errors() && matches!(expr.kind, ExprKind::Traversal { .. });
    let reference = references(&expr, &mut of_text).pop().filter(|_| is_reference && !of_text.has_errors())?;
    diagnostics.push(
        Diagnostic::warning("quoted-reference", "Reference in quotes", "References are written without quotes.")
            .at(span)
            .hint(format!("Write `{text}`.")),
    );
    Some(StaticReference { span, ..reference })
}

/// What `count` or `for_each` refers to.
pub fn repetition_references(repetition: &Repetition, diagnostics: &mut Diagnostics) -> Vec<StaticReference> {
    match repetition {
        Repetition::Once => Vec::new(),
        Repetition::Count(expr) | Repetition::ForEach(expr) | Repetition::Enabled(expr) => {
            references(expr, diagnostics)
        }
    }
}
