//! What `usage` blocks declare, and what of it holds for one object: what is said of its address counts more than what
//! is said of its type, and each parameter for itself.

use std::collections::HashMap;
use std::sync::Arc;

use mesh_cost::declare;
use mesh_plan::Vertex;
use mesh_provider::cost::Usage;
use mesh_value::{InstanceAddress, InstanceKey, ModulePath, ModuleStep};

use super::Costed;
use crate::run::Run;

/// All `usage` blocks, by the module instance that they stand in.
#[derive(Debug, Default)]
pub(crate) struct UsageBlocks(HashMap<ModulePath, OfModule>);

/// The `usage` blocks of one module instance.
#[derive(Debug, Default)]
struct OfModule {
    types: HashMap<Arc<str>, Usage>,
    /// By type and name of what the label means.
    addresses: HashMap<(Arc<str>, Arc<str>), Vec<OfAddress>>,
}

/// An address relative to a module, and what is declared of it.
type OfAddress = (InstanceAddress, Usage);

impl UsageBlocks {
    /// Sets what a block declares.
    fn declare(&mut self, module: &ModulePath, label: &Arc<str>, usage: Usage) {
        let of_module = self.0.entry(module.clone()).or_default();
        let Some(address) = label.contains('.').then(|| label.parse::<InstanceAddress>().ok()).flatten() else {
            of_module.types.insert(label.clone(), usage);
            return;
        };
        let key = (address.block.ty.clone(), address.block.name.clone());
        let same = of_module.addresses.entry(key).or_default();
        same.retain(|(other, _)| *other != address);
        same.push((address, usage));
        // What names instances says more of them than what names all.
        same.sort_by_key(|(address, _)| keys(address));
    }

    /// Tells each object what they say of it.
    pub(super) fn tell(&self, objects: &mut [Costed]) {
        if self.0.is_empty() {
            return;
        }
        let mut modules: HashMap<ModulePath, Around<'_>> = HashMap::new();
        for object in objects {
            let module = &object.address.block.module;
            if !modules.contains_key(module) {
                modules.insert(module.clone(), self.around(module));
            }
            object.usage = modules.get(module).map(|around| around.of(&object.address)).unwrap_or_default();
        }
    }

    /// What they say of one object.
    pub(super) fn of(&self, address: &InstanceAddress) -> Usage {
        self.around(&address.block.module).of(address)
    }

    /// What they say of the objects of a module instance, for many questions.
    fn around(&self, module: &ModulePath) -> Around<'_> {
        if self.0.is_empty() {
            return Around(Vec::new());
        }
        let mut path = ModulePath::root();
        let mut found: Vec<(usize, &OfModule)> = self.0.get(&path).map(|root| (0, root)).into_iter().collect();
        for (depth, step) in module.steps().iter().enumerate() {
            path = path.child(step.name.clone(), step.key.clone());
            found.extend(self.0.get(&path).map(|of_module| (depth + 1, of_module)));
        }
        Around(found)
    }
}

/// The `usage` blocks around the objects of a module instance: of each module that has some, from the root on, with the
/// number of steps that lead to it.
struct Around<'a>(Vec<(usize, &'a OfModule)>);

impl Around<'_> {
    /// What holds for an object of the module. Of types the innermost module says more, of addresses the outermost one:
    /// who calls a module knows what it is used for.
    fn of(&self, address: &InstanceAddress) -> Usage {
        let mut usage = Usage::default();
        let mut take = |declared: &Usage| {
            usage.0.extend(declared.0.iter().map(|(name, quantity)| (name.clone(), quantity.clone())));
        };
        for (_, of_module) in &self.0 {
            of_module.types.get(&address.block.ty).into_iter().for_each(&mut take);
        }
        let key = (address.block.ty.clone(), address.block.name.clone());
        for (depth, of_module) in self.0.iter().rev() {
            let inner = address.block.module.steps().get(*depth..).unwrap_or_default();
            for (label, declared) in of_module.addresses.get(&key).into_iter().flatten() {
                if means(label, inner, &address.key) {
                    take(declared);
                }
            }
        }
        usage
    }
}

/// Whether a label means an object, by the steps that lead to it from the label's module.
fn means(label: &InstanceAddress, inner: &[ModuleStep], key: &InstanceKey) -> bool {
    let is_open = |wanted: &InstanceKey, key: &InstanceKey| *wanted == InstanceKey::None || wanted == key;
    let steps = label.block.module.steps();
    steps.len() == inner.len()
        && steps.iter().zip(inner).all(|(wanted, step)| wanted.name == step.name && is_open(&wanted.key, &step.key))
        && is_open(&label.key, key)
}

/// How many instances an address picks out.
fn keys(address: &InstanceAddress) -> usize {
    let steps = address.block.module.steps().iter().map(|step| &step.key);
    steps.chain([&address.key]).filter(|key| **key != InstanceKey::None).count()
}

impl Run<'_> {
    /// Evaluates a `usage` block of a module instance, and keeps what it declares.
    pub(crate) fn usage(&self, module: &ModulePath, label: &Arc<str>) {
        let Some(tree) = self.inputs.tree.find(module) else { return };
        let Some(block) = tree.module.cost.usage.get(label) else { return };
        let names = block.body.attributes.iter().map(|attribute| attribute.name.text.as_ref());
        let (vertex, schema) = (Vertex::Usage(module.clone(), label.clone()), declare::usage::schema(names));
        match self.read_block(&vertex, module, block, &schema, declare::usage::read) {
            Some(Ok(usage)) => self.progress.borrow_mut().usage.declare(module, label, usage),
            Some(Err(diagnostics)) => diagnostics.into_iter().for_each(|diagnostic| self.report(diagnostic)),
            None => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use mesh_provider::cost::Quantity;

    use super::*;

    /// Module, label and parameters of a block.
    type Declared<'a> = (&'a str, &'a str, &'a [(&'a str, i64)]);

    fn blocks(declared: &[Declared<'_>]) -> UsageBlocks {
        let mut blocks = UsageBlocks::default();
        for (module, label, parameters) in declared {
            let usage = parameters.iter().map(|(name, number)| (Arc::from(*name), Quantity::exactly(*number)));
            let module = if module.is_empty() { ModulePath::root() } else { module.parse().unwrap() };
            blocks.declare(&module, &Arc::from(*label), Usage(usage.collect()));
        }
        blocks
    }

    fn of(blocks: &UsageBlocks, address: &str) -> Vec<(String, String)> {
        let address: InstanceAddress = address.parse().unwrap();
        let usage = blocks.of(&address);
        usage.0.iter().map(|(name, quantity)| (name.to_string(), quantity.interval.to_string())).collect()
    }

    fn expect(parameters: &[(&str, &str)]) -> Vec<(String, String)> {
        parameters.iter().map(|(name, number)| ((*name).to_owned(), (*number).to_owned())).collect()
    }

    #[test]
    fn of_types_the_innermost_module_holds_and_of_addresses_the_outermost() {
        let types = blocks(&[("", "t_b", &[("gb", 1), ("requests", 1)]), ("module.a", "t_b", &[("gb", 2)])]);
        assert_eq!(of(&types, "module.a.t_b.x"), expect(&[("gb", "2"), ("requests", "1")]));
        assert_eq!(of(&types, "module.b.t_b.x"), expect(&[("gb", "1"), ("requests", "1")]));
        assert_eq!(of(&types, "t_other.x"), expect(&[]));
        let addresses = blocks(&[
            ("", "module.a.t_b.x", &[("gb", 1)]),
            ("module.a", "t_b.x", &[("gb", 2), ("requests", 2)]),
            ("module.a", "t_b", &[("gb", 3), ("requests", 3), ("runs", 3)]),
        ]);
        let expected = expect(&[("gb", "1"), ("requests", "2"), ("runs", "3")]);
        assert_eq!(of(&addresses, "module.a.t_b.x"), expected);
        assert_eq!(of(&addresses, "t_b.x"), expect(&[]));
    }

    #[test]
    fn a_label_without_keys_means_all_instances_and_one_with_keys_says_more() {
        let declared = blocks(&[
            ("", "module.a[\"k\"].t_b.x", &[("gb", 3)]),
            ("", "module.a.t_b.x", &[("gb", 1)]),
            ("", "module.a[\"k\"].t_b.x[0]", &[("gb", 4)]),
        ]);
        assert_eq!(of(&declared, "module.a[\"j\"].t_b.x[0]"), expect(&[("gb", "1")]));
        assert_eq!(of(&declared, "module.a[\"k\"].t_b.x[1]"), expect(&[("gb", "3")]));
        assert_eq!(of(&declared, "module.a[\"k\"].t_b.x[0]"), expect(&[("gb", "4")]));
    }

    #[test]
    fn blocks_of_one_instance_of_a_module_say_nothing_of_another() {
        let declared = blocks(&[("module.a[0]", "t_b", &[("gb", 5)])]);
        assert_eq!(of(&declared, "module.a[0].module.c.t_b.x"), expect(&[("gb", "5")]));
        assert_eq!(of(&declared, "module.a[1].t_b.x"), expect(&[]));
    }
}
