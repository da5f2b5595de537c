//! What a resource type is asked about the cost of one object, and how it looks into it.

use std::collections::BTreeMap;
use std::sync::Arc;

use mesh_value::Value;

use super::{Interval, Quantity};

/// An object of which the cost is asked. Its values may be known after apply.
#[derive(Clone, Copy, Debug)]
pub struct CostRequest<'a> {
    /// Its type.
    pub ty: &'a str,
    /// The object as planned, or as it is; without marks.
    pub value: &'a Value,
    /// What its `usage` blocks declare.
    pub usage: &'a Usage,
    /// The objects that it reads and those that read it, of the types that its type names as having a say: the lifecycle
    /// rules of a bucket, the limits of a cluster's scaling.
    pub related: &'a [Related],
}

/// An object beside the one that is asked about.
#[derive(Clone, Debug, PartialEq)]
pub struct Related {
    /// Its type.
    pub ty: Arc<str>,
    /// The object as planned, or as it is; without marks.
    pub value: Value,
}

/// What only use decides, by the name of the parameter: the numbers of all `usage` blocks that speak of an object, each
/// with what makes it wide.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Usage(pub BTreeMap<Arc<str>, Quantity>);

/// A change of an object that would make it cheaper.
#[derive(Clone, Debug, PartialEq)]
pub struct Saving {
    /// What to write, and what is written now: `core_instance_group.instance_count = 5 (now 10)`. Of changes that are
    /// tried together, those of one attribute are told as one, from the first one's `now` to the last one's value.
    pub change: String,
    /// What it takes for granted or costs otherwise, as a sentence; `None` where there is nothing to say.
    pub caveat: Option<String>,
    /// The object as it would be planned then.
    pub value: Value,
}

impl<'a> CostRequest<'a> {
    /// The value at a dotted path, `core_instance_group.instance_count`; the first of a list of blocks is meant. `None`
    /// where there is none, or it is null.
    #[must_use]
    pub fn at(&self, path: &str) -> Option<&'a Value> {
        at(self.value, path)
    }

    /// The text at a path; `None` where there is none, or it is known after apply.
    #[must_use]
    pub fn text(&self, path: &str) -> Option<&'a str> {
        self.at(path).and_then(Value::as_str)
    }

    /// Whether something at a path is true. What is known after apply is not.
    #[must_use]
    pub fn is_true(&self, path: &str) -> bool {
        self.at(path).and_then(Value::as_bool).unwrap_or(false)
    }

    /// The number at a path, with its bounds where it is known after apply; `None` where nothing is there.
    #[must_use]
    pub fn number(&self, path: &str) -> Option<Quantity> {
        number(self.value, path)
    }

    /// The blocks at a name, one after the other; none where they are not known.
    #[must_use]
    pub fn blocks(&self, name: &str) -> &'a [Value] {
        self.value.get(name).and_then(Value::as_slice).unwrap_or_default()
    }

    /// What the `usage` blocks say of a parameter, if anything.
    #[must_use]
    pub fn declared(&self, name: &str) -> Option<Quantity> {
        self.usage.0.get(name).cloned()
    }

    /// What the `usage` blocks say of a parameter; open where they say nothing.
    #[must_use]
    pub fn used(&self, name: &str) -> Quantity {
        let open = || Quantity::wide(Interval::OPEN, format!("`{name}` is not declared in a `usage` block"));
        self.declared(name).unwrap_or_else(open)
    }

    /// The related objects of a type.
    pub fn related(&self, ty: &str) -> impl Iterator<Item = &'a Value> {
        self.related.iter().filter(move |related| related.ty.as_ref() == ty).map(|related| &related.value)
    }
}

/// The value at a dotted path of an object; the first of a list of blocks is meant.
#[must_use]
pub fn at<'v>(value: &'v Value, path: &str) -> Option<&'v Value> {
    let mut found = value;
    for name in path.split('.') {
        if let Some(blocks) = found.as_slice() {
            found = blocks.first()?;
        }
        if !found.is_known() {
            return Some(found);
        }
        found = found.get(name)?;
    }
    (!found.is_null()).then_some(found)
}

/// The number at a dotted path of an object, with its bounds where it is known after apply.
#[must_use]
pub fn number(value: &Value, path: &str) -> Option<Quantity> {
    let interval = Interval::of(at(value, path)?)?;
    Some(Quantity::late(interval, format!("`{path}` is known after apply")))
}
