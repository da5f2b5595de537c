//! `dynamic "x" { for_each, iterator, labels, content }`: one block for each element.

use std::sync::Arc;

use mesh_value::{Type, Value, convert};

use super::Decoder;
use super::blocks::{Occurrence, Occurrences, label_text};
use crate::eval::{ForItems, dynamic_iterator, for_items};
use crate::syntax::{Attribute, Block, Expr, ExprKind};
use mesh_value::NestedBlockSchema;

impl Decoder<'_> {
    /// Adds the blocks that a `dynamic` block stands for.
    pub(super) fn dynamic(&mut self, block: &Block, schema: &NestedBlockSchema, occurrences: &mut Occurrences) {
        let Some(iterator) = dynamic_iterator(block) else { return };
        let written = |name: &str| block.body.attributes.iter().find(|attribute| attribute.name.text.as_ref() == name);
        let (Some(for_each), Some(content)) =
            (written("for_each"), block.body.blocks.iter().find(|content| content.kind.text.as_ref() == "content"))
        else {
            // Reported where blocks are checked; how many there would be is open.
            return occurrences.leave_open((0, u64::MAX));
        };
        let collection = self.eval(&for_each.expr);
        occurrences.marks |= collection.marks();
        let items = match for_items(&collection, for_each.expr.span) {
            Ok(items) => items,
            Err(fault) => {
                occurrences.leave_open((0, u64::MAX));
                return self.report(*fault);
            }
        };
        let labels = written("labels");
        let (pairs, is_known) = match items {
            ForItems::Known(pairs) => (pairs, true),
            ForItems::Unknown(pair) => (vec![pair], false),
        };
        for (key, value) in pairs {
            let element = Value::object([("key", key), ("value", value)]);
            self.names.push((iterator.clone(), element));
            let label = labels.and_then(|labels| self.label(labels));
            let value = self.content(&content.body, &schema.block, &[]);
            self.names.pop();
            if is_known {
                occurrences.found.push(Occurrence { value, label, span: block.header });
            } else {
                occurrences.leave_open(collection.length_bounds().unwrap_or((0, u64::MAX)));
            }
        }
    }

    /// The one label that `labels = [expression]` gives.
    fn label(&mut self, labels: &Attribute) -> Option<Arc<str>> {
        let ExprKind::Tuple(elements) = &labels.expr.kind else {
            let detail = "labels is a list in [ ] of one expression for each label.".to_owned();
            self.error("invalid-dynamic", "Invalid dynamic block", detail, labels.expr.span);
            return None;
        };
        let [label]: &[Expr; 1] = elements.as_slice().try_into().ok()?;
        let value = self.eval(label);
        match convert(&value, &Type::String).ok().as_ref().and_then(label_text) {
            Some(text) => Some(text),
            None => {
                let detail = format!("A label must be a known string, this is {}.", value.describe());
                self.error("invalid-dynamic", "Invalid dynamic block", detail, label.span);
                None
            }
        }
    }
}
