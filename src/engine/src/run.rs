//! What planning and applying share: evaluation in a module instance, with every read recorded on the way.

use std::cell::RefCell;
use std::collections::{BTreeSet, HashMap, HashSet};
use std::path::PathBuf;
use std::sync::Arc;

use mesh_config::{ModuleTree, without_key};
use mesh_diagnostics::{Diagnostic, Diagnostics};
use mesh_lang::eval::{Evaluation, Read, Target, evaluate};
use mesh_lang::syntax::Expr;
use mesh_plan::{ReadGraph, Vertex};
use mesh_provider::ConfiguredProvider;
use mesh_value::{AttributePath, BlockAddress, InstanceAddress, InstanceKey, ModulePath, Value};

use crate::Providers;
use crate::cost::UsageBlocks;
use crate::scope::{ModuleScope, Repeated, Surroundings};
use crate::secrets::Secrets;
use crate::world::{Instances, World, block_key};

/// What stays the same during a run.
pub struct Inputs<'a> {
    /// The configuration.
    pub tree: &'a ModuleTree,
    /// All providers of this build.
    pub providers: &'a Providers,
    /// Values of the root module's variables.
    pub variables: std::collections::BTreeMap<Arc<str>, Value>,
    /// The ephemeral ones among them that were given a value: a saved plan asks for them again.
    pub given_ephemeral: BTreeSet<Arc<str>>,
    /// Files, time and randomness for functions.
    pub surroundings: Surroundings,
    /// The root module's directory.
    pub base_dir: PathBuf,
    /// How many provider operations run at a time.
    pub parallelism: usize,
}

/// A provider configuration.
#[derive(Clone)]
pub enum Configured {
    /// It can be used.
    Ready(Arc<dyn ConfiguredProvider>),
    /// Its configuration is known after apply.
    Unknown,
    /// It is not declared, and only objects in the state name it.
    Missing,
    /// An error stands in the way, and is reported.
    Failed,
}

/// What grows during a run. Borrowed in synchronous stretches only, never across a wait.
#[derive(Default)]
pub struct Progress {
    /// All values known so far.
    pub world: World,
    /// All reads recorded so far.
    pub reads: ReadGraph,
    /// What is decided during apply.
    pub deferred: HashSet<Vertex>,
    /// What an error stands in the way of.
    pub failed: HashSet<Vertex>,
    /// Objects that `--target` and `--exclude` leave as they are, and what reads them.
    pub left_out: HashSet<Vertex>,
    /// Provider configurations, by address and key.
    pub configured: HashMap<Arc<str>, Configured>,
    /// Which configurations the `for_each` of a provider block makes, by address.
    pub configurations: HashMap<Arc<str>, Instances>,
    /// Everything found wrong.
    pub diagnostics: Diagnostics,
    /// What the `usage` blocks declare.
    pub usage: UsageBlocks,
    /// Every sensitive text that was given to a provider: what a provider says never shows one.
    pub secrets: Secrets,
}

/// Whether a value can be used now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// It can.
    Fine,
    /// It can, as it was before this run: what it comes from is left out of the plan.
    LeftOut,
    /// It is decided during apply.
    Deferred,
    /// An error stands in the way, and is reported.
    Failed,
}

/// A run: the inputs, and the progress made on them.
pub struct Run<'a> {
    /// What stays the same.
    pub inputs: &'a Inputs<'a>,
    /// What grows.
    pub progress: RefCell<Progress>,
}

impl<'a> Run<'a> {
    /// A run that knows nothing yet but the root module.
    pub fn new(inputs: &'a Inputs<'a>) -> Self {
        let progress = Progress { world: World::new(), ..Progress::default() };
        Self { inputs, progress: RefCell::new(progress) }
    }

    /// Calls `body` with the scope of a module instance and records the reads that it returns as `reader`'s. `None`
    /// where the module instance does not exist.
    pub fn in_scope<T>(
        &self,
        reader: &Vertex,
        module: &ModulePath,
        repeated: Repeated,
        itself: Option<Value>,
        body: impl FnOnce(&ModuleScope<'_>, &mut Diagnostics) -> (T, Vec<Read>),
    ) -> Option<(T, Standing)> {
        let mut progress = self.progress.borrow_mut();
        let Progress { world, diagnostics, .. } = &mut *progress;
        let mut scope =
            ModuleScope::new(world, self.inputs.tree, module, &self.inputs.surroundings)?.repeated(repeated);
        if let Some(object) = itself {
            scope = scope.itself(object);
        }
        let mut found = Diagnostics::default();
        let (result, reads) = body(&scope, &mut found);
        let own_errors = found.has_errors();
        diagnostics.extend(found);
        let standing = progress.record(reader, module, &reads);
        Some((result, if own_errors { Standing::Failed } else { standing }))
    }

    /// Evaluates an expression in a module instance and records its reads as `reader`'s.
    pub fn evaluate(&self, reader: &Vertex, module: &ModulePath, repeated: Repeated, expr: &Expr) -> (Value, Standing) {
        let evaluated = self.in_scope(reader, module, repeated, None, |scope, diagnostics| {
            let Evaluation { value, reads } = evaluate(expr, scope, diagnostics);
            (value, reads)
        });
        evaluated.unwrap_or_else(|| (Value::unknown(mesh_value::Type::Any), Standing::Failed))
    }

    /// Adds something found wrong.
    pub fn report(&self, diagnostic: Diagnostic) {
        self.progress.borrow_mut().diagnostics.push(diagnostic);
    }

    /// The instances of a static module path.
    pub fn module_instances(&self, path: &ModulePath) -> Vec<ModulePath> {
        self.progress.borrow().world.module_instances(path)
    }

    /// The instances of a call in a module instance.
    pub fn call_instances(&self, module: &ModulePath, call: &Arc<str>) -> Instances {
        let progress = self.progress.borrow();
        let found = progress.world.module(module).and_then(|state| state.calls.get(call));
        found.cloned().unwrap_or(Instances::Failed)
    }
}

impl Progress {
    /// Records reads made in a module instance, and says whether what was read can be used now.
    pub fn record(&mut self, reader: &Vertex, module: &ModulePath, reads: &[Read]) -> Standing {
        let number = self.reads.number(reader);
        let mut standing = Standing::Fine;
        for read in reads {
            for vertex in self.vertices(reader, module, &read.target) {
                standing = worse(standing, self.standing(&vertex));
                self.reads.record(number, &vertex, read.path.clone());
            }
        }
        standing
    }

    /// Records that `reader` waits for everything of `on`, such as an entry of `depends_on`.
    pub fn wait_for(&mut self, reader: &Vertex, on: &Vertex) -> Standing {
        let number = self.reads.number(reader);
        self.reads.record(number, on, AttributePath::default());
        self.standing(on)
    }

    /// Notes what became of a vertex.
    pub fn settle(&mut self, vertex: &Vertex, standing: Standing) {
        match standing {
            Standing::Fine => {}
            Standing::LeftOut => {
                self.left_out.insert(vertex.clone());
            }
            Standing::Deferred => {
                self.deferred.insert(vertex.clone());
            }
            Standing::Failed => {
                self.failed.insert(vertex.clone());
            }
        }
    }

    /// Whether a vertex can be used now.
    pub fn standing(&self, vertex: &Vertex) -> Standing {
        if self.deferred.is_empty() && self.failed.is_empty() && self.left_out.is_empty() {
            return Standing::Fine;
        }
        let block = match vertex {
            Vertex::Instance(address) => Some(Vertex::Block(address.block.clone())),
            _ => None,
        };
        let any =
            |set: &HashSet<Vertex>| set.contains(vertex) || block.as_ref().is_some_and(|block| set.contains(block));
        if any(&self.failed) {
            Standing::Failed
        } else if any(&self.deferred) {
            Standing::Deferred
        } else if self.is_left_out(vertex) {
            Standing::LeftOut
        } else {
            Standing::Fine
        }
    }

    /// Whether a vertex is left as it is. One object of a block may be left out while others are planned, so an object
    /// is not left out with the block as a whole, but where nobody knows which instances the block has.
    fn is_left_out(&self, vertex: &Vertex) -> bool {
        let expansion = match vertex {
            Vertex::Instance(address) => Some(&address.block),
            Vertex::Block(block) => Some(block),
            _ => None,
        };
        self.left_out.contains(vertex)
            || expansion.is_some_and(|block| self.left_out.contains(&Vertex::Instances(block.clone())))
    }

    /// The vertices behind a target, seen from a module instance.
    fn vertices(&self, reader: &Vertex, module: &ModulePath, target: &Target) -> Vec<Vertex> {
        let block_of = |mode, ty: &Arc<str>, name: &Arc<str>| {
            Arc::new(BlockAddress { module: module.clone(), mode, ty: ty.clone(), name: name.clone() })
        };
        match target {
            Target::Variable(name) => vec![Vertex::Variable(module.clone(), name.clone())],
            Target::Local(name) => vec![Vertex::Local(module.clone(), name.clone())],
            Target::Product(name) => vec![Vertex::Product(module.clone(), name.clone())],
            Target::Instance { mode, ty, name, key } => {
                vec![Vertex::Instance(InstanceAddress { block: block_of(*mode, ty, name), key: key.clone() })]
            }
            Target::Block { mode, ty, name } => {
                let block = block_of(*mode, ty, name);
                let is_single = self.world.block(&block).is_some_and(|b| matches!(b.instances, Instances::Single));
                let single = || Vertex::Instance(InstanceAddress { block: block.clone(), key: InstanceKey::None });
                vec![if is_single { single() } else { Vertex::Block(block.clone()) }]
            }
            Target::ModuleOutput { call, key, output } => match self.calls(module, call) {
                Some(Instances::Deferred | Instances::Failed) | None => {
                    vec![Vertex::Calls(module.clone(), call.clone())]
                }
                Some(_) => vec![Vertex::Output(module.child(call.clone(), key.clone()), output.clone())],
            },
            Target::Module { call, key } => {
                let mut vertices = vec![Vertex::Calls(module.clone(), call.clone())];
                let keys = match key {
                    Some(key) => vec![key.clone()],
                    None => self.calls(module, call).map(Instances::keys).unwrap_or_default(),
                };
                for key in keys {
                    let path = module.child(call.clone(), key);
                    let outputs = self.world.module(&path).into_iter().flat_map(|state| state.outputs.keys());
                    vertices.extend(outputs.map(|output| Vertex::Output(path.clone(), output.clone())));
                }
                vertices
            }
            Target::Each(_) | Target::CountIndex => match reader {
                Vertex::Instance(address) => vec![Vertex::Instances(address.block.clone())],
                Vertex::Variable(path, _) => match path.steps().last() {
                    Some(step) => vec![Vertex::Calls(module.clone(), step.name.clone())],
                    None => Vec::new(),
                },
                Vertex::Provider(name) => vec![Vertex::Provider(without_key(name).into())],
                _ => Vec::new(),
            },
            Target::Path(_) | Target::Workspace | Target::Applying | Target::Itself => Vec::new(),
        }
    }

    fn calls(&self, module: &ModulePath, call: &Arc<str>) -> Option<&Instances> {
        self.world.module(module)?.calls.get(call)
    }

    /// Records what a block as a whole consists of: each of its instances.
    pub fn record_block(&mut self, block: &Arc<BlockAddress>) {
        let Some(state) = self.world.module(&block.module).and_then(|m| m.blocks.get(&block_key(block))) else {
            return;
        };
        let whole = self.reads.number(&Vertex::Block(block.clone()));
        for key in state.instances.keys() {
            let instance = Vertex::Instance(InstanceAddress { block: block.clone(), key });
            self.reads.record_new(whole, &instance);
        }
    }
}

/// The one that stands in the way more.
pub fn worse(left: Standing, right: Standing) -> Standing {
    match (left, right) {
        (Standing::Failed, _) | (_, Standing::Failed) => Standing::Failed,
        (Standing::Deferred, _) | (_, Standing::Deferred) => Standing::Deferred,
        (Standing::LeftOut, _) | (_, Standing::LeftOut) => Standing::LeftOut,
        _ => Standing::Fine,
    }
}
