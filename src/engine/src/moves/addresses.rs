//! The addresses that a state uses while statements are followed: where each is now, and where it began.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::Arc;

use mesh_config::{ModuleTree, Repetition};
use mesh_value::{BlockAddress, InstanceAddress, InstanceKey, Mode};

use super::pattern::Unit;
use super::statement::Statement;
use crate::world::block_key;

/// What the blocks of an address are found by.
type Name = (Mode, Arc<str>, Arc<str>);

/// All addresses in use.
#[derive(Default)]
pub struct Addresses {
    /// Where each began, by where it is now.
    began: HashMap<InstanceAddress, InstanceAddress>,
    /// Where they are now, by type and name: most statements speak of one block.
    named: HashMap<Name, BTreeSet<InstanceAddress>>,
}

impl Addresses {
    /// Addresses that nothing has moved yet.
    pub fn new(all: impl Iterator<Item = InstanceAddress>) -> Self {
        let mut addresses = Self::default();
        addresses.extend(all);
        addresses
    }

    /// Adds addresses; those that are there stay once.
    pub fn extend(&mut self, all: impl Iterator<Item = InstanceAddress>) {
        for address in all {
            self.set(address.clone(), address);
        }
    }

    fn set(&mut self, now: InstanceAddress, began: InstanceAddress) {
        self.named.entry(block_key(&now.block)).or_default().insert(now.clone());
        self.began.insert(now, began);
    }

    fn take(&mut self, now: &InstanceAddress) -> Option<InstanceAddress> {
        if let Some(named) = self.named.get_mut(&block_key(&now.block)) {
            named.remove(now);
        }
        self.began.remove(now)
    }

    /// Moves what a statement speaks of. Answers what stays because something is where it would go: a module, block or
    /// object moves as one or not at all.
    pub fn follow(&mut self, statement: &Statement) -> Vec<(InstanceAddress, InstanceAddress)> {
        let mut pairs: Vec<(InstanceAddress, InstanceAddress)> = match &statement.from.block {
            Some(block) => {
                let name = (block.mode, block.ty.clone(), block.name.clone());
                let candidates = self.named.get(&name).into_iter().flatten();
                candidates.filter_map(|now| Some((now.clone(), statement.moved(now)?))).collect()
            }
            None => self.began.keys().filter_map(|now| Some((now.clone(), statement.moved(now)?))).collect(),
        };
        pairs.sort();
        let wanted: HashSet<Unit> = pairs.iter().map(|(_, to)| statement.to.unit(to)).collect();
        let taken: HashSet<Unit> = wanted.into_iter().filter(|unit| self.is_taken(unit)).collect();
        let (blocked, free): (Vec<_>, Vec<_>) =
            pairs.into_iter().partition(|(_, to)| taken.contains(&statement.to.unit(to)));
        for (from, to) in free {
            if let Some(began) = self.take(&from) {
                self.set(to, began);
            }
        }
        blocked
    }

    fn is_taken(&self, unit: &Unit) -> bool {
        match unit {
            Unit::Object(address) => self.began.contains_key(address),
            Unit::Block(block) => self.of_block(block).next().is_some(),
            Unit::Module(module) => self.began.keys().any(|now| module.contains(&now.block.module)),
        }
    }

    fn of_block<'a>(&'a self, block: &'a BlockAddress) -> impl Iterator<Item = &'a InstanceAddress> {
        let named = self.named.get(&block_key(block)).into_iter().flatten();
        named.filter(move |now| *now.block == *block)
    }

    /// Gives the object of a block that has `count` now the address `[0]`, and takes that from one that has it no more.
    pub fn follow_repetition(&mut self, root: &ModuleTree) {
        let mut pairs = Vec::new();
        for now in self.began.keys().filter(|now| matches!(now.key, InstanceKey::None | InstanceKey::Index(0))) {
            let tree = root.find(&now.block.module);
            let resource = tree.and_then(|tree| tree.module.resources.get(&block_key(&now.block)));
            let key = match (resource.map(|resource| &resource.repetition), &now.key) {
                (Some(Repetition::Count(_)), InstanceKey::None) => InstanceKey::Index(0),
                (Some(Repetition::Once | Repetition::Enabled(_)), InstanceKey::Index(0)) => InstanceKey::None,
                _ => continue,
            };
            let to = InstanceAddress { block: now.block.clone(), key };
            if !self.began.contains_key(&to) {
                pairs.push((now.clone(), to));
            }
        }
        for (from, to) in pairs {
            if let Some(began) = self.take(&from) {
                self.set(to, began);
            }
        }
    }

    /// Where everything that moved began, and where it is now.
    pub fn moved(self) -> HashMap<InstanceAddress, InstanceAddress> {
        self.began.into_iter().filter(|(now, began)| now != began).map(|(now, began)| (began, now)).collect()
    }
}
