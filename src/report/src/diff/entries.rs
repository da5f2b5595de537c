//! The attributes of objects and the elements of maps: merged by name, aligned, folded.

use std::cmp::Ordering;

use mesh_value::{Kind, PathStep, Value};

use super::{Diff, Forcing, Place, Sides, below, shown_elements};
use crate::text::{attribute_name, quoted, width};

/// What people recognize an object by: kept in sight where it doesn't change.
pub(super) const IDENTIFYING: [&str; 4] = ["id", "key", "name", "path"];

/// An entry that is shown.
struct Entry<'a> {
    name: &'a str,
    label: String,
    sides: Sides<'a>,
}

impl Diff {
    /// The attributes of an object, or the elements of a map, one by one.
    pub(super) fn attributes(&mut self, depth: usize, whole: Sides<'_>, forcing: &Forcing<'_>) {
        let (before, after) = match whole {
            Sides::Added(after) => (None, Some(after)),
            Sides::Removed(before) => (Some(before), None),
            Sides::Kept(value) => (Some(value), Some(value)),
            Sides::Changed(before, after) => (Some(before), Some(after)),
        };
        let is_map = [before, after].into_iter().flatten().any(|value| matches!(value.kind(), Kind::Map(_)));
        let (mut shown, mut hidden) = (Vec::new(), 0);
        for (name, sides) in merged(before, after) {
            let is_shown = match sides {
                Sides::Kept(value) if value.is_null() => continue,
                Sides::Kept(_) => !is_map && IDENTIFYING.contains(&name),
                // An attribute that is null is one that is not there; an element of a map may well be null.
                Sides::Added(value) | Sides::Removed(value) => {
                    if value.is_null() && !is_map {
                        continue;
                    }
                    true
                }
                Sides::Changed(..) => true,
            };
            if is_shown {
                let label = if is_map { quoted(name) } else { attribute_name(name) };
                shown.push(Entry { name, label, sides });
            } else {
                hidden += 1;
            }
        }
        let widest = shown.iter().map(|entry| width(&entry.label)).max().unwrap_or(0);
        let most = if is_map { shown_elements(shown.len()) } else { shown.len() };
        let more = shown.len() - most;
        for Entry { name, label, sides } in shown.into_iter().take(most) {
            let padding = " ".repeat(widest.saturating_sub(width(&label)));
            let place = Place { depth, label: format!("{label}{padding} = "), end: "", names_null: !is_map };
            self.item(&place, sides, &below(forcing, &PathStep::Attr(name.into())));
        }
        self.hidden(depth, more, "more changed element");
        self.hidden(depth, hidden, if is_map { "unchanged element" } else { "unchanged attribute" });
    }

    /// Every entry of a value as it is, without folding.
    pub(super) fn entries(&mut self, depth: usize, value: &Value, make: impl Fn(&Value) -> Sides<'_>) {
        let entries = value.as_entries().unwrap_or_default();
        let is_map = matches!(value.kind(), Kind::Map(_));
        let label = |name: &str| if is_map { quoted(name) } else { attribute_name(name) };
        let most = if is_map { shown_elements(entries.len()) } else { entries.len() };
        let shown = || entries.iter().filter(|(_, value)| is_map || !value.is_null()).take(most);
        let widest = shown().map(|(name, _)| width(&label(name))).max().unwrap_or(0);
        for (name, value) in shown() {
            let label = label(name);
            let padding = " ".repeat(widest.saturating_sub(width(&label)));
            let place = Place { depth, label: format!("{label}{padding} = "), end: "", names_null: false };
            self.item(&place, make(value), &Vec::new());
        }
        self.hidden(depth, entries.len() - most, "more element");
    }
}

/// Whether an object has attributes but none that is set.
pub(super) fn shows_nothing(value: &Value) -> bool {
    let Kind::Object(attributes) = value.kind() else { return false };
    attributes.iter().all(|(_, value)| value.is_null())
}

/// The entries of two maps or objects by name, in order.
fn merged<'a>(before: Option<&'a Value>, after: Option<&'a Value>) -> Vec<(&'a str, Sides<'a>)> {
    let entries = |value: Option<&'a Value>| value.and_then(Value::as_entries).unwrap_or_default();
    let (mut left, mut right) = (entries(before).iter().peekable(), entries(after).iter().peekable());
    let mut pairs = Vec::with_capacity(left.len().max(right.len()));
    loop {
        let order = match (left.peek(), right.peek()) {
            (None, None) => return pairs,
            (Some(_), None) => Ordering::Less,
            (None, Some(_)) => Ordering::Greater,
            (Some((left, _)), Some((right, _))) => left.cmp(right),
        };
        let old = if order.is_le() { left.next() } else { None };
        let new = if order.is_ge() { right.next() } else { None };
        let name = old.or(new).map(|(name, _)| name.as_ref());
        let sides = Sides::new(old.map(|(_, value)| value), new.map(|(_, value)| value));
        pairs.extend(name.zip(sides));
    }
}
