//! Taking marks off values and putting them back, so that code that knows no marks can work between.

use std::collections::BTreeMap;

use super::{Kind, Value};
use crate::{AttributePath, Marks, PathStep};

/// Marks, and the rest of the way to where they belong.
type Below<'a> = (&'a [PathStep], Marks);

impl Value {
    /// The value without the marks on it, and those marks. Marks inside stay.
    #[must_use]
    pub fn unmark(&self) -> (Self, Marks) {
        let marks = self.marks;
        (if marks.is_empty() { self.clone() } else { self.rebuilt() }, marks)
    }

    /// The value without any marks, and where they were: outer before inner paths, in the value's order. Elements of
    /// sets have no marks of their own.
    #[must_use]
    pub fn unmark_deep(&self) -> (Self, Vec<(AttributePath, Marks)>) {
        if self.deep_marks.is_empty() {
            return (self.clone(), Vec::new());
        }
        let mut found = Vec::new();
        self.walk(&mut |path, value| {
            if !value.marks.is_empty() {
                found.push((path.clone(), value.marks));
            }
            !value.deep_marks.is_empty()
        });
        (self.without_marks_deep(), found)
    }

    /// The value without any marks on it or inside.
    #[must_use]
    pub fn without_marks_deep(&self) -> Self {
        if self.deep_marks.is_empty() {
            self.clone()
        } else {
            self.map_inside(&mut |_, inner| inner.without_marks_deep())
        }
    }

    /// The value with marks added at paths. A path that ends in or below a set marks the whole set; one that leads
    /// nowhere, because what is there is null or not yet known, marks the last value on its way, so that no mark
    /// is lost.
    #[must_use]
    pub fn with_marks_at(&self, marks: &[(AttributePath, Marks)]) -> Self {
        let paths: Vec<_> = marks.iter().map(|(path, marks)| (path.steps(), *marks)).collect();
        self.with_marks_below(&paths)
    }

    fn with_marks_below(&self, paths: &[Below<'_>]) -> Self {
        if paths.is_empty() {
            return self.clone();
        }
        let mut here = self.marks;
        let mut named: BTreeMap<&str, Vec<Below<'_>>> = BTreeMap::new();
        let mut numbered: BTreeMap<usize, Vec<Below<'_>>> = BTreeMap::new();
        for (steps, marks) in paths {
            match steps.split_first() {
                Some((step, rest)) if !matches!(self.kind, Kind::Set(_)) && self.child(step).is_some() => match step {
                    PathStep::Attr(name) | PathStep::Key(name) => named.entry(name).or_default().push((rest, *marks)),
                    PathStep::Index(index) => numbered.entry(*index).or_default().push((rest, *marks)),
                },
                _ => here |= *marks,
            }
        }
        if named.is_empty() && numbered.is_empty() {
            return self.clone().with_marks(here);
        }
        let changed = self.map_inside(&mut |step, value| {
            let below = match step {
                PathStep::Attr(name) | PathStep::Key(name) => named.get(name.as_ref()),
                PathStep::Index(index) => numbered.get(index),
            };
            value.with_marks_below(below.map_or(&[], Vec::as_slice))
        });
        changed.with_marks(here)
    }
}
