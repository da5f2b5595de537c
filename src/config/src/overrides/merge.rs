//! How one block changes another: arguments take the place of those of the same name, nested blocks that of all of
//! their type, as in Terraform.

use mesh_diagnostics::{Diagnostic, Diagnostics};
use mesh_lang::syntax::{Attribute, Block, Body, Expr, ExprKind};

/// Changes a labelled block by one of the same labels.
pub fn merge_block(base: &mut Block, over: Block, diagnostics: &mut Diagnostics) {
    let fixed_blocks: &[&str] = match over.kind.text.as_ref() {
        "variable" => &["validation"],
        "output" => &["precondition"],
        _ => &[],
    };
    let is_object = matches!(over.kind.text.as_ref(), "resource" | "data" | "ephemeral");
    let mut body = without(over.body, fixed_blocks, diagnostics);
    body.attributes.retain(|attribute| {
        let fixed = attribute.name.text.as_ref() == "depends_on" && !is_empty(&attribute.expr);
        if fixed {
            diagnostics.push(
                Diagnostic::error(
                    "override-not-possible",
                    "Not possible in an override file",
                    "`depends_on` can't be overridden.",
                )
                .at(attribute.name.span)
                .hint("Change it where the block is declared."),
            );
        }
        !fixed
    });
    if is_object && let Some(at) = body.blocks.iter().position(|block| block.kind.text.as_ref() == "lifecycle") {
        let lifecycle = body.blocks.remove(at);
        let changes = without(lifecycle.body, &["precondition", "postcondition"], diagnostics);
        match base.body.blocks.iter_mut().find(|block| block.kind.text.as_ref() == "lifecycle") {
            Some(base) => merge_body(&mut base.body, changes),
            None => base.body.blocks.push(Block { body: changes, ..lifecycle }),
        }
    }
    merge_body(&mut base.body, body);
}

/// Changes a body: every name that `over` has, as an argument or as a type of blocks, goes from `base`.
fn merge_body(base: &mut Body, over: Body) {
    for name in over.attributes.iter().map(|attribute| &attribute.name.text).chain(over.blocks.iter().map(made)) {
        base.attributes.retain(|attribute| attribute.name.text != *name);
        base.blocks.retain(|block| made(block) != name);
    }
    base.attributes.extend(over.attributes);
    base.blocks.extend(over.blocks);
}

/// Takes from a `mesh` or `terraform` block what another one says anew; that one is then added as it is.
pub fn merge_settings(base: &mut Body, over: &Body) {
    let again = |attribute: &Attribute, by: &Body| by.attributes.iter().any(|new| new.name.text == attribute.name.text);
    base.attributes.retain(|attribute| !again(attribute, over));
    for new in &over.blocks {
        match new.kind.text.as_ref() {
            "required_providers" => {
                for block in base.blocks.iter_mut().filter(|block| block.kind.text == new.kind.text) {
                    block.body.attributes.retain(|attribute| !again(attribute, &new.body));
                }
            }
            // The state is in one place only.
            "backend" | "cloud" => {
                base.blocks.retain(|block| !matches!(block.kind.text.as_ref(), "backend" | "cloud"));
            }
            kind => base.blocks.retain(|block| block.kind.text.as_ref() != kind),
        }
    }
}

/// A body without the blocks that can't be overridden; each of them is reported.
fn without(mut body: Body, fixed: &[&str], diagnostics: &mut Diagnostics) -> Body {
    body.blocks.retain(|block| {
        let kind = block.kind.text.as_ref();
        let is_fixed = fixed.contains(&kind);
        if is_fixed {
            diagnostics.push(
                Diagnostic::error(
                    "override-not-possible",
                    "Not possible in an override file",
                    format!("`{kind}` blocks can't be overridden, and none can be added in an override file."),
                )
                .at(block.header)
                .hint("Change them where the block is declared."),
            );
        }
        !is_fixed
    });
    body
}

/// The type of the blocks that a block stands for.
fn made(block: &Block) -> &std::sync::Arc<str> {
    match block.labels.as_slice() {
        [label] if block.kind.text.as_ref() == "dynamic" => &label.text,
        _ => &block.kind.text,
    }
}

fn is_empty(expr: &Expr) -> bool {
    matches!(&expr.kind, ExprKind::Tuple(elements) if elements.is_empty())
}

/// The text of a literal string.
pub fn literal_text(expr: &Expr) -> Option<String> {
    if let ExprKind::Literal(value) = &expr.kind { value.as_str().map(str::to_owned) } else { None }
}
