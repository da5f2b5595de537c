//! Plans one typical object of each block that is decided during apply, for what its objects will cost.

use std::collections::HashMap;
use std::sync::Arc;

use mesh_config::{Repetition, Resource};
use mesh_plan::Vertex;
use mesh_provider::cost::{Interval, Quantity};
use mesh_value::{BlockAddress, InstanceAddress, InstanceKey, Kind, Mode, ModulePath, Type, Value};

use super::{Planner, objects_read, owner};
use crate::blocks::Node;
use crate::expand::expand;
use crate::run::{Configured, Progress, Run};
use crate::scope::Repeated;
use crate::stored;
use crate::world::{BlockState, Instances, Known, block_key};

/// An object as there will be so many of.
pub(crate) struct Typical {
    /// Its address; without a key where it stands for every instance of its block.
    pub address: InstanceAddress,
    /// The address of the provider configuration, with its key.
    pub provider: Arc<str>,
    pub product: Option<Arc<str>>,
    /// As a creation would plan it; not known at all where it can't be planned.
    pub after: Value,
    /// How many there will be; `None` where it is one.
    pub count: Option<Quantity>,
    /// The objects that it reads.
    pub reads: Vec<String>,
}

impl Planner<'_> {
    /// Typical objects of all blocks that are decided during apply. Nothing of it comes into the plan: what an unknown
    /// `count` or `for_each` decides is taken for unknown, and nothing that is wrong then is reported.
    pub(super) async fn typical(&self, order: &[Node]) -> Vec<Typical> {
        if self.draft.borrow().deferred.is_empty() || self.run.progress.borrow().diagnostics.has_errors() {
            return Vec::new();
        }
        let mut trial = Trial::new(self);
        for node in order {
            trial.visit(node).await;
        }
        for typical in &mut trial.found {
            typical.product = owner(&trial.products, &typical.address.block.module);
            typical.reads = objects_read(&trial.run.progress.borrow().reads, &typical.address);
        }
        // What it declares of modules that it opened is about typical objects alone.
        self.run.progress.borrow_mut().usage = trial.run.progress.into_inner().usage;
        trial.found
    }
}

/// A run beside the plan's, in which modules of which nobody knows how many there will be have one instance.
struct Trial<'p, 'a> {
    planner: &'p Planner<'a>,
    run: Run<'a>,
    /// Module instances that stand for so many.
    modules: HashMap<ModulePath, Quantity>,
    products: HashMap<ModulePath, (Arc<str>, Value)>,
    found: Vec<Typical>,
}

impl<'p, 'a> Trial<'p, 'a> {
    fn new(planner: &'p Planner<'a>) -> Self {
        let mut progress = planner.run.progress.borrow_mut();
        let progress = Progress {
            usage: std::mem::take(&mut progress.usage),
            world: progress.world.clone(),
            configured: progress.configured.clone(),
            configurations: progress.configurations.clone(),
            ..Progress::default()
        };
        let run = Run { inputs: planner.run.inputs, progress: progress.into() };
        let products = planner.draft.borrow().products.clone();
        Self { planner, run, modules: HashMap::new(), products, found: Vec::new() }
    }

    async fn visit(&mut self, node: &Node) {
        let tree = self.run.inputs.tree;
        match node {
            Node::Call(path, name) => {
                for module in self.run.module_instances(path) {
                    self.call(&module, name);
                }
            }
            Node::Resource(block) => {
                for module in self.run.module_instances(&block.module) {
                    self.block(block, module).await;
                }
            }
            Node::Variable(path, name) => {
                for module in self.opened(path) {
                    if let Some(variable) = tree.find(&module).and_then(|tree| tree.module.variables.get(name)) {
                        self.run.variable(&module, variable);
                    }
                }
            }
            Node::Local(path, name) => {
                for module in self.opened(path) {
                    self.run.local(&module, name);
                }
            }
            Node::Output(path, name) => {
                for module in self.opened(path) {
                    if let Some(output) = tree.find(&module).and_then(|tree| tree.module.outputs.get(name)) {
                        self.run.output(&module, output);
                    }
                }
            }
            Node::Product(path, _) => {
                for module in self.opened(path) {
                    if let Some(product) = self.run.product(&module) {
                        self.products.insert(module, (product.id, product.value));
                    }
                }
            }
            Node::Usage(path, label) => {
                for module in self.opened(path) {
                    self.run.usage(&module, label);
                }
            }
            Node::Provider(_) | Node::Import(..) | Node::Check(..) | Node::Mesh | Node::Domain(_) => {}
        }
    }

    /// The instances of a module that stand for so many.
    fn opened(&self, path: &ModulePath) -> Vec<ModulePath> {
        let mut instances = self.run.module_instances(path);
        instances.retain(|module| self.modules.contains_key(module));
        instances
    }

    fn call(&mut self, module: &ModulePath, name: &Arc<str>) {
        let tree = self.run.inputs.tree.find(module);
        let Some(call) = tree.and_then(|tree| tree.module.calls.get(name)) else { return };
        let vertex = Vertex::Calls(module.clone(), name.clone());
        let around = self.modules.get(module).cloned();
        let instances = match &around {
            // Of a module that is planned, the plan says it.
            None => self.run.call_instances(module, name),
            Some(_) => expand(&self.run, &vertex, module, &call.repetition),
        };
        let is_left_out = around.is_none() && !self.planner.run.progress.borrow().deferred.contains(&vertex);
        let one = || Quantity::exactly(1);
        match &instances {
            Instances::Deferred if is_left_out => {}
            Instances::Deferred => {
                let child = module.child(name.clone(), InstanceKey::None);
                let count = self.count(&vertex, &child.to_string(), module, &call.repetition);
                self.open(child, around.clone().unwrap_or_else(one).times(&count));
            }
            _ => {
                for key in around.iter().flat_map(|_| instances.keys()) {
                    self.open(module.child(name.clone(), key), around.clone().unwrap_or_else(one));
                }
            }
        }
        if around.is_some() {
            self.run.progress.borrow_mut().world.module_mut(module).calls.insert(name.clone(), instances);
        }
    }

    fn open(&mut self, module: ModulePath, count: Quantity) {
        self.run.progress.borrow_mut().world.add_module(module.clone());
        self.modules.insert(module, count);
    }

    async fn block(&mut self, node: &Arc<BlockAddress>, module: ModulePath) {
        let tree = self.run.inputs.tree.find(&module);
        let Some(resource) = tree.and_then(|tree| tree.module.resources.get(&block_key(node))) else { return };
        let block = Arc::new(BlockAddress { module: module.clone(), ..BlockAddress::clone(node) });
        let vertex = Vertex::Instances(block.clone());
        let around = self.modules.get(&module).cloned();
        let instances = match &around {
            None if !self.planner.draft.borrow().deferred.contains_key(&block) => return,
            None => {
                let progress = self.run.progress.borrow();
                progress.world.block(&block).map_or(Instances::Deferred, |state| state.instances.clone())
            }
            Some(_) => {
                let instances = expand(&self.run, &vertex, &module, &resource.repetition);
                let mut progress = self.run.progress.borrow_mut();
                let state = BlockState::new(instances.clone());
                progress.world.module_mut(&module).blocks.insert(block_key(&block), state);
                instances
            }
        };
        if block.mode == Mode::Managed && matches!(instances, Instances::Deferred) {
            let count = self.count(&vertex, &block.to_string(), &module, &resource.repetition);
            let count = around.as_ref().map_or(count.clone(), |around| around.times(&count));
            let address = InstanceAddress { block: block.clone(), key: InstanceKey::None };
            self.object(resource, &address, &instances, Some(count)).await;
        }
        for key in instances.keys() {
            let address = InstanceAddress { block: block.clone(), key };
            let is_planned = around.is_none() && !self.is_deferred(&address);
            if is_planned {
                continue;
            }
            let value = match block.mode {
                Mode::Managed => self.object(resource, &address, &instances, around.clone()).await,
                // Nothing is read for it.
                Mode::Data => Value::unknown(Type::Any),
            };
            self.run.progress.borrow_mut().world.set_object(&address, Known::Value(value));
        }
    }

    fn is_deferred(&self, address: &InstanceAddress) -> bool {
        let progress = self.planner.run.progress.borrow();
        let object = progress.world.block(&address.block).and_then(|state| state.object(&address.key));
        matches!(object, Some(Known::Deferred))
    }

    /// Plans a typical object and notes it; the object as planned.
    async fn object(
        &mut self,
        resource: &Resource,
        address: &InstanceAddress,
        instances: &Instances,
        count: Option<Quantity>,
    ) -> Value {
        let reader = Vertex::Instance(address.clone());
        let repeated = Repeated::of(instances, &address.key);
        let (provider, _) = self.run.configuration_of(&reader, &address.block.module, resource, repeated);
        let planned = self.plan(resource, address, instances, &provider).await;
        // Where nobody knows what it costs, even one of it decides.
        let count = if planned.is_none() { count.or(Some(Quantity::exactly(1))) } else { count };
        let after = planned.unwrap_or_else(|| Value::unknown(Type::Any));
        let (address, reads) = (address.clone(), Vec::new());
        self.found.push(Typical { address, provider, product: None, after: after.clone(), count, reads });
        after
    }

    async fn plan(
        &self,
        resource: &Resource,
        address: &InstanceAddress,
        instances: &Instances,
        provider: &Arc<str>,
    ) -> Option<Value> {
        let Configured::Ready(provider) = self.run.configured(provider) else { return None };
        let schema = self.planner.schema(resource)?;
        let config = self.run.configure_object(resource, &schema, address, instances).ok()?;
        let planned = self.run.plan_object(provider.as_ref(), resource, &schema, address, &config.value, None).await;
        if planned.failed || planned.response.deferred.is_some() {
            return None;
        }
        stored::shaped(&schema, planned.response.planned).ok().map(|planned| planned.without_marks_deep())
    }

    /// How many instances a block or call has, as far as that is known.
    fn count(&self, vertex: &Vertex, whose: &str, module: &ModulePath, repetition: &Repetition) -> Quantity {
        let expr = match repetition {
            Repetition::Once => return Quantity::exactly(1),
            Repetition::Count(expr) | Repetition::ForEach(expr) | Repetition::Enabled(expr) => expr,
        };
        let (value, _) = self.run.evaluate(vertex, module, Repeated::No, expr);
        let value = value.without_marks_deep();
        let interval = match (repetition, value.kind()) {
            (Repetition::Enabled(_), Kind::Bool(enabled)) => Interval::exactly(u32::from(*enabled)),
            (Repetition::Enabled(_), _) => Interval::between(0.into(), Some(1.into())),
            (Repetition::ForEach(_), Kind::Object(_)) => {
                Interval::exactly(value.as_entries().unwrap_or_default().len() as u64)
            }
            (Repetition::ForEach(_), _) => {
                let range = value.range();
                let least = range.length_min.unwrap_or_default();
                Interval::between(least.into(), range.length_max.map(Into::into))
            }
            (Repetition::Count(_) | Repetition::Once, _) => Interval::of(&value).unwrap_or(Interval::OPEN),
        };
        Quantity::late(interval, format!("{} of {whose} is known after apply", repetition.argument()))
    }
}
