//! Labels as arguments: `column "id" {}` becomes `column { name = "id" }`, so that blocks whose order matters decode as
//! lists and keep their names.

use std::sync::Arc;

use mesh_diagnostics::{Diagnostic, Diagnostics};
use mesh_lang::syntax::{Attribute, Block, Body, Expr, ExprKind, Ident};
use mesh_value::Value;

/// The blocks whose one label is their name.
const LABELLED: [&str; 3] = ["output", "input", "column"];

/// The body of a `data_product` block with the labels of its ports and columns as `name` arguments. Spans stay those of
/// the source, so that a problem with a name points at its label.
///
/// Reports ports and columns with another number of labels than one, and a `name` beside a label. In a `dynamic` block
/// the label comes from `labels`.
pub fn normalize(body: &Body, diagnostics: &mut Diagnostics) -> Body {
    let blocks = body.blocks.iter().map(|block| normalize_block(block, diagnostics)).collect();
    Body { attributes: body.attributes.clone(), blocks, span: body.span }
}

fn normalize_block(block: &Block, diagnostics: &mut Diagnostics) -> Block {
    match block.kind.text.as_ref() {
        "dynamic" => normalize_dynamic(block, diagnostics),
        kind if LABELLED.contains(&kind) => {
            let name = label(block, kind, diagnostics);
            let body = named(&block.body, kind, name, diagnostics);
            Block { labels: Vec::new(), body, ..block.clone() }
        }
        _ => Block { body: normalize(&block.body, diagnostics), ..block.clone() },
    }
}

/// The one label of a block; where it has none, an expression that nothing more is said about.
fn label(block: &Block, kind: &str, diagnostics: &mut Diagnostics) -> Expr {
    let [label, more @ ..] = block.labels.as_slice() else {
        let detail = format!("{} block has its name as a label, and this one has none.", article(kind));
        diagnostics.push(
            Diagnostic::error("missing-label", "Missing block label", detail)
                .at(block.header)
                .hint(format!("Write `{kind} \"name\" {{ ... }}`.")),
        );
        return Expr { kind: ExprKind::Invalid, span: block.header };
    };
    if let Some(more) = more.first() {
        let detail = format!("{} block takes one label, its name; this one has {}.", article(kind), block.labels.len());
        let diagnostic = Diagnostic::error("extra-label", "Block label not expected", detail);
        diagnostics.push(diagnostic.at(more.span).within(block.header));
    }
    Expr { kind: ExprKind::Literal(Value::string(label.text.clone())), span: label.span }
}

/// `dynamic "column" { labels = [x] content {} }` becomes `dynamic "column" { content { name = x } }`.
fn normalize_dynamic(block: &Block, diagnostics: &mut Diagnostics) -> Block {
    let kind = block.labels.first().map(|label| label.text.clone()).unwrap_or_default();
    if !LABELLED.contains(&kind.as_ref()) {
        return Block { body: normalize(&block.body, diagnostics), ..block.clone() };
    }
    let (labels, attributes): (Vec<_>, Vec<_>) =
        block.body.attributes.iter().cloned().partition(|attribute| attribute.name.text.as_ref() == "labels");
    let name = dynamic_label(block, &kind, labels.first(), diagnostics);
    let mut blocks = Vec::with_capacity(block.body.blocks.len());
    for content in &block.body.blocks {
        let body = match content.kind.text.as_ref() {
            "content" => named(&content.body, &kind, name.clone(), diagnostics),
            _ => normalize(&content.body, diagnostics),
        };
        blocks.push(Block { body, ..content.clone() });
    }
    Block { body: Body { attributes, blocks, span: block.body.span }, ..block.clone() }
}

fn dynamic_label(block: &Block, kind: &str, labels: Option<&Attribute>, diagnostics: &mut Diagnostics) -> Expr {
    let diagnostic = match labels {
        Some(labels) => {
            if let ExprKind::Tuple(elements) = &labels.expr.kind
                && let [name] = elements.as_slice()
            {
                return name.clone();
            }
            let detail = format!("A `dynamic \"{kind}\"` block takes `labels` as a list of one expression, the name.");
            Diagnostic::error("invalid-dynamic", "Invalid dynamic block", detail).at(labels.span).within(block.header)
        }
        None => {
            let detail = format!("A `dynamic \"{kind}\"` block makes blocks with a name, and says no name for them.");
            Diagnostic::error("missing-label", "Missing block label", detail)
                .at(block.header)
                .hint(format!("Add an argument such as `labels = [{kind}.key]`."))
        }
    };
    diagnostics.push(diagnostic);
    Expr { kind: ExprKind::Invalid, span: block.header }
}

/// A block's body with a name in front of its other arguments; a name that it says itself is reported and left out.
fn named(body: &Body, kind: &str, name: Expr, diagnostics: &mut Diagnostics) -> Body {
    let mut body = normalize(body, diagnostics);
    body.attributes.retain(|attribute| {
        let is_name = attribute.name.text.as_ref() == "name";
        if is_name {
            let detail = format!("{} block has no argument `name`: its label is its name.", article(kind));
            let diagnostic = Diagnostic::error("unknown-argument", "Unknown argument", detail);
            diagnostics.push(diagnostic.at(attribute.name.span).hint("Remove this line."));
        }
        !is_name
    });
    let span = name.span;
    let attribute = Attribute { name: Ident { text: Arc::from("name"), span }, expr: name, span, maybe_blocks: false };
    body.attributes.insert(0, attribute);
    body
}

/// "A `column`", "An `input`"
fn article(kind: &str) -> String {
    let article = if kind.starts_with(['i', 'o']) { "An" } else { "A" };
    format!("{article} `{kind}`")
}
