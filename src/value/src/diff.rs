//! Where two values differ: what forces a replacement, and what moved since a plan was made.

use crate::{AttributePath, Kind, PathStep, Value};

/// The deepest paths at which two values differ, marks aside, in the values' order.
///
/// Objects and maps are compared by name, lists and tuples by position; an element that only one has differs at its
/// own path. Sets differ as a whole, since their elements have no place. What is not yet known differs from
/// everything but what is not yet known with the same type and refinements.
#[must_use]
pub fn differing_paths(before: &Value, after: &Value) -> Vec<AttributePath> {
    let mut found = Vec::new();
    collect(before, after, &mut AttributePath::default(), &mut found);
    found
}

fn collect(before: &Value, after: &Value, path: &mut AttributePath, found: &mut Vec<AttributePath>) {
    let is_comparable = matches!(
        (before.kind(), after.kind()),
        (Kind::List(_) | Kind::Tuple(_), Kind::List(_) | Kind::Tuple(_))
            | (Kind::Map(_) | Kind::Object(_), Kind::Map(_) | Kind::Object(_))
    );
    if !is_comparable {
        if !before.same(after) {
            found.push(path.clone());
        }
        return;
    }
    let count = found.len();
    let mut at = |step: PathStep, before: Option<&Value>, after: Option<&Value>| {
        path.push(step);
        match (before, after) {
            (Some(before), Some(after)) => collect(before, after, path, found),
            _ => found.push(path.clone()),
        }
        path.pop();
    };
    for (step, (old, new)) in merged(before, after) {
        at(step, old, new);
    }
    // Of like elements, though of unlike types: an empty list of strings is no empty list of numbers.
    if found.len() == count && before.element_type() != after.element_type() {
        found.push(path.clone());
    }
}

type Pair<'a> = (Option<&'a Value>, Option<&'a Value>);

/// The parts of two sequences by position, or of two keyed values by name.
fn merged<'a>(before: &'a Value, after: &'a Value) -> Vec<(PathStep, Pair<'a>)> {
    let mut pairs = Vec::new();
    let (mut left, mut right) = (before.parts().peekable(), after.parts().peekable());
    loop {
        let order = match (left.peek(), right.peek()) {
            (None, None) => return pairs,
            (Some(_), None) => std::cmp::Ordering::Less,
            (None, Some(_)) => std::cmp::Ordering::Greater,
            (Some((left, _)), Some((right, _))) => position(left).cmp(&position(right)),
        };
        let old = if order.is_le() { left.next() } else { None };
        let new = if order.is_ge() { right.next() } else { None };
        let step = old.as_ref().or(new.as_ref()).map(|(step, _)| step.clone());
        if let Some(step) = step {
            pairs.push((step, (old.map(|(_, value)| value), new.map(|(_, value)| value))));
        }
    }
}

fn position(step: &PathStep) -> (usize, &str) {
    match step {
        PathStep::Attr(name) | PathStep::Key(name) => (0, name),
        PathStep::Index(index) => (*index, ""),
    }
}
