//! Planning: from configuration, state and platform to a plan. Nothing is written anywhere.

mod data;
mod finish;
mod import;
mod instance;
mod lifecycle;
mod orphans;
mod product;
mod provider;
mod refresh;
mod selection;
mod settle;
mod typical;
mod values;
mod visit;

use std::cell::RefCell;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use mesh_diagnostics::Diagnostics;
use mesh_graph::{Dag, Graph, walk};
use mesh_plan::{Change, CheckResult, DeferredBlock, Plan, PlanMode};
use mesh_provider::Private;
use mesh_provider::cost::{Costs, Saving};
use mesh_state::{Edit, Intent, Outcome};
use mesh_value::{AttributePath, BlockAddress, InstanceAddress, ModulePath, Schema, Value};

pub use data::DataSnapshot;
pub(crate) use finish::{objects_read, owner};
pub(crate) use instance::mark;
pub(crate) use lifecycle::without_ignored;
pub(crate) use provider::from_provider;
pub use refresh::Refreshed;
pub use selection::Selection;
pub(crate) use typical::Typical;

use crate::blocks::{self, Node};
use crate::cost::Costing;
use crate::events::{Event, Observer};
use crate::moves::{self, Moves};
use crate::prior::Prior;
use crate::run::{Inputs, Progress, Run};

/// What a plan is asked to cover.
#[derive(Clone, Debug, Default)]
pub struct PlanOptions {
    /// What kind of plan it is.
    pub mode: PlanMode,
    /// Only these and what they depend on; all where empty.
    pub targets: Vec<String>,
    /// All but these and what depends on them.
    pub excludes: Vec<String>,
    /// Objects to make anew.
    pub replace: Vec<String>,
    /// Whether what is imported without a block is read, for a block to be written: see [`Planned::undeclared`].
    pub generate: bool,
    /// Whether the platform is read; else the state is believed.
    pub refresh: bool,
    /// Objects and data as they were read when the plan was saved; then nothing is read again.
    pub snapshot: Option<Arc<Snapshot>>,
}

/// What was read from the platform for a plan.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Snapshot {
    /// Managed objects that are not as the state has them.
    pub objects: HashMap<InstanceAddress, Refreshed>,
    /// Data sources.
    pub data: HashMap<InstanceAddress, DataSnapshot>,
}

/// An object that is to be imported, and has no block.
#[derive(Clone, Debug)]
pub struct Undeclared {
    /// The address that it gets.
    pub address: InstanceAddress,
    /// The provider configuration, where it is not the default one.
    pub provider: Option<String>,
    /// What it is imported by; `None` where that may not be shown.
    pub id: Option<String>,
    /// The object as it was read.
    pub value: Value,
    /// The schema of its type.
    pub schema: Arc<Schema>,
}

/// A finished plan, and all that applying it builds on.
pub struct Planned {
    /// The plan as data.
    pub plan: Plan,
    /// What was read from the platform.
    pub snapshot: Snapshot,
    /// What is imported without a block, where that was asked for; it is no part of the plan.
    pub undeclared: Vec<Undeclared>,
    /// Values, reads and provider configurations.
    pub(crate) progress: Progress,
    /// The provider's bytes for each object with a change.
    pub(crate) private: HashMap<InstanceAddress, Private>,
    /// What exists, with interrupted operations settled.
    pub(crate) prior: Prior,
    /// What became of interrupted operations, still to be written to the state.
    pub(crate) settled: Vec<(Intent, Outcome)>,
    /// What gives moved objects their new addresses in the state, still to be written.
    pub(crate) renames: Vec<Edit>,
    /// What everything costs, to ask again.
    pub(crate) costing: Costing,
}

impl Planned {
    /// Changes of an object that would make it cheaper, each alone, the least painful first, with what it costs then: of the
    /// object as planned, or as `value` has it after other such changes. The address is an estimate's.
    #[must_use]
    pub fn alternatives(&self, address: &str, value: Option<&Value>) -> Vec<(Saving, Costs)> {
        self.costing.alternatives(&self.progress.configured, address, value)
    }
}

/// What planning adds to a run.
#[derive(Default)]
pub(crate) struct Draft {
    pub changes: Vec<Change>,
    /// Where the change of an object stands in `changes`.
    pub index: HashMap<InstanceAddress, usize>,
    pub deferred: HashMap<Arc<BlockAddress>, DeferredBlock>,
    pub checks: Vec<CheckResult>,
    pub snapshot: Snapshot,
    pub settled: Vec<(Intent, Outcome)>,
    pub private: HashMap<InstanceAddress, Private>,
    /// Whether a vertex reads something with a planned change, as far as that was asked.
    pub reads_change: HashMap<u32, bool>,
    /// Objects that stay where an earlier provider configuration made them: they are gone for the plan, and no drift.
    pub left_behind: HashSet<InstanceAddress>,
    /// The first object of a block whose change touches a path, as far as that was asked.
    pub triggers: HashMap<(BlockAddress, AttributePath), Option<InstanceAddress>>,
    /// What is imported, by the address that it gets.
    pub imports: HashMap<InstanceAddress, import::Wanted>,
    /// What is imported without a block.
    pub undeclared: Vec<Undeclared>,
    /// Blocks, by module, type and name, of which it is not known yet what is imported to them.
    pub imports_open: HashSet<(ModulePath, Arc<str>, Arc<str>)>,
    /// Descriptors of data products as planned, by module instance.
    pub products: HashMap<ModulePath, (Arc<str>, Value)>,
    /// Module instances whose product can't be told in this plan: it only owns their objects, and holds its budget.
    pub only_owners: HashSet<ModulePath>,
    /// What the root module says of money.
    pub rules: mesh_cost::Rules,
}

/// One plan being made.
pub(crate) struct Planner<'a> {
    pub run: Run<'a>,
    /// What exists, with interrupted operations settled as their provider is configured.
    pub prior: RefCell<Prior>,
    /// Operations of an earlier run whose outcome was never recorded.
    pub intents: &'a [Intent],
    /// What moved, but for what exists and the intents, which are above.
    pub moves: Moves,
    pub options: &'a PlanOptions,
    pub selection: Selection,
    pub observer: &'a dyn Observer,
    pub draft: RefCell<Draft>,
}

/// Makes a plan, in these steps:
///
/// 1. what `moved` blocks speak of gets its new address, in memory;
/// 2. the static graph of blocks is built; cycles are reported with every reference that makes them;
/// 3. targets and exclusions select the nodes to visit;
/// 4. each node is visited once all that it depends on were: variables, locals and outputs are evaluated, module calls
///    and blocks are expanded into instances, a provider is configured and reads all of its objects in batches, each
///    instance is planned from its configuration and what exists; every evaluation records what it read;
/// 5. objects in the state that no instance claimed are planned for deletion;
/// 6. of each block that is decided during apply, a typical object is planned for what it will cost;
/// 7. create-before-destroy spreads to what its objects read, `prevent_destroy` is held, outputs and data products
///    are compared, drift is collected, everything is sorted.
///
/// # Errors
/// Everything found wrong, when at least one is an error. Warnings come with the plan.
pub async fn plan(
    inputs: &Inputs<'_>,
    prior: Prior,
    intents: &[Intent],
    options: &PlanOptions,
    observer: &dyn Observer,
) -> Result<(Planned, Diagnostics), Diagnostics> {
    let moves = moves::carry_out(inputs.tree, inputs.providers, prior, intents)?;
    plan_moved(inputs, moves, options, observer).await
}

/// Makes a plan from what exists under the addresses that it has now.
pub(crate) async fn plan_moved(
    inputs: &Inputs<'_>,
    mut moves: Moves,
    options: &PlanOptions,
    observer: &dyn Observer,
) -> Result<(Planned, Diagnostics), Diagnostics> {
    let (prior, intents) = (std::mem::take(&mut moves.prior), std::mem::take(&mut moves.intents));
    let mut providers = prior.providers();
    providers.extend(intents.iter().map(|intent| Arc::from(intent.provider.as_str())));
    let graph = blocks::graph(inputs.tree, &providers);
    let order = graph.order().map_err(|cycles| {
        let mut diagnostics = Diagnostics::default();
        blocks::report_cycles(&cycles, &mut diagnostics);
        diagnostics
    })?;
    let mut diagnostics: Diagnostics = moves.warning().into_iter().collect();
    let selection = Selection::new(&graph, blocks::guards(inputs.tree), &prior, options, &mut diagnostics);
    moves::hold_covered(&prior, |address| selection.covers(address), &mut diagnostics);
    let planner = Planner {
        run: Run::new(inputs),
        prior: RefCell::new(prior),
        intents: &intents,
        moves,
        options,
        selection,
        observer,
        draft: RefCell::default(),
    };
    planner.run.progress.borrow_mut().diagnostics = diagnostics;
    planner.walk(&graph, &order).await;
    planner.add_imports();
    planner.plan_orphans();
    if options.mode != PlanMode::Destroy {
        moves::hold_declared(&planner.run, &planner.moves.statements);
    }
    let typical = planner.typical(&order).await;
    planner.finish(typical)
}

impl Planner<'_> {
    /// Visits the selected nodes, each after those that it depends on.
    async fn walk(&self, graph: &Graph<Node>, order: &[Node]) {
        let visited: Vec<&Node> = order.iter().filter(|node| self.selection.visits(node)).collect();
        let numbers: HashMap<&Node, usize> = visited.iter().enumerate().map(|(number, node)| (*node, number)).collect();
        let mut dag = Dag::new(visited.len());
        for (number, node) in visited.iter().enumerate() {
            for on in graph.dependencies(node).filter_map(|on| numbers.get(on)) {
                dag.depend(number, *on);
            }
        }
        self.observer.event(Event::Planning { blocks: visited.len() });
        let limit = self.run.inputs.parallelism;
        let visited = &visited;
        let visit = |number: usize| async move {
            self.visit(visited[number]).await;
            true
        };
        walk(&dag, limit, || false, visit).await;
    }
}
