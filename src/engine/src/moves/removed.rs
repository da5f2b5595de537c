//! What `removed` blocks say of objects that have no block any more.

use mesh_config::ModuleTree;
use mesh_value::InstanceAddress;

use super::pattern::Pattern;

/// All that leaves the state and stays on its platform.
pub(crate) struct Removals(Vec<Pattern>);

impl Removals {
    /// The `removed` blocks of all modules that say `destroy = false`.
    pub fn new(root: &ModuleTree) -> Self {
        let kept = root.walk().flat_map(|tree| {
            let blocks = tree.module.removed.iter().filter(|removed| !removed.destroy);
            blocks.map(|removed| Pattern::everything(&tree.path, &removed.from))
        });
        Self(kept.collect())
    }

    /// Whether an object stays where it is.
    pub fn keep(&self, address: &InstanceAddress) -> bool {
        self.0.iter().any(|pattern| pattern.matches(address))
    }
}
