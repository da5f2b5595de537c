//! Blocks that speak of cost: what `mesh` blocks say of money, `domain` and `usage`.

use std::collections::BTreeMap;
use std::sync::Arc;

use mesh_diagnostics::{Diagnostic, Diagnostics, Span};
use mesh_lang::syntax::{Block, ExprKind};
use mesh_value::{Type, Value};

use super::insert;
use crate::block::{Reader, body_references, constant, references};
use crate::cost::{CostBlock, CostBlocks};
use crate::module::Argument;

/// What a `mesh` block says of money.
pub fn in_mesh(reader: &mut Reader<'_>, cost: &mut CostBlocks, diagnostics: &mut Diagnostics) {
    if let Some(currency) = reader.argument("currency") {
        let found = Argument {
            references: references(&currency.expr, diagnostics),
            expr: currency.expr.clone(),
            span: currency.name.span,
        };
        match &cost.currency {
            Some(first) => diagnostics.push(twice("argument `currency`", found.span, first.span)),
            None => cost.currency = Some(found),
        }
    }
    if let Some(prices) = reader.argument("prices") {
        let elements = match &prices.expr.kind {
            ExprKind::Tuple(elements) => elements.as_slice(),
            _ => &[],
        };
        let value = constant(&prices.expr, Some(&Type::list(Type::String)), "prices", diagnostics);
        for (index, path) in value.as_ref().and_then(Value::as_slice).unwrap_or_default().iter().enumerate() {
            let span = elements.get(index).map_or(prices.expr.span, |element| element.span);
            cost.prices.extend(path.as_str().map(|path| (path.into(), span)));
        }
    }
    for block in reader.blocks("budget") {
        let found = unlabelled(block, diagnostics);
        match (found, &cost.budget) {
            (Some(found), Some(first)) => diagnostics.push(twice("`budget` block", found.span, first.span)),
            (found @ Some(_), None) => cost.budget = found,
            (None, _) => {}
        }
    }
    labelled(reader, "price_override", &mut cost.overrides, diagnostics);
    labelled(reader, "exchange_rate", &mut cost.rates, diagnostics);
    labelled(reader, "shared_cost", &mut cost.shared, diagnostics);
}

/// A block at the top of a file whose one label was checked.
pub fn at_top(block: &Block, blocks: &mut BTreeMap<Arc<str>, CostBlock>, diagnostics: &mut Diagnostics) {
    let Some(label) = block.labels.first() else { return };
    let found = cost_block(block, label.text.clone(), label.span, diagnostics);
    let what = if block.kind.text.as_ref() == "domain" { "domain" } else { "`usage` block" };
    insert(blocks, found.name.clone(), found, |old| old.span, what, diagnostics);
}

fn labelled(
    reader: &mut Reader<'_>,
    kind: &'static str,
    blocks: &mut BTreeMap<Arc<str>, CostBlock>,
    diagnostics: &mut Diagnostics,
) {
    for block in reader.blocks(kind) {
        let [label] = block.labels.as_slice() else {
            diagnostics.push(wrong_labels(block, 1, &format!("{kind} \"name\"")));
            continue;
        };
        let found = cost_block(block, label.text.clone(), label.span, diagnostics);
        insert(blocks, found.name.clone(), found, |old| old.span, &format!("`{kind}` block"), diagnostics);
    }
}

fn unlabelled(block: &Block, diagnostics: &mut Diagnostics) -> Option<CostBlock> {
    if !block.labels.is_empty() {
        diagnostics.push(wrong_labels(block, 0, "budget"));
        return None;
    }
    Some(cost_block(block, "".into(), block.header, diagnostics))
}

fn cost_block(block: &Block, name: Arc<str>, name_span: Span, diagnostics: &mut Diagnostics) -> CostBlock {
    let references = body_references(&block.body, diagnostics);
    CostBlock { name, name_span, body: Arc::new(block.body.clone()), references, span: block.header }
}

fn wrong_labels(block: &Block, expected: usize, form: &str) -> Diagnostic {
    let (kind, count) = (&block.kind.text, block.labels.len());
    let detail = format!("A `{kind}` block takes {expected} label(s), this one has {count}.");
    let diagnostic = Diagnostic::error("wrong-labels", "Wrong number of labels", detail).at(block.header);
    diagnostic.hint(format!("Write it as `{form} {{ ... }}`."))
}

/// What `mesh` blocks may say once, all together.
fn twice(what: &str, span: Span, first: Span) -> Diagnostic {
    let detail = format!("The `mesh` blocks of a module take one {what} together, and there is one already.");
    Diagnostic::error("duplicate-block", "Block given twice", detail).at(span).elsewhere("The first one", first)
}
