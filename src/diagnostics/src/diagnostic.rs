//! A problem as plain data; [`Diagnostics`] collects all of a run.

use crate::{Span, nearest};

/// How bad it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// The command can't do what was asked.
    Error,
    /// The command goes on, but the user should look.
    Warning,
}

/// One problem. The summary is fixed text; the detail says what is wrong here, why, and what to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// Error or warning.
    pub severity: Severity,
    /// Stable identifier in kebab-case, such as `unknown-reference`.
    pub code: &'static str,
    /// Fixed text of a few words.
    pub summary: &'static str,
    /// Full sentences about this very case.
    pub detail: String,
    /// The exact token or expression at fault.
    pub subject: Option<Span>,
    /// A wider range worth showing around the subject.
    pub context: Option<Span>,
    /// Other places that belong to it, each with a few words: "It is first declared here".
    pub related: Vec<(&'static str, Span)>,
    /// The address of the object it is about, such as `local_bucket.landing[0]`.
    pub address: Option<String>,
    /// What the expression's references held: `("var.zones", "is list of 2 strings")`.
    pub values: Vec<(String, String)>,
    /// Ways out, each a sentence: the nearest name, the command to run.
    pub hints: Vec<String>,
}

impl Diagnostic {
    /// An error with a code and a fixed summary.
    #[must_use]
    pub fn error(code: &'static str, summary: &'static str, detail: impl Into<String>) -> Self {
        Self {
            severity: Severity::Error,
            code,
            summary,
            detail: detail.into(),
            subject: None,
            context: None,
            related: Vec::new(),
            address: None,
            values: Vec::new(),
            hints: Vec::new(),
        }
    }

    /// A warning with a code and a fixed summary.
    #[must_use]
    pub fn warning(code: &'static str, summary: &'static str, detail: impl Into<String>) -> Self {
        Self { severity: Severity::Warning, ..Self::error(code, summary, detail) }
    }

    /// Points at the token or expression at fault.
    #[must_use]
    pub fn at(mut self, subject: Span) -> Self {
        self.subject = Some(subject);
        self
    }

    /// Shows a wider range around the subject.
    #[must_use]
    pub fn within(mut self, context: Span) -> Self {
        self.context = Some(context);
        self
    }

    /// Shows another place that belongs to it, with a few words: "It is first declared here".
    #[must_use]
    pub fn elsewhere(mut self, label: &'static str, place: Span) -> Self {
        self.related.push((label, place));
        self
    }

    /// Names the object it is about.
    #[must_use]
    pub fn about(mut self, address: impl ToString) -> Self {
        self.address = Some(address.to_string());
        self
    }

    /// Adds what a reference held, such as `("var.zones", "is list of 2 strings")`.
    #[must_use]
    pub fn value(mut self, reference: impl Into<String>, description: impl Into<String>) -> Self {
        self.values.push((reference.into(), description.into()));
        self
    }

    /// Adds a way out, a full sentence.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hints.push(hint.into());
        self
    }

    /// The context where it is in the subject's file: only there does it show what is around the subject.
    pub(crate) fn surroundings(&self) -> Option<Span> {
        self.context.filter(|context| self.subject.is_some_and(|subject| subject.file == context.file))
    }

    /// Adds the hint "Did you mean `x`?" where one of the candidates is spelled almost like `name`.
    #[must_use]
    pub fn suggest<'a>(self, name: &str, candidates: impl IntoIterator<Item = &'a str>) -> Self {
        match nearest(name, candidates) {
            Some(candidate) => self.hint(format!("Did you mean `{candidate}`?")),
            None => self,
        }
    }
}

/// All problems of a run, in the order in which they were found until sorted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Diagnostics(Vec<Diagnostic>);

impl Diagnostics {
    /// Adds one.
    pub fn push(&mut self, diagnostic: Diagnostic) {
        self.0.push(diagnostic);
    }

    /// Whether at least one is an error.
    #[must_use]
    pub fn has_errors(&self) -> bool {
        self.0.iter().any(|diagnostic| diagnostic.severity == Severity::Error)
    }

    /// Whether there are none at all.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// All, in order.
    pub fn iter(&self) -> std::slice::Iter<'_, Diagnostic> {
        self.0.iter()
    }

    /// Orders by file and place, those without a place last by address, and drops exact repetitions. The order depends on
    /// nothing but what the diagnostics say, so problems found in parallel come out the same in every run.
    pub fn sort(&mut self) {
        self.0.sort_by(|left, right| order(left).cmp(&order(right)));
        self.0.dedup();
    }

    /// All, ordered and without repetitions as [`sort`](Self::sort) leaves them.
    #[must_use]
    pub fn sorted(&self) -> Vec<&Diagnostic> {
        let mut sorted: Vec<_> = self.0.iter().collect();
        sorted.sort_by(|left, right| order(left).cmp(&order(right)));
        sorted.dedup();
        sorted
    }

    /// `Err` with everything if there is an error, else the warnings.
    ///
    /// # Errors
    /// All collected diagnostics where at least one is an error.
    pub fn into_result(self) -> Result<Self, Self> {
        if self.has_errors() { Err(self) } else { Ok(self) }
    }
}

/// What diagnostics are ordered by: equal keys mean equal diagnostics.
fn order(diagnostic: &Diagnostic) -> impl Ord + '_ {
    let Diagnostic { severity, code, summary, detail, subject, context, related, address, values, hints } = diagnostic;
    let place = (subject.is_none(), subject, severity, address);
    (place, code, summary, detail, context, related, values, hints)
}

impl From<Diagnostic> for Diagnostics {
    fn from(diagnostic: Diagnostic) -> Self {
        Self(vec![diagnostic])
    }
}

impl Extend<Diagnostic> for Diagnostics {
    fn extend<T: IntoIterator<Item = Diagnostic>>(&mut self, diagnostics: T) {
        self.0.extend(diagnostics);
    }
}

impl FromIterator<Diagnostic> for Diagnostics {
    fn from_iter<T: IntoIterator<Item = Diagnostic>>(diagnostics: T) -> Self {
        Self(diagnostics.into_iter().collect())
    }
}

impl IntoIterator for Diagnostics {
    type Item = Diagnostic;
    type IntoIter = std::vec::IntoIter<Diagnostic>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}
