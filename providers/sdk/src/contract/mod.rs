//! The contract that every resource type keeps, as tests that any provider runs: from create to delete and beyond.
//!
//! ```ignore
//! let case = Case::new("local_bucket", json!({ "path": "landing" }))
//!     .update(json!({ "force_destroy": true }), Expect::InPlace)
//!     .update(json!({ "path": "other" }), Expect::Replace)
//!     .drift("made readable for all", || set_mode("landing", 0o777))
//!     .import("landing", &["force_destroy"]);
//! let report = contract::run(&provider, base_dir, json!({}), case).await;
//! assert!(report.holds(), "{report}");
//! ```

mod lifecycle;
mod report;
mod session;
mod values;

use std::path::Path;

use serde_json::Value as Json;

use crate::{ConfigureRequest, Provider};
use lifecycle::Lifecycle;
pub use report::{Check, Report};
pub use session::{Session, attribute};

/// What one resource type is put through: steps in the order they are added, between a create and a delete.
pub struct Case {
    ty: String,
    config: Json,
    steps: Vec<Step>,
    state_only: bool,
    remains: bool,
}

enum Step {
    /// Arguments that change.
    Change(Json, Expect),
    /// What happens outside, and where it must show.
    Outside { what: String, happen: Box<dyn Fn() + Send + Sync>, seen_by: SeenBy },
    /// An id, and the attributes that do not come with it.
    Import(String, Vec<String>),
}

/// How a change of the configuration must be made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Expect {
    /// In the existing object.
    InPlace,
    /// By a new object.
    Replace,
    /// Not at all: it is written otherwise and means the same.
    Nothing,
}

impl Expect {
    const fn word(self) -> &'static str {
        match self {
            Self::InPlace => "update",
            Self::Replace => "replace",
            Self::Nothing => "written otherwise",
        }
    }

    const fn check(self) -> Check {
        match self {
            Self::InPlace => Check::UpdateInPlace,
            Self::Replace => Check::Replace,
            Self::Nothing => Check::NoOpPlan,
        }
    }
}

/// What notices a change outside.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum SeenBy {
    Reading,
    Planning,
    Nobody,
}

impl Case {
    /// A resource type and the configuration that it is created with.
    #[must_use]
    pub fn new(ty: &str, config: Json) -> Self {
        Self { ty: ty.to_owned(), config, steps: Vec::new(), state_only: false, remains: false }
    }

    /// Then these arguments change (null takes one away); changes add up.
    #[must_use]
    pub fn update(mut self, set: Json, expect: Expect) -> Self {
        self.steps.push(Step::Change(set, expect));
        self
    }

    /// Then this happens to the object outside; reading must show it and the next apply must mend it.
    #[must_use]
    pub fn drift(self, what: &str, happen: impl Fn() + Send + Sync + 'static) -> Self {
        self.outside(what, happen, SeenBy::Reading)
    }

    /// Then this happens to something that the configuration refers to, such as a file that it names; planning must
    /// show it and the next apply must bring it into the object.
    #[must_use]
    pub fn input_changes(self, what: &str, happen: impl Fn() + Send + Sync + 'static) -> Self {
        self.outside(what, happen, SeenBy::Planning)
    }

    /// Then this happens to the object outside, and is none of the configuration's business: reading must not show it.
    #[must_use]
    pub fn aside(self, what: &str, happen: impl Fn() + Send + Sync + 'static) -> Self {
        self.outside(what, happen, SeenBy::Nobody)
    }

    fn outside(mut self, what: &str, happen: impl Fn() + Send + Sync + 'static, seen_by: SeenBy) -> Self {
        self.steps.push(Step::Outside { what: what.to_owned(), happen: Box::new(happen), seen_by });
        self
    }

    /// Then it is imported under this id, and must come out as it is in the state, but for the attributes that the
    /// platform does not know.
    #[must_use]
    pub fn import(mut self, id: impl Into<String>, but: &[&str]) -> Self {
        self.steps.push(Step::Import(id.into(), but.iter().map(|&name| name.to_owned()).collect()));
        self
    }

    /// Goes on only where a condition holds, such as that an emulator has what the steps need.
    #[must_use]
    pub fn when(self, holds: bool, then: impl FnOnce(Self) -> Self) -> Self {
        if holds { then(self) } else { self }
    }

    /// Nothing stands outside the state: nothing to find after an interrupted create, nothing to see gone.
    #[must_use]
    pub const fn state_only(mut self) -> Self {
        self.state_only = true;
        self
    }

    /// The platform can't delete it: deleting leaves one that does nothing, and reading shows that.
    #[must_use]
    pub const fn remains(mut self) -> Self {
        self.remains = true;
        self
    }
}

/// Configures a provider and puts one of its resource types through a case. Stops at the first step that fails.
pub async fn run(provider: &dyn Provider, base_dir: &Path, config: Json, case: Case) -> Report {
    let mut report = Report::of(&case.ty);
    let outcome = walk(provider, base_dir, &config, case, &mut report).await;
    report.close(outcome);
    report
}

async fn walk(
    provider: &dyn Provider,
    base_dir: &Path,
    config: &Json,
    case: Case,
    report: &mut Report,
) -> Result<(), String> {
    report.begin(Check::Configure, "configure");
    let schema = provider.schema();
    let block = schema.provider.as_ref().map(|schema| schema.block.clone()).unwrap_or_default();
    let config = values::configuration(&block, config)?;
    let request = ConfigureRequest { config, base_dir: base_dir.to_path_buf() };
    let configured = provider.configure(request).await.map_err(|failure| failure.to_string())?;
    let ty_schema = schema.resources.get(case.ty.as_str()).ok_or_else(|| format!("there is no type {}", case.ty))?;
    let Case { ty, mut config, steps, state_only, remains } = case;
    let mut object = Lifecycle::new(provider, configured.as_ref(), ty_schema, &ty, state_only);

    report.begin(Check::Create, "create");
    let created = object.create(&config).await?;
    if !state_only {
        report.begin(Check::FoundByToken, "found by its token");
        object.is_found(&created).await?;
    }
    report.begin(Check::NoOpPlan, "nothing to do");
    object.nothing_to_do().await?;
    for step in steps {
        match step {
            Step::Change(set, expect) => {
                report.begin(expect.check(), &format!("{} {set}", expect.word()));
                values::merge(&mut config, &set);
                object.change(&config, expect).await?;
                object.nothing_to_do().await?;
            }
            Step::Outside { what, happen, seen_by } => {
                report.begin(Check::Drift, &format!("drift: {what}"));
                happen();
                object.mend(seen_by).await?;
                object.nothing_to_do().await?;
            }
            Step::Import(id, but) => {
                report.begin(Check::Import, &format!("import {id}"));
                object.import(&id, &but).await?;
            }
        }
    }
    report.begin(Check::Delete, "delete");
    object.delete().await?;
    report.begin(Check::DeleteAgain, "delete again");
    object.delete().await?;
    if remains {
        report.begin(Check::Delete, "read what is left of it");
        object.is_idle().await?;
    } else if !state_only {
        report.begin(Check::Delete, "read what is gone");
        object.is_gone().await?;
    }
    report.begin(Check::Create, "create again, then delete");
    let created = object.create(&config).await?;
    object.is_found(&created).await?;
    object.delete().await
}
