//! What formatting must not change: a file's tree, but for the old forms that it writes anew.

use mesh_diagnostics::FileId;
use mesh_lang::syntax::{Body, Expr, ExprKind, TemplatePart, parse};

use crate::tree;

/// The tree of a source, with interpolations and parentheses around whole values taken off, and types without quotes.
pub fn meaning(source: &str) -> String {
    let (mut body, diagnostics) = parse(source, FileId(0));
    assert!(!diagnostics.has_errors(), "{source}\n{diagnostics:#?}");
    for block in &mut body.blocks {
        if &*block.kind.text == "variable" {
            let types = block.body.attributes.iter_mut().filter(|attribute| &*attribute.name.text == "type");
            for attribute in types {
                let today = match tree::expr(&attribute.expr).as_str() {
                    "\"string\"" => "string",
                    "\"list\"" => "list(string)",
                    "\"map\"" => "map(string)",
                    "list" => "list(any)",
                    "map" => "map(any)",
                    "set" => "set(any)",
                    _ => continue,
                };
                attribute.expr = mesh_lang::syntax::parse_expression(today, FileId(0)).0;
            }
        }
    }
    unwrap(&mut body);
    tree::body(&body)
}

fn unwrap(body: &mut Body) {
    for attribute in &mut body.attributes {
        while let Some(inner) = inside(&attribute.expr) {
            attribute.expr = inner;
        }
    }
    body.blocks.iter_mut().for_each(|block| unwrap(&mut block.body));
}

fn inside(expr: &Expr) -> Option<Expr> {
    match &expr.kind {
        ExprKind::Paren(inner) => Some((**inner).clone()),
        ExprKind::Template(parts) => match parts.as_slice() {
            [TemplatePart::Interpolation(inner)] => Some(inner.clone()),
            _ => None,
        },
        _ => None,
    }
}
