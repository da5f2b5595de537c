//! Evaluation without a plan, for `mesh console`: what configuration and state alone can answer. No provider is asked.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use mesh_config::{ModuleTree, Repetition, Resource};
use mesh_diagnostics::{Diagnostic, Diagnostics};
use mesh_lang::syntax::Expr;
use mesh_plan::Vertex;
use mesh_value::{BlockAddress, InstanceKey, ModulePath, Type, Value};

use crate::blocks::{self, Node};
use crate::checks::Condition;
use crate::expand::expand;
use crate::prior::{Prior, PriorObject};
use crate::run::{Inputs, Run, Standing};
use crate::scope::Repeated;
use crate::stored;
use crate::world::{BlockState, Instances, Known, block_key};

/// The objects that the state has of each block.
type Stored<'p> = HashMap<&'p BlockAddress, Vec<&'p PriorObject>>;

/// The root module with everything evaluated that can be without a plan.
///
/// Objects are as the state has them, and so are their numbers: a block of which the state has nothing yet is known
/// after apply, and so is all that follows from it.
pub struct Console<'a> {
    run: Run<'a>,
}

impl<'a> Console<'a> {
    /// Evaluates the whole configuration on the state's objects. What is wrong with it is answered beside: expressions
    /// that don't read it can be evaluated all the same.
    ///
    /// # Errors
    /// Blocks that depend on each other in a circle.
    pub fn new(inputs: &'a Inputs<'a>, prior: &Prior) -> Result<(Self, Diagnostics), Diagnostics> {
        let order = blocks::graph(inputs.tree, &std::collections::BTreeSet::new()).order().map_err(|cycles| {
            let mut diagnostics = Diagnostics::default();
            blocks::report_cycles(&cycles, &mut diagnostics);
            diagnostics
        })?;
        let mut stored: Stored<'_> = HashMap::new();
        for object in prior.objects.values() {
            stored.entry(object.address.block.as_ref()).or_default().push(object);
        }
        let console = Self { run: Run::new(inputs) };
        for node in &order {
            console.visit(node, &stored);
        }
        let found = std::mem::take(&mut console.run.progress.borrow_mut().diagnostics);
        Ok((console, found))
    }

    /// The value of an expression in the root module.
    ///
    /// # Errors
    /// What is wrong with it, and that it reads something which an error stands in the way of.
    pub fn evaluate(&self, expr: &Expr) -> Result<Value, Diagnostics> {
        // Whoever reads is a vertex; no local value can have this name.
        let reader = Vertex::Local(ModulePath::root(), "(console)".into());
        let (value, standing) = self.run.evaluate(&reader, &ModulePath::root(), Repeated::No, expr);
        let mut found = std::mem::take(&mut self.run.progress.borrow_mut().diagnostics);
        if standing == Standing::Failed && !found.has_errors() {
            let detail = "This has no value because of an error in the configuration, which was shown at the start.";
            found.push(Diagnostic::error("no-value", "Expression has no value", detail).at(expr.span));
        }
        if found.has_errors() { Err(found) } else { Ok(value) }
    }

    fn visit(&self, node: &Node, stored: &Stored<'_>) {
        match node {
            Node::Provider(_) | Node::Check(..) | Node::Import(..) => {}
            // What speaks of cost is read by no expression.
            Node::Mesh | Node::Domain(_) | Node::Usage(..) => {}
            Node::Variable(path, name) => self.each_instance(path, |module, tree| {
                if let Some(variable) = tree.module.variables.get(name) {
                    self.run.variable(module, variable);
                    let vertex = Vertex::Variable(module.clone(), name.clone());
                    for rule in &variable.validations {
                        self.run.hold(Condition::validation(rule), &vertex, module, Repeated::No, None);
                    }
                }
            }),
            Node::Local(path, name) => self.each_instance(path, |module, _| self.run.local(module, name)),
            Node::Output(path, name) => self.each_instance(path, |module, tree| {
                if let Some(output) = tree.module.outputs.get(name) {
                    self.run.output(module, output);
                }
            }),
            Node::Product(path, _) => self.each_instance(path, |module, _| drop(self.run.product(module))),
            Node::Call(path, name) => self.each_instance(path, |module, tree| {
                if let Some(call) = tree.module.calls.get(name) {
                    let vertex = Vertex::Calls(module.clone(), name.clone());
                    let instances = expand(&self.run, &vertex, module, &call.repetition);
                    self.add_call(module, name, &vertex, instances);
                }
            }),
            Node::Resource(block) => self.each_instance(&block.module, |module, tree| {
                if let Some(resource) = tree.module.resources.get(&block_key(block)) {
                    let block = Arc::new(BlockAddress { module: module.clone(), ..BlockAddress::clone(block) });
                    self.add_block(resource, &block, stored.get(block.as_ref()).map_or(&[], Vec::as_slice));
                }
            }),
        }
    }

    fn each_instance(&self, path: &ModulePath, visit: impl Fn(&ModulePath, &ModuleTree)) {
        let Some(tree) = self.run.inputs.tree.find(path) else { return };
        self.run.module_instances(path).iter().for_each(|module| visit(module, tree));
    }

    fn add_call(&self, module: &ModulePath, name: &Arc<str>, vertex: &Vertex, instances: Instances) {
        let mut progress = self.run.progress.borrow_mut();
        if matches!(instances, Instances::Failed) {
            progress.settle(vertex, Standing::Failed);
        }
        for key in instances.keys() {
            progress.world.add_module(module.child(name.clone(), key));
        }
        progress.world.module_mut(module).calls.insert(name.clone(), instances);
    }

    /// Makes a block readable with the objects that the state has of it.
    fn add_block(&self, resource: &Resource, block: &Arc<BlockAddress>, objects: &[&PriorObject]) {
        let instances = match stored_instances(&resource.repetition, objects) {
            Some(instances) => instances,
            // Nothing was made yet. If nothing will be, that is known.
            None => match expand(&self.run, &Vertex::Instances(block.clone()), &block.module, &resource.repetition) {
                Instances::Failed => Instances::Failed,
                decided if !matches!(decided, Instances::Deferred) && decided.keys().is_empty() => decided,
                _ => Instances::Deferred,
            },
        };
        let mut progress = self.run.progress.borrow_mut();
        if matches!(instances, Instances::Failed) {
            progress.settle(&Vertex::Block(block.clone()), Standing::Failed);
        }
        let mut state = BlockState::new(instances.clone());
        for key in instances.keys() {
            let object = objects.iter().find(|object| object.address.key == key);
            state.set(key, object.map_or(Known::Deferred, |object| Known::Value(self.object(object))));
        }
        progress.world.module_mut(&block.module).blocks.insert(block_key(block), state);
    }

    /// An object as its type has it now; where this build can't tell, as it was stored.
    fn object(&self, object: &PriorObject) -> Value {
        stored::current(self.run.inputs.providers, object).unwrap_or_else(|_| object.record.value.clone())
    }
}

/// Which instances a block has by the objects of it in the state; `None` where there are none of the kind that the
/// configuration has.
fn stored_instances(repetition: &Repetition, objects: &[&PriorObject]) -> Option<Instances> {
    let keys = objects.iter().map(|object| &object.address.key);
    match repetition {
        Repetition::Once | Repetition::Enabled(_) => {
            keys.into_iter().any(|key| *key == InstanceKey::None).then_some(Instances::Single)
        }
        Repetition::Count(_) => {
            let indexes = keys.filter_map(|key| if let InstanceKey::Index(index) = key { Some(*index) } else { None });
            indexes.max().map(|last| Instances::Count(last + 1))
        }
        Repetition::ForEach(_) => {
            let named = |key: &InstanceKey| match key {
                InstanceKey::Key(key) => Some((key.clone(), Value::unknown(Type::Any))),
                _ => None,
            };
            let values: BTreeMap<Arc<str>, Value> = keys.filter_map(named).collect();
            (!values.is_empty()).then(|| Instances::ForEach(Arc::new(values)))
        }
    }
}

/// What can be named at the start of an expression in the root module, sorted: what a console completes.
#[must_use]
pub fn names(tree: &ModuleTree) -> Vec<String> {
    let module = &tree.module;
    let block = |resource: &Resource| {
        let (mode, ty, name) = (resource.mode, resource.ty.clone(), resource.name.clone());
        BlockAddress { module: ModulePath::root(), mode, ty, name }.to_string()
    };
    let outputs = |(name, child): (&Arc<str>, &ModuleTree)| {
        let call = format!("module.{name}");
        let outputs: Vec<String> = child.module.outputs.keys().map(|output| format!("{call}.{output}")).collect();
        outputs.into_iter().chain([call])
    };
    let mut names: Vec<String> = ["path.cwd", "path.module", "path.root", "mesh.workspace", "terraform.workspace"]
        .map(str::to_owned)
        .into_iter()
        .chain(module.variables.keys().map(|name| format!("var.{name}")))
        .chain(module.locals.keys().map(|name| format!("local.{name}")))
        .chain(module.resources.values().map(block))
        .chain(tree.children.iter().flat_map(outputs))
        .chain(module.product.iter().map(|product| format!("data_product.{}", product.name)))
        .collect();
    names.sort();
    names
}
