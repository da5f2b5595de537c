//! What the tests share: a configuration as text, a state in memory, a platform, and runs over them.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use mesh_config::{EmbeddedFiles, Loaded, LocalDirectories, ModuleTree};
use mesh_cost::{Book, Prices};
use mesh_diagnostics::{Diagnostics, SourceMap};
use mesh_engine::{
    Applied, ApplyOptions, Inputs, Observer, PlanOptions, Planned, Prior, Providers, Silent, Surroundings, apply, plan,
};
use mesh_lang::eval::Environment;
use mesh_plan::{Action, PlanMode, ReplaceOrder};
use mesh_provider::Provider;
use mesh_state::{Clock, Ids, Intent, Keyring, State};
use mesh_value::Value;

use crate::killing::KillingStore;
use crate::platform::Platform;
use crate::provider::{Quirk, TestProvider};

struct Epoch;

impl Clock for Epoch {
    fn now(&self) -> jiff::Timestamp {
        jiff::Timestamp::UNIX_EPOCH
    }
}

/// `id-1`, `id-2`, ...
#[derive(Default)]
struct Counted(AtomicU64);

impl Ids for Counted {
    fn next(&self) -> String {
        format!("id-{}", self.0.fetch_add(1, Ordering::Relaxed) + 1)
    }
}

/// No files, no time, no randomness.
struct Nowhere;

impl Environment for Nowhere {
    fn read(&self, _: &Path) -> std::io::Result<Vec<u8>> {
        Err(std::io::ErrorKind::NotFound.into())
    }

    fn is_file(&self, _: &Path) -> bool {
        false
    }

    fn files_below(&self, _: &Path) -> std::io::Result<Vec<PathBuf>> {
        Ok(Vec::new())
    }

    fn base_dir(&self) -> &Path {
        Path::new(".")
    }

    fn home_dir(&self) -> Option<PathBuf> {
        None
    }

    fn timestamp(&self) -> Option<(i64, u32)> {
        None
    }

    fn plan_timestamp(&self) -> Option<(i64, u32)> {
        Some((0, 0))
    }

    fn random(&self) -> Option<[u8; 16]> {
        None
    }
}

/// A configuration that was loaded and checked.
pub struct Config {
    tree: ModuleTree,
    pub files: Vec<(PathBuf, String)>,
    providers: Providers,
    pub variables: BTreeMap<Arc<str>, Value>,
}

impl Config {
    /// What a run of it starts from.
    pub fn inputs(&self, parallelism: usize) -> Inputs<'_> {
        Inputs {
            tree: &self.tree,
            providers: &self.providers,
            variables: self.variables.clone(),
            given_ephemeral: std::collections::BTreeSet::new(),
            surroundings: Surroundings { environment: Arc::new(Nowhere), workspace: "default".into() },
            base_dir: PathBuf::from("."),
            parallelism,
        }
    }
}

/// A state and a platform, which outlive every run.
pub struct Bench {
    pub platform: Arc<Platform>,
    pub store: Arc<KillingStore>,
    pub quirk: Quirk,
    /// The version of the resource type's schema.
    pub version: u64,
    pub parallelism: usize,
    /// What things cost.
    pub book: Book,
}

/// What came of an apply.
#[derive(Debug)]
pub enum Run {
    /// It came to its end.
    Ended(Box<Applied>),
    /// Planning found errors.
    Refused(Diagnostics),
    /// The state could not be written before anything was done.
    Broken(mesh_engine::EngineError),
    /// The process was killed.
    Killed,
}

impl Bench {
    pub fn new() -> Self {
        let platform = Arc::<Platform>::default();
        let store = Arc::new(KillingStore::new(platform.clone()));
        Self { platform, store, quirk: Quirk::None, version: 0, parallelism: 8, book: Book::default() }
    }

    /// Loads and checks a root module of one file.
    pub fn config(&self, text: &str) -> Config {
        self.module([("main.mesh.hcl", text)])
    }

    /// Loads and checks a root module and those it calls.
    pub fn module<'t>(&self, files: impl IntoIterator<Item = (&'t str, &'t str)>) -> Config {
        let (config, diagnostics) = self.checked(files);
        assert!(!diagnostics.has_errors(), "{diagnostics:#?}");
        config
    }

    /// Loads and checks a root module and those it calls, to the end; what is wrong with them.
    pub fn checked<'t>(&self, files: impl IntoIterator<Item = (&'t str, &'t str)>) -> (Config, Diagnostics) {
        let files: EmbeddedFiles =
            files.into_iter().map(|(path, text)| (PathBuf::from(path), text.to_owned())).collect();
        let (mut sources, mut diagnostics) = (SourceMap::default(), Diagnostics::default());
        let Loaded { tree, files } = mesh_config::load(&files, &mut LocalDirectories, &mut sources, &mut diagnostics);
        let provider: Arc<dyn Provider> = Arc::new(TestProvider::new(self.platform.clone(), self.quirk, self.version));
        let providers = Providers::new([provider]);
        mesh_config::check(&tree, &providers, &mut diagnostics);
        mesh_config::check_values(&tree, &providers, &Nowhere, &mut diagnostics);
        (Config { tree, files, providers, variables: BTreeMap::new() }, diagnostics)
    }

    /// The state, opened as a new process would.
    pub async fn state(&self) -> State {
        let ids = Arc::new(Counted::default());
        State::open(self.store.clone(), Keyring::new([7; 32]), Arc::new(Epoch), ids).await.unwrap()
    }

    /// What the state holds, and the operations that were interrupted.
    pub async fn stored(&self) -> (Prior, Vec<Intent>) {
        let state = self.state().await;
        (Prior::new(state.load_all().await.unwrap()).unwrap(), state.open_intents().await.unwrap())
    }

    /// A plan.
    pub async fn plan(&self, config: &Config, options: &PlanOptions) -> Result<Planned, Diagnostics> {
        self.platform.revive();
        let (prior, intents) = self.stored().await;
        let planned = plan(&config.inputs(self.parallelism), prior, &intents, options, &Silent).await;
        planned.map(|(planned, _)| planned)
    }

    /// Plans and applies once, until it ends or is killed.
    pub async fn run(&self, config: &Config, options: &PlanOptions) -> Run {
        let whole = async {
            let planned = match self.plan(config, options).await {
                Ok(planned) => planned,
                Err(diagnostics) => return Run::Refused(diagnostics),
            };
            self.carry_out(config, planned).await
        };
        self.platform.revive();
        tokio::select! {
            biased;
            () = self.platform.kill.notified() => Run::Killed,
            run = whole => run,
        }
    }

    /// Applies a plan.
    pub async fn carry_out(&self, config: &Config, planned: Planned) -> Run {
        self.carry_out_before(config, planned, &Silent).await
    }

    /// Applies a plan while someone listens.
    pub async fn carry_out_before(&self, config: &Config, planned: Planned, observer: &dyn Observer) -> Run {
        let state = self.state().await;
        let options = ApplyOptions { who: "test@here".into(), command: "mesh apply".into(), ..Default::default() };
        let prices = Prices { book: &self.book, today: jiff::civil::date(2026, 11, 1) };
        let applied = apply(&config.inputs(self.parallelism), planned, &state, &options, prices, observer).await;
        applied.map_or_else(Run::Broken, |applied| Run::Ended(Box::new(applied)))
    }

    /// Plans and applies, and expects that all of it is done; the platform's log.
    pub async fn done(&self, config: &Config) -> Vec<String> {
        self.done_with(config, &normal()).await
    }

    /// As [`done`](Self::done), with options.
    pub async fn done_with(&self, config: &Config, options: &PlanOptions) -> Vec<String> {
        self.platform.take_log();
        match self.run(config, options).await {
            Run::Ended(applied) => assert!(applied.is_complete(), "{applied:#?}"),
            other => panic!("{other:#?}"),
        }
        self.platform.take_log()
    }

    /// Plans and applies, and expects that it does not come through; the platform's log, and what went wrong.
    pub async fn fails(&self, config: &Config, options: &PlanOptions) -> (Vec<String>, Box<Applied>) {
        self.platform.take_log();
        match self.run(config, options).await {
            Run::Ended(applied) => {
                assert!(!applied.is_complete(), "it went well");
                assert!(applied.diagnostics.has_errors(), "it failed and says nothing: {applied:#?}");
                (self.platform.take_log(), applied)
            }
            other => panic!("{other:#?}"),
        }
    }
}

/// An ordinary plan with a refresh.
pub fn normal() -> PlanOptions {
    PlanOptions { refresh: true, ..PlanOptions::default() }
}

/// A plan that deletes everything.
pub fn destroy() -> PlanOptions {
    PlanOptions { mode: PlanMode::Destroy, ..normal() }
}

/// A plan as lines such as `create test_thing.a`, without what does not change.
pub fn changes(planned: &Planned) -> Vec<String> {
    let changes = planned.plan.changes.iter().filter(|change| change.action != Action::NoOp);
    let line = |change: &mesh_plan::Change| {
        let how = match change.action {
            Action::Replace(ReplaceOrder::CreateBeforeDestroy) => "replace (new first)",
            Action::Replace(ReplaceOrder::DestroyBeforeCreate) => "replace (old first)",
            other => other.word(),
        };
        let deposed = if change.deposed.is_some() { " deposed" } else { "" };
        format!("{how} {}{deposed}", change.address)
    };
    changes.map(line).collect()
}

/// The place of an event in a log.
pub fn at(log: &[String], event: &str) -> usize {
    log.iter().position(|logged| logged == event).unwrap_or_else(|| panic!("no `{event}` in {log:#?}"))
}

/// Holds that events happened in this order.
pub fn in_order(log: &[String], events: &[&str]) {
    let places: Vec<usize> = events.iter().map(|event| at(log, event)).collect();
    assert!(places.is_sorted(), "expected {events:#?} in {log:#?}");
}
