//! One life of a resource type on an emulator: what has to be there before, what is done to it, what can't be tried.

use mesh_provider::Provider;
use mesh_provider::contract::{self, Case, Report};
use serde_json::{Value as Json, json};

use super::{Boto, Emulator, Kind};

/// The emulators that scenarios run on.
pub const EMULATORS: [Kind; 2] = [Kind::Moto, Kind::Ministack];
/// Broad and lax.
pub const MOTO: Kind = Kind::Moto;
/// Strict where moto is lax.
pub const MINISTACK: Kind = Kind::Ministack;

/// A case of the provider contract, made for the emulator that it runs on.
pub struct Scenario {
    /// The resource type.
    pub ty: &'static str,
    what: &'static str,
    setup: String,
    provider: Json,
    lacks: Vec<Lack>,
    case: Box<dyn Fn(&At) -> Case + Send + Sync>,
}

/// Something that an emulator lacks: nothing that needs it is tried there, and nothing of it counts as passed.
pub struct Lack {
    /// The emulator.
    pub on: Kind,
    /// The API's operation.
    pub operation: &'static str,
    /// What the emulator does instead.
    pub why: &'static str,
    /// Whether the scenario can't run at all without it.
    wholly: bool,
}

/// Where a scenario runs.
pub struct At {
    /// What the setup's last expression came to.
    pub made: Json,
    /// Which emulator it is.
    pub kind: Kind,
    boto: Boto,
    lacking: Vec<&'static str>,
}

impl Scenario {
    /// A scenario of a type. `case` is called once for each emulator, after the setup.
    #[must_use]
    pub fn new(ty: &'static str, what: &'static str, case: impl Fn(&At) -> Case + Send + Sync + 'static) -> Self {
        let (setup, provider, lacks) = (String::new(), json!({}), Vec::new());
        Self { ty, what, setup, provider, lacks, case: Box::new(case) }
    }

    /// Python that makes what has to be there before.
    #[must_use]
    pub fn setup(mut self, snippet: &str) -> Self {
        snippet.clone_into(&mut self.setup);
        self
    }

    /// Arguments of the provider block besides those that reach the emulator.
    #[must_use]
    pub fn provider(mut self, arguments: Json) -> Self {
        self.provider = arguments;
        self
    }

    /// An operation that an emulator lacks. The case leaves out the steps that need it: `At::has`.
    #[must_use]
    pub fn lacking(mut self, on: Kind, operation: &'static str, why: &'static str) -> Self {
        self.lacks.push(Lack { on, operation, why, wholly: false });
        self
    }

    /// An operation that an emulator lacks and that the whole scenario needs.
    #[must_use]
    pub fn not_on(mut self, on: Kind, operation: &'static str, why: &'static str) -> Self {
        self.lacks.push(Lack { on, operation, why, wholly: true });
        self
    }

    /// What emulators lack for it.
    #[must_use]
    pub fn lacks(&self) -> &[Lack] {
        &self.lacks
    }

    /// Whether it can run on an emulator.
    #[must_use]
    pub fn runs_on(&self, on: Kind) -> bool {
        !self.lacks.iter().any(|lack| lack.on == on && lack.wholly)
    }

    /// Its name as a test, such as `aws_s3_bucket::force@moto`.
    #[must_use]
    pub fn name(&self, on: Kind) -> String {
        format!("{}::{}@{on}", self.ty, self.what)
    }

    /// Runs it on an emulator that nobody else uses meanwhile; `before` is called when the setup is done, and what it
    /// answers is kept until the end. Answers with the end of the emulator's log too.
    #[must_use]
    pub fn run<W>(&self, on: Kind, provider: &dyn Provider, before: impl FnOnce(&Emulator) -> W) -> (Report, String) {
        let emulator = on.shared().lease();
        let made = if self.setup.is_empty() { Json::Null } else { emulator.boto().must(&self.setup) };
        let lacking = self.lacks.iter().filter(|lack| lack.on == on).map(|lack| lack.operation).collect();
        let case = (self.case)(&At { made, kind: on, boto: emulator.boto().clone(), lacking });
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let base = tempfile::tempdir().unwrap();
        let _watched = before(&emulator);
        let report = runtime.block_on(contract::run(provider, base.path(), self.block(&emulator), case));
        (report, end_of(&emulator.log()))
    }

    fn block(&self, emulator: &Emulator) -> Json {
        let mut block = json!({
            "region": "us-east-1",
            "access_key": "test",
            "secret_key": "test",
            "endpoint_url": emulator.endpoint(),
            "s3_use_path_style": true,
            "max_retries": 3,
        });
        for (name, value) in self.provider.as_object().into_iter().flatten() {
            block[name] = value.clone();
        }
        block
    }
}

impl At {
    /// Python that changes something behind the provider's back: a drift.
    pub fn drift(&self, snippet: impl Into<String>) -> impl Fn() + Send + Sync + 'static {
        self.boto.step(snippet)
    }

    /// Runs Python now, which has to succeed.
    #[expect(clippy::must_use_candidate, reason = "most snippets are run for what they do")]
    pub fn run(&self, snippet: &str) -> Json {
        self.boto.must(snippet)
    }

    /// Whether the emulator has an operation, as far as the scenario says.
    #[must_use]
    pub fn has(&self, operation: &str) -> bool {
        !self.lacking.contains(&operation)
    }

    /// The account that it belongs to.
    #[must_use]
    pub const fn account(&self) -> &'static str {
        match self.kind {
            Kind::Moto => "123456789012",
            Kind::Ministack | Kind::MinistackWithAuth => "000000000000",
        }
    }
}

/// The last lines of a log.
fn end_of(log: &str) -> String {
    let lines: Vec<_> = log.lines().collect();
    lines[lines.len().saturating_sub(25)..].join("\n")
}
