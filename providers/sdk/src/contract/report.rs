//! What came of a contract case, as a table.

use std::fmt;

/// The steps of a case and the first that failed.
#[derive(Clone, Debug)]
pub struct Report {
    ty: String,
    steps: Vec<String>,
    broken: Option<String>,
}

impl Report {
    pub(super) fn of(ty: &str) -> Self {
        Self { ty: ty.to_owned(), steps: Vec::new(), broken: None }
    }

    pub(super) fn begin(&mut self, step: &str) {
        self.steps.push(step.to_owned());
    }

    pub(super) fn close(&mut self, outcome: Result<(), String>) {
        self.broken = outcome.err();
    }

    /// Whether the type kept the contract.
    #[must_use]
    pub const fn holds(&self) -> bool {
        self.broken.is_none()
    }
}

impl fmt::Display for Report {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(out, "{}", self.ty)?;
        for (index, step) in self.steps.iter().enumerate() {
            let last = index + 1 == self.steps.len();
            match self.broken.as_ref().filter(|_| last) {
                Some(why) => writeln!(out, "  broken  {step}\n          {why}")?,
                None => writeln!(out, "  ok      {step}")?,
            }
        }
        Ok(())
    }
}
