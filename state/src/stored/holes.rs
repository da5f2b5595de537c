//! What JSON can't say of a value: where its secrets are, what is not known yet, and the paths to both.

use std::collections::HashSet;

use mesh_value::{AttributePath, Kind, PathStep, Refinements, Value};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use crate::SealError;

/// A path as JSON: `["tags", "owner"]`, `["rules", 0, "password"]`.
pub(super) type Steps = Vec<Step>;

#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(untagged)]
pub(super) enum Step {
    Index(usize),
    Name(String),
}

#[derive(Clone, Serialize, Deserialize)]
pub(super) struct UnknownAt {
    pub(super) path: Steps,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    not_null: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    number_min: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    number_max: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    string_prefix: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    length_min: Option<u64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    length_max: Option<u64>,
}

#[derive(Clone, Serialize, Deserialize)]
pub(super) struct SetAt {
    pub(super) path: Steps,
    /// The elements as a [`Stored`] list.
    pub(super) elements: Box<RawValue>,
}

/// The parts of a value that its public JSON leaves out: the outermost of each.
#[derive(Default)]
pub(super) struct Holes {
    pub(super) sensitive: Vec<AttributePath>,
    pub(super) unknown: Vec<(AttributePath, Refinements)>,
    pub(super) sets: Vec<(AttributePath, Value)>,
}

impl Holes {
    pub(super) fn of(value: &Value) -> Self {
        let mut holes = Self::default();
        if value.deep_marks().is_empty() && value.is_wholly_known() {
            return holes;
        }
        value.walk(&mut |path, part| {
            if part.marks().is_sensitive() {
                holes.sensitive.push(path.clone());
            } else if let Kind::Unknown(unknown) = part.kind() {
                holes.unknown.push((path.clone(), unknown.1.clone()));
            } else if let (Kind::Set(set), false) = (part.kind(), part.is_wholly_known()) {
                holes.sets.push((path.clone(), Value::list(set.0.clone(), set.1.to_vec())));
            } else {
                return !part.deep_marks().is_empty() || !part.is_wholly_known();
            }
            false
        });
        holes
    }

    /// The value with null in the place of each hole.
    pub(super) fn punch(&self, value: &Value) -> Result<Value, SealError> {
        let unknown = self.unknown.iter().map(|(path, _)| path);
        let sets = self.sets.iter().map(|(path, _)| path);
        let holes: HashSet<_> = self.sensitive.iter().chain(unknown).chain(sets).collect();
        if holes.is_empty() {
            return Ok(value.clone());
        }
        value.transform(&mut |path, part| Ok(if holes.contains(path) { Value::null(part.ty()) } else { part }))
    }
}

impl UnknownAt {
    pub(super) fn new(path: &AttributePath, known: &Refinements) -> Self {
        Self {
            path: steps(path),
            not_null: known.not_null,
            number_min: known.number_min.as_ref().map(ToString::to_string),
            number_max: known.number_max.as_ref().map(ToString::to_string),
            string_prefix: known.string_prefix.as_deref().map(Into::into),
            length_min: known.length_min,
            length_max: known.length_max,
        }
    }

    pub(super) fn refinements(&self) -> Result<Refinements, SealError> {
        let number = |text: &Option<String>| match text {
            None => Ok(None),
            Some(text) => text.parse().map(Some).map_err(|_| SealError::Form(format!("{text:?} is not a number"))),
        };
        Ok(Refinements {
            not_null: self.not_null,
            number_min: number(&self.number_min)?,
            number_max: number(&self.number_max)?,
            string_prefix: self.string_prefix.as_deref().map(Into::into),
            length_min: self.length_min,
            length_max: self.length_max,
        })
    }
}

pub(super) fn slot<'a>(json: &'a mut serde_json::Value, path: &[Step]) -> Result<&'a mut serde_json::Value, SealError> {
    let found = path.iter().try_fold(json, |json, step| match step {
        Step::Index(index) => json.get_mut(index),
        Step::Name(name) => json.get_mut(name),
    });
    found.ok_or_else(|| SealError::Form(format!("a sensitive path leads nowhere: {path:?}")))
}

pub(super) fn steps(path: &AttributePath) -> Steps {
    let step = |step: &PathStep| match step {
        PathStep::Attr(name) | PathStep::Key(name) => Step::Name(name.as_ref().into()),
        PathStep::Index(index) => Step::Index(*index),
    };
    path.steps().iter().map(step).collect()
}

pub(super) fn attribute_path(steps: &[Step]) -> AttributePath {
    let step = |step: &Step| match step {
        Step::Name(name) => PathStep::Attr(name.as_str().into()),
        Step::Index(index) => PathStep::Index(*index),
    };
    steps.iter().map(step).collect::<Vec<_>>().into()
}
