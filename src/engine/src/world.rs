//! What is known so far in a run: the value of every variable, local, output and object, by module instance.

use std::cell::OnceCell;
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use mesh_value::{BlockAddress, InstanceAddress, InstanceKey, Mode, ModulePath, Type, Value};

/// A value that was computed, or why there is none.
#[derive(Clone, Debug)]
pub enum Known {
    /// It was computed; parts of it may be known after apply only.
    Value(Value),
    /// It is decided during apply.
    Deferred,
    /// An error stands in the way, and is reported.
    Failed,
}

impl Known {
    /// The value; one that is not known where it is deferred; `None` where it failed.
    pub fn value(&self) -> Option<Value> {
        match self {
            Self::Value(value) => Some(value.clone()),
            Self::Deferred => Some(Value::unknown(Type::Any)),
            Self::Failed => None,
        }
    }
}

/// Which instances a block or a module call has.
#[derive(Clone, Debug)]
pub enum Instances {
    /// Neither `count` nor `for_each`.
    Single,
    /// None, because `enabled` is false: the block as a whole is null.
    Disabled,
    /// `count`
    Count(u64),
    /// `for_each`: the values under their keys.
    ForEach(Arc<BTreeMap<Arc<str>, Value>>),
    /// Decided during apply.
    Deferred,
    /// An error stands in the way, and is reported.
    Failed,
}

impl Instances {
    /// The keys, in order; none where they are not known.
    pub fn keys(&self) -> Vec<InstanceKey> {
        match self {
            Self::Single => vec![InstanceKey::None],
            Self::Count(count) => (0..*count).map(InstanceKey::Index).collect(),
            Self::ForEach(values) => values.keys().cloned().map(InstanceKey::Key).collect(),
            Self::Disabled | Self::Deferred | Self::Failed => Vec::new(),
        }
    }

    /// Whether there is an instance of this key.
    pub fn contains(&self, key: &InstanceKey) -> bool {
        match (self, key) {
            (Self::Single, InstanceKey::None) => true,
            (Self::Count(count), InstanceKey::Index(index)) => index < count,
            (Self::ForEach(values), InstanceKey::Key(key)) => values.contains_key(key),
            _ => false,
        }
    }
}

/// A resource or data block of a module instance.
#[derive(Clone, Debug)]
pub struct BlockState {
    /// Which instances it has.
    pub instances: Instances,
    objects: HashMap<InstanceKey, Known>,
    /// The tuple or object of all instances, built at the first read.
    whole: OnceCell<Option<Value>>,
}

impl BlockState {
    /// A block whose objects are not known yet.
    pub fn new(instances: Instances) -> Self {
        Self { instances, objects: HashMap::new(), whole: OnceCell::new() }
    }

    /// Sets one object.
    pub fn set(&mut self, key: InstanceKey, known: Known) {
        self.objects.insert(key, known);
        self.whole.take();
    }

    /// One object.
    pub fn object(&self, key: &InstanceKey) -> Option<&Known> {
        self.objects.get(key)
    }

    /// The only object, or the tuple or object of all; `None` where an error stands in the way.
    pub fn whole(&self) -> Option<Value> {
        self.whole.get_or_init(|| self.build_whole()).clone()
    }

    fn build_whole(&self) -> Option<Value> {
        let object = |key: InstanceKey| self.objects.get(&key).and_then(Known::value);
        match &self.instances {
            Instances::Single => object(InstanceKey::None),
            Instances::Disabled => Some(Value::null(Type::Any)),
            Instances::Count(count) => {
                let objects: Option<Vec<Value>> = (0..*count).map(|index| object(InstanceKey::Index(index))).collect();
                objects.map(Value::tuple)
            }
            Instances::ForEach(values) => {
                let entries: Option<Vec<(Arc<str>, Value)>> = values
                    .keys()
                    .map(|key| object(InstanceKey::Key(key.clone())).map(|value| (key.clone(), value)))
                    .collect();
                entries.map(Value::object)
            }
            Instances::Deferred => Some(Value::unknown(Type::Any)),
            Instances::Failed => None,
        }
    }
}

/// The key of a block inside its module.
pub type BlockKey = (Mode, Arc<str>, Arc<str>);

/// The key of a block inside its module.
pub fn block_key(block: &BlockAddress) -> BlockKey {
    (block.mode, block.ty.clone(), block.name.clone())
}

/// What is known in one module instance.
#[derive(Clone, Debug, Default)]
pub struct ModuleState {
    /// Variables.
    pub variables: HashMap<Arc<str>, Known>,
    /// Local values.
    pub locals: HashMap<Arc<str>, Known>,
    /// Outputs.
    pub outputs: HashMap<Arc<str>, Known>,
    /// Data products, as expressions read them.
    pub products: HashMap<Arc<str>, Known>,
    /// Resource and data blocks.
    pub blocks: HashMap<BlockKey, BlockState>,
    /// Module calls.
    pub calls: HashMap<Arc<str>, Instances>,
}

/// Everything that is known, by module instance.
#[derive(Clone, Debug, Default)]
pub struct World {
    modules: HashMap<ModulePath, ModuleState>,
    /// The instances of each static module path, in order.
    instances: HashMap<ModulePath, Vec<ModulePath>>,
}

impl World {
    /// A world that has only the root module.
    pub fn new() -> Self {
        let mut world = Self::default();
        world.add_module(ModulePath::root());
        world
    }

    /// Adds a module instance; does nothing where it is there.
    pub fn add_module(&mut self, path: ModulePath) {
        if !self.modules.contains_key(&path) {
            self.instances.entry(path.without_keys()).or_default().push(path.clone());
            self.modules.insert(path, ModuleState::default());
        }
    }

    /// The instances of a static module path; none where the module is deferred or has none.
    pub fn module_instances(&self, path: &ModulePath) -> Vec<ModulePath> {
        self.instances.get(path).cloned().unwrap_or_default()
    }

    /// What is known in a module instance.
    pub fn module(&self, path: &ModulePath) -> Option<&ModuleState> {
        self.modules.get(path)
    }

    /// What is known in a module instance, to add to it. The module is added where it is not there.
    pub fn module_mut(&mut self, path: &ModulePath) -> &mut ModuleState {
        self.add_module(path.clone());
        self.modules.entry(path.clone()).or_default()
    }

    /// A block of a module instance.
    pub fn block(&self, block: &BlockAddress) -> Option<&BlockState> {
        self.modules.get(&block.module)?.blocks.get(&block_key(block))
    }

    /// Sets one object.
    pub fn set_object(&mut self, address: &InstanceAddress, known: Known) {
        let module = self.module_mut(&address.block.module);
        let block =
            module.blocks.entry(block_key(&address.block)).or_insert_with(|| BlockState::new(Instances::Single));
        block.set(address.key.clone(), known);
    }
}
