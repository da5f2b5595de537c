//! The difference of two values as lines: the same for plans in terminals and in pull requests.
//!
//! What stays as it is gets folded; sensitive parts never become text, they are only said to be there.

mod entries;
mod inline;
mod json;
mod multiline;
mod outputs;
mod sequence;
mod value;

use mesh_value::{AttributePath, PathStep, Value};

pub(crate) use inline::inline;
pub(crate) use outputs::outputs;

use crate::line::{Line, Marker, Tone};

/// What two versions have at one place.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Sides<'a> {
    Added(&'a Value),
    Removed(&'a Value),
    Kept(&'a Value),
    Changed(&'a Value, &'a Value),
}

impl<'a> Sides<'a> {
    /// Pairs what was with what will be; `None` where neither is there.
    pub(crate) fn new(before: Option<&'a Value>, after: Option<&'a Value>) -> Option<Self> {
        match (before, after) {
            (None, None) => None,
            (Some(before), None) => Some(Self::Removed(before)),
            (None, Some(after)) => Some(Self::Added(after)),
            (Some(before), Some(after)) if before == after || (before.is_null() && after.is_null()) => {
                Some(Self::Kept(after))
            }
            (Some(before), Some(after)) => Some(Self::Changed(before, after)),
        }
    }

    const fn marker(self) -> Marker {
        match self {
            Self::Added(_) => Marker::Create,
            Self::Removed(_) => Marker::Delete,
            Self::Kept(_) => Marker::None,
            Self::Changed(..) => Marker::Update,
        }
    }
}

/// Where something is written: how deep, after which label, before which end.
#[derive(Clone, Debug, Default)]
pub(crate) struct Place {
    pub(crate) depth: usize,
    /// `name   = `, or nothing for an element.
    pub(crate) label: String,
    /// `,` after an element.
    pub(crate) end: &'static str,
    /// Whether what is removed is followed by `-> null`.
    pub(crate) names_null: bool,
}

/// The paths that force a replacement, from here on.
pub(crate) type Forcing<'a> = Vec<&'a [PathStep]>;

/// Collects lines.
#[derive(Debug, Default)]
pub(crate) struct Diff {
    pub(crate) lines: Vec<Line>,
}

/// Of longer runs of elements that come or go, the first are shown.
const MOST_ELEMENTS: usize = 60;
const SHOWN_ELEMENTS: usize = 40;

/// How many of so many elements are shown.
const fn shown_elements(count: usize) -> usize {
    if count > MOST_ELEMENTS { SHOWN_ELEMENTS } else { count }
}

impl Diff {
    /// The attributes of an object whose brace is already open, at a depth.
    pub(crate) fn object(&mut self, depth: usize, before: &Value, after: &Value, forcing: &[AttributePath]) {
        let forcing: Forcing<'_> = forcing.iter().map(AttributePath::steps).collect();
        let whole = Sides::new(Some(before), Some(after));
        match whole {
            Some(Sides::Changed(before, after)) if before.is_null() => {
                self.attributes(depth, Sides::Added(after), &forcing);
            }
            Some(Sides::Changed(before, after)) if after.is_null() => {
                self.attributes(depth, Sides::Removed(before), &forcing);
            }
            Some(sides) => self.attributes(depth, sides, &forcing),
            None => {}
        }
    }

    /// Only what an object is recognized by.
    pub(crate) fn identity(&mut self, depth: usize, object: &Value) {
        self.attributes(depth, Sides::Kept(object), &Vec::new());
    }

    /// A fold: `# (12 unchanged attributes hidden)`.
    fn hidden(&mut self, depth: usize, count: usize, noun: &str) {
        if count > 0 {
            let text = format!("# ({} hidden)", crate::text::counted(count, noun));
            self.lines.push(Line::new(Marker::None, depth).faint(text));
        }
    }

    fn push(&mut self, line: Line, forcing: &Forcing<'_>) {
        self.lines.push(noted(line, forcing));
    }
}

/// All attributes of an object as they are, without folding.
pub(crate) fn whole_object(object: &Value) -> Vec<Line> {
    let mut diff = Diff::default();
    diff.entries(0, object, |value| Sides::Kept(value));
    diff.lines
}

/// The line with `# forces replacement` where its place does.
fn noted(line: Line, forcing: &Forcing<'_>) -> Line {
    if forcing.iter().any(|path| path.is_empty()) { line.with(Tone::Danger, " # forces replacement") } else { line }
}

/// What forces a replacement below a step.
fn below<'a>(forcing: &Forcing<'a>, step: &PathStep) -> Forcing<'a> {
    forcing
        .iter()
        .filter_map(|path| path.split_first())
        .filter(|(first, _)| first.leads_like(step))
        .map(|(_, rest)| rest)
        .collect()
}
