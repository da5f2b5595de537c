//! What readable reports are made of: lines with a marker, a depth and toned text, before any layout.

use std::borrow::Cow;

use mesh_plan::{Action, ReplaceOrder};

/// What a line says about what it shows, by the symbol in front of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Marker {
    /// Stays as it is.
    None,
    /// `#`: a heading.
    Comment,
    /// `!`: data is lost.
    Loss,
    /// `+`
    Create,
    /// `~`
    Update,
    /// `-`
    Delete,
    /// `-/+` or `+/-`
    Replace(ReplaceOrder),
    /// `<=`
    Read,
    /// `.`
    Forget,
    /// `?`: decided during apply.
    Deferred,
}

impl Marker {
    /// At most three ASCII characters.
    pub(crate) const fn symbol(self) -> &'static str {
        match self {
            Self::None => "",
            Self::Comment => "#",
            Self::Loss => "!",
            Self::Create => "+",
            Self::Update => "~",
            Self::Delete => "-",
            Self::Replace(ReplaceOrder::DestroyBeforeCreate) => "-/+",
            Self::Replace(ReplaceOrder::CreateBeforeDestroy) => "+/-",
            Self::Read => "<=",
            Self::Forget => ".",
            Self::Deferred => "?",
        }
    }
}

impl From<Action> for Marker {
    fn from(action: Action) -> Self {
        match action {
            Action::NoOp => Self::None,
            Action::Create => Self::Create,
            Action::Read => Self::Read,
            Action::Update => Self::Update,
            Action::Replace(order) => Self::Replace(order),
            Action::Delete => Self::Delete,
            Action::Forget => Self::Forget,
        }
    }
}

/// How a piece of text stands out where colours are shown. Nothing is said by tone alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Tone {
    Plain,
    Strong,
    Faint,
    /// `->`, where a line that is too long may be broken.
    Arrow,
    Danger,
}

/// A line: 4 columns a depth, the marker right-aligned in front of the text.
#[derive(Clone, Debug)]
pub(crate) struct Line {
    pub(crate) marker: Marker,
    pub(crate) depth: usize,
    pub(crate) pieces: Vec<(Tone, Cow<'static, str>)>,
}

impl Line {
    pub(crate) const fn new(marker: Marker, depth: usize) -> Self {
        Self { marker, depth, pieces: Vec::new() }
    }

    /// `# text`, as the headings of objects are.
    pub(crate) fn heading(text: impl Into<Cow<'static, str>>) -> Self {
        Self::new(Marker::Comment, 0).with(Tone::Strong, text)
    }

    pub(crate) fn with(mut self, tone: Tone, text: impl Into<Cow<'static, str>>) -> Self {
        self.pieces.push((tone, text.into()));
        self
    }

    pub(crate) fn plain(self, text: impl Into<Cow<'static, str>>) -> Self {
        self.with(Tone::Plain, text)
    }

    pub(crate) fn faint(self, text: impl Into<Cow<'static, str>>) -> Self {
        self.with(Tone::Faint, text)
    }

    pub(crate) fn arrow(self) -> Self {
        self.with(Tone::Arrow, " -> ")
    }
}
