//! Sensitive texts that providers were given, so that nothing a provider says can show one.

use std::collections::BTreeSet;
use std::sync::Arc;

use mesh_provider::ProviderDiagnostic;
use mesh_value::{AttributePath, Kind, Marks, Value};

/// Shorter texts occur everywhere: hiding them would make messages unreadable and hide nothing.
const SHORTEST: usize = 4;
const HIDDEN: &str = "(sensitive value)";

/// Sensitive texts of a run.
#[derive(Clone, Default)]
pub struct Secrets(BTreeSet<Arc<str>>);

impl Secrets {
    /// Notes every sensitive or ephemeral text of a value whose marks were taken off.
    pub fn note(&mut self, value: &Value, marks: &[(AttributePath, Marks)]) {
        for (path, _) in marks.iter().filter(|(_, marks)| marks.is_hidden()) {
            if let Some(part) = value.at_path(path) {
                self.note_all(part);
            }
        }
    }

    fn note_all(&mut self, value: &Value) {
        match value.kind() {
            Kind::String(text) if text.len() >= SHORTEST => {
                self.0.insert(text.clone());
            }
            _ => {
                value.as_slice().unwrap_or_default().iter().for_each(|element| self.note_all(element));
                value.as_entries().unwrap_or_default().iter().for_each(|(_, entry)| self.note_all(entry));
            }
        }
    }

    /// Whether a noted text stands somewhere in a value.
    pub fn are_in(&self, value: &Value) -> bool {
        let mut found = false;
        value.walk(&mut |_, part| {
            found |= part.as_str().is_some_and(|text| self.0.iter().any(|secret| text.contains(secret.as_ref())));
            !found
        });
        found
    }

    /// Hides every noted text in what a provider says of a problem.
    pub fn hide(&self, problem: ProviderDiagnostic) -> ProviderDiagnostic {
        let (summary, detail) = (self.hide_in(problem.summary), self.hide_in(problem.detail));
        ProviderDiagnostic { summary, detail, ..problem }
    }

    /// Hides every noted text in another.
    pub fn hide_in(&self, mut said: String) -> String {
        let mut found: Vec<&Arc<str>> = self.0.iter().filter(|text| said.contains(text.as_ref())).collect();
        // Longest first, so that a text inside another one doesn't leave the rest of it.
        found.sort_by_key(|text| std::cmp::Reverse(text.len()));
        for text in found {
            said = said.replace(text.as_ref(), HIDDEN);
        }
        said
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_provider_says_shows_no_secret() {
        let value = Value::object([("user", Value::string("alice")), ("password", Value::string("hunter22"))]);
        let mut secrets = Secrets::default();
        secrets.note(&value, &[(AttributePath::attr("password"), Marks::SENSITIVE)]);
        let problem = ProviderDiagnostic::error("Login failed", "alice can't log in with hunter22.");
        assert_eq!(secrets.hide(problem).detail, "alice can't log in with (sensitive value).");
    }
}
