//! How two versions of a product differ, in the terms of its contract.

use std::fmt::Display;

use crate::{Column, Descriptor, InputPort, OutputPort};

/// How a product changes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Diff<'a> {
    /// Of the product itself: version, owner, description, `tags["x"]`, budget.
    pub fields: Vec<FieldDiff>,
    /// Output ports that come, go or change, as the newer version orders them, those that go last.
    pub outputs: Vec<PortDiff<'a>>,
    /// Output ports that stay as they are.
    pub unchanged_outputs: usize,
    /// Inputs that come, go or change, those that go last.
    pub inputs: Vec<InputDiff<'a>>,
    /// Inputs that stay as they are.
    pub unchanged_inputs: usize,
}

impl Diff<'_> {
    /// Whether nothing changes.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.fields.is_empty() && self.outputs.is_empty() && self.inputs.is_empty()
    }
}

/// A value that changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldDiff {
    /// Its name.
    pub name: String,
    /// What was; `None` where nothing was said.
    pub before: Option<String>,
    /// What will be; `None` where nothing is said.
    pub after: Option<String>,
}

/// An output port that comes, goes or changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PortDiff<'a> {
    /// It comes.
    Added(&'a OutputPort),
    /// It goes.
    Removed(&'a OutputPort),
    /// It stays and changes.
    Changed {
        /// As it was.
        before: &'a OutputPort,
        /// As it will be.
        after: &'a OutputPort,
        /// Of the port itself: kind, location, description, primary key.
        fields: Vec<FieldDiff>,
        /// Columns that come, go or change, those that go last.
        columns: Vec<ColumnDiff<'a>>,
        /// Columns that stay as they are.
        unchanged_columns: usize,
        /// Whether columns that stay change places.
        reordered: bool,
    },
}

/// A column that comes, goes or changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ColumnDiff<'a> {
    /// It comes.
    Added(&'a Column),
    /// It goes.
    Removed(&'a Column),
    /// It stays and changes: type, required, classification, description.
    Changed(&'a Column, Vec<FieldDiff>),
}

/// An input that comes, goes or changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum InputDiff<'a> {
    /// It comes.
    Added(&'a InputPort),
    /// It goes.
    Removed(&'a InputPort),
    /// It stays and changes: what it reads, description.
    Changed(&'a InputPort, Vec<FieldDiff>),
}

/// Compares two versions of a product. Ports, inputs and columns are the same where their names are.
#[must_use]
pub fn diff<'a>(before: &'a Descriptor, after: &'a Descriptor) -> Diff<'a> {
    let mut fields = Fields::default();
    fields.add("domain", Some(&before.domain), Some(&after.domain));
    fields.add("name", Some(&before.name), Some(&after.name));
    fields.add("version", Some(&before.version), Some(&after.version));
    fields.add("owner", Some(&before.owner), Some(&after.owner));
    fields.add("description", before.description.as_ref(), after.description.as_ref());
    for (key, value) in &after.tags {
        fields.add(&format!("tags[{key:?}]"), before.tags.get(key), Some(value));
    }
    for (key, value) in before.tags.iter().filter(|(key, _)| !after.tags.contains_key(*key)) {
        fields.add(&format!("tags[{key:?}]"), Some(value), None);
    }
    fields.add("budget", before.budget.as_ref(), after.budget.as_ref());
    let mut result = Diff { fields: fields.0, ..Diff::default() };
    for pair in paired(&before.outputs, &after.outputs, |port| &port.name) {
        match pair {
            Pair::Added(port) => result.outputs.push(PortDiff::Added(port)),
            Pair::Removed(port) => result.outputs.push(PortDiff::Removed(port)),
            Pair::Both(before, after) if before == after => result.unchanged_outputs += 1,
            Pair::Both(before, after) => result.outputs.push(changed_port(before, after)),
        }
    }
    for pair in paired(&before.inputs, &after.inputs, |input| &input.name) {
        match pair {
            Pair::Added(input) => result.inputs.push(InputDiff::Added(input)),
            Pair::Removed(input) => result.inputs.push(InputDiff::Removed(input)),
            Pair::Both(before, after) if before == after => result.unchanged_inputs += 1,
            Pair::Both(before, after) => {
                let mut fields = Fields::default();
                fields.add("port", Some(&before.port), Some(&after.port));
                fields.add("description", before.description.as_ref(), after.description.as_ref());
                result.inputs.push(InputDiff::Changed(after, fields.0));
            }
        }
    }
    result
}

fn changed_port<'a>(before: &'a OutputPort, after: &'a OutputPort) -> PortDiff<'a> {
    let mut fields = Fields::default();
    fields.add("kind", Some(&before.kind), Some(&after.kind));
    fields.add("location", before.location.as_ref(), after.location.as_ref());
    fields.add("description", before.description.as_ref(), after.description.as_ref());
    let key = |port: &OutputPort| (!port.primary_key.is_empty()).then(|| port.primary_key.join(", "));
    fields.add("primary_key", key(before).as_ref(), key(after).as_ref());
    let (mut columns, mut unchanged_columns) = (Vec::new(), 0);
    for pair in paired(&before.columns, &after.columns, |column| &column.name) {
        match pair {
            Pair::Added(column) => columns.push(ColumnDiff::Added(column)),
            Pair::Removed(column) => columns.push(ColumnDiff::Removed(column)),
            Pair::Both(before, after) if before == after => unchanged_columns += 1,
            Pair::Both(before, after) => columns.push(ColumnDiff::Changed(after, changed_column(before, after))),
        }
    }
    let stays = |of: &'a OutputPort, other: &OutputPort| -> Vec<&'a str> {
        let names: std::collections::HashSet<&str> = other.columns.iter().map(|column| column.name.as_str()).collect();
        of.columns.iter().map(|column| column.name.as_str()).filter(|name| names.contains(name)).collect()
    };
    let reordered = stays(before, after) != stays(after, before);
    PortDiff::Changed { before, after, fields: fields.0, columns, unchanged_columns, reordered }
}

fn changed_column(before: &Column, after: &Column) -> Vec<FieldDiff> {
    let mut fields = Fields::default();
    fields.add("type", Some(&before.ty), Some(&after.ty));
    fields.add("required", Some(&before.required), Some(&after.required));
    fields.add("classification", before.classification.as_ref(), after.classification.as_ref());
    fields.add("description", before.description.as_ref(), after.description.as_ref());
    fields.0
}

#[derive(Default)]
struct Fields(Vec<FieldDiff>);

impl Fields {
    /// Adds it where it changes. What is known after apply may turn out to be the same, and is shown.
    fn add<T: Display + PartialEq>(&mut self, name: &str, before: Option<&T>, after: Option<&T>) {
        if before != after {
            let (before, after) = (before.map(T::to_string), after.map(T::to_string));
            self.0.push(FieldDiff { name: name.to_owned(), before, after });
        }
    }
}

enum Pair<'a, T> {
    Added(&'a T),
    Removed(&'a T),
    Both(&'a T, &'a T),
}

/// Pairs by name, in the order of what will be, with what goes last.
fn paired<'a, T>(before: &'a [T], after: &'a [T], name: impl Fn(&'a T) -> &'a String) -> Vec<Pair<'a, T>> {
    let mut old: std::collections::HashMap<&str, &T> = before.iter().map(|item| (name(item).as_str(), item)).collect();
    let mut pairs: Vec<_> = after
        .iter()
        .map(|item| old.remove(name(item).as_str()).map_or(Pair::Added(item), |before| Pair::Both(before, item)))
        .collect();
    pairs.extend(before.iter().filter(|item| old.contains_key(name(item).as_str())).map(Pair::Removed));
    pairs
}
