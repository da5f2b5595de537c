//! What came of a contract case, check by check.

use std::fmt;

/// What a step of a case holds a type to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Check {
    /// The provider takes its configuration.
    Configure,
    /// An object is created as it was planned, and reading agrees.
    Create,
    /// What was created is found by its token, and was not before.
    FoundByToken,
    /// A plan for what was applied changes nothing.
    NoOpPlan,
    /// A change that the object takes is made in it.
    UpdateInPlace,
    /// A change that the object does not take makes a new one.
    Replace,
    /// What happens outside is seen and mended.
    Drift,
    /// What exists comes into the state as it is.
    Import,
    /// It is gone once it is deleted.
    Delete,
    /// Deleting what is already gone succeeds.
    DeleteAgain,
}

impl Check {
    /// All that are made of an object, in the order of its life.
    pub const OF_AN_OBJECT: [Self; 9] = [
        Self::Create,
        Self::FoundByToken,
        Self::NoOpPlan,
        Self::UpdateInPlace,
        Self::Replace,
        Self::Drift,
        Self::Import,
        Self::Delete,
        Self::DeleteAgain,
    ];

    /// A heading for it.
    #[must_use]
    pub const fn heading(self) -> &'static str {
        match self {
            Self::Configure => "configure",
            Self::Create => "create",
            Self::FoundByToken => "found by token",
            Self::NoOpPlan => "no-op plan",
            Self::UpdateInPlace => "update",
            Self::Replace => "replace",
            Self::Drift => "drift",
            Self::Import => "import",
            Self::Delete => "delete",
            Self::DeleteAgain => "delete again",
        }
    }
}

/// The steps of a case and the first that failed.
#[derive(Clone, Debug)]
pub struct Report {
    ty: String,
    steps: Vec<(Check, String)>,
    broken: Option<String>,
}

impl Report {
    pub(super) fn of(ty: &str) -> Self {
        Self { ty: ty.to_owned(), steps: Vec::new(), broken: None }
    }

    pub(super) fn begin(&mut self, check: Check, step: &str) {
        self.steps.push((check, step.to_owned()));
    }

    pub(super) fn close(&mut self, outcome: Result<(), String>) {
        self.broken = outcome.err();
    }

    /// The resource type.
    #[must_use]
    pub fn ty(&self) -> &str {
        &self.ty
    }

    /// Whether the type kept the contract.
    #[must_use]
    pub const fn holds(&self) -> bool {
        self.broken.is_none()
    }

    /// The checks that were made, in order, and whether each held. Those after the first that did not were not made.
    pub fn checks(&self) -> impl Iterator<Item = (Check, bool)> + '_ {
        let last = self.steps.len().saturating_sub(1);
        self.steps.iter().enumerate().map(move |(index, (check, _))| (*check, index < last || self.holds()))
    }
}

impl fmt::Display for Report {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(out, "{}", self.ty)?;
        for (index, (_, step)) in self.steps.iter().enumerate() {
            let last = index + 1 == self.steps.len();
            match self.broken.as_ref().filter(|_| last) {
                Some(why) => writeln!(out, "  broken  {step}\n          {why}")?,
                None => writeln!(out, "  ok      {step}")?,
            }
        }
        Ok(())
    }
}
