//! `depends_on`: waiting for a whole block or module without reading a value of it.

use std::sync::Arc;

use mesh_lang::eval::Referent;
use mesh_plan::Vertex;
use mesh_value::{BlockAddress, InstanceAddress, InstanceKey, ModulePath};

use crate::run::{Progress, Standing, worse};
use crate::world::Instances;

impl Progress {
    /// Records that `reader`, which stands in `module`, waits for everything that an entry of `depends_on` names.
    pub fn depends_on(&mut self, reader: &Vertex, module: &ModulePath, referent: &Referent) -> Standing {
        match referent {
            Referent::Resource { mode, ty, name } => {
                let block =
                    Arc::new(BlockAddress { module: module.clone(), mode: *mode, ty: ty.clone(), name: name.clone() });
                self.wait_for(reader, &self.whole_block(block))
            }
            Referent::Module { call, .. } => {
                let mut standing = self.wait_for(reader, &Vertex::Calls(module.clone(), call.clone()));
                let instances = self.world.module(module).and_then(|state| state.calls.get(call));
                for key in instances.map(Instances::keys).unwrap_or_default() {
                    let path = module.child(call.clone(), key);
                    self.record_module(&path);
                    standing = worse(standing, self.wait_for(reader, &Vertex::Module(path)));
                }
                standing
            }
            Referent::Variable(name) => self.wait_for(reader, &Vertex::Variable(module.clone(), name.clone())),
            Referent::Local(name) => self.wait_for(reader, &Vertex::Local(module.clone(), name.clone())),
            _ => Standing::Fine,
        }
    }

    /// The vertex of a block as a whole: the only instance where there is one.
    fn whole_block(&self, block: Arc<BlockAddress>) -> Vertex {
        let is_single = self.world.block(&block).is_some_and(|state| matches!(state.instances, Instances::Single));
        if is_single {
            Vertex::Instance(InstanceAddress { block, key: InstanceKey::None })
        } else {
            Vertex::Block(block)
        }
    }

    /// Records what a module instance consists of: its blocks, and the module instances that it calls.
    fn record_module(&mut self, path: &ModulePath) {
        let vertex = Vertex::Module(path.clone());
        if self.reads.find(&vertex).is_some() {
            return;
        }
        let number = self.reads.number(&vertex);
        let Some(state) = self.world.module(path) else { return };
        let blocks: Vec<Arc<BlockAddress>> = state
            .blocks
            .keys()
            .map(|(mode, ty, name)| {
                Arc::new(BlockAddress { module: path.clone(), mode: *mode, ty: ty.clone(), name: name.clone() })
            })
            .collect();
        let calls = state.calls.iter();
        let inner: Vec<ModulePath> = calls
            .flat_map(|(call, instances)| instances.keys().into_iter().map(|key| path.child(call.clone(), key)))
            .collect();
        let mut standing = Standing::Fine;
        for block in blocks {
            let whole = self.whole_block(block);
            standing = worse(standing, self.standing(&whole));
            self.reads.record_new(number, &whole);
        }
        for module in inner {
            self.record_module(&module);
            let inside = Vertex::Module(module);
            standing = worse(standing, self.standing(&inside));
            self.reads.record_new(number, &inside);
        }
        self.settle(&vertex, standing);
    }
}
