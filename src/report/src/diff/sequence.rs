//! The elements of lists, tuples and sets: aligned by what they are, not only by where they stand.

use std::collections::HashMap;

use mesh_value::{PathStep, Value};
use similar::{Algorithm, DiffOp, capture_diff_slices};

use super::entries::IDENTIFYING;
use super::{Diff, Forcing, Place, Sides, below, inline, shown_elements};

/// Longer lists are compared by position: finding the least change costs the product of their lengths.
const MOST_COMPARED: usize = 4_000;

impl Diff {
    /// The elements of a list that changes; those beside a change stay in sight.
    pub(super) fn list_elements(&mut self, depth: usize, old: &[Value], new: &[Value], forcing: &Forcing<'_>) {
        let operations = if old.len() + new.len() > MOST_COMPARED {
            vec![DiffOp::Replace { old_index: 0, old_len: old.len(), new_index: 0, new_len: new.len() }]
        } else {
            let (old_classes, new_classes) = classes(old, new);
            capture_diff_slices(Algorithm::Myers, &old_classes, &new_classes)
        };
        let last = operations.len().saturating_sub(1);
        for (index, operation) in operations.iter().enumerate() {
            let (before, after) = (operation.old_range(), operation.new_range());
            let (removed, added) =
                (old.get(before.clone()).unwrap_or_default(), new.get(after.clone()).unwrap_or_default());
            if let DiffOp::Equal { .. } = operation {
                self.unchanged_elements(depth, removed, added, (index > 0, index < last));
                continue;
            }
            let pairs = paired(removed, added);
            let (unchanged, changed): (Vec<_>, Vec<_>) =
                pairs.into_iter().partition(|(sides, _)| matches!(sides, Sides::Kept(_)));
            let most = shown_elements(changed.len());
            for (sides, position) in changed.iter().take(most) {
                self.element(depth, *sides, &below(forcing, &PathStep::Index(after.start + position)));
            }
            self.hidden(depth, changed.len() - most, "more changed element");
            self.hidden(depth, unchanged.len(), "unchanged element");
        }
    }

    /// The elements of a set that changes. They have no place, so only what comes, goes and changes is shown.
    pub(super) fn set_elements(&mut self, depth: usize, old: &[Value], new: &[Value]) {
        let (old_classes, new_classes) = classes(old, new);
        let without = |values: &[Value], classes: &[usize], others: &[usize]| -> Vec<Value> {
            let others: std::collections::HashSet<_> = others.iter().collect();
            values
                .iter()
                .zip(classes)
                .filter(|(_, class)| !others.contains(class))
                .map(|(value, _)| value.clone())
                .collect()
        };
        let removed = without(old, &old_classes, &new_classes);
        let added = without(new, &new_classes, &old_classes);
        let changed = by_identity(&removed, &added).unwrap_or_else(|| apart(&removed, &added));
        let most = shown_elements(changed.len());
        for (sides, _) in changed.iter().take(most) {
            self.element(depth, *sides, &Vec::new());
        }
        self.hidden(depth, changed.len() - most, "more changed element");
        self.hidden(depth, new.len().saturating_sub(added.len()), "unchanged element");
    }

    /// A run of elements that stay: the scalars next to a change are shown, the others counted.
    fn unchanged_elements(
        &mut self,
        depth: usize,
        old: &[Value],
        new: &[Value],
        (after_change, before_change): (bool, bool),
    ) {
        let last = new.len().saturating_sub(1);
        let mut hidden = 0;
        for (index, (old, new)) in old.iter().zip(new).enumerate() {
            // What was sensitive is not shown for having stopped to be.
            let value = if old.deep_marks().is_sensitive() { old } else { new };
            let is_near = (after_change && index == 0) || (before_change && index == last);
            if is_near && inline(value).is_some() {
                self.hidden(depth, std::mem::take(&mut hidden), "unchanged element");
                self.element(depth, Sides::Kept(value), &Vec::new());
            } else {
                hidden += 1;
            }
        }
        self.hidden(depth, hidden, "unchanged element");
    }

    fn element(&mut self, depth: usize, sides: Sides<'_>, forcing: &Forcing<'_>) {
        self.item(&Place { depth, end: ",", ..Place::default() }, sides, forcing);
    }
}

type Pairs<'a> = Vec<(Sides<'a>, usize)>;

/// What became what in a run of elements that changed, each with its position in the run.
fn paired<'a>(old: &'a [Value], new: &'a [Value]) -> Pairs<'a> {
    by_identity(old, new).unwrap_or_else(|| {
        (0..old.len().max(new.len()))
            .filter_map(|index| Some((Sides::new(old.get(index), new.get(index))?, index)))
            .collect()
    })
}

/// Pairs objects of the same name or id; `None` where one has none or shares it.
fn by_identity<'a>(old: &'a [Value], new: &'a [Value]) -> Option<Pairs<'a>> {
    let attribute = IDENTIFYING
        .iter()
        .find(|attribute| new.first().or(old.first()).is_some_and(|value| identity(value, attribute).is_some()))?;
    let index = |values: &'a [Value]| -> Option<HashMap<&'a str, usize>> {
        let found: HashMap<_, _> =
            values.iter().enumerate().filter_map(|(index, value)| Some((identity(value, attribute)?, index))).collect();
        (found.len() == values.len()).then_some(found)
    };
    let (old_index, new_index) = (index(old)?, index(new)?);
    let mut pairs = Vec::with_capacity(old.len().max(new.len()));
    let mut next = 0;
    for (position, value) in new.iter().enumerate() {
        let Some(partner) = old_index.get(identity(value, attribute)?) else {
            pairs.push((Sides::Added(value), position));
            continue;
        };
        // What goes is shown where it stood.
        while next < *partner {
            pairs.extend(gone(old, next, attribute, &new_index).map(|value| (Sides::Removed(value), position)));
            next += 1;
        }
        next = next.max(partner + 1);
        pairs.extend(Sides::new(old.get(*partner), Some(value)).map(|sides| (sides, position)));
    }
    for index in next..old.len() {
        pairs.extend(gone(old, index, attribute, &new_index).map(|value| (Sides::Removed(value), new.len())));
    }
    Some(pairs)
}

fn gone<'a>(old: &'a [Value], index: usize, attribute: &str, new: &HashMap<&str, usize>) -> Option<&'a Value> {
    old.get(index).filter(|value| identity(value, attribute).is_none_or(|name| !new.contains_key(name)))
}

fn identity<'a>(value: &'a Value, attribute: &str) -> Option<&'a str> {
    if value.marks().is_sensitive() {
        return None;
    }
    let name = value.get(attribute)?;
    if name.marks().is_sensitive() { None } else { name.as_str() }
}

fn apart<'a>(old: &'a [Value], new: &'a [Value]) -> Pairs<'a> {
    let removed = old.iter().map(|value| (Sides::Removed(value), 0));
    removed.chain(new.iter().map(|value| (Sides::Added(value), 0))).collect()
}

/// A number for each element, the same for elements that are the same.
fn classes(old: &[Value], new: &[Value]) -> (Vec<usize>, Vec<usize>) {
    let all: Vec<&Value> = old.iter().chain(new).collect();
    let mut order: Vec<usize> = (0..all.len()).collect();
    let compare = |left: usize, right: usize| match (all.get(left), all.get(right)) {
        (Some(left), Some(right)) => left.canonical_cmp(right),
        _ => left.cmp(&right),
    };
    order.sort_by(|left, right| compare(*left, *right));
    let mut classes = vec![0; all.len()];
    let mut class = 0;
    let mut previous = None;
    for index in order {
        if previous.is_some_and(|previous| compare(previous, index).is_ne()) {
            class += 1;
        }
        if let Some(place) = classes.get_mut(index) {
            *place = class;
        }
        previous = Some(index);
    }
    let new = classes.split_off(old.len());
    (classes, new)
}
