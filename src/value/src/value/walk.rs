//! Going into values: by path, over every part, and building a changed copy.

use std::sync::Arc;

use super::{Kind, Value};
use crate::{AttributePath, Marks, PathStep};

impl Value {
    /// What one step leads to: `.name` and `["name"]` both reach an attribute or element of that name. `None` where
    /// nothing is there, or the value is null or not yet known.
    #[must_use]
    pub fn child(&self, step: &PathStep) -> Option<&Self> {
        match step {
            PathStep::Attr(name) | PathStep::Key(name) => self.get(name),
            PathStep::Index(index) => self.as_slice()?.get(*index),
        }
    }

    /// What a path leads to, without the marks that lie on what holds it.
    #[must_use]
    pub fn at_path(&self, path: &AttributePath) -> Option<&Self> {
        path.steps().iter().try_fold(self, |value, step| value.child(step))
    }

    /// What a path leads to, with the marks of everything on the way.
    #[must_use]
    pub fn get_path(&self, path: &AttributePath) -> Option<Self> {
        let (mut value, mut marks) = (self, self.marks);
        for step in path.steps() {
            value = value.child(step)?;
            marks |= value.marks;
        }
        Some(value.clone().with_marks(marks))
    }

    /// Visits the value and everything inside, outer before inner. The visitor answers whether to go inside.
    pub fn walk(&self, visit: &mut impl FnMut(&AttributePath, &Self) -> bool) {
        self.walk_from(&mut AttributePath::default(), visit);
    }

    fn walk_from(&self, path: &mut AttributePath, visit: &mut impl FnMut(&AttributePath, &Self) -> bool) {
        if visit(path, self) {
            for (step, inner) in self.parts() {
                path.push(step);
                inner.walk_from(path, visit);
                path.pop();
            }
        }
    }

    /// The value with every part replaced, inner before outer. The function gets a part whose inside is already
    /// replaced; what it makes of an element must keep the collection's element type.
    ///
    /// # Errors
    /// The first that the function answers.
    pub fn transform<E>(&self, change: &mut impl FnMut(&AttributePath, Self) -> Result<Self, E>) -> Result<Self, E> {
        self.transform_from(&mut AttributePath::default(), change)
    }

    fn transform_from<E>(
        &self,
        path: &mut AttributePath,
        change: &mut impl FnMut(&AttributePath, Self) -> Result<Self, E>,
    ) -> Result<Self, E> {
        let mut failed = None;
        let inside_changed = if self.has_inside() {
            let changed = self.map_inside(&mut |step, inner| {
                if failed.is_some() {
                    return inner.clone();
                }
                path.push(step.clone());
                let result = inner.transform_from(path, change);
                path.pop();
                result.unwrap_or_else(|error| {
                    failed = Some(error);
                    inner.clone()
                })
            });
            changed.with_marks(self.marks)
        } else {
            self.clone()
        };
        match failed {
            Some(error) => Err(error),
            None => change(path, inside_changed),
        }
    }

    fn has_inside(&self) -> bool {
        self.as_slice().is_some_and(|values| !values.is_empty())
            || self.as_entries().is_some_and(|entries| !entries.is_empty())
    }

    /// Every part directly inside, with the step to it.
    pub(crate) fn parts(&self) -> impl Iterator<Item = (PathStep, &Self)> {
        let is_object = matches!(self.kind, Kind::Object(_));
        let elements = self.as_slice().unwrap_or_default().iter().enumerate();
        let entries = self.as_entries().unwrap_or_default().iter();
        elements.map(|(index, value)| (PathStep::Index(index), value)).chain(entries.map(move |(name, value)| {
            (if is_object { PathStep::Attr(name.clone()) } else { PathStep::Key(name.clone()) }, value)
        }))
    }

    /// A copy without the marks on it, every part directly inside replaced.
    pub(super) fn map_inside(&self, change: &mut dyn FnMut(&PathStep, &Self) -> Self) -> Self {
        let mut elements = |values: &[Self]| -> Vec<Self> {
            values.iter().enumerate().map(|(index, value)| change(&PathStep::Index(index), value)).collect()
        };
        match &self.kind {
            Kind::List(list) => Self::list(list.0.clone(), elements(&list.1)),
            Kind::Set(set) => Self::set(set.0.clone(), elements(&set.1)),
            Kind::Tuple(values) => Self::tuple(elements(values)),
            Kind::Map(map) => {
                let entries: Vec<(Arc<str>, Self)> = map
                    .1
                    .iter()
                    .map(|(key, value)| (key.clone(), change(&PathStep::Key(key.clone()), value)))
                    .collect();
                Self::map(map.0.clone(), entries)
            }
            Kind::Object(attributes) => {
                let entries: Vec<(Arc<str>, Self)> = attributes
                    .iter()
                    .map(|(name, value)| (name.clone(), change(&PathStep::Attr(name.clone()), value)))
                    .collect();
                Self::object(entries)
            }
            Kind::Null(_) | Kind::Unknown(_) | Kind::Bool(_) | Kind::Number(_) | Kind::String(_) => self.rebuilt(),
        }
    }

    /// A copy without the marks on it; those inside stay.
    pub(super) fn rebuilt(&self) -> Self {
        let deep_marks = match &self.kind {
            Kind::List(_) | Kind::Tuple(_) => marks_of(self.as_slice().unwrap_or_default().iter()),
            Kind::Map(_) | Kind::Object(_) => marks_of(self.as_entries().unwrap_or_default().iter().map(|(_, v)| v)),
            // The elements of a set bear no marks.
            Kind::Set(_) | Kind::Null(_) | Kind::Unknown(_) | Kind::Bool(_) | Kind::Number(_) | Kind::String(_) => {
                Marks::NONE
            }
        };
        Self { kind: self.kind.clone(), marks: Marks::NONE, deep_marks, has_unknown: self.has_unknown }
    }
}

fn marks_of<'a>(values: impl Iterator<Item = &'a Value>) -> Marks {
    values.fold(Marks::NONE, |marks, value| marks | value.deep_marks)
}
