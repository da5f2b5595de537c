//! What is wrong with a source, before it is known which call it is wrong for.

use std::path::Path;

use mesh_diagnostics::Diagnostic;

/// A diagnostic that gets its place where a call is at hand.
pub type Problem = Box<Diagnostic>;

/// An error with a code, a fixed summary and sentences about this very case.
pub fn problem(code: &'static str, summary: &'static str, detail: impl Into<String>) -> Problem {
    Box::new(Diagnostic::error(code, summary, detail))
}

/// The same problem with a way out.
pub fn hinted(mut problem: Problem, hint: impl Into<String>) -> Problem {
    problem.hints.push(hint.into());
    problem
}

/// A directory of the cache or of the project that can't be read or written.
pub fn unusable(path: &Path, error: &std::io::Error) -> Problem {
    problem(
        "module-directory-unusable",
        "Modules can't be stored",
        format!("Using {} failed: {error}.", path.display()),
    )
}
