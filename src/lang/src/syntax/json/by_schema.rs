//! Tells arguments from blocks where only a schema does.

use std::borrow::Cow;
use std::sync::Arc;

use mesh_diagnostics::Span;
use mesh_value::{BlockSchema, Nesting};

use super::super::ast::{Attribute, Block, Body, Expr, ExprKind, Ident, Label, ObjectItem, ObjectKey};

impl Body {
    /// This body as a schema has it: what was written in JSON under the name of a nested block becomes blocks, except
    /// where the name is in `skip`. A body in native syntax stays as it is.
    #[must_use]
    pub fn by_schema(&self, schema: &BlockSchema, skip: &[&str]) -> Cow<'_, Self> {
        let labels = |attribute: &Attribute| {
            let name = attribute.name.text.as_ref();
            let nested = schema.nested(name).filter(|_| attribute.maybe_blocks && !skip.contains(&name))?;
            Some(usize::from(nested.nesting == Nesting::Map))
        };
        if self.attributes.iter().all(|attribute| labels(attribute).is_none()) {
            return Cow::Borrowed(self);
        }
        let mut body = Self { attributes: Vec::new(), blocks: self.blocks.clone(), span: self.span };
        for attribute in &self.attributes {
            match labels(attribute) {
                Some(count) => add_blocks(&attribute.name, &attribute.expr, count, &mut Vec::new(), &mut body),
                None => body.attributes.push(attribute.clone()),
            }
        }
        Cow::Owned(body)
    }
}

/// Adds the blocks that an expression stands for: an object or a list of objects, below as many objects as there are
/// labels. What is none of these stays an argument, which the static check refuses.
fn add_blocks(kind: &Ident, expr: &Expr, labels: usize, before: &mut Vec<Label>, body: &mut Body) {
    match &expr.kind {
        ExprKind::Literal(value) if value.is_null() => {}
        ExprKind::Invalid => {}
        ExprKind::Tuple(elements) => {
            for element in elements {
                add_blocks(kind, element, labels, before, body);
            }
        }
        ExprKind::Object(items) if before.len() < labels => {
            for item in items {
                let Ident { text, span } = name_of(item);
                before.push(Label { text, span });
                add_blocks(kind, &item.value, labels, before, body);
                before.pop();
            }
        }
        ExprKind::Object(items) => {
            let header = before.last().map_or(kind.span, |label| label.span);
            let content = content(items, expr.span);
            body.blocks.push(Block {
                kind: kind.clone(),
                labels: before.clone(),
                body: content,
                header,
                span: header.to(expr.span),
            });
        }
        _ => {
            let span = kind.span.to(expr.span);
            body.attributes.push(Attribute { name: kind.clone(), expr: expr.clone(), span, maybe_blocks: true });
        }
    }
}

/// The content of a block of which nothing is known yet but that `dynamic` makes blocks.
fn content(items: &[ObjectItem], span: Span) -> Body {
    let mut body = Body { attributes: Vec::new(), blocks: Vec::new(), span };
    for item in items {
        let name = name_of(item);
        match name.text.as_ref() {
            "//" => {}
            "dynamic" => dynamic(&name, &item.value, &mut body),
            // One given twice was reported where it was parsed.
            known if body.attributes.iter().any(|before| before.name.text.as_ref() == known) => {}
            _ => {
                let span = name.span.to(item.value.span);
                body.attributes.push(Attribute { name, expr: item.value.clone(), span, maybe_blocks: true });
            }
        }
    }
    body
}

/// Adds `dynamic` blocks, whose iterator is a name and whose content is a block.
fn dynamic(name: &Ident, value: &Expr, body: &mut Body) {
    let first = body.blocks.len();
    add_blocks(name, value, 1, &mut Vec::new(), body);
    for block in &mut body.blocks[first..] {
        let attributes = std::mem::take(&mut block.body.attributes);
        for mut attribute in attributes {
            attribute.maybe_blocks = false;
            match (attribute.name.text.as_ref(), &attribute.expr.kind) {
                ("content", _) => add_blocks(&attribute.name, &attribute.expr, 0, &mut Vec::new(), &mut block.body),
                ("iterator", ExprKind::Literal(value)) => {
                    if let Some(iterator) = value.as_str().map(Arc::from) {
                        attribute.expr.kind = ExprKind::Variable(iterator);
                    }
                    block.body.attributes.push(attribute);
                }
                _ => block.body.attributes.push(attribute),
            }
        }
    }
}

/// A property's name; one that is a template can't name anything here.
fn name_of(item: &ObjectItem) -> Ident {
    match &item.key {
        ObjectKey::Name(name) => name.clone(),
        ObjectKey::Expr(Expr { kind: ExprKind::Literal(value), span }) => {
            Ident { text: value.as_str().unwrap_or_default().into(), span: *span }
        }
        ObjectKey::Expr(key) => Ident { text: "${…}".into(), span: key.span },
    }
}
