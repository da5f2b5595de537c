//! Nested blocks: the occurrences of a block type become one value by its nesting mode.

use std::collections::BTreeMap;
use std::sync::Arc;

use mesh_diagnostics::{Span, article};
use mesh_value::{
    BlockSchema, Kind, Marks, NestedBlockSchema, Nesting, Refinements, Type, Value, convert, unify_values,
};

use super::Decoder;
use crate::eval::dynamic_iterator;
use crate::syntax::Block;

/// The occurrences of a block type.
#[derive(Default)]
pub(super) struct Occurrences {
    pub(super) found: Vec<Occurrence>,
    /// Whether there is a `dynamic` block for them.
    pub(super) is_dynamic: bool,
    /// The fewest and the most more that `dynamic` blocks may add, where that is left open.
    pub(super) open: Option<(u64, u64)>,
    /// From what the `dynamic` blocks go through.
    pub(super) marks: Marks,
}

/// One occurrence: its value, its label where blocks of its type have one, and its place.
pub(super) struct Occurrence {
    pub(super) value: Value,
    pub(super) label: Option<Arc<str>>,
    pub(super) span: Span,
}

impl Occurrences {
    /// Leaves open how many more there are, but for the fewest and the most.
    pub(super) fn leave_open(&mut self, (fewest, most): (u64, u64)) {
        let (before_fewest, before_most) = self.open.unwrap_or((0, 0));
        self.open = Some((fewest.saturating_add(before_fewest), most.saturating_add(before_most)));
    }
}

impl Decoder<'_> {
    /// The value of all blocks of a type, by its nesting mode.
    pub(super) fn nested(&mut self, blocks: &[Block], schema: &NestedBlockSchema, parent: Span) -> Value {
        let mut occurrences = Occurrences::default();
        for block in blocks {
            if block.kind.text == schema.name {
                let label = block.labels.first().map(|label| label.text.clone());
                let value = self.content(&block.body, &schema.block, &[]);
                occurrences.found.push(Occurrence { value, label, span: block.header });
            } else if dynamic_iterator(block).is_some()
                && block.labels.first().is_some_and(|label| label.text == schema.name)
            {
                occurrences.is_dynamic = true;
                self.dynamic(block, schema, &mut occurrences);
            }
        }
        // Of blocks that are all written out, the static check has told.
        if occurrences.is_dynamic {
            self.check_count(&occurrences, schema, parent);
        }
        let marks = occurrences.marks;
        self.value_of(occurrences, schema).with_marks(marks)
    }

    fn check_count(&mut self, occurrences: &Occurrences, schema: &NestedBlockSchema, parent: Span) {
        let count = occurrences.found.len();
        let most = match schema.nesting {
            Nesting::Single | Nesting::Group => Some(1),
            Nesting::List | Nesting::Set | Nesting::Map => schema.max,
        };
        if let Some(most) = most
            && count > most
            && let Some(first_excess) = occurrences.found.get(most)
        {
            let span = first_excess.span;
            self.error("too-many-blocks", "Too many blocks", too_many(&schema.name, most, count), span);
        }
        if count < schema.min && occurrences.open.is_none() {
            let detail = too_few(&schema.name, schema.min, count);
            self.error("missing-block", "Missing block", detail, parent.at_end());
        }
    }

    fn value_of(&mut self, occurrences: Occurrences, schema: &NestedBlockSchema) -> Value {
        let element = schema.block.implied_type();
        let Occurrences { mut found, open, .. } = occurrences;
        if let Some((fewest, most)) = open {
            let here = found.len() as u64;
            let most = most.checked_add(here);
            let of = |ty, fewest: u64| Value::unknown_with(ty, Refinements::length(fewest, most));
            return match schema.nesting {
                Nesting::Single | Nesting::Group => match found.pop() {
                    Some(only) => only.value,
                    None => Value::unknown(element),
                },
                Nesting::List => of(Type::list(element), fewest + here),
                // Blocks that turn out equal are one element of the set.
                Nesting::Set => of(Type::set(element), (fewest + here).min(1)),
                Nesting::Map => of(Type::map(element), fewest + here),
            };
        }
        match schema.nesting {
            Nesting::Single if found.is_empty() => Value::null(element),
            Nesting::Group if found.is_empty() => empty(&schema.block),
            Nesting::Single | Nesting::Group => found.swap_remove(0).value,
            Nesting::List => collected(found, element, Value::list),
            Nesting::Set => collected(found, element, Value::set),
            Nesting::Map => self.labelled(found, element, &schema.name),
        }
    }

    fn labelled(&mut self, found: Vec<Occurrence>, element: Type, name: &str) -> Value {
        let mut entries = BTreeMap::new();
        for Occurrence { value, label, span } in found {
            // A missing label is reported where labels are checked.
            let Some(label) = label else { continue };
            if entries.insert(label.clone(), value).is_some() {
                let detail = format!("There are two {name:?} blocks with the label {label:?}; each needs its own.");
                self.error("duplicate-block", "Duplicate block label", detail, span);
            }
        }
        let values: Vec<_> = entries.values().cloned().collect();
        let (element, values) = in_one_type(values, element);
        Value::map(element, entries.into_keys().zip(values))
    }
}

/// A group that is absent: an object of nulls.
fn empty(schema: &BlockSchema) -> Value {
    let attributes = schema
        .attributes
        .iter()
        .map(|attribute| (attribute.name.clone(), Value::null(attribute.ty.without_optional())));
    let blocks = schema.blocks.iter().map(|nested| {
        let element = nested.block.implied_type();
        let value = match nested.nesting {
            Nesting::Single => Value::null(element),
            Nesting::Group => empty(&nested.block),
            Nesting::List => Value::list(element, Vec::new()),
            Nesting::Set => Value::set(element, Vec::new()),
            Nesting::Map => Value::map(element, []),
        };
        (nested.name.clone(), value)
    });
    Value::object(attributes.chain(blocks))
}

fn collected(found: Vec<Occurrence>, element: Type, collect: fn(Type, Vec<Value>) -> Value) -> Value {
    let values = found.into_iter().map(|occurrence| occurrence.value).collect();
    let (element, values) = in_one_type(values, element);
    collect(element, values)
}

/// The values in the element type. Only where the schema leaves an attribute's type open do they decide it.
fn in_one_type(values: Vec<Value>, element: Type) -> (Type, Vec<Value>) {
    if !element.has_any() || values.is_empty() {
        return (element, values);
    }
    match unify_values(&values) {
        Some(common) => {
            let values = values.into_iter().map(|value| convert(&value, &common).unwrap_or(value)).collect();
            (common, values)
        }
        None => (element, values),
    }
}

/// What to tell about blocks too many.
pub(super) fn too_many(name: &str, most: usize, count: usize) -> String {
    match most {
        1 => format!("Only one {name:?} block is possible here, this is one of {count}."),
        _ => format!("At most {most} {name:?} blocks are possible here, these are {count}."),
    }
}

/// What to tell about blocks too few.
pub(super) fn too_few(name: &str, fewest: usize, count: usize) -> String {
    match (fewest, count) {
        (1, _) => format!("{} {name:?} block is required here.", article(name)),
        (_, 0) => format!("At least {fewest} {name:?} blocks are required here, there are none."),
        (_, _) => format!("At least {fewest} {name:?} blocks are required here, there are {count}."),
    }
}

/// The label of a block as a value has it.
pub(super) fn label_text(value: &Value) -> Option<Arc<str>> {
    if let Kind::String(text) = value.kind() { Some(text.clone()) } else { None }
}
