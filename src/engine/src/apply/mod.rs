//! Applying: performs what a plan says, each change as soon as what it reads is done, and records everything durably.

mod call;
mod destroy;
mod evaluate;
mod finish;
mod make;
mod order;
mod settle;
mod spending;
mod steps;

use std::cell::RefCell;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::time::{Duration, Instant};

use mesh_cost::Prices;
use mesh_diagnostics::Diagnostics;
use mesh_graph::{Outcome as Visited, walk};
use mesh_plan::{Action, Change, Plan, Vertex};
use mesh_provider::{Private, Stop};
use mesh_state::{ApplyStart, ChangeResult, Edit, HistoryChange, State};
use mesh_value::{InstanceAddress, ModulePath, Value};

pub(crate) use settle::settle;
use spending::Spending;
use steps::{Step, Steps};

use crate::EngineError;
use crate::events::{Event, Observer, Phase};
use crate::plan::Planned;
use crate::prior::Prior;
use crate::run::{Inputs, Run};

/// Who applies, and how.
#[derive(Clone, Debug, Default)]
pub struct ApplyOptions {
    /// `user@host`
    pub who: String,
    /// The command as it was typed, for the history.
    pub command: String,
    /// Start nothing new once it is requested.
    pub stop: Stop,
}

/// What an apply did.
#[derive(Debug)]
pub struct Applied {
    /// What came of each change, sorted by address.
    pub results: Vec<ChangeOutcome>,
    /// Everything that went wrong.
    pub diagnostics: Diagnostics,
    /// Whether it was told to stop before it was through.
    pub stopped: bool,
    /// Whether it stopped because a budget would have been passed.
    pub over_budget: bool,
    /// Root outputs as they are now.
    pub outputs: std::collections::BTreeMap<Arc<str>, (Value, bool)>,
}

/// What came of one change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChangeOutcome {
    /// The object.
    pub address: InstanceAddress,
    /// Set for an old object that a replacement left behind.
    pub deposed: Option<Arc<str>>,
    /// The address that it had before, where it moved.
    pub previous: Option<InstanceAddress>,
    /// Whether it was imported.
    pub imported: bool,
    /// What was planned.
    pub action: Action,
    /// What came of it.
    pub result: ChangeResult,
    /// Whether the object was made or read, and failed a postcondition then.
    pub unmet: bool,
    /// Why it was not tried.
    pub why: Option<String>,
    /// How long it took.
    pub took: Duration,
}

impl ChangeOutcome {
    fn of(change: &Change) -> Self {
        Self {
            address: change.address.clone(),
            deposed: change.deposed.clone(),
            previous: change.previous.clone(),
            imported: change.importing.is_some(),
            action: change.action,
            result: ChangeResult::Done,
            unmet: false,
            why: None,
            took: Duration::ZERO,
        }
    }

    /// What was done, in histories and machine-readable output.
    #[must_use]
    pub fn word(&self) -> &'static str {
        match self.action {
            Action::NoOp if self.imported => "import",
            Action::NoOp if self.previous.is_some() => "move",
            action => action.word(),
        }
    }
}

impl Applied {
    /// Whether everything planned was done.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        !self.stopped && !self.diagnostics.has_errors() && self.results.iter().all(|r| r.result == ChangeResult::Done)
    }
}

/// One apply under way.
pub(crate) struct Applier<'a> {
    pub run: Run<'a>,
    pub prior: &'a Prior,
    pub plan: &'a Plan,
    pub private: HashMap<InstanceAddress, Private>,
    pub state: &'a State,
    pub observer: &'a dyn Observer,
    /// The number of the history's entry.
    pub number: u64,
    /// Distinguishes the creations of this plan from those of any other.
    pub digest: String,
    /// Under which key a create-before-destroy replacement has set its old object aside.
    pub deposed: RefCell<HashMap<InstanceAddress, Arc<str>>>,
    /// Products evaluated anew, by module instance.
    pub products: RefCell<HashMap<ModulePath, (Arc<str>, Value)>>,
    /// What came of each half of each change: made, destroyed.
    pub halves: RefCell<HashMap<(usize, Phase), (bool, Duration)>>,
    /// Objects that were made or read, and failed a postcondition then.
    pub unmet: RefCell<HashSet<InstanceAddress>>,
    /// Passed on to providers that wait long.
    pub stop: Stop,
    /// The budgets, held before each change that costs something.
    spending: Spending<'a>,
}

/// Applies a plan, in these steps:
///
/// 1. the history gets an entry that says what will be done; in the same commit, what moved gets its new address, what
///    is imported comes into the state, and what is no longer managed leaves it;
/// 2. what was found of interrupted operations and of drift is written to the state;
/// 3. the changes, and the values between them, become steps that wait for exactly the steps that they read;
/// 4. the steps are walked: configuration is evaluated with what is known now, the provider plans once more and must
///    agree with the approved plan, the budgets are held against what it costs as known now, the intent is made durable,
///    the platform is called, the outcome is made durable; where a budget would be passed, nothing new starts;
/// 5. `check` blocks are held;
/// 6. outputs and data products are written, and the history's entry is completed.
///
/// # Errors
/// Where the state can't be written before anything was done. Whatever fails later is in the answer.
pub async fn apply(
    inputs: &Inputs<'_>,
    planned: Planned,
    state: &State,
    options: &ApplyOptions,
    prices: Prices<'_>,
    observer: &dyn Observer,
) -> Result<Applied, EngineError> {
    let Planned { plan, snapshot, progress, private, mut prior, settled, renames, costing, undeclared: _ } = planned;
    let digest = plan.digest();
    let mut edits = renames;
    edits.extend(finish::imports(&mut prior, &plan));
    edits.extend(plan.changes.iter().filter(|change| change.action == Action::Forget).map(forgotten));
    let number = match plan.has_changes() {
        true => Some(state.begin_apply(&start(&plan, &digest, edits, options)).await?),
        false => {
            state.write(&edits).await?;
            None
        }
    };
    for (intent, outcome) in &settled {
        state.finish(intent, outcome).await?;
    }
    state.write(&finish::refresh(&mut prior, &snapshot, &plan, inputs.providers)).await?;
    let applier = Applier {
        run: Run { inputs, progress: RefCell::new(progress) },
        prior: &prior,
        plan: &plan,
        private,
        state,
        observer,
        number: number.unwrap_or_default(),
        digest,
        deposed: RefCell::default(),
        products: RefCell::default(),
        halves: RefCell::default(),
        unmet: RefCell::default(),
        stop: options.stop.clone(),
        spending: Spending::new(&plan.cost, costing, prices),
    };
    applier.run.configure_to_apply().await;
    let steps = Steps::new(&plan, &prior);
    let starts_nothing = || options.stop.is_requested() || applier.spending.stopped().is_some();
    let outcomes = walk(&steps.dag, inputs.parallelism, starts_nothing, |step| applier.step(&steps, step)).await;
    let stopped = outcomes.contains(&Visited::Stopped) && applier.spending.stopped().is_none();
    if plan.has_changes() {
        applier.hold_checks().await;
    }
    let results = applier.results(&steps, &outcomes);
    let not_computed = not_computed(&steps, &outcomes);
    applier.finish(number, results, &not_computed, stopped).await
}

fn forgotten(change: &Change) -> Edit {
    Edit::DeleteInstance {
        address: change.address.to_string(),
        deposed: change.deposed.as_deref().map(ToOwned::to_owned),
    }
}

fn start(plan: &Plan, digest: &str, edits: Vec<Edit>, options: &ApplyOptions) -> ApplyStart {
    let changes = plan.changes.iter().filter(|change| change.is_change());
    let changes = changes.map(|change| HistoryChange {
        address: change.address.to_string(),
        deposed: change.deposed.as_deref().map(ToOwned::to_owned),
        previous: change.previous.as_ref().map(ToString::to_string),
        action: change.word().to_owned(),
        result: ChangeResult::Planned,
    });
    ApplyStart {
        who: options.who.clone(),
        command: options.command.clone(),
        plan_digest: digest.to_owned(),
        changes: changes.collect(),
        edits,
    }
}

/// The root module's outputs that read something which was not done.
fn not_computed(steps: &Steps, outcomes: &[Visited]) -> HashSet<Arc<str>> {
    let undone = steps.steps.iter().zip(outcomes).filter(|(_, outcome)| **outcome != Visited::Done);
    undone
        .filter_map(|(step, _)| match step {
            Step::Evaluate(Vertex::Output(module, name)) if module.is_root() => Some(name.clone()),
            _ => None,
        })
        .collect()
}

impl Applier<'_> {
    async fn step(&self, steps: &Steps, number: usize) -> bool {
        match &steps.steps[number] {
            Step::Join => true,
            Step::Evaluate(vertex) => self.evaluate(vertex),
            Step::Make(place) => self.timed(*place, Phase::Make).await,
            Step::Destroy(place) => self.timed(*place, Phase::Destroy).await,
        }
    }

    /// Does one half of a change, tells the observer, and notes how it went.
    async fn timed(&self, place: usize, phase: Phase) -> bool {
        let change = &self.plan.changes[place];
        let (address, deposed, action) = (change.address.clone(), change.deposed.clone(), change.action);
        self.observer.event(Event::Started { address: address.clone(), deposed: deposed.clone(), action, phase });
        #[expect(clippy::disallowed_methods, reason = "how long a change took is shown, and decides nothing")]
        let began = Instant::now();
        let done = match phase {
            Phase::Make => self.make(change).await,
            Phase::Destroy => self.destroy(change).await,
        };
        let took = began.elapsed();
        self.halves.borrow_mut().insert((place, phase), (done, took));
        let is_made = done || phase == Phase::Make && self.unmet.borrow().contains(&address);
        self.observer.event(if is_made {
            Event::Finished { address, deposed, action, phase, took }
        } else if phase == Phase::Make && self.spending.refuses(&address) {
            Event::Refused { address, action, phase }
        } else {
            Event::Failed { address, deposed, action, phase, took }
        });
        done
    }

    fn results(&self, steps: &Steps, outcomes: &[Visited]) -> Vec<ChangeOutcome> {
        let mut results: std::collections::BTreeMap<usize, ChangeOutcome> = std::collections::BTreeMap::new();
        // What is about the state alone was done with the first commit.
        for (place, change) in self.plan.changes.iter().enumerate() {
            if matches!(change.action, Action::NoOp | Action::Forget) && change.is_change() {
                results.insert(place, ChangeOutcome::of(change));
            }
        }
        for (step, outcome) in steps.steps.iter().zip(outcomes) {
            let (Step::Make(place) | Step::Destroy(place)) = step else { continue };
            let change = &self.plan.changes[*place];
            let phase = if matches!(step, Step::Make(_)) { Phase::Make } else { Phase::Destroy };
            let took = self.halves.borrow().get(&(*place, phase)).map_or(Duration::ZERO, |(_, took)| *took);
            let (result, why) = match outcome {
                Visited::Done => (ChangeResult::Done, None),
                Visited::Failed => match self.spending.refused(change) {
                    Some(why) => (ChangeResult::Skipped, Some(why)),
                    None => (ChangeResult::Failed, None),
                },
                Visited::Blocked(cause) => {
                    let refused = steps.change(self.plan, *cause).and_then(|cause| self.spending.refused(cause));
                    let why =
                        refused.and_then(|_| self.spending.stopped()).unwrap_or_else(|| steps.name(self.plan, *cause));
                    (ChangeResult::Skipped, Some(why))
                }
                Visited::Stopped => {
                    let why = self.spending.stopped().unwrap_or_else(|| "stopped before its turn".to_owned());
                    (ChangeResult::Skipped, Some(why))
                }
            };
            let entry = results.entry(*place).or_insert_with(|| ChangeOutcome::of(change));
            entry.took += took;
            // The half that went worse speaks for the whole.
            if result_rank(result) > result_rank(entry.result) {
                entry.result = result;
                entry.unmet = phase == Phase::Make && self.unmet.borrow().contains(&change.address);
                entry.why = why;
            }
        }
        results.into_values().collect()
    }

    /// The vertex of a change's object.
    pub(crate) fn vertex(address: &InstanceAddress) -> Vertex {
        Vertex::Instance(address.clone())
    }
}

const fn result_rank(result: ChangeResult) -> u8 {
    match result {
        ChangeResult::Done => 0,
        ChangeResult::Planned | ChangeResult::Skipped => 1,
        ChangeResult::Failed => 2,
    }
}
