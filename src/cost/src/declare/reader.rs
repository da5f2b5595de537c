//! Takes arguments out of a decoded block: every problem is collected with the path of what is at fault.

use std::sync::Arc;

use mesh_diagnostics::Diagnostic;
use mesh_provider::cost::{Decimal, decimal};
use mesh_value::{AttributePath, Kind, PathStep, Value};

use super::{KNOWN_AFTER_APPLY, Problem};

/// Reads the value of one block, which messages call `what`: "A budget".
pub(super) struct Reader<'a> {
    value: &'a Value,
    what: &'static str,
    problems: Vec<Problem>,
}

impl<'a> Reader<'a> {
    pub fn new(value: &'a Value, what: &'static str) -> Self {
        Self { value, what, problems: Vec::new() }
    }

    /// What was read, if nothing was wrong with it. It is `None` only where that was reported.
    pub fn finish<T>(self, read: Option<T>) -> Result<T, Vec<Problem>> {
        match read {
            Some(read) if self.problems.is_empty() => Ok(read),
            _ => Err(self.problems),
        }
    }

    /// A value that is given, known, and may be shown.
    pub fn given(&mut self, name: &'static str) -> Option<&'a Value> {
        let value = self.value.get(name).filter(|value| !value.is_null())?;
        self.shown(&AttributePath::attr(name), value).then_some(value)
    }

    /// Text; `None` where it is not given, or was reported.
    pub fn text(&mut self, name: &'static str) -> Option<Arc<str>> {
        self.given(name)?.as_str().map(Into::into)
    }

    /// A number; `None` where it is not given, or was reported.
    pub fn number(&mut self, name: &'static str) -> Option<Decimal> {
        let value = self.given(name)?;
        self.decimal(&AttributePath::attr(name), value)
    }

    /// A number of a list or map.
    pub fn decimal(&mut self, path: &AttributePath, value: &Value) -> Option<Decimal> {
        let Kind::Number(number) = value.kind() else { return None };
        let found = decimal(number);
        if found.is_none() {
            self.invalid(path.clone(), format!("{number} has more digits than amounts of money are counted with."));
        }
        found
    }

    /// The elements of a list, each with its path; none where it is not given, or was reported.
    pub fn elements(&mut self, name: &'static str) -> Vec<(AttributePath, &'a Value)> {
        let root = AttributePath::attr(name);
        let elements = self.given(name).and_then(Value::as_slice).unwrap_or_default().iter().enumerate();
        elements.map(|(index, element)| (root.join(PathStep::Index(index)), element)).collect()
    }

    /// The entries of a map, each with its path; none where it is not given, or was reported.
    pub fn entries(&mut self, name: &'static str) -> Vec<(AttributePath, &'a Arc<str>, &'a Value)> {
        let root = AttributePath::attr(name);
        let entries = self.given(name).and_then(Value::as_entries).unwrap_or_default().iter();
        entries.map(|(key, value)| (root.join(PathStep::Key(key.clone())), key, value)).collect()
    }

    /// One of a few words; its default where it is not given, or was reported.
    pub fn word<T: Copy + Default>(&mut self, name: &'static str, words: &[(&'static str, T)]) -> T {
        let Some(text) = self.text(name) else { return T::default() };
        if let Some((_, found)) = words.iter().find(|(word, _)| *word == &*text) {
            return *found;
        }
        let known: Vec<_> = words.iter().map(|(word, _)| format!("`{word}`")).collect();
        let detail = format!("`{name}` can't be `{text}`; it takes {}.", either(&known));
        let diagnostic = Diagnostic::error("unknown-word", "Unknown word", detail);
        self.report(AttributePath::attr(name), diagnostic.suggest(&text, words.iter().map(|(word, _)| *word)));
        T::default()
    }

    /// The code of a currency; US dollars where it is not given.
    pub fn currency(&mut self, name: &'static str) -> Arc<str> {
        let Some(code) = self.text(name) else { return "USD".into() };
        if let Some(diagnostic) = no_currency(&code) {
            self.report(AttributePath::attr(name), diagnostic);
        }
        code
    }

    /// What is given, or a report that it is missing; nothing more is said of what was reported.
    pub fn needed<T>(&mut self, name: &'static str, found: Option<T>) -> Option<T> {
        let path = AttributePath::attr(name);
        if found.is_none() && !self.problems.iter().any(|problem| problem.path.steps().starts_with(path.steps())) {
            let detail = format!("{} says `{name}`, and this one's is null.", self.what);
            self.report(path, Diagnostic::error("missing-argument", "Missing argument", detail));
        }
        found
    }

    /// Reports a number that can't be one here.
    pub fn invalid(&mut self, path: AttributePath, detail: impl Into<String>) {
        self.report(path, Diagnostic::error("invalid-amount", "Invalid amount", detail));
    }

    pub fn report(&mut self, path: AttributePath, diagnostic: Diagnostic) {
        self.problems.push(Problem { path, diagnostic });
    }

    /// Whether a value is known and may be shown; what isn't is reported.
    fn shown(&mut self, path: &AttributePath, value: &Value) -> bool {
        if let Some(diagnostic) = hidden(self.what, value) {
            self.report(path.clone(), diagnostic);
            return false;
        }
        if !value.is_wholly_known() {
            self.report(path.clone(), known_after_apply(self.what));
            return false;
        }
        true
    }
}

/// `a`, `b` or `c`
fn either(words: &[String]) -> String {
    match words.split_last() {
        Some((last, rest)) if !rest.is_empty() => format!("{} or {last}", rest.join(", ")),
        _ => words.concat(),
    }
}

/// What is wrong with a value that comes too late.
pub(super) fn known_after_apply(what: &str) -> Diagnostic {
    let detail = format!("{what} is held against a plan before anything is done, and this is known after apply only.");
    Diagnostic::error(KNOWN_AFTER_APPLY, "Known after apply", detail)
        .hint("Write it from variables and locals rather than from a resource's computed attribute.")
}

/// What is wrong with a value that is shown and kept, where it may not be.
pub(super) fn hidden(what: &str, value: &Value) -> Option<Diagnostic> {
    let marks = value.deep_marks();
    if marks.is_ephemeral() {
        let detail = format!("{what} is kept in the plan, so it can't hold an ephemeral value.");
        let diagnostic = Diagnostic::error("ephemeral-value", "Ephemeral value where one is kept", detail);
        return Some(diagnostic.hint("Leave the value out."));
    }
    marks.is_hidden().then(|| {
        let detail = format!("{what} is printed with every plan, so it can't hold a sensitive value.");
        Diagnostic::error("sensitive-cost", "Sensitive value where costs are shown", detail)
            .hint("Leave the value out, or say that it is none with `nonsensitive(...)`.")
    })
}

/// What is wrong with a value that is no text where a currency is asked for.
pub(super) fn no_text(value: &Value) -> Vec<Problem> {
    let detail = format!("A currency is named by its code, and this is {}.", value.describe());
    let diagnostic = Diagnostic::error("invalid-currency", "Invalid currency", detail);
    vec![Problem { path: AttributePath::default(), diagnostic: diagnostic.hint("Write it like \"USD\" or \"EUR\".") }]
}

/// What is wrong with a text that is no currency's code.
pub(super) fn no_currency(code: &str) -> Option<Diagnostic> {
    let is_code = code.len() == 3 && code.bytes().all(|byte| byte.is_ascii_uppercase());
    (!is_code).then(|| {
        let detail = format!("{code:?} is no currency: its code of three capitals is asked for (ISO 4217).");
        Diagnostic::error("invalid-currency", "Invalid currency", detail).hint("Write it like \"USD\" or \"EUR\".")
    })
}
