//! One visit for each kind of node.

use std::sync::Arc;

use mesh_plan::{DeferReason, DeferredBlock, Vertex};
use mesh_value::{BlockAddress, InstanceAddress, InstanceKey, Mode, ModulePath};

use super::Planner;
use crate::blocks::Node;
use crate::expand::expand;
use crate::run::Standing;
use crate::world::{BlockState, Instances, Known, block_key};

impl Planner<'_> {
    /// Evaluates, expands or plans one node in every instance of its module.
    pub(super) async fn visit(&self, node: &Node) {
        match node {
            Node::Provider(name) => self.provider(name).await,
            Node::Resource(block) => {
                for module in self.run.module_instances(&block.module) {
                    self.block(block, module).await;
                }
            }
            Node::Call(path, name) => {
                for module in self.run.module_instances(path) {
                    self.call(&module, name);
                }
            }
            Node::Variable(path, name) => {
                for module in self.run.module_instances(path) {
                    self.variable(&module, name);
                }
            }
            Node::Local(path, name) => {
                for module in self.run.module_instances(path) {
                    self.run.local(&module, name);
                }
            }
            Node::Output(path, name) => {
                for module in self.run.module_instances(path) {
                    self.output(&module, name);
                }
            }
            Node::Product(path, _) => {
                for module in self.run.module_instances(path) {
                    self.product(&module);
                }
            }
            Node::Mesh => self.mesh(),
            Node::Domain(name) => self.domain(name),
            Node::Usage(path, label) => {
                for module in self.run.module_instances(path) {
                    self.run.usage(&module, label);
                }
            }
            Node::Import(number, _) => self.import(*number).await,
            Node::Check(path, name) => {
                for module in self.run.module_instances(path) {
                    self.check(&module, name).await;
                }
            }
        }
    }

    /// Decides which instances of a module there are.
    fn call(&self, module: &ModulePath, name: &Arc<str>) {
        let Some(call) = self.run.inputs.tree.find(module).and_then(|tree| tree.module.calls.get(name)) else { return };
        let vertex = Vertex::Calls(module.clone(), name.clone());
        let mut instances = expand(&self.run, &vertex, module, &call.repetition);
        let mut progress = self.run.progress.borrow_mut();
        for reference in &call.depends_on {
            let standing = progress.depends_on(&vertex, module, &reference.referent);
            if standing == Standing::Deferred {
                instances = Instances::Deferred;
            }
        }
        match &instances {
            Instances::Deferred if progress.standing(&vertex) == Standing::LeftOut => {}
            Instances::Deferred => {
                progress.settle(&vertex, Standing::Deferred);
                drop(progress);
                self.defer_module(module, name, &vertex);
                progress = self.run.progress.borrow_mut();
            }
            Instances::Failed => progress.settle(&vertex, Standing::Failed),
            _ => {
                for key in instances.keys() {
                    progress.world.add_module(module.child(name.clone(), key));
                }
            }
        }
        progress.world.module_mut(module).calls.insert(name.clone(), instances);
    }

    /// Notes that every block of a called module, and of those inside, is decided during apply.
    fn defer_module(&self, module: &ModulePath, call: &Arc<str>, reader: &Vertex) {
        let called = self.run.inputs.tree.find(module).and_then(|tree| tree.children.get(call));
        for tree in called.into_iter().flat_map(mesh_config::ModuleTree::walk) {
            // The instance that calls, then the way from there without keys.
            let inner = &tree.path.steps()[module.steps().len()..];
            let path = inner.iter().fold(module.clone(), |path, step| path.child(step.name.clone(), step.key.clone()));
            for resource in tree.module.resources.values() {
                let (mode, ty, name) = (resource.mode, resource.ty.clone(), resource.name.clone());
                let block = Arc::new(BlockAddress { module: path.clone(), mode, ty, name });
                self.defer(&block, DeferReason::InstancesUnknown, reader);
            }
        }
    }

    /// Expands a resource or data block in one module instance and plans each of its instances.
    async fn block(&self, node: &Arc<BlockAddress>, module: ModulePath) {
        let Some(resource) = self.run.inputs.tree.find(&module).and_then(|t| t.module.resources.get(&block_key(node)))
        else {
            return;
        };
        let block = if module == node.module {
            node.clone()
        } else {
            Arc::new(BlockAddress { module: module.clone(), ..BlockAddress::clone(node) })
        };
        let expansion = Vertex::Instances(block.clone());
        let instances = expand(&self.run, &expansion, &module, &resource.repetition);
        let keys = instances.keys();
        {
            let mut progress = self.run.progress.borrow_mut();
            let state = BlockState::new(instances.clone());
            progress.world.module_mut(&module).blocks.insert(block_key(&block), state);
            match &instances {
                Instances::Deferred if progress.standing(&expansion) == Standing::LeftOut => {}
                Instances::Deferred => {
                    progress.settle(&Vertex::Block(block.clone()), Standing::Deferred);
                    drop(progress);
                    self.defer(&block, DeferReason::InstancesUnknown, &expansion);
                }
                Instances::Failed => progress.settle(&Vertex::Block(block.clone()), Standing::Failed),
                Instances::Single | Instances::Disabled => {}
                Instances::Count(_) | Instances::ForEach(_) => progress.record_block(&block),
            }
        }
        for key in keys {
            let address = InstanceAddress { block: block.clone(), key };
            match block.mode {
                Mode::Managed => self.instance(resource, &address, &instances).await,
                Mode::Data => self.data(resource, &address, &instances).await,
            }
        }
    }

    /// Notes that a block is decided during apply, and what it waits for. Told once a block.
    pub(super) fn defer(&self, block: &Arc<BlockAddress>, reason: DeferReason, reader: &Vertex) {
        let mut draft = self.draft.borrow_mut();
        if draft.deferred.contains_key(block) {
            return;
        }
        let progress = self.run.progress.borrow();
        let links = progress.reads.find(reader).map(|number| progress.reads.links(number)).unwrap_or_default();
        let mut waits_for: Vec<String> =
            links.iter().filter_map(|link| Some(format!("{}{}", progress.reads.vertex(link.to)?, link.path))).collect();
        waits_for.sort();
        waits_for.dedup();
        draft.deferred.insert(block.clone(), DeferredBlock { block: block.clone(), reason, waits_for });
    }

    /// Sets an object that can't be decided now.
    pub(super) fn leave_undecided(&self, address: &InstanceAddress, standing: Standing) {
        let mut progress = self.run.progress.borrow_mut();
        let known = if standing == Standing::Failed { Known::Failed } else { Known::Deferred };
        progress.world.set_object(address, known);
        progress.settle(&Vertex::Instance(address.clone()), standing);
        if address.key != InstanceKey::None {
            progress.settle(&Vertex::Block(address.block.clone()), standing);
        }
    }
}
