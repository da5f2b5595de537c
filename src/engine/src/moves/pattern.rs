//! What a statement of a move matches: addresses with some instance keys left open.

use std::sync::Arc;

use mesh_config::Endpoint;
use mesh_value::{BlockAddress, InstanceAddress, InstanceKey, Mode, ModulePath};

/// An instance key, or any.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Key {
    /// Whatever the key is.
    Any,
    /// This key only.
    Exact(InstanceKey),
}

impl Key {
    fn matches(&self, key: &InstanceKey) -> bool {
        match self {
            Self::Any => true,
            Self::Exact(exact) => exact == key,
        }
    }

    /// Whether some key fits both.
    fn meets(&self, other: &Self) -> bool {
        matches!((self, other), (Self::Any, _) | (_, Self::Any)) || self == other
    }
}

/// A block inside of the module of a pattern.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct BlockPattern {
    /// Resource or data.
    pub mode: Mode,
    /// Its type.
    pub ty: Arc<str>,
    /// Its name.
    pub name: Arc<str>,
    /// Which of its objects.
    pub key: Key,
}

/// Everything in a module, or the objects of a block in it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Pattern {
    /// The module calls from the root.
    pub modules: Vec<(Arc<str>, Key)>,
    /// The block; all that is in the module where there is none.
    pub block: Option<BlockPattern>,
}

impl Pattern {
    /// An endpoint of a statement in a module. Where neither side of the statement ends with a key, it `is_whole`: it
    /// means all instances.
    pub fn new(module: &ModulePath, endpoint: &Endpoint, is_whole: bool) -> Self {
        let last = |key: &InstanceKey| if is_whole { Key::Any } else { Key::Exact(key.clone()) };
        let around = module.steps().iter().map(|step| (step.name.clone(), Key::Any));
        let way = endpoint.way();
        let way = way.steps().iter().map(|step| (step.name.clone(), Key::Exact(step.key.clone())));
        let mut modules: Vec<(Arc<str>, Key)> = around.chain(way).collect();
        let block = match endpoint {
            Endpoint::Module(path) => {
                modules.extend(path.steps().last().map(|step| (step.name.clone(), last(&step.key))));
                None
            }
            Endpoint::Object(address) => {
                let BlockAddress { mode, ty, name, .. } = BlockAddress::clone(&address.block);
                Some(BlockPattern { mode, ty, name, key: last(&address.key) })
            }
        };
        Self { modules, block }
    }

    /// All instances of what a statement in a module names, in all instances of the modules on the way.
    pub fn everything(module: &ModulePath, endpoint: &Endpoint) -> Self {
        let mut pattern = Self::new(module, endpoint, true);
        pattern.modules.iter_mut().for_each(|(_, key)| *key = Key::Any);
        pattern
    }

    /// Whether it means an address.
    pub fn matches(&self, address: &InstanceAddress) -> bool {
        let block = &address.block;
        self.leads_to(&block.module)
            && self.block.as_ref().is_none_or(|own| {
                self.modules.len() == block.module.steps().len()
                    && (own.mode, &own.ty, &own.name) == (block.mode, &block.ty, &block.name)
                    && own.key.matches(&address.key)
            })
    }

    /// Whether its module is this one, or around it.
    pub fn leads_to(&self, module: &ModulePath) -> bool {
        let steps = module.steps();
        self.modules.len() <= steps.len()
            && self.modules.iter().zip(steps).all(|((name, key), step)| *name == step.name && key.matches(&step.key))
    }

    /// The smallest thing of its kind that an address is in: a module instance, a block, or an object.
    pub fn unit(&self, address: &InstanceAddress) -> Unit {
        let module = ModulePath::from(address.block.module.steps()[..self.modules.len()].to_vec());
        match &self.block {
            None => Unit::Module(module),
            Some(BlockPattern { key: Key::Any, .. }) => Unit::Block(address.block.clone()),
            Some(_) => Unit::Object(address.clone()),
        }
    }

    /// Whether it is of the other's kind, and some address is meant by both.
    pub fn meets(&self, other: &Self) -> bool {
        let block = match (&self.block, &other.block) {
            (None, None) => true,
            (Some(left), Some(right)) => {
                (left.mode, &left.ty, &left.name) == (right.mode, &right.ty, &right.name) && left.key.meets(&right.key)
            }
            _ => false,
        };
        block && self.modules.len() == other.modules.len() && meet(&self.modules, &other.modules)
    }

    /// Whether it means a part of what the other means.
    pub fn is_inside(&self, other: &Self) -> bool {
        let is_deeper = self.modules.len() > other.modules.len();
        if self.modules.len() < other.modules.len() || !meet(&self.modules, &other.modules) {
            return false;
        }
        match (&self.block, &other.block) {
            (_, None) if is_deeper => true,
            (Some(_), None) => true,
            (None, None) => self.modules.last().zip(other.modules.last()).is_some_and(|(l, r)| is_part(&l.1, &r.1)),
            (Some(left), Some(right)) => {
                !is_deeper
                    && (left.mode, &left.ty, &left.name) == (right.mode, &right.ty, &right.name)
                    && is_part(&left.key, &right.key)
            }
            (None, Some(_)) => false,
        }
    }
}

fn is_part(left: &Key, right: &Key) -> bool {
    matches!((left, right), (Key::Exact(_), Key::Any))
}

fn meet(left: &[(Arc<str>, Key)], right: &[(Arc<str>, Key)]) -> bool {
    left.iter().zip(right).all(|((left, key), (right, other))| left == right && key.meets(other))
}

/// What moves as one, or not at all.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Unit {
    /// A module instance.
    Module(ModulePath),
    /// A block of a module instance.
    Block(Arc<BlockAddress>),
    /// An object.
    Object(InstanceAddress),
}
